//! What generated code puts into a request where a plain [`Param`](crate::Param) does not do.

mod body;
mod multipart;

use reqwest::Request;
use reqwest::header::{COOKIE, HeaderValue};
use serde::Serialize;

pub use self::body::{RawBody, form, json, multipart, raw};
pub use self::multipart::Multipart;
use crate::style::{Escape, Style, StyleError};

/// A value as one segment of a URL path, which can never become more or less than one segment.
///
/// # Errors
/// The value has no JSON form, or nothing of it would stand in the path.
pub fn segment(name: &str, value: &impl Serialize, style: Style) -> Result<String, StyleError> {
    let (first, separator) = style.separators();
    let pieces = style.pieces(name, value, Escape::Path)?;
    if pieces.concat().is_empty() {
        return Err(StyleError::EmptySegment { name: name.to_owned() });
    }
    let segment = format!("{first}{}", pieces.join(separator));
    // As in `path_segment`: a parser would leave the segment out.
    if matches!(segment.as_str(), "." | "..") {
        return Err(StyleError::DotSegment { name: name.to_owned() });
    }
    Ok(segment)
}

/// Adds a value to a request's query.
///
/// # Errors
/// The value has no JSON form.
pub fn query(request: &mut Request, name: &str, value: &impl Serialize, style: Style) -> Result<(), StyleError> {
    let pieces = style.pieces(name, value, Escape::Query)?;
    append_query(request, &pieces);
    Ok(())
}

/// Adds pieces to a query, which are encoded already.
pub(crate) fn append_query(request: &mut Request, pieces: &[String]) {
    if pieces.is_empty() {
        return;
    }
    let known = request.url().query().filter(|query| !query.is_empty()).map(str::to_owned);
    let query: Vec<_> = known.into_iter().chain(pieces.iter().cloned()).collect();
    request.url_mut().set_query(Some(&query.join("&")));
}

/// A value as a header's.
///
/// # Errors
/// The value has no JSON form, or holds a character that a header cannot carry.
pub fn header(value: &impl Serialize, style: Style) -> Result<HeaderValue, StyleError> {
    let text = style.pieces("", value, Escape::Header)?.join(",");
    let mut value = HeaderValue::from_str(&text).map_err(|_| StyleError::InvalidHeader)?;
    value.set_sensitive(style.sensitive);
    Ok(value)
}

/// Adds a value to a request's cookies. An exploded value is several cookies: the `&` of a query would be part of the
/// first one's value.
///
/// # Errors
/// The value has no JSON form.
pub fn cookie(request: &mut Request, name: &str, value: &impl Serialize, style: Style) -> Result<(), StyleError> {
    append_cookies(request, &style.pieces(name, value, Escape::Cookie)?)
}

/// Adds pairs to the one `Cookie` header that a request may have (RFC 6265, section 5.4). It is marked sensitive: who
/// knows what a session rests on.
pub(crate) fn append_cookies(request: &mut Request, pairs: &[String]) -> Result<(), StyleError> {
    if pairs.is_empty() {
        return Ok(());
    }
    let known = request.headers().get(COOKIE).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let cookies: Vec<_> = known.into_iter().chain(pairs.iter().cloned()).collect();
    let mut value = HeaderValue::from_str(&cookies.join("; ")).map_err(|_| StyleError::InvalidHeader)?;
    value.set_sensitive(true);
    request.headers_mut().insert(COOKIE, value);
    Ok(())
}

#[cfg(test)]
mod tests;
