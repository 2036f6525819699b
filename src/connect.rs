//! Picking a provider at run time.

use std::fmt;

use obkit_runtime::TransportError;

#[cfg(feature = "config")]
use schemars::{JsonSchema as _, SchemaGenerator};

#[cfg(feature = "config")]
use crate::config::{ConfigError, Field, Reading, fields};
use crate::provider::Provider;
use crate::settings::ConnectionSettings;

/// Declares the configurations, one for each provider.
macro_rules! connections {
    ($($feature:literal $module:ident $connection:ident),* $(,)?) => {
        /// What a connection needs: one variant per provider.
        ///
        /// A program makes one from the configuration of a provider, `yapily::Config::new(..).into()`, or reads one from
        /// TOML or the environment (feature `config`, module `config`).
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub enum Config {
            $(
                #[cfg(feature = $feature)]
                #[doc = concat!("For [`", stringify!($connection), "`](crate::provider::", stringify!($module), ").")]
                $connection(crate::provider::$module::Config),
            )*
        }

        $(
            #[cfg(feature = $feature)]
            impl From<crate::provider::$module::Config> for Config {
                fn from(config: crate::provider::$module::Config) -> Self {
                    Self::$connection(config)
                }
            }
        )*

        impl Config {
            /// The provider's name, as in `specs/providers.toml`.
            #[must_use]
            pub fn provider(&self) -> &'static str {
                match *self {
                    $(
                        #[cfg(feature = $feature)]
                        Self::$connection(_) => stringify!($module),
                    )*
                }
            }

            /// Changes how the provider is reached.
            ///
            /// ```
            /// # #[cfg(feature = "yapily")] {
            /// use obkit::provider::yapily;
            ///
            /// let config = obkit::Config::from(yapily::Config::new("application-id", "application-secret"));
            /// let config = config.map_settings(|settings| settings.application("acme-pay/1.2"));
            /// # }
            /// ```
            #[must_use]
            pub fn map_settings(self, change: impl FnOnce(ConnectionSettings) -> ConnectionSettings) -> Self {
                match self {
                    $(
                        #[cfg(feature = $feature)]
                        Self::$connection(config) => Self::$connection(config.map_settings(change)),
                    )*
                }
            }
        }

        /// All providers, and whether this build has them.
        #[cfg(feature = "config")]
        pub(crate) const PROVIDERS: &[(&str, bool)] = &[$(($feature, cfg!(feature = $feature))),*];

        #[cfg(feature = "config")]
        impl Config {
            /// Reads the connection of a provider; none when this build is without the provider.
            pub(crate) fn read(reading: Reading) -> Option<Result<Self, ConfigError>> {
                match reading.provider() {
                    $(
                        #[cfg(feature = $feature)]
                        $feature => Some(reading.read::<crate::provider::$module::Keys>().map(Self::$connection)),
                    )*
                    _ => None,
                }
            }

            /// The keys of the credentials of each provider.
            pub(crate) fn fields() -> Vec<(&'static str, Vec<Field>)> {
                vec![$(
                    #[cfg(feature = $feature)]
                    ($feature, fields::<crate::provider::$module::Keys>()),
                )*]
            }

            /// The schema of the credentials of each provider.
            pub(crate) fn schemas(generator: &mut SchemaGenerator) -> Vec<(&'static str, serde_json::Value)> {
                vec![$(
                    #[cfg(feature = $feature)]
                    ($feature, crate::provider::$module::Keys::json_schema(generator).to_value()),
                )*]
            }
        }

        /// Connects to the provider of a configuration. Nothing is sent before the first call.
        ///
        /// # Errors
        /// The settings name no address, the credentials cannot be used, or TLS cannot be set up.
        pub fn connect(config: &Config) -> Result<Box<dyn Provider>, ConnectError> {
            match *config {
                $(
                    #[cfg(feature = $feature)]
                    Config::$connection(ref config) => {
                        Ok(Box::new(crate::provider::$module::$connection::connect(config)?))
                    }
                )*
            }
        }
    };
}

connections! {
    "yapily" yapily Yapily,
    "fena" fena Fena,
    "finqlink" finqlink FinqLink,
    "candescent" candescent Candescent,
    "wych" wych Wych,
}

/// There is no connection. Nothing was sent.
#[derive(Debug)]
#[non_exhaustive]
pub enum ConnectError {
    /// The provider has no environment of this name.
    UnknownEnvironment {
        /// The provider.
        provider: &'static str,
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<&'static str>,
    },
    /// The provider publishes no host, and no base URL is set.
    NoBaseUrl {
        /// The provider.
        provider: &'static str,
    },
    /// The base URL is none. It is not shown.
    InvalidBaseUrl {
        /// The provider.
        provider: &'static str,
    },
    /// The credentials cannot be used, or TLS or a proxy cannot be set up.
    Transport(TransportError),
    /// The system has no resources for the runtime of a blocking connection.
    #[cfg(feature = "blocking")]
    Runtime(std::io::Error),
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownEnvironment { provider, name, known } if known.is_empty() => {
                write!(
                    f,
                    "{provider} has no environment `{name}`, nor any other\n  help: set the base URL that {provider} gave you"
                )
            }
            Self::UnknownEnvironment { provider, name, known } => {
                let known = known.join("`, `");
                write!(
                    f,
                    "{provider} has no environment `{name}`\n  help: there is `{known}`; set a base URL for any other"
                )
            }
            Self::NoBaseUrl { provider } => {
                write!(f, "{provider} publishes no host\n  help: set the base URL that comes with the credentials")
            }
            Self::InvalidBaseUrl { provider } => write!(
                f,
                "the base URL for {provider} is no URL with a scheme, a host and perhaps a path\n  \
                 help: set one such as `https://api.bank.example/v1`"
            ),
            Self::Transport(error) => error.fmt(f),
            #[cfg(feature = "blocking")]
            Self::Runtime(error) => write!(f, "there is no runtime: {error}"),
        }
    }
}

impl std::error::Error for ConnectError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Transport(error) => error.source(),
            #[cfg(feature = "blocking")]
            Self::Runtime(error) => Some(error),
            _ => None,
        }
    }
}

impl From<TransportError> for ConnectError {
    fn from(error: TransportError) -> Self {
        Self::Transport(error)
    }
}
