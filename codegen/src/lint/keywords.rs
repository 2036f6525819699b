//! The members of the specification's objects, and what each must be: the table that [`super::form`] checks
//! documents against.
//!
//! One table for all versions: what one of them allows is understood in each.

mod schema;

use self::schema::SCHEMA;
use crate::load::shape::Kind;

/// A member of an object.
pub(super) struct Keyword {
    pub(super) name: &'static str,
    pub(super) form: Form,
    /// Whether the object means nothing, or not all it should, without it.
    pub(super) needed: bool,
}

/// What a member must be.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// Any JSON; or what a value of the member is, other rules say.
    Any,
    /// One part, which is checked by itself.
    Part,
    /// A list of such parts.
    Parts,
    /// An object of such parts by name.
    Named,
    Text,
    Flag,
    Number,
    /// A number above zero.
    Step,
    /// A whole number, zero or above.
    Count,
    /// A number as in 3.1, or a flag as in 3.0.
    Bound,
    Texts,
    /// A list with something in it.
    Values,
    /// One of these words.
    Word(&'static [&'static str]),
    /// One of these words, or a list of them.
    Words(&'static [&'static str]),
    Object(&'static [Keyword]),
    Objects(&'static [Keyword]),
    /// An object of such objects by name.
    NamedObjects(&'static [Keyword]),
    /// An object of texts by name.
    NamedTexts,
}

use Form::{Any, Flag, Named, NamedObjects, NamedTexts, Object, Objects, Part, Parts, Text, Texts, Word};

const fn may(name: &'static str, form: Form) -> Keyword {
    Keyword { name, form, needed: false }
}

const fn must(name: &'static str, form: Form) -> Keyword {
    Keyword { name, form, needed: true }
}

/// The members of an object.
pub(super) fn of(kind: Kind) -> &'static [Keyword] {
    match kind {
        Kind::Document => DOCUMENT,
        Kind::Components => COMPONENTS,
        Kind::PathItem => PATH_ITEM,
        Kind::Operation => OPERATION,
        Kind::Parameter => PARAMETER,
        Kind::Header => HEADER,
        Kind::RequestBody => REQUEST_BODY,
        Kind::Response => RESPONSE,
        Kind::MediaType => MEDIA_TYPE,
        Kind::Encoding => ENCODING,
        Kind::Example => EXAMPLE,
        Kind::SecurityScheme => SECURITY_SCHEME,
        Kind::Schema => SCHEMA,
        Kind::Link | Kind::Callback => &[],
    }
}

/// What a security scheme needs, by its type.
pub(super) fn needed_by_scheme(ty: &str) -> &'static [&'static str] {
    match ty {
        "apiKey" => &["name", "in"],
        "http" => &["scheme"],
        "oauth2" => &["flows"],
        "openIdConnect" => &["openIdConnectUrl"],
        _ => &[],
    }
}

const DOCUMENT: &[Keyword] = &[
    may("openapi", Any),
    must("info", Object(INFO)),
    may("jsonSchemaDialect", Text),
    may("servers", Objects(SERVER)),
    may("paths", Named),
    may("webhooks", Named),
    may("components", Part),
    may("security", Objects(&[])),
    may("tags", Objects(TAG)),
    may("externalDocs", Object(EXTERNAL_DOCS)),
];

const INFO: &[Keyword] = &[
    must("title", Text),
    must("version", Text),
    may("summary", Text),
    may("description", Text),
    may("termsOfService", Text),
    may("contact", Object(&[may("name", Text), may("url", Text), may("email", Text)])),
    may("license", Object(&[must("name", Text), may("identifier", Text), may("url", Text)])),
];

const SERVER: &[Keyword] =
    &[must("url", Text), may("description", Text), may("variables", NamedObjects(&[must("default", Any)]))];

const TAG: &[Keyword] = &[must("name", Text), may("description", Text), may("externalDocs", Object(EXTERNAL_DOCS))];

const EXTERNAL_DOCS: &[Keyword] = &[must("url", Text), may("description", Text)];

const COMPONENTS: &[Keyword] = &[
    may("schemas", Named),
    may("responses", Named),
    may("parameters", Named),
    may("examples", Named),
    may("requestBodies", Named),
    may("headers", Named),
    may("securitySchemes", Named),
    may("links", Named),
    may("callbacks", Named),
    may("pathItems", Named),
];

const PATH_ITEM: &[Keyword] = &[
    may("summary", Text),
    may("description", Text),
    may("get", Part),
    may("put", Part),
    may("post", Part),
    may("delete", Part),
    may("options", Part),
    may("head", Part),
    may("patch", Part),
    may("trace", Part),
    may("servers", Objects(SERVER)),
    may("parameters", Parts),
];

const OPERATION: &[Keyword] = &[
    may("tags", Texts),
    may("summary", Text),
    may("description", Text),
    may("externalDocs", Object(EXTERNAL_DOCS)),
    may("operationId", Text),
    may("parameters", Parts),
    may("requestBody", Part),
    may("responses", Named),
    may("callbacks", Named),
    may("deprecated", Flag),
    may("security", Objects(&[])),
    may("servers", Objects(SERVER)),
];

const STYLES: Form =
    Word(&["matrix", "label", "form", "simple", "spaceDelimited", "pipeDelimited", "deepObject", "tabDelimited"]);

const PARAMETER: &[Keyword] = &[
    must("name", Text),
    must("in", Word(&["path", "query", "header", "cookie"])),
    may("description", Text),
    may("required", Flag),
    may("deprecated", Flag),
    may("allowEmptyValue", Flag),
    // Which of them a place has, another rule says.
    may("style", Text),
    may("explode", Flag),
    may("allowReserved", Flag),
    may("schema", Part),
    may("example", Any),
    may("examples", Named),
    may("content", Named),
];

const HEADER: &[Keyword] = &[
    may("description", Text),
    may("required", Flag),
    may("deprecated", Flag),
    may("style", STYLES),
    may("explode", Flag),
    may("schema", Part),
    may("example", Any),
    may("examples", Named),
    may("content", Named),
];

const REQUEST_BODY: &[Keyword] = &[may("description", Text), must("content", Named), may("required", Flag)];

const RESPONSE: &[Keyword] =
    &[must("description", Text), may("headers", Named), may("content", Named), may("links", Named)];

const MEDIA_TYPE: &[Keyword] =
    &[may("schema", Part), may("example", Any), may("examples", Named), may("encoding", Named)];

const ENCODING: &[Keyword] = &[
    may("contentType", Text),
    may("headers", Named),
    may("style", STYLES),
    may("explode", Flag),
    may("allowReserved", Flag),
];

const EXAMPLE: &[Keyword] =
    &[may("summary", Text), may("description", Text), may("value", Any), may("externalValue", Text)];

const SECURITY_SCHEME: &[Keyword] = &[
    must("type", Word(&["apiKey", "http", "mutualTLS", "oauth2", "openIdConnect"])),
    may("description", Text),
    may("name", Text),
    may("in", Word(&["query", "header", "cookie"])),
    may("scheme", Text),
    may("bearerFormat", Text),
    may("flows", Object(FLOWS)),
    may("openIdConnectUrl", Text),
];

const FLOWS: &[Keyword] = &[
    may("implicit", Object(FLOW)),
    may("password", Object(FLOW)),
    may("clientCredentials", Object(FLOW)),
    may("authorizationCode", Object(FLOW)),
];

const FLOW: &[Keyword] =
    &[may("authorizationUrl", Text), may("tokenUrl", Text), may("refreshUrl", Text), may("scopes", NamedTexts)];
