//! Requests with what is expected of the answer.

use obkit_codegen::spec::Operation;
use serde::{Deserialize, Serialize};

use super::credentials::Presents;
use super::draft::{self, Body, Draft, Verdict};
use super::options::Phase;
use crate::contract::Contract;
use crate::exchange::Request;

/// What is expected of an answer, beside that it is documented.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Expects {
    /// The request fits the document.
    Acceptance,
    /// The request breaks the document.
    Refusal {
        /// The keyword, or what else is broken.
        keyword: String,
        /// Where that stands in the document.
        pointer: String,
        /// Where in the body it is broken.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        instance: Option<String>,
        /// In words.
        message: String,
    },
    /// A required header field is missing.
    RefusalOfHeader {
        /// Its name.
        name: String,
        /// Where it stands in the document.
        pointer: String,
    },
    /// The path has no such method.
    RefusalOfMethod,
    /// The credentials are missing or wrong.
    RefusalOfCredentials,
    /// The resource was just created.
    Found,
    /// The resource was just deleted.
    Gone,
}

/// What an earlier answer says that later requests use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capture {
    /// Where it stands in the body; a JSON pointer. The last segment of `Location`, where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// What it was, as it stands in paths.
    pub value: String,
    /// The parameter of the query or the header that it is put into; a segment of the path, where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
}

/// A request that goes before.
#[derive(Clone, Debug)]
pub(crate) struct Earlier {
    pub(crate) operation: usize,
    pub(crate) request: Request,
    /// What it was answered.
    pub(crate) status: u16,
    pub(crate) captures: Vec<Capture>,
}

/// A request with what is expected of the answer.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) phase: Phase,
    pub(crate) operation: usize,
    pub(crate) expects: Expects,
    pub(crate) presents: Presents,
    pub(crate) request: Request,
    /// The same as values, where it is made of values.
    pub(crate) draft: Option<Draft>,
    pub(crate) before: Vec<Earlier>,
}

impl Case {
    /// A request that fits the document; none when it does not.
    pub(crate) fn valid(contract: &Contract, phase: Phase, draft: Draft) -> Option<Self> {
        let (operation, request) = prepared(contract, &draft)?;
        match draft::judge(contract, operation, &request) {
            Verdict::Fits => Some(Self::of(phase, Expects::Acceptance, request, draft)),
            Verdict::Breaks(_) | Verdict::Elsewhere => None,
        }
    }

    /// A request that breaks the document at a place; none when it does not.
    pub(crate) fn broken(
        contract: &Contract,
        phase: Phase,
        draft: Draft,
        keyword: &str,
        pointer: &str,
        instance: Option<&str>,
    ) -> Option<Self> {
        let (operation, request) = prepared(contract, &draft)?;
        let Verdict::Breaks(broken) = draft::judge(contract, operation, &request) else { return None };
        let at = contract.document().origin(pointer).pointer;
        let named = broken.iter().find(|finding| finding.schema_pointer.as_ref() == Some(&at));
        let message = named.or(broken.first()).map(|finding| finding.message.clone()).unwrap_or_default();
        let expects = Expects::Refusal {
            keyword: keyword.to_owned(),
            pointer: pointer.to_owned(),
            instance: instance.map(str::to_owned),
            message,
        };
        Some(Self::of(phase, expects, request, draft))
    }

    fn of(phase: Phase, expects: Expects, request: Request, draft: Draft) -> Self {
        let presents = Presents::Given;
        Self { phase, operation: draft.operation, expects, presents, request, draft: Some(draft), before: Vec::new() }
    }

    /// A request that is not made of values.
    pub(crate) fn plain(phase: Phase, operation: usize, expects: Expects, request: Request) -> Self {
        Self { phase, operation, expects, presents: Presents::Given, request, draft: None, before: Vec::new() }
    }

    /// Expects something else.
    pub(crate) fn expecting(mut self, expects: Expects) -> Self {
        self.expects = expects;
        self
    }

    /// Carries other credentials.
    pub(crate) fn presenting(mut self, presents: Presents) -> Self {
        self.presents = presents;
        self
    }

    /// Whether the request is one that the document refuses.
    pub(crate) fn is_to_be_refused(&self) -> bool {
        !matches!(self.expects, Expects::Acceptance | Expects::Found)
    }
}

fn prepared<'c>(contract: &'c Contract, draft: &Draft) -> Option<(&'c Operation, Request)> {
    Some((contract.spec().operations().get(draft.operation)?, draft.write(contract)?))
}

impl Draft {
    /// The same with another value of a parameter.
    pub(crate) fn with(&self, parameter: usize, value: serde_json::Value) -> Self {
        let mut draft = self.clone();
        draft.parameters.insert(parameter, value);
        draft
    }

    /// The same without a parameter.
    pub(crate) fn without(&self, parameter: usize) -> Self {
        let mut draft = self.clone();
        draft.parameters.remove(&parameter);
        draft
    }

    /// The same with another body.
    pub(crate) fn with_body(&self, body: Option<Body>) -> Self {
        Self { body, ..self.clone() }
    }
}
