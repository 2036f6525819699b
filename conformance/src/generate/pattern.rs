//! Texts that match a pattern, read off its syntax tree.
//!
//! What the tree cannot say (look-around) is left out of it; whether a text matches after all is asked of the
//! validator.

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};

use super::choice::Choices;

/// The most repetitions where no bound is given, beyond those that a length asks for.
const REPETITIONS: usize = 6;

/// How deep a tree may be nested.
const NESTING: u32 = 64;

/// How a text is to come out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish {
    /// How many characters beyond the fewest.
    pub(super) spare: usize,
    /// Whether repetitions take all that is to spare, or some.
    pub(super) greedy: bool,
}

/// The syntax tree of a pattern; none when it is none that can be read.
pub(super) fn parse(pattern: &str) -> Option<Hir> {
    let plain = without_look_around(pattern);
    ParserBuilder::new().nest_limit(NESTING).build().parse(&plain).ok()
}

/// The length of the shortest text, in characters as far as they are ASCII.
pub(super) fn shortest(tree: &Hir) -> usize {
    tree.properties().minimum_len().unwrap_or_default()
}

/// A text of a tree.
pub(super) fn text(tree: &Hir, wish: Wish, choices: &mut Choices<'_>) -> String {
    let mut text = String::new();
    let mut spare = wish.spare;
    walk(tree, wish.greedy, &mut spare, choices, &mut text);
    text
}

fn walk(tree: &Hir, greedy: bool, spare: &mut usize, choices: &mut Choices<'_>, text: &mut String) {
    match tree.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(class) => text.push(character(class, choices)),
        HirKind::Capture(capture) => walk(&capture.sub, greedy, spare, choices, text),
        HirKind::Concat(parts) => parts.iter().for_each(|part| walk(part, greedy, spare, choices, text)),
        HirKind::Alternation(parts) => {
            let part = &parts[choices.below(parts.len())];
            let fewest = parts.iter().map(shortest).min().unwrap_or_default();
            *spare = spare.saturating_sub(shortest(part) - fewest);
            walk(part, greedy, spare, choices, text);
        }
        HirKind::Repetition(repetition) => {
            let unit = shortest(&repetition.sub).max(1);
            let low = repetition.min as usize;
            let room = repetition.max.map_or(usize::MAX, |max| (max as usize).saturating_sub(low)).min(*spare / unit);
            let more = if greedy { room } else { choices.below(room.min(REPETITIONS) + 1) };
            *spare = spare.saturating_sub(more * unit);
            (0..low + more).for_each(|_| walk(&repetition.sub, false, &mut 0, choices, text));
        }
    }
}

/// A character of a class: a plain one, where there is one.
fn character(class: &Class, choices: &mut Choices<'_>) -> char {
    let ranges: Vec<(char, char)> = match class {
        Class::Unicode(class) => class.iter().map(|range| (range.start(), range.end())).collect(),
        Class::Bytes(class) => class.iter().map(|range| (range.start().into(), range.end().into())).collect(),
    };
    let within = |c: &char| ranges.iter().any(|(low, high)| low <= c && c <= high);
    let plain = ('a'..='z').chain('A'..='Z').chain('0'..='9').filter(within).collect::<Vec<_>>();
    let marks = (' '..='~').filter(|c| !c.is_ascii_alphanumeric() && within(c)).collect::<Vec<_>>();
    if !marks.is_empty() && (plain.is_empty() || choices.once_in(8)) {
        return marks[choices.below(marks.len())];
    }
    if plain.is_empty() {
        return ranges.first().map_or('\u{fffd}', |(low, _)| *low);
    }
    plain[choices.below(plain.len())]
}

/// A pattern without its look-ahead and look-behind groups.
fn without_look_around(pattern: &str) -> String {
    let mut plain = String::with_capacity(pattern.len());
    let (mut rest, mut in_class) = (pattern, false);
    while let Some(c) = rest.chars().next() {
        let opens = ["(?=", "(?!", "(?<=", "(?<!"].iter().any(|open| rest.starts_with(open));
        if opens && !in_class {
            rest = &rest[group(rest)..];
            continue;
        }
        let escaped = c == '\\';
        let length = c.len_utf8() + if escaped { rest[1..].chars().next().map_or(0, char::len_utf8) } else { 0 };
        in_class = if escaped { in_class } else { (in_class || c == '[') && c != ']' };
        plain.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    plain
}

/// How long the group is that a text begins with.
fn group(text: &str) -> usize {
    let (mut depth, mut in_class, mut escaped) = (0_usize, false, false);
    for (index, c) in text.char_indices() {
        match c {
            _ if escaped => {
                escaped = false;
                continue;
            }
            '\\' => escaped = true,
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => depth += 1,
            ')' if !in_class => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return index + c.len_utf8();
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::super::choice::{Policy, SplitMix, Words};
    use super::*;

    #[test]
    fn a_text_matches_and_has_the_length_that_was_wished_for() {
        for (pattern, spare, length) in
            [(r"^\d{4}$", 9, 4), ("^[A-Z]*$", 5, 5), (r"^a+(b|cd)?\.x{2,3}$", 3, 7), (r"^[\w-]{2,}$", 1, 3)]
        {
            let tree = parse(pattern).unwrap();
            for seed in 0..20 {
                let mut choices = Choices::new(Policy::Drawn, Words::Seeded(SplitMix(seed)));
                let made = text(&tree, Wish { spare, greedy: true }, &mut choices);
                let schema = serde_json::json!({"pattern": pattern});
                assert!(jsonschema::is_valid(&schema, &made.as_str().into()), "{pattern}: {made}");
                assert!(made.len() <= length, "{pattern}: {made}");
            }
        }
    }

    #[test]
    fn look_around_is_left_out() {
        assert_eq!(without_look_around(r"^(?!0+$)(?=.*[(\)])\d(?<!9)[(?=]\(?=x$"), r"^\d[(?=]\(?=x$");
        assert_eq!(without_look_around("(?!"), "");
    }
}
