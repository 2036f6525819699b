//! Names with `*`, which stands for anything.

/// Whether a text is what a pattern says, whose `*` stand for anything, nothing included.
pub(crate) fn is_like(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(rest) = text.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let mut parts: Vec<_> = parts.collect();
    let Some(end) = parts.pop() else { return rest.is_empty() };
    // What stands between two `*` is found as early as it can be: later is never better.
    let middle = parts.into_iter().try_fold(rest, |rest, part| Some(&rest[rest.find(part)? + part.len()..]));
    middle.is_some_and(|rest| rest.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, text) in [
            ("", ""),
            ("*", ""),
            ("*", "RT030/required"),
            ("RT030/*", "RT030/required"),
            ("*a*b", "aab"),
            ("*/data/*/id", "/data/0/id"),
            ("a**b", "ab"),
            ("getÄ*", "getÄpfel"),
        ] {
            assert!(is_like(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in
            [("", "a"), ("a", ""), ("a", "ab"), ("a*", "ba"), ("a*a", "a"), ("*ab*ab", "aab"), ("RT030/*", "RT030")]
        {
            assert!(!is_like(pattern, text), "{pattern} {text}");
        }
        // No pattern takes long.
        assert!(!is_like(&"a*".repeat(100), &"a".repeat(99)));
    }
}
