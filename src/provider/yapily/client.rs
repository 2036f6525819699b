//! A connection to Yapily.

use std::fmt;

use obkit_runtime::secrecy::SecretString;
use obkit_runtime::{DateTime, Sensitive};
use obkit_yapily::types as yapily;

use super::{Config, map};
use crate::connect::ConnectError;
use crate::domain::{
    Account, Balance, Consent, ConsentReference, ConsentRequest, Cursor, Institution, Page, Transaction,
    TransactionQuery,
};
use crate::error::Error;
use crate::provider::mapping::mapped;
use crate::provider::{Accounts, Consents, Institutions, Reply, Transactions};

/// Where the body of a payment has the key by which Yapily makes a repeated payment once. With it, a call may be repeated.
///
/// Asking for an authorisation moves no money. Whether Yapily knows a repeated question by its key is not documented, and it
/// need not: a second consent waits for the payer, who is sent to one of them alone, and the other one ends unauthorised.
/// Were both authorised, both would be for the payment of that key, which is made once. A bulk and a mandate have no key when
/// they are authorised, and are asked for once.
const KEYS: [(&str, &str); 4] = [
    ("createPaymentAuthorisation", "/paymentRequest/paymentIdempotencyId"),
    ("createPayment", "/paymentIdempotencyId"),
    ("createBulkPayment", "/idempotencyId"),
    ("createVrpPayment", "/paymentIdempotencyId"),
];

/// A connection to Yapily.
#[derive(Clone)]
pub struct Yapily {
    client: obkit_yapily::Client,
    application_id: SecretString,
}

impl Yapily {
    /// Connects. Nothing is sent before the first call.
    ///
    /// # Errors
    /// The settings name no address, the credentials cannot stand in a header, or TLS cannot be set up.
    pub fn connect(config: &Config) -> Result<Self, ConnectError> {
        let url = config.url()?;
        let transport = KEYS.iter().fold(config.transport(), |transport, (operation_id, member)| {
            transport.idempotency_member(operation_id, member)
        });
        let transport = transport.auth(config.credentials.auth()).build()?;
        let application_id = config.credentials.application_id.clone();
        Ok(Self { client: obkit_yapily::Client::new(url, transport), application_id })
    }

    /// The typed client of every operation, for what the domain has no place for.
    #[must_use]
    pub fn api(&self) -> &obkit_yapily::Client {
        &self.client
    }

    /// The application that calls, where a body names it.
    pub(super) fn application_id(&self) -> &SecretString {
        &self.application_id
    }
}

impl fmt::Debug for Yapily {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Yapily")
    }
}

/// The consent token, which every call that reads data carries.
pub(super) fn token(consent: &ConsentReference) -> Result<Sensitive, Error> {
    let missing = || obkit_runtime::Error::invalid_request("the consent has no token: it is not authorised yet");
    consent.token.clone().ok_or_else(|| Error::Call(missing()))
}

/// Where a page begins.
pub(super) enum Position<'c> {
    Cursor(&'c str),
    Offset(i32),
}

/// Reads a cursor of an earlier page. Any other text would silently begin the list anew.
pub(super) fn position(cursor: &Cursor) -> Result<Position<'_>, Error> {
    let offset = || cursor.as_offset()?.try_into().ok().map(Position::Offset);
    let found = cursor.as_str().strip_prefix("cursor:").map(Position::Cursor).or_else(offset);
    found.ok_or_else(|| Error::Call(obkit_runtime::Error::invalid_request("the cursor is not one of this provider")))
}

offers! {
    Yapily as "yapily" through api:
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
    Webhooks webhooks,
}

impl Institutions for Yapily {
    fn institutions(&self) -> Reply<'_, Vec<Institution>> {
        Box::pin(async move { mapped(self.client.get_institutions().send().await?, map::institutions) })
    }

    fn institution<'a>(&'a self, id: &'a str) -> Reply<'a, Institution> {
        Box::pin(
            async move { mapped(self.client.get_institution().institution_id(id).send().await?, map::institution) },
        )
    }
}

impl Consents for Yapily {
    fn create<'a>(&'a self, request: &'a ConsentRequest) -> Reply<'a, Consent> {
        Box::pin(async move {
            let mut scope = yapily::AccountRequest::new();
            scope.transaction_from = request.transactions_from.map(DateTime::from);
            scope.transaction_to = request.transactions_to.map(DateTime::from);
            scope.expires_at = request.expires_at.map(DateTime::from);
            let mut body = yapily::AccountAuthorisationRequest::new(request.institution_id.as_str());
            body.application_user_id = request.user_id.clone();
            body.callback = request.redirect_url.clone();
            body.account_request = (scope != yapily::AccountRequest::new()).then_some(scope);
            mapped(self.client.initiate_account_request().body(body).send().await?, map::created_consent)
        })
    }

    fn consent<'a>(&'a self, id: &'a str) -> Reply<'a, Consent> {
        Box::pin(
            async move { mapped(self.client.get_consent_by_id().consent_id(id).send().await?, map::consent_answer) },
        )
    }

    fn delete<'a>(&'a self, id: &'a str) -> Reply<'a, ()> {
        Box::pin(async move {
            self.client.delete_consent().consent_id(id).send().await?;
            Ok(())
        })
    }
}

impl Accounts for Yapily {
    fn accounts<'a>(&'a self, consent: &'a ConsentReference) -> Reply<'a, Vec<Account>> {
        Box::pin(
            async move { mapped(self.client.get_accounts().consent(token(consent)?).send().await?, map::accounts) },
        )
    }

    fn balances<'a>(&'a self, consent: &'a ConsentReference, account_id: &'a str) -> Reply<'a, Vec<Balance>> {
        Box::pin(async move {
            let call = self.client.get_account_balances().account_id(account_id).consent(token(consent)?);
            let mut balances = map::balances(&*call.send().await?)?;
            for balance in &mut balances {
                balance.account_id = Some(account_id.to_owned());
            }
            Ok(balances)
        })
    }
}

impl Transactions for Yapily {
    fn page<'a>(
        &'a self,
        consent: &'a ConsentReference,
        account_id: &'a str,
        query: &'a TransactionQuery,
    ) -> Reply<'a, Page<Transaction>> {
        Box::pin(async move {
            let mut call = self.client.get_transactions().account_id(account_id).consent(token(consent)?);
            if let Some(from) = query.from {
                call = call.from(from.to_rfc3339());
            }
            if let Some(to) = query.to {
                call = call.before(to.to_rfc3339());
            }
            if let Some(size) = query.page_size {
                call = call.limit(i64::from(size));
            }
            let mut offset = Some(0);
            match query.cursor.as_ref().map(position).transpose()? {
                None => {}
                Some(Position::Cursor(cursor)) => {
                    offset = None;
                    call = call.cursor(cursor);
                }
                Some(Position::Offset(at)) => {
                    offset = Some(u64::from(at.unsigned_abs()));
                    call = call.offset(at);
                }
            }
            Ok(map::transactions(&*call.send().await?, account_id, offset)?)
        })
    }
}
