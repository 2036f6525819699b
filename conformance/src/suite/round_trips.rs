//! Examples through the generated types, and into the domain.

use obkit_codegen::spec::{Content, Example, Operation, StatusKey};
use serde_json::Value;

use super::{Observer, Progress, ProviderReport, Stage, Work};
use crate::checks::{self, Check};
use crate::contract::{Contract, concrete_status, is_success};
use crate::equality::differences;
use crate::finding::Finding;
use crate::typed_client::{Part, TypedClient};

pub(super) fn run(work: &Work<'_>, client: &dyn TypedClient, report: &mut ProviderReport, progress: &mut Observer<'_>) {
    let (contract, operations) = (work.contract, &work.operations);
    for webhook in contract.spec().webhooks().iter().filter(|webhook| work.holds(&webhook.id)) {
        let mut trips = Trips { contract, client, operation: webhook, is_received: true, report };
        for content in webhook.request.iter().flat_map(|request| &request.content) {
            trips.content(content, None);
        }
    }
    for (done, operation) in operations.iter().enumerate() {
        let stage = Stage::RoundTrips;
        progress(Progress {
            provider: contract.provider(),
            stage,
            operation: Some(&operation.id),
            done,
            of: operations.len(),
        });
        let mut trips = Trips { contract, client, operation, is_received: false, report };
        for content in operation.request.iter().flat_map(|request| &request.content) {
            trips.content(content, None);
        }
        for response in &operation.responses {
            for content in &response.content {
                trips.content(content, Some(response.status));
            }
        }
    }
}

struct Trips<'t> {
    contract: &'t Contract,
    client: &'t dyn TypedClient,
    operation: &'t Operation,
    /// Whether the provider makes the request: a webhook.
    is_received: bool,
    report: &'t mut ProviderReport,
}

impl Trips<'_> {
    /// Sends the examples of a body on their trips; a response has a status, a request has none.
    fn content(&mut self, content: &Content, status: Option<StatusKey>) {
        if !content.is_value() {
            return;
        }
        let part = status.map_or(Part::Request, |key| Part::Response(concrete_status(self.operation, key)));
        for example in &content.examples {
            let json = example.value.to_string();
            let findings = self.round_trip(part, example, &json).into_iter().chain(self.map(status, example, &json));
            for finding in findings.collect::<Vec<_>>() {
                let finding = finding.operation(&self.operation.id).media_type(&content.media_type);
                self.report.report(match status {
                    Some(status) => finding.status(status),
                    None => finding,
                });
            }
        }
    }

    fn round_trip(&mut self, part: Part, example: &Example, json: &str) -> Vec<Finding> {
        let Some(outcome) = self.client.round_trip(&self.operation.id, part, json) else { return Vec::new() };
        self.report.round_trips += 1;
        let again = match outcome.map(|text| serde_json::from_str::<Value>(&text)) {
            Ok(Ok(again)) => again,
            Ok(Err(_)) => {
                return vec![self.finding(checks::CL002, example, "the generated type wrote what is not JSON")];
            }
            Err(reason) => {
                return vec![self.finding(
                    checks::CL002,
                    example,
                    &format!("the generated type cannot read the example: {reason}"),
                )];
            }
        };
        differences(&example.value, &again)
            .into_iter()
            .map(|difference| {
                let message = format!("after a round trip through the generated type, the value {}", difference.what);
                let finding = self.finding(checks::CL002, example, &message).instance(&difference.pointer);
                finding.placed(self.contract.document(), &format!("{}{}", example.pointer, difference.pointer))
            })
            .collect()
    }

    fn map(&mut self, status: Option<StatusKey>, example: &Example, json: &str) -> Option<Finding> {
        // What the program itself sends comes from the domain.
        if !status.map_or(self.is_received, |key| is_success(self.operation, key)) {
            return None;
        }
        let outcome = self.client.to_domain(&self.operation.id, json)?;
        self.report.mapped += 1;
        outcome.err().map(|reason| {
            self.finding(checks::DM001, example, &format!("the example does not map to the domain: {reason}"))
        })
    }

    fn finding(&self, check: &'static Check, example: &Example, message: &str) -> Finding {
        Finding::new(check, message).at(self.contract.document(), &example.pointer)
    }
}
