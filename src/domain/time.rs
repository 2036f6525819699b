//! Points in time.

use chrono::{DateTime, FixedOffset};
use obkit_runtime as runtime;

/// A point in time, with the offset the provider gave.
pub type Timestamp = DateTime<FixedOffset>;

/// Reads a provider's date-time: RFC 3339, or ISO 8601 with a basic offset (`+0000`), which some
/// providers send. A text without an offset is refused: guessing one would move the instant.
pub(crate) fn timestamp(text: &runtime::DateTime) -> Option<Timestamp> {
    text.value().ok().or_else(|| DateTime::parse_from_str(text.as_str(), "%Y-%m-%dT%H:%M:%S%.f%z").ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_is_needed_in_either_form() {
        let read = |text: &str| timestamp(&runtime::DateTime::from_text(text)).map(|t| t.to_rfc3339());
        assert_eq!(read("2023-03-25T10:15:00Z").as_deref(), Some("2023-03-25T10:15:00+00:00"));
        assert_eq!(read("2023-03-25T10:15:00.5+0100").as_deref(), Some("2023-03-25T10:15:00.500+01:00"));
        assert_eq!(read("2023-03-25T10:15:00"), None);
        assert_eq!(read("yesterday"), None);
    }
}
