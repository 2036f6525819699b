//! Which documented body a media type belongs to.

use obkit_codegen::spec::{Content, essence};

/// The body that a `Content-Type` names: parameters and case aside, an exact type before a range
/// such as `text/*`, and that before `*/*`.
#[must_use]
pub fn find<'c>(contents: &'c [Content], content_type: &str) -> Option<&'c Content> {
    let actual = essence(content_type);
    let (main, _) = actual.split_once('/')?;
    let range = format!("{main}/*");
    [actual.as_str(), range.as_str(), "*/*"]
        .iter()
        .find_map(|wanted| contents.iter().find(|content| essence(&content.media_type) == *wanted))
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
}
