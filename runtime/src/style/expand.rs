//! Expansion: a value as the pieces of a path segment, a query, a header, a cookie or a form.

use serde_json::value::RawValue;

use super::json::{Value, text};
use super::{Escape, Shape, Style};

/// The pieces of a value, which the separator of the style then joins.
pub(super) fn pieces(style: Style, name: &str, json: &RawValue, escape: Escape) -> serde_json::Result<Vec<String>> {
    let writer = Writer { style, name: escape.name(name), escape };
    match style.shape {
        Shape::Json if json.get() == "null" => Ok(Vec::new()),
        Shape::Json => Ok(vec![writer.named(&writer.value(json.get()), escape != Escape::Path)]),
        Shape::DeepObject => {
            let mut pieces = Vec::new();
            writer.deep(name, json, &mut pieces)?;
            Ok(pieces)
        }
        _ => writer.expand(json),
    }
}

struct Writer {
    style: Style,
    name: String,
    escape: Escape,
}

impl Writer {
    fn expand(&self, json: &RawValue) -> serde_json::Result<Vec<String>> {
        let is_named = match self.style.shape {
            Shape::Simple | Shape::Label | Shape::DeepObject | Shape::Json => false,
            // In a path, what stands there is the value.
            Shape::SpaceDelimited | Shape::PipeDelimited | Shape::TabDelimited => self.escape != Escape::Path,
            Shape::Form | Shape::Matrix => true,
        };
        Ok(match Value::read(json)? {
            Value::Null => Vec::new(),
            Value::Text(text) => vec![self.named(&self.value(&text), is_named)],
            Value::List(items) => {
                let items: Vec<String> =
                    items.into_iter().filter_map(|item| self.item(item).transpose()).collect::<Result<_, _>>()?;
                match self.style.explode {
                    _ if items.is_empty() => Vec::new(),
                    true => items.iter().map(|item| self.named(item, is_named)).collect(),
                    false => vec![self.named(&items.join(self.delimiter()), is_named)],
                }
            }
            Value::Object(members) => {
                let mut pairs = Vec::new();
                for (name, member) in members {
                    if let Some(value) = self.item(member)? {
                        pairs.push((self.value(&name), value));
                    }
                }
                match self.style.explode {
                    _ if pairs.is_empty() => Vec::new(),
                    true => pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect(),
                    false => {
                        let delimiter = self.delimiter();
                        let flat: Vec<_> = pairs.into_iter().map(|(name, value)| name + delimiter + &value).collect();
                        vec![self.named(&flat.join(delimiter), is_named)]
                    }
                }
            }
        })
    }

    /// What stands between the items of a list that is not exploded.
    fn delimiter(&self) -> &'static str {
        match (self.style.shape, self.escape) {
            (Shape::SpaceDelimited, Escape::Header) => " ",
            (Shape::PipeDelimited, Escape::Header) => "|",
            (Shape::TabDelimited, Escape::Header) => "\t",
            (Shape::SpaceDelimited, _) => "%20",
            (Shape::PipeDelimited, _) => "%7C",
            (Shape::TabDelimited, _) => "%09",
            _ => ",",
        }
    }

    fn value(&self, text: &str) -> String {
        self.escape.value(text, self.style.reserved)
    }

    fn item(&self, json: &RawValue) -> serde_json::Result<Option<String>> {
        Ok(text(json)?.map(|text| self.value(&text)))
    }

    /// A value with its name before it. `matrix` writes an empty value as the bare name.
    fn named(&self, value: &str, is_named: bool) -> String {
        let name = &self.name;
        match (is_named && self.escape != Escape::Header, self.style.shape, value) {
            (false, _, _) => value.to_owned(),
            (true, Shape::Matrix, "") => name.clone(),
            (true, _, _) => format!("{name}={value}"),
        }
    }

    /// `name[member]=value`, as deep as objects go; a list repeats its name.
    fn deep(&self, name: &str, json: &RawValue, pieces: &mut Vec<String>) -> serde_json::Result<()> {
        let mut push = |value: String| pieces.push(format!("{}={}", self.escape.name(name), self.value(&value)));
        match Value::read(json)? {
            Value::Null => {}
            Value::Text(text) => push(text),
            Value::List(items) => {
                for item in items {
                    text(item)?.into_iter().for_each(&mut push);
                }
            }
            Value::Object(members) => {
                for (member, value) in members {
                    self.deep(&format!("{name}[{member}]"), value, pieces)?;
                }
            }
        }
        Ok(())
    }
}
