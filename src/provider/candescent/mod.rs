//! Candescent: digital banking of banks and credit unions in the United States.
//!
//! Reads the accounts of a bank's own users; who the user is stands in each call.

mod client;
mod token;
#[cfg(feature = "typed-client")]
mod typed;

pub use client::{Candescent, Config};
pub use obkit_candescent as api;
pub use token::token_source;
