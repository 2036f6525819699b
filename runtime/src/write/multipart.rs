//! `multipart/form-data` (RFC 7578).

use std::fmt;

use bytes::{BufMut, Bytes, BytesMut};
use reqwest::header::HeaderValue;
use serde::Serialize;

use crate::random;
use crate::style::{StyleError, Value};

/// A body of named parts, in order: texts, JSON and files.
///
/// It is held in memory as a whole, so that a call can be tried again.
///
/// ```
/// use obkit_runtime::Multipart;
///
/// let body = Multipart::new()
///     .text("purpose", "identity")
///     .json("holder", &serde_json::json!({ "name": "Ada" }))?
///     .file("document", "passport.pdf", "application/pdf", &b"%PDF-"[..]);
/// assert_eq!(format!("{body:?}"), r#"Multipart(["purpose", "holder", "document"])"#);
/// # Ok::<(), obkit_runtime::StyleError>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
#[must_use]
pub struct Multipart(Vec<Part>);

#[derive(Clone, PartialEq, Eq)]
struct Part {
    name: String,
    file_name: Option<String>,
    media_type: Option<String>,
    content: Bytes,
}

impl Multipart {
    /// A body without parts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text.
    pub fn text(self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.part(name.into(), None, None, text.into().into())
    }

    /// Adds a value as `application/json`.
    ///
    /// # Errors
    /// The value has no JSON form.
    pub fn json(self, name: impl Into<String>, value: &impl Serialize) -> Result<Self, StyleError> {
        let content = serde_json::to_vec(value).map_err(|_| StyleError::NotJson)?;
        Ok(self.part(name.into(), None, Some("application/json".to_owned()), content.into()))
    }

    /// Adds a file.
    pub fn file(
        self,
        name: impl Into<String>,
        file_name: impl Into<String>,
        media_type: impl Into<String>,
        content: impl Into<Bytes>,
    ) -> Self {
        self.part(name.into(), Some(file_name.into()), Some(media_type.into()), content.into())
    }

    /// The members of an object as parts: scalars are texts, lists repeat their name, and objects are JSON.
    ///
    /// # Errors
    /// The value is no object.
    pub fn of(object: &impl Serialize) -> Result<Self, StyleError> {
        let json = serde_json::value::to_raw_value(object).map_err(|_| StyleError::NotJson)?;
        let Value::Object(members) = Value::read(&json).map_err(|_| StyleError::NotJson)? else {
            return Err(StyleError::NotAnObject);
        };
        let mut body = Self::new();
        for (name, value) in members {
            let values = match Value::read(value).map_err(|_| StyleError::NotJson)? {
                Value::List(items) => items,
                _ => vec![value],
            };
            for value in values {
                body = match Value::read(value).map_err(|_| StyleError::NotJson)? {
                    Value::Null => body,
                    Value::Text(text) => body.text(name.clone(), text),
                    Value::List(_) | Value::Object(_) => body.json(name.clone(), &value)?,
                };
            }
        }
        Ok(body)
    }

    fn part(mut self, name: String, file_name: Option<String>, media_type: Option<String>, content: Bytes) -> Self {
        self.0.push(Part { name, file_name, media_type, content });
        self
    }

    /// The media type with its boundary, and the bytes.
    pub(super) fn encode(&self) -> Result<(String, Bytes), StyleError> {
        let first = random::bytes().map_or(0, u64::from_ne_bytes);
        let boundary = self.boundary((0..).map(|further| format!("obkit-{:016x}", first.wrapping_add(further))));
        let mut body = BytesMut::new();
        for part in &self.0 {
            body.put_slice(format!("--{boundary}\r\n{}\r\n", part.headers()?).as_bytes());
            body.put_slice(&part.content);
            body.put_slice(b"\r\n");
        }
        body.put_slice(format!("--{boundary}--\r\n").as_bytes());
        Ok((format!("multipart/form-data; boundary={boundary}"), body.freeze()))
    }

    /// The first candidate that occurs in no part.
    fn boundary(&self, mut candidates: impl Iterator<Item = String>) -> String {
        let occurs = |candidate: &String| {
            self.0.iter().any(|part| part.content.windows(candidate.len()).any(|window| window == candidate.as_bytes()))
        };
        candidates.find(|candidate| !occurs(candidate)).unwrap_or_default()
    }
}

impl Part {
    fn headers(&self) -> Result<String, StyleError> {
        let mut headers = format!("Content-Disposition: form-data; name=\"{}\"", quoted(&self.name));
        if let Some(file_name) = &self.file_name {
            headers.push_str(&format!("; filename=\"{}\"", quoted(file_name)));
        }
        headers.push_str("\r\n");
        if let Some(media_type) = &self.media_type {
            HeaderValue::from_str(media_type).map_err(|_| StyleError::InvalidHeader)?;
            headers.push_str(&format!("Content-Type: {media_type}\r\n"));
        }
        Ok(headers)
    }
}

/// A name within quotes (WHATWG HTML, "multipart/form-data encoding algorithm").
fn quoted(name: &str) -> String {
    name.replace('\r', "%0D").replace('\n', "%0A").replace('"', "%22")
}

/// Shows the names alone.
impl fmt::Debug for Multipart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.0.iter().map(|part| &part.name).collect();
        f.debug_tuple("Multipart").field(&names).finish()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn parts_stand_between_boundaries() {
        let body = Multipart::new().text("a\"\r\n", "1").json("b", &[1, 2]).unwrap().file(
            "c",
            "ä.pdf",
            "application/pdf",
            vec![0, 255],
        );
        let (media_type, bytes) = body.encode().unwrap();
        let boundary = media_type.strip_prefix("multipart/form-data; boundary=").unwrap();
        let expected = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"a%22%0D%0A\"\r\n\r\n1\r\n\
             --{boundary}\r\nContent-Disposition: form-data; name=\"b\"\r\nContent-Type: application/json\r\n\r\n[1,2]\r\n\
             --{boundary}\r\nContent-Disposition: form-data; name=\"c\"; filename=\"ä.pdf\"\r\nContent-Type: application/pdf\r\n\r\n"
        );
        let expected = [expected.as_bytes(), &[0, 255], format!("\r\n--{boundary}--\r\n").as_bytes()].concat();
        assert_eq!(bytes, expected);
    }

    #[test]
    fn the_boundary_occurs_in_no_part() {
        let body = Multipart::new().text("a", "x first y").file("b", "f", "text/plain", "second");
        let candidates = ["first", "second", "third"].map(str::to_owned);
        assert_eq!(body.boundary(candidates.into_iter()), "third");
    }

    #[test]
    fn an_object_becomes_parts() {
        let object = serde_json::json!({ "a": 1.5, "b": ["x", "y"], "c": { "d": true }, "e": null });
        let expected = Multipart::new()
            .text("a", "1.5")
            .text("b", "x")
            .text("b", "y")
            .json("c", &serde_json::json!({ "d": true }))
            .unwrap();
        assert_eq!(Multipart::of(&object).unwrap(), expected);
        assert_eq!(Multipart::of(&[1]), Err(StyleError::NotAnObject));
    }

    #[test]
    fn a_media_type_cannot_bring_a_header_along() {
        let body = Multipart::new().file("a", "f", "text/plain\r\nx: y", "");
        assert_eq!(body.encode(), Err(StyleError::InvalidHeader));
    }
}
