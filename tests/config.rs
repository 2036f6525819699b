//! Every provider, built from TOML and from the environment, on the wire.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../runtime/tests/server/mod.rs"]
mod server;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use obkit::config::{Connections, Loader};
use obkit::domain::ConsentReference;
use obkit::{Config, ConnectionSettings};
use serde_json::{Value, json};
use server::{Server, answer};

const KEYS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/runtime/tests/keys");
const USER: &str = "0f6c1b0e-5f62-4a3c-9c39-1f0f4b9f2f11";

/// A server that issues a token first, and has nothing else to say.
async fn issuer() -> Server {
    let token = json!({"access_token": "fetched", "token_type": "Bearer", "expires_in": 3600}).to_string();
    let json = ["content-type: application/json"];
    Server::start(vec![answer("200 OK", &json, &token), answer("400 Bad Request", &json, "{}")]).await
}

async fn server() -> Server {
    Server::start(vec![answer("503 Service Unavailable", &[], "")]).await
}

/// Makes one call with a configuration; what becomes of it is not the matter here.
async fn call(config: &Config) {
    let provider = obkit::connect(config).unwrap();
    let consent = ConsentReference { id: "c".to_owned(), token: Some("consent".into()) };
    match provider.institutions() {
        Ok(institutions) if config.provider() != "wych" => drop(institutions.institutions().await),
        _ => drop(provider.accounts().unwrap().accounts(&consent).await),
    }
}

/// What the server was asked, by the configuration of a document and by that of variables, which have to be the same.
/// `{url}` is the server's address.
async fn asked(server: impl AsyncFn() -> Server, toml: &str, variables: &[(&str, &str)]) -> Vec<String> {
    let of_toml = server().await;
    let text = toml.replace("{url}", &of_toml.base_url()).replace("{keys}", KEYS);
    call(&Loader::new().toml(&text).unwrap()).await;

    let of_variables = server().await;
    let here = |value: &str| value.replace("{url}", &of_variables.base_url()).replace("{keys}", KEYS);
    let variables = variables.iter().map(|(name, value)| (format!("OBKIT_{name}"), here(value)));
    call(&Loader::new().variables(variables).env("OBKIT").unwrap()).await;

    let (first, second) = (of_toml.requests(), of_variables.requests());
    let comparable = |requests: &[String]| requests.iter().map(|request| stable(request)).collect::<Vec<_>>();
    assert_eq!(comparable(&first), comparable(&second));
    first
}

/// A request without what is different each time: the address, ids, and what is signed.
fn stable(request: &str) -> String {
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let is_new = |line: &&str| ["host:", "transactionid:", "content-length:"].iter().any(|name| line.starts_with(name));
    let lines: Vec<_> = head.split("\r\n").filter(|line| !is_new(line)).collect();
    format!("{}\n{}", lines.join("\n"), body.split("client_assertion=").next().unwrap())
}

fn line(request: &str) -> &str {
    request.split("\r\n").next().unwrap()
}

fn body(request: &str) -> &str {
    request.split_once("\r\n\r\n").unwrap().1
}

fn assert_header(request: &str, header: &str) {
    assert!(request.contains(&format!("\r\n{header}\r\n")), "{header} is not in {request}");
}

/// The header and the claims of the assertion in a form.
fn assertion(form: &str) -> (Value, Value) {
    let jwt = form.split('&').find_map(|pair| pair.strip_prefix("client_assertion=")).unwrap();
    let part = |at: usize| URL_SAFE_NO_PAD.decode(jwt.split('.').nth(at).unwrap()).unwrap();
    (serde_json::from_slice(&part(0)).unwrap(), serde_json::from_slice(&part(1)).unwrap())
}

#[tokio::test]
async fn yapily_by_id_and_secret() {
    let toml = r#"
        provider = "yapily"
        base_url = "{url}"
        application_id = "the-id"
        application_secret = "the-secret"
        retry = { max_attempts = 1 }
    "#;
    let variables = [
        ("PROVIDER", "yapily"),
        ("BASE_URL", "{url}"),
        ("YAPILY_APPLICATION_ID", "the-id"),
        ("YAPILY_APPLICATION_SECRET", "the-secret"),
        ("RETRY_MAX_ATTEMPTS", "1"),
        // Another provider's, for the day on which one word changes.
        ("FENA_CLIENT_ID", "other"),
    ];
    let requests = asked(server, toml, &variables).await;
    assert_eq!((requests.len(), line(&requests[0])), (1, "GET /institutions HTTP/1.1"));
    assert_header(&requests[0], &format!("authorization: Basic {}", STANDARD.encode("the-id:the-secret")));
}

#[tokio::test]
async fn fena_by_two_keys() {
    let toml = r#"
        provider = "fena"
        base_url = "{url}/uk"
        client_id = "the-id"
        client_secret = "the-secret"
    "#;
    let variables = [
        ("PROVIDER", "fena"),
        ("BASE_URL", "{url}/uk"),
        ("FENA_CLIENT_ID", "the-id"),
        ("FENA_CLIENT_SECRET", "the-secret"),
    ];
    let requests = asked(server, toml, &variables).await;
    assert!(line(&requests[0]).starts_with("GET /uk/"), "{}", requests[0]);
    assert_header(&requests[0], "client_id: the-id");
    assert_header(&requests[0], "client_secret: the-secret");
}

#[tokio::test]
async fn finqlink_by_a_token_or_a_secret_in_each_body() {
    let toml = "provider = 'finqlink'\nbase_url = '{url}'\nclient_id = 'xyz'\naccess_token = 'fresh'";
    let variables = [
        ("PROVIDER", "finqlink"),
        ("BASE_URL", "{url}"),
        ("FINQLINK_CLIENT_ID", "xyz"),
        ("FINQLINK_ACCESS_TOKEN", "fresh"),
    ];
    let requests = asked(server, toml, &variables).await;
    assert_header(&requests[0], "authorization: Bearer fresh");
    assert!(!requests[0].contains("client_secret"));

    let toml = "provider = 'finqlink'\nbase_url = '{url}'\nclient_id = 'xyz'\nclient_secret = 'shh'";
    let variables = [
        ("PROVIDER", "finqlink"),
        ("BASE_URL", "{url}"),
        ("FINQLINK_CLIENT_ID", "xyz"),
        ("FINQLINK_CLIENT_SECRET", "shh"),
    ];
    let requests = asked(server, toml, &variables).await;
    let sent: Value = serde_json::from_str(body(&requests[0])).unwrap();
    assert_eq!((&sent["client_id"], &sent["client_secret"]), (&json!("xyz"), &json!("shh")));
    assert!(!requests[0].contains("authorization"));
}

#[tokio::test]
async fn finqlink_by_fetched_tokens() {
    // The documented endpoint, at the server of the test.
    let toml = r#"
        provider = "finqlink"
        every_server_at = "{url}"
        client_id = "xyz"
        token = { client_secret = "shh" }
    "#;
    let variables = [
        ("PROVIDER", "finqlink"),
        ("EVERY_SERVER_AT", "{url}"),
        ("FINQLINK_CLIENT_ID", "xyz"),
        ("FINQLINK_TOKEN_CLIENT_SECRET", "shh"),
    ];
    let requests = asked(issuer, toml, &variables).await;
    assert_eq!(line(&requests[0]), "POST /oauth2/ausfqbxutkZBUKUgQ417/v1/token HTTP/1.1");
    assert_eq!(body(&requests[0]), "grant_type=client_credentials&scope=pay_by_link&client_id=xyz&client_secret=shh");
    assert_header(&requests[1], "authorization: Bearer fetched");
}

#[tokio::test]
async fn finqlink_by_a_signed_assertion() {
    for (file, algorithm) in [("rsa.pem", "RS256"), ("p256.pem", "ES256")] {
        let toml = r#"
            provider = "finqlink"
            base_url = "{url}"
            client_id = "xyz"
            scope = "ais pay_by_link"

            [token]
            url = "{url}/token"
            method = "private_key_jwt"
            private_key = { file = "{keys}/KEY" }
            key_id = "a1b2"
            audience = "https://issuer.example"
        "#;
        let key = format!("{KEYS}/{file}");
        let variables = [
            ("PROVIDER", "finqlink"),
            ("BASE_URL", "{url}"),
            ("FINQLINK_CLIENT_ID", "xyz"),
            ("FINQLINK_SCOPE", "ais pay_by_link"),
            ("FINQLINK_TOKEN_URL", "{url}/token"),
            ("FINQLINK_TOKEN_METHOD", "private_key_jwt"),
            ("FINQLINK_TOKEN_PRIVATE_KEY_FILE", &key),
            ("FINQLINK_TOKEN_KEY_ID", "a1b2"),
            ("FINQLINK_TOKEN_AUDIENCE", "https://issuer.example"),
        ];
        let requests = asked(issuer, &toml.replace("KEY", file), &variables).await;
        let form = body(&requests[0]);
        assert!(form.starts_with("grant_type=client_credentials&scope=ais+pay_by_link&client_id=xyz&"), "{form}");
        let (header, claims) = assertion(form);
        assert_eq!((&header["alg"], &header["kid"]), (&json!(algorithm), &json!("a1b2")));
        assert_eq!(
            (&claims["iss"], &claims["sub"], &claims["aud"]),
            (&json!("xyz"), &json!("xyz"), &json!("https://issuer.example"))
        );
        assert_header(&requests[1], "authorization: Bearer fetched");
    }
}

#[tokio::test]
async fn candescent_by_a_token_and_by_fetched_ones() {
    let toml = "provider = 'candescent'\nbase_url = '{url}'\naccess_token = 'fresh'\nlogin_id = 'jo'";
    let variables = [
        ("PROVIDER", "candescent"),
        ("BASE_URL", "{url}"),
        ("CANDESCENT_ACCESS_TOKEN", "fresh"),
        ("CANDESCENT_LOGIN_ID", "jo"),
    ];
    let requests = asked(server, toml, &variables).await;
    assert_header(&requests[0], "authorization: Bearer fresh");
    assert!(requests[0].to_lowercase().contains("loginid: jo") || line(&requests[0]).contains("loginId=jo"));

    let toml = r#"
        provider = "candescent"
        base_url = "{url}"
        institution_id = "00516"
        host_user_id = "dwhitfield"
        institution_customer_id = "main-street"
        [token]
        client_id = "the-id"
        client_secret = "the secret"
    "#;
    let variables = [
        ("PROVIDER", "candescent"),
        ("BASE_URL", "{url}"),
        ("CANDESCENT_INSTITUTION_ID", "00516"),
        ("CANDESCENT_HOST_USER_ID", "dwhitfield"),
        ("CANDESCENT_INSTITUTION_CUSTOMER_ID", "main-street"),
        ("CANDESCENT_TOKEN_CLIENT_ID", "the-id"),
        ("CANDESCENT_TOKEN_CLIENT_SECRET", "the secret"),
    ];
    let requests = asked(issuer, toml, &variables).await;
    assert_eq!(line(&requests[0]), "POST /oauth2/v1/token HTTP/1.1");
    assert_header(&requests[0], &format!("authorization: Basic {}", STANDARD.encode("the-id:the+secret")));
    assert_header(&requests[0], "institutionid: 00516");
    assert_header(&requests[1], "authorization: Bearer fetched");
    assert!(requests[1].contains("dwhitfield") && requests[1].contains("main-street"), "{}", requests[1]);
}

#[tokio::test]
async fn wych_by_a_token_and_by_fetched_ones() {
    let common =
        "provider = 'wych'\nevery_server_at = '{url}'\npartner_id = 'acme'\napp_id = 'budget'\napi_key = 'gate'\n";
    let named = [
        ("PROVIDER", "wych"),
        ("EVERY_SERVER_AT", "{url}"),
        ("WYCH_PARTNER_ID", "acme"),
        ("WYCH_APP_ID", "budget"),
        ("WYCH_API_KEY", "gate"),
    ];
    let with = |more: &[(&'static str, &'static str)]| [&named, more].concat();

    let toml = format!("{common}access_token = 'fresh'");
    let requests = asked(server, &toml, &with(&[("WYCH_ACCESS_TOKEN", "fresh")])).await;
    assert_header(&requests[0], "authorization: Bearer fresh");
    assert_header(&requests[0], "x-api-key: gate");

    let token = with(&[("WYCH_TOKEN_CLIENT_ID", "the-id"), ("WYCH_TOKEN_CLIENT_SECRET", "shh")]);
    let toml = format!("{common}token = {{ client_id = 'the-id', client_secret = 'shh' }}");
    let requests = asked(issuer, &toml, &token).await;
    assert_eq!(line(&requests[0]), "POST /realms/partner/protocol/openid-connect/token HTTP/1.1");
    assert_eq!(body(&requests[0]), "grant_type=client_credentials&client_id=the-id&client_secret=shh");
    assert_header(&requests[1], "authorization: Bearer fetched");
    assert_header(&requests[1], "x-api-key: gate");
}

#[tokio::test]
async fn wych_for_a_user_by_the_applications_token() {
    let token = |name: &str| {
        let token = json!({"access_token": name, "token_type": "Bearer", "expires_in": 3600}).to_string();
        answer("200 OK", &["content-type: application/json"], &token)
    };
    let server = Server::start(vec![token("application"), token("user"), answer("200 OK", &[], "[]")]).await;
    let toml = format!(
        "provider = 'wych'\nevery_server_at = '{}'\npartner_id = 'acme'\napp_id = 'budget'\napi_key = 'gate'\n\
         user_id = '{USER}'\ntoken = {{ client_id = 'the-id', client_secret = 'shh', method = 'client_secret_basic' }}",
        server.base_url()
    );
    call(&Config::from_toml(&toml).unwrap()).await;
    let requests = server.requests();
    assert_header(&requests[0], &format!("authorization: Basic {}", STANDARD.encode("the-id:shh")));
    assert!(line(&requests[1]).contains(USER), "{}", requests[1]);
    assert_header(&requests[1], "authorization: Bearer application");
    assert_header(&requests[1], "x-api-key: gate");
    assert_header(&requests[2], "authorization: Bearer user");
    assert_header(&requests[2], "x-api-key: gate");
}

const YAPILY: &str = "provider = 'yapily'\napplication_id = 'id'\napplication_secret = 'secret'\n";

fn yapily(more: &str) -> Config {
    Config::from_toml(&format!("{YAPILY}{more}")).unwrap()
}

#[tokio::test]
async fn the_settings_of_a_document_are_those_of_the_connection() {
    let named = server().await;
    let url = named.base_url();
    let more = "application = 'acme/1'\nuser_agent = 'bank/2'\nretry = { max_attempts = 4, base_delay = '0ms' }";
    call(&yapily(&format!("base_url = '{url}'\n{more}"))).await;
    assert_eq!(named.requests().len(), 4);
    assert_header(&named.requests()[0], "user-agent: acme/1 bank/2");

    let proxy = server().await;
    let more = "base_url = 'http://bank.invalid'\nretry.max_attempts = 1";
    let config = yapily(&format!("proxy = '{}'\n{more}", proxy.base_url()));
    call(&config.map_settings(ConnectionSettings::plaintext_credentials)).await;
    assert_eq!(line(&proxy.requests()[0]), "GET http://bank.invalid/institutions HTTP/1.1");

    let limited = server().await;
    let more = "retry.max_attempts = 1\ncall_timeout = '1s'\nrate_limit = { requests = 2, per = '1h', burst = 1 }";
    let config = yapily(&format!("base_url = '{}'\n{more}", limited.base_url()));
    call(&config).await;
    call(&config).await;
    assert_eq!(limited.requests().len(), 1, "the second one is not sent");
}

#[tokio::test(start_paused = true)]
async fn the_times_of_a_document_are_those_of_the_connection() {
    // Nobody accepts.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("base_url = 'http://{}'", listener.local_addr().unwrap());
    let once = "retry.max_attempts = 1";
    let cases = [
        (format!("attempt_timeout = '3s'\n{once}"), 3000),
        (format!("call_timeout = '1500ms'\n{once}"), 1500),
        (format!("attempt_timeout = '2m'\n{once}"), 120_000),
        // The second attempt would begin too late.
        ("attempt_timeout = '3s'\nretry = { max_attempts = 9, base_delay = '0ms', deadline = '2s' }".to_owned(), 3000),
    ];
    for (more, expected) in cases {
        let start = tokio::time::Instant::now();
        call(&yapily(&format!("{url}\n{more}"))).await;
        assert_eq!(start.elapsed().as_millis(), expected, "{more}");
    }
}

#[test]
fn certificates_and_keys_of_a_document_are_those_of_the_connection() {
    let message = |more: &str| obkit::connect(&yapily(more)).unwrap_err().to_string();
    for key in ["root_certificates", "only_root_certificates"] {
        assert_eq!(message(&format!("{key} = 'no PEM'")), "the authorities are no PEM text with a certificate");
        obkit::connect(&yapily(&format!("{key} = {{ file = '{KEYS}/ca.pem' }}"))).unwrap();
    }
    assert!(message("identity = 'no PEM'").starts_with("the client identity is no PEM"));
    obkit::connect(&yapily(&format!("identity = {{ file = '{KEYS}/client.pem' }}"))).unwrap();
}

#[tokio::test]
async fn texts_are_in_variables_and_in_files_beside_the_document() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("secrets")).unwrap();
    std::fs::write(folder.path().join("secrets/yapily"), "of a file \r\n\n").unwrap();
    let server = server().await;
    let text = format!(
        "provider = 'yapily'\nbase_url = '{}'\napplication_id = {{ env = 'BANK_ID' }}\n\
         application_secret = {{ file = 'secrets/yapily' }}\nretry.max_attempts = 1",
        server.base_url()
    );
    let path = folder.path().join("bank.toml");
    std::fs::write(&path, text).unwrap();
    let loader = Loader::new().variables([("BANK_ID", "of a variable")]);
    call(&loader.file(&path).unwrap()).await;
    // Only line breaks at the end do not count.
    let expected = STANDARD.encode("of a variable:of a file ");
    assert_header(&server.requests()[0], &format!("authorization: Basic {expected}"));
}

#[test]
fn the_variables_are_the_process_s_own() {
    // Cargo sets it, and it is no secret.
    let text = "provider = 'yapily'\napplication_id = { env = 'CARGO_PKG_NAME' }\napplication_secret = 's'";
    assert_eq!(Config::from_toml(text).unwrap().provider(), "yapily");
    let error = Config::from_env("OBKIT_NOBODY_SETS").unwrap_err();
    assert_eq!(error.key(), Some("provider"));
}

#[test]
fn connections_are_read_one_by_one() {
    let text = "
        [connections.main]
        provider = 'yapily'
        application_id = 'id'
        application_secret = { env = 'NOBODY_SETS_THIS' }

        [connections.uk]
        provider = 'fena'
        base_url = 'https://api.bank.example'
        client_id = 'id'
        client_secret = 'secret'
    ";
    let connections = Connections::from_toml(text).unwrap();
    assert_eq!(connections.names().collect::<Vec<_>>(), ["main", "uk"]);
    assert_eq!(connections.config("uk").unwrap().provider(), "fena");
    let error = connections.config("main").unwrap_err();
    assert_eq!((error.key(), error.line_column()), (Some("application_secret"), Some((5, 30))));
}

#[test]
fn a_connection_is_part_of_a_programs_own_configuration() {
    #[derive(Debug, serde::Deserialize)]
    struct Own {
        port: u16,
        bank: Config,
    }
    let json = r#"{"port": 80, "bank": {"provider": "yapily", "application_id": "id", "application_secret": "s3cret",
                   "rate_limit": {"requests": 10, "per": "1s"}}}"#;
    let own: Own = serde_json::from_str(json).unwrap();
    assert_eq!((own.port, own.bank.provider()), (80, "yapily"));
    let error = serde_json::from_str::<Own>(&json.replace("\"1s\"", "\"s3cret\"")).unwrap_err().to_string();
    assert!(error.starts_with("`rate_limit.per` is not a time such as `250ms`"), "{error}");
    assert!(!error.contains("s3cret"));
}

/// The code block of the README that begins with this line.
fn readme_block(first: &str) -> String {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let start = text.find(first).unwrap();
    text[start..start + text[start..].find("\n```").unwrap()].to_owned()
}

#[test]
fn the_readme_works_line_by_line() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("secrets")).unwrap();
    std::fs::copy(format!("{KEYS}/rsa.pem"), folder.path().join("secrets/finqlink.pem")).unwrap();
    let toml = readme_block("# bank.toml");
    let path = folder.path().join("bank.toml");
    std::fs::write(&path, toml).unwrap();
    let variables = readme_block("export OBKIT_PROVIDER");
    let variables = variables.lines().map(|line| line.strip_prefix("export ").unwrap().split_once('=').unwrap());
    let loader = Loader::new().folder(folder.path()).variables(variables);
    for config in [Config::from_file(&path).unwrap(), loader.env("OBKIT").unwrap()] {
        assert_eq!(config.provider(), "finqlink");
        let shown = format!("{config:?}");
        assert!(shown.contains("call_timeout: Some(20s)") && shown.contains("max_attempts: 5"), "{shown}");
        obkit::connect(&config).unwrap();
    }
}
