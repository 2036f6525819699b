//! Every mapping of every provider, over the JSON that it maps.

#![allow(unreachable_pub)]

use obkit::MapError;
use obkit::provider::{candescent, fena, finqlink, wych, yapily};
use obkit_codegen::{Document, Spec};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A mapping: none when the JSON is none of what it maps, else its domain value as JSON, or why there is none.
type Map = fn(&str) -> Option<Result<Value, MapError>>;

/// The same work, as often as it is asked for.
pub type Again = Box<dyn FnMut()>;

/// A mapping of the successful answers of an operation.
#[derive(Clone, Copy)]
pub struct Mapping {
    pub provider: &'static str,
    pub operation: &'static str,
    pub map: Map,
    /// The mapping of a value that has been decoded before: what the mapping alone costs.
    #[allow(dead_code)]
    pub decoded: fn(&str) -> Option<Again>,
    /// The Rust name of what it maps to; not every test asks for it.
    #[allow(dead_code)]
    pub domain: fn() -> &'static str,
}

macro_rules! mappings {
    ($($provider:ident { $($operation:ident = $map:expr,)* })*) => {
        /// All there are.
        pub const MAPPINGS: &[Mapping] = &[$($(
            Mapping {
                provider: stringify!($provider),
                operation: stringify!($operation),
                map: |json| mapped(json, $map),
                decoded: |json| decoded(json, $map),
                domain: || domain($map),
            },
        )*)*];
    };
}

mappings! {
    yapily {
        getInstitutions = yapily::map::institutions,
        getInstitution = yapily::map::institution,
        initiateAccountRequest = yapily::map::created_consent,
        getConsents = yapily::map::consents,
        getConsentById = yapily::map::consent_answer,
        getAccounts = yapily::map::accounts,
        getAccount = yapily::map::account_answer,
        getAccountBalances = yapily::map::balances,
        getTransactions = |source| yapily::map::transactions(source, "account", Some(0)),
        getIdentity = yapily::identity::identity_answer,
        getBeneficiaries = |source| Ok(yapily::payee::payees(source, "account")),
        getAccountPeriodicPayments = |source| yapily::standing_order::standing_orders(source, "account"),
        getAccountScheduledPayments = |source| yapily::scheduled_payment::scheduled_payments(source, "account"),
        getAccountDirectDebits = |source| yapily::direct_debit::direct_debits(source, "account"),
        getStatements = |source| yapily::statement::statements(source, "account", 0),
        getStatement = |source| yapily::statement::statement_answer(source, "account"),
        getUsers = |source: &Vec<_>| yapily::user::users(source),
        getUser = yapily::user::user,
        addUser = yapily::user::user,
        deleteUser = yapily::user::deleted,
        createPaymentAuthorisation = yapily::payments::authorisation,
        createPayment = yapily::payments::payment_answer,
        getPayments = yapily::payments::payment_details,
        getBulkPaymentStatus = yapily::bulk_payments::bulk_status,
        getSweepingVrpConsentById = yapily::mandates::sweeping,
        getNonSweepingVrpConsentById = yapily::mandates::commercial,
        createVrpFundsConfirmation = yapily::mandates::funds,
        createVrpPayment = yapily::mandates::mandate_payment,
        createHostedPaymentRequestLink = yapily::payment_links::created,
        getHostedPaymentRequest = yapily::payment_links::link,
        getWebhookEventsCategories = yapily::webhook::event_types,
        getRegisteredWebhooks = yapily::webhook::registrations,
        registerWebhook = yapily::webhook::with_secret,
        onWebhookEvent = |source| Ok(yapily::webhook::event(source)),
    }
    fena {
        getProviders = |source: &Vec<_>| Ok(fena::map::institutions(source)),
        getProvider = |source| Ok(fena::map::institution(source)),
        createAccountAccessConsent = |source| Ok(fena::map::created_consent(source)),
        getAccountAccessConsent = fena::map::consent,
        getAccounts = fena::map::accounts,
        getBalances = fena::map::balances,
        getTransactions = fena::map::transactions,
        createVrpConsent = fena::mandates::created,
        getVrpConsent = fena::mandates::mandate,
        createVrpPayment = fena::mandates::created_payment,
        getVrpPayment = fena::mandates::payment,
        getWebhook = |source| Ok(fena::webhook::registration(source)),
        accountDataEvent = |source| Ok(fena::webhook::event(source)),
    }
    finqlink {
        listProviders = finqlink::map::institutions,
        getProvider = finqlink::map::institution_answer,
        createConsent = finqlink::map::created_consent,
        getConsent = finqlink::map::consent,
        listAccounts = finqlink::map::accounts,
        listBalances = finqlink::map::balances,
        createLink = finqlink::payment_links::created,
        getLink = finqlink::payment_links::link,
        listLinks = finqlink::payment_links::links,
        createDataRefreshJob = |source| Ok(finqlink::refresh_jobs::job(source)),
        getDataRefreshJob = |source| Ok(finqlink::refresh_jobs::job(source)),
        listTransactions = finqlink::map::transactions,
        onConsentStatusUpdate = |source| Ok(finqlink::webhook::consent_status(source)),
        onJobStatusUpdate = |source| Ok(finqlink::webhook::job_status(source)),
        onLinkStatusUpdate = |source| Ok(finqlink::webhook::link_status(source)),
    }
    candescent {
        listAccountsV1 = candescent::map::accounts,
        getAccountV1 = candescent::map::account,
    }
    wych {
        listDataHolders = |source: &Vec<_>| Ok(wych::map::institutions(source)),
        createConnection = |source| Ok(wych::map::consent(source)),
        listConnections = |source: &Vec<_>| Ok(wych::map::consents(source)),
        getAccounts = |source: &Vec<_>| wych::map::accounts(source),
        getAccountBalances = |source: &Vec<_>| wych::map::balances(source),
        getAccountTransactions = |source: &Vec<_>| wych::map::transactions(source),
        getPayees = |source: &Vec<_>| Ok(wych::payee::payees(source, "account")),
        getScheduledPayments = |source: &Vec<_>| wych::scheduled_payment::scheduled_payments(source, "account"),
        getDirectDebits = |source: &Vec<_>| wych::direct_debit::direct_debits(source, "account"),
        listUsers = |source: &Vec<_>| Ok(wych::user::users(source)),
        createOrFindUser = |source| Ok(wych::user::user(source)),
    }
}

fn mapped<S: DeserializeOwned, T: Serialize>(
    json: &str,
    map: impl Fn(&S) -> Result<T, MapError>,
) -> Option<Result<Value, MapError>> {
    let source = obkit::runtime::decode_json(json.as_bytes()).ok()?;
    Some(map(&source).map(|value| serde_json::to_value(value).unwrap()))
}

fn decoded<S: DeserializeOwned + 'static, T>(
    json: &str,
    map: impl Fn(&S) -> Result<T, MapError> + 'static,
) -> Option<Again> {
    let source = obkit::runtime::decode_json(json.as_bytes()).ok()?;
    Some(Box::new(move || drop(std::hint::black_box(map(std::hint::black_box(&source))))))
}

fn domain<S: DeserializeOwned, T: Serialize>(_: impl Fn(&S) -> Result<T, MapError>) -> &'static str {
    std::any::type_name::<T>()
}

/// The documented examples of the successful JSON answers of an operation, or of what a webhook brings.
pub fn examples(provider: &str, operation: &str) -> Vec<Value> {
    let spec = spec(provider);
    let webhook = spec.webhooks().iter().find(|webhook| webhook.id == operation);
    let received = webhook.and_then(|webhook| webhook.request.as_ref()).into_iter().flat_map(|body| &body.content);
    let answers = spec.operation(operation).unwrap().responses.iter().filter(|_| webhook.is_none());
    let content = answers.filter(|r| r.status.is_success()).flat_map(|r| &r.content).chain(received);
    content.flat_map(|content| &content.examples).map(|example| example.value.clone()).collect()
}

/// The document of a provider, read once.
pub fn spec(provider: &str) -> &'static Spec {
    use std::collections::BTreeMap;
    use std::sync::LazyLock;
    static SPECS: LazyLock<BTreeMap<&str, Spec>> = LazyLock::new(|| {
        let read = |provider: &'static str| {
            let file = format!("{}/specs/{provider}/openapi.yaml", env!("CARGO_MANIFEST_DIR"));
            (provider, Spec::read(Document::load(file).unwrap()).unwrap())
        };
        ["yapily", "fena", "finqlink", "candescent", "wych"].map(read).into_iter().collect()
    });
    &SPECS[provider]
}
