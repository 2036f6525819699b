//! What a provider tells on its own accord.

use std::time::Duration;

use crate::domain::{WebhookDelivery, WebhookEvent, WebhookEventType, WebhookRegistration, WebhookRequest};
use crate::provider::Reply;

capability! {
    /// Receives what a provider sends on its own accord, and says where it shall be sent. What a provider lacks of it is
    /// [`Unsupported`](crate::Unsupported).
    ///
    /// A server that listens for webhooks hands each request to [`receive`](Self::receive) and answers `200`, or what the
    /// [refusal](crate::Error::webhook) says:
    ///
    /// ```no_run
    /// # use obkit::domain::WebhookDelivery;
    /// # async fn handle(provider: &dyn obkit::provider::Provider, delivery: WebhookDelivery) -> Result<u16, obkit::Unsupported> {
    /// let webhooks = provider.webhooks()?;
    /// let status = match webhooks.receive(&delivery).await {
    ///     Ok(event) => { println!("look at payment {:?}", event.payment_id); 200 }
    ///     Err(error) => error.webhook().map_or(503, |refusal| refusal.status().as_u16()),
    /// };
    /// # Ok(status)
    /// # }
    /// ```
    pub trait Webhooks: Send + Sync {
        /// The event of a delivery. Where the provider signs, it is proven to be the provider's and to be new to this
        /// connection; where it does not, [`verified`](WebhookEvent::verified) is false, and anybody may have sent it.
        fn receive<'a>(&'a self, delivery: &'a WebhookDelivery) -> Reply<'a, WebhookEvent>;

        /// Takes a delivery for new once more. Call it when acting on an event failed and the provider is told so: what it
        /// sends again would otherwise be taken for a replay. Only for a delivery that gave an event.
        fn forget<'a>(&'a self, delivery: &'a WebhookDelivery) -> Reply<'a, ()>;

        /// The kinds of events that webhooks can be registered for.
        fn event_types<'a>(&'a self) -> Reply<'a, Vec<WebhookEventType>>;

        /// Registers a webhook. The call is made once: no provider knows a repetition.
        fn register<'a>(&'a self, webhook: &'a WebhookRequest) -> Reply<'a, WebhookRegistration>;

        /// All registrations.
        fn registrations<'a>(&'a self) -> Reply<'a, Vec<WebhookRegistration>>;

        /// One registration.
        fn registration<'a>(&'a self, id: &'a str) -> Reply<'a, WebhookRegistration>;

        /// Takes a registration back, so that nothing more is delivered to it.
        fn delete<'a>(&'a self, id: &'a str) -> Reply<'a, ()>;

        /// Gives a registration a new secret, once this time has passed.
        fn reset_secret<'a>(&'a self, id: &'a str, after: Duration) -> Reply<'a, WebhookRegistration>;
    }
}
