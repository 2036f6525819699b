//! YAML 1.2 (core schema), built from parser events so that each node keeps its position.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::mpsc::{self, SyncSender};
use std::thread;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Tag};
use serde_json::{Map, Number, Value};

use super::positions::{Firsts, Node};
use super::source::{Marks, Parsed};
use super::{MAX_DEPTH, Position, SyntaxError, escape_token};

/// Aliases may multiply a small text into a huge value; this many nodes are the end of it.
const MAX_ALIASED_NODES: usize = 1_000_000;

/// How many events go from the parser to the builder at once, and how many such batches may wait.
const BATCH: usize = 512;
const BATCHES: usize = 8;

/// An event of the parser, and where it starts.
type Step<'t> = Result<(Event<'t>, Position), SyntaxError>;

pub(crate) fn parse(text: &str) -> Result<Parsed, SyntaxError> {
    let mut builder = Builder::default();
    // Parsing takes two thirds of the time, and building goes on beside it.
    thread::scope(|scope| {
        let (sender, batches) = mpsc::sync_channel(BATCHES);
        scope.spawn(move || steps(text, &sender));
        batches.into_iter().flatten().try_for_each(|step| {
            let (event, at) = step?;
            builder.event(event, at)
        })
    })?;
    match builder.root {
        Some(root) => Ok(Parsed { root, marks: builder.marks, repeated: builder.repeated }),
        None => Err(SyntaxError {
            position: None,
            message: "is empty".to_owned(),
            remedy: "name a file that holds a document, in YAML or JSON",
        }),
    }
}

/// Parses a text up to its end, its first error, or until nobody listens.
fn steps<'t>(text: &'t str, sender: &SyncSender<Vec<Step<'t>>>) {
    let mut parser = Parser::new_from_str(text).map(|event| match event {
        Ok((event, span)) => Ok((event, position(&span.start))),
        Err(error) => Err(refused(&error)),
    });
    loop {
        let batch: Vec<Step<'t>> = parser.by_ref().take(BATCH).collect();
        let is_last = batch.len() < BATCH || batch.iter().any(Result::is_err);
        if sender.send(batch).is_err() || is_last {
            return;
        }
    }
}

fn refused(error: &ScanError) -> SyntaxError {
    let position = Some(position(error.marker()));
    match error.info() {
        // The parser's own limit on brackets within brackets, which it meets before they are opened here.
        "recursion limit exceeded" => SyntaxError::too_deep(position),
        what => SyntaxError {
            position,
            message: format!("is not YAML: {what}"),
            remedy: "correct the syntax at that place",
        },
    }
}

fn position(marker: &Marker) -> Position {
    Position { line: marker.line(), column: marker.col() + 1 }
}

/// A collection that is still open.
enum Open {
    Sequence(Vec<Value>),
    Mapping(Mapping),
}

#[derive(Default)]
struct Mapping {
    members: Map<String, Value>,
    /// The key whose value comes next.
    key: Option<Key>,
    /// What `<<` merges in, where the mapping does not say otherwise.
    merged: Vec<Map<String, Value>>,
    firsts: Firsts,
}

impl Mapping {
    /// Takes in what stands at a merge key: a mapping, or several.
    fn merge(&mut self, value: Value, at: Position) -> Result<(), SyntaxError> {
        let values = match value {
            Value::Array(items) => items,
            value => vec![value],
        };
        for value in values {
            let Value::Object(members) = value else {
                return Err(SyntaxError {
                    position: Some(at),
                    message: "a merge key (`<<`) has a value that is no mapping".to_owned(),
                    remedy: "give it an alias of a mapping, or a list of such; or write the key in quotes",
                });
            };
            self.merged.push(members);
        }
        Ok(())
    }
}

struct Key {
    text: String,
    at: Position,
    /// Whether it is the merge key, and not a quoted text that looks like it.
    merges: bool,
}

struct Frame {
    open: Open,
    anchor: usize,
    node: Node,
}

#[derive(Default)]
struct Builder {
    root: Option<Value>,
    frames: Vec<Frame>,
    marks: Marks,
    repeated: Vec<(String, SyntaxError)>,
    anchors: HashMap<usize, Value>,
    aliased_nodes: usize,
}

impl Builder {
    fn event(&mut self, event: Event<'_>, at: Position) -> Result<(), SyntaxError> {
        match event {
            Event::DocumentStart(_) if self.root.is_some() => Err(SyntaxError {
                position: Some(at),
                message: "holds more than one YAML document".to_owned(),
                remedy: "keep one document per file",
            }),
            Event::Scalar(text, style, anchor, tag) => {
                let is_text = style != ScalarStyle::Plain || tag.is_some_and(|tag| says_text(&tag));
                self.scalar(text, is_text, anchor, at)
            }
            Event::SequenceStart(anchor, _) => self.open(Open::Sequence(Vec::new()), anchor, at),
            Event::MappingStart(anchor, _) => self.open(Open::Mapping(Mapping::default()), anchor, at),
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Alias(anchor) => self.alias(anchor, at),
            _ => Ok(()),
        }
    }

    fn scalar(&mut self, text: Cow<'_, str>, is_text: bool, anchor: usize, at: Position) -> Result<(), SyntaxError> {
        if let Some(Frame { open: Open::Mapping(mapping @ Mapping { key: None, .. }), node, .. }) =
            self.frames.last_mut()
        {
            let merges = text == "<<" && !is_text;
            if !merges && mapping.members.contains_key(&*text) {
                let pointer = format!("{}/{}", self.marks.positions.pointer(*node), escape_token(&text));
                let first = self.marks.positions.first(&mut mapping.firsts, *node, &text);
                self.repeated.push((pointer, SyntaxError::repeated(&text, first, at)));
            }
            mapping.key = Some(Key { text: text.into_owned(), at, merges });
            return Ok(());
        }
        let node = self.enter(at);
        let resolved = if is_text { None } else { plain(&text) };
        let resolved = resolved.inspect(|value| self.marks.number(node, value, &text));
        let value = resolved.unwrap_or_else(|| Value::String(text.into_owned()));
        self.remember(anchor, &value);
        self.place(value)
    }

    fn open(&mut self, open: Open, anchor: usize, at: Position) -> Result<(), SyntaxError> {
        if self.frames.len() >= MAX_DEPTH {
            return Err(SyntaxError::too_deep(Some(at)));
        }
        self.must_be_a_value(at)?;
        let node = self.enter(at);
        self.frames.push(Frame { open, anchor, node });
        Ok(())
    }

    fn close(&mut self) -> Result<(), SyntaxError> {
        let Some(frame) = self.frames.pop() else { return Ok(()) };
        let value = match frame.open {
            Open::Sequence(items) => Value::Array(items),
            Open::Mapping(Mapping { mut members, merged, .. }) => {
                for (key, value) in merged.into_iter().flatten() {
                    members.entry(key).or_insert(value);
                }
                Value::Object(members)
            }
        };
        self.remember(frame.anchor, &value);
        self.place(value)
    }

    fn alias(&mut self, anchor: usize, at: Position) -> Result<(), SyntaxError> {
        self.must_be_a_value(at)?;
        let Some(value) = self.anchors.get(&anchor).cloned() else {
            return Err(SyntaxError {
                position: Some(at),
                message: "an alias stands within what it stands for, which has no end".to_owned(),
                remedy: "use `$ref` for what contains itself",
            });
        };
        if self.frames.len() + depth(&value) > MAX_DEPTH {
            return Err(SyntaxError::too_deep(Some(at)));
        }
        self.aliased_nodes += count(&value);
        if self.aliased_nodes > MAX_ALIASED_NODES {
            return Err(SyntaxError {
                position: Some(at),
                message: format!("its aliases expand to more than {MAX_ALIASED_NODES} nodes"),
                remedy: "use `$ref` instead of YAML aliases",
            });
        }
        self.enter(at);
        self.place(value)
    }

    /// What is no plain text cannot be a key.
    fn must_be_a_value(&self, at: Position) -> Result<(), SyntaxError> {
        match self.frames.last() {
            Some(Frame { open: Open::Mapping(Mapping { key: None, .. }), .. }) => Err(SyntaxError {
                position: Some(at),
                message: "a mapping key is a collection or an alias".to_owned(),
                remedy: "use strings as keys",
            }),
            _ => Ok(()),
        }
    }

    /// Notes the position of the node that begins here; a member's is that of its key.
    fn enter(&mut self, at: Position) -> Node {
        let positions = &mut self.marks.positions;
        match self.frames.last() {
            Some(Frame { open: Open::Sequence(items), node, .. }) => positions.item(*node, items.len(), at),
            Some(Frame { open: Open::Mapping(Mapping { key: Some(key), .. }), node, .. }) => {
                positions.member(*node, &key.text, key.at)
            }
            _ => positions.root(at),
        }
    }

    /// Puts a finished node into its parent.
    fn place(&mut self, value: Value) -> Result<(), SyntaxError> {
        match self.frames.last_mut().map(|frame| &mut frame.open) {
            None => self.root = Some(value),
            Some(Open::Sequence(items)) => items.push(value),
            Some(Open::Mapping(mapping)) => match mapping.key.take() {
                Some(Key { merges: true, at, .. }) => mapping.merge(value, at)?,
                Some(key) => drop(mapping.members.insert(key.text, value)),
                None => {}
            },
        }
        Ok(())
    }

    fn remember(&mut self, anchor: usize, value: &Value) {
        if anchor != 0 {
            self.anchors.insert(anchor, value.clone());
        }
    }
}

/// `!!str` and `!`: the digits after it are text, as if they stood in quotes.
fn says_text(tag: &Tag) -> bool {
    matches!(format!("{}{}", tag.handle, tag.suffix).as_str(), "tag:yaml.org,2002:str" | "!")
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

/// Resolves a plain scalar by the core schema (YAML 1.2.2, section 10.3.2); none when it is text.
fn plain(text: &str) -> Option<Value> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Some(Value::Null),
        "true" | "True" | "TRUE" => Some(Value::Bool(true)),
        "false" | "False" | "FALSE" => Some(Value::Bool(false)),
        _ => number(text).map(Value::Number),
    }
}

fn number(text: &str) -> Option<Number> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if let Some(octal) = text.strip_prefix("0o") {
        return u64::from_str_radix(octal, 8).ok().map(Number::from);
    }
    if let Some(hex) = text.strip_prefix("0x") {
        return u64::from_str_radix(hex, 16).ok().map(Number::from);
    }
    let first = digits.trim_start_matches('.').chars().next()?;
    if !first.is_ascii_digit() || !digits.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b)) {
        return None;
    }
    let unsigned = text.strip_prefix('+').unwrap_or(text);
    if unsigned == "-0" {
        // As in JSON: an integer would lose the sign.
        return Number::from_f64(-0.0);
    }
    if let Ok(integer) = unsigned.parse::<i64>() {
        return Some(Number::from(integer));
    }
    if let Ok(integer) = unsigned.parse::<u64>() {
        return Some(Number::from(integer));
    }
    unsigned.parse::<f64>().ok().and_then(Number::from_f64)
}
