//! Why text stands for no value.

use std::fmt;

/// What keeps a text from being read, before any schema is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It is not written in the documented style: a `matrix` value without its name, an object of three pieces.
    Style,
    /// Its percent-encoding is none, or does not encode UTF-8 (RFC 3986, section 2.1).
    Encoding,
    /// It should be JSON.
    Json,
    /// It is sent more than once, and stands for one value.
    Repeated,
}

impl Unreadable {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Encoding, Self::Json, Self::Repeated, Self::Style];

    /// The word for it in the ids of rules.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Style => "style",
            Self::Encoding => "encoding",
            Self::Json => "json",
            Self::Repeated => "repeated",
        }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Style => "the value is not written in the documented style",
            Self::Encoding => "the value is not percent-encoded UTF-8",
            Self::Json => "the value is not JSON",
            Self::Repeated => "the value is sent more than once",
        })
    }
}

impl std::error::Error for Unreadable {}
