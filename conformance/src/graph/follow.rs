//! Following a value along its schemas.

use serde_json::{Map, Value};

use super::{Graph, Instance, Node, NodeId};
use crate::schema::Direction;
use crate::validator::Validators;

/// How many schemas may be entered for one value before it counts as a circle.
const MAX_DEPTH: usize = 64;

/// The schemas that apply to one value: by reference, by `allOf`, and as alternatives that it is.
#[derive(Debug, Default)]
pub(crate) struct Applied<'g> {
    pub(crate) schemas: Vec<&'g Node>,
    /// The alternatives among them, which the value is.
    pub(crate) branches: Vec<&'g Node>,
    /// Whether the value is none of some alternatives: then nobody knows what it is meant to be.
    pub(crate) is_unclear: bool,
}

impl Applied<'_> {
    fn clear(&mut self) {
        self.schemas.clear();
        self.branches.clear();
        self.is_unclear = false;
    }
}

/// What is done with each value that is met.
pub(crate) trait Visitor<'g> {
    /// A value is met: the whole, a member or an item.
    fn value(&mut self, applied: &Applied<'g>, value: &Value, instance: &Instance<'_>);

    /// A member of an object is met, before its value is: `applied` is the object's, and `schemas` are those that the object has for the member;
    /// none, when nothing names it.
    fn member(&mut self, applied: &Applied<'g>, schemas: &[&'g Node], name: &str, instance: &Instance<'_>);
}

/// For those who follow a value alone.
impl Visitor<'_> for () {
    fn value(&mut self, _: &Applied<'_>, _: &Value, _: &Instance<'_>) {}

    fn member(&mut self, _: &Applied<'_>, _: &[&Node], _: &str, _: &Instance<'_>) {}
}

impl<'g, A: Visitor<'g>, B: Visitor<'g>> Visitor<'g> for (A, B) {
    fn value(&mut self, applied: &Applied<'g>, value: &Value, instance: &Instance<'_>) {
        self.0.value(applied, value, instance);
        self.1.value(applied, value, instance);
    }

    fn member(&mut self, applied: &Applied<'g>, schemas: &[&'g Node], name: &str, instance: &Instance<'_>) {
        self.0.member(applied, schemas, name, instance);
        self.1.member(applied, schemas, name, instance);
    }
}

impl<'g, V: Visitor<'g>> Visitor<'g> for Option<V> {
    fn value(&mut self, applied: &Applied<'g>, value: &Value, instance: &Instance<'_>) {
        if let Some(visitor) = self {
            visitor.value(applied, value, instance);
        }
    }

    fn member(&mut self, applied: &Applied<'g>, schemas: &[&'g Node], name: &str, instance: &Instance<'_>) {
        if let Some(visitor) = self {
            visitor.member(applied, schemas, name, instance);
        }
    }
}

/// Shows a value, and all that is in it, to a visitor, with every schema that applies. It is as deep as the value is.
pub(crate) fn follow<'g>(
    graph: &'g Graph,
    validators: &Validators,
    direction: Direction,
    schema: &'g Node,
    value: &Value,
    visitor: &mut impl Visitor<'g>,
) {
    Walk { graph, validators, direction, visitor, spare: Vec::new() }.value(&[schema], value, &Instance::WHOLE);
}

struct Walk<'g, 'w, V> {
    graph: &'g Graph,
    validators: &'w Validators,
    direction: Direction,
    visitor: &'w mut V,
    /// Lists that are done with: of the many values, few are met within one another.
    spare: Vec<Lists<'g>>,
}

/// What is listed of a value while it is followed.
#[derive(Default)]
struct Lists<'g> {
    applied: Applied<'g>,
    /// The schemas of what is in it, one after the other.
    below: Vec<&'g Node>,
}

impl<'g, V: Visitor<'g>> Walk<'g, '_, V> {
    fn value(&mut self, schemas: &[&'g Node], value: &Value, instance: &Instance<'_>) {
        let mut lists = self.spare.pop().unwrap_or_default();
        let Lists { applied, below } = &mut lists;
        applied.clear();
        for schema in schemas {
            self.apply(schema, value, applied, MAX_DEPTH);
        }
        self.visitor.value(applied, value, instance);
        match value {
            Value::Object(members) => self.object(applied, below, members, instance),
            Value::Array(items) => self.array(applied, below, items, instance),
            _ => {}
        }
        self.spare.push(lists);
    }

    fn apply(&self, schema: &'g Node, value: &Value, applied: &mut Applied<'g>, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else { return };
        if applied.schemas.iter().any(|known| std::ptr::eq(*known, schema)) {
            return;
        }
        if schema.is_alone {
            return applied.schemas.push(schema);
        }
        self.apply_all(&schema.references, value, applied, depth);
        if schema.is_hidden {
            return;
        }
        applied.schemas.push(schema);
        self.apply_all(&schema.all_of, value, applied, depth);
        for list in &schema.alternatives {
            let before = applied.branches.len();
            for branch in list.branches.iter().map(|branch| self.graph.node(*branch)) {
                if self.fits(branch, value) {
                    applied.branches.push(branch);
                    self.apply(branch, value, applied, depth);
                }
            }
            applied.is_unclear |= applied.branches.len() == before;
        }
        if let Some(condition) = &schema.condition {
            let test = self.graph.node(condition.test);
            let next = if self.fits(test, value) { condition.then } else { condition.otherwise };
            self.apply(test, value, applied, depth);
            self.apply_all(next.as_slice(), value, applied, depth);
        }
        for (_, dependent) in schema.dependent.iter().filter(|(name, _)| value.get(name).is_some()) {
            self.apply_all(&[*dependent], value, applied, depth);
        }
        if let Some(heir) = self.heir(schema, value) {
            self.apply(heir, value, applied, depth);
        }
    }

    fn apply_all(&self, schemas: &[NodeId], value: &Value, applied: &mut Applied<'g>, depth: usize) {
        for schema in schemas {
            self.apply(self.graph.node(*schema), value, applied, depth);
        }
    }

    /// A value whose tag names a schema that takes this one in by `allOf` is one of those.
    fn heir(&self, schema: &Node, value: &Value) -> Option<&'g Node> {
        let discriminator = schema.discriminator.as_ref().filter(|_| schema.alternatives.is_empty())?;
        let tag = value.get(&discriminator.property)?.as_str()?;
        let heir = self.graph.node(*discriminator.targets.get(tag)?);
        self.fits(heir, value).then_some(heir)
    }

    fn object(
        &mut self,
        applied: &Applied<'g>,
        schemas: &mut Vec<&'g Node>,
        members: &Map<String, Value>,
        instance: &Instance<'_>,
    ) {
        for (name, member) in members {
            let below = instance.member(name);
            self.schemas_of(applied, name, schemas);
            self.visitor.member(applied, schemas, name, &below);
            self.value(schemas, member, &below);
        }
    }

    /// The schemas of a member; none when no schema of the object names it.
    fn schemas_of(&self, applied: &Applied<'g>, name: &str, found: &mut Vec<&'g Node>) {
        found.clear();
        for schema in &applied.schemas {
            let before = found.len();
            found.extend(schema.properties.get(name).map(|id| self.graph.node(*id)));
            if !schema.patterns.is_empty() {
                let name = Value::from(name);
                let matching = schema.patterns.iter().filter(|pattern| pattern.matches(&name));
                found.extend(matching.map(|pattern| self.graph.node(pattern.schema)));
            }
            if found.len() == before {
                found.extend(schema.additional.map(|id| self.graph.node(id)));
            }
        }
        if found.is_empty() {
            let unevaluated = applied.schemas.iter().filter_map(|schema| schema.unevaluated);
            found.extend(unevaluated.map(|id| self.graph.node(id)));
        }
    }

    fn array(&mut self, applied: &Applied<'g>, schemas: &mut Vec<&'g Node>, items: &[Value], instance: &Instance<'_>) {
        for (index, item) in items.iter().enumerate() {
            let of = |schema: &&Node| schema.prefix.get(index).copied().or(schema.items);
            schemas.clear();
            schemas.extend(applied.schemas.iter().filter_map(of).map(|id| self.graph.node(id)));
            self.value(schemas, item, &instance.item(index));
        }
    }

    fn fits(&self, schema: &Node, value: &Value) -> bool {
        schema.fits(self.validators, self.direction, value)
    }
}
