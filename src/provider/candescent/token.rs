//! Tokens of Candescent.

use obkit_runtime::oauth2::{ClientAuthentication, ClientCredentials, InvalidEndpoint};
use obkit_runtime::reqwest::header::{HeaderName, HeaderValue};
use obkit_runtime::secrecy::SecretString;

/// Access tokens for one institution, from `createTokenV1` of the API at a base URL. They read accounts; a call with such
/// a token names the user by `hostUserId` or `loginId`.
///
/// # Errors
/// The base URL cannot be used.
pub fn token_source(
    base_url: &str,
    client_id: impl Into<String>,
    client_secret: impl Into<SecretString>,
    institution_id: HeaderValue,
) -> Result<ClientCredentials, InvalidEndpoint> {
    source(&endpoint(base_url), ClientAuthentication::secret_basic(client_id, client_secret), institution_id)
}

/// Where the API at a base URL issues tokens.
pub(super) fn endpoint(base_url: &str) -> String {
    format!("{}/oauth2/v1/token", base_url.trim_end_matches('/'))
}

/// Tokens of any endpoint, and for a client that proves who it is in any way.
pub(super) fn source(
    endpoint: &str,
    client: ClientAuthentication,
    institution_id: HeaderValue,
) -> Result<ClientCredentials, InvalidEndpoint> {
    // The parameter has this name here, and takes a list apart by commas.
    let source = ClientCredentials::new(endpoint, client)?.parameter("scopes", "accounts:read");
    let source = source.header(HeaderName::from_static("institutionid"), institution_id);
    Ok(source.fresh_id_header(HeaderName::from_static("transactionid")))
}
