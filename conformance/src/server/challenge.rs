//! What a request without credentials is asked for (RFC 9110, section 11.6.1).

use std::collections::BTreeSet;

use hyper::header;
use obkit_codegen::spec::Response;

use super::Shared;
use super::reply::Reply;
use crate::schema::Direction;
use crate::validator::CompiledSchema;

impl Shared {
    /// The schema of the challenge that a response documents.
    pub(super) fn challenge(&self, response: &Response) -> Option<CompiledSchema<'_>> {
        let mut headers = response.headers.iter();
        let header = headers.find(|header| header.name.eq_ignore_ascii_case(header::WWW_AUTHENTICATE.as_str()))?;
        self.contract.validators().check(Direction::Response, header.schema.as_deref()?).ok()
    }

    /// Asks for credentials by the challenges of the schemes. Where the document describes the field, it decides: a challenge that does not
    /// fit is tried with a parameter, and else what the document has is left as it is.
    pub(super) fn challenge_by(
        &self,
        reply: &mut Reply,
        challenges: BTreeSet<String>,
        documented: Option<CompiledSchema<'_>>,
    ) {
        let fits = |text: &String| documented.as_ref().is_none_or(|check| check.is_valid(&text.as_str().into()));
        let fitting = |challenge: String| {
            let realm = format!("{challenge} realm=\"mock\"");
            [challenge, realm].into_iter().find(fits)
        };
        let fitting: Vec<String> = challenges.into_iter().filter_map(fitting).collect();
        if documented.is_some() && !fitting.is_empty() {
            reply.headers.remove(header::WWW_AUTHENTICATE);
        }
        for challenge in fitting {
            reply.field(header::WWW_AUTHENTICATE, &challenge);
        }
    }
}
