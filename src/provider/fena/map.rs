//! Fena's values as domain values.

use obkit_fena::types as fena;
use obkit_runtime::Sensitive;

use crate::domain::{
    Account, AccountIdentifier, AccountStatus, AccountUsage, Balance, BankTransactionCode, Coded, Consent,
    ConsentStatus, CreditDebit, CreditLine, ExchangeRate, Institution, Merchant, Money, Page, Party, Source,
    Transaction, TransactionStatus,
};
use crate::error::MapError;
use crate::provider::mapping::{Mapper, each, open_banking};

pub(super) const MAPPER: Mapper = Mapper { provider: "fena" };

/// The providers of an answer as institutions.
pub fn institutions(source: &[fena::Provider]) -> Vec<Institution> {
    source.iter().map(institution).collect()
}

/// A provider (in Fena's words) as an institution. All of them serve the United Kingdom.
#[must_use]
pub fn institution(source: &fena::Provider) -> Institution {
    Institution {
        id: source.id.clone(),
        name: source.name.clone(),
        countries: vec!["GB".to_owned()],
        logo_url: None,
        active: source.active,
        features: Vec::new(),
        source: Source::of(source.clone()),
    }
}

/// A consent that has just been created.
#[must_use]
pub fn created_consent(source: &fena::CreateConsentResponse) -> Consent {
    let result = &source.result;
    Consent {
        id: result.consent_id.clone(),
        institution_id: None,
        status: None,
        created_at: None,
        expires_at: None,
        reconfirm_by: None,
        transactions_from: None,
        transactions_to: None,
        permissions: Vec::new(),
        authorisation_url: Some(result.auth_url.clone()),
        token: None,
        source: Source::of(source.clone()),
    }
}

/// The state of a consent.
///
/// # Errors
/// A date has no offset.
pub fn consent(source: &fena::AccountAccessConsent) -> Result<Consent, MapError> {
    let data = &source.data;
    let time = |field: &str, text| MAPPER.time(&format!("Data.{field}"), text);
    Ok(Consent {
        id: data.consent_id.clone(),
        institution_id: None,
        status: data.status.as_ref().map(consent_status),
        created_at: time("CreationDateTime", data.creation_date_time.as_ref())?,
        expires_at: time("ExpirationDateTime", data.expiration_date_time.as_ref())?,
        reconfirm_by: None,
        transactions_from: time("TransactionFromDateTime", data.transaction_from_date_time.as_ref())?,
        transactions_to: time("TransactionToDateTime", data.transaction_to_date_time.as_ref())?,
        permissions: data.permissions.clone().unwrap_or_default(),
        authorisation_url: None,
        token: None,
        source: Source::of(source.clone()),
    })
}

fn consent_status(status: &fena::ConsentStatus) -> Coded<ConsentStatus> {
    let code = match status {
        fena::ConsentStatus::Authorised => Some(ConsentStatus::Authorised),
        fena::ConsentStatus::AwaitingAuthorisation => Some(ConsentStatus::AwaitingAuthorisation),
        fena::ConsentStatus::Rejected => Some(ConsentStatus::Rejected),
        fena::ConsentStatus::Revoked => Some(ConsentStatus::Revoked),
        _ => None,
    };
    Coded::new(code, status.as_str())
}

/// The accounts of an answer.
///
/// # Errors
/// A currency is no currency code.
pub fn accounts(source: &fena::AccountsResponse) -> Result<Vec<Account>, MapError> {
    each("Data.Account", &source.data.account, account)
}

fn account(source: &fena::Account) -> Result<Account, MapError> {
    let identifications = source.account.as_deref().unwrap_or_default();
    Ok(Account {
        id: source.account_id.clone(),
        currency: source.currency.as_deref().map(|code| MAPPER.currency("Currency", code)).transpose()?,
        status: source.status.as_ref().map(account_status),
        usage: source.account_type.as_ref().map(usage),
        kind: source.account_sub_type.as_deref().map(open_banking::account_kind),
        description: source.description.clone(),
        nickname: source.nickname.as_deref().map(Sensitive::from),
        holders: identifications.iter().filter_map(|i| i.name.clone()).collect(),
        identifiers: identifications.iter().filter_map(identifier).collect(),
        balances: Vec::new(),
        source: Source::of(source.clone()),
    })
}

fn account_status(status: &fena::AccountStatus) -> Coded<AccountStatus> {
    let code = match status {
        fena::AccountStatus::Deleted => Some(AccountStatus::Deleted),
        fena::AccountStatus::Disabled => Some(AccountStatus::Disabled),
        fena::AccountStatus::Enabled => Some(AccountStatus::Enabled),
        fena::AccountStatus::Pending => Some(AccountStatus::Pending),
        fena::AccountStatus::ProForma => Some(AccountStatus::ProForma),
        _ => None,
    };
    Coded::new(code, status.as_str())
}

fn usage(usage: &fena::AccountType) -> Coded<AccountUsage> {
    let code = match usage {
        fena::AccountType::Business => Some(AccountUsage::Business),
        fena::AccountType::Personal => Some(AccountUsage::Personal),
        _ => None,
    };
    Coded::new(code, usage.as_str())
}

fn identifier(source: &fena::AccountIdentification) -> Option<AccountIdentifier> {
    let scheme = source.scheme_name.as_deref().unwrap_or_default();
    source.identification.as_ref().map(|identification| open_banking::identifier(scheme, identification))
}

/// The balances of an answer.
///
/// # Errors
/// An amount, currency or date cannot be read.
pub fn balances(source: &fena::BalancesResponse) -> Result<Vec<Balance>, MapError> {
    each("Data.Balance", &source.data.balance, balance)
}

fn balance(source: &fena::Balance) -> Result<Balance, MapError> {
    let amount = MAPPER.number("Amount.Amount", &source.amount.amount)?;
    let currency = MAPPER.currency("Amount.Currency", &source.amount.currency)?;
    let (sign, amount) = Money::from_signed(amount, currency);
    Ok(Balance {
        account_id: Some(source.account_id.clone()),
        kind: source.type_.as_ref().map(|kind| open_banking::balance_type(kind.as_str())),
        direction: match &source.credit_debit_indicator {
            Some(indicator) => agreed(direction("CreditDebitIndicator", indicator)?, sign)?,
            None => sign,
        },
        amount,
        at: MAPPER.time("DateTime", source.date_time.as_ref())?,
        credit_lines: each("CreditLine", source.credit_line.as_deref().unwrap_or_default(), credit_line)?,
        source: Source::of(source.clone()),
    })
}

/// The direction that an indicator gives to a number. A minus may repeat that it is a debit; against a credit it would be a
/// guess which of them is right.
fn agreed(indicated: CreditDebit, sign: CreditDebit) -> Result<CreditDebit, MapError> {
    match (indicated, sign) {
        (CreditDebit::Credit, CreditDebit::Debit) => {
            Err(MAPPER.error("Amount.Amount", "is negative, although an indicator says that it is a credit"))
        }
        _ => Ok(indicated),
    }
}

fn credit_line(source: &fena::CreditLine) -> Result<CreditLine, MapError> {
    Ok(CreditLine {
        kind: source.type_.as_ref().map(|kind| kind.as_str().to_owned()),
        included: source.included,
        amount: source.amount.as_ref().map(|amount| money("Amount", amount)).transpose()?,
    })
}

/// The transactions of an answer; Fena has no pages.
///
/// # Errors
/// An amount, currency, direction or date cannot be read.
pub fn transactions(source: &fena::TransactionsResponse) -> Result<Page<Transaction>, MapError> {
    each("Data.Transaction", &source.data.transaction, transaction).map(Page::single)
}

fn transaction(source: &fena::Transaction) -> Result<Transaction, MapError> {
    let indicator = MAPPER.required("CreditDebitIndicator", source.credit_debit_indicator.as_ref())?;
    Ok(Transaction {
        id: source.transaction_id.clone(),
        account_id: Some(source.account_id.clone()),
        status: source.status.as_ref().map(transaction_status),
        direction: direction("CreditDebitIndicator", indicator)?,
        amount: money("Amount", &source.amount)?,
        booked_at: MAPPER.date_or_time("BookingDateTime", source.booking_date_time.as_ref())?,
        value_at: MAPPER.date_or_time("ValueDateTime", source.value_date_time.as_ref())?,
        reference: source.transaction_reference.clone(),
        description: source.transaction_information.clone(),
        merchant: source.merchant_details.as_ref().map(|merchant| Merchant {
            name: merchant.merchant_name.clone(),
            category_code: merchant.merchant_category_code.clone(),
        }),
        creditor: source.creditor_account.as_ref().map(party),
        debtor: source.debtor_account.as_ref().map(party),
        bank_transaction_code: source.bank_transaction_code.as_ref().map(|code| BankTransactionCode {
            // UK Open Banking has the ISO 20022 domain left out: a code and a sub-code.
            domain: None,
            family: code.code.clone(),
            sub_family: code.sub_code.clone(),
        }),
        proprietary_code: source.proprietary_bank_transaction_code.as_ref().and_then(|code| code.code.clone()),
        charge: source.charge_amount.as_ref().map(|amount| money("ChargeAmount", amount)).transpose()?,
        exchange: source.currency_exchange.as_ref().map(exchange).transpose()?,
        balance: source.balance.as_ref().map(transaction_balance).transpose()?.flatten(),
        source: Source::of(source.clone()),
    })
}

fn transaction_status(status: &fena::TransactionStatus) -> Coded<TransactionStatus> {
    let code = match status {
        fena::TransactionStatus::Booked => Some(TransactionStatus::Booked),
        fena::TransactionStatus::Pending => Some(TransactionStatus::Pending),
        fena::TransactionStatus::Rejected => Some(TransactionStatus::Rejected),
        _ => None,
    };
    Coded::new(code, status.as_str())
}

/// Without a known direction an amount means nothing, so an unknown word is an error.
fn direction(field: &str, indicator: &fena::CreditDebitIndicator) -> Result<CreditDebit, MapError> {
    match indicator {
        fena::CreditDebitIndicator::Credit => Ok(CreditDebit::Credit),
        fena::CreditDebitIndicator::Debit => Ok(CreditDebit::Debit),
        _ => Err(MAPPER.error(field, "is neither Credit nor Debit")),
    }
}

/// An amount beside an indicator: its sign is the indicator's, so it is not negative itself.
fn money(field: &str, amount: &fena::Amount) -> Result<Money, MapError> {
    let within = |error: MapError| error.within(field);
    let value = amount.amount.value().map_err(|_| within(MAPPER.error("Amount", "is not a decimal number")))?;
    let currency = MAPPER.currency("Currency", &amount.currency).map_err(within)?;
    MAPPER.unsigned("Amount", value, currency).map_err(within)
}

fn party(source: &fena::AccountIdentification) -> Party {
    Party { name: source.name.clone(), identifiers: identifier(source).into_iter().collect() }
}

fn exchange(source: &fena::CurrencyExchange) -> Result<ExchangeRate, MapError> {
    let currency = |field: &str, code: Option<&String>| {
        code.map(|code| MAPPER.currency(&format!("CurrencyExchange.{field}"), code)).transpose()
    };
    let rate = source.exchange_rate.as_ref();
    Ok(ExchangeRate {
        source_currency: currency("SourceCurrency", source.source_currency.as_ref())?,
        target_currency: currency("TargetCurrency", source.target_currency.as_ref())?,
        unit_currency: currency("UnitCurrency", source.unit_currency.as_ref())?,
        rate: rate.map(|rate| MAPPER.number("CurrencyExchange.ExchangeRate", rate)).transpose()?,
    })
}

fn transaction_balance(source: &fena::TransactionBalance) -> Result<Option<Balance>, MapError> {
    let Some(amount) = &source.amount else { return Ok(None) };
    let amount = money("Balance.Amount", amount)?;
    Ok(Some(Balance {
        account_id: None,
        kind: source.type_.as_ref().map(|kind| open_banking::balance_type(kind.as_str())),
        // Without an indicator its sign decides, as in any other balance; a minus was refused above.
        direction: match &source.credit_debit_indicator {
            Some(indicator) => direction("Balance.CreditDebitIndicator", indicator)?,
            None => CreditDebit::Credit,
        },
        amount,
        at: None,
        credit_lines: Vec::new(),
        source: Source::of(source.clone()),
    }))
}
