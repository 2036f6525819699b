//! How far a payment is.

use crate::domain::code::codes;

codes! {
    /// How far a payment is (ISO 20022 `ExternalPaymentTransactionStatus1Code`).
    pub enum PaymentStatus {
        /// The bank received it.
        Received = "RCVD",
        /// It waits, for a check or for its date.
        Pending = "PDNG",
        /// A further holder must authorise it.
        PartiallyAuthorised = "PATC",
        /// Several payments, of which some were accepted.
        PartiallyAccepted = "PART",
        /// It is authenticated, and its syntax and semantics are right.
        AcceptedTechnicalValidation = "ACTC",
        /// The customer profile was checked, too.
        AcceptedCustomerProfile = "ACCP",
        /// There are funds for it.
        AcceptedFundsChecked = "ACFC",
        /// It was accepted with a change, such as of its date.
        AcceptedWithChange = "ACWC",
        /// The payee's bank took it and has not booked it.
        AcceptedWithoutPosting = "ACWP",
        /// It is being settled.
        AcceptedSettlementInProcess = "ACSP",
        /// It is settled on the account of the payer.
        AcceptedSettlementCompleted = "ACSC",
        /// It is settled on the account of the payee.
        AcceptedCreditSettlementCompleted = "ACCC",
        /// It was refused.
        Rejected = "RJCT",
        /// It was called back before it was made.
        Cancelled = "CANC",
        /// Its funds are held: they reach the payee as little as the payer.
        Blocked = "BLCK",
        /// It was accepted, and failed afterwards; ISO 20022 has no code for it.
        Failed,
        /// It was not authorised in time; ISO 20022 has no code for it.
        Expired,
        /// An order for several payments that stands; ISO 20022 has no code for it.
        Active,
        /// An order for several payments that stands no longer; ISO 20022 has no code for it.
        Inactive,
    }
}

impl PaymentStatus {
    /// Whether waiting for another status is in vain.
    ///
    /// A payment that is settled on the account of the payer may also be reported as settled on that of the payee later; most
    /// banks never do. An order for several payments that stands is final here: it was accepted.
    ///
    /// What ISO 20022 calls accepted before it is settled (`ACTC`, `ACCP`, `ACFC`, `ACSP`, `ACWC`, `ACWP`) is a check that was
    /// passed on the way, `ACCP` that of the customer's profile, and can still be rejected: none of it is final, and none is
    /// [success](Self::is_success).
    #[must_use]
    pub fn is_final(self) -> bool {
        match self {
            Self::AcceptedSettlementCompleted
            | Self::AcceptedCreditSettlementCompleted
            | Self::Rejected
            | Self::Cancelled
            | Self::Blocked
            | Self::Failed
            | Self::Expired
            | Self::Active
            | Self::Inactive => true,
            Self::Received
            | Self::Pending
            | Self::PartiallyAuthorised
            | Self::PartiallyAccepted
            | Self::AcceptedTechnicalValidation
            | Self::AcceptedCustomerProfile
            | Self::AcceptedFundsChecked
            | Self::AcceptedWithChange
            | Self::AcceptedWithoutPosting
            | Self::AcceptedSettlementInProcess => false,
        }
    }

    /// Whether the money is on its way for good: settled, or an order that stands.
    #[must_use]
    pub fn is_success(self) -> bool {
        matches!(self, Self::AcceptedSettlementCompleted | Self::AcceptedCreditSettlementCompleted | Self::Active)
    }
}

#[cfg(test)]
mod tests {
    use super::PaymentStatus::*;

    #[test]
    fn what_is_accepted_and_not_settled_can_still_be_rejected() {
        let accepted = [
            AcceptedTechnicalValidation,
            AcceptedCustomerProfile,
            AcceptedFundsChecked,
            AcceptedWithChange,
            AcceptedWithoutPosting,
            AcceptedSettlementInProcess,
            PartiallyAccepted,
        ];
        assert!(accepted.iter().all(|status| !status.is_final() && !status.is_success()));
    }

    #[test]
    fn success_is_final_and_failure_is_no_success() {
        let settled = [AcceptedSettlementCompleted, AcceptedCreditSettlementCompleted, Active];
        assert!(settled.iter().all(|status| status.is_final() && status.is_success()));
        let failed = [Rejected, Cancelled, Blocked, Failed, Expired, Inactive];
        assert!(failed.iter().all(|status| status.is_final() && !status.is_success()));
    }
}
