//! Numbers that other readers may take for something else, or not at all.

use serde_json::Number;

use super::Remarks;
use crate::checks::{self, Check};
use crate::graph::{Applied, Instance};

/// The largest integer up to which binary64 has every one (RFC 7493, section 2.2).
const EXACT: u64 = (1 << 53) - 1;

impl Remarks<'_> {
    pub(super) fn number(&mut self, applied: &Applied<'_>, number: &Number, instance: &Instance<'_>) {
        let is_beyond = number.as_i64().map(i64::unsigned_abs).or(number.as_u64()).is_none_or(|size| size > EXACT)
            && number.as_f64().is_some_and(|size| size.abs() > EXACT as f64);
        let is_imprecise = !self.imprecise.is_empty() && self.imprecise.contains(&instance.pointer());
        for schema in &applied.schemas {
            let is_sized = matches!(schema.format.as_deref(), Some("int64" | "uint64"));
            let (check, keyword, message): (&'static Check, _, _) = match schema.is_integer {
                // What is no whole number is a violation.
                true if number.as_f64().is_some_and(|number| number.fract() != 0.0) => continue,
                true if is_beyond && !is_sized => {
                    (checks::RT036, "range", "the integer is beyond 2^53, and no `format` says that it may be")
                }
                true if number.is_f64() && !is_beyond => {
                    (checks::RT036, "form", "the integer is written with a fraction or an exponent")
                }
                true => continue,
                false if is_imprecise => (checks::RT037, "precision", "the number has more digits than binary64 keeps"),
                false => continue,
            };
            self.remark_at(check, keyword, schema.pointer.clone(), instance, message.to_owned());
        }
    }
}
