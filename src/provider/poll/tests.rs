#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use super::{Polled, Polling, Progress, until_final};
use crate::domain::{Coded, Consent, ConsentStatus, Mandate};
use crate::error::{Error, MapError};
use crate::provider::Reply;

#[derive(Clone, Debug, PartialEq)]
struct State(&'static str);

impl Progress for State {
    fn is_final(&self) -> bool {
        self.0 == "done"
    }
}

/// An error that may pass: nobody listens at the port.
async fn passing() -> Error {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let http = obkit_runtime::Transport::builder("test").build().unwrap().http().clone();
    let error = http.get(url).send().await.unwrap_err();
    Error::Call(obkit_runtime::Error::from(error))
}

fn lasting() -> Error {
    Error::Map(MapError::new("test", "id", "is missing"))
}

/// Answers one after the other, the last one again and again, and notes when.
fn script(answers: Vec<Result<State, Error>>, times: &mut Vec<Duration>) -> impl FnMut() -> Reply<'static, State> {
    let mut answers = VecDeque::from(answers);
    let started = Instant::now();
    move || {
        times.push(started.elapsed());
        let answer = match answers.len() {
            1 => match &answers[0] {
                Ok(state) => Ok(state.clone()),
                Err(_) => answers.pop_front().unwrap(),
            },
            _ => answers.pop_front().unwrap(),
        };
        Box::pin(async move { answer })
    }
}

fn seconds(times: &[Duration]) -> Vec<u64> {
    times.iter().map(Duration::as_secs).collect()
}

#[tokio::test(start_paused = true)]
async fn pauses_double_up_to_the_longest_until_the_state_is_final() {
    let mut times = Vec::new();
    let open = || Ok(State("open"));
    let answers = vec![open(), open(), open(), open(), open(), Ok(State("done"))];
    let polling = Polling::default().longest_pause(Duration::from_secs(5));
    let polled = until_final(&polling, script(answers, &mut times)).await.unwrap();
    assert_eq!(polled, Polled::Final(State("done")));
    assert_eq!(seconds(&times), [0, 1, 3, 7, 12, 17]);
}

#[tokio::test(start_paused = true)]
async fn the_last_state_is_returned_when_the_time_is_over() {
    let mut times = Vec::new();
    let polling = Polling::default().deadline(Duration::from_secs(10));
    let polled = until_final(&polling, script(vec![Ok(State("open"))], &mut times)).await.unwrap();
    assert_eq!(polled, Polled::Unfinished(State("open")));
    assert_eq!(seconds(&times), [0, 1, 3, 7], "the next reading would be at 15 seconds");
}

#[tokio::test]
async fn an_error_that_may_pass_is_tried_again_and_another_one_is_returned() {
    let polling = Polling::default().first_pause(Duration::ZERO).deadline(Duration::from_secs(60));
    let mut times = Vec::new();
    let answers = vec![Err(passing().await), Ok(State("open")), Err(passing().await), Ok(State("done"))];
    let polled = until_final(&polling, script(answers, &mut times)).await.unwrap();
    assert_eq!((polled, times.len()), (Polled::Final(State("done")), 4));

    let mut times = Vec::new();
    let answers = vec![Ok(State("open")), Err(lasting()), Ok(State("done"))];
    let error = until_final(&polling, script(answers, &mut times)).await.unwrap_err();
    assert!(matches!(error, Error::Map(_)), "{error:?}");
    assert_eq!(times.len(), 2);
}

#[tokio::test]
async fn an_error_to_the_end_is_the_outcome() {
    let polling = Polling::default().deadline(Duration::ZERO);
    let error = until_final(&polling, script(vec![Err(passing().await)], &mut Vec::new())).await.unwrap_err();
    assert!(error.is_retryable());
}

#[test]
fn a_consent_and_a_mandate_wait_for_the_holder_alone() {
    let is_final = |status: Option<Coded<ConsentStatus>>| {
        let (mut consent, mut mandate) = (Consent::new("c-1"), Mandate::new("m-1"));
        (consent.status, mandate.status) = (status.clone(), status);
        assert_eq!(consent.is_final(), mandate.is_final());
        consent.is_final()
    };
    for status in ConsentStatus::ALL {
        assert_eq!(is_final(Some((*status).into())), *status != ConsentStatus::AwaitingAuthorisation, "{status:?}");
    }
    assert!(!is_final(None));
    assert!(!is_final(Some(Coded::new(None, "AWAITING_SOMETHING_NEW"))), "what nobody knows may become anything");
}
