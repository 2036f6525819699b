//! Several payments with one authorisation, through Yapily.

use obkit_runtime::DateTime;
use obkit_yapily::types as yapily;

use super::client::{Yapily, token};
use super::map::MAPPER;
use super::payments::{authorisation, own_status, payment_answer, request};
use crate::domain::{
    AuthorisationRequest, BulkPaymentRequest, Coded, ConsentReference, Payment, PaymentAuthorisation, Source, Timestamp,
};
use crate::error::{Error, MapError};
use crate::provider::mapping::invalid_request;
use crate::provider::mapping::mapped;
use crate::provider::{BulkPayments, Reply};

impl BulkPayments for Yapily {
    fn authorise_bulk<'a>(
        &'a self,
        payer: &'a AuthorisationRequest,
        payments: &'a BulkPaymentRequest,
    ) -> Reply<'a, PaymentAuthorisation> {
        Box::pin(async move {
            let mut bulk = yapily::BulkPaymentRequest::new(each_request(payments)?);
            bulk.originator_identification_number = payments.originator.clone();
            bulk.execution_date_time = payments.execution_at.map(DateTime::from);
            let mut body = yapily::BulkPaymentAuthorisationRequest::new(payer.institution_id.as_str());
            body.application_user_id = payer.user_id.clone();
            body.callback = payer.redirect_url.clone();
            body.payment_request = Some(bulk);
            let answer = self.api().create_bulk_payment_authorisation().body(body).send().await?;
            Ok(PaymentAuthorisation { consent: mapped(answer, authorisation)?, idempotency_key: None })
        })
    }

    fn submit_bulk<'a>(
        &'a self,
        consent: &'a ConsentReference,
        payments: &'a BulkPaymentRequest,
    ) -> Reply<'a, Payment> {
        Box::pin(async move {
            let mut body = yapily::SubmitBulkPaymentRequest::new(each_request(payments)?);
            let key = yapily::BulkIdempotencyId::try_from(payments.idempotency_key.as_str());
            body.idempotency_id = Some(key.map_err(|_| invalid_request("the idempotency key of the bulk"))?);
            body.originator_identification_number = payments.originator.clone();
            body.execution_date_time = payments.execution_at.map(DateTime::from);
            let call = self.api().create_bulk_payment().consent(token(consent)?).body(body);
            mapped(call.send().await?, payment_answer)
        })
    }

    fn bulk_payment<'a>(&'a self, consent: &'a ConsentReference, id: &'a str) -> Reply<'a, Payment> {
        Box::pin(async move {
            let call = self.api().get_bulk_payment_status().bulk_payment_id(id).consent(token(consent)?);
            mapped(call.send().await?, bulk_status)
        })
    }
}

/// The payments of a bulk. Two of one key would be one payment.
fn each_request(source: &BulkPaymentRequest) -> Result<Vec<yapily::PaymentRequest>, Error> {
    if source.payments.is_empty() {
        return Err(invalid_request("a bulk has at least one payment"));
    }
    let mut keys: Vec<_> = source.payments.iter().map(|payment| payment.idempotency_key.as_str()).collect();
    keys.sort_unstable();
    if keys.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(invalid_request("two payments of the bulk have the same idempotency key"));
    }
    source.payments.iter().map(request).collect()
}

/// How far the file with the payments is.
///
/// # Errors
/// It has no id, or a date has no offset.
pub fn bulk_status(source: &yapily::BulkPaymentStatusResponse) -> Result<Payment, MapError> {
    let data = MAPPER.required("data", source.data.as_ref())?;
    let details = data.status_details.as_ref();
    let word = details.and_then(|details| details.status.as_deref());
    Ok(Payment {
        id: MAPPER.required("data.id", data.id.clone())?,
        idempotency_key: None,
        mandate_id: None,
        status: word.map(|word| Coded::new(own_status(&yapily::PaymentStatus::from(word)), word)),
        status_reason: None,
        status_at: time("data.statusDetails.updatedAt", details.and_then(|details| details.updated_at.as_deref()))?,
        amount: None,
        creditor: None,
        debtor: None,
        refund_to: None,
        reference: None,
        created_at: time("data.createdAt", data.created_at.as_deref())?,
        source: Source::of(source.clone()),
    })
}

/// A time that the document describes as plain text.
fn time(field: &str, text: Option<&str>) -> Result<Option<Timestamp>, MapError> {
    MAPPER.time(field, text.map(DateTime::from_text).as_ref())
}
