//! Reading operations: references are followed, and what a path item says holds for its operations. What cannot be read is
//! noted and left out.

use std::cell::RefCell;

use serde_json::{Map, Value};

use super::reference::{decode, local};
use super::{Content, Evidence, Example, Header, Location, Operation, Parameter, Request, Response, StatusKey, object};
use crate::load::{Document, Fault, escape_token, unescape_token};
use crate::note;

/// How deep a chain of references may be before it counts as a cycle.
const MAX_REFERENCES: usize = 32;

pub(super) struct Reader<'d> {
    pub(super) document: &'d Document,
    /// What is wrong so far.
    pub(super) faults: RefCell<Vec<Fault>>,
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
    /// What was read; where nothing was, the reason is noted.
    pub(super) fn kept<T>(&self, read: Result<T, Fault>) -> Option<T> {
        read.map_err(|fault| self.faults.borrow_mut().push(fault)).ok()
    }

    fn unreadable(&self, pointer: &str, message: impl Into<String>, remedy: impl Into<String>) -> Fault {
        self.document.fault(note::PART_UNREADABLE, pointer, message, remedy)
    }

    /// Follows `$ref`s; gives where the thing really stands, and the thing.
    pub(super) fn resolve(&self, mut pointer: String, mut value: &'d Value) -> Result<(String, &'d Value), Fault> {
        for _ in 0..MAX_REFERENCES {
            let Some(reference) = value.get("$ref").and_then(Value::as_str) else {
                return Ok((pointer, value));
            };
            let target = local(self.document, &pointer, reference)?;
            value = target;
            pointer = decode(reference).into_owned();
        }
        let (message, remedy) = ("its `$ref`s lead back to itself", "break the circle of references");
        Err(self.document.fault(note::REFERENCE_UNRESOLVED, &pointer, message, remedy))
    }

    /// Whether a place holds what it must. A wrong kind of value would read as an absent one, and what it stood for would
    /// vanish.
    pub(super) fn is(&self, value: &Value, pointer: &str, kind: Kind) -> bool {
        let (fits, name) = match kind {
            Kind::Object => (value.is_object(), "an object"),
            Kind::List => (value.is_array(), "a list"),
            Kind::Text => (value.is_string(), "text"),
            Kind::Schema => (value.is_object() || value.is_boolean(), "an object"),
        };
        if !fits {
            let what = pointer.rsplit('/').next().unwrap_or_default();
            let message = format!("`{}` is not {name}", unescape_token(what));
            let fault = self.unreadable(pointer, message, format!("write {name} there, or leave it out"));
            self.faults.borrow_mut().push(fault);
        }
        fits
    }

    /// Notes that a member is not what it must be.
    fn check_member(&self, owner: &Value, pointer: &str, key: &str, kind: Kind) {
        if let Some(value) = owner.get(key) {
            self.is(value, &format!("{pointer}/{key}"), kind);
        }
    }

    pub(super) fn operation(
        &self,
        path: &str,
        method: &str,
        item_pointer: &str,
        item: &'d Value,
        operation: &'d Value,
    ) -> Option<Operation> {
        let pointer = format!("{item_pointer}/{method}");
        if !self.is(operation, &pointer, Kind::Object) {
            return None;
        }
        self.check_member(operation, &pointer, "operationId", Kind::Text);
        self.check_member(operation, &pointer, "responses", Kind::Object);
        let mut parameters = Vec::new();
        for (owner, owner_pointer) in [(item, item_pointer), (operation, pointer.as_str())] {
            self.parameters(owner, owner_pointer, &mut parameters);
        }
        let request = operation.get("requestBody");
        let request = request.and_then(|body| self.kept(self.request(format!("{pointer}/requestBody"), body)));
        let responses = object(operation.get("responses")).filter(|(key, _)| !key.starts_with("x-"));
        let responses =
            responses.map(|(key, response)| self.response(&format!("{pointer}/responses"), key, response, method));
        let responses = responses.filter_map(|response| self.kept(response)).collect();
        Some(Operation {
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

    /// Adds the parameters of a path item or an operation; of two of one name and place, the last one counts.
    fn parameters(&self, owner: &'d Value, owner_pointer: &str, parameters: &mut Vec<Parameter>) {
        self.check_member(owner, owner_pointer, "parameters", Kind::List);
        let list = owner.get("parameters").and_then(Value::as_array).into_iter().flatten();
        for (index, parameter) in list.enumerate() {
            let found = self.resolve(format!("{owner_pointer}/parameters/{index}"), parameter);
            let Some((at, parameter)) = self.kept(found) else { continue };
            // What stands for a reference to the network says nothing about itself.
            if parameter.get("x-obkit-external").is_some() {
                continue;
            }
            let Some(parameter) = self.kept(self.parameter(at, parameter)) else { continue };
            parameters.retain(|p| (p.location, &p.name) != (parameter.location, &parameter.name));
            parameters.push(parameter);
        }
    }

    fn parameter(&self, pointer: String, parameter: &'d Value) -> Result<Parameter, Fault> {
        let text = |key: &str| parameter.get(key).and_then(Value::as_str);
        let location = match text("in") {
            Some("path") => Location::Path,
            Some("query") => Location::Query,
            Some("header") => Location::Header,
            Some("cookie") => Location::Cookie,
            Some(place @ ("body" | "formData")) => {
                let message = format!("the parameter in `{place}` is not the one body, or form, of its request");
                let remedy = "keep one body or one form; in OpenAPI 3, say it as `requestBody`";
                return Err(self.unreadable(&format!("{pointer}/in"), message, remedy));
            }
            other => {
                let message = other.map_or_else(
                    || "the parameter does not say where it travels".to_owned(),
                    |place| format!("the parameter is said to be in `{place}`, where none can be"),
                );
                let at = other.map_or_else(|| pointer.clone(), |_| format!("{pointer}/in"));
                return Err(self.unreadable(&at, message, "set `in` to `path`, `query`, `header` or `cookie`"));
            }
        };
        let Some(name) = text("name").filter(|name| !name.is_empty()) else {
            let message = format!("the {} parameter has no name", location.as_str());
            return Err(self.unreadable(&pointer, message, "set `name` to the name it travels by"));
        };
        let default_style = match location {
            Location::Path | Location::Header => "simple",
            Location::Query | Location::Cookie => "form",
        };
        let style = text("style").unwrap_or(default_style).to_owned();
        let content = self.content(&pointer, parameter).into_iter().next();
        let schema = parameter.get("schema").map(|_| format!("{pointer}/schema"));
        let content = content.filter(|_| schema.is_none());
        Ok(Parameter {
            name: name.to_owned(),
            location,
            required: parameter.get("required") == Some(&Value::Bool(true)),
            schema: schema.or_else(|| content.as_ref()?.schema.clone()),
            explode: parameter.get("explode").and_then(Value::as_bool).unwrap_or(style == "form"),
            example: self
                .examples(&pointer, parameter)
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

    fn request(&self, pointer: String, body: &'d Value) -> Result<Request, Fault> {
        let (pointer, body) = self.resolve(pointer, body)?;
        Ok(Request {
            required: body.get("required") == Some(&Value::Bool(true)),
            content: self.content(&pointer, body),
            pointer,
        })
    }

    fn response(&self, responses: &str, key: &str, response: &'d Value, method: &str) -> Result<Response, Fault> {
        let pointer = format!("{responses}/{key}");
        let status = StatusKey::parse(key).ok_or_else(|| {
            self.unreadable(
                &pointer,
                format!("`{key}` is not a response status"),
                "use a status such as '200', a range such as '4XX', or 'default'",
            )
        })?;
        let (pointer, response) = self.resolve(pointer, response)?;
        let mut headers = Vec::new();
        for (name, header) in object(response.get("headers")) {
            let found = self.resolve(format!("{pointer}/headers/{}", escape_token(name)), header);
            let Some((at, header)) = self.kept(found) else { continue };
            headers.push(Header {
                name: name.clone(),
                required: header.get("required") == Some(&Value::Bool(true)),
                schema: header.get("schema").map(|_| format!("{at}/schema")),
            });
        }
        // Lint names the bodies that cannot be.
        let has_body = status.has_body() && !method.eq_ignore_ascii_case("head");
        let content = if has_body { self.content(&pointer, response) } else { Vec::new() };
        Ok(Response { status, content, headers, pointer })
    }

    fn content(&self, pointer: &str, owner: &'d Value) -> Vec<Content> {
        if !self.is(owner, pointer, Kind::Object) {
            return Vec::new();
        }
        self.check_member(owner, pointer, "content", Kind::Object);
        let stated = object(owner.get("content")).filter_map(|(media_type, media)| {
            let pointer = format!("{pointer}/content/{}", escape_token(media_type));
            if !self.is(media, &pointer, Kind::Object) {
                return None;
            }
            self.check_member(media, &pointer, "schema", Kind::Schema);
            let schema = media.get("schema").map(|_| format!("{pointer}/schema"));
            Some(Content {
                media_type: media_type.clone(),
                structured: schema.as_deref().is_some_and(|at| self.has_structure(at)),
                schema,
                examples: self.examples(&pointer, media),
                pointer,
            })
        });
        stated.collect()
    }

    /// Whether a schema says more than that something is text, or bytes.
    fn has_structure(&self, pointer: &str) -> bool {
        const STRUCTURE: &[&str] = &[
            "properties",
            "additionalProperties",
            "patternProperties",
            "items",
            "prefixItems",
            "allOf",
            "oneOf",
            "anyOf",
        ];
        let mut at = pointer.to_owned();
        for _ in 0..MAX_REFERENCES {
            let Some(schema) = self.document.at(&at) else { return false };
            if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
                at = decode(target).into_owned();
                continue;
            }
            return match schema.get("type") {
                None => STRUCTURE.iter().any(|keyword| schema.get(*keyword).is_some()),
                Some(Value::Array(types)) => !types.iter().any(|ty| ty == "string"),
                Some(ty) => ty != "string",
            };
        }
        false
    }

    fn examples(&self, pointer: &str, owner: &'d Value) -> Vec<Example> {
        let mut examples = Vec::new();
        if let Some(value) = owner.get("example") {
            let pointer = format!("{pointer}/example");
            examples.push(Example { name: String::new(), pointer, value: value.clone() });
        }
        for (name, example) in object(owner.get("examples")) {
            let found = self.resolve(format!("{pointer}/examples/{}", escape_token(name)), example);
            let Some((at, example)) = self.kept(found) else { continue };
            if let Some(value) = example.get("value") {
                examples.push(Example { name: name.clone(), pointer: format!("{at}/value"), value: value.clone() });
            }
        }
        examples
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
