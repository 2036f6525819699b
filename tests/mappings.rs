//! What holds of every mapping, on the providers' own documented examples.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "mappings/mod.rs"]
mod all;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use all::{MAPPINGS, Mapping, examples};
use proptest::prelude::*;
use serde_json::Value;

/// Every mapping with each example of its operation.
static CASES: LazyLock<Vec<(Mapping, Value)>> = LazyLock::new(|| {
    let cases = |mapping: &Mapping| -> Vec<_> {
        examples(mapping.provider, mapping.operation).into_iter().map(|example| (*mapping, example)).collect()
    };
    MAPPINGS.iter().flat_map(cases).collect()
});

#[test]
fn the_mapped_examples_are_reviewed() {
    let mut providers: BTreeMap<_, BTreeMap<_, Vec<_>>> = BTreeMap::new();
    for (mapping, example) in &*CASES {
        let value = (mapping.map)(&example.to_string()).expect("an example decodes");
        let value = value.unwrap_or_else(|error| panic!("{}: {error}", mapping.operation));
        providers.entry(mapping.provider).or_default().entry(mapping.operation).or_default().push(value);
    }
    let mapped: usize = providers.values().map(BTreeMap::len).sum();
    assert_eq!(mapped, MAPPINGS.len(), "every mapping has an example");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots/domain/mapped");
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| {
        for (provider, operations) in &providers {
            insta::assert_json_snapshot!(*provider, operations);
        }
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
        "-?[0-9]{1,5}(\\.[0-9]{1,3})?".prop_map(Value::from),
        "[A-Z]{3}".prop_map(Value::from),
        "20[0-9]{2}-[01][0-9]-[0-3][0-9](T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](Z|[+-][01][0-9]:?00)?)?"
            .prop_map(Value::from),
    ]
}

/// What happens to a place of an example.
#[derive(Clone, Debug)]
enum Mutation {
    /// It becomes another scalar.
    Replace(Value),
    /// It is left out.
    Remove,
}

fn mutation() -> impl Strategy<Value = Mutation> {
    prop_oneof![4 => scalar().prop_map(Mutation::Replace), 1 => Just(Mutation::Remove)]
}

fn leaves(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(leaves).sum(),
        Value::Object(members) => members.values().map(leaves).sum(),
        _ => 1,
    }
}

/// Mutates the leaf that `at` counts to.
fn mutate(value: &mut Value, at: &mut usize, mutation: &Mutation) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| mutate(item, at, mutation)),
        Value::Object(members) => {
            let mut hit = None;
            for (name, member) in members.iter_mut() {
                let is_leaf = !member.is_array() && !member.is_object();
                if is_leaf && *at == 0 {
                    hit = Some(name.clone());
                }
                mutate(member, at, mutation);
            }
            if let (Some(name), Mutation::Remove) = (hit, mutation) {
                members.remove(&name);
            }
        }
        leaf => {
            if let (0, Mutation::Replace(with)) = (*at, mutation) {
                *leaf = with.clone();
            }
            *at = at.wrapping_sub(1);
        }
    }
}

/// Every amount that has a direction beside it, anywhere in a domain value.
fn directed_amounts<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| directed_amounts(item, found)),
        Value::Object(members) => {
            if members.contains_key("direction") {
                found.extend(value["amount"]["amount"].as_str());
            }
            members.values().for_each(|member| directed_amounts(member, found));
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    /// Whatever still decodes maps, or gives an error that names a field and shows no value; it never panics. What has a
    /// direction is never negative.
    #[test]
    fn a_mapping_is_total(case in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), mutation in mutation()) {
        let (mapping, example) = case.get(&CASES);
        let mut json = example.clone();
        mutate(&mut json, &mut at.index(leaves(example).max(1)), &mutation);
        match (mapping.map)(&json.to_string()) {
            None => {}
            Some(Ok(value)) => {
                let mut amounts = Vec::new();
                directed_amounts(&value, &mut amounts);
                prop_assert!(amounts.iter().all(|amount| !amount.starts_with('-')), "{}: {amounts:?}", mapping.operation);
            }
            Some(Err(error)) => {
                prop_assert_eq!(error.provider, mapping.provider);
                prop_assert!(!error.field.is_empty(), "{}", error);
                if let Mutation::Replace(Value::String(text)) = &mutation {
                    prop_assert!(text.len() < 8 || !error.to_string().contains(text), "a value is shown: {}", error);
                }
            }
        }
    }
}

#[test]
fn each_leaf_of_each_example_is_mutated() {
    // The property above proves nothing when its mutations miss.
    for (mapping, example) in &*CASES {
        for leaf in 0..leaves(example) {
            let mut json = example.clone();
            mutate(&mut json, &mut leaf.clone(), &Mutation::Replace("\u{1}".into()));
            assert_ne!(json, *example, "{}", mapping.operation);
            let _ = (mapping.map)(&json.to_string());
        }
    }
}
