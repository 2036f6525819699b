//! A body that is read as it arrives.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use http_body::Body as _;
use reqwest::Response;

type Chunks = Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send + Sync>>;

/// The bytes of an answer, as they arrive. [`ResponseValue::bytes`](crate::ResponseValue::bytes) reads them all.
pub struct ByteStream(Chunks);

impl ByteStream {
    /// A stream of these chunks.
    #[must_use]
    pub fn new(chunks: Chunks) -> Self {
        Self(chunks)
    }

    /// The chunks.
    #[must_use]
    pub fn into_inner(self) -> Chunks {
        self.0
    }
}

impl From<Response> for ByteStream {
    fn from(response: Response) -> Self {
        Self::new(Box::pin(Arriving(response.into())))
    }
}

/// The body of an answer that is still coming in.
struct Arriving(reqwest::Body);

impl Stream for Arriving {
    type Item = reqwest::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match ready!(Pin::new(&mut self.0).poll_frame(context)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                // What is no data is a trailer (RFC 9110, section 6.5), which nobody asks for.
                Some(Ok(frame)) => {
                    if let Ok(chunk) = frame.into_data() {
                        return Poll::Ready(Some(Ok(chunk)));
                    }
                }
            }
        }
    }
}

impl Stream for ByteStream {
    type Item = reqwest::Result<Bytes>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().0.as_mut().poll_next(context)
    }
}

impl Deref for ByteStream {
    type Target = Chunks;

    fn deref(&self) -> &Chunks {
        &self.0
    }
}

impl DerefMut for ByteStream {
    fn deref_mut(&mut self) -> &mut Chunks {
        &mut self.0
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ByteStream")
    }
}
