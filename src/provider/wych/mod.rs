//! Wych: account data in Australia and New Zealand.
//!
//! A user of an application connects to data holders; calls that read data carry the user's token.

mod client;
mod token;
#[cfg(feature = "typed-client")]
mod typed;

pub use client::{Config, Wych};
pub use obkit_wych as api;
pub use token::{TOKEN_URL, UserTokenSource, token_source};
