//! Standing orders, which Yapily calls periodic payments.

use obkit_yapily::types as yapily;

use super::client::token;
use super::map::{MAPPER, MOST, all_of};
use super::{Yapily, order};
use crate::domain::{Coded, ConsentReference, Frequency, FrequencyCode, Source, StandingOrder};
use crate::error::MapError;
use crate::provider::mapping::each;
use crate::provider::{Reply, StandingOrders};

impl StandingOrders for Yapily {
    fn standing_orders<'a>(
        &'a self,
        consent: &'a ConsentReference,
        account_id: &'a str,
    ) -> Reply<'a, Vec<StandingOrder>> {
        Box::pin(async move {
            let call = self.api().get_account_periodic_payments().account_id(account_id).consent(token(consent)?);
            Ok(standing_orders(&*call.limit(MOST).send().await?, account_id)?)
        })
    }
}

/// The standing orders of an answer.
///
/// # Errors
/// An amount, currency, date or number of payments cannot be read, or the list is longer than this answer.
pub fn standing_orders(
    source: &yapily::ApiListResponseOfPaymentResponse,
    account_id: &str,
) -> Result<Vec<StandingOrder>, MapError> {
    let data = source.data.as_deref().unwrap_or_default();
    all_of(data, source.meta.as_ref())?;
    each("data", data, |item| standing_order(item, account_id))
}

fn standing_order(source: &yapily::PaymentResponse, account_id: &str) -> Result<StandingOrder, MapError> {
    Ok(StandingOrder {
        id: source.id.clone(),
        account_id: Some(account_id.to_owned()),
        status: order::status(source.status_details.as_ref(), source.status.as_ref()),
        frequency: source.frequency.as_ref().map(frequency).transpose()?,
        reference: source.reference.clone(),
        creditor: source.payee_details.as_ref().map(order::creditor),
        first: order::instalment(
            "first",
            source.first_payment_amount.as_ref(),
            source.first_payment_date_time.as_ref(),
        )?,
        previous: order::instalment(
            "previous",
            source.previous_payment_amount.as_ref(),
            source.previous_payment_date_time.as_ref(),
        )?,
        next: order::instalment("next", source.next_payment_amount.as_ref(), source.next_payment_date_time.as_ref())?,
        last: order::instalment(
            "final",
            source.final_payment_amount.as_ref(),
            source.final_payment_date_time.as_ref(),
        )?,
        number_of_payments: count("numberOfPayments", source.number_of_payments)?,
        source: Source::of(source.clone()),
    })
}

fn frequency(source: &yapily::FrequencyResponse) -> Result<Frequency, MapError> {
    let day = source.execution_day.map(|day| {
        i32::try_from(day).map_err(|_| MAPPER.error("frequency.executionDay", "is not a day of a week or a month"))
    });
    Ok(Frequency {
        period: source.frequency_type.as_ref().map(frequency_code),
        interval_weeks: count("frequency.intervalWeek", source.interval_week)?,
        interval_months: count("frequency.intervalMonth", source.interval_month)?,
        execution_day: day.transpose()?,
    })
}

/// `CALENDAR_DAY` stays a word: nothing published says whether it is each day or a day of each month.
fn frequency_code(frequency: &yapily::FrequencyEnumExtended) -> Coded<FrequencyCode> {
    use yapily::FrequencyEnumExtended as Word;
    let code = match frequency {
        Word::Daily => Some(FrequencyCode::Daily),
        Word::EveryWorkingDay => Some(FrequencyCode::EveryWorkingDay),
        Word::Weekly => Some(FrequencyCode::Weekly),
        Word::EveryTwoWeeks => Some(FrequencyCode::Fortnightly),
        Word::Monthly => Some(FrequencyCode::Monthly),
        Word::EveryTwoMonths => Some(FrequencyCode::EveryTwoMonths),
        Word::Quarterly => Some(FrequencyCode::Quarterly),
        Word::Semiannual => Some(FrequencyCode::SemiAnnual),
        Word::Annual => Some(FrequencyCode::Annual),
        _ => None,
    };
    Coded::new(code, frequency.as_str())
}

fn count(field: &str, number: Option<i64>) -> Result<Option<u32>, MapError> {
    number.map(|number| u32::try_from(number).map_err(|_| MAPPER.error(field, "is not a count"))).transpose()
}
