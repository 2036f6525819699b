//! Payments on the wire: what is sent, how often, and under which key.

#![cfg(feature = "yapily")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../runtime/tests/server/mod.rs"]
mod server;

use std::num::{NonZeroU8, NonZeroU32};
use std::time::Duration;

use obkit::domain::{
    AccountIdentifier, AuthorisationRequest, BulkPaymentRequest, ChargeBearer, ConsentReference, Creditor, Debtor,
    IdempotencyKey, InternationalTransfer, Money, PaymentEnd, PaymentFrequency, PaymentRequest, PaymentStatus,
    PaymentTiming, PeriodicPayment,
};
use obkit::provider::{BulkPayments, Payments, yapily};
use obkit::runtime::{Effect, Phase, RetryPolicy};
use serde_json::{Value, json};
use server::{Answer, Server, answer};

const KEY: &str = "1d54cf71bfe44b1b8e67247aed455d96";

fn yapily(server: &Server) -> yapily::Yapily {
    let at_once = RetryPolicy::default().max_attempts(3).base_delay(Duration::ZERO);
    let config = yapily::Config::new("key", "secret").base_url(server.base_url()).retry(at_once);
    yapily::Yapily::connect(&config).unwrap()
}

fn consent() -> ConsentReference {
    ConsentReference { id: "c".to_owned(), token: Some("consent-token".into()) }
}

fn uk_account() -> AccountIdentifier {
    AccountIdentifier::SortCodeAccountNumber { sort_code: "123456".into(), account_number: "12345678".into() }
}

fn iban(iban: &str) -> AccountIdentifier {
    AccountIdentifier::Iban { iban: iban.into() }
}

fn gbp(amount: &str) -> Money {
    Money::new(amount.parse().unwrap(), "GBP".parse().unwrap())
}

fn payment() -> PaymentRequest {
    let creditor = Creditor::new("Jane Doe", uk_account());
    PaymentRequest::with_key(KEY.parse().unwrap(), creditor, gbp("8.70")).reference("Bill 88")
}

fn made() -> Answer {
    answer(
        "201 Created",
        &["content-type: application/json"],
        r#"{"data":{"id":"p-1","status":"PENDING","paymentIdempotencyId":"1d54cf71bfe44b1b8e67247aed455d96"}}"#,
    )
}

fn unavailable() -> Answer {
    answer("503 Service Unavailable", &[], "")
}

/// The line and the body of each request that the server got.
fn received(server: &Server) -> Vec<(String, Value)> {
    let parts = |request: String| {
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        let line = head.lines().next().unwrap().to_owned();
        (line, serde_json::from_str(body).unwrap_or(Value::Null))
    };
    server.requests().into_iter().map(parts).collect()
}

/// The only body that the server got, as it was written.
fn only_body(server: &Server) -> String {
    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    requests[0].split_once("\r\n\r\n").unwrap().1.to_owned()
}

#[tokio::test]
async fn a_payment_is_sent_to_the_last_digit() {
    let server = Server::start(vec![made()]).await;
    let done = yapily(&server).submit(&consent(), &payment()).await.unwrap();
    assert_eq!((done.id.as_str(), done.idempotency_key.as_deref()), ("p-1", Some(KEY)));
    assert_eq!(done.status.unwrap().code, Some(PaymentStatus::Pending));
    let expected = concat!(
        r#"{"paymentIdempotencyId":"1d54cf71bfe44b1b8e67247aed455d96","reference":"Bill 88","type":"DOMESTIC_PAYMENT","#,
        r#""payee":{"name":"Jane Doe","accountIdentifications":[{"type":"SORT_CODE","identification":"123456"},"#,
        r#"{"type":"ACCOUNT_NUMBER","identification":"12345678"}]},"amount":{"amount":8.70,"currency":"GBP"}}"#,
    );
    assert_eq!(only_body(&server), expected);
    assert!(server.requests()[0].contains("consent: consent-token\r\n"));
}

/// The payment was made: whoever asks for it needs its id, whatever else the answer says.
#[tokio::test]
async fn an_answer_that_cannot_be_mapped_is_handed_back() {
    let body = r#"{"data":{"id":"p-1","status":"PENDING","createdAt":"yesterday"}}"#;
    let server = Server::start(vec![answer("201 Created", &["content-type: application/json"], body)]).await;
    let error = yapily(&server).submit(&consent(), &payment()).await.unwrap_err();
    assert_eq!(error.effect(), Effect::Done);
    let obkit::Error::Map(error) = error else { panic!("{error}") };
    assert_eq!(error.field, "data.createdAt");
    let made: &obkit_yapily::types::ApiResponseOfPaymentResponse = error.answer.get().unwrap();
    assert_eq!(made.data.as_ref().unwrap().id.as_deref(), Some("p-1"));
    assert!(!format!("{error:?} {error}").contains("p-1"));
}

#[tokio::test]
async fn what_is_authorised_is_what_is_submitted() {
    let opened = r#"{"data":{"id":"cae22f3d-1033-4ba6-95ae-0d8ca193b090","status":"AWAITING_AUTHORIZATION",
        "authorisationUrl":"https://bank.example/auth"}}"#;
    let server = Server::start(vec![answer("201 Created", &["content-type: application/json"], opened), made()]).await;
    let payer = AuthorisationRequest::new("modelo-sandbox").user_id("you").redirect_url("https://shop.example/back");
    let authorisation = yapily(&server).authorise(&payer, &payment()).await.unwrap();
    assert_eq!(authorisation.idempotency_key.unwrap().as_str(), KEY);
    assert_eq!(authorisation.consent.authorisation_url.unwrap().expose(), "https://bank.example/auth");
    yapily(&server).submit(&consent(), &payment()).await.unwrap();

    let received = received(&server);
    assert_eq!(received[0].0, "POST /payment-auth-requests HTTP/1.1");
    assert_eq!(received[1].0, "POST /payments HTTP/1.1");
    let mut authorised = received[0].1.clone();
    assert_eq!(authorised["paymentRequest"].take(), received[1].1);
    let rest = json!({
        "applicationUserId": "you",
        "institutionId": "modelo-sandbox",
        "callback": "https://shop.example/back",
        "paymentRequest": null,
    });
    assert_eq!(authorised, rest);
}

#[tokio::test]
async fn a_payment_is_repeated_under_one_key_and_the_error_names_it() {
    let server = Server::start(vec![unavailable(), Answer::Silence, made()]).await;
    yapily(&server).submit(&consent(), &payment()).await.unwrap();
    let bodies: Vec<_> = received(&server).into_iter().map(|(_, body)| body).collect();
    assert_eq!(bodies.len(), 3);
    assert!(bodies.iter().all(|body| *body == bodies[0] && body["paymentIdempotencyId"] == KEY), "{bodies:?}");

    let down = Server::start(vec![unavailable()]).await;
    let error = yapily(&down).submit(&consent(), &payment()).await.unwrap_err();
    assert_eq!(down.requests().len(), 3);
    assert_eq!(error.call().unwrap().idempotency_key(), Some(KEY));
    assert!(error.may_have_been_sent() && error.is_retryable());
}

#[tokio::test]
async fn a_minted_key_is_on_the_wire() {
    let server = Server::start(vec![made()]).await;
    let payment = PaymentRequest::new(Creditor::new("Jane Doe", uk_account()), gbp("1")).unwrap();
    yapily(&server).submit(&consent(), &payment).await.unwrap();
    let sent = received(&server)[0].1["paymentIdempotencyId"].as_str().unwrap().to_owned();
    assert_eq!(sent.parse::<IdempotencyKey>().unwrap(), payment.idempotency_key);
}

#[tokio::test]
async fn a_bulk_that_somebody_sends_without_a_key_is_sent_once() {
    let server = Server::start(vec![unavailable()]).await;
    let body: obkit_yapily::types::SubmitBulkPaymentRequest =
        serde_json::from_value(json!({ "payments": [] })).unwrap();
    let yapily = yapily(&server);
    yapily.api().create_bulk_payment().consent("consent-token").body(body).send().await.unwrap_err();
    assert_eq!(server.requests().len(), 1);

    let keyed = Server::start(vec![unavailable()]).await;
    let bulk = BulkPaymentRequest::with_key("bulk1".parse().unwrap(), vec![payment()]);
    let error = self::yapily(&keyed).submit_bulk(&consent(), &bulk).await.unwrap_err();
    assert_eq!((keyed.requests().len(), error.call().unwrap().idempotency_key()), (3, Some("bulk1")));
}

#[tokio::test]
async fn each_kind_of_payment_has_its_members() {
    let at = |text: &str| chrono::DateTime::parse_from_rfc3339(text).unwrap();
    let date = at("2027-04-03T00:00:00Z");
    let monthly = PeriodicPayment {
        first: date,
        frequency: PaymentFrequency::Monthly { every: NonZeroU8::MIN, day: NonZeroU8::new(11) },
        end: PaymentEnd::After(NonZeroU32::new(10).unwrap()),
    };
    let quarterly = PeriodicPayment {
        frequency: PaymentFrequency::Monthly { every: NonZeroU8::new(3).unwrap(), day: None },
        end: PaymentEnd::On(at("2028-04-03T00:00:00Z")),
        ..monthly
    };
    let abroad = InternationalTransfer::new("EUR".parse().unwrap())
        .charge_bearer(ChargeBearer::Shared)
        .purpose("Supplier invoice");
    for (payment, kind, members) in [
        (payment().timing(PaymentTiming::Instant), "DOMESTIC_INSTANT_PAYMENT", json!({})),
        (
            payment().timing(PaymentTiming::On(date)),
            "DOMESTIC_SCHEDULED_PAYMENT",
            json!({ "paymentDateTime": "2027-04-03T00:00:00Z" }),
        ),
        (
            payment().timing(PaymentTiming::Periodic(monthly)),
            "DOMESTIC_PERIODIC_PAYMENT",
            json!({
                "paymentDateTime": "2027-04-03T00:00:00Z",
                "periodicPayment": {
                    "frequency": { "type": "MONTHLY", "intervalMonth": 1, "executionDay": 11 },
                    "numberOfPayments": 10,
                },
            }),
        ),
        (
            payment().timing(PaymentTiming::Periodic(quarterly)).international(abroad.clone()),
            "INTERNATIONAL_PERIODIC_PAYMENT",
            json!({
                "paymentDateTime": "2027-04-03T00:00:00Z",
                "periodicPayment": {
                    "frequency": { "type": "QUARTERLY" },
                    "finalPaymentDateTime": "2028-04-03T00:00:00Z",
                },
                "internationalPayment": {
                    "currencyOfTransfer": "EUR", "purpose": "Supplier invoice", "chargeBearer": "SHAR",
                },
            }),
        ),
    ] {
        let server = Server::start(vec![made()]).await;
        yapily(&server).submit(&consent(), &payment).await.unwrap();
        let mut sent = received(&server).remove(0).1;
        let sent = sent.as_object_mut().unwrap();
        assert_eq!(sent.remove("type").unwrap(), kind);
        for member in ["paymentIdempotencyId", "reference", "payee", "amount"] {
            sent.remove(member).unwrap();
        }
        assert_eq!(Value::Object(sent.clone()), members);
    }
}

#[tokio::test]
async fn both_parties_and_what_goes_with_them_are_sent() {
    let server = Server::start(vec![made()]).await;
    let creditor =
        Creditor::new("Atelier Dubois", iban("FR1420041010050500013M02606")).bank("PSSTFRPPXXX").country("FR");
    let payment = PaymentRequest::with_key(KEY.parse().unwrap(), creditor, gbp("750.5"))
        .international(InternationalTransfer::new("EUR".parse().unwrap()))
        .debtor(Debtor::new(iban("GB68MONZ04000411397104")).name("John Doe"))
        .purpose_code("SUPP")
        .read_refund_account();
    yapily(&server).submit(&consent(), &payment).await.unwrap();
    let expected = json!({
        "paymentIdempotencyId": KEY,
        "payer": {
            "name": "John Doe",
            "accountIdentifications": [{ "type": "IBAN", "identification": "GB68MONZ04000411397104" }],
        },
        "purposeCode": "SUPP",
        "type": "INTERNATIONAL_PAYMENT",
        "payee": {
            "name": "Atelier Dubois",
            "accountIdentifications": [
                { "type": "IBAN", "identification": "FR1420041010050500013M02606" },
                { "type": "BIC", "identification": "PSSTFRPPXXX" },
            ],
            "address": { "country": "FR" },
        },
        "internationalPayment": { "currencyOfTransfer": "EUR" },
        "amount": { "amount": 750.5, "currency": "GBP" },
        "readRefundAccount": true,
    });
    assert_eq!(received(&server)[0].1, expected);
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused_before_anything_is_sent() {
    let server = Server::start(vec![made()]).await;
    let pan = AccountIdentifier::Pan { pan: "4111111111111111".into() };
    let to = |account| PaymentRequest::with_key(KEY.parse().unwrap(), Creditor::new("J", account), gbp("1"));
    let every = |months| {
        payment().timing(PaymentTiming::Periodic(PeriodicPayment {
            first: chrono::DateTime::UNIX_EPOCH.fixed_offset(),
            frequency: PaymentFrequency::Monthly { every: NonZeroU8::new(months).unwrap(), day: None },
            end: PaymentEnd::Open,
        }))
    };
    let abroad = InternationalTransfer::new("EUR".parse().unwrap());
    for (payment, message) in [
        (
            payment().timing(PaymentTiming::Instant).international(abroad),
            "yapily does not offer instant payments abroad",
        ),
        (payment().reference("x".repeat(19)), "yapily does not offer references of more than 18 characters"),
        (to(pan), "yapily does not offer payments to accounts of this scheme"),
        (every(5), "yapily does not offer payments every so many months but 1, 2, 3, 6 or 12"),
        (
            PaymentRequest::with_key(KEY.parse().unwrap(), Creditor::new("J", uk_account()), gbp("0.00")),
            "invalid request: the amount of a payment must be more than zero",
        ),
    ] {
        let error = yapily(&server).submit(&consent(), &payment).await.unwrap_err();
        assert_eq!((error.to_string().as_str(), error.phase()), (message, Phase::BeforeSending));
    }
    let twins = BulkPaymentRequest::new(vec![payment(), payment()]).unwrap();
    let error = yapily(&server).submit_bulk(&consent(), &twins).await.unwrap_err();
    assert!(error.to_string().contains("the same idempotency key"), "{error}");
    let unauthorised = ConsentReference { id: "c".to_owned(), token: None };
    yapily(&server).submit(&unauthorised, &payment()).await.unwrap_err();
    assert!(server.requests().is_empty());
}
