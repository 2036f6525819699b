//! Picking a provider at run time.

use obkit_runtime::TransportError;

use crate::provider::Provider;

/// Declares the configurations, one for each provider.
macro_rules! connections {
    ($($feature:literal $module:ident $connection:ident),* $(,)?) => {
        /// What a connection needs: one variant per provider.
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

        /// Connects to the provider of a configuration. Nothing is sent before the first call.
        ///
        /// # Errors
        /// The credentials cannot be used, or TLS cannot be set up.
        pub fn connect(config: &Config) -> Result<Box<dyn Provider>, TransportError> {
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
