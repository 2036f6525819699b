//! No secret, URL, header or body shows in a `Debug`, a `Display`, a chain of sources, or a trace.

#![allow(clippy::unwrap_used)]

use std::error::Error as StdError;
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use obkit_runtime::reqwest::Method;
use obkit_runtime::{Auth, Call, Error, ResponseValue, RetryPolicy, Sensitive, Transport, header_value, path_segment};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;

mod server;

use server::{Answer, Server, answer};

/// Planted in the credentials, a header, the path, the query, the request's body and the answer's body and headers.
const SECRETS: [&str; 9] = [
    "s3cretAuth",
    "s3cretKey",
    "s3cretSession",
    "s3cretConsent",
    "s3cretPath",
    "s3cretQuery",
    "s3cretBody",
    "s3cretAnswer",
    "s3cretCookie",
];

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

impl<'a> MakeWriter<'a> for Capture {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

fn assert_redacted(shown: &str) {
    for secret in SECRETS {
        assert!(!shown.contains(secret), "{secret} shows in {shown}");
    }
    // hyper itself names the host that it connects to, at the levels TRACE and DEBUG.
    for line in shown.lines().filter(|line| !line.contains(" hyper_util::")) {
        assert!(!line.contains("127.0.0.1"), "the URL shows in {line}");
    }
}

fn shown(error: &dyn StdError) -> String {
    let mut text = format!("{error} {error:?} {error:#?}");
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(&format!(" {error} {error:?} {error:#?}"));
        source = error.source();
    }
    text
}

async fn call(transport: &Transport, server: &Server) -> Result<ResponseValue<Vec<i32>>, Error> {
    let path = path_segment("id", &Sensitive::from("s3cretPath"))?;
    let mut request = server.request(Method::PUT, &format!("/accounts/{path}?iban=s3cretQuery"));
    request.headers_mut().insert("consent", header_value(&Sensitive::from("s3cretConsent"))?);
    *request.body_mut() = Some("s3cretBody".into());
    let response = transport.execute(request, Call::new("putAccount", &server.base_url())).await;
    if let Err(error) = &response {
        assert_redacted(&shown(error));
    }
    let response = response?;
    match response.status().is_success() {
        true => ResponseValue::from_response(response).await,
        false => Err(Error::from_response(response).await),
    }
}

#[tokio::test]
async fn nothing_shows_a_secret() {
    let capture = Capture::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(capture.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    let transport = Transport::builder("test")
        .auth(
            Auth::basic("app", "s3cretAuth")
                .and(Auth::query([("key", "s3cretKey".into())]))
                .and(Auth::cookie([("session", "s3cretSession".into())])),
        )
        .retry(RetryPolicy::default().base_delay(Duration::ZERO))
        .build()
        .unwrap();
    let headers = ["set-cookie: s3cretCookie", "tracing-id: trace-1", "content-type: application/json"];
    for answers in [
        vec![answer("503 Service Unavailable", &headers, r#"{"message":"s3cretAnswer"}"#)],
        vec![answer("400 Bad Request", &headers, r#"{"code":"s3cretAnswer"}"#)],
        vec![answer("200 OK", &headers, r#"["s3cretAnswer"]"#)],
        vec![answer("200 OK", &headers, r#"{"s3cretAnswer20201555":"#)],
        vec![answer("200 OK", &headers, "[1]")],
        vec![Answer::Silence],
        vec![Answer::Bytes(b"s3cretAnswer".to_vec())],
        vec![Answer::Bytes(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\ns3cretAnswer".to_vec())],
    ] {
        let server = Server::start(answers).await;
        match call(&transport, &server).await {
            Ok(value) => assert_redacted(&format!("{value:?}")),
            Err(error) => assert_redacted(&shown(&error)),
        }
        let request = &server.requests()[0];
        assert!(request.contains("?iban=s3cretQuery&key=s3cretKey ") && request.contains("session=s3cretSession"));
    }
    assert_redacted(&format!(
        "{transport:?} {transport:#?} {:?}",
        Transport::builder("test").auth(Auth::bearer("s3cretAuth"))
    ));

    let trace = String::from_utf8(capture.0.lock().unwrap().clone()).unwrap();
    assert_redacted(&trace);
    for field in [
        "obkit.call",
        "provider=\"test\"",
        "operation=\"putAccount\"",
        "method=PUT",
        "attempts=3",
        "status=503",
        "duration_ms=",
        "request_id=\"trace-1\"",
    ] {
        assert!(trace.contains(field), "{field} is missing in {trace}");
    }
}
