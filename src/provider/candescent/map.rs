//! Candescent's values as domain values.

use obkit_candescent::types as candescent;
use obkit_runtime::Sensitive;

use crate::domain::{Account, AccountIdentifier, AccountKind, AccountStatus, Coded, Source};
use crate::error::MapError;
use crate::provider::mapping::{Mapper, each};

mod balance;

const MAPPER: Mapper = Mapper { provider: "candescent" };

/// The accounts of an answer.
///
/// # Errors
/// An account has no id, or an amount or currency is missing or cannot be read.
pub fn accounts(source: &candescent::Accounts) -> Result<Vec<Account>, MapError> {
    each("accounts", source.accounts.as_deref().unwrap_or_default(), account)
}

/// An account with its balances.
///
/// # Errors
/// It has no id, or an amount or currency is missing or cannot be read.
pub fn account(source: &candescent::Account) -> Result<Account, MapError> {
    let kind = source.type_.as_ref().and_then(|kind| kind.value.as_ref()).map(account_kind);
    let balances = balance::balances(source, kind.as_ref().and_then(Coded::code))?;
    Ok(Account {
        id: MAPPER.required("id", source.id.clone())?,
        // The account has none of its own.
        currency: balances.first().map(|balance| balance.amount.currency),
        status: source.status.as_ref().and_then(account_status),
        // Business users see the accounts of a business, but nothing in the account says so.
        usage: None,
        kind,
        description: source.description.clone(),
        nickname: source.nick_name.as_deref().map(Sensitive::from),
        holders: source.primary_holder_name.iter().cloned().collect(),
        identifiers: identifiers(source),
        balances,
        source: Source::of(source.clone()),
    })
}

/// The flags of the state; the word is that of the one that decides. The last of them stands above the rest: an account
/// that was deleted may well be said to be open.
fn account_status(flags: &candescent::AccountStatus) -> Option<Coded<AccountStatus>> {
    let decisive = [
        (flags.deleted, AccountStatus::Deleted, "deleted"),
        (flags.closed, AccountStatus::Deleted, "closed"),
        (flags.not_approved, AccountStatus::Pending, "notApproved"),
        (flags.open, AccountStatus::Enabled, "open"),
    ];
    let set = decisive.into_iter().find(|(flag, ..)| *flag == Some(true));
    set.map(|(_, status, word)| Coded::new(Some(status), word))
}

/// What an account is for.
#[must_use]
pub fn account_kind(kind: &candescent::DIAccountType) -> Coded<AccountKind> {
    use candescent::DIAccountType as Kind;
    let code = match kind {
        Kind::Savings => Some(AccountKind::Savings),
        Kind::Checking => Some(AccountKind::Current),
        Kind::MoneyMarket => Some(AccountKind::MoneyMarket),
        Kind::Brokerage => Some(AccountKind::Investment),
        Kind::LineOfCreditLoan | Kind::TclCreditLine => Some(AccountKind::LineOfCredit),
        Kind::Keogh | Kind::Retirement401k | Kind::RetirementIra => Some(AccountKind::Pension),
        Kind::CertOfDeposit | Kind::CsiCertOfDeposit => Some(AccountKind::TimeDeposit),
        Kind::CreditCardLoan => Some(AccountKind::Card),
        Kind::InstallmentLoan
        | Kind::ConsumerLoan
        | Kind::CommercialLoan
        | Kind::CommercialRefiLoan
        | Kind::HomeEquityLoan
        | Kind::TclMaster
        | Kind::TclNote => Some(AccountKind::Loan),
        Kind::MortgageLoan | Kind::ResidentialMortgageLoan => Some(AccountKind::Mortgage),
        Kind::GeneralLedgerAccount | Kind::GeneralLedgerCode => Some(AccountKind::GeneralLedger),
        // `UNKNOWN`, `TRUST` and `USER_DEFINED` do not say what the account is for.
        _ => None,
    };
    Coded::new(code, kind.as_str())
}

/// What stands on a check identifies an account to other banks. `accountNumber` has its last four digits only.
fn identifiers(source: &candescent::Account) -> Vec<AccountIdentifier> {
    let mut identifiers = Vec::new();
    match (&source.routing_number, &source.micr_number) {
        (Some(routing_number), Some(account_number)) => {
            let (routing_number, account_number) = (routing_number.into(), account_number.clone());
            identifiers.push(AccountIdentifier::RoutingNumberAccountNumber { routing_number, account_number });
        }
        (routing_number, micr_number) => {
            let routing_number = routing_number.as_ref().map(Sensitive::from);
            identifiers.extend(routing_number.map(|number| AccountIdentifier::other("routingNumber", &number)));
            identifiers.extend(micr_number.iter().map(|number| AccountIdentifier::other("micrNumber", number)));
        }
    }
    let host = source.host_account_number.iter();
    identifiers.extend(host.map(|number| AccountIdentifier::other("hostAccountNumber", number)));
    let masked = |number: &Sensitive| AccountIdentifier::MaskedAccountNumber { account_number: number.clone() };
    identifiers.extend(source.account_number.iter().map(masked));
    identifiers
}
