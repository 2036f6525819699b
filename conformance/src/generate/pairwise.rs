//! Pairwise combinations: each outcome of a decision with each outcome of every other one.

use std::collections::{BTreeMap, BTreeSet};

use super::choice::{Kind, Site};

/// How many decisions are combined.
const MAX_SITES: usize = 48;

/// How many outcomes of a decision are combined; of a long list of values the first.
const MAX_OUTCOMES: usize = 6;

/// Assignments of outcomes to sites that have every pair, at most so many.
pub(super) fn rows(sites: &BTreeMap<Site, usize>, limit: usize) -> Vec<BTreeMap<Site, usize>> {
    let sites: Vec<(&Site, usize)> = sites
        .iter()
        .map(|(site, of)| (site, if site.0 == Kind::Optional { 2 } else { (*of).min(MAX_OUTCOMES) }))
        .filter(|(_, of)| *of > 1)
        .take(MAX_SITES)
        .collect();
    let mut open = BTreeSet::new();
    for (a, (_, of_a)) in sites.iter().enumerate() {
        for (b, (_, of_b)) in sites.iter().enumerate().skip(a + 1) {
            open.extend((0..*of_a).flat_map(|x| (0..*of_b).map(move |y| (a, x, b, y))));
        }
    }
    let mut rows = Vec::new();
    if let [(site, of)] = sites.as_slice() {
        rows.extend((0..*of).map(|outcome| BTreeMap::from([((*site).clone(), outcome)])));
    } else if sites.is_empty() {
        rows.push(BTreeMap::new());
    }
    while rows.len() < limit
        && let Some(seed) = open.first().copied()
    {
        let row = row(&sites, &open, seed);
        open.retain(|(a, x, b, y)| row[*a] != *x || row[*b] != *y);
        rows.push(sites.iter().zip(row).map(|((site, _), outcome)| ((*site).clone(), outcome)).collect());
    }
    rows.truncate(limit);
    rows
}

/// A row with a pair that is still open, and as many others as come easily.
fn row(
    sites: &[(&Site, usize)],
    open: &BTreeSet<(usize, usize, usize, usize)>,
    (a, x, b, y): (usize, usize, usize, usize),
) -> Vec<usize> {
    let mut row: Vec<Option<usize>> = vec![None; sites.len()];
    (row[a], row[b]) = (Some(x), Some(y));
    for index in 0..sites.len() {
        if row[index].is_some() {
            continue;
        }
        let gain = |outcome: usize| {
            let with = |(other, taken): (usize, &Option<usize>)| {
                let taken = (*taken)?;
                let (low, high) =
                    if other < index { ((other, taken), (index, outcome)) } else { ((index, outcome), (other, taken)) };
                open.contains(&(low.0, low.1, high.0, high.1)).then_some(())
            };
            row.iter().enumerate().filter_map(with).count()
        };
        let best = (0..sites[index].1).max_by_key(|outcome| (gain(*outcome), std::cmp::Reverse(*outcome)));
        row[index] = best;
    }
    row.into_iter().map(Option::unwrap_or_default).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_is_there_in_few_rows() {
        let sites: BTreeMap<Site, usize> =
            (0..12).map(|n| ((if n < 8 { Kind::Optional } else { Kind::Value }, format!("/{n:02}")), 4)).collect();
        let rows = rows(&sites, 1000);
        for a in sites.keys() {
            for b in sites.keys().filter(|b| *b > a) {
                let of = |site: &Site| if site.0 == Kind::Optional { 2 } else { 4 };
                let pairs: BTreeSet<_> = rows.iter().map(|row| (row[a], row[b])).collect();
                assert_eq!(pairs.len(), of(a) * of(b), "{a:?} {b:?}");
            }
        }
        assert!(rows.len() < 32, "{} rows", rows.len());
    }
}
