//! Parameters: every style reads back what it wrote.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use obkit_codegen::spec::Location;
use obkit_codegen::{Document, Spec};
use obkit_conformance::parameter::{Codec, Query, Unreadable, encode};
use proptest::prelude::*;
use serde_json::{Value, json};

fn spec(location: &str, style: &str, explode: bool, schema: &str) -> Spec {
    let path = if location == "path" { "/a/{p}" } else { "/a" };
    let required = location == "path";
    Spec::read(
        Document::parse(
            "s",
            &format!(
                "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths:\n  {path}:\n    get:\n      parameters:\n        \
                 - {{name: p, in: {location}, required: {required}, style: {style}, explode: {explode}, schema: {schema}}}\n      responses: {{}}\n"
            ),
        )
        .unwrap(),
    )
    .unwrap()
}

/// Writes a value as it travels, and reads it again.
fn travel(spec: &Spec, value: &Value) -> Option<Value> {
    let parameter = &spec.operations()[0].parameters[0];
    let codec = Codec::new(spec.document(), parameter);
    let pairs = encode(parameter, value);
    match parameter.location {
        Location::Path => Some(codec.from_path(&pairs[0].1).unwrap()),
        Location::Header => Some(codec.from_header(&pairs[0].1).unwrap()),
        Location::Cookie => codec.from_cookies(&pairs).unwrap(),
        Location::Query => {
            let raw = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
            let query = Query::parse(&raw);
            assert!(query.names().all(|name| codec.claims(name)), "{raw}");
            codec.from_query(&query).unwrap()
        }
    }
}

const STRINGS: &str = "{type: array, items: {type: string}}";
const OBJECT: &str = "{type: object, properties: {a: {type: string}, b: {type: integer}}}";

proptest! {
    // A failure is told in full; files of old ones would be one more thing to keep.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn text_survives_path_and_query(text in "\\PC*") {
        for (location, style) in [("query", "form"), ("path", "simple")] {
            prop_assert_eq!(travel(&spec(location, style, false, "{type: string}"), &json!(text)), Some(json!(text)));
        }
    }

    #[test]
    fn numbers_survive_everywhere(integer: i64, flag: bool) {
        for (location, style) in [("query", "form"), ("path", "simple"), ("header", "simple")] {
            prop_assert_eq!(travel(&spec(location, style, false, "{type: integer}"), &json!(integer)), Some(json!(integer)));
            prop_assert_eq!(travel(&spec(location, style, false, "{type: boolean}"), &json!(flag)), Some(json!(flag)));
        }
    }

    #[test]
    fn lists_survive_every_style(items in prop::collection::vec("\\PC+", 1..5)) {
        for (location, style, explode) in [
            ("query", "form", true),
            ("query", "form", false),
            ("path", "simple", false),
            ("path", "label", false),
            ("path", "matrix", false),
            ("path", "matrix", true),
            ("cookie", "form", false),
            ("cookie", "form", true),
        ] {
            prop_assert_eq!(travel(&spec(location, style, explode, STRINGS), &json!(items)), Some(json!(items)));
        }
    }

    #[test]
    fn delimited_lists_survive_what_does_not_hold_their_delimiter(items in prop::collection::vec("[^ |,\\p{C}]+", 1..5)) {
        for style in ["spaceDelimited", "pipeDelimited", "tabDelimited"] {
            for location in ["query", "path", "header"] {
                prop_assert_eq!(travel(&spec(location, style, false, STRINGS), &json!(items)), Some(json!(items)));
            }
        }
    }

    #[test]
    fn objects_survive(a in "\\PC+", b: i32) {
        for (location, style, explode) in [
            ("query", "deepObject", true),
            ("query", "form", true),
            ("query", "form", false),
            ("path", "simple", false),
            ("path", "simple", true),
            ("path", "label", false),
            ("path", "matrix", false),
            ("path", "matrix", true),
            ("cookie", "form", false),
            ("cookie", "form", true),
        ] {
            prop_assert_eq!(travel(&spec(location, style, explode, OBJECT), &json!({"a": a, "b": b})), Some(json!({"a": a, "b": b})));
        }
    }

    #[test]
    fn nested_objects_survive(a in "\\PC+", list in prop::collection::vec("\\PC*", 1..4)) {
        let nested = "{type: object, properties: {a: {type: object, properties: {b: {type: string}, c: {type: array, items: {type: string}}}}}}";
        let value = json!({ "a": { "b": a, "c": list } });
        prop_assert_eq!(travel(&spec("query", "deepObject", true, nested), &value), Some(value.clone()));
        prop_assert_eq!(travel(&spec("query", "form", true, nested), &value), Some(value));
    }

    #[test]
    fn exploded_labels_survive_what_does_not_hold_a_dot(items in prop::collection::vec("[^.]+", 1..5)) {
        prop_assert_eq!(travel(&spec("path", "label", true, STRINGS), &json!(items)), Some(json!(items)));
    }

    #[test]
    fn no_query_makes_it_panic(raw in "\\PC*") {
        for schema in ["{type: string}", STRINGS, OBJECT] {
            for (style, explode) in [("form", true), ("form", false), ("deepObject", true), ("pipeDelimited", false), ("matrix", true), ("label", true)] {
                let spec = spec("query", style, explode, schema);
                let codec = Codec::new(spec.document(), &spec.operations()[0].parameters[0]);
                let _ = codec.from_query(&Query::parse(&raw));
                let _ = codec.from_path(&raw);
            }
        }
    }
}

#[test]
fn text_that_is_not_of_the_type_stays_text() {
    let spec = spec("query", "form", true, "{type: integer}");
    let codec = Codec::new(spec.document(), &spec.operations()[0].parameters[0]);
    assert_eq!(codec.from_query(&Query::parse("p=abc")), Ok(Some(json!("abc"))));
    assert_eq!(codec.from_query(&Query::parse("p=01")), Ok(Some(json!("01"))));
    assert_eq!(codec.from_query(&Query::parse("q=1")), Ok(None));
}

/// Reads `p` from a query, by a schema of OpenAPI 3.1.
fn from_query(style: &str, explode: bool, schema: &str, query: &str) -> Result<Option<Value>, Unreadable> {
    let text = format!(
        "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths:\n  /a:\n    get:\n      parameters:\n        \
         - {{name: p, in: query, style: {style}, explode: {explode}, schema: {schema}}}\n      responses: {{}}\n"
    );
    let spec = Spec::read(Document::parse("s", &text).unwrap()).unwrap();
    let query = Query::parse(query);
    Codec::new(spec.document(), &spec.operations()[0].parameters[0]).from_query(&query)
}

#[test]
fn members_and_items_have_the_types_of_all_that_holds_for_them() {
    let parts = "{type: object, allOf: [{properties: {x: {type: integer}}}, {properties: {y: {type: boolean}}}]}";
    let patterns = "{type: object, patternProperties: {'^a': {type: integer}, '^b': {type: boolean}}}";
    for (style, explode, schema, query, expected) in [
        ("deepObject", true, parts, "p[x]=1&p[y]=true&p[z]=1", json!({"x": 1, "y": true, "z": "1"})),
        ("form", true, parts, "x=1&y=true&other=2", json!({"x": 1, "y": true})),
        ("form", false, parts, "p=x,1,y,true", json!({"x": 1, "y": true})),
        ("deepObject", true, "{type: object, additionalProperties: {type: integer}}", "p[k]=3", json!({"k": 3})),
        ("form", true, "{type: object, additionalProperties: {type: integer}}", "k=3", json!({"k": 3})),
        (
            "deepObject",
            true,
            "{type: object, properties: {s: {type: string}}, additionalProperties: {type: integer}}",
            "p[s]=1&p[k]=3",
            json!({"s": "1", "k": 3}),
        ),
        ("deepObject", true, patterns, "p[a1]=3&p[b1]=true&p[c]=3", json!({"a1": 3, "b1": true, "c": "3"})),
        (
            "deepObject",
            true,
            "{type: object, dependentSchemas: {a: {properties: {b: {type: integer}}}}}",
            "p[a]=x&p[b]=2",
            json!({"a": "x", "b": 2}),
        ),
        (
            "deepObject",
            true,
            "{type: object, properties: {l: {type: array, prefixItems: [{type: integer}], items: {type: string}}}}",
            "p[l]=1&p[l]=2",
            json!({"l": [1, "2"]}),
        ),
        (
            "form",
            false,
            "{type: array, prefixItems: [{type: integer}, {type: string}], items: {type: boolean}}",
            "p=1,2,true",
            json!([1, "2", true]),
        ),
        ("form", true, "{type: array, contains: {type: integer}}", "p=1&p=x", json!([1, "x"])),
        ("form", true, "{type: array, allOf: [{items: {type: integer}}]}", "p=1&p=2", json!([1, 2])),
    ] {
        assert_eq!(from_query(style, explode, schema, query), Ok(Some(expected)), "{style} {schema} {query}");
    }
}

#[test]
fn a_deep_object_that_is_sent_plain_is_not_in_its_style() {
    let read = |query| from_query("deepObject", true, "{type: object, properties: {x: {type: integer}}}", query);
    assert_eq!(read("p=3"), Err(Unreadable::Style));
    assert_eq!(read("p[x]=1&p=3"), Err(Unreadable::Style));
    assert_eq!(read("p[x]=1&q=3"), Ok(Some(json!({"x": 1}))));
    assert_eq!(read("q=3"), Ok(None));
}

#[test]
fn objects_are_as_deep_as_json_and_lists_are_read_once() {
    let deep = spec("query", "deepObject", true, "{type: object}");
    let read = |spec: &Spec, raw: &str| {
        Codec::new(spec.document(), &spec.operations()[0].parameters[0]).from_query(&Query::parse(raw))
    };
    assert!(read(&deep, &format!("p[{}]=1", vec!["a"; 127].join("]["))).unwrap().is_some());
    assert_eq!(read(&deep, &format!("p[{}]=1", vec!["a"; 128].join("]["))), Err(Unreadable::Style));
    assert_eq!(read(&deep, &format!("p[{}]=1", vec![""; 100_000].join("]["))), Err(Unreadable::Style));
    let list = spec("query", "pipeDelimited", false, "{type: array, items: {type: string}}");
    assert_eq!(read(&list, "p=a|b%7Cc%7cd|"), Ok(Some(json!(["a", "b", "c", "d", ""]))));
    // Read anew from each piece on, it would take minutes.
    let many = read(&list, &format!("p={}", "|".repeat(2_000_000))).unwrap().unwrap();
    assert_eq!(many.as_array().unwrap().len(), 2_000_001);
}
