//! Mandates through Yapily, which keeps sweeping ones and others apart: each kind has operations and types of its own.

use obkit_runtime::DateTime;
use obkit_yapily::types as yapily;

use super::client::{Yapily, token};
use super::map::{MAPPER, consent_status};
use super::party::{self, WRITER, amount};
use super::payments::{reason, reference, status, status_at};
use crate::domain::{
    AuthorisationRequest, Coded, ConsentReference, FundsConfirmation, LimitAlignment, LimitPeriod, LimitRequest,
    Mandate, MandateKind, MandatePaymentRequest, MandateRequest, Money, Party, PayerPresence, Payment, PeriodicLimit,
    Source,
};
use crate::error::{Error, MapError};
use crate::provider::mapping::each;
use crate::provider::mapping::mapped;
use crate::provider::request::{payable, valid_limits};
use crate::provider::{Mandates, Reply};

impl Mandates for Yapily {
    fn create_mandate<'a>(
        &'a self,
        payer: &'a AuthorisationRequest,
        mandate: &'a MandateRequest,
    ) -> Reply<'a, Mandate> {
        Box::pin(async move {
            valid_limits(mandate)?;
            let institution = payer.institution_id.as_str();
            match mandate.kind {
                MandateKind::Sweeping => {
                    let control = sweeping_control(mandate)?;
                    let mut body =
                        yapily::SweepingAuthorisationRequest::new(institution, control, initiation(mandate)?);
                    body.application_user_id = payer.user_id.clone();
                    body.callback = payer.redirect_url.clone();
                    mapped(self.api().create_sweeping_authorisation().body(body).send().await?, sweeping)
                }
                MandateKind::Commercial => {
                    let control = commercial_control(mandate)?;
                    let initiation = initiation(mandate)?;
                    let mut body = yapily::NonSweepingAuthorisationRequest::new(institution, control, initiation);
                    body.application_user_id = payer.user_id.clone();
                    body.callback = payer.redirect_url.clone();
                    mapped(self.api().create_non_sweeping_authorisation().body(body).send().await?, commercial)
                }
            }
        })
    }

    fn mandate<'a>(&'a self, kind: MandateKind, id: &'a str) -> Reply<'a, Mandate> {
        Box::pin(async move {
            Ok(match kind {
                MandateKind::Sweeping => {
                    sweeping(&*self.api().get_sweeping_vrp_consent_by_id().consent_id(id).send().await?)?
                }
                MandateKind::Commercial => {
                    commercial(&*self.api().get_non_sweeping_vrp_consent_by_id().consent_id(id).send().await?)?
                }
            })
        })
    }

    fn delete_mandate<'a>(&'a self, id: &'a str) -> Reply<'a, ()> {
        Box::pin(async move {
            self.api().delete_consent().consent_id(id).send().await?;
            Ok(())
        })
    }

    fn confirm_funds<'a>(&'a self, mandate: &'a ConsentReference, sum: &'a Money) -> Reply<'a, FundsConfirmation> {
        Box::pin(async move {
            let body = yapily::FundsConfirmationRequest::new(amount(payable(sum)?));
            let call = self.api().create_vrp_funds_confirmation().consent(token(mandate)?).body(body);
            mapped(call.send().await?, funds)
        })
    }

    fn pay<'a>(&'a self, mandate: &'a ConsentReference, payment: &'a MandatePaymentRequest) -> Reply<'a, Payment> {
        Box::pin(async move {
            let sum = amount(payable(&payment.amount)?);
            let body =
                yapily::SubmissionRequest::new(payment.idempotency_key.as_str(), presence(payment.presence)?, sum);
            let call = self.api().create_vrp_payment().consent(token(mandate)?).body(body);
            mapped(call.send().await?, mandate_payment)
        })
    }

    fn mandate_payment<'a>(&'a self, mandate: &'a ConsentReference, id: &'a str) -> Reply<'a, Payment> {
        Box::pin(async move {
            let call = self.api().get_vrp_payment_details().payment_id(id).consent(token(mandate)?);
            mapped(call.send().await?, mandate_payment)
        })
    }
}

/// Yapily publishes one word; another would be a guess.
fn presence(presence: PayerPresence) -> Result<&'static str, Error> {
    match presence {
        PayerPresence::NotNeeded => Ok("SCA_NOT_REQUIRED"),
        PayerPresence::Needed => Err(WRITER.unsupported("mandates with the payer there for each payment")),
    }
}

fn initiation(source: &MandateRequest) -> Result<yapily::InitiationDetails, Error> {
    let mut details = yapily::InitiationDetails::new();
    details.reference = source.reference.as_deref().map(reference).transpose()?;
    details.payer = source.debtor.as_ref().map(party::payer).transpose()?;
    details.payee = Some(party::payee(&source.creditor)?);
    Ok(details)
}

fn sweeping_control(source: &MandateRequest) -> Result<yapily::SweepingControlParameters, Error> {
    let limit = |limit: &LimitRequest| {
        let sum = amount(&limit.amount);
        Ok(yapily::SweepingPeriodicLimits::new(sum, period(limit.period)?, alignment(limit.alignment)))
    };
    let limits = source.limits().map(limit).collect::<Result<_, Error>>()?;
    let ways = vec![presence(source.presence)?.to_owned()];
    let mut control = yapily::SweepingControlParameters::new(ways, limits, amount(&source.max_per_payment));
    control.valid_from = source.valid_from.map(DateTime::from);
    control.valid_to = source.valid_to.map(DateTime::from);
    Ok(control)
}

fn commercial_control(source: &MandateRequest) -> Result<yapily::NonSweepingControlParameters, Error> {
    let limit = |limit: &LimitRequest| {
        let mut written = yapily::NonSweepingPeriodicLimits::new(amount(&limit.amount));
        written.frequency = Some(period(limit.period)?.to_owned());
        written.alignment = Some(alignment(limit.alignment).to_owned());
        Ok(written)
    };
    let mut control = yapily::NonSweepingControlParameters::new(vec![presence(source.presence)?.to_owned()]);
    control.periodic_limits = Some(source.limits().map(limit).collect::<Result<_, Error>>()?);
    control.max_amount_per_payment = Some(amount(&source.max_per_payment));
    control.valid_from = source.valid_from.map(DateTime::from);
    control.valid_to = source.valid_to.map(DateTime::from);
    Ok(control)
}

/// Yapily publishes two words for periods; others would be guesses.
const PERIODS: [(LimitPeriod, &str); 2] = [(LimitPeriod::Day, "DAILY"), (LimitPeriod::Month, "MONTHLY")];

fn period(period: LimitPeriod) -> Result<&'static str, Error> {
    let known = PERIODS.iter().find(|(known, _)| *known == period).map(|(_, word)| *word);
    known.ok_or_else(|| WRITER.unsupported("limits for other periods than days and months"))
}

const ALIGNMENTS: [(LimitAlignment, &str); 2] =
    [(LimitAlignment::Consent, "CONSENT"), (LimitAlignment::Calendar, "CALENDAR")];

fn alignment(alignment: LimitAlignment) -> &'static str {
    match alignment {
        LimitAlignment::Consent => "CONSENT",
        LimitAlignment::Calendar => "CALENDAR",
    }
}

fn limit(
    sum: &yapily::Amount,
    frequency: Option<&String>,
    aligned: Option<&String>,
) -> Result<PeriodicLimit, MapError> {
    Ok(PeriodicLimit {
        amount: party::money("totalMaxAmount", sum)?,
        period: frequency.map(|word| coded(&PERIODS, word)),
        alignment: aligned.map(|word| coded(&ALIGNMENTS, word)),
    })
}

fn coded<T: Copy>(known: &[(T, &str)], word: &str) -> Coded<T> {
    Coded::new(known.iter().find(|(_, text)| *text == word).map(|(meaning, _)| *meaning), word)
}

/// The parts of a mandate that both kinds have, each in a type of its own with the same members.
macro_rules! mandate_of {
    ($data:expr, $kind:expr, $word:literal, $source:expr) => {{
        let data = $data;
        let control = data.control_parameters.as_ref();
        let initiation = data.initiation_details.as_ref();
        let payer = data.payer.as_ref().or_else(|| initiation?.payer.as_ref());
        Mandate {
            id: MAPPER.required("data.id", data.id.as_ref())?.as_str().to_owned(),
            institution_id: data.institution_id.clone(),
            kind: Some(Coded::new(Some($kind), $word)),
            status: data.status.as_ref().map(consent_status),
            max_per_payment: None,
            limits: Vec::new(),
            creditor: initiation.and_then(|details| details.payee.as_ref()).map(party::of_payee),
            debtor: payer.map(party::of_payer),
            reference: initiation.and_then(|details| details.reference.clone()),
            valid_from: MAPPER.time("data.controlParameters.validFrom", control.and_then(|c| c.valid_from.as_ref()))?,
            valid_to: MAPPER.time("data.controlParameters.validTo", control.and_then(|c| c.valid_to.as_ref()))?,
            created_at: MAPPER.time("data.createdAt", data.created_at.as_ref())?,
            authorisation_url: data.authorisation_url.clone(),
            token: data.consent_token.clone(),
            source: Source::of($source.clone()),
        }
    }};
}

const MAX: &str = "data.controlParameters.maxAmountPerPayment";
const LIMITS: &str = "data.controlParameters.periodicLimits";

/// The sweeping mandate of an answer.
///
/// # Errors
/// It has no id, or an amount, currency or date cannot be read.
pub fn sweeping(source: &yapily::ApiResponseOfSweepingAuthorisationResponse) -> Result<Mandate, MapError> {
    let data = MAPPER.required("data", source.data.as_ref())?;
    let mut mandate = mandate_of!(data, MandateKind::Sweeping, "sweeping", source);
    if let Some(control) = &data.control_parameters {
        mandate.max_per_payment = Some(party::money(MAX, &control.max_amount_per_payment)?);
        mandate.limits = each(LIMITS, &control.periodic_limits, |source| {
            limit(&source.total_max_amount, Some(&source.frequency), Some(&source.alignment))
        })?;
    }
    Ok(mandate)
}

/// The mandate of an answer that is no sweeping one.
///
/// # Errors
/// As [`sweeping`].
pub fn commercial(source: &yapily::ApiResponseOfNonSweepingAuthorisationResponse) -> Result<Mandate, MapError> {
    let data = MAPPER.required("data", source.data.as_ref())?;
    let mut mandate = mandate_of!(data, MandateKind::Commercial, "non-sweeping", source);
    if let Some(control) = &data.control_parameters {
        let max = control.max_amount_per_payment.as_ref();
        mandate.max_per_payment = max.map(|max| party::money(MAX, max)).transpose()?;
        mandate.limits = each(LIMITS, control.periodic_limits.as_deref().unwrap_or_default(), |source| {
            limit(&source.total_max_amount, source.frequency.as_ref(), source.alignment.as_ref())
        })?;
    }
    Ok(mandate)
}

/// Whether there were funds.
///
/// # Errors
/// The answer is empty, or an amount, currency or date cannot be read.
pub fn funds(source: &yapily::ApiResponseOfFundsConfirmationResponse) -> Result<FundsConfirmation, MapError> {
    let data = MAPPER.required("data", source.data.as_ref())?;
    let at = Some(&data.funds_available.funds_available_at);
    Ok(FundsConfirmation {
        available: data.funds_available.funds_available,
        at: MAPPER.time("data.fundsAvailable.fundsAvailableAt", at)?,
        amount: party::money("data.paymentAmount", &data.payment_amount)?,
        source: Source::of(source.clone()),
    })
}

/// The payment under a mandate of an answer.
///
/// # Errors
/// It has no id, or an amount, currency or date cannot be read.
pub fn mandate_payment(source: &yapily::ApiResponseOfSubmissionResponse) -> Result<Payment, MapError> {
    let data = MAPPER.required("data", source.data.as_ref())?;
    let details = data.status_details.as_ref();
    let payer: Option<Party> = data.payer.as_ref().or(data.initiation_details.payer.as_ref()).map(party::of_payer);
    Ok(Payment {
        id: MAPPER.required("data.id", data.id.clone())?,
        idempotency_key: data.payment_idempotency_id.clone(),
        mandate_id: None,
        status: status(data.status.as_ref(), details),
        status_reason: details.and_then(reason),
        status_at: status_at(details).map_err(|error| error.within("data"))?,
        amount: Some(party::money("data.submissionDetails.paymentAmount", &data.submission_details.payment_amount)?),
        creditor: Some(party::of_payee(&data.submission_details.payee)),
        debtor: payer,
        refund_to: data.refund_account.as_ref().map(party::of_refund_account),
        reference: data.submission_details.reference.clone(),
        created_at: None,
        source: Source::of(source.clone()),
    })
}
