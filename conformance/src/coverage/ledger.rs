//! Everything that was never exercised, or was judged in part only.

use super::{Coverage, Dimension, Missing, OperationCoverage, Partial, SchemaCoverage};
use crate::schema::Direction;

/// An entry of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unchecked<'c> {
    /// An operation that was never called.
    Operation(&'c OperationCoverage),
    /// A parameter that was never sent, by name and location.
    Parameter(&'c OperationCoverage, &'c str, &'c str),
    /// A response that was never given, by status.
    Response(&'c OperationCoverage, &'c str),
    /// A body that never travelled: its status, none for a request, and its media type.
    MediaType(&'c OperationCoverage, Option<&'c str>, &'c str),
    /// A property, a listed value or an alternative that never travelled.
    Site(Direction, &'c Missing),
    /// What was judged in part only.
    Partial(&'c Partial),
}

impl Unchecked<'_> {
    /// What it is of; nothing, where it was judged in part.
    #[must_use]
    pub fn dimension(&self) -> Option<Dimension> {
        match self {
            Self::Operation(_) => Some(Dimension::Operations),
            Self::Parameter(..) => Some(Dimension::Parameters),
            Self::Response(..) => Some(Dimension::Responses),
            Self::MediaType(..) => Some(Dimension::MediaTypes),
            Self::Site(_, missing) => Some(missing.dimension),
            Self::Partial(_) => None,
        }
    }
}

impl Coverage {
    /// Everything that was never exercised, or was judged in part only. That an operation was never called says all there is to say of it.
    #[must_use]
    pub fn unchecked(&self) -> Vec<Unchecked<'_>> {
        let mut ledger = Vec::new();
        for operation in &self.tree {
            if operation.called {
                of_operation(operation, &mut ledger);
            } else {
                ledger.push(Unchecked::Operation(operation));
            }
        }
        for SchemaCoverage { direction, missing, .. } in &self.schemas {
            ledger.extend(missing.iter().map(|missing| Unchecked::Site(*direction, missing)));
        }
        ledger.extend(self.partial.iter().map(Unchecked::Partial));
        ledger
    }
}

fn of_operation<'c>(operation: &'c OperationCoverage, ledger: &mut Vec<Unchecked<'c>>) {
    let unsent = operation.parameters.iter().filter(|parameter| !parameter.sent);
    ledger.extend(unsent.map(|parameter| Unchecked::Parameter(operation, &parameter.name, &parameter.location)));
    let unsent = operation.request.iter().filter(|body| !body.given);
    ledger.extend(unsent.map(|body| Unchecked::MediaType(operation, None, &body.media_type)));
    for response in &operation.responses {
        if !response.given {
            ledger.push(Unchecked::Response(operation, &response.status));
            continue;
        }
        let others = response.media_types.iter().filter(|body| !body.given);
        ledger.extend(others.map(|body| Unchecked::MediaType(operation, Some(&response.status), &body.media_type)));
    }
}
