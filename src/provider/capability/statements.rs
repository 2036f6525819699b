//! What an institution has issued.

use crate::domain::{ConsentReference, Page, Statement, StatementFile, StatementQuery};
use crate::provider::{Pages, Reply};

capability! {
    /// Reads statements and their files.
    pub trait Statements: Send + Sync {
        /// One page of an account's statements.
        fn statements<'a>(
            &'a self,
            consent: &'a ConsentReference,
            account_id: &'a str,
            query: &'a StatementQuery,
        ) -> Reply<'a, Page<Statement>>;

        /// All statements of an account, page by page as they are asked for.
        fn all_statements<'a>(
            &'a self,
            consent: &'a ConsentReference,
            account_id: &'a str,
            query: StatementQuery,
        ) -> Pages<'a, Statement> {
            Pages::of(query, move |query| async move { self.statements(consent, account_id, &query).await })
                .known_by(|statement| Some(statement.id.clone()))
        }

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
}
