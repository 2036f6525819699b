//! Header fields of answers that mean the same in every document: what HTTP and its companions say of them.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::redacted::is_marked;
use super::response::Response;

/// How many requests may be sent, and how many are left, by the names that are in use.
const RATE_LIMITS: [(&str, &str); 3] = [
    ("ratelimit-limit", "ratelimit-remaining"),
    ("x-ratelimit-limit", "x-ratelimit-remaining"),
    ("x-rate-limit-limit", "x-rate-limit-remaining"),
];

/// A part of the check, and what is wrong.
pub(super) type Fault = (&'static str, String);

/// Header fields of an answer to this method that no client can make sense of.
pub(super) fn faults(method: &str, response: &Response) -> Vec<Fault> {
    let field = |name: &str| response.header(name).filter(|value| !is_marked(value));
    let mut faults = Vec::new();
    let mut must = |is_right: bool, part, what: fmt::Arguments<'_>| {
        if !is_right {
            faults.push((part, what.to_string()));
        }
    };
    if let Some(wait) = field("retry-after") {
        must(
            is_digits(&wait) || http_date(&wait).is_some(),
            "retry-after",
            format_args!("`Retry-After` is neither seconds nor a date"),
        );
    }
    if let Some(place) = field("location") {
        must(is_uri_reference(&place), "location", format_args!("`Location` is no URI reference"));
    }
    if let Some(methods) = field("allow") {
        let mut listed = methods.split(',').map(str::trim).filter(|name| !name.is_empty());
        must(listed.clone().all(is_token), "allow", format_args!("`Allow` is no list of methods"));
        let contradicts = response.status == 405 && listed.any(|name| name == method);
        must(!contradicts, "allow", format_args!("{method} is answered 405, and `Allow` lists it"));
    }
    let (deprecation, sunset) = (field("deprecation"), field("sunset"));
    let deprecated = deprecation.as_deref().and_then(structured_date);
    let ends = sunset.as_deref().and_then(http_date);
    must(
        deprecation.is_none() || deprecated.is_some(),
        "deprecation",
        format_args!("`Deprecation` is no date such as `@1688169599`"),
    );
    must(sunset.is_none() || ends.is_some(), "sunset", format_args!("`Sunset` is no date of HTTP"));
    if let (Some(deprecated), Some(ends)) = (deprecated, ends) {
        must(ends >= deprecated, "sunset", format_args!("`Sunset` is earlier than `Deprecation`"));
    }
    for (limit, remaining) in RATE_LIMITS {
        let number = |name: &str| field(name)?.trim().parse::<i128>().ok();
        let is_within = |left: i128| left >= 0 && number(limit).is_none_or(|limit| left <= limit);
        let what = format_args!("`{remaining}` is more than there is, or less than nothing");
        must(number(remaining).is_none_or(is_within), "rate-limit", what);
    }
    faults
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// RFC 9110, section 5.6.2.
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// RFC 9110, section 5.6.7.
fn http_date(text: &str) -> Option<SystemTime> {
    httpdate::parse_http_date(text).ok()
}

/// A Date of RFC 9651, section 3.3.7: `@`, and seconds since 1970.
fn structured_date(text: &str) -> Option<SystemTime> {
    let seconds: i64 = text.strip_prefix('@')?.parse().ok()?;
    let apart = Duration::from_secs(seconds.unsigned_abs());
    if seconds < 0 { UNIX_EPOCH.checked_sub(apart) } else { UNIX_EPOCH.checked_add(apart) }
}

/// Whether a text has nothing that RFC 3986 has no place for.
pub(super) fn is_uri_reference(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte);
    let hex = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_hexdigit);
    let bytes = text.as_bytes();
    let mut percents = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'%').map(|(at, _)| at);
    !text.is_empty()
        && bytes.iter().all(|byte| is_allowed(*byte))
        && percents.all(|at| hex(bytes.get(at + 1)) && hex(bytes.get(at + 2)))
        && text.matches('#').count() < 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(status: u16, headers: &[(&str, &str)]) -> Vec<&'static str> {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        faults("GET", &Response { status, headers, body: Vec::new() }).into_iter().map(|(part, _)| part).collect()
    }

    #[test]
    fn what_clients_can_read_is_right() {
        for (name, value) in [
            ("Retry-After", "120"),
            ("Retry-After", "Fri, 31 Dec 1999 23:59:59 GMT"),
            ("Location", "/payments/1?a=%20#b"),
            ("Location", "https://api.bank.example/[::1]"),
            ("Location", "[redacted]"),
            ("Allow", "POST, PUT"),
            ("Allow", ""),
            ("Deprecation", "@1688169599"),
            ("Deprecation", "@-1"),
            ("Sunset", "Sun, 30 Jun 2024 23:59:59 GMT"),
            ("X-RateLimit-Remaining", "0"),
            ("RateLimit-Remaining", "100;w=60"),
        ] {
            assert_eq!(parts(405, &[(name, value)]), [] as [&str; 0], "{name}: {value}");
        }
        let both = [("X-RateLimit-Limit", "10"), ("X-RateLimit-Remaining", "10")];
        assert_eq!(parts(200, &both), [] as [&str; 0]);
        let ends = [("Deprecation", "@1688169599"), ("Sunset", "Sun, 30 Jun 2024 23:59:59 GMT")];
        assert_eq!(parts(200, &ends), [] as [&str; 0]);
        assert_eq!(parts(200, &[("Allow", "GET")]), [] as [&str; 0]);
    }

    #[test]
    fn what_they_cannot_read_is_not() {
        for (part, name, value) in [
            ("retry-after", "Retry-After", "1.5"),
            ("retry-after", "Retry-After", "soon"),
            ("location", "Location", ""),
            ("location", "Location", "/a b"),
            ("location", "Location", "/%zz"),
            ("location", "Location", "/a#b#c"),
            ("allow", "Allow", "GET"),
            ("allow", "Allow", "POST PUT"),
            ("deprecation", "Deprecation", "true"),
            ("deprecation", "Deprecation", "@99999999999999999999"),
            ("sunset", "Sunset", "2024-06-30"),
            ("rate-limit", "X-RateLimit-Remaining", "-1"),
        ] {
            assert_eq!(parts(405, &[(name, value)]), [part], "{name}: {value}");
        }
        let both = [("X-RateLimit-Limit", "10"), ("X-RateLimit-Remaining", "11")];
        assert_eq!(parts(200, &both), ["rate-limit"]);
        let ends = [("Deprecation", "@1888169599"), ("Sunset", "Sun, 30 Jun 2024 23:59:59 GMT")];
        assert_eq!(parts(200, &ends), ["sunset"]);
    }
}
