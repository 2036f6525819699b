//! What an account is identified by.

use schemars::JsonSchema;
use serde::Serialize;

use super::Sensitive;

mod check;

pub use check::InvalidIdentifier;

/// What an account is identified by. The numbers in it are [`Sensitive`], and as the provider wrote
/// them: with blanks and hyphens, if it sent any. [`check`](Self::check) says whether they can be right.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "scheme")]
#[non_exhaustive]
pub enum AccountIdentifier {
    /// An international bank account number (ISO 13616).
    Iban {
        /// The IBAN.
        #[schemars(with = "String")]
        iban: Sensitive,
    },
    /// A sort code and an account number, as in the United Kingdom.
    SortCodeAccountNumber {
        /// Six digits.
        #[schemars(with = "String")]
        sort_code: Sensitive,
        /// Eight digits.
        #[schemars(with = "String")]
        account_number: Sensitive,
    },
    /// A routing number and an account number, as in the United States.
    RoutingNumberAccountNumber {
        /// Nine digits, the last of them a check digit (ABA).
        #[schemars(with = "String")]
        routing_number: Sensitive,
        /// At most seventeen characters.
        #[schemars(with = "String")]
        account_number: Sensitive,
    },
    /// A bank state branch number and an account number, as in Australia.
    BsbAccountNumber {
        /// Six digits.
        #[schemars(with = "String")]
        bsb: Sensitive,
        /// At most nine digits.
        #[schemars(with = "String")]
        account_number: Sensitive,
    },
    /// An account number of the New Zealand bulk electronic clearing system.
    NzBecs {
        /// Bank, branch, account and suffix: fifteen or sixteen digits.
        #[schemars(with = "String")]
        number: Sensitive,
    },
    /// A domestic account number without its bank.
    Bban {
        /// The number.
        #[schemars(with = "String")]
        bban: Sensitive,
        /// Whose number it is, where the provider says so: an ISO 3166-1 alpha-2 code.
        #[serde(skip_serializing_if = "Option::is_none")]
        country: Option<String>,
    },
    /// A card number, in full (ISO/IEC 7812).
    Pan {
        /// The number.
        #[schemars(with = "String")]
        pan: Sensitive,
    },
    /// A card number that is hidden in part. Two cards may share one.
    MaskedPan {
        /// What is shown of the number, and the marks in place of the rest.
        #[schemars(with = "String")]
        pan: Sensitive,
    },
    /// An account number that is hidden in part. Two accounts may share one.
    MaskedAccountNumber {
        /// What is shown of the number.
        #[schemars(with = "String")]
        account_number: Sensitive,
    },
    /// The bank alone, by its business identifier code (ISO 9362).
    Bic {
        /// The BIC.
        #[schemars(with = "String")]
        bic: Sensitive,
    },
    /// An Australian business number, as a `PayID`.
    Abn {
        /// Eleven digits.
        #[schemars(with = "String")]
        abn: Sensitive,
    },
    /// Any other identification of an organisation, as a `PayID`.
    OrganisationId {
        /// The identification.
        #[schemars(with = "String")]
        identification: Sensitive,
    },
    /// An e-mail address in place of a number (ISO 20022 proxy `EMAL`).
    Email {
        /// The address.
        #[schemars(with = "String")]
        email: Sensitive,
    },
    /// A telephone number in place of an account number (ISO 20022 proxy `TELE`).
    Telephone {
        /// The number.
        #[schemars(with = "String")]
        telephone: Sensitive,
    },
    /// A biller of the Australian BPAY scheme.
    Bpay {
        /// The biller code.
        #[schemars(with = "String")]
        biller_code: Sensitive,
    },
    /// Any other.
    Other {
        /// The provider's name of the scheme.
        name: String,
        /// The identification.
        #[schemars(with = "String")]
        identification: Sensitive,
    },
}

impl AccountIdentifier {
    /// A card number, of which a part may be hidden.
    pub(crate) fn card(number: Sensitive) -> Self {
        let is_shown = number.expose().chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-'));
        if is_shown { Self::Pan { pan: number } } else { Self::MaskedPan { pan: number } }
    }

    /// A sort code and an account number that stand in one text.
    pub(crate) fn sort_code_account_number(text: &str) -> Option<Self> {
        let (sort_code, account_number) = split(text, 6).filter(|(_, rest)| rest.len() == 8)?;
        Some(Self::SortCodeAccountNumber { sort_code: sort_code.into(), account_number: account_number.into() })
    }

    /// A bank state branch number and an account number that stand in one text.
    pub(crate) fn bsb_account_number(text: &str) -> Option<Self> {
        let (bsb, account_number) = split(text, 6).filter(|(_, rest)| (1..=9).contains(&rest.len()))?;
        Some(Self::BsbAccountNumber { bsb: bsb.into(), account_number: account_number.into() })
    }

    /// An identification under the provider's own name of its scheme.
    pub(crate) fn other(name: &str, identification: &Sensitive) -> Self {
        Self::Other { name: name.to_owned(), identification: identification.clone() }
    }
}

/// The first digits of a text and the rest; none when it has anything but digits, blanks and hyphens.
fn split(text: &str, at: usize) -> Option<(String, String)> {
    let mut digits = check::digits(text)?;
    let rest = (digits.len() >= at).then(|| digits.split_off(at))?;
    Some((digits, rest))
}
