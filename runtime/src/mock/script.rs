//! What an operation answers, one request after the other.

use std::collections::VecDeque;

use reqwest::StatusCode;

use super::Route;
use super::answer::Answer;

/// The answers of one operation that are still to be given, and how many requests it expects.
#[derive(Default)]
pub(super) struct Script {
    turns: VecDeque<Turn>,
    pub(super) expected: Option<usize>,
}

struct Turn {
    answer: Answer,
    /// How often it is given; else once before another, and for ever as the last.
    times: Option<u32>,
    given: u32,
}

impl Script {
    pub(super) fn push(&mut self, answer: Answer) {
        self.turns.push_back(Turn { answer, times: None, given: 0 });
    }

    /// Says how often the last answer is given.
    pub(super) fn limit_last(&mut self, times: u32) {
        if let Some(turn) = self.turns.back_mut() {
            turn.times = Some(times);
        }
    }

    /// Changes the last answer.
    pub(super) fn change_last(&mut self, change: impl FnOnce(Answer) -> Answer) {
        if let Some(turn) = self.turns.back_mut() {
            turn.answer = change(turn.answer.clone());
        }
    }

    /// The next answer.
    pub(super) fn next(&mut self, route: &Route) -> Answer {
        while let Some(turn) = self.turns.front_mut() {
            let given = turn.given;
            let spent = match turn.times {
                Some(times) => given >= times,
                None => given > 0,
            };
            let stays = turn.times.is_none() && self.turns.len() == 1;
            if spent && !stays {
                self.turns.pop_front();
            } else if let Some(turn) = self.turns.front_mut() {
                turn.given = given.saturating_add(1);
                return turn.answer.clone();
            }
        }
        documented(route)
    }
}

/// What the document shows, or a word about what it does not show.
pub(super) fn documented(route: &Route) -> Answer {
    route.example.map_or_else(|| Answer::text(StatusCode::NOT_IMPLEMENTED, unanswerable(route)), Answer::from)
}

fn unanswerable(route: &Route) -> String {
    format!("{} has no stub, and its document no example of a success: say what it answers", route.words())
}
