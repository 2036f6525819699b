//! Numbers whose digits binary64 does not keep.
//!
//! Values hold what most readers hold: binary64 (RFC 8259, section 6). What was lost on the way is found in the text.

use std::collections::BTreeSet;

use memchr::memmem;
use obkit_codegen::load::escape_token;

/// So many significant digits survive binary64 whatever they are.
const SAFE_DIGITS: usize = 15;

/// Where in a well-formed JSON text numbers stand whose digits are lost when they are read as binary64: JSON pointers.
pub(crate) fn imprecise(text: &[u8]) -> BTreeSet<String> {
    if !has_long_number(text) && !has_tiny_number(text) {
        return BTreeSet::new();
    }
    let mut scan = Scan { text, at: 0, pointer: String::new(), found: BTreeSet::new() };
    scan.value();
    scan.found
}

/// Whether a number may have more digits than survive, which in nearly every text none has. What is so long has a byte at one of the places that
/// are looked at; the digits of a name or a string begin behind something that no number begins behind.
fn has_long_number(text: &[u8]) -> bool {
    const STRIDE: usize = SAFE_DIGITS + 1;
    (SAFE_DIGITS..text.len()).step_by(STRIDE).filter(|at| is_part(&text[*at])).any(|at| {
        let behind = text[at..].iter().take_while(|byte| is_part(byte)).count();
        before(&text[..at]).is_some_and(|before| before + behind > SAFE_DIGITS)
    })
}

/// Whether a number may be so near to zero that few or none of its digits survive: its exponent has three digits.
fn has_tiny_number(text: &[u8]) -> bool {
    let is_tiny = |at: usize| {
        let digits = text[at + 2..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        digits > 2 && before(&text[..at]).is_some_and(|before| before > 0)
    };
    ["e-", "E-"].iter().any(|mark| memmem::find_iter(text, mark).any(is_tiny))
}

fn is_part(byte: &u8) -> bool {
    byte.is_ascii_digit() || *byte == b'.'
}

/// How many bytes of a number end a text; none, where they stand behind what no number goes on behind.
fn before(text: &[u8]) -> Option<usize> {
    let Some(at) = text.iter().rposition(|byte| !is_part(byte)) else { return Some(text.len()) };
    let goes_on = match text[at] {
        b':' | b',' | b'[' | b'-' | b'+' => true,
        // Of an exponent, and not of an IBAN.
        b'e' | b'E' => text[..at].last().is_some_and(is_part),
        byte => byte.is_ascii_whitespace(),
    };
    goes_on.then(|| text.len() - at - 1)
}

/// The same below a pointer, as pointers from there.
pub(crate) fn imprecise_in(text: &[u8], pointer: &str) -> BTreeSet<String> {
    imprecise(text).iter().filter_map(|at| at.strip_prefix(pointer)).map(str::to_owned).collect()
}

struct Scan<'t> {
    text: &'t [u8],
    at: usize,
    pointer: String,
    found: BTreeSet<String>,
}

impl<'t> Scan<'t> {
    /// Passes over a value. The text is known to be well-formed; of any other, something is passed over.
    fn value(&mut self) {
        match self.peek() {
            Some(b'{') => self.items(b'}', true),
            Some(b'[') => self.items(b']', false),
            Some(b'"') => drop(self.string()),
            _ => self.scalar(),
        }
    }

    fn items(&mut self, end: u8, named: bool) {
        self.at += 1;
        let mut index = 0;
        while let Some(byte) = self.peek() {
            match byte {
                b',' => self.at += 1,
                byte if byte == end => {
                    self.at += 1;
                    return;
                }
                _ => {
                    let name = if named { self.name() } else { index.to_string() };
                    let length = self.pointer.len();
                    self.pointer.push('/');
                    self.pointer.push_str(&name);
                    self.value();
                    self.pointer.truncate(length);
                    index += 1;
                }
            }
        }
    }

    fn name(&mut self) -> String {
        let name: String = serde_json::from_slice(self.string()).unwrap_or_default();
        if self.peek() == Some(b':') {
            self.at += 1;
        }
        escape_token(&name).into_owned()
    }

    fn string(&mut self) -> &'t [u8] {
        let start = self.at;
        self.at += 1;
        while let Some(byte) = self.text.get(self.at) {
            self.at += if *byte == b'\\' { 2 } else { 1 };
            if *byte == b'"' {
                break;
            }
        }
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn scalar(&mut self) {
        let rest = &self.text[self.at..];
        let end = rest.iter().position(|byte| b",]} \t\r\n".contains(byte)).unwrap_or(rest.len());
        let text = std::str::from_utf8(&rest[..end]).unwrap_or_default();
        // At least one byte, so that what is no JSON has an end, too.
        self.at += end.max(1);
        if !is_kept(text) {
            self.found.insert(self.pointer.clone());
        }
    }

    /// The next byte that is no white space.
    fn peek(&mut self) -> Option<u8> {
        while self.text.get(self.at)?.is_ascii_whitespace() {
            self.at += 1;
        }
        self.text.get(self.at).copied()
    }
}

/// Whether a number has the same digits after it was binary64.
fn is_kept(text: &str) -> bool {
    let Some(written) = digits(text) else { return true };
    let read = text.parse::<f64>().ok().filter(|number| number.is_finite());
    read.is_some_and(|read| digits(&format!("{read:e}")) == Some(written))
}

/// The significant digits of a number, and the power of ten that they are multiplied with; none of what is no number.
fn digits(text: &str) -> Option<(String, i64)> {
    let text = text.strip_prefix('-').unwrap_or(text);
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let significant = all.trim_start_matches('0').trim_end_matches('0');
    if significant.is_empty() {
        return Some((String::new(), 0));
    }
    let zeros = all.len() - all.trim_end_matches('0').len();
    let power = exponent
        .parse::<i64>()
        .ok()?
        .checked_add(i64::try_from(zeros).ok()?)?
        .checked_sub(i64::try_from(fraction.len()).ok()?)?;
    Some((significant.to_owned(), power))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn digits_that_binary64_does_not_keep_are_found_where_they_stand() {
        let text = r#"{"a": 0.1, "b": [1, 100.10, 12345678901234567890.12], "c/d": {"e\"": 0.10000000000000000001, "f": "9999999999999999.99"},
            "g": 1e400, "m": 1e-400, "n": [1.2345678E-320], "o": 1e-300, "h": 123456789012345678, "i": 9007199254740993, "j": 2251799813685248.5, "k": -0.0, "l": 1.00000000000000000000}"#;
        assert_eq!(
            imprecise(text.as_bytes()).into_iter().collect::<Vec<_>>(),
            ["/b/2", "/c~1d/e\"", "/g", "/h", "/i", "/m", "/n/0"]
        );
        assert!(imprecise(b"[1.5, 2]").is_empty());
        assert_eq!(imprecise(b"{\"v\": 1e-400}").len(), 1);
        assert!(imprecise(b"{\"v\": 1e-300, \"id\": \"1e-400\"}").is_empty());
        assert!(!has_tiny_number(b"[\"0a1e-4000-8000\", 1e-30, 1e300]"));
    }

    proptest! {
        /// The look ahead passes over no number that is long, wherever it stands, and over every text that is.
        #[test]
        fn no_long_number_is_passed_over(
            before in prop::collection::vec("\"[0-9a-d:, .]{0,40}\"|[1-9][0-9]{0,11}|-?0\\.[0-9]{1,9}", 0..4),
            number in "-?[1-9][0-9]{15,24}|-?[0-9]\\.[0-9]{15,24}(e[+-]?[0-9]{1,2})?",
            space in "[ \n]{0,20}",
        ) {
            let items = [before.clone(), vec![number]].concat().join(",");
            for text in [format!("[{items}]"), format!("{{\"a\":{space}[{items}{space}]}}")] {
                prop_assert!(has_long_number(text.as_bytes()), "{}", text);
            }
            let texts: Vec<_> = before.iter().map(|item| item.replace([':', ',', ' '], "a")).collect();
            prop_assert!(!has_long_number(format!("[{}]", texts.join(",")).as_bytes()), "{:?}", texts);
        }
    }

    #[test]
    fn a_long_number_may_be_all_there_is() {
        for number in ["1234567890123456", "-1234567890123456", "0.12345678901234567890", "1.0e-00000000000000001"] {
            assert!(has_long_number(number.as_bytes()), "{number}");
        }
        assert!(!has_long_number(b"123456789012345"));
        assert!(!has_long_number(b"{\"identification\": \"DE89370400440532013000\"}"));
    }

    #[test]
    fn what_is_no_json_comes_to_an_end() {
        for text in [
            "",
            "{",
            "[[[[",
            "{\"a",
            "{\"a\": 12345678901234567890",
            "\u{0}12345678901234567890]}{",
            "]12345678901234567890",
        ] {
            let _ = imprecise(text.as_bytes());
        }
    }
}
