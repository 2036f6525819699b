//! JSON: parsed by `serde_json`, then walked once more for positions and repeated keys.

use std::collections::HashMap;

use serde_json::Value;

use super::positions::Node;
use super::source::{Marks, Parsed};
use super::{MAX_DEPTH, Position, SyntaxError};

pub(crate) fn parse(text: &str) -> Result<Parsed, SyntaxError> {
    let root: Value = serde_json::from_str(text).map_err(|e| {
        let position = Some(Position { line: e.line(), column: e.column() });
        match category(&e) {
            what if what == "recursion limit exceeded" => SyntaxError::too_deep(position),
            what => SyntaxError {
                position,
                message: format!("is not JSON: {what}"),
                remedy: "correct the syntax at that place",
            },
        }
    })?;
    let bytes = text.as_bytes();
    let (marks, repeated) = (Marks::default(), Vec::new());
    let mut walk = Walk { bytes, at: 0, line: 1, counted: 0, column: 0, depth: 0, marks, repeated };
    walk.space();
    let position = walk.position();
    let node = walk.marks.positions.root(position);
    walk.value(node)?;
    Ok(Parsed { root, marks: walk.marks, repeated: walk.repeated })
}

fn category(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.clone(), |(what, _)| what.to_owned())
}

/// Walks text that is known to be JSON; it never fails but for its depth.
struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
    line: usize,
    /// How far `column` has been counted. Counting goes on from there: a document may be one line.
    counted: usize,
    /// The column of the byte at `counted`, from zero.
    column: usize,
    /// How many objects and lists are open.
    depth: usize,
    marks: Marks,
    repeated: Vec<(String, SyntaxError)>,
}

impl Walk<'_> {
    fn space(&mut self) {
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b'\n' => {
                    self.line += 1;
                    (self.counted, self.column) = (self.at + 1, 0);
                }
                b' ' | b'\t' | b'\r' => {}
                _ => break,
            }
            self.at += 1;
        }
    }

    fn position(&mut self) -> Position {
        // A byte of UTF-8 that goes on with a character does not begin one.
        self.column += self.bytes[self.counted..self.at].iter().filter(|byte| **byte & 0xC0 != 0x80).count();
        self.counted = self.at;
        Position { line: self.line, column: self.column + 1 }
    }

    /// Walks one value.
    fn value(&mut self, node: Node) -> Result<(), SyntaxError> {
        self.space();
        match self.bytes.get(self.at) {
            Some(b'{' | b'[') if self.depth == MAX_DEPTH => Err(SyntaxError::too_deep(Some(self.position()))),
            Some(open @ (b'{' | b'[')) => {
                self.depth += 1;
                let inside = if *open == b'{' { self.object(node) } else { self.array(node) };
                self.depth -= 1;
                inside
            }
            Some(b'"') => {
                self.string();
                Ok(())
            }
            _ => {
                let start = self.at;
                while self.bytes.get(self.at).is_some_and(|b| !b",]} \t\r\n".contains(b)) {
                    self.at += 1;
                }
                // Of the same digits, `serde_json` made the value.
                let text = std::str::from_utf8(&self.bytes[start..self.at]).unwrap_or_default();
                if let Ok(value) = serde_json::from_str::<Value>(text) {
                    self.marks.number(node, &value, text);
                }
                Ok(())
            }
        }
    }

    fn object(&mut self, node: Node) -> Result<(), SyntaxError> {
        self.at += 1;
        let mut seen = HashMap::new();
        loop {
            self.space();
            match self.bytes.get(self.at) {
                Some(b'"') => {}
                Some(b',') => {
                    self.at += 1;
                    continue;
                }
                _ => break,
            }
            let position = self.position();
            let key = self.string();
            self.space();
            self.at += 1; // the colon
            // A member's position is that of its key.
            let member = self.marks.positions.member(node, &key, position);
            let first = *seen.entry(key.clone()).or_insert(position);
            if first != position {
                let pointer = self.marks.positions.pointer(member);
                self.repeated.push((pointer, SyntaxError::repeated(&key, Some(first), position)));
            }
            self.value(member)?;
        }
        self.at += 1;
        Ok(())
    }

    fn array(&mut self, node: Node) -> Result<(), SyntaxError> {
        self.at += 1;
        let mut index = 0;
        loop {
            self.space();
            match self.bytes.get(self.at) {
                Some(b',') => self.at += 1,
                Some(b']') | None => break,
                Some(_) => {
                    let position = self.position();
                    let item = self.marks.positions.item(node, index, position);
                    self.value(item)?;
                    index += 1;
                }
            }
        }
        self.at += 1;
        Ok(())
    }

    fn string(&mut self) -> String {
        let start = self.at;
        self.at += 1;
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b'\\' => self.at += 2,
                b'"' => break,
                _ => self.at += 1,
            }
        }
        self.at = (self.at + 1).min(self.bytes.len());
        serde_json::from_slice(&self.bytes[start..self.at]).unwrap_or_default()
    }
}
