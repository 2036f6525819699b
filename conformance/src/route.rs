//! Which operation a path belongs to.

use std::collections::BTreeSet;

use obkit_codegen::spec::Operation;
use percent_encoding::percent_decode_str;

/// A piece of one path segment.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Variable(String),
}

#[derive(Debug)]
struct Route {
    operation: usize,
    segments: Vec<Vec<Piece>>,
}

/// The path templates of a document, the most concrete first.
#[derive(Debug)]
pub(crate) struct Routes {
    routes: Vec<Route>,
}

/// What a request line leads to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Matched {
    /// An operation (its index), and its path variables, still percent-encoded.
    Operation(usize, Vec<(String, String)>),
    /// The path exists, the method does not; an index of an operation of the path.
    OtherMethod(usize),
    /// There is no such path.
    Nothing,
}

impl Routes {
    pub(crate) fn new(operations: &[Operation]) -> Self {
        let route = |(operation, op): (usize, &Operation)| Route { operation, segments: template(&op.path) };
        let mut routes: Vec<_> = operations.iter().enumerate().map(route).collect();
        routes.sort_by_cached_key(|route| route.segments.iter().map(|pieces| rank(pieces)).collect::<Vec<_>>());
        Self { routes }
    }

    /// Finds the operation of a method and a raw path: literal segments win over templated ones. Where a path has `GET`
    /// it has `HEAD` (RFC 9110, section 9.1), which is answered by the same operation.
    pub(crate) fn find(&self, operations: &[Operation], method: &str, path: &str) -> Matched {
        let found = self.find_exactly(operations, method, path);
        if method.eq_ignore_ascii_case("HEAD") && matches!(found, Matched::OtherMethod(_)) {
            return match self.find_exactly(operations, "GET", path) {
                Matched::Operation(index, variables) => Matched::Operation(index, variables),
                _ => found,
            };
        }
        found
    }

    /// The methods that a raw path has, each once, in the order of the alphabet.
    pub(crate) fn methods<'o>(&self, operations: &'o [Operation], path: &str) -> BTreeSet<&'o str> {
        let segments: Vec<_> = segments(path).collect();
        let fits = |route: &&Route| match_segments(&route.segments, &segments).is_some();
        let mut methods: BTreeSet<_> =
            self.routes.iter().filter(fits).map(|route| operations[route.operation].method.as_str()).collect();
        if methods.contains("GET") {
            methods.insert("HEAD");
        }
        methods
    }

    fn find_exactly(&self, operations: &[Operation], method: &str, path: &str) -> Matched {
        let segments: Vec<_> = segments(path).collect();
        let mut other = Matched::Nothing;
        for route in &self.routes {
            let Some(variables) = match_segments(&route.segments, &segments) else { continue };
            if operations[route.operation].method.eq_ignore_ascii_case(method) {
                return Matched::Operation(route.operation, variables);
            }
            if other == Matched::Nothing {
                other = Matched::OtherMethod(route.operation);
            }
        }
        other
    }
}

fn template(path: &str) -> Vec<Vec<Piece>> {
    segments(path).map(pieces).collect()
}

/// What stands between the slashes of a path. An empty segment is one, too: `//a` is another path than `/a` (RFC 3986, section 3.3).
fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.strip_prefix('/').unwrap_or(path).split('/')
}

fn pieces(mut segment: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    while let Some((literal, (name, rest))) = segment.split_once('{').and_then(|(l, r)| Some((l, r.split_once('}')?))) {
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal.to_owned()));
        }
        pieces.push(Piece::Variable(name.to_owned()));
        segment = rest;
    }
    if !segment.is_empty() || pieces.is_empty() {
        pieces.push(Piece::Literal(segment.to_owned()));
    }
    pieces
}

/// Literal before mixed before templated.
fn rank(pieces: &[Piece]) -> u8 {
    match pieces {
        [Piece::Literal(_)] => 0,
        [Piece::Variable(_)] => 2,
        _ => 1,
    }
}

fn match_segments(template: &[Vec<Piece>], segments: &[&str]) -> Option<Vec<(String, String)>> {
    if template.len() != segments.len() {
        return None;
    }
    let mut variables = Vec::new();
    template.iter().zip(segments).all(|(pieces, text)| match_pieces(pieces, text, &mut variables)).then_some(variables)
}

fn match_pieces(pieces: &[Piece], text: &str, variables: &mut Vec<(String, String)>) -> bool {
    match pieces {
        [] => text.is_empty(),
        [Piece::Literal(literal)] => {
            literal == text || (text.contains('%') && percent_decode_str(text).eq(literal.bytes()))
        }
        [Piece::Literal(literal), rest @ ..] => {
            text.strip_prefix(literal.as_str()).is_some_and(|text| match_pieces(rest, text, variables))
        }
        [Piece::Variable(name), rest @ ..] => {
            // A variable is never empty: `/accounts/` is not an account.
            let Some(first) = text.chars().next().map(char::len_utf8) else { return false };
            let end = match rest {
                [Piece::Literal(last)] => text.strip_suffix(last.as_str()).map(str::len).filter(|end| *end >= first),
                // Where the first one is taken, what follows has the most room.
                [Piece::Literal(next), ..] => text[first..].find(next.as_str()).map(|at| first + at),
                _ => Some(text.len()),
            };
            end.is_some_and(|end| {
                variables.push((name.clone(), text[..end].to_owned()));
                match_pieces(rest, &text[end..], variables)
            })
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use obkit_codegen::{Document, Spec};

    use super::*;

    const SPEC: &str = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /a/{id}: {get: {responses: {}}}\n  \
                        /a/new: {get: {responses: {}}, post: {responses: {}}}\n  /a/{id}/{name}.{ext}: {get: {responses: {}}}\n  \
                        /b/{name}.json: {get: {responses: {}}}\n  /b/{id}:{verb}:now: {get: {responses: {}}}\n  /: {get: {responses: {}}}\n";

    #[test]
    fn literal_before_templated_and_a_variable_is_not_empty() {
        let spec = Spec::read(Document::parse("s", SPEC).unwrap()).unwrap();
        let routes = Routes::new(spec.operations());
        let find = |method: &str, path: &str| match routes.find(spec.operations(), method, path) {
            Matched::Operation(index, variables) => {
                let values: Vec<_> = variables.into_iter().map(|(_, value)| value).collect();
                format!("{} {}", spec.operations()[index].path, values.join("|"))
            }
            Matched::OtherMethod(index) => format!("other {}", spec.operations()[index].path),
            Matched::Nothing => "nothing".to_owned(),
        };
        assert_eq!(find("GET", "/a/new"), "/a/new ");
        assert_eq!(find("GET", "/a/n%65w"), "/a/new ");
        assert_eq!(find("get", "/a/b%2Fc"), "/a/{id} b%2Fc");
        assert_eq!(find("GET", "/a/b/c.json"), "/a/{id}/{name}.{ext} b|c|json");
        assert_eq!(find("GET", "/b/c.json.json"), "/b/{name}.json c.json");
        assert_eq!(find("GET", "/b/c:d:now:now"), "/b/{id}:{verb}:now c|d:now");
        assert_eq!(find("GET", "/b/.json"), "nothing");
        assert_eq!(find("DELETE", "/a/new"), "other /a/new");
        assert_eq!(find("HEAD", "/a/new"), "/a/new ");
        assert_eq!(find("HEAD", "/b"), "nothing");
        let methods = |path: &str| routes.methods(spec.operations(), path).into_iter().collect::<Vec<_>>();
        assert_eq!(methods("/a/new"), ["GET", "HEAD", "POST"]);
        assert!(methods("/b").is_empty());
        assert_eq!(find("GET", "/a/"), "nothing");
        assert_eq!(find("GET", "/a/b/c"), "nothing");
        assert_eq!(find("GET", "/"), "/ ");
        for empty in ["//a/new", "///a/new", "/a//new", "//", "//a/b"] {
            assert_eq!(find("GET", empty), "nothing", "an empty segment is one: {empty}");
            assert!(methods(empty).is_empty(), "{empty}");
        }
    }
}
