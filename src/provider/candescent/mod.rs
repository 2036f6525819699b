//! Candescent: digital banking of banks and credit unions in the United States.
//!
//! Reads the accounts of a bank's own users; who the user is stands in each call. There are no consents to ask for:
//! calls take [`ConsentReference::none`](crate::domain::ConsentReference::none).

mod client;
mod config;
#[cfg(feature = "config")]
mod keys;
pub mod map;
mod token;
#[cfg(feature = "typed-client")]
mod typed;

pub use client::Candescent;
pub use config::{Config, Credentials, ENVIRONMENTS, User};
#[cfg(feature = "config")]
pub(crate) use keys::Keys;
pub use obkit_candescent as api;
pub use token::token_source;
