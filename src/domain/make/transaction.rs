//! Transactions, and who was on the other side.

use rust_decimal::Decimal;

use super::made;
use crate::domain::{
    AccountIdentifier, Balance, BankTransactionCode, Coded, CreditDebit, Currency, DateOrTime, ExchangeRate, Merchant,
    Money, Party, Sensitive, Statement, StatementFile, Transaction, TransactionStatus,
};

made! {
    Transaction {
        /// A transaction: which way the money went, and how much.
        new(direction: CreditDebit, amount: Money) { direction: direction, amount: amount }
        sets {
            id: String,
            account_id: String,
            status: Coded<TransactionStatus>,
            booked_at: DateOrTime,
            value_at: DateOrTime,
            reference: String,
            description: String,
            merchant: Merchant,
            creditor: Party,
            debtor: Party,
            bank_transaction_code: BankTransactionCode,
            proprietary_code: String,
            charge: Money,
            exchange: ExchangeRate,
            balance: Balance,
        }
        bare { source }
    }
    Merchant {
        /// A merchant by name.
        new(name: impl Into<String>) { name: Some(name.into()) }
        sets { category_code: String }
    }
    Party {
        /// Somebody by name.
        new(name: impl Into<Sensitive>) { name: Some(name.into()) }
        adds { identifier to identifiers: AccountIdentifier }
    }
    BankTransactionCode {
        /// A code of which nothing is known.
        new() {}
        sets { domain: String, family: String, sub_family: String }
    }
    ExchangeRate {
        /// An exchange of which nothing is known.
        new() {}
        sets { source_currency: Currency, target_currency: Currency, unit_currency: Currency, rate: Decimal }
    }
    Statement {
        /// A statement by the provider's id.
        new(id: impl Into<String>) { id: id.into() }
        sets { account_id: String, from: DateOrTime, to: DateOrTime, created_at: DateOrTime }
        bare { source }
    }
}

impl Transaction {
    /// Money that came into the account.
    #[must_use]
    pub fn credit(amount: Money) -> Self {
        Self::new(CreditDebit::Credit, amount)
    }

    /// Money that left the account.
    #[must_use]
    pub fn debit(amount: Money) -> Self {
        Self::new(CreditDebit::Debit, amount)
    }
}

impl StatementFile {
    /// A file that is in memory already. Its media type, such as `application/pdf`, is left out where none can be such.
    #[must_use]
    pub fn of(media_type: &str, bytes: impl Into<obkit_runtime::bytes::Bytes>) -> Self {
        use obkit_runtime::reqwest::StatusCode;
        use obkit_runtime::reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};

        let media_type = HeaderValue::from_str(media_type).ok();
        let headers: HeaderMap = media_type.map(|value| (CONTENT_TYPE, value)).into_iter().collect();
        let bytes = bytes.into();
        let chunks = futures_util::stream::once(std::future::ready(Ok(bytes)));
        let file = obkit_runtime::ByteStream::new(Box::pin(chunks));
        Self::new(obkit_runtime::ResponseValue::new(file, StatusCode::OK, headers))
    }
}
