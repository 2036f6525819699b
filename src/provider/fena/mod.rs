//! Fena: account data and variable recurring payments in the United Kingdom.
//!
//! Fena hands through what banks answer in UK Open Banking (`Data.Account[]`, amounts as text with a
//! credit or debit indicator).

mod client;
mod config;
#[cfg(feature = "config")]
mod keys;
pub mod mandates;
pub mod map;
#[cfg(feature = "typed-client")]
mod typed;
pub mod webhook;

pub use client::Fena;
pub use config::{Config, Credentials, ENVIRONMENTS};
#[cfg(feature = "config")]
pub(crate) use keys::Keys;
pub use obkit_fena as api;
