//! Values that travel, against their schemas.

use std::fmt;

use obkit_codegen::Document;
use serde_json::Value;

use super::{Scrutiny, redacted};
use crate::checks::{self, Check, Rule};
use crate::contract::Contract;
use crate::finding::{Finding, Severity, Untold};
use crate::json;
use crate::profile::Profile;
use crate::remarks::{self, MAX_REMARKS, Remark};
use crate::schema::Direction;
use crate::validator::is_cut;
use crate::violation::{UNDECLARED, Violation};

/// How many violations of a value are told.
const MAX_VIOLATIONS: usize = 10_000;

/// The values of requests, or of answers.
pub(super) struct Values<'c, 'm> {
    pub(super) contract: &'c Contract,
    pub(super) direction: Direction,
    pub(super) scrutiny: Scrutiny<'m>,
}

impl Values<'_, '_> {
    /// How a value breaks its schema; `what` says what it is of the message. A schema that cannot be enforced is a finding, too.
    pub(super) fn violations(
        &self,
        check: &'static Check,
        schema: &str,
        value: &Value,
        what: fmt::Arguments<'_>,
    ) -> Vec<Finding> {
        let document = self.contract.document();
        let compiled = match self.contract.validators().check(self.direction, schema) {
            Ok(compiled) => compiled,
            Err(error) => return vec![Finding::new(checks::GI001, error.to_string()).at(document, schema)],
        };
        let mut violations = compiled.violations_by(self.scrutiny.profile, value);
        let is_cut = is_cut(&violations, value);
        violations.retain(|violation| !self.hides(value, violation));
        let mut untold = Untold::default();
        if is_cut || violations.len() > MAX_VIOLATIONS {
            violations.truncate(MAX_VIOLATIONS);
            untold.count(check.severity());
        }
        let found = violations.into_iter().map(|violation| refused(check, document, violation));
        let untold = untold.finding("what can be held of such a value");
        found.chain(untold).map(|finding| said_of(what, finding)).collect()
    }

    /// What a value should not be although it fits; it is no reason to refuse it. `text` is what it was read from. On the way, what it exercises
    /// is marked.
    pub(super) fn remarks(&self, schema: &str, value: &Value, text: &[u8], what: fmt::Arguments<'_>) -> Vec<Finding> {
        let Self { contract, direction, scrutiny } = *self;
        let met = scrutiny.exercise(contract).map(|exercise| exercise.met(direction));
        let (remarks, untold) =
            remarks::collect(contract.validators(), direction, schema, value, &json::imprecise(text), met);
        // Under the profile that refuses it, what is undeclared is a violation.
        let is_closed = self.scrutiny.profile == Profile::Closed;
        let untold = if is_closed { untold.refused() } else { untold };
        remarks
            .into_iter()
            .filter(|remark| !is_closed || remark.rule.check() != checks::RT033)
            .filter(|remark| !self.hides(value, &remark.violation))
            .map(|remark| Finding::of_remark(self.contract.document(), remark))
            .chain(untold.finding(&format!("{MAX_REMARKS} remarks of a check")))
            .map(|finding| said_of(what, finding))
            .collect()
    }

    fn hides(&self, value: &Value, violation: &Violation) -> bool {
        self.scrutiny.redacted && redacted::hides_value(value, violation)
    }
}

/// A member that a profile refuses is filed under the check that others have a mere remark of.
fn refused(check: &'static Check, document: &Document, violation: Violation) -> Finding {
    if violation.keyword != UNDECLARED {
        return Finding::of_violation(check, document, &violation);
    }
    let remark = Remark { rule: Rule::part(checks::RT033, "property"), violation };
    Finding { severity: Severity::Error, ..Finding::of_remark(document, remark) }
}

fn said_of(what: fmt::Arguments<'_>, mut finding: Finding) -> Finding {
    finding.message = format!("{what}: {}", finding.message);
    finding
}
