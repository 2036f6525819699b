//! Parameters as they travel: text in paths, queries and headers, and the values it stands for.
//!
//! `style` and `explode` say how arrays and objects become text. Text has no types; it is read as
//! the type that the parameter's schema asks for, and stays text when it is not of that type, so
//! that the schema rejects it.

use obkit_codegen::Document;
use obkit_codegen::spec::{Location, Parameter};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::{Map, Number, Value};

use crate::pointer;

/// Everything but the unreserved characters (RFC 3986, section 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A query string in pieces: names decoded, values as they travel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Reads the part of a URL after the `?`.
    #[must_use]
    pub fn parse(raw: &str) -> Self {
        let pair = |piece: &str| {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            (unescape(name), value.to_owned())
        };
        Self(raw.split('&').filter(|piece| !piece.is_empty()).map(pair).collect())
    }

    /// The names, each as often as it occurs.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// The first value of a name, decoded.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<String> {
        self.values(name).next().map(unescape)
    }

    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, String)> {
        self.0.iter().map(|(name, value)| (name.as_str(), unescape(value)))
    }

    fn values<'q>(&'q self, name: &'q str) -> impl Iterator<Item = &'q str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Decodes a piece of a query: `+` is a space there.
fn unescape(text: &str) -> String {
    decoded(&text.replace('+', " "))
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// What a value is made of, as its schema has it.
enum Shape<'d> {
    Primitive,
    Array(Option<&'d Value>),
    Object(Vec<(&'d str, &'d Value)>),
}

/// How the text of one parameter is read.
pub struct Codec<'d> {
    document: &'d Document,
    parameter: &'d Parameter,
    schema: Option<&'d Value>,
    shape: Shape<'d>,
}

impl<'d> Codec<'d> {
    /// Prepares the reading of a parameter.
    #[must_use]
    pub fn new(document: &'d Document, parameter: &'d Parameter) -> Self {
        let schema = parameter.schema.as_deref().and_then(|at| document.at(at));
        let shape = schema.map_or(Shape::Primitive, |schema| shape(document, schema));
        Self { document, parameter, schema, shape }
    }

    /// Whether a name in the query belongs to this parameter.
    #[must_use]
    pub fn claims(&self, name: &str) -> bool {
        if self.parameter.location != Location::Query {
            return false;
        }
        let own = self.parameter.name.as_str();
        match (&self.shape, self.parameter.style.as_str()) {
            (Shape::Object(_), "deepObject") => bracketed(own, name).is_some(),
            // A spread object that is open takes every name.
            (Shape::Object(properties), "form") if self.parameter.explode => {
                properties.is_empty() || properties.iter().any(|(property, _)| *property == name)
            }
            _ => own == name,
        }
    }

    /// Reads the value from a query; none when it is absent.
    #[must_use]
    pub fn from_query(&self, query: &Query) -> Option<Value> {
        let Parameter { name, style, explode, .. } = self.parameter;
        match (&self.shape, style.as_str()) {
            (Shape::Object(properties), "deepObject") => self.object(
                properties,
                query.pairs().filter_map(|(key, value)| Some((bracketed(name, key)?.to_owned(), value))),
            ),
            (Shape::Object(properties), _) if *explode => {
                let declared =
                    |key: &str| properties.is_empty() || properties.iter().any(|(property, _)| *property == key);
                self.object(
                    properties,
                    query.pairs().filter(|(key, _)| declared(key)).map(|(key, value)| (key.to_owned(), value)),
                )
            }
            (Shape::Array(items), _) if *explode => {
                let values: Vec<_> = query.values(name).map(|raw| self.coerce(*items, unescape(raw))).collect();
                (!values.is_empty()).then_some(Value::Array(values))
            }
            _ => {
                let raw = query.values(name).next()?;
                // Separators are told apart from data before anything is decoded.
                let raw = match style.as_str() {
                    "spaceDelimited" => raw.replace("%20", ",").replace('+', ","),
                    "pipeDelimited" => raw.replace("%7C", ",").replace("%7c", ",").replace('|', ","),
                    _ => raw.to_owned(),
                };
                Some(self.separated(&raw, unescape))
            }
        }
    }

    /// Reads the value from a path segment, still percent-encoded.
    #[must_use]
    pub fn from_path(&self, raw: &str) -> Value {
        self.separated(raw, decoded)
    }

    /// Reads the value from a header or a cookie.
    #[must_use]
    pub fn from_header(&self, text: &str) -> Value {
        self.separated(text, |piece| piece.trim().to_owned())
    }

    fn separated(&self, raw: &str, decode: impl Fn(&str) -> String) -> Value {
        match &self.shape {
            Shape::Primitive => self.coerce(self.schema, decode(raw)),
            Shape::Array(_) if raw.is_empty() => Value::Array(Vec::new()),
            Shape::Array(items) => raw.split(',').map(|piece| self.coerce(*items, decode(piece))).collect(),
            Shape::Object(properties) => {
                let pieces: Vec<_> = raw.split(',').collect();
                let pairs: Vec<_> = if self.parameter.explode {
                    pieces
                        .iter()
                        .filter_map(|piece| piece.split_once('='))
                        .map(|(k, v)| (decode(k), decode(v)))
                        .collect()
                } else {
                    pieces.chunks_exact(2).map(|pair| (decode(pair[0]), decode(pair[1]))).collect()
                };
                self.object(properties, pairs.into_iter()).unwrap_or_else(|| Value::Object(Map::new()))
            }
        }
    }

    fn object(
        &self,
        properties: &[(&'d str, &'d Value)],
        pairs: impl Iterator<Item = (String, String)>,
    ) -> Option<Value> {
        let mut object = Map::new();
        for (name, text) in pairs {
            let schema = properties.iter().find(|(property, _)| *property == name).map(|(_, schema)| *schema);
            object.insert(name, self.coerce(schema, text));
        }
        (!object.is_empty()).then_some(Value::Object(object))
    }

    fn coerce(&self, schema: Option<&Value>, text: String) -> Value {
        coerce(self.document, schema, text)
    }
}

/// Reads text as the type that a schema asks for.
pub(crate) fn coerce(document: &Document, schema: Option<&Value>, text: String) -> Value {
    let mut types = Vec::new();
    if let Some(schema) = schema {
        collect_types(document, schema, &mut types, 8);
    }
    let asks = |kind: &str| types.contains(&kind);
    let number = || serde_json::from_str::<Number>(&text).ok().map(Value::Number);
    let read = match text.as_str() {
        "true" | "false" if asks("boolean") => Some(Value::Bool(text == "true")),
        _ if asks("integer") || asks("number") => number(),
        _ => None,
    };
    read.unwrap_or(Value::String(text))
}

fn collect_types<'d>(document: &'d Document, schema: &'d Value, types: &mut Vec<&'d str>, depth: usize) {
    let (Some(schema), Some(depth)) = (pointer::resolved(document, schema), depth.checked_sub(1)) else { return };
    match schema.get("type") {
        Some(Value::String(kind)) => return types.push(kind),
        Some(Value::Array(kinds)) => {
            return types.extend(kinds.iter().filter_map(Value::as_str).filter(|kind| *kind != "null"));
        }
        _ => {}
    }
    let branches = ["allOf", "oneOf", "anyOf"].iter().filter_map(|keyword| schema.get(keyword)?.as_array()).flatten();
    for branch in branches {
        collect_types(document, branch, types, depth);
    }
}

fn shape<'d>(document: &'d Document, schema: &'d Value) -> Shape<'d> {
    let mut types = Vec::new();
    collect_types(document, schema, &mut types, 8);
    match types.first() {
        Some(&"array") => Shape::Array(member(document, schema, "items")),
        Some(&"object") => {
            let properties = member(document, schema, "properties").and_then(Value::as_object);
            Shape::Object(properties.into_iter().flatten().map(|(name, schema)| (name.as_str(), schema)).collect())
        }
        _ => Shape::Primitive,
    }
}

/// A member of a schema, or of the first branch of its `allOf` that has it.
fn member<'d>(document: &'d Document, schema: &'d Value, name: &str) -> Option<&'d Value> {
    let schema = pointer::resolved(document, schema)?;
    schema.get(name).or_else(|| {
        let branches = schema.get("allOf")?.as_array()?;
        branches.iter().find_map(|branch| pointer::resolved(document, branch)?.get(name))
    })
}

/// `colour` of `filter[colour]`.
fn bracketed<'n>(parameter: &str, name: &'n str) -> Option<&'n str> {
    name.strip_prefix(parameter)?.strip_prefix('[')?.strip_suffix(']')
}

/// Writes a value as the name-value pairs that travel. Path and query values are percent-encoded,
/// header values are not; paths and headers have exactly one pair.
#[must_use]
pub fn encode(parameter: &Parameter, value: &Value) -> Vec<(String, String)> {
    let escape = |text: &str| match parameter.location {
        Location::Path | Location::Query => utf8_percent_encode(text, RESERVED).to_string(),
        Location::Header | Location::Cookie => text.to_owned(),
    };
    let text = |value: &Value| escape(&plain(value));
    let query = parameter.location == Location::Query;
    let one = |value: String| vec![(escape(&parameter.name), value)];
    let separator = match parameter.style.as_str() {
        "spaceDelimited" => "%20",
        "pipeDelimited" => "%7C",
        _ => ",",
    };
    match value {
        Value::Array(items) if query && parameter.explode => items.iter().flat_map(|item| one(text(item))).collect(),
        Value::Array(items) => one(items.iter().map(text).collect::<Vec<_>>().join(separator)),
        Value::Object(members) if parameter.style == "deepObject" => {
            members.iter().map(|(name, value)| (escape(&format!("{}[{name}]", parameter.name)), text(value))).collect()
        }
        Value::Object(members) if query && parameter.explode => {
            members.iter().map(|(name, value)| (escape(name), text(value))).collect()
        }
        Value::Object(members) => {
            let inner = if parameter.explode { "=" } else { separator };
            let pairs: Vec<_> =
                members.iter().map(|(name, value)| format!("{}{inner}{}", escape(name), text(value))).collect();
            one(pairs.join(separator))
        }
        _ => one(text(value)),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
