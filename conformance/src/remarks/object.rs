//! Members: those that travel the wrong way, and those that nobody named.

use serde_json::{Map, Value, json};

use super::Walk;
use super::applied::Applied;
use super::place::{Instance, Schema};
use crate::checks::{self, Rule};
use crate::readonly;
use crate::schema::Direction;
use crate::violation::{UNDECLARED, Violation, is_telling};

impl<'d> Walk<'d> {
    pub(super) fn object(&mut self, applied: &Applied<'d>, members: &Map<String, Value>, instance: &Instance<'_>) {
        let names =
            |schema: &&Schema<'_>| ["properties", "patternProperties"].iter().any(|keyword| says(schema, keyword));
        // An object of which nothing is named may have any member: its author meant it.
        let naming = applied.schemas.iter().find(names).filter(|_| !applied.unclear);
        for (name, member) in members {
            let schemas = self.schemas_of(applied, name);
            let below = instance.member(name);
            for schema in &schemas {
                self.wrong_way(schema, &below);
            }
            if let Some(naming) = naming
                && schemas.is_empty()
                && !is_required(applied, name)
            {
                self.undeclared(naming, instance, name);
            }
            self.value(schemas, member, &below);
        }
    }

    /// The schemas of a member; none when no schema of the object names it.
    fn schemas_of(&mut self, applied: &Applied<'d>, name: &str) -> Vec<Schema<'d>> {
        let mut found = Vec::new();
        for schema in &applied.schemas {
            let before = found.len();
            found.extend(schema.member("properties", name));
            let patterns = schema.get("patternProperties").and_then(Value::as_object).into_iter().flatten();
            for (pattern, _) in patterns.filter(|(pattern, _)| self.matches(pattern, name)) {
                found.extend(schema.member("patternProperties", pattern));
            }
            if found.len() == before && says(schema, "additionalProperties") {
                found.extend(schema.below("additionalProperties"));
            }
        }
        if found.is_empty() {
            let unevaluated = applied.schemas.iter().filter(|schema| says(schema, "unevaluatedProperties"));
            found.extend(unevaluated.filter_map(|schema| schema.below("unevaluatedProperties")));
        }
        found
    }

    fn matches(&mut self, pattern: &'d str, name: &str) -> bool {
        let compile = || self.validators.of_text(&json!({"pattern": pattern}));
        let compiled = self.patterns.entry(pattern).or_insert_with(compile);
        compiled.as_ref().is_some_and(|compiled| compiled.is_valid(&name.into()))
    }

    fn wrong_way(&mut self, property: &Schema<'_>, instance: &Instance<'_>) {
        if !readonly::is_foreign(self.document, self.direction, property.value) {
            return;
        }
        let flag = readonly::foreign(self.direction);
        let way = match self.direction {
            Direction::Request => "responses",
            Direction::Response => "requests",
        };
        let message = format!("the property is `{flag}`: it belongs into {way} only");
        self.remark_at(checks::RT032, flag, property.pointer(), instance, message);
    }

    fn undeclared(&mut self, schema: &Schema<'_>, instance: &Instance<'_>, name: &str) {
        let (shown, place) = if is_telling(name) {
            (format!("`{name}`"), instance.member(name).pointer())
        } else {
            ("…".to_owned(), instance.pointer())
        };
        let violation = Violation {
            keyword: UNDECLARED.to_owned(),
            instance_path: place,
            schema_pointer: schema.pointer(),
            message: format!("the property {shown} is not documented"),
        };
        self.remark(Rule::part(checks::RT033, "property"), violation);
    }
}

/// Whether a schema has something under a keyword.
fn says(schema: &Schema<'_>, keyword: &str) -> bool {
    schema.get(keyword).and_then(Value::as_object).is_some_and(|said| !said.is_empty())
}

/// Whether some schema asks for a member, and so knows of it.
fn is_required(applied: &Applied<'_>, name: &str) -> bool {
    let names = applied.schemas.iter().filter_map(|schema| schema.get("required")?.as_array());
    names.flatten().any(|required| required == name)
}
