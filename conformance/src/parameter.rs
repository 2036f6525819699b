//! Parameters as they travel: text in paths, queries, headers and cookies, and the values it stands for.
//!
//! `style` and `explode` say how arrays and objects become text. Text has no types; it is read as
//! the type that the parameter's schema asks for, and stays text when it is not of that type, so
//! that the schema rejects it.

mod encode;
mod query;
mod shape;

use obkit_codegen::Document;
use obkit_codegen::spec::{Location, Parameter, is_json};
use serde_json::{Map, Value};

pub use self::encode::encode;
pub use self::query::Query;
use self::query::{decoded, unescape};
pub(crate) use self::shape::coerce;
use self::shape::{Shape, shape};

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

    /// Whether the value travels as JSON and has no style.
    fn is_json(&self) -> bool {
        self.parameter.content.as_deref().is_some_and(is_json)
    }

    /// Whether a name in the query belongs to this parameter.
    #[must_use]
    pub fn claims(&self, name: &str) -> bool {
        if self.parameter.location != Location::Query {
            return false;
        }
        let own = self.parameter.name.as_str();
        match (&self.shape, self.parameter.style.as_str()) {
            _ if self.is_json() => own == name,
            (Shape::Object(_), "deepObject") => bracketed(own, name).is_some(),
            (Shape::Object(properties), _) if self.parameter.explode => is_declared(properties, name),
            _ => own == name,
        }
    }

    /// Reads the value from a query; none when it is absent.
    #[must_use]
    pub fn from_query(&self, query: &Query) -> Option<Value> {
        let Parameter { name, style, explode, .. } = self.parameter;
        match (&self.shape, style.as_str()) {
            _ if self.is_json() => query.get(name).map(|text| json(&text)),
            (Shape::Object(_), "deepObject") => self.deep(query),
            _ if *explode => self.spread(query.pairs().map(|(name, value)| (name.to_owned(), value))),
            _ => {
                let raw = query.values(name).next()?;
                // Separators are told apart from data before anything is decoded.
                let raw = match style.as_str() {
                    "spaceDelimited" => raw.replace("%20", ",").replace('+', ","),
                    "pipeDelimited" => raw.replace("%7C", ",").replace("%7c", ",").replace('|', ","),
                    _ => raw.to_owned(),
                };
                Some(self.separated(&raw, ",", unescape))
            }
        }
    }

    /// Reads the value from a path segment, still percent-encoded.
    #[must_use]
    pub fn from_path(&self, raw: &str) -> Value {
        let Parameter { name, style, explode, .. } = self.parameter;
        match style.as_str() {
            _ if self.is_json() => json(&decoded(raw)),
            "label" => self.separated(raw.strip_prefix('.').unwrap_or(raw), if *explode { "." } else { "," }, decoded),
            "matrix" => {
                let pairs = raw.split(';').skip(1).map(|pair| pair.split_once('=').unwrap_or((pair, "")));
                let pairs: Vec<_> = pairs.map(|(name, value)| (decoded(name), value)).collect();
                if *explode {
                    let pairs = pairs.into_iter().map(|(name, value)| (name, decoded(value)));
                    return self.spread(pairs).unwrap_or(Value::Null);
                }
                let own = pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value);
                self.separated(own, ",", decoded)
            }
            _ => self.separated(raw, ",", decoded),
        }
    }

    /// Reads the value from a header.
    #[must_use]
    pub fn from_header(&self, text: &str) -> Value {
        if self.is_json() {
            return json(text);
        }
        self.separated(text, ",", |piece| piece.trim().to_owned())
    }

    /// Reads the value from the cookies of a request, still percent-encoded; none when it is absent.
    #[must_use]
    pub fn from_cookies(&self, cookies: &[(String, String)]) -> Option<Value> {
        let own = || cookies.iter().find(|(name, _)| *name == self.parameter.name).map(|(_, value)| value);
        if self.is_json() {
            return own().map(|text| json(&decoded(text)));
        }
        if self.parameter.explode {
            return self.spread(cookies.iter().map(|(name, value)| (name.clone(), decoded(value))));
        }
        own().map(|text| self.separated(text, ",", decoded))
    }

    /// Reads a value whose items repeat its name, and whose members stand by their own.
    fn spread(&self, pairs: impl Iterator<Item = (String, String)>) -> Option<Value> {
        let name = &self.parameter.name;
        let mut own = pairs.filter(|(key, _)| match &self.shape {
            Shape::Object(properties) => is_declared(properties, key),
            _ => key == name,
        });
        match &self.shape {
            Shape::Primitive => own.next().map(|(_, text)| self.coerce(self.schema, text)),
            Shape::Array(items) => {
                let values: Vec<_> = own.map(|(_, text)| self.coerce(*items, text)).collect();
                (!values.is_empty()).then_some(Value::Array(values))
            }
            Shape::Object(properties) => self.object(properties, own),
        }
    }

    fn separated(&self, raw: &str, separator: &str, decode: impl Fn(&str) -> String) -> Value {
        match &self.shape {
            Shape::Primitive => self.coerce(self.schema, decode(raw)),
            Shape::Array(_) if raw.is_empty() => Value::Array(Vec::new()),
            Shape::Array(items) => raw.split(separator).map(|piece| self.coerce(*items, decode(piece))).collect(),
            Shape::Object(properties) => {
                let pieces: Vec<_> = raw.split(separator).collect();
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

    /// Reads an object whose members are `name[member]`, as deep as they go.
    fn deep(&self, query: &Query) -> Option<Value> {
        let mut root = Value::Null;
        for (key, text) in query.pairs() {
            if let Some(path) = bracketed(&self.parameter.name, key) {
                let path: Vec<&str> = path.split("][").collect();
                put(self.document, &mut root, self.schema, &path, text);
            }
        }
        root.is_object().then_some(root)
    }

    fn coerce(&self, schema: Option<&Value>, text: String) -> Value {
        coerce(self.document, schema, text)
    }
}

/// Puts a text where a path of members leads; where there is one already, there is a list.
fn put(document: &Document, value: &mut Value, schema: Option<&Value>, path: &[&str], text: String) {
    let shape = schema.map_or(Shape::Primitive, |schema| shape(document, schema));
    let Some((member, rest)) = path.split_first() else {
        let (items, is_list) = match shape {
            Shape::Array(items) => (items, true),
            _ => (schema, false),
        };
        let item = coerce(document, items, text);
        match value {
            Value::Array(items) => items.push(item),
            _ if is_list => *value = Value::Array(vec![item]),
            _ => *value = item,
        }
        return;
    };
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    let properties = if let Shape::Object(properties) = shape { properties } else { Vec::new() };
    let schema = properties.iter().find(|(name, _)| name == member).map(|(_, schema)| *schema);
    if let Some(members) = value.as_object_mut() {
        put(document, members.entry((*member).to_owned()).or_insert(Value::Null), schema, rest, text);
    }
}

/// Whether a name can be a member's. A spread object that is open takes every name.
fn is_declared(properties: &[(&str, &Value)], name: &str) -> bool {
    properties.is_empty() || properties.iter().any(|(property, _)| *property == name)
}

/// JSON, or the text that it is not, which the schema then rejects.
fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}

/// `colour` of `filter[colour]`.
fn bracketed<'n>(parameter: &str, name: &'n str) -> Option<&'n str> {
    name.strip_prefix(parameter)?.strip_prefix('[')?.strip_suffix(']')
}
