//! Path templates: which texts are some, and what their variables are.

/// The variables of a template, in order; none of a text that is no template.
///
/// A template begins with a slash, and each variable stands in one pair of braces within a segment.
pub(crate) fn variables(path: &str) -> Option<Vec<&str>> {
    let mut variables = Vec::new();
    let mut rest = path.strip_prefix('/')?;
    while let Some(at) = rest.find(['{', '}']) {
        let inside = rest[at..].strip_prefix('{')?;
        let (variable, after) = inside.split_once('}')?;
        if variable.is_empty() || variable.contains(['{', '/']) {
            return None;
        }
        variables.push(variable);
        rest = after;
    }
    Some(variables)
}

/// The template without the names of its variables: what two of them that any request fits both have in common.
pub(crate) fn shape(path: &str) -> String {
    let mut pieces = path.split('{');
    let start = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(start, |shape, piece| shape + "{" + piece.split_once('}').map_or(piece, |(_, rest)| rest))
}

/// What of a template no request keeps: its fragment, and segments that lead elsewhere (RFC 3986, sections 3.5 and 5.2.4).
pub(crate) fn not_kept(path: &str) -> Option<&'static str> {
    let is_dots = |segment: &str| matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..");
    let dots = || path.split(['?', '#']).next().unwrap_or_default().split('/').any(is_dots);
    if path.contains('#') { Some("its fragment") } else { dots().then_some("its dot segments") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_stand_in_pairs_of_braces_within_segments() {
        for (path, expected) in [
            ("/", Some(vec![])),
            ("/a/{id}", Some(vec!["id"])),
            ("/a/{from}-{to}/b{c d}", Some(vec!["from", "to", "c d"])),
            ("/a/{id}/{id}", Some(vec!["id", "id"])),
            ("a/{id}", None),
            ("/{a", None),
            ("/a}", None),
            ("/{}", None),
            ("/{a/b}", None),
            ("/{a{b}}", None),
            ("/{a}}", None),
        ] {
            assert_eq!(variables(path), expected, "{path}");
        }
        assert_eq!(shape("/a/{id}/b{c}d"), "/a/{/b{d");
    }

    #[test]
    fn fragments_and_dot_segments_are_not_kept() {
        for path in ["/a", "/a.b/..c", "/a/...", "/a?x=../b", "/a/{..}"] {
            assert_eq!(not_kept(path), None, "{path}");
        }
        assert_eq!(not_kept("/a#b"), Some("its fragment"));
        assert_eq!(not_kept("/a/../b"), Some("its dot segments"));
        assert_eq!(not_kept("/a/."), Some("its dot segments"));
        assert_eq!(not_kept("/a/%2E%2e/b"), Some("its dot segments"));
    }
}
