//! Accounts and balances.

use obkit_yapily::types as yapily;

use super::{MAPPER, identifiers, money, signed_money};
use crate::domain::{Account, AccountKind, AccountUsage, Balance, BalanceType, Coded, CreditLine, Source};
use crate::error::MapError;
use crate::provider::mapping::each;

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
        balances: each("accountBalances", balances, |item| {
            Ok(Balance { account_id: source.id.clone(), ..balance(item)? })
        })?,
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

pub(super) fn balance_type(kind: &yapily::AccountBalanceType) -> Coded<BalanceType> {
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
