//! A payload line, and what of the document it names.

use obkit_codegen::spec::{Content, Operation, Response, StatusKey, is_json};
use serde::de::{DeserializeSeed, IgnoredAny};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::verdict::Outcome;
use crate::contract::Contract;
use crate::profile::{Judged, Judgement, Profile};
use crate::schema::Direction;
use crate::validator::CompiledSchema;
use crate::violation::Violation;
use crate::{json, media_type};

/// A line, as it is written.
#[derive(Debug, Deserialize)]
#[serde(bound = "V: Deserialize<'de>")]
pub(super) struct Line<V = Given> {
    kind: Option<String>,
    pub(super) op: Option<String>,
    pub(super) status: Option<Status>,
    pub(super) content_type: Option<String>,
    schema_pointer: Option<String>,
    /// Present but `null` is a value, absent is a mistake.
    #[serde(default, deserialize_with = "present")]
    value: Option<V>,
}

/// A value whose names differ.
#[derive(Debug)]
pub(super) struct Given(Value);

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        json::Strict.deserialize(deserializer).map(Self)
    }
}

impl Line<IgnoredAny> {
    /// The line with something in the place of its value.
    pub(super) fn unread(self) -> Line {
        let Self { kind, op, status, content_type, schema_pointer, value } = self;
        Line { kind, op, status, content_type, schema_pointer, value: value.map(|_| Given(Value::Null)) }
    }
}

/// A status, as a number or as text.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Status {
    Number(u16),
    Text(String),
}

fn present<'de, D: Deserializer<'de>, V: Deserialize<'de>>(deserializer: D) -> Result<Option<V>, D::Error> {
    V::deserialize(deserializer).map(Some)
}

/// A line that is wrong itself.
pub(super) fn bad(message: &str, remedy: &str) -> Outcome {
    Outcome::Bad(message.to_owned(), remedy.to_owned())
}

/// A value that breaks the contract whatever it is.
pub(super) fn violated(keyword: &str, schema_pointer: &str, message: String) -> Outcome {
    let violation = Violation {
        keyword: keyword.to_owned(),
        instance_path: String::new(),
        schema_pointer: schema_pointer.to_owned(),
        message,
    };
    // What is documented nowhere has no reader, however tolerant.
    Outcome::Judged(Judgement { judged: vec![Judged { violation, refused_from: Profile::Lenient }] })
}

/// What a line's value is meant to be.
pub(super) struct Meant<'m> {
    pub(super) check: CompiledSchema<'m>,
    /// The place of the schema.
    pub(super) schema: &'m str,
    pub(super) direction: Direction,
    /// The body that it is, with the status of a response; none where the line names a schema.
    pub(super) body: Option<(&'m Operation, Option<StatusKey>, &'m Content)>,
}

impl Line {
    /// What the line's value is judged by; or else what becomes of the line without judging it.
    pub(super) fn check<'m>(&'m self, contract: &'m Contract) -> Result<(Meant<'m>, &'m Value), Outcome> {
        let Given(value) =
            self.value.as_ref().ok_or_else(|| bad("the line has no `value`", "add the payload as `value`"))?;
        let direction = self.direction()?;
        let must_be_json = || match self.content_type.as_deref().filter(|media_type| !is_json(media_type)) {
            Some(media_type) => Err(Outcome::Skipped(
                media_type::told(media_type)
                    .map_or_else(|| "`content_type` is no media type".to_owned(), |told| format!("not JSON: {told}")),
            )),
            None => Ok(()),
        };
        let (schema, body) = match &self.schema_pointer {
            Some(pointer) => {
                must_be_json()?;
                (pointer, None)
            }
            None => {
                let (operation, status, content) = self.body(contract, direction)?;
                must_be_json()?;
                let op = self.op.as_deref().unwrap_or_default();
                let none = || Outcome::Skipped(format!("no schema for {} of {op}", content.media_type));
                (content.schema.as_ref().ok_or_else(none)?, Some((operation, status, content)))
            }
        };
        let check = contract.validators().check(direction, schema);
        let check = check.map_err(Outcome::Unenforceable)?;
        Ok((Meant { check, schema, direction, body }, value))
    }

    fn direction(&self) -> Result<Direction, Outcome> {
        match self.kind.as_deref() {
            Some("request") => Ok(Direction::Request),
            Some("response" | "schema") => Ok(Direction::Response),
            Some(_) => Err(bad("the line's `kind` is unknown", "use `request`, `response` or `schema`")),
            None => Err(bad("the line has no `kind`", "add `\"kind\": \"request\"`, `\"response\"` or `\"schema\"`")),
        }
    }

    /// The operation that the line names.
    fn operation<'c>(&self, contract: &'c Contract) -> Result<&'c Operation, Outcome> {
        if self.kind.as_deref() == Some("schema") {
            return Err(bad(
                "a line of kind `schema` needs a `schema_pointer`",
                "add it, such as `#/components/schemas/X`",
            ));
        }
        let op = self.op.as_deref().ok_or_else(|| {
            bad("the line names no operation", "add `op`, such as `GET /accounts`, or `schema_pointer`")
        })?;
        contract.spec().operation(op).ok_or_else(|| {
            let shown: String = op.chars().take(80).map(|c| if c.is_control() { ' ' } else { c }).collect();
            bad(
                &format!("the document has no operation `{shown}`"),
                "name it as the document does: an id, or method and path template",
            )
        })
    }

    /// The body that operation, status and content type name.
    fn body<'c>(
        &self,
        contract: &'c Contract,
        direction: Direction,
    ) -> Result<(&'c Operation, Option<StatusKey>, &'c Content), Outcome> {
        let operation = self.operation(contract)?;
        let op = self.op.as_deref().unwrap_or_default();
        let (status, contents, owner) = match direction {
            Direction::Request => {
                let request = operation.request.as_ref();
                let request = request.ok_or_else(|| {
                    violated("requestBody", &operation.pointer, format!("{op} documents no request body"))
                })?;
                (None, &request.content, &request.pointer)
            }
            Direction::Response => {
                let response = self.response(operation)?;
                (Some(response.status), &response.content, &response.pointer)
            }
        };
        Ok((operation, status, self.content(contents, owner)?))
    }

    fn response<'c>(&self, operation: &'c Operation) -> Result<&'c Response, Outcome> {
        let status = match &self.status {
            Some(Status::Number(code)) => Some(*code),
            Some(Status::Text(text)) => text.parse().ok(),
            None => return Err(bad("the line has no `status`", "add the response's status, such as `\"200\"`")),
        };
        // A line may also name a documented range or `default`, as a document's example does.
        let named = || {
            let Some(Status::Text(text)) = &self.status else { return None };
            operation.responses.iter().find(|response| response.status.to_string().eq_ignore_ascii_case(text))
        };
        let response = match status {
            Some(status) => operation.response(status),
            None => named(),
        };
        response.ok_or_else(|| {
            let signature = operation.signature();
            violated(
                "status",
                &format!("{}/responses", operation.pointer),
                format!("{signature} does not document this status"),
            )
        })
    }

    fn content<'c>(&self, contents: &'c [Content], owner: &str) -> Result<&'c Content, Outcome> {
        let undocumented = |what: &str| violated("contentType", &format!("{owner}/content"), what.to_owned());
        match (&self.content_type, contents) {
            (_, []) => Err(undocumented("no body is documented here")),
            (Some(media_type), _) => media_type::find(contents, media_type)
                .ok_or_else(|| undocumented(&media_type::undocumented(media_type))),
            (None, _) => contents
                .iter()
                .find(|content| content.is_json())
                .ok_or_else(|| Outcome::Skipped("not JSON: no JSON body is documented here".to_owned())),
        }
    }
}
