//! Yapily's values as domain values.

use obkit_runtime::Sensitive;
use obkit_yapily::types as yapily;

use crate::domain::{Coded, Consent, ConsentStatus, Institution, Money, Party, Source};
use crate::error::MapError;
use crate::provider::mapping::{Mapper, each};

mod account;
mod identifier;
mod page;
mod transaction;

pub use account::{account, account_answer, accounts, balances};
pub(super) use identifier::identifiers;
pub(super) use page::{MOST, all_of, next_offset, total};
pub use transaction::transactions;

pub(super) const MAPPER: Mapper = Mapper { provider: "yapily" };

/// The institutions of an answer.
///
/// # Errors
/// An institution has no id.
pub fn institutions(source: &yapily::ApiListResponseOfInstitution) -> Result<Vec<Institution>, MapError> {
    each("data", source.data.as_deref().unwrap_or_default(), institution)
}

/// An institution.
///
/// # Errors
/// It has no id.
pub fn institution(source: &yapily::Institution) -> Result<Institution, MapError> {
    let countries = source.countries.iter().flatten();
    let media = source.media.as_deref().unwrap_or_default();
    let logo = media.iter().find(|m| m.type_.as_deref() == Some("logo")).or_else(|| media.first());
    Ok(Institution {
        id: MAPPER.required("id", source.id.clone())?,
        name: source.full_name.clone().or_else(|| source.name.clone()),
        countries: countries.filter_map(|country| country.country_code2.clone()).collect(),
        logo_url: logo.and_then(|media| media.source.clone()),
        active: None,
        features: source.features.iter().flatten().map(|feature| feature.as_str().to_owned()).collect(),
        source: Source::of(source.clone()),
    })
}

/// A consent.
///
/// # Errors
/// It has no id, or a date has no offset.
pub fn consent(source: &yapily::Consent) -> Result<Consent, MapError> {
    let id = MAPPER.required("id", source.id.as_ref())?;
    Ok(Consent {
        id: id.as_str().to_owned(),
        institution_id: source.institution_id.clone(),
        status: source.status.as_ref().map(consent_status),
        created_at: MAPPER.time("createdAt", source.created_at.as_ref())?,
        expires_at: MAPPER.time("expiresAt", source.expires_at.as_ref())?,
        reconfirm_by: MAPPER.time("reconfirmBy", source.reconfirm_by.as_ref())?,
        transactions_from: MAPPER.time("transactionFrom", source.transaction_from.as_ref())?,
        transactions_to: MAPPER.time("transactionTo", source.transaction_to.as_ref())?,
        permissions: permissions(source.feature_scope.as_deref()),
        authorisation_url: None,
        token: source.consent_token.clone(),
        source: Source::of(source.clone()),
    })
}

/// The consent of an answer.
///
/// # Errors
/// As [`consent`].
pub fn consent_answer(source: &yapily::ApiResponseOfConsent) -> Result<Consent, MapError> {
    consent(MAPPER.required("data", source.data.as_ref())?).map_err(|error| error.within("data"))
}

/// A consent that has just been created.
///
/// # Errors
/// It has no id, or a date has no offset.
pub fn created_consent(source: &yapily::ApiResponseOfAccountAuthorisationResponse) -> Result<Consent, MapError> {
    let data = MAPPER.required("data", source.data.as_ref())?;
    let id = MAPPER.required("data.id", data.id.as_ref())?;
    let time = |field: &str, text| MAPPER.time(&format!("data.{field}"), text);
    Ok(Consent {
        id: id.as_str().to_owned(),
        institution_id: data.institution_id.clone(),
        status: data.status.as_ref().map(consent_status),
        created_at: time("createdAt", data.created_at.as_ref())?,
        expires_at: time("expiresAt", data.expires_at.as_ref())?,
        reconfirm_by: time("reconfirmBy", data.reconfirm_by.as_ref())?,
        transactions_from: time("transactionFrom", data.transaction_from.as_ref())?,
        transactions_to: time("transactionTo", data.transaction_to.as_ref())?,
        permissions: permissions(data.feature_scope.as_deref()),
        authorisation_url: data.authorisation_url.clone(),
        token: data.consent_token.clone(),
        source: Source::of(source.clone()),
    })
}

/// The consents of an answer.
///
/// # Errors
/// As [`consent`].
pub fn consents(source: &yapily::ApiListResponseOfConsent) -> Result<Vec<Consent>, MapError> {
    each("data", source.data.as_deref().unwrap_or_default(), consent)
}

pub(super) fn permissions(features: Option<&[yapily::FeatureEnum]>) -> Vec<String> {
    features.unwrap_or_default().iter().map(|feature| feature.as_str().to_owned()).collect()
}

pub(super) fn consent_status(status: &yapily::AuthorisationStatus) -> Coded<ConsentStatus> {
    use yapily::AuthorisationStatus as Status;
    let code = match status {
        Status::AwaitingAuthorization
        | Status::AwaitingFurtherAuthorization
        | Status::AwaitingReAuthorization
        | Status::AwaitingDecoupledPreAuthorization
        | Status::AwaitingPreAuthorization
        | Status::PreAuthorized
        | Status::AwaitingDecoupledAuthorization
        | Status::AwaitingScaMethod
        | Status::AwaitingScaCode => Some(ConsentStatus::AwaitingAuthorisation),
        Status::Authorized => Some(ConsentStatus::Authorised),
        Status::Consumed => Some(ConsentStatus::Consumed),
        Status::Rejected => Some(ConsentStatus::Rejected),
        Status::Revoked => Some(ConsentStatus::Revoked),
        Status::Failed | Status::Invalid => Some(ConsentStatus::Failed),
        Status::Expired => Some(ConsentStatus::Expired),
        _ => None,
    };
    Coded::new(code, status.as_str())
}

pub(super) fn signed_money(
    field: &str,
    amount: &yapily::Amount,
) -> Result<(crate::domain::CreditDebit, Money), MapError> {
    let Money { amount, currency } = money(field, amount)?;
    Ok(Money::from_signed(amount, currency))
}

/// An amount that no direction stands beside: it keeps its sign.
fn money(field: &str, amount: &yapily::Amount) -> Result<Money, MapError> {
    let within = |error: MapError| error.within(field);
    let value = MAPPER.number("amount", &amount.amount).map_err(within)?;
    Ok(Money::new(value, MAPPER.currency("currency", &amount.currency).map_err(within)?))
}

pub(super) fn party<'a>(
    name: Option<&Sensitive>,
    accounts: impl Iterator<Item = (Option<&'a yapily::AccountIdentificationType>, Option<&'a Sensitive>)>,
) -> Party {
    let known = accounts.filter_map(|(scheme, identification)| Some((scheme?.as_str(), identification?)));
    Party { name: name.cloned(), identifiers: identifiers(known) }
}
