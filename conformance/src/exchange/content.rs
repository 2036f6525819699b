//! The body of a request.

use std::borrow::Cow;

use obkit_codegen::Document;
use obkit_codegen::load::escape_token;
use obkit_codegen::spec::{self, Content, is_json};

use super::{Place, Reading};
use crate::body::{self, Malformed};
use crate::checks::{self, Rule};
use crate::finding::Finding;
use crate::media_type;

impl<'c, 'r> Reading<'c, 'r> {
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
            self.content_body(content, &sent);
        }
    }

    fn content(&mut self, documented: &'c spec::Request) -> Option<(&'c Content, Cow<'r, str>)> {
        let pointer = || format!("{}/content", documented.pointer);
        let Some(sent) = self.request.header("content-type") else {
            self.place = Place::CONTENT_TYPE;
            self.found(checks::RT020, &pointer(), "a body is sent without `Content-Type`".to_owned());
            return None;
        };
        let found = media_type::find(&documented.content, &sent);
        if found.is_none() {
            self.place = Place::CONTENT_TYPE;
            self.found(checks::RT020, &pointer(), media_type::undocumented(&sent));
        }
        Some((found?, sent))
    }

    fn content_body(&mut self, content: &Content, sent: &str) {
        let read = body::read(self.document(), content, sent, &self.request.body);
        if let Some(exercise) = self.scrutiny.exercise(self.contract) {
            // Whoever looks for remarks marks what is in it on the way.
            let value = read.as_ref().ok().and_then(Option::as_ref).filter(|_| !self.remarking);
            exercise.request_body(self.operation, content, value);
        }
        let value = match read {
            Ok(Some(value)) => value,
            Ok(None) => {
                self.received.body = Some(String::from_utf8_lossy(&self.request.body).into_owned().into());
                return;
            }
            Err(error) => {
                let finding = malformed(self.document(), content, sent, &error, "request body");
                return self.report(finding);
            }
        };
        if let Some(schema) = &content.schema {
            let what = format_args!("request body");
            self.schema(checks::RT030, schema, &value, what);
            if self.remarking {
                let remarks = self.values().remarks(schema, &value, &self.request.body, what);
                remarks.into_iter().for_each(|finding| self.report(finding));
            }
        }
        self.received.body = Some(value);
    }
}

/// What is found of a body that stands for no value.
pub(super) fn malformed(
    document: &Document,
    content: &Content,
    media_type: &str,
    malformed: &Malformed,
    what: &str,
) -> Finding {
    let Some((rule, name)) = &malformed.member else {
        let finding = Finding::new(checks::RT023, format!("the body cannot be read: {}", malformed.message));
        let finding = finding.at(document, &content.pointer);
        return if is_json(media_type) { finding.remedy("send well-formed JSON, each name once") } else { finding };
    };
    let message = format!("{what}: at /{name}: {}", malformed.message);
    let finding = Finding::new(Rule::part(checks::RT030, rule), message).remedy("send the member as it is documented");
    let pointer = content.schema.as_ref().unwrap_or(&content.pointer);
    finding.at(document, pointer).instance(&format!("/{}", escape_token(name)))
}
