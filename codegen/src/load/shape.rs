//! The objects of the specifications, and what they hold.
//!
//! One table for all versions: their objects of one name hold the same things, as far as references
//! can stand there. What is not in the table is data, or is unknown, and is left alone.

use super::version::Dialect;

/// An object of the specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Document,
    Components,
    PathItem,
    Operation,
    Parameter,
    Header,
    RequestBody,
    Response,
    MediaType,
    Encoding,
    Example,
    Link,
    Callback,
    SecurityScheme,
    Schema,
}

/// How a member holds objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    /// One of them; also a list, in `items` of old.
    One,
    List,
    Map,
    /// As a map whose names an extension may stand beside.
    Extensible,
}

use Holds::{Extensible, List, Map, One};

/// What a member of an object holds.
pub(crate) fn member(owner: Kind, key: &str) -> Option<(Holds, Kind)> {
    let held = match (owner, key) {
        (Kind::Document, "paths" | "webhooks" | "x-webhooks") => (Extensible, Kind::PathItem),
        (Kind::Document, "components") => (One, Kind::Components),
        (Kind::Document, "definitions") | (Kind::Components, "schemas") => (Map, Kind::Schema),
        (Kind::Document | Kind::Components, "parameters") => (Map, Kind::Parameter),
        (Kind::Document | Kind::Components, "responses") => (Map, Kind::Response),
        (Kind::Components, "requestBodies") => (Map, Kind::RequestBody),
        (Kind::Components | Kind::Response | Kind::Encoding, "headers") => (Map, Kind::Header),
        (Kind::Components | Kind::MediaType | Kind::Parameter | Kind::Header, "examples") => (Map, Kind::Example),
        (Kind::Components | Kind::Response, "links") => (Map, Kind::Link),
        (Kind::Components | Kind::Operation, "callbacks") => (Map, Kind::Callback),
        (Kind::Components, "pathItems") => (Map, Kind::PathItem),
        (Kind::Components, "securitySchemes") => (Map, Kind::SecurityScheme),
        (Kind::PathItem | Kind::Operation, "parameters") => (List, Kind::Parameter),
        (Kind::PathItem, "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace") => {
            (One, Kind::Operation)
        }
        (Kind::Operation, "requestBody") => (One, Kind::RequestBody),
        (Kind::Operation, "responses") => (Extensible, Kind::Response),
        (Kind::Callback, key) if !key.starts_with("x-") => (One, Kind::PathItem),
        (Kind::Parameter | Kind::Header | Kind::RequestBody | Kind::Response, "content") => (Map, Kind::MediaType),
        (Kind::Parameter | Kind::Header | Kind::MediaType | Kind::Response, "schema") => (One, Kind::Schema),
        (Kind::MediaType, "encoding") => (Map, Kind::Encoding),
        (Kind::Schema, key) => (in_schema(key)?, Kind::Schema),
        _ => return None,
    };
    Some(held)
}

fn in_schema(key: &str) -> Option<Holds> {
    match key {
        "properties" | "patternProperties" | "dependentSchemas" | "$defs" | "definitions" => Some(Map),
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => Some(List),
        "items"
        | "additionalItems"
        | "additionalProperties"
        | "contains"
        | "contentSchema"
        | "else"
        | "if"
        | "not"
        | "propertyNames"
        | "then"
        | "unevaluatedItems"
        | "unevaluatedProperties" => Some(One),
        _ => None,
    }
}

/// Where components of a kind stand, where there are such.
pub(super) fn section(kind: Kind, dialect: Dialect) -> Option<&'static str> {
    if dialect == Dialect::Swagger {
        return match kind {
            Kind::Schema => Some("/definitions"),
            Kind::Parameter => Some("/parameters"),
            Kind::Response => Some("/responses"),
            _ => None,
        };
    }
    match kind {
        Kind::Schema => Some("/components/schemas"),
        Kind::Parameter => Some("/components/parameters"),
        Kind::Response => Some("/components/responses"),
        Kind::RequestBody => Some("/components/requestBodies"),
        Kind::Header => Some("/components/headers"),
        Kind::Example => Some("/components/examples"),
        Kind::Link => Some("/components/links"),
        Kind::Callback => Some("/components/callbacks"),
        Kind::SecurityScheme => Some("/components/securitySchemes"),
        _ => None,
    }
}

/// The kinds that can be components, in the order of the specification.
pub(super) const COMPONENTS: [Kind; 9] = [
    Kind::Schema,
    Kind::Response,
    Kind::Parameter,
    Kind::Example,
    Kind::RequestBody,
    Kind::Header,
    Kind::SecurityScheme,
    Kind::Link,
    Kind::Callback,
];
