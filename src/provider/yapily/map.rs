//! Yapily's values as domain values.

use obkit_runtime::Sensitive;
use obkit_yapily::types as yapily;

use crate::domain::{
    Account, AccountIdentifier, AccountKind, AccountUsage, Balance, BalanceType, BankTransactionCode, Coded, Consent,
    ConsentStatus, CreditLine, Cursor, ExchangeRate, Institution, Merchant, Money, Page, Party, Source, Transaction,
    TransactionStatus,
};
use crate::error::MapError;
use crate::provider::mapping::{Mapper, each};

pub(super) const MAPPER: Mapper = Mapper { provider: "yapily" };

/// The institutions of an answer.
///
/// # Errors
/// An institution has no id.
pub fn institutions(source: &yapily::ApiListResponseOfInstitution) -> Result<Vec<Institution>, MapError> {
    each("data", source.data.as_deref().unwrap_or_default(), institution)
}

/// An institution.
///
/// # Errors
/// It has no id.
pub fn institution(source: &yapily::Institution) -> Result<Institution, MapError> {
    let countries = source.countries.iter().flatten();
    let media = source.media.as_deref().unwrap_or_default();
    let logo = media.iter().find(|m| m.type_.as_deref() == Some("logo")).or_else(|| media.first());
    Ok(Institution {
        id: MAPPER.required("id", source.id.clone())?,
        name: source.full_name.clone().or_else(|| source.name.clone()),
        countries: countries.filter_map(|country| country.country_code2.clone()).collect(),
        logo_url: logo.and_then(|media| media.source.clone()),
        active: None,
        features: source.features.iter().flatten().map(|feature| feature.as_str().to_owned()).collect(),
        source: Source::of(source.clone()),
    })
}

/// A consent.
///
/// # Errors
/// It has no id, or a date has no offset.
pub fn consent(source: &yapily::Consent) -> Result<Consent, MapError> {
    let id = MAPPER.required("id", source.id.as_ref())?;
    Ok(Consent {
        id: id.as_str().to_owned(),
        institution_id: source.institution_id.clone(),
        status: source.status.as_ref().map(consent_status),
        created_at: MAPPER.time("createdAt", source.created_at.as_ref())?,
        expires_at: MAPPER.time("expiresAt", source.expires_at.as_ref())?,
        reconfirm_by: MAPPER.time("reconfirmBy", source.reconfirm_by.as_ref())?,
        transactions_from: MAPPER.time("transactionFrom", source.transaction_from.as_ref())?,
        transactions_to: MAPPER.time("transactionTo", source.transaction_to.as_ref())?,
        permissions: permissions(source.feature_scope.as_deref()),
        authorisation_url: None,
        token: source.consent_token.clone(),
        source: Source::of(source.clone()),
    })
}

/// The consent of an answer.
///
/// # Errors
/// As [`consent`].
pub fn consent_answer(source: &yapily::ApiResponseOfConsent) -> Result<Consent, MapError> {
    consent(MAPPER.required("data", source.data.as_ref())?).map_err(|error| error.within("data"))
}

/// A consent that has just been created.
///
/// # Errors
/// It has no id, or a date has no offset.
pub fn created_consent(source: &yapily::ApiResponseOfAccountAuthorisationResponse) -> Result<Consent, MapError> {
    let data = MAPPER.required("data", source.data.as_ref())?;
    let id = MAPPER.required("data.id", data.id.as_ref())?;
    let time = |field: &str, text| MAPPER.time(&format!("data.{field}"), text);
    Ok(Consent {
        id: id.as_str().to_owned(),
        institution_id: data.institution_id.clone(),
        status: data.status.as_ref().map(consent_status),
        created_at: time("createdAt", data.created_at.as_ref())?,
        expires_at: time("expiresAt", data.expires_at.as_ref())?,
        reconfirm_by: time("reconfirmBy", data.reconfirm_by.as_ref())?,
        transactions_from: time("transactionFrom", data.transaction_from.as_ref())?,
        transactions_to: time("transactionTo", data.transaction_to.as_ref())?,
        permissions: permissions(data.feature_scope.as_deref()),
        authorisation_url: data.authorisation_url.clone(),
        token: data.consent_token.clone(),
        source: Source::of(source.clone()),
    })
}

/// The consents of an answer.
///
/// # Errors
/// As [`consent`].
pub fn consents(source: &yapily::ApiListResponseOfConsent) -> Result<Vec<Consent>, MapError> {
    each("data", source.data.as_deref().unwrap_or_default(), consent)
}

pub(super) fn permissions(features: Option<&[yapily::FeatureEnum]>) -> Vec<String> {
    features.unwrap_or_default().iter().map(|feature| feature.as_str().to_owned()).collect()
}

pub(super) fn consent_status(status: &yapily::AuthorisationStatus) -> Coded<ConsentStatus> {
    use yapily::AuthorisationStatus as Status;
    let code = match status {
        Status::AwaitingAuthorization
        | Status::AwaitingFurtherAuthorization
        | Status::AwaitingReAuthorization
        | Status::AwaitingDecoupledPreAuthorization
        | Status::AwaitingPreAuthorization
        | Status::PreAuthorized
        | Status::AwaitingDecoupledAuthorization
        | Status::AwaitingScaMethod
        | Status::AwaitingScaCode => Some(ConsentStatus::AwaitingAuthorisation),
        Status::Authorized => Some(ConsentStatus::Authorised),
        Status::Consumed => Some(ConsentStatus::Consumed),
        Status::Rejected => Some(ConsentStatus::Rejected),
        Status::Revoked => Some(ConsentStatus::Revoked),
        Status::Failed | Status::Invalid => Some(ConsentStatus::Failed),
        Status::Expired => Some(ConsentStatus::Expired),
        _ => None,
    };
    Coded::new(code, status.as_str())
}

/// The accounts of an answer.
///
/// # Errors
/// An account has no id, or an amount, currency or date cannot be read.
pub fn accounts(source: &yapily::AccountApiListResponse) -> Result<Vec<Account>, MapError> {
    each("data", source.data.as_deref().unwrap_or_default(), account)
}

/// The account of an answer.
///
/// # Errors
/// As [`account`].
pub fn account_answer(source: &yapily::ApiResponseOfAccount) -> Result<Account, MapError> {
    account(MAPPER.required("data", source.data.as_ref())?).map_err(|error| error.within("data"))
}

/// An account.
///
/// # Errors
/// It has no id, or an amount, currency or date cannot be read.
pub fn account(source: &yapily::Account) -> Result<Account, MapError> {
    let identifications = source.account_identifications.iter().flatten();
    let balances = source.account_balances.as_deref().unwrap_or_default();
    Ok(Account {
        id: MAPPER.required("id", source.id.clone())?,
        currency: source.currency.as_deref().map(|code| MAPPER.currency("currency", code)).transpose()?,
        status: None,
        usage: source.usage_type.as_ref().map(usage),
        kind: source.account_type.as_ref().map(account_kind),
        description: source.description.clone().or_else(|| source.details.clone()),
        nickname: source.nickname.clone(),
        holders: source.account_names.iter().flatten().filter_map(|holder| holder.name.clone()).collect(),
        identifiers: identifiers(identifications.map(|i| (i.type_.as_str(), &i.identification))),
        balances: each("accountBalances", balances, balance)?,
        source: Source::of(source.clone()),
    })
}

fn usage(usage: &yapily::UsageType) -> Coded<AccountUsage> {
    let code = match usage {
        yapily::UsageType::Personal => Some(AccountUsage::Personal),
        yapily::UsageType::Business => Some(AccountUsage::Business),
        _ => None,
    };
    Coded::new(code, usage.as_str())
}

fn account_kind(kind: &yapily::AccountType) -> Coded<AccountKind> {
    use yapily::AccountType as Kind;
    let code = match kind {
        Kind::CashTrading => Some(AccountKind::CashTrading),
        Kind::CashIncome => Some(AccountKind::CashIncome),
        Kind::CashPayment => Some(AccountKind::CashPayment),
        Kind::ChargeCard | Kind::CreditCard | Kind::PrepaidCard => Some(AccountKind::Card),
        Kind::Charges => Some(AccountKind::Charges),
        Kind::Commission => Some(AccountKind::Commission),
        Kind::Current => Some(AccountKind::Current),
        Kind::EMoney => Some(AccountKind::EMoney),
        Kind::LimitedLiquiditySavingsAccount => Some(AccountKind::LimitedLiquiditySavings),
        Kind::Loan => Some(AccountKind::Loan),
        Kind::MarginalLending => Some(AccountKind::MarginalLending),
        Kind::MoneyMarket => Some(AccountKind::MoneyMarket),
        Kind::Mortgage => Some(AccountKind::Mortgage),
        Kind::NonResidentExternal => Some(AccountKind::NonResidentExternal),
        Kind::Overdraft => Some(AccountKind::Overdraft),
        Kind::OvernightDeposit => Some(AccountKind::OvernightDeposit),
        Kind::Salary => Some(AccountKind::Salary),
        Kind::Savings => Some(AccountKind::Savings),
        Kind::Settlement => Some(AccountKind::Settlement),
        Kind::Tax => Some(AccountKind::Tax),
        _ => None,
    };
    Coded::new(code, kind.as_str())
}

/// Identifications as identifiers. Yapily lists the code of a bank and an account number apart; together
/// they identify an account.
pub(super) fn identifiers<'a>(source: impl Iterator<Item = (&'a str, &'a Sensitive)>) -> Vec<AccountIdentifier> {
    let mut identifiers = Vec::new();
    let (mut bank, mut account_number) = (None, None);
    for (scheme, identification) in source {
        let text = identification.clone();
        identifiers.push(match scheme {
            "SORT_CODE" | "BSB" | "ABA" | "ABA_WIRE" | "ABA_ACH" if bank.is_none() => {
                bank = Some((scheme, identification));
                continue;
            }
            "ACCOUNT_NUMBER" if account_number.is_none() => {
                account_number = Some(identification);
                continue;
            }
            "IBAN" => AccountIdentifier::Iban { iban: text },
            "BBAN" => AccountIdentifier::Bban { bban: text, country: None },
            "PAN" => AccountIdentifier::card(text),
            "MASKED_PAN" => AccountIdentifier::MaskedPan { pan: text },
            "BIC" => AccountIdentifier::Bic { bic: text },
            "EMAIL" => AccountIdentifier::Email { email: text },
            "MSISDN" => AccountIdentifier::Telephone { telephone: text },
            _ => AccountIdentifier::other(scheme, identification),
        });
    }
    match (bank, account_number) {
        (Some((scheme, bank)), Some(number)) => identifiers.insert(0, at_bank(scheme, bank.clone(), number.clone())),
        (bank, account_number) => {
            identifiers.extend(bank.map(|(scheme, code)| AccountIdentifier::other(scheme, code)));
            identifiers.extend(account_number.map(|number| AccountIdentifier::other("ACCOUNT_NUMBER", number)));
        }
    }
    identifiers
}

/// An account number at the bank that a code of this scheme names.
fn at_bank(scheme: &str, code: Sensitive, account_number: Sensitive) -> AccountIdentifier {
    match scheme {
        "SORT_CODE" => AccountIdentifier::SortCodeAccountNumber { sort_code: code, account_number },
        "BSB" => AccountIdentifier::BsbAccountNumber { bsb: code, account_number },
        _ => AccountIdentifier::RoutingNumberAccountNumber { routing_number: code, account_number },
    }
}

/// The balances of an answer.
///
/// # Errors
/// An amount, currency or date cannot be read.
pub fn balances(source: &yapily::ApiResponseOfBalances) -> Result<Vec<Balance>, MapError> {
    let data = MAPPER.required("data", source.data.as_ref())?;
    each("data.balances", data.balances.as_deref().unwrap_or_default(), balance)
}

fn balance(source: &yapily::AccountBalance) -> Result<Balance, MapError> {
    let amount = MAPPER.required("balanceAmount", source.balance_amount.as_ref())?;
    let (direction, amount) = signed_money("balanceAmount", amount)?;
    Ok(Balance {
        account_id: None,
        kind: source.type_.as_ref().map(balance_type),
        direction,
        amount,
        at: MAPPER.time("dateTime", source.date_time.as_ref())?,
        credit_lines: each("creditLines", source.credit_lines.as_deref().unwrap_or_default(), |line| {
            let amount = line.credit_line_amount.as_ref();
            Ok(CreditLine {
                kind: line.type_.as_ref().map(|kind| kind.as_str().to_owned()),
                included: source.credit_line_included,
                amount: amount.map(|amount| money("creditLineAmount", amount)).transpose()?,
            })
        })?,
        source: Source::of(source.clone()),
    })
}

fn balance_type(kind: &yapily::AccountBalanceType) -> Coded<BalanceType> {
    use yapily::AccountBalanceType as Kind;
    let code = match kind {
        Kind::ClosingAvailable => Some(BalanceType::ClosingAvailable),
        Kind::ClosingBooked => Some(BalanceType::ClosingBooked),
        Kind::ClosingCleared => Some(BalanceType::ClosingCleared),
        Kind::Expected => Some(BalanceType::Expected),
        Kind::ForwardAvailable => Some(BalanceType::ForwardAvailable),
        Kind::Information => Some(BalanceType::Information),
        Kind::InterimAvailable => Some(BalanceType::InterimAvailable),
        Kind::InterimBooked => Some(BalanceType::InterimBooked),
        Kind::InterimCleared => Some(BalanceType::InterimCleared),
        Kind::OpeningAvailable => Some(BalanceType::OpeningAvailable),
        Kind::OpeningBooked => Some(BalanceType::OpeningBooked),
        Kind::OpeningCleared => Some(BalanceType::OpeningCleared),
        Kind::PreviouslyClosedBooked => Some(BalanceType::PreviouslyClosedBooked),
        Kind::Authorised => Some(BalanceType::Authorised),
        _ => None,
    };
    Coded::new(code, kind.as_str())
}

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

/// Where the page begins that follows `count` items from `offset` on. A list by offsets is over when nothing
/// stands at an offset.
pub(super) fn next_offset(offset: u64, count: usize) -> Option<Cursor> {
    (count > 0).then(|| Cursor::offset(offset.saturating_add(count as u64)))
}

/// The most items that Yapily puts into one answer.
pub(super) const MOST: i64 = 1000;

/// Makes sure that an answer has the whole of a list that can be limited, but of which no further pages can be asked
/// for. What is left out would be missed by nobody.
pub(super) fn all_of<T>(data: &[T], meta: Option<&yapily::ResponseListMeta>) -> Result<(), MapError> {
    let total = total(meta.and_then(|meta| meta.pagination.as_ref()));
    if total.is_some_and(|total| total > data.len() as u64) {
        return Err(
            MAPPER.error("meta.pagination.totalCount", "is more than this answer has, and no call has the rest")
        );
    }
    Ok(())
}

/// How many items a list has over all pages.
pub(super) fn total(pagination: Option<&yapily::Pagination>) -> Option<u64> {
    u64::try_from(pagination?.total_count?).ok()
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

pub(super) fn signed_money(
    field: &str,
    amount: &yapily::Amount,
) -> Result<(crate::domain::CreditDebit, Money), MapError> {
    let Money { amount, currency } = money(field, amount)?;
    Ok(Money::from_signed(amount, currency))
}

/// An amount that no direction stands beside: it keeps its sign.
fn money(field: &str, amount: &yapily::Amount) -> Result<Money, MapError> {
    let within = |error: MapError| error.within(field);
    let value = MAPPER.number("amount", &amount.amount).map_err(within)?;
    Ok(Money::new(value, MAPPER.currency("currency", &amount.currency).map_err(within)?))
}

pub(super) fn party<'a>(
    name: Option<&Sensitive>,
    accounts: impl Iterator<Item = (Option<&'a yapily::AccountIdentificationType>, Option<&'a Sensitive>)>,
) -> Party {
    let known = accounts.filter_map(|(scheme, identification)| Some((scheme?.as_str(), identification?)));
    Party { name: name.cloned(), identifiers: identifiers(known) }
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
