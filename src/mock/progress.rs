//! How payments, payment links and jobs come to their ends.

use super::misuse::Misuse;
use super::payments::Requested;
use super::state::State;
use crate::domain::{Coded, Payment, PaymentLink, PaymentLinkStatus, PaymentStatus, PaymentTiming, RefreshJobStatus};
use crate::provider::Progress;

/// Which way something goes.
#[derive(Clone, Copy)]
pub(super) enum Step {
    /// One state on.
    Next,
    /// To its good end.
    Settle,
    /// To its bad end.
    Refuse,
}

impl State {
    /// Moves on what has just been read, where the test wants that.
    pub(super) fn read_on(&mut self, id: &str) {
        if self.advancing {
            // What has come to its end stays what it is.
            let _ = self.step(id, Step::Next);
        }
    }

    /// Moves a payment, a link or a job.
    pub(super) fn step(&mut self, id: &str, step: Step) -> Result<(), Misuse> {
        let unknown = || Misuse::Unknown(id.to_owned());
        if let Some(made) = self.payments.iter().find(|made| made.payment.id == id) {
            let end = match &made.requested {
                Requested::Payment(request) if matches!(request.timing, PaymentTiming::Periodic(_)) => {
                    PaymentStatus::Active
                }
                _ => PaymentStatus::AcceptedSettlementCompleted,
            };
            let to = match (step, code(&made.payment)) {
                (Step::Refuse, _) => PaymentStatus::Rejected,
                (Step::Next, PaymentStatus::Pending) => PaymentStatus::AcceptedSettlementInProcess,
                (Step::Next | Step::Settle, _) => end,
            };
            return self.payment_becomes(id, to);
        }
        if let Some(link) = self.links.iter().find(|link| link.id == id) {
            let status = link.status.as_ref().and_then(Coded::code);
            let to = match (step, status) {
                (Step::Refuse, _) => PaymentLinkStatus::Failed,
                (Step::Next, Some(PaymentLinkStatus::Created)) => PaymentLinkStatus::Started,
                (Step::Next, Some(PaymentLinkStatus::Started)) => PaymentLinkStatus::AwaitingAuthorisation,
                (Step::Next | Step::Settle, _) => PaymentLinkStatus::Completed,
            };
            return self.link_becomes(id, to);
        }
        // No provider says how a job fails.
        let job = self.jobs.iter_mut().find(|job| job.id == id && !matches!(step, Step::Refuse));
        job.ok_or_else(unknown)?.status = RefreshJobStatus::Completed.into();
        Ok(())
    }

    pub(super) fn payment_becomes(&mut self, id: &str, status: PaymentStatus) -> Result<(), Misuse> {
        let now = self.now;
        let made = self.payments.iter_mut().find(|made| made.payment.id == id);
        let payment = &mut made.ok_or_else(|| Misuse::Unknown(id.to_owned()))?.payment;
        if payment.is_final() {
            return Err(Misuse::Payment(id.to_owned(), code(payment)));
        }
        payment.status = Some(status.into());
        payment.status_at = Some(now);
        Ok(())
    }

    pub(super) fn link_becomes(&mut self, id: &str, status: PaymentLinkStatus) -> Result<(), Misuse> {
        let now = self.now;
        let at = self.links.iter().position(|link| link.id == id).ok_or_else(|| Misuse::Unknown(id.to_owned()))?;
        let link = &self.links[at];
        let before = link.status.as_ref().and_then(Coded::code).unwrap_or(PaymentLinkStatus::Created);
        let lapsed = link.expires_at.is_some_and(|end| end <= now) && before.is_unused();
        if before.is_final() || lapsed {
            return Err(Misuse::Link(id.to_owned(), before));
        }
        let payment = (status == PaymentLinkStatus::Completed).then(|| self.fresh_id("payment"));
        let link = &mut self.links[at];
        link.status = Some(status.into());
        link.payments.extend(payment.map(|payment| paid(payment, link).created_at(now).status_at(now)));
        Ok(())
    }
}

/// The payment that somebody made through a link.
fn paid(id: String, link: &PaymentLink) -> Payment {
    let mut payment = Payment::new(id).status(PaymentStatus::AcceptedSettlementCompleted);
    payment.amount = link.amount;
    payment.creditor = link.creditor.clone();
    payment.debtor = link.debtor.clone();
    payment.reference = link.reference.clone();
    payment
}

fn code(payment: &Payment) -> PaymentStatus {
    payment.status.as_ref().and_then(Coded::code).unwrap_or(PaymentStatus::Pending)
}
