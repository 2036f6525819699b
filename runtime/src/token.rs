//! Tokens that are fetched, kept and replaced.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, SystemTime};

use secrecy::SecretString;

mod cache;
mod error;

pub(crate) use cache::Refused;
pub use cache::Tokens;
pub use error::TokenError;

/// Somewhere that gives out tokens: a token endpoint, an operation of the provider that exchanges one token for
/// another, a vault.
///
/// A source fetches; it does not keep. [`Tokens`] keeps what it gave and asks again in time.
///
/// ```
/// use obkit_runtime::{Auth, Token, TokenError, TokenFuture, TokenSource, Tokens, reqwest};
///
/// /// The token of one user, from the operation that gives it.
/// struct UserToken { user_id: String }
///
/// impl TokenSource for UserToken {
///     fn fetch<'s>(&'s self, _http: &'s reqwest::Client) -> TokenFuture<'s> {
///         Box::pin(async move {
///             // let answer = client.retrieve_user_token().user_id(&self.user_id).send().await?;
///             # let token = self.user_id.clone();
///             Ok(Token::new(token).expires_in(std::time::Duration::from_secs(3600)))
///         })
///     }
/// }
///
/// let auth = Auth::tokens(Tokens::new(UserToken { user_id: "6b1e".into() }));
/// assert_eq!(format!("{auth:?}"), "Auth::Bearer(Tokens([redacted]))");
/// ```
pub trait TokenSource: Send + Sync {
    /// A new token. Called once at a time by each [`Tokens`], with the HTTP client of the transport that needs the
    /// token, which a source that has its own may leave alone.
    ///
    /// The future may be dropped before it is ready, when the call that waits for it is given up.
    fn fetch<'s>(&'s self, http: &'s reqwest::Client) -> TokenFuture<'s>;
}

/// A token on its way.
pub type TokenFuture<'s> = Pin<Box<dyn Future<Output = Result<Token, TokenError>> + Send + 's>>;

/// A token as its source gave it. No `Debug` shows it.
#[derive(Clone)]
#[must_use]
pub struct Token {
    secret: SecretString,
    lifetime: Option<Duration>,
}

impl Token {
    /// A token whose end is not known: it is used until the provider refuses it.
    pub fn new(secret: impl Into<SecretString>) -> Self {
        Self { secret: secret.into(), lifetime: None }
    }

    /// How long the token is good for, from the moment at which it was asked for.
    pub fn expires_in(mut self, lifetime: Duration) -> Self {
        self.lifetime = Some(lifetime);
        self
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").field("lifetime", &self.lifetime).finish_non_exhaustive()
    }
}

/// What says which time it is, for the life of a token and for what is signed.
///
/// A function is one: `|| SystemTime::now()`. Tests give their own.
pub trait Clock: Send + Sync {
    /// The time.
    fn now(&self) -> SystemTime;
}

impl<F: Fn() -> SystemTime + Send + Sync> Clock for F {
    fn now(&self) -> SystemTime {
        self()
    }
}
