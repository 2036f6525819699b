//! What an entry of a HAR says ([HAR 1.2](http://www.softwareishard.com/blog/har-12-spec/)).

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use obkit_codegen::spec::essence;
use serde::Deserialize;

use super::bad::{Object, Unreadable, read_item};
use super::coding::undo_recorded;
use super::exchange::{Exchange, Recorded, STATUSES, url};
use super::fields::Fields;
use crate::base_url::Url;
use crate::exchange::{Request, Response};
use crate::parameter::escape;

#[derive(Debug, Deserialize)]
struct Entry<'e> {
    #[serde(borrow)]
    request: Object<EntryRequest<'e>>,
    #[serde(borrow)]
    response: Object<EntryResponse<'e>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct EntryRequest<'e> {
    #[serde(borrow)]
    method: Cow<'e, str>,
    #[serde(borrow)]
    url: Cow<'e, str>,
    #[serde(borrow, default)]
    headers: Fields<'e>,
    #[serde(borrow, default)]
    post_data: Option<Object<Text<'e>>>,
    #[serde(default)]
    body_size: Option<f64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct EntryResponse<'e> {
    status: i64,
    #[serde(borrow, default)]
    headers: Fields<'e>,
    #[serde(borrow, default)]
    content: Option<Object<Text<'e>>>,
    #[serde(default)]
    body_size: Option<f64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Text<'e> {
    #[serde(borrow, default)]
    text: Option<Cow<'e, str>>,
    #[serde(borrow, default)]
    encoding: Option<Cow<'e, str>>,
    #[serde(borrow, default)]
    mime_type: Option<Cow<'e, str>>,
    #[serde(default)]
    size: Option<f64>,
    /// The members of a form, which may stand in place of its text.
    #[serde(borrow, default)]
    params: Vec<Object<Param<'e>>>,
}

#[derive(Debug, Deserialize)]
struct Param<'e> {
    #[serde(borrow)]
    name: Cow<'e, str>,
    #[serde(borrow, default)]
    value: Option<Cow<'e, str>>,
}

/// Reads an entry.
pub(super) fn exchange(bytes: &[u8]) -> Result<Exchange, Unreadable> {
    let Entry { request: Object(request), response: Object(response) } = read_item(bytes, "entry of a HAR")?;
    let Url { origin, path, query } = url(&request.url)?;
    let (path, query) = (path.to_owned(), query.map(str::to_owned));
    let post_data = request.post_data.map(|Object(data)| data);
    let media_type = post_data.as_ref().and_then(|data| data.mime_type.as_deref());
    let headers = fields(request.headers, media_type);
    let (body, request_body) = match post_data {
        Some(data) => match form(&data, &headers) {
            Some(form) => (form.into_bytes(), Recorded::Whole),
            None => read(data, request.body_size)?,
        },
        None if request.body_size.unwrap_or(-1.0) == 0.0 => (Vec::new(), Recorded::Whole),
        None => (Vec::new(), Recorded::Missing),
    };
    let (body, request_body) = undo_recorded(&headers, body, request_body);
    let request = Request { method: request.method.into_owned(), path, query, headers, body };
    let (response, response_body) = answer(response)?;
    Ok(Exchange { origin, request, request_body, response, response_body })
}

/// The answer; browsers write the status 0 where none came.
fn answer(response: EntryResponse<'_>) -> Result<(Option<Response>, Recorded), Unreadable> {
    if response.status <= 0 {
        return Ok((None, Recorded::Missing));
    }
    let status = u16::try_from(response.status).ok().filter(|status| STATUSES.contains(status));
    let status = status
        .ok_or_else(|| Unreadable::new("it is no entry of a HAR: `response.status` should be from 100 to 999"))?;
    let content = response.content.map(|Object(content)| content);
    let media_type = content.as_ref().and_then(|content| content.mime_type.as_deref());
    let headers = fields(response.headers, media_type);
    let (body, known) = match content {
        Some(content) => read(content, response.body_size)?,
        None => (Vec::new(), Recorded::Missing),
    };
    let (body, known) = undo_recorded(&headers, body, known);
    Ok((Some(Response { status, headers, body }), known))
}

/// The header fields, without those that HTTP/2 has for the request line; where none was recorded, what the media type of the body tells.
fn fields(fields: Fields<'_>, media_type: Option<&str>) -> Vec<(String, String)> {
    let mut told = fields.owned();
    told.retain(|(name, _)| !name.starts_with(':'));
    if let Some(media_type) = media_type.filter(|media_type| told.is_empty() && media_type.contains('/')) {
        told.push(("content-type".to_owned(), media_type.to_owned()));
    }
    told
}

/// The form that a body was, where its members were recorded in place of its text. Parts and files are not all there is of theirs.
fn form(data: &Text<'_>, headers: &[(String, String)]) -> Option<String> {
    let stated = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let media_type = data.mime_type.as_deref().or(stated.map(|(_, value)| value.as_str()))?;
    let is_form = essence(media_type).eq_ignore_ascii_case("application/x-www-form-urlencoded");
    let has_text = data.text.as_deref().is_some_and(|text| !text.is_empty());
    if !is_form || has_text || data.params.is_empty() {
        return None;
    }
    let pair = |Object(Param { name, value }): &Object<Param<'_>>| {
        format!("{}={}", escape(name), escape(value.as_deref().unwrap_or_default()))
    };
    Some(data.params.iter().map(pair).collect::<Vec<_>>().join("&"))
}

/// The bytes of a body. One that has no text was not recorded, unless both its sizes say that it is empty.
fn read(body: Text<'_>, transferred: Option<f64>) -> Result<(Vec<u8>, Recorded), Unreadable> {
    match (body.text, body.encoding.as_deref()) {
        (Some(text), Some(encoding)) if encoding.eq_ignore_ascii_case("base64") => {
            let bytes = STANDARD.decode(text.as_bytes());
            Ok((bytes.map_err(|_| Unreadable::new("the Base64 of a body is malformed"))?, Recorded::Whole))
        }
        (Some(_), Some(encoding)) if !encoding.is_empty() => Ok((Vec::new(), Recorded::Coded)),
        // Some write no text as an empty one.
        (Some(text), _) if text.is_empty() && body.size.unwrap_or_default() > 0.0 => {
            Ok((Vec::new(), Recorded::Missing))
        }
        (Some(text), _) => Ok((text.into_owned().into_bytes(), Recorded::Whole)),
        (None, _) if body.size.unwrap_or_default() <= 0.0 && transferred == Some(0.0) => {
            Ok((Vec::new(), Recorded::Whole))
        }
        (None, _) => Ok((Vec::new(), Recorded::Missing)),
    }
}
