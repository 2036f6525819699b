//! Faults and delays that are injected by chance, and the same again for the same seed.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::config::Time;
use crate::generate::SplitMix;

/// Text that does not say which faults or delays there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChanceError(String);

impl fmt::Display for ChanceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ChanceError {}

/// What goes wrong with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// This status is answered: as documented, or else as a problem (RFC 9457).
    Status(u16),
    /// The connection is reset before an answer.
    Reset,
    /// The body breaks off after its half, and the connection with it.
    Truncate,
    /// The body comes in eight pieces, a tenth of a second apart.
    Slow,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "status={status}"),
            Self::Reset => f.write_str("reset"),
            Self::Truncate => f.write_str("truncate"),
            Self::Slow => f.write_str("slow"),
        }
    }
}

/// Faults, each with its probability; at most one happens to an answer.
///
/// ```
/// use obkit_conformance::server::Faults;
///
/// let faults: Faults = "status=503:0.1,reset:0.01,truncate:0.01,slow:0.05".parse()?;
/// assert!("reset:0.6,slow:0.6".parse::<Faults>().is_err());
/// # Ok::<(), obkit_conformance::server::ChanceError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Faults(Vec<(Fault, f64)>);

impl Faults {
    /// Adds a fault that happens to this part of all answers, from 0 to 1.
    ///
    /// # Errors
    /// The probability is none, or those of all faults exceed 1.
    pub fn with(mut self, fault: Fault, probability: f64) -> Result<Self, ChanceError> {
        if !(0.0..=1.0).contains(&probability) {
            return Err(ChanceError(format!("the probability of `{fault}` is not a number from 0 to 1")));
        }
        self.0.push((fault, probability));
        let whole: f64 = self.0.iter().map(|(_, probability)| probability).sum();
        // Room for the rounding of tenths.
        if whole > 1.0 + 1e-9 {
            return Err(ChanceError("the probabilities of all faults are more than 1 together".to_owned()));
        }
        Ok(self)
    }

    /// The fault of an answer.
    pub(super) fn draw(&self, chance: &mut Chance) -> Option<Fault> {
        if self.0.is_empty() {
            return None;
        }
        let mut left = chance.fraction();
        self.0.iter().find_map(|(fault, probability)| {
            let hit = left < *probability;
            left -= probability;
            hit.then_some(*fault)
        })
    }
}

impl FromStr for Faults {
    type Err = ChanceError;

    /// Reads `status=503:0.1,reset:0.01,truncate:0.01,slow:0.05`.
    fn from_str(text: &str) -> Result<Self, ChanceError> {
        let mut faults = Self::default();
        for piece in text.split(',').map(str::trim) {
            let unknown = || {
                let known = "`status=CODE`, `reset`, `truncate` or `slow`, with a colon and a probability after it";
                ChanceError(format!("`{piece}` is no fault: write {known}"))
            };
            let (name, probability) = piece.split_once(':').ok_or_else(unknown)?;
            let fault = match (name.trim(), name.trim().strip_prefix("status=")) {
                ("reset", _) => Fault::Reset,
                ("truncate", _) => Fault::Truncate,
                ("slow", _) => Fault::Slow,
                (_, Some(status)) => {
                    let status = status.parse().ok().filter(|status| (200..=599).contains(status));
                    Fault::Status(status.ok_or_else(unknown)?)
                }
                _ => return Err(unknown()),
            };
            faults = faults.with(fault, probability.trim().parse().map_err(|_| unknown())?)?;
        }
        Ok(faults)
    }
}

/// How long answers take: a time between two bounds, drawn anew for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Latency {
    low: Duration,
    high: Duration,
}

impl Latency {
    /// The bounds, the lower one first; both are included.
    #[must_use]
    pub fn between(low: Duration, high: Duration) -> Self {
        Self { low: low.min(high), high: high.max(low) }
    }

    pub(super) fn draw(&self, chance: &mut Chance) -> Duration {
        self.low + (self.high - self.low).mul_f64(chance.fraction())
    }
}

impl FromStr for Latency {
    type Err = ChanceError;

    /// Reads `20ms..200ms`, or `50ms` for all.
    fn from_str(text: &str) -> Result<Self, ChanceError> {
        let (low, high) = text.split_once("..").unwrap_or((text, text));
        let error = || ChanceError(format!("`{text}` is no time: write `20ms..200ms`, or `0.5s`, up to 60s"));
        let (low, high) = (time(low).ok_or_else(error)?, time(high).ok_or_else(error)?);
        if low > high {
            return Err(ChanceError(format!("`{text}` ends before it begins")));
        }
        Ok(Self { low, high })
    }
}

fn time(text: &str) -> Option<Duration> {
    let Time(time) = text.trim().parse().ok()?;
    Some(time).filter(|time| *time <= Duration::from_secs(60))
}

/// What chance decides about one answer. It depends on a seed and on how many answers there were before, so that the same
/// requests in the same order meet the same faults, and one that is repeated may fare better.
#[derive(Debug)]
pub(super) struct Chance(SplitMix);

impl Chance {
    pub(super) fn of(seed: u64, turn: u64) -> Self {
        let mut source = SplitMix(seed ^ turn.wrapping_mul(0xd134_2543_de82_ef95));
        // Neighbouring seeds begin alike.
        source.next();
        Self(source)
    }

    /// From 0 to 1, without 1.
    fn fraction(&mut self) -> f64 {
        f64::from(self.0.next()) / 4_294_967_296.0
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    #[test]
    fn faults_happen_as_often_as_they_are_said_to_and_the_same_for_a_seed() {
        let faults: Faults = "status=503:0.25, reset:0.5".parse().unwrap();
        let drawn = |seed| (0..4000).map(move |turn| (seed, turn)).collect::<Vec<_>>();
        let draw = |seed| drawn(seed).into_iter().map(|(s, t)| faults.draw(&mut Chance::of(s, t))).collect::<Vec<_>>();
        let first = draw(1);
        let count = |fault: Option<Fault>| first.iter().filter(|drawn| **drawn == fault).count();
        assert!(count(Some(Fault::Status(503))).abs_diff(1000) < 120);
        assert!(count(Some(Fault::Reset)).abs_diff(2000) < 120);
        assert!(count(None).abs_diff(1000) < 120);
        assert_eq!(first, draw(1));
        assert_ne!(first, draw(2));
        assert_eq!("reset:1".parse::<Faults>().unwrap().draw(&mut Chance::of(0, 0)), Some(Fault::Reset));
    }

    #[test]
    fn latency_stays_between_its_bounds() {
        let latency: Latency = "20ms..0.2s".parse().unwrap();
        let drawn: Vec<_> = (0..1000).map(|turn| latency.draw(&mut Chance::of(3, turn))).collect();
        let (low, high) = (drawn.iter().min().unwrap(), drawn.iter().max().unwrap());
        assert!(*low >= Duration::from_millis(20) && *low < Duration::from_millis(25), "{low:?}");
        assert!(*high <= Duration::from_millis(200) && *high > Duration::from_millis(195), "{high:?}");
        assert_eq!("1s".parse::<Latency>().unwrap().draw(&mut Chance::of(0, 0)), Duration::from_secs(1));
    }

    #[test]
    fn what_says_nothing_is_refused_with_what_can_be_said() {
        for text in [
            "",
            "reset:1,",
            "reset",
            "reset:2",
            "reset:-1",
            "reset:NaN",
            "status=99:1",
            "status:1",
            "fire:0.1",
            "slow:0.7,reset:0.7",
        ] {
            assert!(text.parse::<Faults>().is_err(), "{text}");
        }
        for text in ["", "20", "ms", "20ms..", "20ms...30s", ".5s", "200ms..20ms", "-1s", "61s", "1h", "2m"] {
            assert!(text.parse::<Latency>().is_err(), "{text}");
        }
    }
}
