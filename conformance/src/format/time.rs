//! Dates with times, as RFC 3339 has them and as they are written.

use std::fmt;

/// Names under which documents ask for a date with a time although no standard has them, without their separators.
const VENDOR_NAMES: [&str; 8] =
    ["datetime", "iso8601", "iso8601datetime", "isodatetime", "localdatetime", "rfc3339", "timestamp", "zoneddatetime"];

/// The most digits of a second's fraction that common types keep: nanoseconds.
const MAX_FRACTION: usize = 9;

/// What a reader may stumble over in a date with a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// There is no time.
    NoTime,
    /// Another character than `T` stands between date and time.
    Separator,
    /// There are no seconds.
    NoSeconds,
    /// There is no offset from UTC.
    NoOffset,
    /// The offset is not hours, a colon and minutes.
    Offset,
    /// `t` or `z`.
    Case,
    /// The second 60.
    LeapSecond,
    /// `-00:00`: the time is that of UTC, and the offset of the place is unknown (RFC 3339, section 4.3).
    UnknownOffset,
    /// More digits than a nanosecond has.
    Fraction,
}

impl Doubt {
    /// All of them.
    pub(crate) const ALL: [Self; 9] = [
        Self::Case,
        Self::Fraction,
        Self::LeapSecond,
        Self::NoOffset,
        Self::Offset,
        Self::NoSeconds,
        Self::Separator,
        Self::NoTime,
        Self::UnknownOffset,
    ];

    /// A word for ids.
    pub(crate) const fn part(self) -> &'static str {
        match self {
            Self::NoTime => "time",
            Self::Separator => "separator",
            Self::NoSeconds => "seconds",
            Self::NoOffset => "no-offset",
            Self::Offset => "offset",
            Self::Case => "case",
            Self::LeapSecond => "leap-second",
            Self::UnknownOffset => "unknown-offset",
            Self::Fraction => "fraction",
        }
    }

    /// Whether RFC 3339 has a `date-time` like this.
    fn is_allowed(self) -> bool {
        matches!(self, Self::Case | Self::LeapSecond | Self::UnknownOffset | Self::Fraction)
    }
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoTime => "it has a date and no time",
            Self::Separator => "no `T` stands between its date and its time",
            Self::NoSeconds => "it has no seconds",
            Self::NoOffset => "it has no offset from UTC",
            Self::Offset => "its offset from UTC is not written as `+hh:mm`",
            Self::Case => "its `T` or `Z` is a small letter",
            Self::LeapSecond => "its second is 60",
            Self::UnknownOffset => "its offset is `-00:00`, which is no known one",
            Self::Fraction => "its seconds have more than nine decimals",
        })
    }
}

/// What is doubtful about a text that fits its format, or whose format nobody knows although it is meant for dates with times. What `date-time`
/// itself refuses is a violation.
pub(crate) fn doubt(format: &str, text: &str) -> Option<Doubt> {
    if format == "date-time" {
        return first(text).filter(|doubt| doubt.is_allowed());
    }
    let name: String = format.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    // A mere date is one of the things that such names stand for.
    if VENDOR_NAMES.contains(&name.as_str()) { first(text).filter(|doubt| *doubt != Doubt::NoTime) } else { None }
}

/// Why a text is no `date-time`, where it is nearly one.
pub(crate) fn fault(text: &str) -> Option<Doubt> {
    first(text).filter(|doubt| !doubt.is_allowed())
}

/// The first doubtful thing about a text that is a date with a time by its form; first what RFC 3339 refuses.
fn first(text: &str) -> Option<Doubt> {
    let rest = strip(text, "0000-00-00")?;
    let Some(separator) = rest.chars().next() else { return Some(Doubt::NoTime) };
    let time = strip(&rest[separator.len_utf8()..], "00:00")?;
    if !matches!(separator, 'T' | 't') {
        return matches!(separator, ' ' | '_').then_some(Doubt::Separator);
    }
    let Some(seconds) = strip(time, ":00") else { return Some(Doubt::NoSeconds) };
    let digits = seconds.strip_prefix('.').map_or(0, |rest| rest.bytes().take_while(u8::is_ascii_digit).count());
    let offset = if digits > 0 { &seconds[digits + 1..] } else { seconds };
    let numeric = offset.strip_prefix(['+', '-']);
    match (offset, numeric.and_then(|numeric| strip(numeric, "00:00"))) {
        ("", _) => Some(Doubt::NoOffset),
        ("-00:00", _) => Some(Doubt::UnknownOffset),
        ("Z" | "z", _) | (_, Some("")) if time.starts_with(":60") => Some(Doubt::LeapSecond),
        ("Z" | "z", _) | (_, Some("")) if digits > MAX_FRACTION => Some(Doubt::Fraction),
        ("z", _) => Some(Doubt::Case),
        ("Z", _) | (_, Some("")) => (separator == 't').then_some(Doubt::Case),
        _ => numeric.filter(|numeric| numeric.bytes().all(|byte| byte.is_ascii_digit())).map(|_| Doubt::Offset),
    }
}

/// What follows a form in a text; `0` stands for any digit.
fn strip<'t>(text: &'t str, form: &str) -> Option<&'t str> {
    let fits = |(byte, form): (u8, u8)| if form == b'0' { byte.is_ascii_digit() } else { byte == form };
    (text.len() >= form.len() && text.bytes().zip(form.bytes()).all(fits)).then(|| &text[form.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_doubtful_about_a_date_with_a_time() {
        for (text, doubt) in [
            ("2026-01-31T10:00:00Z", None),
            ("2026-01-31T10:00:00.123456789+01:00", None),
            ("2026-01-31", Some(Doubt::NoTime)),
            ("2026-01-31 10:00:00Z", Some(Doubt::Separator)),
            ("2026-01-31T10:00Z", Some(Doubt::NoSeconds)),
            ("2026-01-31T10:00:00", Some(Doubt::NoOffset)),
            ("2026-01-31T10:00:00.5", Some(Doubt::NoOffset)),
            ("2026-01-31T10:00:00+0100", Some(Doubt::Offset)),
            ("2026-01-31T10:00:00-00:00", Some(Doubt::UnknownOffset)),
            ("2026-01-31t10:00:00Z", Some(Doubt::Case)),
            ("2026-01-31T10:00:00z", Some(Doubt::Case)),
            ("2016-12-31T23:59:60Z", Some(Doubt::LeapSecond)),
            ("2026-01-31T10:00:00.1234567890Z", Some(Doubt::Fraction)),
            ("31.01.2026", None),
            ("2026-01-3ä", None),
            ("", None),
        ] {
            assert_eq!(first(text), doubt, "{text}");
        }
    }

    #[test]
    fn a_format_decides_what_is_doubted() {
        assert_eq!(doubt("date-time", "2026-01-31T10:00:00"), None, "it is a violation");
        assert_eq!(fault("2026-01-31T10:00:00"), Some(Doubt::NoOffset));
        assert_eq!(fault("2026-01-31t10:00:00Z"), None);
        assert_eq!(doubt("ISO-8601", "2026-01-31T10:00:00"), Some(Doubt::NoOffset));
        assert_eq!(doubt("iso8601", "2026-01-31"), None);
        assert_eq!(doubt("name", "2026-01-31T10:00:00"), None);
    }
}
