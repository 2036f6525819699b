//! The requests of a job, made one after another.

use std::collections::HashSet;
use std::sync::Arc;
use std::vec;

use sha2::{Digest as _, Sha256};

use super::Place;
use super::case::Case;
use super::plan::{Plan, Sketch};
use super::queue::Job;
use super::stock::Stock;
use crate::exchange::Request;

/// Makes the requests of a job, each once. Of those that are the same, the first is made: which one that is must not depend on who asks first,
/// and so nobody makes two at a time.
pub(super) struct Maker {
    job: Job,
    sketches: vec::IntoIter<Sketch>,
    /// How many were tried.
    tried: usize,
    seen: HashSet<[u8; 32]>,
    /// They are kept while requests are made of them.
    _stocks: Vec<Arc<Stock>>,
}

impl Maker {
    /// Prepares to make the requests of a job.
    ///
    /// # Errors
    /// None can be made; why.
    pub(super) fn new(plan: &Plan<'_>, job: Job) -> Result<Self, String> {
        let stocks = plan.stocks(job.operation);
        let sketches = plan.sketches(job.phase, job.operation)?.into_iter();
        Ok(Self { job, sketches, tried: 0, seen: HashSet::new(), _stocks: stocks })
    }

    /// The next request and its place in the run; none when there are no more, or when the time is over.
    pub(super) fn next(&mut self, plan: &Plan<'_>, stops: impl Fn() -> bool) -> Option<(Place, Case)> {
        for sketch in self.sketches.by_ref() {
            if stops() {
                break;
            }
            self.tried += 1;
            if let Some(case) = sketch(plan).filter(|case| self.seen.insert(digest(case))) {
                return Some(((self.job.place, self.tried), case));
            }
        }
        None
    }
}

/// What tells requests apart, as long as each is short.
fn digest(case: &Case) -> [u8; 32] {
    let Request { method, path, query, headers, body } = &case.request;
    let mut hash = Sha256::new();
    hash.update(format!("{method} {path}?{query:?} {headers:?} {:?}\n", case.presents));
    hash.update(body);
    hash.finalize().into()
}
