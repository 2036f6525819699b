//! Payloads, one JSON document per line in, one verdict per line out.
//!
//! A line is `{"kind", "op", "status", "content_type", "schema_pointer", "value"}`. Where it gives
//! a `schema_pointer`, that decides, with the direction of its `kind` (`schema` is judged as a
//! response); otherwise `op`, `status` and `content_type` name the body. Members with other names
//! are ignored, blank lines are passed over.
//!
//! Three things can become of a line:
//! - a verdict. A status or a media type that a known operation does not document is one too: the
//!   payload breaks the contract, under the keyword `status` or `contentType`;
//! - `skipped`, because there is nothing to judge: the body is not JSON;
//! - `skipped`, because the line itself is wrong (no JSON, an operation or a schema that does not
//!   exist, a missing member). Those are kept apart in [`Summary::bad_input`].

mod found;
mod read;

use std::io::{self, BufRead, Write};

use obkit_codegen::spec::{Content, Operation, is_json};
use serde::de::DeserializeSeed;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use self::read::{Read, read_line};
use crate::contract::Contract;
use crate::finding::Finding;
use crate::schema::Direction;
use crate::violation::Violation;
use crate::{json, media_type};

/// The longest line that is read, in bytes.
pub const MAX_LINE: usize = 16 * 1024 * 1024;

/// What became of the lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Lines whose value fits.
    pub valid: usize,
    /// Lines whose value does not.
    pub invalid: usize,
    /// Lines without a verdict, bad input among them.
    pub skipped: usize,
    /// Lines that are wrong themselves.
    pub bad_input: Vec<BadInput>,
}

/// A line that is wrong itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BadInput {
    /// The line, from one.
    pub line: usize,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

/// Judges every line of a text, and writes the verdicts in the order of the lines.
///
/// # Errors
/// Reading or writing fails. What is wrong with a line is no error: it is that line's verdict.
pub fn validate(contract: &Contract, lines: impl BufRead, verdicts: impl Write) -> io::Result<Summary> {
    validate_reporting(contract, lines, verdicts, &mut |_| {})
}

/// The same, and says each violation as a finding, too.
///
/// # Errors
/// Reading or writing fails.
pub fn validate_reporting(
    contract: &Contract,
    mut lines: impl BufRead,
    mut verdicts: impl Write,
    report: &mut dyn FnMut(Finding),
) -> io::Result<Summary> {
    let mut summary = Summary::default();
    let mut bytes = Vec::new();
    let mut line = 0;
    while let Some(read) = read_line(&mut lines, &mut bytes)? {
        line += 1;
        let outcome = match read {
            Read::TooLong => {
                Outcome::Bad(format!("the line is longer than {MAX_LINE} bytes"), "split the payload".to_owned())
            }
            Read::Line if bytes.iter().all(u8::is_ascii_whitespace) => continue,
            Read::Line => judge(contract, &bytes, &mut |said, violations| {
                found::of_line(contract, line, said, violations).for_each(&mut *report);
            }),
        };
        let verdict = summary.count(line, outcome);
        serde_json::to_writer(&mut verdicts, &verdict)?;
        verdicts.write_all(b"\n")?;
    }
    verdicts.flush()?;
    Ok(summary)
}

/// A line of output.
#[derive(Debug, Serialize)]
struct Verdict {
    line: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Violation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skipped: Option<String>,
}

/// What becomes of a line.
#[derive(Debug)]
enum Outcome {
    Judged(Vec<Violation>),
    /// Nothing to judge.
    Skipped(String),
    /// What is wrong, and what to do.
    Bad(String, String),
}

impl Summary {
    fn count(&mut self, line: usize, outcome: Outcome) -> Verdict {
        let verdict = Verdict { line, valid: None, errors: Vec::new(), skipped: None };
        match outcome {
            Outcome::Judged(errors) => {
                let valid = errors.is_empty();
                *(if valid { &mut self.valid } else { &mut self.invalid }) += 1;
                Verdict { valid: Some(valid), errors, ..verdict }
            }
            Outcome::Skipped(reason) => {
                self.skipped += 1;
                Verdict { skipped: Some(reason), ..verdict }
            }
            Outcome::Bad(message, remedy) => {
                self.skipped += 1;
                self.bad_input.push(BadInput { line, message: message.clone(), remedy });
                Verdict { skipped: Some(message), ..verdict }
            }
        }
    }
}

#[derive(Debug, Deserialize)]
struct Line {
    kind: Option<String>,
    op: Option<String>,
    status: Option<Status>,
    content_type: Option<String>,
    schema_pointer: Option<String>,
    /// Present but `null` is a value, absent is a mistake.
    #[serde(default, deserialize_with = "present")]
    value: Option<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Status {
    Number(u16),
    Text(String),
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    json::Strict.deserialize(deserializer).map(Some)
}

/// Who is told what a line says, and how its value violates the contract.
type Told<'t> = dyn FnMut(&Line, &[Violation]) + 't;

fn judge(contract: &Contract, bytes: &[u8], told: &mut Told<'_>) -> Outcome {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match serde_json::from_slice::<Line>(bytes) {
        Ok(line) => {
            let outcome = line.judge(contract).unwrap_or_else(|outcome| outcome);
            if let Outcome::Judged(violations) = &outcome {
                told(&line, violations);
            }
            outcome
        }
        Err(error) if json::is_repeated(&error) => bad(&json::complaint(&error), "give each name once"),
        // Only where: serde's words may quote the payload.
        Err(error) if error.is_data() => {
            bad("the line is no payload line", "give `kind`, `value`, and `op` or `schema_pointer`")
        }
        Err(error) => {
            bad(&format!("the line is not JSON (column {})", error.column()), "write one JSON object per line")
        }
    }
}

fn bad(message: &str, remedy: &str) -> Outcome {
    Outcome::Bad(message.to_owned(), remedy.to_owned())
}

fn violated(keyword: &str, schema_pointer: &str, message: String) -> Outcome {
    Outcome::Judged(vec![Violation {
        keyword: keyword.to_owned(),
        instance_path: String::new(),
        schema_pointer: schema_pointer.to_owned(),
        message,
    }])
}

impl Line {
    /// Either arm is a verdict; `Err` is the one that ends the judging early.
    fn judge(&self, contract: &Contract) -> Result<Outcome, Outcome> {
        let value = self.value.as_ref().ok_or_else(|| bad("the line has no `value`", "add the payload as `value`"))?;
        let direction = self.direction()?;
        if self.schema_pointer.is_none() {
            self.operation(contract)?;
        }
        if let Some(media_type) = self.content_type.as_deref().filter(|media_type| !is_json(media_type)) {
            return Err(Outcome::Skipped(format!("not JSON: {media_type}")));
        }
        let pointer = match &self.schema_pointer {
            Some(pointer) => pointer,
            None => self.body(contract, direction)?,
        };
        match contract.validators().validate(direction, pointer, value) {
            Ok(violations) => Ok(Outcome::Judged(violations)),
            Err(error) => Err(bad(&error.to_string(), "correct the schema, or the pointer to it")),
        }
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
            let shown: String = op.chars().take(80).collect();
            bad(
                &format!("the document has no operation `{shown}`"),
                "name it as the document does: an id, or method and path template",
            )
        })
    }

    /// The schema of the body that operation, status and content type name.
    fn body<'c>(&self, contract: &'c Contract, direction: Direction) -> Result<&'c String, Outcome> {
        let operation = self.operation(contract)?;
        let op = self.op.as_deref().unwrap_or_default();
        let (contents, owner) = match direction {
            Direction::Request => {
                let request = operation.request.as_ref();
                let request = request.ok_or_else(|| {
                    violated("requestBody", &operation.pointer, format!("{op} documents no request body"))
                })?;
                (&request.content, &request.pointer)
            }
            Direction::Response => self.response(operation)?,
        };
        let content = self.content(contents, owner)?;
        content.schema.as_ref().ok_or_else(|| Outcome::Skipped(format!("no schema for {} of {op}", content.media_type)))
    }

    fn response<'c>(&self, operation: &'c Operation) -> Result<(&'c Vec<Content>, &'c String), Outcome> {
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
        let response = response.ok_or_else(|| {
            let signature = operation.signature();
            violated(
                "status",
                &format!("{}/responses", operation.pointer),
                format!("{signature} does not document this status"),
            )
        })?;
        Ok((&response.content, &response.pointer))
    }

    fn content<'c>(&self, contents: &'c [Content], owner: &str) -> Result<&'c Content, Outcome> {
        let undocumented = |what: &str| violated("contentType", &format!("{owner}/content"), what.to_owned());
        match (&self.content_type, contents) {
            (_, []) => Err(undocumented("no body is documented here")),
            (Some(media_type), _) => media_type::find(contents, media_type)
                .ok_or_else(|| undocumented(&format!("the media type `{media_type}` is not documented"))),
            (None, _) => contents
                .iter()
                .find(|content| content.is_json())
                .ok_or_else(|| Outcome::Skipped("not JSON: no JSON body is documented here".to_owned())),
        }
    }
}
