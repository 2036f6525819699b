//! What a connection to Fena needs.

use obkit_runtime::Auth;
use obkit_runtime::secrecy::SecretString;

use crate::provider::config;

/// What a connection to Fena needs: a host and two keys, all from Fena's support.
pub type Config = config::Config<Credentials>;

/// Fena publishes no host, so that it has no environments by name.
pub const ENVIRONMENTS: &[(&str, &str)] = &[];

/// The two keys.
#[derive(Clone, Debug)]
pub struct Credentials {
    client_id: SecretString,
    client_secret: SecretString,
}

impl Config {
    /// A host and the two keys.
    pub fn new(
        base_url: impl Into<String>,
        client_id: impl Into<SecretString>,
        client_secret: impl Into<SecretString>,
    ) -> Self {
        Self::with_credentials(Credentials::new(client_id, client_secret)).base_url(base_url)
    }
}

impl Credentials {
    pub(super) fn new(client_id: impl Into<SecretString>, client_secret: impl Into<SecretString>) -> Self {
        Self { client_id: client_id.into(), client_secret: client_secret.into() }
    }

    pub(super) fn auth(&self) -> Auth {
        obkit_fena::header_auth(self.client_id.clone(), self.client_secret.clone())
    }
}

impl config::Credentials for Credentials {
    const PROVIDER: &'static str = "fena";
    const ENVIRONMENTS: &'static [(&'static str, &'static str)] = ENVIRONMENTS;
    const BASE_URL: Option<&'static str> = None;
}
