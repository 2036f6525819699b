//! Yapily: account data and payments across Europe.
//!
//! Yapily has its own shapes: envelopes with `meta` and `data`, signed amounts as numbers, and a
//! consent token in a header of every call that reads data.

mod client;
pub mod map;
#[cfg(feature = "typed-client")]
mod typed;
pub mod webhook;

pub use client::{Config, Yapily};
pub use obkit_yapily as api;
