//! Values as they travel.

use obkit_codegen::spec::{Location, Parameter, is_json};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

/// Everything but the unreserved characters (RFC 3986, section 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Writes a value as the name-value pairs that travel. Values are percent-encoded except in headers; paths and headers
/// have exactly one pair.
#[must_use]
pub fn encode(parameter: &Parameter, value: &Value) -> Vec<(String, String)> {
    let escape = |text: &str| match parameter.location {
        Location::Path | Location::Query | Location::Cookie => self::escape(text),
        Location::Header => text.to_owned(),
    };
    let text = |value: &Value| escape(&plain(value));
    let name = escape(&parameter.name);
    let one = |value: String| vec![(name.clone(), value)];
    if parameter.content.as_deref().is_some_and(is_json) {
        return one(escape(&value.to_string()));
    }
    let (first, separator, named) = match (parameter.location, parameter.style.as_str()) {
        (Location::Path, "label") => (".", if parameter.explode { "." } else { "," }, false),
        (Location::Path, "matrix") => (";", if parameter.explode { ";" } else { "," }, true),
        (Location::Header, "spaceDelimited") => ("", " ", false),
        (Location::Header, "pipeDelimited") => ("", "|", false),
        (Location::Header, "tabDelimited") => ("", "\t", false),
        (_, "spaceDelimited") => ("", "%20", false),
        (_, "pipeDelimited") => ("", "%7C", false),
        (_, "tabDelimited") => ("", "%09", false),
        _ => ("", ",", false),
    };
    let is_spread = parameter.explode && matches!(parameter.location, Location::Query | Location::Cookie);
    let own = |value: &str| if named { format!("{name}={value}") } else { value.to_owned() };
    match value {
        Value::Object(_) if parameter.style == "deepObject" => {
            let mut pairs = Vec::new();
            deep(&parameter.name, value, &mut |name, value| pairs.push((escape(name), text(value))));
            pairs
        }
        Value::Array(items) if is_spread => items.iter().flat_map(|item| one(text(item))).collect(),
        Value::Object(members) if is_spread => {
            members.iter().map(|(name, value)| (escape(name), text(value))).collect()
        }
        Value::Array(items) if parameter.explode => {
            one(first.to_owned() + &items.iter().map(|item| own(&text(item))).collect::<Vec<_>>().join(separator))
        }
        Value::Array(items) => {
            one(first.to_owned() + &own(&items.iter().map(text).collect::<Vec<_>>().join(separator)))
        }
        Value::Object(members) => {
            let inner = if parameter.explode { "=" } else { separator };
            let pairs: Vec<_> =
                members.iter().map(|(name, value)| format!("{}{inner}{}", escape(name), text(value))).collect();
            let joined = pairs.join(separator);
            one(first.to_owned() + &if parameter.explode { joined } else { own(&joined) })
        }
        _ => one(first.to_owned() + &own(&text(value))),
    }
}

/// `name[member]` of each leaf; a list repeats its name.
fn deep<'v>(name: &str, value: &'v Value, leaf: &mut impl FnMut(&str, &'v Value)) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(member, value)| deep(&format!("{name}[{member}]"), value, leaf));
        }
        Value::Array(items) => items.iter().for_each(|item| leaf(name, item)),
        _ => leaf(name, value),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A text as it stands in a path, a query or a cookie.
pub(crate) fn escape(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}
