//! The completeness ledger: what a document has that the client has not.
//!
//! Each operation is asked for by its id, each parameter looked for in what arrives, each body by the type that it should have, each schema among
//! the bodies and parameters that lead to it, and each property and listed value among what its type knows by name ([`names`]).

pub(super) mod names;
mod operations;
mod types;

pub(super) use self::operations::operation;
pub(super) use self::types::schemas;
