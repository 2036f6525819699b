//! The decisions that make a payload, drawn from words.
//!
//! One generator serves every mode: what differs is who decides. Words come from a seed or from a test library; the
//! word zero always means the simplest, so that a library that makes words fewer and smaller makes payloads simpler.

use std::collections::{BTreeMap, HashMap};

/// What is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Kind {
    /// Whether something optional is there.
    Optional,
    /// Which alternative holds: of `anyOf`, `oneOf`, `if`, or of several types.
    Branch,
    /// Which of the listed values it is.
    Value,
    /// Which bound is met exactly.
    Edge,
}

/// A decision, by the schema that asks for it.
pub(super) type Site = (Kind, String);

/// Who decides.
#[derive(Debug)]
pub(super) enum Policy<'p> {
    /// As little as possible.
    Minimal,
    /// Everything optional, and each alternative in its turn.
    Maximal(&'p mut Turns),
    /// Everything optional, and each bound in its turn.
    Boundary(&'p mut Turns),
    /// As assigned; what is not assigned is drawn.
    Assigned(&'p BTreeMap<Site, usize>),
    /// Every decision is drawn.
    Drawn,
}

/// How often each site was decided, so that each of its outcomes gets its turn.
#[derive(Debug, Default)]
pub(super) struct Turns {
    taken: HashMap<Site, (usize, usize)>,
}

impl Turns {
    fn next(&mut self, kind: Kind, site: &str, count: usize) -> usize {
        let (taken, of) = self.taken.entry((kind, site.to_owned())).or_default();
        let turn = *taken % count.max(1);
        (*taken, *of) = (*taken + 1, count);
        turn
    }

    /// Whether each outcome of each site that was met had its turn.
    pub(super) fn are_over(&self) -> bool {
        self.taken.values().all(|(taken, of)| taken >= of)
    }

    /// How many outcomes had their turn.
    pub(super) fn covered(&self) -> usize {
        self.taken.values().map(|(taken, of)| taken.min(of)).sum()
    }

    /// The sites, each with the number of its outcomes.
    pub(super) fn sites(&self) -> BTreeMap<Site, usize> {
        self.taken.iter().map(|(site, (_, of))| (site.clone(), *of)).collect()
    }
}

/// Where words come from.
#[derive(Clone, Debug)]
pub(super) enum Words<'w> {
    /// All that are needed.
    Seeded(SplitMix),
    /// These, and then zeros.
    Given(&'w [u32]),
}

/// The `SplitMix64` generator: the same everywhere and for good.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SplitMix(pub(crate) u64);

impl SplitMix {
    pub(crate) fn next(&mut self) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        u32::try_from((mixed ^ (mixed >> 31)) >> 32).unwrap_or_default()
    }
}

/// Decides.
#[derive(Debug)]
pub(super) struct Choices<'p> {
    policy: Policy<'p>,
    words: Words<'p>,
    /// Decides instead, once something failed and has to come out differently.
    detour: Option<SplitMix>,
    detours: u64,
}

impl<'p> Choices<'p> {
    pub(super) fn new(policy: Policy<'p>, words: Words<'p>) -> Self {
        Self { policy, words, detour: None, detours: 0 }
    }

    /// A word.
    fn draw(&mut self) -> u32 {
        if let Some(detour) = &mut self.detour {
            return detour.next();
        }
        match &mut self.words {
            Words::Seeded(source) => source.next(),
            Words::Given(words) => match words.split_first() {
                Some((first, rest)) => {
                    *words = rest;
                    *first
                }
                None => 0,
            },
        }
    }

    /// A number below a count; grows with the word.
    pub(super) fn below(&mut self, count: usize) -> usize {
        let scaled = (u64::from(self.draw()) * count.max(1) as u64) >> 32;
        usize::try_from(scaled).unwrap_or_default()
    }

    /// A number within a range, both ends included; the simplest is the low end.
    pub(super) fn within(&mut self, low: i128, high: i128) -> i128 {
        let span = high.saturating_sub(low).max(0).unsigned_abs();
        let word = (u128::from(self.draw()) << 32) | if span >> 32 == 0 { 0 } else { u128::from(self.draw()) };
        let offset = if span >> 63 == 0 { ((span + 1) * word) >> 64 } else { (span >> 64) * word + word };
        low.saturating_add(i128::try_from(offset.min(span)).unwrap_or_default())
    }

    /// Whether something happens that happens once in so many times; zero means that it does not.
    pub(super) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) + 1 == times
    }

    /// Whether what is optional is there.
    pub(super) fn includes(&mut self, site: &str) -> bool {
        if self.detour.is_some() {
            return self.below(2) == 1;
        }
        match &mut self.policy {
            Policy::Minimal => false,
            Policy::Maximal(turns) => {
                turns.next(Kind::Optional, site, 1);
                true
            }
            Policy::Boundary(_) => true,
            Policy::Assigned(assigned) => match assigned.get(&(Kind::Optional, site.to_owned())) {
                Some(outcome) => *outcome == 1,
                None => self.below(2) == 1,
            },
            Policy::Drawn => self.below(3) > 0,
        }
    }

    /// Which of several outcomes comes first to mind.
    pub(super) fn decide(&mut self, kind: Kind, site: &str, count: usize) -> usize {
        if self.detour.is_some() {
            return self.below(count);
        }
        match &mut self.policy {
            Policy::Minimal => 0,
            Policy::Maximal(turns) | Policy::Boundary(turns) => turns.next(kind, site, count),
            Policy::Assigned(assigned) => match assigned.get(&(kind, site.to_owned())) {
                Some(outcome) => outcome % count.max(1),
                None => self.below(count),
            },
            Policy::Drawn => self.below(count),
        }
    }

    /// Which of several bounds is met; none when a bound is of no interest.
    pub(super) fn edge(&mut self, site: &str, count: usize) -> Option<usize> {
        match &mut self.policy {
            _ if count == 0 => None,
            Policy::Boundary(turns) if self.detour.is_none() => Some(turns.next(Kind::Edge, site, count)),
            Policy::Minimal if self.detour.is_none() => Some(0),
            Policy::Maximal(_) | Policy::Assigned(_) => None,
            _ => self.once_in(8).then(|| self.below(count)),
        }
    }

    /// How many of something, where a few do.
    pub(super) fn size(&mut self, low: usize, high: usize, usual: usize) -> usize {
        let high = high.max(low);
        let usual = usual.clamp(low, high);
        if self.detour.is_none() {
            match self.policy {
                Policy::Minimal => return low,
                Policy::Maximal(_) | Policy::Boundary(_) => return usual,
                _ => {}
            }
        }
        low + self.below(usual - low + 1)
    }

    /// From here on everything comes out differently, until [`restore`](Self::restore).
    pub(super) fn detour(&mut self) -> Option<SplitMix> {
        self.detours += 1;
        let seed = SplitMix(self.detours.wrapping_mul(0x2545_f491_4f6c_dd1d));
        self.detour.replace(seed)
    }

    /// Ends a detour.
    pub(super) fn restore(&mut self, before: Option<SplitMix>) {
        self.detour = before;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_zero_is_the_simplest_and_larger_words_mean_more() {
        let mut none = Choices::new(Policy::Drawn, Words::Given(&[]));
        assert_eq!((none.below(7), none.within(-3, 9), none.once_in(4), none.includes("")), (0, -3, false, false));
        let last = |words: &[u32]| Choices::new(Policy::Drawn, Words::Given(words)).below(7);
        assert_eq!((last(&[u32::MAX]), last(&[1 << 31])), (6, 3));
        let within = |low, high| Choices::new(Policy::Drawn, Words::Given(&[u32::MAX; 2])).within(low, high);
        assert_eq!((within(5, 5), within(0, 9)), (5, 9));
        assert!(within(i128::from(i64::MIN), i128::from(u64::MAX)) <= i128::from(u64::MAX));
    }

    #[test]
    fn a_seed_gives_the_same_words_for_good() {
        // The upper halves of what SplitMix64 gives for 7, worked out by another implementation.
        let mut words = SplitMix(7);
        let first: Vec<u32> = (0..3).map(|_| words.next()).collect();
        assert_eq!(first, [1_674_306_020, 72_105_175, 3_868_737_664]);
    }

    #[test]
    fn turns_go_through_every_outcome() {
        let mut turns = Turns::default();
        let taken: Vec<usize> = (0..3).map(|_| turns.next(Kind::Branch, "/a", 2)).collect();
        assert_eq!(taken, [0, 1, 0]);
        assert!(turns.are_over());
        turns.next(Kind::Branch, "/b", 2);
        assert!(!turns.are_over());
    }
}
