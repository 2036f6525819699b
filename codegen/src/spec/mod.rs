//! The operations of a document, with references resolved and inheritance applied.
//!
//! What stands here is the wire contract as the document states it. Each item keeps the JSON
//! pointer of its own definition, so that a finding can name a line.

mod annotation;
mod circle;
mod collect;
mod read;
mod reference;

use std::cell::RefCell;
use std::fmt;

use serde_json::Value;

#[cfg(feature = "generate")]
pub(crate) use self::annotation::is_annotation_keyword;
pub use self::circle::circles;
use self::collect::Collected;
use self::read::Reader;
#[cfg(feature = "generate")]
pub(crate) use self::read::stated_id;
pub(crate) use self::reference::decode;
use self::reference::{check_references, is_known};
use crate::load::{Document, Fault, LoadError};

/// A document whose operations have been read.
#[derive(Clone, Debug)]
pub struct Spec {
    document: Document,
    operations: Vec<Operation>,
    webhooks: Vec<Operation>,
    /// What is wrong with the document, in the order of the text.
    faults: Vec<Fault>,
}

/// What an operation's existence rests on (`x-evidence`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Evidence {
    /// The provider's reference names it.
    Documented,
    /// A guide or a sample of the provider names it.
    Guide,
    /// It was deduced.
    Inferred,
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Documented => "documented",
            Self::Guide => "guide",
            Self::Inferred => "inferred",
        })
    }
}

/// One operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// `operationId`, or `method_path` words where the document gives none. No two operations of a
    /// document have the same: where the document says so, the later ones get a number.
    pub id: String,
    /// The HTTP method, in upper case.
    pub method: String,
    /// The path template, as written; of a webhook its name, of a callback its expression.
    pub path: String,
    /// Where the operation object stands.
    pub pointer: String,
    /// `x-evidence`; absent in documents that do not use it.
    pub evidence: Option<Evidence>,
    /// The parameters of the operation and of its path item.
    pub parameters: Vec<Parameter>,
    /// The request body.
    pub request: Option<Request>,
    /// The responses, in document order.
    pub responses: Vec<Response>,
    /// Alternatives; each lists the names of the schemes it needs together.
    pub security: Vec<Vec<String>>,
}

impl Operation {
    /// `GET /accounts/{accountId}`.
    #[must_use]
    pub fn signature(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The response that answers a status: an exact code, else its range, else `default`.
    #[must_use]
    pub fn response(&self, status: u16) -> Option<&Response> {
        let find = |wanted: StatusKey| self.responses.iter().find(|r| r.status == wanted);
        find(StatusKey::Code(status))
            .or_else(|| find(StatusKey::Range(status / 100)))
            .or_else(|| find(StatusKey::Default))
    }
}

/// Where a parameter travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Location {
    /// In the path template.
    Path,
    /// In the query string.
    Query,
    /// In a header.
    Header,
    /// In a cookie.
    Cookie,
}

impl Location {
    /// The word of the specification.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name on the wire.
    pub name: String,
    /// Where it travels.
    pub location: Location,
    /// Whether a request must carry it.
    pub required: bool,
    /// Where the parameter object stands.
    pub pointer: String,
    /// Where its schema stands: under `schema`, or under its one `content`.
    pub schema: Option<String>,
    /// The media type of its value, where it has one instead of a style.
    pub content: Option<String>,
    /// `style`, or the default of its location.
    pub style: String,
    /// `explode`, or the default of its style.
    pub explode: bool,
    /// Its documented example, if there is one.
    pub example: Option<Value>,
}

impl Parameter {
    /// Whether it is no parameter although it stands among them: media types and credentials are described elsewhere in a document
    /// (OpenAPI 3.0.3, Parameter Object).
    #[must_use]
    pub fn is_ignored(&self) -> bool {
        self.is_header_of(&["accept", "content-type", "authorization"])
    }

    /// Whether who makes a call chooses its value. Where a body ends is up to who sends it (RFC 9112, section 6): a value of the
    /// caller's would cut the body off, or stand for the beginning of another request.
    #[must_use]
    pub fn is_argument(&self) -> bool {
        !self.is_ignored() && !self.is_header_of(&["content-length", "transfer-encoding"])
    }

    fn is_header_of(&self, names: &[&str]) -> bool {
        self.location == Location::Header && names.iter().any(|name| self.name.eq_ignore_ascii_case(name))
    }
}

/// A request body.
#[derive(Clone, Debug)]
pub struct Request {
    /// Whether the body must be there.
    pub required: bool,
    /// Where the body object stands.
    pub pointer: String,
    /// What it may be.
    pub content: Vec<Content>,
}

impl Request {
    /// The content that a generated client sends: `application/json`, else other JSON, else a form, else parts, else
    /// the first.
    #[must_use]
    pub fn preferred(&self) -> Option<&Content> {
        let rank = |content: &Content| match essence(&content.media_type).as_str() {
            "application/json" => 0,
            _ if content.is_json() && !content.is_range() => 1,
            FORM => 2,
            MULTIPART => 3,
            _ if content.is_json() => 4,
            _ => 5,
        };
        // Of equals, this is the first.
        self.content.iter().min_by_key(|content| rank(content))
    }
}

/// The key of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatusKey {
    /// One status.
    Code(u16),
    /// A hundred of them, such as `4XX`.
    Range(u16),
    /// Every other.
    Default,
}

impl StatusKey {
    /// Reads `200`, `4XX` or `default`.
    #[must_use]
    pub fn parse(key: &str) -> Option<Self> {
        if key == "default" {
            return Some(Self::Default);
        }
        if let Some(range) = key.strip_suffix("XX").or_else(|| key.strip_suffix("xx")) {
            return range.parse().ok().filter(|r| (1..=5).contains(r)).map(Self::Range);
        }
        key.parse().ok().filter(|code| (100..=599).contains(code)).map(Self::Code)
    }

    /// Whether a success is (or may be) meant.
    #[must_use]
    pub fn is_success(self) -> bool {
        matches!(self, Self::Code(200..=299) | Self::Range(2))
    }

    /// Whether an answer of this status can have a body: none does that is on its way, that says that there is nothing, or
    /// that what is known still holds (RFC 9110, sections 15.2, 15.3.5, 15.3.6 and 15.4.5).
    #[must_use]
    pub fn has_body(self) -> bool {
        !matches!(self, Self::Code(100..=199 | 204 | 205 | 304) | Self::Range(1))
    }
}

impl fmt::Display for StatusKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "{code}"),
            Self::Range(range) => write!(f, "{range}XX"),
            Self::Default => f.write_str("default"),
        }
    }
}

/// A response.
#[derive(Clone, Debug)]
pub struct Response {
    /// Which statuses it is for.
    pub status: StatusKey,
    /// Where the response object stands.
    pub pointer: String,
    /// What its body may be; empty when it has none, or none can be sent.
    pub content: Vec<Content>,
    /// Names and schemas of its headers.
    pub headers: Vec<Header>,
}

impl Response {
    /// What is read as JSON: a media type of JSON before a range of media types.
    #[must_use]
    pub fn json(&self) -> Option<&Content> {
        let of_json = || self.content.iter().filter(|content| content.is_json());
        of_json().find(|content| !content.is_range()).or_else(|| of_json().next())
    }
}

/// A response header.
#[derive(Clone, Debug)]
pub struct Header {
    /// The field name.
    pub name: String,
    /// Whether it must be there.
    pub required: bool,
    /// Where its schema stands.
    pub schema: Option<String>,
}

/// A body of one media type.
#[derive(Clone, Debug)]
pub struct Content {
    /// The media type, as written.
    pub media_type: String,
    /// Where the media type object stands.
    pub pointer: String,
    /// Where its schema stands.
    pub schema: Option<String>,
    /// The documented examples.
    pub examples: Vec<Example>,
    /// Whether the schema says more than that it is text, or bytes.
    pub structured: bool,
}

impl Content {
    /// Whether the body is JSON: `application/json`, `text/json`, a `+json` type, or anything of a structure where any type
    /// is allowed.
    #[must_use]
    pub fn is_json(&self) -> bool {
        is_json(&self.media_type)
            || (self.structured && matches!(essence(&self.media_type).as_str(), "*/*" | "application/*"))
    }

    /// Whether it is a range of media types, such as `image/*`.
    #[must_use]
    pub fn is_range(&self) -> bool {
        self.media_type.contains('*')
    }

    /// Whether the body is a form of names and values.
    #[must_use]
    pub fn is_form(&self) -> bool {
        essence(&self.media_type) == FORM
    }

    /// Whether the body is made of named parts.
    #[must_use]
    pub fn is_multipart(&self) -> bool {
        essence(&self.media_type) == MULTIPART
    }

    /// Whether the body is a value of its schema, and not merely bytes: JSON or a form.
    #[must_use]
    pub fn is_value(&self) -> bool {
        self.is_json() || self.is_form()
    }
}

/// The media type of a form (WHATWG URL, section 5).
pub const FORM: &str = "application/x-www-form-urlencoded";

/// The media type of named parts (RFC 7578).
pub const MULTIPART: &str = "multipart/form-data";

/// Whether a media type is JSON, its parameters aside.
#[must_use]
pub fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence == "application/json" || essence == "text/json" || essence.ends_with("+json")
}

/// A media type without its parameters, in lower case.
#[must_use]
pub fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// A documented example.
#[derive(Clone, Debug)]
pub struct Example {
    /// Its key under `examples`; empty for a single `example`.
    pub name: String,
    /// Where its value stands.
    pub pointer: String,
    /// The value.
    pub value: Value,
}

impl Spec {
    /// Reads the operations of a document.
    ///
    /// # Errors
    /// A reference is dangling, external or circular, or a response key is not a status.
    pub fn read(document: Document) -> Result<Self, LoadError> {
        let spec = Self::survey(document);
        spec.error().map_or(Ok(spec), Err)
    }

    /// Reads what can be read of the operations of a document, and leaves out the rest: an operation that is no object, a
    /// parameter without a name, a response whose reference leads nowhere.
    ///
    /// What is wrong is what [`lint`](crate::lint()) says beside all else, and what stops [`generate`](crate::generate()).
    ///
    /// ```
    /// use obkit_codegen::{Document, Spec, lint};
    ///
    /// let text = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /a: {get: {responses: {200: 5, 20: {}}}}\n";
    /// let spec = Spec::survey(Document::survey_text("openapi.yaml", text, &[])?);
    /// let faults = lint(&spec).into_iter().filter(|note| note.stops_generation());
    /// assert_eq!(faults.count(), 2);
    /// # Ok::<(), obkit_codegen::LoadError>(())
    /// ```
    #[must_use]
    pub fn survey(document: Document) -> Self {
        let reader = Reader { document: &document, faults: RefCell::new(check_references(&document)) };
        let mut collected = Collected::default();
        collected.paths(&reader);
        collected.webhooks(&reader);
        collected.tell_apart(&document);
        let Collected { operations, webhooks, .. } = collected;
        let mut faults = reader.faults.into_inner();
        faults.retain(|fault| !is_known(&document, fault));
        faults.extend_from_slice(document.faults());
        Fault::sort(&mut faults, document.file());
        Self { document, operations, webhooks, faults }
    }

    /// What is wrong with the document, for which [`Spec::read`] refuses it; none when nothing is.
    #[must_use]
    pub fn error(&self) -> Option<LoadError> {
        Fault::all(&self.faults)
    }

    #[cfg(feature = "generate")]
    pub(crate) fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// The document that was read.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// All operations that a client calls, in document order.
    #[must_use]
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// All operations that the provider calls: those of `webhooks` (and of `x-webhooks`, by which
    /// 3.0 documents carry them), then those of callbacks. Their path is the name of the webhook or
    /// the expression of the callback.
    #[must_use]
    pub fn webhooks(&self) -> &[Operation] {
        &self.webhooks
    }

    /// The operations, and the webhooks.
    pub fn all(&self) -> impl Iterator<Item = &Operation> {
        self.operations.iter().chain(&self.webhooks)
    }

    /// The operation of an id, or of a `METHOD /path/template` signature; a webhook's is
    /// `METHOD name`.
    #[must_use]
    pub fn operation(&self, id_or_signature: &str) -> Option<&Operation> {
        self.all().find(|op| op.id == id_or_signature).or_else(|| {
            let (method, path) = id_or_signature.split_once(' ')?;
            self.all().find(|op| op.method.eq_ignore_ascii_case(method) && op.path == path.trim())
        })
    }

    /// The names of the component schemas.
    pub fn schemas(&self) -> impl Iterator<Item = &str> {
        object(self.document.at("/components/schemas")).map(|(name, _)| name.as_str())
    }
}

fn object(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    fn read(text: &str) -> Result<Spec, LoadError> {
        Spec::read(Document::parse("spec.yaml", text).unwrap())
    }

    const PETS: &str = "\
openapi: 3.0.3
info: {title: T, version: '1'}
security: [{basic: []}]
paths:
  /pets/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
      - {name: limit, in: query, schema: {type: integer}}
    get:
      parameters:
        - $ref: '#/components/parameters/Limit'
      responses:
        '200':
          description: ok
          content:
            application/json;charset=UTF-8:
              schema: {type: object}
              examples: {one: {value: {a: 1}}}
        4XX: {description: bad}
        default: {description: other}
components:
  parameters:
    Limit: {name: limit, in: query, required: true, schema: {type: integer}}
";

    #[test]
    fn an_operation_inherits_and_overrides() {
        let spec = read(PETS).unwrap();
        let operation = spec.operation("GET /pets/{id}").unwrap();
        assert_eq!(operation.id, "get_pets_id");
        assert_eq!(operation.security, [["basic"]]);
        assert_eq!(operation.parameters.len(), 2);
        let limit = &operation.parameters[1];
        assert!(limit.required, "the operation's own parameter wins");
        assert_eq!(limit.pointer, "/components/parameters/Limit");
        assert!(operation.responses[0].content[0].is_json());
        assert_eq!(operation.responses[0].content[0].examples[0].value["a"], 1);
    }

    #[test]
    fn a_status_is_answered_by_code_then_range_then_default() {
        let spec = read(PETS).unwrap();
        let operation = &spec.operations()[0];
        let status = |code| operation.response(code).map(|r| r.status);
        assert_eq!(status(200), Some(StatusKey::Code(200)));
        assert_eq!(status(404), Some(StatusKey::Range(4)));
        assert_eq!(status(500), Some(StatusKey::Default));
    }

    #[test]
    fn a_dangling_reference_has_a_place_and_a_suggestion() {
        let error = read(&PETS.replace("parameters/Limit'", "parameters/Limits'")).unwrap_err().to_string();
        assert!(
            error.starts_with("spec.yaml:11:11: `$ref: #/components/parameters/Limits` points at nothing"),
            "{error}"
        );
        assert!(error.ends_with("did you mean `#/components/parameters/Limit`?"), "{error}");
    }

    #[test]
    fn references_out_of_the_document_and_in_circles_are_refused() {
        let error = read(&PETS.replace("#/components/parameters/Limit", "other.yaml#/x")).unwrap_err();
        assert!(error.message.contains("leads to another file"), "{error}");
        let circle = PETS.replace(
            "Limit: {name: limit, in: query, required: true, schema: {type: integer}}",
            "Limit: {$ref: '#/components/parameters/Limit'}",
        );
        assert!(read(&circle).unwrap_err().message.contains("lead back"));
    }

    #[test]
    fn a_wrong_kind_of_value_is_refused_with_its_place() {
        for (from, to, expected) in [
            (
                "      parameters:\n        - $ref: '#/components/parameters/Limit'\n",
                "      parameters: {}\n",
                "10:7: `parameters` is not a list",
            ),
            ("{name: id, in: path", "{name: id, in: boddy", "7:20: the parameter is said to be in `boddy`, where none"),
            ("{name: id, in: path", "{name: id", "7:9: the parameter does not say where it travels"),
            ("{name: id, in: path", "{in: path", "7:9: the path parameter has no name"),
            ("{name: id, in: path", "{name: '', in: path", "7:9: the path parameter has no name"),
            ("    get:\n", "    put: 5\n    get:\n", "9:5: `put` is not an object"),
            ("    get:\n", "    get:\n      operationId: 7\n", "10:7: `operationId` is not text"),
            ("schema: {type: object}", "schema: 5", "17:15: `schema` is not an object"),
            ("  /pets/{id}:\n", "  /a: 5\n  /pets/{id}:\n", "5:3: `/a` is not an object"),
        ] {
            let bad = PETS.replacen(from, to, 1);
            assert_ne!(bad, PETS, "{from}");
            let error = read(&bad).unwrap_err().to_string();
            assert!(error.starts_with(&format!("spec.yaml:{expected}")), "{error}");
        }
    }

    #[test]
    fn the_whole_document_is_no_schema() {
        let error = read(&PETS.replace("schema: {type: object}", "schema: {$ref: '#'}")).unwrap_err().to_string();
        assert!(error.starts_with("spec.yaml:17:24: `$ref: #` leads to the whole document"), "{error}");
    }

    #[test]
    fn what_stands_as_data_holds_no_references() {
        assert!(read(&format!("{PETS}x-data: {{$ref: '#/nowhere'}}\n")).is_ok());
    }

    #[test]
    fn webhooks_and_callbacks_are_operations_that_the_provider_calls() {
        let text = "\
openapi: 3.1.0
webhooks:
  paid: {post: {operationId: onPaid, responses: {}}}
  $other/hook: {$ref: '#/components/pathItems/Hook'}
components:
  pathItems:
    Hook: {put: {callbacks: {again: {$ref: '#/components/callbacks/Again'}}, responses: {}}}
  callbacks:
    Again:
      '{$request.body#/url}': {post: {callbacks: {again: {$ref: '#/components/callbacks/Again'}}, responses: {}}}
";
        let spec = read(text).unwrap();
        assert!(spec.operations().is_empty());
        let found: Vec<_> =
            spec.webhooks().iter().map(|op| (op.id.as_str(), op.path.as_str(), op.pointer.as_str())).collect();
        assert_eq!(
            found,
            [
                ("onPaid", "paid", "/webhooks/paid/post"),
                ("put_other_hook", "$other/hook", "/components/pathItems/Hook/put"),
                (
                    "post_request_body_url",
                    "{$request.body#/url}",
                    "/components/callbacks/Again/{$request.body#~1url}/post"
                ),
            ]
        );
        assert_eq!(spec.operation("POST paid").map(|op| op.id.as_str()), Some("onPaid"));
        let old = text.replace("openapi: 3.1.0\nwebhooks", "openapi: 3.0.3\npaths: {}\nx-webhooks");
        assert_eq!(read(&old).unwrap().webhooks().len(), 3);
        let bad = read(&text.replace("{operationId: onPaid, responses: {}}", "5")).unwrap_err();
        assert!(bad.message.contains("`post` is not an object"), "{bad}");
    }

    #[test]
    fn ids_differ_and_what_is_stated_counts_first() {
        let ids = |operations: &[(&str, &str)]| {
            let paths: Vec<String> =
                operations.iter().map(|(path, id)| format!("  {path}: {{get: {{{id}responses: {{}}}}}}\n")).collect();
            let spec = read(&format!("openapi: 3.0.3\npaths:\n{}", paths.concat())).unwrap();
            spec.operations().iter().map(|op| op.id.clone()).collect::<Vec<_>>()
        };
        let a = "operationId: a, ";
        assert_eq!(ids(&[("/1", a), ("/2", a), ("/3", a)]), ["a", "a_2", "a_3"]);
        assert_eq!(ids(&[("/1", a), ("/2", a), ("/3", "operationId: a_2, ")]), ["a", "a_3", "a_2"]);
        assert_eq!(ids(&[("/b", ""), ("/{b}", "")]), ["get_b", "get_b_2"]);
        assert_eq!(ids(&[("/b", ""), ("/c", "operationId: get_b, ")]), ["get_b_2", "get_b"]);
    }
}
