//! What unions and integers become: as which alternative a value is read, that it is given back as it was, and what
//! of it is checked when it is sent.
#![allow(clippy::unwrap_used)]

#[path = "../../../runtime/tests/server/mod.rs"]
mod server;

use std::fmt::Debug;

use obkit_runtime::{Auth, Decimal, Transport};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use server::{Server, answer};

/// Reads a value of a type, and says how `Debug` shows it; it must come back as it was.
fn read<T: DeserializeOwned + Serialize + Debug>(json: &str) -> String {
    let value: T = serde_json::from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"));
    let back = serde_json::to_string(&value).unwrap();
    let trees = [json, back.as_str()].map(|text| serde_json::from_str::<Value>(text).unwrap());
    assert!(same(&trees[0], &trees[1]), "{json} came back as {back}");
    format!("{value:?}")
}

/// Whether two values are equal in JSON, where `1.0` is `1`.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(_), Value::Number(_)) => one.to_string().parse::<Decimal>() == other.to_string().parse(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, one)| other.get(name).is_some_and(|other| same(one, other)))
        }
        _ => one == other,
    }
}

/// Reads values of a type, each as the alternative that is named.
fn are<T: DeserializeOwned + Serialize + Debug>(values: &[(&str, &str)]) {
    for (json, expected) in values {
        let shown = read::<T>(json);
        assert!(shown.starts_with(expected), "{json} is {shown}, not {expected}");
    }
}

#[test]
fn tags_are_the_values_that_the_alternatives_declare() {
    use fixture_tags::types;

    are::<types::Version>(&[
        (r#"{"version":1,"text":"a"}"#, "VersionOne"),
        (r#"{"version":2,"text":"a"}"#, "VersionTwo"),
        (r#"{"version":2.0}"#, "VersionTwo"),
        (r#"{"version":3,"text":"a"}"#, "Unknown"),
        (r#"{"version":"VersionOne"}"#, "Unknown"),
        ("null", "Unknown"),
    ]);
    are::<types::Flag>(&[(r#"{"on":true,"since":"x"}"#, "On"), (r#"{"on":false,"more":[1.10]}"#, "Off")]);
    are::<types::Named>(&[
        (r#"{"version":"V1","a":"x"}"#, "NamedV1"),
        (r#"{"version":"V2","a":"x"}"#, "NamedV2"),
        (r#"{"version":"NamedV1"}"#, "Unknown"),
    ]);
    are::<types::Mapped>(&[
        (r#"{"type":1,"b":"x"}"#, "MappedOne"),
        (r#"{"type":2,"a":"x"}"#, "MappedTwo"),
        (r#"{"type":3}"#, "Unknown"),
    ]);
    are::<types::Several>(&[(r#"{"kind":"Card"}"#, "Card"), (r#"{"kind":"Cash"}"#, "Cash")]);
}

#[test]
fn what_no_tag_tells_is_told_by_what_it_holds() {
    use fixture_tags::types;

    are::<types::Unsaid>(&[
        (r#"{"version":7,"one":"x"}"#, "UnsaidOne"),
        (r#"{"version":7,"two":"x"}"#, "UnsaidTwo"),
        (r#"{"version":"7"}"#, "Unknown"),
    ]);
    are::<types::Partly>(&[
        (r#"{"version":"V1","text":"x"}"#, "PartlyOne"),
        (r#"{"version":"V3","other":"x"}"#, "PartlyOther"),
        (r#"{"version":"PartlyWithout","without":"x"}"#, "PartlyWithout"),
        (r#"{"without":"x"}"#, "PartlyWithout"),
    ]);
    are::<fixture_scalars::types::ScalarsIban>(&[
        (r#"{"iban":"GB1"}"#, "Variant1"),
        (r#"{"sortCode":"1","new":{"iban":"GB1"}}"#, "Variant2"),
    ]);
    are::<fixture_scalars::types::ScalarsFree>(&[
        (r#"{"a":1.0}"#, "Variant2"),
        (r#"{"b":1}"#, "Variant1"),
        (r#"{"a":"1"}"#, "Variant1"),
    ]);
}

#[test]
fn unions_stand_within_unions_lists_maps_and_objects() {
    use fixture_tags::types;

    are::<types::Nested>(&[
        (r#"{"version":"V1"}"#, "Named(NamedV1"),
        (r#"{"version":"V2"}"#, "Named(NamedV2"),
        (r#"{"version":"V3"}"#, "NamedV3"),
        (r#"{"version":"V4"}"#, "Unknown"),
    ]);
    let shown = read::<types::Everything>(
        r#"{"list":[{"version":2},{"version":9}],"map":{"a":{"version":1.0}},"perhaps":null,
            "within":{"id":"1","version":"V2","a":"x"}}"#,
    );
    assert!(shown.contains("[VersionTwo(") && shown.contains("Unknown(Unlisted"), "{shown}");
    assert!(shown.contains(r#"{"a": VersionOne("#) && shown.contains("perhaps: Null"), "{shown}");
}

#[test]
fn scalars_are_told_apart_by_their_types() {
    use fixture_scalars::types;

    are::<types::ScalarsId>(&[
        (r#""a""#, "Text"),
        ("1.0", "Number(1)"),
        ("1e2", "Number(100)"),
        ("1.5", "Unknown"),
        ("9223372036854775808", "Unknown"),
        ("null", "Unknown"),
        (r#"{"a":12345678901234567890.5}"#, "Unknown"),
        ("[true]", "Unknown"),
    ]);
    are::<types::ScalarsDue>(&[(r#""2026-01-31""#, "Text"), (r#""soon""#, "Text"), ("7", "Number"), ("true", "Unknown")]);
    are::<types::ScalarsLimit>(&[(r#""unlimited""#, "Text(Unlimited)"), (r#""none""#, "Text(Unknown"), ("11", "Number")]);
    are::<types::ScalarsEither>(&[("[1.0,2]", "Counts"), ("1.0", "Count"), (r#"["a"]"#, "Unknown")]);
    are::<types::ScalarsObject>(&[(r#""a""#, "Text"), (r#"{"a":1}"#, "Variant2"), (r#"{"a":"1"}"#, "Unknown")]);
    are::<types::ScalarsConstant>(&[("1.0", "Number"), (r#""two""#, "Text"), ("true", "Bool"), ("null", "Unknown")]);
    read::<types::Scalars>(r#"{"id":null,"perhaps":null,"nullable":null,"list":[1.0,true,"x"],"map":{"a":1.0,"b":"x"}}"#);
    let shown = read::<types::Scalars>(r#"{"id":1,"nullable":"x","rates":{"base":"EUR","GBP":1.0},"due":{}}"#);
    assert!(shown.contains(r#"nullable: Value(Text("x"))"#) && shown.contains(r#"{"GBP": 1}"#), "{shown}");
}

#[test]
fn scalars_are_made_of_what_they_are() {
    use fixture_scalars::types;

    let scalars = types::Scalars::new("a").with_limit(7).with_name(true).with_perhaps(types::ScalarsPerhaps::from(1));
    let scalars = scalars.with_list(vec![true.into(), 2_i64.into()]).with_either(vec![1]);
    let expected = json!({ "id": "a", "limit": 7, "name": true, "perhaps": 1, "list": [true, 2], "either": [1] });
    assert_eq!(serde_json::to_value(scalars).unwrap(), expected);
}

#[test]
fn a_base_is_one_of_its_alternatives() {
    use fixture_inheritance::types;

    are::<types::Pet>(&[
        (r#"{"petType":"Pet","name":"A"}"#, "Pet(PetBase"),
        (r#"{"petType":"Cat","name":"A","lives":9,"friend":{"petType":"Pet","name":"B"}}"#, "Cat("),
        (r#"{"petType":"Fish","name":"A"}"#, "Unknown"),
    ]);
    are::<types::Vehicle>(&[
        (r#"{"type":"Vehicle"}"#, "Vehicle(VehicleBase"),
        (r#"{"type":"Car","carType":"Car","doors":2}"#, "Car(Car(CarBase"),
        (r#"{"type":"Car","carType":"Sports","speed":2}"#, "Car(Sports("),
        (r#"{"type":"Sports","carType":"Sports","speed":2}"#, "Sports("),
    ]);
    are::<types::Event>(&[
        (r#"{"kind":"Event","amount":12345678901234567890.12}"#, "Event("),
        (r#"{"kind":"Opened","at":"now"}"#, "Opened("),
    ]);
}

#[test]
fn integers_of_64_bits_are_kept_and_larger_ones_exact_or_refused() {
    use fixture_integers::types;

    let max = u64::MAX;
    for json in [
        format!(r#"{{"unsigned":{max},"open":{max},"formatted":{max},"listed":{max},"list":[{max},1.0],"either":{max}}}"#),
        format!(r#"{{"wide":-5,"both":{max},"plain":{},"rounded":{},"long":1}}"#, i64::MIN, i64::MAX),
    ] {
        read::<types::Integers>(&json);
    }
    let huge = r#"{"huge":123456789012345678901234567890}"#;
    let integers: types::Integers = serde_json::from_str(huge).unwrap();
    assert_eq!(serde_json::to_string(&integers).unwrap(), huge);
    for json in [r#"{"plain":9223372036854775808}"#, r#"{"plain":1e30}"#, r#"{"formatted":-1}"#] {
        assert!(serde_json::from_str::<types::Integers>(json).is_err(), "{json}");
    }
    assert_eq!(types::SentBounded::try_from(max - 1).unwrap().get(), max - 1);
    assert!(types::SentBounded::try_from(max).is_err());
}

/// What sending says of a body, or what was sent.
async fn sent<T: DeserializeOwned>(send: impl AsyncFn(&str, Transport, T) -> Result<(), String>, body: &Value) -> String {
    let server = Server::start(vec![answer("200 OK", &["content-type: application/json"], r#"{"id":1}"#)]).await;
    let transport = Transport::builder("test").auth(Auth::none()).build().unwrap();
    let value: T = serde_json::from_str(&body.to_string()).unwrap();
    match send(&server.base_url(), transport, value).await {
        Ok(()) => "sent".to_owned(),
        Err(error) => {
            assert_eq!(server.requests().len(), 0, "{error}");
            error.replace("invalid request: ", "")
        }
    }
}

#[tokio::test]
async fn only_the_rules_of_the_alternative_that_is_sent_are_checked() {
    let send = async |url: &str, transport: Transport, body: fixture_tags::types::Everything| {
        let call = fixture_tags::Client::new(url, transport);
        call.send().body(body).send().await.map(drop).map_err(|error| error.to_string())
    };
    for (body, expected) in [
        (json!({ "version": { "version": 1, "text": "abc" } }), "sent"),
        (json!({ "version": { "version": 2, "text": "abc" } }), "body.version.text: longer than 2 characters"),
        (json!({ "version": { "version": 3, "text": "abc" } }), "sent"),
        (json!({ "flag": { "on": true, "since": "abcd" } }), "sent"),
        (json!({ "flag": { "on": false, "since": "abcd" } }), "body.flag.since: longer than 3 characters"),
        (json!({ "named": { "version": "V2", "a": "abcd" } }), "body.named.a: longer than 3 characters"),
        (json!({ "nested": { "version": "V2", "a": "abcd" } }), "body.nested.a: longer than 3 characters"),
        (json!({ "nested": { "version": "V1", "a": "abcd" } }), "sent"),
        (json!({ "mapped": { "type": 2, "b": "abcd" } }), "body.mapped.b: longer than 3 characters"),
        (json!({ "mapped": { "type": 1, "b": "abcd" } }), "sent"),
        (json!({ "unsaid": { "version": 1, "two": "abcd" } }), "body.unsaid.two: longer than 3 characters"),
        (json!({ "several": { "kind": "Card", "a": "abcd" } }), "body.several.a: longer than 3 characters"),
        (json!({ "several": { "kind": "Cash", "a": "abcd" } }), "sent"),
        (json!({ "within": { "id": "1", "version": "V2", "a": "abcd" } }), "body.within.a: longer than 3 characters"),
        (json!({ "within": { "id": "1", "version": "V1", "a": "abcd" } }), "sent"),
        (json!({ "list": [{ "version": 1 }, { "version": 2, "text": "abc" }] }), "body.list[1].text: longer than 2 characters"),
        (json!({ "map": { "a": { "version": 2, "text": "abc" } } }), "body.map.*.text: longer than 2 characters"),
        (json!({ "perhaps": { "version": 2, "text": "abc" } }), "body.perhaps.text: longer than 2 characters"),
        (json!({ "perhaps": null }), "sent"),
    ] {
        assert_eq!(sent(send, &body).await, expected, "{body}");
    }
}

#[test]
fn what_only_narrows_takes_no_value_away() {
    use fixture_narrowing::types;

    for json in [
        r#"{"notText":5}"#,
        r#"{"notText":"a"}"#,
        r#"{"notObject":"x"}"#,
        r#"{"conditional":["a"]}"#,
        r#"{"counted":{"a":1}}"#,
        r#"{"within":true}"#,
        r#"{"text":"abcx"}"#,
        r#"{"textOrText":"2026-01-31"}"#,
        r#"{"textOrDate":"x"}"#,
        r#"{"part":3,"narrowedPart":4}"#,
        r#"{"object":{"a":[1]}}"#,
        r#"{"list":["a","b","c"]}"#,
        r#"{"byName":{"x":"1","a":1}}"#,
        r#"{"textOrObject":"x"}"#,
        r#"{"textOrObject":{"a":"x"}}"#,
        r#"{"textOrList":"x"}"#,
        r#"{"textOrList":["x"]}"#,
        r#"{"twoMaps":{"x":1,"y":2}}"#,
        r#"{"openAndTyped":{"b":"x","c":"y"}}"#,
        r#"{"oneMap":{"a":"x","c":"y"}}"#,
        r#"{"onePattern":{"x":"x","y":"y"}}"#,
        r#"{"twoPatterns":{"x":{"a":"x"},"y":1}}"#,
        r#"{"openPattern":{"x":{"a":"x"},"z":1}}"#,
    ] {
        read::<types::Read>(json);
    }
    let shown = read::<types::Sent>(r#"{"closed":{"a":1},"typed":1,"several":"y"}"#);
    assert!(shown.contains("Number(1)"), "{shown}");
}

#[test]
fn null_is_a_value_where_no_part_forbids_it() {
    use fixture_narrowing::types;

    for json in [
        r#"{"money":null}"#,
        r#"{"money":{"v":"1"},"moneys":[null,{"v":"1"}],"text":null,"both":null,"extended":null}"#,
        r#"{"money":null,"narrowed":{"amount":null,"name":null}}"#,
    ] {
        read::<types::Nulls>(json);
    }
}

#[tokio::test]
async fn what_narrows_a_value_beside_its_type_is_checked() {
    let send = async |url: &str, transport: Transport, body: fixture_narrowing::types::Sent| {
        let call = fixture_narrowing::Client::new(url, transport);
        call.send().body(body).send().await.map(drop).map_err(|error| error.to_string())
    };
    for (body, expected) in [
        (json!({ "listed": "a" }), "sent"),
        (json!({ "listed": "bb" }), "body.listed: does not match the pattern ^a"),
        (json!({ "short": "bb" }), "sent"),
        (json!({ "short": "ccc" }), "body.short: longer than 2 characters"),
        (json!({ "date": "2026-01-31" }), "body.date: longer than 2 characters"),
        (json!({ "parts": "2026-01-31" }), "body.parts: longer than 3 characters"),
        (json!({ "objects": { "t": "a", "one": "b" } }), "sent"),
        (json!({ "objects": { "t": "a", "one": "b", "id": "c" } }), "body.objects: more than 2 members"),
        (json!({ "shortValues": { "x": ["a"] } }), "sent"),
        (json!({ "shortValues": { "x": ["a", "b"] } }), "body.shortValues.*: more than 1 items"),
    ] {
        assert_eq!(sent(send, &body).await, expected, "{body}");
    }
}

#[tokio::test]
async fn bounds_are_checked_to_the_last_digit() {
    let send = async |url: &str, transport: Transport, body: fixture_integers::types::Integers| {
        let call = fixture_integers::Client::new(url, transport);
        call.send().body(body).send().await.map(drop).map_err(|error| error.to_string())
    };
    for (body, expected) in [
        (json!({ "unsigned": u64::MAX, "above": 4 }), "sent"),
        (json!({ "above": 3 }), "body.above: not within the bound 3"),
        (json!({ "above": 10 }), "body.above: not within the bound 9"),
        (json!({ "exact": 9_007_199_254_740_992_i64 }), "sent"),
        (json!({ "exact": 9_007_199_254_740_993_i64 }), "body.exact: not within the bound 9007199254740992"),
    ] {
        assert_eq!(sent(send, &body).await, expected, "{body}");
    }
}

#[tokio::test]
async fn the_rules_of_scalars_are_those_of_their_types() {
    let send = async |url: &str, transport: Transport, body: fixture_scalars::types::Scalars| {
        let call = fixture_scalars::Client::new(url, transport);
        call.send().body(body).send().await.map(drop).map_err(|error| error.to_string())
    };
    for (body, expected) in [
        (json!({ "id": 1, "limit": "unlimited" }), "sent"),
        (json!({ "id": 1, "limit": 11 }), "body.limit: not within the bound 10"),
        (json!({ "id": 1, "name": "none" }), "sent"),
        (json!({ "id": 1, "name": "abcd" }), "body.name: longer than 3 characters"),
        (json!({ "id": 1, "name": true }), "sent"),
        (json!({ "id": 1, "iban": { "iban": "GB123" } }), "body.iban.iban: longer than 4 characters"),
        (json!({ "id": 1, "iban": { "sortCode": "GB123" } }), "sent"),
        (json!({ "id": 1, "code": "12345" }), "sent"),
        (json!({ "id": 1, "code": "ab" }), "sent"),
        (json!({ "id": 1, "code": "abc" }), "body.code: longer than 2 characters"),
        (json!({ "id": 1, "number": 12 }), "sent"),
        (json!({ "id": 1, "number": 7 }), "body.number: not within the bound 5"),
    ] {
        assert_eq!(sent(send, &body).await, expected, "{body}");
    }
}

#[tokio::test]
async fn the_rules_of_a_base_are_those_of_what_stands_for_it() {
    let send = async |url: &str, transport: Transport, body: fixture_inheritance::types::Zoo| {
        let call = fixture_inheritance::Client::new(url, transport);
        call.send().body(body).send().await.map(drop).map_err(|error| error.to_string())
    };
    for (body, expected) in [
        (json!({ "pet": { "petType": "Cat", "name": "A", "lives": 9 } }), "sent"),
        (json!({ "pet": { "petType": "Cat", "name": "A", "lives": 10 } }), "body.pet.lives: not within the bound 9"),
        (json!({ "pet": { "petType": "Dog", "name": "A", "lives": 10 } }), "sent"),
        (json!({ "pet": { "petType": "Dog", "name": "ABCDEF" } }), "body.pet.name: longer than 5 characters"),
        (json!({ "pet": { "petType": "Pet", "name": "ABCDEF" } }), "body.pet.name: longer than 5 characters"),
        (json!({ "pet": { "petType": "Fish", "name": "ABCDEF" } }), "sent"),
        (
            json!({ "vehicle": { "type": "Car", "carType": "Sports", "speed": 301 } }),
            "body.vehicle.speed: not within the bound 300",
        ),
        (
            json!({ "pet": { "petType": "Dog", "name": "A", "friend": { "petType": "Cat", "name": "A", "lives": 10 } } }),
            "body.pet.friend.lives: not within the bound 9",
        ),
    ] {
        assert_eq!(sent(send, &body).await, expected, "{body}");
    }
}

#[tokio::test]
async fn constructors_set_tags_of_any_type() {
    use fixture_tags::types;

    let server = Server::start(vec![answer("200 OK", &["content-type: application/json"], "{}")]).await;
    let client =
        fixture_tags::Client::new(&server.base_url(), Transport::builder("test").auth(Auth::none()).build().unwrap());
    let body = types::Everything::new()
        .with_version(types::VersionTwo::new())
        .with_flag(types::Off::new())
        .with_named(types::NamedV2::new())
        .with_mapped(types::MappedOne::new());
    client.send().body(body).send().await.unwrap();
    let request = server.requests().pop().unwrap();
    let (_, body) = request.split_once("\r\n\r\n").unwrap();
    let expected = json!({
        "version": { "version": 2 }, "flag": { "on": false }, "named": { "version": "V2" }, "mapped": { "type": 1 },
    });
    assert_eq!(serde_json::from_str::<Value>(body).unwrap(), expected);
}
