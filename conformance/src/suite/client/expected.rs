//! What a request must be on the wire, by the document and its arguments, and what it is.

use obkit_codegen::spec::{Location, Operation, Parameter, Request as Body, essence};
use serde_json::Value;

use super::caller::Caller;
use crate::body;
use crate::equality::differences;
use crate::exchange::Request;
use crate::parameter::encode;
use crate::typed_client::Arguments;

/// Header fields that belong to HTTP, and that a client sends unasked.
const OF_HTTP: [&str; 8] = [
    "accept",
    "accept-encoding",
    "connection",
    "content-length",
    "content-type",
    "host",
    "transfer-encoding",
    "user-agent",
];

/// Header fields that tell one call from another (W3C Trace Context).
const OF_TRACES: [&str; 2] = ["traceparent", "tracestate"];

/// Where a request is other than it must be: the parameter or body, as a pointer of the document, and how.
pub(super) struct Deviation {
    pub(super) pointer: String,
    pub(super) instance: String,
    pub(super) message: String,
}

/// Compares a request that arrived with what it must be.
pub(super) fn deviations(
    caller: &Caller<'_>,
    operation: &Operation,
    sent: &Arguments,
    arrived: &Request,
) -> Vec<Deviation> {
    let mut judge = Judge { caller, operation, sent, arrived, found: Vec::new() };
    if arrived.method != operation.method {
        judge.whole(format!("the method is `{}`", arrived.method));
    }
    judge.path();
    judge.query();
    judge.headers();
    judge.cookies();
    judge.body();
    judge.found
}

struct Judge<'j, 'c> {
    caller: &'j Caller<'c>,
    operation: &'j Operation,
    sent: &'j Arguments,
    arrived: &'j Request,
    found: Vec<Deviation>,
}

impl Judge<'_, '_> {
    fn whole(&mut self, message: String) {
        self.found.push(Deviation { pointer: self.operation.pointer.clone(), instance: String::new(), message });
    }

    fn of_parameter(&mut self, parameter: &Parameter, what: &str) {
        let message = format!("the {} parameter `{}` {what}", parameter.location.as_str(), parameter.name);
        let instance = format!("/{}", obkit_codegen::load::escape_token(&parameter.name));
        self.found.push(Deviation { pointer: parameter.pointer.clone(), instance, message });
    }

    /// The parameters of a place that were given, with their values.
    fn given(&self, location: Location) -> Vec<(Parameter, Value)> {
        let of_place = self.operation.parameters.iter().filter(|parameter| parameter.location == location);
        let given = of_place.filter_map(|parameter| {
            let value = self.sent.parameter(location.as_str(), &parameter.name)?;
            Some((parameter.clone(), value.clone()))
        });
        given.filter(|(_, value)| !is_nothing(value)).collect()
    }

    fn path(&mut self) {
        let given = self.given(Location::Path);
        let mut expected = self.operation.path.clone();
        let mut is_exact = false;
        for (parameter, value) in &given {
            let text = encode(parameter, value).into_iter().map(|(_, value)| value).collect::<String>();
            expected = expected.replace(&format!("{{{}}}", parameter.name), &text);
            is_exact |= value.is_array() || value.is_object();
        }
        let (left, right) = (expected.split('/'), self.arrived.path.split('/'));
        let segment = |text: &str| if is_exact { Some(text.to_owned()) } else { canonical(text, is_of_segment) };
        let same = expected.split('/').count() == self.arrived.path.split('/').count()
            && left
                .zip(right)
                .all(|(left, right)| right == left || segment(right).is_some_and(|right| segment(left) == Some(right)));
        if !same {
            self.whole("the path is another one, or is not encoded as a path is (RFC 3986, section 3.3)".to_owned());
        }
    }

    fn query(&mut self) {
        let raw = self.arrived.query.clone().unwrap_or_default();
        let mut left: Vec<(String, String)> = raw
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                pair.split_once('=').map_or((pair.to_owned(), String::new()), |(n, v)| (n.to_owned(), v.to_owned()))
            })
            .collect();
        for (parameter, value) in self.given(Location::Query) {
            let is_exact = value.is_array() || value.is_object();
            // Names repeat in the order of their values.
            for (name, text) in encode(&parameter, &value) {
                let is_name =
                    |other: &(String, String)| canonical(&other.0, is_of_query) == canonical(&name, is_of_query);
                let Some(at) = left.iter().position(is_name) else {
                    self.of_parameter(&parameter, "was not sent");
                    break;
                };
                let (_, arrived) = left.remove(at);
                let same = arrived == text
                    || (!is_exact
                        && canonical(&arrived, is_of_query)
                            .is_some_and(|raw| Some(raw) == canonical(&text, is_of_query)));
                if !same {
                    self.of_parameter(&parameter, "is written otherwise than its style says");
                    break;
                }
            }
        }
        let schemes = self.caller.contract.security();
        for (name, _) in left {
            if !schemes.is_key(Location::Query, &name) {
                self.whole("the query has more than the arguments".to_owned());
            }
        }
    }

    fn headers(&mut self) {
        let given = self.given(Location::Header);
        for (parameter, value) in &given {
            let expected = encode(parameter, value).into_iter().map(|(_, value)| value).collect::<String>();
            match self.arrived.header(&parameter.name) {
                None => self.of_parameter(parameter, "was not sent"),
                Some(arrived) if arrived != expected.trim() => {
                    self.of_parameter(parameter, "is written otherwise than its style says");
                }
                Some(_) => {}
            }
        }
        let schemes = self.caller.contract.security();
        let mut seen = Vec::new();
        for (name, _) in &self.arrived.headers {
            let lower = name.to_ascii_lowercase();
            let is_given = given.iter().any(|(parameter, _)| parameter.name.eq_ignore_ascii_case(&lower));
            let is_known = is_given
                || OF_HTTP.contains(&lower.as_str())
                || OF_TRACES.contains(&lower.as_str())
                || matches!(lower.as_str(), "authorization" | "cookie")
                || schemes.is_key(Location::Header, &lower)
                // A key that the client mints where the document has one.
                || (lower.contains("idempotency") && self.documents(&lower));
            if !is_known {
                self.whole(format!("the header `{lower}` is sent, and is no argument"));
            }
            if seen.contains(&lower) {
                self.whole(format!("the header `{lower}` is sent twice"));
            }
            seen.push(lower);
        }
    }

    fn documents(&self, header: &str) -> bool {
        let named = |parameter: &Parameter| parameter.name.eq_ignore_ascii_case(header);
        self.operation.parameters.iter().any(named)
    }

    fn cookies(&mut self) {
        let arrived = self.arrived.cookies();
        for (parameter, value) in self.given(Location::Cookie) {
            if !encode(&parameter, &value).iter().all(|pair| arrived.contains(pair)) {
                self.of_parameter(&parameter, "is not among the cookies as its style says");
            }
        }
    }

    fn body(&mut self) {
        let document = self.caller.contract.document();
        let (request, arrived) = (self.operation.request.clone(), self.arrived);
        let Some((body, sent)) = request.as_ref().zip(self.sent.body.as_ref()) else {
            if !arrived.body.is_empty() || arrived.header("content-type").is_some() {
                self.whole("a body is sent, and none was given".to_owned());
            }
            return;
        };
        let mut tell = |instance: String, message: String| {
            self.found.push(Deviation { pointer: body.pointer.clone(), instance, message });
        };
        let Some(content) = Body::preferred(body) else { return };
        let media_type = arrived.header("content-type").unwrap_or_default();
        let is_range = content.media_type.contains('*');
        if !is_range && essence(&media_type) != essence(&content.media_type) {
            tell(String::new(), format!("the body is sent as `{}`", essence(&media_type)));
        }
        let value = if content.is_form() {
            body::form(document, content, &arrived.body).ok()
        } else if content.is_multipart() {
            body::parts(document, content, &media_type, &arrived.body).ok()
        } else if content.is_json() {
            crate::json::read(&arrived.body).ok()
        } else {
            String::from_utf8(arrived.body.clone()).ok().map(Value::String)
        };
        let Some(value) = value else { return tell(String::new(), "the body cannot be read".to_owned()) };
        for difference in differences(sent, &value) {
            tell(difference.pointer, format!("in the body, the value {}", difference.what));
        }
    }
}

/// Whether a value leaves nothing on the wire.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => value.is_null(),
    }
}

/// Text with every character that may stand for itself decoded, and everything else encoded in upper case: two texts
/// that mean the same are the same (RFC 3986, section 6.2.2). None when a character stands where it must not.
fn canonical(raw: &str, is_allowed: fn(u8) -> bool) -> Option<String> {
    let mut text = String::new();
    let mut bytes = raw.bytes();
    while let Some(byte) = bytes.next() {
        let byte = match byte {
            b'%' => {
                let digits = [bytes.next()?, bytes.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            byte if is_allowed(byte) => byte,
            _ => return None,
        };
        if is_allowed(byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    Some(text)
}

/// Whether a character stands for itself in a segment of a path (RFC 3986, section 3.3).
fn is_of_segment(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&byte)
}

/// Whether a character stands for itself in a name or a value of a query: what separates them does not, nor does the
/// plus, which forms take for a space.
fn is_of_query(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$'()*,;:@/?".contains(&byte)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    #[test]
    fn texts_that_mean_the_same_are_the_same() {
        let segment = |text| canonical(text, is_of_segment);
        assert_eq!(segment("a%2db:%c3%a9%2F"), Some("a-b:%C3%A9%2F".to_owned()));
        assert_eq!(segment("%3A"), segment(":"));
        for wrong in ["a b", "[", "|", "é", "%", "%2", "%zz", "\""] {
            assert_eq!(segment(wrong), None, "{wrong}");
        }
        let query = |text| canonical(text, is_of_query);
        assert_ne!(query("%2B"), query("%20"));
        assert_eq!(query("+"), None, "is a space to some and a plus to others");
    }
}
