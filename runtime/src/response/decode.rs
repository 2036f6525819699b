//! From the bytes of a body to its type.

use std::collections::{BTreeMap, HashMap};
use std::error::Error as StdError;
use std::fmt;

use reqwest::StatusCode;
use serde::de::DeserializeOwned;
use serde_json::error::Category as JsonCategory;
use serde_path_to_error::{Path, Segment};

/// A type that a response's body decodes to.
///
/// Generated code implements it with [`json_body!`](crate::json_body) for each JSON type, and by hand for an operation
/// whose body depends on the status.
pub trait Body: Sized {
    /// Decodes a body that was received with this status and content type.
    ///
    /// # Errors
    ///
    /// When the body is not what the provider's document says.
    fn decode(status: StatusCode, content_type: Option<&str>, body: &[u8]) -> Result<Self, DecodeError>;
}

/// No meaning is given to the body, whatever it is.
impl Body for () {
    fn decode(_: StatusCode, _: Option<&str>, _: &[u8]) -> Result<Self, DecodeError> {
        Ok(())
    }
}

/// A JSON string under a JSON content type, and otherwise the text itself, which must be UTF-8.
impl Body for String {
    fn decode(_: StatusCode, content_type: Option<&str>, body: &[u8]) -> Result<Self, DecodeError> {
        if content_type.is_some_and(is_json) {
            return decode_json(body);
        }
        std::str::from_utf8(body).map(str::to_owned).map_err(DecodeError::text)
    }
}

/// A JSON array.
impl<T: DeserializeOwned> Body for Vec<T> {
    fn decode(_: StatusCode, _: Option<&str>, body: &[u8]) -> Result<Self, DecodeError> {
        decode_json(body)
    }
}

/// A JSON object of like members.
impl<T: DeserializeOwned> Body for HashMap<String, T> {
    fn decode(_: StatusCode, _: Option<&str>, body: &[u8]) -> Result<Self, DecodeError> {
        decode_json(body)
    }
}

/// A JSON object of like members.
impl<T: DeserializeOwned> Body for BTreeMap<String, T> {
    fn decode(_: StatusCode, _: Option<&str>, body: &[u8]) -> Result<Self, DecodeError> {
        decode_json(body)
    }
}

/// Implements [`Body`](crate::Body) for types that decode from JSON.
///
/// ```
/// #[derive(serde::Deserialize)]
/// struct Account { id: String }
///
/// obkit_runtime::json_body!(Account);
/// ```
#[macro_export]
macro_rules! json_body {
    ($($type:ty),+ $(,)?) => {$(
        impl $crate::Body for $type {
            fn decode(
                _: $crate::reqwest::StatusCode,
                _: ::std::option::Option<&str>,
                body: &[u8],
            ) -> ::std::result::Result<Self, $crate::DecodeError> {
                $crate::decode_json(body)
            }
        }
    )+};
}

json_body!(
    bool,
    i32,
    i64,
    u32,
    u64,
    crate::Sensitive,
    serde_json::Value,
    serde_json::Map<String, serde_json::Value>,
);
#[cfg(feature = "decimals")]
json_body!(crate::Decimal);

/// U+FEFF in UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// `application/json`, `application/problem+json`, `text/json`, with or without parameters.
fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence.ends_with("/json") || essence.ends_with("+json")
}

/// Decodes a JSON body. A byte order mark before it is skipped, as RFC 8259, section 8.1 allows.
///
/// # Errors
///
/// When the body is not JSON, or not of the type; the error knows the path of the first offending value.
pub fn decode_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, DecodeError> {
    let body = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
    serde_json::from_slice(body).map_err(|plain| {
        // Tracking the path costs time on every value, so only a body that failed pays for it.
        let mut reader = serde_json::Deserializer::from_slice(body);
        match serde_path_to_error::deserialize::<_, T>(&mut reader) {
            Err(located) => DecodeError::json(display_path(located.path()), located.into_inner()),
            Ok(_) => DecodeError::json(String::new(), plain),
        }
    })
}

/// The path of a value in a body, with keys that look like data left out: a map may be keyed by account number. Of a
/// path made to be long, the begin.
fn display_path(path: &Path) -> String {
    const LONGEST: usize = 16;
    let mut text = String::new();
    for (number, segment) in path.iter().enumerate() {
        if number == LONGEST {
            text.push_str("..");
            break;
        }
        match segment {
            Segment::Seq { index } => text.push_str(&format!("[{index}]")),
            Segment::Map { key } if is_member_name(key) => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(key);
            }
            Segment::Map { .. } => text.push_str("[*]"),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    text
}

fn is_member_name(key: &str) -> bool {
    const LONGEST: usize = 64;
    const MOST_DIGITS: usize = 3;
    (1..=LONGEST).contains(&key.len())
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'$'))
        && key.bytes().filter(u8::is_ascii_digit).count() <= MOST_DIGITS
}

/// In which way a body is not what the provider's document says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Category {
    /// The body is not JSON, or not text.
    Syntax,
    /// The body is JSON, but a value has another type or a member is missing.
    Data,
    /// The body ends too early, or is empty.
    Eof,
    /// The body is compressed, or encoded otherwise (RFC 9110, section 8.4), which nobody asked for.
    Encoded,
}

/// A body is not what the provider's document says.
///
/// Neither `Display` nor `Debug` shows a value of the body, and there is no `source()` for a log to follow: messages of
/// decoders quote values. [`cause`](Self::cause) has the full message, for a place where the body itself may be seen.
pub struct DecodeError {
    path: String,
    line: usize,
    column: usize,
    category: Category,
    cause: Box<dyn StdError + Send + Sync>,
}

impl DecodeError {
    fn json(path: String, cause: serde_json::Error) -> Self {
        let category = match cause.classify() {
            JsonCategory::Data => Category::Data,
            JsonCategory::Eof => Category::Eof,
            JsonCategory::Syntax | JsonCategory::Io => Category::Syntax,
        };
        Self { path, line: cause.line(), column: cause.column(), category, cause: cause.into() }
    }

    fn text(cause: std::str::Utf8Error) -> Self {
        Self { path: String::new(), line: 0, column: 0, category: Category::Syntax, cause: cause.into() }
    }

    /// An error of an own [`Body`], such as an XML one.
    pub fn new(category: Category, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { path: String::new(), line: 0, column: 0, category, cause: cause.into() }
    }

    /// The path of the offending value, such as `data[3].amount`; empty for the body itself.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The line in the body, from 1; 0 when unknown.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// The column in the line, in bytes from 1; 0 when unknown.
    #[must_use]
    pub fn column(&self) -> usize {
        self.column
    }

    /// In which way the body is wrong.
    #[must_use]
    pub fn category(&self) -> Category {
        self.category
    }

    /// The decoder's own error. **Its message may quote the body.**
    #[must_use]
    pub fn cause(&self) -> &(dyn StdError + Send + Sync + 'static) {
        &*self.cause
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.category {
            Category::Syntax => "malformed",
            Category::Data => "not of the documented type",
            Category::Eof => "incomplete",
            Category::Encoded => "compressed, which was not asked for",
        })?;
        if !self.path.is_empty() {
            write!(f, " at {}", self.path)?;
        }
        if self.line > 0 {
            write!(f, " (line {}, column {})", self.line, self.column)?;
        }
        Ok(())
    }
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DecodeError({self})")
    }
}

impl StdError for DecodeError {}

#[cfg(test)]
mod tests;
