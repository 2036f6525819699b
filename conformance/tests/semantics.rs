//! The traps between OpenAPI 3.0 and JSON Schema 2020-12.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use obkit_codegen::{Document, Spec};
use obkit_conformance::{Direction, NullableProfile, Validators, Violation};
use serde_json::{Value, json};

use Direction::{Request, Response};

fn spec(schemas: &str) -> Spec {
    let text =
        format!("openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths: {{}}\ncomponents:\n  schemas:\n{schemas}");
    Spec::read(Document::parse("spec.yaml", &text).unwrap()).unwrap()
}

fn violations(schemas: &str, direction: Direction, value: &Value) -> Vec<Violation> {
    Validators::new(spec(schemas).document()).validate(direction, "#/components/schemas/X", value).unwrap()
}

fn keywords(schemas: &str, direction: Direction, value: Value) -> Vec<String> {
    violations(schemas, direction, &value).into_iter().map(|v| v.keyword).collect()
}

fn accepts(schemas: &str, value: Value) -> bool {
    violations(schemas, Response, &value).is_empty()
}

fn strictly_accepts(schemas: &str, value: &Value) -> bool {
    let validators = Validators::with_profile(spec(schemas).document(), NullableProfile::Strict);
    validators.validate(Response, "/components/schemas/X", value).unwrap().is_empty()
}

#[test]
fn nullable_beside_a_type_adds_null() {
    let schema = "    X: {type: string, nullable: true, minLength: 2}\n";
    assert!(accepts(schema, json!(null)));
    assert!(accepts(schema, json!("ab")));
    assert!(!accepts(schema, json!("a")));
    assert!(strictly_accepts(schema, &json!(null)));
    assert!(!accepts("    X: {type: string}\n", json!(null)));
    assert!(accepts("    X: {nullable: false}\n", json!(null)), "an untyped schema allows null anyway");
}

#[test]
fn nullable_without_effect_by_the_letter_is_read_as_meant() {
    let target = "    Y: {type: object, required: [a]}\n";
    for schema in [
        "    X: {type: string, nullable: true, enum: [a]}\n".to_owned(),
        format!("    X: {{nullable: true, allOf: [{{$ref: '#/components/schemas/Y'}}]}}\n{target}"),
        format!("    X: {{nullable: true, oneOf: [{{$ref: '#/components/schemas/Y'}}]}}\n{target}"),
        format!("    X: {{nullable: true, $ref: '#/components/schemas/Y'}}\n{target}"),
    ] {
        assert!(accepts(&schema, json!(null)), "{schema}");
        assert!(!strictly_accepts(&schema, &json!(null)), "{schema}");
        assert!(!accepts(&schema, json!({})), "{schema}");
    }
}

#[test]
fn a_pointer_stays_that_of_the_source() {
    let schemas = "    X: {nullable: true, allOf: [{type: object, required: [a]}]}\n";
    let found = violations(schemas, Response, &json!({}));
    assert_eq!(found[0].schema_pointer, "/components/schemas/X/allOf/0/required");
    let schemas = "    X: {type: object, properties: {a/b: {$ref: '#/components/schemas/Y'}}}\n    Y: {type: array, items: {type: integer, format: int32}}\n";
    let found = violations(schemas, Response, &json!({"a/b": [1, 3_000_000_000_u64]}));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].keyword, "format");
    assert_eq!(found[0].instance_path, "/a~1b/1");
    assert_eq!(found[0].schema_pointer, "/components/schemas/Y/items/format");
}

#[test]
fn boolean_exclusive_bounds() {
    let schema = "    X: {type: number, minimum: 0, exclusiveMinimum: true, maximum: 5, exclusiveMaximum: false}\n";
    assert!(!accepts(schema, json!(0)));
    assert!(accepts(schema, json!(0.1)));
    assert!(accepts(schema, json!(5)));
    assert!(!accepts(schema, json!(5.1)));
}

#[test]
fn siblings_of_a_reference_are_ignored() {
    let schema = "    X: {$ref: '#/components/schemas/Y', maxLength: 1}\n    Y: {type: string}\n";
    assert!(accepts(schema, json!("long")));
    assert!(!accepts(schema, json!(1)));
}

#[test]
fn required_counts_for_read_only_in_responses_and_for_write_only_in_requests() {
    let plain = "    X: {type: object, required: [id, pin], properties: {id: {type: string, readOnly: true}, pin: {type: string, writeOnly: true}}}\n";
    assert_eq!(keywords(plain, Request, json!({"pin": "1"})), [""; 0]);
    assert_eq!(keywords(plain, Request, json!({"id": "1"})), ["required"]);
    assert_eq!(keywords(plain, Response, json!({"id": "1"})), [""; 0]);
    assert_eq!(keywords(plain, Response, json!({"pin": "1"})), ["required"]);
}

#[test]
fn a_read_only_flag_is_seen_through_all_of_and_references() {
    for schemas in [
        "    X: {allOf: [{$ref: '#/components/schemas/Y'}, {required: [id]}]}\n    Y: {properties: {id: {type: string, readOnly: true}}}\n",
        "    X: {required: [id], allOf: [{$ref: '#/components/schemas/Y'}]}\n    Y: {properties: {id: {$ref: '#/components/schemas/Id'}}}\n    Id: {type: string, readOnly: true}\n",
        "    X: {required: [id], properties: {id: {readOnly: true, allOf: [{$ref: '#/components/schemas/Id'}]}}}\n    Id: {type: string}\n",
    ] {
        assert_eq!(keywords(schemas, Request, json!({})), [""; 0], "{schemas}");
        assert_eq!(keywords(schemas, Response, json!({})), ["required"], "{schemas}");
    }
}

#[test]
fn formats_are_asserted() {
    for (format, good, bad) in [
        ("date-time", "2024-02-29T12:00:00Z", "2024-02-29 12:00"),
        ("date", "2024-02-29", "2023-02-29"),
        ("uuid", "f929d718-1496-11eb-adc1-0242ac120002", "f929d718"),
        ("email", "a@b.example", "a"),
        ("uri", "https://a.example/b", "/b"),
        ("ipv4", "127.0.0.1", "127.0.0.256"),
        ("byte", "aGVsbG8=", "aGVsbG8"),
        ("decimal", "-12.50", "12,50"),
    ] {
        let schema = format!("    X: {{type: string, format: {format}}}\n");
        assert!(accepts(&schema, json!(good)), "{format}");
        assert_eq!(keywords(&schema, Response, json!(bad)), ["format"], "{format}");
    }
    for (format, good, bad) in [("int32", 2_147_483_647_u64, 2_147_483_648_u64), ("int64", u64::MAX / 2, u64::MAX)] {
        let schema = format!("    X: {{type: integer, format: {format}, minimum: 1}}\n");
        assert!(accepts(&schema, json!(good)), "{format}");
        assert_eq!(keywords(&schema, Response, json!(bad)), ["format"], "{format}");
        assert_eq!(keywords(&schema, Response, json!(0)), ["minimum"], "{format}");
    }
}

#[test]
fn an_unknown_format_is_listed_and_checks_nothing() {
    let spec = spec("    X: {type: string, format: iso8601}\n");
    let validators = Validators::new(spec.document());
    assert_eq!(validators.validate(Response, "/components/schemas/X", &json!("x")).unwrap(), []);
    assert_eq!(validators.unknown_formats()["iso8601"], ["/components/schemas/X/format"]);
}

#[test]
fn an_integer_may_be_written_with_a_fraction_of_zero() {
    assert!(accepts("    X: {type: integer}\n", json!(1.0)));
    assert!(!accepts("    X: {type: integer}\n", json!(1.5)));
}

#[test]
fn data_and_foreign_keywords_are_not_taken_for_constraints() {
    let schema = "    X: {type: object, const: 1, patternProperties: {a: false}, $id: 'x', example: {$ref: '#/no'}, default: {items: 1}, properties: {default: {type: string}, $ref: {type: string}}, x-a: {type: 1}}\n";
    assert!(accepts(schema, json!({"a": 1, "$ref": "x"})));
    assert!(!accepts(schema, json!({"default": 1})));
    assert!(!accepts(schema, json!({"$ref": 1})));
}

#[test]
fn a_schema_that_does_not_compile_is_an_error_and_harms_no_other() {
    let schemas = "    X: {type: object, properties: {y: {$ref: '#/components/schemas/Y'}}}\n    Y: {type: strin}\n    Z: {type: string, pattern: '('}\n    Number: {$ref: 7}\n    Good: {type: string}\n";
    let validators = Validators::new(spec(schemas).document());
    for broken in ["X", "Y", "Z", "Number", "Missing"] {
        let error = validators.validate(Response, &format!("#/components/schemas/{broken}"), &json!({})).unwrap_err();
        assert!(!error.message.is_empty(), "{broken}");
    }
    assert!(validators.validate(Response, "#/components/schemas/Good", &json!("a")).unwrap().is_empty());
    assert!(validators.validate(Response, "#/components/schemas", &json!("a")).is_err());
    assert!(validators.validate(Response, "#/info", &json!("a")).is_err());
}

#[test]
fn recursion_is_followed() {
    let schema = "    X: {type: object, properties: {next: {$ref: '#/components/schemas/X'}, n: {type: integer}}}\n";
    assert_eq!(keywords(schema, Response, json!({"next": {"next": {"n": "a"}}})), ["type"]);
}

#[test]
fn an_ecma_pattern_is_unanchored_and_bounded() {
    assert!(accepts("    X: {type: string, pattern: '\\d{2}'}\n", json!("a12b")));
    assert!(accepts("    X: {type: string, pattern: '^(?!b)[a-z]+$'}\n", json!("a")));
    let schema = "    X: {type: string, pattern: '^(a+)+(?=b)$'}\n";
    assert_eq!(keywords(schema, Response, json!("a".repeat(60))), ["pattern"]);
}

#[test]
fn the_nearest_alternative_is_named_and_no_value_is_told() {
    let schemas = "    X: {oneOf: [{$ref: '#/components/schemas/Card'}, {$ref: '#/components/schemas/Iban'}]}\n    \
                   Card: {type: object, required: [kind, pan], properties: {kind: {type: string, enum: [card]}, pan: {type: string}}}\n    \
                   Iban: {type: object, required: [kind, iban], properties: {kind: {type: string, enum: [iban]}, iban: {type: string, maxLength: 4}}}\n";
    let found = violations(schemas, Response, &json!({"kind": "iban", "iban": "SECRET-IBAN"}));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].keyword, "oneOf");
    assert!(found[0].message.contains("nearest is `Iban`: at /iban"), "{}", found[0].message);
    assert!(!found[0].message.contains("SECRET"), "{}", found[0].message);
}

#[test]
fn an_unexpected_property_that_may_be_an_account_number_is_not_told() {
    assert_eq!(
        keywords("    X: {type: object, additionalProperties: false}\n", Response, json!({"a": 1})),
        ["additionalProperties"]
    );
    let schema = "    X: {type: object, properties: {a: {}}, additionalProperties: false}\n";
    let message = &violations(schema, Response, &json!({"12345678": 1}))[0].message;
    assert!(!message.contains("12345678"), "{message}");
    assert!(violations(schema, Response, &json!({"extra": 1}))[0].message.contains("\"extra\""));
}

#[test]
fn a_reference_to_a_schema_outside_the_usual_places_is_followed() {
    let text = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /a/{id}:\n    get:\n      responses:\n        '200': {description: d, content: {application/json: {schema: {type: array, items: {$ref: '#/x-models/A'}}}}}\n\
                x-models: {A: {type: string}}\n";
    let validators = Validators::new(Spec::read(Document::parse("s", text).unwrap()).unwrap().document());
    let pointer = "/paths/~1a~1{id}/get/responses/200/content/application~1json/schema";
    assert!(validators.validate(Response, pointer, &json!(["a"])).unwrap().is_empty());
    let found = validators.validate(Response, pointer, &json!([1])).unwrap();
    assert_eq!(found[0].schema_pointer, "/x-models/A/type");
}

#[test]
fn a_reference_to_what_is_no_schema_is_no_silent_pass() {
    for target in
        ["#/components/responses/R", "#/components/schemas/Y/properties", "#/components/schemas/Y/required/1", "#/info"]
    {
        let schemas = format!(
            "    X: {{type: object, properties: {{a: {{$ref: '{target}'}}}}}}\n    Y: {{required: [a, b], properties: {{b: {{type: string}}, a: {{type: string, writeOnly: true}}}}}}\n  \
             responses: {{R: {{description: d, content: {{application/json: {{schema: {{type: string}}}}}}}}}}\n"
        );
        let error = Validators::new(spec(&schemas).document())
            .validate(Response, "/components/schemas/X", &json!({}))
            .unwrap_err();
        assert!(error.message.contains("is no schema"), "{target}: {error}");
    }
}

#[test]
fn a_schema_on_the_network_is_no_silent_pass() {
    for schema in ["{$ref: 'https://example.org/x.json'}", "{properties: {a: {$ref: 'http://example.org/x.yaml#/A'}}}"]
    {
        let validators = Validators::new(spec(&format!("    X: {schema}\n    Y: {{type: string}}\n")).document());
        let error = validators.validate(Response, "/components/schemas/X", &json!({"a": 1})).unwrap_err();
        assert!(error.message.contains("is on the network"), "{error}");
        assert_eq!(validators.validate(Response, "/components/schemas/Y", &json!("y")), Ok(Vec::new()));
    }
}

#[test]
fn a_schema_that_is_nothing_but_a_reference_to_itself_is_no_silent_pass() {
    let error = |schemas: &str| {
        let validators = Validators::new(spec(schemas).document());
        validators.validate(Response, "/components/schemas/X", &json!(1)).err().map(|error| error.message)
    };
    for circle in [
        "    X: {$ref: '#/components/schemas/Y'}\n    Y: {$ref: '#/components/schemas/X'}\n",
        "    X: {$ref: '#/components/schemas/X'}\n",
        "    X: {description: d, allOf: [{$ref: '#/components/schemas/X'}]}\n",
        "    X: {type: object, properties: {a: {$ref: '#/components/schemas/Y'}}}\n    Y: {$ref: '#/components/schemas/Y'}\n",
        "    X: {type: object, properties: {a: {$ref: '#/components/schemas/X/properties/a'}}}\n",
    ] {
        let message = error(circle).unwrap_or_else(|| panic!("{circle} accepts everything"));
        assert!(message.contains("leads back to itself"), "{message}");
    }
    for tree in [
        "    X: {type: integer, properties: {a: {$ref: '#/components/schemas/X'}}}\n",
        "    X: {$ref: '#/components/schemas/Y'}\n    Y: {oneOf: [{type: integer}, {$ref: '#/components/schemas/X'}]}\n",
    ] {
        assert_eq!(error(tree), None, "{tree}");
    }
}
