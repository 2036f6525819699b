//! Bodies as the values that their schemas are about.

mod multipart;

use std::collections::HashSet;

use obkit_codegen::Document;
use obkit_codegen::load::escape_token;
use obkit_codegen::spec::{Content, Location, Parameter, essence, is_json};
use serde_json::{Map, Value};

pub(crate) use self::multipart::parts;
use crate::parameter::{Codec, Members, Query, Unreadable, coerce, unescape};
use crate::{json, pointer};

/// Why a body stands for no value.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Malformed {
    /// What is wrong with a member, as a word for the ids of rules; none when the body as a whole is wrong.
    pub(crate) member: Option<(&'static str, String)>,
    /// What is wrong, without the values.
    pub(crate) message: String,
}

impl Malformed {
    fn body(message: &str) -> Self {
        Self { member: None, message: message.to_owned() }
    }

    fn member(rule: &'static str, name: &str, message: &str) -> Self {
        Self { member: Some((rule, name.to_owned())), message: message.to_owned() }
    }

    fn unreadable(name: &str, error: Unreadable) -> Self {
        Self::member(error.as_str(), name, &error.to_string())
    }
}

/// The value of a body of a media type, which is not always that of its content to the letter; none where bytes mean nothing to a schema.
pub(crate) fn read(
    document: &Document,
    content: &Content,
    media_type: &str,
    body: &[u8],
) -> Result<Option<Value>, Malformed> {
    let value = if is_json(media_type) {
        json::read(body).map_err(|error| Malformed::body(&json::complaint(&error)))?
    } else if content.is_form() {
        form(document, content, body)?
    } else if content.is_multipart() {
        parts(document, content, media_type, body)?
    } else if essence(media_type).starts_with("text/") {
        let schema = content.schema.as_deref().and_then(|schema| document.at(schema));
        coerce(document, schema.as_slice(), String::from_utf8_lossy(body).into_owned())
    } else {
        return Ok(None);
    };
    Ok(Some(value))
}

/// A form as an object: each member is read in the style that its `encoding` states, or else as OpenAPI 3.0.3 has it
/// by default.
pub(crate) fn form(document: &Document, content: &Content, body: &[u8]) -> Result<Value, Malformed> {
    let text = std::str::from_utf8(body).map_err(|_| Malformed::body("the form is not UTF-8"))?;
    let query = Query::parse(text);
    let mut object = Map::new();
    let mut claimed = HashSet::new();
    for property in properties(document, content) {
        let parameter = property.as_parameter(document, content);
        let codec = Codec::new(document, &parameter);
        claimed.extend(query.names().filter(|name| codec.claims(name)));
        let read = codec.from_query(&query).map_err(|error| Malformed::unreadable(property.name, error))?;
        if let Some(value) = read {
            object.insert(property.name.to_owned(), value);
        }
    }
    let members = Members::of_schema(document, content.schema.as_deref().and_then(|schema| document.at(schema)));
    for (name, raw) in query.pairs().filter(|(name, _)| !claimed.contains(name)) {
        let text = unescape(raw).map_err(|error| Malformed::unreadable(name, error))?;
        if object.insert(name.to_owned(), coerce(document, &members.of(name), text)).is_some() {
            return Err(Malformed::unreadable(name, Unreadable::Repeated));
        }
    }
    Ok(Value::Object(object))
}

struct Property<'d> {
    name: &'d str,
    pointer: String,
    schema: &'d Value,
}

fn properties<'d>(document: &'d Document, content: &Content) -> Vec<Property<'d>> {
    let mut properties = Vec::new();
    if let Some(schema) = &content.schema {
        collect(document, schema, MAX_DEPTH, &mut properties);
    }
    properties
}

/// How many references and branches are looked through.
const MAX_DEPTH: usize = 8;

/// The properties of a schema and of what it includes by `allOf`; of several of one name the first.
fn collect<'d>(document: &'d Document, schema: &str, depth: usize, properties: &mut Vec<Property<'d>>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    let Some(at) = pointer::resolved_pointer(document, schema) else { return };
    let Some(schema) = document.at(&at) else { return };
    for (name, schema) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        if !properties.iter().any(|known| known.name == name) {
            properties.push(Property { name, pointer: format!("{at}/properties/{}", escape_token(name)), schema });
        }
    }
    for index in 0..schema.get("allOf").and_then(Value::as_array).map_or(0, Vec::len) {
        collect(document, &format!("{at}/allOf/{index}"), depth, properties);
    }
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
