//! Requests as values, before they are written.

use std::collections::BTreeMap;

use obkit_codegen::load::escape_token;
use obkit_codegen::spec::{Content, Location, Operation, Parameter, is_json};
use serde_json::Value;

use crate::Severity;
use crate::checks;
use crate::contract::Contract;
use crate::exchange::{self, Request};
use crate::finding::Finding;
use crate::parameter::encode;

/// Between the parts of a body.
const BOUNDARY: &str = "obkit-boundary";

/// A request of an operation, as values.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Draft {
    /// The operation's index.
    pub(crate) operation: usize,
    /// Values by the parameter's index.
    pub(crate) parameters: BTreeMap<usize, Value>,
    /// The body.
    pub(crate) body: Option<Body>,
}

/// The body of a request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Body {
    /// A value of the content at an index.
    Value(usize, Value),
    /// Bytes under a media type.
    Bytes(String, Vec<u8>),
}

/// What the document says of a request.
pub(crate) enum Verdict {
    /// It fits.
    Fits,
    /// It breaks the document.
    Breaks(Vec<Finding>),
    /// It belongs to another operation, or to none.
    Elsewhere,
}

impl Draft {
    /// The request as it travels, without credentials; none when it cannot be written: an empty path variable, or a header
    /// field that HTTP does not carry.
    pub(crate) fn write(&self, contract: &Contract) -> Option<Request> {
        let operation = contract.spec().operations().get(self.operation)?;
        let mut request =
            Request { method: operation.method.clone(), path: operation.path.clone(), ..Request::default() };
        let (mut query, mut cookies) = (Vec::new(), Vec::new());
        for (index, value) in &self.parameters {
            let parameter = operation.parameters.get(*index)?;
            for (name, text) in encode(parameter, value) {
                match parameter.location {
                    Location::Path => {
                        request.path = request.path.replace(&format!("{{{}}}", parameter.name), &segment(&text)?);
                    }
                    Location::Query => query.push(format!("{name}={text}")),
                    Location::Cookie => cookies.push(format!("{name}={text}")),
                    Location::Header => request.headers.push((parameter.name.clone(), field(text)?)),
                }
            }
        }
        if request.path.contains('{') {
            return None;
        }
        if !query.is_empty() {
            request.query = Some(query.join("&"));
        }
        if !cookies.is_empty() {
            request.headers.push(("cookie".to_owned(), cookies.join("; ")));
        }
        match &self.body {
            None => {}
            Some(Body::Bytes(media_type, bytes)) => {
                request.headers.push(("content-type".to_owned(), media_type.clone()));
                request.body.clone_from(bytes);
            }
            Some(Body::Value(index, value)) => {
                let content = operation.request.as_ref()?.content.get(*index)?;
                let (media_type, bytes) = written(contract, content, value);
                request.headers.push(("content-type".to_owned(), media_type));
                request.body = bytes;
            }
        }
        Some(request)
    }
}

/// What the document says of a request of an operation, credentials aside.
pub(crate) fn judge(contract: &Contract, operation: &Operation, request: &Request) -> Verdict {
    let checked = exchange::check_breaches(contract, request, None);
    if checked.operation.is_none_or(|found| found.id != operation.id) {
        return Verdict::Elsewhere;
    }
    let mut broken = checked.findings;
    broken.retain(|finding| {
        let check = finding.rule.check();
        finding.severity == Severity::Error && check != checks::RT060 && check != checks::GI001
    });
    if broken.is_empty() { Verdict::Fits } else { Verdict::Breaks(broken) }
}

/// A path variable is not empty, and no step within the path.
fn segment(text: &str) -> Option<String> {
    (!text.is_empty() && !matches!(text, "." | "..")).then(|| text.to_owned())
}

/// A field value that arrives as it was sent (RFC 9110, section 5.5).
fn field(text: String) -> Option<String> {
    let visible = text.bytes().all(|byte| (0x20..0x7f).contains(&byte));
    (visible && text.trim() == text && !text.is_empty()).then_some(text)
}

/// A value as a body, under its media type.
pub(crate) fn written(contract: &Contract, content: &Content, value: &Value) -> (String, Vec<u8>) {
    let media_type = concrete(&content.media_type);
    if content.is_form() {
        return (media_type, form(contract, content, value).into_bytes());
    }
    if content.is_multipart() {
        return (format!("{media_type}; boundary={BOUNDARY}"), parts(value).into_bytes());
    }
    let bytes = match value {
        Value::String(text) if !is_json(&media_type) => text.clone().into_bytes(),
        value => value.to_string().into_bytes(),
    };
    (media_type, bytes)
}

/// A media type to send for a documented one, which may be a range.
pub(crate) fn concrete(media_type: &str) -> String {
    match media_type.split_once('/') {
        Some(("*", _) | ("application", "*")) => "application/json".to_owned(),
        Some((main, "*")) => format!("{main}/plain"),
        _ => media_type.to_owned(),
    }
}

fn form(contract: &Contract, content: &Content, value: &Value) -> String {
    let mut pairs = Vec::new();
    for (name, value) in value.as_object().into_iter().flatten() {
        let encoding = contract.document().at(&format!("{}/encoding/{}", content.pointer, escape_token(name)));
        let stated = |key: &str| encoding?.get(key);
        let style = stated("style").and_then(Value::as_str);
        let parameter = Parameter {
            name: name.clone(),
            location: Location::Query,
            required: false,
            pointer: String::new(),
            schema: None,
            content: (style.is_none() && value.is_object()).then(|| "application/json".to_owned()),
            style: style.unwrap_or("form").to_owned(),
            explode: stated("explode").and_then(Value::as_bool).unwrap_or(style.is_none_or(|style| style == "form")),
            example: None,
        };
        pairs.extend(encode(&parameter, value).into_iter().map(|(name, value)| format!("{name}={value}")));
    }
    pairs.join("&")
}

fn parts(value: &Value) -> String {
    let mut text = String::new();
    let mut part = |name: &str, value: &Value| {
        let (kind, value) = match value {
            Value::String(text) => ("", text.clone()),
            Value::Object(_) | Value::Array(_) => ("Content-Type: application/json\r\n", value.to_string()),
            other => ("", other.to_string()),
        };
        let name = name.replace('"', "%22");
        text.push_str(&format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n{kind}\r\n{value}\r\n"
        ));
    };
    for (name, value) in value.as_object().into_iter().flatten() {
        match value {
            Value::Array(items) => items.iter().for_each(|item| part(name, item)),
            value => part(name, value),
        }
    }
    text.push_str(&format!("--{BOUNDARY}--\r\n"));
    text
}
