//! Reading operations: references are followed, and what a path item says holds for its operations.

use serde_json::{Map, Value};

use super::reference::{decode, local};
use super::{Content, Evidence, Example, Header, Location, Operation, Parameter, Request, Response, StatusKey, object};
use crate::load::{Document, LoadError, escape_token, unescape_token};

/// How deep a chain of references may be before it counts as a cycle.
const MAX_REFERENCES: usize = 32;

pub(super) struct Reader<'d> {
    pub(super) document: &'d Document,
}

/// What a place of a document must hold.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Object,
    List,
    Text,
    /// An object, or one of the two schemas of JSON Schema that are none.
    Schema,
}

impl<'d> Reader<'d> {
    /// Follows `$ref`s; gives where the thing really stands, and the thing.
    pub(super) fn resolve(&self, mut pointer: String, mut value: &'d Value) -> Result<(String, &'d Value), LoadError> {
        for _ in 0..MAX_REFERENCES {
            let Some(reference) = value.get("$ref").and_then(Value::as_str) else {
                return Ok((pointer, value));
            };
            let target = local(self.document, &pointer, reference)?;
            value = target;
            pointer = decode(reference);
        }
        Err(self.document.error(&pointer, "its `$ref`s lead back to itself", "break the circle of references"))
    }

    /// A wrong kind of value would read as an absent one, and what it stood for would vanish.
    pub(super) fn expect(&self, value: &Value, pointer: &str, kind: Kind) -> Result<(), LoadError> {
        let (fits, name) = match kind {
            Kind::Object => (value.is_object(), "an object"),
            Kind::List => (value.is_array(), "a list"),
            Kind::Text => (value.is_string(), "text"),
            Kind::Schema => (value.is_object() || value.is_boolean(), "an object"),
        };
        if fits {
            return Ok(());
        }
        let what = pointer.rsplit('/').next().unwrap_or_default();
        let message = format!("`{}` is not {name}", unescape_token(what));
        Err(self.document.error(pointer, message, format!("write {name} there, or leave it out")))
    }

    fn expect_member(&self, owner: &Value, pointer: &str, key: &str, kind: Kind) -> Result<(), LoadError> {
        owner.get(key).map_or(Ok(()), |value| self.expect(value, &format!("{pointer}/{key}"), kind))
    }

    pub(super) fn operation(
        &self,
        path: &str,
        method: &str,
        item_pointer: &str,
        item: &'d Value,
        operation: &'d Value,
    ) -> Result<Operation, LoadError> {
        let pointer = format!("{item_pointer}/{method}");
        self.expect(operation, &pointer, Kind::Object)?;
        for (owner, owner_pointer) in [(item, item_pointer), (operation, pointer.as_str())] {
            self.expect_member(owner, owner_pointer, "parameters", Kind::List)?;
        }
        self.expect_member(operation, &pointer, "operationId", Kind::Text)?;
        self.expect_member(operation, &pointer, "responses", Kind::Object)?;
        let mut parameters: Vec<Parameter> = Vec::new();
        for (owner, owner_pointer) in [(item, item_pointer), (operation, pointer.as_str())] {
            let list = owner.get("parameters").and_then(Value::as_array).into_iter().flatten();
            for (index, parameter) in list.enumerate() {
                let (at, parameter) = self.resolve(format!("{owner_pointer}/parameters/{index}"), parameter)?;
                // What stands for a reference to the network says nothing about itself.
                if parameter.get("x-obkit-external").is_some() {
                    continue;
                }
                let parameter = self.parameter(at, parameter)?;
                parameters.retain(|p| (p.location, &p.name) != (parameter.location, &parameter.name));
                parameters.push(parameter);
            }
        }
        let request = operation
            .get("requestBody")
            .map(|body| self.request(format!("{pointer}/requestBody"), body))
            .transpose()?;
        let responses = object(operation.get("responses"))
            .filter(|(key, _)| !key.starts_with("x-"))
            .map(|(key, response)| self.response(&format!("{pointer}/responses"), key, response))
            .collect::<Result<_, _>>()?;
        Ok(Operation {
            id: stated_id(operation).map_or_else(|| synthetic_id(method, path), str::to_owned),
            method: method.to_ascii_uppercase(),
            path: path.to_owned(),
            evidence: operation.get("x-evidence").and_then(Value::as_str).and_then(evidence),
            parameters,
            request,
            responses,
            security: self.security(operation),
            pointer,
        })
    }

    fn parameter(&self, pointer: String, parameter: &'d Value) -> Result<Parameter, LoadError> {
        let text = |key: &str| parameter.get(key).and_then(Value::as_str);
        let location = match text("in") {
            Some("path") => Location::Path,
            Some("query") => Location::Query,
            Some("header") => Location::Header,
            Some("cookie") => Location::Cookie,
            other => {
                let message = other.map_or_else(
                    || "the parameter does not say where it travels".to_owned(),
                    |place| format!("the parameter is said to be in `{place}`, where none can be"),
                );
                let at = other.map_or_else(|| pointer.clone(), |_| format!("{pointer}/in"));
                return Err(self.document.error(&at, message, "set `in` to `path`, `query`, `header` or `cookie`"));
            }
        };
        let Some(name) = text("name").filter(|name| !name.is_empty()) else {
            let message = format!("the {} parameter has no name", location.as_str());
            return Err(self.document.error(&pointer, message, "set `name` to the name it travels by"));
        };
        let default_style = match location {
            Location::Path | Location::Header => "simple",
            Location::Query | Location::Cookie => "form",
        };
        let style = text("style").unwrap_or(default_style).to_owned();
        let content = self.content(&pointer, parameter)?.into_iter().next();
        let schema = parameter.get("schema").map(|_| format!("{pointer}/schema"));
        let content = content.filter(|_| schema.is_none());
        Ok(Parameter {
            name: name.to_owned(),
            location,
            required: parameter.get("required") == Some(&Value::Bool(true)),
            schema: schema.or_else(|| content.as_ref()?.schema.clone()),
            explode: parameter.get("explode").and_then(Value::as_bool).unwrap_or(style == "form"),
            example: self
                .examples(&pointer, parameter)?
                .into_iter()
                .next()
                .map(|e| e.value)
                .or_else(|| content.as_ref()?.examples.first().map(|example| example.value.clone()))
                .or_else(|| parameter.get("schema").and_then(|s| s.get("example")).cloned()),
            content: content.map(|content| content.media_type),
            style,
            pointer,
        })
    }

    fn request(&self, pointer: String, body: &'d Value) -> Result<Request, LoadError> {
        let (pointer, body) = self.resolve(pointer, body)?;
        Ok(Request {
            required: body.get("required") == Some(&Value::Bool(true)),
            content: self.content(&pointer, body)?,
            pointer,
        })
    }

    fn response(&self, responses: &str, key: &str, response: &'d Value) -> Result<Response, LoadError> {
        let pointer = format!("{responses}/{key}");
        let status = StatusKey::parse(key).ok_or_else(|| {
            self.document.error(
                &pointer,
                format!("`{key}` is not a response status"),
                "use a status such as '200', a range such as '4XX', or 'default'",
            )
        })?;
        let (pointer, response) = self.resolve(pointer, response)?;
        let mut headers = Vec::new();
        for (name, header) in object(response.get("headers")) {
            let (at, header) = self.resolve(format!("{pointer}/headers/{}", escape_token(name)), header)?;
            headers.push(Header {
                name: name.clone(),
                required: header.get("required") == Some(&Value::Bool(true)),
                schema: header.get("schema").map(|_| format!("{at}/schema")),
            });
        }
        Ok(Response { status, content: self.content(&pointer, response)?, headers, pointer })
    }

    fn content(&self, pointer: &str, owner: &'d Value) -> Result<Vec<Content>, LoadError> {
        self.expect(owner, pointer, Kind::Object)?;
        self.expect_member(owner, pointer, "content", Kind::Object)?;
        object(owner.get("content"))
            .map(|(media_type, media)| {
                let pointer = format!("{pointer}/content/{}", escape_token(media_type));
                self.expect(media, &pointer, Kind::Object)?;
                self.expect_member(media, &pointer, "schema", Kind::Schema)?;
                Ok(Content {
                    media_type: media_type.clone(),
                    schema: media.get("schema").map(|_| format!("{pointer}/schema")),
                    examples: self.examples(&pointer, media)?,
                    pointer,
                })
            })
            .collect()
    }

    fn examples(&self, pointer: &str, owner: &'d Value) -> Result<Vec<Example>, LoadError> {
        let mut examples = Vec::new();
        if let Some(value) = owner.get("example") {
            let pointer = format!("{pointer}/example");
            examples.push(Example { name: String::new(), pointer, value: value.clone() });
        }
        for (name, example) in object(owner.get("examples")) {
            let (at, example) = self.resolve(format!("{pointer}/examples/{}", escape_token(name)), example)?;
            if let Some(value) = example.get("value") {
                examples.push(Example { name: name.clone(), pointer: format!("{at}/value"), value: value.clone() });
            }
        }
        Ok(examples)
    }

    fn security(&self, operation: &Value) -> Vec<Vec<String>> {
        let stated = operation.get("security").or_else(|| self.document.at("/security"));
        stated
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_object)
            .map(|requirement: &Map<String, Value>| requirement.keys().cloned().collect())
            .collect()
    }
}

fn evidence(word: &str) -> Option<Evidence> {
    match word {
        "documented" => Some(Evidence::Documented),
        "guide" => Some(Evidence::Guide),
        "inferred" => Some(Evidence::Inferred),
        _ => None,
    }
}

/// The id that an operation gives itself; a blank one is none.
pub(crate) fn stated_id(operation: &Value) -> Option<&str> {
    operation.get("operationId").and_then(Value::as_str).filter(|id| !id.trim().is_empty())
}

/// An id for an operation that has none: `get /accounts/{id}` is `get_accounts_id`.
fn synthetic_id(method: &str, path: &str) -> String {
    let words = path.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    std::iter::once(method).chain(words).collect::<Vec<_>>().join("_")
}
