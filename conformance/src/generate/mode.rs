//! Who decides what a payload is like.

use std::collections::BTreeMap;

use super::choice::{Choices, Policy, SplitMix, Turns, Words};
use super::error::Reason;
use super::run::{Fault, Run};
use super::{GenerateError, Generator, Payload, Place, pairwise};

/// How often a payload is tried before the schema counts as one that has none.
const TRIES: usize = 24;

/// Which payloads are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// What is required, and nothing else. One payload.
    Minimal,
    /// Everything optional, down to the generator's depth; as many payloads as it takes for each alternative and each
    /// listed value to be there once.
    Maximal,
    /// Everything optional, and as many payloads as it takes for each bound of a length, a number or an array to be
    /// met exactly: the bound itself and its nearest neighbour within. Bounds beyond 4096 characters or 64 elements
    /// are not met.
    Boundary,
    /// Every pair of decisions (an optional property, a listed value, an alternative) once, as far as they can be met
    /// together, over the first decisions of the schema.
    Combinatorial,
    /// Every decision by chance.
    Random,
}

/// A payload and what stands where in it.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) payload: Payload,
    pub(super) places: Vec<Place>,
}

impl<'c> Generator<'c> {
    /// The payloads of a mode, at most so many, each once.
    ///
    /// # Errors
    /// No payload was found within the budget.
    pub fn payloads(&self, mode: Mode, seed: u64, limit: usize) -> Result<Vec<Payload>, GenerateError> {
        Ok(self.made(mode, seed, limit)?.into_iter().map(|made| made.payload).collect())
    }

    pub(super) fn made(&self, mode: Mode, seed: u64, limit: usize) -> Result<Vec<Made>, GenerateError> {
        let mut found: Vec<Made> = Vec::new();
        let mut keep = |made: Made| {
            if found.len() < limit && !found.iter().any(|known| known.payload.value == made.payload.value) {
                found.push(made);
            }
        };
        let words =
            |round: usize| Words::Seeded(SplitMix(seed.wrapping_mul(0x0001_0000_0001).wrapping_add(round as u64)));
        match mode {
            Mode::Minimal => keep(self.make(&mut || Policy::Minimal, &words(0))?),
            Mode::Maximal | Mode::Boundary => {
                let mut turns = Turns::default();
                let (mut covered, mut idle) = (0, 0);
                for round in 0..limit {
                    keep(self.make_in_turn(mode, &mut turns, &words(round))?);
                    idle = if turns.covered() > covered { 0 } else { idle + 1 };
                    covered = turns.covered();
                    if turns.are_over() || idle > 2 {
                        break;
                    }
                }
            }
            Mode::Combinatorial => {
                let mut turns = Turns::default();
                self.make_in_turn(Mode::Maximal, &mut turns, &words(0))?;
                for (round, assigned) in pairwise::rows(&turns.sites(), limit).iter().enumerate() {
                    keep(self.make(&mut || Policy::Assigned(assigned), &words(round))?);
                }
            }
            Mode::Random => {
                for round in 0..limit {
                    keep(self.make(&mut || Policy::Drawn, &words(round))?);
                }
            }
        }
        Ok(found)
    }

    /// The payload that words decide on: zeros, or none at all, make the simplest one. Property tests draw the words,
    /// and simplify a payload by making words fewer and smaller.
    ///
    /// # Errors
    /// No payload was found within the budget.
    pub fn from_words(&self, words: &[u32]) -> Result<Payload, GenerateError> {
        Ok(self.drawn(words)?.payload)
    }

    pub(super) fn drawn(&self, words: &[u32]) -> Result<Made, GenerateError> {
        self.make(&mut || Policy::Drawn, &Words::Given(words))
    }

    fn make_in_turn(&self, mode: Mode, turns: &mut Turns, words: &Words<'_>) -> Result<Made, GenerateError> {
        self.tried(|attempt| {
            let policy = if mode == Mode::Boundary { Policy::Boundary(turns) } else { Policy::Maximal(turns) };
            self.attempt(policy, words.clone(), attempt)
        })
    }

    fn make<'p>(&self, policy: &mut dyn FnMut() -> Policy<'p>, words: &Words<'p>) -> Result<Made, GenerateError> {
        self.tried(|attempt| self.attempt(policy(), words.clone(), attempt))
    }

    /// Tries until it succeeds, or often enough.
    fn tried(&self, mut attempt: impl FnMut(usize) -> Result<Made, Fault>) -> Result<Made, GenerateError> {
        let mut last = None;
        for count in 0..TRIES {
            match attempt(count) {
                Ok(made) => return Ok(made),
                Err(fault) => last = Some(fault),
            }
        }
        Err(self.failed(last))
    }

    fn failed(&self, last: Option<Fault>) -> GenerateError {
        self.error(last.unwrap_or_else(|| Fault::new(&self.root, Reason::Budget)))
    }

    /// One try. Later ones look closer, and then leave the way that the policy goes.
    fn attempt(&self, policy: Policy<'_>, words: Words<'_>, attempt: usize) -> Result<Made, Fault> {
        let mut choices = Choices::new(policy, words);
        for _ in 4..attempt {
            choices.detour();
        }
        let mut run = Run::new(self, choices, attempt > 0);
        let value = run.value(&[super::shape::Term::holds(&self.root)], None)?;
        let Run { trace, omitted, .. } = run;
        if !self.check.is_valid(&value) {
            let violation = self.check.violations(&value).into_iter().next();
            let (at, keyword) = violation.map_or_else(Default::default, |v| (v.schema_pointer, v.keyword));
            return Err(Fault::new(&at, Reason::Refused(keyword)));
        }
        let omitted: BTreeMap<_, _> = omitted;
        let omitted = omitted.into_iter().map(|(at, reason)| self.error(Fault { at, reason })).collect();
        Ok(Made { payload: Payload { value, omitted, deviations: Vec::new() }, places: trace })
    }
}
