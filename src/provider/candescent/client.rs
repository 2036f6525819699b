//! A connection to Candescent.

use std::fmt;

use obkit_runtime::{Sensitive, Uuid};

use super::{Config, Credentials, User, map};
use crate::connect::ConnectError;
use crate::domain::{Account, Balance, ConsentReference};
use crate::provider::mapping::mapped;
use crate::provider::{Accounts, Reply};

/// A connection to Candescent, for one user.
#[derive(Clone)]
pub struct Candescent {
    client: obkit_candescent::Client,
    user: User,
    location: Option<Sensitive>,
}

impl Candescent {
    /// Connects. Nothing is sent before the first call.
    ///
    /// # Errors
    /// The settings name no address, the credentials cannot stand in a header, or TLS cannot be set up.
    pub fn connect(config: &Config) -> Result<Self, ConnectError> {
        let Credentials { auth, client, user, location } = config.credentials.clone();
        let mut transport = config.transport().auth(auth);
        if let Some(client) = client {
            transport = transport.auth_for("createTokenV1", client);
        }
        let client = obkit_candescent::Client::new(config.url()?, transport.build()?);
        Ok(Self { client, user, location })
    }

    /// The same connection, for another user.
    #[must_use]
    pub fn for_user(&self, user: User) -> Self {
        Self { client: self.client.clone(), user, location: None }
    }

    /// The typed client of every operation, for what the domain has no place for.
    #[must_use]
    pub fn api(&self) -> &obkit_candescent::Client {
        &self.client
    }
}

impl fmt::Debug for Candescent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Candescent")
    }
}

/// A name for a call, by which the provider finds it in its logs. Where there is no randomness for one, there is none for
/// TLS, either.
fn transaction_id() -> Uuid {
    obkit_runtime::fresh_uuid().unwrap_or_default().into()
}

/// Says in a call whose accounts are meant; the two calls have builders of their own.
macro_rules! for_user {
    ($connection:ident, $call:expr) => {{
        let mut call = $call.transaction_id(transaction_id());
        match &$connection.user {
            User::OfToken => {}
            User::HostUserId(id) => call = call.host_user_id(id.clone()),
            User::LoginId(id) => call = call.login_id(id.clone()),
        }
        if let Some(location) = &$connection.location {
            call = call.institution_customer_id(location.clone());
        }
        call
    }};
}

offers! {
    Candescent as "candescent" through api:
    Accounts accounts,
}

impl Accounts for Candescent {
    fn accounts<'a>(&'a self, _: &'a ConsentReference) -> Reply<'a, Vec<Account>> {
        Box::pin(async move {
            let call = for_user!(self, self.client.list_accounts_v1());
            mapped(call.send().await?, map::accounts)
        })
    }

    /// They come with the account.
    fn balances<'a>(&'a self, _: &'a ConsentReference, account_id: &'a str) -> Reply<'a, Vec<Balance>> {
        Box::pin(async move {
            let call = for_user!(self, self.client.get_account_v1().account_id(account_id));
            Ok(map::account(&*call.send().await?)?.balances)
        })
    }
}
