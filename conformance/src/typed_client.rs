//! How a typed client is driven without knowing its types.

use std::collections::BTreeMap;
use std::pin::Pin;

use serde_json::Value;

/// Which body of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The request's.
    Request,
    /// That of the response of a status.
    Response(u16),
}

/// What an operation is called with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arguments {
    /// Values by location (`path`, `query`, `header`) and name.
    pub parameters: BTreeMap<(&'static str, String), Value>,
    /// The body.
    pub body: Option<Value>,
}

/// A successful answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The decoded body.
    pub body: ReplyBody,
}

/// A decoded body.
#[derive(Clone, Debug, PartialEq)]
pub enum ReplyBody {
    /// There was none.
    Empty,
    /// A typed body, encoded again.
    Json(Value),
    /// A body that is not JSON.
    Bytes(Vec<u8>),
}

/// A call that did not succeed.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// The status, when there was an answer.
    pub status: Option<u16>,
    /// The typed error body, encoded again.
    pub body: Option<Value>,
    /// What happened, without payload.
    pub message: String,
}

/// A generated client behind one face.
pub trait TypedClient: Send + Sync {
    /// The provider's name.
    fn provider(&self) -> &'static str;

    /// JSON text to the generated type and back; none when no generated type belongs to the part.
    fn round_trip(&self, operation_id: &str, part: Part, json: &str) -> Option<Result<String, String>>;

    /// JSON text of a success to domain values; none when the operation has no mapping.
    fn to_domain(&self, operation_id: &str, json: &str) -> Option<Result<Value, String>>;

    /// Calls an operation.
    fn call<'a>(
        &'a self,
        operation_id: &'a str,
        arguments: &'a Arguments,
    ) -> Pin<Box<dyn Future<Output = Result<Reply, Failure>> + Send + 'a>>;
}
