//! The operations of a document, with references resolved and inheritance applied.
//!
//! What stands here is the wire contract as the document states it. Each item keeps the JSON
//! pointer of its own definition, so that a finding can name a line.

use std::fmt;

use serde_json::{Map, Value};

use crate::load::{Document, LoadError, escape_token};

/// The methods that may stand in a path item, in the order of the specification.
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// How deep a chain of references may be before it counts as a cycle.
const MAX_REFERENCES: usize = 32;

/// A document whose operations have been read.
#[derive(Clone, Debug)]
pub struct Spec {
    document: Document,
    operations: Vec<Operation>,
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
    /// `operationId`, or `method_path` words where the document gives none.
    pub id: String,
    /// The HTTP method, in upper case.
    pub method: String,
    /// The path template, as written.
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
    /// Where its schema stands.
    pub schema: Option<String>,
    /// `style`, or the default of its location.
    pub style: String,
    /// `explode`, or the default of its style.
    pub explode: bool,
    /// Its documented example, if there is one.
    pub example: Option<Value>,
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
    /// What its body may be; empty when it has none.
    pub content: Vec<Content>,
    /// Names and schemas of its headers.
    pub headers: Vec<Header>,
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
}

impl Content {
    /// Whether the body is JSON: `application/json`, `text/json` or a `+json` type.
    #[must_use]
    pub fn is_json(&self) -> bool {
        is_json(&self.media_type)
    }
}

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
        check_references(&document, document.root(), &mut String::new())?;
        let mut operations = Vec::new();
        let reader = Reader { document: &document };
        for (path, item) in object(document.at("/paths")) {
            if path.starts_with("x-") {
                continue;
            }
            let pointer = format!("/paths/{}", escape_token(path));
            let (pointer, item) = reader.resolve(pointer, item)?;
            for method in METHODS {
                if let Some(operation) = item.get(method) {
                    operations.push(reader.operation(path, method, &pointer, item, operation)?);
                }
            }
        }
        Ok(Self { document, operations })
    }

    /// The document that was read.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// All operations, in document order.
    #[must_use]
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// The operation of an id, or of a `METHOD /path/template` signature.
    #[must_use]
    pub fn operation(&self, id_or_signature: &str) -> Option<&Operation> {
        self.operations.iter().find(|op| op.id == id_or_signature).or_else(|| {
            let (method, path) = id_or_signature.split_once(' ')?;
            self.operations.iter().find(|op| op.method.eq_ignore_ascii_case(method) && op.path == path.trim())
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

struct Reader<'d> {
    document: &'d Document,
}

impl<'d> Reader<'d> {
    /// Follows `$ref`s; gives where the thing really stands, and the thing.
    fn resolve(&self, mut pointer: String, mut value: &'d Value) -> Result<(String, &'d Value), LoadError> {
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

    fn operation(
        &self,
        path: &str,
        method: &str,
        item_pointer: &str,
        item: &'d Value,
        operation: &'d Value,
    ) -> Result<Operation, LoadError> {
        let pointer = format!("{item_pointer}/{method}");
        let mut parameters: Vec<Parameter> = Vec::new();
        for (owner, owner_pointer) in [(item, item_pointer), (operation, pointer.as_str())] {
            let list = owner.get("parameters").and_then(Value::as_array).into_iter().flatten();
            for (index, parameter) in list.enumerate() {
                let parameter = self.parameter(format!("{owner_pointer}/parameters/{index}"), parameter)?;
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
        let id = operation.get("operationId").and_then(Value::as_str);
        Ok(Operation {
            id: id.map_or_else(|| synthetic_id(method, path), str::to_owned),
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
        let (pointer, parameter) = self.resolve(pointer, parameter)?;
        let text = |key: &str| parameter.get(key).and_then(Value::as_str);
        let location = match text("in") {
            Some("path") => Location::Path,
            Some("query") => Location::Query,
            Some("header") => Location::Header,
            Some("cookie") => Location::Cookie,
            _ => {
                return Err(self.document.error(
                    &pointer,
                    "the parameter does not say where it travels",
                    "set `in` to `path`, `query`, `header` or `cookie`",
                ));
            }
        };
        let default_style = match location {
            Location::Path | Location::Header => "simple",
            Location::Query | Location::Cookie => "form",
        };
        let style = text("style").unwrap_or(default_style).to_owned();
        Ok(Parameter {
            name: text("name").unwrap_or_default().to_owned(),
            location,
            required: parameter.get("required") == Some(&Value::Bool(true)),
            schema: parameter.get("schema").map(|_| format!("{pointer}/schema")),
            explode: parameter.get("explode").and_then(Value::as_bool).unwrap_or(style == "form"),
            example: self.examples(&pointer, parameter)?.into_iter().next().map(|e| e.value).or_else(|| {
                parameter.get("schema").and_then(|s| s.get("example")).cloned()
            }),
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
        object(owner.get("content"))
            .map(|(media_type, media)| {
                let pointer = format!("{pointer}/content/{}", escape_token(media_type));
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

/// An id for an operation that has none: `get /accounts/{id}` is `get_accounts_id`.
fn synthetic_id(method: &str, path: &str) -> String {
    let words = path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    std::iter::once(method).chain(words).collect::<Vec<_>>().join("_")
}

/// Percent-decodes a fragment reference into a plain pointer.
pub(crate) fn decode(reference: &str) -> String {
    let fragment = reference.strip_prefix('#').unwrap_or(reference);
    let mut bytes = Vec::with_capacity(fragment.len());
    let mut rest = fragment.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match (first, escaped.and_then(|hex| u8::from_str_radix(hex, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| fragment.to_owned())
}

fn local<'d>(document: &'d Document, pointer: &str, reference: &str) -> Result<&'d Value, LoadError> {
    let at = format!("{pointer}/$ref");
    if !reference.starts_with('#') {
        return Err(document.error(
            &at,
            format!("`$ref: {reference}` leaves the document"),
            "bundle the documents into one file first",
        ));
    }
    document.at(&decode(reference)).ok_or_else(|| {
        document.error(
            &at,
            format!("`$ref: {reference}` points at nothing"),
            suggestion(document, reference).map_or_else(
                || "define what it refers to, or correct the reference".to_owned(),
                |name| format!("did you mean `{name}`?"),
            ),
        )
    })
}

/// The sibling of a dangling reference that is spelt most like it.
fn suggestion(document: &Document, reference: &str) -> Option<String> {
    let pointer = decode(reference);
    let (parent, name) = pointer.rsplit_once('/')?;
    let candidates = document.at(parent)?.as_object()?;
    candidates
        .keys()
        .map(|key| (distance(key, name), key))
        .filter(|(distance, _)| *distance <= 1 + name.len() / 4)
        .min()
        .map(|(_, key)| format!("#{parent}/{}", escape_token(key)))
}

/// Levenshtein distance, for "did you mean".
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let cost = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

/// Checks every reference of the document, used or not; what stands as data (examples, defaults,
/// enum values, extensions) holds no references.
fn check_references(document: &Document, value: &Value, pointer: &mut String) -> Result<(), LoadError> {
    match value {
        Value::Object(members) => {
            if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                local(document, pointer, reference)?;
            }
            for (key, member) in members {
                let named_by_author = ["/properties", "/schemas", "/headers"].iter().any(|p| pointer.ends_with(p));
                let data = matches!(key.as_str(), "example" | "default" | "enum" | "value") || key.starts_with("x-");
                if data && !named_by_author {
                    continue;
                }
                let parent = pointer.len();
                pointer.push('/');
                pointer.push_str(&escape_token(key));
                check_references(document, member, pointer)?;
                pointer.truncate(parent);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let parent = pointer.len();
                pointer.push_str(&format!("/{index}"));
                check_references(document, item, pointer)?;
                pointer.truncate(parent);
            }
        }
        _ => {}
    }
    Ok(())
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
        assert!(error.starts_with("spec.yaml:11:11: `$ref: #/components/parameters/Limits` points at nothing"), "{error}");
        assert!(error.ends_with("did you mean `#/components/parameters/Limit`?"), "{error}");
    }

    #[test]
    fn references_out_of_the_document_and_in_circles_are_refused() {
        let error = read(&PETS.replace("#/components/parameters/Limit", "other.yaml#/x")).unwrap_err();
        assert!(error.message.contains("leaves the document"), "{error}");
        let circle = PETS.replace(
            "Limit: {name: limit, in: query, required: true, schema: {type: integer}}",
            "Limit: {$ref: '#/components/parameters/Limit'}",
        );
        assert!(read(&circle).unwrap_err().message.contains("lead back"));
    }

    #[test]
    fn what_stands_as_data_holds_no_references() {
        assert!(read(&format!("{PETS}x-data: {{$ref: '#/nowhere'}}\n")).is_ok());
    }
}
