//! Members: those that travel the wrong way, and those that nobody named.

use obkit_codegen::load::escape_token;
use serde_json::{Map, Value, json};

use super::Walk;
use super::applied::Applied;
use crate::checks::{self, Rule};
use crate::readonly;
use crate::schema::Direction;
use crate::violation::{Violation, is_telling};

impl<'d> Walk<'d> {
    pub(super) fn object(&mut self, applied: &Applied, members: &Map<String, Value>, instance: &str) {
        let names = |at: &&String| ["properties", "patternProperties"].iter().any(|keyword| self.says(at, keyword));
        // An object of which nothing is named may have any member: its author meant it.
        let naming = applied.schemas.iter().find(names).filter(|_| !applied.unclear).cloned();
        for (name, member) in members {
            let schemas = self.schemas_of(applied, name);
            let below = format!("{instance}/{}", escape_token(name));
            for place in &schemas {
                self.wrong_way(place, &below);
            }
            if schemas.is_empty()
                && !self.is_required(applied, name)
                && let Some(at) = &naming
            {
                self.undeclared(at, instance, name);
            }
            self.value(schemas, member, &below);
        }
    }

    /// Whether a schema has something under a keyword.
    fn says(&self, at: &str, keyword: &str) -> bool {
        let said = self.document.at(at).and_then(|schema| schema.get(keyword)?.as_object());
        said.is_some_and(|said| !said.is_empty())
    }

    /// Whether some schema asks for a member, and so knows of it.
    fn is_required(&self, applied: &Applied, name: &str) -> bool {
        let names = |at: &String| self.document.at(at)?.get("required")?.as_array();
        applied.schemas.iter().filter_map(names).flatten().any(|required| required == name)
    }

    /// The schemas of a member; none when no schema of the object names it.
    fn schemas_of(&mut self, applied: &Applied, name: &str) -> Vec<String> {
        let mut found = Vec::new();
        for at in &applied.schemas {
            let before = found.len();
            let place = format!("{at}/properties/{}", escape_token(name));
            if self.document.at(&place).is_some() {
                found.push(place);
            }
            let document = self.document;
            let patterns = document.at(at).and_then(|schema| schema.get("patternProperties")?.as_object());
            for (pattern, _) in patterns.into_iter().flatten().filter(|(pattern, _)| self.matches(pattern, name)) {
                found.push(format!("{at}/patternProperties/{}", escape_token(pattern)));
            }
            if found.len() == before && self.says(at, "additionalProperties") {
                found.push(format!("{at}/additionalProperties"));
            }
        }
        if found.is_empty() {
            let unevaluated = applied.schemas.iter().filter(|at| self.says(at, "unevaluatedProperties"));
            found.extend(unevaluated.map(|at| format!("{at}/unevaluatedProperties")));
        }
        found
    }

    fn matches(&mut self, pattern: &'d str, name: &str) -> bool {
        let compile = || self.validators.of_text(&json!({"pattern": pattern}));
        let compiled = self.patterns.entry(pattern).or_insert_with(compile);
        compiled.as_ref().is_some_and(|compiled| compiled.is_valid(&name.into()))
    }

    fn wrong_way(&mut self, place: &str, instance: &str) {
        let is_foreign = |property| readonly::is_foreign(self.document, self.direction, property);
        if !self.document.at(place).is_some_and(is_foreign) {
            return;
        }
        let flag = readonly::foreign(self.direction);
        let way = match self.direction {
            Direction::Request => "responses",
            Direction::Response => "requests",
        };
        let message = format!("the property is `{flag}`: it belongs into {way} only");
        self.remark_at(checks::RT032, flag, place, instance, message);
    }

    fn undeclared(&mut self, at: &str, instance: &str, name: &str) {
        let (shown, place) = if is_telling(name) {
            (format!("`{name}`"), format!("{instance}/{}", escape_token(name)))
        } else {
            ("…".to_owned(), instance.to_owned())
        };
        let violation = Violation {
            keyword: "undeclared".to_owned(),
            instance_path: place,
            schema_pointer: at.to_owned(),
            message: format!("the property {shown} is not documented"),
        };
        self.remark(Rule::part(checks::RT033, "property"), violation);
    }
}
