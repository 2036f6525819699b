//! Swagger 2.0 as OpenAPI 3.0.
//!
//! Each part is converted by a file of its own. What is not understood is copied as it stands, so
//! that reading the operations says what is wrong with it, and where. References are rewritten
//! last, when everything has its place.

mod operation;
mod parameter;
mod request;
mod response;
mod schema;
mod security;

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::origin::{Moves, nearest};
use super::{escape_token, references};

/// What a body is taken for that does not say.
const JSON: &str = "application/json";

/// The methods that Swagger 2.0 has.
const METHODS: [&str; 7] = ["get", "put", "post", "delete", "options", "head", "patch"];

/// Converts a document; gives where each part of the outcome has been before.
pub(super) fn convert(source: &Value) -> (Value, Moves<String>) {
    let mut converter = Converter {
        source,
        consumes: strings(source.get("consumes")).unwrap_or_default(),
        produces: strings(source.get("produces")).unwrap_or_default(),
        before: Moves::new(),
        after: HashMap::new(),
    };
    let mut root = converter.document();
    let after = converter.after;
    references::rewrite(&mut root, &mut |reference| {
        let (now, rest) = nearest(&after, reference.strip_prefix('#')?)?;
        Some(format!("#{now}{rest}"))
    });
    (root, converter.before)
}

struct Converter<'s> {
    source: &'s Value,
    /// The media types of requests and responses that state none.
    consumes: Vec<String>,
    produces: Vec<String>,
    /// Where something has been, by where it is.
    before: Moves<String>,
    /// Where something is, by where it has been.
    after: HashMap<String, String>,
}

impl<'s> Converter<'s> {
    /// Notes where something comes from.
    fn came(&mut self, from: &str, to: &str) {
        self.before.insert(to.to_owned(), from.to_owned());
    }

    /// Notes where something comes from, and that references to it shall follow it.
    fn moved(&mut self, from: &str, to: &str) {
        self.came(from, to);
        self.after.entry(from.to_owned()).or_insert_with(|| to.to_owned());
    }

    fn document(&mut self) -> Value {
        let mut root = Map::new();
        root.insert("openapi".to_owned(), "3.0.3".into());
        self.came("/swagger", "/openapi");
        // First of all: what is both a component and copied to where it is used is referred to here.
        let components = self.components();
        for (key, member) in members(self.source) {
            match key.as_str() {
                "swagger" | "host" | "basePath" | "schemes" | "consumes" | "produces" => {}
                "definitions" | "parameters" | "responses" | "securityDefinitions" => {}
                "paths" => {
                    root.insert(key.clone(), self.paths(member));
                }
                _ => {
                    root.insert(key.clone(), member.clone());
                }
            }
        }
        if let Some(servers) = self.servers(self.source.get("schemes")) {
            let stated = ["host", "basePath", "schemes"].into_iter().find(|key| self.source.get(*key).is_some());
            self.came(&format!("/{}", stated.unwrap_or_default()), "/servers");
            root.insert("servers".to_owned(), servers);
        }
        if components.as_object().is_some_and(|sections| !sections.is_empty()) {
            self.came("", "/components");
            root.insert("components".to_owned(), components);
        }
        Value::Object(root)
    }

    /// The servers that host, base path and a list of schemes name together.
    fn servers(&self, schemes: Option<&Value>) -> Option<Value> {
        let text = |key: &str| self.source.get(key).and_then(Value::as_str);
        let base = text("basePath").map(|path| path.trim_end_matches('/')).unwrap_or_default();
        let base = if base.is_empty() || base.starts_with('/') { base.to_owned() } else { format!("/{base}") };
        let Some(host) = text("host") else {
            return text("basePath").map(|_| json!([{ "url": if base.is_empty() { "/" } else { &base } }]));
        };
        let schemes = strings(schemes).filter(|schemes| !schemes.is_empty());
        // By the letter it is the scheme that the document was read by; nobody serves banks without TLS.
        let schemes = schemes.unwrap_or_else(|| vec!["https".to_owned()]);
        Some(schemes.iter().map(|scheme| json!({ "url": format!("{scheme}://{host}{base}") })).collect())
    }

    fn paths(&mut self, paths: &'s Value) -> Value {
        let Value::Object(items) = paths else { return paths.clone() };
        let convert = |(path, item): (&String, &'s Value)| {
            let at = format!("/paths/{}", escape_token(path));
            let item = if path.starts_with("x-") { item.clone() } else { self.path_item(item, &at) };
            (path.clone(), item)
        };
        Value::Object(items.iter().map(convert).collect())
    }

    fn components(&mut self) -> Value {
        let mut components = Map::new();
        for (section, now) in [
            ("definitions", "schemas"),
            ("parameters", "parameters"),
            ("responses", "responses"),
            ("securityDefinitions", "securitySchemes"),
        ] {
            let Some(entries) = self.source.get(section) else { continue };
            self.moved(&format!("/{section}"), &format!("/components/{now}"));
            let Value::Object(entries) = entries else {
                components.insert(now.to_owned(), entries.clone());
                continue;
            };
            for (name, entry) in entries {
                let from = format!("/{section}/{}", escape_token(name));
                let at = |now: &str| format!("/components/{now}/{}", escape_token(name));
                let (now, value) = match section {
                    "definitions" => (now, schema::convert(entry)),
                    "responses" => (now, self.response(entry, &from, &at(now), &self.produces.clone())),
                    "securityDefinitions" => (now, self.security(entry, &from, &at(now))),
                    _ => match location(entry) {
                        Some("body") => ("requestBodies", self.body(entry, &from, &at("requestBodies"), None)),
                        // Fields are put together where they are used.
                        Some("formData") => continue,
                        _ => (now, self.parameter(entry, &from, &at(now))),
                    },
                };
                let section = components.entry(now).or_insert_with(|| Value::Object(Map::new()));
                if let Value::Object(section) = section {
                    section.insert(name.clone(), value);
                }
            }
        }
        Value::Object(components)
    }

    /// What a parameter is, if it is a reference: its pointer and itself.
    fn parameter_at(&self, reference: &str) -> Option<(String, &'s Value)> {
        let pointer = reference.strip_prefix('#')?;
        Some((pointer.to_owned(), self.source.pointer(pointer)?))
    }
}

/// Where a parameter travels.
fn location(parameter: &Value) -> Option<&str> {
    parameter.get("in").and_then(Value::as_str)
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// A list of texts.
fn strings(value: Option<&Value>) -> Option<Vec<String>> {
    let items = value?.as_array()?;
    Some(items.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests;
