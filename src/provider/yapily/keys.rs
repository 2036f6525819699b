//! The keys of a configuration for Yapily.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Credentials;
use crate::config::{self, Invalid, Secret};
use crate::settings::ConnectionSettings;

/// Yapily.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Keys {
    /// The application's id, which the reference also calls its key.
    application_id: Secret,
    /// The application's secret.
    application_secret: Secret,
}

impl config::Keys for Keys {
    type Credentials = Credentials;

    fn credentials(self, _: &ConnectionSettings) -> Result<Credentials, Invalid> {
        Ok(Credentials::new(self.application_id, self.application_secret))
    }
}
