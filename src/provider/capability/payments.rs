//! The capability to make payments.

use crate::domain::{AuthorisationRequest, ConsentReference, Payment, PaymentAuthorisation, PaymentRequest};
use crate::provider::Reply;

capability! {
    /// Makes payments: ask the payer, submit under what the payer authorised, then read what became of it.
    ///
    /// A payment is one payment by its [`IdempotencyKey`](crate::domain::IdempotencyKey), which the request holds. Authorise, submit
    /// and repeat with the same request. An error names the key
    /// ([`idempotency_key`](obkit_runtime::Error::idempotency_key)), and a call with it is repeated within the retry policy.
    pub trait Payments: Send + Sync {
        /// Asks the payer; no money moves. The payer then goes to the
        /// [`authorisation_url`](crate::domain::Consent::authorisation_url) of the consent.
        fn authorise<'a>(
            &'a self,
            payer: &'a AuthorisationRequest,
            payment: &'a PaymentRequest,
        ) -> Reply<'a, PaymentAuthorisation>;

        /// Makes the payment under the consent that the payer authorised.
        fn submit<'a>(&'a self, consent: &'a ConsentReference, payment: &'a PaymentRequest) -> Reply<'a, Payment>;

        /// Reads what became of a payment; see [`until_final`](crate::provider::until_final).
        fn payment<'a>(&'a self, consent: &'a ConsentReference, id: &'a str) -> Reply<'a, Payment>;
    }
}
