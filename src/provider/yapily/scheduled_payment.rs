//! Scheduled payments of Yapily.

use obkit_yapily::types as yapily;

use super::client::token;
use super::map::{MAPPER, MOST, all_of};
use super::{Yapily, order};
use crate::domain::{Coded, ConsentReference, Money, ScheduleKind, ScheduledPayment, Source};
use crate::error::MapError;
use crate::provider::mapping::each;
use crate::provider::{Reply, ScheduledPayments};

impl ScheduledPayments for Yapily {
    fn scheduled_payments<'a>(
        &'a self,
        consent: &'a ConsentReference,
        account_id: &'a str,
    ) -> Reply<'a, Vec<ScheduledPayment>> {
        Box::pin(async move {
            let call = self.api().get_account_scheduled_payments().account_id(account_id).consent(token(consent)?);
            Ok(scheduled_payments(&*call.limit(MOST).send().await?, account_id)?)
        })
    }
}

/// The scheduled payments of an answer.
///
/// # Errors
/// An amount, currency or date cannot be read, or the list is longer than this answer.
pub fn scheduled_payments(
    source: &yapily::ApiListResponseOfPaymentResponse,
    account_id: &str,
) -> Result<Vec<ScheduledPayment>, MapError> {
    let data = source.data.as_deref().unwrap_or_default();
    all_of(data, source.meta.as_ref())?;
    each("data", data, |item| scheduled_payment(item, account_id))
}

fn scheduled_payment(source: &yapily::PaymentResponse, account_id: &str) -> Result<ScheduledPayment, MapError> {
    Ok(ScheduledPayment {
        id: source.id.clone(),
        account_id: Some(account_id.to_owned()),
        status: order::status(source.status_details.as_ref(), source.status.as_ref()),
        kind: source.scheduled_payment_type.as_deref().map(kind),
        date: MAPPER.date_or_time("scheduledPaymentDateTime", source.scheduled_payment_date_time.as_ref())?,
        amount: amount(source)?,
        nickname: None,
        reference: source.reference.clone(),
        debtor_reference: None,
        creditor: source.payee_details.as_ref().map(order::creditor),
        creditor_kind: None,
        source: Source::of(source.clone()),
    })
}

/// The amount, which Yapily sends whole in `amountDetails` and in parts in `amount` and `currency`.
fn amount(source: &yapily::PaymentResponse) -> Result<Option<Money>, MapError> {
    match (&source.amount_details, &source.amount, &source.currency) {
        (None, Some(amount), Some(currency)) => {
            let (amount, currency) = (MAPPER.number("amount", amount)?, MAPPER.currency("currency", currency)?);
            Ok(Some(Money::new(amount.abs(), currency)))
        }
        (details, ..) => order::amount("amountDetails", details.as_ref()),
    }
}

/// The type is free text; its words are those of UK Open Banking in upper case.
fn kind(word: &str) -> Coded<ScheduleKind> {
    let code = match word {
        _ if word.eq_ignore_ascii_case("arrival") => Some(ScheduleKind::Arrival),
        _ if word.eq_ignore_ascii_case("execution") => Some(ScheduleKind::Execution),
        _ => None,
    };
    Coded::new(code, word)
}
