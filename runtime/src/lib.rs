//! What every generated obkit client needs at run time.
//!
//! A program that uses a client meets four groups of types:
//!
//! * **Calls.** A [`Transport`] holds the credentials ([`Auth`], which may be [`Tokens`] that are fetched), the
//!   [`RetryPolicy`] and the connection pool. A call gives a [`ResponseValue`], or an [`Error`] that knows how far the call came ([`Phase`]).
//! * **Values that keep what was sent.** [`Decimal`] is an exact JSON number. [`DateTime`], [`Date`], [`Uuid`] and
//!   [`DecimalText`] keep the provider's text beside its typed view. [`Nullable`] tells absent from `null`.
//!   [`open_enum!`] makes enums that take a value nobody knew yet, and [`one_of!`] enums of alternatives;
//!   [`Undeclared`] holds the members that no document names, and [`Unlisted`] a value that no alternative describes.
//! * **Values that refuse.** [`constrained_string!`] and [`constrained_integer!`] make the types of what is *sent*.
//! * **Values that hide.** [`Sensitive`] for account numbers, personal data and tokens.
//!
//! The features `dates`, `decimals` and `patterns` are on, and bring a library each. A generated crate turns on those that
//! its document needs. With the feature `webhooks`, what a provider sends on its own accord is verified (`webhook`, on the `jose` of RFC 7515).
//! With the feature `mock`, a server on the loopback interface stands in for the provider in tests (`mock`).
//!
//! Two rules hold throughout. What is received is read liberally and kept without loss; what is sent is checked. And no
//! `Debug`, `Display`, `tracing` span or `source()` shows a secret, a URL, a header or a body.
//!
//! ```
//! use obkit_runtime::{Auth, RetryPolicy, Transport};
//!
//! let transport = Transport::builder("yapily")
//!     .auth(Auth::basic("application-id", "application-secret"))
//!     .retry(RetryPolicy::default().max_attempts(5))
//!     .build()?;
//! // let client = obkit_yapily::Client::new(obkit_yapily::BASE_URL, transport);
//! # assert_eq!(transport.provider(), "yapily");
//! # Ok::<(), obkit_runtime::TransportError>(())
//! ```
//!
//! Generated code also uses [`Body`], [`ErrorBody`], [`Param`], [`Style`] and the crates re-exported here, so that a client crate
//! depends on this one alone.

#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod auth;
mod body;
mod call;
mod canonical;
mod check;
#[doc(hidden)]
pub mod client;
#[doc(hidden)]
pub mod constrained;
#[cfg(feature = "decimals")]
mod decimal;
mod error;
mod formatted;
#[doc(hidden)]
pub mod integer;
#[cfg(any(feature = "oauth2", feature = "webhooks"))]
pub mod jose;
#[doc(hidden)]
pub mod members;
#[cfg(feature = "mock")]
pub mod mock;
mod nullable;
#[cfg(feature = "oauth2")]
pub mod oauth2;
#[doc(hidden)]
pub mod one_of;
#[doc(hidden)]
pub mod open_enum;
mod param;
mod random;
mod raw;
mod response;
mod retry;
mod sensitive;
mod stream;
mod style;
mod token;
mod transport;
#[cfg(feature = "typed-client")]
pub mod typed_client;
#[cfg(feature = "webhooks")]
pub mod webhook;
#[doc(hidden)]
pub mod write;

pub use auth::{Auth, AuthError};
pub use call::{Call, CallInfo};
pub use check::{Alternatives, JsonType, Rules, Shape, check};
pub use constrained::{ConstraintError, Pattern, Violation};
#[cfg(feature = "decimals")]
pub use decimal::{Decimal, ParseDecimalError};
pub use error::{Effect, Error, ErrorBody, Phase, TlsFailure};
#[cfg(feature = "decimals")]
pub use formatted::DecimalText;
#[cfg(feature = "dates")]
pub use formatted::{Date, DateTime};
pub use formatted::{Format, FormatError, Formatted, Uuid};
pub use members::Undeclared;
pub use nullable::Nullable;
#[doc(hidden)]
pub use one_of::Tag;
pub use one_of::Unlisted;
pub use param::{InvalidHeader, Param, header_value, path_segment};
pub use random::fresh_uuid;
pub use raw::{RawCall, RawCalls};
pub use response::{Body, Category, DecodeError, ResponseValue, decode_json};
pub use retry::RetryPolicy;
pub use sensitive::Sensitive;
pub use stream::ByteStream;
pub use style::{Style, StyleError};
pub use token::{Clock, Token, TokenError, TokenFuture, TokenSource, Tokens};
pub use transport::{Attempt, AttemptAnswer, Observer, RateLimit, Transport, TransportBuilder, TransportError};
pub use write::{Multipart, RawBody};

#[cfg(feature = "dates")]
#[doc(no_inline)]
pub use chrono;
#[cfg(feature = "decimals")]
#[doc(no_inline)]
pub use rust_decimal;
#[doc(no_inline)]
pub use {bytes, reqwest, secrecy, serde, serde_json, uuid};
