//! What mapping alone costs: from a provider's types to the domain, with nothing decoded.
//!
//! `cargo bench -p obkit --bench mapping`
//!
//! Each mapping of `tests/mappings` maps the documented example of which it makes the most values. A time is for one
//! value, its source and its end included: the median of the samples.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../tests/mappings/mod.rs"]
mod mappings;
mod measure;

use std::time::Duration;

use mappings::{MAPPINGS, Mapping, examples};
use measure::{median, seconds, times_within};
use serde_json::Value;

const SAMPLES: usize = 201;
const SAMPLE: Duration = Duration::from_micros(500);

/// How many domain values there are in what a mapping gave.
fn values(mapped: &Value) -> usize {
    let list = mapped.as_array().or_else(|| mapped["items"].as_array());
    list.map_or(1, Vec::len)
}

/// The example with the most values, and how many.
fn longest(mapping: &Mapping) -> Option<(String, usize)> {
    let examples = examples(mapping.provider, mapping.operation).into_iter().map(|example| example.to_string());
    let counted = examples.filter_map(|json| {
        let count = values(&(mapping.map)(&json)?.ok()?);
        Some((json, count))
    });
    counted.filter(|(_, count)| *count > 0).max_by_key(|(_, count)| *count)
}

/// `Account` of `alloc::vec::Vec<obkit::domain::account::Account>`.
fn short(name: &str) -> &str {
    let inner = name.rsplit('<').next().unwrap_or(name).trim_end_matches('>');
    inner.rsplit("::").next().unwrap_or(inner)
}

fn main() {
    println!("| provider | operation | domain | values | one value |");
    println!("|---|---|---|---:|---:|");
    for mapping in MAPPINGS {
        let Some((json, count)) = longest(mapping) else { continue };
        let mut map = (mapping.decoded)(&json).expect("the example decodes");
        let times = times_within(SAMPLE, &mut map);
        let samples = (0..SAMPLES).map(|_| seconds(times, &mut map) / (times * count) as f64).collect();
        let nanos = median(samples) * 1e9;
        let (provider, operation, domain) = (mapping.provider, mapping.operation, short((mapping.domain)()));
        println!("| {provider} | {operation} | {domain} | {count} | {nanos:.0} ns |");
    }
}
