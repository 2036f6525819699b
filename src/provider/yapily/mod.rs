//! Yapily: account data and payments across Europe.
//!
//! Yapily has its own shapes: envelopes with `meta` and `data`, signed amounts as numbers, and a
//! consent token in a header of every call that reads data.

mod address;
pub mod bulk_payments;
mod client;
mod config;
pub mod direct_debit;
pub mod identity;
#[cfg(feature = "config")]
mod keys;
pub mod mandates;
pub mod map;
mod order;
mod party;
pub mod payee;
pub mod payment_links;
pub mod payments;
mod schedule;
pub mod scheduled_payment;
pub mod standing_order;
pub mod statement;
#[cfg(feature = "typed-client")]
mod typed;
pub mod user;
pub mod webhook;

pub use client::Yapily;
pub use config::{Config, Credentials, ENVIRONMENTS};
#[cfg(feature = "config")]
pub(crate) use keys::Keys;
pub use obkit_yapily as api;
