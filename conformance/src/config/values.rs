//! Values as they are written.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize};

/// A time such as `500ms`, `90s`, `5m` or `1h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time(pub Duration);

impl Time {
    /// Reads a time that is longer than none: in no time, no server answers.
    ///
    /// # Errors
    /// The text is no time, or none at all.
    pub fn some(text: &str) -> Result<Self, String> {
        let time: Self = text.parse()?;
        if time.0.is_zero() { Err("write a time longer than zero, such as `10s`".to_owned()) } else { Ok(time) }
    }
}

impl FromStr for Time {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "write a time such as `500ms`, `90s`, `5m`".to_owned();
        let split = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (number, unit) = text.split_at(split);
        let unit = match unit {
            "ms" => 0.001,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            _ => return Err(wrong()),
        };
        let is_plain = number.starts_with(|c: char| c.is_ascii_digit());
        let seconds = number.parse::<f64>().ok().filter(|_| is_plain).ok_or_else(wrong)?;
        Duration::try_from_secs_f64(seconds * unit).map(Self).map_err(|error| error.to_string())
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Time {
    fn schema_name() -> Cow<'static, str> {
        "Time".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?(ms|s|m|h)$"})
    }
}

/// The lowest rate that makes sense: one a day.
const SLOWEST: f64 = 1.0 / 86_400.0;

/// How often, such as `50/s`, `600/m`; in the second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate(pub f64);

impl FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "write a rate such as `50/s`, `600/m`".to_owned();
        let (number, unit) = text.split_once('/').unwrap_or((text, "s"));
        let number: f64 = number.parse().map_err(|_| wrong())?;
        let seconds = match unit {
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            _ => return Err(wrong()),
        };
        let rate = Some(number / seconds).filter(|rate| rate.is_finite() && *rate >= SLOWEST);
        rate.map(Self).ok_or_else(wrong)
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Rate {
    fn schema_name() -> Cow<'static, str> {
        "Rate".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?(/[smh])?$"})
    }
}

/// A part of a hundred: 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(try_from = "u64")]
pub struct Percent(u8);

impl Percent {
    /// Whether so many of so many are that much. Of none, all are.
    #[must_use]
    pub fn is_reached(self, done: usize, of: usize) -> bool {
        done * 100 >= of * usize::from(self.0)
    }
}

impl TryFrom<u64> for Percent {
    type Error = &'static str;

    fn try_from(number: u64) -> Result<Self, &'static str> {
        let number = u8::try_from(number).ok().filter(|number| *number <= 100);
        number.map(Self).ok_or("write a whole number from 0 to 100")
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", self.0)
    }
}

impl JsonSchema for Percent {
    fn schema_name() -> Cow<'static, str> {
        "Percent".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "integer", "minimum": 0, "maximum": 100})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_rates_are_read_and_nothing_else_is() {
        assert_eq!("500ms".parse(), Ok(Time(Duration::from_millis(500))));
        assert_eq!("1.5m".parse(), Ok(Time(Duration::from_secs(90))));
        assert_eq!("7s".parse(), Ok(Time(Duration::from_secs(7))));
        assert_eq!("50/s".parse(), Ok(Rate(50.0)));
        assert_eq!("30/m".parse(), Ok(Rate(0.5)));
        for wrong in ["", "s", "7", "1d", "-1s", "1s2"] {
            assert!(wrong.parse::<Time>().is_err() && Time::some(wrong).is_err(), "{wrong}");
        }
        assert_eq!(Time::some("1ms"), Ok(Time(Duration::from_millis(1))));
        assert!("0s".parse::<Time>().is_ok() && Time::some("0s").is_err());
        for wrong in ["", "0/s", "-1/s", "5/d", "inf/s", "NaN"] {
            assert!(wrong.parse::<Rate>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_part_of_nothing_is_all_of_it() {
        let percent = |number| Percent::try_from(number).unwrap_or(Percent(0));
        assert!(percent(100).is_reached(0, 0) && percent(100).is_reached(7, 7) && !percent(100).is_reached(199, 200));
        assert!(percent(50).is_reached(1, 2) && percent(0).is_reached(0, 3) && !percent(34).is_reached(1, 3));
        assert!(Percent::try_from(101).is_err());
    }
}
