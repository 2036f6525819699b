//! The providers behind one set of traits.
//!
//! A [`Provider`] says what it can do and hands out a trait object for each capability. The traits
//! are small and object-safe, so that a program can pick a provider at run time
//! ([`connect`](crate::connect)) and ask for no more than it needs.

use std::fmt;
use std::pin::Pin;

use obkit_runtime::RawCall;
use obkit_runtime::reqwest::Method;

use crate::domain::{
    Account, Balance, Consent, ConsentReference, ConsentRequest, Institution, Page, Transaction, TransactionQuery,
};
use crate::error::{Error, Unsupported};

pub use capability::{
    BulkPayments, DirectDebits, Identities, Mandates, Payees, PaymentLinks, Payments, RefreshJobs, ScheduledPayments,
    StandingOrders, Statements, Users, Webhooks,
};
pub use config::Config;
pub use pages::Pages;
pub use poll::{Polled, Polling, Progress, until_final};

/// The answer of a capability.
pub type Reply<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// Declares a capability: its trait as it stands, and the same methods without `async`.
///
/// Every method has the form `fn name<'a>(&'a self, ...) -> Reply<'a, T>`, or `-> Pages<'a, T>` of a stream.
macro_rules! capability {
    ($(#[$doc:meta])* pub trait $capability:ident: Send + Sync { $($methods:tt)* }) => {
        $(#[$doc])*
        pub trait $capability: Send + Sync { $($methods)* }

        #[cfg(feature = "blocking")]
        $crate::blocking::methods! { $capability $($methods)* }
    };
}

/// Declares the capabilities: for each its trait, and the method of [`Provider`] that hands it out.
macro_rules! capabilities {
    ($($(#[$doc:meta])* $capability:ident $method:ident $words:literal,)*) => {
        /// A connection to a provider.
        pub trait Provider: fmt::Debug + Send + Sync {
            /// The provider's name, as in `specs/providers.toml`.
            fn name(&self) -> &'static str;

            /// What this provider offers.
            fn capabilities(&self) -> &'static [Capability];

            /// A call by method and path, for what neither the domain nor the provider's document has a place for: with the
            /// connection's credentials, retries and timeouts. What a provider wants in the body is for the caller to put there.
            ///
            /// ```no_run
            /// # async fn example(provider: &dyn obkit::provider::Provider) -> Result<(), Box<dyn std::error::Error>> {
            /// use obkit::runtime::reqwest::Method;
            ///
            /// let answer = provider.raw(Method::GET, "/new-thing")?.query("limit", &10).send().await?;
            /// let (status, body) = (answer.status(), answer.bytes().await?);
            /// # Ok(())
            /// # }
            /// ```
            ///
            /// # Errors
            /// The connection has no server to call.
            fn raw(&self, method: Method, path: &str) -> Result<RawCall<'_>, Unsupported> {
                let _ = (method, path);
                Err(Unsupported { provider: self.name(), what: "raw calls" })
            }

            $(
                $(#[$doc])*
                ///
                /// # Errors
                /// The provider does not offer it.
                fn $method(&self) -> Result<&dyn $capability, Unsupported> {
                    Err(Unsupported { provider: self.name(), what: $words })
                }
            )*
        }

        /// What a provider may offer.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Capability {
            $(#[doc = concat!("[`", stringify!($capability), "`].")] $capability,)*
        }

        #[cfg(feature = "blocking")]
        impl crate::blocking::Connection {
            $(
                $(#[$doc])*
                ///
                /// # Errors
                /// The provider does not offer it.
                pub fn $method(&self) -> Result<crate::blocking::Blocking<'_, dyn $capability + '_>, Unsupported> {
                    self.provider().$method().map(|capability| self.of(capability))
                }
            )*
        }

        impl Capability {
            /// All there are.
            pub const ALL: &'static [Capability] = &[$(Self::$capability),*];

            /// What it is, in words: `scheduled payments`.
            #[must_use]
            pub const fn words(self) -> &'static str {
                match self {
                    $(Self::$capability => $words,)*
                }
            }
        }
    };
}

capabilities! {
    /// The institutions it reaches.
    Institutions institutions "institutions",
    /// Permission of account holders.
    Consents consents "consents",
    /// Accounts and balances.
    Accounts accounts "accounts",
    /// Transactions.
    Transactions transactions "transactions",
    /// Who holds the accounts.
    Identities identities "identities",
    /// Stored payees.
    Payees payees "payees",
    /// Standing orders.
    StandingOrders standing_orders "standing orders",
    /// Scheduled payments.
    ScheduledPayments scheduled_payments "scheduled payments",
    /// Direct debits.
    DirectDebits direct_debits "direct debits",
    /// Statements.
    Statements statements "statements",
    /// The users of the application.
    Users users "users",
    /// Payments.
    Payments payments "payments",
    /// Several payments with one authorisation.
    BulkPayments bulk_payments "bulk payments",
    /// Mandates for recurring payments.
    Mandates mandates "mandates",
    /// Payment links.
    PaymentLinks payment_links "payment links",
    /// Jobs that fetch data anew.
    RefreshJobs refresh_jobs "refresh jobs",
    /// What the provider tells on its own accord.
    Webhooks webhooks "webhooks",
}

/// Implements [`Provider`] for a connection that implements the traits of these capabilities itself; with raw calls through
/// the client of the method that is named first.
macro_rules! offers {
    (
        $connection:ty as $name:literal $(through $client:ident)?:
        $($(#[$condition:meta])* $capability:ident $method:ident),* $(,)?
    ) => {
        impl $crate::provider::Provider for $connection {
            fn name(&self) -> &'static str {
                $name
            }

            fn capabilities(&self) -> &'static [$crate::provider::Capability] {
                &[$($(#[$condition])* $crate::provider::Capability::$capability),*]
            }

            $(
                fn raw(
                    &self,
                    method: obkit_runtime::reqwest::Method,
                    path: &str,
                ) -> Result<obkit_runtime::RawCall<'_>, $crate::error::Unsupported> {
                    Ok(obkit_runtime::RawCalls::raw(self.$client(), method, path))
                }
            )?

            $(
                $(#[$condition])*
                fn $method(&self) -> Result<&dyn $crate::provider::$capability, $crate::error::Unsupported> {
                    Ok(self)
                }
            )*
        }
    };
}

capability! {
    /// Lists institutions.
    pub trait Institutions: Send + Sync {
        /// All institutions the credentials reach.
        fn institutions<'a>(&'a self) -> Reply<'a, Vec<Institution>>;

        /// One institution.
        fn institution<'a>(&'a self, id: &'a str) -> Reply<'a, Institution>;
    }
}

capability! {
    /// Asks account holders for permission.
    pub trait Consents: Send + Sync {
        /// Opens a consent; the holder then goes to its
        /// [`authorisation_url`](crate::domain::Consent::authorisation_url).
        fn create<'a>(&'a self, request: &'a ConsentRequest) -> Reply<'a, Consent>;

        /// The state of a consent.
        fn consent<'a>(&'a self, id: &'a str) -> Reply<'a, Consent>;

        /// Takes a consent back.
        fn delete<'a>(&'a self, id: &'a str) -> Reply<'a, ()>;
    }
}

capability! {
    /// Reads accounts.
    pub trait Accounts: Send + Sync {
        /// The accounts under a consent.
        fn accounts<'a>(&'a self, consent: &'a ConsentReference) -> Reply<'a, Vec<Account>>;

        /// The balances of an account.
        fn balances<'a>(&'a self, consent: &'a ConsentReference, account_id: &'a str) -> Reply<'a, Vec<Balance>>;
    }
}

capability! {
    /// Reads transactions.
    pub trait Transactions: Send + Sync {
        /// One page of an account's transactions.
        fn page<'a>(
            &'a self,
            consent: &'a ConsentReference,
            account_id: &'a str,
            query: &'a TransactionQuery,
        ) -> Reply<'a, Page<Transaction>>;

        /// All transactions of an account, page by page as they are asked for.
        fn all_transactions<'a>(
            &'a self,
            consent: &'a ConsentReference,
            account_id: &'a str,
            query: TransactionQuery,
        ) -> Pages<'a, Transaction> {
            Pages::of(query, move |query| async move { self.page(consent, account_id, &query).await })
                // Some institutions give one id to a payment and its fee.
                .known_by(|transaction| Some((transaction.id.clone()?, transaction.signed_amount())))
        }
    }
}

// After the macros that they use.
#[cfg(feature = "candescent")]
pub mod candescent;
mod capability;
pub(crate) mod config;
#[cfg(feature = "fena")]
pub mod fena;
#[cfg(feature = "finqlink")]
pub mod finqlink;
pub(crate) mod mapping;
mod pages;
mod poll;
pub(crate) mod request;
#[cfg(feature = "wych")]
pub mod wych;
#[cfg(feature = "yapily")]
pub mod yapily;
