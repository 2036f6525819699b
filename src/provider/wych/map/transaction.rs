//! Transactions.

use obkit_wych::types as wych;

use super::{MAPPER, identifier, parts};
use crate::domain::{
    Balance, Coded, CreditDebit, Currency, ExchangeRate, Money, Party, Source, Transaction, TransactionStatus,
};
use crate::error::MapError;
use crate::provider::mapping::each;

/// The transactions of an answer, which is a bare array.
///
/// # Errors
/// An amount or direction is missing, or an amount, currency or date cannot be read.
pub fn transactions(source: &[wych::Transaction]) -> Result<Vec<Transaction>, MapError> {
    each("", source, transaction)
}

fn transaction(source: &wych::Transaction) -> Result<Transaction, MapError> {
    let (amount, currency) = parts("amount", MAPPER.required("amount", source.amount.as_ref())?)?;
    let direction = direction(MAPPER.required("type", source.type_.as_ref())?)?;
    let third_party = source.third_party.as_ref().map(party);
    let (creditor, debtor) = match direction {
        CreditDebit::Debit => (third_party, None),
        CreditDebit::Credit => (None, third_party),
    };
    Ok(Transaction {
        id: source.id.clone(),
        account_id: source.account.as_ref().map(|id| id.as_str().to_owned()),
        status: source.status.as_ref().map(transaction_status),
        direction,
        amount: MAPPER.unsigned("amount.amount", amount, currency)?,
        booked_at: MAPPER.date_or_time("datetime", source.datetime.as_ref())?,
        value_at: None,
        reference: source.reference.clone(),
        description: source.description.clone(),
        merchant: None,
        creditor,
        debtor,
        bank_transaction_code: None,
        proprietary_code: source.code.clone(),
        charge: source.fee.as_ref().map(charge).transpose()?,
        exchange: exchange(source, currency)?,
        balance: source.balance.as_ref().map(balance).transpose()?,
        source: Source::of(source.clone()),
    })
}

/// Without a known direction an amount means nothing, so an unknown word is an error.
fn direction(kind: &wych::TransactionType) -> Result<CreditDebit, MapError> {
    match kind {
        wych::TransactionType::Credit => Ok(CreditDebit::Credit),
        wych::TransactionType::Debit => Ok(CreditDebit::Debit),
        _ => Err(MAPPER.error("type", "is neither CREDIT nor DEBIT")),
    }
}

fn transaction_status(status: &wych::TransactionStatus) -> Coded<TransactionStatus> {
    let code = match status {
        wych::TransactionStatus::Posted => Some(TransactionStatus::Booked),
        wych::TransactionStatus::Pending => Some(TransactionStatus::Pending),
        _ => None,
    };
    Coded::new(code, status.as_str())
}

fn party(source: &wych::ThirdParty) -> Party {
    Party { name: source.name.clone(), identifiers: source.account_number.iter().map(identifier).collect() }
}

fn charge(source: &wych::Amount) -> Result<Money, MapError> {
    let (amount, currency) = parts("fee", source)?;
    Ok(Money::new(amount, currency))
}

/// The original amount times the rate is the booked one, so the original currency is what a unit of is priced.
fn exchange(source: &wych::Transaction, booked: Currency) -> Result<Option<ExchangeRate>, MapError> {
    if source.original.is_none() && source.exchange_rate.is_none() {
        return Ok(None);
    }
    let original = source.original.as_ref().map(|original| parts("original", original)).transpose()?;
    let original = original.map(|(_, currency)| currency);
    let rate = source.exchange_rate.as_ref().map(|rate| MAPPER.number("exchangeRate", rate)).transpose()?;
    Ok(Some(ExchangeRate { source_currency: original, target_currency: Some(booked), unit_currency: original, rate }))
}

fn balance(source: &wych::Amount) -> Result<Balance, MapError> {
    let (amount, currency) = parts("balance", source)?;
    let (direction, amount) = Money::from_signed(amount, currency);
    Ok(Balance {
        account_id: None,
        kind: None,
        direction,
        amount,
        at: None,
        credit_lines: Vec::new(),
        source: Source::of(source.clone()),
    })
}
