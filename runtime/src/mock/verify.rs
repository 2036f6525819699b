//! Whether everything was asked that was expected.

use std::error::Error as StdError;
use std::fmt::{self, Write as _};

use super::{Received, Route};

/// What was asked is not what was expected. Its `Debug` is its message, so that a failed test shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct Unmet(String);

/// Compares the requests with the expectations: pairs of an operation and how many requests it expects.
pub(super) fn verify<'r>(
    expected: impl Iterator<Item = (&'r Route, usize)>,
    received: &[Received],
) -> Result<(), Unmet> {
    let mut text = String::new();
    for (route, expected) in expected {
        let found = received.iter().filter(|request| request.operation_id() == Some(route.operation_id)).count();
        if found != expected {
            let _ = writeln!(text, "{}: expected {}, received {found}", route.words(), requests(expected));
        }
    }
    for request in received.iter().filter(|request| request.route.is_none()) {
        let _ = writeln!(text, "{request}");
    }
    if text.is_empty() {
        return Ok(());
    }
    text.push_str(if received.is_empty() { "nothing was received" } else { "received, in order:" });
    for request in received {
        let _ = write!(text, "\n  {request}");
    }
    Err(Unmet(text))
}

fn requests(number: usize) -> String {
    if number == 1 { "1 request".to_owned() } else { format!("{number} requests") }
}

impl fmt::Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for Unmet {}
