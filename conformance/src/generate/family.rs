//! Discriminators: validators know nothing of them, clients do.

use std::collections::HashMap;

use obkit_codegen::Document;
use obkit_codegen::load::escape_token;
use serde_json::Value;

use super::Generator;
use super::height::{self, ENDLESS};
use crate::graph::{Graph, Node};
use crate::pointer;
use crate::schema::Lowered;

/// A discriminator's property, and its values with the schemas that they name.
#[derive(Debug)]
pub(super) struct Family<'c> {
    property: &'c str,
    members: Vec<(String, String)>,
    /// Whether nobody maps the values: they are names of schemas.
    is_named: bool,
}

/// The discriminators of the schemas that are reached from a schema, by their pointers.
pub(super) fn families<'c, 'r>(
    document: &'c Document,
    lowered: &'c Lowered,
    graph: &Graph,
    fits: impl Fn(&Node, &Value) -> bool,
    reached: impl Iterator<Item = &'r String>,
) -> HashMap<String, Family<'c>> {
    let mut reading = Reading { document, lowered, graph, fits, families: HashMap::new() };
    for at in reached {
        reading.visit(&mut at.clone(), lowered.at(at));
    }
    let mut families = reading.families;
    let named = families.values().filter(|family| family.is_named).flat_map(|family| &family.members);
    let heights = height::heights(lowered, named.map(|(_, target)| target.clone()));
    // What contains itself without end is nothing that a value could be.
    for family in families.values_mut().filter(|family| family.is_named) {
        family.members.retain(|(_, target)| heights.get(target).is_none_or(|height| *height < ENDLESS));
    }
    families
}

struct Reading<'c, 'g, F> {
    document: &'c Document,
    lowered: &'c Lowered,
    /// The schemas of the document as values are followed along them, which knows what tags name.
    graph: &'g Graph,
    /// Whether a value is one of a schema.
    fits: F,
    families: HashMap<String, Family<'c>>,
}

impl<'c, F: Fn(&Node, &Value) -> bool> Reading<'c, '_, F> {
    fn visit(&mut self, at: &mut String, schema: Option<&'c Value>) {
        let length = at.len();
        match schema {
            Some(Value::Object(members)) => {
                if let Some(family) = self.family(&self.lowered.source_pointer(at)) {
                    self.families.insert(at.clone(), family);
                }
                for (name, member) in members {
                    at.push('/');
                    at.push_str(&escape_token(name));
                    self.visit(at, Some(member));
                    at.truncate(length);
                }
            }
            Some(Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    at.push_str(&format!("/{index}"));
                    self.visit(at, Some(item));
                    at.truncate(length);
                }
            }
            _ => {}
        }
    }

    fn family(&self, at: &str) -> Option<Family<'c>> {
        let schema = self.document.at(at)?.as_object()?;
        let discriminator = schema.get("discriminator")?;
        let property = discriminator.get("propertyName")?.as_str()?;
        let mapped = mapping(self.document, discriminator);
        let is_named = mapped.is_empty();
        let members = if is_named { self.named(at, property) } else { mapped };
        Some(Family { property, members, is_named })
    }

    /// The values that nobody maps: names of components, as far as the property can have them.
    fn named(&self, at: &str, property: &str) -> Vec<(String, String)> {
        let Some(schema) = self.graph.find(at) else { return Vec::new() };
        let tag = schema.properties.get(property).map(|tag| self.graph.node(*tag));
        let fits = |name: &String| tag.is_none_or(|tag| (self.fits)(tag, &Value::from(name.as_str())));
        let named = schema.discriminator.iter().flat_map(|named| &named.targets).filter(|(name, _)| fits(name));
        named.map(|(name, target)| (name.clone(), self.graph.node(*target).pointer.clone())).collect()
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
