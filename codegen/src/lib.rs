//! Turns OpenAPI documents into typed Rust clients.
//!
//! Data flows one way, and a module is a stage:
//!
//! 1. [`load`] reads YAML or JSON, of one version or another and in one file or several, into one
//!    form, and remembers where everything stands in its source.
//! 2. [`spec`] resolves the operations: the wire contract as the document states it.
//! 3. `lower` turns what progenitor refuses, panics on or gets wrong into something it does right,
//!    one construct per file. The outcome is a `model`, and [`Note`]s on all that is not as it seems.
//! 4. progenitor makes the operations (`client`), and `polish` makes them pleasant.
//! 5. `emit` writes the types and the rest of a crate; `generate` puts the files together and
//!    compares them with a folder.
//!
//! Between the first two, an [`Overlay`] may correct a document that somebody else owns.
//!
//! Beside them, `lint` says what in a document will not generate or does not mean what it says,
//! [`note`] lists the rules, an [`article`] and `explain` say what each means, and [`providers`] reads the table of providers.
//! Without the feature `generate` there are only [`load`], [`overlay`], [`spec`], [`note`], [`article`] and [`providers`], and
//! progenitor is not built.
//!
//! A document is read in two steps, so that an error always has a file, a line and a remedy:
//!
//! ```
//! use obkit_codegen::{Document, Spec};
//!
//! let text = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\n";
//! let spec = Spec::read(Document::parse("openapi.yaml", text)?)?;
//! assert!(spec.operations().is_empty());
//!
//! let error = Document::parse("openapi.yaml", "openapi: 3.0.3\npath: {}\n").unwrap_err();
//! assert!(error.to_string().starts_with("openapi.yaml:1:1: has no `paths` object\n  help: "));
//! # Ok::<(), obkit_codegen::LoadError>(())
//! ```
#![cfg_attr(
    feature = "generate",
    doc = r#"
Generation gives files in memory, which are written to a folder or compared with one:

```
use obkit_codegen::{Document, Runtime, Spec, Target, generate};

let text = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\n";
let spec = Spec::read(Document::parse("openapi.yaml", text)?)?;
let target = Target {
    name: "bank-client".to_owned(),
    provider: "bank".to_owned(),
    source: "openapi.yaml".to_owned(),
    runtime: Runtime::Path("../runtime".into()),
};
let generated = generate(&spec, &target)?;
assert!(generated.files.contains_key(std::path::Path::new("src/lib.rs")));
assert!(generated.notes.is_empty());
# Ok::<(), Box<dyn std::error::Error>>(())
```

A [`Builder`] generates in the build script of a crate that has the client as one of its modules.
"#
)]
#![forbid(unsafe_code)]

pub mod article;
#[cfg(feature = "generate")]
pub mod builder;
#[cfg(feature = "generate")]
mod client;
#[cfg(feature = "generate")]
mod emit;
#[cfg(feature = "generate")]
pub mod explain;
#[cfg(feature = "generate")]
mod format;
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
pub mod overlay;
#[cfg(feature = "generate")]
mod package;
#[cfg(feature = "generate")]
mod polish;
pub mod providers;
#[cfg(feature = "generate")]
mod schema;
pub mod spec;
pub mod spelling;
#[cfg(feature = "generate")]
mod subject;
#[cfg(feature = "generate")]
mod template;

#[cfg(feature = "generate")]
pub use builder::{BuildError, Builder};
#[cfg(feature = "generate")]
pub use generate::{GenerateError, Generated, Runtime, Target, generate, generate_provider};
#[cfg(feature = "generate")]
pub use lint::lint;
pub use load::{Document, LoadError, Origin, Position, Version};
pub use note::{Note, Severity};
pub use overlay::Overlay;
pub use providers::{Provider, Providers};
pub use spec::Spec;
