//! FinqLink: account data and payment links in Romania and beyond, by Finqware.
//!
//! Every call but the one for the keys is a `POST` with a JSON body, which also names the client.

mod client;
mod token;
#[cfg(feature = "typed-client")]
mod typed;
#[cfg(feature = "webhooks")]
pub mod webhook;

pub use client::{Config, FinqLink};
pub use obkit_finqlink as api;
pub use token::{TOKEN_URL, token_source};
