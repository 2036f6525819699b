//! Wych's values as domain values.

use obkit_wych::types as wych;
use rust_decimal::Decimal;

use crate::domain::{Coded, Consent, ConsentStatus, Currency, Institution, Source};
use crate::error::MapError;
use crate::provider::mapping::Mapper;

mod account;
mod identifier;
mod transaction;

pub use account::{account_kind, accounts, balances};
pub use identifier::identifier;
pub use transaction::transactions;

pub(super) const MAPPER: Mapper = Mapper { provider: "wych" };

/// The data holders of an answer as institutions.
#[must_use]
pub fn institutions(source: &[wych::DataHolder]) -> Vec<Institution> {
    source.iter().map(institution).collect()
}

fn institution(source: &wych::DataHolder) -> Institution {
    Institution {
        id: source.id.as_str().to_owned(),
        name: source.name.clone(),
        countries: Vec::new(),
        logo_url: None,
        active: None,
        features: Vec::new(),
        source: Source::of(source.clone()),
    }
}

/// A connection as a consent.
#[must_use]
pub fn consent(source: &wych::Connection) -> Consent {
    Consent {
        id: source.id.as_str().to_owned(),
        institution_id: source.dataholder.as_ref().map(|id| id.as_str().to_owned()),
        status: source.state.as_ref().map(consent_status),
        created_at: None,
        expires_at: None,
        reconfirm_by: None,
        transactions_from: None,
        transactions_to: None,
        permissions: Vec::new(),
        authorisation_url: None,
        token: None,
        source: Source::of(source.clone()),
    }
}

/// The connections of an answer as consents.
#[must_use]
pub fn consents(source: &[wych::Connection]) -> Vec<Consent> {
    source.iter().map(consent).collect()
}

/// The state of a connection.
#[must_use]
pub fn consent_status(state: &wych::ConnectionState) -> Coded<ConsentStatus> {
    let code = match state {
        wych::ConnectionState::Active => Some(ConsentStatus::Authorised),
        wych::ConnectionState::Pending => Some(ConsentStatus::AwaitingAuthorisation),
        wych::ConnectionState::Rejected => Some(ConsentStatus::Rejected),
        _ => None,
    };
    Coded::new(code, state.as_str())
}

/// The parts of an amount.
pub(super) fn parts(field: &str, source: &wych::Amount) -> Result<(Decimal, Currency), MapError> {
    let within = |error: MapError| error.within(field);
    let amount = MAPPER.number("amount", &source.amount).map_err(within)?;
    Ok((amount, MAPPER.currency("currency", &source.currency).map_err(within)?))
}
