//! JSON values without what nobody may see.

use obkit_codegen::Document;
use serde_json::{Map, Value};

use crate::exchange::redacted::MARK;
use crate::pointer;
use crate::security::MIN_SECRET;

/// Names of credentials (RFC 6749, appendix A; RFC 7521, section 4; RFC 7636, section 4; OpenID Connect Core, section 3.1.3.3), without what
/// stands between their words.
const CREDENTIALS: [&str; 9] = [
    "accesstoken",
    "assertion",
    "clientassertion",
    "clientsecret",
    "codeverifier",
    "idtoken",
    "password",
    "refreshtoken",
    "subjecttoken",
];

/// How many references and combinators are looked through.
const MAX_DEPTH: usize = 32;

/// The value of a schema, with everything replaced that the schema does not name, or calls sensitive, and whatever holds one of the secrets.
pub(super) fn redacted(document: &Document, schema: &str, secrets: &[String], value: &Value) -> Value {
    let schemas = document.at(pointer::plain(schema)).into_iter().collect();
    Redacting { document, secrets }.value(schemas, value)
}

/// Whether a text is a value that a schema lists, or one of a boolean.
pub(super) fn is_listed(document: &Document, schema: &str, text: &str) -> bool {
    let redacting = Redacting { document, secrets: &[] };
    let schemas = redacting.flat(document.at(pointer::plain(schema)).into_iter().collect());
    let is_boolean = matches!(text, "true" | "false");
    let is_same = |listed: &Value| match listed {
        Value::String(listed) => listed == text,
        Value::Number(listed) => listed.to_string() == text,
        _ => false,
    };
    !schemas.iter().any(|schema| is_sensitive(schema))
        && schemas.iter().any(|schema| match listed(schema) {
            Some(values) => values.into_iter().any(is_same),
            None => is_boolean && has_type(schema, "boolean"),
        })
}

struct Redacting<'d> {
    document: &'d Document,
    /// What came with the request to prove who sends it.
    secrets: &'d [String],
}

impl<'d> Redacting<'d> {
    /// A value that all these schemas, or some of them, speak of.
    fn value(&self, schemas: Vec<&'d Value>, value: &Value) -> Value {
        let schemas = self.flat(schemas);
        if schemas.iter().any(|schema| is_sensitive(schema)) {
            return MARK.into();
        }
        match value {
            Value::Null => Value::Null,
            Value::Array(items) => {
                items.iter().enumerate().map(|(index, item)| self.item(&schemas, index, item)).collect()
            }
            Value::Object(members) => self.object(&schemas, members),
            scalar if schemas.iter().any(|schema| names(schema, scalar)) && !self.holds_secret(scalar) => {
                scalar.clone()
            }
            _ => MARK.into(),
        }
    }

    /// Whether a scalar is a secret of the request, or shows one that is too long to stand there by chance.
    fn holds_secret(&self, scalar: &Value) -> bool {
        let text = match scalar {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return false,
        };
        self.secrets
            .iter()
            .any(|secret| text == *secret || (secret.len() >= MIN_SECRET && text.contains(secret.as_str())))
    }

    fn item(&self, schemas: &[&'d Value], index: usize, item: &Value) -> Value {
        let own = |schema: &&'d Value| {
            let first = schema.get("prefixItems").and_then(|items| items.get(index));
            first.or_else(|| schema.get("items").filter(|items| items.is_object()))
        };
        self.value(schemas.iter().filter_map(own).collect(), item)
    }

    fn object(&self, schemas: &[&'d Value], members: &Map<String, Value>) -> Value {
        let mut told = Map::new();
        for (name, member) in members {
            let own = |schema: &&'d Value| schema.get("properties").and_then(|properties| properties.get(name));
            let own: Vec<_> = schemas.iter().filter_map(own).collect();
            if own.is_empty() {
                // The name of a member that nobody documents may be an account number.
                told.insert(format!("{MARK} {}", told.len() + 1), MARK.into());
            } else if is_credential(name) {
                told.insert(name.clone(), MARK.into());
            } else {
                told.insert(name.clone(), self.value(own, member));
            }
        }
        Value::Object(told)
    }

    /// The schemas, with what they refer to and are made of.
    fn flat(&self, schemas: Vec<&'d Value>) -> Vec<&'d Value> {
        let mut open: Vec<_> = schemas.into_iter().map(|schema| (schema, MAX_DEPTH)).collect();
        let mut flat: Vec<&'d Value> = Vec::new();
        while let Some((schema, depth)) = open.pop() {
            if depth == 0 || flat.iter().any(|known| std::ptr::eq(*known, schema)) {
                continue;
            }
            flat.push(schema);
            let target = schema.get("$ref").and_then(Value::as_str).map(pointer::of_reference);
            open.extend(target.and_then(|target| self.document.at(&target)).map(|target| (target, depth - 1)));
            for keyword in ["allOf", "anyOf", "oneOf"] {
                let parts = schema.get(keyword).and_then(Value::as_array).into_iter().flatten();
                open.extend(parts.map(|part| (part, depth - 1)));
            }
            let branches = ["then", "else"].iter().filter_map(|keyword| schema.get(*keyword));
            open.extend(branches.map(|part| (part, depth - 1)));
        }
        flat
    }
}

fn is_sensitive(schema: &Value) -> bool {
    let flags = ["x-sensitive", "writeOnly"];
    flags.iter().any(|flag| schema.get(*flag) == Some(&Value::Bool(true)))
        || schema.get("format").and_then(Value::as_str) == Some("password")
}

/// Whether a member is a credential by the name that OAuth 2.0 and OpenID Connect give to it, whatever its schema says.
fn is_credential(name: &str) -> bool {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    CREDENTIALS.iter().any(|known| known.eq_ignore_ascii_case(&plain))
}

/// The values that a schema lists.
fn listed(schema: &Value) -> Option<Vec<&Value>> {
    let values = schema.get("enum").and_then(Value::as_array).map(|values| values.iter().collect());
    values.or_else(|| schema.get("const").map(|value| vec![value]))
}

fn has_type(schema: &Value, wanted: &str) -> bool {
    match schema.get("type") {
        Some(Value::String(own)) => own == wanted,
        Some(Value::Array(types)) => types.iter().any(|own| own.as_str() == Some(wanted)),
        _ => false,
    }
}

/// Whether a schema says that a value may stand there: lists it, or has its type.
fn names(schema: &Value, value: &Value) -> bool {
    if let Some(values) = listed(schema) {
        return values.contains(&value);
    }
    match value {
        Value::Bool(_) => has_type(schema, "boolean"),
        Value::Number(_) => has_type(schema, "number") || has_type(schema, "integer"),
        Value::String(_) => has_type(schema, "string"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use serde_json::json;

    use super::*;

    const SPEC: &str = "\
openapi: 3.0.3
info: {title: T, version: '1'}
paths: {}
components:
  schemas:
    Account:
      allOf:
        - type: object
          properties:
            id: {type: string, x-sensitive: true}
            kind: {type: string, enum: [a, b]}
            amount: {type: number}
        - type: object
          properties:
            tags: {type: array, items: {type: string}}
            holder: {$ref: '#/components/schemas/Holder'}
            next: {$ref: '#/components/schemas/Account'}
            anything: {}
            map: {type: object, additionalProperties: {type: string}}
            either: {oneOf: [{type: string}, {type: string, x-sensitive: true}]}
    Holder: {type: object, x-sensitive: true, properties: {name: {type: string}}}
";

    #[test]
    fn what_is_named_stays_and_nothing_else_does() {
        let document = Document::parse("s.yaml", SPEC).unwrap();
        let value = json!({
            "id": "SECRET", "kind": "b", "amount": 1.50, "tags": ["x", 7], "holder": {"name": "SECRET"}, "next": {"id": "SECRET", "kind": "SECRET"},
            "anything": {"SECRET": "SECRET"}, "map": {"SECRET": "SECRET"}, "either": "SECRET", "SECRET": 1, "": null,
        });
        let told = redacted(&document, "#/components/schemas/Account", &[], &value);
        let expected = json!({
            "id": MARK, "kind": "b", "amount": 1.50, "tags": ["x", MARK], "holder": MARK, "next": {"id": MARK, "kind": MARK},
            "anything": {"[redacted] 1": MARK}, "map": {"[redacted] 1": MARK}, "either": MARK,
        });
        assert!(!told.to_string().contains("SECRET"), "{told}");
        for (name, member) in expected.as_object().unwrap() {
            assert_eq!(&told[name], member, "{name}");
        }
        assert_eq!(told.as_object().unwrap().len(), value.as_object().unwrap().len());
    }

    #[test]
    fn a_listed_text_is_no_secret() {
        let text = SPEC
            .replace("    Account:", "    One: {type: integer, enum: [7]}\n    Flag: {type: boolean}\n    Account:");
        let document = Document::parse("s.yaml", &text).unwrap();
        let is_listed = |schema: &str, text| is_listed(&document, &format!("/components/schemas/{schema}"), text);
        assert!(
            is_listed("One", "7") && is_listed("Flag", "true") && is_listed("Account/allOf/0/properties/kind", "a")
        );
        assert!(
            !is_listed("One", "8") && !is_listed("Flag", "x") && !is_listed("Account/allOf/0/properties/amount", "1")
        );
    }
}
