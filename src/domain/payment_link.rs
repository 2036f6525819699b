//! Payment links: pages on which somebody pays.

use schemars::JsonSchema;
use serde::Serialize;

use super::code::codes;
use super::setters::setters;
use super::{Coded, Creditor, Debtor, ListQuery, Money, Party, Payment, Sensitive, Source, Timestamp};

/// A page on which somebody pays.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct PaymentLink {
    /// The provider's id of the link.
    pub id: String,
    /// Where the payer goes. Whoever has it can pay.
    #[schemars(with = "Option<String>")]
    pub url: Option<Sensitive>,
    /// How far it is.
    pub status: Option<Coded<PaymentLinkStatus>>,
    /// How much is asked for.
    pub amount: Option<Money>,
    /// Who is paid.
    pub creditor: Option<Party>,
    /// Who is asked to pay.
    pub debtor: Option<Party>,
    /// What the payee reads.
    pub reference: Option<String>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// Until when it can be used.
    pub expires_at: Option<Timestamp>,
    /// Whether that moment has passed, where the provider says it.
    pub is_expired: Option<bool>,
    /// The payments made through it, where the provider lists them.
    pub payments: Vec<Payment>,
    /// The provider's own value.
    #[serde(skip)]
    pub source: Source,
}

codes! {
    /// How far a payment link is. The codes are those of ISO 20022 `ExternalPaymentTransactionStatus1Code`, which has
    /// none before there is a payment.
    pub enum PaymentLinkStatus {
        /// It can be used.
        Created,
        /// The payer opened it.
        Started,
        /// A payment was asked for at the bank.
        Requested,
        /// The payer chose how to pay.
        IntentAccepted,
        /// The payer is at the bank.
        AwaitingAuthorisation,
        /// The bank has the payment.
        Received = "RCVD",
        /// The bank was told to make it.
        Submitted,
        /// It is paid.
        Completed = "ACSC",
        /// The payment failed.
        Failed,
        /// The link was taken back.
        Revoked = "CANC",
        /// The payee's bank has the money.
        FundsReceived = "ACCC",
        /// The payee's bank refused the money.
        FundsRejected = "RJCT",
    }
}

impl PaymentLinkStatus {
    /// Whether waiting for another status is in vain. Few banks tell what became of the money after
    /// [`Completed`](Self::Completed), and those by webhook.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Revoked | Self::FundsReceived | Self::FundsRejected)
    }

    /// Whether nobody has tried to pay yet: such a link ends when its time is over.
    #[must_use]
    pub fn is_unused(self) -> bool {
        matches!(self, Self::Created | Self::Started)
    }
}

/// A payment link to make. No provider knows a repetition: when an answer is lost, look before you make another.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PaymentLinkRequest {
    /// Who is paid.
    pub creditor: Creditor,
    /// How much; more than zero. Sent to the last digit.
    pub amount: Money,
    /// What the payee reads.
    pub reference: Option<String>,
    /// Who is asked to pay; else anybody.
    pub debtor: Option<Debtor>,
    /// The payer's institution, by its id at the provider; else the payer chooses.
    pub institution_id: Option<String>,
    /// Where the payer's institution is: an ISO 3166-1 alpha-2 code. Some providers need it.
    pub country: Option<String>,
    /// Your own id of the payer.
    pub user_id: Option<String>,
    /// Where the payer comes back to. Some providers need it.
    pub redirect_url: Option<String>,
    /// Until when it can be used; else as long as the provider lets it.
    pub expires_at: Option<Timestamp>,
}

impl PaymentLinkRequest {
    /// A link for anybody to pay with.
    #[must_use]
    pub fn new(creditor: Creditor, amount: Money) -> Self {
        Self {
            creditor,
            amount,
            reference: None,
            debtor: None,
            institution_id: None,
            country: None,
            user_id: None,
            redirect_url: None,
            expires_at: None,
        }
    }
}

setters! {
    PaymentLinkRequest {
        /// Sets what the payee reads.
        reference: into String,
        /// Sets who is asked to pay.
        debtor: Debtor,
        /// Sets the payer's institution.
        institution sets institution_id: into String,
        /// Sets where the payer's institution is.
        country: into String,
        /// Sets your own id of the payer.
        user_id: into String,
        /// Sets where the payer comes back to.
        redirect_url: into String,
        /// Sets until when it can be used.
        expires_at: Timestamp,
    }
}

/// Which payment links to read: the window is that of their making.
pub type PaymentLinkQuery = ListQuery<PaymentLinkFilter>;

/// Which payment links are meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PaymentLinkFilter {
    /// Those in this state.
    pub status: Option<PaymentLinkStatus>,
}

impl PaymentLinkQuery {
    /// Sets the state.
    #[must_use]
    pub fn status(mut self, status: PaymentLinkStatus) -> Self {
        self.filter.status = Some(status);
        self
    }
}
