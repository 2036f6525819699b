//! What was exercised, by number.

use std::collections::BTreeSet;
use std::ptr;
use std::sync::{Mutex, PoisonError};

use obkit_codegen::spec::{Content, Operation, Request, StatusKey};

use super::bits::Bits;
use super::exercise::Exercise;
use super::partial::Partial;
use crate::contract::Contract;
use crate::schema::Direction;

/// A part of an operation that is exercised or not.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part<'p> {
    /// The operation itself.
    Call,
    /// A parameter, by its place in the operation.
    Parameter(usize),
    /// A request body of a media type.
    RequestBody(&'p Content),
    /// A documented response.
    Response(StatusKey),
    /// A body of it.
    ResponseBody(StatusKey, &'p Content),
}

/// Marks what of a document was exercised: a bit for each part of an operation, and for each site of a schema. Many may mark at once, and to
/// mark allocates nothing.
#[derive(Debug)]
pub(crate) struct Marks {
    /// Where the parts of each operation begin.
    starts: Vec<usize>,
    parts: Bits,
    request: Bits,
    response: Bits,
    partial: Mutex<BTreeSet<Partial>>,
}

impl Marks {
    /// Nothing is marked.
    pub(crate) fn new(contract: &Contract) -> Self {
        let mut length = 0;
        let start = |operation: &Operation| {
            let start = length;
            length += parts(operation);
            start
        };
        let starts = contract.spec().operations().iter().map(start).collect();
        let sites = |direction| Bits::new(contract.map(direction).sites.len());
        Self {
            starts,
            parts: Bits::new(length),
            request: sites(Direction::Request),
            response: sites(Direction::Response),
            partial: Mutex::default(),
        }
    }

    /// The marks with what they are of: the contract that they were made for.
    pub(crate) fn of<'m>(&'m self, contract: &'m Contract) -> Exercise<'m> {
        Exercise { contract, marks: self }
    }

    pub(super) fn sites(&self, direction: Direction) -> &Bits {
        match direction {
            Direction::Request => &self.request,
            Direction::Response => &self.response,
        }
    }

    pub(super) fn note(&self, partial: Partial) {
        // A panic while the lock was held cannot have left half an entry behind.
        self.partial.lock().unwrap_or_else(PoisonError::into_inner).insert(partial);
    }

    pub(super) fn partial(&self) -> BTreeSet<Partial> {
        self.partial.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn set(&self, contract: &Contract, operation: &Operation, part: Part<'_>) {
        if let Some(number) = self.number(contract, operation, part) {
            self.parts.set(number);
        }
    }

    pub(super) fn is_set(&self, contract: &Contract, operation: &Operation, part: Part<'_>) -> bool {
        self.number(contract, operation, part).is_some_and(|number| self.parts.is_set(number))
    }

    /// The number of a part; none where the operation is not one that is called: a webhook.
    fn number(&self, contract: &Contract, operation: &Operation, part: Part<'_>) -> Option<usize> {
        let operations = contract.spec().operations();
        // By where it stands, instead of looking for it in each exchange.
        let offset = ptr::from_ref(operation).addr().checked_sub(operations.as_ptr().addr())?;
        let index = offset / size_of::<Operation>();
        operations.get(index).filter(|one| ptr::eq(*one, operation))?;
        Some(self.starts.get(index)? + within(operation, part)?)
    }
}

/// How many parts an operation has.
fn parts(operation: &Operation) -> usize {
    let bodies: usize = operation.responses.iter().map(|response| response.content.len()).sum();
    1 + operation.parameters.len() + requests(operation).len() + operation.responses.len() + bodies
}

fn requests(operation: &Operation) -> &[Content] {
    operation.request.as_ref().map_or(&[], |Request { content, .. }| content)
}

/// The number of a part among those of its operation: the call, the parameters, the request bodies, the responses, and their bodies.
fn within(operation: &Operation, part: Part<'_>) -> Option<usize> {
    let place = |contents: &[Content], content| contents.iter().position(|one| std::ptr::eq(one, content));
    let response = |key| operation.responses.iter().position(|response| response.status == key);
    let parameters = 1;
    let bodies = parameters + operation.parameters.len();
    let responses = bodies + requests(operation).len();
    match part {
        Part::Call => Some(0),
        Part::Parameter(index) => Some(parameters + index),
        Part::RequestBody(content) => Some(bodies + place(requests(operation), content)?),
        Part::Response(key) => Some(responses + response(key)?),
        Part::ResponseBody(key, content) => {
            let at = response(key)?;
            let before: usize = operation.responses[..at].iter().map(|response| response.content.len()).sum();
            let own = place(&operation.responses[at].content, content)?;
            Some(responses + operation.responses.len() + before + own)
        }
    }
}
