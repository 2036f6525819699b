//! FinqLink's values as domain values.

use obkit_finqlink::types as finqlink;

use crate::domain::{Coded, Consent, ConsentStatus, CreditDebit, Cursor, Institution, Money, Source};
use crate::error::MapError;
use crate::provider::mapping::{Mapper, each};

mod account;
mod transaction;

pub use account::{accounts, balances};
pub use transaction::transactions;

pub(super) const MAPPER: Mapper = Mapper { provider: "finqlink" };

/// What the cursors of the balance history begin with.
pub(super) const BALANCES: &str = "balances:";
/// What the cursors of transactions begin with.
pub(super) const TRANSACTIONS: &str = "transactions:";
/// What the cursors of payment links begin with.
pub(super) const LINKS: &str = "links:";

/// The providers of an answer as institutions.
///
/// # Errors
/// A provider has no id.
pub fn institutions(source: &finqlink::ListProvidersResponse) -> Result<Vec<Institution>, MapError> {
    each("providers", source.providers.as_deref().unwrap_or_default(), |provider| {
        let methods = (provider.ais_methods.is_some(), provider.payment_methods.is_some());
        institution(provider.provider_id.as_ref(), provider.name.as_ref(), methods, Source::of(provider.clone()))
    })
}

/// The provider of an answer as an institution.
///
/// # Errors
/// It has no id.
pub fn institution_answer(source: &finqlink::GetProviderResponse) -> Result<Institution, MapError> {
    let methods = (source.ais_methods.is_some(), source.payment_methods.is_some());
    institution(source.provider_id.as_ref(), source.name.as_ref(), methods, Source::of(source.clone()))
}

/// A list and a single answer have types of their own for the same members.
fn institution(
    id: Option<&String>,
    name: Option<&String>,
    (has_accounts, has_payments): (bool, bool),
    source: Source,
) -> Result<Institution, MapError> {
    let features = [(has_accounts, "ais_methods"), (has_payments, "payment_methods")];
    Ok(Institution {
        id: MAPPER.required("provider_id", id.cloned())?,
        name: name.cloned(),
        // A code such as `cec_ro` may end in a country; nothing says that it does.
        countries: Vec::new(),
        logo_url: None,
        active: None,
        features: features.into_iter().filter(|(has, _)| *has).map(|(_, word)| word.to_owned()).collect(),
        source,
    })
}

/// A consent that has just been created. Its `expires_at` is that of the link and not of the consent, so it is left to
/// the source.
///
/// # Errors
/// A date has no offset.
pub fn created_consent(source: &finqlink::CreateConsentResponse) -> Result<Consent, MapError> {
    Ok(Consent {
        id: source.consent_id.as_str().to_owned(),
        institution_id: None,
        status: None,
        created_at: MAPPER.time("created_at", source.created_at.as_ref())?,
        expires_at: None,
        reconfirm_by: None,
        transactions_from: None,
        transactions_to: None,
        permissions: Vec::new(),
        authorisation_url: source.web_url.clone(),
        token: None,
        source: Source::of(source.clone()),
    })
}

/// The state of a consent. Its `expires_at` is that of the link and not of the consent, so it is left to the source.
///
/// # Errors
/// It has no id, or a date has no offset.
pub fn consent(source: &finqlink::GetConsentResponse) -> Result<Consent, MapError> {
    let id = MAPPER.required("consent_id", source.consent_id.as_ref())?;
    Ok(Consent {
        id: id.as_str().to_owned(),
        institution_id: None,
        status: source.status.as_ref().map(consent_status),
        created_at: MAPPER.time("created_at", source.created_at.as_ref())?,
        expires_at: None,
        reconfirm_by: None,
        transactions_from: None,
        transactions_to: None,
        permissions: source.scope.iter().flatten().map(|scope| scope.as_str().to_owned()).collect(),
        authorisation_url: source.web_url.as_option().cloned(),
        token: None,
        source: Source::of(source.clone()),
    })
}

/// A stage of a consent as a state.
#[must_use]
pub fn consent_status(status: &finqlink::ConsentStatus) -> Coded<ConsentStatus> {
    use finqlink::ConsentStatus as Status;
    let code = match status {
        Status::Created | Status::Started | Status::Requested | Status::ScaUrlRetrieved | Status::AwaitingAuthz => {
            Some(ConsentStatus::AwaitingAuthorisation)
        }
        Status::Authorized | Status::Active => Some(ConsentStatus::Authorised),
        Status::Expired => Some(ConsentStatus::Expired),
        Status::Revoked => Some(ConsentStatus::Revoked),
        Status::Failed => Some(ConsentStatus::Failed),
        Status::Suspended => Some(ConsentStatus::Suspended),
        _ => None,
    };
    Coded::new(code, status.as_str())
}

/// An amount in two members, and which two they are.
#[derive(Clone, Copy)]
struct Amount<'a> {
    amount: (&'static str, Option<&'a obkit_runtime::DecimalText>),
    currency: (&'static str, Option<&'a String>),
}

impl Amount<'_> {
    /// Text beside an indicator; without one, the sign of the text counts where `signed` allows it.
    fn directed(
        self,
        indicator: Option<&finqlink::CreditDebitIndicator>,
        signed: bool,
    ) -> Result<(CreditDebit, Money), MapError> {
        const INDICATOR: &str = "credit_debit_indicator";
        let ((field, amount), (currency_field, currency)) = (self.amount, self.currency);
        let amount = MAPPER.decimal_text(field, MAPPER.required(field, amount)?)?;
        let currency = MAPPER.currency(currency_field, MAPPER.required(currency_field, currency)?)?;
        let direction = match indicator {
            None if signed => return Ok(Money::from_signed(amount, currency)),
            None => return Err(MAPPER.error(INDICATOR, "is missing")),
            Some(finqlink::CreditDebitIndicator::Credit) => CreditDebit::Credit,
            Some(finqlink::CreditDebitIndicator::Debit) => CreditDebit::Debit,
            Some(_) => return Err(MAPPER.error(INDICATOR, "is neither credit nor debit")),
        };
        Ok((direction, MAPPER.unsigned(field, amount, currency)?))
    }
}

/// Where the next page begins: after the last record of this one, unless this page is the last.
pub(super) fn next(
    list: &str,
    pagination: Option<&finqlink::Pagination>,
    last_keyset: Option<&String>,
) -> Result<Option<Cursor>, MapError> {
    let Some(pagination) = pagination.filter(|pagination| pagination.more == Some(true)) else { return Ok(None) };
    // Without it, the list would end here although more follows.
    let after = MAPPER.required("pagination.after", pagination.after.as_ref().or(last_keyset))?;
    Ok(Some(Cursor(format!("{list}{after}"))))
}
