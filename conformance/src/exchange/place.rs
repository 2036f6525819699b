//! The parts of a request.

use obkit_codegen::load::escape_token;
use obkit_codegen::spec::Parameter;

use crate::finding::Finding;

/// Which part of a request a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'c> {
    /// `path`, `method`, `query`, `header`, `cookie`, `security` or `body`.
    pub location: &'static str,
    /// The name of the parameter or header field; empty where the part has none.
    pub name: &'c str,
}

impl<'c> Place<'c> {
    pub(super) const TARGET: Self = Self { location: "path", name: "" };
    pub(super) const METHOD: Self = Self { location: "method", name: "" };
    pub(super) const QUERY: Self = Self { location: "query", name: "" };
    pub(super) const HEADER: Self = Self { location: "header", name: "" };
    pub(super) const COOKIE: Self = Self { location: "cookie", name: "" };
    pub(super) const CREDENTIALS: Self = Self { location: "security", name: "" };
    pub(super) const CONTENT_TYPE: Self = Self { location: "header", name: "content-type" };
    pub(super) const BODY: Self = Self { location: "body", name: "" };

    pub(super) fn of(parameter: &'c Parameter) -> Self {
        Self { location: parameter.location.as_str(), name: &parameter.name }
    }

    /// Where in this part a finding is: a JSON pointer, into the parameters of a location by their names, and into the
    /// body.
    #[must_use]
    pub fn pointer(&self, finding: &Finding) -> String {
        let within = finding.instance_pointer.as_deref().unwrap_or_default();
        if self.name.is_empty() { within.to_owned() } else { format!("/{}{within}", escape_token(self.name)) }
    }
}
