//! Mandates as Fena takes them.

use obkit_fena::types as fena;
use obkit_runtime::{DateTime, Nullable};

use crate::domain::{
    AccountIdentifier, AuthorisationRequest, Creditor, Debtor, LimitAlignment, LimitPeriod, LimitRequest, MandateKind,
    MandateRequest, Money, PayerPresence,
};
use crate::error::Error;
use crate::provider::request::{Writer, payable, valid_limits};

pub(super) const WRITER: Writer = Writer { provider: "fena" };

pub(super) fn too_much() -> Error {
    WRITER.unsupported("amounts of ten million pounds and more")
}

/// An amount as Fena writes it: pounds with two decimal places.
pub(super) fn pounds(money: &Money) -> Result<String, Error> {
    if money.currency.as_str() != "GBP" {
        return Err(WRITER.unsupported("mandates in other currencies than GBP"));
    }
    let pence = payable(money)?.minor().ok_or_else(too_much)?;
    Ok(format!("{}.{:02}", pence / 100, pence % 100))
}

pub(super) fn presence(presence: PayerPresence) -> fena::VRPPsuAuthenticationMethod {
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
