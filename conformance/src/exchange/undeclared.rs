//! What travels beside a body and is documented nowhere.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

use obkit_codegen::load::escape_token;
use obkit_codegen::spec::Location;
use serde_json::Value;

use super::{Place, Reading, redacted};
use crate::checks::{self, Rule};
use crate::finding::{Finding, Untold};
use crate::parameter::Codec;
use crate::pointer;
use crate::violation::is_telling;

/// How many undocumented names of a kind are told of a request, which may be made of nothing else.
const MAX_NAMES: usize = 1_000;

/// Header fields that HTTP, its caches, browsers and tracing have for any message, and that no document of an API needs to name (IANA, HTTP Field
/// Name Registry).
const COMMON: [&str; 72] = [
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "accept-ranges",
    "age",
    "allow",
    "alt-svc",
    "authorization",
    "baggage",
    "cache-control",
    "connection",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-length",
    "content-location",
    "content-range",
    "content-security-policy",
    "content-type",
    "cookie",
    "date",
    "dnt",
    "etag",
    "expect",
    "expires",
    "forwarded",
    "from",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "keep-alive",
    "last-modified",
    "link",
    "location",
    "max-forwards",
    "nel",
    "origin",
    "permissions-policy",
    "pragma",
    "prefer",
    "priority",
    "proxy-authenticate",
    "proxy-authorization",
    "range",
    "referer",
    "referrer-policy",
    "report-to",
    "retry-after",
    "server",
    "server-timing",
    "set-cookie",
    "strict-transport-security",
    "te",
    "traceparent",
    "tracestate",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "upgrade-insecure-requests",
    "user-agent",
    "vary",
    "via",
    "www-authenticate",
    "x-content-type-options",
    "x-frame-options",
    "x-powered-by",
    "x-real-ip",
    "x-xss-protection",
];

/// The same, at the number of bytes that each has: every field of every message is looked for.
static BY_LENGTH: LazyLock<Vec<Vec<&str>>> = LazyLock::new(|| {
    let longest = COMMON.iter().map(|name| name.len()).max().unwrap_or_default();
    (0..=longest).map(|length| COMMON.into_iter().filter(|name| name.len() == length).collect()).collect()
});

/// What the names of such fields begin with.
const FAMILIES: [&str; 5] = ["access-control-", "cf-", "cross-origin-", "sec-", "x-forwarded-"];

/// Whether a header field is one that any message may have.
pub(super) fn is_common(name: &str) -> bool {
    let is_of = |family: &&str| name.get(..family.len()).is_some_and(|start| start.eq_ignore_ascii_case(family));
    let mut of_length = BY_LENGTH.get(name.len()).into_iter().flatten();
    of_length.any(|common| common.eq_ignore_ascii_case(name)) || FAMILIES.iter().any(is_of)
}

/// A finding about something that is documented nowhere. A name that may hold a number of an account is not told.
pub(super) fn undocumented(part: &str, what: &str, name: &str) -> Finding {
    let (shown, instance) = if is_telling(name) {
        (format!("`{name}`"), format!("/{}", escape_token(name)))
    } else {
        ("…".to_owned(), String::new())
    };
    Finding::new(Rule::part(checks::RT033, part), format!("the {what} {shown} is not documented")).instance(&instance)
}

impl Reading<'_, '_> {
    pub(super) fn undeclared(&mut self) {
        self.place = Place::QUERY;
        let query = self.request.parameters();
        let codecs: Vec<_> =
            self.operation.parameters.iter().map(|parameter| Codec::new(self.document(), parameter)).collect();
        let names = query.names().filter(|name| !codecs.iter().any(|codec| codec.claims(name)));
        self.report_undeclared(Location::Query, "query parameter", names.map(Cow::from));
        self.place = Place::HEADER;
        let names = self.request.headers.iter().map(|(name, _)| name).filter(|name| !is_common(name));
        self.report_undeclared(Location::Header, "header field", names.map(Cow::from));
        self.place = Place::COOKIE;
        let names = self.request.cookies().into_iter().map(|(name, _)| Cow::from(name));
        self.report_undeclared(Location::Cookie, "cookie", names);
    }

    fn report_undeclared<'a>(&mut self, location: Location, what: &str, names: impl Iterator<Item = Cow<'a, str>>) {
        let mut untold = Untold::default();
        let mut told = HashSet::new();
        for name in names {
            if told.contains(&name) || !self.is_undeclared(location, &name) {
                continue;
            }
            if told.len() == MAX_NAMES {
                untold.count(checks::RT033.severity());
                break;
            }
            let pointer = format!("{}/parameters", self.operation.pointer);
            self.report(undocumented(location.as_str(), what, &name).at(self.document(), &pointer));
            told.insert(name);
        }
        if let Some(finding) = untold.finding(&format!("{MAX_NAMES} undocumented names")) {
            self.report(finding);
        }
    }

    fn is_undeclared(&self, location: Location, name: &str) -> bool {
        let is_hidden = self.scrutiny.redacted && redacted::is_marked(name);
        !is_hidden && !self.is_declared(location, name) && !self.contract.security().is_key(location, name)
    }

    fn is_declared(&self, location: Location, name: &str) -> bool {
        self.operation.parameters.iter().filter(|parameter| parameter.location == location).any(|parameter| {
            match location {
                Location::Header => parameter.name.eq_ignore_ascii_case(name),
                // The members of an object may stand by themselves.
                Location::Cookie if parameter.explode => {
                    let at = parameter.schema.as_deref().and_then(|at| self.document().at(at));
                    let schema = at.and_then(|schema| pointer::resolved(self.document(), schema));
                    let properties = schema.and_then(|schema| schema.get("properties")?.as_object());
                    parameter.name == name
                        || properties.is_some_and(|properties| properties.contains_key(name))
                        || schema.is_some_and(|schema| {
                            schema.get("type").and_then(Value::as_str) == Some("object") && properties.is_none()
                        })
                }
                _ => parameter.name == name,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_any_message_are_known_in_any_case() {
        for name in COMMON {
            assert!(is_common(name) && is_common(&name.to_ascii_uppercase()), "{name}");
        }
        assert!(is_common("Sec-Fetch-Mode") && is_common("X-Forwarded-For"));
        for name in
            ["", "x", "x-account-number", "accepts", "x-forwarded", "a-name-that-is-longer-than-any-of-those-fields"]
        {
            assert!(!is_common(name), "{name}");
        }
    }
}
