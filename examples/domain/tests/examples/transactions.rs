#[path = "../../transactions.rs"]
#[allow(dead_code, unreachable_pub)]
mod example;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use example::{Interrupted, export, year};
use obkit::domain::Cursor;
use obkit_example_domain::{Setup, account_of_a_year};

use crate::{asked, text};

/// How many answers of `503` a call of the connection sees before it gives up.
const ATTEMPTS_OF_A_CALL: u32 = 3;

/// A provider that answers `503` so often when the page at offset 400 is asked for.
async fn setup(failures: u32) -> Setup {
    let setup = Setup::local(&["yapily"]).await.unwrap();
    let failures = Arc::new(AtomicU32::new(failures));
    let is_down = move |offset| {
        let fewer = |left: u32| left.checked_sub(1);
        offset == 400 && failures.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fewer).is_ok()
    };
    account_of_a_year(setup.server("yapily").unwrap(), is_down).unwrap();
    setup
}

async fn exported(setup: &Setup, cursor: Option<Cursor>, out: &mut Vec<u8>) -> Result<u64, Box<Interrupted>> {
    let (provider, access) = (setup.connect("yapily").unwrap(), setup.access("yapily").unwrap());
    let exported = export(&*provider, &access, "account", year().unwrap(), cursor, out).await;
    exported.map_err(|error| error.downcast().expect("only a page fails"))
}

#[track_caller]
fn assert_whole(csv: &str) {
    let rows: Vec<_> = csv.lines().collect();
    assert_eq!(rows.len(), 731, "a heading, and each transaction once");
    assert_eq!(rows[0], "id,date,amount,currency,status,reference,description");
    for (number, row) in rows[1..].iter().enumerate() {
        assert!(row.starts_with(&format!("transaction-{number:03},2025-")), "{row}");
    }
    let last =
        "transaction-729,2025-12-31,-729.07,GBP,BOOKED,\"Order 729, \"\"thanks\"\"\",Card payment to Corner Coffee";
    assert_eq!(rows[730], last);
}

#[tokio::test]
async fn a_year_is_written_page_by_page() {
    let (setup, mut out) = (setup(0).await, Vec::new());
    assert_eq!(exported(&setup, None, &mut out).await.unwrap(), 730);
    assert_whole(&text(out));
    let pages = asked(&setup, "yapily", &["getTransactions"]);
    let query = |name: &str| -> Vec<_> { pages.iter().map(|page| page.parameter("query", name).cloned()).collect() };
    let offsets: Vec<_> =
        query("offset").iter().map(|offset| offset.as_ref().map_or(0, |n| n.as_u64().unwrap())).collect();
    assert_eq!(offsets, [0, 100, 200, 300, 400, 500, 600, 700]);
    assert!(query("limit").iter().all(|limit| *limit == Some(100.into())));
    assert!(query("from").iter().all(|from| *from == Some("2025-01-01T00:00:00+00:00".into())));
}

#[tokio::test]
async fn a_page_that_fails_for_a_while_is_asked_for_again() {
    let (setup, mut out) = (setup(2 * ATTEMPTS_OF_A_CALL).await, Vec::new());
    assert_eq!(exported(&setup, None, &mut out).await.unwrap(), 730);
    assert_whole(&text(out));
}

#[tokio::test]
async fn what_was_interrupted_goes_on_where_it_ended() {
    let (setup, mut out) = (setup(3 * ATTEMPTS_OF_A_CALL).await, Vec::new());
    let interrupted = exported(&setup, None, &mut out).await.unwrap_err();
    assert_eq!((interrupted.rows, out.split(|byte| *byte == b'\n').count()), (400, 402), "all of it is flushed");
    let words = interrupted.to_string();
    assert!(words.starts_with("400 transactions are written; go on from offset:400: "), "{words}");
    let cursor = Cursor::from(interrupted.cursor.unwrap().as_str().to_owned());
    assert_eq!(exported(&setup, Some(cursor), &mut out).await.unwrap(), 330);
    assert_whole(&text(out));
}
