//! base64url as JOSE writes it (RFC 7515, section 2).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Decodes base64url. There is one text for each value: padding, white space, characters of the other alphabet and
/// unused bits that are not zero are refused, or else one signature could be written in many ways.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn a_value_has_one_text() {
        assert_eq!(decode("_-8").as_deref(), Some(&[0xff, 0xef][..]));
        for other in ["_-9", "_-8=", "/+8", " _-8", "_-8\n", "_-8A_", "_-\u{e9}"] {
            assert_eq!(decode(other), None, "{other:?}");
        }
    }
}
