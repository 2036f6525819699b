//! Webhooks that are accepted, and how keys are obtained.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod server;
mod signer;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use obkit_runtime::jose::{CompactJws, KeySet, KeySetError, Unusable};
use obkit_runtime::reqwest::header::HeaderMap;
use obkit_runtime::webhook::{
    InsecureUrl, JwksUrl, KeySource, KeySourceError, VerifiedWebhook, WebhookError, WebhookVerifier,
    WebhookVerifierBuilder,
};
use obkit_runtime::{Auth, Transport};
use serde_json::{Value, json};
use server::{Answer, Server, answer};
use signer::{BODY, Signer, jwks, key_set, scheme};
use tokio::sync::Notify;

const JSON: &[&str] = &["content-type: application/json"];

/// A clock that the test sets.
#[derive(Clone)]
struct Clock(Arc<Mutex<Instant>>);

impl Clock {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(Instant::now())))
    }

    fn wait(&self, time: Duration) {
        *self.0.lock().unwrap() += time;
    }

    fn verifier(&self, keys: impl KeySource + 'static) -> WebhookVerifierBuilder {
        let clock = Arc::clone(&self.0);
        WebhookVerifier::builder(scheme(), keys).clock(move || *clock.lock().unwrap())
    }
}

fn published(server: &Server) -> JwksUrl {
    JwksUrl::new("finqlink", &format!("{}/.well-known/jwks.json", server.base_url())).unwrap()
}

async fn receive(
    verifier: &WebhookVerifier,
    signer: &Signer,
    body: &'static [u8],
) -> Result<VerifiedWebhook, WebhookError> {
    verifier.verify(&signer.headers(body), body.into()).await
}

#[test]
fn the_examples_of_the_standard_are_verified() {
    // RFC 7515, appendices A.2 and A.3.
    let payload = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    let keys = json!({"keys": [
        {
            "kid": "RS256", "kty": "RSA", "e": "AQAB",
            "n": "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS\
                  -pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2C\
                  apHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb\
                  54h4FRWyuXpoQ",
        },
        {
            "kid": "ES256", "kty": "EC", "crv": "P-256",
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        },
    ]});
    let keys = KeySet::from_json(keys.to_string().as_bytes()).unwrap();
    for (key, header, signature) in [
        (
            "RS256",
            "eyJhbGciOiJSUzI1NiJ9",
            "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr\
             7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi\
             12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypG\
             lUPQGe77Rw",
        ),
        (
            "ES256",
            "eyJhbGciOiJFUzI1NiJ9",
            "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
        ),
    ] {
        let text = format!("{header}.{payload}.{signature}");
        CompactJws::parse(&text).unwrap().verify(keys.key(key).unwrap()).expect(key);
    }
}

#[test]
fn both_algorithms_and_the_usual_headers_are_accepted() {
    for signer in [Signer::rsa(), Signer::p256()] {
        let algorithm = signer.algorithm();
        for header in [
            json!({"alg": algorithm, "kid": signer.id}),
            json!({"alg": algorithm}),
            json!({"alg": algorithm, "kid": signer.id, "typ": "JWT"}),
            json!({"alg": algorithm, "typ": "jose", "cty": "application/json", "unknown": [1]}),
        ] {
            let headers = signer::headers(signer.id, &signer.jws_with(header.to_string(), BODY));
            let webhook = scheme().verify(&headers, BODY.into(), &key_set(&[&signer]));
            assert_eq!(webhook.unwrap().body(), BODY, "{header}");
        }
    }
}

#[test]
fn keys_need_no_more_than_their_type_and_their_id() {
    for signer in [Signer::rsa(), Signer::p256()] {
        let mut jwk = signer.jwk();
        for name in ["alg", "use"] {
            jwk.as_object_mut().unwrap().remove(name);
        }
        jwk["key_ops"] = json!(["verify"]);
        let keys = KeySet::from_json(json!({"keys": [jwk]}).to_string().as_bytes()).unwrap();
        scheme().verify(&signer.headers(BODY), BODY.into(), &keys).unwrap();
    }
}

#[test]
fn one_odd_key_leaves_the_others_alone() {
    let signer = Signer::rsa();
    let odd = json!({"kid": "odd", "kty": "EC", "crv": "P-521"});
    let keys = json!({"keys": [odd, signer.jwk(), null], "more": 1}).to_string();
    let keys = KeySet::from_json(keys.as_bytes()).unwrap();
    assert_eq!(keys.ids().collect::<Vec<_>>(), [signer.id]);
    let unusable: Vec<_> = keys.unusable().collect();
    assert_eq!(unusable, [(Some("odd"), Unusable::Curve), (None, Unusable::NotAKey)]);
}

#[test]
fn a_document_that_is_no_key_set_is_an_error() {
    for text in ["", "[]", "{}", r#"{"keys":{}}"#, r#"{"keys":null}"#] {
        assert_eq!(KeySet::from_json(text.as_bytes()).unwrap_err(), KeySetError::NotAKeySet, "{text}");
    }
    let many = json!({"keys": vec![Value::Null; 65]}).to_string();
    assert_eq!(KeySet::from_json(many.as_bytes()).unwrap_err(), KeySetError::TooManyKeys);
}

#[tokio::test]
async fn keys_are_asked_for_once_and_again_when_they_rotate() {
    let (old, new) = (Signer::previous_rsa(), Signer::rsa());
    let server =
        Server::start(vec![answer("200 OK", JSON, &jwks(&[&old])), answer("200 OK", JSON, &jwks(&[&new, &old]))]).await;
    let clock = Clock::new();
    let verifier = clock.verifier(published(&server)).build();

    receive(&verifier, &old, BODY).await.unwrap();
    receive(&verifier, &old, b"{}").await.unwrap();
    assert_eq!(server.requests().len(), 1);

    clock.wait(Duration::from_secs(30));
    let webhook = receive(&verifier, &new, BODY).await.unwrap();
    assert_eq!(webhook.key_id(), new.id);
    receive(&verifier, &old, b"[]").await.expect("what the previous key signed is still on its way");

    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    for request in requests {
        assert!(request.starts_with("GET /.well-known/jwks.json HTTP/1.1\r\n"), "{request}");
        assert!(!request.to_ascii_lowercase().contains("authorization"), "{request}");
    }
}

#[tokio::test]
async fn a_new_key_within_the_interval_is_refused_for_the_time_being() {
    let (old, new) = (Signer::previous_rsa(), Signer::rsa());
    let server =
        Server::start(vec![answer("200 OK", JSON, &jwks(&[&old])), answer("200 OK", JSON, &jwks(&[&new, &old]))]).await;
    let clock = Clock::new();
    let verifier = clock.verifier(published(&server)).build();
    receive(&verifier, &old, BODY).await.unwrap();

    clock.wait(Duration::from_secs(29));
    let error = receive(&verifier, &new, BODY).await.unwrap_err();
    assert!(matches!(error, WebhookError::KeyNotYetKnown), "{error}");
    assert_eq!(error.status().as_u16(), 503, "the provider may send it again");
    clock.wait(Duration::from_secs(1));
    receive(&verifier, &new, BODY).await.unwrap();
}

#[tokio::test]
async fn keys_stay_in_use_while_no_newer_ones_can_be_had() {
    let signer = Signer::rsa();
    let server =
        Server::start(vec![answer("200 OK", JSON, &jwks(&[&signer])), answer("500 Internal Server Error", &[], "")])
            .await;
    let clock = Clock::new();
    let verifier = clock.verifier(published(&server)).build();
    receive(&verifier, &signer, BODY).await.unwrap();

    clock.wait(Duration::from_secs(23 * 60 * 60));
    receive(&verifier, &signer, b"{}").await.unwrap();
    assert_eq!(server.requests().len(), 2);

    clock.wait(Duration::from_secs(60 * 60));
    let error = receive(&verifier, &signer, b"[]").await.unwrap_err();
    let expected = "the keys of the provider cannot be had: the answer was 500 Internal Server Error";
    assert_eq!(error.to_string(), expected);
    assert_eq!(error.status().as_u16(), 503);
}

#[tokio::test]
async fn an_answer_that_is_no_key_set_is_no_reason_to_accept_anything() {
    let signer = Signer::rsa();
    let keys = jwks(&[&signer]);
    let long = format!("{{\"padding\":\"{}\",{}", "x".repeat(64 << 10), &keys[1..]);
    for (answer, expected) in [
        (answer("200 OK", JSON, "<html>"), "the document is no JWK Set: a JSON object with a list `keys`"),
        (answer("200 OK", JSON, &long), "the answer is longer than 65536 bytes"),
        (answer("201 Created", JSON, &keys), "the answer was 201 Created"),
        (answer("302 Found", &["location: /elsewhere"], &keys), "the answer was 302 Found"),
        (Answer::Silence, "they could not be asked for"),
    ] {
        let server = Server::start(vec![answer]).await;
        let verifier = Clock::new().verifier(published(&server)).build();
        let error = receive(&verifier, &signer, BODY).await.unwrap_err();
        assert!(error.to_string().ends_with(expected), "{error}");
        assert_eq!(server.requests().len(), 1, "one attempt");
        let again = receive(&verifier, &signer, BODY).await.unwrap_err();
        assert_eq!(again.to_string(), error.to_string(), "within the interval the outcome stands");
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn keys_are_not_asked_for_in_the_clear() {
    for url in ["http://finqware.example/jwks.json", "http://127.0.0.1.example/", "ftp://localhost/", "http://[::2]/"] {
        let error = JwksUrl::new("finqlink", url).unwrap_err();
        assert!(matches!(error, InsecureUrl::NotHttps), "{url}");
    }
    assert!(matches!(JwksUrl::new("finqlink", "jwks.json"), Err(InsecureUrl::NotAUrl)));
    for url in ["https://finqware.example/", "http://localhost:1/", "http://127.0.0.1:1/", "http://[::1]:1/"] {
        let transport = Transport::builder("finqlink").build().unwrap();
        JwksUrl::through(transport, url).expect(url);
    }
}

#[tokio::test]
async fn the_credentials_of_a_transport_are_not_sent_for_keys() {
    let signer = Signer::rsa();
    let server = Server::start(vec![answer("200 OK", JSON, &jwks(&[&signer]))]).await;
    let transport = Transport::builder("finqlink").auth(Auth::bearer("s3cret")).build().unwrap();
    let keys = JwksUrl::through(transport, &format!("{}/jwks.json", server.base_url())).unwrap();
    receive(&Clock::new().verifier(keys).build(), &signer, BODY).await.unwrap();
    let request = server.requests().concat().to_ascii_lowercase();
    assert!(request.starts_with("get /jwks.json") && !request.contains("authorization"), "{request}");
}

/// Keys that come when the test lets them.
fn gated(keys: &KeySet) -> (impl KeySource + 'static, Arc<Notify>, Arc<AtomicUsize>) {
    let (gate, asked) = (Arc::new(Notify::new()), Arc::new(AtomicUsize::new(0)));
    let (keys, opened, count) = (keys.clone(), Arc::clone(&gate), Arc::clone(&asked));
    let fetch = move || {
        count.fetch_add(1, Ordering::SeqCst);
        let (keys, opened) = (keys.clone(), Arc::clone(&opened));
        async move {
            opened.notified().await;
            Ok::<_, KeySourceError>(keys)
        }
    };
    (fetch, gate, asked)
}

#[tokio::test]
async fn however_many_wait_keys_are_asked_for_once() {
    let signer = Signer::rsa();
    let (source, gate, asked) = gated(&key_set(&[&signer]));
    // Without an interval, only the others' attempt is a reason not to ask.
    let verifier = Clock::new().verifier(source).key_interval(Duration::ZERO).build();
    let bodies: [&'static [u8]; 4] = [b"1", b"2", b"3", b"4"];
    let all = async {
        tokio::join!(
            receive(&verifier, &signer, bodies[0]),
            receive(&verifier, &signer, bodies[1]),
            receive(&verifier, &signer, bodies[2]),
            receive(&verifier, &signer, bodies[3]),
        )
    };
    let (outcomes, ()) = tokio::join!(all, async {
        tokio::task::yield_now().await;
        gate.notify_one();
    });
    outcomes.0.and(outcomes.1).and(outcomes.2).and(outcomes.3).unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_sender_who_hangs_up_does_not_stop_the_attempt() {
    let signer = Signer::rsa();
    let (source, gate, asked) = gated(&key_set(&[&signer]));
    let verifier = Clock::new().verifier(source).build();
    {
        let hung_up = receive(&verifier, &signer, BODY);
        tokio::pin!(hung_up);
        while asked.load(Ordering::SeqCst) == 0 {
            assert!(futures_now(hung_up.as_mut()).await.is_none());
        }
    }
    gate.notify_one();
    receive(&verifier, &signer, BODY).await.expect("the attempt that was begun is the one that counts");
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

/// The outcome of a future that is polled once, the other tasks having had their turn.
async fn futures_now<F: Future + Unpin>(future: F) -> Option<F::Output> {
    tokio::select! {
        biased;
        outcome = future => Some(outcome),
        () = tokio::task::yield_now() => None,
    }
}

#[tokio::test(start_paused = true)]
async fn keys_that_never_come_are_not_waited_for() {
    let signer = Signer::rsa();
    let (source, _gate, _) = gated(&key_set(&[&signer]));
    let verifier = Clock::new().verifier(source).build();
    let error = receive(&verifier, &signer, BODY).await.unwrap_err();
    assert!(matches!(error, WebhookError::KeysUnavailable(KeySourceError::TimedOut)), "{error}");
}

#[tokio::test]
async fn known_keys_do_not_wait_for_unknown_ones() {
    let (signer, stranger) = (Signer::rsa(), Signer::p256());
    let (source, gate, asked) = gated(&key_set(&[&signer]));
    let clock = Clock::new();
    let verifier = clock.verifier(source).build();
    gate.notify_one();
    receive(&verifier, &signer, BODY).await.unwrap();
    clock.wait(Duration::from_secs(30));
    let unknown = receive(&verifier, &stranger, BODY);
    tokio::pin!(unknown);
    while asked.load(Ordering::SeqCst) == 1 {
        assert!(futures_now(unknown.as_mut()).await.is_none());
    }
    receive(&verifier, &signer, b"{}").await.expect("while keys are asked for");
    gate.notify_one();
    assert!(matches!(unknown.await, Err(WebhookError::UnknownKey)));
}

#[tokio::test]
async fn the_memory_ends_after_its_window() {
    let signer = Signer::rsa();
    let keys = key_set(&[&signer]);
    let clock = Clock::new();
    let source = move || std::future::ready(Ok(keys.clone()));
    let verifier = clock.verifier(source).replay_memory(Duration::from_secs(60), 10).build();
    receive(&verifier, &signer, BODY).await.unwrap();
    clock.wait(Duration::from_secs(59));
    assert!(matches!(receive(&verifier, &signer, BODY).await, Err(WebhookError::Replayed)));
    clock.wait(Duration::from_secs(1));
    receive(&verifier, &signer, BODY).await.expect("as documented, no more is known than this");
}

#[tokio::test]
async fn what_could_not_be_acted_on_may_come_again() {
    let signer = Signer::rsa();
    let keys = key_set(&[&signer]);
    let verifier = Clock::new().verifier(move || std::future::ready(Ok(keys.clone()))).build();
    let webhook = receive(&verifier, &signer, BODY).await.unwrap();
    verifier.forget(&webhook);
    let again = receive(&verifier, &signer, BODY).await.unwrap();
    assert_eq!(again.digest(), webhook.digest());
    assert_ne!(receive(&verifier, &signer, b"{}").await.unwrap().digest(), webhook.digest());
}

#[test]
fn a_verifier_can_be_shared_and_its_future_sent() {
    fn sent<T: Send>(_: T) {}
    fn shared<T: Send + Sync + 'static>(_: &T) {}
    let verifier = WebhookVerifier::builder(scheme(), || std::future::ready(Ok(KeySet::default()))).build();
    shared(&verifier);
    sent(verifier.verify(&HeaderMap::new(), BODY.into()));
}
