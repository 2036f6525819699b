//! A body that is read as it arrives.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;

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
