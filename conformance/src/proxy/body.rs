//! Bodies on their way, and the copies of them.

use std::error::Error;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};

use super::passage::Passage;
use crate::exchange::MAX_BODY;
use crate::server::outgoing::Outgoing;
use crate::traffic::Recorded;

/// The copy of a body.
#[derive(Debug)]
pub(super) struct Copy {
    pub(super) bytes: Vec<u8>,
    pub(super) known: Recorded,
}

impl Default for Copy {
    fn default() -> Self {
        Self { bytes: Vec::new(), known: Recorded::Cut }
    }
}

/// Where the copy of a request's body is put.
pub(super) type Slot = Arc<Mutex<Copy>>;

/// A body that is forwarded as it comes, and copied.
pub(super) struct Passing {
    source: Source,
    copy: Copy,
    is_too_long: bool,
    has_ended: bool,
    then: Then,
}

enum Source {
    Incoming(Incoming),
    Ready(Outgoing),
}

/// Who has the copy when the body is over, whether or not it came to its end.
enum Then {
    Nobody,
    Request(Slot),
    Response(Box<Passage>),
}

impl Passing {
    fn new(source: Source, then: Then) -> Self {
        Self { source, copy: Copy::default(), is_too_long: false, has_ended: false, then }
    }

    pub(super) fn request(body: Incoming, slot: Slot) -> Self {
        Self::new(Source::Incoming(body), Then::Request(slot))
    }

    pub(super) fn response(body: Incoming, passage: Passage) -> Self {
        Self::new(Source::Incoming(body), Then::Response(Box::new(passage)))
    }

    /// A body that is there already, and that nobody copies.
    pub(super) fn ready(body: Bytes) -> Self {
        Self::new(Source::Ready(Outgoing::whole(body)), Then::Nobody)
    }

    fn take(&mut self, data: &Bytes) {
        if matches!(self.then, Then::Nobody) || self.is_too_long {
            return;
        }
        if self.copy.bytes.len() + data.len() > MAX_BODY {
            (self.copy.bytes, self.is_too_long) = (Vec::new(), true);
        } else {
            self.copy.bytes.extend_from_slice(data);
        }
    }
}

impl Body for Passing {
    type Data = Bytes;
    type Error = Box<dyn Error + Send + Sync>;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let body = self.get_mut();
        let frame = match &mut body.source {
            Source::Incoming(incoming) => Pin::new(incoming).poll_frame(context).map_err(Into::into),
            Source::Ready(ready) => Pin::new(ready).poll_frame(context).map_err(Into::into),
        };
        match &frame {
            Poll::Ready(Some(Ok(frame))) => {
                if let Some(data) = frame.data_ref() {
                    body.take(data);
                }
            }
            Poll::Ready(None) => body.has_ended = true,
            _ => {}
        }
        frame
    }

    fn size_hint(&self) -> SizeHint {
        match &self.source {
            Source::Incoming(incoming) => incoming.size_hint(),
            Source::Ready(ready) => ready.size_hint(),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.source {
            Source::Incoming(incoming) => incoming.is_end_stream(),
            Source::Ready(ready) => ready.is_end_stream(),
        }
    }
}

impl Drop for Passing {
    fn drop(&mut self) {
        // A body of known length is not asked whether there is more.
        if !self.is_too_long && (self.has_ended || self.is_end_stream()) {
            self.copy.known = Recorded::Whole;
        }
        let copy = std::mem::take(&mut self.copy);
        match std::mem::replace(&mut self.then, Then::Nobody) {
            Then::Nobody => {}
            Then::Request(slot) => *slot.lock().unwrap_or_else(PoisonError::into_inner) = copy,
            Then::Response(mut passage) => passage.answered(copy),
        }
    }
}
