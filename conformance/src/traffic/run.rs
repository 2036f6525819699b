//! From a stream to a judgement, over all processors.

use std::num::NonZero;
use std::ops::Range;
use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::bad::{BadEntry, Broken, Unreadable};
use super::cut::{Cut, Cutter};
use super::exchange::Exchange;
use super::judge::Judge;
use super::tally::{Judgement, Tally};
use super::{MAX_ENTRY, Options};
use crate::contract::Contract;
use crate::coverage::Marks;

/// How many bytes of items travel together: what a thread is woken for.
const BATCH: usize = 256 * 1024;

/// How many items travel together at most.
const MAX_ITEMS: usize = 256;

/// How many threads judge at most: one reads for all.
const MAX_THREADS: usize = 16;

/// Items on their way to a thread.
struct Batch {
    bytes: Vec<u8>,
    items: Vec<Item>,
}

impl Batch {
    /// With room for what usually travels together, so that nothing is moved while it fills.
    fn new() -> Self {
        Self { bytes: Vec::with_capacity(BATCH + BATCH / 4), items: Vec::with_capacity(MAX_ITEMS) }
    }
}

struct Item {
    cut: Cut,
    range: Range<usize>,
}

type ReadItem = fn(&[u8]) -> Result<Exchange, Unreadable>;

/// Judges all items of a stream. Besides what was found, two batches per thread are in memory.
pub(super) fn run(
    contract: &Contract,
    options: &Options,
    unit: &str,
    cutter: impl Cutter,
    read: ReadItem,
) -> Judgement {
    let threads = match options.threads {
        0 => thread::available_parallelism().map_or(1, NonZero::get),
        threads => threads,
    };
    let threads = threads.min(MAX_THREADS);
    let (sender, receiver) = sync_channel(threads);
    // Held by those who receive: when they are gone, nothing is sent any more.
    let receiver = Arc::new(Mutex::new(receiver));
    let Options { base_urls, redacted, profile, .. } = options;
    let marks = Marks::new(contract);
    let judge = Judge { contract, base_urls, redacted: *redacted, profile: *profile, marks: &marks };
    let (tally, broken) = thread::scope(|scope| {
        let work = |batches: Arc<Mutex<Receiver<Batch>>>| move || judge_all(judge, &batches, read, options);
        let working: Vec<_> = (0..threads).map(|_| scope.spawn(work(Arc::clone(&receiver)))).collect();
        drop(receiver);
        let broken = cut_all(cutter, sender).err();
        let mut whole = Tally::default();
        for thread in working {
            whole.add(thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        (whole, broken)
    });
    tally.judgement(judge, unit, broken)
}

fn cut_all(mut cutter: impl Cutter, sender: SyncSender<Batch>) -> Result<(), Broken> {
    let mut batch = Batch::new();
    loop {
        let start = batch.bytes.len();
        let cut = cutter.next(&mut batch.bytes);
        let is_last = !matches!(cut, Ok(Some(_)));
        if let Ok(Some(cut)) = cut {
            batch.items.push(Item { cut, range: start..batch.bytes.len() });
        } else {
            batch.bytes.truncate(start);
        }
        if is_last || batch.bytes.len() >= BATCH || batch.items.len() >= MAX_ITEMS {
            // Nobody receives any more only when a thread has panicked, which is told when it is joined.
            if sender.send(std::mem::replace(&mut batch, Batch::new())).is_err() {
                return Ok(());
            }
        }
        if is_last {
            return cut.map(drop);
        }
    }
}

fn judge_all(judge: Judge<'_>, batches: &Mutex<Receiver<Batch>>, read: ReadItem, options: &Options) -> Tally {
    let mut tally = Tally::default();
    loop {
        let received = batches.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Batch { bytes, items }) = received else { return tally };
        for Item { cut, range } in &items {
            match exchange(*cut, &bytes[range.clone()], read) {
                Ok(exchange) => {
                    let host = exchange.origin.host.clone();
                    tally.count(cut.number, &host, judge.judge(exchange));
                }
                Err(unreadable) => tally.bad(placed(*cut, unreadable)),
            }
        }
        if let Some(progress) = &options.progress {
            progress(items.len() as u64);
        }
    }
}

fn exchange(cut: Cut, bytes: &[u8], read: ReadItem) -> Result<Exchange, Unreadable> {
    if cut.too_large {
        return Err(Unreadable { message: format!("it is larger than {} MiB", MAX_ENTRY / 1024 / 1024), at: None });
    }
    read(bytes)
}

/// A place within an item, as a place of the file.
fn placed(cut: Cut, unreadable: Unreadable) -> BadEntry {
    let (line, column) = match unreadable.at {
        None => (cut.line, cut.column),
        Some((1, column)) => (cut.line, cut.column + column.saturating_sub(1)),
        Some((line, column)) => (cut.line + line.saturating_sub(1), column),
    };
    BadEntry { number: cut.number, line, column, message: unreadable.message }
}
