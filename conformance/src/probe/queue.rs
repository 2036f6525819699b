//! Workers that make requests and send them.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::case::Case;
use super::options::Phase;
use super::{Place, Probe};

/// A phase of one operation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Job {
    /// Where it stands in the run.
    pub(super) place: usize,
    pub(super) phase: Phase,
    /// The operation's index.
    pub(super) operation: usize,
}

#[derive(Default)]
struct Queue {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    cases: VecDeque<(Place, Case)>,
    /// How many workers make requests.
    making: usize,
}

enum Next {
    Send(Place, Box<Case>),
    Make(Job),
    Wait,
    Done,
}

impl Queue {
    fn state(&self) -> MutexGuard<'_, State> {
        // A panic while the lock was held cannot have left the lists in pieces.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self) -> Next {
        let mut state = self.state();
        if let Some((place, case)) = state.cases.pop_front() {
            return Next::Send(place, Box::new(case));
        }
        match state.jobs.pop_front() {
            Some(job) => {
                state.making += 1;
                Next::Make(job)
            }
            None if state.making == 0 => Next::Done,
            None => Next::Wait,
        }
    }

    fn put(&self, job: Job, cases: Vec<Case>) {
        let mut state = self.state();
        let placed = cases.into_iter().enumerate().map(|(index, case)| ((job.place, index), case));
        state.cases.extend(placed);
        state.making -= 1;
        drop(state);
        self.changed.notify_waiters();
    }
}

/// Works through the jobs until they are done, or the time is over.
pub(super) async fn work(probe: &Arc<Probe>, jobs: Vec<Job>) {
    let queue = Arc::new(Queue::default());
    queue.state().jobs = jobs.into();
    let mut workers = JoinSet::new();
    for _ in 0..probe.options.workers.max(1) {
        let (probe, queue) = (Arc::clone(probe), Arc::clone(&queue));
        workers.spawn(async move {
            while !probe.is_over() {
                let changed = queue.changed.notified();
                match queue.next() {
                    Next::Send(place, case) => _ = probe.probe(place, *case).await,
                    Next::Make(job) => queue.put(job, probe.cases(&job)),
                    Next::Wait => changed.await,
                    Next::Done => break,
                }
            }
        });
    }
    while workers.join_next().await.is_some() {}
}
