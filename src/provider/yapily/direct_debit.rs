//! Direct debits of Yapily.

use obkit_yapily::types as yapily;

use super::client::token;
use super::map::{MOST, all_of};
use super::{Yapily, order};
use crate::domain::{ConsentReference, DirectDebit, Party, Source};
use crate::error::MapError;
use crate::provider::mapping::each;
use crate::provider::{DirectDebits, Reply};

impl DirectDebits for Yapily {
    fn direct_debits<'a>(&'a self, consent: &'a ConsentReference, account_id: &'a str) -> Reply<'a, Vec<DirectDebit>> {
        Box::pin(async move {
            let call = self.api().get_account_direct_debits().account_id(account_id).consent(token(consent)?);
            Ok(direct_debits(&*call.limit(MOST).send().await?, account_id)?)
        })
    }
}

/// The direct debits of an answer.
///
/// # Errors
/// An amount, currency or date cannot be read, or the list is longer than this answer.
pub fn direct_debits(
    source: &yapily::ApiListResponseOfDirectDebitResponse,
    account_id: &str,
) -> Result<Vec<DirectDebit>, MapError> {
    let data = source.data.as_deref().unwrap_or_default();
    all_of(data, source.meta.as_ref())?;
    each("data", data, |item| direct_debit(item, account_id))
}

fn direct_debit(source: &yapily::DirectDebitResponse, account_id: &str) -> Result<DirectDebit, MapError> {
    let payee = source.payee_details.as_ref();
    Ok(DirectDebit {
        id: source.id.clone(),
        account_id: Some(account_id.to_owned()),
        status: order::status(source.status_details.as_ref(), None),
        mandate_id: None,
        reference: source.reference.clone(),
        creditor: payee.map(|payee| Party { name: payee.name.clone(), identifiers: Vec::new() }),
        previous: order::instalment(
            "previous",
            source.previous_payment_amount.as_ref(),
            source.previous_payment_date_time.as_ref(),
        )?,
        source: Source::of(source.clone()),
    })
}
