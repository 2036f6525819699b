//! Parameters as they travel: text in paths, queries, headers and cookies, and the values it stands for.
//!
//! `style` and `explode` say how arrays and objects become text. Text has no types; it is read as
//! the type that the parameter's schema asks for, and stays text when it is not of that type, so
//! that the schema rejects it. What is not written in its style at all is [`Unreadable`].

mod deep;
mod encode;
mod query;
mod shape;
mod unreadable;

use std::cell::OnceCell;

use obkit_codegen::Document;
use obkit_codegen::spec::{Location, Parameter, is_json};
use serde_json::{Map, Value};

use crate::json;

pub use self::encode::encode;
pub(crate) use self::encode::escape;
pub use self::query::Query;
use self::query::decoded;
pub(crate) use self::query::unescape;
pub(crate) use self::shape::{Members, coerce};
use self::shape::{Shape, shape, types};
pub use self::unreadable::Unreadable;

/// Between the items of a list, as they may travel; the comma of the other styles is data when it is encoded.
/// `+` in queries alone.
const SPACES: [&str; 3] = ["+", "%20", " "];
const PIPES: [&str; 3] = ["%7C", "%7c", "|"];
const TABS: [&str; 2] = ["%09", "\t"];

/// How deep the members of a `deepObject` may lie: as deep as JSON is read.
const MAX_LEVELS: usize = 127;

/// How the text of one parameter is read.
pub struct Codec<'d> {
    document: &'d Document,
    parameter: &'d Parameter,
    /// Looked up when there is something to read: most parameters are optional, and not sent.
    kind: OnceCell<Kind<'d>>,
}

/// What a parameter's text is read as.
struct Kind<'d> {
    schema: Option<&'d Value>,
    shape: Shape<'d>,
}

impl<'d> Codec<'d> {
    /// Prepares the reading of a parameter.
    #[must_use]
    pub fn new(document: &'d Document, parameter: &'d Parameter) -> Self {
        Self { document, parameter, kind: OnceCell::new() }
    }

    fn kind(&self) -> &Kind<'d> {
        self.kind.get_or_init(|| {
            let schema = self.parameter.schema.as_deref().and_then(|at| self.document.at(at));
            Kind { schema, shape: shape(self.document, schema.as_slice()) }
        })
    }

    /// The same, reading text as text, where the schema takes text among other things.
    #[must_use]
    pub fn as_text(&self) -> Option<Self> {
        let Kind { schema, shape } = self.kind();
        let types = types(self.document, schema.as_slice());
        let several = types.contains(&"string") && types.iter().any(|kind| *kind != "string");
        let primitive = matches!(shape, Shape::Primitive) && !self.is_json();
        let text = Kind { schema: None, shape: Shape::Primitive };
        (several && primitive).then(|| Self { kind: text.into(), ..*self })
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
        match (&self.kind().shape, self.parameter.style.as_str()) {
            _ if self.is_json() => own == name,
            (Shape::Object(_), "deepObject") => own == name || deep::path(own, name).is_some(),
            (Shape::Object(members), _) if self.parameter.explode => members.take(name),
            _ => own == name,
        }
    }

    /// Whether a query carries the parameter's name with nothing behind it, and `allowEmptyValue` makes that as good as
    /// not sending it.
    #[must_use]
    pub fn is_left_empty(&self, query: &Query) -> bool {
        let mut values = query.values(&self.parameter.name);
        let is_empty = values.next() == Some("") && values.next().is_none();
        let allowed = || self.document.at(&format!("{}/allowEmptyValue", self.parameter.pointer));
        is_empty && allowed() == Some(&Value::Bool(true))
    }

    /// Reads the value from a query; none when it is absent.
    ///
    /// # Errors
    /// What is sent stands for no value.
    pub fn from_query(&self, query: &Query) -> Result<Option<Value>, Unreadable> {
        if query.pairs().next().is_none() {
            return Ok(None);
        }
        let Parameter { name, style, explode, .. } = self.parameter;
        match (&self.kind().shape, style.as_str()) {
            _ if self.is_json() => single(query.values(name))?.map(|raw| read_json(&unescape(raw)?)).transpose(),
            (Shape::Object(_), "deepObject") => self.deep(query),
            _ if *explode => self.spread(query.pairs(), unescape),
            _ => {
                let Some(raw) = single(query.values(name))? else { return Ok(None) };
                self.separated(raw, self.separators(), unescape).map(Some)
            }
        }
    }

    /// Reads the value from a path segment, still percent-encoded.
    ///
    /// # Errors
    /// What is sent stands for no value.
    pub fn from_path(&self, raw: &str) -> Result<Value, Unreadable> {
        let Parameter { name, style, explode, .. } = self.parameter;
        match style.as_str() {
            _ if self.is_json() => read_json(&decoded(raw)?),
            "label" => {
                let raw = raw.strip_prefix('.').ok_or(Unreadable::Style)?;
                self.separated(raw, if *explode { &["."] } else { &[","] }, decoded)
            }
            "matrix" => {
                let raw = raw.strip_prefix(';').ok_or(Unreadable::Style)?;
                let mut pairs = Vec::new();
                for pair in raw.split(';') {
                    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                    pairs.push((decoded(name)?, value));
                }
                let borrowed = || pairs.iter().map(|(name, value)| (name.as_str(), *value));
                if *explode {
                    return self.spread(borrowed(), decoded)?.ok_or(Unreadable::Style);
                }
                let own = borrowed().filter(|(key, _)| key == name).map(|(_, value)| value);
                self.separated(single(own)?.ok_or(Unreadable::Style)?, &[","], decoded)
            }
            _ => self.separated(raw, self.separators(), decoded),
        }
    }

    /// Reads the value from a header.
    ///
    /// # Errors
    /// What is sent stands for no value.
    pub fn from_header(&self, text: &str) -> Result<Value, Unreadable> {
        if self.is_json() {
            return read_json(text);
        }
        self.separated(text, self.separators(), |piece| Ok(piece.trim_matches([' ', '\t']).to_owned()))
    }

    /// Reads the value from the cookies of a request, still percent-encoded; none when it is absent.
    ///
    /// # Errors
    /// What is sent stands for no value.
    pub fn from_cookies(&self, cookies: &[(String, String)]) -> Result<Option<Value>, Unreadable> {
        let pairs = || cookies.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let own = || single(pairs().filter(|(name, _)| *name == self.parameter.name).map(|(_, value)| value));
        if self.is_json() {
            return own()?.map(|text| read_json(&decoded(text)?)).transpose();
        }
        if self.parameter.explode {
            return self.spread(pairs(), decoded);
        }
        own()?.map(|text| self.separated(text, &[","], decoded)).transpose()
    }

    /// Reads a value whose items repeat its name, and whose members stand by their own.
    fn spread<'p>(
        &self,
        pairs: impl Iterator<Item = (&'p str, &'p str)>,
        decode: impl Fn(&str) -> Result<String, Unreadable>,
    ) -> Result<Option<Value>, Unreadable> {
        let name = &self.parameter.name;
        let mut own = Vec::new();
        for (key, raw) in pairs {
            let is_own = match &self.kind().shape {
                Shape::Object(members) => members.take(key),
                _ => key == name,
            };
            if is_own {
                own.push((key.to_owned(), decode(raw)?));
            }
        }
        Ok(match &self.kind().shape {
            Shape::Primitive => {
                single(own.into_iter())?.map(|(_, text)| self.coerce(self.kind().schema.as_slice(), text))
            }
            Shape::Array(items) => {
                let own = own.into_iter().enumerate();
                let values: Vec<_> = own.map(|(at, (_, text))| self.coerce(&items.of(at), text)).collect();
                (!values.is_empty()).then_some(Value::Array(values))
            }
            Shape::Object(_) if own.is_empty() => None,
            Shape::Object(members) => Some(self.object(members, own)),
        })
    }

    /// What stands between the items of a list that is not exploded.
    fn separators(&self) -> &'static [&'static str] {
        match self.parameter.style.as_str() {
            "spaceDelimited" if self.parameter.location == Location::Query => &SPACES,
            "spaceDelimited" => &SPACES[1..],
            "pipeDelimited" => &PIPES,
            "tabDelimited" => &TABS,
            _ => &[","],
        }
    }

    fn separated(
        &self,
        raw: &str,
        separators: &[&str],
        decode: impl Fn(&str) -> Result<String, Unreadable>,
    ) -> Result<Value, Unreadable> {
        match &self.kind().shape {
            Shape::Primitive => Ok(self.coerce(self.kind().schema.as_slice(), decode(raw)?)),
            Shape::Array(_) if raw.is_empty() => Ok(Value::Array(Vec::new())),
            Shape::Array(items) => {
                let item = |(at, piece)| Ok(self.coerce(&items.of(at), decode(piece)?));
                split(raw, separators).into_iter().enumerate().map(item).collect()
            }
            Shape::Object(_) if raw.is_empty() => Ok(Value::Object(Map::new())),
            Shape::Object(members) => {
                let pieces = split(raw, separators);
                let mut pairs = Vec::new();
                if self.parameter.explode {
                    for piece in pieces {
                        let (name, value) = piece.split_once('=').ok_or(Unreadable::Style)?;
                        pairs.push((decode(name)?, decode(value)?));
                    }
                } else if pieces.len().is_multiple_of(2) {
                    for pair in pieces.chunks_exact(2) {
                        pairs.push((decode(pair[0])?, decode(pair[1])?));
                    }
                } else {
                    return Err(Unreadable::Style);
                }
                Ok(self.object(members, pairs))
            }
        }
    }

    fn object(&self, members: &Members<'d>, pairs: Vec<(String, String)>) -> Value {
        let mut object = Map::new();
        for (name, text) in pairs {
            let value = self.coerce(&members.of(&name), text);
            deep::add(object.entry(name).or_insert(Value::Null), value);
        }
        Value::Object(object)
    }

    fn deep(&self, query: &Query) -> Result<Option<Value>, Unreadable> {
        let mut root = Value::Null;
        for (key, raw) in query.pairs() {
            if let Some(path) = deep::path(&self.parameter.name, key) {
                if path.len() > MAX_LEVELS {
                    return Err(Unreadable::Style);
                }
                deep::put(self.document, &mut root, self.kind().schema.as_slice(), &path, unescape(raw)?);
            } else if key == self.parameter.name {
                return Err(Unreadable::Style);
            }
        }
        Ok(root.is_object().then_some(root))
    }

    fn coerce(&self, schemas: &[&Value], text: String) -> Value {
        coerce(self.document, schemas, text)
    }
}

fn read_json(text: &str) -> Result<Value, Unreadable> {
    json::read(text.as_bytes()).map_err(|_| Unreadable::Json)
}

/// The one that there is, or none.
fn single<T>(mut all: impl Iterator<Item = T>) -> Result<Option<T>, Unreadable> {
    let first = all.next();
    if all.next().is_some() { Err(Unreadable::Repeated) } else { Ok(first) }
}

/// The pieces between separators of several spellings.
fn split<'t>(text: &'t str, separators: &[&str]) -> Vec<&'t str> {
    let mut pieces = Vec::new();
    let (mut start, mut at) = (0, 0);
    while at < text.len() {
        let found = separators.iter().find(|separator| text.as_bytes()[at..].starts_with(separator.as_bytes()));
        match found {
            Some(separator) => {
                pieces.push(&text[start..at]);
                at += separator.len();
                start = at;
            }
            None => at += 1,
        }
    }
    pieces.push(&text[start..]);
    pieces
}
