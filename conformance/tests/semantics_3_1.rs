//! OpenAPI 3.1: what is JSON Schema 2020-12, and what its documents still have of 3.0.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use obkit_codegen::{Document, Spec};
use obkit_conformance::{CompileError, Direction, NullableProfile, Validators, Violation};
use serde_json::{Value, json};

use Direction::{Request, Response};
use NullableProfile::{Lenient, Strict};

fn validators(schemas: &str, profile: NullableProfile) -> Validators {
    let text = format!("openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\ncomponents:\n  schemas:\n{schemas}");
    let spec = Spec::read(Document::parse("spec.yaml", &text).unwrap()).unwrap();
    Validators::with_profile(spec.document(), profile)
}

fn judged(
    schemas: &str,
    profile: NullableProfile,
    direction: Direction,
    value: &Value,
) -> Result<Vec<Violation>, CompileError> {
    validators(schemas, profile).validate(direction, "/components/schemas/X", value)
}

/// Whether a value fits, which both profiles must agree on.
fn accepts(schemas: &str, value: Value) -> bool {
    let verdict = |profile| judged(schemas, profile, Response, &value).unwrap().is_empty();
    assert_eq!(verdict(Strict), verdict(Lenient), "{schemas}: {value}");
    verdict(Strict)
}

#[test]
fn keywords_of_2020_12_count() {
    for (schema, good, bad) in [
        ("{type: [string, 'null'], minLength: 2}", json!(null), json!("a")),
        ("{const: {a: 1}}", json!({"a": 1.0}), json!({"a": 2})),
        ("{exclusiveMinimum: 1, exclusiveMaximum: 3}", json!(2), json!(3)),
        ("{prefixItems: [{type: string}], items: false}", json!(["a"]), json!(["a", 1])),
        ("{if: {required: [a]}, then: {required: [b]}, else: {required: [c]}}", json!({"c": 1}), json!({"a": 1})),
        ("{dependentRequired: {a: [b]}}", json!({"b": 1}), json!({"a": 1})),
        ("{dependentSchemas: {a: {properties: {b: {type: string}}}}}", json!({"b": 1}), json!({"a": 1, "b": 1})),
        ("{allOf: [{properties: {a: {}}}], unevaluatedProperties: false}", json!({"a": 1}), json!({"b": 1})),
        ("{prefixItems: [{}], unevaluatedItems: false}", json!([1]), json!([1, 2])),
        ("{patternProperties: {'^x': {type: string}}}", json!({"x": "a"}), json!({"x": 1})),
        ("{propertyNames: {pattern: '^x'}}", json!({"x": 1}), json!({"a": 1})),
        ("{contains: {const: 1}, maxContains: 1}", json!([1, 2]), json!([1, 1])),
        ("{$defs: {s: {type: string}}, $ref: '#/components/schemas/X/$defs/s'}", json!("a"), json!(1)),
        (
            "{$defs: {s: {$anchor: it, type: string}}, properties: {a: {$ref: '#it'}}}",
            json!({"a": ""}),
            json!({"a": 1}),
        ),
        (
            "{$id: 'https://a.example/x', properties: {a: {$ref: 'https://a.example/x'}, b: false}}",
            json!({"a": {}}),
            json!({"a": {"b": 1}}),
        ),
        ("true", json!(null), json!(null)),
        ("{type: [integer, 'null'], format: int32}", json!(null), json!(2_147_483_648_i64)),
    ] {
        let schemas = format!("    X: {schema}\n");
        assert!(accepts(&schemas, good.clone()), "{schema}: {good}");
        assert!(good == bad || !accepts(&schemas, bad.clone()), "{schema}: {bad}");
    }
}

#[test]
fn what_stands_beside_a_reference_counts() {
    let schemas = "    X: {$ref: '#/components/schemas/Y', minLength: 2}\n    Y: {type: string, maxLength: 3}\n";
    assert!(accepts(schemas, json!("ab")));
    assert!(!accepts(schemas, json!("a")));
    assert!(!accepts(schemas, json!("abcd")));
    assert!(!validators(schemas, Strict).is_free_form(Response, "/components/schemas/X"));
}

#[test]
fn nullable_means_nothing_by_the_letter() {
    let target = "    Y: {type: object, required: [a]}\n";
    for schema in [
        "{type: string, nullable: true}",
        "{type: [string], enum: [a], nullable: true}",
        "{const: a, nullable: true}",
        "{nullable: true, $ref: '#/components/schemas/Y'}",
        "{nullable: true, if: {type: 'null'}, then: false, else: {type: object, required: [a]}}",
    ] {
        let schemas = format!("    X: {schema}\n{target}");
        assert!(judged(&schemas, Lenient, Response, &json!(null)).unwrap().is_empty(), "{schema}");
        assert!(!judged(&schemas, Strict, Response, &json!(null)).unwrap().is_empty(), "{schema}");
        assert!(!judged(&schemas, Lenient, Response, &json!({})).unwrap().is_empty(), "{schema}");
    }
}

#[test]
fn a_pointer_stays_that_of_the_source() {
    let schemas = "    X: {nullable: true, if: {type: integer}, else: {type: string, minLength: 2}}\n";
    let violations = judged(schemas, Lenient, Response, &json!("a")).unwrap();
    assert_eq!(violations[0].schema_pointer, "/components/schemas/X/else/minLength");
    let schemas = "    X: {nullable: true, type: object, properties: {a: {type: string}}}\n";
    let violations = judged(schemas, Lenient, Response, &json!({"a": 1})).unwrap();
    assert_eq!(violations[0].schema_pointer, "/components/schemas/X/properties/a/type");
}

#[test]
fn required_is_relaxed_only_as_meant() {
    let schemas = "    X: {$ref: '#/components/schemas/Y', required: [r, w]}\n    Y: {properties: {r: {readOnly: true}, w: {writeOnly: true}}}\n";
    for (direction, value) in [(Request, json!({"w": 1})), (Response, json!({"r": 1}))] {
        assert!(judged(schemas, Lenient, direction, &value).unwrap().is_empty());
        assert!(!judged(schemas, Strict, direction, &value).unwrap().is_empty());
    }
    assert!(!judged(schemas, Lenient, Request, &json!({"r": 1})).unwrap().is_empty());
}

#[test]
fn a_boolean_bound_cannot_be_enforced_by_the_letter() {
    let schemas = "    X: {minimum: 1, exclusiveMinimum: true}\n";
    assert!(judged(schemas, Strict, Response, &json!(1)).is_err());
    assert!(!judged(schemas, Lenient, Response, &json!(1)).unwrap().is_empty());
    assert!(judged(schemas, Lenient, Response, &json!(2)).unwrap().is_empty());
}

#[test]
fn a_dynamic_reference_that_depends_on_its_way_is_no_silent_pass() {
    let anchor = |name: &str| {
        format!("{{$dynamicAnchor: {name}, type: object, properties: {{next: {{$dynamicRef: '#node'}}}}}}")
    };
    let schemas = format!("    X: {}\n    Y: {{$id: 'https://a.example/y', $dynamicAnchor: other}}\n", anchor("node"));
    assert!(!accepts(&schemas, json!({"next": 1})));
    let error = judged(&schemas.replace("other", "node"), Strict, Response, &json!({})).unwrap_err();
    assert!(error.message.contains("several schemas have the `$dynamicAnchor` \"node\""), "{error}");
}
