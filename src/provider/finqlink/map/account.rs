//! Accounts and balances.

use obkit_finqlink::types as finqlink;

use super::{Amount, BALANCES, MAPPER, next};
use crate::domain::{Account, AccountIdentifier, Balance, CreditLine, Page, Source};
use crate::error::MapError;
use crate::provider::mapping::{each, open_banking};

/// The accounts of an answer, each with its latest balances.
///
/// # Errors
/// An account has no id, or an amount or currency cannot be read.
pub fn accounts(source: &finqlink::ListAccountsResponse) -> Result<Vec<Account>, MapError> {
    each("accounts", &source.accounts, account)
}

fn account(source: &finqlink::Account) -> Result<Account, MapError> {
    let schemes = source.account_schemes.as_deref().unwrap_or_default();
    Ok(Account {
        id: MAPPER.required("account_id", source.account_id.clone())?,
        currency: source.currency.as_deref().map(|code| MAPPER.currency("currency", code)).transpose()?,
        status: None,
        // The type is free text in the provider's words, such as `Personal current account`: the source has it.
        usage: None,
        kind: source.account_sub_type.as_deref().map(open_banking::account_kind),
        description: source.account_type.clone(),
        nickname: source.nickname.clone(),
        holders: source.name.iter().cloned().collect(),
        identifiers: schemes.iter().filter_map(identifier).collect(),
        balances: each("balances", source.balances.as_deref().unwrap_or_default(), |item| {
            let mut balance = balance(item)?;
            balance.account_id = balance.account_id.or_else(|| source.account_id.clone());
            Ok(balance)
        })?,
        source: Source::of(source.clone()),
    })
}

fn identifier(source: &finqlink::AccountScheme) -> Option<AccountIdentifier> {
    let scheme = source.scheme_name.as_deref().unwrap_or_default();
    source.identification.as_ref().map(|identification| open_banking::identifier(scheme, identification))
}

/// A page of the balance history.
///
/// # Errors
/// An amount or currency is missing or cannot be read.
pub fn balances(source: &finqlink::ListBalancesResponse) -> Result<Page<Balance>, MapError> {
    let last = source.balances.last().and_then(|balance| balance.keyset.as_ref());
    Ok(Page {
        items: each("balances", &source.balances, balance)?,
        next: next(BALANCES, source.pagination.as_ref(), last)?,
        total: None,
    })
}

fn balance(source: &finqlink::Balance) -> Result<Balance, MapError> {
    let amount = Amount {
        amount: ("balance_amount", source.balance_amount.as_ref()),
        currency: ("balance_currency", source.balance_currency.as_ref()),
    };
    let (direction, amount) = amount.directed(source.credit_debit_indicator.as_ref(), true)?;
    let line = |included| CreditLine { kind: None, included: Some(included), amount: None };
    Ok(Balance {
        account_id: source.account_id.clone(),
        kind: source.balance_type.as_deref().map(open_banking::balance_type),
        direction,
        amount,
        at: None,
        credit_lines: source.credit_limit_included.map(line).into_iter().collect(),
        source: Source::of(source.clone()),
    })
}
