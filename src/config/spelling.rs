//! What was meant by a word that is not known.
//!
//! The generator suggests words, too, by code of its own: a program that reads its configuration must not build the generator,
//! and what both share, the runtime, has no use for it.

/// `; did you mean ...?`, when a candidate is spelt much like the word; case makes no difference.
pub(super) fn did_you_mean<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> String {
    let word = word.to_lowercase();
    let near = candidates.into_iter().map(|candidate| (distance(&candidate.to_lowercase(), &word), candidate));
    let nearest = near.filter(|(distance, _)| *distance <= 1 + word.len() / 4).min();
    nearest.map_or(String::new(), |(_, candidate)| format!("; did you mean `{candidate}`?"))
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
