//! Consents: how they are asked for, and what may be done under them.

use std::collections::BTreeMap;

use super::InMemory;
use super::call::Call;
use super::codes::{self, not_found, refusal};
use super::state::{Permission, Purpose, State, meaning, moved};
use crate::domain::{
    Consent, ConsentReference, ConsentRequest, ConsentStatus, Institution, Sensitive, TransactionQuery,
};
use crate::error::Error;
use crate::provider::{Capability, Consents, Institutions, Reply};

impl Institutions for InMemory {
    fn institutions(&self) -> Reply<'_, Vec<Institution>> {
        let call = Call::new(Capability::Institutions, "institutions");
        self.answer(call, |state| Ok(state.institutions.clone()))
    }

    fn institution<'a>(&'a self, id: &'a str) -> Reply<'a, Institution> {
        let call = Call::new(Capability::Institutions, "institution").about(id);
        self.answer(call, move |state| {
            state.institutions.iter().find(|institution| institution.id == id).cloned().ok_or_else(not_found)
        })
    }
}

impl Consents for InMemory {
    fn create<'a>(&'a self, request: &'a ConsentRequest) -> Reply<'a, Consent> {
        let call = Call::new(Capability::Consents, "create").about(&request.institution_id).asking(request);
        self.answer(call, move |state| {
            let consent = state.open(&request.institution_id, request.user_id.clone(), Purpose::Accounts)?;
            consent.expires_at = request.expires_at;
            consent.transactions_from = request.transactions_from;
            consent.transactions_to = request.transactions_to;
            Ok(consent.clone())
        })
    }

    fn consent<'a>(&'a self, id: &'a str) -> Reply<'a, Consent> {
        let call = Call::new(Capability::Consents, "consent").about(id);
        self.answer(call, move |state| {
            let permission = state.permissions.get(id).ok_or_else(not_found)?;
            let token = has_token(meaning(&permission.consent.status)).then(|| permission.token.clone());
            Ok(Consent { authorisation_url: None, token, ..permission.consent.clone() })
        })
    }

    fn delete<'a>(&'a self, id: &'a str) -> Reply<'a, ()> {
        let call = Call::new(Capability::Consents, "delete").about(id);
        self.answer(call, move |state| {
            let permission = state.permissions.get_mut(id).ok_or_else(not_found)?;
            moved(id, &mut permission.consent.status, ConsentStatus::Revoked)
                .map_err(|_| refusal(409, codes::CONSENT_FINAL))
        })
    }
}

/// What may be read.
pub(super) struct View {
    institution_id: Option<String>,
    window: TransactionQuery,
}

impl View {
    /// Whether an account that is at one institution, or at each, is in sight.
    pub(super) fn shows(&self, institution_id: Option<&str>) -> bool {
        match (self.institution_id.as_deref(), institution_id) {
            (Some(view), Some(account)) => view == account,
            _ => true,
        }
    }

    /// The transactions that the holder lets be read.
    pub(super) fn window(&self) -> &TransactionQuery {
        &self.window
    }
}

impl State {
    pub(super) fn check_institution(&self, id: &str) -> Result<(), Error> {
        let known = self.institutions.is_empty() || self.institutions.iter().any(|institution| institution.id == id);
        if known { Ok(()) } else { Err(not_found()) }
    }

    /// Opens a consent that waits for its holder.
    pub(super) fn open(
        &mut self,
        institution_id: &str,
        user_id: Option<String>,
        purpose: Purpose,
    ) -> Result<&mut Consent, Error> {
        self.check_institution(institution_id)?;
        let id = self.fresh_id("consent");
        let consent = Consent::new(id.clone())
            .institution_id(institution_id)
            .status(ConsentStatus::AwaitingAuthorisation)
            .created_at(self.now)
            .authorisation_url(authorisation_url(&id));
        let token = Sensitive::from(format!("token-of-{id}"));
        let permission = Permission { consent, purpose, user_id, token };
        Ok(&mut self.permissions.entry(id).or_insert(permission).consent)
    }

    /// The permission behind a reference, whatever its state.
    pub(super) fn permission(&self, reference: &ConsentReference) -> Result<&Permission, Error> {
        let permission = find(&self.permissions, &reference.id)?;
        check_token(reference, &permission.token, meaning(&permission.consent.status))?;
        Ok(permission)
    }

    /// What may be read under a consent. A provider without consents shows everything.
    pub(super) fn view(&self, reference: &ConsentReference) -> Result<View, Error> {
        if !self.offers(Capability::Consents) {
            return Ok(View { institution_id: None, window: TransactionQuery::default() });
        }
        let permission = self.permission(reference)?;
        check_status(meaning(&permission.consent.status))?;
        let Purpose::Accounts = permission.purpose else { return Err(refusal(403, codes::CONSENT_SCOPE)) };
        let Consent { institution_id, transactions_from, transactions_to, .. } = &permission.consent;
        let window = TransactionQuery::default().between(*transactions_from, *transactions_to);
        Ok(View { institution_id: institution_id.clone(), window })
    }
}

/// Where a holder goes. Nobody is there: the test does what the holder would do.
pub(super) fn authorisation_url(id: &str) -> String {
    format!("https://authorise.invalid/{id}")
}

pub(super) fn find<'s, T>(all: &'s BTreeMap<String, T>, id: &str) -> Result<&'s T, Error> {
    all.get(id).ok_or_else(|| refusal(403, codes::CONSENT_UNKNOWN))
}

/// Whether a reference has the token, where there is one. Of what cannot be used, its state says more.
pub(super) fn check_token(reference: &ConsentReference, token: &Sensitive, status: ConsentStatus) -> Result<(), Error> {
    let fits = reference.token.as_ref() == Some(token);
    if fits || !has_token(status) { Ok(()) } else { Err(refusal(403, codes::CONSENT_TOKEN)) }
}

/// Whether the token of a consent in this state is told. What was paid under a consent is read with it.
pub(super) fn has_token(status: ConsentStatus) -> bool {
    matches!(status, ConsentStatus::Authorised | ConsentStatus::Consumed)
}

pub(super) fn check_status(status: ConsentStatus) -> Result<(), Error> {
    codes::of_status(status).map_or(Ok(()), |code| Err(refusal(403, code)))
}
