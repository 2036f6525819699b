//! Values that travel, against their schemas.

use serde_json::Value;

use super::{Scrutiny, redacted};
use crate::checks::{self, Check};
use crate::contract::Contract;
use crate::finding::Finding;
use crate::schema::Direction;
use crate::violation::Violation;

/// The values of requests, or of answers.
pub(super) struct Values<'c> {
    pub(super) contract: &'c Contract,
    pub(super) direction: Direction,
    pub(super) scrutiny: Scrutiny,
}

impl Values<'_> {
    /// How a value breaks its schema; `what` says what it is of the message. A schema that cannot be enforced is a finding, too.
    pub(super) fn violations(&self, check: &'static Check, schema: &str, value: &Value, what: &str) -> Vec<Finding> {
        let document = self.contract.document();
        match self.contract.validators().validate(self.direction, schema, value) {
            Ok(violations) => violations
                .iter()
                .filter(|violation| !self.hides(value, violation))
                .map(|violation| said_of(what, Finding::of_violation(check, document, violation)))
                .collect(),
            Err(error) => vec![Finding::new(checks::GI001, error.to_string()).at(document, schema)],
        }
    }

    /// What a value should not be although it fits; it is no reason to refuse it. `text` is what it was read from.
    pub(super) fn remarks(&self, schema: &str, value: &Value, text: &[u8], what: &str) -> Vec<Finding> {
        let remarks = self.contract.validators().remarks_of_text(self.direction, schema, value, text);
        remarks
            .into_iter()
            .filter(|remark| !self.hides(value, &remark.violation))
            .map(|remark| said_of(what, Finding::of_remark(self.contract.document(), remark)))
            .collect()
    }

    fn hides(&self, value: &Value, violation: &Violation) -> bool {
        self.scrutiny.redacted && redacted::hides_value(value, violation)
    }
}

fn said_of(what: &str, mut finding: Finding) -> Finding {
    finding.message = format!("{what}: {}", finding.message);
    finding
}
