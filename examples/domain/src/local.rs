//! Providers in this process.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use obkit::domain::{ConsentReference, Timestamp};
use obkit_codegen::spec::StatusKey;
use obkit_codegen::{Providers, Spec};
use obkit_conformance::Contract;
use obkit_conformance::answer::{Answer, Body};
use obkit_conformance::server::ContractServer;
use serde_json::{Value, json};

/// The root of the repository, with the documents of the providers.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// What a holder has permitted, by the id that the provider's document shows: Wych says of each account which one it is under.
pub(crate) fn access(provider: &str) -> ConsentReference {
    let id = if provider == "wych" {
        "8c2c7d1a-5b3e-4f60-9a17-d2e84c90b1f5"
    } else {
        "56a42244-414a-4b52-8c4f-4ad2a50e82fe"
    };
    ConsentReference { id: id.to_owned(), token: Some("consent-token".into()) }
}

/// A server that enforces a provider's document.
///
/// # Errors
/// There is no such provider, or no port can be had.
pub async fn start(provider: &str) -> Result<ContractServer, Box<dyn Error>> {
    let providers = Providers::load(ROOT)?;
    let row = providers.select(&[provider.to_owned()])?.into_iter().next().ok_or("there is no such provider")?;
    let contract = Contract::new(provider, Spec::read(providers.document(row)?)?);
    let server = ContractServer::start(Arc::new(contract)).await?;
    if provider == "yapily" {
        let mut is_first = true;
        answer_as(&server, "getConsentById", 200, move |body| payer_decides(body, &mut is_first))?;
        let mut is_first = true;
        answer_as(&server, "getSweepingVrpConsentById", 200, move |body| payer_decides(body, &mut is_first))?;
        // The document shows a payment that the bank has accepted; here it is settled, too.
        answer_as(&server, "getVrpPaymentDetails", 200, |body| {
            body["data"]["statusDetails"]["isoStatus"] = json!({"code": "ACSC", "name": "AcceptedSettlementCompleted"});
        })?;
        account_of_a_year(&server, |_| false)?;
    }
    Ok(server)
}

/// The payer is not back yet when the program asks for the first time.
fn payer_decides(body: &mut Value, is_first: &mut bool) {
    if std::mem::take(is_first) {
        body["data"]["status"] = json!("AWAITING_AUTHORIZATION");
    }
}

/// Answers as the document shows, with a change.
fn answer_as(
    server: &ContractServer,
    operation_id: &str,
    status: u16,
    mut change: impl FnMut(&mut Value) + Send + 'static,
) -> Result<(), Box<dyn Error>> {
    let shown = shown(server, operation_id, status)?;
    server.answer_by(operation_id, move |_| {
        let mut answer = shown.clone();
        if let Body::Json(body) = &mut answer.body {
            change(body);
        }
        answer
    });
    Ok(())
}

/// The answer that the document shows.
fn shown(server: &ContractServer, operation_id: &str, status: u16) -> Result<Answer, Box<dyn Error>> {
    let shown = server.script(operation_id, StatusKey::Code(status), None);
    Ok(shown.ok_or_else(|| format!("the document has no answer {status} of {operation_id}"))?)
}

/// How many transactions the account at Yapily has in 2025: two each day, so that no two begin at one moment.
const OF_A_YEAR: u64 = 730;

/// Makes Yapily's accounts have the transactions of a year, in the pages that are asked for. Where `is_down` says so of the offset
/// of a page, it is answered `503`.
///
/// # Errors
/// The server is not Yapily's.
pub fn account_of_a_year(
    server: &ContractServer,
    mut is_down: impl FnMut(u64) -> bool + Send + 'static,
) -> Result<(), Box<dyn Error>> {
    let shown = shown(server, "getTransactions", 200)?;
    let Body::Json(page) = &shown.body else { return Err("the transactions are no JSON".into()) };
    let (page, template) = (page.clone(), page["data"][0].clone());
    let start: Timestamp = "2025-01-01T09:00:00Z".parse()?;
    server.answer_by("getTransactions", move |asked| {
        let number = |name| asked.parameter("query", name).and_then(Value::as_u64);
        let (offset, limit) = (number("offset").unwrap_or(0), number("limit").unwrap_or(1000));
        if is_down(offset) {
            return Answer::of_status(503);
        }
        let items: Vec<_> = (offset..OF_A_YEAR.min(offset + limit)).map(|n| entry(&template, start, n)).collect();
        let mut body = page.clone();
        body["meta"] = json!({"count": items.len(), "pagination": {"totalCount": OF_A_YEAR}});
        if offset + limit < OF_A_YEAR {
            body["meta"]["pagination"]["next"] = json!({"offset": offset + limit, "limit": limit});
        }
        body["data"] = items.into();
        Answer { body: Body::Json(body), ..shown.clone() }
    });
    Ok(())
}

/// One of many: the first of the document, with an id, a time and an amount of its own.
fn entry(template: &Value, start: Timestamp, number: u64) -> Value {
    let mut entry = template.clone();
    let at = start + Duration::from_secs(number * 12 * 60 * 60);
    // Of text, so that no amount is ever a float.
    let amount: Value = format!("-{number}.07").parse().unwrap_or_default();
    entry["id"] = json!(format!("transaction-{number:03}"));
    for time in ["date", "bookingDateTime", "valueDateTime"] {
        entry[time] = json!(at.to_rfc3339());
    }
    entry["transactionAmount"]["amount"] = amount.clone();
    entry["amount"] = amount;
    entry["reference"] = json!(format!("Order {number}, \"thanks\""));
    entry
}

/// A connection to a local server, as TOML, with credentials that mean nothing. The pauses before retries are short: nobody else
/// waits for the server.
pub(crate) fn connection(provider: &str, base_url: &str) -> Result<String, Box<dyn Error>> {
    let credentials = match provider {
        "yapily" => "application_id = 'id'\napplication_secret = 'secret'",
        "fena" => "client_id = 'id'\nclient_secret = 'secret'",
        "finqlink" => "client_id = 'id'\naccess_token = 'token'",
        "candescent" => "access_token = 'token'",
        "wych" => "partner_id = 'partner'\napp_id = 'application'\napi_key = 'key'\naccess_token = 'token'",
        _ => return Err(format!("there are no credentials for {provider}").into()),
    };
    Ok(format!(
        "[connections.{provider}]\nprovider = '{provider}'\nevery_server_at = '{base_url}'\n\
         retry = {{ base_delay = '1ms' }}\n{credentials}\n"
    ))
}
