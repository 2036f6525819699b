//! What is read beside accounts, balances and transactions: the mappings, on the providers' own documented examples.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

// For its examples.
#[allow(dead_code)]
#[path = "mappings/mod.rs"]
mod all;

use std::fmt::Debug;

use obkit::MapError;
use obkit::domain::{
    AccountIdentifier, AddressKind, Code, ContactPoint, DirectDebit, FrequencyCode, Identity, OrderStatus, Page, Payee,
    PayeeKind, ScheduleKind, ScheduledPayment, StandingOrder,
};
use obkit::provider::{wych, yapily};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// The first documented example, after a change.
fn changed(provider: &str, operation: &str, change: impl Fn(&mut Value)) -> String {
    let mut example = all::examples(provider, operation).remove(0);
    let before = example.clone();
    change(&mut example);
    assert_ne!(example, before, "the change of {operation} changes nothing");
    example.to_string()
}

fn example(provider: &str, operation: &str) -> String {
    all::examples(provider, operation)[0].to_string()
}

fn read<S: DeserializeOwned>(json: &str) -> S {
    serde_json::from_str(json).unwrap()
}

fn standing_orders(json: &str) -> Result<Vec<StandingOrder>, MapError> {
    yapily::standing_order::standing_orders(&read(json), "a")
}

fn scheduled_payments(json: &str) -> Result<Vec<ScheduledPayment>, MapError> {
    yapily::scheduled_payment::scheduled_payments(&read(json), "a")
}

fn direct_debits(json: &str) -> Result<Vec<DirectDebit>, MapError> {
    yapily::direct_debit::direct_debits(&read(json), "a")
}

fn payees(json: &str) -> Vec<Payee> {
    yapily::payee::payees(&read(json), "a")
}

fn identity(json: &str) -> Result<Identity, MapError> {
    yapily::identity::identity_answer(&read(json))
}

#[test]
fn an_identity_has_names_addresses_and_contact_points() {
    let identity = identity(&example("yapily", "getIdentity")).unwrap();
    let name =
        [&identity.given_name, &identity.family_name, &identity.name].map(|name| name.as_ref().unwrap().expose());
    assert_eq!(name, ["Jane", "Doe", "Jane Doe"]);
    assert_eq!(identity.birth_day().unwrap().to_string(), "1984-02-29");
    let email = ContactPoint::Email { address: "jane.doe@example.com".into() };
    let telephone = ContactPoint::Telephone { number: "+44-1632-960011".into() };
    assert_eq!(identity.contact_points, [email, telephone]);
    let home = &identity.addresses[0];
    assert_eq!(home.kind.as_ref().unwrap().code(), Some(AddressKind::Residential));
    assert_eq!(home.kind.as_ref().unwrap().code().unwrap().iso(), Some("HOME"));
    assert_eq!(home.town_name, Some("St Albans".into()));
    assert_eq!(home.country_sub_divisions, ["Hertfordshire".into()]);
    assert_eq!(identity.addresses[1].kind.as_ref().unwrap().code(), Some(AddressKind::Correspondence));
    let typed: &obkit_yapily::types::Identity = identity.source.get().unwrap();
    assert_eq!(typed.id, identity.id);
}

#[test]
fn a_birth_date_of_another_form_is_kept_and_not_guessed() {
    let json = changed("yapily", "getIdentity", |example| example["data"]["birthdate"] = json!("02/03/1984"));
    let identity = identity(&json).unwrap();
    assert_eq!(identity.birth_date, Some("02/03/1984".into()));
    assert_eq!(identity.birth_day(), None);
}

#[test]
fn an_answer_without_an_identity_says_so() {
    assert_eq!(identity("{}").unwrap_err().to_string(), "yapily: `data` is missing");
}

#[test]
fn payees_of_both_providers_are_one_type() {
    let yapily = payees(&example("yapily", "getBeneficiaries")).remove(0);
    assert_eq!((yapily.trusted, yapily.reference.as_deref(), yapily.kind), (Some(true), Some("Rent"), None));
    let account =
        AccountIdentifier::SortCodeAccountNumber { sort_code: "123456".into(), account_number: "12345678".into() };
    assert_eq!(yapily.creditor.unwrap().identifiers, [account]);
    assert_eq!(yapily.address.unwrap().post_code, Some("AL1 3SF".into()));

    let wych = wych::payee::payees(&read::<Vec<_>>(&example("wych", "getPayees")), "a").remove(0);
    assert_eq!((wych.trusted, wych.nickname), (None, Some("Power bill".into())));
    assert_eq!(wych.kind.unwrap().code(), Some(PayeeKind::Domestic));
    let account = AccountIdentifier::NzBecs { number: "03-0104-0926531-00".into() };
    assert_eq!(wych.creditor.unwrap().identifiers, [account]);
    assert_eq!((yapily.account_id.as_deref(), wych.account_id.as_deref()), (Some("a"), Some("a")));
}

#[test]
fn a_standing_order_knows_its_payments_and_its_frequency() {
    let order = standing_orders(&example("yapily", "getAccountPeriodicPayments")).unwrap().remove(0);
    assert_eq!(order.status.as_ref().unwrap().code(), Some(OrderStatus::Active));
    let dates = [order.first, order.previous, order.next, order.last].map(|payment| {
        let payment = payment.unwrap();
        assert_eq!(payment.amount.unwrap().to_string(), "1259 GBP");
        payment.date.unwrap().time().unwrap().to_rfc3339()
    });
    let expected = ["2021-07-10", "2021-06-10", "2021-07-10", "2022-04-11"].map(|day| format!("{day}T23:00:00+00:00"));
    assert_eq!(dates, expected);
    assert_eq!(order.number_of_payments, Some(10));
    let frequency = order.frequency.unwrap();
    let period = frequency.period.unwrap();
    assert_eq!((period.code(), period.word.as_str()), (Some(FrequencyCode::Monthly), "MONTHLY"));
    assert_eq!(period.code().unwrap().iso(), Some("MNTH"));
    assert_eq!(
        (frequency.interval_weeks, frequency.interval_months, frequency.execution_day),
        (None, Some(1), Some(11))
    );
}

#[test]
fn a_day_has_no_zone_and_an_instant_keeps_its_own() {
    let date = |text: &str| {
        let json = changed("yapily", "getAccountScheduledPayments", |example| {
            example["data"][0]["scheduledPaymentDateTime"] = json!(text);
        });
        scheduled_payments(&json).unwrap().remove(0).date.unwrap()
    };
    assert_eq!(date("2021-12-02T00:00:00+13:00").time().unwrap().to_rfc3339(), "2021-12-02T00:00:00+13:00");
    for day in ["2021-12-02", "2021-12-02T00:00:00"] {
        assert_eq!((date(day).time(), date(day).date().to_string().as_str()), (None, "2021-12-02"), "{day}");
    }
}

#[test]
fn a_scheduled_payment_is_one_type_from_both_providers() {
    let yapily = scheduled_payments(&example("yapily", "getAccountScheduledPayments")).unwrap().remove(0);
    let status = yapily.status.unwrap().code().unwrap();
    assert_eq!((status, status.iso()), (OrderStatus::Pending, Some("PDNG")));
    assert_eq!(yapily.kind.unwrap().code(), Some(ScheduleKind::Execution));
    assert_eq!(yapily.amount.unwrap().to_string(), "1 GBP");
    assert_eq!(yapily.creditor.unwrap().name, Some("Roberto Rastapopoulos".into()));

    let wych = read::<Vec<_>>(&example("wych", "getScheduledPayments"));
    let wych = wych::scheduled_payment::scheduled_payments(&wych, "a").unwrap().remove(0);
    assert_eq!(wych.status.unwrap().code(), Some(OrderStatus::Active));
    assert_eq!((wych.date, wych.amount.unwrap().to_string().as_str()), (None, "123.45 NZD"));
    assert_eq!((wych.reference.as_deref(), wych.debtor_reference.as_deref()), (Some("CUST 88120"), Some("Power")));
    assert_eq!(wych.creditor_kind.unwrap().code(), Some(PayeeKind::Biller));
}

#[test]
fn an_amount_in_parts_is_read_and_a_sign_says_nothing() {
    let json = changed("yapily", "getAccountScheduledPayments", |example| {
        let payment = example["data"][0].as_object_mut().unwrap();
        payment.remove("amountDetails");
        payment.insert("amount".to_owned(), json!(-7.5));
    });
    assert_eq!(scheduled_payments(&json).unwrap()[0].amount.unwrap().to_string(), "7.5 GBP");
    let json = changed("yapily", "getAccountScheduledPayments", |example| {
        example["data"][0]["amountDetails"]["amount"] = json!(-7.5);
    });
    assert_eq!(scheduled_payments(&json).unwrap()[0].amount.unwrap().to_string(), "7.5 GBP");
    let json = changed("wych", "getScheduledPayments", |example| example[0]["amount"]["amount"] = json!(-7.5));
    let wych = wych::scheduled_payment::scheduled_payments(&read::<Vec<_>>(&json), "a").unwrap().remove(0);
    assert_eq!(wych.amount.unwrap().to_string(), "7.5 NZD");
}

#[test]
fn a_direct_debit_is_one_type_from_both_providers() {
    let yapily = direct_debits(&example("yapily", "getAccountDirectDebits")).unwrap();
    let wych = read::<Vec<_>>(&example("wych", "getDirectDebits"));
    let wych = wych::direct_debit::direct_debits(&wych, "a").unwrap().remove(0);
    assert_eq!(yapily[0].status.as_ref().unwrap().code(), Some(OrderStatus::Inactive));
    assert_eq!(yapily[1].status, wych.status, "ACTIVE and Active mean the same");
    assert_eq!(yapily[1].creditor.as_ref().unwrap().name, Some("SANTANDER MORTGAGE".into()));
    assert_eq!(wych.creditor.unwrap().name, Some("Summit Gym".into()));
    assert_eq!(wych.mandate_id, Some("MANDATE-5521".into()));
    assert_eq!(yapily[0].previous.unwrap().amount.unwrap().to_string(), "145 GBP");
    assert_eq!(wych.previous.unwrap().amount.unwrap().to_string(), "39.9 NZD");
    assert_eq!(wych.previous.unwrap().date.unwrap().time().unwrap().to_rfc3339(), "2018-09-01T00:00:00+00:00");
    assert_eq!(
        wych.account_id.as_deref(),
        Some("5a7de2b4-1f93-4c08-8e6d-90b3c4f71a25"),
        "its own word for the account"
    );
}

#[test]
fn what_was_never_paid_has_no_payment() {
    let json = changed("yapily", "getAccountDirectDebits", |example| {
        let debit = example["data"][0].as_object_mut().unwrap();
        debit.retain(|name, _| !name.starts_with("previous"));
    });
    assert_eq!(direct_debits(&json).unwrap()[0].previous, None);
}

#[test]
fn a_page_of_statements_knows_where_the_next_one_begins() {
    let page = |json: &str, offset| yapily::statement::statements(&read(json), "a", offset).unwrap();
    let more = r#"{"meta":{"pagination":{"totalCount":9,"next":{"cursor":"x"}}},"data":[{"id":"1"},{"id":"2"}]}"#;
    let Page { items, next, total } = page(more, 4);
    assert_eq!((items.len(), total), (2, Some(9)));
    assert_eq!(next.unwrap().as_str(), "offset:6", "statements take no cursors");
    assert_eq!(page(r#"{"meta":{"pagination":{"next":{}}},"data":[]}"#, 4).next, None);
    assert_eq!(page(r#"{"data":[{"id":"1"}]}"#, 0).next, None);
}

#[test]
fn a_field_that_cannot_be_mapped_is_named() {
    let orders = |pointer: &str, value: Value| {
        let json =
            changed("yapily", "getAccountPeriodicPayments", |e| *e.pointer_mut(pointer).unwrap() = value.clone());
        standing_orders(&json).unwrap_err().to_string()
    };
    let order = |pointer: &str, value| orders(&format!("/data/0/{pointer}"), value);
    assert_eq!(
        order("nextPaymentDateTime", json!("soon")),
        "yapily: `data[0].nextPaymentDateTime` is neither a date nor a time"
    );
    assert_eq!(
        order("finalPaymentAmount/currency", json!("pounds")),
        "yapily: `data[0].finalPaymentAmount.currency` is not an ISO 4217 currency code"
    );
    assert_eq!(order("numberOfPayments", json!(-1)), "yapily: `data[0].numberOfPayments` is not a count");
    assert_eq!(order("frequency/intervalMonth", json!(-1)), "yapily: `data[0].frequency.intervalMonth` is not a count");
    assert_eq!(
        order("frequency/executionDay", json!(3_000_000_000_u32)),
        "yapily: `data[0].frequency.executionDay` is not a day of a week or a month"
    );
    let statement = yapily::statement::statement_answer(&read(r#"{"data":{}}"#), "a").unwrap_err();
    assert_eq!(statement.to_string(), "yapily: `data.id` is missing");
    let json = changed("wych", "getDirectDebits", |example| example[0]["previousPaymentDatetime"] = json!("once"));
    let error = wych::direct_debit::direct_debits(&read::<Vec<_>>(&json), "a").unwrap_err();
    assert_eq!(error.to_string(), "wych: `[0].previousPaymentDatetime` is neither a date nor a time");
}

#[test]
fn a_user_who_could_not_be_removed_is_an_error() {
    let deleted = |status: &str| {
        let json = json!({"data": {"deleteStatus": status}}).to_string();
        yapily::user::deleted(&read(&json))
    };
    assert_eq!(deleted("SUCCESS"), Ok(()));
    assert_eq!(deleted("FAILED").unwrap_err().field, "data.deleteStatus");
}

#[test]
fn no_debug_shows_personal_data() {
    let mut shown = String::new();
    let mut show = |value: &dyn Debug| shown.push_str(&format!("{value:?}"));
    show(&identity(&example("yapily", "getIdentity")).unwrap());
    show(&payees(&example("yapily", "getBeneficiaries")));
    show(&standing_orders(&example("yapily", "getAccountPeriodicPayments")).unwrap());
    show(&scheduled_payments(&example("yapily", "getAccountScheduledPayments")).unwrap());
    show(&direct_debits(&example("yapily", "getAccountDirectDebits")).unwrap());
    show(&wych::payee::payees(&read::<Vec<_>>(&example("wych", "getPayees")), "a"));
    let payments = read::<Vec<_>>(&example("wych", "getScheduledPayments"));
    show(&wych::scheduled_payment::scheduled_payments(&payments, "a").unwrap());
    show(&wych::direct_debit::direct_debits(&read::<Vec<_>>(&example("wych", "getDirectDebits")), "a").unwrap());
    show(&wych::user::users(&read::<Vec<_>>(&example("wych", "listUsers"))));
    for secret in [
        "Jane",
        "Doe",
        "1984",
        "FEMALE",
        "jane.doe",
        "960011",
        "Mill Lane",
        "Hertfordshire",
        "AL1",
        "Berlin",
        "12345678",
        "DE89",
        "Rastapopoulos",
        "70000002",
        "EDF",
        "Ridge Power",
        "0926531",
        "Power bill",
        "Summit",
        "MANDATE-5521",
        "aroha@",
    ] {
        assert!(!shown.contains(secret), "{secret} is shown: {shown}");
    }
}
