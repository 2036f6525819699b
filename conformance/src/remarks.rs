//! What is to be said of a value and makes it no less valid.
//!
//! A discriminator must not change the outcome of validation (OpenAPI 3.0.4, Discriminator Object), and yet a client
//! decodes by it. A `readOnly` property SHOULD NOT be sent in a request, and may be. A member that no schema names is allowed, and yet nobody
//! has been told of it. None of that makes a value invalid.

mod applied;
mod discriminator;
mod number;
mod object;
mod place;
mod text;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use jsonschema::Validator;
use obkit_codegen::Document;
use serde_json::Value;

use self::applied::Applied;
use self::place::{Instance, Schema};
use crate::checks::{Check, Rule};
use crate::schema::Direction;
use crate::validator::Validators;
use crate::violation::Violation;

/// Something that is to be said of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// What it is filed under.
    pub rule: Rule,
    /// What, and where.
    pub violation: Violation,
}

/// Walks a value along its schema.
pub(crate) fn collect(
    document: &Document,
    validators: &Validators,
    direction: Direction,
    at: &str,
    value: &Value,
    imprecise: &BTreeSet<String>,
) -> Vec<Remark> {
    let mut walk = Walk { document, validators, direction, imprecise, patterns: HashMap::new(), found: Vec::new() };
    walk.value(Schema::at(document, at.to_owned()).into_iter().collect(), value, &Instance::WHOLE);
    walk.found
}

struct Walk<'d> {
    document: &'d Document,
    validators: &'d Validators,
    direction: Direction,
    /// Where the value's text had more digits than the value.
    imprecise: &'d BTreeSet<String>,
    /// Compiled patterns of names.
    patterns: HashMap<&'d str, Option<Arc<Validator>>>,
    found: Vec<Remark>,
}

impl<'d> Walk<'d> {
    /// Looks at a value, and at all in it, with every schema that applies to it. It is as deep as the value is.
    fn value(&mut self, schemas: Vec<Schema<'d>>, value: &Value, instance: &Instance<'_>) {
        let applied = self.applied(schemas, value);
        for schema in &applied.schemas {
            self.discriminator(schema, value, instance);
        }
        match value {
            Value::Object(members) => self.object(&applied, members, instance),
            Value::Array(items) => self.array(&applied, items, instance),
            Value::Number(number) => self.number(&applied, number, instance),
            Value::String(text) => self.text(&applied, text, instance),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn array(&mut self, applied: &Applied<'d>, items: &[Value], instance: &Instance<'_>) {
        for (index, item) in items.iter().enumerate() {
            let of = |schema: &Schema<'d>| schema.item("prefixItems", index).or_else(|| schema.below("items"));
            let schemas = applied.schemas.iter().filter_map(of).collect();
            self.value(schemas, item, &instance.item(index));
        }
    }

    fn fits(&self, schema: &Schema<'_>, value: &Value) -> bool {
        self.fits_at(&schema.pointer(), value)
    }

    fn fits_at(&self, at: &str, value: &Value) -> bool {
        self.validators.check(self.direction, at).is_ok_and(|check| check.is_valid(value))
    }

    /// Says something of a place, as a part of a check.
    fn remark_at(
        &mut self,
        check: &'static Check,
        part: &str,
        schema: String,
        instance: &Instance<'_>,
        message: String,
    ) {
        let violation =
            Violation { keyword: part.to_owned(), instance_path: instance.pointer(), schema_pointer: schema, message };
        self.remark(Rule::part(check, part), violation);
    }

    /// Says something of a place once.
    fn remark(&mut self, rule: Rule, violation: Violation) {
        let is_known = |known: &Remark| known.rule == rule && known.violation.instance_path == violation.instance_path;
        if !self.found.iter().any(is_known) {
            self.found.push(Remark { rule, violation });
        }
    }
}
