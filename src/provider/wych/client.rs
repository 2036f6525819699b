//! A connection to Wych.

use std::fmt;

use obkit_runtime::{Auth, Tokens, TransportError, Uuid};
use obkit_wych::types as wych;

use super::{Config, Credentials, UserTokenSource, map};
use crate::connect::ConnectError;
use crate::domain::{
    Account, Balance, Consent, ConsentReference, ConsentRequest, Institution, Page, Transaction, TransactionQuery,
};
use crate::error::{Error, MapError, Unsupported};
use crate::provider::mapping::invalid_request;
use crate::provider::{Accounts, Consents, Institutions, Reply, Transactions};

/// A connection to Wych.
#[derive(Clone)]
pub struct Wych {
    pub(super) client: obkit_wych::Client,
    pub(super) partner_id: String,
    pub(super) app_id: String,
}

impl Wych {
    /// Connects. Nothing is sent before the first call.
    ///
    /// # Errors
    /// The settings name no address, the credentials cannot stand in a header, or TLS cannot be set up.
    pub fn connect(config: &Config) -> Result<Self, ConnectError> {
        let Credentials { partner_id, app_id, key, token, user } = config.credentials.clone();
        let transport = config.transport().auth(key.clone().and(token)).build()?;
        let connection = |transport| {
            let mut client = obkit_wych::Client::new(config.url()?, transport);
            if let Some(url) = config.settings.every_server() {
                client = client.with_every_server_at(url);
            }
            Ok(Self { client, partner_id: partner_id.clone(), app_id: app_id.clone() })
        };
        let application = connection(transport.clone())?;
        let Some(user) = user else { return Ok(application) };
        let tokens = Auth::tokens(Tokens::new(UserTokenSource::new(&application, user)));
        connection(transport.with_auth(key.and(tokens)).map_err(TransportError::Auth)?)
    }

    /// The typed client of every operation, for what the domain has no place for.
    #[must_use]
    pub fn api(&self) -> &obkit_wych::Client {
        &self.client
    }
}

impl fmt::Debug for Wych {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wych")
    }
}

offers! {
    Wych as "wych" through api:
    Institutions institutions,
    Consents consents,
    Accounts accounts,
    Transactions transactions,
    Payees payees,
    ScheduledPayments scheduled_payments,
    DirectDebits direct_debits,
    Users users,
}

/// A call of an operation of the application.
macro_rules! call {
    ($connection:ident.$operation:ident()) => {
        $connection.client.$operation().partner_id($connection.partner_id.as_str()).app_id($connection.app_id.as_str())
    };
}

pub(super) use call;

impl Institutions for Wych {
    fn institutions(&self) -> Reply<'_, Vec<Institution>> {
        Box::pin(async move { Ok(map::institutions(&call!(self.list_data_holders()).send().await?)) })
    }

    /// Wych gives all data holders only: this one is looked up among them.
    fn institution<'a>(&'a self, id: &'a str) -> Reply<'a, Institution> {
        Box::pin(async move {
            let found = self.institutions().await?.into_iter().find(|institution| institution.id == id);
            let reason = "is the id of no data holder";
            Ok(found.ok_or_else(|| MapError::new("wych", "id", reason))?)
        })
    }
}

/// What a connection cannot be asked for: it would be given for more than was wanted, or lead back elsewhere.
fn refuse_options(request: &ConsentRequest) -> Result<(), Unsupported> {
    let unsupported = |what| Err(Unsupported { provider: "wych", what });
    if request.expires_at.is_some() {
        return unsupported("consents that end at a chosen time");
    }
    if request.transactions_from.is_some() || request.transactions_to.is_some() {
        return unsupported("consents for a window of transactions");
    }
    if request.redirect_url.is_some() {
        return unsupported("an address to come back to for one consent; it is set for the application");
    }
    Ok(())
}

impl Consents for Wych {
    /// Opens a connection and asks where its user authorises it: two calls. If the second one fails, the connection
    /// exists all the same.
    fn create<'a>(&'a self, request: &'a ConsentRequest) -> Reply<'a, Consent> {
        Box::pin(async move {
            refuse_options(request)?;
            let no_uuid = |_| invalid_request("the id of the institution is not one of this provider: no UUID");
            let holder = Uuid::try_from(request.institution_id.as_str()).map_err(no_uuid)?;
            let body = wych::ConnectionRequest::new(holder);
            let created = call!(self.create_connection()).body(body).send().await?;
            let authorise = call!(self.authorize_connection()).connection_id(created.id.clone());
            let authorisation = authorise.send().await?;
            Ok(Consent { authorisation_url: authorisation.url.clone(), ..map::consent(&created) })
        })
    }

    fn consent<'a>(&'a self, id: &'a str) -> Reply<'a, Consent> {
        Box::pin(async move { Ok(map::consent(&*call!(self.get_connection()).connection_id(id).send().await?)) })
    }

    fn delete<'a>(&'a self, id: &'a str) -> Reply<'a, ()> {
        Box::pin(async move {
            call!(self.revoke_connection()).connection_id(id).send().await?;
            Ok(())
        })
    }
}

impl Accounts for Wych {
    /// Wych gives the accounts of all connections of the user: those that came over another one are left out.
    fn accounts<'a>(&'a self, consent: &'a ConsentReference) -> Reply<'a, Vec<Account>> {
        Box::pin(async move {
            let mut accounts = call!(self.get_accounts()).send().await?.into_inner();
            accounts.retain(|account| account.connection.as_ref().is_none_or(|id| *id == consent.id));
            Ok(map::accounts(&accounts)?)
        })
    }

    fn balances<'a>(&'a self, _: &'a ConsentReference, account_id: &'a str) -> Reply<'a, Vec<Balance>> {
        Box::pin(async move {
            let mut balances = map::balances(&call!(self.get_account_balances()).account_id(account_id).send().await?)?;
            for balance in &mut balances {
                balance.account_id = Some(account_id.to_owned());
            }
            Ok(balances)
        })
    }
}

impl Transactions for Wych {
    /// Wych gives all transactions at once: those outside the window are left out.
    fn page<'a>(
        &'a self,
        _: &'a ConsentReference,
        account_id: &'a str,
        query: &'a TransactionQuery,
    ) -> Reply<'a, Page<Transaction>> {
        Box::pin(async move {
            if query.cursor.is_some() {
                return Err(invalid_request("the cursor is not one of this provider: it has no pages"));
            }
            let source = call!(self.get_account_transactions()).account_id(account_id).send().await?;
            let mut transactions = map::transactions(&source)?;
            transactions.retain(|transaction| query.covers(transaction.booked_at));
            Ok::<_, Error>(Page::single(transactions))
        })
    }
}
