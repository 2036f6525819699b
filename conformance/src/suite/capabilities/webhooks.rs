//! Webhooks: registered as a program would, and received as the document shows them.

use std::time::Duration;

use obkit::domain::{WebhookDelivery, WebhookEvent};
use obkit::provider::{Capability, Webhooks};
use obkit::runtime::reqwest::StatusCode;
use obkit::runtime::reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use obkit::{Error, Unsupported};
use obkit_codegen::spec::{Location, Operation, Parameter};
use serde_json::Value;

use super::{Caller, subjects};

const OF: Capability = Capability::Webhooks;

impl Caller<'_> {
    pub(super) async fn webhooks(&mut self) -> Result<(), Unsupported> {
        let api = self.provider.webhooks()?;
        let types = self.call(OF, "event_types", || api.event_types()).await;
        let requests = subjects::webhooks(types.unwrap_or_default());
        let made = self.first_of(OF, "register", &requests, |request| api.register(request)).await;
        let id = made.map_or_else(|| subjects::UNKNOWN.to_owned(), |webhook| webhook.id);
        self.call(OF, "registrations", || api.registrations()).await;
        self.call(OF, "registration", || api.registration(&id)).await;
        self.call(OF, "reset_secret", || api.reset_secret(&id, Duration::from_secs(60))).await;
        self.call(OF, "delete", || api.delete(&id)).await;
        for webhook in self.contract.spec().webhooks().iter().filter(|webhook| webhook.request.is_some()) {
            self.receive(api, webhook).await;
        }
        Ok(())
    }

    /// Delivers each documented body. A webhook that carries headers is signed by them: without them, with those of the
    /// document's example, which are those of another body, and with a body that is no JSON it must be refused.
    async fn receive(&mut self, api: &dyn Webhooks, webhook: &Operation) {
        let signing: Vec<&Parameter> =
            webhook.parameters.iter().filter(|p| p.required && p.location == Location::Header).collect();
        let contents = webhook.request.iter().flat_map(|request| &request.content).filter(|content| content.is_json());
        for example in contents.flat_map(|content| &content.examples) {
            let body = example.value.to_string();
            let bare = WebhookDelivery::new(HeaderMap::new(), body.clone());
            if signing.is_empty() {
                self.judged(api, webhook, &bare, is_event).await;
            } else {
                self.judged(api, webhook, &bare, is_refused).await;
                self.judged(api, webhook, &WebhookDelivery::new(exemplary(&signing), body), is_refused).await;
            }
        }
        let broken = WebhookDelivery::new(exemplary(&signing), "{");
        self.judged(api, webhook, &broken, is_refused).await;
    }

    async fn judged(
        &mut self,
        api: &dyn Webhooks,
        webhook: &Operation,
        delivery: &WebhookDelivery,
        judge: fn(&Result<WebhookEvent, Error>) -> Result<(), String>,
    ) {
        let (outcome, _) = self.made(&|| api.receive(delivery)).await;
        self.report.domain_calls += 1;
        if let Err(wrong) = judge(&outcome) {
            self.problem(OF, "receive", None, &format!("the webhook `{}` {wrong}", webhook.id));
        }
    }
}

/// What nobody has signed is an event that is not verified.
fn is_event(outcome: &Result<WebhookEvent, Error>) -> Result<(), String> {
    match outcome {
        Ok(event) if event.verified => Err("is not signed, and said to be verified".to_owned()),
        Ok(_) => Ok(()),
        Err(error) => Err(format!("has a documented body, which becomes an error: {error}")),
    }
}

fn is_refused(outcome: &Result<WebhookEvent, Error>) -> Result<(), String> {
    match outcome {
        Ok(_) => Err("is accepted, although its body is broken or nobody has signed it".to_owned()),
        Err(error) if error.webhook().is_some_and(|refusal| refusal.status() != StatusCode::OK) => Ok(()),
        Err(error) => Err(format!("is refused without an answer to its sender: {error}")),
    }
}

/// The headers of the document's example.
fn exemplary(signing: &[&Parameter]) -> HeaderMap {
    let header = |parameter: &&Parameter| {
        let name = HeaderName::from_bytes(parameter.name.as_bytes()).ok()?;
        let value = parameter.example.as_ref().and_then(Value::as_str)?;
        Some((name, HeaderValue::from_str(value).ok()?))
    };
    signing.iter().filter_map(header).collect()
}
