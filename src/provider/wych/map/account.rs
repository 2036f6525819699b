//! Accounts and balances.

use obkit_runtime::Sensitive;
use obkit_wych::types as wych;

use super::{MAPPER, identifier, parts};
use crate::domain::{
    Account, AccountIdentifier, AccountKind, AccountStatus, AccountUsage, Balance, Coded, Money, Source,
};
use crate::error::MapError;
use crate::provider::mapping::{each, open_banking};

/// The accounts of an answer, which is a bare array.
///
/// # Errors
/// An account has no id, or its currency is no currency code.
pub fn accounts(source: &[wych::Account]) -> Result<Vec<Account>, MapError> {
    each("", source, account)
}

fn account(source: &wych::Account) -> Result<Account, MapError> {
    let id = MAPPER.required("id", source.id.as_ref())?;
    let kind = source.subtype.as_ref().map(account_kind);
    let is_card = kind.as_ref().and_then(Coded::code) == Some(AccountKind::Card);
    let identifier = |number| match identifier(number) {
        // The scheme says that it is masked, and the account what it is.
        AccountIdentifier::MaskedAccountNumber { account_number } if is_card => {
            AccountIdentifier::MaskedPan { pan: account_number }
        }
        identifier => identifier,
    };
    Ok(Account {
        id: id.as_str().to_owned(),
        currency: Some(MAPPER.currency("currency", &source.currency)?),
        status: source.status.as_ref().map(account_status),
        usage: Some(usage(&source.type_)),
        kind,
        description: source.name.clone(),
        nickname: source.nickname.as_deref().map(Sensitive::from),
        holders: Vec::new(),
        identifiers: source.account_number.iter().flatten().map(identifier).collect(),
        balances: Vec::new(),
        source: Source::of(source.clone()),
    })
}

fn account_status(status: &wych::AccountStatus) -> Coded<AccountStatus> {
    let code = match status {
        wych::AccountStatus::Open => Some(AccountStatus::Enabled),
        wych::AccountStatus::Closed => Some(AccountStatus::Deleted),
        // `ALL` is listed, but it is no state of an account.
        _ => None,
    };
    Coded::new(code, status.as_str())
}

fn usage(usage: &wych::AccountType) -> Coded<AccountUsage> {
    let code = match usage {
        wych::AccountType::Personal => Some(AccountUsage::Personal),
        wych::AccountType::Business => Some(AccountUsage::Business),
        _ => None,
    };
    Coded::new(code, usage.as_str())
}

/// What an account is for.
#[must_use]
pub fn account_kind(subtype: &wych::AccountSubtype) -> Coded<AccountKind> {
    use wych::AccountSubtype as Kind;
    let code = match subtype {
        Kind::Chargecard | Kind::Creditcard | Kind::Prepaidcard => Some(AccountKind::Card),
        Kind::Currentaccount => Some(AccountKind::Current),
        Kind::Emoney => Some(AccountKind::EMoney),
        Kind::Investment => Some(AccountKind::Investment),
        Kind::Loan => Some(AccountKind::Loan),
        Kind::Pension => Some(AccountKind::Pension),
        Kind::Mortgage => Some(AccountKind::Mortgage),
        Kind::Savings => Some(AccountKind::Savings),
        // `OTHER` and `UNSPECIFIED` say nothing.
        _ => None,
    };
    Coded::new(code, subtype.as_str())
}

/// The balances of an answer, which is a bare array.
///
/// # Errors
/// An amount is missing, or an amount, currency or date cannot be read.
pub fn balances(source: &[wych::Balance]) -> Result<Vec<Balance>, MapError> {
    each("", source, balance)
}

fn balance(source: &wych::Balance) -> Result<Balance, MapError> {
    let (amount, currency) = parts("amount", MAPPER.required("amount", source.amount.as_ref())?)?;
    let (direction, amount) = Money::from_signed(amount, currency);
    Ok(Balance {
        account_id: source.account.as_ref().map(|id| id.as_str().to_owned()),
        kind: source.type_.as_deref().map(open_banking::balance_type),
        direction,
        amount,
        at: MAPPER.time("datetime", source.datetime.as_ref())?,
        credit_lines: Vec::new(),
        source: Source::of(source.clone()),
    })
}
