//! Payment links of Yapily: hosted pages for one payment.

use obkit_runtime::{DateTime, Decimal, Sensitive};
use obkit_yapily::types as yapily;

use super::client::Yapily;
use super::map::{MAPPER, identifiers};
use super::party::{self, WRITER, unsigned};
use super::payments::{own_status, reference};
use crate::domain::{
    Coded, Money, Page, Party, Payment, PaymentLink, PaymentLinkQuery, PaymentLinkRequest, PaymentLinkStatus, Source,
};
use crate::error::{Error, MapError};
use crate::provider::mapping::each;
use crate::provider::mapping::mapped;
use crate::provider::request::payable;
use crate::provider::{PaymentLinks, Reply};

impl PaymentLinks for Yapily {
    fn create_link<'a>(&'a self, link: &'a PaymentLinkRequest) -> Reply<'a, PaymentLink> {
        Box::pin(async move {
            let body = request(link)?;
            mapped(self.api().create_hosted_payment_request_link().body(body).send().await?, created)
        })
    }

    fn link<'a>(&'a self, id: &'a str) -> Reply<'a, PaymentLink> {
        Box::pin(
            async move { mapped(self.api().get_hosted_payment_request().payment_request_id(id).send().await?, link) },
        )
    }

    fn links<'a>(&'a self, _: &'a PaymentLinkQuery) -> Reply<'a, Page<PaymentLink>> {
        Box::pin(async move { Err(WRITER.unsupported("lists of payment links")) })
    }
}

/// A link as Yapily takes it.
///
/// # Errors
/// Yapily cannot express it, or needs more. Nothing was sent.
pub fn request(source: &PaymentLinkRequest) -> Result<yapily::CreateHostedPaymentRequestLink, Error> {
    let country = source.country.as_deref().ok_or_else(|| WRITER.unsupported("payment links without a country"))?;
    let redirect = source.redirect_url.as_deref();
    let redirect = redirect.ok_or_else(|| WRITER.unsupported("payment links without an address to come back to"))?;
    let mut institution = yapily::InstitutionIdentifiers::new(country);
    institution.institution_id = source.institution_id.clone();
    let amount = payable(&source.amount)?;
    let mut sum = yapily::AmountDetailsResponse::new().with_currency(amount.currency.as_str());
    // The name that every published example has.
    sum.amount_to_pay = Some(Decimal::from(amount.amount));
    let mut details = yapily::HostedPaymentRequestDetailsLink::new();
    details.reference = source.reference.as_deref().map(reference).transpose()?;
    details.type_ = Some(yapily::PaymentTypeResponse::DomesticPayment);
    details.payee = Some(party::hosted_payee(&source.creditor)?);
    details.payer = source.debtor.as_ref().map(party::hosted_payer).transpose()?;
    details.amount_details = Some(sum);
    let mut body = yapily::CreateHostedPaymentRequestLink::new(institution, redirect, details);
    body.application_user_id = source.user_id.clone();
    body.authorisation_expires_at = source.expires_at.map(DateTime::from);
    Ok(body)
}

/// A link that has just been made.
///
/// # Errors
/// It has no id, or an amount, currency or date cannot be read.
pub fn created(source: &yapily::ApiResponseOfCreateHostedPaymentRequestLink) -> Result<PaymentLink, MapError> {
    let data = MAPPER.required("data", source.data.as_ref())?;
    let details = data.payment_request_details.as_ref();
    Ok(PaymentLink {
        id: MAPPER.required("data.paymentRequestId", data.payment_request_id.as_ref())?.as_str().to_owned(),
        url: data.hosted_url.clone(),
        status: data.status.as_deref().map(status),
        amount: details.and_then(|details| details.amount_details.as_ref()).map(money).transpose()?.flatten(),
        creditor: details.and_then(|details| details.payee.as_ref()).map(payee),
        debtor: details.and_then(|details| details.payer.as_ref()).map(payer),
        reference: details.and_then(|details| details.reference.clone()),
        created_at: MAPPER.time("data.createdAt", data.created_at.as_ref())?,
        expires_at: MAPPER.time("data.authorisationExpiresAt", data.authorisation_expires_at.as_ref())?,
        is_expired: None,
        payments: Vec::new(),
        source: Source::of(source.clone()),
    })
}

/// The state of a link, with the payments made through it.
///
/// # Errors
/// As [`created`].
pub fn link(source: &yapily::ApiResponseOfGetHostedPaymentRequest) -> Result<PaymentLink, MapError> {
    let data = MAPPER.required("data", source.data.as_ref())?;
    let details = data.payment_request_details.as_ref();
    Ok(PaymentLink {
        id: MAPPER.required("data.paymentRequestId", data.payment_request_id.as_ref())?.as_str().to_owned(),
        url: None,
        status: data.status.as_deref().map(status),
        amount: details.and_then(|details| details.amount_details.as_ref()).map(money).transpose()?.flatten(),
        creditor: details.and_then(|details| details.payee.as_ref()).map(payee),
        debtor: details.and_then(|details| details.payer.as_ref()).map(payer),
        reference: details.and_then(|details| details.reference.clone()),
        created_at: MAPPER.time("data.createdAt", data.created_at.as_ref())?,
        expires_at: MAPPER.time("data.authorisationExpiresAt", data.authorisation_expires_at.as_ref())?,
        is_expired: None,
        payments: each("data.payments", data.payments.as_deref().unwrap_or_default(), payment)?,
        source: Source::of(source.clone()),
    })
}

/// Yapily publishes one word for a link; the payments tell the rest.
fn status(word: &str) -> Coded<PaymentLinkStatus> {
    Coded::new((word == "ACTIVE").then_some(PaymentLinkStatus::Created), word)
}

fn money(source: &yapily::AmountDetailsResponse) -> Result<Option<Money>, MapError> {
    let field = "data.paymentRequestDetails.amountDetails";
    let (Some(number), Some(currency)) = (source.amount_to_pay.as_ref().or(source.amount.as_ref()), &source.currency)
    else {
        return Ok(None);
    };
    unsigned(field, number, &format!("{field}.currency"), currency).map(Some)
}

fn payment(source: &yapily::HostedPayment) -> Result<Payment, MapError> {
    // The last of the statuses is the present one.
    let last = source.status_details.as_deref().unwrap_or_default().last();
    let word = source.payment_status.as_deref().or_else(|| Some(last?.status.as_ref()?.as_str()));
    let at = last.and_then(|details| details.status_update_date.as_ref());
    let amount = source.amount.as_ref().map(money).transpose()?.flatten();
    Ok(Payment {
        id: MAPPER.required("paymentId", source.payment_id.as_ref())?.as_str().to_owned(),
        idempotency_key: source.payment_idempotency_id.clone(),
        mandate_id: None,
        status: word.map(|word| Coded::new(own_status(&yapily::PaymentStatus::from(word)), word)),
        status_reason: None,
        status_at: MAPPER.time("statusDetails.statusUpdateDate", at)?,
        amount,
        creditor: source.payee.as_ref().map(payee),
        debtor: source.payer.as_ref().map(payer),
        refund_to: None,
        reference: source.reference.clone(),
        created_at: None,
        source: Source::of(source.clone()),
    })
}

fn payee(source: &yapily::PayeeDetailsResponse) -> Party {
    hosted(source.name.as_ref(), source.account_identifications.as_deref())
}

fn payer(source: &yapily::PayerDetailsResponse) -> Party {
    hosted(source.name.as_ref(), source.account_identifications.as_deref())
}

fn hosted(name: Option<&Sensitive>, accounts: Option<&[yapily::AccountIdentificationResponse]>) -> Party {
    let accounts = accounts.unwrap_or_default().iter();
    let known =
        accounts.filter_map(|account| Some((account.type_.as_ref()?.as_str(), account.identification.as_ref()?)));
    Party { name: name.cloned(), identifiers: identifiers(known) }
}
