//! Schemas that lead to one another in chains and circles as long as a document: each is read in a time by its length,
//! and on the stack of a thread.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod fixtures;

use obkit_codegen::lower::lower;
use obkit_codegen::model::{Additional, Kind, TypeRef};
use obkit_codegen::{Note, Spec, lint};
use serde_json::{Map, Value, json};

fn reference(index: usize) -> Value {
    json!({ "$ref": format!("#/components/schemas/S{index}") })
}

/// Schemas by number, where the first travels both ways.
fn document(count: usize, schema: impl Fn(usize) -> Value) -> Spec {
    let schemas: Map<String, Value> = (0..count).map(|index| (format!("S{index}"), schema(index))).collect();
    let content = json!({ "application/json": { "schema": reference(0) } });
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": "T", "version": "1" },
        "paths": { "/a": { "post": {
            "operationId": "send",
            "requestBody": { "required": true, "content": content },
            "responses": { "200": { "description": "Ok", "content": content }, "400": { "description": "Bad" } },
        } } },
        "components": { "schemas": schemas },
    });
    fixtures::read("chains", &document.to_string())
}

/// Schemas of which each holds the next, and the last is text.
fn chain(count: usize, schema: impl Fn(Value) -> Value) -> Spec {
    let last = json!({ "type": "string", "maxLength": 3 });
    document(count, |index| if index + 1 == count { last.clone() } else { schema(reference(index + 1)) })
}

/// Schemas of which each holds the next, and the last the first.
fn ring(count: usize, schema: impl Fn(Value) -> Value) -> Spec {
    document(count, |index| schema(reference((index + 1) % count)))
}

fn rules(notes: &[Note], rule: &str) -> usize {
    notes.iter().filter(|note| note.rule == rule).count()
}

#[test]
fn what_holds_the_next_is_read_however_long_the_chain() {
    let member = |next| json!({ "type": "object", "properties": { "next": next } });
    let items = |next| json!({ "type": "array", "items": next });
    let values = |next| json!({ "type": "object", "additionalProperties": next });
    for spec in [chain(4_000, member), chain(4_000, items), chain(4_000, values), ring(4_000, items)] {
        let lowered = lower(&spec);
        assert_eq!(lowered.model.types.len(), 4_000);
        assert!(rules(&lint(&spec), "recursive-list") <= 1);
    }
}

#[test]
fn what_is_checked_at_the_end_of_a_chain_is_checked() {
    let spec = chain(4_000, |next| json!({ "type": "object", "properties": { "next": next } }));
    let model = lower(&spec).model;
    assert_eq!(model.rules.len(), 4_000);
    assert!(model.operations[0].request.as_ref().unwrap().rules.is_some());
}

#[test]
fn what_takes_in_the_next_is_read_however_long_the_chain() {
    // Each type has the members of all that it takes in, so that a chain of objects costs the square of its length.
    let all_of = |next| json!({ "type": "object", "allOf": [next], "properties": { "a": { "type": "integer" } } });
    assert_eq!(lower(&ring(200, all_of)).model.types.len(), 200);
}

#[test]
fn heirs_of_heirs_cost_no_more_than_their_pairs() {
    let spec = document(120, |index| {
        let base = index.checked_sub(1).map(reference);
        json!({
            "type": "object",
            "discriminator": { "propertyName": "kind" },
            "properties": { "kind": { "type": "string" } },
            "allOf": base.into_iter().collect::<Vec<_>>(),
        })
    });
    let notes = lint(&spec);
    assert_eq!(rules(&notes, "tagged-union"), 119);
    assert_eq!(rules(&notes, "schema-unused"), 0);
}

#[test]
fn unions_that_hold_each_other_have_the_alternatives_of_both() {
    let spec = document(4, |index| match index {
        0 => json!({ "type": "object", "properties": { "a": reference(1), "b": reference(3) } }),
        1 => json!({ "oneOf": [reference(2), { "type": "string" }] }),
        2 => json!({ "oneOf": [reference(1), { "type": "integer" }] }),
        _ => json!({ "anyOf": [reference(3), { "type": "string" }, { "type": "boolean" }] }),
    });
    let lowered = lower(&spec);
    let variants = |name: &str| -> Vec<String> {
        let def = lowered.model.types.iter().find(|def| def.name == name).unwrap();
        let obkit_codegen::model::Kind::Union { variants, .. } = &def.kind else { panic!("{def:?}") };
        variants.iter().map(|variant| variant.ident.clone()).collect()
    };
    assert_eq!(variants("S1"), ["Number", "Text"]);
    assert_eq!(variants("S2"), ["Text", "Number"]);
    assert_eq!(variants("S3"), ["Text", "Bool"]);
    assert_eq!(rules(&lowered.notes, "union-merged"), 3);
}

/// Pairs of which both hold the next pair as the same member.
fn pairs(count: usize, next: impl Fn(usize) -> usize) -> Spec {
    document(2 * count + 1, |index| match index.checked_sub(1) {
        None => json!({ "allOf": [reference(1), reference(2)] }),
        Some(index) => {
            let held = reference(2 * next(index / 2) + 1 + index % 2);
            json!({ "type": "object", "properties": { "n": held, format!("own{}", index % 2): { "type": "string" } } })
        }
    })
}

#[test]
fn a_member_that_two_schemas_describe_as_themselves_is_one_type() {
    let spec = pairs(1, |_| 0);
    let lowered = lower(&spec);
    let kind = |name: &str| lowered.model.types.iter().find(|def| def.name == name).map(|def| &def.kind);
    let Some(Kind::Struct { fields, .. }) = kind("S1N") else { panic!("{:?}", lowered.model.types) };
    let of: Vec<_> = fields.iter().map(|field| (field.wire.as_str(), &field.ty, field.boxed)).collect();
    let (itself, text) = (TypeRef::Named("S1N".to_owned()), TypeRef::String);
    assert_eq!(of, [("n", &itself, true), ("own0", &text, false), ("own1", &text, false)]);
    assert_eq!(rules(&lowered.notes, "untyped-schema"), 0);
}

#[test]
fn members_that_two_schemas_describe_end_where_they_are_too_deep_and_that_is_said() {
    let last = 1_000;
    let lowered = lower(&pairs(last + 1, |index| (index + 1).min(last)));
    assert_eq!(rules(&lowered.notes, "untyped-schema"), 1);
}

#[test]
fn members_that_too_many_ways_lead_to_are_left_out_and_that_is_said() {
    let ways = |levels: usize| {
        document(levels, |index| {
            let next = if index + 1 == levels { json!({ "type": "object" }) } else { reference(index + 1) };
            let member = format!("own{index}");
            let members = json!({ "properties": { member: { "type": "string" } } });
            json!({ "type": "object", "allOf": [members, { "allOf": [next.clone()] }, { "allOf": [next] }] })
        })
    };
    let additional = |spec: &Spec| {
        let lowered = lower(spec);
        let def = lowered.model.types.iter().find(|def| def.name == "S0").unwrap();
        let Kind::Struct { additional, .. } = &def.kind else { panic!("{def:?}") };
        (additional.clone(), rules(&lowered.notes, "constraint-not-held"))
    };
    assert_eq!(additional(&ways(4)), (Additional::Undeclared, 0));
    let (beside, said) = additional(&ways(14));
    assert_eq!(beside, Additional::Of(TypeRef::Json));
    assert!(said >= 1);
}
