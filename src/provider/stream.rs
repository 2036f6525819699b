//! All pages of a list as one stream.

use std::collections::{HashSet, VecDeque};

use futures_util::Stream;
use futures_util::stream::try_unfold;

use super::Transactions;
use crate::domain::{ConsentReference, Cursor, Transaction, TransactionQuery};
use crate::error::{Error, MapError};

/// All transactions of an account, page by page as they are asked for.
///
/// An empty page does not end the stream; only the last page does. A provider that gives a cursor
/// twice would be read for ever: the stream ends with an error instead.
pub fn transactions<'a>(
    provider: &'a dyn Transactions,
    consent: &'a ConsentReference,
    account_id: &'a str,
    query: TransactionQuery,
) -> impl Stream<Item = Result<Transaction, Error>> + 'a {
    let start = State { query, ready: VecDeque::new(), seen: HashSet::new(), done: false };
    try_unfold(start, move |mut state| async move {
        while state.ready.is_empty() && !state.done {
            let page = provider.page(consent, account_id, &state.query).await?;
            state.ready.extend(page.items);
            state.advance(page.next)?;
        }
        Ok(state.ready.pop_front().map(|transaction| (transaction, state)))
    })
}

struct State {
    query: TransactionQuery,
    ready: VecDeque<Transaction>,
    seen: HashSet<Cursor>,
    done: bool,
}

impl State {
    fn advance(&mut self, next: Option<Cursor>) -> Result<(), Error> {
        match next {
            None => self.done = true,
            Some(cursor) if self.seen.insert(cursor.clone()) => self.query.cursor = Some(cursor),
            Some(_) => {
                let reason = "repeats, so the list would never end";
                return Err(MapError { provider: "pagination", field: "cursor".to_owned(), reason }.into());
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::pin::pin;
    use std::sync::Mutex;

    use futures_util::{FutureExt, TryStreamExt};

    use super::*;
    use crate::domain::{CreditDebit, Money, Page, Source};
    use crate::provider::Reply;

    /// Answers pages of (how many items, next cursor) in turn, and keeps the cursors it was asked for.
    struct Pages {
        pages: Mutex<VecDeque<(usize, Option<&'static str>)>>,
        asked: Mutex<Vec<Option<String>>>,
    }

    impl Transactions for Pages {
        fn page<'a>(
            &'a self,
            _: &'a ConsentReference,
            _: &'a str,
            query: &'a TransactionQuery,
        ) -> Reply<'a, Page<Transaction>> {
            self.asked.lock().unwrap().push(query.cursor.as_ref().map(|c| c.as_str().to_owned()));
            let (count, next) = self.pages.lock().unwrap().pop_front().unwrap();
            let items = (0..count).map(|_| transaction()).collect();
            let next = next.map(|text| Cursor::from(text.to_owned()));
            Box::pin(async move { Ok(Page { items, next, total: None }) })
        }
    }

    fn transaction() -> Transaction {
        Transaction {
            id: None,
            account_id: None,
            status: None,
            direction: CreditDebit::Credit,
            amount: Money::new(1.into(), "GBP".parse().unwrap()),
            booked_at: None,
            value_at: None,
            reference: None,
            description: None,
            merchant: None,
            creditor: None,
            debtor: None,
            bank_transaction_code: None,
            proprietary_code: None,
            charge: None,
            exchange: None,
            balance: None,
            source: Source::default(),
        }
    }

    fn read(pages: &[(usize, Option<&'static str>)]) -> (Result<usize, Error>, Vec<Option<String>>) {
        let provider = Pages { pages: Mutex::new(pages.iter().copied().collect()), asked: Mutex::default() };
        let consent = ConsentReference { id: String::new(), token: None };
        let stream = pin!(transactions(&provider, &consent, "a", TransactionQuery::default()));
        let all = stream.try_collect::<Vec<_>>().now_or_never().unwrap().map(|all| all.len());
        let asked = provider.asked.lock().unwrap().clone();
        (all, asked)
    }

    #[test]
    fn an_empty_page_does_not_end_the_stream() {
        let (count, asked) = read(&[(2, Some("a")), (0, Some("b")), (1, None)]);
        assert_eq!(count.unwrap(), 3);
        assert_eq!(asked, [None, Some("a".to_owned()), Some("b".to_owned())]);
    }

    #[test]
    fn a_cursor_that_repeats_ends_in_an_error() {
        let (result, _) = read(&[(1, Some("a")), (1, Some("b")), (1, Some("a"))]);
        assert!(result.unwrap_err().to_string().contains("repeats"));
    }
}
