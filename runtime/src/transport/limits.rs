//! The table of the limits is that of the code.

#![allow(clippy::unwrap_used)]

use std::time::Duration;

use super::builder::ATTEMPT_TIMEOUT;
use super::http::CONNECT_TIMEOUT;
use crate::body::{MAX_BODY, MAX_ERROR_BODY, MAX_RAW_BODY};
use crate::oauth2::{MAX_ANSWER, TIMEOUT};
use crate::{RetryPolicy, Transport};

fn time(time: Duration) -> String {
    match time.as_millis() {
        millis if millis % 1000 == 0 => format!("{} s", millis / 1000),
        millis => format!("{millis} ms"),
    }
}

fn size(bytes: usize) -> String {
    match bytes >> 20 {
        0 => format!("{} KiB", bytes >> 10),
        megabytes => format!("{megabytes} MiB"),
    }
}

#[test]
fn the_table_is_that_of_the_code() {
    let retry = RetryPolicy::default();
    let transport = Transport::builder("test").build().unwrap();
    assert_eq!(transport.0.call_timeout, Duration::MAX);
    assert_eq!((transport.0.attempt_timeout, &transport.0.retry), (ATTEMPT_TIMEOUT, &retry));
    let expected = [
        ("`TransportBuilder::connect_timeout`", time(CONNECT_TIMEOUT)),
        ("`TransportBuilder::attempt_timeout`", time(ATTEMPT_TIMEOUT)),
        ("`RetryPolicy::max_attempts`", retry.max_attempts.to_string()),
        ("`RetryPolicy::deadline`", time(retry.deadline)),
        ("`RetryPolicy::base_delay`", time(retry.base_delay)),
        ("`RetryPolicy::max_delay`", time(retry.max_delay)),
        ("`TransportBuilder::call_timeout`", "none".to_owned()),
        ("`ClientCredentials::timeout`", time(TIMEOUT)),
        ("", size(MAX_BODY)),
        ("", size(MAX_ERROR_BODY)),
        ("", size(MAX_RAW_BODY)),
        ("", size(MAX_ANSWER)),
    ];
    let table = include_str!("limits.md");
    let rows = table.lines().filter(|line| line.starts_with('|')).skip(2).map(|line| {
        let cells: Vec<_> = line.split('|').map(str::trim).collect();
        (cells[3], cells[2].to_owned())
    });
    assert_eq!(rows.collect::<Vec<_>>(), expected);

    let sum = retry.deadline + 2 * (ATTEMPT_TIMEOUT + ATTEMPT_TIMEOUT);
    assert!(
        table.contains(&format!("{} seconds at most", sum.as_secs())),
        "a token is waited for as long as an attempt"
    );
}
