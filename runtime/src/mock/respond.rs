//! HTTP around the answers.

use std::convert::Infallible;
use std::fmt;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};

use super::answer::{Answer, Ending};

/// The largest request that is read: 64 MiB.
const MAX_REQUEST: usize = 64 << 20;

/// Reads the body of a request; none when it breaks off or is too long.
pub(super) async fn read(mut body: Incoming) -> Option<Bytes> {
    let mut read = Vec::new();
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let Ok(data) = frame.ok()?.into_data() else { continue };
        if read.len().saturating_add(data.len()) > MAX_REQUEST {
            return None;
        }
        read.extend_from_slice(&data);
    }
    Some(read.into())
}

/// The connection is closed without an answer. hyper closes it when it gets an error.
#[derive(Debug)]
pub(super) struct HangUp;

impl fmt::Display for HangUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the stub hangs up")
    }
}

impl std::error::Error for HangUp {}

impl From<Infallible> for HangUp {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

/// The response of an answer, once its gate is open.
pub(super) async fn respond(answer: Answer) -> Result<hyper::Response<Written>, HangUp> {
    if let Some(gate) = &answer.gate {
        gate.pass().await;
    }
    let length = answer.body.len();
    let body = match answer.ending {
        Ending::Nothing => return Err(HangUp),
        Ending::Whole => Written { left: answer.body, missing: 0, paused: false },
        Ending::BrokenOff => {
            // Something is missing of every body, of an empty one, too.
            let left = answer.body.slice(..length / 2);
            let missing = (length - left.len()).max(1) as u64;
            Written { left, missing, paused: false }
        }
    };
    let mut response = hyper::Response::new(body);
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    Ok(response)
}

/// A body that may be announced longer than it is.
#[derive(Debug)]
pub(super) struct Written {
    left: Bytes,
    missing: u64,
    paused: bool,
}

impl Body for Written {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let body = self.get_mut();
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
        Poll::Ready(Some(Err(io::Error::other("the stub breaks off"))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left.len() as u64 + self.missing)
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty() && self.missing == 0
    }
}
