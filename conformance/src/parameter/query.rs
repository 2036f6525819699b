//! Query strings and cookies in pieces.

use percent_encoding::percent_decode_str;

use super::Unreadable;

/// A query string in pieces: names decoded, values as they travel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Reads the part of a URL after the `?`.
    #[must_use]
    pub fn parse(raw: &str) -> Self {
        let pair = |piece: &str| {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            // A name that is not well encoded is that of no parameter.
            (unescape(name).unwrap_or_else(|_| name.to_owned()), value.to_owned())
        };
        Self(raw.split('&').filter(|piece| !piece.is_empty()).map(pair).collect())
    }

    /// The names, each as often as it occurs.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// The first value of a name, decoded; none when it is not well encoded.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<String> {
        self.values(name).next().and_then(|value| unescape(value).ok())
    }

    /// Names, and values as they travel.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub(super) fn values<'q>(&'q self, name: &'q str) -> impl Iterator<Item = &'q str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Decodes a piece of a query: `+` is a space there.
pub(crate) fn unescape(text: &str) -> Result<String, Unreadable> {
    decoded(&text.replace('+', " "))
}

/// Decodes what is percent-encoded.
pub(super) fn decoded(text: &str) -> Result<String, Unreadable> {
    let bytes = text.as_bytes();
    let is_hex = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
    let malformed = bytes.iter().enumerate().any(|(at, byte)| *byte == b'%' && !(is_hex(at + 1) && is_hex(at + 2)));
    if malformed {
        return Err(Unreadable::Encoding);
    }
    percent_decode_str(text).decode_utf8().map(std::borrow::Cow::into_owned).map_err(|_| Unreadable::Encoding)
}
