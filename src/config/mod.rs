//! Reading a configuration: from TOML, from the environment, or as part of a program's own configuration.
//!
//! ```
//! let error = obkit::Config::from_toml(r#"
//!     provider = "yapily"
//!     application_id = "4f1c9e0a"
//!     application_secret = { file = "no/such/file" }
//!     call_timeout = "20s"
//! "#).unwrap_err();
//! # #[cfg(feature = "yapily")]
//! assert_eq!(
//!     error.to_string().lines().next(),
//!     Some("line 4, column 26: `application_secret` cannot be read: the file no/such/file: entity not found"),
//! );
//! ```
//!
//! The keys of a connection are `provider`, the credentials of that provider, and the settings that are the same for all
//! ([`ConnectionSettings`](crate::ConnectionSettings)). `docs/configuration.md` lists them, with the variables of
//! the environment that stand for them; [`variables`] and [`schema`] give the same to programs.
//!
//! * **Texts**, secret or not, are given inline, as `{ env = "NAME" }`, or as `{ file = "path" }`. A path is relative to
//!   the folder of the configuration's file; line breaks at the end of a file do not count.
//! * **Times** are texts such as `250ms`, `20s`, `2m` and `1h`.
//! * **One connection or several.** A document is one connection ([`Config`](crate::Config)), or has a table for each
//!   in `[connections.NAME]` ([`Connections`]).
//! * **In a configuration of your own**, [`Config`](crate::Config) is `Deserialize`, from any format.
//!
//! Everything unknown is an error. An error says where (file, line and column, or the variable), which key, and what to do.
//! No error shows a value, not even a part of the document that is no TOML: the line may hold a secret.

mod connections;
mod deserialize;
mod document;
mod duration;
mod environment;
mod error;
mod loader;
mod node;
mod reading;
mod reference;
mod schema;
mod settings;
mod spelling;
mod text;
#[cfg(feature = "oauth2")]
mod token;

pub use connections::Connections;
pub use environment::{Variable, variables};
pub use error::{ConfigError, ConfigErrorKind};
pub use loader::Loader;
pub use schema::schema;

use node::Node;
pub(crate) use reading::{Invalid, Keys, Reading, exactly_one};
pub(crate) use schema::{Field, fields};
pub(crate) use text::{Secret, Text};
#[cfg(feature = "oauth2")]
pub(crate) use token::{Method, TokenKeys};
