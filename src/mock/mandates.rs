//! Mandates: payments again and again, within limits.

use rust_decimal::Decimal;

use super::InMemory;
use super::access::{authorisation_url, check_status, check_token, find, has_token};
use super::call::Call;
use super::codes::{self, not_found, refusal};
use super::limits::{allowance, period};
use super::payments::Requested;
use super::state::{Granted, State, meaning, moved};
use crate::domain::{
    AuthorisationRequest, Coded, ConsentReference, ConsentStatus, FundsConfirmation, Mandate, MandateKind,
    MandatePaymentRequest, MandateRequest, Money, Party, Payment, PaymentStatus, PeriodicLimit, Sensitive,
};
use crate::error::Error;
use crate::provider::request::{payable, valid_limits};
use crate::provider::{Capability, Mandates, Reply};

impl State {
    fn grant(&mut self, payer: &AuthorisationRequest, request: &MandateRequest) -> Result<Mandate, Error> {
        self.check_institution(&payer.institution_id)?;
        let id = self.fresh_id("mandate");
        let mut mandate = Mandate::new(id.clone())
            .institution_id(&payer.institution_id)
            .kind(request.kind)
            .status(ConsentStatus::AwaitingAuthorisation)
            .max_per_payment(request.max_per_payment)
            .creditor(request.creditor.clone())
            .valid_from(request.valid_from.unwrap_or(self.now))
            .created_at(self.now)
            .authorisation_url(authorisation_url(&id));
        mandate.limits = request.limits().copied().map(PeriodicLimit::from).collect();
        mandate.debtor = request.debtor.clone().map(Party::from);
        mandate.reference = request.reference.clone();
        mandate.valid_to = request.valid_to;
        let token = Sensitive::from(format!("token-of-{id}"));
        self.mandates.insert(id, Granted { mandate: mandate.clone(), request: request.clone(), token });
        Ok(mandate)
    }

    /// The mandate behind a reference, whatever its state.
    fn granted(&self, reference: &ConsentReference) -> Result<&Granted, Error> {
        let granted = find(&self.mandates, &reference.id)?;
        check_token(reference, &granted.token, meaning(&granted.mandate.status))?;
        Ok(granted)
    }

    /// Whether a mandate lets a payment be made now.
    fn check_limits(&self, granted: &Granted, payment: &MandatePaymentRequest) -> Result<(), Error> {
        let Granted { mandate, request, .. } = granted;
        let start = mandate.valid_from.unwrap_or(self.now);
        let most = request.max_per_payment;
        let code = if start > self.now {
            Some(codes::MANDATE_NOT_YET_VALID)
        } else if payment.presence != request.presence {
            Some(codes::PRESENCE)
        } else if payment.amount.currency != most.currency {
            Some(codes::LIMIT_CURRENCY)
        } else if payment.amount.amount > most.amount {
            Some(codes::LIMIT_PER_PAYMENT)
        } else {
            let start = start.to_utc().date_naive();
            let over = |limit| {
                period(limit, start, self.now.to_utc().date_naive()).is_none_or(|period| {
                    let spent = self.spent(&mandate.id, |day| (period.from..period.to).contains(&day));
                    let sum = spent.and_then(|spent| spent.checked_add(payment.amount.amount));
                    sum.is_none_or(|sum| sum > allowance(limit, start, period))
                })
            };
            request.limits().any(over).then_some(codes::LIMIT_PER_PERIOD)
        };
        code.map_or(Ok(()), |code| Err(refusal(422, code)))
    }

    /// What was paid under a mandate on some days; none when it is more than an amount can be. A payment that failed is
    /// none.
    fn spent(&self, mandate_id: &str, on: impl Fn(chrono::NaiveDate) -> bool) -> Option<Decimal> {
        let counts = |payment: &Payment| {
            let status = payment.status.as_ref().and_then(Coded::code);
            let failed = status.is_some_and(|status| status.is_final() && !status.is_success());
            !failed && payment.created_at.is_some_and(|at| on(at.to_utc().date_naive()))
        };
        let made = self.payments.iter().filter(|made| made.consent_id == mandate_id && counts(&made.payment));
        made.filter_map(|made| made.payment.amount).try_fold(Decimal::ZERO, |sum, paid| sum.checked_add(paid.amount))
    }

    /// Whether an account has as much. Without an account that has balances, every amount is there.
    fn has_funds(&self, amount: &Money) -> bool {
        let mut balances = self.accounts.iter().flat_map(|held| &held.account.balances).peekable();
        balances.peek().is_none()
            || balances.any(|balance| {
                balance.amount.currency == amount.currency && balance.amount.signed(balance.direction) >= amount.amount
            })
    }
}

impl Mandates for InMemory {
    fn create_mandate<'a>(
        &'a self,
        payer: &'a AuthorisationRequest,
        mandate: &'a MandateRequest,
    ) -> Reply<'a, Mandate> {
        let call = Call::new(Capability::Mandates, "create_mandate").asking(mandate);
        Box::pin(async move {
            valid_limits(mandate)?;
            self.answer(call, |state| state.grant(payer, mandate)).await
        })
    }

    fn mandate<'a>(&'a self, kind: MandateKind, id: &'a str) -> Reply<'a, Mandate> {
        let call = Call::new(Capability::Mandates, "mandate").about(id);
        self.answer(call, move |state| {
            let granted = state.mandates.get(id).filter(|granted| granted.request.kind == kind);
            let granted = granted.ok_or_else(not_found)?;
            let token = has_token(meaning(&granted.mandate.status)).then(|| granted.token.clone());
            Ok(Mandate { authorisation_url: None, token, ..granted.mandate.clone() })
        })
    }

    fn delete_mandate<'a>(&'a self, id: &'a str) -> Reply<'a, ()> {
        let call = Call::new(Capability::Mandates, "delete_mandate").about(id);
        self.answer(call, move |state| {
            let granted = state.mandates.get_mut(id).ok_or_else(not_found)?;
            moved(id, &mut granted.mandate.status, ConsentStatus::Revoked)
                .map_err(|_| refusal(409, codes::CONSENT_FINAL))
        })
    }

    fn confirm_funds<'a>(&'a self, mandate: &'a ConsentReference, amount: &'a Money) -> Reply<'a, FundsConfirmation> {
        let call = Call::new(Capability::Mandates, "confirm_funds").under(mandate).asking(amount);
        self.answer(call, move |state| {
            check_status(meaning(&state.granted(mandate)?.mandate.status))?;
            Ok(FundsConfirmation::new(state.has_funds(amount), *amount).at(state.now))
        })
    }

    fn pay<'a>(&'a self, mandate: &'a ConsentReference, payment: &'a MandatePaymentRequest) -> Reply<'a, Payment> {
        let call = Call::new(Capability::Mandates, "pay").under(mandate);
        let call = call.keyed(&payment.idempotency_key).asking(payment);
        Box::pin(async move {
            payable(&payment.amount)?;
            self.answer(call, |state| {
                let granted = state.granted(mandate)?;
                let requested = Requested::Mandate(mandate.id.clone(), payment.clone());
                if let Some(payment) = state.repeated(&requested)? {
                    return Ok(payment);
                }
                check_status(meaning(&granted.mandate.status))?;
                state.check_limits(granted, payment)?;
                let Mandate { creditor, debtor, reference, .. } = granted.mandate.clone();
                Ok(state.execute(&mandate.id, requested, |made| Payment {
                    mandate_id: Some(mandate.id.clone()),
                    amount: Some(payment.amount),
                    creditor,
                    debtor,
                    reference,
                    status: Some(PaymentStatus::Pending.into()),
                    ..made
                }))
            })
            .await
        })
    }

    fn mandate_payment<'a>(&'a self, mandate: &'a ConsentReference, id: &'a str) -> Reply<'a, Payment> {
        let call = Call::new(Capability::Mandates, "mandate_payment").under(mandate).about(id);
        self.answer(call, move |state| {
            state.granted(mandate)?;
            state.read_payment(&mandate.id, id)
        })
    }
}
