//! Credentials as they are sent.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Request;
use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

use super::{Auth, AuthError, Place, Scheme, keys};
use crate::Tokens;
use crate::token::Refused;

impl Auth {
    /// Whether there are no credentials.
    pub(crate) fn is_none(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether some credentials are fetched.
    pub(crate) fn has_tokens(&self) -> bool {
        self.0.iter().any(|scheme| matches!(scheme, Scheme::Tokens { .. }))
    }

    /// Looks at the credentials that are known.
    pub(crate) fn check(&self) -> Result<(), AuthError> {
        let mut rendered = Rendered::default();
        self.0.iter().try_for_each(|scheme| scheme.render(&mut rendered))
    }

    /// Puts the credentials into the request, in place of what its headers, query and cookies of the same names held. Waits
    /// only for tokens that are not there yet.
    ///
    /// # Errors
    ///
    /// When there is no token, or a credential cannot be written. The request is then unchanged.
    pub(crate) async fn apply(&self, request: &mut Request, http: &reqwest::Client) -> Result<InUse<'_>, AuthError> {
        let mut rendered = Rendered::default();
        let mut in_use = Vec::new();
        for scheme in &self.0 {
            scheme.render(&mut rendered)?;
            if let Scheme::Tokens { place, tokens } = scheme {
                let ticket = tokens.ticket(http).await.map_err(AuthError::Token)?;
                place.render(&ticket.secret, &mut rendered)?;
                in_use.push((tokens, ticket.name));
            }
        }
        rendered.write(request);
        Ok(InUse(in_use))
    }
}

/// The tokens that a request carries.
pub(crate) struct InUse<'a>(Vec<(&'a Tokens, u64)>);

impl InUse<'_> {
    /// Drops the tokens, because the provider refused them, and says whether new ones may be accepted.
    pub(crate) fn refuse(&self) -> bool {
        let tried: Vec<_> = self.0.iter().map(|(tokens, name)| tokens.refuse(*name)).collect();
        tried.contains(&Refused::TryAgain)
    }
}

#[derive(Default)]
pub(super) struct Rendered {
    headers: Vec<(HeaderName, HeaderValue)>,
    query: Vec<(String, SecretString)>,
    cookies: Vec<(String, SecretString)>,
}

impl Rendered {
    fn header(&mut self, name: &HeaderName, secret: &SecretString) -> Result<(), AuthError> {
        let mut value =
            HeaderValue::from_str(secret.expose_secret()).map_err(|_| AuthError::InvalidHeader(name.clone()))?;
        value.set_sensitive(true);
        self.headers.push((name.clone(), value));
        Ok(())
    }

    fn authorization(&mut self, scheme: &str, credentials: &SecretString) -> Result<(), AuthError> {
        self.header(&AUTHORIZATION, &format!("{scheme} {}", credentials.expose_secret()).into())
    }

    fn write(self, request: &mut Request) {
        for (name, value) in self.headers {
            request.headers_mut().insert(name, value);
        }
        keys::replace_in_query(request, &self.query);
        keys::replace_cookies(request, &self.cookies);
    }
}

impl Scheme {
    /// What is known before a request is made.
    fn render(&self, rendered: &mut Rendered) -> Result<(), AuthError> {
        match self {
            Scheme::Basic { user, .. } if user.contains(':') => return Err(AuthError::ColonInUser),
            Scheme::Basic { user, password } => {
                let pair = SecretString::from(format!("{user}:{}", password.expose_secret()));
                rendered.authorization("Basic", &STANDARD.encode(pair.expose_secret()).into())?;
            }
            Scheme::Bearer(token) => rendered.authorization("Bearer", token)?,
            Scheme::Headers(headers) => {
                headers.iter().try_for_each(|(name, secret)| rendered.header(name, secret))?;
            }
            Scheme::Query(keys) => rendered.query.extend(keys.iter().cloned()),
            Scheme::Cookies(keys) => match keys.iter().find(|(name, key)| !keys::is_cookie(name, key)) {
                Some((name, _)) => return Err(AuthError::InvalidCookie(name.clone())),
                None => rendered.cookies.extend(keys.iter().cloned()),
            },
            Scheme::Tokens { .. } => {}
        }
        Ok(())
    }
}

impl Place {
    fn render(&self, token: &SecretString, rendered: &mut Rendered) -> Result<(), AuthError> {
        match self {
            Place::Bearer => rendered.authorization("Bearer", token),
            Place::Header(name) => rendered.header(name, token),
        }
    }
}
