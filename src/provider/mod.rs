//! The providers behind one set of traits.
//!
//! A [`Provider`] says what it can do and hands out a trait object for each capability. The traits
//! are small and object-safe, so that a program can pick a provider at run time
//! ([`connect`](crate::connect)) and ask for no more than it needs.

#[cfg(feature = "fena")]
pub mod fena;
#[cfg(any(feature = "fena", feature = "yapily"))]
mod mapping;
mod stream;
#[cfg(feature = "yapily")]
pub mod yapily;

use std::fmt;
use std::pin::Pin;

use crate::domain::{
    Account, Balance, Consent, ConsentReference, ConsentRequest, Institution, Page, Transaction, TransactionQuery,
};
use crate::error::{Error, Unsupported};

pub use stream::transactions;

/// The answer of a capability.
pub type Reply<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// A connection to a provider.
pub trait Provider: fmt::Debug + Send + Sync {
    /// The provider's name, as in `specs/providers.toml`.
    fn name(&self) -> &'static str;

    /// What this provider offers.
    fn capabilities(&self) -> &'static [Capability];

    /// The institutions it reaches.
    ///
    /// # Errors
    /// It does not list them.
    fn institutions(&self) -> Result<&dyn Institutions, Unsupported> {
        Err(Unsupported { provider: self.name(), what: "institutions" })
    }

    /// Permission of account holders.
    ///
    /// # Errors
    /// It has no consents.
    fn consents(&self) -> Result<&dyn Consents, Unsupported> {
        Err(Unsupported { provider: self.name(), what: "consents" })
    }

    /// Accounts and balances.
    ///
    /// # Errors
    /// It does not read accounts.
    fn accounts(&self) -> Result<&dyn Accounts, Unsupported> {
        Err(Unsupported { provider: self.name(), what: "accounts" })
    }

    /// Transactions.
    ///
    /// # Errors
    /// It does not read transactions.
    fn transactions(&self) -> Result<&dyn Transactions, Unsupported> {
        Err(Unsupported { provider: self.name(), what: "transactions" })
    }
}

/// What a provider may offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Capability {
    /// [`Institutions`].
    Institutions,
    /// [`Consents`].
    Consents,
    /// [`Accounts`].
    Accounts,
    /// [`Transactions`].
    Transactions,
}

/// Lists institutions.
pub trait Institutions: Send + Sync {
    /// All institutions the credentials reach.
    fn institutions(&self) -> Reply<'_, Vec<Institution>>;

    /// One institution.
    fn institution<'a>(&'a self, id: &'a str) -> Reply<'a, Institution>;
}

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

/// Reads accounts.
pub trait Accounts: Send + Sync {
    /// The accounts under a consent.
    fn accounts<'a>(&'a self, consent: &'a ConsentReference) -> Reply<'a, Vec<Account>>;

    /// The balances of an account.
    fn balances<'a>(&'a self, consent: &'a ConsentReference, account_id: &'a str) -> Reply<'a, Vec<Balance>>;
}

/// Reads transactions.
pub trait Transactions: Send + Sync {
    /// One page of an account's transactions; [`transactions`] reads all of them.
    fn page<'a>(
        &'a self,
        consent: &'a ConsentReference,
        account_id: &'a str,
        query: &'a TransactionQuery,
    ) -> Reply<'a, Page<Transaction>>;
}
