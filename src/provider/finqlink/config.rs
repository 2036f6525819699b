//! What a connection to FinqLink needs.

use obkit_runtime::secrecy::SecretString;
use obkit_runtime::{Auth, Sensitive, Tokens};

use crate::provider::config;

/// What a connection to FinqLink needs: the client's id, which stands in every body, and a token or a secret.
///
/// Production is a base URL that FinqLink hands out.
pub type Config = config::Config<Credentials>;

/// The environments of FinqLink. The host of production is not published.
pub const ENVIRONMENTS: &[(&str, &str)] = &[("sandbox", obkit_finqlink::BASE_URL)];

/// A client's id, and how it proves who it is.
#[derive(Clone, Debug)]
pub struct Credentials {
    pub(super) client_id: String,
    pub(super) proof: Proof,
}

#[derive(Clone, Debug)]
pub(super) enum Proof {
    /// In the `Authorization` header.
    Header(Auth),
    /// In each body; for the test environment only.
    Body(Sensitive),
}

impl Config {
    /// The client's id, and an access token that the caller keeps fresh.
    pub fn new(client_id: impl Into<String>, token: impl Into<SecretString>) -> Self {
        Self::with(client_id.into(), Proof::Header(Auth::bearer(token)))
    }

    /// The client's id, and access tokens that are fetched, from [`token_source`](super::token_source) for one.
    pub fn with_tokens(client_id: impl Into<String>, tokens: Tokens) -> Self {
        Self::with(client_id.into(), Proof::Header(Auth::tokens(tokens)))
    }

    /// The client's id and secret, both in each body: what the test environment takes in place of a token.
    pub fn test(client_id: impl Into<String>, client_secret: impl Into<Sensitive>) -> Self {
        Self::with(client_id.into(), Proof::Body(client_secret.into()))
    }

    fn with(client_id: String, proof: Proof) -> Self {
        Self::with_credentials(Credentials { client_id, proof })
    }
}

impl config::Credentials for Credentials {
    const PROVIDER: &'static str = "finqlink";
    const ENVIRONMENTS: &'static [(&'static str, &'static str)] = ENVIRONMENTS;
    const BASE_URL: Option<&'static str> = Some(obkit_finqlink::BASE_URL);
}
