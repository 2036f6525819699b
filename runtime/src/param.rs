//! Values in paths, query strings and headers.

use std::borrow::Cow;
use std::fmt;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use reqwest::header::HeaderValue;

#[cfg(feature = "decimals")]
use crate::Decimal;
use crate::{Formatted, Sensitive, StyleError};

/// A value that a path, a query string or a header can carry: one text, without any escaping.
///
/// Use this and not `Serialize` for query parameters: a [`Decimal`](crate::Decimal) such as `100.20` is a raw JSON number to a
/// serializer, and a plain text here.
pub trait Param {
    /// The text, as the schema's `simple` and `form` styles write it.
    fn to_param(&self) -> Cow<'_, str>;

    /// Whether the text must stay out of logs. A header made from it is marked sensitive.
    fn is_sensitive(&self) -> bool {
        false
    }
}

impl<T: Param + ?Sized> Param for &T {
    fn to_param(&self) -> Cow<'_, str> {
        (**self).to_param()
    }

    fn is_sensitive(&self) -> bool {
        (**self).is_sensitive()
    }
}

impl Param for str {
    fn to_param(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

impl Param for String {
    fn to_param(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

impl<T> Param for Formatted<T> {
    fn to_param(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.as_str())
    }
}

impl Param for Sensitive {
    fn to_param(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.expose())
    }

    fn is_sensitive(&self) -> bool {
        true
    }
}

macro_rules! param_by_display {
    ($($type:ty),*) => {$(
        impl Param for $type {
            fn to_param(&self) -> Cow<'_, str> {
                Cow::Owned(self.to_string())
            }
        }
    )*};
}
param_by_display!(bool, i32, i64, u32, u64);
#[cfg(feature = "decimals")]
param_by_display!(Decimal);

/// A parameter holds a character that a header value cannot carry (RFC 9110, section 5.5). Never shows the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidHeader;

impl fmt::Display for InvalidHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a header parameter holds a character that a header cannot carry, such as a line break")
    }
}

impl std::error::Error for InvalidHeader {}

/// The parameter as a header value, marked sensitive when the parameter is.
///
/// # Errors
///
/// When the text holds a control character, such as the line break of a header injection.
pub fn header_value(param: &(impl Param + ?Sized)) -> Result<HeaderValue, InvalidHeader> {
    let mut value = HeaderValue::from_str(&param.to_param()).map_err(|_| InvalidHeader)?;
    value.set_sensitive(param.is_sensitive());
    Ok(value)
}

/// The parameter of this name as one segment of a URL path.
///
/// It can never become more or less than one segment: besides the set of the URL Standard, `\` is encoded, which
/// parsers of `https` URLs treat as `/`.
///
/// # Errors
///
/// The text is empty, or it is `.` or `..`, which are dots to a parser of URLs however they are encoded: without the
/// segment, the path would be that of another operation.
pub fn path_segment(name: &str, param: &(impl Param + ?Sized)) -> Result<String, StyleError> {
    /// <https://url.spec.whatwg.org/#path-percent-encode-set>, with the separators, `%` itself, and what RFC 3986 has in no
    /// segment though browsers leave it.
    const SEGMENT: &AsciiSet = &CONTROLS
        .add(b' ')
        .add(b'"')
        .add(b'#')
        .add(b'<')
        .add(b'>')
        .add(b'?')
        .add(b'^')
        .add(b'`')
        .add(b'{')
        .add(b'}')
        .add(b'/')
        .add(b'\\')
        .add(b'[')
        .add(b']')
        .add(b'|')
        .add(b'%');

    match &*param.to_param() {
        "" => Err(StyleError::EmptySegment { name: name.to_owned() }),
        "." | ".." => Err(StyleError::DotSegment { name: name.to_owned() }),
        text => Ok(utf8_percent_encode(text, SEGMENT).to_string()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_sensitive_header_is_marked() {
        let value = header_value(&Sensitive::from("s3cret")).unwrap();
        assert!(value.is_sensitive());
        assert_eq!(value.as_bytes(), b"s3cret");
        assert!(!header_value("plain").unwrap().is_sensitive());
    }

    #[test]
    fn a_line_break_is_refused_without_showing_it() {
        let error = header_value(&Sensitive::from("s3cret\r\nx: y")).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("s3cret"));
    }

    #[test]
    fn numbers_are_plain_text() {
        let amount: Decimal = "100.20".parse().unwrap();
        assert_eq!(amount.to_param(), "100.20");
        assert_eq!((&&7_u32).to_param(), "7");
        assert_eq!(true.to_param(), "true");
    }

    #[test]
    fn no_segment_is_empty() {
        let error = path_segment("accountId", "").unwrap_err();
        assert_eq!(error.to_string(), "accountId: is empty, and a segment of a path cannot be");
    }

    #[test]
    fn no_segment_is_made_of_dots() {
        for text in [".", ".."] {
            let error = path_segment("accountId", text).unwrap_err();
            assert_eq!(error, StyleError::DotSegment { name: "accountId".to_owned() });
            assert_eq!(
                error.to_string(),
                "accountId: would be a segment of dots, which a path cannot carry as a value"
            );
        }
        for (text, segment) in
            [("...", "..."), (".a", ".a"), ("%2e", "%252e"), (". ", ".%20"), ("[a|b]", "%5Ba%7Cb%5D")]
        {
            assert_eq!(path_segment("accountId", text).unwrap(), segment);
        }
    }

    proptest! {
        #[test]
        fn a_segment_stays_one_segment(text in r"([./\\%?# é]|[a-z]){1,6}") {
            prop_assume!(text != "." && text != "..");
            let url = format!("https://bank.example/a/{}/z", path_segment("id", &text).unwrap());
            let url = reqwest::Url::parse(&url).unwrap();
            prop_assert_eq!(url.path_segments().unwrap().count(), 3, "{}", url);
            prop_assert_eq!((url.query(), url.fragment()), (None, None));
        }
    }
}
