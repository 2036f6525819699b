//! Texts that are not among the known ones, or that say less than they seem to.

use serde_json::Value;

use super::Walk;
use super::applied::Applied;
use super::place::{Instance, Schema};
use crate::checks;
use crate::format::time;
use crate::pointer;
use crate::violation::{list, nearly};

/// Where a document lists values without closing the list (Zalando RESTful API Guidelines, rule 112).
const EXTENSIBLE: &str = "x-extensible-enum";

impl<'d> Walk<'d> {
    pub(super) fn text(&mut self, applied: &Applied<'d>, text: &str, instance: &Instance<'_>) {
        for schema in &applied.schemas {
            for keyword in [EXTENSIBLE, "anyOf", "oneOf"] {
                let listed = self.listed(schema, keyword);
                if !listed.is_empty() && !listed.contains(&text) {
                    self.unlisted(format!("{}/{keyword}", schema.pointer()), text, &listed, instance);
                }
            }
            let format = schema.get("format").and_then(Value::as_str);
            if let Some(doubt) = format.and_then(|format| time::doubt(format, text)) {
                self.remark_at(checks::RT038, doubt.part(), schema.pointer(), instance, doubt.to_string());
            }
        }
    }

    /// The texts that a document lists although others are allowed: in a list that is open by name, or in alternatives of which another takes any
    /// text.
    fn listed(&self, schema: &Schema<'d>, keyword: &str) -> Vec<&'d str> {
        let Some(Value::Array(items)) = schema.get(keyword) else { return Vec::new() };
        if keyword == EXTENSIBLE {
            return items.iter().filter_map(Value::as_str).collect();
        }
        let values = |branch: &'d Value| {
            let branch = pointer::resolved(self.document, branch);
            branch.and_then(|branch| branch.get("enum")?.as_array()).into_iter().flatten().filter_map(Value::as_str)
        };
        items.iter().flat_map(values).collect()
    }

    fn unlisted(&mut self, place: String, text: &str, listed: &[&str], instance: &Instance<'_>) {
        match nearly(text, listed.iter().copied()) {
            Some(known) => {
                let message = format!("the value differs from the listed {} only by case", Value::from(known));
                self.remark_at(checks::RT034, "case", place, instance, message);
            }
            None => {
                let known = list(listed.iter().map(|known| Value::from(*known).to_string()));
                let message = format!("the value is allowed, and is not one of those that are listed: {known}");
                self.remark_at(checks::RT034, "unlisted", place, instance, message);
            }
        }
    }
}
