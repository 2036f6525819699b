//! Query strings and cookies in pieces.

use percent_encoding::percent_decode_str;

/// A query string in pieces: names decoded, values as they travel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Reads the part of a URL after the `?`.
    #[must_use]
    pub fn parse(raw: &str) -> Self {
        let pair = |piece: &str| {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            (unescape(name), value.to_owned())
        };
        Self(raw.split('&').filter(|piece| !piece.is_empty()).map(pair).collect())
    }

    /// The names, each as often as it occurs.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// The first value of a name, decoded.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<String> {
        self.values(name).next().map(unescape)
    }

    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, String)> {
        self.0.iter().map(|(name, value)| (name.as_str(), unescape(value)))
    }

    pub(super) fn values<'q>(&'q self, name: &'q str) -> impl Iterator<Item = &'q str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Decodes a piece of a query: `+` is a space there.
pub(super) fn unescape(text: &str) -> String {
    decoded(&text.replace('+', " "))
}

pub(super) fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}
