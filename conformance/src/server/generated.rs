//! Bodies that are generated, and kept for when they are asked for again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use hyper::body::Bytes;

use crate::contract::Contract;
use crate::exchange::Request;
use crate::generate::{GenerateError, Generator, Mode, SplitMix};
use crate::schema::Direction;

/// How many bodies are kept.
const MAX_KEPT: usize = 1024;

/// How many values a body has before what is optional is left out.
const MAX_VALUES: usize = 300;

/// The largest body that is kept, in bytes.
const MAX_BODY: usize = 64 * 1024;

/// Bodies by the schema they were made for and what decided on them.
#[derive(Debug, Default)]
pub(super) struct Generated {
    bodies: Mutex<HashMap<(String, Mode, u64), Bytes>>,
    /// Schemas that no body was found for. To search in vain takes long, and another seed seldom helps.
    failed: Mutex<HashMap<(String, Mode), GenerateError>>,
}

impl Generated {
    /// A body that fits the schema at a pointer: the same for the same mode and seed.
    pub(super) fn body(
        &self,
        contract: &Contract,
        schema: &str,
        mode: Mode,
        seed: u64,
    ) -> Result<Bytes, GenerateError> {
        let key = (schema.to_owned(), mode, seed);
        // A panic while the lock was held cannot have left the map in pieces.
        if let Some(known) = self.bodies.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(known.clone());
        }
        let kind = (schema.to_owned(), mode);
        if let Some(error) = self.failed.lock().unwrap_or_else(PoisonError::into_inner).get(&kind) {
            return Err(error.clone());
        }
        let body = made(contract, schema, mode, seed).inspect_err(|error| {
            self.failed.lock().unwrap_or_else(PoisonError::into_inner).insert(kind, error.clone());
        })?;
        let mut kept = self.bodies.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MAX_KEPT {
            kept.clear();
        }
        if body.len() <= MAX_BODY {
            kept.insert(key, body.clone());
        }
        Ok(body)
    }
}

fn made(contract: &Contract, schema: &str, mode: Mode, seed: u64) -> Result<Bytes, GenerateError> {
    let generator = Generator::new(contract, Direction::Response, schema)?.values(MAX_VALUES);
    let payloads = generator.payloads(mode, seed, 1)?;
    Ok(payloads.first().map(|payload| Bytes::from(payload.value.to_string())).unwrap_or_default())
}

/// A seed for the answer to a request: another for another method, path, query or body.
pub(super) fn seed_of(seed: u64, method: &str, request: &Request) -> u64 {
    // FNV-1a, which is the same everywhere and for good.
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut add = |bytes: &[u8]| {
        for byte in bytes.iter().chain(&[0]) {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    add(&seed.to_le_bytes());
    add(method.as_bytes());
    add(request.path.as_bytes());
    add(request.query.as_deref().unwrap_or_default().as_bytes());
    add(&request.body);
    let mut mix = SplitMix(hash);
    (u64::from(mix.next()) << 32) | u64::from(mix.next())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use obkit_codegen::{Document, Spec};

    use super::*;

    #[test]
    fn what_no_body_is_found_for_is_not_searched_again() {
        let text = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\ncomponents: {schemas: {No: {type: integer, minimum: 2, maximum: 1}}}";
        let spec = Spec::read(Document::parse("s.yaml", text).unwrap()).unwrap();
        let contract = Contract::new("bank", spec);
        let generated = Generated::default();
        let schema = "/components/schemas/No";
        let first = generated.body(&contract, schema, Mode::Maximal, 1).unwrap_err();
        let known = GenerateError { schema_pointer: "known".to_owned(), ..first };
        generated.failed.lock().unwrap().insert((schema.to_owned(), Mode::Maximal), known.clone());
        assert_eq!(generated.body(&contract, schema, Mode::Maximal, 2).unwrap_err(), known, "by another request");
        assert_ne!(generated.body(&contract, schema, Mode::Minimal, 2).unwrap_err(), known, "in another mode");
    }
}
