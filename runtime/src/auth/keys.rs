//! Keys that are not headers of their own.

use percent_encoding::percent_decode_str;
use reqwest::Request;
use reqwest::header::{COOKIE, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

use crate::style::Escape;
use crate::write::append_query;

/// Puts keys into a request's query, in place of those of the same names.
pub(super) fn replace_in_query(request: &mut Request, keys: &[(String, SecretString)]) {
    if keys.is_empty() {
        return;
    }
    let is_key = |piece: &&str| {
        let name = piece.split_once('=').map_or(*piece, |(name, _)| name).replace('+', " ");
        keys.iter().any(|(key, _)| percent_decode_str(&name).eq(key.bytes()))
    };
    let known = request.url().query().unwrap_or_default();
    let others: Vec<&str> = known.split('&').filter(|piece| !piece.is_empty() && !is_key(piece)).collect();
    let others = others.join("&");
    request.url_mut().set_query(Some(&others));
    let escape = |text: &str| Escape::Query.name(text);
    let pieces: Vec<_> =
        keys.iter().map(|(name, key)| format!("{}={}", escape(name), escape(key.expose_secret()))).collect();
    append_query(request, &pieces);
}

/// Puts keys among a request's cookies, in place of those of the same names.
pub(super) fn replace_cookies(request: &mut Request, keys: &[(String, SecretString)]) {
    if keys.is_empty() {
        return;
    }
    let is_key = |pair: &&str| {
        let name = pair.split_once('=').map_or(*pair, |(name, _)| name);
        keys.iter().any(|(key, _)| key == name)
    };
    let known = request.headers().get(COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let others = known.split(';').map(str::trim).filter(|pair| !pair.is_empty() && !is_key(pair)).map(str::to_owned);
    let keys = keys.iter().map(|(name, key)| format!("{name}={}", key.expose_secret()));
    let cookies = others.chain(keys).collect::<Vec<_>>().join("; ");
    // Both were looked at before: the pairs by whoever made them, the keys by `is_cookie`.
    if let Ok(mut value) = HeaderValue::from_str(&cookies) {
        value.set_sensitive(true);
        request.headers_mut().insert(COOKIE, value);
    }
}

/// Whether a key can be a cookie as it is: nobody agrees on how one would be encoded.
pub(super) fn is_cookie(name: &str, key: &SecretString) -> bool {
    let is_octet = |byte: u8| byte.is_ascii_graphic() && !b"\",;\\".contains(&byte);
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_name) && key.expose_secret().bytes().all(is_octet)
}
