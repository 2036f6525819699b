//! Request bodies that are not JSON: forms, parts and bytes as values.

use obkit_codegen::Document;
use obkit_codegen::load::escape_token;
use obkit_codegen::spec::{Content, Location, Parameter, is_json};
use serde_json::{Map, Value};

use crate::parameter::{Codec, Query, coerce};
use crate::pointer;

/// A form as an object: each member is read in the style that its `encoding` states, or else as OpenAPI 3.0.3 has it
/// by default.
pub(crate) fn form(document: &Document, content: &Content, body: &[u8]) -> Value {
    let query = Query::parse(&String::from_utf8_lossy(body));
    let mut object = Map::new();
    let mut claimed = Vec::new();
    for property in properties(document, content) {
        let parameter = property.as_parameter(document, content);
        let codec = Codec::new(document, &parameter);
        claimed.extend(query.names().filter(|name| codec.claims(name)).map(str::to_owned));
        if let Some(value) = codec.from_query(&query) {
            object.insert(property.name.to_owned(), value);
        }
    }
    for (name, text) in query.pairs().filter(|(name, _)| !claimed.iter().any(|known| known == name)) {
        object.insert(name.to_owned(), coerce(document, None, text));
    }
    Value::Object(object)
}

/// The named parts of a body as an object; what is not text is read as if it were.
pub(crate) fn parts(document: &Document, content: &Content, media_type: &str, body: &[u8]) -> Option<Value> {
    let boundary = media_type.split(';').find_map(|part| part.trim().strip_prefix("boundary="))?;
    let text = String::from_utf8_lossy(body);
    let properties = properties(document, content);
    let mut object = Map::new();
    for part in format!("\r\n{text}").split(&format!("\r\n--{}", boundary.trim_matches('"'))).skip(1) {
        let Some((head, content)) = part.strip_prefix("\r\n").and_then(|part| part.split_once("\r\n\r\n")) else {
            continue;
        };
        let name = head.split("; name=\"").nth(1)?.split('"').next()?;
        let schema = properties.iter().find(|property| property.name == name).map(|property| property.schema);
        let items = schema.and_then(|schema| pointer::resolved(document, schema)?.get("items"));
        let is_part_json = head.lines().any(|line| {
            line.split_once(':')
                .is_some_and(|(key, value)| key.eq_ignore_ascii_case("content-type") && is_json(value.trim()))
        });
        let value = match serde_json::from_str(content) {
            Ok(value) if is_part_json => value,
            _ => coerce(document, items.or(schema), content.to_owned()),
        };
        match object.get_mut(name) {
            Some(Value::Array(known)) => known.push(value),
            _ if items.is_some() => drop(object.insert(name.to_owned(), Value::Array(vec![value]))),
            _ => drop(object.insert(name.to_owned(), value)),
        }
    }
    Some(Value::Object(object))
}

struct Property<'d> {
    name: &'d str,
    pointer: String,
    schema: &'d Value,
}

fn properties<'d>(document: &'d Document, content: &Content) -> Vec<Property<'d>> {
    let at = content.schema.as_deref().and_then(|schema| pointer::resolved_pointer(document, schema));
    let at = at.map(|at| format!("{at}/properties")).unwrap_or_default();
    let listed = document.at(&at).and_then(Value::as_object).into_iter().flatten();
    let property = |(name, schema): (&'d String, &'d Value)| Property {
        name,
        pointer: format!("{at}/{}", escape_token(name)),
        schema,
    };
    listed.map(property).collect()
}

impl Property<'_> {
    /// A member of a form travels as a parameter of a query does.
    fn as_parameter(&self, document: &Document, content: &Content) -> Parameter {
        let encoding = document.at(&format!("{}/encoding/{}", content.pointer, escape_token(self.name)));
        let stated = |key: &str| encoding?.get(key);
        let schema = pointer::resolved(document, self.schema);
        let is_object =
            schema.is_some_and(|s| s.get("type") == Some(&"object".into()) || s.get("properties").is_some());
        let style = stated("style").and_then(Value::as_str);
        let explode = stated("explode").and_then(Value::as_bool);
        let json = match stated("contentType").and_then(Value::as_str) {
            _ if style.is_some() || explode.is_some() => None,
            Some(media_type) => Some(media_type).filter(|media_type| is_json(media_type)),
            None => is_object.then_some("application/json"),
        };
        Parameter {
            name: self.name.to_owned(),
            location: Location::Query,
            required: false,
            pointer: self.pointer.clone(),
            schema: Some(self.pointer.clone()),
            content: json.map(str::to_owned),
            style: style.unwrap_or("form").to_owned(),
            explode: explode.unwrap_or(style.is_none_or(|style| style == "form")),
            example: None,
        }
    }
}
