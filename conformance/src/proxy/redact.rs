//! Entries of a recording, without what nobody may see.
//!
//! What stays is what the document names and does not call sensitive, in the type that it gives to it: the members that a generated
//! type shows, unless a credential of the request stands in it. Of parameters and header fields only listed values stay, for a client
//! shows none of them. Everything else is replaced by `[redacted]`, or left out: credentials, cookies, unknown members with their names, paths
//! that no operation has, and bodies that are not documented JSON.

mod value;

use std::borrow::Cow;
use std::time::{Instant, SystemTime};

use hyper::StatusCode;
use obkit_codegen::Document;
use obkit_codegen::spec::{Content, Location, Operation, Parameter, is_json};
use serde_json::{Value, json};

use crate::base_url::BaseUrls;
use crate::contract::Contract;
use crate::exchange::redacted::{ENCODED, MARK};
use crate::exchange::{Response, told_method};
use crate::parameter::{Codec, Query, unescape};
use crate::route::Matched;
use crate::security::forms;
use crate::traffic::{Exchange, Judged, Recorded};
use crate::{json, media_type, timestamp};

/// An exchange as an entry of a HAR.
pub(super) fn entry(
    contract: &Contract,
    base_urls: &BaseUrls,
    judged: &Judged<'_>,
    exchange: &Exchange,
    base: &str,
    began: (SystemTime, Instant),
) -> Value {
    let given = contract.security().secrets(&exchange.request).into_iter();
    let secrets = given.flat_map(|(_, secret)| forms(&secret).map(Cow::into_owned).collect::<Vec<_>>()).collect();
    let redacting = Redacting { contract, operation: judged.request.operation, secrets };
    let took = began.1.elapsed().as_secs_f64() * 1000.0;
    json!({
        "startedDateTime": timestamp::rfc3339(began.0),
        "time": took,
        "request": redacting.request(base_urls, exchange, base),
        "response": redacting.response(exchange),
        "cache": {},
        "timings": {"send": 0, "wait": took, "receive": 0},
    })
}

struct Redacting<'c> {
    contract: &'c Contract,
    operation: Option<&'c Operation>,
    /// What came with the request to prove who sends it.
    secrets: Vec<String>,
}

impl Redacting<'_> {
    fn document(&self) -> &Document {
        self.contract.document()
    }

    fn request(&self, base_urls: &BaseUrls, exchange: &Exchange, base: &str) -> Value {
        let request = &exchange.request;
        let (url, query) = self.url(base_urls, exchange, base);
        let size = request.body.len();
        let mut told = json!({
            "method": if self.operation.is_some() { request.method.as_str() } else { told_method(&request.method) },
            "url": url,
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": self.fields(&request.headers, |name| self.parameter(Location::Header, name)),
            "queryString": query,
            "headersSize": -1,
            "bodySize": if exchange.request_body == Recorded::Whole { json!(size) } else { json!(-1) },
        });
        if size > 0 || exchange.request_body != Recorded::Whole {
            let content = || {
                let documented = self.operation?.request.as_ref()?;
                media_type::find(&documented.content, &request.header("content-type")?)
            };
            let mime = media(request.header("content-type").as_deref());
            let mut data = json!({"mimeType": mime, "params": []});
            match self.body(&request.body, exchange.request_body, &mime, content()) {
                Some(text) => data["text"] = text.into(),
                None => data["comment"] = "the body is not recorded".into(),
            }
            told["postData"] = data;
        }
        told
    }

    fn response(&self, exchange: &Exchange) -> Value {
        let Some(response) = &exchange.response else {
            return json!({
                "status": 0, "statusText": "", "httpVersion": "HTTP/1.1", "cookies": [], "headers": [], "redirectURL": "",
                "headersSize": -1, "bodySize": -1, "content": {"size": 0, "mimeType": "x-unknown", "comment": "there was no answer"},
            });
        };
        let reason = StatusCode::from_u16(response.status).ok().and_then(|status| status.canonical_reason());
        json!({
            "status": response.status,
            "statusText": reason.unwrap_or_default(),
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            // The schema of a header field is not asked: what a client is told in one, it shows nowhere.
            "headers": self.fields(&response.headers, |_| None),
            "content": self.content(exchange, response),
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": if exchange.response_body == Recorded::Cut { json!(-1) } else { json!(response.body.len()) },
        })
    }

    fn content(&self, exchange: &Exchange, response: &Response) -> Value {
        let documented = self.operation.and_then(|operation| operation.response(response.status));
        let stated = response.header("content-type");
        let content = documented
            .zip(stated.as_ref())
            .and_then(|(documented, stated)| media_type::find(&documented.content, stated));
        let mime = media(stated.as_deref());
        if exchange.response_body == Recorded::Whole && response.body.is_empty() {
            return json!({"size": 0, "mimeType": mime, "text": ""});
        }
        match self.body(&response.body, exchange.response_body, &mime, content) {
            Some(text) => json!({"size": text.len(), "mimeType": mime, "text": text}),
            None => json!({"size": response.body.len(), "mimeType": mime, "comment": "the body is not recorded"}),
        }
    }

    /// The body without its secrets; none where nobody says what they are.
    fn body(&self, body: &[u8], known: Recorded, mime: &str, content: Option<&Content>) -> Option<String> {
        let schema = content.filter(|_| known == Recorded::Whole && is_json(mime))?.schema.as_deref()?;
        let value = json::read(body).ok()?;
        Some(value::redacted(self.document(), schema, &self.secrets, &value).to_string())
    }

    /// The URL, and its query in pieces.
    fn url(&self, base_urls: &BaseUrls, exchange: &Exchange, base: &str) -> (String, Vec<Value>) {
        let request = &exchange.request;
        let rest = base_urls.enter_path(&request.path).unwrap_or_default();
        let above = request.path.strip_suffix(rest).unwrap_or_default();
        let mut url = format!("{base}{above}{}", self.path(&request.method, rest));
        let Some(query) = &request.query else { return (url, Vec::new()) };
        let query = Query::parse(query);
        let pairs: Vec<(String, String)> = query.pairs().map(|(name, value)| self.pair(name, value)).collect();
        let told = pairs.iter().map(|(name, value)| json!({"name": shown(name), "value": shown(value)})).collect();
        let joined: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
        url.push('?');
        url.push_str(&joined.join("&"));
        (url, told)
    }

    /// The template, with its variables replaced unless the document lists their values.
    fn path(&self, method: &str, path: &str) -> String {
        let operations = self.contract.spec().operations();
        let find = |method: &str| self.contract.routes().find(operations, method, path);
        let matched = match find(method) {
            Matched::OtherMethod(index) => find(&operations[index].method),
            matched => matched,
        };
        let Matched::Operation(index, variables) = matched else { return format!("/{ENCODED}") };
        let mut told = operations[index].path.clone();
        for (name, value) in variables {
            let parameter = self.parameter(Location::Path, &name);
            let value = if self.is_listed(parameter, &value) { value.as_str() } else { ENCODED };
            told = told.replace(&format!("{{{name}}}"), value);
        }
        told
    }

    /// A piece of the query. A name that nobody documents may be the secret itself.
    fn pair(&self, name: &str, value: &str) -> (String, String) {
        let own = |parameter: &&Parameter| Codec::new(self.document(), parameter).claims(name);
        let parameter = self.operation.and_then(|operation| operation.parameters.iter().find(own));
        let is_key = self.contract.security().is_key(Location::Query, name);
        if parameter.is_none() && !is_key {
            return (ENCODED.to_owned(), ENCODED.to_owned());
        }
        // Names below one that is documented, as those of an object in the query, are whatever was sent.
        let name =
            if is_key || parameter.is_some_and(|own| own.name == name) { escaped(name) } else { ENCODED.to_owned() };
        let is_listed = !is_key && unescape(value).is_ok_and(|value| self.is_listed(parameter, &value));
        (name, if is_listed { value.to_owned() } else { ENCODED.to_owned() })
    }

    fn fields<'p>(&self, fields: &[(String, String)], parameter: impl Fn(&str) -> Option<&'p Parameter>) -> Vec<Value> {
        let field = |(name, value): &(String, String)| {
            let value = match name.as_str() {
                "content-type" => media(Some(value)),
                "content-length" if value.bytes().all(|byte| byte.is_ascii_digit()) => value.clone(),
                "content-encoding" if is_token(value) => value.clone(),
                name if self.is_listed(parameter(name), value) => value.clone(),
                _ => MARK.to_owned(),
            };
            json!({"name": name, "value": value})
        };
        fields.iter().map(field).collect()
    }

    fn parameter(&self, location: Location, name: &str) -> Option<&Parameter> {
        let same = |own: &str| if location == Location::Header { own.eq_ignore_ascii_case(name) } else { own == name };
        let parameters = &self.operation?.parameters;
        parameters.iter().find(|parameter| parameter.location == location && same(&parameter.name))
    }

    /// Whether a text is one that the document itself lists, and does not call sensitive.
    fn is_listed(&self, parameter: Option<&Parameter>, text: &str) -> bool {
        let Some(parameter) = parameter else { return false };
        let is_secret = self.document().at(&format!("{}/x-sensitive", parameter.pointer)) == Some(&Value::Bool(true));
        let is_key = self.contract.security().is_key(parameter.location, &parameter.name);
        let schema = parameter.schema.as_deref();
        !is_secret && !is_key && schema.is_some_and(|schema| value::is_listed(self.document(), schema, text))
    }
}

/// A media type, without parameters that anything could stand in.
fn media(stated: Option<&str>) -> String {
    let Some(stated) = stated else { return String::new() };
    let Some(essence) = media_type::told(stated) else { return MARK.to_owned() };
    let charset = media_type::parameters(stated).into_iter().find(|(name, value)| name == "charset" && is_token(value));
    charset.map_or(essence.clone(), |(_, charset)| format!("{essence}; charset={charset}"))
}

/// Whether a text is a short word.
fn is_token(text: &str) -> bool {
    text.len() <= 16 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// A piece of a URL, as it is read.
fn shown(piece: &str) -> String {
    unescape(piece).unwrap_or_else(|_| MARK.to_owned())
}

fn escaped(name: &str) -> String {
    crate::parameter::escape(name)
}
