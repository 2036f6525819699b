//! The state of what an account is going to pay.

use super::code::codes;

codes! {
    /// The state of a standing order, a scheduled payment or a direct debit. The codes are those of ISO 20022
    /// `ExternalPaymentTransactionStatus1Code`, which has none for an order that merely stands.
    pub enum OrderStatus {
        /// It stands: payments will be made.
        Active,
        /// It stands no longer.
        Inactive,
        /// It is not accepted yet.
        Pending = "PDNG",
        /// It was refused.
        Rejected = "RJCT",
        /// Its payment is being settled.
        Settling = "ACSP",
        /// It was paid.
        Completed = "ACSC",
        /// It could not be paid.
        Failed,
        /// Its time is over.
        Expired,
    }
}
