//! Turns OpenAPI documents into typed Rust clients.
//!
//! Data flows one way: [`load`] reads a document and remembers where everything stands in its
//! source; `lower` turns what progenitor refuses, panics on or gets wrong into something it does
//! right; progenitor makes the operations; `polish` makes them pleasant; `emit` writes a crate.

pub mod load;
pub mod providers;
pub mod spec;

pub use load::{Document, LoadError, Position};
pub use providers::{Provider, Providers};
pub use spec::Spec;
