//! Picking a provider at run time.

use obkit_runtime::TransportError;

use crate::provider::Provider;
#[cfg(feature = "fena")]
use crate::provider::fena;
#[cfg(feature = "yapily")]
use crate::provider::yapily;

/// What a connection needs: one variant per provider.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Config {
    /// Yapily.
    #[cfg(feature = "yapily")]
    Yapily(yapily::Config),
    /// Fena.
    #[cfg(feature = "fena")]
    Fena(fena::Config),
}

#[cfg(feature = "yapily")]
impl From<yapily::Config> for Config {
    fn from(config: yapily::Config) -> Self {
        Self::Yapily(config)
    }
}

#[cfg(feature = "fena")]
impl From<fena::Config> for Config {
    fn from(config: fena::Config) -> Self {
        Self::Fena(config)
    }
}

/// Connects to the provider of a configuration. Nothing is sent before the first call.
///
/// # Errors
/// The credentials cannot be used, or TLS cannot be set up.
pub fn connect(config: &Config) -> Result<Box<dyn Provider>, TransportError> {
    match config {
        #[cfg(feature = "yapily")]
        Config::Yapily(config) => Ok(Box::new(yapily::Yapily::connect(config)?)),
        #[cfg(feature = "fena")]
        Config::Fena(config) => Ok(Box::new(fena::Fena::connect(config)?)),
    }
}
