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

    /// Says how often the last answer is given. Where nothing was said, that is the document's.
    pub(super) fn limit_last(&mut self, route: &Route, times: u32) {
        self.last(route).times = Some(times);
    }

    /// Changes the last answer. Where nothing was said, that is the document's.
    pub(super) fn change_last(&mut self, route: &Route, change: impl FnOnce(Answer) -> Answer) {
        let turn = self.last(route);
        turn.answer = change(turn.answer.clone());
    }

    fn last(&mut self, route: &Route) -> &mut Turn {
        let turn = self.turns.pop_back();
        let turn = turn.unwrap_or_else(|| Turn { answer: documented(route), times: None, given: 0 });
        self.turns.push_back(turn);
        let last = self.turns.len() - 1;
        &mut self.turns[last]
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
