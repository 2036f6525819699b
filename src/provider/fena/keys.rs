//! The keys of a configuration for Fena.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Credentials;
use crate::config::{self, Invalid, Secret};
use crate::settings::ConnectionSettings;

/// Fena. The host comes with the credentials: it is the `base_url`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Keys {
    /// The client's id.
    client_id: Secret,
    /// The client's secret.
    client_secret: Secret,
}

impl config::Keys for Keys {
    type Credentials = Credentials;

    fn credentials(self, _: &ConnectionSettings) -> Result<Credentials, Invalid> {
        Ok(Credentials::new(self.client_id, self.client_secret))
    }
}
