//! Requests on the wire: to the target and to nowhere else.

use std::borrow::Cow;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use obkit_codegen::spec::Operation;
use reqwest::header::{HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use secrecy::ExposeSecret as _;

use super::credentials::{Credentials, Place, Presented, Presents};
use super::pace::Pace;
use super::target::Target;
use crate::contract::Contract;
use crate::exchange::{self, MAX_BODY, Request, Response, Scrutiny};
use crate::finding::Finding;
use crate::traffic::{Recorded, coding};

/// An answer, and how long it took.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) response: Response,
    /// Whether its body is known: none is whose coding is not undone.
    pub(crate) body: Recorded,
    pub(crate) took: Duration,
    /// That it shows credentials which came with the request.
    pub(crate) leaks: Vec<Finding>,
}

impl Answer {
    /// What of it can be judged.
    pub(super) fn scrutiny(&self) -> Scrutiny<'static> {
        Scrutiny { body: self.body == Recorded::Whole, ..Scrutiny::WHOLE }
    }
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoAnswer {
    /// The time was over, or the request cannot be written.
    NotSent,
    /// There is no server.
    Unreachable,
    /// It took too long.
    Timeout,
    /// The connection broke, or what came is no HTTP.
    Broken,
    /// The body is larger than is read.
    TooLarge,
}

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotSent => "the request was not sent",
            Self::Unreachable => "no connection could be made",
            Self::Timeout => "no answer came in time",
            Self::Broken => "the connection broke before the answer was whole",
            Self::TooLarge => "the body of the answer is too large to be read",
        })
    }
}

/// Sends requests.
#[derive(Debug)]
pub(crate) struct Sender {
    http: reqwest::Client,
    pub(crate) target: Target,
    pub(crate) credentials: Credentials,
    pub(super) pace: Pace,
    sent: AtomicU64,
}

impl Sender {
    pub(super) fn new(target: Target, credentials: Credentials, pace: Pace, timeout: Duration) -> Result<Self, String> {
        // An error says that the process has a provider already, which is then the right one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .user_agent(concat!("obkit/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            // A proxy is another host.
            .no_proxy()
            .connect_timeout(timeout)
            .timeout(timeout)
            .build()
            .map_err(|error| format!("no HTTP client could be made: {error}"))?;
        Ok(Self { http, target, credentials, pace, sent: AtomicU64::new(0) })
    }

    /// How many requests were sent.
    pub(super) fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// Sends a request of an operation, when it is its turn.
    pub(crate) async fn send(
        &self,
        contract: &Contract,
        operation: &Operation,
        request: &Request,
        presents: Presents,
    ) -> Result<Answer, NoAnswer> {
        let presented = self.credentials.of(contract.document(), operation, presents);
        let built = self.build(request, &presented).ok_or(NoAnswer::NotSent)?;
        if !self.pace.turn().await {
            return Err(NoAnswer::NotSent);
        }
        self.sent.fetch_add(1, Ordering::Relaxed);
        let began = Instant::now();
        let mut answer = self.http.execute(built).await.map_err(|error| classified(&error))?;
        let mut response = Response { status: answer.status().as_u16(), ..Response::default() };
        response.headers = answer
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        while let Some(chunk) = answer.chunk().await.map_err(|error| classified(&error))? {
            if response.body.len() + chunk.len() > MAX_BODY {
                return Err(NoAnswer::TooLarge);
            }
            response.body.extend_from_slice(&chunk);
        }
        let took = began.elapsed();
        // None was asked for, and yet a server may choose any (RFC 9110, section 12.5.3).
        let codings = response.header("content-encoding").map(Cow::into_owned);
        let (undone, body) = coding::undo(codings.as_deref(), std::mem::take(&mut response.body), Recorded::Whole);
        response.body = undone;
        let leaks = exchange::leaks(contract, operation, &carrying(&presented), &response, None);
        Ok(Answer { response, body, took, leaks })
    }

    fn build(&self, request: &Request, presented: &[Presented]) -> Option<reqwest::Request> {
        let of = |place| presented.iter().filter(move |part| part.place == place);
        let pair = |part: &Presented| format!("{}={}", part.name, part.value.expose_secret());
        let query: Vec<String> = request.query.iter().cloned().chain(of(Place::Query).map(pair)).collect();
        let query = (!query.is_empty()).then(|| query.join("&"));
        let url = self.target.url(&request.path, query.as_deref())?;
        let method = reqwest::Method::from_bytes(request.method.as_bytes()).ok()?;
        let mut built = reqwest::Request::new(method, url);
        let headers = built.headers_mut();
        for (name, value) in &request.headers {
            headers.append(HeaderName::from_bytes(name.as_bytes()).ok()?, HeaderValue::from_str(value).ok()?);
        }
        for part in of(Place::Header) {
            let mut value = HeaderValue::from_str(part.value.expose_secret()).ok()?;
            value.set_sensitive(true);
            headers.insert(HeaderName::from_bytes(part.name.as_bytes()).ok()?, value);
        }
        let cookies: Vec<_> = of(Place::Cookie).map(|part| Cow::from(pair(part))).collect();
        if !cookies.is_empty() {
            let own = request.header("cookie");
            let mut value =
                HeaderValue::from_str(&own.into_iter().chain(cookies).collect::<Vec<_>>().join("; ")).ok()?;
            value.set_sensitive(true);
            headers.insert(reqwest::header::COOKIE, value);
        }
        if !request.body.is_empty() {
            *built.body_mut() = Some(request.body.clone().into());
        }
        Some(built)
    }
}

/// A request with these credentials and nothing else.
fn carrying(presented: &[Presented]) -> Request {
    let mut request = Request::default();
    for Presented { place, name, value, .. } in presented {
        let value = value.expose_secret();
        match place {
            Place::Header => request.headers.push((name.clone(), value.to_owned())),
            Place::Cookie => request.headers.push(("cookie".to_owned(), format!("{name}={value}"))),
            Place::Query => {
                let query = request.query.get_or_insert_default();
                query.push_str(&format!("&{name}={value}"));
            }
        }
    }
    request
}

fn classified(error: &reqwest::Error) -> NoAnswer {
    if error.is_connect() {
        NoAnswer::Unreachable
    } else if error.is_timeout() {
        NoAnswer::Timeout
    } else {
        NoAnswer::Broken
    }
}
