//! The providers that take fetched tokens: what is asked for them is what the documents say, and calls carry them.
#![cfg(feature = "workspace")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::path::Path;
use std::sync::Arc;

use obkit::domain::ConsentReference;
use obkit::provider::{Accounts as _, Consents as _, candescent, finqlink, wych};
use obkit::runtime::oauth2::{ClientAuthentication, SigningKey};
use obkit::runtime::reqwest::header::HeaderValue;
use obkit::runtime::secrecy::SecretString;
use obkit::runtime::{Tokens, Uuid};
use obkit_codegen::{Document, Spec};
use obkit_conformance::Contract;
use obkit_conformance::server::ContractServer;

const USER: &str = "0f6c1b0e-5f62-4a3c-9c39-1f0f4b9f2f11";

async fn server(provider: &str) -> ContractServer {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs").join(provider).join("openapi.yaml");
    let contract = Contract::new(provider, Spec::read(Document::load(&file).unwrap()).unwrap());
    ContractServer::start(Arc::new(contract)).await.unwrap()
}

/// The address of a server in place of that of the identity service.
fn here(server: &ContractServer, url: &str) -> String {
    let path = url.splitn(4, '/').nth(3).unwrap();
    format!("{}/{path}", server.base_url())
}

/// The operations that were called, each as the document says.
fn called(server: &ContractServer) -> Vec<String> {
    let findings = server.take_findings();
    assert!(findings.is_empty(), "{findings:#?}");
    server.called().into_iter().collect()
}

#[tokio::test]
async fn finqlink_by_a_signed_assertion_and_by_a_secret() {
    let pem = SecretString::from(include_str!("../../runtime/tests/keys/rsa.pem"));
    let key = SigningKey::from_pem("a1b2c3", &pem).unwrap();
    for client in [
        ClientAuthentication::private_key_jwt("xyz123abc", key),
        ClientAuthentication::secret_post("xyz123abc", "not-a-real-secret"),
    ] {
        let server = server("finqlink").await;
        let source = finqlink::token_source(&here(&server, finqlink::TOKEN_URL), client).unwrap();
        let config = finqlink::Config::with_tokens("xyz123abc", Tokens::new(source)).base_url(server.base_url());
        let connection = finqlink::FinqLink::connect(&config).unwrap();
        connection.consent(USER).await.unwrap();
        assert_eq!(called(&server), ["createAccessToken", "getConsent"]);
    }
}

#[tokio::test]
async fn candescent_by_http_basic() {
    let server = server("candescent").await;
    let institution = HeaderValue::from_static("00516");
    let source = candescent::token_source(&server.base_url(), "client-1", "secret", institution).unwrap();
    let user = candescent::User::HostUserId("dwhitfield".into());
    let config = candescent::Config::with_tokens(Tokens::new(source), user).base_url(server.base_url());
    let connection = candescent::Candescent::connect(&config).unwrap();
    connection.accounts(&ConsentReference::none()).await.unwrap();
    assert_eq!(called(&server), ["createTokenV1", "listAccountsV1"]);
}

#[tokio::test]
async fn wych_by_the_applications_token_and_the_users() {
    let server = server("wych").await;
    let source = wych::token_source(&here(&server, wych::TOKEN_URL), "budget-planner", "secret").unwrap();
    let config =
        |tokens| wych::Config::with_tokens("partner", "app", "gateway-key", tokens).base_url(server.base_url());
    let application = wych::Wych::connect(&config(Tokens::new(source))).unwrap();

    let source = wych::UserTokenSource::new(&application, Uuid::try_from(USER).unwrap());
    let user = wych::Wych::connect(&config(Tokens::new(source))).unwrap();
    user.accounts(&ConsentReference::none()).await.unwrap();
    assert_eq!(called(&server), ["generateClientAuthToken", "getAccounts", "retrieveUserToken"]);
}
