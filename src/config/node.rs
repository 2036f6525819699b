//! A configuration as it was written, wherever: values, and where each stands.

use std::fmt;

use obkit_runtime::Sensitive;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A value and its place. No `Debug` shows it: any text may be a secret.
#[derive(Clone)]
pub(crate) struct Node {
    pub(super) value: Value,
    pub(super) place: Place,
}

#[derive(Clone)]
pub(super) enum Value {
    Text(Sensitive),
    Integer(i64),
    Table(Table),
    /// What no key takes: a list, a date, a truth value.
    Other,
}

/// The keys of a table, in their order.
#[derive(Clone, Default)]
pub(super) struct Table(pub(super) Vec<Entry>);

#[derive(Clone)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) place: Place,
    pub(super) node: Node,
}

/// Where something stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Place {
    #[default]
    Unknown,
    Line {
        line: usize,
        column: usize,
    },
    Variable(String),
}

impl Table {
    pub(super) fn get(&self, key: &str) -> Option<&Entry> {
        self.0.iter().find(|entry| entry.key == key)
    }

    pub(super) fn take(&mut self, key: &str) -> Option<Entry> {
        let at = self.0.iter().position(|entry| entry.key == key)?;
        Some(self.0.remove(at))
    }

    /// Puts a value under a path of keys; tables are made as they are needed.
    pub(super) fn insert(&mut self, path: &[&str], node: Node) {
        let [key, rest @ ..] = path else { return };
        if rest.is_empty() {
            let place = node.place.clone();
            return self.0.push(Entry { key: (*key).to_owned(), place, node });
        }
        if self.get(key).is_none() {
            let node = Node { value: Value::Table(Self::default()), place: Place::Unknown };
            self.0.push(Entry { key: (*key).to_owned(), place: Place::Unknown, node });
        }
        if let Some(Entry { node: Node { value: Value::Table(table), .. }, .. }) =
            self.0.iter_mut().find(|entry| entry.key == *key)
        {
            table.insert(rest, node);
        }
    }

    /// Where a key such as `retry.max_attempts` stands, or the table that would have it.
    pub(super) fn place(&self, key: &str) -> Place {
        let (first, rest) = key.split_once('.').map_or((key, None), |(first, rest)| (first, Some(rest)));
        match (self.get(first), rest) {
            (None, _) => Place::Unknown,
            (Some(Entry { place, node: Node { value: Value::Table(table), .. }, .. }), Some(rest)) => {
                match table.place(rest) {
                    Place::Unknown => place.clone(),
                    inner => inner,
                }
            }
            (Some(entry), _) => entry.node.place.clone(),
        }
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = deserializer.deserialize_any(ValueVisitor)?;
        Ok(Self { value, place: Place::Unknown })
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of a configuration")
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.into()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::Text(text.into()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Integer(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(i64::try_from(number).map_or(Value::Other, Value::Integer))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Value, E> {
        Ok(Value::Other)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Value, E> {
        Ok(Value::Other)
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Other)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Other)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        while items.next_element::<Node>()?.is_some() {}
        Ok(Value::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut table = Table::default();
        while let Some((key, node)) = members.next_entry::<String, Node>()? {
            table.0.push(Entry { key, place: Place::Unknown, node });
        }
        Ok(Value::Table(table))
    }
}
