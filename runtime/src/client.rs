//! What the operations of a generated client are called through.
//!
//! progenitor writes operations against traits of these names and methods. They stand here, so that a
//! client depends on one crate less, and a hook's error is the error of the call.

use reqwest::{Request, Response};

use crate::Error;

/// What a client is made of.
pub trait ClientInfo<Inner> {
    /// The version of the document.
    fn api_version() -> &'static str;

    /// The base URL of all operations that have none of their own.
    fn baseurl(&self) -> &str;

    /// The HTTP client.
    fn client(&self) -> &reqwest::Client;

    /// The transport.
    fn inner(&self) -> &Inner;
}

/// The operation that is called.
#[derive(Clone, Copy, Debug)]
pub struct OperationInfo {
    /// Its id in the document.
    pub operation_id: &'static str,
}

/// What happens around a call.
#[allow(async_fn_in_trait)]
pub trait ClientHooks<Inner>: ClientInfo<Inner> {
    /// Before the request is sent: spaces in the query become `%20`. `reqwest` writes them as forms do, and a `+` is a plus
    /// to everyone who reads a query as RFC 3986 has it.
    ///
    /// # Errors
    /// The request must not be sent.
    async fn pre<E>(&self, request: &mut Request, info: &OperationInfo) -> Result<(), Error<E>> {
        let _ = info;
        // A plus that is meant is `%2B` by now, whatever wrote it.
        let query = request.url().query().filter(|query| query.contains('+')).map(|query| query.replace('+', "%20"));
        if let Some(query) = query {
            request.url_mut().set_query(Some(&query));
        }
        Ok(())
    }

    /// Sends the request.
    ///
    /// # Errors
    /// It was not sent, or there was no answer.
    async fn exec(&self, request: Request, info: &OperationInfo) -> Result<Response, Error>;

    /// After the answer, or without one.
    ///
    /// # Errors
    /// The answer must not be used.
    async fn post<E>(&self, result: &Result<Response, Error>, info: &OperationInfo) -> Result<(), Error<E>> {
        let _ = (result, info);
        Ok(())
    }
}
