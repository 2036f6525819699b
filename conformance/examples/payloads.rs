//! How many documented examples are validated in a second; `benches/payloads.py` asks other validators the same.
//!
//! `payloads DOCUMENT FILE SECONDS` writes the examples and their schemas to a file, as JSON Schema 2020-12, and prints how many of them were
//! validated in how many seconds, with every schema compiled beforehand.

#![allow(clippy::print_stdout)]

use std::hint::black_box;
use std::time::{Duration, Instant};
use std::{env, error::Error, fs};

use obkit_conformance::{Contract, Direction};
use serde_json::{Value, json};

struct Case {
    direction: Direction,
    pointer: String,
    value: Value,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [document, file, seconds] = &arguments[..] else { return Err("usage: payloads DOCUMENT FILE SECONDS".into()) };
    let contract = Contract::load("bench", document)?;
    let cases = cases(&contract);
    fs::write(file, described(&contract, &cases).to_string())?;
    let (count, elapsed) = validated(&contract, &cases, Duration::from_secs_f64(seconds.parse()?))?;
    println!("{}", json!({"payloads": count, "seconds": elapsed.as_secs_f64()}));
    Ok(())
}

/// Every documented JSON example that has a schema.
fn cases(contract: &Contract) -> Vec<Case> {
    let mut cases = Vec::new();
    for operation in contract.spec().operations() {
        let requests = operation.request.iter().flat_map(|request| &request.content).map(|c| (Direction::Request, c));
        let answers = operation.responses.iter().flat_map(|answer| &answer.content).map(|c| (Direction::Response, c));
        for (direction, content) in requests.chain(answers).filter(|(_, content)| content.is_json()) {
            let Some(pointer) = &content.schema else { continue };
            let case = |value: &Value| Case { direction, pointer: pointer.clone(), value: value.clone() };
            cases.extend(content.examples.iter().map(|example| case(&example.value)));
        }
    }
    cases
}

fn described(contract: &Contract, cases: &[Case]) -> Value {
    let name = |direction| if direction == Direction::Request { "request" } else { "response" };
    let case = |case: &Case| json!({"direction": name(case.direction), "pointer": case.pointer, "value": case.value});
    json!({
        "request": contract.validators().json_schema(Direction::Request),
        "response": contract.validators().json_schema(Direction::Response),
        "cases": cases.iter().map(case).collect::<Vec<_>>(),
    })
}

/// Validates all cases again and again, and counts.
fn validated(contract: &Contract, cases: &[Case], least: Duration) -> Result<(usize, Duration), Box<dyn Error>> {
    let checks = cases
        .iter()
        .map(|case| Ok((contract.validators().check(case.direction, &case.pointer)?, &case.value)))
        .collect::<Result<Vec<_>, Box<dyn Error>>>()?;
    if let Some((_, value)) = checks.iter().find(|(check, value)| !check.violations(value).is_empty()) {
        return Err(format!("an example is not valid: {} bytes of JSON", value.to_string().len()).into());
    }
    let (start, mut count) = (Instant::now(), 0);
    while start.elapsed() < least {
        for (check, value) in &checks {
            black_box(check.violations(black_box(value)));
        }
        count += checks.len();
    }
    Ok((count, start.elapsed()))
}
