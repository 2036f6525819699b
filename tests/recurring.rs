//! Mandates, payment links and refresh jobs on the wire.

#![cfg(all(feature = "yapily", feature = "fena", feature = "finqlink"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../runtime/tests/server/mod.rs"]
mod server;

use std::time::Duration;

use obkit::domain::{
    AccountIdentifier, AuthorisationRequest, ConsentReference, ConsentStatus, Creditor, Cursor, LimitAlignment,
    LimitPeriod, LimitRequest, MandateKind, MandatePaymentRequest, MandateRequest, Money, PayerPresence,
    PaymentLinkQuery, PaymentLinkRequest, PaymentLinkStatus, RefreshJobStatus,
};
use obkit::provider::{Mandates, PaymentLinks, RefreshJobs, fena, finqlink, yapily};
use obkit::runtime::{Phase, RetryPolicy};
use obkit_codegen::{Document, Spec};
use serde_json::{Value, json};
use server::{Answer, Server, answer};

const MANDATE: &str = "04349a90-23c8-4098-ba36-f70389a5bf5a";
const KEY: &str = "234g87t58tgeuo848wudjew489";

fn at_once() -> RetryPolicy {
    RetryPolicy::default().max_attempts(3).base_delay(Duration::ZERO)
}

fn yapily(server: &Server) -> yapily::Yapily {
    let config = yapily::Config::new("key", "secret").base_url(server.base_url()).retry(at_once());
    yapily::Yapily::connect(&config).unwrap()
}

fn fena(server: &Server) -> fena::Fena {
    fena::Fena::connect(&fena::Config::new(server.base_url(), "id", "secret").retry(at_once())).unwrap()
}

fn finqlink(server: &Server) -> finqlink::FinqLink {
    let config = finqlink::Config::test("xyz", "shh").base_url(server.base_url()).retry(at_once());
    finqlink::FinqLink::connect(&config).unwrap()
}

/// The first documented success of an operation.
fn documented(provider: &str, operation: &str) -> Answer {
    let file = format!("{}/specs/{provider}/openapi.yaml", env!("CARGO_MANIFEST_DIR"));
    let spec = Spec::read(Document::load(file).unwrap()).unwrap();
    let responses = &spec.operation(operation).unwrap().responses;
    let response = responses.iter().find(|r| r.status.is_success()).unwrap();
    let body = response.content[0].examples[0].value.to_string();
    answer(&format!("{} Fine", response.status), &["content-type: application/json"], &body)
}

/// The line of the only request that the server got, and its body.
fn only(server: &Server) -> (String, Value) {
    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    let (head, body) = requests[0].split_once("\r\n\r\n").unwrap();
    (head.lines().next().unwrap().to_owned(), serde_json::from_str(body).unwrap_or(Value::Null))
}

fn money(amount: &str, currency: &str) -> Money {
    Money::new(amount.parse().unwrap(), currency.parse().unwrap())
}

fn gbp(amount: &str) -> Money {
    money(amount, "GBP")
}

fn uk_account() -> AccountIdentifier {
    AccountIdentifier::SortCodeAccountNumber { sort_code: "040004".into(), account_number: "11397104".into() }
}

fn limit(amount: &str, period: LimitPeriod) -> LimitRequest {
    LimitRequest { amount: gbp(amount), period, alignment: LimitAlignment::Consent }
}

fn mandate(kind: MandateKind) -> MandateRequest {
    let creditor = Creditor::new("Isaac Harper", uk_account());
    MandateRequest::new(kind, creditor, gbp("10"), limit("20.5", LimitPeriod::Day))
        .limit(limit("100", LimitPeriod::Month))
        .reference("333333")
}

fn payer() -> AuthorisationRequest {
    AuthorisationRequest::new("ob-natwest").redirect_url("https://shop.example/back")
}

fn under(id: &str) -> ConsentReference {
    ConsentReference { id: id.to_owned(), token: Some("consent-token".into()) }
}

#[tokio::test]
async fn fena_takes_a_mandate_in_pounds_and_pence() {
    let server = Server::start(vec![documented("fena", "createVrpConsent")]).await;
    let made = fena(&server).create_mandate(&payer(), &mandate(MandateKind::Sweeping)).await.unwrap();
    assert_eq!(made.authorisation_url.unwrap().expose(), "https://bank.example/authorise?request=9a4e71");
    assert_eq!(made.status.unwrap().code, Some(ConsentStatus::AwaitingAuthorisation));
    assert_eq!(made.limits[1].amount, gbp("100.00"));
    assert_eq!(made.limits[1].period.as_ref().unwrap().code, Some(LimitPeriod::Month));
    let (line, body) = only(&server);
    assert_eq!(line, "POST /payment/vrp-consent HTTP/1.1");
    let expected = json!({
        "provider": "ob-natwest",
        "reference": "333333",
        "option": { "redirectUri": "https://shop.example/back" },
        "beneficiary": {
            "identificationType": "SortCodeAccountNumber",
            "sortCode": "040004",
            "accountNumber": "11397104",
            "name": "Isaac Harper",
        },
        "maximumIndividualAmount": "10.00",
        "periodicLimits": [
            { "periodType": "Day", "periodAlignment": "Consent", "amount": "20.50" },
            { "periodType": "Month", "periodAlignment": "Consent", "amount": "100.00" },
        ],
        "vrpType": ["Sweeping"],
        "psuAuthenticationMethods": ["SCANotRequired"],
    });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn a_payment_of_fena_which_has_no_keys_is_sent_once() {
    let server = Server::start(vec![documented("fena", "createVrpPayment")]).await;
    let payment = MandatePaymentRequest::new(gbp("0.01")).unwrap();
    let paid = fena(&server).pay(&under(MANDATE), &payment).await.unwrap();
    assert_eq!((paid.amount, paid.mandate_id.as_deref()), (Some(gbp("0.01")), Some(MANDATE)));
    let (line, body) = only(&server);
    assert_eq!(line, "POST /payment/vrp-payment HTTP/1.1");
    let expected = json!({ "vrpConsentId": MANDATE, "amount": "0.01", "psuAuthenticationMethod": "SCANotRequired" });
    assert_eq!(body, expected);

    let down = Server::start(vec![answer("503 Service Unavailable", &[], "")]).await;
    let error = fena(&down).pay(&under(MANDATE), &payment).await.unwrap_err();
    assert_eq!(down.requests().len(), 1);
    assert!(error.may_have_been_sent());
}

#[tokio::test]
async fn a_mandate_of_fena_is_read_and_taken_back() {
    let server = Server::start(vec![
        documented("fena", "getVrpConsent"),
        documented("fena", "deleteVrpConsent"),
        documented("fena", "getVrpPayment"),
    ])
    .await;
    fena(&server).mandate(MandateKind::Sweeping, MANDATE).await.unwrap();
    fena(&server).delete_mandate(MANDATE).await.unwrap();
    fena(&server).mandate_payment(&under(MANDATE), MANDATE).await.unwrap();
    let lines: Vec<_> = server.requests().iter().map(|request| request.lines().next().unwrap().to_owned()).collect();
    let of = |method: &str, kind: &str| format!("{method} /payment/vrp-{kind}/{MANDATE} HTTP/1.1");
    assert_eq!(lines, [of("GET", "consent"), of("DELETE", "consent"), of("GET", "payment")]);
}

#[tokio::test]
async fn yapily_keeps_the_kinds_of_mandates_apart() {
    for (kind, operation, path) in [
        (MandateKind::Sweeping, "createSweepingAuthorisation", "sweeping"),
        (MandateKind::Commercial, "createNonSweepingAuthorisation", "non-sweeping"),
    ] {
        let server = Server::start(vec![documented("yapily", operation)]).await;
        let made = yapily(&server).create_mandate(&payer().user_id("you"), &mandate(kind)).await.unwrap();
        assert_eq!(made.kind.unwrap().code, Some(kind));
        assert!(made.max_per_payment.is_some() && !made.limits.is_empty());
        let (line, body) = only(&server);
        assert_eq!(line, format!("POST /variable-recurring-payments/{path}/consents HTTP/1.1"));
        let amount = |amount: Value| json!({ "amount": amount, "currency": "GBP" });
        let limit = |sum: Value, frequency: &str| json!({ "totalMaxAmount": amount(sum), "frequency": frequency, "alignment": "CONSENT" });
        let expected = json!({
            "applicationUserId": "you",
            "institutionId": "ob-natwest",
            "callback": "https://shop.example/back",
            "controlParameters": {
                "psuAuthenticationMethods": ["SCA_NOT_REQUIRED"],
                "periodicLimits": [limit(json!(20.5), "DAILY"), limit(json!(100), "MONTHLY")],
                "maxAmountPerPayment": amount(json!(10)),
            },
            "initiationDetails": {
                "reference": "333333",
                "payee": {
                    "name": "Isaac Harper",
                    "accountIdentifications": [
                        { "type": "SORT_CODE", "identification": "040004" },
                        { "type": "ACCOUNT_NUMBER", "identification": "11397104" },
                    ],
                },
            },
        });
        assert_eq!(body, expected);
    }
}

#[tokio::test]
async fn a_payment_under_a_mandate_is_repeated_under_one_key() {
    let unavailable = || answer("503 Service Unavailable", &[], "");
    let server = Server::start(vec![unavailable(), documented("yapily", "createVrpPayment")]).await;
    let payment = MandatePaymentRequest::with_key(KEY.parse().unwrap(), gbp("10.00"));
    let paid = yapily(&server).pay(&under("m"), &payment).await.unwrap();
    assert_eq!(paid.idempotency_key.as_deref(), Some(KEY));
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    let body = concat!(
        r#"{"paymentIdempotencyId":"234g87t58tgeuo848wudjew489","psuAuthenticationMethod":"SCA_NOT_REQUIRED","#,
        r#""paymentAmount":{"amount":10.00,"currency":"GBP"}}"#,
    );
    assert!(requests.iter().all(|request| request.ends_with(body)), "{requests:?}");

    let server = Server::start(vec![documented("yapily", "createVrpFundsConfirmation")]).await;
    let funds = yapily(&server).confirm_funds(&under("m"), &gbp("10")).await.unwrap();
    assert!(funds.available);
    let (line, body) = only(&server);
    assert_eq!(line, "POST /variable-recurring-payments/funds-confirmation HTTP/1.1");
    assert_eq!(body, json!({ "paymentAmount": { "amount": 10, "currency": "GBP" } }));
}

#[tokio::test]
async fn a_mandate_that_cannot_be_asked_for_is_refused_before_anything_is_sent() {
    let server = Server::start(vec![answer("200 OK", &[], "")]).await;
    let twice = mandate(MandateKind::Sweeping).limit(limit("1", LimitPeriod::Day));
    let weekly = mandate(MandateKind::Sweeping).limit(limit("1", LimitPeriod::Week));
    let there = mandate(MandateKind::Sweeping).presence(PayerPresence::Needed);
    for (request, message) in [
        (&twice, "invalid request: a period has two limits"),
        (&weekly, "yapily does not offer limits for other periods than days and months"),
        (&there, "yapily does not offer mandates with the payer there for each payment"),
    ] {
        let error = yapily(&server).create_mandate(&payer(), request).await.unwrap_err();
        assert_eq!((error.to_string().as_str(), error.phase()), (message, Phase::BeforeSending));
    }
    let mut euros = mandate(MandateKind::Sweeping);
    euros.max_per_payment = money("10", "EUR");
    let mut all_euros = euros.clone();
    all_euros.limit.amount = money("20", "EUR");
    all_euros.further_limits.clear();
    let mut large = mandate(MandateKind::Sweeping);
    large.max_per_payment = gbp("12345678.90");
    for (request, message) in [
        (&euros, "invalid request: the limits are in different currencies"),
        (&all_euros, "fena does not offer mandates in other currencies than GBP"),
        (&large, "fena does not offer amounts of ten million pounds and more"),
    ] {
        let error = fena(&server).create_mandate(&payer(), request).await.unwrap_err();
        assert_eq!((error.to_string().as_str(), error.phase()), (message, Phase::BeforeSending));
    }
    let error = fena(&server).confirm_funds(&under(MANDATE), &gbp("1")).await.unwrap_err();
    assert_eq!(error.to_string(), "fena does not offer confirmations of funds");
    for amount in ["0", "-1", "0.001"] {
        let payment = MandatePaymentRequest::new(gbp(amount)).unwrap();
        fena(&server).pay(&under(MANDATE), &payment).await.unwrap_err();
    }
    assert!(server.requests().is_empty());
}

fn link() -> PaymentLinkRequest {
    let iban = AccountIdentifier::Iban { iban: "RO10RZBR0000069999999970".into() };
    PaymentLinkRequest::new(Creditor::new("Demo Shop SRL", iban), money("100.50", "RON"))
        .reference("Comanda 1207")
        .institution("rzb_ro")
        .redirect_url("https://shop.example/done")
}

#[tokio::test]
async fn a_link_of_finqlink_is_made_once_and_read() {
    let server = Server::start(vec![documented("finqlink", "createLink")]).await;
    let made = finqlink(&server).create_link(&link()).await.unwrap();
    assert_eq!(made.url.unwrap().expose(), "https://sandbox-pay.finqware.com/l/q7Zt4mLp");
    let (line, body) = only(&server);
    assert!(line.ends_with("/links/create HTTP/1.1"), "{line}");
    let expected = json!({
        "client_id": "xyz",
        "client_secret": "shh",
        "amount": "100.50",
        "currency": "RON",
        "description": "Comanda 1207",
        "creditor": { "name": "Demo Shop SRL", "iban": "RO10RZBR0000069999999970" },
        "payment_method": { "provider_id": "rzb_ro" },
        "options": { "redirect_url": "https://shop.example/done" },
    });
    assert_eq!(body, expected);

    let down = Server::start(vec![answer("503 Service Unavailable", &[], "")]).await;
    finqlink(&down).create_link(&link()).await.unwrap_err();
    assert_eq!(down.requests().len(), 1, "it has no key");

    let server = Server::start(vec![documented("finqlink", "getLink")]).await;
    let read = finqlink(&server).link(&made.id).await.unwrap();
    assert_eq!(read.status.unwrap().code, Some(PaymentLinkStatus::AwaitingAuthorisation));
    assert_eq!(only(&server).1, json!({ "client_id": "xyz", "client_secret": "shh", "link_id": made.id }));
}

#[tokio::test]
async fn links_of_finqlink_are_read_page_by_page() {
    let server = Server::start(vec![documented("finqlink", "listLinks")]).await;
    let query = PaymentLinkQuery::default().status(PaymentLinkStatus::FundsReceived).page_size(50);
    let page = finqlink(&server).links(&query).await.unwrap();
    assert_eq!(page.items[0].status.as_ref().unwrap().code, Some(PaymentLinkStatus::Completed));
    let next: Cursor = page.next.unwrap();
    assert_eq!(next.as_str(), "links:eyJpbnNlcnRlZF9hdCI6MX0");
    let filter = json!({ "status": "funds_received" });
    let expected =
        json!({ "client_id": "xyz", "client_secret": "shh", "filter": filter, "pagination": { "limit": 50 } });
    assert_eq!(only(&server).1, expected);

    let server = Server::start(vec![documented("finqlink", "listLinks")]).await;
    finqlink(&server).links(&PaymentLinkQuery::default().starting_at(next)).await.unwrap();
    assert_eq!(only(&server).1["pagination"], json!({ "after": "eyJpbnNlcnRlZF9hdCI6MX0" }));
}

#[tokio::test]
async fn a_link_of_yapily_has_its_amount_under_the_name_of_the_examples() {
    let server = Server::start(vec![documented("yapily", "createHostedPaymentRequestLink")]).await;
    let request = PaymentLinkRequest::new(Creditor::new("Jane Doe", uk_account()), gbp("1.10"))
        .country("GB")
        .redirect_url("https://shop.example/done")
        .reference("Test Payment");
    let made = yapily(&server).create_link(&request).await.unwrap();
    assert_eq!(made.url.unwrap().expose(), "https://hosted.example.com/payments/eb39f8ae");
    assert_eq!(made.amount, Some(gbp("1")));
    let (line, body) = only(&server);
    assert_eq!(line, "POST /hosted/payment-requests/links HTTP/1.1");
    let expected = json!({
        "institutionIdentifiers": { "institutionCountryCode": "GB" },
        "redirectUrl": "https://shop.example/done",
        "paymentRequestDetails": {
            "reference": "Test Payment",
            "type": "DOMESTIC_PAYMENT",
            "payee": {
                "name": "Jane Doe",
                "accountIdentifications": [
                    { "type": "SORT_CODE", "identification": "040004" },
                    { "type": "ACCOUNT_NUMBER", "identification": "11397104" },
                ],
            },
            "amountDetails": { "currency": "GBP", "amountToPay": 1.1 },
        },
    });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn a_link_that_cannot_be_made_is_refused_before_anything_is_sent() {
    let server = Server::start(vec![answer("200 OK", &[], "")]).await;
    let error = yapily(&server).create_link(&link()).await.unwrap_err();
    assert_eq!(error.to_string(), "yapily does not offer payment links without a country");
    let error = yapily(&server).links(&PaymentLinkQuery::default()).await.unwrap_err();
    assert_eq!(error.to_string(), "yapily does not offer lists of payment links");
    let uk = PaymentLinkRequest::new(Creditor::new("Jane Doe", uk_account()), gbp("1"));
    let error = finqlink(&server).create_link(&uk).await.unwrap_err();
    assert_eq!(error.to_string(), "finqlink does not offer accounts without an IBAN");
    assert_eq!(error.phase(), Phase::BeforeSending);
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_refresh_job_is_started_and_read() {
    let server = Server::start(vec![documented("finqlink", "createDataRefreshJob")]).await;
    let job = finqlink(&server).refresh(&under(MANDATE)).await.unwrap();
    assert_eq!(job.status.code, Some(RefreshJobStatus::Started));
    assert_eq!(only(&server).1, json!({ "client_id": "xyz", "client_secret": "shh", "consent_id": MANDATE }));

    let server = Server::start(vec![documented("finqlink", "getDataRefreshJob")]).await;
    let job = finqlink(&server).refresh_job("j").await.unwrap();
    assert_eq!(job.status.code, Some(RefreshJobStatus::Completed));
    assert_eq!(only(&server).1, json!({ "client_id": "xyz", "client_secret": "shh", "job_id": "j" }));
}
