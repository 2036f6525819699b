//! Mandates through Fena.
//!
//! All amounts are pounds, as decimal text. Fena has no idempotency keys: a payment is sent once. A mandate's lists
//! come as JSON within text.

use obkit_fena::types as fena;
use obkit_runtime::{DateTime, DecimalText, Nullable, Sensitive, Uuid};
use rust_decimal::Decimal;

use super::client::Fena;
use super::map::MAPPER;
use crate::domain::{
    AccountIdentifier, AuthorisationRequest, Coded, ConsentReference, ConsentStatus, Creditor, Currency, Debtor,
    FundsConfirmation, LimitAlignment, LimitPeriod, LimitRequest, Mandate, MandateKind, MandatePaymentRequest,
    MandateRequest, Money, Party, PayerPresence, Payment, PaymentStatus, PeriodicLimit, Source,
};
use crate::error::{Error, MapError};
use crate::provider::mapping::{each, invalid_request};
use crate::provider::request::{Writer, payable, valid_limits};
use crate::provider::{Mandates, Reply};

const WRITER: Writer = Writer { provider: "fena" };

impl Mandates for Fena {
    fn create_mandate<'a>(
        &'a self,
        payer: &'a AuthorisationRequest,
        mandate: &'a MandateRequest,
    ) -> Reply<'a, Mandate> {
        Box::pin(async move {
            let body = request(payer, mandate)?;
            Ok(created(&*self.api().create_vrp_consent().body(body).send().await?)?)
        })
    }

    fn mandate<'a>(&'a self, _: MandateKind, id: &'a str) -> Reply<'a, Mandate> {
        Box::pin(async move { Ok(mandate(&*self.api().get_vrp_consent().id(uuid(id)?).send().await?)?) })
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
            Ok(created_payment(&*self.api().create_vrp_payment().body(body).send().await?)?)
        })
    }

    fn mandate_payment<'a>(&'a self, _: &'a ConsentReference, id: &'a str) -> Reply<'a, Payment> {
        Box::pin(async move { Ok(payment(&*self.api().get_vrp_payment().id(uuid(id)?).send().await?)?) })
    }
}

fn uuid(id: &str) -> Result<Uuid, Error> {
    Uuid::try_from(id).map_err(|_| invalid_request("the id is not one of this provider: no UUID"))
}

fn too_much() -> Error {
    WRITER.unsupported("amounts of ten million pounds and more")
}

/// An amount as Fena writes it: pounds with two decimal places.
fn pounds(money: &Money) -> Result<String, Error> {
    if money.currency.as_str() != "GBP" {
        return Err(WRITER.unsupported("mandates in other currencies than GBP"));
    }
    let pence = payable(money)?.minor().ok_or_else(too_much)?;
    Ok(format!("{}.{:02}", pence / 100, pence % 100))
}

fn presence(presence: PayerPresence) -> fena::VRPPsuAuthenticationMethod {
    match presence {
        PayerPresence::NotNeeded => fena::VRPPsuAuthenticationMethod::ScaNotRequired,
        PayerPresence::Needed => fena::VRPPsuAuthenticationMethod::Sca,
    }
}

/// A mandate as Fena takes it.
///
/// # Errors
/// Fena cannot express it. Nothing was sent.
pub fn request(payer: &AuthorisationRequest, source: &MandateRequest) -> Result<fena::VRPConsentRequest, Error> {
    valid_limits(source)?;
    let max: fena::VRPMaximumIndividualAmount =
        pounds(&source.max_per_payment)?.as_str().try_into().map_err(|_| too_much())?;
    let limits = source.limits().map(limit_request).collect::<Result<_, _>>()?;
    let kind = match source.kind {
        MandateKind::Sweeping => fena::VRPType::Sweeping,
        MandateKind::Commercial => fena::VRPType::Other,
    };
    let provider = fena::VRPProvider::from(payer.institution_id.as_str());
    let ways = vec![presence(source.presence)];
    let mut body =
        fena::VRPConsentRequest::new(provider, beneficiary(&source.creditor)?, max, limits, vec![kind], ways);
    if let Some(reference) = &source.reference {
        let fits = reference.as_str().try_into();
        let reference: fena::VRPReference =
            fits.map_err(|_| WRITER.unsupported("references of more than 18 characters, or of none"))?;
        body.reference = Nullable::Value(reference);
    }
    body.remitter = source.debtor.as_ref().map(remitter).transpose()?;
    body.option = payer.redirect_url.as_deref().map(|url| fena::VRPOption::new().with_redirect_uri(url));
    body.valid_from = source.valid_from.map(DateTime::from);
    body.valid_to = source.valid_to.map(DateTime::from);
    Ok(body)
}

fn limit_request(source: &LimitRequest) -> Result<fena::VRPPeriodicLimit, Error> {
    use fena::VRPPeriodType as Period;
    let period = match source.period {
        LimitPeriod::Day => Period::Day,
        LimitPeriod::Week => Period::Week,
        LimitPeriod::Fortnight => Period::Fortnight,
        LimitPeriod::Month => Period::Month,
        LimitPeriod::HalfYear => Period::HalfYear,
        LimitPeriod::Year => Period::Year,
    };
    let alignment = match source.alignment {
        LimitAlignment::Consent => fena::VRPPeriodAlignment::Consent,
        LimitAlignment::Calendar => fena::VRPPeriodAlignment::Calendar,
    };
    let mut limit = fena::VRPPeriodicLimit::new();
    limit.period_type = Some(period);
    limit.period_alignment = Some(alignment);
    limit.amount = Some(pounds(&source.amount)?);
    Ok(limit)
}

/// Writes an account into a type that has the members for both schemes.
macro_rules! account {
    ($target:expr, $account:expr) => {{
        let mut target = $target;
        match $account {
            AccountIdentifier::SortCodeAccountNumber { sort_code, account_number } => {
                target.identification_type = Some(fena::VRPIdentificationType::SortCodeAccountNumber);
                target.sort_code = Some(sort_code.clone());
                target.account_number = Some(account_number.clone());
            }
            AccountIdentifier::Iban { iban } => {
                target.identification_type = Some(fena::VRPIdentificationType::Iban);
                target.iban = Some(iban.clone());
            }
            _ => return Err(WRITER.unsupported("accounts without a sort code or an IBAN")),
        }
        target
    }};
}

fn beneficiary(source: &Creditor) -> Result<fena::VRPBeneficiary, Error> {
    if source.bank.is_some() || source.country.is_some() {
        return Err(WRITER.unsupported("the bank or the country of a payee"));
    }
    let mut beneficiary = account!(fena::VRPBeneficiary::new(), &source.account);
    beneficiary.name = Some(source.name.clone());
    Ok(beneficiary)
}

fn remitter(source: &Debtor) -> Result<fena::VRPRemitter, Error> {
    let mut remitter = account!(fena::VRPRemitter::new(), &source.account);
    remitter.name = source.name.clone();
    Ok(remitter)
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
        creditor: Some(party(
            source.beneficiary_name.as_ref(),
            (source.beneficiary_sort_code.as_ref(), source.beneficiary_account_number.as_ref()),
            source.beneficiary_iban.as_option(),
        )),
        debtor: Some(party(
            source.remitter_name.as_option(),
            (source.remitter_sort_code.as_option(), source.remitter_account_number.as_option()),
            source.remitter_iban.as_option(),
        ))
        .filter(|party| party.name.is_some() || !party.identifiers.is_empty()),
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

fn party(name: Option<&Sensitive>, uk: (Option<&Sensitive>, Option<&Sensitive>), iban: Option<&Sensitive>) -> Party {
    let mut identifiers = Vec::new();
    if let (Some(sort_code), Some(account_number)) = uk {
        let (sort_code, account_number) = (sort_code.clone(), account_number.clone());
        identifiers.push(AccountIdentifier::SortCodeAccountNumber { sort_code, account_number });
    }
    identifiers.extend(iban.map(|iban| AccountIdentifier::Iban { iban: iban.clone() }));
    Party { name: name.cloned(), identifiers }
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
    let mandate = consent.map(mandate).transpose().map_err(|error| error.within("vrpConsent"))?;
    let (creditor, debtor) = mandate.map_or((None, None), |mandate| (mandate.creditor, mandate.debtor));
    Ok(Payment {
        id: source.id.as_str().to_owned(),
        idempotency_key: None,
        mandate_id: consent.map(|consent| consent.id.as_str().to_owned()),
        status: source.status.as_deref().map(payment_status),
        status_reason: None,
        status_at: MAPPER.time("updatedAt", source.updated_at.as_ref())?,
        amount: source.amount.as_ref().map(|amount| sum("amount", amount)).transpose()?,
        creditor,
        debtor,
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
