//! The bodies of answers: whole, broken off, or slow.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

/// In how many pieces a slow body comes.
const PIECES: usize = 8;

/// How far apart the pieces are.
const PAUSE: Duration = Duration::from_millis(100);

/// A body that may be announced longer than it is, and may take its time.
#[derive(Debug)]
pub(crate) struct Outgoing {
    left: Bytes,
    missing: u64,
    paused: bool,
    pace: Option<Pace>,
}

#[derive(Debug)]
struct Pace {
    piece: usize,
    pause: Option<Pin<Box<Sleep>>>,
}

impl Outgoing {
    pub(crate) fn whole(body: Bytes) -> Self {
        Self { left: body, missing: 0, paused: false, pace: None }
    }

    /// The first half; of an empty body something is missing, too.
    pub(super) fn truncated(body: &Bytes) -> Self {
        let left = body.slice(..body.len() / 2);
        let missing = (body.len() - left.len()).max(1) as u64;
        Self { left, missing, paused: false, pace: None }
    }

    pub(super) fn slow(body: Bytes) -> Self {
        let piece = body.len().div_ceil(PIECES).max(1);
        Self { pace: Some(Pace { piece, pause: None }), ..Self::whole(body) }
    }
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let body = self.get_mut();
        if let Some(pace) = body.pace.as_mut().filter(|_| !body.left.is_empty()) {
            ready!(pace.pause.get_or_insert_with(|| Box::pin(sleep(PAUSE))).as_mut().poll(context));
            pace.pause = None;
            let piece = body.left.split_to(pace.piece.min(body.left.len()));
            return Poll::Ready(Some(Ok(Frame::data(piece))));
        }
        if !body.left.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(std::mem::take(&mut body.left)))));
        }
        if body.missing == 0 {
            return Poll::Ready(None);
        }
        if !body.paused {
            // What was written so far goes out while the body is not ready, and would be dropped with an error.
            body.paused = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(io::Error::other("the answer is broken off"))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left.len() as u64 + self.missing)
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty() && self.missing == 0
    }
}
