//! JSON: parsed by `serde_json`, then walked once more for positions and repeated keys.

use serde_json::Value;

use super::{MAX_DEPTH, Position, Positions, SyntaxError, escape_token};

pub(crate) fn parse(text: &str) -> Result<(Value, Positions), SyntaxError> {
    let root = serde_json::from_str(text).map_err(|e| {
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
    let positions = Positions::new();
    let mut walk = Walk { bytes: text.as_bytes(), at: 0, line: 1, counted: 0, column: 0, depth: 0, positions };
    walk.value(&mut String::new(), None)?;
    Ok((root, walk.positions))
}

fn category(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.clone(), |(what, _)| what.to_owned())
}

/// Walks text that is known to be JSON; it never fails but for a repeated key.
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
    positions: Positions,
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

    /// Walks one value; a member's position is that of its key.
    fn value(&mut self, pointer: &mut String, key: Option<Position>) -> Result<(), SyntaxError> {
        self.space();
        let position = match key {
            Some(position) => position,
            None => self.position(),
        };
        self.positions.insert(pointer.clone(), position);
        match self.bytes.get(self.at) {
            Some(b'{' | b'[') if self.depth == MAX_DEPTH => Err(SyntaxError::too_deep(Some(self.position()))),
            Some(open @ (b'{' | b'[')) => {
                self.depth += 1;
                let inside = if *open == b'{' { self.object(pointer) } else { self.array(pointer) };
                self.depth -= 1;
                inside
            }
            Some(b'"') => {
                self.string();
                Ok(())
            }
            _ => {
                while self.bytes.get(self.at).is_some_and(|b| !b",]} \t\r\n".contains(b)) {
                    self.at += 1;
                }
                Ok(())
            }
        }
    }

    fn object(&mut self, pointer: &mut String) -> Result<(), SyntaxError> {
        self.at += 1;
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
            let parent = pointer.len();
            pointer.push('/');
            pointer.push_str(&escape_token(&key));
            if let Some(first) = self.positions.get(pointer.as_str()) {
                return Err(SyntaxError::repeated(&key, Some(*first), position));
            }
            self.value(pointer, Some(position))?;
            pointer.truncate(parent);
        }
        self.at += 1;
        Ok(())
    }

    fn array(&mut self, pointer: &mut String) -> Result<(), SyntaxError> {
        self.at += 1;
        let mut index = 0;
        loop {
            self.space();
            match self.bytes.get(self.at) {
                Some(b',') => self.at += 1,
                Some(b']') | None => break,
                Some(_) => {
                    let parent = pointer.len();
                    pointer.push_str(&format!("/{index}"));
                    self.value(pointer, None)?;
                    pointer.truncate(parent);
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
