//! Transactions.

use obkit_yapily::types as yapily;

use super::account::balance_type;
use super::{MAPPER, money, next_offset, party, signed_money, total};
use crate::domain::{
    Balance, BankTransactionCode, Coded, Cursor, ExchangeRate, Merchant, Money, Page, Source, Transaction,
    TransactionStatus,
};
use crate::error::MapError;
use crate::provider::mapping::each;

/// The transactions of an answer, and where the next page begins.
///
/// `offset` is the offset that the page was asked for, if it was one: Yapily's `next` has a cursor where the
/// institution has one, and else means the following offset. A page that was asked for by a cursor stands at no known
/// offset, so without a further cursor it is the last.
///
/// # Errors
/// An amount, currency or date cannot be read.
pub fn transactions(
    source: &yapily::ApiListResponseOfTransaction,
    account_id: &str,
    offset: Option<u64>,
) -> Result<Page<Transaction>, MapError> {
    let data = source.data.as_deref().unwrap_or_default();
    let pagination = source.meta.as_ref().and_then(|meta| meta.pagination.as_ref());
    let next = pagination.and_then(|p| p.next.as_ref()).and_then(|next| match &next.cursor {
        Some(cursor) => Some(Cursor(format!("cursor:{cursor}"))),
        None => next_offset(offset?, data.len()),
    });
    Ok(Page { items: each("data", data, |item| transaction(item, account_id))?, next, total: total(pagination) })
}

fn transaction(source: &yapily::Transaction, account_id: &str) -> Result<Transaction, MapError> {
    let (direction, amount) = match (&source.transaction_amount, &source.amount, &source.currency) {
        (Some(amount), _, _) => signed_money("transactionAmount", amount)?,
        (None, Some(amount), Some(currency)) => {
            let amount = MAPPER.number("amount", amount)?;
            Money::from_signed(amount, MAPPER.currency("currency", currency)?)
        }
        _ => return Err(MAPPER.error("transactionAmount", "is missing")),
    };
    let information = source.transaction_information.as_ref().filter(|lines| !lines.is_empty());
    Ok(Transaction {
        id: source.id.clone(),
        account_id: Some(account_id.to_owned()),
        status: source.status.as_ref().map(transaction_status),
        direction,
        amount,
        booked_at: MAPPER
            .date_or_time("bookingDateTime", source.booking_date_time.as_ref().or(source.date.as_ref()))?,
        value_at: MAPPER.date_or_time("valueDateTime", source.value_date_time.as_ref())?,
        reference: source.reference.clone(),
        description: source.description.clone().or_else(|| information.map(|lines| lines.join(" "))),
        merchant: source.merchant.as_ref().map(|merchant| Merchant {
            name: merchant.merchant_name.clone(),
            category_code: merchant.merchant_category_code.clone(),
        }),
        creditor: source.payee_details.as_ref().map(|payee| {
            let accounts = payee.account_identifications.iter().flatten();
            party(payee.name.as_ref(), accounts.map(|a| (a.type_.as_ref(), a.identification.as_ref())))
        }),
        debtor: source.payer_details.as_ref().map(|payer| {
            let accounts = payer.account_identifications.iter().flatten();
            party(payer.name.as_ref(), accounts.map(|a| (a.type_.as_ref(), a.identification.as_ref())))
        }),
        bank_transaction_code: source.iso_bank_transaction_code.as_ref().map(|code| {
            let part = |part: Option<&yapily::IsoCodeDetails>| part.and_then(|details| details.code.clone());
            BankTransactionCode {
                domain: part(code.domain_code.as_ref()),
                family: part(code.family_code.as_ref()),
                sub_family: part(code.sub_family_code.as_ref()),
            }
        }),
        proprietary_code: source.proprietary_bank_transaction_code.as_ref().and_then(|code| code.code.clone()),
        charge: source
            .charge_details
            .as_ref()
            .and_then(|details| details.charge_amount.as_ref())
            .map(|amount| money("chargeDetails.chargeAmount", amount))
            .transpose()?,
        exchange: source.currency_exchange.as_ref().map(exchange).transpose()?,
        balance: source.balance.as_ref().map(transaction_balance).transpose()?.flatten(),
        source: Source::of(source.clone()),
    })
}

fn transaction_status(status: &yapily::TransactionStatusEnum) -> Coded<TransactionStatus> {
    let code = match status {
        yapily::TransactionStatusEnum::Booked => Some(TransactionStatus::Booked),
        yapily::TransactionStatusEnum::Pending => Some(TransactionStatus::Pending),
        _ => None,
    };
    Coded::new(code, status.as_str())
}

fn exchange(source: &yapily::CurrencyExchange) -> Result<ExchangeRate, MapError> {
    let currency = |field: &str, code: Option<&String>| {
        code.map(|code| MAPPER.currency(&format!("currencyExchange.{field}"), code)).transpose()
    };
    let rate = source.exchange_rate.as_ref();
    Ok(ExchangeRate {
        source_currency: currency("sourceCurrency", source.source_currency.as_ref())?,
        target_currency: currency("targetCurrency", source.target_currency.as_ref())?,
        unit_currency: currency("unitCurrency", source.unit_currency.as_ref())?,
        rate: rate.map(|rate| MAPPER.number("currencyExchange.exchangeRate", rate)).transpose()?,
    })
}

fn transaction_balance(source: &yapily::TransactionBalance) -> Result<Option<Balance>, MapError> {
    let Some(amount) = &source.balance_amount else { return Ok(None) };
    let (direction, amount) = signed_money("balance.balanceAmount", amount)?;
    Ok(Some(Balance {
        account_id: None,
        kind: source.type_.as_ref().map(balance_type),
        direction,
        amount,
        at: None,
        credit_lines: Vec::new(),
        source: Source::of(source.clone()),
    }))
}
