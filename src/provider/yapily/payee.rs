//! Stored payees, which Yapily calls beneficiaries.

use obkit_yapily::types as yapily;

use super::client::token;
use super::map::identifiers;
use super::{Yapily, address};
use crate::domain::{ConsentReference, Party, Payee, Source};
use crate::provider::{Payees, Reply};

impl Payees for Yapily {
    fn payees<'a>(&'a self, consent: &'a ConsentReference, account_id: &'a str) -> Reply<'a, Vec<Payee>> {
        Box::pin(async move {
            let call = self.api().get_beneficiaries().account_id(account_id).consent(token(consent)?);
            Ok(payees(&*call.send().await?, account_id))
        })
    }
}

/// The payees of an answer.
#[must_use]
pub fn payees(source: &yapily::ApiListResponseOfBeneficiary, account_id: &str) -> Vec<Payee> {
    source.data.iter().flatten().map(|item| payee(item, account_id)).collect()
}

fn payee(source: &yapily::Beneficiary, account_id: &str) -> Payee {
    let payee = source.payee.as_ref();
    Payee {
        id: source.id.clone(),
        account_id: Some(account_id.to_owned()),
        kind: None,
        trusted: source.trusted,
        nickname: None,
        reference: source.reference.clone(),
        creditor: payee.map(|payee| {
            let accounts = payee.account_identifications.iter();
            let identifiers = identifiers(accounts.map(|i| (i.type_.as_str(), &i.identification)));
            Party { name: payee.name.clone(), identifiers }
        }),
        address: payee.and_then(|payee| payee.address.as_ref()).map(address::of_party),
        source: Source::of(source.clone()),
    }
}
