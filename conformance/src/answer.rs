//! The answers that a document promises.

use obkit_codegen::spec::{Content, Operation, Response, StatusKey, essence};
use serde_json::Value;

use crate::contract::{Contract, concrete_status, is_success};
use crate::sample;
use crate::schema::Direction;

/// The smallest thing that calls itself a PDF.
const PDF: &[u8] = b"%PDF-1.4\n%%EOF\n";

/// What the body of an answer is.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// There is none.
    Empty,
    /// JSON.
    Json(Value),
    /// Anything else.
    Bytes(Vec<u8>),
}

/// One documented answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The response it belongs to.
    pub key: StatusKey,
    /// A status that the response covers.
    pub status: u16,
    /// Whether it stands for success.
    pub success: bool,
    /// The media type, as documented.
    pub media_type: Option<String>,
    /// The name of the example; none when the body was made from the schema.
    pub example: Option<String>,
    /// Where the example stands, or else the response.
    pub pointer: String,
    /// The body.
    pub body: Body,
}

impl Answer {
    /// A status without a body, whether the document promises it or not: a gateway's `503`, for one.
    #[must_use]
    pub fn of_status(status: u16) -> Self {
        Self {
            key: StatusKey::Code(status),
            status,
            success: (200..300).contains(&status),
            media_type: None,
            example: None,
            pointer: String::new(),
            body: Body::Empty,
        }
    }
}

/// All documented answers of an operation: one for each example, and one for a body without.
#[must_use]
pub fn answers(contract: &Contract, operation: &Operation) -> Vec<Answer> {
    let mut answers = Vec::new();
    for response in &operation.responses {
        let template = Answer {
            key: response.status,
            status: concrete_status(operation, response.status),
            success: is_success(operation, response.status),
            media_type: None,
            example: None,
            pointer: response.pointer.clone(),
            body: Body::Empty,
        };
        collect(contract, response, &template, &mut answers);
    }
    answers
}

fn collect(contract: &Contract, response: &Response, template: &Answer, answers: &mut Vec<Answer>) {
    if response.content.is_empty() {
        answers.push(template.clone());
    }
    // A client that reads JSON asks for nothing else.
    let json = response.content.iter().any(Content::is_json);
    for content in response.content.iter().filter(|content| content.is_json() || !json) {
        let answer = |body: Body| {
            let media_type = Some(concrete(&content.media_type, matches!(body, Body::Json(_))));
            Answer { media_type, body, ..template.clone() }
        };
        if content.examples.is_empty() {
            answers.push(answer(made(contract, content)));
        }
        for example in &content.examples {
            answers.push(Answer {
                example: Some(example.name.clone()),
                pointer: example.pointer.clone(),
                ..answer(given(content, &example.value))
            });
        }
    }
}

/// A media type to send for a documented one, which may be a range: one that the body is of.
pub(crate) fn concrete(media_type: &str, is_json: bool) -> String {
    match media_type.split_once('/') {
        Some(("*" | "application", "*")) if is_json => "application/json".to_owned(),
        Some(("*" | "application", "*")) => "application/octet-stream".to_owned(),
        Some((main, "*")) => format!("{main}/plain"),
        _ => media_type.to_owned(),
    }
}

pub(crate) fn given(content: &Content, value: &Value) -> Body {
    match value {
        Value::String(text) if !content.is_json() => Body::Bytes(text.clone().into_bytes()),
        value => Body::Json(value.clone()),
    }
}

pub(crate) fn made(contract: &Contract, content: &Content) -> Body {
    match &content.schema {
        Some(schema) if content.is_json() => {
            Body::Json(sample::value(contract.document(), schema, Direction::Response))
        }
        _ if content.is_json() => Body::Json(Value::Object(serde_json::Map::new())),
        schema if essence(&content.media_type).starts_with("text/") => {
            let value = schema.as_ref().map(|schema| sample::value(contract.document(), schema, Direction::Response));
            let text = match value {
                Some(Value::String(text)) => text,
                Some(value @ (Value::Number(_) | Value::Bool(_))) => value.to_string(),
                _ => "sample".to_owned(),
            };
            Body::Bytes(text.into_bytes())
        }
        _ => Body::Bytes(PDF.to_vec()),
    }
}
