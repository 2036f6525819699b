//! Payments through Yapily.
//!
//! A payment is sent twice, once for the payer to authorise and once to be made, and must be the same both times: one
//! function writes it. Its key stands in the body (`paymentIdempotencyId`, at most 35 letters and digits).

use obkit_runtime::DateTime;
use obkit_yapily::types as yapily;

use super::client::{Yapily, token};
use super::map::MAPPER;
use super::party::{self, WRITER, amount};
use crate::domain::{
    AuthorisationRequest, ChargeBearer, Coded, Consent, ConsentReference, InternationalTransfer, Money, Payment,
    PaymentAuthorisation, PaymentRequest, PaymentStatus, PaymentTiming, Source,
};
use crate::error::{Error, MapError};
use crate::provider::mapping::mapped;
use crate::provider::request::payable;
use crate::provider::{Payments, Reply};

use super::schedule::periodic;

impl Payments for Yapily {
    fn authorise<'a>(
        &'a self,
        payer: &'a AuthorisationRequest,
        payment: &'a PaymentRequest,
    ) -> Reply<'a, PaymentAuthorisation> {
        Box::pin(async move {
            let mut body = yapily::PaymentAuthorisationRequest::new(payer.institution_id.as_str(), request(payment)?);
            body.application_user_id = payer.user_id.clone();
            body.callback = payer.redirect_url.clone();
            let answer = self.api().create_payment_authorisation().body(body).send().await?;
            let key = Some(payment.idempotency_key.clone());
            Ok(PaymentAuthorisation { consent: mapped(answer, authorisation)?, idempotency_key: key })
        })
    }

    fn submit<'a>(&'a self, consent: &'a ConsentReference, payment: &'a PaymentRequest) -> Reply<'a, Payment> {
        Box::pin(async move {
            let call = self.api().create_payment().consent(token(consent)?).body(request(payment)?);
            mapped(call.send().await?, payment_answer)
        })
    }

    fn payment<'a>(&'a self, consent: &'a ConsentReference, id: &'a str) -> Reply<'a, Payment> {
        Box::pin(async move {
            let call = self.api().get_payments().payment_id(id).consent(token(consent)?);
            mapped(call.send().await?, payment_details)
        })
    }
}

/// A payment as Yapily takes it.
///
/// # Errors
/// Yapily cannot express it, or its amount cannot be paid. Nothing was sent.
pub fn request(source: &PaymentRequest) -> Result<yapily::PaymentRequest, Error> {
    let mut body = yapily::PaymentRequest::new(
        source.idempotency_key.as_str(),
        kind(source)?,
        party::payee(&source.creditor)?,
        amount(payable(&source.amount)?),
    );
    body.payer = source.debtor.as_ref().map(party::payer).transpose()?;
    body.reference = source.reference.as_deref().map(reference).transpose()?;
    body.purpose_code = source.purpose_code.clone();
    body.international_payment = source.international.as_ref().map(international);
    match &source.timing {
        PaymentTiming::Now | PaymentTiming::Instant => {}
        PaymentTiming::On(at) => body.payment_date_time = Some(DateTime::from(*at)),
        PaymentTiming::Periodic(order) => {
            body.payment_date_time = Some(DateTime::from(order.first));
            body.periodic_payment = Some(periodic(order)?);
        }
    }
    body.read_refund_account = source.read_refund_account.then_some(true);
    Ok(body)
}

fn kind(source: &PaymentRequest) -> Result<yapily::PaymentType, Error> {
    use yapily::PaymentType as Kind;
    Ok(match (&source.timing, &source.international) {
        (PaymentTiming::Now, None) => Kind::DomesticPayment,
        (PaymentTiming::Instant, None) => Kind::DomesticInstantPayment,
        (PaymentTiming::On(_), None) => Kind::DomesticScheduledPayment,
        (PaymentTiming::Periodic(_), None) => Kind::DomesticPeriodicPayment,
        (PaymentTiming::Now, Some(_)) => Kind::InternationalPayment,
        (PaymentTiming::On(_), Some(_)) => Kind::InternationalScheduledPayment,
        (PaymentTiming::Periodic(_), Some(_)) => Kind::InternationalPeriodicPayment,
        (PaymentTiming::Instant, Some(_)) => return Err(WRITER.unsupported("instant payments abroad")),
    })
}

/// A reference that fits: one that a bank cuts off reaches the payee as another.
pub(super) fn reference(text: &str) -> Result<String, Error> {
    WRITER.at_most(18, text, "references of more than 18 characters")
}

fn international(source: &InternationalTransfer) -> yapily::InternationalPaymentRequest {
    let mut body = yapily::InternationalPaymentRequest::new(source.currency_of_transfer.as_str());
    body.purpose = source.purpose.clone();
    body.charge_bearer = source.charge_bearer.map(|bearer| match bearer {
        ChargeBearer::Debtor => yapily::ChargeBearerType::Debt,
        ChargeBearer::Creditor => yapily::ChargeBearerType::Cred,
        ChargeBearer::Shared => yapily::ChargeBearerType::Shar,
        ChargeBearer::ServiceLevel => yapily::ChargeBearerType::Slev,
    });
    body
}

/// The consent to pay that an answer opens.
///
/// # Errors
/// It has no id, or a date has no offset.
pub fn authorisation(source: &yapily::ApiResponseOfPaymentAuthorisationRequestResponse) -> Result<Consent, MapError> {
    let data = MAPPER.required("data", source.data.as_ref())?;
    let id = MAPPER.required("data.id", data.id.as_ref())?;
    let time = |field: &str, text| MAPPER.time(&format!("data.{field}"), text);
    Ok(Consent {
        id: id.as_str().to_owned(),
        institution_id: data.institution_id.clone(),
        status: data.status.as_ref().map(super::map::consent_status),
        created_at: time("createdAt", data.created_at.as_ref())?,
        expires_at: time("expiresAt", data.expires_at.as_ref())?,
        reconfirm_by: None,
        transactions_from: time("transactionFrom", data.transaction_from.as_ref())?,
        transactions_to: time("transactionTo", data.transaction_to.as_ref())?,
        permissions: super::map::permissions(data.feature_scope.as_deref()),
        authorisation_url: data.authorisation_url.clone(),
        token: data.consent_token.clone(),
        source: Source::of(source.clone()),
    })
}

/// The payment of an answer.
///
/// # Errors
/// It has no id, or an amount, currency or date cannot be read.
pub fn payment_answer(source: &yapily::ApiResponseOfPaymentResponse) -> Result<Payment, MapError> {
    payment(MAPPER.required("data", source.data.as_ref())?).map_err(|error| error.within("data"))
}

/// The one payment of an answer that has a list of them.
///
/// # Errors
/// There is none, or as [`payment_answer`].
pub fn payment_details(source: &yapily::ApiResponseOfPaymentResponses) -> Result<Payment, MapError> {
    let data = MAPPER.required("data", source.data.as_ref())?;
    let first = MAPPER.required("data.payments[0]", data.payments.as_deref().unwrap_or_default().first())?;
    payment(first).map_err(|error| error.within("data.payments[0]"))
}

fn payment(source: &yapily::PaymentResponse) -> Result<Payment, MapError> {
    let details = source.status_details.as_ref();
    Ok(Payment {
        id: MAPPER.required("id", source.id.clone())?,
        idempotency_key: source.payment_idempotency_id.clone(),
        mandate_id: None,
        status: status(source.status.as_ref(), details),
        status_reason: details.and_then(reason),
        status_at: status_at(details)?,
        amount: paid(source)?,
        creditor: source.payee_details.as_ref().map(party::of_payee),
        debtor: source.payer.as_ref().map(party::of_payer),
        refund_to: source.refund_account.as_ref().map(party::of_refund_account),
        reference: source.reference.clone(),
        created_at: MAPPER.time("createdAt", source.created_at.as_ref())?,
        source: Source::of(source.clone()),
    })
}

/// The amount: Yapily gives it as an object, and once more in two members of their own. Of a bulk, it is the sum.
fn paid(source: &yapily::PaymentResponse) -> Result<Option<Money>, MapError> {
    if let Some(amount) = &source.amount_details {
        return party::money("amountDetails", amount).map(Some);
    }
    let (Some(number), Some(currency)) = (source.amount.as_ref().or(source.bulk_amount_sum.as_ref()), &source.currency)
    else {
        return Ok(None);
    };
    party::unsigned("amount", number, "currency", currency).map(Some)
}

/// The status, by its ISO 20022 code where Yapily passes it on: that is finer than Yapily's own word, which is kept.
pub(super) fn status(
    word: Option<&yapily::PaymentStatus>,
    details: Option<&yapily::PaymentStatusDetails>,
) -> Option<Coded<PaymentStatus>> {
    let word = word.or_else(|| details?.status.as_ref());
    let iso = details.and_then(|details| details.iso_status.as_ref()?.code.as_ref());
    let text = word.map(yapily::PaymentStatus::as_str).or_else(|| iso.map(|code| code.as_str()))?;
    let code = iso.and_then(iso_status).or_else(|| word.and_then(own_status));
    Some(Coded::new(code, text))
}

fn iso_status(code: &yapily::PaymentIsoStatusCodeEnum) -> Option<PaymentStatus> {
    use yapily::PaymentIsoStatusCodeEnum as Iso;
    Some(match code {
        Iso::Accc => PaymentStatus::AcceptedCreditSettlementCompleted,
        Iso::Accp => PaymentStatus::AcceptedCustomerProfile,
        Iso::Acsc => PaymentStatus::AcceptedSettlementCompleted,
        Iso::Acsp => PaymentStatus::AcceptedSettlementInProcess,
        Iso::Actc => PaymentStatus::AcceptedTechnicalValidation,
        Iso::Acwc => PaymentStatus::AcceptedWithChange,
        Iso::Acwp => PaymentStatus::AcceptedWithoutPosting,
        Iso::Rcvd => PaymentStatus::Received,
        Iso::Pdng => PaymentStatus::Pending,
        Iso::Rjct => PaymentStatus::Rejected,
        Iso::Canc => PaymentStatus::Cancelled,
        Iso::Acfc => PaymentStatus::AcceptedFundsChecked,
        Iso::Patc => PaymentStatus::PartiallyAuthorised,
        Iso::Part => PaymentStatus::PartiallyAccepted,
        // `ACCO`, which the ISO 20022 code set does not have, and what is new.
        _ => return None,
    })
}

/// What Yapily's own word means.
pub(super) fn own_status(word: &yapily::PaymentStatus) -> Option<PaymentStatus> {
    use yapily::PaymentStatus as Word;
    Some(match word {
        Word::Pending => PaymentStatus::Pending,
        Word::Failed => PaymentStatus::Failed,
        Word::Declined => PaymentStatus::Rejected,
        Word::Completed => PaymentStatus::AcceptedSettlementCompleted,
        Word::CompletedSettlementInProcess => PaymentStatus::AcceptedSettlementInProcess,
        Word::Expired => PaymentStatus::Expired,
        Word::Active => PaymentStatus::Active,
        Word::Inactive => PaymentStatus::Inactive,
        // `UNKNOWN`, and what is new.
        _ => return None,
    })
}

pub(super) fn reason(details: &yapily::PaymentStatusDetails) -> Option<String> {
    details.status_reason_description.clone().or_else(|| details.status_reason.clone())
}

pub(super) fn status_at(
    details: Option<&yapily::PaymentStatusDetails>,
) -> Result<Option<crate::domain::Timestamp>, MapError> {
    MAPPER.time("statusDetails.statusUpdateDate", details.and_then(|details| details.status_update_date.as_ref()))
}

#[cfg(test)]
#[path = "payments/tests.rs"]
mod tests;
