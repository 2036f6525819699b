//! What is to be said of a value and makes it no less valid.
//!
//! A discriminator must not change the outcome of validation (OpenAPI 3.0.4, Discriminator Object), and yet a client
//! decodes by it. A `readOnly` property SHOULD NOT be sent in a request, and may be. A member that no schema names is allowed, and yet nobody
//! has been told of it. None of that makes a value invalid.

mod discriminator;
mod number;
mod object;
mod text;

use std::collections::BTreeSet;

use foldhash::{HashMap, HashSet};
use serde_json::Value;

use crate::checks::{Check, Rule};
use crate::finding::Untold;
use crate::graph::{self, Applied, Graph, Instance, Node, Visitor};
use crate::schema::Direction;
use crate::validator::Validators;
use crate::violation::Violation;

/// How many remarks of one check are made on a value. One of a few megabytes can be made of members that nobody knows.
pub(crate) const MAX_REMARKS: usize = 10_000;

/// The longest place in a value that something is said of, in bytes; names in it are whatever was sent.
const MAX_PLACE: usize = 4096;

/// Something that is to be said of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// What it is filed under.
    pub rule: Rule,
    /// What, and where.
    pub violation: Violation,
}

/// Walks a value along the schema at a pointer, together with whoever else walks along it. Besides the remarks it says whether there was more.
pub(crate) fn collect(
    validators: &Validators,
    direction: Direction,
    at: &str,
    value: &Value,
    imprecise: &BTreeSet<String>,
    beside: impl for<'g> Visitor<'g>,
) -> (Vec<Remark>, Untold) {
    let graph = validators.graph(direction, [at]);
    let Some(schema) = graph.find(at) else { return Default::default() };
    let remarks = Remarks {
        graph: &graph,
        validators,
        direction,
        imprecise,
        found: Vec::new(),
        known: HashSet::default(),
        counts: HashMap::default(),
        untold: Untold::default(),
    };
    let mut both = (remarks, beside);
    graph::follow(&graph, validators, direction, schema, value, &mut both);
    (both.0.found, both.0.untold)
}

struct Remarks<'g> {
    graph: &'g Graph,
    validators: &'g Validators,
    direction: Direction,
    /// Where the value's text had more digits than the value.
    imprecise: &'g BTreeSet<String>,
    found: Vec<Remark>,
    /// The rules of what was found, and where.
    known: HashSet<(Rule, String)>,
    /// How many remarks of each check were made.
    counts: HashMap<&'static str, usize>,
    /// What more there was.
    untold: Untold,
}

impl<'g> Visitor<'g> for Remarks<'g> {
    fn value(&mut self, applied: &Applied<'g>, value: &Value, instance: &Instance<'_>) {
        match value {
            Value::Object(_) => applied.schemas.iter().for_each(|schema| self.discriminator(schema, value, instance)),
            Value::Number(number) => self.number(applied, number, instance),
            Value::String(text) => self.text(applied, text, instance),
            _ => {}
        }
    }

    fn member(&mut self, applied: &Applied<'g>, schemas: &[&'g Node], name: &str, instance: &Instance<'_>) {
        for schema in schemas {
            self.wrong_way(schema, instance);
        }
        if schemas.is_empty() {
            self.undeclared(applied, name, instance);
        }
    }
}

impl Remarks<'_> {
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

    /// Says something of a place once, as long as not too much is said.
    fn remark(&mut self, rule: Rule, violation: Violation) {
        let count = self.counts.entry(rule.check().id()).or_default();
        let place = (rule.clone(), violation.instance_path.clone());
        if self.known.contains(&place) {
            return;
        }
        if *count >= MAX_REMARKS || violation.instance_path.len() > MAX_PLACE {
            return self.untold.count(rule.check().severity());
        }
        *count += 1;
        self.known.insert(place);
        self.found.push(Remark { rule, violation });
    }
}
