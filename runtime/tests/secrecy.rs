//! What fails with secrets at hand shows none of them: on the way to a connection, to a token, through a proxy. A binary of
//! its own: `tracing` remembers for the whole process whether anybody listens.

#![allow(clippy::unwrap_used)]

use std::error::Error as StdError;
use std::io::Write;
use std::sync::{Arc, Mutex};

use obkit_runtime::oauth2::{ClientAuthentication, ClientCredentials};
use obkit_runtime::serde_json::Value;
use obkit_runtime::{Auth, Error, RetryPolicy, TokenSource as _, Tokens, Transport};

mod fault;

use fault::{ALL, Asked, Faults, SECRET, Step, answer, assert_hidden, builder, call};

/// Everything that `tracing` writes on this thread.
#[derive(Clone, Default)]
struct Capture(Arc<Mutex<Vec<u8>>>);

impl Write for Capture {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// An error and everything behind it.
fn shown(error: &dyn StdError) -> String {
    let mut text = format!("{error} {error:?} {error:#?}");
    let mut next = error.source();
    while let Some(error) = next {
        text.push_str(&format!(" {error} {error:?} {error:#?}"));
        next = error.source();
    }
    text
}

/// A URL that requests cannot be made of, or sent to.
fn requests_that_cannot_be_built() {
    let transport = builder().build().unwrap();
    for url in [
        format!("{SECRET}?token={SECRET}"),
        format!("http://user:{SECRET}@/?token={SECRET}"),
        format!("http://[{SECRET}]/"),
        format!("http://bank.example:{SECRET}/"),
        format!("file:///?token={SECRET}"),
        format!("data:{SECRET}"),
    ] {
        let error = transport.http().get(&url).build().unwrap_err();
        assert_hidden(&Error::from(error));
    }
    let header = transport.http().get("http://bank.example/").header("x", format!("{SECRET}\n")).build().unwrap_err();
    assert_hidden(&Error::from(header));
}

/// Calls through proxies that are not there, refuse, or hang up.
async fn proxies() {
    let refused = answer("407 Proxy Authentication Required", &["connection: close"], SECRET);
    for script in [vec![Step::Read, refused], vec![Step::Read], vec![Step::Read, Step::Reset]] {
        let proxy = Faults::start(vec![script]).await;
        let url = proxy.base_url.replace("http://", &format!("http://user:{SECRET}@"));
        let transport = builder().proxy(url).plaintext_credentials().build().unwrap();
        for scheme in ["http", "https"] {
            let base_url = format!("{scheme}://bank.example");
            let error = call::<Value>(&transport, &base_url, Asked::Pay).await.unwrap_err();
            // Through a tunnel, nothing but its destination has been sent.
            assert_eq!(error.may_have_been_sent(), scheme == "http", "{error}");
        }
    }
    for url in [format!("nonsense {SECRET}"), format!("{SECRET}://x"), format!("http://user:{SECRET}@:0")] {
        if let Err(error) = Transport::builder("test").proxy(url).build() {
            assert!(!shown(&error).contains(SECRET));
        }
    }
}

/// A token endpoint with a key in its URL, which fails in each way.
async fn token_endpoints() {
    let echo = |name: &str| format!(r#"{{"{name}":"{SECRET} {SECRET}","access_token":7}}"#);
    for script in [
        vec![Step::Read],
        vec![Step::Read, Step::Reset],
        vec![Step::Read, answer("200 OK", &[], SECRET)],
        vec![Step::Read, answer("200 OK", &[], echo("x"))],
        vec![Step::Read, answer("200 OK", &["content-length: 100"], SECRET)],
        vec![Step::Read, answer("302 Found", &[&format!("location: /{SECRET}")], "")],
        vec![Step::Read, answer("400 Bad Request", &[], echo("error"))],
        vec![Step::Read, answer("400 Bad Request", &[], echo("error_description"))],
    ] {
        let endpoint = Faults::start(vec![script]).await;
        let client = ClientAuthentication::secret_post("client", format!("{SECRET}-client"));
        let url = format!("{}/token?key={SECRET}", endpoint.base_url);
        let grant = ClientCredentials::new(&url, client).unwrap();
        let failure = grant.fetch(Transport::builder("test").build().unwrap().http()).await.unwrap_err();
        assert!(!shown(&failure).contains(SECRET), "{}", shown(&failure));
        let transport = builder().auth(Auth::tokens(Tokens::new(grant))).build().unwrap();
        let error = call::<Value>(&transport, &endpoint.base_url, Asked::Pay).await.unwrap_err();
        assert!(!error.may_have_been_sent() && !format!("{transport:?}").contains(SECRET));
        assert!(endpoint.requests().concat().contains("client_secret=s3cret-client"));
    }
}

/// Answers that quote what was sent, in each place.
async fn echoes() {
    let json = format!(r#"{{"{SECRET}20201555":"{SECRET}","code":"{SECRET}","message":"{SECRET}"}}"#);
    for status in ["200 OK", "302 Found", "400 Bad Request", "401 Unauthorized", "503 Service Unavailable"] {
        let head = [format!("location: /{SECRET}"), format!("www-authenticate: Bearer {SECRET}")];
        let head = [&*head[0], &*head[1], "connection: close"];
        let server = Faults::start(vec![vec![Step::Read, answer(status, &head, &json)]]).await;
        for asked in ALL {
            assert!(call::<Vec<i32>>(&builder().build().unwrap(), &server.base_url, asked).await.is_err());
        }
    }
}

#[tokio::test]
async fn no_failure_shows_a_secret_and_no_trace_of_it_does() {
    let capture = Capture::default();
    let writer = capture.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    requests_that_cannot_be_built();
    proxies().await;
    token_endpoints().await;
    echoes().await;
    let debug = format!("{:?} {:#?} {:?}", builder(), builder().build().unwrap(), RetryPolicy::default());
    assert!(!debug.contains(SECRET), "{debug}");

    let trace = String::from_utf8(capture.0.lock().unwrap().clone()).unwrap();
    assert!(trace.contains("obkit.call") && trace.contains("trying again"), "the calls were traced");
    for line in trace.lines() {
        assert!(!line.contains(SECRET), "{line}");
        let base64 = ["YXBwOnMzY3JldC1wYXNzd29yZA", "dXNlcjpzM2NyZXQ"];
        assert!(base64.iter().all(|credentials| !line.contains(credentials)), "{line}");
    }
}
