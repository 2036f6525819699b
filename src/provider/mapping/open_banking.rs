//! The words of UK Open Banking, which providers take over as free text. New Zealand and many others have the same.

use obkit_runtime::Sensitive;

use crate::domain::{AccountIdentifier, AccountKind, BalanceType, Coded};

/// A number under a scheme: `UK.OBIE.IBAN` and the like; some leave the prefix out.
pub(crate) fn identifier(scheme: &str, identification: &Sensitive) -> AccountIdentifier {
    let name = scheme.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let other = || AccountIdentifier::other(scheme, identification);
    let text = identification.clone();
    match name.as_str() {
        "iban" => AccountIdentifier::Iban { iban: text },
        "bban" => AccountIdentifier::Bban { bban: text, country: None },
        "pan" => AccountIdentifier::card(text),
        "bic" | "bicfi" => AccountIdentifier::Bic { bic: text },
        "sortcodeaccountnumber" => {
            AccountIdentifier::sort_code_account_number(identification.expose()).unwrap_or_else(other)
        }
        _ => other(),
    }
}

/// A type of balance.
pub(crate) fn balance_type(word: &str) -> Coded<BalanceType> {
    let code = match word {
        "ClosingAvailable" => Some(BalanceType::ClosingAvailable),
        "ClosingBooked" => Some(BalanceType::ClosingBooked),
        "ClosingCleared" => Some(BalanceType::ClosingCleared),
        "Expected" => Some(BalanceType::Expected),
        "ForwardAvailable" => Some(BalanceType::ForwardAvailable),
        "Information" => Some(BalanceType::Information),
        "InterimAvailable" => Some(BalanceType::InterimAvailable),
        "InterimBooked" => Some(BalanceType::InterimBooked),
        "InterimCleared" => Some(BalanceType::InterimCleared),
        "OpeningAvailable" => Some(BalanceType::OpeningAvailable),
        "OpeningBooked" => Some(BalanceType::OpeningBooked),
        "OpeningCleared" => Some(BalanceType::OpeningCleared),
        "PreviouslyClosedBooked" => Some(BalanceType::PreviouslyClosedBooked),
        _ => None,
    };
    Coded::new(code, word)
}

/// A sub-type of account.
pub(crate) fn account_kind(word: &str) -> Coded<AccountKind> {
    let code = match word {
        "ChargeCard" | "CreditCard" | "PrePaidCard" => Some(AccountKind::Card),
        "CurrentAccount" => Some(AccountKind::Current),
        "EMoney" => Some(AccountKind::EMoney),
        "Loan" => Some(AccountKind::Loan),
        "Mortgage" => Some(AccountKind::Mortgage),
        "Savings" => Some(AccountKind::Savings),
        _ => None,
    };
    Coded::new(code, word)
}
