//! What can be followed from an answer into the domain: sums of money, dates, words.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::{Map, Value};

/// A number, exactly: digits without zeros at the end, and the power of ten that they are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Exact(i128, i32);

impl Exact {
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let mut mantissa: i128 = format!("{whole}{fraction}").parse().ok()?;
        let mut power = exponent.parse::<i32>().ok()?.checked_sub(i32::try_from(fraction.len()).ok()?)?;
        while mantissa != 0 && mantissa % 10 == 0 {
            (mantissa, power) = (mantissa / 10, power + 1);
        }
        Some(if mantissa == 0 { Self(0, 0) } else { Self(mantissa, power) })
    }

    fn size(self) -> Self {
        Self(self.0.abs(), self.1)
    }
}

impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}e{}", self.0, self.1)
    }
}

/// Money in the domain.
#[derive(Clone, Debug)]
pub(crate) struct Sum {
    amount: Exact,
    currency: String,
    /// The direction beside it, in lower case.
    pub(crate) direction: Option<String>,
}

impl Sum {
    pub(crate) fn is_negative(&self) -> bool {
        self.amount.0 < 0
    }
}

/// All money in a domain value.
pub(crate) fn sums(domain: &Value) -> Vec<Sum> {
    let mut found = Vec::new();
    collect(domain, None, &mut found);
    found
}

fn collect(value: &Value, direction: Option<&str>, found: &mut Vec<Sum>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, None, found)),
        Value::Object(members) => {
            if let (Some(amount), Some(currency)) = (text(members, "amount"), text(members, "currency"))
                && let Some(amount) = Exact::read(amount)
            {
                let direction = direction.map(str::to_lowercase);
                found.push(Sum { amount, currency: currency.to_owned(), direction });
                return;
            }
            for (name, member) in members {
                let direction = text(members, "direction").filter(|_| name == "amount");
                collect(member, direction, found);
            }
        }
        _ => {}
    }
}

fn text<'v>(members: &'v Map<String, Value>, name: &str) -> Option<&'v str> {
    members.get(name)?.as_str()
}

/// A sum in an answer: where, how much, the currencies beside it, and the words beside it that may be its direction.
#[derive(Debug)]
struct Given {
    at: String,
    amount: Exact,
    currencies: Vec<String>,
    words: Vec<String>,
}

/// The sums of an answer.
#[derive(Debug, Default)]
pub(crate) struct Sums(Vec<Given>);

impl Sums {
    /// `implied` is the currency of sums that no currency stands beside.
    pub(crate) fn of_source(source: &Value, implied: Option<&str>) -> Self {
        let mut sums = Self::default();
        sums.visit("", source, &[]);
        match implied {
            Some(implied) => {
                let bare = sums.0.iter_mut().filter(|given| given.currencies.is_empty());
                bare.for_each(|given| given.currencies.push(implied.to_owned()));
            }
            None => sums.0.retain(|given| !given.currencies.is_empty()),
        }
        sums
    }

    /// Whether a sum of the domain is one of these, with its sign; with any, where it has none.
    pub(crate) fn has(&self, sum: &Sum, signed: bool) -> bool {
        self.0.iter().any(|given| {
            let same = given.currencies.iter().any(|currency| currency.eq_ignore_ascii_case(&sum.currency));
            same && match &sum.direction {
                _ if !signed => given.amount.size() == sum.amount.size(),
                None => given.amount == sum.amount,
                Some(direction) => {
                    let signed = if given.amount.0 < 0 { "debit" } else { "credit" };
                    let said = given.words.contains(direction) || signed == direction;
                    said && given.amount.size() == sum.amount
                }
            }
        })
    }

    /// Those that the domain has less often than the answer, with their places; some places are not asked about.
    pub(crate) fn lost(&self, kept: &[Sum], is_asked: impl Fn(&str) -> bool) -> Vec<(String, String)> {
        let mut left: Vec<Exact> = kept.iter().map(|sum| sum.amount.size()).collect();
        let mut lost = Vec::new();
        for given in self.0.iter().filter(|given| is_asked(&given.at)) {
            match left.iter().position(|amount| *amount == given.amount.size()) {
                Some(index) => drop(left.swap_remove(index)),
                None => lost.push((given.at.clone(), given.amount.to_string())),
            }
        }
        lost
    }

    fn visit(&mut self, at: &str, value: &Value, around: &[String]) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.visit(&format!("{at}[]"), item, around)),
            Value::Object(members) => self.object(at, members, around),
            // Some providers write JSON into texts.
            Value::String(text) if text.starts_with(['{', '[']) => {
                if let Ok(inner) = serde_json::from_str(text) {
                    self.visit(at, &inner, around);
                }
            }
            _ => {}
        }
    }

    fn object(&mut self, at: &str, members: &Map<String, Value>, around: &[String]) {
        let lower = |value: &Value| value.as_str().map(str::to_lowercase);
        let own: Vec<String> = members.values().filter_map(lower).collect();
        let currencies: Vec<String> = members
            .iter()
            .filter(|(name, _)| name.to_lowercase().contains("currency"))
            .filter_map(|(_, value)| value.as_str().map(str::to_owned))
            .collect();
        for (name, member) in members {
            let is_amount = name.to_lowercase().contains("amount");
            let number = match member {
                Value::Number(number) if is_amount => Exact::read(&number.to_string()),
                Value::String(text) if is_amount => Exact::read(text),
                _ => None,
            };
            if let Some(amount) = number {
                let words = own.iter().chain(around).cloned().collect();
                self.0.push(Given { at: format!("{at}.{name}"), amount, currencies: currencies.clone(), words });
            }
            self.visit(&format!("{at}.{name}"), member, &own);
        }
    }
}

/// The texts of a value.
pub(crate) fn texts(value: &Value) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    visit(value, &mut |_, text| {
        found.insert(text);
    });
    found
}

/// The texts of a domain value that are dates, or begin with one.
pub(crate) fn dates(domain: &Value) -> BTreeSet<&str> {
    let is_date = |text: &&str| {
        let day = text.get(..10).unwrap_or_default();
        let shape =
            |(index, byte): (usize, u8)| if matches!(index, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
        day.len() == 10 && day.bytes().enumerate().all(shape)
    };
    texts(domain).into_iter().filter(is_date).collect()
}

/// Whether a date of the domain is what a text says: the same day, and the same time at the same offset if it has one.
pub(crate) fn is_written_in(date: &str, text: &str) -> bool {
    let parts = |text: &str| {
        let (clock, zone) = text.get(..19).zip(text.get(19..))?;
        let zone = zone.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit()).replace(':', "");
        Some((clock.to_uppercase(), if zone.eq_ignore_ascii_case("z") { "+0000".to_owned() } else { zone }))
    };
    if date.len() == 10 { text.starts_with(date) } else { date == text || parts(date) == parts(text) }
}

/// The provider's words that stand beside codes in a domain value.
pub(crate) fn words(domain: &Value) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    visit(domain, &mut |name, text| {
        if name == "word" {
            found.insert(text);
        }
    });
    found
}

/// The ids in a domain value.
pub(crate) fn ids(domain: &Value) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    visit(domain, &mut |name, text| {
        if name == "id" || name.ends_with("_id") {
            found.insert(text);
        }
    });
    found
}

fn visit<'v>(value: &'v Value, found: &mut impl FnMut(&'v str, &'v str)) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| visit(item, found)),
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(text) => found(name, text),
                    other => visit(other, found),
                }
            }
        }
        _ => {}
    }
}
