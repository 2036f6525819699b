//! Markdown of a document (CommonMark, as OpenAPI says) as Markdown that rustdoc and its lints take as it is.
//!
//! The text stays as its author laid it out; only what rustdoc would complain of, run or read differently is edited,
//! until a parser that reads it as rustdoc does finds nothing left:
//!
//! * code is text, since nothing of it is Rust, and code that never ends ends with the text;
//! * brackets that are no links, and tags, are shown as they stand; links lead to the web or nowhere;
//! * a bare URL becomes a link.

use std::ops::Range;

use pulldown_cmark::{BrokenLink, CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::html;

/// How often a text is edited, as one edit may bring to light what another one hid.
const MAX_ROUNDS: usize = 32;

/// A piece of the text, and what stands in its place.
#[derive(Debug)]
struct Edit {
    range: Range<usize>,
    text: String,
}

/// The text, mended; as plain words if it cannot be.
pub(super) fn mended(text: &str) -> String {
    let mut text = text.trim().to_owned();
    for _ in 0..MAX_ROUNDS {
        let next = trimmed(&applied(&text, edits(&text)));
        if next == text {
            return text;
        }
        text = next;
    }
    plain(&text)
}

/// Words that are no Markdown, as Markdown that shows them.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        for c in line.trim().chars() {
            // An escaped colon makes plain words of a URL.
            if c.is_ascii_punctuation() && !matches!(c, '.' | ',' | ';' | '\'' | '"' | '(' | ')') {
                out.push('\\');
            }
            out.push(c);
        }
        out.push('\n');
    }
    out.trim_end().to_owned()
}

fn trimmed(text: &str) -> String {
    text.trim().lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

fn applied(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    // What overlaps is left to the next round.
    for Edit { range, text: new } in edits {
        if range.start >= at {
            out.push_str(&text[at..range.start]);
            out.push_str(&new);
            at = range.end;
        }
    }
    out.push_str(&text[at..]);
    out
}

/// What rustdoc would not take as it is meant.
fn edits(text: &str) -> Vec<Edit> {
    let mut broken: Vec<usize> = Vec::new();
    let mut unresolved = |link: BrokenLink<'_>| {
        broken.push(link.span.start);
        None
    };
    let tables = Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS;
    let options = tables | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES;
    let mut parser = Parser::new_with_broken_link_callback(text, options, Some(&mut unresolved)).into_offset_iter();
    let mut walk = Walk { text, edits: Vec::new(), open: Vec::new() };
    for (event, range) in parser.by_ref() {
        walk.event(&event, range);
    }
    let definitions = parser.reference_definitions().iter();
    let dead = definitions.filter(|(_, definition)| !leads_somewhere(&definition.dest));
    let dead: Vec<usize> = dead.map(|(_, definition)| definition.span.start).collect();
    drop(parser);
    let Walk { mut edits, .. } = walk;
    for start in broken.into_iter().chain(dead) {
        edits.extend(text[start..].find('[').map(|at| escape(start + at)));
    }
    edits
}

fn escape(at: usize) -> Edit {
    Edit { range: at..at, text: "\\".to_owned() }
}

/// Whether a link leads somewhere from where rustdoc shows it.
fn leads_somewhere(url: &str) -> bool {
    ["https://", "http://", "mailto:"].iter().any(|scheme| url.starts_with(scheme))
}

struct Walk<'t> {
    text: &'t str,
    edits: Vec<Edit>,
    /// What is open at this place, and where what it shows ends so far.
    open: Vec<Open>,
}

struct Open {
    end: TagEnd,
    /// A link that leads nowhere: where what it shows begins and ends.
    dead: Option<(usize, Option<Range<usize>>)>,
}

impl Walk<'_> {
    fn event(&mut self, event: &Event<'_>, range: Range<usize>) {
        for open in &mut self.open {
            if let (Some((_, shown)), false) = (&mut open.dead, matches!(event, Event::End(end) if *end == open.end)) {
                let start = shown.as_ref().map_or(range.start, |shown| shown.start);
                let end = shown.as_ref().map_or(range.end, |shown| shown.end.max(range.end));
                *shown = Some(start..end);
            }
        }
        match event {
            Event::Start(tag) => {
                let dead = self.start(tag, &range).then_some((range.start, None));
                self.open.push(Open { end: tag.to_end(), dead });
            }
            Event::End(_) => {
                if let Some(Open { dead: Some((start, shown)), .. }) = self.open.pop() {
                    let shown = shown.unwrap_or(range.end..range.end);
                    self.replace(start..shown.start, "");
                    self.replace(shown.end..range.end, "");
                }
            }
            // Footnotes of several texts of one page would be one another's.
            Event::FootnoteReference(_) => self.edits.push(escape(range.start)),
            Event::Html(_) | Event::InlineHtml(_) => self.html(range),
            Event::HardBreak if !self.text[range.clone()].starts_with('\\') => {
                let line = self.text[..range.start].trim_end_matches(' ').len();
                let end = line + self.text[line..].find('\n').unwrap_or(0);
                self.replace(line..end, "\\");
            }
            Event::Text(_) if !self.within(|end| *end == TagEnd::CodeBlock) => {
                self.marks(&range);
                if !self.within(|end| matches!(end, TagEnd::Link | TagEnd::Image)) {
                    self.urls(range);
                }
            }
            _ => {}
        }
    }

    fn within(&self, is: impl Fn(&TagEnd) -> bool) -> bool {
        self.open.iter().any(|open| is(&open.end))
    }

    fn replace(&mut self, range: Range<usize>, text: &str) {
        if self.text[range.clone()] != *text {
            self.edits.push(Edit { range, text: text.to_owned() });
        }
    }

    /// Whether what starts here is a link of which only the words remain.
    fn start(&mut self, tag: &Tag<'_>, range: &Range<usize>) -> bool {
        match tag {
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => self.fenced(info, range),
            Tag::CodeBlock(CodeBlockKind::Indented) => self.indented(range),
            Tag::FootnoteDefinition(_) => self.edits.push(escape(range.start)),
            Tag::Link { link_type: LinkType::Email, .. } => {}
            Tag::Link { dest_url, .. } if leads_somewhere(dest_url) => {}
            Tag::Link { link_type: LinkType::Inline, .. } => return true,
            Tag::Link { .. } => self.edits.push(escape(range.start)),
            // A picture is shown to nobody before they ask for it.
            Tag::Image { link_type: LinkType::Inline, .. } if self.within(|end| *end == TagEnd::Link) => return true,
            Tag::Image { .. } => self.replace(range.start..range.start + 1, ""),
            _ => {}
        }
        false
    }

    fn fenced(&mut self, info: &str, range: &Range<usize>) {
        let block = &self.text[range.clone()];
        let first = block.lines().next().unwrap_or_default();
        let mark = if first.starts_with('~') { '~' } else { '`' };
        let fence: String = first.chars().take_while(|c| *c == mark).collect();
        if info != "text" {
            self.replace(range.start + fence.len()..range.start + first.len(), "text");
        }
        let last = block.lines().skip(1).last().map(str::trim).unwrap_or_default();
        let is_closed = last.starts_with(&fence) && last.trim_start_matches(mark).is_empty();
        // Within a list or a quotation it ends where they do.
        if !is_closed && self.open.is_empty() {
            let line = if block.ends_with('\n') { "" } else { "\n" };
            self.replace(range.end..range.end, &format!("{line}{fence}\n"));
        }
    }

    /// Code by indentation would be Rust to rustdoc.
    fn indented(&mut self, range: &Range<usize>) {
        let start = self.text[..range.start].rfind('\n').map_or(0, |at| at + 1);
        let end = range.start + self.text[range.clone()].trim_end().len();
        let lines = self.text[start..end].lines();
        let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
        let least = lines.clone().filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or(0);
        let Some(outer) = least.checked_sub(4) else {
            // In a quotation, or behind the mark of a list: it is words.
            let words = self.text[range.clone()].trim_start();
            let from = range.end - words.len();
            return self.replace(self.text[..from].trim_end_matches(' ').len()..from, " ");
        };
        let ticks = longest_run(&self.text[start..end]).max(2) + 1;
        let (margin, fence) = (" ".repeat(outer), "`".repeat(ticks));
        let mut block = format!("{margin}{fence}text\n");
        for line in lines {
            block.push_str(&margin);
            block.push_str(line.get(least..).unwrap_or_default());
            block.push('\n');
        }
        block.push_str(&format!("{margin}{fence}"));
        self.replace(start..end, &block);
    }

    fn html(&mut self, range: Range<usize>) {
        let html = &self.text[range.clone()];
        let tag = html.find('>').map_or(html, |end| &html[..=end]);
        if !tag.starts_with('<') {
            return;
        }
        let one_line = self.within(|end| matches!(end, TagEnd::TableCell | TagEnd::Heading(_) | TagEnd::TableHead));
        match html::markdown(tag, self.text, one_line) {
            Some(words) => self.replace(range.start..range.start + tag.len(), words),
            None => self.edits.push(escape(range.start)),
        }
    }

    /// `[^1]` of a footnote that is not there is text already; escaped, it is what was meant.
    fn marks(&mut self, range: &Range<usize>) {
        for at in range.clone().filter(|at| self.text.as_bytes()[*at..].starts_with(b"[^")) {
            if !self.text[..at].ends_with('\\') {
                self.edits.push(escape(at));
            }
        }
    }

    fn urls(&mut self, range: Range<usize>) {
        let mut at = range.start;
        while let Some(found) = ["https://", "http://"].iter().filter_map(|s| self.text[at..range.end].find(s)).min() {
            let start = at + found;
            let rest = &self.text[start..];
            let end = rest.find(|c: char| c.is_whitespace() || "<>\"`|".contains(c)).unwrap_or(rest.len());
            let end =
                rest[..end].trim_end_matches(['.', ',', ')', ']', '}', ';', ':', '!', '?', '*', '_', '~', '\'', '\\']);
            let url = end.replace('\\', "");
            if !url.ends_with('/') || url.matches('/').count() > 2 {
                self.replace(start..start + end.len(), &format!("<{url}>"));
            }
            at = (start + end.len().max(1)).max(start + "http".len());
            if at >= range.end {
                break;
            }
        }
    }
}

/// The longest run of backticks.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}
