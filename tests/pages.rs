//! Streams over pages: nothing is lost and nothing comes twice, whatever happens on the way.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::sync::Mutex;

use futures_util::{FutureExt as _, StreamExt as _, TryStreamExt as _};
use obkit::Error;
use obkit::domain::{Cursor, ListQuery, Page};
use obkit::provider::Pages;
use proptest::prelude::*;

/// How a provider says where the next page begins.
#[derive(Clone, Copy, Debug)]
enum Style {
    /// How many items were given.
    Offset,
    /// A text without meaning. The last page has one, too, and an empty page follows it.
    Cursor,
    /// The key of the last item, until there are no more.
    Keyset,
    /// There is one page.
    None,
}

/// A provider: which items it has, how long its pages are, and which of its calls fail.
#[derive(Clone, Debug)]
struct List {
    style: Style,
    items: Vec<u32>,
    /// The lengths of the pages in turn; an offset cannot have empty ones.
    lengths: Vec<usize>,
    failing: BTreeSet<usize>,
}

fn failure() -> Error {
    obkit::runtime::Error::<()>::refused("the page cannot be read").into()
}

impl List {
    /// One page from a place on: the how-manieth page it is decides how long it is.
    fn page(&self, cursor: Option<&Cursor>) -> Page<u32> {
        let (number, from) = match (self.style, cursor) {
            (_, None) => (0, 0),
            (Style::Offset, Some(cursor)) => {
                let offset = usize::try_from(cursor.as_offset().unwrap()).unwrap();
                (offset, offset)
            }
            (_, Some(cursor)) => {
                let (number, from) = cursor.as_str().split_once('/').unwrap();
                (number.parse().unwrap(), from.parse().unwrap())
            }
        };
        let length = match self.style {
            Style::None => self.items.len(),
            Style::Offset => self.lengths[number % self.lengths.len()].max(1),
            Style::Cursor | Style::Keyset => {
                // So that no list is endless.
                self.lengths[number % self.lengths.len()].max(usize::from(number > 100))
            }
        };
        let to = (from + length).min(self.items.len());
        let items = self.items[from..to].to_vec();
        let next = match self.style {
            Style::None => None,
            Style::Offset => (!items.is_empty()).then(|| Cursor::offset(u64::try_from(to).unwrap())),
            Style::Cursor if from == self.items.len() && number > 0 => None,
            Style::Keyset if to == self.items.len() => None,
            Style::Cursor | Style::Keyset => Some(Cursor::from(format!("{}/{to}", number + 1))),
        };
        Page { items, next, total: None }
    }

    /// Reads all of it, going on after every error; and how often each page was asked for.
    fn read(&self) -> (Vec<u32>, usize, Vec<Option<Cursor>>) {
        let asked = Mutex::new(Vec::new());
        let pages = Pages::new(None, |cursor: Option<Cursor>| {
            asked.lock().unwrap().push(cursor.clone());
            let fails = self.failing.contains(&asked.lock().unwrap().len());
            let page = if fails { Err(failure()) } else { Ok(self.page(cursor.as_ref())) };
            std::future::ready(page)
        });
        let all = now(pages.known_by(|item| Some(*item)).collect::<Vec<_>>());
        let errors = all.iter().filter(|item| item.is_err()).count();
        (all.into_iter().flatten().collect(), errors, asked.into_inner().unwrap())
    }
}

fn now<T>(future: impl Future<Output = T>) -> T {
    future.now_or_never().expect("nothing waits")
}

fn style() -> impl Strategy<Value = Style> {
    prop_oneof![Just(Style::Offset), Just(Style::Cursor), Just(Style::Keyset), Just(Style::None)]
}

prop_compose! {
    fn list()(
        style in style(),
        length in 0_u32..60,
        lengths in prop::collection::vec(0_usize..7, 1..6),
        failing in prop::collection::btree_set(1_usize..40, 0..20),
    ) -> List {
        List { style, items: (0..length).collect(), lengths, failing }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn pages_together_are_the_list(list in list()) {
        let (items, errors, asked) = list.read();
        prop_assert_eq!(&items, &list.items);
        // Every call that failed was made again for the same page, and no other one was made twice.
        prop_assert_eq!(errors, list.failing.iter().filter(|call| **call <= asked.len()).count());
        for (call, pair) in asked.windows(2).enumerate() {
            prop_assert_eq!(pair[0] == pair[1], list.failing.contains(&(call + 1)));
        }
    }

    /// New items come in front between the pages, so that offsets mean other items.
    #[test]
    fn a_list_that_grows_in_front_gives_nothing_twice(
        length in 0_usize..80,
        size in 1_usize..9,
        growth in prop::collection::vec(0_usize..12, 1..10),
    ) {
        // The list, and how many pages were asked for.
        let state = Mutex::new(((0..length).collect::<Vec<_>>(), 0));
        let pages = Pages::new(None, |cursor| {
            let (list, asked) = &mut *state.lock().unwrap();
            *asked += 1;
            // It comes to rest, and before that does not grow by more than was read.
            let newest = list.len();
            let read = usize::try_from(cursor.as_ref().and_then(Cursor::as_offset).unwrap_or(0)).unwrap();
            let new = growth[*asked % growth.len()].min(read.saturating_sub(newest - length));
            let new = if *asked < 30 { new } else { 0 };
            list.splice(0..0, newest..newest + new);
            std::future::ready(Ok(by_offset(list, cursor.as_ref(), size)))
        });
        let items: Vec<_> = now(pages.known_by(|item| Some(*item)).try_collect()).unwrap();
        prop_assert_eq!(items, (0..length).collect::<Vec<_>>());
    }
}

fn by_offset<T: Clone>(list: &[T], cursor: Option<&Cursor>, size: usize) -> Page<T> {
    let offset = usize::try_from(cursor.and_then(Cursor::as_offset).unwrap_or(0)).unwrap();
    let items: Vec<_> = list.iter().skip(offset).take(size).cloned().collect();
    let next = (!items.is_empty()).then(|| Cursor::offset(u64::try_from(offset + items.len()).unwrap()));
    Page { items, next, total: None }
}

/// Pages by offset that are these, whatever the offset, and what a stream makes of them.
fn pages_by_offset(pages: &[&[&'static str]]) -> Vec<&'static str> {
    let mut turn = 0;
    let stream = Pages::new(None, |_| {
        turn += 1;
        let next = (turn < pages.len()).then(|| Cursor::offset(turn as u64));
        std::future::ready(Ok(Page { items: pages[turn - 1].to_vec(), next, total: None }))
    });
    now(stream.known_by(|item| (!item.is_empty()).then_some(*item)).try_collect()).unwrap()
}

#[test]
fn an_overlap_is_left_out_and_nothing_that_only_looks_like_one() {
    assert_eq!(pages_by_offset(&[&["a", "b", "c"], &["b", "c", "d"]]), ["a", "b", "c", "d"]);
    assert_eq!(pages_by_offset(&[&["a", "b"], &["c"], &["a", "b"], &["c", "d"]]), ["a", "b", "c", "d"]);
    // Without an id, two purchases may well be equal.
    assert_eq!(pages_by_offset(&[&["", ""], &["", ""]]), ["", "", "", ""]);
    // An id of several items identifies none.
    assert_eq!(pages_by_offset(&[&["0", "0"], &["0", "0"]]), ["0", "0", "0", "0"]);
    // What follows is something else: the item came back, but the page is no repetition.
    assert_eq!(pages_by_offset(&[&["a", "b", "c"], &["b", "d"]]), ["a", "b", "c", "b", "d"]);
    assert_eq!(pages_by_offset(&[&["a", "b"], &["c", "b"]]), ["a", "b", "c", "b"]);
}

/// Pages of (items, next cursor) in turn, with the number of pages that were asked for.
fn read(pages: &[(&[&'static str], Option<&'static str>)]) -> (Vec<Result<&'static str, String>>, usize) {
    let mut turn = 0;
    let stream = Pages::of(ListQuery::<()>::default(), |_| {
        turn += 1;
        let (items, next) = pages[turn - 1];
        let next = next.map(|text| Cursor::from(text.to_owned()));
        std::future::ready(Ok(Page { items: items.to_vec(), next, total: None }))
    });
    let items = now(stream.known_by(|item| Some(*item)).map_err(|error| error.to_string()).collect());
    (items, turn)
}

#[test]
fn a_page_by_cursor_may_hold_the_same_again() {
    let (items, _) = read(&[(&["a", "b"], Some("1")), (&["b", "c"], None)]);
    assert_eq!(items, [Ok("a"), Ok("b"), Ok("b"), Ok("c")]);
}

#[test]
fn a_cursor_that_repeats_ends_the_stream_after_what_came_with_it() {
    let (items, asked) = read(&[(&["a"], Some("1")), (&["b"], Some("2")), (&["c"], Some("1"))]);
    assert_eq!(items[..3], [Ok("a"), Ok("b"), Ok("c")]);
    assert!(items[3].as_ref().unwrap_err().contains("repeats"));
    assert_eq!((items.len(), asked), (4, 3), "the stream is over");
}

#[test]
fn an_offset_that_does_not_lead_on_repeats() {
    for (first, second) in [("offset:0", None), ("offset:2", Some("offset:2")), ("offset:2", Some("offset:1"))] {
        let (items, _) = read(&[(&["a"], Some(first)), (&["b"], second)]);
        assert!(items.last().unwrap().as_ref().unwrap_err().contains("repeats"), "{first} {second:?}");
    }
}

/// A provider that overlooks offsets, or that gives its last page for all beyond the end: each cursor leads on, and none does.
#[test]
fn offsets_that_all_lead_to_one_page_end_the_stream() {
    for (first, rest) in [(["a", "b"], ["a", "b"]), (["a", "b"], ["c", "d"]), (["a", "a"], ["a", "a"])] {
        let asked = Mutex::new(0);
        let pages = Pages::new(None, |cursor: Option<Cursor>| {
            *asked.lock().unwrap() += 1;
            let items = if cursor.is_none() { first } else { rest };
            let read = cursor.as_ref().and_then(Cursor::as_offset).unwrap_or(0) + 2;
            std::future::ready(Ok(Page { items: items.to_vec(), next: Some(Cursor::offset(read)), total: None }))
        });
        let all: Vec<_> = now(pages.known_by(|item| Some(*item)).take(10_000).collect());
        let error = all.last().unwrap().as_ref().unwrap_err().to_string();
        assert!(error.contains("the same page again and again"), "{error}");
        assert_eq!(all.iter().filter(|item| item.is_err()).count(), 1, "the error is the end");
        assert!(*asked.lock().unwrap() < 70);
        let given: Vec<_> = all.into_iter().flatten().take(4).collect();
        assert!([[first, rest].concat(), first.to_vec()].contains(&given), "{given:?}");
    }
}

#[test]
fn a_query_begins_where_it_says_and_keeps_the_rest_for_every_page() {
    let asked = Mutex::new(Vec::new());
    let query = ListQuery::<()>::default().page_size(7).starting_at(Cursor::offset(3));
    let mut pages = Pages::of(query, |query| {
        let mut asked = asked.lock().unwrap();
        asked.push((query.page_size, query.cursor.clone()));
        let next = (asked.len() < 3).then(|| Cursor::offset(3 + asked.len() as u64));
        std::future::ready(Ok(Page { items: vec![query.cursor.unwrap()], next, total: None }))
    });
    let mut begins = Vec::new();
    while let Some(item) = now(pages.next()) {
        begins.push((item.unwrap(), pages.page_cursor().cloned().unwrap()));
    }
    let expected = [3, 4, 5].map(Cursor::offset);
    assert_eq!(begins, expected.clone().map(|at| (at.clone(), at)));
    drop(pages);
    assert_eq!(asked.into_inner().unwrap(), expected.map(|at| (Some(7), Some(at))));
}

#[test]
fn an_offset_is_told_from_other_texts() {
    assert_eq!(Cursor::offset(12).as_offset(), Some(12));
    for text in ["offset:", "offset:-1", "offset:+1", "offset:1 ", "offset:99999999999999999999", "1", "cursor:1"] {
        assert_eq!(Cursor::from(text.to_owned()).as_offset(), None, "{text}");
    }
}
