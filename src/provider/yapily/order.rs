//! What Yapily's standing orders, scheduled payments and direct debits have in common.

use obkit_runtime::DateTime;
use obkit_yapily::types as yapily;

use super::map::{MAPPER, identifiers, signed_money};
use crate::domain::{Coded, Instalment, Money, OrderStatus, Party};
use crate::error::MapError;

/// A state. Some banks send it in `status`, some in `statusDetails`, most in both.
pub(super) fn status(
    details: Option<&yapily::PaymentStatusDetails>,
    status: Option<&yapily::PaymentStatus>,
) -> Option<Coded<OrderStatus>> {
    use yapily::PaymentStatus as Status;
    let word = details.and_then(|details| details.status.as_ref()).or(status)?;
    let code = match word {
        Status::Active => Some(OrderStatus::Active),
        Status::Inactive => Some(OrderStatus::Inactive),
        Status::Pending => Some(OrderStatus::Pending),
        Status::Declined => Some(OrderStatus::Rejected),
        Status::CompletedSettlementInProcess => Some(OrderStatus::Settling),
        Status::Completed => Some(OrderStatus::Completed),
        Status::Failed => Some(OrderStatus::Failed),
        Status::Expired => Some(OrderStatus::Expired),
        _ => None,
    };
    Some(Coded::new(code, word.as_str()))
}

/// An amount that leaves the account: its sign says nothing that is not known.
pub(super) fn amount(field: &str, amount: Option<&yapily::Amount>) -> Result<Option<Money>, MapError> {
    amount.map(|amount| signed_money(field, amount).map(|(_, money)| money)).transpose()
}

/// One payment of several, from `<when>PaymentAmount` and `<when>PaymentDateTime`.
pub(super) fn instalment(
    when: &str,
    paid: Option<&yapily::Amount>,
    at: Option<&DateTime>,
) -> Result<Option<Instalment>, MapError> {
    let amount = amount(&format!("{when}PaymentAmount"), paid)?;
    Ok(Instalment::known(MAPPER.date_or_time(&format!("{when}PaymentDateTime"), at)?, amount))
}

/// Who is paid.
pub(super) fn creditor(payee: &yapily::Payee) -> Party {
    let accounts = payee.account_identifications.iter();
    let identifiers = identifiers(accounts.map(|i| (i.type_.as_str(), &i.identification)));
    Party { name: Some(payee.name.clone()), identifiers }
}
