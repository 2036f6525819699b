//! Times that can be compared: of several things in turn, as medians.

#![allow(dead_code, unreachable_pub)]

use std::time::{Duration, Instant};

/// The median.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The seconds that a piece of work takes, `times` over.
pub fn seconds(times: usize, work: &mut dyn FnMut()) -> f64 {
    let began = Instant::now();
    (0..times).for_each(|_| work());
    began.elapsed().as_secs_f64()
}

/// How many times a piece of work fits into a time; once at least.
pub fn times_within(time: Duration, work: &mut dyn FnMut()) -> usize {
    let mut times = 1;
    loop {
        let taken = seconds(times, work);
        if taken >= time.as_secs_f64() {
            return times;
        }
        times *= 2;
    }
}

/// The seconds of each piece of work, once, in every round. In each round they take turns, beginning with another one,
/// so that whatever else the machine does falls on all of them.
pub fn in_turn(rounds: usize, times: usize, works: &mut [Box<dyn FnMut() + '_>]) -> Vec<Vec<f64>> {
    let mut taken = vec![Vec::with_capacity(rounds); works.len()];
    for round in 0..rounds {
        for turn in 0..works.len() {
            let index = (round + turn) % works.len();
            taken[index].push(seconds(times, &mut works[index]) / times as f64);
        }
    }
    taken
}
