//! Payloads for property tests (feature `proptest`).

use proptest::collection::{VecStrategy, vec};
use proptest::num::u32::Any;
use proptest::strategy::{NewTree, Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use obkit_codegen::spec::{Content, Operation};

use super::{GenerateError, Generator, Payload, Reason};
use crate::Direction;
use crate::contract::Contract;

/// How many words a payload is decided by; what is left when they are spent is as simple as it can be.
const WORDS: std::ops::RangeInclusive<usize> = 16..=768;

/// Payloads of a schema, as a strategy.
///
/// A payload that fails a test is simplified by making the words that it was decided by fewer and smaller: optional
/// parts go first, then arrays and texts get shorter and numbers smaller.
#[derive(Clone, Debug)]
pub struct Payloads<'c> {
    generator: std::sync::Arc<Generator<'c>>,
    lenient: bool,
}

impl<'c> Payloads<'c> {
    /// The payloads that a generator makes.
    ///
    /// # Errors
    /// It makes none.
    pub fn new(generator: Generator<'c>) -> Result<Self, GenerateError> {
        generator.from_words(&[])?;
        Ok(Self { generator: std::sync::Arc::new(generator), lenient: false })
    }

    /// Takes liberties, as [`Generator::lenient`] does.
    #[must_use]
    pub fn lenient(mut self) -> Self {
        self.lenient = true;
        self
    }

    fn payload(&self, words: &[u32]) -> Option<Payload> {
        let made =
            |words: &[u32]| if self.lenient { self.generator.lenient(words) } else { self.generator.from_words(words) };
        // Words for which nothing is found within the budget mean the simplest payload; that there is one is known.
        made(words).or_else(|_| made(&[])).ok()
    }
}

impl Strategy for Payloads<'_> {
    type Tree = PayloadTree<Self>;
    type Value = Payload;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let words = vec(proptest::num::u32::ANY, WORDS).new_tree(runner)?;
        let payload = self.payload(&words.current()).ok_or("no payload was found")?;
        Ok(PayloadTree { payloads: self.clone(), words, payload })
    }
}

/// A payload and the words that it was decided by.
#[derive(Debug)]
pub struct PayloadTree<S> {
    payloads: S,
    words: <VecStrategy<Any> as Strategy>::Tree,
    payload: Payload,
}

impl ValueTree for PayloadTree<Payloads<'_>> {
    type Value = Payload;

    fn current(&self) -> Payload {
        self.payload.clone()
    }

    fn simplify(&mut self) -> bool {
        self.step(ValueTree::simplify)
    }

    fn complicate(&mut self) -> bool {
        self.step(ValueTree::complicate)
    }
}

impl PayloadTree<Payloads<'_>> {
    /// Other words, until they make another payload: most words are not asked for.
    fn step(&mut self, step: fn(&mut <VecStrategy<Any> as Strategy>::Tree) -> bool) -> bool {
        if !step(&mut self.words) {
            return false;
        }
        if let Some(payload) = self.payloads.payload(&self.words.current()) {
            self.payload = payload;
        }
        true
    }
}

/// The payloads of an answer: of an operation (its id, or method and path template), at a status.
///
/// # Errors
/// There is no such operation, no JSON body is documented for the status, or no payload was found.
pub fn payloads_of<'c>(contract: &'c Contract, operation: &str, status: u16) -> Result<Payloads<'c>, GenerateError> {
    let response = find(contract, operation)?.response(status);
    body(contract, operation, Direction::Response, response.map(|response| response.content.as_slice()))
}

/// The payloads that an operation is sent.
///
/// # Errors
/// There is no such operation, no JSON body is documented for it, or no payload was found.
pub fn requests_of<'c>(contract: &'c Contract, operation: &str) -> Result<Payloads<'c>, GenerateError> {
    let request = find(contract, operation)?.request.as_ref();
    body(contract, operation, Direction::Request, request.map(|request| request.content.as_slice()))
}

fn find<'c>(contract: &'c Contract, operation: &str) -> Result<&'c Operation, GenerateError> {
    contract.spec().operation(operation).ok_or_else(|| none(operation))
}

fn none(operation: &str) -> GenerateError {
    GenerateError { schema_pointer: operation.to_owned(), reason: Reason::NoBody }
}

fn body<'c>(
    contract: &'c Contract,
    operation: &str,
    direction: Direction,
    contents: Option<&'c [Content]>,
) -> Result<Payloads<'c>, GenerateError> {
    let json = contents.into_iter().flatten().find(|content| content.is_json());
    let schema = json.and_then(|content| content.schema.as_ref()).ok_or_else(|| none(operation))?;
    Payloads::new(Generator::new(contract, direction, schema)?)
}
