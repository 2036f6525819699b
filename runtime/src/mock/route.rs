//! Which operation a request is for.

use percent_encoding::percent_decode_str;

/// An operation of the document. Made by generated code.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// Its id in the document.
    pub operation_id: &'static str,
    /// The method, in upper case.
    pub method: &'static str,
    /// The path template, such as `/accounts/{accountId}`.
    pub path: &'static str,
    /// The first success that the document shows.
    pub example: Option<Example>,
}

impl Route {
    /// `getAccounts (GET /accounts)`.
    pub(super) fn words(&self) -> String {
        format!("{} ({} {})", self.operation_id, self.method, self.path)
    }
}

/// An answer as the document shows it. Made by generated code.
#[derive(Clone, Copy)]
pub struct Example {
    /// The status.
    pub status: u16,
    /// The media type; none when there is no body.
    pub media_type: Option<&'static str>,
    /// The body.
    pub body: &'static str,
}

/// Shows no body.
impl std::fmt::Debug for Example {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Example")
            .field("status", &self.status)
            .field("media_type", &self.media_type)
            .finish_non_exhaustive()
    }
}

/// What a request line leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Matched {
    /// An operation, by its place in the list.
    Operation(usize),
    /// There is such a path, but not with this method.
    OtherMethod,
    /// There is no such path.
    Nothing,
}

/// A piece of one segment of a path.
#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Literal(&'static str),
    Variable,
}

/// The path templates, the most specific first.
#[derive(Debug)]
pub(super) struct Routes(Vec<(usize, Vec<Vec<Piece>>)>);

impl Routes {
    pub(super) fn new(routes: &'static [Route]) -> Self {
        let mut templates: Vec<_> = routes.iter().map(|route| template(route.path)).enumerate().collect();
        templates.sort_by_cached_key(|(_, segments)| segments.iter().map(|pieces| rank(pieces)).collect::<Vec<_>>());
        Self(templates)
    }

    /// Finds the operation of a method and a raw path: literal segments win over templated ones.
    pub(super) fn find(&self, routes: &[Route], method: &str, path: &str) -> Matched {
        let segments: Vec<_> = path.trim_start_matches('/').split('/').collect();
        let mut found = Matched::Nothing;
        for (index, template) in &self.0 {
            let fits = template.len() == segments.len()
                && template.iter().zip(&segments).all(|(pieces, text)| fits(pieces, text));
            match fits {
                false => {}
                true if routes.get(*index).is_some_and(|route| route.method == method) => {
                    return Matched::Operation(*index);
                }
                true => found = Matched::OtherMethod,
            }
        }
        found
    }
}

fn template(path: &'static str) -> Vec<Vec<Piece>> {
    path.trim_start_matches('/').split('/').map(pieces).collect()
}

fn pieces(mut segment: &'static str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    while let Some((literal, (_, rest))) = segment.split_once('{').and_then(|(l, r)| Some((l, r.split_once('}')?))) {
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal));
        }
        pieces.push(Piece::Variable);
        segment = rest;
    }
    if !segment.is_empty() || pieces.is_empty() {
        pieces.push(Piece::Literal(segment));
    }
    pieces
}

/// Literal before mixed before templated.
fn rank(pieces: &[Piece]) -> u8 {
    match pieces {
        [Piece::Literal(_)] => 0,
        [Piece::Variable] => 2,
        _ => 1,
    }
}

fn fits(pieces: &[Piece], text: &str) -> bool {
    match pieces {
        [] => text.is_empty(),
        [Piece::Literal(literal)] => percent_decode_str(text).eq(literal.bytes()),
        [Piece::Literal(literal), rest @ ..] => text.strip_prefix(literal).is_some_and(|text| fits(rest, text)),
        // A variable is never empty: `/accounts/` is not an account.
        [Piece::Variable] => !text.is_empty(),
        [Piece::Variable, rest @ ..] => {
            (1..=text.len()).any(|end| text.get(end..).is_some_and(|text| fits(rest, text)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn route(method: &'static str, path: &'static str) -> Route {
        Route { operation_id: "op", method, path, example: None }
    }

    static ROUTES: &[Route] = &[
        route("GET", "/a/{id}"),
        route("GET", "/a/new"),
        route("POST", "/a/new"),
        route("GET", "/a/{id}/{name}.{ext}"),
        route("GET", "/"),
    ];

    #[test]
    fn literal_before_templated_and_a_variable_is_not_empty() {
        let routes = Routes::new(ROUTES);
        let find = |method: &str, path: &str| routes.find(ROUTES, method, path);
        assert_eq!(find("GET", "/a/new"), Matched::Operation(1));
        assert_eq!(find("GET", "/a/n%65w"), Matched::Operation(1));
        assert_eq!(find("POST", "/a/new"), Matched::Operation(2));
        assert_eq!(find("GET", "/a/b%2Fc"), Matched::Operation(0));
        assert_eq!(find("GET", "/a/b/c.d.json"), Matched::Operation(3));
        assert_eq!(find("GET", "/"), Matched::Operation(4));
        assert_eq!(find("DELETE", "/a/new"), Matched::OtherMethod);
        assert_eq!(find("GET", "/a/"), Matched::Nothing);
        assert_eq!(find("GET", "/a/b/c"), Matched::Nothing);
    }
}
