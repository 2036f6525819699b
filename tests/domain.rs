//! The mappings, on the providers' own documented examples.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use obkit::domain::{
    Account, AccountIdentifier, AccountKind, Balance, Coded, Consent, CreditDebit, DirectDebit, FundsConfirmation,
    Identity, Institution, Mandate, Page, Payee, Payment, PaymentAuthorisation, PaymentLink, RefreshJob,
    ScheduledPayment, StandingOrder, Statement, Transaction, User, WebhookEvent, WebhookEventType, WebhookRegistration,
};
use obkit::provider::{fena, finqlink, yapily};
use obkit_codegen::{Document, Spec};
use proptest::prelude::*;
use serde_json::Value;

/// A documented example of a successful answer, as JSON text.
fn example(provider: &str, operation: &str) -> String {
    let file = format!("{}/specs/{provider}/openapi.yaml", env!("CARGO_MANIFEST_DIR"));
    let spec = Spec::read(Document::load(file).unwrap()).unwrap();
    let operation = spec.operation(operation).unwrap();
    let response = operation.responses.iter().find(|r| r.status.is_success()).unwrap();
    response.content[0].examples[0].value.to_string()
}

fn yapily_transactions(json: &str) -> Result<Page<Transaction>, obkit::MapError> {
    yapily::map::transactions(&serde_json::from_str(json).unwrap(), "22289", Some(0))
}

fn fena_transactions(json: &str) -> Result<Page<Transaction>, obkit::MapError> {
    fena::map::transactions(&serde_json::from_str(json).unwrap())
}

#[test]
fn the_same_booked_debit_is_the_same_transaction_from_both() {
    let yapily = yapily_transactions(&example("yapily", "getTransactions")).unwrap().items.remove(0);
    let fena = fena_transactions(&example("fena", "getTransactions")).unwrap().items.remove(0);
    assert_eq!(yapily.amount.to_string(), "100.23 GBP");
    assert_eq!(yapily.direction, CreditDebit::Debit);
    assert_eq!(yapily.signed_amount().to_string(), "-100.23");
    assert_eq!(yapily, fena);
    assert_eq!(yapily.status.unwrap().word, "BOOKED");
    assert_eq!(fena.status.unwrap().word, "Booked");
}

#[test]
fn what_the_domain_has_no_place_for_stays_reachable() {
    let page = fena_transactions(&example("fena", "getTransactions")).unwrap();
    let source: &obkit_fena::types::Transaction = page.items[0].source.get().unwrap();
    assert_eq!(source.transaction_id, page.items[0].id);
    assert!(page.items[0].source.get::<obkit_yapily::types::Transaction>().is_none());
}

#[test]
fn a_sort_code_and_an_account_number_are_one_identifier_from_both() {
    let yapily = serde_json::from_str(&example("yapily", "getAccounts")).unwrap();
    let yapily = yapily::map::accounts(&yapily).unwrap().remove(0);
    let fena = serde_json::from_str(&example("fena", "getAccounts")).unwrap();
    let fena = fena::map::accounts(&fena).unwrap().remove(0);
    let expected =
        AccountIdentifier::SortCodeAccountNumber { sort_code: "040004".into(), account_number: "11397104".into() };
    assert!(yapily.identifiers.contains(&expected), "{:?}", yapily.identifiers);
    assert!(fena.identifiers.contains(&expected), "{:?}", fena.identifiers);
    assert!(!format!("{yapily:?}{fena:?}").contains("11397104"));
}

#[test]
fn a_current_account_is_one_whoever_says_it_and_its_balances_are_its_own() {
    let yapily = yapily::map::accounts(&serde_json::from_str(&example("yapily", "getAccounts")).unwrap()).unwrap();
    let fena = fena::map::accounts(&serde_json::from_str(&example("fena", "getAccounts")).unwrap()).unwrap();
    let finqlink = serde_json::from_str(&example("finqlink", "listAccounts")).unwrap();
    let finqlink = finqlink::map::accounts(&finqlink).unwrap();
    for account in [&yapily[0], &fena[0], &finqlink[0]] {
        assert_eq!(account.kind.as_ref().and_then(Coded::code), Some(AccountKind::Current), "{account:?}");
        assert!(account.balances.iter().all(|balance| balance.account_id.as_ref() == Some(&account.id)));
    }
    assert!(!yapily[0].balances.is_empty() && !finqlink[0].balances.is_empty());
}

#[test]
fn a_field_that_cannot_be_mapped_is_named() {
    let error = |json: &str| fena_transactions(json).unwrap_err().to_string();
    let good = example("fena", "getTransactions");
    for (from, to, expected) in [
        (
            "\"Amount\":\"100.23\"",
            "\"Amount\":\"a lot\"",
            "fena: `Data.Transaction[0].Amount.Amount` is not a decimal number",
        ),
        ("\"Amount\":\"100.23\"", "\"Amount\":\"-100.23\"", "fena: `Data.Transaction[0].Amount.Amount` is negative"),
        (
            "\"Currency\":\"GBP\"",
            "\"Currency\":\"pounds\"",
            "fena: `Data.Transaction[0].Amount.Currency` is not an ISO 4217",
        ),
        ("\"Debit\"", "\"Sideways\"", "fena: `Data.Transaction[0].CreditDebitIndicator` is neither"),
        ("2023-03-25T10:15:00Z", "yesterday", "fena: `Data.Transaction[0].BookingDateTime` is neither a date nor"),
    ] {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good, "{from}");
        let message = error(&bad);
        assert!(message.starts_with(expected), "{message}");
        assert!(!message.contains("a lot") && !message.contains("pounds"), "a value is shown: {message}");
    }
}

#[test]
fn a_minus_against_the_indicator_of_a_balance_is_no_guess() {
    let balance = |amount: &str, indicator: &str| {
        let json = format!(
            r#"{{"Data":{{"Balance":[{{"AccountId":"a",{indicator}"Amount":{{"Amount":{amount},"Currency":"GBP"}}}}]}}}}"#
        );
        fena::map::balances(&serde_json::from_str(&json).unwrap()).map(|mut balances| {
            let balance = balances.remove(0);
            (balance.direction, balance.amount.to_string())
        })
    };
    let (credit, debit) = (r#""CreditDebitIndicator":"Credit","#, r#""CreditDebitIndicator":"Debit","#);
    assert_eq!(balance("10", credit), Ok((CreditDebit::Credit, "10 GBP".to_owned())));
    for (amount, indicator) in [("10", debit), ("-10", debit), ("-10", "")] {
        assert_eq!(balance(amount, indicator), Ok((CreditDebit::Debit, "10 GBP".to_owned())), "{amount} {indicator}");
    }
    let error = balance("-10", credit).unwrap_err().to_string();
    assert!(error.starts_with("fena: `Data.Balance[0].Amount.Amount` is negative"), "{error}");
}

/// The answer repeats the mandate with its limits, of which a payment has none: it is made, and its id must not be lost.
#[test]
fn a_payment_is_read_whatever_the_limits_of_its_mandate_are() {
    let json = r#"{"id":"0d1c6ba2-3b8f-4f3a-9f0f-111111111111","status":"executed","amount":"1.00","vrpConsent":{
        "id":"0d1c6ba2-3b8f-4f3a-9f0f-222222222222","periodicLimits":"","vrpType":"Sweeping",
        "maximumIndividualAmount":"a lot","validFrom":"yesterday","beneficiaryName":"Isaac Harper"}}"#;
    let paid = fena::mandates::payment(&serde_json::from_str(json).unwrap()).unwrap();
    assert_eq!(paid.id, "0d1c6ba2-3b8f-4f3a-9f0f-111111111111");
    assert_eq!(paid.creditor.unwrap().name.unwrap().expose(), "Isaac Harper");
    assert_eq!(paid.debtor, None);
}

#[test]
fn a_time_without_a_zone_is_its_day() {
    let json = example("fena", "getTransactions").replacen("2023-03-25T10:15:00Z", "2023-03-25T10:15:00", 1);
    let booked_at = fena_transactions(&json).unwrap().items.remove(0).booked_at.unwrap();
    assert_eq!((booked_at.time(), booked_at.date().to_string().as_str()), (None, "2023-03-25"));
    let consent = example("fena", "getAccountAccessConsent");
    let local = consent.replacen("Z\"", "\"", 1);
    assert_ne!(consent, local);
    let error = fena::map::consent(&serde_json::from_str(&local).unwrap()).unwrap_err();
    assert_eq!(error.reason, "is not a date and time with an offset", "an end on the wrong day would be a guess");
}

#[test]
fn a_page_knows_where_the_next_one_begins() {
    let page = |next: &str| {
        let json = format!(r#"{{"meta":{{"pagination":{{"totalCount":7,"next":{next}}}}},"data":[]}}"#);
        yapily::map::transactions(&serde_json::from_str(&json).unwrap(), "a", Some(40)).unwrap()
    };
    assert_eq!(page(r#"{"cursor":"abc"}"#).next.unwrap().as_str(), "cursor:abc");
    assert_eq!(page(r#"{"limit":10}"#).next, None, "nothing stands at that offset");
    let one =
        r#"{"meta":{"pagination":{"next":{"limit":10}}},"data":[{"transactionAmount":{"amount":1,"currency":"GBP"}}]}"#;
    let full = yapily::map::transactions(&serde_json::from_str(one).unwrap(), "a", Some(40)).unwrap();
    assert_eq!(full.next.unwrap().as_str(), "offset:41");
    let last = yapily::map::transactions(&serde_json::from_str(r#"{"data":[]}"#).unwrap(), "a", Some(0)).unwrap();
    assert_eq!((last.next, last.total), (None, None));
}

#[test]
fn the_schemas_of_the_domain_are_reviewed() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots/domain");
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| {
        insta::assert_json_snapshot!("account", schemars::schema_for!(Account));
        insta::assert_json_snapshot!("balance", schemars::schema_for!(Balance));
        insta::assert_json_snapshot!("consent", schemars::schema_for!(Consent));
        insta::assert_json_snapshot!("direct_debit", schemars::schema_for!(DirectDebit));
        insta::assert_json_snapshot!("funds_confirmation", schemars::schema_for!(FundsConfirmation));
        insta::assert_json_snapshot!("identity", schemars::schema_for!(Identity));
        insta::assert_json_snapshot!("institution", schemars::schema_for!(Institution));
        insta::assert_json_snapshot!("mandate", schemars::schema_for!(Mandate));
        insta::assert_json_snapshot!("payee", schemars::schema_for!(Payee));
        insta::assert_json_snapshot!("payment", schemars::schema_for!(Payment));
        insta::assert_json_snapshot!("payment_authorisation", schemars::schema_for!(PaymentAuthorisation));
        insta::assert_json_snapshot!("payment_link", schemars::schema_for!(PaymentLink));
        insta::assert_json_snapshot!("refresh_job", schemars::schema_for!(RefreshJob));
        insta::assert_json_snapshot!("scheduled_payment", schemars::schema_for!(ScheduledPayment));
        insta::assert_json_snapshot!("standing_order", schemars::schema_for!(StandingOrder));
        insta::assert_json_snapshot!("statement", schemars::schema_for!(Statement));
        insta::assert_json_snapshot!("transactions", schemars::schema_for!(Page<Transaction>));
        insta::assert_json_snapshot!("user", schemars::schema_for!(User));
        insta::assert_json_snapshot!("webhook_event", schemars::schema_for!(WebhookEvent));
        insta::assert_json_snapshot!("webhook_event_type", schemars::schema_for!(WebhookEventType));
        insta::assert_json_snapshot!("webhook_registration", schemars::schema_for!(WebhookRegistration));
    });
}

/// A scalar that some provider may send some day.
fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_filter("finite", |f| f.is_finite()).prop_map(Value::from),
        "\\PC{0,24}".prop_map(Value::from),
        "-?[0-9]{1,40}(\\.[0-9]{1,40})?".prop_map(Value::from),
    ]
}

/// Replaces the scalar that `at` happens to hit.
fn replace(value: &mut Value, at: &mut usize, with: &Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, at, with)),
        Value::Object(members) => members.values_mut().for_each(|member| replace(member, at, with)),
        leaf => {
            if *at == 0 {
                *leaf = with.clone();
            }
            *at = at.wrapping_sub(1);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// An answer survives the generated type: what is absent stays absent, null stays null, enum
    /// values that nobody listed stay, and numbers keep their value.
    #[test]
    fn an_answer_survives_its_type(at in 0usize..120, with in scalar()) {
        survives::<obkit_fena::types::TransactionsResponse>(&FENA, at, &with)?;
        survives::<obkit_yapily::types::ApiListResponseOfTransaction>(&YAPILY, at, &with)?;
    }

    /// An enum takes any text, knows its own, and gives back what it took.
    #[test]
    fn an_enum_takes_any_text(text in "\\PC{0,24}") {
        let json = Value::from(text.as_str());
        let status: obkit_fena::types::TransactionStatus = serde_json::from_value(json.clone()).unwrap();
        prop_assert_eq!(status.as_str(), text.as_str());
        prop_assert_eq!(serde_json::to_value(&status).unwrap(), json);
        let listed = obkit_fena::types::TransactionStatus::VALUES.contains(&text.as_str());
        prop_assert_eq!(status.is_known(), listed);
    }
}

#[test]
fn every_listed_value_of_an_enum_is_known() {
    for value in obkit_yapily::types::FeatureEnum::VALUES {
        let feature: obkit_yapily::types::FeatureEnum = serde_json::from_value(Value::from(*value)).unwrap();
        assert!(feature.is_known() && feature.as_str() == *value, "{value}");
    }
}

/// Puts a scalar into an answer; if the type still takes it, it must give it back.
fn survives<T: serde::de::DeserializeOwned + serde::Serialize>(
    json: &str,
    at: usize,
    with: &Value,
) -> Result<(), TestCaseError> {
    let mut json: Value = serde_json::from_str(json).unwrap();
    replace(&mut json, &mut at.clone(), with);
    if let Ok(typed) = serde_json::from_str::<T>(&json.to_string()) {
        let back: Value = serde_json::from_str(&serde_json::to_string(&typed).unwrap()).unwrap();
        prop_assert!(same_but_for_null(&json, &back), "{json}\n{back}");
    }
    Ok(())
}

static YAPILY: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| example("yapily", "getTransactions"));
static FENA: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| example("fena", "getTransactions"));

/// Equality, but null where the document allows none may be dropped: that is reading liberally.
fn same_but_for_null(sent: &Value, back: &Value) -> bool {
    match (sent, back) {
        (Value::Object(sent), Value::Object(back)) => {
            sent.iter().all(|(key, value)| match back.get(key) {
                Some(other) => same_but_for_null(value, other),
                None => value.is_null(),
            }) && back.keys().all(|key| sent.contains_key(key))
        }
        (Value::Array(sent), Value::Array(back)) => {
            sent.len() == back.len() && sent.iter().zip(back).all(|(a, b)| same_but_for_null(a, b))
        }
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        _ => sent == back,
    }
}
