//! Which documented body a media type belongs to.

use obkit_codegen::spec::{Content, essence};

/// The body that a `Content-Type` names, the most specific first: an exact type before a range such as `text/*`, and
/// that before `*/*`; of several with one type, the one with the most parameters that are sent.
///
/// Parameters that are documented and not sent are passed over when nothing fits better.
#[must_use]
pub fn find<'c>(contents: &'c [Content], content_type: &str) -> Option<&'c Content> {
    let actual = essence(content_type);
    let (main, _) = actual.split_once('/')?;
    let sent = parameters(content_type);
    let rank = |content: &&Content| {
        let stated = parameters(&content.media_type);
        let met = stated.iter().all(|parameter| sent.contains(parameter));
        (met, if met { stated.len() } else { 0 })
    };
    let of = |wanted: &str| {
        let same = contents.iter().filter(|content| essence(&content.media_type) == wanted);
        // Of equals the first, which `max_by_key` would pass over.
        same.rev().max_by_key(rank)
    };
    of(&actual).or_else(|| of(&format!("{main}/*"))).or_else(|| of("*/*"))
}

/// A media type as it may be told, without its parameters; none where the text is something else, and may be a secret in the wrong place.
pub(crate) fn told(stated: &str) -> Option<String> {
    let is_of_type = |byte: u8| byte.is_ascii_alphanumeric() || b"+.-_".contains(&byte);
    let essence = essence(stated);
    let (main, sub) = essence.split_once('/')?;
    (main.bytes().all(is_of_type) && sub.bytes().all(is_of_type)).then(|| essence.clone())
}

/// That a media type is not documented.
pub(crate) fn undocumented(stated: &str) -> String {
    match told(stated) {
        Some(essence) => format!("the media type `{essence}` is not documented"),
        None => "`Content-Type` is no media type".to_owned(),
    }
}

/// Whether a media type is one that a list such as `image/png, text/*` names.
pub(crate) fn is_listed(list: &str, media_type: &str) -> bool {
    let actual = essence(media_type);
    list.split(',').map(essence).any(|listed| {
        listed == "*/*" || listed == actual || listed.strip_suffix('*').is_some_and(|range| actual.starts_with(range))
    })
}

/// What follows the first semicolon of a header field: names in lower case, and values without their quotes
/// (RFC 9110, section 5.6.6).
pub(crate) fn parameters(field: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = field.split_once(';').map_or("", |(_, rest)| rest);
    while let Some((name, after)) = rest.split_once('=') {
        // A name without a value, passed over.
        let name = name.rsplit(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let (value, after) = value(after.trim_start());
        found.push((name, value));
        rest = after.split_once(';').map_or("", |(_, rest)| rest);
    }
    found
}

/// A value, quoted or not, and what follows it.
fn value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(';').unwrap_or(text.len());
        return (text[..end].trim_end().to_owned(), &text[end..]);
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (value, &quoted[at + 1..]),
            '\\' => value.extend(characters.next().map(|(_, escaped)| escaped)),
            _ => value.push(character),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    fn contents(types: &[&str]) -> Vec<Content> {
        let content = |media_type: &&str| Content {
            media_type: (*media_type).to_owned(),
            pointer: String::new(),
            schema: None,
            examples: Vec::new(),
            structured: false,
        };
        types.iter().map(content).collect()
    }

    #[test]
    fn the_most_specific_wins() {
        let contents = contents(&["*/*", "application/*", "Application/JSON; charset=utf-8"]);
        let found = |text| find(&contents, text).map(|content| content.media_type.as_str());
        assert_eq!(found("application/json;charset=UTF-8"), Some("Application/JSON; charset=utf-8"));
        assert_eq!(found("application/xml"), Some("application/*"));
        assert_eq!(found("text/plain"), Some("*/*"));
        assert_eq!(found("nonsense"), None);
        assert_eq!(find(&contents[2..], "application/problem+json").map(|c| &c.media_type), None);
    }

    #[test]
    fn of_equals_the_first_wins() {
        let contents = contents(&["a/b; v=1", "A/B", "a/b; v=2"]);
        let found = |text| find(&contents, text).map(|content| content.media_type.as_str());
        assert_eq!(found("a/b"), Some("A/B"));
        assert_eq!(found("a/b;v=3"), Some("A/B"));
        assert_eq!(found("a/b ; w=0; V=\"2\""), Some("a/b; v=2"));
        assert_eq!(find(&contents[..1], "a/b").map(|c| c.media_type.as_str()), Some("a/b; v=1"));
    }

    #[test]
    fn parameters_are_read_with_their_quotes() {
        let read = parameters("form-data; filename=\"a; name=\\\"q\\\"\" ;flag; Name = n ; x=");
        let expected = [("filename", "a; name=\"q\""), ("name", "n"), ("x", "")];
        assert_eq!(read, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!(parameters("a/b"), []);
        assert_eq!(parameters("a/b; x=\"open"), [("x".to_owned(), "open".to_owned())]);
    }
}
