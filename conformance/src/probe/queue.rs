//! Workers that make requests and send them.

use std::collections::VecDeque;
use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::Probe;
use super::maker::Maker;
use super::options::Phase;

/// A phase of one operation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Job {
    /// Where it stands in the run.
    pub(super) place: usize,
    pub(super) phase: Phase,
    /// The operation's index.
    pub(super) operation: usize,
}

struct Queue {
    state: Mutex<State>,
    /// How many jobs are under way at a time: making requests keeps a processor busy, and each job has its values in memory.
    limit: usize,
    changed: Notify,
}

struct State {
    jobs: VecDeque<Job>,
    /// Jobs under way that nobody makes requests of at the moment.
    makers: VecDeque<Maker>,
    /// How many workers make requests.
    making: usize,
}

enum Next {
    Make(Box<Maker>),
    Begin(Job),
    Wait,
    Done,
}

impl Queue {
    fn new(jobs: Vec<Job>) -> Self {
        let limit = thread::available_parallelism().map_or(1, NonZero::get);
        let state = State { jobs: jobs.into(), makers: VecDeque::new(), making: 0 };
        Self { state: Mutex::new(state), limit, changed: Notify::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic while the lock was held cannot have left the lists in pieces.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self) -> Next {
        let mut state = self.state();
        if let Some(maker) = state.makers.pop_front() {
            state.making += 1;
            return Next::Make(Box::new(maker));
        }
        if state.making >= self.limit {
            return Next::Wait;
        }
        match state.jobs.pop_front() {
            Some(job) => {
                state.making += 1;
                Next::Begin(job)
            }
            None if state.making == 0 => Next::Done,
            None => Next::Wait,
        }
    }

    /// Takes back a job that has more requests; none, where it has no more.
    fn put(&self, maker: Option<Maker>) {
        let mut state = self.state();
        state.makers.extend(maker);
        state.making -= 1;
        drop(state);
        self.changed.notify_waiters();
    }
}

/// Works through the jobs until they are done, or the time is over.
pub(super) async fn work(probe: &Arc<Probe>, jobs: Vec<Job>) {
    let queue = Arc::new(Queue::new(jobs));
    let mut workers = JoinSet::new();
    for _ in 0..probe.options.workers.max(1) {
        let (probe, queue) = (Arc::clone(probe), Arc::clone(&queue));
        workers.spawn(async move {
            loop {
                let changed = queue.changed.notified();
                match queue.next() {
                    Next::Begin(_) if probe.stops() => {
                        queue.put(None);
                        break;
                    }
                    Next::Begin(job) => queue.put(probe.maker(job)),
                    Next::Make(mut maker) => {
                        let made = maker.next(&probe.plan(), || probe.stops());
                        queue.put(made.is_some().then_some(*maker));
                        if let Some((place, case)) = made {
                            _ = probe.probe(place, case).await;
                        }
                    }
                    Next::Wait => changed.await,
                    Next::Done => break,
                }
            }
        });
    }
    while let Some(ended) = workers.join_next().await {
        // The others might wait for ever for what a worker had in its hands.
        if let Some(panic) = ended.err().and_then(|error| error.try_into_panic().ok()) {
            resume_unwind(panic);
        }
    }
}
