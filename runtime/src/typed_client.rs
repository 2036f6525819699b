//! Every operation of a generated client behind one object-safe trait (feature `typed-client`).
//!
//! For programs that do not know at compile time what they will call: conformance suites, recorders,
//! consoles. Values are JSON; between the JSON and the wire lies the same typed code that every
//! other caller uses.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::pin::Pin;

use reqwest::StatusCode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{Body, ByteStream, Error, Multipart, RawBody, ResponseValue};

/// A part of an operation that has a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The request.
    Request,
    /// The response of a status.
    Response(u16),
}

/// What an operation is called with.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    /// Values by location (`path`, `query`, `header`, `cookie`) and name on the wire.
    pub parameters: BTreeMap<(&'static str, String), Value>,
    /// The body: JSON, a form as an object, parts as an object, or bytes as a text.
    pub body: Option<Value>,
}

impl Arguments {
    /// The value of a parameter.
    #[must_use]
    pub fn parameter(&self, location: &'static str, name: &str) -> Option<&Value> {
        self.parameters.get(&(location, name.to_owned()))
    }
}

/// What an operation answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The body, as the typed value gives it back.
    pub body: ReplyBody,
    /// The response as it is printed; must show nothing of the body.
    pub told: String,
    /// The typed body as it is printed; must show nothing that is sensitive.
    pub shown: String,
}

/// The body of a [`Reply`].
#[derive(Clone, Debug, PartialEq)]
pub enum ReplyBody {
    /// None, or one without meaning.
    Empty,
    /// JSON, decoded and encoded again.
    Json(Value),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// Why a call failed. It may hold what the provider answered, so it belongs into no log.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// The status of the answer.
    pub status: Option<u16>,
    /// The documented error body, as the typed value gives it back.
    pub body: Option<Value>,
    /// The body of the answer as it was received, as far as the error keeps it.
    pub raw_body: Vec<u8>,
    /// What happened; shows no secret and no body.
    pub message: String,
    /// The error as it is printed for programmers; must show nothing of the body.
    pub told: String,
    /// The typed error body as it is printed; must show nothing that is sensitive.
    pub shown: String,
}

impl Failure {
    /// A call that failed before there was an answer.
    #[must_use]
    pub fn local(message: impl Into<String>) -> Self {
        Self {
            status: None,
            body: None,
            raw_body: Vec::new(),
            message: message.into(),
            told: String::new(),
            shown: String::new(),
        }
    }

    /// The client has no such operation.
    #[must_use]
    pub fn unknown_operation() -> Self {
        Self::local("the client has no such operation")
    }
}

impl From<String> for Failure {
    fn from(message: String) -> Self {
        Self::local(message)
    }
}

/// A client whose operations and bodies are known by their names in the document.
pub trait TypedClient: Send + Sync {
    /// The provider's name.
    fn provider(&self) -> &'static str;

    /// Decodes JSON into the generated type of a part and encodes it again; `None` when the part has no type.
    fn round_trip(&self, operation_id: &str, part: Part, json: &str) -> Option<Result<String, String>>;

    /// The shared domain's view of a successful answer, as JSON; `None` when the operation has none.
    fn to_domain(&self, operation_id: &str, json: &str) -> Option<Result<Value, String>> {
        let _ = (operation_id, json);
        None
    }

    /// Calls an operation.
    fn call<'a>(
        &'a self,
        operation_id: &'a str,
        arguments: &'a Arguments,
    ) -> Pin<Box<dyn Future<Output = Result<Reply, Failure>> + Send + 'a>>;
}

/// Reads an argument. Called by generated code.
///
/// # Errors
/// The value is not of the parameter's type.
pub fn argument<T: DeserializeOwned>(value: Option<&Value>) -> Result<Option<T>, String> {
    value
        .map(|value| serde_json::from_str(&value.to_string()))
        .transpose()
        .map_err(|_| format!("an argument is not a {}", std::any::type_name::<T>()))
}

/// Reads a body of parts: the members of an object. Called by generated code.
///
/// # Errors
/// The value is no object.
pub fn multipart(value: Option<&Value>) -> Result<Option<Multipart>, String> {
    value.map(Multipart::of).transpose().map_err(|error| error.to_string())
}

/// Reads a body of bytes: a text, or anything else as its JSON. Called by generated code.
#[must_use]
pub fn raw(value: Option<&Value>) -> Option<RawBody> {
    value.map(|value| value.as_str().map_or_else(|| value.to_string().into(), RawBody::from))
}

/// Runs a reader, and gives how much of what it read its type does not know by name: members that the document does not
/// name, values that it does not list, alternatives that are none of its own. Zero where it knows everything.
pub fn unknown_in<T>(read: impl FnOnce() -> T) -> (T, usize) {
    crate::one_of::unknown::of(read)
}

/// Turns a call's error into a failure. Called by generated code.
pub fn failure<E: Serialize + Debug>(error: Error<E>) -> Failure {
    Failure {
        told: format!("{error:?}"),
        shown: error.body().map(|body| format!("{body:?}")).unwrap_or_default(),
        status: error.status().map(|status| status.as_u16()),
        body: error.body().and_then(|body| serde_json::to_value(body).ok()),
        raw_body: error.raw_body().to_vec(),
        message: match error.raw_body().is_empty() {
            true => error.to_string(),
            false => format!("{error} ({} bytes)", error.raw_body().len()),
        },
    }
}

impl Reply {
    /// The reply of a call that answers JSON. Called by generated code.
    ///
    /// # Errors
    /// The value cannot be encoded.
    pub fn json<T: Serialize + Debug>(response: &ResponseValue<T>) -> Result<Self, String> {
        let body = encode(response.as_ref())?;
        let body = serde_json::from_str(&body).map_err(|error| error.to_string())?;
        let (told, shown) = (format!("{response:?}"), format!("{:?}", response.as_ref()));
        Ok(Self { status: response.status().as_u16(), body: ReplyBody::Json(body), told, shown })
    }

    /// The reply of a call that answers bytes. Called by generated code.
    ///
    /// # Errors
    /// The connection fails within the body.
    pub async fn bytes(response: ResponseValue<ByteStream>) -> Result<Self, Failure> {
        let status = response.status().as_u16();
        let told = format!("{response:?}");
        let bytes = response.bytes().await.map_err(failure)?;
        Ok(Self { status, body: ReplyBody::Bytes(bytes.to_vec()), told, shown: String::new() })
    }

    /// The reply of a call that answers nothing. Called by generated code.
    #[must_use]
    pub fn empty(response: &ResponseValue<()>) -> Self {
        let told = format!("{response:?}");
        Self { status: response.status().as_u16(), body: ReplyBody::Empty, told, shown: String::new() }
    }
}

/// JSON to a request type and back. Called by generated code.
///
/// # Errors
/// The JSON is not of the type.
pub fn round_trip_request<T: DeserializeOwned + Serialize>(json: &str) -> Result<String, String> {
    let value: T = crate::decode_json(json.as_bytes()).map_err(|error| error.to_string())?;
    encode(&value)
}

/// JSON to the type of a response body and back. Called by generated code.
///
/// # Errors
/// The JSON is not of the type.
pub fn round_trip_body<T: Body + Serialize>(status: u16, json: &str) -> Result<String, String> {
    let status = StatusCode::from_u16(status).map_err(|error| error.to_string())?;
    let value = T::decode(status, Some("application/json"), json.as_bytes()).map_err(|error| error.to_string())?;
    encode(&value)
}

fn encode<T: Serialize>(value: &T) -> Result<String, String> {
    serde_json::to_string(value).map_err(|error| error.to_string())
}
