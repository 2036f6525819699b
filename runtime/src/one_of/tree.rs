//! JSON values compared by what they say: members in any order, numbers to the last digit.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::canonical::{Canonical, is_json_number};

/// A JSON value over its text. `serde_json::Value` would round its numbers, and refuse the largest.
#[derive(PartialEq)]
pub(super) enum Tree<'t> {
    /// `null`, `true` and `false`.
    Word(&'t str),
    Number(Canonical),
    Text(String),
    List(Vec<Tree<'t>>),
    Object(BTreeMap<String, Tree<'t>>),
}

impl<'t> Tree<'t> {
    /// The value of a text that is not nested without end; none when it is no JSON.
    pub(super) fn of(json: &'t str) -> Option<Self> {
        fn read<'t, T: Deserialize<'t>>(json: &'t str) -> Option<T> {
            serde_json::from_str(json).ok()
        }
        match json.trim_start().as_bytes().first()? {
            b'{' => {
                let members: BTreeMap<String, &'t RawValue> = read(json)?;
                let members = members.into_iter().map(|(name, value)| Some((name, Self::of(value.get())?)));
                members.collect::<Option<_>>().map(Self::Object)
            }
            b'[' => {
                let items: Vec<&'t RawValue> = read(json)?;
                items.into_iter().map(|item| Self::of(item.get())).collect::<Option<_>>().map(Self::List)
            }
            b'"' => read(json).map(Self::Text),
            b'n' | b't' | b'f' => Some(Self::Word(json.trim())),
            _ => {
                let text = json.trim();
                is_json_number(text).then(|| Self::Number(Canonical::of(text)))
            }
        }
    }

    /// How many values two values have in common.
    pub(super) fn common(&self, other: &Self) -> usize {
        match (self, other) {
            (Self::Object(members), Self::Object(others)) => {
                let both = members.iter().filter_map(|(name, value)| Some((value, others.get(name)?)));
                1 + both.map(|(value, other)| value.common(other)).sum::<usize>()
            }
            (Self::List(items), Self::List(others)) => {
                1 + items.iter().zip(others).map(|(item, other)| item.common(other)).sum::<usize>()
            }
            _ => usize::from(self == other),
        }
    }
}
