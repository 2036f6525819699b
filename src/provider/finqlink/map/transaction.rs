//! Transactions.

use obkit_finqlink::types as finqlink;

use super::{Amount, MAPPER, TRANSACTIONS, next};
use crate::domain::{Coded, Page, Source, Transaction, TransactionStatus};
use crate::error::MapError;
use crate::provider::mapping::each;

/// A page of transactions, and where the next one begins.
///
/// # Errors
/// An amount, currency or direction is missing or cannot be read, or a date cannot be read.
pub fn transactions(source: &finqlink::ListTransactionsResponse) -> Result<Page<Transaction>, MapError> {
    let last = source.transactions.last().and_then(|transaction| transaction.keyset.as_ref());
    Ok(Page {
        items: each("transactions", &source.transactions, transaction)?,
        next: next(TRANSACTIONS, source.pagination.as_ref(), last)?,
        total: None,
    })
}

fn transaction(source: &finqlink::Transaction) -> Result<Transaction, MapError> {
    let amount =
        Amount { amount: ("amount", source.amount.as_ref()), currency: ("currency", source.currency.as_ref()) };
    let (direction, amount) = amount.directed(source.credit_debit_indicator.as_ref(), false)?;
    Ok(Transaction {
        id: source.transaction_id.clone(),
        account_id: source.account_id.clone(),
        status: source.status.as_deref().map(transaction_status),
        direction,
        amount,
        booked_at: MAPPER.date_or_time("booking_date_time", source.booking_date_time.as_ref())?,
        value_at: None,
        reference: None,
        description: source.info.clone(),
        merchant: None,
        creditor: None,
        debtor: None,
        bank_transaction_code: None,
        proprietary_code: None,
        charge: None,
        exchange: None,
        balance: None,
        source: Source::of(source.clone()),
    })
}

/// `booked` is the one word that is known; `pending` is its counterpart in every standard.
fn transaction_status(word: &str) -> Coded<TransactionStatus> {
    let code = match word {
        "booked" => Some(TransactionStatus::Booked),
        "pending" => Some(TransactionStatus::Pending),
        _ => None,
    };
    Coded::new(code, word)
}
