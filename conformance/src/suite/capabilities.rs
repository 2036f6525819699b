//! Each capability that a provider declares, called through the domain against the contract server.
//!
//! What a program would do is done: consents are opened, accounts are listed, and what they are
//! called with comes from what was answered before. Then each call is made again for every other
//! answer that its operation promises: a success must map, and an error must come out as an error
//! of that status.

mod script;
mod subjects;
mod webhooks;

use std::collections::BTreeSet;

use obkit::Error;
use obkit::domain::ConsentReference;
use obkit::provider::{Capability, Provider, Reply};
use obkit_codegen::spec::Operation;
use tokio::time::timeout;

use super::in_time::MAX_WAIT;
use super::{Observer, Progress, ProviderReport, Stage};
use crate::answer::{Answer, answers};
use crate::checks;
use crate::contract::Contract;
use crate::finding::Finding;
use crate::server::ContractServer;

/// Calls every method of every capability that the provider declares. The provider must have been
/// connected to the server, without retries: an error that is answered again and again is no news.
/// Needs a tokio runtime with its timer enabled.
pub async fn run(
    contract: &Contract,
    provider: &dyn Provider,
    server: &ContractServer,
    mut report: ProviderReport,
    progress: &mut Observer<'_>,
) -> ProviderReport {
    let declared: Vec<_> =
        Capability::ALL.iter().copied().filter(|capability| provider.capabilities().contains(capability)).collect();
    let access = ConsentReference::none();
    let unknown = || subjects::UNKNOWN.to_owned();
    let mut caller =
        Caller { contract, provider, server, report: &mut report, access, institution: unknown(), account: unknown() };
    for (done, capability) in declared.iter().enumerate() {
        let (stage, of) = (Stage::Capabilities, declared.len());
        progress(Progress { provider: contract.provider(), stage, operation: Some(capability.words()), done, of });
        let before = caller.report.domain_calls;
        if let Err(unsupported) = caller.capability(*capability).await {
            caller.problem(*capability, "", None, &format!("it is declared, but {unsupported}"));
        } else if caller.report.domain_calls == before {
            caller.problem(*capability, "", None, "it is declared, but no method of it makes a call");
        }
    }
    report.finish()
}

struct Caller<'c> {
    contract: &'c Contract,
    provider: &'c dyn Provider,
    server: &'c ContractServer,
    report: &'c mut ProviderReport,
    /// What calls under the consent carry that was opened before them.
    access: ConsentReference,
    /// The institution that was listed before.
    institution: String,
    /// The account that was listed before.
    account: String,
}

impl<'c> Caller<'c> {
    /// Makes a call, and makes it again for every further answer that is promised. What came of the first is
    /// handed on; nothing, when the provider lacks the method.
    async fn call<'r, T>(
        &mut self,
        capability: Capability,
        method: &'static str,
        make: impl Fn() -> Reply<'r, T>,
    ) -> Option<T> {
        let (outcome, operations) = self.made(&make).await;
        let name = named(capability, method);
        if operations.is_empty() && matches!(outcome, Err(Error::Unsupported(_))) {
            self.report.unsupported.insert(name);
            return None;
        }
        self.report.unsupported.remove(&name);
        self.report.domain_calls += 1;
        if operations.is_empty() && outcome.is_ok() {
            self.problem(capability, method, None, "it answers without a call to the provider");
        }
        if let Err(error) = &outcome {
            self.problem(capability, method, None, &format!("a documented success becomes an error: {error}"));
        }
        // Of several calls in one method, an answer to the first decides what becomes of the second.
        if let [operation] = operations.as_slice() {
            self.every_answer(capability, method, operation, &make).await;
        }
        outcome.ok()
    }

    /// Makes the call with the first request that the provider takes: not each takes all.
    async fn first_of<'r, R, T>(
        &mut self,
        capability: Capability,
        method: &'static str,
        requests: &'r [R],
        make: impl Fn(&'r R) -> Reply<'r, T>,
    ) -> Option<T> {
        for request in requests {
            let before = self.report.domain_calls;
            let outcome = self.call(capability, method, || make(request)).await;
            if self.report.domain_calls > before {
                return outcome;
            }
        }
        None
    }

    /// What a call came to, and the operations that it used.
    async fn made<'r, T>(&mut self, make: &impl Fn() -> Reply<'r, T>) -> (Result<T, Error>, Vec<&'c Operation>) {
        let outcome = timeout(MAX_WAIT, make()).await.unwrap_or_else(|_| Err(Error::Unsupported(subjects::NO_END)));
        let found = self.server.take_findings();
        self.report.findings.extend(found);
        let received: BTreeSet<_> = self.server.take_received().into_iter().map(|(id, _)| id).collect();
        (outcome, received.iter().filter_map(|id| self.contract.spec().operation(id)).collect())
    }

    async fn every_answer<'r, T>(
        &mut self,
        capability: Capability,
        method: &'static str,
        operation: &Operation,
        make: &impl Fn() -> Reply<'r, T>,
    ) {
        for answer in answers(self.contract, operation) {
            self.server.promise(&operation.id, answer.clone());
            let (outcome, _) = self.made(make).await;
            self.report.domain_calls += 1;
            if let Some(wrong) = judge(&answer, outcome.err().as_ref()) {
                self.problem(capability, method, Some((operation, &answer)), &wrong);
            }
        }
        self.server.forget(&operation.id);
    }

    fn problem(&mut self, capability: Capability, method: &str, answer: Option<(&Operation, &Answer)>, message: &str) {
        let name = named(capability, method);
        let mut finding = Finding::new(checks::DM002, format!("`{name}`: {message}"));
        finding = match answer {
            None => finding.operation(&name).at(self.contract.document(), ""),
            Some((operation, answer)) => finding
                .operation(&operation.id)
                .status(answer.key)
                .at(self.contract.document(), &answer.pointer)
                .instance(&format!("/{name}")),
        };
        self.report.report(finding);
    }
}

/// `Accounts::balances`, or the capability as a whole.
fn named(capability: Capability, method: &str) -> String {
    if method.is_empty() { format!("{capability:?}") } else { format!("{capability:?}::{method}") }
}

/// What the domain made of an answer that it should not have made of it. Of a success, it may refuse what it cannot
/// express only before it reads it; of an error, the status must be kept.
fn judge(answer: &Answer, error: Option<&Error>) -> Option<String> {
    match (answer.success, error) {
        (true, None) => None,
        (true, Some(error)) => Some(format!("a documented success becomes an error: {error}")),
        (false, None) => Some(format!("the documented error {} is taken for success", answer.status)),
        (false, Some(error)) => {
            let status = error.status().map(|status| status.as_u16());
            (status != Some(answer.status)).then(|| {
                let status = status.map_or_else(|| "none".to_owned(), |status| status.to_string());
                format!("the error of status {} comes out with status {status}: {error}", answer.status)
            })
        }
    }
}
