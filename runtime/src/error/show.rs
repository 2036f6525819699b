//! What an error says of itself.

use std::error::Error as StdError;
use std::fmt;

use super::{Error, Reason};
use crate::transport::never_sent;

impl<E> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        if let Some(operation) = inner.operation {
            write!(f, "{operation}: ")?;
        }
        match (&inner.reason, inner.status) {
            (Reason::InvalidRequest(message), _) => write!(f, "invalid request: {message}")?,
            (Reason::Refused(message), _) => write!(f, "not sent: {message}")?,
            (Reason::OutOfTime(message), _) => write!(f, "not sent: {message}")?,
            (Reason::NoCredentials(error), _) => write!(f, "not sent: {error}")?,
            (Reason::Lost(message), _) => f.write_str(message)?,
            (Reason::Transport(error), _) => {
                f.write_str(transport_failure(error))?;
                if let Some(tls) = self.tls() {
                    write!(f, ": {}", tls.words())?;
                }
            }
            (_, None) => f.write_str("answered")?,
            (_, Some(status)) => write!(f, "answered {status}")?,
        }
        match &inner.reason {
            Reason::Unreadable(failure) => write!(f, ", but {failure}")?,
            Reason::Undecodable(failure) => write!(f, ", but the body is {failure}")?,
            _ => {}
        }
        if let Some(attempts) = inner.attempts.filter(|attempts| *attempts > 1) {
            write!(f, " after {attempts} attempts")?;
        }
        if let Some(id) = &inner.request_id {
            write!(f, " (request id {id})")?;
        }
        Ok(())
    }
}

fn transport_failure(error: &reqwest::Error) -> &'static str {
    if error.is_builder() {
        "the request could not be built"
    } else if never_sent(error) {
        "could not connect"
    } else if error.is_timeout() {
        "timed out"
    } else {
        "the connection failed"
    }
}

impl<E> fmt::Debug for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("phase", &self.0.phase)
            .field("message", &format_args!("{self}"))
            .finish_non_exhaustive()
    }
}

impl<E> StdError for Error<E> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0.reason {
            Reason::Transport(error) => Some(error),
            Reason::Unreadable(failure) => failure.source(),
            Reason::Undecodable(failure) => Some(failure),
            Reason::NoCredentials(error) => Some(error),
            Reason::InvalidRequest(_)
            | Reason::Refused(_)
            | Reason::OutOfTime(_)
            | Reason::Lost(_)
            | Reason::Status => None,
        }
    }
}
