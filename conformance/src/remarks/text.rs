//! Texts that are not among the known ones, or that say less than they seem to.

use serde_json::Value;

use super::Remarks;
use crate::checks;
use crate::format::time;
use crate::graph::{Applied, Instance};
use crate::violation::{list, nearly};

impl Remarks<'_> {
    pub(super) fn text(&mut self, applied: &Applied<'_>, text: &str, instance: &Instance<'_>) {
        for schema in &applied.schemas {
            for (keyword, listed) in &schema.listed {
                if !listed.iter().any(|known| known == text) {
                    self.unlisted(format!("{}/{keyword}", schema.pointer), text, listed, instance);
                }
            }
            if let Some(doubt) = schema.format.as_deref().and_then(|format| time::doubt(format, text)) {
                self.remark_at(checks::RT038, doubt.part(), schema.pointer.clone(), instance, doubt.to_string());
            }
        }
    }

    fn unlisted(&mut self, place: String, text: &str, listed: &[String], instance: &Instance<'_>) {
        match nearly(text, listed.iter().map(String::as_str)) {
            Some(known) => {
                let message = format!("the value differs from the listed {} only by case", Value::from(known));
                self.remark_at(checks::RT034, "case", place, instance, message);
            }
            None => {
                let known = list(listed.iter().map(|known| Value::from(known.as_str()).to_string()));
                let message = format!("the value is allowed, and is not one of those that are listed: {known}");
                self.remark_at(checks::RT034, "unlisted", place, instance, message);
            }
        }
    }
}
