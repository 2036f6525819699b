//! Numbers, exactly: whole multiples of a step, counted in units of some decimal place.

use serde_json::{Number, Value};

use super::error::Reason;
use super::run::{Fault, Run};
use super::shape::{Limit, Shape, Types};

/// The decimal places of an amount, where nothing says otherwise.
const USUAL_SCALE: u32 = 2;

/// The most decimal places that are looked at.
const MAX_SCALE: u32 = 12;

/// Beyond this, numbers are taken for this. It leaves room for every scale, and holds every 64-bit integer.
const FARTHEST: i128 = 10_i128.pow(24);

/// How far from zero, or from a bound, numbers usually are.
const USUAL_SPAN: i128 = 1_000_000;

impl<'c> Run<'_, 'c, '_> {
    pub(super) fn number(&mut self, at: &str, shape: &Shape<'c>) -> Result<Value, Fault> {
        let whole = !shape.types.has(Types::FRACTION);
        let broken = !shape.types.has(Types::INTEGER);
        let stated = shape.low.iter().chain(&shape.high).map(|limit| scale(limit.number));
        let stated = stated.chain(shape.multiples.iter().map(|number| scale(number))).max().unwrap_or_default();
        let mut scale = if whole { stated } else { stated.max(USUAL_SCALE) };
        loop {
            let range = Range::new(shape, scale, whole);
            let found = range.as_ref().and_then(|range| self.in_range(at, shape, range, broken));
            if let Some(value) = found {
                return Ok(value);
            }
            // Between close bounds there may be room for more decimal places.
            if whole || !shape.multiples.is_empty() || scale >= MAX_SCALE {
                let keyword = if shape.multiples.is_empty() { "minimum" } else { "multipleOf" };
                return Err(Fault::new(at, Reason::Contradiction(keyword)));
            }
            scale += 2;
        }
    }

    fn in_range(&mut self, at: &str, shape: &Shape<'c>, range: &Range, broken: bool) -> Option<Value> {
        let steps = self.steps(at, range);
        for attempt in 0..8 {
            let steps = if steps + attempt <= range.high { steps + attempt } else { (steps - attempt).max(range.low) };
            let units = steps * range.step;
            let is_whole = units % 10_i128.pow(range.scale) == 0;
            let value = value(units, range.scale)?;
            if !(broken && is_whole) && shape.allows(&value) {
                return Some(value);
            }
        }
        None
    }

    /// How many steps from zero.
    fn steps(&mut self, at: &str, range: &Range) -> i128 {
        let Range { low, high, .. } = *range;
        let simplest = 0.clamp(low, high);
        let mut edges = vec![simplest];
        edges.extend(range.bounded.0.then_some([low, (low + 1).min(high)]).into_iter().flatten());
        edges.extend(range.bounded.1.then_some([high, (high - 1).max(low)]).into_iter().flatten());
        if let Some(edge) = self.choices.edge(&format!("{at}/minimum"), edges.len()) {
            return edges[edge];
        }
        let span = [100, 100_000, USUAL_SPAN.saturating_mul(10_i128.pow(range.scale))][self.choices.below(3)];
        let (near, far) = (low.max(simplest.saturating_sub(span)), high.min(simplest.saturating_add(span)));
        let below = near < simplest && (far == simplest || self.choices.once_in(3));
        let distance = self.choices.within(0, if below { simplest - near } else { far - simplest });
        if below { simplest - distance } else { simplest + distance }
    }
}

/// The numbers that fit, as multiples of a step in units of a decimal place.
#[derive(Debug, PartialEq, Eq)]
struct Range {
    scale: u32,
    step: i128,
    low: i128,
    high: i128,
    /// Whether the low and the high end are the schema's.
    bounded: (bool, bool),
}

impl Range {
    fn new(shape: &Shape<'_>, scale: u32, whole: bool) -> Option<Self> {
        let unit = 10_i128.pow(scale);
        let multiples = shape.multiples.iter().map(|number| units(number, scale)).filter(|units| *units > 0);
        let step = multiples.fold(if whole { unit } else { 1 }, least_common_multiple);
        let limit = |limit: &Limit<'_>, away: i128| units(limit.number, scale) + i128::from(limit.exclusive) * away;
        let low = shape.low.iter().map(|low| limit(low, 1)).max();
        let high = shape.high.iter().map(|high| limit(high, -1)).min();
        let span = USUAL_SPAN.saturating_mul(unit);
        let first = low.unwrap_or_else(|| high.unwrap_or_default().min(0).saturating_sub(span).min(-step));
        let last = high.unwrap_or_else(|| low.unwrap_or_default().max(0).saturating_add(span).max(step));
        let (first, last) = (first.div_euclid(step) + i128::from(first.rem_euclid(step) != 0), last.div_euclid(step));
        let bounded = (low.is_some(), high.is_some());
        (first <= last).then_some(Self { scale, step, low: first, high: last, bounded })
    }
}

fn least_common_multiple(a: i128, b: i128) -> i128 {
    let (mut x, mut y) = (a, b);
    while y != 0 {
        (x, y) = (y, x % y);
    }
    (a / x).saturating_mul(b)
}

/// The digits of a number and where its point is: its text, without an exponent.
fn digits(number: &Number) -> String {
    match (number.as_i64(), number.as_u64(), number.as_f64()) {
        (Some(whole), ..) => whole.to_string(),
        (_, Some(whole), _) => whole.to_string(),
        (.., Some(number)) => number.to_string(),
        _ => "0".to_owned(),
    }
}

/// The decimal places of a number.
fn scale(number: &Number) -> u32 {
    let digits = digits(number);
    let places = digits.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    u32::try_from(places).unwrap_or(MAX_SCALE).min(MAX_SCALE)
}

/// A number in units of a decimal place.
fn units(number: &Number, scale: u32) -> i128 {
    let text = digits(number);
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let negative = whole.starts_with('-');
    let unit = 10_i128.pow(scale);
    let whole = whole.parse::<i128>().unwrap_or(if negative { -FARTHEST } else { FARTHEST });
    let whole = whole.clamp(-FARTHEST, FARTHEST) * unit;
    let places = usize::try_from(scale).unwrap_or_default();
    let fraction = format!("{fraction:0<places$}");
    let fraction = fraction.get(..places).and_then(|digits| digits.parse::<i128>().ok()).unwrap_or_default();
    if negative { whole - fraction } else { whole + fraction }
}

/// Units of a decimal place as a JSON number.
fn value(units: i128, scale: u32) -> Option<Value> {
    let unit = 10_i128.pow(scale);
    if units % unit == 0 {
        let whole = units / unit;
        let number = i64::try_from(whole).map(Number::from).or_else(|_| u64::try_from(whole).map(Number::from));
        if let Ok(number) = number {
            return Some(Value::Number(number));
        }
    }
    let sign = if units < 0 { "-" } else { "" };
    let (whole, fraction) = ((units / unit).abs(), (units % unit).abs());
    let places = usize::try_from(scale).unwrap_or_default();
    format!("{sign}{whole}.{fraction:0>places$}").parse().ok().and_then(Number::from_f64).map(Value::Number)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use serde_json::json;

    use super::*;

    fn number(json: &Value) -> &Number {
        let Value::Number(number) = json else { panic!("no number") };
        number
    }

    #[test]
    fn units_are_exact() {
        for (json, scale, expected) in [
            (json!(0.01), 2, 1),
            (json!(-0.5), 2, -50),
            (json!(i64::MIN), 0, i128::from(i64::MIN)),
            (json!(u64::MAX), 0, i128::from(u64::MAX)),
            (json!(1e300), 0, FARTHEST),
            (json!(1e-7), 8, 10),
        ] {
            assert_eq!(units(number(&json), scale), expected, "{json}");
        }
        assert_eq!((scale(number(&json!(1e-7))), scale(number(&json!(3.0)))), (7, 0));
        assert_eq!(value(-5, 2), Some(json!(-0.05)));
        assert_eq!(value(1200, 2), Some(json!(12)));
        assert_eq!(value(i128::from(u64::MAX), 0), Some(json!(u64::MAX)));
    }
}
