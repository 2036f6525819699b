//! Documentation: the document's words as rustdoc that builds without warnings.

use crate::model::Operation;
use crate::spec::Evidence;

/// Text of a document as rustdoc: what only looks like a link or a tag is escaped, bare URLs become
/// links, and nothing becomes a code block by its indentation.
pub(crate) fn rustdoc(text: &str) -> String {
    // A carriage return by itself ends no line of Rust, and must not stand in one either.
    let lines: Vec<String> = text.trim().split(['\n', '\r']).map(|line| escape(line.trim())).collect();
    lines.join("\n")
}

/// A name or a value of a document as code within a line of documentation. It is the document's, so it may
/// hold anything, and nothing in it may end the line.
pub(crate) fn code(text: &str) -> String {
    let plain = |c: char| match c {
        '`' => '\'',
        c if c.is_control() => ' ',
        c => c,
    };
    format!("`{}`", text.chars().map(plain).collect::<String>())
}

fn escape(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let balanced = line.matches('`').count().is_multiple_of(2);
    for (index, part) in line.split('`').enumerate() {
        if index > 0 {
            out.push_str(if balanced { "`" } else { "\\`" });
        }
        if balanced && index % 2 == 1 {
            out.push_str(part);
        } else {
            out.push_str(&escape_words(part));
        }
    }
    out
}

fn escape_words(text: &str) -> String {
    text.split_inclusive(char::is_whitespace).map(escape_word).collect()
}

/// One word, and what stands around it.
fn escape_word(word: &str) -> String {
    let Some(start) = ["https://", "http://"].into_iter().filter_map(|scheme| word.find(scheme)).min() else {
        return escape_markup(word);
    };
    let (before, rest) = word.split_at(start);
    let end = rest.find([' ', '<', '>', '"', '`']).unwrap_or(rest.len());
    let end = rest[..end].trim_end().trim_end_matches(['.', ',', ')', ']', '}', ';', ':', '!', '?', '*', '\'']).len();
    let (url, after) = rest.split_at(end);
    let after = after.strip_prefix('>').filter(|_| before.ends_with('<')).unwrap_or(after);
    let before = if rest[end..].starts_with('>') { before.strip_suffix('<').unwrap_or(before) } else { before };
    format!("{}<{url}>{}", escape_markup(before), escape_markup(after))
}

fn escape_markup(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '[' | ']' | '<' | '>' | '*' | '_' | '~' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// What is said about an operation beyond its summary.
pub(crate) trait Docs {
    fn docs(&self) -> String;
}

impl Docs for Operation {
    fn docs(&self) -> String {
        let mut parts = Vec::new();
        if !self.description.is_empty() && self.description != self.summary {
            parts.push(rustdoc(&self.description));
        }
        match self.evidence {
            Some(Evidence::Documented) => parts.push("Evidence: documented in the provider's reference.".to_owned()),
            Some(Evidence::Guide) => parts.push("Evidence: named by a guide or a sample of the provider.".to_owned()),
            Some(Evidence::Inferred) => parts.push("Evidence: **inferred**, not named by the provider.".to_owned()),
            None => {}
        }
        if self.deprecated {
            parts.push("The provider has deprecated this operation.".to_owned());
        }
        parts.join("\n\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_markup_is_escaped_and_urls_become_links() {
        assert_eq!(rustdoc("    indented [x] <b>"), "indented \\[x\\] \\<b\\>");
        assert_eq!(rustdoc("see https://a.b/c_d."), "see <https://a.b/c_d>.");
        assert_eq!(rustdoc("see (https://a.b/c_d), <https://a.b>"), "see (<https://a.b/c_d>), <https://a.b>");
        assert_eq!(rustdoc("~~~"), "\\~\\~\\~");
        assert_eq!(rustdoc("use `filter[a]` now"), "use `filter[a]` now");
        assert_eq!(rustdoc("a lone ` tick"), "a lone \\` tick");
        assert_eq!(rustdoc("a\rb\r\nc"), "a\nb\n\nc");
        assert_eq!(code("a`\r\n}"), "`a'  }`");
    }
}
