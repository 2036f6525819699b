//! Documentation: the document's words as rustdoc that builds without warnings.

mod html;
mod markdown;

use crate::model::Operation;
use crate::spec::Evidence;

/// Markdown of a document as rustdoc: its bold words, links, lists, tables and code stay, and nothing in it makes
/// rustdoc or rustc complain.
pub(crate) fn rustdoc(text: &str) -> String {
    markdown::mended(&shown(text))
}

/// As [`rustdoc`], within a line: for titles, and for what stands in a list. It reads the same wherever in a line it stands.
pub(crate) fn line(text: &str) -> String {
    let text = shown(text).split_whitespace().collect::<Vec<_>>().join(" ");
    let behind = markdown::mended(&format!("x {text}"));
    let behind = behind.strip_prefix("x ").unwrap_or_default();
    if markdown::mended(behind) == behind && !behind.contains('\n') {
        behind.to_owned()
    } else {
        markdown::plain(&text)
    }
}

/// A name or a value of a document as code within a line of documentation. It is the document's, so it may
/// hold anything, and nothing in it may end the line.
pub(crate) fn code(text: &str) -> String {
    let plain = |c: char| match c {
        '`' => '\'',
        c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => ' ',
        c => c,
    };
    format!("`{}`", shown(&text.chars().map(plain).collect::<String>()))
}

/// A text without what nobody sees: rustc refuses some of it in comments, as it can make code look like other code.
/// Whatever breaks a line does so as lines of Rust end.
fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            '\t' => out.push_str("    "),
            // Marks of the byte order and of the direction of text.
            '\u{feff}' | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
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
        parts.join("\n\n")
    }
}

#[cfg(test)]
mod tests;
