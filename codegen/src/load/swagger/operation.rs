//! Path items and operations: their parameters are parted into those that stay and the body.

use serde_json::{Map, Value};

use super::request::Field;
use super::{Converter, METHODS, escape_token, location, strings};

/// The parameters of a path item or an operation, by what becomes of them.
#[derive(Default)]
struct Parts<'s> {
    kept: Vec<Value>,
    body: Option<Body<'s>>,
    fields: Vec<Field<'s>>,
}

/// A parameter that travels in the body.
#[derive(Clone)]
struct Body<'s> {
    from: String,
    parameter: &'s Value,
    /// The reference that led to it, where one did.
    reference: Option<&'s Value>,
}

impl<'s> Converter<'s> {
    pub(super) fn path_item(&mut self, item: &'s Value, at: &str) -> Value {
        let Value::Object(stated) = item else { return item.clone() };
        let shared = stated.get("parameters").and_then(Value::as_array).map(|list| self.parts(list, at));
        let mut converted = Map::new();
        for (key, member) in stated {
            let value = match (key.as_str(), &shared) {
                ("parameters", Some(shared)) if shared.kept.is_empty() => continue,
                ("parameters", Some(shared)) => Value::Array(shared.kept.clone()),
                (method, shared) if METHODS.contains(&method) => {
                    self.operation(member, &format!("{at}/{key}"), shared.as_ref())
                }
                _ => member.clone(),
            };
            converted.insert(key.clone(), value);
        }
        Value::Object(converted)
    }

    fn operation(&mut self, operation: &'s Value, at: &str, shared: Option<&Parts<'s>>) -> Value {
        let Value::Object(stated) = operation else { return operation.clone() };
        let mut own = match stated.get("parameters") {
            Some(Value::Array(list)) => self.parts(list, at),
            _ => Parts::default(),
        };
        inherit(&mut own, shared);
        let consumes = strings(stated.get("consumes"));
        let produces = strings(stated.get("produces")).filter(|produces| *produces != self.produces);
        let mut converted = Map::new();
        for (key, member) in stated {
            let value = match (key.as_str(), member) {
                ("consumes" | "produces" | "schemes", _) => continue,
                ("parameters", Value::Array(_)) if own.kept.is_empty() => continue,
                ("parameters", Value::Array(_)) => Value::Array(std::mem::take(&mut own.kept)),
                ("responses", Value::Object(responses)) => {
                    self.insert_body(&mut converted, &own, at, consumes.as_deref());
                    self.responses(responses, at, produces.as_deref())
                }
                _ => member.clone(),
            };
            converted.insert(key.clone(), value);
        }
        self.insert_body(&mut converted, &own, at, consumes.as_deref());
        let schemes = stated.get("schemes").filter(|schemes| Some(*schemes) != self.source.get("schemes"));
        if let Some(servers) = schemes.and_then(|schemes| self.servers(Some(schemes))) {
            self.came(&format!("{at}/schemes"), &format!("{at}/servers"));
            converted.insert("servers".to_owned(), servers);
        }
        Value::Object(converted)
    }

    /// Parts a list of parameters.
    fn parts(&mut self, list: &'s [Value], owner: &str) -> Parts<'s> {
        let mut parts = Parts::default();
        for (index, entry) in list.iter().enumerate() {
            let from = format!("{owner}/parameters/{index}");
            let reference = entry.get("$ref");
            let target = reference.and_then(Value::as_str).and_then(|reference| self.parameter_at(reference));
            let (stands, parameter) = target.unwrap_or_else(|| (from.clone(), entry));
            match (location(parameter), parameter) {
                // A request has one body or one form; what would be another is kept, so that the reader refuses it.
                (Some(in_body @ ("body" | "formData")), _)
                    if parts.body.is_some() || in_body == "body" && !parts.fields.is_empty() =>
                {
                    let to = format!("{owner}/parameters/{}", parts.kept.len());
                    self.came(&stands, &to);
                    parts.kept.push(parameter.clone());
                }
                (Some("body"), _) => parts.body = Some(Body { from: stands, parameter, reference }),
                (Some("formData"), Value::Object(field)) => {
                    parts.fields.push(Field { from: stands, parameter: field });
                }
                _ => {
                    let to = format!("{owner}/parameters/{}", parts.kept.len());
                    if from != to {
                        self.moved(&from, &to);
                    }
                    let converted = self.parameter(entry, &from, &to);
                    parts.kept.push(converted);
                }
            }
        }
        parts
    }

    fn insert_body(
        &mut self,
        operation: &mut Map<String, Value>,
        parts: &Parts<'s>,
        at: &str,
        consumes: Option<&[String]>,
    ) {
        if operation.contains_key("requestBody") {
            return;
        }
        let to = format!("{at}/requestBody");
        let body = match &parts.body {
            // The shared body is of the media types of the whole document.
            Some(Body { reference: Some(reference), from, .. })
                if from.starts_with("/parameters/") && consumes.is_none_or(|own| own == self.consumes) =>
            {
                Value::Object([("$ref".to_owned(), (*reference).clone())].into_iter().collect())
            }
            Some(body) => self.body(body.parameter, &body.from, &to, consumes),
            None if parts.fields.is_empty() => return,
            None => {
                let types = consumes.map_or_else(|| self.consumes.clone(), <[String]>::to_vec);
                self.form(&parts.fields, &format!("{at}/parameters"), &to, &types)
            }
        };
        operation.insert("requestBody".to_owned(), body);
    }

    fn responses(&mut self, responses: &'s Map<String, Value>, at: &str, produces: Option<&[String]>) -> Value {
        let mut converted = Map::new();
        for (status, response) in responses {
            let place = format!("{at}/responses/{}", escape_token(status));
            let shared = response.get("$ref").and_then(Value::as_str).filter(|_| produces.is_some());
            let shared = shared.and_then(|reference| self.parameter_at(reference));
            let value = match shared {
                _ if status.starts_with("x-") => response.clone(),
                // A shared response is of the media types of the whole document; these are others.
                Some((from, response)) if response.get("schema").is_some() => {
                    self.came(&from, &place);
                    self.response(response, &from, &place, produces.unwrap_or_default())
                }
                _ => {
                    let types = produces.map_or_else(|| self.produces.clone(), <[String]>::to_vec);
                    self.response(response, &place, &place, &types)
                }
            };
            converted.insert(status.clone(), value);
        }
        Value::Object(converted)
    }
}

/// Adds what a path item says about the bodies of its operations; what an operation says counts.
fn inherit<'s>(own: &mut Parts<'s>, shared: Option<&Parts<'s>>) {
    let Some(shared) = shared else { return };
    if own.body.is_none() && own.fields.is_empty() {
        own.body.clone_from(&shared.body);
    }
    for field in &shared.fields {
        let name = field.parameter.get("name");
        if own.body.is_none() && !own.fields.iter().any(|own| own.parameter.get("name") == name) {
            own.fields.push(Field { from: field.from.clone(), parameter: field.parameter });
        }
    }
}
