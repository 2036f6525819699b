//! Statements of Yapily.

use obkit_yapily::types as yapily;

use super::Yapily;
use super::client::{Position, position, token};
use super::map::{MAPPER, next_offset, total};
use crate::domain::{ConsentReference, Cursor, Page, Source, Statement, StatementFile, StatementQuery};
use crate::error::{Error, MapError};
use crate::provider::mapping::{each, invalid_request};
use crate::provider::{Reply, Statements};

impl Statements for Yapily {
    fn statements<'a>(
        &'a self,
        consent: &'a ConsentReference,
        account_id: &'a str,
        query: &'a StatementQuery,
    ) -> Reply<'a, Page<Statement>> {
        Box::pin(async move {
            let mut call = self.api().get_statements().account_id(account_id).consent(token(consent)?);
            if let Some(from) = query.from {
                call = call.from(from.to_rfc3339());
            }
            if let Some(to) = query.to {
                call = call.before(to.to_rfc3339());
            }
            if let Some(size) = query.page_size {
                call = call.limit(i64::from(size));
            }
            let mut offset = 0;
            if let Some(at) = query.cursor.as_ref().map(start).transpose()? {
                offset = u64::from(at.unsigned_abs());
                call = call.offset(at);
            }
            Ok(statements(&*call.send().await?, account_id, offset)?)
        })
    }

    fn statement<'a>(
        &'a self,
        consent: &'a ConsentReference,
        account_id: &'a str,
        statement_id: &'a str,
    ) -> Reply<'a, Statement> {
        Box::pin(async move {
            let call = self.api().get_statement().account_id(account_id).statement_id(statement_id);
            Ok(statement_answer(&*call.consent(token(consent)?).send().await?, account_id)?)
        })
    }

    fn file<'a>(
        &'a self,
        consent: &'a ConsentReference,
        account_id: &'a str,
        statement_id: &'a str,
    ) -> Reply<'a, StatementFile> {
        Box::pin(async move {
            let call = self.api().get_statement_file().account_id(account_id).statement_id(statement_id);
            Ok(StatementFile::new(call.consent(token(consent)?).send().await?))
        })
    }
}

/// Where a page of statements begins. Unlike transactions they have no cursors of the institution.
fn start(cursor: &Cursor) -> Result<i32, Error> {
    match position(cursor)? {
        Position::Offset(at) => Ok(at),
        Position::Cursor(_) => Err(invalid_request("the cursor is one of transactions, not of statements")),
    }
}

/// The statements of an answer, and where the next page begins; `offset` is the offset that the page was asked for.
///
/// # Errors
/// A statement has no id, or a date cannot be read.
pub fn statements(
    source: &yapily::ApiListResponseOfAccountStatement,
    account_id: &str,
    offset: u64,
) -> Result<Page<Statement>, MapError> {
    let data = source.data.as_deref().unwrap_or_default();
    let pagination = source.meta.as_ref().and_then(|meta| meta.pagination.as_ref());
    Ok(Page {
        items: each("data", data, |item| statement(item, account_id))?,
        next: pagination.and_then(|p| p.next.as_ref()).and_then(|_| next_offset(offset, data.len())),
        total: total(pagination),
    })
}

/// The statement of an answer.
///
/// # Errors
/// It has no id, or a date cannot be read.
pub fn statement_answer(
    source: &yapily::ApiResponseOfAccountStatement,
    account_id: &str,
) -> Result<Statement, MapError> {
    let data = MAPPER.required("data", source.data.as_ref())?;
    statement(data, account_id).map_err(|error| error.within("data"))
}

fn statement(source: &yapily::AccountStatement, account_id: &str) -> Result<Statement, MapError> {
    Ok(Statement {
        id: MAPPER.required("id", source.id.clone())?,
        account_id: Some(account_id.to_owned()),
        from: MAPPER.date_or_time("startDateTime", source.start_date_time.as_ref())?,
        to: MAPPER.date_or_time("endDateTime", source.end_date_time.as_ref())?,
        created_at: MAPPER.date_or_time("creationDateTime", source.creation_date_time.as_ref())?,
        source: Source::of(source.clone()),
    })
}
