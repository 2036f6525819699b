//! The body of a request.

use obkit_codegen::load::escape_token;
use obkit_codegen::spec::{self, Content, essence, is_json};
use serde_json::Value;

use super::Check;
use crate::finding::{Finding, Severity};
use crate::parameter::coerce;
use crate::schema::Direction;
use crate::{body, json, media_type};

impl<'c> Check<'c, '_> {
    pub(super) fn body(&mut self) {
        let Some(documented) = &self.operation.request else {
            if !self.request.body.is_empty() {
                let message = "a body is sent, and none is documented".to_owned();
                self.error("RT021", &self.operation.pointer, message, "send no body, or document it");
            }
            return;
        };
        if self.request.body.is_empty() {
            if documented.required {
                self.error("RT022", &documented.pointer, "the body is missing".to_owned(), "send a body");
            }
            return;
        }
        if let Some((content, sent)) = self.content(documented) {
            self.content_body(content, &sent);
        }
    }

    fn content(&mut self, documented: &'c spec::Request) -> Option<(&'c Content, String)> {
        let pointer = format!("{}/content", documented.pointer);
        let Some(sent) = self.request.header("content-type") else {
            self.error(
                "RT020",
                &pointer,
                "a body is sent without `Content-Type`".to_owned(),
                "send the media type of the body",
            );
            return None;
        };
        let found = media_type::find(&documented.content, &sent);
        if found.is_none() {
            let message = format!("the media type `{}` is not documented", essence(&sent));
            self.error("RT020", &pointer, message, "send a documented media type");
        }
        Some((found?, sent))
    }

    fn content_body(&mut self, content: &Content, sent: &str) {
        let value = if is_json(sent) {
            match json::read(&self.request.body) {
                Ok(value) => value,
                Err(error) => {
                    let message = format!("the body cannot be read: {}", json::complaint(&error));
                    return self.error("RT023", &content.pointer, message, "send well-formed JSON, each name once");
                }
            }
        } else if content.is_form() || content.is_multipart() {
            let read = if content.is_form() {
                body::form(self.document(), content, &self.request.body)
            } else {
                body::parts(self.document(), content, sent, &self.request.body)
            };
            match read {
                Ok(value) => value,
                Err(malformed) => return self.malformed(content, &malformed),
            }
        } else {
            let text = String::from_utf8_lossy(&self.request.body).into_owned();
            if !essence(sent).starts_with("text/") {
                // Bytes mean nothing to a schema.
                self.received.body = Some(text.into());
                return;
            }
            content.schema.as_deref().map_or_else(
                || text.clone().into(),
                |schema| coerce(self.document(), self.document().at(schema), text.clone()),
            )
        };
        if let Some(schema) = &content.schema {
            self.schema("RT030", schema, &value, "request body", "send a body that fits its schema");
            self.notes(schema, &value);
        }
        self.received.body = Some(value);
    }

    fn malformed(&mut self, content: &Content, malformed: &body::Malformed) {
        let Some((rule, name)) = &malformed.member else {
            let message = format!("the body cannot be read: {}", malformed.message);
            return self.error("RT023", &content.pointer, message, "send a well-formed body");
        };
        let message = format!("request body: at /{name}: {}", malformed.message);
        let remedy = "send the member as it is documented";
        let finding = Finding::new(format!("RT030/{rule}"), Severity::Error, message, remedy);
        let pointer = content.schema.as_ref().unwrap_or(&content.pointer);
        self.report(finding.at(self.document(), pointer).instance(&format!("/{}", escape_token(name))));
    }

    /// What a body should not do although it fits; it is no reason to refuse the request.
    fn notes(&mut self, schema: &str, value: &Value) {
        for note in self.contract.validators().notes(Direction::Request, schema, value) {
            let (rule, remedy) = match note.keyword.as_str() {
                "discriminator" => ("RT031", "send the tag of the schema that the value fits"),
                _ => ("RT032", "leave it out: the provider ignores it, or refuses it"),
            };
            let mut finding = Finding::of_violation(rule, self.document(), &note, remedy);
            finding.severity = Severity::Warning;
            finding.message = format!("request body: {}", finding.message);
            self.report(finding);
        }
    }
}
