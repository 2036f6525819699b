//! Discriminators: validators know nothing of them, clients do.

use std::collections::HashMap;

use obkit_codegen::Document;
use obkit_codegen::load::escape_token;
use serde_json::Value;

use super::{Generator, height};
use crate::pointer;
use crate::schema::Lowered;

/// A discriminator's property, and its values with the schemas that they name.
#[derive(Debug)]
pub(super) struct Family<'c> {
    property: &'c str,
    members: Vec<(String, String)>,
}

/// The discriminators of the schemas that are reached from a schema, by their pointers.
pub(super) fn families<'c>(document: &'c Document, lowered: &'c Lowered, root: &str) -> HashMap<String, Family<'c>> {
    let reached = height::heights(lowered, root);
    let mut families = HashMap::new();
    for at in reached.keys() {
        visit(document, &mut at.clone(), lowered.at(at), lowered, &mut families);
    }
    families
}

fn visit<'c>(
    document: &'c Document,
    at: &mut String,
    schema: Option<&'c Value>,
    lowered: &Lowered,
    families: &mut HashMap<String, Family<'c>>,
) {
    match schema {
        Some(Value::Object(members)) => {
            let source = document.at(&lowered.source_pointer(at));
            if let Some(discriminator) = source.and_then(|source| source.get("discriminator"))
                && let Some(property) = discriminator.get("propertyName").and_then(Value::as_str)
            {
                let members = mapping(document, discriminator);
                families.insert(at.clone(), Family { property, members });
            }
            for (name, member) in members {
                let length = at.len();
                at.push('/');
                at.push_str(&escape_token(name));
                visit(document, at, Some(member), lowered, families);
                at.truncate(length);
            }
        }
        Some(Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                let length = at.len();
                at.push_str(&format!("/{index}"));
                visit(document, at, Some(item), lowered, families);
                at.truncate(length);
            }
        }
        _ => {}
    }
}

/// The values of a discriminator; a target is a pointer, or the name of a component.
fn mapping(document: &Document, discriminator: &Value) -> Vec<(String, String)> {
    let mapping = discriminator.get("mapping").and_then(Value::as_object);
    let target = |target: &str| {
        let named = format!("/components/schemas/{}", escape_token(target));
        if document.at(&named).is_some() { named } else { pointer::of_reference(target) }
    };
    let pairs = mapping.into_iter().flatten();
    let pairs = pairs.filter_map(|(value, name)| Some((value.clone(), target(name.as_str()?))));
    pairs.filter(|(_, target)| document.at(target).is_some()).collect()
}

impl<'c> Generator<'c> {
    /// The discriminator of a schema.
    pub(super) fn family(&self, at: &str) -> Option<(&'c str, &[(String, String)])> {
        let family = self.families.get(at)?;
        Some((family.property, family.members.as_slice()))
    }

    /// What a discriminator says when an alternative is chosen.
    pub(super) fn tag(&self, at: &str, keyword: &str, index: usize) -> Option<(&'c str, String)> {
        let (property, members) = self.family(at)?;
        let reference = self.schema(&format!("{at}/{keyword}/{index}"))?.get("$ref")?.as_str()?;
        let target = pointer::of_reference(reference);
        let tag = match members.iter().find(|(_, other)| *other == target) {
            Some((value, _)) => value.clone(),
            None => target.rsplit('/').next()?.to_owned(),
        };
        Some((property, tag))
    }
}
