//! What the document says an operation answers. Generated code implements these traits for each operation.

use std::marker::PhantomData;

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{DecodeError, decode_json};

/// The operation has a response of this very status.
#[diagnostic::on_unimplemented(
    message = "the document has no response `{STATUS}` of `{Self}`",
    note = "`answers_range` and `answers_default` are for the responses of a range and of `default`, `answers_bytes` for \
            what no document says"
)]
pub trait Documents<const STATUS: u16> {
    /// What its body is.
    type Content: Content;
    /// The media type of the body, where there is one.
    const MEDIA_TYPE: Option<&'static str>;
}

/// The operation has a response for a hundred statuses, such as `4XX`.
#[diagnostic::on_unimplemented(message = "the document has no response `{HUNDREDS}XX` of `{Self}`")]
pub trait DocumentsRange<const HUNDREDS: u16> {
    /// What its body is.
    type Content: Content;
    /// The media type of the body, where there is one.
    const MEDIA_TYPE: Option<&'static str>;
}

/// The operation has a response for every other status (`default`).
#[diagnostic::on_unimplemented(message = "the document has no `default` response of `{Self}`")]
pub trait DocumentsDefault {
    /// What its body is.
    type Content: Content;
    /// The media type of the body, where there is one.
    const MEDIA_TYPE: Option<&'static str>;
}

/// The document has an example of a success.
#[diagnostic::on_unimplemented(message = "the document has no example of a success of `{Self}`")]
pub trait Exemplified {
    /// What its body is.
    type Content: Content;
}

/// What a body is: a value, and the bytes that stand for it.
pub trait Content {
    /// The value of a body that is sent.
    type Value: ?Sized;
    /// The value of a body that was read.
    type Read;

    /// The bytes of a value.
    ///
    /// # Errors
    /// The value has no such form.
    fn write(value: &Self::Value) -> Result<Bytes, String>;

    /// The value of bytes.
    ///
    /// # Errors
    /// The bytes stand for no such value.
    fn read(bytes: &[u8]) -> Result<Self::Read, DecodeError>;
}

/// A JSON body.
#[derive(Debug)]
pub struct Json<T>(PhantomData<T>);

impl<T: Serialize + DeserializeOwned> Content for Json<T> {
    type Value = T;
    type Read = T;

    fn write(value: &T) -> Result<Bytes, String> {
        serde_json::to_vec(value).map(Bytes::from).map_err(|error| error.to_string())
    }

    fn read(bytes: &[u8]) -> Result<T, DecodeError> {
        decode_json(bytes)
    }
}

/// A body of bytes.
#[derive(Debug)]
pub struct Raw;

impl Content for Raw {
    type Value = [u8];
    type Read = Bytes;

    fn write(value: &[u8]) -> Result<Bytes, String> {
        Ok(Bytes::copy_from_slice(value))
    }

    fn read(bytes: &[u8]) -> Result<Bytes, DecodeError> {
        Ok(Bytes::copy_from_slice(bytes))
    }
}

/// No body.
#[derive(Debug)]
pub struct Empty;

impl Content for Empty {
    type Value = ();
    type Read = ();

    fn write((): &()) -> Result<Bytes, String> {
        Ok(Bytes::new())
    }

    fn read(_: &[u8]) -> Result<(), DecodeError> {
        Ok(())
    }
}
