//! Who holds the accounts, at Yapily.

use obkit_yapily::types as yapily;

use super::client::token;
use super::map::MAPPER;
use super::{Yapily, address};
use crate::domain::{ConsentReference, ContactPoint, Identity, Source};
use crate::error::MapError;
use crate::provider::mapping::mapped;
use crate::provider::{Identities, Reply};

impl Identities for Yapily {
    fn identity<'a>(&'a self, consent: &'a ConsentReference) -> Reply<'a, Identity> {
        Box::pin(
            async move { mapped(self.api().get_identity().consent(token(consent)?).send().await?, identity_answer) },
        )
    }
}

/// The identity of an answer.
///
/// # Errors
/// There is none in it.
pub fn identity_answer(source: &yapily::ApiResponseOfIdentity) -> Result<Identity, MapError> {
    MAPPER.required("data", source.data.as_ref()).map(identity)
}

/// An identity.
#[must_use]
pub fn identity(source: &yapily::Identity) -> Identity {
    let email = source.email.iter().map(|address| ContactPoint::Email { address: address.clone() });
    let telephone = source.phone.iter().map(|number| ContactPoint::Telephone { number: number.clone() });
    Identity {
        id: source.id.clone(),
        name: source.full_name.clone(),
        given_name: source.first_name.clone(),
        family_name: source.last_name.clone(),
        gender: source.gender.clone(),
        birth_date: source.birthdate.clone(),
        addresses: source.addresses.iter().flatten().map(address::of_holder).collect(),
        contact_points: email.chain(telephone).collect(),
        source: Source::of(source.clone()),
    }
}
