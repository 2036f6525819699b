//! Payloads with one thing in them that the document does not name: what a provider may add without notice.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{GenerateError, Generator, Leaf, Place, members};

/// The name of a member, and the text of a value, that no document has.
pub(super) const NOWHERE: &str = "obkit_unlisted";

/// What a provider adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Addition {
    /// A value of an `enum`.
    Value,
    /// A member of an object.
    Member,
    /// An alternative of a `oneOf` or an `anyOf`.
    Alternative,
}

/// A payload with one addition.
#[derive(Clone, Debug, PartialEq)]
pub struct Unlisted {
    /// What was added.
    pub addition: Addition,
    /// The schema that does not name it, in the source document.
    pub schema_pointer: String,
    /// Where it stands in the payload.
    pub instance_pointer: String,
    /// The payload.
    pub value: Value,
}

impl Generator<'_> {
    /// A payload for each `enum`, each object and each union that a [`Mode::Maximal`](super::Mode::Maximal) payload meets, with a value, a
    /// member or an alternative that nobody listed there. But for that it is valid.
    ///
    /// # Errors
    /// There is no valid payload to begin with.
    pub fn unlisted(&self, seed: u64) -> Result<Vec<Unlisted>, GenerateError> {
        let mut found: BTreeMap<(Addition, String), Unlisted> = BTreeMap::new();
        for made in self.bases(seed)?.iter() {
            for place in &made.places {
                for (addition, at) in self.open(place) {
                    let Some(here) = made.payload.value.pointer(&place.instance) else { continue };
                    if found.contains_key(&(addition, at.clone())) {
                        continue;
                    }
                    let Some((token, added)) = self.added(addition, &at, here) else { continue };
                    let mut value = made.payload.value.clone();
                    if let Some(slot) = value.pointer_mut(&place.instance) {
                        *slot = added;
                    }
                    let unlisted = Unlisted {
                        addition,
                        schema_pointer: self.lowered.source_pointer(&at),
                        instance_pointer: format!("{}{token}", place.instance),
                        value,
                    };
                    found.insert((addition, at), unlisted);
                }
            }
        }
        Ok(found.into_values().collect())
    }

    /// What may be added at a place, and to which schema.
    fn open(&self, place: &Place) -> Vec<(Addition, String)> {
        let mut open = Vec::new();
        for at in place.schemas.iter().filter(|at| self.is_subject(at)) {
            let Some(said) = self.schema(at).and_then(members) else { continue };
            if place.leaf == Leaf::Listed && (said.contains_key("enum") || said.contains_key("const")) {
                open.push((Addition::Value, at.clone()));
            }
            if said.contains_key("properties") {
                open.push((Addition::Member, at.clone()));
            }
            if said.contains_key("oneOf") || said.contains_key("anyOf") {
                open.push((Addition::Alternative, at.clone()));
            }
        }
        open
    }

    /// What stands at a place instead, and where in it the addition is.
    fn added(&self, addition: Addition, at: &str, here: &Value) -> Option<(String, Value)> {
        Some(match (addition, here) {
            (Addition::Value, Value::String(_)) => (String::new(), NOWHERE.into()),
            (Addition::Value, Value::Number(number)) => {
                (String::new(), json!(number.as_i64().unwrap_or_default().saturating_add(7919)))
            }
            (Addition::Member, Value::Object(object)) => {
                let mut object = object.clone();
                object.insert(NOWHERE.to_owned(), json!({"list": [1.10, null, {"text": "\u{e9}"}]}));
                (format!("/{NOWHERE}"), Value::Object(object))
            }
            // With a tag that nobody knows, or with nothing that anyone knows.
            (Addition::Alternative, Value::Object(object)) => match self.family(at) {
                Some((tag, _)) => {
                    let mut object = object.clone();
                    object.insert(tag.to_owned(), NOWHERE.into());
                    (String::new(), Value::Object(object))
                }
                None => (String::new(), json!({NOWHERE: [1, {"a": null}]})),
            },
            (Addition::Alternative, _) => (String::new(), json!({NOWHERE: [1, {"a": null}]})),
            _ => return None,
        })
    }
}
