//! Who reads what is sent, and who may send it: servers, flows and scopes.

use std::collections::{BTreeSet, HashSet};
use std::net::IpAddr;

use serde_json::{Map, Value};

use super::Lint;
use crate::load::escape_token;
use crate::lower::{security, server_urls_left_out, urls};
use crate::note::{self, Note};
use crate::schema::{members, text};
use crate::subject::subject;

/// The flows of OAuth 2.0, and the URLs that each needs.
const FLOWS: &[(&str, &[&str])] = &[
    ("implicit", &["authorizationUrl"]),
    ("password", &["tokenUrl"]),
    ("clientCredentials", &["tokenUrl"]),
    ("authorizationCode", &["authorizationUrl", "tokenUrl"]),
];

/// Scopes that OpenID Connect gives a meaning to, whatever a flow says (OpenID Connect Core 1.0, sections 3.1.2.1 and 11).
const KNOWN_SCOPES: &[&str] = &["openid", "offline_access"];

impl Lint<'_> {
    pub(super) fn servers_of(&mut self, pointer: &str, owner: &Value) {
        self.server_variables(pointer, owner);
        self.insecure_servers(pointer, owner);
    }

    /// What stands in braces in the URL of a server is filled in by what the server says of it.
    fn server_variables(&mut self, pointer: &str, owner: &Value) {
        for (index, server) in members(owner, "servers").iter().enumerate() {
            if let Some(count) = server_urls_left_out(server) {
                let message = format!("{count} other URLs that the template stands for are no constants of the client");
                self.note(note::SERVER_CHOICES, &format!("{pointer}/servers/{index}/url"), message);
            }
            let is_defined = |name: &str| server.get("variables").is_some_and(|defined| defined.get(name).is_some());
            let url = text(server, "url").unwrap_or_default();
            let named = url.split('{').skip(1).filter_map(|piece| piece.split_once('}'));
            for (name, _) in named.filter(|(name, _)| !is_defined(name)) {
                let message = format!("the URL `{url}` has the variable `{name}`, which is not defined");
                self.note(note::SERVER_VARIABLE_UNDEFINED, &format!("{pointer}/servers/{index}/url"), message);
            }
        }
    }

    /// What is sent by `http` is read by everybody on the way. Where the same server is there with TLS, it is a choice.
    fn insecure_servers(&mut self, pointer: &str, owner: &Value) {
        let defaults = |server: &Value| urls(server).into_iter().next().map(|server| server.url);
        let all: Vec<Option<String>> = members(owner, "servers").iter().map(defaults).collect();
        let secure: Vec<&str> = all.iter().flatten().filter_map(|url| after_scheme(url, "https://")).collect();
        for (index, url) in all.iter().enumerate() {
            let Some(rest) = url.as_deref().and_then(|url| after_scheme(url, "http://")) else { continue };
            if !is_this_machine(rest) && !secure.contains(&rest) {
                let message =
                    format!("`http://{rest}` is reached without TLS: everybody on the way reads what is sent");
                self.note(note::SERVER_INSECURE, &format!("{pointer}/servers/{index}/url"), message);
            }
        }
    }

    /// A scheme of OAuth 2.0 must say where tokens come from.
    pub(super) fn flows(&mut self, pointer: &str, scheme: &Value) {
        let Some(flows) = scheme.get("flows").and_then(Value::as_object) else { return };
        if text(scheme, "type") != Some("oauth2") {
            return;
        }
        if !FLOWS.iter().any(|(name, _)| flows.contains_key(*name)) {
            self.note(note::SECURITY_FLOW, &format!("{pointer}/flows"), format!("{} has no flow", subject(pointer)));
        }
        for (name, needed) in FLOWS {
            let Some(flow) = flows.get(*name).and_then(Value::as_object) else { continue };
            // What is misspelt is said as that.
            let lacks = |url: &&&str| match flow.iter().find(|(key, _)| key.eq_ignore_ascii_case(url)) {
                Some((_, stated)) => stated.as_str().is_some_and(|url| url.trim().is_empty()),
                None => true,
            };
            let missing: Vec<&str> = needed.iter().filter(lacks).copied().collect();
            if !missing.is_empty() {
                let message = format!("{} has a flow without `{}`", subject(pointer), missing.join("` and without `"));
                self.note(note::SECURITY_FLOW, &format!("{pointer}/flows/{name}"), message);
            }
        }
    }

    /// The scopes that a document or an operation asks for must be those of a flow.
    pub(super) fn scopes(&mut self, pointer: &str, owner: &Value) {
        let document = self.spec.document();
        for (index, requirement) in members(owner, "security").iter().enumerate() {
            for (scheme, scopes) in requirement.as_object().into_iter().flatten() {
                let Some(declared) = document.at(&security::pointer(scheme)).and_then(declared) else { continue };
                let asked = scopes.as_array().into_iter().flatten().filter_map(Value::as_str);
                for scope in asked.filter(|scope| !declared.contains(scope) && !KNOWN_SCOPES.contains(scope)) {
                    let asks = subject(pointer);
                    let message = format!("{asks} asks for the scope `{scope}` of `{scheme}`, which no flow of it has");
                    let at = format!("{pointer}/security/{index}/{}", escape_token(scheme));
                    let note = Note::new(note::SECURITY_SCOPE_UNDEFINED, document, &at, message);
                    self.scopes.push(((scheme.clone(), scope.to_owned()), note));
                }
            }
        }
    }

    /// Says of each scope that no flow has where it is asked for first.
    pub(super) fn undefined_scopes(&mut self) {
        let mut found = std::mem::take(&mut self.scopes);
        found.sort_by(|(_, one), (_, other)| {
            (&one.file, one.line, one.column).cmp(&(&other.file, other.line, other.column))
        });
        let mut said = HashSet::new();
        found.retain(|(scope, _)| said.insert(scope.clone()));
        self.notes.extend(found.into_iter().map(|(_, note)| note));
    }
}

/// The scopes of the flows of a scheme; none of a scheme without flows.
fn declared(scheme: &Value) -> Option<BTreeSet<&str>> {
    let flows = scheme.get("flows")?.as_object()?.values().filter_map(Value::as_object);
    let mut flows = flows.filter_map(|flow| flow.get("scopes").and_then(Value::as_object)).peekable();
    flows.peek()?;
    Some(flows.flat_map(Map::keys).map(String::as_str).collect())
}

/// What follows a scheme, which is written in any case (RFC 3986, section 3.1).
fn after_scheme<'u>(url: &'u str, scheme: &str) -> Option<&'u str> {
    let (start, rest) = url.split_at_checked(scheme.len())?;
    start.eq_ignore_ascii_case(scheme).then_some(rest)
}

/// Whether a URL without its scheme leads to the machine that it is used on, as the runtime tells it.
fn is_this_machine(rest: &str) -> bool {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = match host.strip_prefix('[').and_then(|host| host.split_once(']')) {
        Some((host, _)) => host,
        None => host.split(':').next().unwrap_or_default(),
    };
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
