//! The capability to pay again and again.

use crate::domain::{
    AuthorisationRequest, ConsentReference, FundsConfirmation, Mandate, MandateKind, MandatePaymentRequest,
    MandateRequest, Money, Payment,
};
use crate::provider::Reply;

capability! {
    /// Asks payers for mandates and pays under them (variable recurring payments).
    pub trait Mandates: Send + Sync {
        /// Asks the payer, who then goes to the [`authorisation_url`](Mandate::authorisation_url).
        fn create_mandate<'a>(&'a self, payer: &'a AuthorisationRequest, mandate: &'a MandateRequest)
        -> Reply<'a, Mandate>;

        /// The state of a mandate. Some providers keep the kinds apart, so it has to be said.
        fn mandate<'a>(&'a self, kind: MandateKind, id: &'a str) -> Reply<'a, Mandate>;

        /// Takes a mandate back.
        fn delete_mandate<'a>(&'a self, id: &'a str) -> Reply<'a, ()>;

        /// Asks whether the payer's account could bear a payment; no money moves.
        fn confirm_funds<'a>(&'a self, mandate: &'a ConsentReference, amount: &'a Money) -> Reply<'a, FundsConfirmation>;

        /// Makes a payment. It is repeated within the retry policy where the provider has keys, and sent once where it has none.
        fn pay<'a>(&'a self, mandate: &'a ConsentReference, payment: &'a MandatePaymentRequest) -> Reply<'a, Payment>;

        /// Reads what became of a payment; see [`until_final`](crate::provider::until_final).
        fn mandate_payment<'a>(&'a self, mandate: &'a ConsentReference, id: &'a str) -> Reply<'a, Payment>;
    }
}
