//! What is offered.

use super::InMemory;
use crate::error::Unsupported;
use crate::provider::{
    Accounts, BulkPayments, Capability, Consents, DirectDebits, Identities, Institutions, Mandates, Payees,
    PaymentLinks, Payments, Provider, RefreshJobs, ScheduledPayments, StandingOrders, Statements, Transactions, Users,
    Webhooks,
};

impl InMemory {
    fn offered(&self, capability: Capability) -> Result<&Self, Unsupported> {
        let state = self.state();
        match state.offers(capability) {
            true => Ok(self),
            false => Err(Unsupported { provider: state.name, what: capability.words() }),
        }
    }
}

/// Implements [`Provider`] with every capability there is.
macro_rules! may_offer {
    ($($capability:ident $method:ident),* $(,)?) => {
        impl Provider for InMemory {
            fn name(&self) -> &'static str {
                self.state().name
            }

            fn capabilities(&self) -> &'static [Capability] {
                self.state().offered
            }

            $(
                fn $method(&self) -> Result<&dyn $capability, Unsupported> {
                    Ok(self.offered(Capability::$capability)?)
                }
            )*
        }

        #[cfg(test)]
        const OFFERED: &[Capability] = &[$(Capability::$capability),*];
    };
}

may_offer! {
    Institutions institutions,
    Consents consents,
    Accounts accounts,
    Transactions transactions,
    Identities identities,
    Payees payees,
    StandingOrders standing_orders,
    ScheduledPayments scheduled_payments,
    DirectDebits direct_debits,
    Statements statements,
    Users users,
    Payments payments,
    BulkPayments bulk_payments,
    Mandates mandates,
    PaymentLinks payment_links,
    RefreshJobs refresh_jobs,
    Webhooks webhooks,
}

#[cfg(test)]
#[test]
fn every_capability_is_offered() {
    assert_eq!(OFFERED, Capability::ALL);
}
