//! Reading an OpenAPI document: text in, JSON value and source positions out.
//!
//! YAML and JSON give the same [`Document`]; every JSON pointer of it can be traced back to a line
//! and a column, so that whatever is said about a document later says where.

mod json;
mod yaml;

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};

use serde_json::Value;
use sha2::{Digest, Sha256};

/// The largest document that is read, in bytes. A bound, not a target: the largest public financial
/// API document known to the authors is under 5 MB.
pub const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// The deepest nesting that is read.
pub(crate) const MAX_DEPTH: usize = 120;

/// A place in a source text; both numbers count from one, columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// Where each JSON pointer of a document starts in its source.
pub(crate) type Positions = HashMap<String, Position>;

/// Why a document could not be used. One message with file, place and remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadError {
    /// The file, as it was named.
    pub file: PathBuf,
    /// The place in the file, where one is known.
    pub position: Option<Position>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(Position { line, column }) = self.position {
            write!(f, ":{line}:{column}")?;
        }
        write!(f, ": {}\n  help: {}", self.message, self.remedy)
    }
}

impl std::error::Error for LoadError {}

/// What a parser of one syntax reports; [`Document`] adds the file.
#[derive(Debug)]
pub(crate) struct SyntaxError {
    pub(crate) position: Option<Position>,
    pub(crate) message: String,
    pub(crate) remedy: &'static str,
}

impl SyntaxError {
    fn in_file(self, file: &Path) -> LoadError {
        LoadError {
            file: file.to_owned(),
            position: self.position,
            message: self.message,
            remedy: self.remedy.to_owned(),
        }
    }
}

/// The version of OpenAPI whose rules a document's schemas follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// 3.0: a dialect of its own, with `nullable` and boolean bounds; `$ref` hides its siblings.
    V3_0,
    /// 3.1: JSON Schema 2020-12.
    V3_1,
}

/// An OpenAPI document with its source positions.
#[derive(Clone, Debug)]
pub struct Document {
    file: PathBuf,
    root: Value,
    version: Version,
    positions: Positions,
    sha256: String,
}

impl Document {
    /// Reads a document from a file; JSON when its first character is `{`, YAML otherwise.
    ///
    /// # Errors
    /// The file cannot be read, is larger than [`MAX_BYTES`], is not UTF-8, is neither YAML nor
    /// JSON, repeats a key, or is not an OpenAPI 3.0 document.
    pub fn load(file: impl AsRef<Path>) -> Result<Self, LoadError> {
        let file = file.as_ref();
        let text = read(file, "name an existing, readable OpenAPI document (YAML or JSON)")?;
        Self::parse(file, &text)
    }

    /// Reads a document from text; `file` only names it in messages.
    ///
    /// # Errors
    /// As [`Document::load`], but for reading the file.
    pub fn parse(file: impl AsRef<Path>, text: &str) -> Result<Self, LoadError> {
        let file = file.as_ref();
        let (root, positions) = value(file, text)?;
        Self::from_parts(file.to_owned(), root, positions)
    }

    /// Puts a document together from what was read, or from what became of it.
    pub(crate) fn from_parts(file: PathBuf, root: Value, positions: Positions) -> Result<Self, LoadError> {
        let version = check_version(&root, &positions).map_err(|error| error.in_file(&file))?;
        let sha256 = hex(&Sha256::digest(without_examples(&root, false).to_string()));
        Ok(Self { file, root, version, positions, sha256 })
    }

    /// Takes a document apart into its file, its content and its positions.
    pub(crate) fn into_parts(self) -> (PathBuf, Value, Positions) {
        (self.file, self.root, self.positions)
    }

    /// The file the document came from, as it was named.
    #[must_use]
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The whole document as JSON.
    #[must_use]
    pub fn root(&self) -> &Value {
        &self.root
    }

    /// The version whose rules its schemas follow.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// SHA-256 of what can be generated from the document, in lower-case hexadecimal: its JSON in
    /// the author's order, without examples. Layout, comments and examples do not change it.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The value at a JSON pointer (RFC 6901), with or without a leading `#`.
    #[must_use]
    pub fn at(&self, pointer: &str) -> Option<&Value> {
        self.root.pointer(pointer.strip_prefix('#').unwrap_or(pointer))
    }

    /// Where a JSON pointer starts in the source; the nearest existing ancestor when the pointer
    /// itself is not in the document, so that "this is missing" has a place too.
    #[must_use]
    pub fn position(&self, pointer: &str) -> Option<Position> {
        nearest(&self.positions, pointer.strip_prefix('#').unwrap_or(pointer))
    }

    /// An error about this document, placed at a JSON pointer.
    #[must_use]
    pub fn error(&self, pointer: &str, message: impl Into<String>, remedy: impl Into<String>) -> LoadError {
        LoadError {
            file: self.file.clone(),
            position: self.position(pointer),
            message: message.into(),
            remedy: remedy.into(),
        }
    }
}

/// The text of a file, within bounds; the remedy is for a file that cannot be read.
pub(crate) fn read(file: &Path, remedy: &str) -> Result<String, LoadError> {
    let fail = |message: String, remedy: &str| LoadError {
        file: file.to_owned(),
        position: None,
        message,
        remedy: remedy.to_owned(),
    };
    let size = std::fs::metadata(file).map(|m| m.len());
    if size.is_ok_and(|size| size > MAX_BYTES) {
        return Err(fail(
            format!("the file is larger than {MAX_BYTES} bytes"),
            "split the document, or remove embedded data from it",
        ));
    }
    let bytes = std::fs::read(file).map_err(|e| fail(format!("cannot be read: {e}"), remedy))?;
    String::from_utf8(bytes).map_err(|e| {
        fail(format!("is not UTF-8 (first bad byte at {})", e.utf8_error().valid_up_to()), "save the document as UTF-8")
    })
}

/// What a text says, JSON when its first character is `{` and YAML otherwise, and where it says it.
pub(crate) fn value(file: &Path, text: &str) -> Result<(Value, Positions), LoadError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let parsed = if text.trim_start().starts_with('{') { json::parse(text) } else { yaml::parse(text) };
    parsed.map_err(|error| error.in_file(file))
}

/// Where a pointer starts, or its nearest ancestor that is there.
pub(crate) fn nearest(positions: &Positions, mut pointer: &str) -> Option<Position> {
    loop {
        if let Some(position) = positions.get(pointer) {
            return Some(*position);
        }
        pointer = &pointer[..pointer.rfind('/')?];
    }
}

/// Escapes one reference token of a JSON pointer (RFC 6901, section 3).
#[must_use]
pub fn escape_token(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

/// Undoes [`escape_token`].
#[must_use]
pub fn unescape_token(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

/// A document without its examples; what an author has named `example` is not one.
fn without_examples(value: &Value, named_by_author: bool) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(key, _)| named_by_author || !matches!(key.as_str(), "example" | "examples"))
            .map(|(key, member)| {
                let names = matches!(key.as_str(), "properties" | "schemas" | "headers" | "parameters" | "responses");
                (key.clone(), without_examples(member, names && !named_by_author))
            })
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Array(items) => items.iter().map(|item| without_examples(item, false)).collect(),
        other => other.clone(),
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        out.push(char::from_digit(u32::from(byte >> 4), 16).unwrap_or('0'));
        out.push(char::from_digit(u32::from(byte & 15), 16).unwrap_or('0'));
        out
    })
}

fn check_version(root: &Value, positions: &Positions) -> Result<Version, SyntaxError> {
    let at = |pointer: &str| positions.get(pointer).copied();
    let error = |position, message: String, remedy| Err(SyntaxError { position, message, remedy });
    let Some(object) = root.as_object() else {
        return error(
            at(""),
            "is not an OpenAPI document: its top level is not an object".to_owned(),
            "name the root file of an OpenAPI 3.0 document",
        );
    };
    if let Some(version) = object.get("swagger") {
        return error(
            at("/swagger"),
            format!("is a Swagger {} document, which this version does not read", display(version)),
            "convert it to OpenAPI 3.0 first",
        );
    }
    let version = match object.get("openapi").map(|v| (v.as_str(), v)) {
        Some((Some(version), _)) if version.starts_with("3.0.") => Version::V3_0,
        Some((Some(version), _)) if version.starts_with("3.1.") => Version::V3_1,
        Some((_, version)) => {
            return error(
                at("/openapi"),
                format!("is an OpenAPI {} document, which this version does not read", display(version)),
                "convert it to OpenAPI 3.0 first",
            );
        }
        None => {
            return error(
                at(""),
                "is not an OpenAPI document: there is no `openapi` member at the top level".to_owned(),
                "name the root file of an OpenAPI 3.0 document",
            );
        }
    };
    let has = |member: &str| object.get(member).is_some_and(Value::is_object);
    if has("paths")
        || (version == Version::V3_1 && !object.contains_key("paths") && (has("webhooks") || has("components")))
    {
        Ok(version)
    } else {
        error(
            at("/paths").or_else(|| at("")),
            "has no `paths` object".to_owned(),
            "add `paths` (it may be empty: `paths: {}`)",
        )
    }
}

fn display(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    const YAML: &str = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /a/{id}:\n    get:\n      x: 1\n";

    #[test]
    fn yaml_and_json_agree_and_both_have_positions() {
        let yaml = Document::parse("a.yaml", YAML).unwrap();
        let json = Document::parse("a.json", &serde_json::to_string_pretty(yaml.root()).unwrap()).unwrap();
        assert_eq!(yaml.root(), json.root());
        let pointer = "/paths/~1a~1{id}/get/x";
        assert_eq!(yaml.position(pointer), Some(Position { line: 6, column: 7 }));
        assert_eq!(json.position(pointer).map(|p| p.line), Some(10));
    }

    #[test]
    fn a_missing_pointer_is_placed_at_its_nearest_ancestor() {
        let yaml = Document::parse("a.yaml", YAML).unwrap();
        assert_eq!(yaml.position("#/paths/~1a~1{id}/get/y/z"), yaml.position("/paths/~1a~1{id}/get"));
    }

    #[test]
    fn a_byte_order_mark_is_skipped() {
        assert!(Document::parse("a.yaml", &format!("\u{feff}{YAML}")).is_ok());
    }

    #[test]
    fn what_is_not_openapi_is_said_with_file_line_and_remedy() {
        for (text, expected) in [
            ("hello: world\n", "a.yaml:1:1: is not an OpenAPI document"),
            ("- 1\n", "a.yaml:1:1: is not an OpenAPI document"),
            ("swagger: '2.0'\n", "a.yaml:1:1: is a Swagger 2.0 document"),
            ("openapi: 3.2.0\n", "a.yaml:1:1: is an OpenAPI 3.2.0 document"),
            ("openapi: 3.1.0\n", "a.yaml:1:1: has no `paths`"),
            ("openapi: 3.0.3\n", "a.yaml:1:1: has no `paths`"),
            ("a: [1\nb: 2", "a.yaml:2:"),
            ("{\"a\": 1,\n \"a\": 2}", "a.yaml:2:2: the key `a` is repeated"),
            ("a: 1\na: 2\n", "a.yaml:2:1: the key `a` is repeated"),
            ("{\"a\": }", "a.yaml:1:7"),
            ("", "a.yaml: is empty"),
        ] {
            let message = Document::parse("a.yaml", text).unwrap_err().to_string();
            assert!(message.starts_with(expected), "{text:?}: {message}");
            assert!(message.contains("\n  help: "), "{message}");
        }
    }

    #[test]
    fn layout_and_examples_do_not_change_the_hash_and_all_else_does() {
        let hash = |text: &str| Document::parse("a", text).unwrap().sha256().to_owned();
        let base = hash(YAML);
        assert_eq!(hash(&format!("# a comment\n{YAML}")), base);
        assert_eq!(hash(&YAML.replace("      x: 1", "      example: 2\n      x: 1")), base);
        assert_ne!(hash(&YAML.replace("x: 1", "x: 2")), base);
        let property = "      properties: {example: {type: string}}\n";
        assert_ne!(hash(&format!("{YAML}{property}")), hash(&format!("{YAML}      properties: {{}}\n")));
    }

    #[test]
    fn what_is_merged_in_gives_way_to_what_is_said() {
        let text = format!("{YAML}x-a: &a {{b: 1, c: 1}}\nx-d: {{<<: *a, b: 2}}\nx-e: {{\"<<\": {{b: 3}}}}\n");
        let document = Document::parse("a", &text).unwrap();
        assert_eq!(document.at("/x-d"), Some(&serde_json::json!({ "b": 2, "c": 1 })));
        assert_eq!(document.at("/x-e/<</b"), Some(&Value::from(3)));
        let error = Document::parse("a", &format!("{YAML}x-a: &a b\nx-c: {{*a : 1}}\n")).unwrap_err();
        assert!(error.message.contains("mapping key"), "{error}");
    }

    #[test]
    fn depth_is_bounded_however_it_is_written() {
        let brackets = "[".repeat(100_000);
        assert!(Document::parse("a", &format!("x: {brackets}")).is_err());
        assert!(Document::parse("a", &format!("{{\"x\": {brackets}")).is_err());
        let mut stairs = "x0: &x0 1\n".to_owned();
        for i in 1..200 {
            stairs.push_str(&format!("x{i}: &x{i} [*x{}]\n", i - 1));
        }
        let message = Document::parse("a", &stairs).unwrap_err().to_string();
        assert!(message.starts_with("a:121:") && message.contains("nested deeper"), "{message}");
    }

    #[test]
    fn an_alias_is_expanded_and_a_bomb_is_refused() {
        let document = Document::parse("a", &format!("{YAML}x-a: &a {{b: 1}}\nx-c: *a\n")).unwrap();
        assert_eq!(document.at("/x-c/b"), Some(&Value::from(1)));
        let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
        for i in 1..12 {
            let previous = format!("*a{}", i - 1);
            bomb.push_str(&format!("a{i}: &a{i} [{}]\n", vec![previous; 10].join(",")));
        }
        let message = Document::parse("a", &bomb).unwrap_err().to_string();
        assert!(message.contains("aliases"), "{message}");
    }
}
