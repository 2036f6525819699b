//! Alternatives of a `oneOf` that surely overlap.

use std::collections::HashMap;

use serde_json::Value;

use super::{Lint, walk};
use crate::load::Document;
use crate::load::shape::Kind;
use crate::lower::component_name;
use crate::note;
use crate::schema::{listed, reference, types, without_words};
use crate::spec::is_annotation_keyword;
use crate::subject::subject;

/// How many references are followed.
const MAX_DEPTH: usize = 32;

impl Lint<'_> {
    /// Of the alternatives of `oneOf`, exactly one must hold: what surely holds with another one allows nothing.
    pub(super) fn overlapping_alternatives(&mut self, pointer: &str, schema: &Value) {
        let document = self.spec.document();
        let places = listed(pointer, schema, "oneOf");
        let ends: Vec<(usize, End<'_>)> =
            places.iter().enumerate().filter_map(|(index, at)| Some((index, End::of(document, at)?))).collect();
        for (index, other) in overlaps(&ends) {
            let (one, other) = (index + 1, other + 1);
            let message = format!(
                "every value of alternative {one} of {} is one of alternative {other} as well, so `oneOf` allows none",
                subject(pointer)
            );
            self.note(note::ALTERNATIVES_OVERLAP, &places[index], message);
        }
    }
}

/// The alternatives whose values are all values of another one, each with that one. Of two of which this is true both ways,
/// the later one is too many.
fn overlaps(ends: &[(usize, End<'_>)]) -> Vec<(usize, usize)> {
    let wide: Vec<&(usize, End<'_>)> = ends.iter().filter(|(_, end)| end.is_wide()).collect();
    let mut first: HashMap<Value, usize> = HashMap::new();
    let mut found = Vec::new();
    for (index, end) in ends {
        let same = *first.entry(end.identity()).or_insert(*index);
        let is_wide = end.is_wide();
        let mut wider = wide.iter().filter(|(other, wide)| {
            other != index && wide.holds_all_of(end) && !(other > index && is_wide && end.holds_all_of(wide))
        });
        let other = Some(same).filter(|same| same < index).or_else(|| wider.next().map(|(other, _)| *other));
        found.extend(other.map(|other| (*index, other)));
    }
    found
}

/// Where the references of an alternative end, as long as nothing beside them counts.
struct End<'d> {
    at: String,
    schema: &'d Value,
}

impl<'d> End<'d> {
    fn of(document: &'d Document, at: &str) -> Option<Self> {
        let mut at = at.to_owned();
        for _ in 0..MAX_DEPTH {
            let schema = document.at(&at)?;
            let Some(target) = reference(schema) else {
                // What stands for a reference to the network says nothing about itself.
                return schema.get("x-obkit-external").is_none().then_some(Self { at, schema });
            };
            let says_more = schema.as_object()?.keys().any(|key| key != "$ref" && !is_annotation_keyword(key));
            if says_more && !walk::is_hidden(document, Kind::Schema, schema) {
                return None;
            }
            at = target;
        }
        None
    }

    /// What two alternatives have in common that are the same.
    fn identity(&self) -> Value {
        match component_name(&self.at) {
            Some(_) => Value::from(self.at.as_str()),
            None => {
                let mut schema = without_words(self.schema);
                schema.as_object_mut().map(|members| members.remove("title"));
                schema
            }
        }
    }

    /// Whether it says nothing but a type, or nothing.
    fn is_wide(&self) -> bool {
        let Value::Object(members) = self.schema else { return *self.schema == Value::Bool(true) };
        let is_number = types(self.schema).iter().all(|ty| ["integer", "number"].contains(ty));
        let says = |key: &str, value: &Value| match key {
            "type" => false,
            "format" => !(is_number && ["double", "float"].iter().any(|name| value == name)),
            key => !is_annotation_keyword(key),
        };
        !members.iter().any(|(key, value)| says(key, value))
    }

    /// Whether the values of another are values of this one, which is wide.
    fn holds_all_of(&self, other: &Self) -> bool {
        let (own, types) = (types(self.schema), types(other.schema));
        let has = |ty: &&str| own.contains(ty) || (*ty == "integer" && own.contains(&"number"));
        let is_any = self.schema.get("type").is_none();
        is_any || (!types.is_empty() && types.iter().all(has))
    }
}
