//! Mandates through Fena.
//!
//! All amounts are pounds, as decimal text. Fena has no idempotency keys: a payment is sent once. A mandate's lists
//! come as JSON within text.

use obkit_fena::types as fena;
use obkit_runtime::{DecimalText, Sensitive, Uuid};
use rust_decimal::Decimal;

use super::client::Fena;
use super::map::MAPPER;
use crate::domain::{
    AccountIdentifier, AuthorisationRequest, Coded, ConsentReference, ConsentStatus, Currency, FundsConfirmation,
    LimitAlignment, LimitPeriod, Mandate, MandateKind, MandatePaymentRequest, MandateRequest, Money, Party, Payment,
    PaymentStatus, PeriodicLimit, Source,
};
use crate::error::{Error, MapError};
use crate::provider::mapping::mapped;
use crate::provider::mapping::{each, invalid_request};
use crate::provider::{Mandates, Reply};

mod request;

pub use request::request;
use request::{WRITER, pounds, presence, too_much};

impl Mandates for Fena {
    fn create_mandate<'a>(
        &'a self,
        payer: &'a AuthorisationRequest,
        mandate: &'a MandateRequest,
    ) -> Reply<'a, Mandate> {
        Box::pin(async move {
            let body = request(payer, mandate)?;
            mapped(self.api().create_vrp_consent().body(body).send().await?, created)
        })
    }

    fn mandate<'a>(&'a self, _: MandateKind, id: &'a str) -> Reply<'a, Mandate> {
        Box::pin(async move { mapped(self.api().get_vrp_consent().id(uuid(id)?).send().await?, mandate) })
    }

    fn delete_mandate<'a>(&'a self, id: &'a str) -> Reply<'a, ()> {
        Box::pin(async move {
            self.api().delete_vrp_consent().id(uuid(id)?).send().await?;
            Ok(())
        })
    }

    fn confirm_funds<'a>(&'a self, _: &'a ConsentReference, _: &'a Money) -> Reply<'a, FundsConfirmation> {
        Box::pin(async move { Err(WRITER.unsupported("confirmations of funds")) })
    }

    fn pay<'a>(&'a self, mandate: &'a ConsentReference, payment: &'a MandatePaymentRequest) -> Reply<'a, Payment> {
        Box::pin(async move {
            let amount = pounds(&payment.amount)?.as_str().try_into().map_err(|_| too_much())?;
            let amount: fena::VRPAmount = amount;
            let body = fena::VRPPaymentRequest::new(uuid(&mandate.id)?, amount, presence(payment.presence));
            mapped(self.api().create_vrp_payment().body(body).send().await?, created_payment)
        })
    }

    fn mandate_payment<'a>(&'a self, _: &'a ConsentReference, id: &'a str) -> Reply<'a, Payment> {
        Box::pin(async move { mapped(self.api().get_vrp_payment().id(uuid(id)?).send().await?, payment) })
    }
}

fn uuid(id: &str) -> Result<Uuid, Error> {
    Uuid::try_from(id).map_err(|_| invalid_request("the id is not one of this provider: no UUID"))
}

/// A mandate that has just been created.
///
/// # Errors
/// An amount, a date or a list within text cannot be read.
pub fn created(source: &fena::CreateVRPConsentResponse) -> Result<Mandate, MapError> {
    let mut created = mandate(&source.result.vrp_consent).map_err(|error| error.within("result.vrp_consent"))?;
    created.authorisation_url = source.result.auth_url.clone();
    created.source = Source::of(source.clone());
    Ok(created)
}

/// The state of a mandate.
///
/// # Errors
/// As [`created`].
pub fn mandate(source: &fena::VRPConsent) -> Result<Mandate, MapError> {
    let max = source.maximum_individual_amount.as_ref();
    let limits: Vec<fena::VRPPeriodicLimit> = list("periodicLimits", source.periodic_limits.as_deref())?;
    let kinds: Vec<fena::VRPType> = list("vrpType", source.vrp_type.as_deref())?;
    Ok(Mandate {
        id: source.id.as_str().to_owned(),
        institution_id: source.provider.as_ref().map(|provider| provider.id.clone()),
        kind: kinds.first().map(kind),
        status: source.status.as_deref().map(mandate_status),
        max_per_payment: max.map(|max| sum("maximumIndividualAmount", max)).transpose()?,
        limits: each("periodicLimits", &limits, limit)?,
        creditor: beneficiary(source),
        debtor: remitter(source),
        reference: source.reference_number.clone(),
        valid_from: MAPPER.time("validFrom", source.valid_from.as_option())?,
        valid_to: MAPPER.time("validTo", source.valid_to.as_option())?,
        created_at: MAPPER.time("createdAt", source.created_at.as_ref())?,
        authorisation_url: None,
        token: None,
        source: Source::of(source.clone()),
    })
}

/// Reads a list that stands as JSON within text.
fn list<T: serde::de::DeserializeOwned>(field: &str, text: Option<&str>) -> Result<Vec<T>, MapError> {
    text.map(|text| serde_json::from_str(text).map_err(|_| MAPPER.error(field, "is not a list within text")))
        .transpose()
        .map(Option::unwrap_or_default)
}

fn limit(source: &fena::VRPPeriodicLimit) -> Result<PeriodicLimit, MapError> {
    let amount = DecimalText::from_text(MAPPER.required("amount", source.amount.as_deref())?);
    Ok(PeriodicLimit {
        amount: sum("amount", &amount)?,
        period: source.period_type.as_ref().map(period),
        alignment: source.period_alignment.as_ref().map(alignment),
    })
}

/// An amount in pounds: Fena names no currency, and serves the United Kingdom.
fn sum(field: &str, text: &DecimalText) -> Result<Money, MapError> {
    let amount: Decimal = MAPPER.decimal_text(field, text)?;
    let currency: Currency = MAPPER.currency(field, "GBP")?;
    MAPPER.unsigned(field, amount, currency)
}

fn kind(word: &fena::VRPType) -> Coded<MandateKind> {
    let code = match word {
        fena::VRPType::Sweeping => Some(MandateKind::Sweeping),
        fena::VRPType::Other => Some(MandateKind::Commercial),
        _ => None,
    };
    Coded::new(code, word.as_str())
}

fn period(word: &fena::VRPPeriodType) -> Coded<LimitPeriod> {
    use fena::VRPPeriodType as Word;
    let code = match word {
        Word::Day => Some(LimitPeriod::Day),
        Word::Week => Some(LimitPeriod::Week),
        Word::Fortnight => Some(LimitPeriod::Fortnight),
        Word::Month => Some(LimitPeriod::Month),
        Word::HalfYear => Some(LimitPeriod::HalfYear),
        Word::Year => Some(LimitPeriod::Year),
        _ => None,
    };
    Coded::new(code, word.as_str())
}

fn alignment(word: &fena::VRPPeriodAlignment) -> Coded<LimitAlignment> {
    let code = match word {
        fena::VRPPeriodAlignment::Consent => Some(LimitAlignment::Consent),
        fena::VRPPeriodAlignment::Calendar => Some(LimitAlignment::Calendar),
        _ => None,
    };
    Coded::new(code, word.as_str())
}

/// The document knows two words, and that there are more; those stay words.
fn mandate_status(word: &str) -> Coded<ConsentStatus> {
    let code = match word {
        "awaiting_authorization" => Some(ConsentStatus::AwaitingAuthorisation),
        "authorized" => Some(ConsentStatus::Authorised),
        _ => None,
    };
    Coded::new(code, word)
}

fn beneficiary(source: &fena::VRPConsent) -> Option<Party> {
    let uk = (source.beneficiary_sort_code.as_ref(), source.beneficiary_account_number.as_ref());
    party(source.beneficiary_name.as_ref(), uk, source.beneficiary_iban.as_option())
}

fn remitter(source: &fena::VRPConsent) -> Option<Party> {
    let uk = (source.remitter_sort_code.as_option(), source.remitter_account_number.as_option());
    party(source.remitter_name.as_option(), uk, source.remitter_iban.as_option())
}

/// Somebody of whom anything is known.
fn party(
    name: Option<&Sensitive>,
    uk: (Option<&Sensitive>, Option<&Sensitive>),
    iban: Option<&Sensitive>,
) -> Option<Party> {
    let mut identifiers = Vec::new();
    if let (Some(sort_code), Some(account_number)) = uk {
        let (sort_code, account_number) = (sort_code.clone(), account_number.clone());
        identifiers.push(AccountIdentifier::SortCodeAccountNumber { sort_code, account_number });
    }
    identifiers.extend(iban.map(|iban| AccountIdentifier::Iban { iban: iban.clone() }));
    (name.is_some() || !identifiers.is_empty()).then(|| Party { name: name.cloned(), identifiers })
}

/// A payment that has just been made.
///
/// # Errors
/// An amount or a date cannot be read.
pub fn created_payment(source: &fena::CreateVRPPaymentResponse) -> Result<Payment, MapError> {
    payment(&source.result.vrp_payment).map_err(|error| error.within("result.vrp_payment"))
}

/// What became of a payment.
///
/// # Errors
/// As [`created_payment`].
pub fn payment(source: &fena::VRPPayment) -> Result<Payment, MapError> {
    let consent = source.vrp_consent.as_ref();
    Ok(Payment {
        id: source.id.as_str().to_owned(),
        idempotency_key: None,
        mandate_id: consent.map(|consent| consent.id.as_str().to_owned()),
        status: source.status.as_deref().map(payment_status),
        status_reason: None,
        status_at: MAPPER.time("updatedAt", source.updated_at.as_ref())?,
        amount: source.amount.as_ref().map(|amount| sum("amount", amount)).transpose()?,
        // Of the mandate's limits, nothing is asked here: a payment that was made must not be lost for them.
        creditor: consent.and_then(beneficiary),
        debtor: consent.and_then(remitter),
        refund_to: None,
        reference: consent.and_then(|consent| consent.reference_number.clone()),
        created_at: MAPPER.time("createdAt", source.created_at.as_ref())?,
        source: Source::of(source.clone()),
    })
}

/// The document knows one word, and that there are more; those stay words.
fn payment_status(word: &str) -> Coded<PaymentStatus> {
    Coded::new((word == "executed").then_some(PaymentStatus::AcceptedSettlementCompleted), word)
}
