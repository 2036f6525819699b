//! Bodies of named parts (RFC 7578).

use obkit_codegen::Document;
use obkit_codegen::load::escape_token;
use obkit_codegen::spec::{Content, is_json};
use serde_json::{Map, Value};

use super::{Malformed, properties};
use crate::parameter::{Members, coerce};
use crate::{json, media_type, pointer};

/// The named parts of a body as an object; what is not text is read as if it were.
pub(crate) fn parts(
    document: &Document,
    content: &Content,
    content_type: &str,
    body: &[u8],
) -> Result<Value, Malformed> {
    let parameters = media_type::parameters(content_type);
    let boundary = parameters.iter().find(|(name, value)| name == "boundary" && !value.is_empty());
    let Some((_, boundary)) = boundary else {
        return Err(Malformed::body("the media type names no boundary"));
    };
    let text = format!("\r\n{}", String::from_utf8_lossy(body));
    let properties = properties(document, content);
    let members = Members::of_schema(document, content.schema.as_deref().and_then(|schema| document.at(schema)));
    let mut object = Map::new();
    for part in between(&text, &format!("\r\n--{boundary}"))? {
        let part = Part::read(part).ok_or_else(|| Malformed::body("a part has no name"))?;
        let schema = properties.iter().find(|property| property.name == part.name).map(|property| property.schema);
        let encoding = document.at(&format!("{}/encoding/{}/contentType", content.pointer, escape_token(&part.name)));
        let documented = encoding.and_then(Value::as_str);
        if let (Some(documented), Some(sent)) = (documented, &part.media_type)
            && !media_type::is_listed(documented, sent)
        {
            return Err(Malformed::member(
                "contentType",
                &part.name,
                "the part is of a media type that is not documented",
            ));
        }
        let items = schema.and_then(|schema| pointer::resolved(document, schema)?.get("items"));
        let value = match &part.media_type {
            Some(media_type) if is_json(media_type) => json::read(part.content.as_bytes())
                .map_err(|error| Malformed::member("json", &part.name, &json::complaint(&error)))?,
            _ => match items.or(schema) {
                Some(schema) => coerce(document, &[schema], part.content.to_owned()),
                None => coerce(document, &members.of(&part.name), part.content.to_owned()),
            },
        };
        // Only the first may be a list of its own; several parts of one name are a list.
        match object.get_mut(&part.name) {
            Some(Value::Array(known)) => known.push(value),
            Some(known) => {
                let first = known.take();
                *known = Value::Array(vec![first, value]);
            }
            None if items.is_some() && !value.is_array() => drop(object.insert(part.name, Value::Array(vec![value]))),
            None => drop(object.insert(part.name, value)),
        }
    }
    Ok(Value::Object(object))
}

/// What stands between delimiters; the last of them ends with two hyphens (RFC 2046, section 5.1.1).
fn between<'t>(text: &'t str, delimiter: &str) -> Result<Vec<&'t str>, Malformed> {
    let mut parts = Vec::new();
    let (mut start, mut from) = (None, 0);
    while let Some(found) = text[from..].find(delimiter) {
        let at = from + found;
        let after = &text[at + delimiter.len()..];
        let line = after.trim_start_matches([' ', '\t']);
        let is_last = after.starts_with("--");
        if is_last || line.starts_with("\r\n") {
            parts.extend(start.map(|start: usize| &text[start..at]));
            if is_last {
                return Ok(parts);
            }
            start = Some(text.len() - line.len());
        }
        // The line break that ends a delimiter may begin the next one.
        from = at + delimiter.len();
    }
    Err(Malformed::body("the body does not end with its boundary"))
}

struct Part<'t> {
    name: String,
    media_type: Option<String>,
    content: &'t str,
}

impl<'t> Part<'t> {
    /// Reads what follows a delimiter: header fields, an empty line, content.
    fn read(text: &'t str) -> Option<Self> {
        let (head, content) = text.split_once("\r\n\r\n")?;
        let field = |wanted: &str| {
            let mut fields = head.lines().filter_map(|line| line.split_once(':'));
            fields.find(|(name, _)| name.trim().eq_ignore_ascii_case(wanted)).map(|(_, value)| value.trim())
        };
        let disposition = media_type::parameters(field("content-disposition")?);
        let name = disposition.into_iter().find(|(name, _)| name == "name")?.1;
        Some(Self { name, media_type: field("content-type").map(str::to_owned), content })
    }
}
