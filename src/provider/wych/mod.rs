//! Wych: account data in Australia and New Zealand.
//!
//! A user of an application connects to data holders, which are the institutions; a connection is the consent. Calls
//! that read data carry the user's token. Lists are bare arrays, without pages and filters.

mod client;
mod config;
pub mod direct_debit;
#[cfg(feature = "config")]
mod keys;
pub mod map;
mod order;
pub mod payee;
pub mod scheduled_payment;
mod token;
#[cfg(feature = "typed-client")]
mod typed;
pub mod user;

pub use client::Wych;
pub use config::{Config, Credentials, ENVIRONMENTS};
#[cfg(feature = "config")]
pub(crate) use keys::Keys;
pub use obkit_wych as api;
pub use token::{TOKEN_URL, UserTokenSource, token_source};
