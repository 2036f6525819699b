//! Values of the schemas that requests are made of.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use obkit_codegen::spec::{Content, Location, Parameter};
use serde_json::Value;

use crate::Direction;
use crate::contract::Contract;
use crate::generate::{Changes, GenerateError, Generator, Mode};
use crate::sample;

/// How many payloads a mode makes of a schema at most.
const PAYLOADS: usize = 48;

/// Beyond how many values a payload has no optional parts.
const VALUES: usize = 400;

/// The values of one schema, each kind made when it is asked for first.
#[derive(Debug)]
pub(super) struct Stock {
    schema: String,
    seed: u64,
    /// How many are drawn by chance.
    drawn: usize,
    minimal: OnceLock<Result<Option<Value>, String>>,
    whole: OnceLock<Vec<Value>>,
    random: OnceLock<Vec<Value>>,
    mutants: OnceLock<Changes>,
}

impl Stock {
    fn new(schema: String, seed: u64, drawn: usize) -> Self {
        let (minimal, whole, random) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        Self { schema, seed, drawn, minimal, whole, random, mutants: OnceLock::new() }
    }

    fn made<T>(
        &self,
        contract: &Contract,
        make: impl FnOnce(&Generator<'_>) -> Result<T, GenerateError>,
    ) -> Result<T, GenerateError> {
        make(&Generator::new(contract, Direction::Request, &self.schema)?.values(VALUES))
    }

    fn payloads(&self, contract: &Contract, mode: Mode, limit: usize) -> Result<Vec<Value>, GenerateError> {
        let payloads = self.made(contract, |generator| generator.payloads(mode, self.seed, limit))?;
        Ok(payloads.into_iter().map(|payload| payload.value).collect())
    }

    /// What is required, and nothing else; why there is none.
    pub(super) fn minimal(&self, contract: &Contract) -> Result<Option<&Value>, &str> {
        let made = self.minimal.get_or_init(|| {
            let made = self.payloads(contract, Mode::Minimal, 1).map_err(|error| error.to_string())?;
            Ok(made.into_iter().next())
        });
        made.as_ref().map(Option::as_ref).map_err(String::as_str)
    }

    /// Everything, with each alternative and each listed value once; then each bound met exactly.
    pub(super) fn whole(&self, contract: &Contract) -> &[Value] {
        self.whole.get_or_init(|| {
            let mut whole = self.payloads(contract, Mode::Maximal, PAYLOADS).unwrap_or_default();
            for value in self.payloads(contract, Mode::Boundary, PAYLOADS).unwrap_or_default() {
                if !whole.contains(&value) {
                    whole.push(value);
                }
            }
            whole
        })
    }

    /// Drawn by chance.
    pub(super) fn random(&self, contract: &Contract) -> &[Value] {
        self.random.get_or_init(|| self.payloads(contract, Mode::Random, self.drawn).unwrap_or_default())
    }

    /// Each breaks one keyword.
    pub(super) fn mutants(&self, contract: &Contract) -> &Changes {
        self.mutants.get_or_init(|| self.made(contract, |generator| generator.changes(self.seed)).unwrap_or_default())
    }

    /// How many valid values there are.
    pub(super) fn count(&self, contract: &Contract) -> usize {
        usize::from(self.minimal(contract).is_ok_and(|minimal| minimal.is_some())) + self.whole(contract).len()
    }

    /// All valid values, the simplest first.
    pub(super) fn valid(&self, contract: &Contract) -> impl Iterator<Item = &Value> {
        self.minimal(contract).ok().flatten().into_iter().chain(self.whole(contract))
    }
}

/// The values of all schemas. Those of a schema are kept as long as requests are made of them: large documents have more than fits.
#[derive(Debug)]
pub(super) struct Stocks {
    seed: u64,
    random: usize,
    made: Mutex<HashMap<String, Weak<Stock>>>,
}

impl Stocks {
    pub(super) fn new(seed: u64, random: usize) -> Self {
        Self { seed, random, made: Mutex::default() }
    }

    /// The values of a schema, or of the one that it refers to.
    pub(super) fn of(&self, contract: &Contract, schema: &str) -> Arc<Stock> {
        let schema = contract.validators().target(Direction::Request, schema);
        // A panic while the lock was held cannot have left the map in pieces.
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = made.get(&schema).and_then(Weak::upgrade) {
            return known;
        }
        let stock = Arc::new(Stock::new(schema.clone(), self.seed, self.random));
        made.insert(schema, Arc::downgrade(&stock));
        stock
    }

    /// A value that a parameter usually has: its example, else what its schema has.
    pub(super) fn usual(&self, contract: &Contract, parameter: &Parameter) -> Option<Value> {
        let Some(schema) = &parameter.schema else {
            return Some(parameter.example.clone().unwrap_or_else(|| "sample".into()));
        };
        let fits = |value: &Value| {
            let check = contract.validators().check(Direction::Request, schema);
            check.is_ok_and(|check| check.is_valid(value)) && is_plain(parameter, value)
        };
        let sample = sample::parameter(contract.document(), parameter);
        if fits(&sample) {
            return Some(sample);
        }
        let stock = self.of(contract, schema);
        let minimal = || stock.minimal(contract).ok().flatten();
        stock
            .whole(contract)
            .iter()
            .find(|value| fits(value))
            .or_else(|| minimal().filter(|value| fits(value)))
            .cloned()
    }

    /// A body that is usual: a documented example that fits, else the simplest.
    pub(super) fn usual_body(&self, contract: &Contract, content: &Content) -> Result<Value, String> {
        let Some(schema) = &content.schema else {
            let example = content.examples.first().map(|example| example.value.clone());
            return Ok(example.unwrap_or_else(|| {
                if content.is_json() { Value::Object(Default::default()) } else { "sample".into() }
            }));
        };
        let stock = self.of(contract, schema);
        let minimal = stock.minimal(contract);
        if let Ok(Some(minimal)) = minimal {
            return Ok(minimal.clone());
        }
        let fits = |value: &&Value| {
            contract.validators().check(Direction::Request, schema).is_ok_and(|check| check.is_valid(value))
        };
        let example = content.examples.iter().map(|example| &example.value).find(fits);
        example.cloned().ok_or_else(|| minimal.err().unwrap_or("no body fits its schema").to_owned())
    }
}

/// Whether a value survives its place: a path variable is not empty, a header field is visible text.
fn is_plain(parameter: &Parameter, value: &Value) -> bool {
    let text = value.as_str().unwrap_or("x");
    match parameter.location {
        Location::Path => !text.is_empty() && text != "." && text != "..",
        Location::Header => {
            !text.is_empty() && text.trim() == text && text.bytes().all(|byte| (0x20..0x7f).contains(&byte))
        }
        Location::Query | Location::Cookie => true,
    }
}
