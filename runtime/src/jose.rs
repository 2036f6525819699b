//! JSON Web Signatures (RFC 7515) and the keys that verify them (RFC 7517, RFC 7518).
//!
//! What is read here comes from strangers, so that less is accepted than the standards allow: compact serialisation,
//! RS256 and ES256, no extension (`crit`), and no key but the ones of a [`KeySet`] that the caller obtained himself.
//! The algorithm is a property of the key; a token that names another is refused (RFC 8725, section 3.1).
//!
//! The cryptography is *ring*'s, which TLS has brought into the build already. `jsonwebtoken` would add a second
//! provider (aws-lc with its C tool chain, or the `rsa` crate with its open timing advisory), and would decide less
//! strictly than the above.

#[cfg(feature = "webhooks")]
mod algorithm;
#[cfg(feature = "webhooks")]
mod base64url;
#[cfg(feature = "webhooks")]
mod jwk;
#[cfg(feature = "webhooks")]
mod jws;
#[cfg(feature = "oauth2")]
mod sign;

#[cfg(feature = "webhooks")]
pub use algorithm::Algorithm;
#[cfg(feature = "webhooks")]
pub use jwk::{KeySet, KeySetError, Unusable, VerificationKey};
#[cfg(feature = "webhooks")]
pub use jws::{CompactJws, JwsError, Part};
#[cfg(feature = "oauth2")]
pub use sign::{SigningError, SigningKey};
