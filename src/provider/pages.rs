//! All pages of a list as one stream.

use std::collections::HashSet;
use std::fmt;
use std::hash::{BuildHasher, Hash, RandomState};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_util::Stream;

use super::Reply;
use crate::domain::{Cursor, ListQuery, Page};
use crate::error::{Error, MapError};

mod overlap;

use overlap::Overlap;

/// The call for the page at a cursor.
type Ask<'a, T> = Box<dyn FnMut(Option<Cursor>) -> Reply<'a, Page<T>> + Send + 'a>;

/// All items of a list, page by page as they are asked for: a stream that holds one page at a time.
///
/// It makes no difference how the provider pages: by offset, by a cursor, by the key of the last item, or not at all. An
/// empty page does not end the stream; only the last page does.
///
/// **An error is not the end.** When a page cannot be read, the stream gives the error, and if it is polled again it asks
/// for the same page again: nothing is lost, and nothing comes twice. So whoever goes on after an error should look at
/// it ([`Error::is_retryable`]): a call that fails for good fails each time. `try_next` and `try_collect` stop at the first.
///
/// One error is the end: a provider that gives a cursor twice would be read for ever, and so would one that answers the same
/// page to every offset. The items before it are given.
///
/// **Lists that change meanwhile.** A cursor or a key keeps its place. An offset does not: an item that is new at the
/// beginning moves the rest, and the next page begins with what the last one ended with. Where items have ids, such a
/// repeated beginning is left out; see [`known_by`](Self::known_by). Two things cannot be seen: what an item that *vanished* moved
/// past the offset, and where a page goes on that begins with new items, because more came than were read. A window that
/// is over ([`between`](ListQuery::between)) has neither.
///
/// ```
/// use futures_util::TryStreamExt as _;
/// use obkit::domain::{Cursor, Page};
/// use obkit::provider::Pages;
///
/// # async fn example() -> Result<(), obkit::Error> {
/// // Any call that answers pages will do: here, one that counts to five in twos.
/// let mut numbers = Pages::new(None, |cursor| async move {
///     let offset = cursor.as_ref().and_then(Cursor::as_offset).unwrap_or(0);
///     let items: Vec<u64> = (offset..5).take(2).collect();
///     let next = (offset + 2 < 5).then(|| Cursor::offset(offset + 2));
///     Ok(Page { items, next, total: Some(5) })
/// });
/// let mut sum = 0;
/// while let Some(number) = numbers.try_next().await? {
///     sum += number;
/// }
/// assert_eq!(sum, 10);
/// # Ok(())
/// # }
/// # futures_util::FutureExt::now_or_never(example()).unwrap().unwrap();
/// ```
pub struct Pages<'a, T> {
    ask: Ask<'a, T>,
    /// The page that was asked for and is not here yet.
    asked: Option<Reply<'a, Page<T>>>,
    /// What is left of the page that is here, and where that page begins.
    left: std::vec::IntoIter<T>,
    current: Option<Cursor>,
    next: Next,
    seen: Seen,
    overlap: Option<Overlap<'a, T>>,
}

enum Next {
    Page(Option<Cursor>),
    /// There would be pages for ever, and why.
    Endless(&'static str),
    None,
}

impl<'a, T> Pages<'a, T> {
    /// The pages of a list from a cursor on, or from its beginning. `ask` makes the call for one page.
    pub fn new<F, R>(start: Option<Cursor>, mut ask: F) -> Self
    where
        F: FnMut(Option<Cursor>) -> R + Send + 'a,
        R: Future<Output = Result<Page<T>, Error>> + Send + 'a,
    {
        Self {
            ask: Box::new(move |cursor| Box::pin(ask(cursor))),
            asked: None,
            left: Vec::new().into_iter(),
            current: start.clone(),
            seen: Seen::new(start.as_ref()),
            next: Next::Page(start),
            overlap: None,
        }
    }

    /// The pages of a query: `ask` is given the query of each page in turn.
    pub fn of<Q, F, R>(query: ListQuery<Q>, mut ask: F) -> Self
    where
        Q: Clone + Send + 'a,
        F: FnMut(ListQuery<Q>) -> R + Send + 'a,
        R: Future<Output = Result<Page<T>, Error>> + Send + 'a,
    {
        Self::new(query.cursor.clone(), move |cursor| ask(ListQuery { cursor, ..query.clone() }))
    }

    /// Says what an item is known by, for lists that are read by offset: the beginning of a page is left out when it is,
    /// item for item, what the pages before ended with. Items that are known by nothing are never left out.
    ///
    /// The last 4096 items are remembered, and no page by a cursor is compared with them: it may well hold the same
    /// id again. Nothing is left out, either, when what it begins with came more than once: then it identifies nothing.
    ///
    /// By this, too, a provider is found out that answers one page to all offsets: when it came 64 times more, the stream ends
    /// with an error. Without it, or with an item that is known by nothing, such a list has no end.
    #[must_use]
    pub fn known_by<K: Hash>(mut self, key: impl Fn(&T) -> Option<K> + Send + 'a) -> Self {
        self.overlap = Some(Overlap::new(key));
        self
    }

    /// Where the page begins that the last item came from, or that was asked for last: absent for the first one. Who
    /// begins there again, in another process perhaps, loses nothing, and reads the page's own items again.
    #[must_use]
    pub fn page_cursor(&self) -> Option<&Cursor> {
        self.current.as_ref()
    }

    /// Goes on to the next page, if there is one; an error if its cursor repeats.
    fn turn(&mut self) -> Option<Result<&mut Reply<'a, Page<T>>, Error>> {
        if self.asked.is_none() {
            match &self.next {
                Next::None => return None,
                Next::Endless(reason) => {
                    let error = MapError::new("pagination", "cursor", reason);
                    self.next = Next::None;
                    return Some(Err(error.into()));
                }
                Next::Page(cursor) => {
                    // The page before is done with: its memory, too.
                    self.left = Vec::new().into_iter();
                    self.current.clone_from(cursor);
                    self.asked = Some((self.ask)(cursor.clone()));
                }
            }
        }
        self.asked.as_mut().map(Ok)
    }

    fn take(&mut self, page: Page<T>) {
        let mut items = page.items;
        if let Some(overlap) = &mut self.overlap {
            overlap.pass(&mut items, self.current.as_ref().is_some_and(|cursor| cursor.as_offset().is_some()));
        }
        self.left = items.into_iter();
        self.next = match page.next {
            None => Next::None,
            Some(_) if self.overlap.as_ref().is_some_and(Overlap::stands_still) => {
                Next::Endless("leads to the same page again and again, so the list would never end")
            }
            Some(cursor) if self.seen.is_new(&cursor) => Next::Page(Some(cursor)),
            Some(_) => Next::Endless("repeats, so the list would never end"),
        };
    }
}

impl<T> Unpin for Pages<'_, T> {}

impl<T> Stream for Pages<'_, T> {
    type Item = Result<T, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let pages = self.get_mut();
        loop {
            if let Some(item) = pages.left.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            let outcome = match pages.turn() {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(asked)) => ready!(asked.as_mut().poll(context)),
            };
            pages.asked = None;
            match outcome {
                Ok(page) => pages.take(page),
                // `next` stays, so the same page is asked for again.
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
    }

    /// At least what is left of the page that is here.
    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.left.len();
        (left, matches!(self.next, Next::None).then_some(left))
    }
}

impl<T> fmt::Debug for Pages<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("left", &self.left.len()).finish_non_exhaustive()
    }
}

/// The cursors that were given so far: of texts a hash each, of offsets the furthest.
struct Seen {
    hasher: RandomState,
    texts: HashSet<u64>,
    furthest: u64,
}

impl Seen {
    fn new(start: Option<&Cursor>) -> Self {
        let mut seen = Self { hasher: RandomState::new(), texts: HashSet::new(), furthest: 0 };
        if let Some(start) = start {
            seen.is_new(start);
        }
        seen
    }

    /// Whether a cursor leads on, and was not given before.
    fn is_new(&mut self, cursor: &Cursor) -> bool {
        match cursor.as_offset() {
            Some(offset) if offset > self.furthest => {
                self.furthest = offset;
                true
            }
            Some(_) => false,
            None => self.texts.insert(self.hasher.hash_one(cursor.as_str())),
        }
    }
}
