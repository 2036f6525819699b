//! A HAR, cut into its entries while it is read.
//!
//! What an entry is made of is not looked at here, only where it ends: so the threads that judge can also parse, and this one
//! keeps ahead of them.

use std::io::{ErrorKind, Read};

use memchr::memchr2;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::MAX_ENTRY;
use super::bad::Broken;

/// How much is read at a time.
const CHUNK: usize = 128 * 1024;

/// Where an item stands in its stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    /// Which it is, from one: the entry of a HAR, or the line of a text.
    pub(super) number: u64,
    pub(super) line: u64,
    pub(super) column: u64,
    /// Whether it is larger than what is judged; nothing of it was kept.
    pub(super) too_large: bool,
}

/// Items of a stream, one at a time.
pub(super) trait Cutter {
    /// Appends the next item to the bytes; none at the end.
    fn next(&mut self, bytes: &mut Vec<u8>) -> Result<Option<Cut>, Broken>;
}

/// The entries of a HAR.
pub(super) struct Entries<R> {
    reader: R,
    buffer: Vec<u8>,
    at: usize,
    /// How many bytes were read before the buffer.
    before: u64,
    line: u64,
    /// Where the line begins, in bytes of the whole.
    line_start: u64,
    entries: u64,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Start,
    Entries { first: bool },
    End,
}

impl<R: Read> Entries<R> {
    pub(super) fn new(reader: R) -> Self {
        let (buffer, state) = (Vec::with_capacity(CHUNK), State::Start);
        Self { reader, buffer, at: 0, before: 0, line: 1, line_start: 0, entries: 0, state }
    }

    fn column(&self) -> u64 {
        self.before + self.at as u64 - self.line_start + 1
    }

    fn broken(&self, message: &str) -> Broken {
        Broken { line: self.line, column: self.column(), entries: self.entries, message: message.to_owned() }
    }

    /// Reads on; false at the end.
    fn fill(&mut self) -> Result<bool, Broken> {
        self.before += self.buffer.len() as u64;
        self.at = 0;
        self.buffer.resize(CHUNK, 0);
        loop {
            match self.reader.read(&mut self.buffer) {
                Ok(read) => {
                    self.buffer.truncate(read);
                    return Ok(read > 0);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    self.buffer.clear();
                    return Err(self.broken(&format!("the file cannot be read on: {error}")));
                }
            }
        }
    }

    fn peek(&mut self) -> Result<Option<u8>, Broken> {
        if self.at == self.buffer.len() && !self.fill()? {
            return Ok(None);
        }
        Ok(self.buffer.get(self.at).copied())
    }

    /// The next byte that is no white space, which stays.
    fn ahead(&mut self) -> Result<Option<u8>, Broken> {
        while let Some(byte) = self.peek()? {
            match byte {
                b'\n' => {
                    self.at += 1;
                    self.line += 1;
                    self.line_start = self.before + self.at as u64;
                }
                b' ' | b'\t' | b'\r' => self.at += 1,
                _ => return Ok(Some(byte)),
            }
        }
        Ok(None)
    }

    fn expect(&mut self, wanted: u8) -> Result<(), Broken> {
        match self.ahead()? {
            Some(byte) if byte == wanted => {
                self.at += 1;
                Ok(())
            }
            Some(_) => Err(self.broken(&format!("this is not JSON: `{}` is expected", char::from(wanted)))),
            None => Err(self.broken("the HAR breaks off")),
        }
    }

    /// Whether another member or item follows; if none does, what ends them is taken.
    fn follows(&mut self, first: bool, end: u8) -> Result<bool, Broken> {
        match self.ahead()? {
            Some(byte) if byte == end => {
                self.at += 1;
                Ok(false)
            }
            _ if first => Ok(true),
            _ => self.expect(b',').map(|()| true),
        }
    }

    /// The name of a member, and the colon behind it.
    fn name(&mut self) -> Result<String, Broken> {
        if self.ahead()? != Some(b'"') {
            self.expect(b'"')?;
        }
        let name = self.read("this is not JSON: a name is expected")?;
        self.expect(b':')?;
        Ok(name.unwrap_or_default())
    }

    /// Reads a value that is no entry. What is too large to be kept is passed over as it is.
    fn read<T: DeserializeOwned>(&mut self, or_else: &str) -> Result<Option<T>, Broken> {
        self.ahead()?;
        let (line, column) = (self.line, self.column());
        let mut text = Vec::new();
        if !self.value(&mut text)? {
            return Ok(None);
        }
        let read = serde_json::from_slice(&text);
        read.map(Some).map_err(|_| Broken { line, column, ..self.broken(or_else) })
    }

    /// Passes over a value that nothing is judged by.
    fn pass(&mut self) -> Result<(), Broken> {
        self.read::<IgnoredAny>("this is not JSON, or nested too deep").map(drop)
    }

    /// Takes a value, and says whether it was small enough to be kept.
    fn value(&mut self, kept: &mut Vec<u8>) -> Result<bool, Broken> {
        let start = kept.len();
        let Some(first) = self.ahead()? else { return Err(self.broken("the HAR breaks off")) };
        let mut scan = Scan { is_word: !matches!(first, b'{' | b'[' | b'"'), ..Scan::default() };
        let mut small = true;
        loop {
            if self.peek()?.is_none() {
                return Err(self.broken("the HAR breaks off"));
            }
            let from = self.at;
            let end = scan.end(&self.buffer[from..]);
            self.at = end.map_or(self.buffer.len(), |end| from + end);
            if let Some(newline) = scan.newline.take() {
                self.line += std::mem::take(&mut scan.newlines);
                self.line_start = self.before + (from + newline) as u64 + 1;
            }
            small &= kept.len() - start + self.at - from <= MAX_ENTRY;
            if small {
                kept.extend_from_slice(&self.buffer[from..self.at])
            } else {
                kept.truncate(start)
            }
            if end.is_some() {
                return Ok(small);
            }
        }
    }

    /// Leads to the first entry.
    fn open(&mut self) -> Result<(), Broken> {
        for mark in *b"\xef\xbb\xbf" {
            if self.peek()? != Some(mark) {
                break;
            }
            self.at += 1;
            self.line_start += 1;
        }
        match self.ahead()? {
            Some(b'{') => {}
            None => return Err(self.broken("the file is empty")),
            Some(_) => return Err(self.broken("this is no HAR: it is no JSON object")),
        }
        self.enter("log")?;
        if self.ahead()? != Some(b'{') {
            return Err(self.broken("this is no HAR: `log` is no object"));
        }
        self.enter("entries")?;
        if self.ahead()? != Some(b'[') {
            return Err(self.broken("this is no HAR: `log.entries` is no array"));
        }
        self.expect(b'[')
    }

    /// Passes over the members of an object until the one of a name.
    fn enter(&mut self, wanted: &str) -> Result<(), Broken> {
        self.expect(b'{')?;
        let mut first = true;
        while self.follows(first, b'}')? {
            first = false;
            if self.name()? == wanted {
                return Ok(());
            }
            self.pass()?;
        }
        Err(self.broken(&format!("this is no HAR: it has no `{wanted}`")))
    }

    /// Passes over what follows the entries: the rest of `log`, and of the whole.
    fn close(&mut self) -> Result<(), Broken> {
        for (name, message) in [("entries", "`entries` is there twice in `log`"), ("log", "`log` is there twice")] {
            while self.follows(false, b'}')? {
                // Which of the two counts is for every reader to choose.
                if self.name()? == name {
                    return Err(self.broken(message));
                }
                self.pass()?;
            }
        }
        match self.ahead()? {
            None => Ok(()),
            Some(_) => Err(self.broken("something follows the end of the HAR")),
        }
    }
}

/// How far into a value it is.
#[derive(Default)]
struct Scan {
    /// Whether the value is neither text, nor object, nor array.
    is_word: bool,
    in_string: bool,
    escaped: bool,
    depth: usize,
    /// How many lines ended in the last piece, and where in it the last of them.
    newlines: u64,
    newline: Option<usize>,
}

impl Scan {
    /// Where in the next piece the value ends; none where it does not.
    fn end(&mut self, piece: &[u8]) -> Option<usize> {
        let mut at = 0;
        loop {
            if self.in_string {
                at += self.text(&piece[at..])?;
                self.in_string = false;
                if self.depth == 0 {
                    return Some(at);
                }
            }
            let byte = piece.get(at)?;
            if self.is_word && matches!(byte, b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t') {
                return Some(at);
            }
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' if self.depth <= 1 => return Some(at + 1),
                b'}' | b']' => self.depth -= 1,
                b'\n' => (self.newlines, self.newline) = (self.newlines + 1, Some(at)),
                _ => {}
            }
            at += 1;
        }
    }

    /// Where behind its end the text is that the next piece begins within; none where it does not end.
    fn text(&mut self, piece: &[u8]) -> Option<usize> {
        let mut at = usize::from(!piece.is_empty() && std::mem::take(&mut self.escaped));
        loop {
            at += memchr2(b'"', b'\\', &piece[at..])? + 1;
            if piece[at - 1] == b'"' {
                return Some(at);
            }
            // What is escaped may stand in another piece.
            self.escaped = at == piece.len();
            at += usize::from(!self.escaped);
        }
    }
}

impl<R: Read> Cutter for Entries<R> {
    fn next(&mut self, bytes: &mut Vec<u8>) -> Result<Option<Cut>, Broken> {
        let first = match self.state {
            State::End => return Ok(None),
            State::Start => {
                self.open()?;
                true
            }
            State::Entries { first } => first,
        };
        if !self.follows(first, b']')? {
            self.state = State::End;
            return self.close().map(|()| None);
        }
        self.state = State::Entries { first: false };
        self.ahead()?;
        let (line, column) = (self.line, self.column());
        let small = self.value(bytes)?;
        self.entries += 1;
        Ok(Some(Cut { number: self.entries, line, column, too_large: !small }))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    /// Gives a byte at a time, so that everything stands across two chunks once.
    struct Slow<'b>(&'b [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            let Some((first, rest)) = self.0.split_first() else { return Ok(0) };
            into[0] = *first;
            self.0 = rest;
            Ok(1)
        }
    }

    fn entries(text: &str) -> Result<Vec<(String, u64, u64)>, Broken> {
        let mut cutter = Entries::new(Slow(text.as_bytes()));
        let mut entries = Vec::new();
        loop {
            let mut bytes = Vec::new();
            match cutter.next(&mut bytes)? {
                Some(Cut { line, column, .. }) => entries.push((String::from_utf8(bytes).unwrap(), line, column)),
                None => return Ok(entries),
            }
        }
    }

    #[test]
    fn entries_are_cut_out_as_they_are_with_their_places() {
        let text = "\u{feff}{\"x\": [{\"log\": 1}], \"log\": {\"version\": \"1.2\", \"n\": -1e3,\n \"entries\": [{\"a\": \"}\\\"]\\\\\"},\n  {\n\"b\": \
                    [1, {}]}, 7\n, \"s\"] , \"comment\": null}\n, \"y\": true } \n";
        let expected = [
            ("{\"a\": \"}\\\"]\\\\\"}".to_owned(), 2, 14),
            ("{\n\"b\": [1, {}]}".to_owned(), 3, 3),
            ("7".to_owned(), 4, 16),
            ("\"s\"".to_owned(), 5, 3),
        ];
        assert_eq!(entries(text).unwrap(), expected);
        assert_eq!(entries("{\"log\":{\"entries\":[]}}").unwrap(), []);
        assert_eq!(entries("{\"l\\u006fg\":{\"\\u0065ntries\":[7]}}").unwrap().len(), 1);
    }

    #[test]
    fn what_is_no_har_is_told_with_its_place() {
        for (text, message, line, column, before) in [
            ("", "the file is empty", 1, 1, 0),
            ("[]", "it is no JSON object", 1, 1, 0),
            ("{}", "it has no `log`", 1, 3, 0),
            ("{\"log\": 1}", "`log` is no object", 1, 9, 0),
            ("{\"log\": {\"pages\": []}}", "it has no `entries`", 1, 22, 0),
            ("{\"log\": {\"entries\": {}}}", "`log.entries` is no array", 1, 21, 0),
            ("{\"log\": {\"entries\": [{}\n {}]}}", "`,` is expected", 2, 2, 1),
            ("{\"log\": {\"entries\": [{},\n {\"a\": \"", "breaks off", 2, 9, 1),
            ("{\"log\": {\"entries\": [{}", "breaks off", 1, 24, 1),
            ("{\"log\": {\"entries\": [{}]", "breaks off", 1, 25, 1),
            ("{\"log\": {\"entries\": []}} x", "something follows", 1, 26, 0),
            ("{\"log\": {\"entries\": [{}], \"entries\": []}}", "`entries` is there twice", 1, 37, 1),
            ("{\"log\": {\"entries\": []}, \"log\": {}}", "`log` is there twice", 1, 32, 0),
            ("{log: {}}", "`\"` is expected", 1, 2, 0),
            ("{\"log\": {\"version\": 1.2.3, \"entries\": []}}", "this is not JSON", 1, 21, 0),
            ("{\"log\": {\"entries\": [{}],\n \"pages\": [nul]}}", "this is not JSON", 2, 11, 1),
            ("{\"log\": {\"entries\": []}, \"\\x\": 1}", "a name is expected", 1, 26, 0),
            ("{\"log\": {\"entries\": []}, \"l\\u006fg\": {}}", "`log` is there twice", 1, 37, 0),
        ] {
            let broken = entries(text).unwrap_err();
            assert!(broken.message.contains(message), "{text}: {broken:?}");
            assert_eq!((broken.line, broken.column, broken.entries), (line, column, before), "{text}");
        }
    }

    #[test]
    fn what_is_too_large_is_passed_over_and_not_held() {
        let large = format!("{{\"log\":{{\"entries\":[\"{}\",{{}}]}}}}", "x".repeat(MAX_ENTRY));
        let mut cutter = Entries::new(large.as_bytes());
        let mut bytes = b"before".to_vec();
        assert!(cutter.next(&mut bytes).unwrap().unwrap().too_large);
        assert_eq!(bytes, b"before");
        assert!(!cutter.next(&mut bytes).unwrap().unwrap().too_large);
        assert_eq!(bytes, b"before{}");
        assert_eq!(cutter.next(&mut bytes), Ok(None));
    }
}
