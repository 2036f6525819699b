//! What a token endpoint is asked, and what becomes of its answers.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::error::Error as _;
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use obkit_runtime::oauth2::{ClientAuthentication, ClientCredentials, InvalidEndpoint, SigningError, SigningKey};
use obkit_runtime::reqwest::header::{HeaderName, HeaderValue};
use obkit_runtime::reqwest::{self, Method, StatusCode};
use obkit_runtime::secrecy::{ExposeSecret, SecretString};
use obkit_runtime::serde_json::{Value, from_slice, from_str, json};
use obkit_runtime::uuid::Uuid;
use obkit_runtime::{Auth, Call, Phase, RetryPolicy, Token, TokenError, TokenFuture, TokenSource, Tokens, Transport};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_2048_8192_SHA256,
    RsaKeyPair, UnparsedPublicKey,
};

mod server;

use server::{Answer, Server, answer};

const RSA: &str = include_str!("keys/rsa.pem");
const RSA_PKCS1: &str = include_str!("keys/rsa_pkcs1.pem");
const P256: &str = include_str!("keys/p256.pem");
const NOW: u64 = 1_700_000_000;

fn given(body: &Value) -> Answer {
    answer("200 OK", &["content-type: application/json"], &body.to_string())
}

fn token() -> Answer {
    given(&json!({"access_token": "t0ken", "token_type": "Bearer", "expires_in": 3600}))
}

fn endpoint(server: &Server) -> String {
    format!("{}/oauth2/token", server.base_url())
}

fn grant(server: &Server, client: ClientAuthentication) -> ClientCredentials {
    let clock = || SystemTime::UNIX_EPOCH + Duration::from_secs(NOW);
    ClientCredentials::new(&endpoint(server), client).unwrap().clock(clock)
}

fn by_secret() -> ClientAuthentication {
    ClientAuthentication::secret_post("client-1", "s3cret")
}

async fn fetch(source: impl TokenSource + 'static) -> Result<String, TokenError> {
    let transport = Transport::builder("test").build().unwrap();
    let token = Tokens::new(source).token(transport.http()).await?;
    Ok(token.expose_secret().to_owned())
}

/// The head and the form of a request.
fn parts(request: &str) -> (String, BTreeMap<String, String>) {
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let url = reqwest::Url::parse(&format!("form:/?{body}")).unwrap();
    (head.to_owned(), url.query_pairs().into_owned().collect())
}

fn form(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[tokio::test]
async fn the_secret_stands_in_the_form() {
    let server = Server::start(vec![token()]).await;
    let client = ClientAuthentication::secret_post("client-1", "s3&cret +");
    let source =
        grant(&server, client).scope("accounts").scope("payments").parameter("audience", "https://api.example");
    assert_eq!(fetch(source).await.unwrap(), "t0ken");
    let (head, body) = parts(&server.requests()[0]);
    assert!(head.starts_with("POST /oauth2/token HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("content-type: application/x-www-form-urlencoded") && !head.contains("authorization"));
    let expected = [
        ("grant_type", "client_credentials"),
        ("scope", "accounts payments"),
        ("audience", "https://api.example"),
        ("client_id", "client-1"),
        ("client_secret", "s3&cret +"),
    ];
    assert_eq!(body, form(&expected));
}

/// Candescent: HTTP Basic, `scopes` by its own name, the institution, and a fresh id.
#[tokio::test]
async fn the_secret_stands_in_http_basic() {
    let server = Server::start(vec![token()]).await;
    let source = grant(&server, ClientAuthentication::secret_basic("client:1", "s3&cret"))
        .parameter("scopes", "accounts:read,transactions:read")
        .header(HeaderName::from_static("institutionid"), HeaderValue::from_static("00516"))
        .fresh_id_header(HeaderName::from_static("transactionid"));
    let transport = Transport::builder("test").build().unwrap();
    for _ in 0..2 {
        let _ = source.fetch(transport.http()).await.unwrap();
    }
    let requests = server.requests();
    let ids: Vec<_> = requests
        .iter()
        .map(|request| {
            let (head, body) = parts(request);
            assert_eq!(
                body,
                form(&[("grant_type", "client_credentials"), ("scopes", "accounts:read,transactions:read")])
            );
            // base64 of `client%3A1:s3%26cret`
            assert!(head.contains("authorization: Basic Y2xpZW50JTNBMTpzMyUyNmNyZXQ=\r\n"), "{head}");
            assert!(head.contains("institutionid: 00516"), "{head}");
            let id = head.lines().find_map(|line| line.strip_prefix("transactionid: ")).unwrap();
            id.parse::<Uuid>().unwrap()
        })
        .collect();
    assert_ne!(ids[0], ids[1]);
}

/// Header and claims of a JWT whose signature a public key verifies.
fn verified(jwt: &str, key: UnparsedPublicKey<Vec<u8>>) -> (Value, Value) {
    let (message, signature) = jwt.rsplit_once('.').unwrap();
    key.verify(message.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).unwrap()).unwrap();
    let (header, claims) = message.split_once('.').unwrap();
    let decoded = |part: &str| from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
    (decoded(header), decoded(claims))
}

fn der(pem: &str) -> Vec<u8> {
    let lines: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    base64::engine::general_purpose::STANDARD.decode(lines).unwrap()
}

fn public_rsa() -> UnparsedPublicKey<Vec<u8>> {
    let pair = RsaKeyPair::from_pkcs8(&der(RSA)).unwrap();
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public_key().as_ref().to_vec())
}

fn public_p256() -> UnparsedPublicKey<Vec<u8>> {
    let random = ring::rand::SystemRandom::new();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der(P256), &random).unwrap();
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, pair.public_key().as_ref().to_vec())
}

fn key(pem: &str) -> SigningKey {
    SigningKey::from_pem("key-1", &SecretString::from(pem)).unwrap()
}

/// FinqLink: the form of its guide, with the assertion in place of a secret.
#[tokio::test]
async fn a_key_signs_an_assertion_for_each_request() {
    for (pem, algorithm, public) in
        [(RSA, "RS256", public_rsa as fn() -> _), (RSA_PKCS1, "RS256", public_rsa), (P256, "ES256", public_p256)]
    {
        let server = Server::start(vec![token()]).await;
        let source = grant(&server, ClientAuthentication::private_key_jwt("client-1", key(pem))).scope("pay_by_link");
        let transport = Transport::builder("test").build().unwrap();
        let mut ids = Vec::new();
        for _ in 0..2 {
            let _ = source.fetch(transport.http()).await.unwrap();
            let (head, mut body) = parts(server.requests().last().unwrap());
            assert!(!head.contains("authorization"), "{head}");
            let assertion = body.remove("client_assertion").unwrap();
            let expected = [
                ("grant_type", "client_credentials"),
                ("scope", "pay_by_link"),
                ("client_id", "client-1"),
                ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ];
            assert_eq!(body, form(&expected));
            let (header, mut claims) = verified(&assertion, public());
            assert_eq!(header, json!({"alg": algorithm, "typ": "JWT", "kid": "key-1"}));
            let id = claims.as_object_mut().unwrap().remove("jti").unwrap();
            ids.push(id.as_str().unwrap().parse::<Uuid>().unwrap());
            let expected = json!({
                "iss": "client-1", "sub": "client-1", "aud": endpoint(&server), "iat": NOW, "exp": NOW + 300,
            });
            assert_eq!(claims, expected);
        }
        assert_ne!(ids[0], ids[1]);
    }
}

#[tokio::test]
async fn audience_and_life_of_an_assertion_can_be_set() {
    let server = Server::start(vec![token()]).await;
    let client = ClientAuthentication::private_key_jwt("client-1", key(P256))
        .audience("https://issuer.example")
        .assertion_lifetime(Duration::from_secs(3600));
    fetch(grant(&server, client)).await.unwrap();
    let (_, body) = parts(&server.requests()[0]);
    let (_, claims) = verified(&body["client_assertion"], public_p256());
    assert_eq!((&claims["aud"], &claims["exp"]), (&json!("https://issuer.example"), &json!(NOW + 3600)));
}

#[test]
fn keys_that_cannot_sign_are_refused_with_a_remedy() {
    let refused = |pem: &str| SigningKey::from_pem("key-1", &SecretString::from(pem)).unwrap_err();
    assert_eq!(refused(include_str!("keys/p256_sec1.pem")), SigningError::NotPkcs8);
    assert_eq!(refused("no key"), SigningError::NoKey);
    assert_eq!(refused(include_str!("keys/ca.pem")), SigningError::NoKey);
    let damaged = RSA.replacen("MII", "MIJ", 1);
    assert!(matches!(refused(&damaged), SigningError::Rejected(_)));
    assert_eq!(format!("{:?}", key(P256)), r#"SigningKey { id: "key-1", algorithm: "ES256", .. }"#);
}

#[test]
fn secrets_are_sent_over_tls_alone() {
    for (url, error) in [
        ("/token", Some(InvalidEndpoint::NoUrl)),
        ("http://login.bank.example/token", Some(InvalidEndpoint::NoTls)),
        ("http://127.0.0.1.bank.example/token", Some(InvalidEndpoint::NoTls)),
        ("ftp://127.0.0.1/token", Some(InvalidEndpoint::NoTls)),
        ("https://login.bank.example/token", None),
        ("http://127.0.0.1:1/token", None),
        ("http://[::1]:1/token", None),
        ("http://localhost/token", None),
    ] {
        assert_eq!(ClientCredentials::new(url, by_secret()).err(), error, "{url}");
    }
}

#[tokio::test]
async fn errors_of_the_endpoint_are_typed_and_show_no_prose() {
    let body = json!({"error": "invalid_client", "error_description": "unknown s3cret"}).to_string();
    let server = Server::start(vec![answer("401 Unauthorized", &["retry-after: 7"], &body)]).await;
    let error = fetch(grant(&server, by_secret())).await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::UNAUTHORIZED));
    assert_eq!((error.code(), error.description()), (Some("invalid_client"), Some("unknown s3cret")));
    assert_eq!((error.retry_after(), error.is_retryable()), (Some(Duration::from_secs(7)), false));
    assert_eq!(error.to_string(), "the token endpoint answered 401 Unauthorized: invalid_client");
    assert!(!format!("{error:?}").contains("s3cret"));

    for (status, body, retryable) in [
        ("503 Service Unavailable", "<html>", true),
        ("400 Bad Request", r#"{"error":"temporarily_unavailable"}"#, true),
        ("400 Bad Request", r#"{"error":["invalid_scope"]}"#, false),
        ("500 Internal Server Error", "[]", false),
    ] {
        let server = Server::start(vec![answer(status, &[], body)]).await;
        let error = fetch(grant(&server, by_secret())).await.unwrap_err();
        assert_eq!((error.is_retryable(), server.requests().len()), (retryable, 1), "{status}");
        assert!(error.to_string().starts_with(&format!("the token endpoint answered {status}")), "{error}");
    }
}

#[tokio::test]
async fn answers_that_are_no_token_are_refused() {
    let long = format!(r#"{{"access_token":"{}"}}"#, "x".repeat(64 << 10));
    for (body, message) in [
        ("<html>", "the token endpoint's answer is no JSON object, though its status is a success"),
        ("{}", "the token endpoint's answer holds no `access_token`"),
        (r#"{"access_token":""}"#, "the token endpoint's answer holds no `access_token`"),
        (
            r#"{"access_token":"t","token_type":"DPoP"}"#,
            "the token endpoint gave a token of another type than `Bearer`",
        ),
        (long.as_str(), "the token endpoint's answer is too long"),
    ] {
        let server = Server::start(vec![answer("200 OK", &[], body)]).await;
        assert_eq!(fetch(grant(&server, by_secret())).await.unwrap_err().to_string(), message);
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let target = Server::start(vec![token()]).await;
    let location = format!("location: {}", endpoint(&target));
    let server = Server::start(vec![answer("307 Temporary Redirect", &[&location], "")]).await;
    let error = fetch(grant(&server, by_secret())).await.unwrap_err();
    assert_eq!(error.to_string(), "the token endpoint answered 307 Temporary Redirect");
    assert!(target.requests().is_empty());

    // An own client may follow; what it brings is refused.
    let source = grant(&server, by_secret());
    let error = source.fetch(&reqwest::Client::new()).await.unwrap_err();
    assert!(error.to_string().starts_with("the token endpoint redirected"), "{error}");
}

#[tokio::test]
async fn an_endpoint_that_is_not_there_is_a_cause_without_its_url() {
    let server = Server::start(vec![server::last_answer("503 Service Unavailable", &[], "")]).await;
    fetch(grant(&server, by_secret())).await.unwrap_err();
    let error = fetch(grant(&server, by_secret())).await.unwrap_err();
    assert_eq!(error.to_string(), "could not connect to the token endpoint");
    assert!(error.is_retryable() && error.source().is_some());
    assert!(!format!("{error:?} {:?}", error.source().unwrap()).contains("/oauth2/token"));
}

#[tokio::test]
async fn the_life_of_a_token_is_read_in_each_form() {
    let transport = Transport::builder("test").build().unwrap();
    for (expires_in, lifetime) in [
        (json!(3600), "Some(3600s)"),
        (json!("3600"), "Some(3600s)"),
        (json!(3599.9), "Some(3599s)"),
        (json!(0), "Some(0ns)"),
        (json!(-1), "None"),
        (json!("soon"), "None"),
        (json!(1e300), "None"),
        (Value::Null, "None"),
    ] {
        let server = Server::start(vec![given(&json!({"access_token": "t0ken", "expires_in": expires_in}))]).await;
        let token = grant(&server, by_secret()).fetch(transport.http()).await.unwrap();
        assert_eq!(format!("{token:?}"), format!("Token {{ lifetime: {lifetime}, .. }}"));
    }
}

#[tokio::test]
async fn an_endpoint_that_asks_for_time_is_given_it() {
    let server = Server::start(vec![answer("429 Too Many Requests", &["retry-after: 60"], ""), token()]).await;
    let transport = Transport::builder("test").build().unwrap();
    let now = std::sync::Arc::new(std::sync::Mutex::new(SystemTime::UNIX_EPOCH));
    let clock = now.clone();
    let tokens = Tokens::with_clock(grant(&server, by_secret()), move || *clock.lock().unwrap());
    for _ in 0..10 {
        assert_eq!(tokens.token(transport.http()).await.unwrap_err().status(), Some(StatusCode::TOO_MANY_REQUESTS));
    }
    assert_eq!(server.requests().len(), 1);
    *now.lock().unwrap() += Duration::from_secs(60);
    assert_eq!(tokens.token(transport.http()).await.unwrap().expose_secret(), "t0ken");
}

#[tokio::test]
async fn calls_have_the_token_and_a_new_one_when_it_is_refused() {
    let login = Server::start(vec![token(), given(&json!({"access_token": "t0ken-2"}))]).await;
    let api = Server::start(vec![answer("401 Unauthorized", &[], ""), answer("200 OK", &[], "{}")]).await;
    let auth = Auth::tokens(Tokens::new(grant(&login, by_secret())));
    let transport = Transport::builder("test").auth(auth).retry(RetryPolicy::none()).build().unwrap();
    let base = api.base_url();
    let response = transport.execute(api.request(Method::POST, "/payments"), Call::new("pay", &base)).await.unwrap();
    assert_eq!((response.status(), login.requests().len()), (StatusCode::OK, 2));
    let requests = api.requests();
    assert!(requests[0].contains("authorization: Bearer t0ken\r\n") && requests[1].contains("Bearer t0ken-2\r\n"));
}

#[tokio::test]
async fn without_a_token_the_error_of_the_call_says_why() {
    let body = json!({"error": "invalid_scope"}).to_string();
    let login = Server::start(vec![answer("400 Bad Request", &[], &body)]).await;
    let auth = Auth::tokens(Tokens::new(grant(&login, by_secret())));
    let transport = Transport::builder("test").auth(auth).build().unwrap();
    let request = reqwest::Request::new(Method::GET, "http://127.0.0.1:1/".parse().unwrap());
    let error = transport.execute(request, Call::new("list", "http://127.0.0.1:1")).await.unwrap_err();
    assert_eq!(error.phase(), Phase::BeforeSending);
    assert_eq!(
        error.to_string(),
        "list: not sent: no token: the token endpoint answered 400 Bad Request: invalid_scope"
    );
    let cause = error.source().unwrap().source().unwrap().downcast_ref::<TokenError>().unwrap();
    assert_eq!(cause.code(), Some("invalid_scope"));
    assert_eq!(login.requests().len(), 1);
}

/// Wych: the gateway's key on each call, the client's token for the exchange, the user's for data.
#[tokio::test]
async fn a_token_is_exchanged_for_another_one() {
    struct UserToken {
        base_url: String,
        client: Transport,
    }
    impl TokenSource for UserToken {
        fn fetch<'s>(&'s self, _: &'s reqwest::Client) -> TokenFuture<'s> {
            Box::pin(async move {
                let url = format!("{}/partner/p/app/a/user/u/token", self.base_url).parse().unwrap();
                let call = Call::new("retrieveUserToken", &self.base_url);
                let response = self.client.execute(reqwest::Request::new(Method::GET, url), call).await?;
                let answer: Value = from_str(&response.text().await?).map_err(|_| TokenError::new("no JSON"))?;
                Ok(Token::new(answer["access_token"].as_str().unwrap_or_default()))
            })
        }
    }
    let login = Server::start(vec![token()]).await;
    let user = given(&json!({"access_token": "user-t0ken"}));
    let api = Server::start(vec![user, answer("200 OK", &[], "[]")]).await;
    let key = || Auth::headers([(HeaderName::from_static("x-api-key"), "k3y".into())]);
    let client = key().and(Auth::tokens(Tokens::new(grant(&login, by_secret()))));
    let client = Transport::builder("wych").auth(client).build().unwrap();
    let source = UserToken { base_url: api.base_url(), client };
    let data = Transport::builder("wych").auth(key().and(Auth::tokens(Tokens::new(source)))).build().unwrap();
    data.execute(api.request(Method::GET, "/accounts"), Call::new("getAccounts", &api.base_url())).await.unwrap();
    let requests = api.requests();
    assert!(requests[0].starts_with("GET /partner/p/app/a/user/u/token ") && requests[1].starts_with("GET /accounts "));
    for (request, token) in requests.iter().zip(["t0ken", "user-t0ken"]) {
        assert!(request.contains("x-api-key: k3y\r\n"), "{request}");
        assert!(request.contains(&format!("authorization: Bearer {token}\r\n")), "{request}");
    }
}

#[test]
fn nothing_shows_a_secret() {
    let source = ClientCredentials::new("https://login.bank.example/s3cretPath", by_secret()).unwrap();
    let source = source.parameter("assertion", "s3cret");
    let basic = ClientAuthentication::secret_basic("client-1", "s3cret");
    let signed = ClientAuthentication::private_key_jwt("client-1", key(P256));
    assert!(!format!("{source:?} {basic:?} {:?}", Token::new("s3cret")).contains("s3cret"));
    assert_eq!(
        format!("{signed:?}"),
        r#"ClientAuthentication::Jwt(SigningKey { id: "key-1", algorithm: "ES256", .. })"#
    );
}
