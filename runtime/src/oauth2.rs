//! Tokens by OAuth 2.0.
//!
//! [`ClientCredentials`] is the grant that a backend uses (RFC 6749, section 4.4), with each way in which a client proves
//! who it is: [`ClientAuthentication`].
//!
//! ```
//! use obkit_runtime::oauth2::{ClientAuthentication, ClientCredentials};
//! use obkit_runtime::{Auth, Tokens, Transport};
//!
//! let client = ClientAuthentication::secret_basic("client-id", "client-secret");
//! let source = ClientCredentials::new("https://login.bank.example/oauth2/token", client)?.scope("accounts");
//! let transport = Transport::builder("bank").auth(Auth::tokens(Tokens::new(source))).build()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answer;
mod client;
mod client_credentials;

pub use crate::jose::{SigningError, SigningKey};
#[cfg(test)]
pub(crate) use answer::MAX_ANSWER;
pub use client::ClientAuthentication;
#[cfg(test)]
pub(crate) use client_credentials::TIMEOUT;
pub use client_credentials::{ClientCredentials, InvalidEndpoint};
