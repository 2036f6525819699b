//! What people and banks do, done by the test.

use std::time::Duration;

use chrono::TimeDelta;

use super::InMemory;
use super::misuse::Misuse;
use super::progress::Step;
use super::state::moved;
use crate::domain::{ConsentStatus, PaymentLinkStatus, PaymentStatus, Timestamp};

/// People and banks. Ids are those of consents and mandates alike.
impl InMemory {
    /// The holder authorises a consent or a mandate. Read it again: only then has it its token.
    ///
    /// # Errors
    /// There is none of this id, or it cannot be authorised any more.
    pub fn authorise(&self, id: &str) -> Result<(), Misuse> {
        self.consent_becomes(id, ConsentStatus::Authorised)
    }

    /// The holder refuses a consent or a mandate.
    ///
    /// # Errors
    /// There is none of this id, or it is not waiting for the holder.
    pub fn reject(&self, id: &str) -> Result<(), Misuse> {
        self.consent_becomes(id, ConsentStatus::Rejected)
    }

    /// The holder takes a consent or a mandate back at the bank.
    ///
    /// # Errors
    /// There is none of this id, or it has come to its end.
    pub fn revoke(&self, id: &str) -> Result<(), Misuse> {
        self.consent_becomes(id, ConsentStatus::Revoked)
    }

    /// Ends a consent or a mandate as if its time were over; [`pass_time`](Self::pass_time) ends those whose time is.
    ///
    /// # Errors
    /// There is none of this id, or it has come to its end.
    pub fn expire(&self, id: &str) -> Result<(), Misuse> {
        self.consent_becomes(id, ConsentStatus::Expired)
    }

    /// Moves a consent or a mandate to any state that [`ConsentStatus::can_become`] allows.
    ///
    /// # Errors
    /// There is none of this id, or no way leads there.
    pub fn consent_becomes(&self, id: &str, status: ConsentStatus) -> Result<(), Misuse> {
        let mut state = self.state();
        state.lapse();
        let consent = state.permissions.get_mut(id).map(|permission| &mut permission.consent.status);
        let found = match consent {
            Some(found) => Some(found),
            None => state.mandates.get_mut(id).map(|granted| &mut granted.mandate.status),
        };
        let found = found.ok_or_else(|| Misuse::Unknown(id.to_owned()))?;
        moved(id, found, status).map_err(Misuse::Consent)
    }

    /// Moves a payment, a payment link or a job one state on: a payment is pending, then being settled, then settled.
    ///
    /// # Errors
    /// There is none of this id, or it has come to its end.
    pub fn advance(&self, id: &str) -> Result<(), Misuse> {
        self.state().step(id, Step::Next)
    }

    /// Brings a payment, a payment link or a job to its good end. A payment that is made again and again then stands.
    ///
    /// # Errors
    /// There is none of this id, or it has come to its end.
    pub fn settle(&self, id: &str) -> Result<(), Misuse> {
        self.state().step(id, Step::Settle)
    }

    /// The bank refuses a payment, or the payment of a link fails. A job does neither.
    ///
    /// # Errors
    /// There is none of this id, or it has come to its end.
    pub fn refuse(&self, id: &str) -> Result<(), Misuse> {
        self.state().step(id, Step::Refuse)
    }

    /// Moves a payment to any state.
    ///
    /// # Errors
    /// There is none of this id, or it has come to its end.
    pub fn payment_becomes(&self, id: &str, status: PaymentStatus) -> Result<(), Misuse> {
        self.state().payment_becomes(id, status)
    }

    /// Moves a payment link to any state.
    ///
    /// # Errors
    /// There is none of this id, or it has come to its end.
    pub fn link_becomes(&self, id: &str, status: PaymentLinkStatus) -> Result<(), Misuse> {
        self.state().link_becomes(id, status)
    }

    /// Where the time of the provider stands.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.state().now
    }

    /// Lets time pass: consents, mandates and payment links can come to their end, and limits begin anew. Far beyond the end
    /// of all calendars, time stands still.
    pub fn pass_time(&self, time: Duration) {
        let mut state = self.state();
        let later = TimeDelta::from_std(time).ok().and_then(|time| state.now.checked_add_signed(time));
        state.now = later.unwrap_or(state.now);
        state.lapse();
    }
}
