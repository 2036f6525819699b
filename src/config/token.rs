//! How access tokens are fetched.

use obkit_runtime::Auth;
use obkit_runtime::oauth2::{ClientAuthentication, InvalidEndpoint, SigningKey};
use obkit_runtime::secrecy::SecretString;
use schemars::JsonSchema;
use serde::Deserialize;

use super::reading::{Invalid, exactly_one};
use super::text::{Secret, Text};
use crate::settings::ConnectionSettings;

/// How access tokens are fetched: the client credentials grant of OAuth 2.0.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenKeys {
    /// How the client proves who it is: `client_secret_basic`, `client_secret_post` or `private_key_jwt`. Default: what the
    /// provider documents, or `private_key_jwt` with a key.
    method: Option<Method>,
    /// The client's id at the token endpoint. Default: the one that the provider's other keys name.
    client_id: Option<Text>,
    /// The client's secret.
    client_secret: Option<Secret>,
    /// The private key that signs assertions, in PEM: RSA for RS256, P-256 for ES256.
    private_key: Option<Secret>,
    /// The id under which the key's public half is known (`kid`).
    key_id: Option<Text>,
    /// The audience of assertions (`aud`). Default: the token endpoint.
    audience: Option<Text>,
    /// Another token endpoint than the documented one.
    url: Option<Text>,
}

/// How a client proves who it is (RFC 7591, section 2: `token_endpoint_auth_method`).
#[derive(Clone, Copy, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub(crate) enum Method {
    ClientSecretBasic,
    ClientSecretPost,
    PrivateKeyJwt,
}

impl TokenKeys {
    /// The client, by what the provider documents for a secret, and by the id that the connection has already.
    pub(crate) fn client(&self, documented: Method, id: Option<&str>) -> Result<ClientAuthentication, Invalid> {
        self.authentication(documented, id).map_err(|invalid| invalid.within("token"))
    }

    fn authentication(&self, documented: Method, id: Option<&str>) -> Result<ClientAuthentication, Invalid> {
        let (secret, key) = (&self.client_secret, &self.private_key);
        exactly_one(&[("client_secret", secret.is_some()), ("private_key", key.is_some())])?;
        let id = self.client_id.as_ref().map(|id| id.0.as_str()).or(id);
        let id = id.ok_or_else(|| Invalid::missing("client_id", "is not there: a token is asked for by a client"))?;
        let method = self.method.unwrap_or(if key.is_some() { Method::PrivateKeyJwt } else { documented });
        self.check(method)?;
        let client = match (method, secret, key) {
            (Method::ClientSecretBasic, Some(secret), _) => ClientAuthentication::secret_basic(id, secret.expose()),
            (Method::ClientSecretPost, Some(secret), _) => ClientAuthentication::secret_post(id, secret.expose()),
            (Method::PrivateKeyJwt, _, Some(pem)) => ClientAuthentication::private_key_jwt(id, self.key(pem)?),
            (Method::PrivateKeyJwt, ..) => {
                return Err(Invalid::new("method", "takes `private_key`, which is not there"));
            }
            _ => return Err(Invalid::new("method", "takes `client_secret`, which is not there")),
        };
        Ok(match &self.audience {
            Some(audience) => client.audience(&audience.0),
            None => client,
        })
    }

    /// The client's id and secret in HTTP Basic, for a call of the API that asks for them.
    pub(crate) fn basic(&self) -> Option<Auth> {
        Some(Auth::basic(self.client_id.as_ref()?.0.as_str(), self.client_secret.as_ref()?.expose()))
    }

    /// What is only for assertions would silently be without effect.
    fn check(&self, method: Method) -> Result<(), Invalid> {
        let only_for_keys = [("key_id", self.key_id.is_some()), ("audience", self.audience.is_some())];
        match only_for_keys.into_iter().find(|(_, is_set)| *is_set && method != Method::PrivateKeyJwt) {
            Some((key, _)) => Err(Invalid::new(key, "is for `private_key_jwt` alone")),
            None => Ok(()),
        }
    }

    fn key(&self, pem: &Secret) -> Result<SigningKey, Invalid> {
        let missing = || Invalid::missing("key_id", "is not there: an assertion names the key that signs it");
        let id = self.key_id.as_ref().ok_or_else(missing)?;
        let key = SigningKey::from_pem(&id.0, &SecretString::from(pem.expose()));
        key.map_err(|error| Invalid::new("private_key", format!("cannot sign: {error}")))
    }

    /// The token endpoint: the one that is set, or the documented one, which a test has at its own address.
    pub(crate) fn endpoint(&self, documented: &str, settings: &ConnectionSettings) -> String {
        match (&self.url, settings.every_server()) {
            (Some(Text(url)), _) => url.clone(),
            (None, Some(base)) => {
                let path = documented.splitn(4, '/').nth(3).unwrap_or_default();
                format!("{}/{path}", base.trim_end_matches('/'))
            }
            (None, None) => documented.to_owned(),
        }
    }

    /// The key that an endpoint came from cannot be used.
    pub(crate) fn invalid_endpoint(&self, error: InvalidEndpoint) -> Invalid {
        Invalid::new("token.url", format!("cannot be used: {error}"))
    }
}
