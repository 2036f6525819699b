//! The body of a request.

use obkit_codegen::load::escape_token;
use obkit_codegen::spec::{self, Content, essence, is_json};

use super::{Place, Reading};
use crate::checks::{self, Rule};
use crate::finding::Finding;
use crate::parameter::coerce;
use crate::{body, json, media_type};

impl<'c> Reading<'c, '_> {
    pub(super) fn body(&mut self) {
        self.place = Place::BODY;
        let Some(documented) = &self.operation.request else {
            if !self.request.body.is_empty() {
                let message = "a body is sent, and none is documented".to_owned();
                self.found(checks::RT021, &self.operation.pointer, message);
            }
            return;
        };
        if !self.scrutiny.body {
            if self.request.header("content-type").is_some() {
                self.content(documented);
            }
            return;
        }
        if self.request.body.is_empty() {
            if documented.required {
                self.found(checks::RT022, &documented.pointer, "the body is missing".to_owned());
            }
            return;
        }
        if let Some((content, sent)) = self.content(documented) {
            self.content = Some(content);
            self.content_body(content, &sent);
        }
    }

    fn content(&mut self, documented: &'c spec::Request) -> Option<(&'c Content, String)> {
        let pointer = format!("{}/content", documented.pointer);
        let Some(sent) = self.request.header("content-type") else {
            self.place = Place::CONTENT_TYPE;
            self.found(checks::RT020, &pointer, "a body is sent without `Content-Type`".to_owned());
            return None;
        };
        let found = media_type::find(&documented.content, &sent);
        if found.is_none() {
            self.place = Place::CONTENT_TYPE;
            let message = format!("the media type `{}` is not documented", essence(&sent));
            self.found(checks::RT020, &pointer, message);
        }
        Some((found?, sent))
    }

    fn content_body(&mut self, content: &Content, sent: &str) {
        let value = if is_json(sent) {
            match json::read(&self.request.body) {
                Ok(value) => value,
                Err(error) => {
                    let message = format!("the body cannot be read: {}", json::complaint(&error));
                    let finding = Finding::new(checks::RT023, message).remedy("send well-formed JSON, each name once");
                    return self.report(finding.at(self.document(), &content.pointer));
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
            self.schema(checks::RT030, schema, &value, "request body");
            if self.remarking {
                let remarks = self.values().remarks(schema, &value, &self.request.body, "request body");
                remarks.into_iter().for_each(|finding| self.report(finding));
            }
        }
        self.received.body = Some(value);
    }

    fn malformed(&mut self, content: &Content, malformed: &body::Malformed) {
        let Some((rule, name)) = &malformed.member else {
            let message = format!("the body cannot be read: {}", malformed.message);
            return self.found(checks::RT023, &content.pointer, message);
        };
        let message = format!("request body: at /{name}: {}", malformed.message);
        let finding =
            Finding::new(Rule::part(checks::RT030, rule), message).remedy("send the member as it is documented");
        let pointer = content.schema.as_ref().unwrap_or(&content.pointer);
        self.report(finding.at(self.document(), pointer).instance(&format!("/{}", escape_token(name))));
    }
}
