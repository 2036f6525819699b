//! What an institution has issued.

use crate::domain::{ConsentReference, Page, Statement, StatementFile, StatementQuery};
use crate::provider::Reply;

/// Reads statements and their files.
pub trait Statements: Send + Sync {
    /// One page of an account's statements.
    fn statements<'a>(
        &'a self,
        consent: &'a ConsentReference,
        account_id: &'a str,
        query: &'a StatementQuery,
    ) -> Reply<'a, Page<Statement>>;

    /// One statement.
    fn statement<'a>(
        &'a self,
        consent: &'a ConsentReference,
        account_id: &'a str,
        statement_id: &'a str,
    ) -> Reply<'a, Statement>;

    /// The file of a statement, as the institution issued it.
    fn file<'a>(
        &'a self,
        consent: &'a ConsentReference,
        account_id: &'a str,
        statement_id: &'a str,
    ) -> Reply<'a, StatementFile>;
}
