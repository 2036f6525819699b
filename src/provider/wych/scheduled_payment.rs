//! Scheduled payments of Wych, which say neither when they are due nor when they arrive.

use obkit_runtime::Sensitive;
use obkit_wych::types as wych;

use super::client::call;
use super::{Wych, order, payee};
use crate::domain::{ConsentReference, ScheduledPayment, Source};
use crate::error::MapError;
use crate::provider::mapping::each;
use crate::provider::{Reply, ScheduledPayments};

impl ScheduledPayments for Wych {
    fn scheduled_payments<'a>(
        &'a self,
        _: &'a ConsentReference,
        account_id: &'a str,
    ) -> Reply<'a, Vec<ScheduledPayment>> {
        Box::pin(async move {
            let source = call!(self.get_scheduled_payments()).account_id(account_id).send().await?;
            Ok(scheduled_payments(&source, account_id)?)
        })
    }
}

/// The scheduled payments of an answer.
///
/// # Errors
/// An amount or a currency cannot be read.
pub fn scheduled_payments(
    source: &[wych::ScheduledPayment],
    account_id: &str,
) -> Result<Vec<ScheduledPayment>, MapError> {
    each("", source, |item| scheduled_payment(item, account_id))
}

fn scheduled_payment(source: &wych::ScheduledPayment, account_id: &str) -> Result<ScheduledPayment, MapError> {
    Ok(ScheduledPayment {
        id: source.id.as_ref().map(|id| id.as_str().to_owned()),
        account_id: Some(account_id.to_owned()),
        status: source.status.as_deref().map(order::status),
        kind: None,
        date: None,
        amount: order::amount("amount", source.amount.as_ref())?,
        nickname: source.nickname.as_deref().map(Sensitive::from),
        reference: source.payee_reference.clone(),
        debtor_reference: source.payer_reference.clone(),
        creditor: source.payee_details.as_ref().map(payee::creditor),
        creditor_kind: source.type_.as_ref().map(payee::kind),
        source: Source::of(source.clone()),
    })
}
