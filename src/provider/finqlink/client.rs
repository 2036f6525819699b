//! A connection to FinqLink.

use std::fmt;
#[cfg(feature = "webhooks")]
use std::sync::Arc;

use obkit_finqlink::types as finqlink;
#[cfg(feature = "webhooks")]
use obkit_runtime::webhook::WebhookVerifier;
use obkit_runtime::{Sensitive, Uuid};

use super::Config;
use super::config::Proof;
use super::map;
#[cfg(feature = "webhooks")]
use super::webhook;
use crate::connect::ConnectError;
use crate::domain::{
    Account, Balance, Consent, ConsentReference, ConsentRequest, Cursor, Institution, ListQuery, Page, Transaction,
    TransactionQuery,
};
use crate::error::{Error, MapError, Unsupported};
use crate::provider::mapping::invalid_request;
use crate::provider::mapping::mapped;
use crate::provider::{Accounts, Consents, Institutions, Pages, Reply, Transactions};

/// A connection to FinqLink.
#[derive(Clone)]
pub struct FinqLink {
    client: obkit_finqlink::Client,
    client_id: String,
    /// Of a client of the test environment.
    pub(super) client_secret: Option<Sensitive>,
    /// One for all clones: the keys and the memory of replays are its own.
    #[cfg(feature = "webhooks")]
    pub(super) webhooks: Option<Arc<WebhookVerifier>>,
}

impl FinqLink {
    /// Connects. Nothing is sent before the first call.
    ///
    /// # Errors
    /// The settings name no address, the token cannot stand in a header, or TLS cannot be set up.
    pub fn connect(config: &Config) -> Result<Self, ConnectError> {
        let mut transport = config.transport();
        let mut client_secret = None;
        match &config.credentials.proof {
            Proof::Header(auth) => transport = transport.auth(auth.clone()),
            Proof::Body(secret) => client_secret = Some(secret.clone()),
        }
        let (url, transport) = (config.url()?, transport.build()?);
        #[cfg(feature = "webhooks")]
        let webhooks = webhook::verifier_through(transport.clone(), url);
        let mut client = obkit_finqlink::Client::new(url, transport);
        if let Some(url) = config.settings.every_server() {
            client = client.with_every_server_at(url);
        }
        Ok(Self {
            client,
            client_id: config.credentials.client_id.clone(),
            client_secret,
            #[cfg(feature = "webhooks")]
            webhooks,
        })
    }

    /// The typed client of every operation, for what the domain has no place for.
    #[must_use]
    pub fn api(&self) -> &obkit_finqlink::Client {
        &self.client
    }

    /// Who calls, as each body names it.
    pub(super) fn client_id(&self) -> Result<finqlink::ClientId, Error> {
        let too_long = |_| invalid_request("the client's id has more than 128 characters");
        self.client_id.as_str().try_into().map_err(too_long)
    }

    /// A page of the balances that were recorded over time, 1 to 250 at once, by default 50. None of them has a date;
    /// [`Accounts::balances`] gives the latest, and [`all_balances`](Self::all_balances) every page.
    ///
    /// # Errors
    /// The call fails, the cursor is not one of this list, a window is asked for, or a balance cannot be mapped.
    pub async fn balance_history(
        &self,
        consent: &ConsentReference,
        account_id: &str,
        query: &ListQuery,
    ) -> Result<Page<Balance>, Error> {
        if query.from.is_some() || query.to.is_some() {
            return Err(Unsupported { provider: "finqlink", what: "balances of a window of time" }.into());
        }
        let mut body = finqlink::ListBalancesRequest::new(self.client_id()?);
        body.client_secret = self.client_secret.clone();
        body.consent_id = Some(consent_id(&consent.id)?);
        body.filter = Some(finqlink::BalancesFilter::new().with_account_id(account_id));
        body.pagination = pagination(map::BALANCES, query.cursor.as_ref(), query.page_size)?;
        mapped(self.client.list_balances().body(body).send().await?, map::balances)
    }

    /// All balances that were recorded over time, page by page.
    pub fn all_balances<'a>(
        &'a self,
        consent: &'a ConsentReference,
        account_id: &'a str,
        query: ListQuery,
    ) -> Pages<'a, Balance> {
        Pages::of(query, move |query| async move { self.balance_history(consent, account_id, &query).await })
    }
}

impl fmt::Debug for FinqLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FinqLink")
    }
}

pub(super) fn consent_id(id: &str) -> Result<Uuid, Error> {
    Uuid::try_from(id).map_err(|_| invalid_request("the id of the consent is not one of this provider: no UUID"))
}

/// Where a page begins and how long it is; nothing for the first one of the usual length. A cursor of another list
/// would silently begin elsewhere.
pub(super) fn pagination(
    list: &str,
    cursor: Option<&Cursor>,
    page_size: Option<u32>,
) -> Result<Option<finqlink::PaginationRequest>, Error> {
    let mut pagination = finqlink::PaginationRequest::new();
    if let Some(cursor) = cursor {
        let after = cursor.as_str().strip_prefix(list);
        pagination.after = Some(after.ok_or_else(|| invalid_request("the cursor is not one of this list"))?.to_owned());
    }
    if let Some(size) = page_size {
        let limit = i64::from(size).try_into();
        pagination.limit = Some(limit.map_err(|_| invalid_request("a page has 1 to 250 records"))?);
    }
    Ok((pagination != finqlink::PaginationRequest::new()).then_some(pagination))
}

offers! {
    FinqLink as "finqlink" through api:
    Institutions institutions,
    Consents consents,
    Accounts accounts,
    Transactions transactions,
    PaymentLinks payment_links,
    RefreshJobs refresh_jobs,
    #[cfg(feature = "webhooks")]
    Webhooks webhooks,
}

impl Institutions for FinqLink {
    fn institutions(&self) -> Reply<'_, Vec<Institution>> {
        Box::pin(async move {
            let mut body = finqlink::ListProvidersRequest::new(self.client_id()?);
            body.client_secret = self.client_secret.clone();
            body.options = Some(finqlink::ProviderOptions::new().with_show_ais_methods(true));
            mapped(self.client.list_providers().body(body).send().await?, map::institutions)
        })
    }

    fn institution<'a>(&'a self, id: &'a str) -> Reply<'a, Institution> {
        Box::pin(async move {
            let mut body = finqlink::GetProviderRequest::new(self.client_id()?, id);
            body.client_secret = self.client_secret.clone();
            body.options = Some(finqlink::ProviderOptions::new().with_show_ais_methods(true));
            mapped(self.client.get_provider().body(body).send().await?, map::institution_answer)
        })
    }
}

/// What a consent cannot be asked for: it would be given for more than was wanted.
fn refuse_limits(request: &ConsentRequest) -> Result<(), Unsupported> {
    let unsupported = |what| Err(Unsupported { provider: "finqlink", what });
    if request.expires_at.is_some() {
        return unsupported("consents that end at a chosen time");
    }
    if request.transactions_from.is_some() || request.transactions_to.is_some() {
        return unsupported("consents for a window of transactions");
    }
    Ok(())
}

impl Consents for FinqLink {
    fn create<'a>(&'a self, request: &'a ConsentRequest) -> Reply<'a, Consent> {
        Box::pin(async move {
            refuse_limits(request)?;
            let mut body = finqlink::CreateConsentRequest::new(self.client_id()?);
            body.client_secret = self.client_secret.clone();
            let institution = request.institution_id.as_str();
            body.ais_method = Some(finqlink::AisMethodSelection::new().with_provider_id(institution));
            body.consent = Some(finqlink::ConsentSettings::new().with_scope(finqlink::ConsentScope::KNOWN.to_vec()));
            body.options =
                request.redirect_url.as_deref().map(|url| finqlink::ConsentOptions::new().with_redirect_url(url));
            let mut created = map::created_consent(&*self.client.create_consent().body(body).send().await?)?;
            created.institution_id = Some(request.institution_id.clone());
            Ok(created)
        })
    }

    fn consent<'a>(&'a self, id: &'a str) -> Reply<'a, Consent> {
        Box::pin(async move {
            let mut body = finqlink::GetConsentRequest::new(self.client_id()?, consent_id(id)?);
            body.client_secret = self.client_secret.clone();
            mapped(self.client.get_consent().body(body).send().await?, map::consent)
        })
    }

    fn delete<'a>(&'a self, id: &'a str) -> Reply<'a, ()> {
        Box::pin(async move {
            let mut body = finqlink::RevokeConsentRequest::new(self.client_id()?, consent_id(id)?);
            body.client_secret = self.client_secret.clone();
            self.client.revoke_consent().body(body).send().await?;
            Ok(())
        })
    }
}

impl Accounts for FinqLink {
    fn accounts<'a>(&'a self, consent: &'a ConsentReference) -> Reply<'a, Vec<Account>> {
        Box::pin(async move {
            let mut body = finqlink::ListAccountsRequest::new(self.client_id()?, consent_id(&consent.id)?);
            body.client_secret = self.client_secret.clone();
            mapped(self.client.list_accounts().body(body).send().await?, map::accounts)
        })
    }

    /// The latest balances, which come with the account; see [`FinqLink::balance_history`].
    fn balances<'a>(&'a self, consent: &'a ConsentReference, account_id: &'a str) -> Reply<'a, Vec<Balance>> {
        Box::pin(async move {
            let accounts = self.accounts(consent).await?;
            let account = accounts.into_iter().find(|account| account.id == account_id);
            let missing = MapError::new("finqlink", "accounts", "has no account of that id");
            Ok(account.ok_or(missing)?.balances)
        })
    }
}

impl Transactions for FinqLink {
    fn page<'a>(
        &'a self,
        consent: &'a ConsentReference,
        account_id: &'a str,
        query: &'a TransactionQuery,
    ) -> Reply<'a, Page<Transaction>> {
        Box::pin(async move {
            let mut body = finqlink::ListTransactionsRequest::new(self.client_id()?, consent_id(&consent.id)?);
            body.client_secret = self.client_secret.clone();
            body.pagination = pagination(map::TRANSACTIONS, query.cursor.as_ref(), query.page_size)?;
            // The filter knows days, and not in which zone: it takes a day more at each end, and the rest is left out.
            let mut filter = finqlink::TransactionsFilter::new().with_account_id(account_id);
            let day = |day: chrono::NaiveDate| day.format("%Y-%m-%d").to_string();
            filter.booking_date_from = query.from.and_then(|from| from.date_naive().pred_opt()).map(day);
            filter.booking_date_to = query.to.and_then(|to| to.date_naive().succ_opt()).map(day);
            body.filter = Some(filter);
            let mut page = map::transactions(&*self.client.list_transactions().body(body).send().await?)?;
            page.items.retain(|transaction| query.covers(transaction.booked_at));
            Ok(page)
        })
    }
}
