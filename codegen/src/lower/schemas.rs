//! What is found out about schemas, each of them once.
//!
//! What a schema is, and what it holds, is that of the schemas it is made of, and these may be a chain as long as the
//! document, or a circle. So what is found out of one is kept for all that lead to it, and nothing here calls itself.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::ops::Deref;
use std::rc::Rc;

use super::alternatives::circles_of_unions;
use super::nature::Nature;
use crate::load::Document;

/// A document, and what has been found out about its schemas.
pub(crate) struct Schemas<'d> {
    document: &'d Document,
    pub(super) natures: Known<Nature>,
    /// The members of objects by name, with the pointers of their schemas.
    pub(super) properties: Known<Rc<BTreeMap<String, String>>>,
    /// The circles that unions form, by pointer.
    circles: HashMap<String, usize>,
}

impl<'d> Schemas<'d> {
    pub(crate) fn of(document: &'d Document) -> Self {
        let circles = circles_of_unions(document);
        Self { document, natures: Known::default(), properties: Known::default(), circles }
    }

    /// The circle that a schema is part of: of unions that lead to one another with nothing in between.
    pub(super) fn circle(&self, pointer: &str) -> Option<usize> {
        self.circles.get(pointer).copied()
    }
}

impl Deref for Schemas<'_> {
    type Target = Document;

    fn deref(&self) -> &Document {
        self.document
    }
}

/// The answers to one question about schemas, by pointer.
pub(super) struct Known<T>(RefCell<HashMap<String, T>>);

impl<T> Default for Known<T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

/// A schema whose parts are asked before it can answer.
struct Open<S> {
    at: String,
    schema: S,
    parts: Vec<String>,
}

enum Step<S> {
    Enter(String),
    Leave(Open<S>),
}

impl<T: Clone> Known<T> {
    /// The answer for the schema at a pointer: what `close` makes of what `open` finds there and of the answers of the
    /// parts that `open` names, in their order. A part that the schema is itself within has none.
    ///
    /// Each schema is asked once, unless it is part of a circle: there, the answer depends on where the circle was entered,
    /// and only that of the schema where it was is kept.
    pub(super) fn of<S>(
        &self,
        pointer: &str,
        open: impl Fn(&str) -> (S, Vec<String>),
        close: impl Fn(S, Vec<Option<T>>) -> T,
    ) -> Option<T> {
        // What is asked already and not settled: its answer so far, and the least depth that this depends on.
        let mut asked: HashMap<String, (Option<T>, usize)> = HashMap::new();
        let mut unsettled: Vec<String> = Vec::new();
        let mut depth = 0;
        let mut steps = vec![Step::Enter(pointer.to_owned())];
        while let Some(step) = steps.pop() {
            match step {
                Step::Enter(at) if asked.contains_key(&at) || self.0.borrow().contains_key(&at) => {}
                Step::Enter(at) => {
                    let (schema, parts) = open(&at);
                    asked.insert(at.clone(), (None, depth));
                    unsettled.push(at.clone());
                    depth += 1;
                    let inner: Vec<Step<S>> = parts.iter().rev().cloned().map(Step::Enter).collect();
                    steps.push(Step::Leave(Open { at, schema, parts }));
                    steps.extend(inner);
                }
                Step::Leave(Open { at, schema, parts }) => {
                    depth -= 1;
                    let answer = |part: &String| match asked.get(part) {
                        Some((answer, _)) => answer.clone(),
                        None => self.0.borrow().get(part).cloned(),
                    };
                    let answer = close(schema, parts.iter().map(answer).collect());
                    let least = parts.iter().filter_map(|part| asked.get(part)).map(|(_, least)| *least);
                    let least = least.min().unwrap_or(depth);
                    if least < depth {
                        asked.insert(at, (Some(answer), least));
                        continue;
                    }
                    while let Some(settled) = unsettled.pop() {
                        asked.remove(&settled);
                        if settled == at {
                            break;
                        }
                    }
                    self.0.borrow_mut().insert(at, answer);
                }
            }
        }
        self.0.borrow().get(pointer).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::Known;

    /// The least of the numbers that a number leads to.
    fn least(known: &Known<usize>, edges: &[&[usize]], from: usize) -> Option<usize> {
        let number = |at: &str| at.parse().unwrap_or(usize::MAX);
        let open = |at: &str| {
            let parts = edges.get(number(at)).copied().unwrap_or_default();
            (number(at), parts.iter().map(ToString::to_string).collect())
        };
        known.of(&from.to_string(), open, |own, parts| parts.into_iter().flatten().fold(own, usize::min))
    }

    #[test]
    fn what_is_known_of_a_circle_does_not_depend_on_who_asked_first() {
        let edges: [&[usize]; 5] = [&[], &[2, 0], &[3], &[1, 2], &[3]];
        for order in [[1, 2, 3, 4], [4, 3, 2, 1], [3, 4, 1, 2]] {
            let known = Known::default();
            assert!(order.iter().all(|from| least(&known, &edges, *from) == Some(0)), "{order:?}");
        }
    }

    #[test]
    fn a_chain_takes_time_by_its_length() {
        let known = Known::default();
        let mut last = None;
        for from in 0..200_000_usize {
            let open = |at: &str| {
                let number: usize = at.parse().unwrap_or_default();
                (number, vec![(number + 1).min(200_000).to_string()])
            };
            last = known.of(&from.to_string(), open, |own, parts| parts.into_iter().flatten().fold(own, usize::max));
        }
        assert_eq!(last, Some(200_000));
    }
}
