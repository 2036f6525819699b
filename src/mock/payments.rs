//! Payments: asked for under a consent, and executed once for each key.

use super::InMemory;
use super::access::check_status;
use super::call::Call;
use super::codes::{self, not_found, refusal};
use super::state::{Purpose, State, meaning};
use crate::domain::{
    AuthorisationRequest, BulkPaymentRequest, ConsentReference, ConsentStatus, IdempotencyKey, MandatePaymentRequest,
    Party, Payment, PaymentAuthorisation, PaymentRequest, PaymentStatus,
};
use crate::error::Error;
use crate::provider::mapping::invalid_request;
use crate::provider::request::payable;
use crate::provider::{BulkPayments, Capability, Payments, Reply};

/// What was asked for. Two requests with one key are the same when this is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Requested {
    Payment(Box<PaymentRequest>),
    Bulk(BulkPaymentRequest),
    Mandate(String, MandatePaymentRequest),
}

impl Requested {
    pub(super) fn key(&self) -> &IdempotencyKey {
        match self {
            Self::Payment(request) => &request.idempotency_key,
            Self::Bulk(request) => &request.idempotency_key,
            Self::Mandate(_, request) => &request.idempotency_key,
        }
    }
}

/// A payment that was made.
pub(super) struct Made {
    pub(super) payment: Payment,
    /// The consent or the mandate it was made under.
    pub(super) consent_id: String,
    pub(super) requested: Requested,
}

impl State {
    /// The payment that was made with this key already.
    pub(super) fn repeated(&self, requested: &Requested) -> Result<Option<Payment>, Error> {
        match self.payments.iter().find(|made| made.requested.key() == requested.key()) {
            None => Ok(None),
            Some(made) if made.requested == *requested => Ok(Some(made.payment.clone())),
            Some(_) => Err(refusal(409, codes::IDEMPOTENCY_CONFLICT)),
        }
    }

    /// Makes a payment.
    pub(super) fn execute(
        &mut self,
        consent_id: &str,
        requested: Requested,
        describe: impl FnOnce(Payment) -> Payment,
    ) -> Payment {
        let payment = Payment::new(self.fresh_id("payment"))
            .idempotency_key(requested.key().as_str())
            .status(PaymentStatus::Pending)
            .status_at(self.now)
            .created_at(self.now);
        let payment = describe(payment);
        self.payments.push(Made { payment: payment.clone(), consent_id: consent_id.to_owned(), requested });
        payment
    }

    /// A payment, as it is read under the consent that it was made under. Reading it may move it on.
    pub(super) fn read_payment(&mut self, consent_id: &str, id: &str) -> Result<Payment, Error> {
        let found = self.payments.iter().find(|made| made.payment.id == id && made.consent_id == consent_id);
        let payment = found.ok_or_else(not_found)?.payment.clone();
        self.read_on(id);
        Ok(payment)
    }

    fn authorise(&mut self, payer: &AuthorisationRequest, requested: Requested) -> Result<PaymentAuthorisation, Error> {
        let purpose = Purpose::Payment(Box::new(requested));
        Ok(PaymentAuthorisation::new(self.open(&payer.institution_id, payer.user_id.clone(), purpose)?.clone()))
    }

    /// Makes what the payer authorised, once.
    fn submit(
        &mut self,
        consent: &ConsentReference,
        requested: Requested,
        describe: impl FnOnce(Payment) -> Payment,
    ) -> Result<Payment, Error> {
        let permission = self.permission(consent)?;
        if let Some(payment) = self.repeated(&requested)? {
            return Ok(payment);
        }
        check_status(meaning(&permission.consent.status))?;
        match &permission.purpose {
            Purpose::Accounts => return Err(refusal(403, codes::CONSENT_SCOPE)),
            Purpose::Payment(authorised) if **authorised != requested => {
                return Err(refusal(400, codes::PAYMENT_DIFFERS));
            }
            Purpose::Payment(_) => {}
        }
        if let Some(permission) = self.permissions.get_mut(&consent.id) {
            permission.consent.status = Some(ConsentStatus::Consumed.into());
        }
        Ok(self.execute(&consent.id, requested, describe))
    }
}

impl InMemory {
    /// The payments that were executed, in order and as they are now: those of consents, of bulks and of mandates.
    #[must_use]
    pub fn executed(&self) -> Vec<Payment> {
        self.state().payments.iter().map(|made| made.payment.clone()).collect()
    }
}

fn describe(payment: Payment, request: &PaymentRequest) -> Payment {
    let debtor = request.debtor.clone().map(Party::from);
    let mut payment = payment.amount(request.amount).creditor(request.creditor.clone());
    payment.refund_to = debtor.clone().filter(|_| request.read_refund_account);
    payment.debtor = debtor;
    payment.reference = request.reference.clone();
    payment
}

impl Payments for InMemory {
    fn authorise<'a>(
        &'a self,
        payer: &'a AuthorisationRequest,
        payment: &'a PaymentRequest,
    ) -> Reply<'a, PaymentAuthorisation> {
        let call = Call::new(Capability::Payments, "authorise").keyed(&payment.idempotency_key).asking(payment);
        Box::pin(async move {
            payable(&payment.amount)?;
            self.answer(call, |state| {
                let authorisation = state.authorise(payer, Requested::Payment(Box::new(payment.clone())))?;
                Ok(authorisation.idempotency_key(payment.idempotency_key.clone()))
            })
            .await
        })
    }

    fn submit<'a>(&'a self, consent: &'a ConsentReference, payment: &'a PaymentRequest) -> Reply<'a, Payment> {
        let call = Call::new(Capability::Payments, "submit").under(consent);
        let call = call.keyed(&payment.idempotency_key).asking(payment);
        Box::pin(async move {
            payable(&payment.amount)?;
            self.answer(call, |state| {
                state.submit(consent, Requested::Payment(Box::new(payment.clone())), |made| describe(made, payment))
            })
            .await
        })
    }

    fn payment<'a>(&'a self, consent: &'a ConsentReference, id: &'a str) -> Reply<'a, Payment> {
        let call = Call::new(Capability::Payments, "payment").under(consent).about(id);
        self.answer(call, move |state| {
            state.permission(consent)?;
            state.read_payment(&consent.id, id)
        })
    }
}

fn payable_bulk(payments: &BulkPaymentRequest) -> Result<(), Error> {
    if payments.payments.is_empty() {
        return Err(invalid_request("a bulk needs a payment"));
    }
    payments.payments.iter().try_for_each(|payment| payable(&payment.amount).map(drop))
}

impl BulkPayments for InMemory {
    fn authorise_bulk<'a>(
        &'a self,
        payer: &'a AuthorisationRequest,
        payments: &'a BulkPaymentRequest,
    ) -> Reply<'a, PaymentAuthorisation> {
        let call = Call::new(Capability::BulkPayments, "authorise_bulk").asking(payments);
        Box::pin(async move {
            payable_bulk(payments)?;
            self.answer(call, |state| state.authorise(payer, Requested::Bulk(payments.clone()))).await
        })
    }

    fn submit_bulk<'a>(
        &'a self,
        consent: &'a ConsentReference,
        payments: &'a BulkPaymentRequest,
    ) -> Reply<'a, Payment> {
        let call = Call::new(Capability::BulkPayments, "submit_bulk").under(consent);
        let call = call.keyed(&payments.idempotency_key).asking(payments);
        Box::pin(async move {
            payable_bulk(payments)?;
            self.answer(call, |state| state.submit(consent, Requested::Bulk(payments.clone()), |made| made)).await
        })
    }

    fn bulk_payment<'a>(&'a self, consent: &'a ConsentReference, id: &'a str) -> Reply<'a, Payment> {
        let call = Call::new(Capability::BulkPayments, "bulk_payment").under(consent).about(id);
        self.answer(call, move |state| {
            state.permission(consent)?;
            state.read_payment(&consent.id, id)
        })
    }
}
