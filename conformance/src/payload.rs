//! Payloads, one JSON document per line in, one verdict per line out.
//!
//! A line is `{"kind", "op", "status", "content_type", "schema_pointer", "value"}`. Where it gives
//! a `schema_pointer`, that decides, with the direction of its `kind` (`schema` is judged as a
//! response); otherwise `op`, `status` and `content_type` name the body. Members with other names
//! are ignored, blank lines are passed over.
//!
//! Three things can become of a line:
//! - a verdict. A status or a media type that a known operation does not document is one too: the
//!   payload breaks the contract, under the keyword `status` or `contentType`. So is a value in which a name stands twice, under `json`;
//! - `skipped`, because there is nothing to judge: the body is not JSON;
//! - `skipped`, because the line itself is wrong (no JSON, an operation or a schema that does not
//!   exist, a missing member). Those are kept apart in [`Summary::bad_input`].
//!
//! A value is judged by one [`Profile`], `strict` unless another is asked for, or by all of them at once: then the verdict and each of its errors
//! say in `refused_by` which profiles mind, and a value is valid when none does.

mod found;
mod line;
mod read;
mod verdict;

use std::collections::HashSet;
use std::io::{self, BufRead, Write};

use serde::de::IgnoredAny;
use serde_json::Value;

use self::found::Found;
use self::line::{Line, Meant, bad, violated};
pub(crate) use self::read::{Read, read_line};
use self::verdict::Outcome;
pub use self::verdict::{BadInput, Summary};
use crate::contract::Contract;
use crate::coverage::{Exercise, Marks};
use crate::finding::{Finding, Severity, Untold};
use crate::profile::{Judged, Judgement, Profile, Profiles};
use crate::validator::{CompiledSchema, is_cut};
use crate::{checks, json};

/// How many different findings are told.
const MAX_FINDINGS: usize = 10_000;

/// The longest line that is read, in bytes.
pub const MAX_LINE: usize = 16 * 1024 * 1024;

/// Judges every line of a text, and writes the verdicts in the order of the lines.
///
/// # Errors
/// Reading or writing fails. What is wrong with a line is no error: it is that line's verdict.
pub fn validate(contract: &Contract, lines: impl BufRead, verdicts: impl Write) -> io::Result<Summary> {
    validate_by(contract, Profiles::default(), lines, verdicts)
}

/// The same, by the profiles that are asked for.
///
/// # Errors
/// Reading or writing fails.
pub fn validate_by(
    contract: &Contract,
    profiles: Profiles,
    lines: impl BufRead,
    verdicts: impl Write,
) -> io::Result<Summary> {
    Judging { contract, profiles, reporting: None }.run(lines, verdicts)
}

/// The same, and says each violation as a finding, too, and what else is to be said of the values, which decides no verdict: what many lines have
/// in common once, as of the first. In the end, what they exercised.
///
/// # Errors
/// Reading or writing fails.
pub fn validate_reporting(
    contract: &Contract,
    profiles: Profiles,
    lines: impl BufRead,
    verdicts: impl Write,
    report: &mut dyn FnMut(Finding),
) -> io::Result<Summary> {
    let marks = Marks::new(contract);
    let exercise = marks.of(contract);
    let reporting = Some(Reporting { report, exercise, seen: HashSet::new(), untold: Untold::default() });
    let summary = Judging { contract, profiles, reporting }.run(lines, verdicts)?;
    Ok(Summary { coverage: exercise.coverage_of_bodies(), ..summary })
}

struct Judging<'j> {
    contract: &'j Contract,
    profiles: Profiles,
    /// What is told besides the verdicts, if anything.
    reporting: Option<Reporting<'j>>,
}

struct Reporting<'j> {
    /// Who is told what is found.
    report: &'j mut dyn FnMut(Finding),
    /// What the values exercise.
    exercise: Exercise<'j>,
    /// The fingerprints of what was told.
    seen: HashSet<String>,
    /// What more there was.
    untold: Untold,
}

impl Reporting<'_> {
    fn tell(&mut self, finding: Finding) {
        if self.seen.contains(&finding.fingerprint) {
            return;
        }
        if self.seen.len() >= MAX_FINDINGS {
            return self.untold.count(finding.severity);
        }
        self.seen.insert(finding.fingerprint.clone());
        (self.report)(finding);
    }
}

impl Judging<'_> {
    fn run(&mut self, mut lines: impl BufRead, mut verdicts: impl Write) -> io::Result<Summary> {
        let mut summary = Summary::default();
        let mut bytes = Vec::new();
        let mut line = 0;
        while let Some(read) = read_line(&mut lines, &mut bytes, MAX_LINE)? {
            line += 1;
            let outcome = match read {
                Read::TooLong => {
                    Outcome::Bad(format!("the line is longer than {MAX_LINE} bytes"), "split the payload".to_owned())
                }
                Read::Line if bytes.iter().all(u8::is_ascii_whitespace) => continue,
                Read::Line => self.line(line, &bytes),
            };
            let verdict = summary.count(line, self.profiles, outcome);
            serde_json::to_writer(&mut verdicts, &verdict)?;
            verdicts.write_all(b"\n")?;
        }
        verdicts.flush()?;
        if let Some(reporting) = &mut self.reporting {
            let untold = reporting.untold.finding("what is told of the payloads");
            let untold = untold.map(|untold| untold.provider(self.contract.provider()));
            let unread = found::unread(self.contract, &summary);
            unread.into_iter().chain(untold).for_each(&mut *reporting.report);
        }
        Ok(summary)
    }

    fn line(&mut self, number: usize, bytes: &[u8]) -> Outcome {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        match serde_json::from_slice::<Line>(bytes) {
            Ok(line) => self.judge(number, &line, bytes),
            Err(error) if json::is_repeated(&error) => self.repeated(number, bytes, &error),
            // Only where: serde's words may quote the payload.
            Err(error) if error.is_data() => {
                bad("the line is no payload line", "give `kind`, `value`, and `op` or `schema_pointer`")
            }
            Err(error) => {
                bad(&format!("{} (column {})", json::reason(&error), error.column()), "write one JSON object per line")
            }
        }
    }

    fn judge(&mut self, number: usize, line: &Line, bytes: &[u8]) -> Outcome {
        let found = Found::new(self.contract, number, line);
        let outcome = match line.check(self.contract) {
            Ok((Meant { check, direction, body, .. }, value)) => {
                if let Some(reporting) = &mut self.reporting {
                    let exercise = reporting.exercise;
                    if let Some((operation, status, content)) = body {
                        exercise.body(operation, status, content);
                    }
                    let met = Some(exercise.met(direction));
                    let (remarks, untold) = check.remarks(value, &json::imprecise_in(bytes, "/value"), met);
                    // Under the profile that refuses it, what is undeclared is a violation.
                    let closed = self.profiles.strictest() == Profile::Closed;
                    let remarks = remarks.into_iter().filter(|remark| !closed || remark.rule.check() != checks::RT033);
                    remarks.for_each(|remark| reporting.tell(found.of_remark(remark)));
                    reporting.untold.add(untold);
                }
                let judged = judgement(&check, self.profiles, value);
                if let Some(reporting) = &mut self.reporting
                    && is_cut(judged.judged.iter().map(|judged| &judged.violation), value)
                {
                    reporting.untold.count(Severity::Error);
                }
                Outcome::Judged(judged)
            }
            Err(outcome) => outcome,
        };
        self.report(&found, &outcome);
        outcome
    }

    /// A name stands twice in the value, and nowhere else: the body is no JSON that has a meaning, whatever else it is.
    fn repeated(&mut self, number: usize, bytes: &[u8], error: &serde_json::Error) -> Outcome {
        let line = match serde_json::from_slice::<Line<IgnoredAny>>(bytes) {
            Ok(line) => line.unread(),
            Err(_) => return bad("the line is no payload line", "give `kind`, `value`, and `op` or `schema_pointer`"),
        };
        let outcome = match line.check(self.contract) {
            Ok((Meant { schema, body, .. }, _)) => {
                let pointer = body.map_or(schema, |(_, _, content)| &content.pointer);
                violated(
                    UNREADABLE,
                    pointer,
                    format!("the value cannot be read: {} (column {})", json::reason(error), error.column()),
                )
            }
            Err(outcome) => outcome,
        };
        self.report(&Found::new(self.contract, number, &line), &outcome);
        outcome
    }

    fn report(&mut self, found: &Found<'_>, outcome: &Outcome) {
        let Some(reporting) = &mut self.reporting else { return };
        match outcome {
            Outcome::Judged(judgement) => {
                judgement.judged.iter().for_each(|judged| reporting.tell(found.of_violation(&judged.violation)));
            }
            // A pointer to no schema is the line's own mistake.
            Outcome::Unenforceable(error) if self.contract.validators().has_schema(&error.schema_pointer) => {
                reporting.tell(found.of_unenforceable(error));
            }
            Outcome::Unenforceable(_) | Outcome::Bad(..) | Outcome::Skipped(_) => {}
        }
    }
}

/// The keyword of a value that cannot be read, which no schema has.
const UNREADABLE: &str = "json";

/// What counts of a value under the profiles. Only what the schema leaves open needs more than its violations.
fn judgement(check: &CompiledSchema<'_>, profiles: Profiles, value: &Value) -> Judgement {
    if profiles == Profiles::Only(Profile::Strict) {
        let judged = |violation| Judged { violation, refused_from: Profile::Strict };
        return Judgement { judged: check.violations(value).into_iter().map(judged).collect() };
    }
    let mut judgement = check.judge(value);
    judgement.judged.retain(|judged| judged.refused_from <= profiles.strictest());
    judgement
}
