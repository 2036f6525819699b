//! Which of several media types a request would rather have (RFC 9110, section 12.5.1).

use super::prefer::split;

/// What an `Accept` field says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Accept(Vec<Range>);

#[derive(Clone, Debug, PartialEq)]
struct Range {
    /// `type/subtype`, `type/*` or `*/*`, in lower case.
    essence: String,
    /// In thousandths.
    quality: u16,
}

impl Accept {
    /// Reads the values of `Accept` fields; what is no media range is passed over.
    pub(super) fn read<'v>(fields: impl Iterator<Item = &'v str>) -> Self {
        let ranges = fields.flat_map(|field| split(field, ',').filter_map(range).collect::<Vec<_>>());
        Self(ranges.collect())
    }

    /// How welcome a media type is, in thousandths; zero when it is not acceptable. The most specific range that it is
    /// in counts. Without any range everything is welcome.
    pub(super) fn quality(&self, essence: &str) -> u16 {
        if self.0.is_empty() {
            return 1000;
        }
        let main = essence.split('/').next().unwrap_or_default();
        let specificity = |range: &Range| match range.essence.split_once('/') {
            Some(("*", "*")) => Some(0),
            Some((wanted, "*")) if wanted == main => Some(1),
            _ if range.essence == essence => Some(2),
            _ => None,
        };
        let ranked = self.0.iter().filter_map(|range| Some((specificity(range)?, range.quality)));
        ranked.max().map_or(0, |(_, quality)| quality)
    }
}

fn range(text: &str) -> Option<Range> {
    let mut pieces = split(text, ';');
    let essence = pieces.next()?.to_ascii_lowercase();
    let (main, sub) = essence.split_once('/')?;
    if main.is_empty() || sub.is_empty() || (main == "*" && sub != "*") {
        return None;
    }
    let weight = pieces.find_map(|piece| {
        let (name, value) = piece.split_once('=')?;
        name.trim().eq_ignore_ascii_case("q").then(|| value.trim().to_owned())
    });
    Some(Range { quality: weight.map_or(1000, |weight| thousandths(&weight)), essence })
}

/// A weight from 0 to 1 in thousandths; one that is none counts as the highest.
fn thousandths(weight: &str) -> u16 {
    let value: f64 = weight.parse().unwrap_or(1.0);
    // Clamped, so that it fits; what is no number becomes zero.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let thousandths = (value.clamp(0.0, 1.0) * 1000.0).round() as u16;
    thousandths
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    #[test]
    fn the_most_specific_range_counts() {
        let accept = Accept::read(["text/*;q=0.3, application/json;q=0.5", "text/csv;Q=0, */*;q=0.1"].into_iter());
        assert_eq!(accept.quality("application/json"), 500);
        assert_eq!(accept.quality("text/plain"), 300);
        assert_eq!(accept.quality("text/csv"), 0);
        assert_eq!(accept.quality("image/png"), 100);
    }

    #[test]
    fn nothing_said_accepts_everything_and_nonsense_is_passed_over() {
        assert_eq!(Accept::read(std::iter::empty()).quality("a/b"), 1000);
        assert_eq!(Accept::read(["json, /, */x, ;q=1"].into_iter()).quality("a/b"), 1000);
        assert_eq!(Accept::read(["a/b;q=x, c/d;q=7, e/f;q=-1, g/h;q=NaN"].into_iter()).quality("a/b"), 1000);
        assert_eq!(Accept::read(["e/f;q=-1"].into_iter()).quality("e/f"), 0);
        assert_eq!(Accept::read(["a/b"].into_iter()).quality("c/d"), 0);
    }
}
