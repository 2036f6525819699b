//! The error bodies of a provider's document.

use reqwest::StatusCode;

use crate::decode_json;

/// A type that the body of an error decodes to.
///
/// Generated code implements it with [`json_error_body!`](crate::json_error_body) for an operation with one error
/// type, and by hand for one whose error type depends on the status.
pub trait ErrorBody: Sized {
    /// Decodes an error's body, or gives `None` when it is something else, such as the HTML page of a gateway.
    fn decode_error(status: StatusCode, content_type: Option<&str>, body: &[u8]) -> Option<Self>;

    /// The provider's error code, where it is not in one of the conventional members.
    fn code(&self) -> Option<&str> {
        None
    }

    /// The provider's message, where it is not in one of the conventional members.
    fn message(&self) -> Option<&str> {
        None
    }
}

/// The document describes no error body.
impl ErrorBody for () {
    fn decode_error(_: StatusCode, _: Option<&str>, _: &[u8]) -> Option<Self> {
        None
    }
}

/// Any JSON.
impl ErrorBody for serde_json::Value {
    fn decode_error(_: StatusCode, _: Option<&str>, body: &[u8]) -> Option<Self> {
        decode_json(body).ok()
    }
}

/// Implements [`ErrorBody`](crate::ErrorBody) for types that decode from JSON, whatever the status and content type.
///
/// The provider's code and message are found by the conventional names of their members.
///
/// ```
/// #[derive(serde::Deserialize)]
/// struct ApiError { code: String }
///
/// obkit_runtime::json_error_body!(ApiError);
/// ```
#[macro_export]
macro_rules! json_error_body {
    ($($type:ty),+ $(,)?) => {$(
        impl $crate::ErrorBody for $type {
            fn decode_error(
                _: $crate::reqwest::StatusCode,
                _: ::std::option::Option<&str>,
                body: &[u8],
            ) -> ::std::option::Option<Self> {
                $crate::decode_json(body).ok()
            }
        }
    )+};
}
