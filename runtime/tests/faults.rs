//! Connections that fail, on the way and at the worst moment. Each call ends in a typed error, says what is known of the
//! request, and a payment without a key is sent once.

#![allow(clippy::unwrap_used)]

use std::time::Duration;

use obkit_runtime::reqwest::StatusCode;
use obkit_runtime::serde_json::Value;
use obkit_runtime::{Error, Phase, Transport};

mod fault;

use fault::{ALL, Asked, Faults, SECRET, Step, answer, builder, call, head, judgement, rest, send};

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";

fn transport() -> Transport {
    builder().build().unwrap()
}

/// The same fault on every connection: how each kind of call ends, and how often it was sent.
async fn fails(script: Vec<Step>, phase: Phase, words: &str, often: usize) {
    for asked in ALL {
        let server = Faults::start(vec![script.clone()]).await;
        let error = call::<Value>(&transport(), &server.base_url, asked).await.unwrap_err();
        let attempts = if asked == Asked::Pay { 1 } else { often };
        assert_eq!(server.requests().len(), attempts, "{asked:?}");
        let after = if attempts > 1 { format!(" after {attempts} attempts") } else { String::new() };
        assert_eq!(judgement(&error), (phase, true, format!("call: {words}{after}")), "{asked:?}");
        assert!(error.may_have_been_sent());
        assert_eq!(error.idempotency_key(), (asked == Asked::PayOnce).then_some("key-1"));
    }
}

/// The answer breaks off after its head: nothing is repeated, because the provider has answered.
async fn breaks_off(script: Vec<Step>) {
    fails(script, Phase::Answered, "answered 200 OK, but the connection failed within the body", 1).await;
}

/// No answer can be made out.
async fn is_no_answer(script: Vec<Step>) {
    fails(script, Phase::MaybeSent, "the connection failed", 3).await;
}

#[tokio::test]
async fn a_refused_connection_was_never_asked() {
    // A port that nobody listens at: it is bound, and not yet given away.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let base_url = format!("http://{}", socket.local_addr().unwrap());
    for asked in ALL {
        let error = call::<Value>(&transport(), &base_url, asked).await.unwrap_err();
        let words = if asked == Asked::Pay { "could not connect" } else { "could not connect after 3 attempts" };
        assert_eq!(judgement(&error), (Phase::BeforeSending, true, format!("call: {words}")));
    }
}

#[tokio::test]
async fn a_connection_that_is_reset_within_the_body_is_an_error_with_its_status() {
    let begin = format!("{OK}content-length: 100\r\n\r\n[\"{SECRET}");
    breaks_off(vec![Step::Read, send(begin.clone()), Step::Reset]).await;
    let chunked = format!("{OK}transfer-encoding: chunked\r\n\r\n20\r\n[\"{SECRET}");
    breaks_off(vec![Step::Read, send(chunked), Step::Reset]).await;

    let server = Faults::start(vec![vec![Step::Read, send(begin), Step::Reset]]).await;
    let error = call::<Value>(&transport(), &server.base_url, Asked::PayOnce).await.unwrap_err();
    assert_eq!((error.status(), error.raw_body_is_truncated()), (Some(StatusCode::OK), true));
    assert_eq!(error.raw_body(), format!("[\"{SECRET}").as_bytes());
}

#[tokio::test]
async fn a_body_shorter_than_announced_is_not_taken_for_whole() {
    // Cut where it is valid JSON.
    breaks_off(vec![Step::Read, send(format!("{OK}content-length: 100\r\n\r\n[\"{SECRET}\"]"))]).await;
    breaks_off(vec![Step::Read, send(format!("{OK}transfer-encoding: chunked\r\n\r\n2\r\n[]\r\n"))]).await;
    breaks_off(vec![Step::Read, send(format!("{OK}transfer-encoding: chunked\r\n\r\n{SECRET}\r\n[]\r\n0\r\n\r\n"))])
        .await;
}

#[tokio::test]
async fn a_reset_before_the_answer_may_have_been_after_the_payment() {
    is_no_answer(vec![Step::Read, Step::Reset]).await;
    is_no_answer(vec![Step::Read]).await;
    is_no_answer(vec![Step::Read, send("HTTP/1.1 200 O"), Step::Reset]).await;
}

#[tokio::test]
async fn what_is_no_http_is_no_answer() {
    for nonsense in [
        SECRET.to_owned(),
        format!("{SECRET}\r\n\r\n"),
        format!("HTTP/1.1 {SECRET}\r\n\r\n"),
        format!("HTTP/9.9 200 OK\r\n\r\n{SECRET}"),
        format!("HTTP/1.1 200 OK\r\n{SECRET}\r\n\r\n"),
        format!("HTTP/1.1 200 OK\r\nx: {SECRET}\0\r\n\r\n"),
        format!("{OK}content-length: {SECRET}\r\n\r\n[]"),
        format!("{OK}content-length: 2\r\ncontent-length: 3\r\n\r\n[]"),
        format!("{OK}content-length: 99999999999999999999999\r\n\r\n[]"),
        "\0".repeat(10_000),
    ] {
        is_no_answer(vec![Step::Read, send(nonsense)]).await;
    }
}

#[tokio::test]
async fn headers_without_end_are_no_answer() {
    let many: String = (0..1000).map(|number| format!("x-{number}: {SECRET}\r\n")).collect();
    is_no_answer(vec![Step::Read, send(format!("{OK}{many}\r\n[]"))]).await;
    is_no_answer(vec![Step::Read, send(format!("{OK}x: ")), Step::Flood(SECRET.repeat(1000).into())]).await;
}

#[tokio::test]
async fn interim_answers_are_passed_over_as_long_as_the_call_has_time() {
    let interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n";
    let server = Faults::start(vec![vec![Step::Read, send(interim), answer("200 OK", &[], "[1]")]]).await;
    assert_eq!(*call::<Value>(&transport(), &server.base_url, Asked::Pay).await.unwrap(), Value::from(vec![1]));

    let endless = Faults::start(vec![vec![Step::Read, Step::Flood(interim.into())]]).await;
    let hasty = builder().call_timeout(Duration::from_millis(100)).build().unwrap();
    let error = call::<Value>(&hasty, &endless.base_url, Asked::Pay).await.unwrap_err();
    assert_eq!(judgement(&error), (Phase::MaybeSent, true, "call: timed out".to_owned()));
}

#[tokio::test]
async fn another_protocol_is_an_error_with_its_status() {
    let head = format!("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: {SECRET}\r\n\r\n");
    let server = Faults::start(vec![vec![Step::Read, send(head)]]).await;
    let error = call::<Value>(&transport(), &server.base_url, Asked::Pay).await.unwrap_err();
    assert_eq!(judgement(&error), (Phase::Answered, false, "call: answered 101 Switching Protocols".to_owned()));
}

/// Once the server is silent, nothing but time goes on, and it goes at once.
async fn times_out(transport: &Transport, server: &Faults, base_url: &str, asked: Asked) -> Error {
    let patience = async {
        server.hung().await;
        tokio::time::pause();
        std::future::pending::<()>().await;
    };
    tokio::select! {
        outcome = head(transport, base_url, asked) => outcome.unwrap_err(),
        () = patience => unreachable!(),
    }
}

#[tokio::test]
async fn headers_that_do_not_come_end_with_the_attempt() {
    for script in [vec![Step::Read, Step::Hang], vec![Step::Read, send(format!("{OK}x: {SECRET}")), Step::Hang]] {
        for asked in ALL {
            let server = Faults::start(vec![script.clone()]).await;
            let error = times_out(&transport(), &server, &server.base_url, asked).await;
            assert_eq!(judgement(&error), (Phase::MaybeSent, true, "call: timed out".to_owned()));
            assert_eq!(server.requests().len(), 1, "the time of the call is over");
            tokio::time::resume();
        }
    }
}

/// The call has less time than an attempt: however it is spent, five seconds pass.
#[tokio::test]
async fn a_silent_server_takes_no_more_than_the_time_of_the_call() {
    let hasty = builder().call_timeout(Duration::from_secs(5)).build().unwrap();
    let is_five_seconds = |time: Duration| (5..7).contains(&time.as_secs());
    let silent = Faults::start(vec![vec![Step::Read, Step::Hang]]).await;
    let began = tokio::time::Instant::now();
    let error = times_out(&hasty, &silent, &silent.base_url, Asked::PayOnce).await;
    assert_eq!(judgement(&error), (Phase::MaybeSent, true, "call: timed out".to_owned()));
    assert!(is_five_seconds(began.elapsed()), "{:?}", began.elapsed());
    tokio::time::resume();

    let begin = send(format!("{OK}content-length: 100\r\n\r\n["));
    let slow = Faults::start(vec![vec![Step::Read, begin, Step::Hang]]).await;
    let began = tokio::time::Instant::now();
    let response = head(&hasty, &slow.base_url, Asked::PayOnce).await.unwrap();
    tokio::time::pause();
    let error = rest::<Value>(response).await.unwrap_err();
    assert_eq!((error.phase(), error.is_retryable()), (Phase::Answered, true));
    assert!(is_five_seconds(began.elapsed()), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_handshake_that_does_not_end_is_no_connection() {
    let server = Faults::start(vec![vec![Step::Hang]]).await;
    let error = times_out(&transport(), &server, &server.base_url.replace("http:", "https:"), Asked::Pay).await;
    assert_eq!(judgement(&error), (Phase::BeforeSending, true, "call: could not connect".to_owned()));
}

#[tokio::test]
async fn a_body_that_does_not_come_ends_with_the_attempt() {
    for asked in ALL {
        let begin = send(format!("{OK}content-length: 100\r\n\r\n[\"{SECRET}"));
        let server = Faults::start(vec![vec![Step::Read, begin, Step::Hang]]).await;
        let response = head(&transport(), &server.base_url, asked).await.unwrap();
        tokio::time::pause();
        let error = rest::<Value>(response).await.unwrap_err();
        let words = "call: answered 200 OK, but timed out within the body".to_owned();
        assert_eq!(judgement(&error), (Phase::Answered, true, words));
        assert_eq!((error.status(), server.requests().len()), (Some(StatusCode::OK), 1));
        tokio::time::resume();
    }
}

#[tokio::test]
async fn an_error_whose_page_does_not_come_keeps_its_status() {
    let begin = send(format!("HTTP/1.1 400 Bad Request\r\ncontent-length: 100\r\n\r\n{{\"code\":\"{SECRET}"));
    let server = Faults::start(vec![vec![Step::Read, begin, Step::Hang]]).await;
    let response = head(&transport(), &server.base_url, Asked::Pay).await.unwrap();
    tokio::time::pause();
    let error = rest::<Value>(response).await.unwrap_err();
    assert_eq!(judgement(&error), (Phase::Answered, false, "call: answered 400 Bad Request".to_owned()));
    assert!(error.raw_body_is_truncated());
}

#[tokio::test]
async fn a_kept_connection_that_closes_costs_a_payment_no_second_execution() {
    // The second request of a connection is read, and the connection closed without an answer.
    let first = || answer("200 OK", &[], "[1]");
    for asked in ALL {
        let server = Faults::start(vec![vec![Step::Read, first(), Step::Read], vec![Step::Read, first()]]).await;
        let transport = transport();
        call::<Value>(&transport, &server.base_url, Asked::List).await.unwrap();
        let outcome = call::<Value>(&transport, &server.base_url, asked).await;
        match asked {
            Asked::Pay => {
                let expected = (Phase::MaybeSent, true, "call: the connection failed".to_owned());
                assert_eq!((judgement(&outcome.unwrap_err()), server.requests().len()), (expected, 2));
            }
            _ => assert_eq!((outcome.unwrap().call().attempts, server.requests().len()), (2, 3)),
        }
    }
}

#[tokio::test]
async fn a_connection_that_was_closed_meanwhile_is_replaced_or_the_payment_left_to_the_caller() {
    for _ in 0..50 {
        let server = Faults::start(vec![vec![Step::Read, answer("200 OK", &[], "[1]")]]).await;
        let transport = transport();
        call::<Value>(&transport, &server.base_url, Asked::List).await.unwrap();
        match call::<Value>(&transport, &server.base_url, Asked::Pay).await {
            Ok(_) => assert_eq!(server.requests().len(), 2),
            Err(error) => assert!(error.may_have_been_sent() && server.requests().len() == 1),
        }
    }
}

#[tokio::test]
async fn what_follows_an_answer_is_not_the_answer_of_the_next_call() {
    let planted = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n\"{SECRET}\"", SECRET.len() + 2);
    for _ in 0..50 {
        let first = send(format!("{OK}content-length: 3\r\n\r\n[1]{planted}"));
        let scripts = vec![vec![Step::Read, first, Step::Read], vec![Step::Read, answer("200 OK", &[], "[2]")]];
        let server = Faults::start(scripts).await;
        let transport = transport();
        assert_eq!(*call::<Value>(&transport, &server.base_url, Asked::List).await.unwrap(), Value::from(vec![1]));
        let second = call::<Value>(&transport, &server.base_url, Asked::List).await.unwrap();
        assert_eq!(*second, Value::from(vec![2]), "the planted answer is not taken");
    }
}
