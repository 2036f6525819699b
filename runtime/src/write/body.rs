//! Bodies that are not plain `application/json`.

use bytes::Bytes;
use reqwest::Request;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use serde::Serialize;

use super::multipart::Multipart;
use crate::style::{Escape, Style, StyleError, Value};

/// Sets a JSON body of a media type of its own, such as `application/merge-patch+json`.
///
/// # Errors
/// The value has no JSON form.
pub fn json(request: &mut Request, media_type: &str, body: &impl Serialize) -> Result<(), StyleError> {
    raw(request, media_type, serde_json::to_vec(body).map_err(|_| StyleError::NotJson)?)
}

/// Sets a body of bytes, which may be sent again.
///
/// # Errors
/// The media type cannot be written as a header.
pub fn raw(request: &mut Request, media_type: &str, body: impl Into<Bytes>) -> Result<(), StyleError> {
    let media_type = HeaderValue::from_str(media_type).map_err(|_| StyleError::InvalidHeader)?;
    request.headers_mut().insert(CONTENT_TYPE, media_type);
    *request.body_mut() = Some(body.into().into());
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
    raw(request, "application/x-www-form-urlencoded", pieces.join("&"))
}

/// Sets a body of parts.
///
/// # Errors
/// The media type of a part cannot be written as a header.
pub fn multipart(request: &mut Request, body: &Multipart) -> Result<(), StyleError> {
    let (media_type, bytes) = body.encode()?;
    raw(request, &media_type, bytes)
}
