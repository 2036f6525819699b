//! Values of the schemas that requests are made of, made once for each.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use obkit_codegen::spec::{Content, Location, Parameter};
use serde_json::Value;

use crate::Direction;
use crate::contract::Contract;
use crate::generate::{Generator, Mode, Mutant};
use crate::sample;

/// How many payloads a mode makes of a schema at most.
const PAYLOADS: usize = 48;

/// Beyond how many values a payload has no optional parts.
const VALUES: usize = 400;

/// The values of one schema.
#[derive(Debug, Default)]
pub(super) struct Stock {
    /// What is required, and nothing else.
    pub(super) minimal: Option<Value>,
    /// Everything, with each alternative and each listed value once; then each bound met exactly.
    pub(super) whole: Vec<Value>,
    /// Drawn by chance.
    pub(super) random: Vec<Value>,
    /// Each breaks one keyword.
    pub(super) mutants: Vec<Mutant>,
    /// Why there are none.
    pub(super) error: Option<String>,
}

impl Stock {
    fn new(contract: &Contract, schema: &str, seed: u64, random: usize) -> Self {
        let made = || {
            let generator = Generator::new(contract, Direction::Request, schema)?.values(VALUES);
            let values = |mode, limit| {
                let payloads = generator.payloads(mode, seed, limit)?;
                Ok::<_, crate::generate::GenerateError>(payloads.into_iter().map(|payload| payload.value))
            };
            let mut whole: Vec<Value> = values(Mode::Maximal, PAYLOADS)?.collect();
            for value in values(Mode::Boundary, PAYLOADS)? {
                if !whole.contains(&value) {
                    whole.push(value);
                }
            }
            Ok::<_, crate::generate::GenerateError>(Self {
                minimal: values(Mode::Minimal, 1)?.next(),
                whole,
                random: values(Mode::Random, random)?.collect(),
                mutants: generator.mutants(seed)?.mutants,
                error: None,
            })
        };
        made().unwrap_or_else(|error| Self { error: Some(error.to_string()), ..Self::default() })
    }

    /// All valid values, the simplest first.
    pub(super) fn valid(&self) -> impl Iterator<Item = &Value> {
        self.minimal.iter().chain(&self.whole)
    }
}

/// The values of all schemas.
#[derive(Debug)]
pub(super) struct Stocks {
    seed: u64,
    random: usize,
    made: Mutex<HashMap<String, Arc<OnceLock<Stock>>>>,
}

impl Stocks {
    pub(super) fn new(seed: u64, random: usize) -> Self {
        Self { seed, random, made: Mutex::default() }
    }

    /// The values of a schema; whoever asks first makes them.
    pub(super) fn of(&self, contract: &Contract, schema: &str) -> Arc<OnceLock<Stock>> {
        // A panic while the lock was held cannot have left the map in pieces.
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = Arc::clone(made.entry(schema.to_owned()).or_default());
        drop(made);
        slot.get_or_init(|| Stock::new(contract, schema, self.seed, self.random));
        slot
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
        let slot = self.of(contract, schema);
        slot.get().and_then(|stock| stock.whole.iter().chain(&stock.minimal).find(|value| fits(value)).cloned())
    }

    /// A body that is usual: a documented example that fits, else the simplest.
    pub(super) fn usual_body(&self, contract: &Contract, content: &Content) -> Result<Value, String> {
        let Some(schema) = &content.schema else {
            let example = content.examples.first().map(|example| example.value.clone());
            return Ok(example.unwrap_or_else(|| {
                if content.is_json() { Value::Object(Default::default()) } else { "sample".into() }
            }));
        };
        let slot = self.of(contract, schema);
        let stock = slot.get();
        if let Some(minimal) = stock.and_then(|stock| stock.minimal.clone()) {
            return Ok(minimal);
        }
        let fits = |value: &&Value| {
            contract.validators().check(Direction::Request, schema).is_ok_and(|check| check.is_valid(value))
        };
        let example = content.examples.iter().map(|example| &example.value).find(fits);
        let why =
            || stock.and_then(|stock| stock.error.clone()).unwrap_or_else(|| "no body fits its schema".to_owned());
        example.cloned().ok_or_else(why)
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
