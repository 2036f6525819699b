//! A connection to Fena.

use std::fmt;

use obkit_fena::types as fena;
use obkit_runtime::DateTime;

use super::{Config, map};
use crate::connect::ConnectError;
use crate::domain::{
    Account, Balance, Consent, ConsentReference, ConsentRequest, Institution, Page, Transaction, TransactionQuery,
};
use crate::error::Unsupported;
use crate::provider::mapping::mapped;
use crate::provider::{Accounts, Consents, Institutions, Reply, Transactions};

/// A connection to Fena.
#[derive(Clone)]
pub struct Fena {
    client: obkit_fena::Client,
}

impl Fena {
    /// Connects. Nothing is sent before the first call.
    ///
    /// # Errors
    /// The settings name no address, the keys cannot stand in a header, or TLS cannot be set up.
    pub fn connect(config: &Config) -> Result<Self, ConnectError> {
        let transport = config.transport().auth(config.credentials.auth()).build()?;
        Ok(Self { client: obkit_fena::Client::new(config.url()?, transport) })
    }

    /// The typed client of every operation, for what the domain has no place for.
    #[must_use]
    pub fn api(&self) -> &obkit_fena::Client {
        &self.client
    }
}

impl fmt::Debug for Fena {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fena")
    }
}

offers! {
    Fena as "fena" through api:
    Institutions institutions,
    Consents consents,
    Accounts accounts,
    Transactions transactions,
    Mandates mandates,
    Webhooks webhooks,
}

impl Institutions for Fena {
    fn institutions(&self) -> Reply<'_, Vec<Institution>> {
        Box::pin(async move { Ok(map::institutions(&self.client.get_providers().send().await?)) })
    }

    fn institution<'a>(&'a self, id: &'a str) -> Reply<'a, Institution> {
        Box::pin(async move { Ok(map::institution(&*self.client.get_provider().provider_id(id).send().await?)) })
    }
}

impl Consents for Fena {
    fn create<'a>(&'a self, request: &'a ConsentRequest) -> Reply<'a, Consent> {
        Box::pin(async move {
            if request.expires_at.is_some() {
                // A consent without an end in place of one with an end would be more than was asked for.
                return Err(Unsupported { provider: "fena", what: "consents that end at a chosen time" }.into());
            }
            let mut body = fena::CreateConsentRequest::new(request.institution_id.as_str());
            body.customer_consent_id = request.user_id.clone();
            body.transaction_start_date = request.transactions_from.map(DateTime::from);
            body.transaction_end_date = request.transactions_to.map(DateTime::from);
            body.option =
                request.redirect_url.as_deref().map(|url| fena::CreateConsentOption::new().with_redirect_uri(url));
            let created = self.client.create_account_access_consent().body(body).send().await?;
            Ok(map::created_consent(&created))
        })
    }

    fn consent<'a>(&'a self, id: &'a str) -> Reply<'a, Consent> {
        Box::pin(
            async move { mapped(self.client.get_account_access_consent().consent_id(id).send().await?, map::consent) },
        )
    }

    fn delete<'a>(&'a self, id: &'a str) -> Reply<'a, ()> {
        Box::pin(async move {
            self.client.delete_account_access_consent().consent_id(id).send().await?;
            Ok(())
        })
    }
}

impl Accounts for Fena {
    fn accounts<'a>(&'a self, consent: &'a ConsentReference) -> Reply<'a, Vec<Account>> {
        Box::pin(async move {
            mapped(self.client.get_accounts().consent_id(consent.id.as_str()).send().await?, map::accounts)
        })
    }

    fn balances<'a>(&'a self, consent: &'a ConsentReference, account_id: &'a str) -> Reply<'a, Vec<Balance>> {
        Box::pin(async move {
            let call = self.client.get_balances().consent_id(consent.id.as_str()).account_id(account_id);
            mapped(call.send().await?, map::balances)
        })
    }
}

impl Transactions for Fena {
    fn page<'a>(
        &'a self,
        consent: &'a ConsentReference,
        account_id: &'a str,
        query: &'a TransactionQuery,
    ) -> Reply<'a, Page<Transaction>> {
        Box::pin(async move {
            if query.cursor.is_some() {
                let message = "the cursor is not one of this provider: it has no pages";
                return Err(obkit_runtime::Error::<()>::invalid_request(message).into());
            }
            let mut call = self.client.get_transactions().consent_id(consent.id.as_str()).account_id(account_id);
            if let Some(from) = query.from {
                call = call.transaction_start_date(from);
            }
            if let Some(to) = query.to {
                call = call.transaction_end_date(to);
            }
            mapped(call.send().await?, map::transactions)
        })
    }
}
