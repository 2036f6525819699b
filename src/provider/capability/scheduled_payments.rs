//! Payments that are ordered for later.

use crate::domain::{ConsentReference, ScheduledPayment};
use crate::provider::Reply;

capability! {
    /// Reads scheduled payments.
    pub trait ScheduledPayments: Send + Sync {
        /// The scheduled payments of an account.
        fn scheduled_payments<'a>(
            &'a self,
            consent: &'a ConsentReference,
            account_id: &'a str,
        ) -> Reply<'a, Vec<ScheduledPayment>>;
    }
}
