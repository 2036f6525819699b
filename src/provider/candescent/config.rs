//! What a connection to Candescent needs.

use obkit_runtime::secrecy::SecretString;
use obkit_runtime::{Auth, Sensitive, Tokens};

use crate::provider::config;

/// Whose accounts are read.
#[derive(Clone, Debug, PartialEq)]
pub enum User {
    /// Whoever the token was issued for. A token of the client credentials grant is the institution's, so it needs
    /// one of the others.
    OfToken,
    /// The user that the institution's host knows by this id.
    HostUserId(Sensitive),
    /// The user who logs in by this name.
    LoginId(Sensitive),
}

/// What a connection to Candescent needs.
pub type Config = config::Config<Credentials>;

/// Candescent names no environments: its documented address is the one of production.
pub const ENVIRONMENTS: &[(&str, &str)] = &[];

/// A token, and whose accounts it reads.
#[derive(Clone, Debug)]
pub struct Credentials {
    pub(super) auth: Auth,
    pub(super) client: Option<Auth>,
    pub(super) user: User,
    pub(super) location: Option<Sensitive>,
}

impl Config {
    /// An access token that the caller keeps fresh, and whose accounts are read.
    pub fn new(token: impl Into<SecretString>, user: User) -> Self {
        Self::with_auth(Auth::bearer(token), user)
    }

    /// Access tokens that are fetched, from [`token_source`](super::token_source) for one, and whose accounts are read.
    pub fn with_tokens(tokens: Tokens, user: User) -> Self {
        Self::with_auth(Auth::tokens(tokens), user)
    }

    fn with_auth(auth: Auth, user: User) -> Self {
        Self::with_credentials(Credentials { auth, client: None, user, location: None })
    }

    /// Sets the client's id and secret, which the call that issues tokens needs
    /// ([`createTokenV1`](obkit_candescent::Client::create_token_v1)).
    pub fn client(mut self, id: &str, secret: impl Into<SecretString>) -> Self {
        self.credentials.client = Some(Auth::basic(id, secret));
        self
    }

    /// Sets the location of a business (`institutionCustomerId`), which users of a business have to name.
    pub fn location(mut self, institution_customer_id: impl Into<Sensitive>) -> Self {
        self.credentials.location = Some(institution_customer_id.into());
        self
    }
}

impl config::Credentials for Credentials {
    const PROVIDER: &'static str = "candescent";
    const ENVIRONMENTS: &'static [(&'static str, &'static str)] = ENVIRONMENTS;
    const BASE_URL: Option<&'static str> = Some(obkit_candescent::BASE_URL);
}
