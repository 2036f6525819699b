//! What a connection to Yapily needs.

use obkit_runtime::Auth;
use obkit_runtime::secrecy::{ExposeSecret, SecretString};

use crate::provider::config;

/// What a connection to Yapily needs: the application's id and secret, from its console.
pub type Config = config::Config<Credentials>;

/// The environments of Yapily. A sandbox is an application or an institution, not a host.
pub const ENVIRONMENTS: &[(&str, &str)] = &[("production", obkit_yapily::BASE_URL)];

/// An application's id and secret.
#[derive(Clone, Debug)]
pub struct Credentials {
    pub(super) application_id: SecretString,
    application_secret: SecretString,
}

impl Config {
    /// The application's id, which the reference also calls its key, and its secret.
    pub fn new(application_id: impl Into<SecretString>, application_secret: impl Into<SecretString>) -> Self {
        Self::with_credentials(Credentials::new(application_id, application_secret))
    }
}

impl Credentials {
    pub(super) fn new(application_id: impl Into<SecretString>, application_secret: impl Into<SecretString>) -> Self {
        Self { application_id: application_id.into(), application_secret: application_secret.into() }
    }

    pub(super) fn auth(&self) -> Auth {
        Auth::basic(self.application_id.expose_secret(), self.application_secret.clone())
    }
}

impl config::Credentials for Credentials {
    const PROVIDER: &'static str = "yapily";
    const ENVIRONMENTS: &'static [(&'static str, &'static str)] = ENVIRONMENTS;
    const BASE_URL: Option<&'static str> = Some(obkit_yapily::BASE_URL);
}
