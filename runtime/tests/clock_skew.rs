//! Clocks that are not those of the provider, or are set while a program runs.

#![allow(clippy::unwrap_used)]

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use obkit_runtime::oauth2::{ClientAuthentication, ClientCredentials, SigningKey};
use obkit_runtime::serde_json::Value;
use obkit_runtime::{Auth, Call, Error, Phase, Tokens, Transport};

mod fault;

use fault::{Asked, Faults, SECRET, Step, answer, builder, call, judgement, request};

/// Sun, 06 Nov 1994 08:49:37 GMT, the example of RFC 9110: the time of the servers.
const SERVER: u64 = 784_111_777;
const DATE: &str = "date: Sun, 06 Nov 1994 08:49:37 GMT";
const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

/// A clock that is set by hand, in seconds since 1970.
#[derive(Clone)]
struct Clock(Arc<Mutex<u64>>);

impl Clock {
    fn at(seconds: u64) -> Self {
        Self(Arc::new(Mutex::new(seconds)))
    }

    fn set(&self, seconds: u64) {
        *self.0.lock().unwrap() = seconds;
    }
}

impl obkit_runtime::Clock for Clock {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(*self.0.lock().unwrap())
    }
}

/// Tokens of an endpoint, on a clock.
fn tokens(endpoint: &Faults, client: ClientAuthentication, clock: &Clock) -> Tokens {
    let grant = ClientCredentials::new(&format!("{}/token", endpoint.base_url), client).unwrap();
    Tokens::with_clock(grant.clock(clock.clone()), clock.clone())
}

fn by_secret() -> ClientAuthentication {
    ClientAuthentication::secret_post("client", format!("{SECRET}-client"))
}

fn by_key() -> ClientAuthentication {
    let key = SigningKey::from_pem("key-1", &include_str!("keys/p256.pem").into()).unwrap();
    ClientAuthentication::private_key_jwt("client", key)
}

fn transport(tokens: &Tokens) -> Transport {
    builder().auth(Auth::tokens(tokens.clone())).build().unwrap()
}

fn given(number: u32) -> Vec<Step> {
    let token = format!(r#"{{"access_token":"{SECRET}-{number}","token_type":"Bearer","expires_in":3600}}"#);
    vec![Step::Read, answer("200 OK", &[DATE, "connection: close"], token)]
}

/// A provider that takes everything, one request for each connection.
async fn provider() -> Faults {
    Faults::start(vec![vec![Step::Read, answer("200 OK", &[DATE, "connection: close"], "[1]")]]).await
}

fn bearers(provider: &Faults) -> Vec<char> {
    let number = |request: String| {
        let bearer =
            request.lines().find_map(|line| line.strip_prefix("authorization: Bearer s3cret-")?.chars().next());
        bearer.unwrap()
    };
    provider.requests().into_iter().map(number).collect()
}

#[tokio::test]
async fn a_token_lives_as_long_whatever_the_clock_shows() {
    for here in [SERVER - 10 * DAY, SERVER, SERVER + 10 * DAY] {
        let (endpoint, provider, clock) =
            (Faults::start(vec![given(1), given(2)]).await, provider().await, Clock::at(here));
        let transport = transport(&tokens(&endpoint, by_secret(), &clock));
        for passed in [0, 3539, 3540] {
            clock.set(here + passed);
            call::<Value>(&transport, &provider.base_url, Asked::List).await.unwrap();
        }
        assert_eq!(bearers(&provider), ['1', '1', '2'], "replaced a minute before its end");
    }
}

#[tokio::test]
async fn a_clock_that_is_set_ahead_costs_a_token() {
    let (endpoint, provider, clock) =
        (Faults::start(vec![given(1), given(2)]).await, provider().await, Clock::at(SERVER));
    let transport = transport(&tokens(&endpoint, by_secret(), &clock));
    call::<Value>(&transport, &provider.base_url, Asked::List).await.unwrap();
    clock.set(SERVER + DAY);
    call::<Value>(&transport, &provider.base_url, Asked::List).await.unwrap();
    assert_eq!(bearers(&provider), ['1', '2']);
}

#[tokio::test]
async fn a_token_that_outlives_itself_by_a_clock_set_back_is_replaced_when_refused() {
    let endpoint = Faults::start(vec![given(1), given(2)]).await;
    let close = "connection: close";
    let provider = Faults::start(vec![
        vec![Step::Read, answer("200 OK", &[close], "[1]")],
        vec![Step::Read, answer("401 Unauthorized", &[close], SECRET)],
        vec![Step::Read, answer("200 OK", &[close], "[1]")],
    ])
    .await;
    let clock = Clock::at(SERVER);
    let transport = transport(&tokens(&endpoint, by_secret(), &clock));
    call::<Value>(&transport, &provider.base_url, Asked::Pay).await.unwrap();
    clock.set(SERVER - DAY);
    call::<Value>(&transport, &provider.base_url, Asked::Pay).await.unwrap();
    assert_eq!(bearers(&provider), ['1', '1', '2']);
}

#[tokio::test]
async fn a_clock_set_back_does_not_prolong_the_wait_for_a_token() {
    let busy = answer("503 Service Unavailable", &["retry-after: 60", "connection: close"], SECRET);
    let endpoint = Faults::start(vec![vec![Step::Read, busy], given(1)]).await;
    let (provider, clock) = (provider().await, Clock::at(SERVER));
    let transport = transport(&tokens(&endpoint, by_secret(), &clock));
    for _ in 0..3 {
        let error = call::<Value>(&transport, &provider.base_url, Asked::List).await.unwrap_err();
        let words = "call: not sent: no token: the token endpoint answered 503 Service Unavailable".to_owned();
        assert_eq!(judgement(&error), (Phase::BeforeSending, true, words));
    }
    assert_eq!(endpoint.requests().len(), 1, "nothing is asked of an endpoint that asks for time");
    clock.set(SERVER - DAY);
    call::<Value>(&transport, &provider.base_url, Asked::List).await.unwrap();
    assert_eq!(bearers(&provider), ['1']);
}

#[tokio::test]
async fn an_assertion_of_another_time_is_refused_and_the_error_says_so() {
    for (here, remark) in [
        (SERVER + HOUR, "; the clock of this machine is 3600 s ahead of the endpoint's"),
        (SERVER - HOUR, "; the clock of this machine is 3600 s behind the endpoint's"),
        (SERVER - 60, ""),
        (SERVER + 60, ""),
    ] {
        let refused = answer("401 Unauthorized", &[DATE], format!(r#"{{"error":"invalid_client","x":"{SECRET}"}}"#));
        let (endpoint, provider) = (Faults::start(vec![vec![Step::Read, refused]]).await, provider().await);
        let transport = transport(&tokens(&endpoint, by_key(), &Clock::at(here)));
        let error = call::<Value>(&transport, &provider.base_url, Asked::Pay).await.unwrap_err();
        let said = "call: not sent: no token: the token endpoint answered 401 Unauthorized: invalid_client";
        assert_eq!(judgement(&error), (Phase::BeforeSending, false, format!("{said}{remark}")));
        assert_eq!((endpoint.requests().len(), provider.requests().len()), (1, 0));
    }
}

#[tokio::test]
async fn a_date_to_wait_for_is_one_of_the_servers_clock() {
    // By the clock of this machine, all of these are long gone.
    for (until, wait) in [("08:49:37", 0), ("08:00:00", 0), ("09:49:37", HOUR)] {
        let head = [DATE, &format!("retry-after: Sun, 06 Nov 1994 {until} GMT"), "connection: close"];
        for status in ["429 Too Many Requests", "503 Service Unavailable"] {
            let server = Faults::start(vec![vec![Step::Read, answer(status, &head, SECRET)]]).await;
            let transport = builder().build().unwrap();
            let call = Call::new("call", &server.base_url);
            let response = transport.execute(request(&server.base_url, Asked::PayOnce), call).await.unwrap();
            let error = Error::<()>::from_response(response).await;
            assert_eq!(error.retry_after(), Some(Duration::from_secs(wait)));
            assert_eq!(server.requests().len(), if wait == 0 { 3 } else { 1 }, "{until}");
        }
    }
}
