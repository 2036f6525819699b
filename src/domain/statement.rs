//! Statements.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::Stream;
use obkit_runtime::bytes::Bytes;
use obkit_runtime::{ByteStream, ResponseValue};
use schemars::JsonSchema;
use serde::Serialize;

use super::{DateOrTime, ListQuery, Source};
use crate::error::Error;

/// A statement that an institution has issued for an account (UK Open Banking `OBStatement2`).
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Statement {
    /// The provider's id, which reading the statement and its file takes.
    pub id: String,
    /// The account.
    pub account_id: Option<String>,
    /// Where its period begins.
    pub from: Option<DateOrTime>,
    /// Where its period ends.
    pub to: Option<DateOrTime>,
    /// When it was issued.
    pub created_at: Option<DateOrTime>,
    /// The provider's own value.
    #[serde(skip)]
    pub source: Source,
}

/// Which statements to read.
pub type StatementQuery = ListQuery;

/// The document of a statement, usually a PDF: a stream of its bytes as they arrive.
///
/// Reading it from the stream has no limit; [`bytes`](Self::bytes) reads it into memory at once.
pub struct StatementFile(ResponseValue<ByteStream>);

impl StatementFile {
    pub(crate) fn new(answer: ResponseValue<ByteStream>) -> Self {
        Self(answer)
    }

    /// Its media type as sent, such as `application/pdf`.
    #[must_use]
    pub fn media_type(&self) -> Option<&str> {
        self.0.headers().get("content-type")?.to_str().ok()
    }

    /// The whole file in memory.
    ///
    /// # Errors
    /// The connection fails within the file, or it is longer than 64 MiB.
    pub async fn bytes(self) -> Result<Bytes, Error> {
        Ok(self.0.bytes().await?)
    }
}

impl Stream for StatementFile {
    type Item = Result<Bytes, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let chunks = &mut *self.get_mut().0;
        Pin::new(chunks).poll_next(context).map_err(|error| Error::Call(error.into()))
    }
}

impl fmt::Debug for StatementFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StatementFile").field("media_type", &self.media_type()).finish_non_exhaustive()
    }
}
