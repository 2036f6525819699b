//! What a connection to Candescent needs.

use obkit_runtime::secrecy::SecretString;
use obkit_runtime::{Auth, RetryPolicy, Sensitive, Tokens};

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
#[derive(Clone, Debug)]
pub struct Config {
    pub(super) base_url: String,
    pub(super) auth: Auth,
    pub(super) client: Option<Auth>,
    pub(super) user: User,
    pub(super) location: Option<Sensitive>,
    pub(super) retry: RetryPolicy,
}

impl Config {
    /// An access token that the caller keeps fresh, and whose accounts are read.
    pub fn new(token: impl Into<SecretString>, user: User) -> Self {
        Self::with_auth(Auth::bearer(token), user)
    }

    /// Access tokens that are fetched, from [`token_source`](super::token_source) for one, and whose accounts are read.
    #[must_use]
    pub fn with_tokens(tokens: Tokens, user: User) -> Self {
        Self::with_auth(Auth::tokens(tokens), user)
    }

    fn with_auth(auth: Auth, user: User) -> Self {
        Self {
            base_url: obkit_candescent::BASE_URL.to_owned(),
            auth,
            client: None,
            user,
            location: None,
            retry: RetryPolicy::default(),
        }
    }

    /// Sets the client's id and secret, which the call that issues tokens needs
    /// ([`createTokenV1`](obkit_candescent::Client::create_token_v1)).
    #[must_use]
    pub fn client(mut self, id: &str, secret: impl Into<SecretString>) -> Self {
        self.client = Some(Auth::basic(id, secret));
        self
    }

    /// Sets the location of a business (`institutionCustomerId`), which users of a business have to name.
    #[must_use]
    pub fn location(mut self, institution_customer_id: impl Into<Sensitive>) -> Self {
        self.location = Some(institution_customer_id.into());
        self
    }

    /// Sets another host, such as one of a test.
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// Sets when a call is made again.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }
}
