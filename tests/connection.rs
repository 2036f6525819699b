//! How a provider is reached: every setting on the wire, through each provider's configuration.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../runtime/tests/server/mod.rs"]
mod server;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use obkit::provider::{candescent, fena, finqlink, wych, yapily};
use obkit::runtime::{Attempt, AttemptAnswer, Observer, RateLimit, RetryPolicy};
use obkit::{Config, ConnectError, ConnectionSettings, connect};
use server::{Server, answer};

/// Every provider's configuration, with these settings.
fn configs(settings: &ConnectionSettings) -> Vec<Config> {
    vec![
        yapily::Config::new("id", "secret").settings(settings.clone()).into(),
        fena::Config::new("https://replaced.invalid", "id", "secret").settings(settings.clone()).into(),
        finqlink::Config::new("id", "token").settings(settings.clone()).into(),
        candescent::Config::new("token", candescent::User::OfToken).settings(settings.clone()).into(),
        wych::Config::new("partner", "app", "key", "token").settings(settings.clone()).into(),
    ]
}

/// Makes one call that every attempt of which the server refuses.
async fn call(config: &Config) -> obkit::Error {
    let provider = connect(config).unwrap();
    let none = obkit::domain::ConsentReference { id: String::new(), token: Some("consent".into()) };
    match provider.institutions() {
        Ok(institutions) => institutions.institutions().await.unwrap_err(),
        Err(_) => provider.accounts().unwrap().accounts(&none).await.unwrap_err(),
    }
}

async fn busy() -> Server {
    Server::start(vec![answer("503 Service Unavailable", &[], "")]).await
}

fn settings(server: &Server) -> ConnectionSettings {
    ConnectionSettings::new().base_url(server.base_url()).retry(RetryPolicy::none())
}

#[tokio::test]
async fn requests_go_to_the_base_url_as_the_application_that_is_named() {
    let server = busy().await;
    let named = settings(&server).application("acme-pay/1.2").user_agent("bank/3");
    for config in configs(&named) {
        call(&config).await;
        let request = server.requests().pop().unwrap();
        assert!(request.contains("user-agent: acme-pay/1.2 bank/3\r\n"), "{config:?}: {request}");
    }
    assert_eq!(server.requests().len(), 5);
}

/// One text says what is wrong: who prints the error without its causes must not have to guess.
#[test]
fn what_no_header_can_carry_is_named() {
    let why = |config: Config| match connect(&config) {
        Ok(_) => panic!("{config:?} connects"),
        Err(error) => error.to_string(),
    };
    let config = fena::Config::new("https://bank.example", "id", "hunter2\n");
    let message = why(config.into());
    assert!(message.contains("the header client_secret") && message.contains("line break"), "{message}");
    assert!(!message.contains("hunter2"), "{message}");
    for settings in [ConnectionSettings::new().user_agent("bank\n"), ConnectionSettings::new().application("acme\n")] {
        for config in configs(&settings) {
            let message = why(config);
            assert!(message.starts_with("the user agent or the application's name holds"), "{message}");
        }
    }
}

#[tokio::test]
async fn calls_are_repeated_by_the_policy_that_is_set() {
    for config in configs(&ConnectionSettings::new()) {
        // FinqLink reads by `POST`, which nobody repeats.
        let expected = if config.provider() == "finqlink" { 1 } else { 4 };
        let server = busy().await;
        let policy = RetryPolicy::default().max_attempts(4).base_delay(Duration::ZERO);
        let config = config.map_settings(|settings| settings.base_url(server.base_url()).retry(policy));
        call(&config).await;
        assert_eq!(server.requests().len(), expected, "{config:?}");
    }
}

#[tokio::test]
async fn a_clone_keeps_the_rate_limit_together() {
    let server = busy().await;
    let limited = settings(&server).call_timeout(Duration::from_secs(1));
    for config in configs(&limited) {
        let hourly = RateLimit::new(1, Duration::from_secs(3600));
        let config = config.map_settings(|settings| settings.rate_limit(hourly));
        assert!(call(&config).await.may_have_been_sent());
        assert!(!call(&config.clone()).await.may_have_been_sent(), "{config:?}");
    }
    assert_eq!(server.requests().len(), 5);
}

/// Nothing of a call gets as far as the proxy, by which it would go in the clear.
#[tokio::test]
async fn credentials_are_not_sent_in_the_clear() {
    let proxy = busy().await;
    let settings = ConnectionSettings::new().base_url("http://bank.invalid/v1").proxy(proxy.base_url());
    for config in configs(&settings) {
        let error = call(&config).await;
        assert!(!error.may_have_been_sent() && !error.is_retryable(), "{error}");
        assert!(error.to_string().contains("by http to another machine; use https"), "{error}");
    }
    assert_eq!(proxy.requests(), [""; 0]);
}

#[tokio::test]
async fn requests_go_through_the_proxy() {
    let proxy = busy().await;
    let settings = ConnectionSettings::new().base_url("http://bank.invalid/v1").retry(RetryPolicy::none());
    let settings = settings.plaintext_credentials();
    let address = proxy.base_url().replace("http://", "http://user:pass@");
    for config in configs(&settings.proxy(address)) {
        call(&config).await;
        let request = proxy.requests().pop().unwrap();
        assert!(request.contains(" http://bank.invalid/v1/"), "{request}");
        assert!(request.contains("proxy-authorization: Basic dXNlcjpwYXNz\r\n"), "{request}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_ends_in_its_time() {
    // Nobody accepts.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let base = ConnectionSettings::new().base_url(url).retry(RetryPolicy::none());
    let times = [
        (base.clone().attempt_timeout(Duration::from_secs(3)), 3),
        (base.clone().call_timeout(Duration::from_secs(2)), 2),
    ];
    for (settings, expected) in times {
        for config in configs(&settings) {
            let start = tokio::time::Instant::now();
            call(&config).await;
            assert_eq!(start.elapsed().as_secs(), expected, "{config:?}");
        }
    }
}

#[test]
fn certificates_and_keys_are_those_of_the_transport() {
    let message = |settings: &ConnectionSettings| {
        let mut messages = configs(settings).into_iter().map(|config| connect(&config).unwrap_err().to_string());
        let message = messages.next().unwrap();
        assert!(messages.all(|other| other == message));
        message
    };
    let none = ConnectionSettings::new().base_url("https://bank.invalid");
    let authorities = "the authorities are no PEM text with a certificate";
    assert_eq!(message(&none.clone().root_certificates("no PEM")), authorities);
    assert_eq!(message(&none.clone().only_root_certificates("no PEM")), authorities);
    assert!(message(&none.clone().identity("no PEM")).starts_with("the client identity is no PEM text"));
    let own = none.identity("PEM").http(obkit::runtime::reqwest::Client::builder().build().unwrap());
    assert!(message(&own).starts_with("an own HTTP client"));
}

struct Statuses(Mutex<Vec<u16>>);

impl Observer for Statuses {
    fn on_answer(&self, _: &Attempt<'_>, answer: &AttemptAnswer) {
        self.0.lock().unwrap().extend(answer.status.map(|status| status.as_u16()));
    }
}

#[tokio::test]
async fn every_attempt_is_observed() {
    let server = busy().await;
    let statuses = Arc::new(Statuses(Mutex::default()));
    for config in configs(&settings(&server).observer(statuses.clone())) {
        call(&config).await;
    }
    assert_eq!(*statuses.0.lock().unwrap(), [503; 5]);
}

#[test]
fn an_environment_is_one_of_the_provider() {
    let message = |config: Config| connect(&config).unwrap_err().to_string();
    let outcomes: Vec<String> =
        configs(&ConnectionSettings::new().environment("moon")).into_iter().map(message).collect();
    let own = |provider: &str| {
        format!(
            "{provider} has no environment `moon`, nor any other\n  help: set the base URL that {provider} gave you"
        )
    };
    let listed = |provider: &str, name: &str| {
        let help = format!("there is `{name}`; set a base URL for any other");
        format!("{provider} has no environment `moon`\n  help: {help}")
    };
    let expected = [
        listed("yapily", "production"),
        own("fena"),
        listed("finqlink", "sandbox"),
        own("candescent"),
        listed("wych", "production"),
    ];
    assert_eq!(outcomes, expected);
    for (config, name) in [(0, "production"), (2, "sandbox"), (4, "production")] {
        let config = configs(&ConnectionSettings::new().environment(name)).swap_remove(config);
        connect(&config).unwrap();
    }
}

#[test]
fn a_host_that_nobody_publishes_is_set() {
    let error = connect(&fena::Config::new("", "id", "secret").settings(ConnectionSettings::new()).into()).unwrap_err();
    assert!(matches!(error, ConnectError::NoBaseUrl { provider: "fena" }));
    assert_eq!(error.to_string(), "fena publishes no host\n  help: set the base URL that comes with the credentials");
    for url in ["", "api.bank.example", "ftp://bank.example", "https://", "https://bank.example/?key=s3cret", "/v1"] {
        let error = connect(&yapily::Config::new("id", "secret").base_url(url).into()).unwrap_err();
        assert!(matches!(error, ConnectError::InvalidBaseUrl { .. }), "{url}");
        assert!(!error.to_string().contains("s3cret"));
    }
}

#[test]
fn the_environments_are_those_of_the_table_of_providers() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/specs/providers.toml")).unwrap();
    let environments = [
        ("yapily", yapily::ENVIRONMENTS),
        ("fena", fena::ENVIRONMENTS),
        ("finqlink", finqlink::ENVIRONMENTS),
        ("candescent", candescent::ENVIRONMENTS),
        ("wych", wych::ENVIRONMENTS),
    ];
    let mut providers = text.split("[[provider]]").skip(1);
    for (name, known) in environments {
        let row = providers.next().unwrap();
        assert!(row.contains(&format!("name = \"{name}\"")));
        let line = row.lines().find_map(|line| line.strip_prefix("environments = ")).unwrap_or("{  }");
        let known: Vec<String> = known.iter().map(|(name, url)| format!("{name} = \"{url}\"")).collect();
        assert_eq!(line, format!("{{ {} }}", known.join(", ")));
    }
    assert!(providers.next().is_none());
}
