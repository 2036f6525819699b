//! What the provider knows.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use chrono::{DateTime, TimeDelta};
use obkit_runtime::bytes::Bytes;

use super::call::Call;
use super::fault::Faults;
use super::payments::{Made, Requested};
use super::webhooks::Emitted;
use crate::domain::{
    Account, Coded, Consent, ConsentStatus, DirectDebit, Identity, IllegalTransition, Institution, Mandate,
    MandateRequest, Payee, PaymentLink, RefreshJob, ScheduledPayment, Sensitive, StandingOrder, Statement, Timestamp,
    Transaction, User, WebhookRegistration,
};
use crate::provider::Capability;

/// Where the time stands when nobody says so: 15 January 2026, noon, in seconds of Unix time.
const BEGINNING: i64 = 1_768_478_400;

pub(super) struct State {
    pub(super) name: &'static str,
    pub(super) offered: &'static [Capability],
    pub(super) now: Timestamp,
    pub(super) latency: Duration,
    /// Whether each reading moves what is read a step on.
    pub(super) advancing: bool,
    pub(super) faults: Faults,
    pub(super) calls: Vec<Call>,
    pub(super) institutions: Vec<Institution>,
    pub(super) accounts: Vec<Held>,
    pub(super) identity: Option<Identity>,
    pub(super) users: Vec<User>,
    pub(super) permissions: BTreeMap<String, Permission>,
    pub(super) mandates: BTreeMap<String, Granted>,
    pub(super) payments: Vec<Made>,
    pub(super) links: Vec<PaymentLink>,
    pub(super) jobs: Vec<RefreshJob>,
    pub(super) webhooks: Vec<WebhookRegistration>,
    pub(super) emitted: Vec<Emitted>,
    ids: HashMap<&'static str, u64>,
}

/// An account, and everything about it.
pub(super) struct Held {
    /// The institution it is at; else at each.
    pub(super) institution_id: Option<String>,
    pub(super) account: Account,
    pub(super) transactions: Vec<Transaction>,
    pub(super) payees: Vec<Payee>,
    pub(super) standing_orders: Vec<StandingOrder>,
    pub(super) scheduled_payments: Vec<ScheduledPayment>,
    pub(super) direct_debits: Vec<DirectDebit>,
    /// Statements, each with the media type and the bytes of its file.
    pub(super) statements: Vec<(Statement, String, Bytes)>,
}

impl Held {
    pub(super) fn new(institution_id: Option<String>, account: Account) -> Self {
        Self {
            institution_id,
            account,
            transactions: Vec::new(),
            payees: Vec::new(),
            standing_orders: Vec::new(),
            scheduled_payments: Vec::new(),
            direct_debits: Vec::new(),
            statements: Vec::new(),
        }
    }
}

/// A consent, and what it is for.
pub(super) struct Permission {
    pub(super) consent: Consent,
    pub(super) purpose: Purpose,
    /// The program's own id of the holder.
    pub(super) user_id: Option<String>,
    /// The token that it has once it is authorised.
    pub(super) token: Sensitive,
}

pub(super) enum Purpose {
    /// Reading.
    Accounts,
    /// What is paid. Boxed, because few consents are for payments.
    Payment(Box<Requested>),
}

/// A mandate, and what was asked for.
pub(super) struct Granted {
    pub(super) mandate: Mandate,
    pub(super) request: MandateRequest,
    pub(super) token: Sensitive,
}

impl Default for State {
    fn default() -> Self {
        Self {
            name: "memory",
            offered: Capability::ALL,
            now: (DateTime::UNIX_EPOCH + TimeDelta::seconds(BEGINNING)).fixed_offset(),
            latency: Duration::ZERO,
            advancing: false,
            faults: Faults::default(),
            calls: Vec::new(),
            institutions: Vec::new(),
            accounts: Vec::new(),
            identity: None,
            users: Vec::new(),
            permissions: BTreeMap::new(),
            mandates: BTreeMap::new(),
            payments: Vec::new(),
            links: Vec::new(),
            jobs: Vec::new(),
            webhooks: Vec::new(),
            emitted: Vec::new(),
            ids: HashMap::new(),
        }
    }
}

impl State {
    /// `payment-1`, `payment-2`: ids that a test can foresee.
    pub(super) fn fresh_id(&mut self, kind: &'static str) -> String {
        let number = self.ids.entry(kind).or_default();
        *number += 1;
        format!("{kind}-{number}")
    }

    pub(super) fn offers(&self, capability: Capability) -> bool {
        self.offered.contains(&capability)
    }

    /// Ends the consents and mandates whose time is over.
    pub(super) fn lapse(&mut self) {
        let now = self.now;
        let over = |end: Option<Timestamp>| end.is_some_and(|end| end <= now);
        for permission in self.permissions.values_mut().filter(|permission| over(permission.consent.expires_at)) {
            // One that has come to its end before stays what it was.
            let _ = moved(&permission.consent.id, &mut permission.consent.status, ConsentStatus::Expired);
        }
        for granted in self.mandates.values_mut().filter(|granted| over(granted.mandate.valid_to)) {
            let _ = moved(&granted.mandate.id, &mut granted.mandate.status, ConsentStatus::Expired);
        }
    }

    pub(super) fn held(&mut self, account_id: &str) -> Option<&mut Held> {
        self.accounts.iter_mut().find(|held| held.account.id == account_id)
    }
}

/// The meaning of a status; the provider gives none without one.
pub(super) fn meaning(status: &Option<Coded<ConsentStatus>>) -> ConsentStatus {
    status.as_ref().and_then(Coded::code).unwrap_or(ConsentStatus::AwaitingAuthorisation)
}

/// Moves a status, where the domain's states allow it.
pub(super) fn moved(
    id: &str,
    status: &mut Option<Coded<ConsentStatus>>,
    to: ConsentStatus,
) -> Result<(), IllegalTransition> {
    let from = meaning(status);
    if !from.can_become(to) {
        return Err(IllegalTransition { consent_id: id.to_owned(), from, to });
    }
    *status = Some(to.into());
    Ok(())
}
