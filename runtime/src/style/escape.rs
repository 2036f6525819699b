//! Which characters of a value travel as they are, in each place of a request.

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but the unreserved characters (RFC 3986, section 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// As [`RESERVED`], without the reserved characters that mean nothing between `=` and `&` of a query.
const NOT_IN_QUERY: &AsciiSet = &RESERVED
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b';')
    .remove(b'=');

/// What a cookie's value cannot hold (RFC 6265, section 4.1.1), and `%`, which would read as an escape.
///
/// More is not encoded: a token such as `YQ==` must arrive unchanged where nobody decodes.
const NOT_IN_COOKIE: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b',').add(b';').add(b'\\').add(b'%');

/// What a form encodes (WHATWG URL, `application/x-www-form-urlencoded` percent-encode set); a space becomes `+`.
const NOT_IN_FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'*').remove(b'-').remove(b'.').remove(b'_');

/// A place of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Escape {
    Path,
    Query,
    Header,
    Cookie,
    Form,
}

impl Escape {
    /// The value as it travels.
    pub(super) fn value(self, text: &str, reserved: bool) -> String {
        match self {
            Self::Query if reserved => keeping_escapes(text),
            _ => self.name(text),
        }
    }

    /// The name as it travels: whatever is allowed in a value, a name has no reserved characters.
    pub(crate) fn name(self, text: &str) -> String {
        match self {
            Self::Path | Self::Query => utf8_percent_encode(text, RESERVED).to_string(),
            Self::Header => text.to_owned(),
            Self::Cookie => utf8_percent_encode(text, NOT_IN_COOKIE).to_string(),
            Self::Form => utf8_percent_encode(text, NOT_IN_FORM).to_string().replace("%20", "+"),
        }
    }
}

/// Reserved expansion (RFC 6570, section 3.2.3): what is percent-encoded already stays so.
fn keeping_escapes(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        let (before, from) = rest.split_at(at);
        out.extend(utf8_percent_encode(before, NOT_IN_QUERY));
        let escape = from.get(..3).filter(|escape| escape[1..].bytes().all(|byte| byte.is_ascii_hexdigit()));
        out.push_str(escape.unwrap_or("%25"));
        rest = &from[escape.map_or(1, str::len)..];
    }
    out.extend(utf8_percent_encode(rest, NOT_IN_QUERY));
    out
}
