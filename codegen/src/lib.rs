//! Turns OpenAPI documents into typed Rust clients.
//!
//! Data flows one way: [`load`] reads a document and remembers where everything stands in its
//! source; [`spec`] resolves its operations; `lower` turns what progenitor refuses, panics on or
//! gets wrong into something it does right; progenitor makes the operations; `polish` makes them
//! pleasant; `emit` writes the types and the rest of a crate.
//!
//! ```
//! use obkit_codegen::{Document, Spec};
//!
//! let text = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\n";
//! let spec = Spec::read(Document::parse("openapi.yaml", text)?)?;
//! assert!(spec.operations().is_empty());
//! # Ok::<(), obkit_codegen::LoadError>(())
//! ```

#![forbid(unsafe_code)]

#[cfg(feature = "generate")]
mod client;
#[cfg(feature = "generate")]
mod emit;
#[cfg(feature = "generate")]
pub mod generate;
#[cfg(feature = "generate")]
pub mod lint;
pub mod load;
#[cfg(feature = "generate")]
pub mod lower;
#[cfg(feature = "generate")]
pub mod model;
pub mod note;
#[cfg(feature = "generate")]
mod polish;
pub mod providers;
pub mod spec;

#[cfg(feature = "generate")]
pub use generate::{GenerateError, Generated, Runtime, Target, generate, generate_provider};
#[cfg(feature = "generate")]
pub use lint::lint;
pub use load::{Document, LoadError, Position};
pub use note::{Note, Severity};
pub use providers::{Provider, Providers};
pub use spec::Spec;
