//! The formats that a [`Formatted`](crate::Formatted) string can name.

use std::fmt;

use uuid::Uuid;

#[cfg(feature = "dates")]
mod dates;
#[cfg(feature = "decimals")]
mod decimals;

/// A type with one textual form, named by `format` in a schema.
pub trait Format: Sized {
    /// What the text is, for messages: `an RFC 3339 date-time`.
    const NAME: &'static str;

    /// Reads the text strictly: nothing is trimmed, guessed or rounded.
    ///
    /// # Errors
    ///
    /// When the text is not in the format.
    fn parse(text: &str) -> Result<Self, FormatError>;

    /// Writes the value in the format.
    fn render(&self) -> String;
}

/// A text is not in the format that the schema names. Says which format, never the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormatError {
    expected: &'static str,
}

impl FormatError {
    /// An error of the format `T`.
    #[must_use]
    pub const fn of<T: Format>() -> Self {
        Self { expected: T::NAME }
    }

    /// What the text should have been.
    #[must_use]
    pub const fn expected(&self) -> &'static str {
        self.expected
    }
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not {}", self.expected)
    }
}

impl std::error::Error for FormatError {}

/// RFC 9562, section 4: the hyphenated form only.
impl Format for Uuid {
    const NAME: &'static str = "a UUID";

    fn parse(text: &str) -> Result<Self, FormatError> {
        const HYPHENATED: usize = 36;
        if text.len() != HYPHENATED {
            return Err(FormatError::of::<Self>());
        }
        Self::try_parse(text).map_err(|_| FormatError::of::<Self>())
    }

    fn render(&self) -> String {
        self.hyphenated().to_string()
    }
}
