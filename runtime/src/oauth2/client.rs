//! How a client proves who it is at the token endpoint.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::SigningKey;
use crate::style::Escape;
use crate::{Auth, TokenError};

/// The credentials of a client, and how they are sent.
#[derive(Clone)]
pub struct ClientAuthentication {
    id: String,
    method: Method,
}

#[derive(Clone)]
enum Method {
    Basic(SecretString),
    Post(SecretString),
    Jwt { key: Arc<SigningKey>, audience: Option<String>, lifetime: Duration },
}

/// What a client adds to a token request.
#[derive(Default)]
pub(super) struct Proof {
    pub(super) auth: Auth,
    pub(super) form: Vec<(&'static str, SecretString)>,
}

impl ClientAuthentication {
    /// The secret in HTTP Basic: `client_secret_basic` (RFC 6749, section 2.3.1). Id and secret are form-encoded first,
    /// as the RFC says.
    pub fn secret_basic(id: impl Into<String>, secret: impl Into<SecretString>) -> Self {
        Self { id: id.into(), method: Method::Basic(secret.into()) }
    }

    /// Id and secret in the form: `client_secret_post` (RFC 6749, section 2.3.1).
    pub fn secret_post(id: impl Into<String>, secret: impl Into<SecretString>) -> Self {
        Self { id: id.into(), method: Method::Post(secret.into()) }
    }

    /// A signed assertion in place of a secret: `private_key_jwt` (RFC 7523, section 2.2; OpenID Connect Core, section 9).
    /// Each request has one of its own, which is good for five minutes and names the token endpoint as its audience.
    pub fn private_key_jwt(id: impl Into<String>, key: SigningKey) -> Self {
        let lifetime = Duration::from_secs(300);
        Self { id: id.into(), method: Method::Jwt { key: Arc::new(key), audience: None, lifetime } }
    }

    /// Another audience (`aud`) of the assertion, where the authorization server wants its issuer.
    #[must_use]
    pub fn audience(mut self, other: impl Into<String>) -> Self {
        if let Method::Jwt { audience, .. } = &mut self.method {
            *audience = Some(other.into());
        }
        self
    }

    /// How long the assertion is good for, in full seconds.
    #[must_use]
    pub fn assertion_lifetime(mut self, other: Duration) -> Self {
        if let Method::Jwt { lifetime, .. } = &mut self.method {
            *lifetime = other;
        }
        self
    }

    /// What proves who the client is, in a request to this endpoint at this time.
    pub(super) fn proof(&self, endpoint: &str, now: SystemTime) -> Result<Proof, TokenError> {
        let id = SecretString::from(self.id.clone());
        match &self.method {
            Method::Basic(secret) => {
                let encoded = |text: &str| Escape::Form.name(text);
                let auth = Auth::basic(encoded(&self.id), encoded(secret.expose_secret()));
                Ok(Proof { auth, ..Proof::default() })
            }
            Method::Post(secret) => {
                let form = vec![("client_id", id), ("client_secret", secret.clone())];
                Ok(Proof { form, ..Proof::default() })
            }
            Method::Jwt { key, audience, lifetime } => {
                let audience = audience.as_deref().unwrap_or(endpoint);
                let assertion = self.assertion(key, audience, now, *lifetime)?;
                let form = vec![
                    ("client_id", id),
                    ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer".into()),
                    ("client_assertion", assertion),
                ];
                Ok(Proof { form, ..Proof::default() })
            }
        }
    }

    /// The claims of RFC 7523, section 3. The server keeps each `jti` until `exp`, so that nobody can use one twice.
    fn assertion(
        &self,
        key: &SigningKey,
        audience: &str,
        now: SystemTime,
        lifetime: Duration,
    ) -> Result<SecretString, TokenError> {
        let seconds =
            now.duration_since(UNIX_EPOCH).map_err(|_| TokenError::new("the clock is before 1970"))?.as_secs();
        let id =
            crate::random::fresh_uuid().ok_or_else(|| TokenError::new("there is no randomness for an assertion"))?;
        let claims = json!({
            "iss": self.id,
            "sub": self.id,
            "aud": audience,
            "iat": seconds,
            "exp": seconds.saturating_add(lifetime.as_secs()),
            "jti": id.to_string(),
        });
        let signed = key.sign(&claims).map_err(|error| TokenError::caused_by("the assertion is not signed", error))?;
        Ok(signed.into())
    }
}

impl fmt::Debug for ClientAuthentication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.method {
            Method::Basic(_) => f.write_str("ClientAuthentication::Basic([redacted])"),
            Method::Post(_) => f.write_str("ClientAuthentication::Post([redacted])"),
            Method::Jwt { key, .. } => write!(f, "ClientAuthentication::Jwt({key:?})"),
        }
    }
}
