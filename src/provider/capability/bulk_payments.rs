//! The capability to make several payments with one authorisation.

use crate::domain::{AuthorisationRequest, BulkPaymentRequest, ConsentReference, Payment, PaymentAuthorisation};
use crate::provider::Reply;

capability! {
    /// Makes several payments that the payer authorises together; else as [`Payments`](crate::provider::Payments).
    pub trait BulkPayments: Send + Sync {
        /// Asks the payer; no money moves.
        fn authorise_bulk<'a>(
            &'a self,
            payer: &'a AuthorisationRequest,
            payments: &'a BulkPaymentRequest,
        ) -> Reply<'a, PaymentAuthorisation>;

        /// Makes the payments under the consent that the payer authorised. The answer stands for all of them.
        fn submit_bulk<'a>(&'a self, consent: &'a ConsentReference, payments: &'a BulkPaymentRequest)
        -> Reply<'a, Payment>;

        /// Reads what became of the payments as a whole.
        fn bulk_payment<'a>(&'a self, consent: &'a ConsentReference, id: &'a str) -> Reply<'a, Payment>;
    }
}
