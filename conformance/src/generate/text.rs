//! Texts.

use serde_json::Value;

use super::error::Reason;
use super::pattern::{self, Wish};
use super::run::{Fault, Run};
use super::shape::Shape;

/// The longest text that is made where no length is asked for, and the longest beyond what is asked for.
const LONG: usize = 4096;

/// The usual length of a text without a bound.
const USUAL: usize = 24;

const TRIES: usize = 24;

/// What plain texts are made of. The first is the simplest.
const LETTERS: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -_.,'/&äéßŁπЖ中€\u{1f600}";

impl<'c> Run<'_, 'c, '_> {
    pub(super) fn text(&mut self, at: &str, shape: &Shape<'c>, name: Option<&str>) -> Result<String, Fault> {
        let (low, high) = shape.length;
        if low > high {
            return Err(Fault::new(at, Reason::Contradiction("maxLength")));
        }
        if low > LONG * LONG {
            return Err(Fault::new(at, Reason::Budget));
        }
        let fits = |run: &Self, text: &str| run.generator.leaf_fits(shape, &text.into());
        let edge = self.edge(at, shape);
        // A text that the document shows says more than letters do.
        if edge.is_none()
            && !self.choices.once_in(8)
            && let Some(word) = self.word(name)
            && fits(self, &word)
        {
            return Ok(word);
        }
        for attempt in 0..TRIES {
            let before = (attempt > 0).then(|| self.choices.detour());
            let made = self.draft(shape, edge, attempt);
            if let Some(before) = before {
                self.choices.restore(before);
            }
            if let Some(text) = made.filter(|text| fits(self, text)) {
                return Ok(text);
            }
        }
        let shown = self.generator.shown(shape, name);
        let found = shown.into_iter().filter_map(Value::as_str).find(|text| fits(self, text)).map(str::to_owned);
        found.ok_or_else(|| Fault::new(at, Reason::Text))
    }

    /// A length that is met exactly.
    fn edge(&mut self, at: &str, shape: &Shape<'c>) -> Option<usize> {
        let (low, high) = shape.length;
        let mut edges = vec![low];
        edges.extend((high <= LONG.max(low) && high != low).then_some(high));
        self.choices.edge(&format!("{at}/length"), edges.len()).map(|edge| edges[edge])
    }

    fn word(&mut self, name: Option<&str>) -> Option<String> {
        let words = self.generator.words(name?)?;
        words[self.choices.below(words.len())].as_str().map(str::to_owned)
    }

    fn draft(&mut self, shape: &Shape<'c>, edge: Option<usize>, attempt: usize) -> Option<String> {
        let (low, high) = shape.length;
        let usual = high.min(low.max(USUAL));
        let length = edge.unwrap_or_else(|| {
            let bound = i128::try_from(usual).unwrap_or_default();
            usize::try_from(self.choices.within(i128::try_from(low.max(1)).unwrap_or_default().min(bound), bound))
                .unwrap_or(low)
        });
        match (shape.formats.as_slice(), shape.patterns.as_slice()) {
            ([], []) => Some(self.letters(length)),
            (formats, []) => self.of_format(formats[attempt % formats.len()], length, low),
            ([], patterns) => self.of_patterns(patterns, length, attempt),
            (_, patterns) if attempt % 2 == 1 => self.of_patterns(patterns, length, attempt),
            (formats, _) => self.of_format(formats[attempt / 2 % formats.len()], length, low),
        }
    }

    fn of_patterns(&mut self, patterns: &[&str], length: usize, attempt: usize) -> Option<String> {
        let tree = pattern::parse(patterns[attempt / 3 % patterns.len()])?;
        let spare = length.saturating_sub(pattern::shortest(&tree));
        let mut text = pattern::text(&tree, Wish { spare, greedy: attempt % 3 != 2 }, &mut self.choices);
        // A pattern without an end goes on with anything.
        for _ in text.chars().count()..length {
            if attempt % 3 == 1 {
                text.push('a');
            }
        }
        Some(text)
    }

    /// A text of a pattern; the index tells several of them apart.
    pub(super) fn of_pattern(&mut self, pattern: &str, index: usize) -> Option<String> {
        let tree = pattern::parse(pattern)?;
        for attempt in index..index + TRIES {
            let before = (attempt > 0).then(|| self.choices.detour());
            let text = pattern::text(&tree, Wish { spare: index + 4, greedy: attempt % 2 == 1 }, &mut self.choices);
            if let Some(before) = before {
                self.choices.restore(before);
            }
            if self.generator.matches(pattern, &text) {
                return Some(text);
            }
        }
        None
    }

    pub(super) fn letters(&mut self, length: usize) -> String {
        let letters: Vec<char> = LETTERS.chars().collect();
        // Mostly letters; the rest is what systems stumble over.
        (0..length.min(LONG * LONG))
            .map(|_| {
                letters
                    [if self.choices.once_in(6) { self.choices.below(letters.len()) } else { self.choices.below(26) }]
            })
            .collect()
    }

    /// A text of a format, of about the length.
    fn of_format(&mut self, format: &str, length: usize, low: usize) -> Option<String> {
        let fill = low.max(1).saturating_sub(20);
        let number = |run: &mut Self, low: i128, high: i128| run.choices.within(low, high);
        Some(match format {
            "date" => self.date(),
            "date-time" => {
                let fraction = ["", ".5", ".123", ".123456"][self.choices.below(4)];
                let offset = ["Z", "+00:00", "+01:00", "-05:00", "+05:30"][self.choices.below(5)];
                format!("{}T{}{fraction}{offset}", self.date(), self.clock())
            }
            "time" => format!("{}Z", self.clock()),
            "duration" => {
                let unit = ["D", "M", "Y", "W"][self.choices.below(4)];
                format!("P{}{unit}", number(self, 1, 30))
            }
            "uuid" => {
                let mut hex = |digits: usize| -> String {
                    (0..digits).map(|_| char::from(b"0123456789abcdef"[self.choices.below(16)])).collect()
                };
                format!("{}-{}-4{}-8{}-{}", hex(8), hex(4), hex(3), hex(3), hex(12))
            }
            "email" | "idn-email" if length < 12 => format!("{}@b.cd", self.plain(length.saturating_sub(5).max(1))),
            "email" | "idn-email" => {
                format!("{}@{}.example.com", self.plain(6), self.plain(3 + fill.min(40)))
            }
            "uri" | "iri" if length < 20 => format!("x:{}", self.plain(length.saturating_sub(2))),
            "uri" | "iri" => format!("https://example.com/{}", self.plain((length - 20).max(1))),
            "uri-reference" | "iri-reference" => format!("/{}", self.plain(length.saturating_sub(1))),
            "uri-template" => format!("/{}/{{id}}", self.plain(length.saturating_sub(6))),
            "hostname" | "idn-hostname" => format!("{}.example", self.plain(1 + fill.min(40))),
            "ipv4" => format!("192.0.2.{}", number(self, 0, 255)),
            "ipv6" => format!("2001:db8::{:x}", number(self, 0, 65_535)),
            "json-pointer" => format!("/{}", self.plain(length.saturating_sub(1))),
            "relative-json-pointer" => format!("{}/a", number(self, 0, 9)),
            "regex" => "^a*$".to_owned(),
            "byte" => {
                let groups = (length / 4).max(usize::from(length > 0));
                self.plain(groups * 4)
            }
            "decimal" => self.decimal(),
            _ => return None,
        })
    }

    fn decimal(&mut self) -> String {
        let whole = [1, 1000, 10_000_000][self.choices.below(3)];
        let whole = self.choices.within(0, whole);
        let places = [2, 0, 4][self.choices.below(3)];
        if places == 0 {
            return whole.to_string();
        }
        let fraction = self.choices.within(0, 10_i128.pow(places) - 1);
        let places = usize::try_from(places).unwrap_or_default();
        format!("{whole}.{fraction:0>places$}")
    }

    fn date(&mut self) -> String {
        let year = self.choices.within(2024, 2031);
        let (month, day) = (self.choices.within(1, 12), self.choices.within(1, 28));
        format!("{year}-{month:02}-{day:02}")
    }

    fn clock(&mut self) -> String {
        let (hour, minute) = (self.choices.within(0, 23), self.choices.within(0, 59));
        let second = self.choices.within(0, 59);
        format!("{hour:02}:{minute:02}:{second:02}")
    }

    fn plain(&mut self, length: usize) -> String {
        (0..length).map(|_| char::from(b'a' + u8::try_from(self.choices.below(26)).unwrap_or_default())).collect()
    }
}
