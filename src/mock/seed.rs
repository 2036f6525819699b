//! What a provider is given before the program sees it.

use std::time::Duration;

use obkit_runtime::bytes::Bytes;

use super::InMemory;
use super::state::Held;
use crate::domain::{
    Account, Balance, DirectDebit, Identity, Institution, Payee, ScheduledPayment, StandingOrder, Statement, Timestamp,
    Transaction, User,
};
use crate::provider::Capability;

/// Declares the methods that give an account more of something, and say in each which account it belongs to.
macro_rules! with_lists {
    ($($(#[$doc:meta])* $method:ident $list:ident $type:ty;)*) => {$(
        $(#[$doc])*
        ///
        /// An account that was not given is made, with this id.
        #[must_use]
        pub fn $method(self, account_id: &str, items: impl IntoIterator<Item = $type>) -> Self {
            self.with_held(account_id, |held| {
                held.$list.extend(items.into_iter().map(|mut item| {
                    item.account_id.get_or_insert_with(|| account_id.to_owned());
                    item
                }));
            })
        }
    )*};
}

impl InMemory {
    /// Offers this, and nothing else. Without [`Capability::Consents`], reading needs no consent.
    #[must_use]
    pub fn offering(self, capabilities: &'static [Capability]) -> Self {
        self.state().offered = capabilities;
        self
    }

    /// Sets the provider's name, which is `memory` otherwise.
    #[must_use]
    pub fn named(self, name: &'static str) -> Self {
        self.state().name = name;
        self
    }

    /// Sets where the time of the provider stands: noon of 15 January 2026 (UTC) otherwise.
    #[must_use]
    pub fn starting_at(self, now: Timestamp) -> Self {
        self.state().now = now;
        self
    }

    /// Sets how long each call takes, in time of tokio.
    #[must_use]
    pub fn latency(self, latency: Duration) -> Self {
        self.state().latency = latency;
        self
    }

    /// Lets each reading of a payment, a payment link or a job move it a step on: for
    /// [`until_final`](crate::provider::until_final).
    #[must_use]
    pub fn advancing(self) -> Self {
        self.state().advancing = true;
        self
    }

    /// Adds an institution. With one, a request that names another is refused.
    #[must_use]
    pub fn with_institution(self, institution: Institution) -> Self {
        self.state().institutions.push(institution);
        self
    }

    /// Adds an account, under the consents of every institution.
    #[must_use]
    pub fn with_account(self, account: Account) -> Self {
        self.state().accounts.push(Held::new(None, account));
        self
    }

    /// Adds an account, under the consents of one institution alone.
    #[must_use]
    pub fn with_account_at(self, institution_id: impl Into<String>, account: Account) -> Self {
        self.state().accounts.push(Held::new(Some(institution_id.into()), account));
        self
    }

    /// Adds balances to an account, as the account has them that come with it.
    ///
    /// An account that was not given is made, with this id.
    #[must_use]
    pub fn with_balances(self, account_id: &str, balances: impl IntoIterator<Item = Balance>) -> Self {
        self.with_held(account_id, |held| held.account.balances.extend(balances))
    }

    with_lists! {
        /// Adds transactions to an account, in the order in which they are read.
        with_transactions transactions Transaction;
        /// Adds stored payees to an account.
        with_payees payees Payee;
        /// Adds standing orders to an account.
        with_standing_orders standing_orders StandingOrder;
        /// Adds scheduled payments to an account.
        with_scheduled_payments scheduled_payments ScheduledPayment;
        /// Adds direct debits to an account.
        with_direct_debits direct_debits DirectDebit;
    }

    /// Adds a statement to an account, and its file.
    ///
    /// An account that was not given is made, with this id.
    #[must_use]
    pub fn with_statement(
        self,
        account_id: &str,
        mut statement: Statement,
        media_type: impl Into<String>,
        file: impl Into<Bytes>,
    ) -> Self {
        statement.account_id.get_or_insert_with(|| account_id.to_owned());
        self.with_held(account_id, |held| held.statements.push((statement, media_type.into(), file.into())))
    }

    /// Sets who holds the accounts.
    #[must_use]
    pub fn with_identity(self, identity: Identity) -> Self {
        self.state().identity = Some(identity);
        self
    }

    /// Adds a user.
    #[must_use]
    pub fn with_user(self, user: User) -> Self {
        self.state().users.push(user);
        self
    }

    fn with_held(self, account_id: &str, change: impl FnOnce(&mut Held)) -> Self {
        let mut state = self.state();
        if state.held(account_id).is_none() {
            state.accounts.push(Held::new(None, Account::new(account_id)));
        }
        if let Some(held) = state.held(account_id) {
            change(held);
        }
        drop(state);
        self
    }
}
