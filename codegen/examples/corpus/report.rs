//! What became of the corpus, as a table and as JSON.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use crate::check::Verdict;
use crate::generation::Case;
use crate::payload::Payload;

/// How many of a thousand payloads must come back as they were.
const ENOUGH: usize = 995;

/// The whole report.
#[derive(Serialize)]
pub(crate) struct Report {
    totals: Totals,
    specs: Vec<Row>,
}

#[derive(Default, Serialize)]
struct Totals {
    specs: usize,
    generated: usize,
    compiled: usize,
    operations: usize,
    schemas: usize,
    notes: usize,
    lossy_notes: usize,
    payloads: Count,
}

/// What became of one document.
#[derive(Serialize)]
struct Row {
    spec: String,
    version: String,
    /// Unknown where the document cannot be read.
    operations: Option<usize>,
    schemas: Option<usize>,
    notes: usize,
    lossy_notes: usize,
    /// Lossy notes by rule.
    lossy_rules: BTreeMap<&'static str, usize>,
    generated: bool,
    /// Without a warning.
    compiled: bool,
    payloads: Count,
    /// The first thing that went wrong, in a line.
    first_error: Option<String>,
    /// Why nothing was generated, at full length.
    refusal: Option<String>,
    unequal: Vec<Unequal>,
}

#[derive(Clone, Copy, Default, Serialize)]
struct Count {
    equal: usize,
    total: usize,
}

/// A payload that did not come back as it was. It holds no value of the payload.
#[derive(Serialize)]
struct Unequal {
    file: String,
    line: usize,
    schema: String,
    #[serde(rename = "type")]
    ty: Option<String>,
    reason: String,
}

impl Report {
    pub(crate) fn new(cases: &[Case], verdicts: &[Verdict], payloads: &[Payload], outcomes: &[Option<String>]) -> Self {
        let mut specs: Vec<Row> = cases.iter().zip(verdicts).map(|(case, verdict)| row(case, verdict)).collect();
        for (payload, outcome) in payloads.iter().zip(outcomes) {
            if let Some(row) = specs.get_mut(payload.case) {
                row.add(payload, outcome.as_deref());
            }
        }
        let mut totals = Totals { specs: specs.len(), ..Totals::default() };
        for row in &specs {
            totals.generated += usize::from(row.generated);
            totals.compiled += usize::from(row.compiled);
            totals.operations += row.operations.unwrap_or_default();
            totals.schemas += row.schemas.unwrap_or_default();
            totals.notes += row.notes;
            totals.lossy_notes += row.lossy_notes;
            totals.payloads.equal += row.payloads.equal;
            totals.payloads.total += row.payloads.total;
        }
        Self { totals, specs }
    }

    /// Whether every crate was generated and compiles, and enough payloads came back.
    pub(crate) fn is_good(&self) -> bool {
        let Totals { specs, generated, compiled, payloads: Count { equal, total }, .. } = self.totals;
        generated == specs && compiled == specs && equal * 1000 >= total * ENOUGH
    }
}

fn row(case: &Case, verdict: &Verdict) -> Row {
    let compiler = match verdict {
        Verdict::Warned(text) | Verdict::Failed(text) => Some(text.clone()),
        Verdict::Clean | Verdict::Missing => None,
    };
    let refusal = case.error.as_ref().and_then(|error| error.lines().next()).map(str::to_owned);
    Row {
        spec: case.file.clone(),
        version: case.version.clone(),
        operations: case.spec.as_ref().map(|spec| spec.operations().len()),
        schemas: case.spec.as_ref().map(|spec| spec.schemas().count()),
        notes: case.notes,
        lossy_notes: case.lossy.values().sum(),
        lossy_rules: case.lossy.clone(),
        generated: case.error.is_none(),
        compiled: matches!(verdict, Verdict::Clean),
        payloads: Count::default(),
        first_error: refusal.or(compiler),
        refusal: case.error.clone(),
        unequal: Vec::new(),
    }
}

impl Row {
    fn add(&mut self, payload: &Payload, outcome: Option<&str>) {
        self.payloads.total += 1;
        let Some(reason) = outcome else {
            self.payloads.equal += 1;
            return;
        };
        self.first_error.get_or_insert_with(|| format!("{}:{}: {reason}", payload.file, payload.line));
        self.unequal.push(Unequal {
            file: payload.file.clone(),
            line: payload.line,
            schema: payload.schema.clone(),
            ty: payload.ty.clone().ok(),
            reason: reason.to_owned(),
        });
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.specs.iter().map(|row| row.spec.len()).max().unwrap_or_default();
        writeln!(
            f,
            "{:width$}  version  operations  schemas  notes  lossy  generated  compiled     equal  first error",
            "spec"
        )?;
        let known = |count: Option<usize>| count.map_or_else(|| "-".to_owned(), |count| count.to_string());
        let yes = |yes: bool| if yes { "yes" } else { "no" };
        for row in &self.specs {
            writeln!(
                f,
                "{:width$}  {:7}  {:>10}  {:>7}  {:>5}  {:>5}  {:>9}  {:>8}  {:>8}  {}",
                row.spec,
                row.version,
                known(row.operations),
                known(row.schemas),
                row.notes,
                row.lossy_notes,
                yes(row.generated),
                yes(row.compiled),
                row.payloads.to_string(),
                row.first_error.as_deref().unwrap_or_default(),
            )?;
        }
        let totals = &self.totals;
        writeln!(
            f,
            "{:width$}  {:7}  {:>10}  {:>7}  {:>5}  {:>5}  {:>9}  {:>8}  {:>8}",
            format!("{} documents", totals.specs),
            "",
            totals.operations,
            totals.schemas,
            totals.notes,
            totals.lossy_notes,
            totals.generated,
            totals.compiled,
            totals.payloads.to_string(),
        )
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.total {
            0 => f.write_str("-"),
            total => write!(f, "{}/{total}", self.equal),
        }
    }
}
