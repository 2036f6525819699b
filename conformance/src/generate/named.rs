//! Payloads that show whether a reader knows a name, and payloads that show whether it tells a secret.

use std::collections::BTreeMap;

use obkit_codegen::load::escape_token;
use serde_json::Value;

use super::unlisted::NOWHERE;
use super::{GenerateError, Generator, Leaf, Mode, Place, members};

/// A name of the document, in a payload.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// The schema of the property, or the `enum`, in the source document.
    pub schema_pointer: String,
    /// Where it stands in the payload.
    pub instance_pointer: String,
    /// The listed value; none of a property.
    pub listed: Option<String>,
    /// The payload, which is valid.
    pub value: Value,
    /// The same with a name in its place that no document has.
    pub without: Value,
}

impl Generator<'_> {
    /// Each property and each listed text that [`Mode::Maximal`] payloads meet, with the name and without it.
    ///
    /// # Errors
    /// There is no valid payload to begin with.
    pub fn named(&self, seed: u64) -> Result<Vec<Named>, GenerateError> {
        let mut found: BTreeMap<(String, String), Named> = BTreeMap::new();
        for made in self.bases(seed)?.iter() {
            let base = &made.payload.value;
            for place in &made.places {
                for at in place.schemas.iter().filter(|at| self.is_subject(at)) {
                    self.names(place, at, base, &mut found);
                }
            }
        }
        Ok(found.into_values().collect())
    }

    fn names(&self, place: &Place, at: &str, base: &Value, found: &mut BTreeMap<(String, String), Named>) {
        let Some(said) = self.schema(at).and_then(members) else { return };
        let changed = |new: Value| {
            let mut value = base.clone();
            if let Some(slot) = value.pointer_mut(&place.instance) {
                *slot = new;
            }
            value
        };
        match base.pointer(&place.instance) {
            Some(Value::String(_)) if place.leaf == Leaf::Listed => {
                let listed = said.get("enum").and_then(Value::as_array).into_iter().flatten();
                for text in listed.filter_map(Value::as_str) {
                    let key = (at.to_owned(), text.to_owned());
                    let value = changed(text.into());
                    // Another value may ask for another alternative around it.
                    if !found.contains_key(&key) && self.check.is_valid(&value) {
                        let named = Named {
                            schema_pointer: self.lowered.source_pointer(&format!("{at}/enum")),
                            instance_pointer: place.instance.clone(),
                            listed: Some(text.to_owned()),
                            value,
                            without: changed(NOWHERE.into()),
                        };
                        found.insert(key, named);
                    }
                }
            }
            Some(Value::Object(object)) => {
                let properties = said.get("properties").and_then(Value::as_object).into_iter().flatten();
                for (name, _) in properties.filter(|(name, _)| object.contains_key(*name)) {
                    let schema = format!("{at}/properties/{}", escape_token(name));
                    if found.contains_key(&(schema.clone(), String::new())) {
                        continue;
                    }
                    let mut renamed = object.clone();
                    let member = renamed.remove(name).unwrap_or_default();
                    renamed.insert(NOWHERE.to_owned(), member);
                    let named = Named {
                        schema_pointer: self.lowered.source_pointer(&schema),
                        instance_pointer: format!("{}/{}", place.instance, escape_token(name)),
                        listed: None,
                        value: base.clone(),
                        without: changed(Value::Object(renamed)),
                    };
                    found.insert((schema, String::new()), named);
                }
            }
            _ => {}
        }
    }

    /// A [`Mode::Maximal`] payload whose texts are marks: `secret` where the document says `x-sensitive`, and `plain` where any
    /// text may stand. Marks may be longer than the schema allows.
    ///
    /// # Errors
    /// There is no valid payload to begin with.
    pub fn marked(&self, seed: u64, plain: &str, secret: &str) -> Result<Value, GenerateError> {
        let mut value = Value::Null;
        for made in self.made(Mode::Maximal, seed, 1)? {
            value = made.payload.value;
            let is_secret = |place: &Place| {
                let said = |at: &String| self.source(at).and_then(|schema| schema.get("x-sensitive"));
                place.schemas.iter().any(|at| said(at) == Some(&Value::Bool(true)))
            };
            let secrets: Vec<&str> =
                made.places.iter().filter(|place| is_secret(place)).map(|place| place.instance.as_str()).collect();
            for place in &made.places {
                let Some(Value::String(text)) = value.pointer_mut(&place.instance) else { continue };
                let within =
                    |secret: &&str| place.instance == **secret || place.instance.starts_with(&format!("{secret}/"));
                if secrets.iter().any(within) && place.leaf != Leaf::Listed {
                    secret.clone_into(text);
                } else if place.leaf == Leaf::Text {
                    plain.clone_into(text);
                }
            }
        }
        Ok(value)
    }
}
