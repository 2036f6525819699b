//! Direct debits of Wych.

use obkit_wych::types as wych;

use super::client::call;
use super::map::MAPPER;
use super::{Wych, order};
use crate::domain::{ConsentReference, DirectDebit, Instalment, Party, Source};
use crate::error::MapError;
use crate::provider::mapping::each;
use crate::provider::{DirectDebits, Reply};

impl DirectDebits for Wych {
    fn direct_debits<'a>(&'a self, _: &'a ConsentReference, account_id: &'a str) -> Reply<'a, Vec<DirectDebit>> {
        Box::pin(async move {
            let source = call!(self.get_direct_debits()).account_id(account_id).send().await?;
            Ok(direct_debits(&source, account_id)?)
        })
    }
}

/// The direct debits of an answer.
///
/// # Errors
/// An amount, currency or date cannot be read.
pub fn direct_debits(source: &[wych::DirectDebit], account_id: &str) -> Result<Vec<DirectDebit>, MapError> {
    each("", source, |item| direct_debit(item, account_id))
}

fn direct_debit(source: &wych::DirectDebit, account_id: &str) -> Result<DirectDebit, MapError> {
    let date = MAPPER.date_or_time("previousPaymentDatetime", source.previous_payment_datetime.as_ref())?;
    let amount = order::amount("previousPaymentAmount", source.previous_payment_amount.as_ref())?;
    let account = source.account.as_ref().map_or(account_id, |id| id.as_str());
    Ok(DirectDebit {
        id: source.id.as_ref().map(|id| id.as_str().to_owned()),
        account_id: Some(account.to_owned()),
        status: source.status.as_deref().map(order::status),
        mandate_id: source.mandate_identification.clone(),
        reference: None,
        creditor: source.name.clone().map(|name| Party { name: Some(name), identifiers: Vec::new() }),
        previous: Instalment::known(date, amount),
        source: Source::of(source.clone()),
    })
}
