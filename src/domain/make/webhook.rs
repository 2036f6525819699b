//! Webhooks: events, and where they go.

use super::made;
use crate::domain::{
    Coded, RegistrationStatus, Sensitive, Timestamp, WebhookEvent, WebhookEventType, WebhookKind, WebhookRegistration,
    WebhookStatus,
};

made! {
    WebhookEvent {
        /// An event that is not verified and concerns nothing yet.
        new() { verified: false }
        sets {
            kind: Coded<WebhookKind>,
            status: WebhookStatus,
            consent_id: String,
            payment_id: String,
            payment_link_id: String,
            job_id: String,
            sent_at: Timestamp,
        }
        bare { source }
    }
    WebhookRegistration {
        /// A registration by the provider's id.
        new(id: impl Into<String>) { id: id.into() }
        sets {
            url: Sensitive,
            backup_url: Sensitive,
            consent_id: String,
            status: Coded<RegistrationStatus>,
            secret: Sensitive,
        }
        adds { event to events: String }
        bare { source }
    }
    WebhookEventType {
        /// A kind of event by the provider's word.
        new(name: impl Into<String>) { name: name.into() }
        sets { description: String }
        bare { source }
    }
}
