//! Randomness, all of it the operating system's: ids that nobody else has, and pauses that nobody else takes.

use std::sync::LazyLock;

use rustls::crypto::SecureRandom;
use uuid::Uuid;

/// The operating system's, through the library that TLS uses.
static RANDOM: LazyLock<&'static dyn SecureRandom> =
    LazyLock::new(|| rustls::crypto::ring::default_provider().secure_random);

/// A new UUID of version 4 (RFC 9562, section 5.4), or none when the operating system has no randomness to give.
#[must_use]
pub fn fresh_uuid() -> Option<Uuid> {
    bytes().map(|bytes| uuid::Builder::from_random_bytes(bytes).into_uuid())
}

/// A number from 0 up to, but not, 1; none as above.
pub(crate) fn fraction() -> Option<f64> {
    bytes().map(|bytes| f64::from(u32::from_ne_bytes(bytes)) / (f64::from(u32::MAX) + 1.0))
}

pub(crate) fn bytes<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    RANDOM.fill(&mut bytes).ok()?;
    Some(bytes)
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

    #[test]
    fn fractions_fill_the_range_from_0_to_1() {
        let mut tenths = [false; 10];
        for _ in 0..1_000 {
            let fraction = fraction().unwrap();
            assert!((0.0..1.0).contains(&fraction), "{fraction}");
            tenths[(fraction * 10.0) as usize] = true;
        }
        assert_eq!(tenths, [true; 10]);
    }
}
