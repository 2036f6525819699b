//! Reading a body into memory, up to a limit.

use std::fmt;
use std::future::poll_fn;

use bytes::{Bytes, BytesMut};
use reqwest::Response;

use crate::ByteStream;

/// The most bytes of a successful answer: 64 MiB.
pub(crate) const MAX_BODY: usize = 64 << 20;

/// The most bytes of an error's answer: 1 MiB.
pub(crate) const MAX_ERROR_BODY: usize = 1 << 20;

/// The most bytes of a body that an error keeps: 64 KiB.
pub(crate) const MAX_RAW_BODY: usize = 64 << 10;

/// A body could not be read to its end.
#[derive(Debug)]
pub(crate) enum ReadError {
    /// The connection failed.
    Connection(reqwest::Error),
    /// The body is longer than this many bytes.
    TooLong(usize),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connection(error) if error.is_timeout() => f.write_str("timed out within the body"),
            Self::Connection(_) => f.write_str("the connection failed within the body"),
            Self::TooLong(limit) => write!(f, "the body is longer than {limit} bytes"),
        }
    }
}

impl std::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Connection(error) => Some(error),
            Self::TooLong(_) => None,
        }
    }
}

/// What was read, and why not more.
pub(crate) struct Partial {
    pub(crate) read: Bytes,
    pub(crate) failure: Option<ReadError>,
}

impl Partial {
    /// The whole body.
    pub(crate) fn whole(self) -> Result<Bytes, (Bytes, ReadError)> {
        match self.failure {
            None => Ok(self.read),
            Some(failure) => Err((self.read, failure)),
        }
    }
}

/// Reads a response's body, at most `limit` bytes of it. Of one that says that it is longer, no more is read than an error
/// keeps.
pub(crate) async fn read_response(response: Response, limit: usize) -> Partial {
    let too_long = response.content_length().is_some_and(|length| usize::try_from(length).is_ok_and(|n| n > limit));
    let stream = ByteStream::from(response);
    if !too_long {
        return read(stream, limit).await;
    }
    let begin = read(stream, limit.min(MAX_RAW_BODY)).await;
    Partial { read: begin.read, failure: Some(ReadError::TooLong(limit)) }
}

/// Reads a stream, at most `limit` bytes of it.
pub(crate) async fn read(mut stream: ByteStream, limit: usize) -> Partial {
    let mut body = BytesMut::new();
    let failure = loop {
        match poll_fn(|context| stream.as_mut().poll_next(context)).await {
            None => break None,
            Some(Err(error)) => break Some(ReadError::Connection(error.without_url())),
            Some(Ok(chunk)) => {
                let room = limit - body.len();
                body.extend_from_slice(&chunk[..chunk.len().min(room)]);
                if chunk.len() > room {
                    break Some(ReadError::TooLong(limit));
                }
            }
        }
    };
    Partial { read: body.freeze(), failure }
}
