//! Writes the transactions of a year to a file of comma-separated values.
//!
//! One page is in memory at a time, however long the list is, and amounts are written to the last digit. When a page cannot be
//! read, it is asked for again; when that is in vain, the example ends and says where to go on, and no row is lost or doubled.
//!
//! ```sh
//! cargo run -p obkit-example-domain --example transactions > year.csv
//! cargo run -p obkit-example-domain --example transactions -- CURSOR >> year.csv   # where it ended before
//! ```

use std::error::Error;
use std::fmt;
use std::io::{Write, stdout};

use futures_util::StreamExt as _;
use obkit::domain::{ConsentReference, Cursor, Transaction, TransactionQuery};
use obkit::provider::Provider;
use obkit_example_domain::Setup;

/// How often in a row the example asks for a page, each time with the connection's own retries and pauses.
const ATTEMPTS: u32 = 3;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let setup = Setup::new(&["yapily"]).await?;
    let (provider, access) = (setup.connect("yapily")?, setup.access("yapily")?);
    let accounts = provider.accounts()?.accounts(&access).await?;
    let account = accounts.first().ok_or("the holder has no account")?;

    let cursor = std::env::args().nth(1).map(Cursor::from);
    let rows = export(&*provider, &access, &account.id, year()?, cursor, &mut stdout().lock()).await?;
    eprintln!("{rows} transactions");
    Ok(())
}

/// A year that is over: a list that does not grow while it is read.
///
/// # Errors
/// None: the dates are dates.
pub fn year() -> Result<TransactionQuery, Box<dyn Error>> {
    let (from, to) = ("2025-01-01T00:00:00Z".parse()?, "2026-01-01T00:00:00Z".parse()?);
    Ok(TransactionQuery::default().between(Some(from), Some(to)).page_size(100))
}

/// Writes a row for each transaction of an account, from a cursor on, and gives their number. A file that is begun gets a heading.
///
/// # Errors
/// A page could not be read, which an [`Interrupted`] says; or `out` cannot be written.
pub async fn export(
    provider: &dyn Provider,
    access: &ConsentReference,
    account_id: &str,
    query: TransactionQuery,
    cursor: Option<Cursor>,
    out: &mut dyn Write,
) -> Result<u64, Box<dyn Error>> {
    let mut csv = csv::Writer::from_writer(out);
    let query = match cursor {
        Some(cursor) => query.starting_at(cursor),
        None => {
            csv.write_record(["id", "date", "amount", "currency", "status", "reference", "description"])?;
            query
        }
    };
    let mut transactions = provider.transactions()?.all_transactions(access, account_id, query);
    let (mut rows, mut failures) = (0, 0);
    while let Some(next) = transactions.next().await {
        match next {
            Ok(transaction) => {
                csv.write_record(row(&transaction))?;
                (rows, failures) = (rows + 1, 0);
            }
            Err(error) => {
                failures += 1;
                // An error is not the end of the stream: polled again, it asks for the same page.
                if !error.is_retryable() || failures == ATTEMPTS {
                    // Every row before that page is written, and none of it is.
                    csv.flush()?;
                    return Err(Interrupted { rows, cursor: transactions.page_cursor().cloned(), error }.into());
                }
            }
        }
    }
    csv.flush()?;
    Ok(rows)
}

fn row(transaction: &Transaction) -> [String; 7] {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    [
        text(&transaction.id),
        transaction.booked_at.map(|at| at.date().to_string()).unwrap_or_default(),
        // A decimal, with a minus for a debit. It was never a float, so nothing is rounded.
        transaction.signed_amount().to_string(),
        transaction.amount.currency.to_string(),
        transaction.status.as_ref().map(ToString::to_string).unwrap_or_default(),
        text(&transaction.reference),
        text(&transaction.description),
    ]
}

/// The list could not be read to its end.
#[derive(Debug)]
pub struct Interrupted {
    /// How many rows were written.
    pub rows: u64,
    /// Where to go on; absent for the beginning.
    pub cursor: Option<Cursor>,
    /// Why.
    pub error: obkit::Error,
}

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cursor = self.cursor.as_ref().map_or("the beginning", Cursor::as_str);
        write!(f, "{} transactions are written; go on from {cursor}: {}", self.rows, self.error)
    }
}

impl Error for Interrupted {}
