//! Where schemas stand in an OpenAPI document.
//!
//! A table of the objects of the specification, walked from the root. What is not in the table
//! (examples, defaults, extensions) is data and is never taken for a schema.

use obkit_codegen::load::escape_token;
use serde_json::Value;

#[derive(Clone, Copy)]
enum Kind {
    Document,
    Components,
    PathItem,
    Operation,
    /// A parameter or a header: both hold a `schema` or `content`.
    Parameter,
    /// A request body.
    Body,
    Response,
    MediaType,
    Encoding,
    Schema,
}

/// How a member holds objects of its kind.
#[derive(Clone, Copy)]
enum Holds {
    One,
    List,
    Map,
    MapOfMaps,
}

use Holds::{List, Map, MapOfMaps, One};

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

fn members(kind: Kind) -> &'static [(&'static str, Holds, Kind)] {
    match kind {
        // Webhooks are no part of 3.0; its documents carry them as an extension of the same form.
        Kind::Document => &[
            ("paths", Map, Kind::PathItem),
            ("webhooks", Map, Kind::PathItem),
            ("x-webhooks", Map, Kind::PathItem),
            ("components", One, Kind::Components),
        ],
        Kind::Components => &[
            ("schemas", Map, Kind::Schema),
            ("parameters", Map, Kind::Parameter),
            ("headers", Map, Kind::Parameter),
            ("requestBodies", Map, Kind::Body),
            ("responses", Map, Kind::Response),
            ("callbacks", MapOfMaps, Kind::PathItem),
            ("pathItems", Map, Kind::PathItem),
        ],
        Kind::PathItem => &[("parameters", List, Kind::Parameter)],
        Kind::Operation => &[
            ("parameters", List, Kind::Parameter),
            ("requestBody", One, Kind::Body),
            ("responses", Map, Kind::Response),
            ("callbacks", MapOfMaps, Kind::PathItem),
        ],
        Kind::Parameter => &[("schema", One, Kind::Schema), ("content", Map, Kind::MediaType)],
        Kind::Body => &[("content", Map, Kind::MediaType)],
        Kind::Response => &[("headers", Map, Kind::Parameter), ("content", Map, Kind::MediaType)],
        Kind::MediaType => &[("schema", One, Kind::Schema), ("encoding", Map, Kind::Encoding)],
        Kind::Encoding => &[("headers", Map, Kind::Parameter)],
        Kind::Schema => &[],
    }
}

/// The outermost schemas of a document by their pointers, in document order.
pub(crate) fn schemas(root: &Value) -> Vec<(String, &Value)> {
    let mut found = Vec::new();
    visit(root, "", Kind::Document, &mut found);
    found
}

fn visit<'d>(value: &'d Value, pointer: &str, kind: Kind, found: &mut Vec<(String, &'d Value)>) {
    if matches!(kind, Kind::Schema) {
        found.push((pointer.to_owned(), value));
        return;
    }
    for (name, holds, child) in members(kind) {
        if let Some(member) = value.get(name) {
            visit_member(member, &format!("{pointer}/{name}"), *holds, *child, found);
        }
    }
    if matches!(kind, Kind::PathItem) {
        for method in METHODS {
            if let Some(operation) = value.get(method) {
                visit(operation, &format!("{pointer}/{method}"), Kind::Operation, found);
            }
        }
    }
}

fn visit_member<'d>(member: &'d Value, pointer: &str, holds: Holds, kind: Kind, found: &mut Vec<(String, &'d Value)>) {
    match (holds, member) {
        (One, _) => visit(member, pointer, kind, found),
        (List, Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                visit(item, &format!("{pointer}/{index}"), kind, found);
            }
        }
        (Map | MapOfMaps, Value::Object(entries)) => {
            let inner = if matches!(holds, Map) { One } else { Map };
            // Schemas and headers may be called anything; elsewhere `x-` marks an extension.
            for (name, entry) in entries
                .iter()
                .filter(|(name, _)| !name.starts_with("x-") || matches!(kind, Kind::Schema | Kind::Parameter))
            {
                visit_member(entry, &format!("{pointer}/{}", escape_token(name)), inner, kind, found);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use serde_json::json;

    use super::*;

    #[test]
    fn schemas_are_found_where_the_specification_puts_them_and_nowhere_else() {
        let document = json!({
            "paths": {"/a": {
                "parameters": [{"schema": {}}],
                "get": {"responses": {"200": {
                    "headers": {"X": {"schema": {}}},
                    "content": {"application/json": {"schema": {}, "example": {"schema": {}}}},
                }}},
                "post": {"callbacks": {"done": {"{$request.body#/url}": {"post": {"requestBody": {"content": {"a/b": {"schema": {}}}}}}}}},
            }},
            "components": {"schemas": {"A": {"properties": {"b": {}}}}, "examples": {"E": {"schema": {}}}},
            "x-data": {"schema": {}},
        });
        let found: Vec<_> = schemas(&document).into_iter().map(|(pointer, _)| pointer).collect();
        assert_eq!(
            found,
            [
                "/paths/~1a/parameters/0/schema",
                "/paths/~1a/get/responses/200/headers/X/schema",
                "/paths/~1a/get/responses/200/content/application~1json/schema",
                "/paths/~1a/post/callbacks/done/{$request.body#~1url}/post/requestBody/content/a~1b/schema",
                "/components/schemas/A",
            ]
        );
    }
}
