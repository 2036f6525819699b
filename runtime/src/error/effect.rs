//! Whether a call that failed did what it asked for.

use reqwest::StatusCode;

use super::{Error, Phase, Reason};

/// What is known of a request whose call failed: the question before a payment is made anew.
///
/// | the call ended with | effect |
/// |---|---|
/// | a request that was never sent | `None` |
/// | `400`, `401`, `403`, `404`, `422`, `429` and most of `4xx`, at the only attempt | `None` |
/// | the same after another attempt, which may have been the one that was executed | `Unknown` |
/// | `408`, `409`: another request under way or executed may be the reason | `Unknown` |
/// | any other status that is no success, and no answer at all | `Unknown` |
/// | a success whose body breaks off or is not as documented | `Done` |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// The provider did not act on it: what is wrong can be mended, and the request made anew, under any key.
    None,
    /// Nobody knows. A payment may be made again only under its idempotency key, or after a look at what there is.
    Unknown,
    /// The provider acted on it, and its answer cannot be read. Look at what there is.
    Done,
}

impl<E> Error<E> {
    /// Whether the request had an effect, as far as it can be told from what came back (RFC 9110, section 15.5: `4xx` says that
    /// the server did not act on what was asked).
    #[must_use]
    pub fn effect(&self) -> Effect {
        match (self.phase(), self.status()) {
            (Phase::BeforeSending, _) => Effect::None,
            (Phase::Answered, Some(status)) if status.is_success() && !matches!(self.0.reason, Reason::Status) => {
                Effect::Done
            }
            (Phase::Answered, Some(status))
                if refuses(status) && self.attempts().is_none_or(|attempts| attempts == 1) =>
            {
                Effect::None
            }
            _ => Effect::Unknown,
        }
    }
}

/// Whether a status says that this request was not executed, and no other in its place.
fn refuses(status: StatusCode) -> bool {
    status.is_client_error() && ![StatusCode::REQUEST_TIMEOUT, StatusCode::CONFLICT].contains(&status)
}
