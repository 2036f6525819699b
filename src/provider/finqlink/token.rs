//! Tokens of FinqLink.

use obkit_runtime::oauth2::{ClientAuthentication, ClientCredentials, InvalidEndpoint};

/// The token endpoint of the guide, at a host of its own.
pub const TOKEN_URL: &str = "https://finqware.okta.com/oauth2/ausfqbxutkZBUKUgQ417/v1/token";

/// Access tokens for payment links, from [`TOKEN_URL`]. In production the client is authenticated by a key
/// ([`ClientAuthentication::private_key_jwt`], RS256). The scope of account data is not published; add it with
/// [`ClientCredentials::scope`].
///
/// # Errors
/// The endpoint cannot be used.
pub fn token_source(endpoint: &str, client: ClientAuthentication) -> Result<ClientCredentials, InvalidEndpoint> {
    Ok(ClientCredentials::new(endpoint, client)?.scope("pay_by_link"))
}
