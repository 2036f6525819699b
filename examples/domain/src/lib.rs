//! Where the examples find their providers.
//!
//! In the TOML file that `CONNECTIONS_FILE` names, by `[connections.NAME]`, such as `connections.toml` beside this crate. Without
//! one, each provider is a server of this process: it checks every request against the provider's document, and answers what
//! the document promises. So the examples run without a network and without credentials.

mod local;

use std::collections::BTreeMap;
use std::error::Error;

use obkit::Config;
use obkit::config::{ConfigError, Connections};
use obkit::domain::ConsentReference;
use obkit::provider::Provider;
use obkit_conformance::server::ContractServer;

pub use local::{account_of_a_year, start};

/// The providers of an example.
#[derive(Debug)]
pub struct Setup {
    connections: Connections,
    /// None, where the providers are real.
    servers: BTreeMap<String, ContractServer>,
}

impl Setup {
    /// The connections of the file that `CONNECTIONS_FILE` names, or else local servers of these providers.
    ///
    /// # Errors
    /// The file cannot be read, or a server cannot be started.
    pub async fn new(providers: &[&str]) -> Result<Self, Box<dyn Error>> {
        match std::env::var_os("CONNECTIONS_FILE") {
            Some(file) => Ok(Self { connections: Connections::from_file(file)?, servers: BTreeMap::new() }),
            None => Self::local(providers).await,
        }
    }

    /// Local servers of these providers, each with a connection of its name.
    ///
    /// # Errors
    /// There is no such provider, or no port can be had.
    pub async fn local(providers: &[&str]) -> Result<Self, Box<dyn Error>> {
        let mut servers = BTreeMap::new();
        let mut text = String::new();
        for provider in providers {
            let server = local::start(provider).await?;
            text.push_str(&local::connection(provider, &server.base_url())?);
            servers.insert((*provider).to_owned(), server);
        }
        Ok(Self { connections: Connections::from_toml(&text)?, servers })
    }

    /// The connection of a name.
    ///
    /// # Errors
    /// There is none, or it is not complete.
    pub fn config(&self, name: &str) -> Result<Config, ConfigError> {
        self.connections.config(name)
    }

    /// Connects.
    ///
    /// # Errors
    /// As [`config`](Self::config) and [`obkit::connect`].
    pub fn connect(&self, name: &str) -> Result<Box<dyn Provider>, Box<dyn Error>> {
        Ok(obkit::connect(&self.config(name)?)?)
    }

    /// What an account holder has permitted: at a local server anything, and else what [`permitted`] reads.
    ///
    /// # Errors
    /// As there.
    pub fn access(&self, name: &str) -> Result<ConsentReference, Box<dyn Error>> {
        if self.servers.contains_key(name) {
            return Ok(local::access(name));
        }
        permitted(name)
    }

    /// The local server of a provider, if it is one.
    #[must_use]
    pub fn server(&self, name: &str) -> Option<&ContractServer> {
        self.servers.get(name)
    }
}

/// What an account holder has permitted: in a program, from where it keeps its secrets. Here it is the JSON of a
/// [`ConsentReference`] in the variable `CONSENT_NAME`, which providers without consents do not need.
///
/// # Errors
/// The variable holds something else.
pub fn permitted(name: &str) -> Result<ConsentReference, Box<dyn Error>> {
    let variable = format!("CONSENT_{}", name.to_uppercase());
    let Ok(text) = std::env::var(&variable) else { return Ok(ConsentReference::none()) };
    // The error of the decoder could quote the token.
    Ok(serde_json::from_str(&text).map_err(|_| format!("{variable} holds no id and token of a consent, as JSON"))?)
}
