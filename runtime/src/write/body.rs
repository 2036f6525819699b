//! Bodies that are not plain `application/json`.

use std::fmt;

use bytes::Bytes;
use reqwest::Request;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use serde::Serialize;

use super::multipart::Multipart;
use crate::style::{Escape, Style, StyleError, Value};

/// The bytes of a body that has no type: text, XML, a token, a document.
///
/// They are held in memory, so that a call can be tried again. The `Debug` shows how many they are, and no more.
///
/// ```
/// use obkit_runtime::RawBody;
///
/// assert_eq!(format!("{:?}", RawBody::from("s3cret")), "RawBody(6 bytes)");
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct RawBody(Bytes);

macro_rules! raw_body_from {
    ($($type:ty => $bytes:expr),* $(,)?) => {$(
        impl From<$type> for RawBody {
            fn from(body: $type) -> Self {
                Self($bytes(body))
            }
        }
    )*};
}
raw_body_from! {
    Bytes => Bytes::from,
    Vec<u8> => Bytes::from,
    String => Bytes::from,
    &[u8] => Bytes::copy_from_slice,
    &str => |text: &str| Bytes::copy_from_slice(text.as_bytes()),
}

impl fmt::Debug for RawBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawBody({} bytes)", self.0.len())
    }
}

/// Sets a JSON body of a media type of its own, such as `application/merge-patch+json`.
///
/// # Errors
/// The value has no JSON form.
pub fn json(request: &mut Request, media_type: &str, body: &impl Serialize) -> Result<(), StyleError> {
    let body = serde_json::to_vec(body).map_err(|_| StyleError::NotJson)?;
    raw(request, media_type, &body.into())
}

/// Sets a body of bytes, which may be sent again.
///
/// # Errors
/// The media type cannot be written as a header.
pub fn raw(request: &mut Request, media_type: &str, body: &RawBody) -> Result<(), StyleError> {
    let media_type = HeaderValue::from_str(media_type).map_err(|_| StyleError::InvalidHeader)?;
    request.headers_mut().insert(CONTENT_TYPE, media_type);
    *request.body_mut() = Some(body.0.clone().into());
    Ok(())
}

/// Sets a body of names and values.
///
/// A list repeats its name and an object is its JSON text, as OpenAPI 3.0.3 has it by default; `styles` says which
/// members have a style of their own.
///
/// # Errors
/// The value is no object.
pub fn form(request: &mut Request, body: &impl Serialize, styles: &[(&str, Style)]) -> Result<(), StyleError> {
    let body = serde_json::value::to_raw_value(body).map_err(|_| StyleError::NotJson)?;
    let Value::Object(members) = Value::read(&body).map_err(|_| StyleError::NotJson)? else {
        return Err(StyleError::NotAnObject);
    };
    let mut pieces = Vec::new();
    for (name, value) in members {
        let stated = styles.iter().find(|(member, _)| *member == name).map(|(_, style)| *style);
        let style = match (stated, value.get().as_bytes().first()) {
            (Some(style), _) => style,
            (None, Some(b'{')) => Style::JSON,
            (None, _) => Style::FORM.exploded(),
        };
        pieces.extend(style.pieces_of(&name, value, Escape::Form)?);
    }
    raw(request, "application/x-www-form-urlencoded", &pieces.join("&").into())
}

/// Sets a body of parts.
///
/// # Errors
/// The media type of a part cannot be written as a header.
pub fn multipart(request: &mut Request, body: &Multipart) -> Result<(), StyleError> {
    let (media_type, bytes) = body.encode()?;
    raw(request, &media_type, &bytes.into())
}
