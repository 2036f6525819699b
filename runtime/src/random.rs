//! Ids that nobody else has.

use std::sync::LazyLock;

use rustls::crypto::SecureRandom;
use uuid::Uuid;

/// The operating system's, through the library that TLS uses.
static RANDOM: LazyLock<&'static dyn SecureRandom> =
    LazyLock::new(|| rustls::crypto::ring::default_provider().secure_random);

/// A new UUID of version 4 (RFC 9562, section 5.4), or none when the operating system has no randomness to give.
#[must_use]
pub fn fresh_uuid() -> Option<Uuid> {
    let mut bytes = [0; 16];
    RANDOM.fill(&mut bytes).ok()?;
    Some(uuid::Builder::from_random_bytes(bytes).into_uuid())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn ids_are_of_version_4_and_differ() {
        let (one, two) = (fresh_uuid().unwrap(), fresh_uuid().unwrap());
        assert_eq!((one.get_version_num(), two.get_version_num()), (4, 4));
        assert_ne!(one, two);
    }
}
