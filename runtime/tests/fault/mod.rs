//! A server on the loopback interface that does what servers must not, and calls of it that plant secrets everywhere.

#![allow(dead_code, unreachable_pub)]

use std::error::Error as StdError;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use obkit_runtime::reqwest::header::{HeaderName, HeaderValue};
use obkit_runtime::reqwest::{Method, Request, Response};
use obkit_runtime::{Auth, Body, Call, Error, Phase, ResponseValue, RetryPolicy, Transport, TransportBuilder};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

/// Part of every credential, header, body and URL of the calls and of every answer.
pub const SECRET: &str = "s3cret";

/// What happens on a connection, step by step; after the last one it is closed.
#[derive(Clone)]
pub enum Step {
    /// Reads a request to its end.
    Read,
    /// Sends these bytes.
    Send(Vec<u8>),
    /// Sends these bytes again and again until the client has had enough.
    Flood(Vec<u8>),
    /// Ends the connection with a reset.
    Reset,
    /// Says nothing more, and stays.
    Hang,
}

pub fn send(text: impl Into<Vec<u8>>) -> Step {
    Step::Send(text.into())
}

/// A whole answer; what it says of its body is in the head lines.
pub fn answer(status: &str, head: &[&str], body: impl AsRef<[u8]>) -> Step {
    let mut head: String = head.iter().map(|line| format!("{line}\r\n")).collect();
    if !head.contains("content-length:") && !head.contains("transfer-encoding:") {
        head.push_str(&format!("content-length: {}\r\n", body.as_ref().len()));
    }
    let mut bytes = format!("HTTP/1.1 {status}\r\nset-cookie: {SECRET}\r\n{head}\r\n").into_bytes();
    bytes.extend_from_slice(body.as_ref());
    Step::Send(bytes)
}

/// A running server; it stops when it is dropped.
pub struct Faults {
    pub base_url: String,
    requests: Arc<Mutex<Vec<String>>>,
    sent: Arc<Mutex<usize>>,
    hung: Arc<Semaphore>,
    task: JoinHandle<()>,
}

impl Faults {
    /// Starts a server with one script for each connection; the last one repeats.
    pub async fn start(scripts: Vec<Vec<Step>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let (requests, sent, hung) = (Arc::<Mutex<_>>::default(), Arc::default(), Arc::new(Semaphore::new(0)));
        let kept = (Arc::clone(&requests), Arc::clone(&sent), Arc::clone(&hung));
        let task = tokio::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            for number in 0.. {
                let Ok((stream, _)) = listener.accept().await else { return };
                let script = scripts.get(number).or(scripts.last()).cloned().unwrap_or_default();
                let (requests, sent, hung) = kept.clone();
                connections.spawn(perform(stream, script, requests, sent, hung));
            }
        });
        Self { base_url, requests, sent, hung, task }
    }

    /// Every request so far, as text.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// How many bytes were sent.
    pub fn sent(&self) -> usize {
        *self.sent.lock().unwrap()
    }

    /// When a connection has come to [`Step::Hang`].
    pub async fn hung(&self) {
        self.hung.acquire().await.unwrap().forget();
    }
}

impl Drop for Faults {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn perform(
    mut stream: TcpStream,
    script: Vec<Step>,
    requests: Arc<Mutex<Vec<String>>>,
    sent: Arc<Mutex<usize>>,
    hung: Arc<Semaphore>,
) {
    for step in script {
        match step {
            Step::Read => match read_request(&mut stream).await {
                Some(request) => requests.lock().unwrap().push(request),
                None => return,
            },
            Step::Send(bytes) => {
                if stream.write_all(&bytes).await.is_err() {
                    return;
                }
                *sent.lock().unwrap() += bytes.len();
            }
            Step::Flood(bytes) => {
                while stream.write_all(&bytes).await.is_ok() {
                    *sent.lock().unwrap() += bytes.len();
                    tokio::task::yield_now().await;
                }
            }
            Step::Reset => stream.set_zero_linger().unwrap(),
            Step::Hang => {
                hung.add_permits(1);
                std::future::pending::<()>().await;
            }
        }
    }
}

async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = |line: &str| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok();
            if body.len() >= head.lines().find_map(length).unwrap_or(0_usize) {
                return Some(text);
            }
        }
        match stream.read(&mut chunk).await {
            Ok(read @ 1..) => bytes.extend_from_slice(&chunk[..read]),
            _ => return None,
        }
    }
}

/// What is asked of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A `GET`.
    List,
    /// A `POST` without an idempotency key.
    Pay,
    /// A `POST` with an idempotency key.
    PayOnce,
}

pub const ALL: [Asked; 3] = [Asked::List, Asked::Pay, Asked::PayOnce];

/// Three attempts without pauses, and a credential of each kind.
pub fn builder() -> TransportBuilder {
    Transport::builder("test")
        .auth(
            Auth::basic("app", format!("{SECRET}-password"))
                .and(Auth::query([("key", format!("{SECRET}-key").into())]))
                .and(Auth::cookie([("session", format!("{SECRET}-session").into())])),
        )
        .retry(RetryPolicy::default().base_delay(Duration::ZERO))
}

pub fn request(base_url: &str, asked: Asked) -> Request {
    let method = if asked == Asked::List { Method::GET } else { Method::POST };
    let mut request = Request::new(method, format!("{base_url}/{SECRET}-path?iban={SECRET}-iban").parse().unwrap());
    if asked != Asked::List {
        *request.body_mut() = Some(format!(r#"{{"iban":"{SECRET}-body"}}"#).into());
    }
    if asked == Asked::PayOnce {
        let key = HeaderValue::from_static("key-1");
        request.headers_mut().insert(HeaderName::from_static("idempotency-key"), key);
    }
    request
}

/// The head of the answer, as a generated client asks for it.
pub async fn head(transport: &Transport, base_url: &str, asked: Asked) -> Result<Response, Error> {
    transport.execute(request(base_url, asked), Call::new("call", base_url)).await.inspect_err(assert_hidden)
}

/// The rest of the answer, as a generated client reads it.
pub async fn rest<T: Body>(response: Response) -> Result<ResponseValue<T>, Error> {
    let outcome = match response.status().is_success() {
        true => ResponseValue::from_response(response).await,
        false => Err(Error::from_response(response).await),
    };
    if let Ok(value) = &outcome {
        assert!(!format!("{value:?}").contains(SECRET));
    }
    outcome.inspect_err(assert_hidden)
}

pub async fn call<T: Body>(transport: &Transport, base_url: &str, asked: Asked) -> Result<ResponseValue<T>, Error> {
    rest(head(transport, base_url, asked).await?).await
}

/// No secret, URL or body shows in an error, or in what caused it. The address that could not be reached may.
pub fn assert_hidden(error: &Error) {
    let mut text = String::new();
    let mut next: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(error) = next {
        text.push_str(&format!("{error} {error:?} {error:#?} "));
        next = error.source();
    }
    for secret in [SECRET, "://", "?iban"] {
        assert!(!text.contains(secret), "{secret} shows in {text}");
    }
}

/// What an error says of itself.
pub fn judgement(error: &Error) -> (Phase, bool, String) {
    assert_eq!(error.may_have_been_sent(), error.phase() != Phase::BeforeSending);
    (error.phase(), error.is_retryable(), error.to_string())
}
