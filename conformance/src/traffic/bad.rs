//! What is wrong with a recording itself.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_path_to_error::{Path, Segment};

/// How many wrong entries are told; the others are counted.
pub(super) const MAX_TOLD: usize = 20;

/// An entry that cannot be read; the others are judged all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadEntry {
    /// Which, from one.
    pub number: u64,
    /// The line of the file, from one.
    pub line: u64,
    /// The column, from one.
    pub column: u64,
    /// What is wrong. No value of the entry is in it.
    pub message: String,
}

/// Why a recording could not be read to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The line of the file, from one.
    pub line: u64,
    /// The column, from one.
    pub column: u64,
    /// How many entries came before.
    pub entries: u64,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entries = if self.entries == 1 { "entry" } else { "entries" };
        write!(f, "{} (after {} {entries})", self.message, self.entries)
    }
}

/// Why an item is no exchange: in words, and where in it.
#[derive(Debug)]
pub(super) struct Unreadable {
    pub(super) message: String,
    /// Line and column within the item, from one.
    pub(super) at: Option<(u64, u64)>,
}

impl Unreadable {
    pub(super) fn new(message: &str) -> Self {
        Self { message: message.to_owned(), at: None }
    }
}

/// Reads an item of a recording, an object. What is wrong with it is said by the name of the member, and never by its value.
pub(super) fn read_item<'i, T: Deserialize<'i>>(bytes: &'i [u8], what: &str) -> Result<T, Unreadable> {
    // The way to what is wrong is looked for only where something is.
    let read: serde_json::Result<Object<T>> = match str::from_utf8(bytes) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_slice(bytes),
    };
    read.map(|Object(item)| item).map_err(|error| {
        let message = match lack::<Object<T>>(bytes).filter(|_| error.is_data()) {
            Some(lack) => format!("it is no {what}: {lack}"),
            None => "it is not JSON".to_owned(),
        };
        Unreadable { message, at: Some((error.line() as u64, error.column().max(1) as u64)) }
    })
}

/// What is written as an object: derived readers also take a list of the values of the members, in the order of the fields.
#[derive(Debug, Default)]
pub(super) struct Object<T>(pub(super) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Object<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(members)).map(Object)
    }
}

/// What an item lacks, or has wrong.
fn lack<'i, T: Deserialize<'i>>(bytes: &'i [u8]) -> Option<String> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let error = serde_path_to_error::deserialize::<_, T>(&mut reader).err()?;
    let (path, said) = (path(error.path()), error.inner().to_string());
    let member = |prefix: &str| {
        let (name, _) = said.strip_prefix(prefix)?.split_once('`')?;
        Some(if path.is_empty() { format!("`{name}`") } else { format!("`{path}.{name}`") })
    };
    // These quote the names of members that are known, and no others.
    if let Some(member) = member("missing field `") {
        return Some(format!("{member} is missing"));
    }
    if let Some(member) = member("duplicate field `") {
        return Some(format!("{member} is there twice"));
    }
    // What was met is quoted before, and may be a value; what is expected is no text of the item.
    let expected = said.rsplit_once(", expected ").map_or("something else", |(_, expected)| expected);
    let expected = match expected.rsplit_once(" at line ").map_or(expected, |(expected, _)| expected) {
        name if name.starts_with("struct ") => "an object",
        "u16" => "an integer from 0 to 65535",
        "i64" => "an integer",
        "f64" => "a number",
        expected => expected,
    };
    let subject = if path.is_empty() { "it".to_owned() } else { format!("`{path}`") };
    Some(format!("{subject} should be {expected}"))
}

/// The way to a member, as far as it goes by names that are plain: others are perhaps no names.
fn path(path: &Path) -> String {
    let mut text = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => text.push_str(&format!("[{index}]")),
            Segment::Map { key } if is_plain(key) => {
                text.push_str(if text.is_empty() { "" } else { "." });
                text.push_str(key);
            }
            _ => break,
        }
    }
    text
}

fn is_plain(name: &str) -> bool {
    name.len() <= 60 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}
