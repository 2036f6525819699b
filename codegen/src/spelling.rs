//! How words are written: what was meant by one that is not known ("did you mean"), and how many of a thing there are.

use std::fmt::Display;

/// How many letters of a longer word say which one it is.
const TELLING: usize = 3;

/// The candidate that is spelt most like a word, if one is spelt much like it or begins with it; case makes no difference.
#[must_use]
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let word = word.to_lowercase();
    let compared = candidates.into_iter().filter_map(|candidate| {
        let known = candidate.to_lowercase();
        let distance = distance(&known, &word);
        let is_near = distance <= 1 + word.len() / 4 || (word.len() >= TELLING && known.starts_with(&word));
        is_near.then_some((distance, candidate))
    });
    compared.min().map(|(_, candidate)| candidate)
}

/// How many of a thing there are, in words: `1 request`, `2 requests`.
#[must_use]
pub fn counted<N: Display + PartialEq + From<u8>>(count: N, noun: &str) -> String {
    let ending = if count == N::from(1) { "" } else { "s" };
    format!("{count} {noun}{ending}")
}

/// Levenshtein distance.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let cost = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_no_many() {
        assert_eq!([0, 1, 2].map(|count| counted(count, "request")), ["0 requests", "1 request", "2 requests"]);
    }

    #[test]
    fn a_word_is_near_by_its_letters_whatever_their_case_or_by_how_it_begins() {
        assert_eq!(nearest("gi007", ["BH007", "GI007"]), Some("GI007"));
        assert_eq!(nearest("warn", ["error", "warning", "info"]), Some("warning"));
        assert_eq!(nearest("yapilly", ["fena", "yapily"]), Some("yapily"));
        assert_eq!(nearest("in", ["info", "warning"]), None);
        assert_eq!(nearest("fina", ["fena", "finqlink"]), Some("fena"));
    }
}
