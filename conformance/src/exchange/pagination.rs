//! Pages: where the one after an answer is asked for.
//!
//! No standard says how a list is split. What is read here are the links that lists have in use: the header field `Link`
//! (RFC 8288), `links.next` and `_links.next`, and a `next` beside or below them that is a URL. A cursor is none, and is
//! not judged.

use std::collections::BTreeSet;

use serde_json::Value;

use super::fields::Fault;
use super::redacted::is_marked;
use super::{Request, Response};
use crate::base_url::Url;
use crate::contract::Contract;
use crate::parameter::Query;
use crate::route::Matched;

/// The members that links stand in, in small letters.
const HOLDERS: [&str; 6] = ["links", "_links", "meta", "paging", "pagination", "page"];

/// How deep links stand: `meta.pagination.next.href`.
const MAX_DEPTH: usize = 3;

/// What is wrong with the links of an answer to the page after it.
pub(super) fn faults(contract: &Contract, request: &Request, response: &Response, body: Option<&Value>) -> Vec<Fault> {
    let mut links = Vec::new();
    let header = response.header("link");
    links.extend(header.as_deref().into_iter().flat_map(of_header));
    body.into_iter().for_each(|body| of_body(body, MAX_DEPTH, &mut links));
    links.retain(|link| !is_marked(link));
    links.dedup();
    let mut faults = Vec::new();
    for target in links.into_iter().filter_map(|link| Target::of(contract, request, link)) {
        if target.is_of(request) {
            faults.push(("self", "the link to the next page leads to the same page".to_owned()));
        } else if !target.is_documented(contract, request) {
            faults.push(("next", "the link to the next page leads to a path that is not documented".to_owned()));
        }
    }
    faults
}

/// The links of a header field to the next page (RFC 8288, section 3).
fn of_header(field: &str) -> Vec<&str> {
    let is_next = |parameters: &str| {
        let rel = parameters.split(';').filter_map(|parameter| parameter.split_once('='));
        let mut rel = rel.filter(|(name, _)| name.trim().eq_ignore_ascii_case("rel")).map(|(_, value)| value.trim());
        rel.next().is_some_and(|rel| rel.trim_matches('"').split(' ').any(|one| one.eq_ignore_ascii_case("next")))
    };
    let mut links = Vec::new();
    let mut rest = field;
    while let Some((link, after)) = rest.split_once('<').and_then(|(_, rest)| rest.split_once('>')) {
        let parameters = after.split_once('<').map_or(after, |(parameters, _)| parameters);
        links.extend(is_next(parameters.trim_end().trim_end_matches(',')).then_some(link));
        rest = after;
    }
    links
}

fn of_body<'b>(body: &'b Value, depth: usize, links: &mut Vec<&'b str>) {
    for (name, member) in body.as_object().into_iter().flatten() {
        let name = name.to_ascii_lowercase();
        if name == "next" {
            links.extend(member.as_str().or_else(|| member.get("href")?.as_str()));
        } else if depth > 0 && HOLDERS.contains(&name.as_str()) {
            of_body(member, depth - 1, links);
        }
    }
}

/// Where a link leads, below the base URL.
struct Target<'l> {
    path: &'l str,
    query: &'l str,
}

impl<'l> Target<'l> {
    /// None where it leads to another server than those of the document and of the request, or is no URL.
    fn of(contract: &'l Contract, request: &'l Request, link: &'l str) -> Option<Self> {
        let base_urls = contract.base_urls();
        let relative = |link: &'l str| {
            let link = link.split_once('#').map_or(link, |(link, _)| link);
            let (path, query) = link.split_once('?').unwrap_or((link, ""));
            let path = if path.is_empty() { request.path.as_str() } else { path };
            Self { path: base_urls.enter_path(path).unwrap_or(path), query }
        };
        if link.starts_with('?') || (link.starts_with('/') && !link.starts_with("//")) {
            return Some(relative(link));
        }
        let Url { origin, path, query } = Url::of(link)?;
        let query = query.unwrap_or_default();
        let host = request.header("host");
        let host = host.as_deref().unwrap_or_default();
        let own = host.rsplit_once(':').map_or(host, |(host, _)| host);
        match base_urls.find(contract, &request.method, &origin, path) {
            Some(path) => Some(Self { path, query }),
            None => (origin.host.eq_ignore_ascii_case(own)).then(|| Self { query, ..relative(path) }),
        }
    }

    /// Whether following it is the request again.
    fn is_of(&self, request: &Request) -> bool {
        let path = Url::of(&request.path).map_or(request.path.as_str(), |url| url.path);
        let sent = request.parameters();
        let linked = Query::parse(self.query);
        let has_body = !request.body.is_empty();
        !has_body && self.path == path && pairs(&sent) == pairs(&linked)
    }

    fn is_documented(&self, contract: &Contract, request: &Request) -> bool {
        let found = contract.routes().find(contract.spec().operations(), &request.method, self.path);
        matches!(found, Matched::Operation(..))
    }
}

fn pairs(query: &Query) -> BTreeSet<(&str, &str)> {
    query.pairs().collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use obkit_codegen::{Document, Spec};
    use serde_json::json;

    use super::*;

    const DOCUMENT: &str = "
openapi: 3.0.3
info: {title: T, version: '1'}
servers: [{url: 'https://api.bank.example/v1'}]
paths:
  /a: {get: {operationId: list, responses: {'200': {description: ok}}}}
";

    fn found(host: Option<&str>, next: &str) -> Vec<&'static str> {
        let contract = Contract::new("t", Spec::read(Document::parse("t.yaml", DOCUMENT).unwrap()).unwrap());
        let headers = host.map(|host| ("Host".to_owned(), host.to_owned())).into_iter().collect();
        let query = Some("limit=2&page=1".to_owned());
        let request = Request { method: "GET".to_owned(), path: "/a".to_owned(), query, headers, body: Vec::new() };
        let body = json!({ "next": next });
        let faults = faults(&contract, &request, &Response::default(), Some(&body));
        faults.into_iter().map(|(part, _)| part).collect()
    }

    #[test]
    fn links_lead_to_another_page_of_a_documented_path() {
        for next in [
            "?page=2&limit=2",
            "/a?page=2",
            "/v1/a?page=2",
            "https://api.bank.example/v1/a?page=2",
            // Not of this server, and no links.
            "https://other.example/b",
            "//other.example/b",
            "eyJhIjoxfQ==",
            "2",
            "",
            "https://api.bank.example/v1/a?page=[redacted]",
        ] {
            assert_eq!(found(None, next), [] as [&str; 0], "{next}");
        }
        for next in ["?page=1&limit=2", "/a?limit=2&page=1#top", "https://api.bank.example/v1/a?limit=2&page=1"] {
            assert_eq!(found(None, next), ["self"], "{next}");
        }
        for next in ["/b?page=2", "https://api.bank.example/v1/b?page=2"] {
            assert_eq!(found(None, next), ["next"], "{next}");
        }
        assert_eq!(found(Some("127.0.0.1:80"), "http://127.0.0.1:80/b"), ["next"]);
        assert_eq!(found(Some("127.0.0.1:80"), "http://127.0.0.1:80/a?page=2"), [] as [&str; 0]);
    }

    #[test]
    fn links_are_found_where_lists_have_them() {
        let of = |body: &Value| {
            let mut links = Vec::new();
            of_body(body, MAX_DEPTH, &mut links);
            links.into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(of(&json!({ "Links": { "Next": "/1" }, "data": { "next": "/no" } })), ["/1"]);
        assert_eq!(of(&json!({ "meta": { "pagination": { "next": { "href": "/1" } } } })), ["/1"]);
        assert_eq!(
            of(&json!({ "next": null, "_links": { "next": { "cursor": "x" }, "prev": "/0" } })),
            [] as [&str; 0]
        );
        assert_eq!(of_header("</1>; rel=\"next\", </0>; rel=prev"), ["/1"]);
        assert_eq!(of_header("</0>; rel=prev, </2?a=1,2>; title=x; rel=\"last next\""), ["/2?a=1,2"]);
        assert_eq!(of_header("</0>, next"), [] as [&str; 0]);
    }
}
