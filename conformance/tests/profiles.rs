//! Profiles: which of them refuse what, and what holds between them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::path::Path;

use obkit_codegen::{Document, Providers, Spec};
use obkit_conformance::contract::concrete_status;
use obkit_conformance::generate::Generator;
use obkit_conformance::typed_client::Part;
use obkit_conformance::workspace::client;
use obkit_conformance::{Contract, Direction, Profile, Profiles, payload};
use serde_json::{Value, json};

const SPEC: &str = "\
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /x:
    post:
      operationId: x
      responses:
        '200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Account'}}}}
components:
  schemas:
    Account:
      type: object
      required: [id]
      properties:
        id: {type: string, maxLength: 4}
        kind: {type: string, enum: [current, savings]}
        opened: {type: string, format: date}
        owner: {$ref: '#/components/schemas/Owner'}
        names: {type: object, additionalProperties: {type: string}}
        open: {type: object, properties: {a: {}}, additionalProperties: true}
        any: {type: object}
        closed: {type: object, properties: {a: {}}, additionalProperties: false}
        fee: {oneOf: [{$ref: '#/components/schemas/Fixed'}, {$ref: '#/components/schemas/Rate'}]}
        tagged: {type: object, patternProperties: {'^x-': {type: string}}}
        list: {type: array, items: {type: integer}}
    Owner:
      allOf:
        - {type: object, properties: {name: {type: string}}}
        - {type: object, required: [name], properties: {born: {type: string}}}
    Fixed: {type: object, required: [kind, amount], properties: {kind: {const: fixed}, amount: {type: string}}}
    Rate: {type: object, required: [kind, percent], properties: {kind: {const: rate}, percent: {type: number, maximum: 100}}}
";

fn contract(text: &str) -> Contract {
    Contract::new("t", Spec::read(Document::parse("s.yaml", text).unwrap()).unwrap())
}

fn refused_by(contract: &Contract, value: &Value) -> Vec<&'static str> {
    let check = contract.validators().check(Direction::Response, "/components/schemas/Account").unwrap();
    check.judge(value).refused_by().into_iter().map(Profile::as_str).collect()
}

#[test]
fn profiles_disagree_where_a_document_leaves_it_open() {
    let contract = contract(SPEC);
    let (everybody, strict, closed) = (["lenient", "strict", "closed"], ["strict", "closed"], ["closed"]);
    let nobody: [&str; 0] = [];
    for (expected, member) in [
        (&nobody[..], json!({"kind": "current", "opened": "2026-01-31", "owner": {"name": "a", "born": "b"}})),
        (&nobody, json!({"names": {"de": "a"}, "any": {"x": [1]}, "tagged": {"x-a": "b"}})),
        // What a tolerant reader takes.
        (&strict, json!({"kind": "loan"})),
        (&strict, json!({"opened": "yesterday"})),
        (&strict, json!({"id": "too long"})),
        (&strict, json!({"closed": {"b": 1}})),
        (&strict, json!({"kind": null})),
        // What it cannot read.
        (&everybody, json!({"kind": 7})),
        (&everybody, json!({"id": null})),
        (&everybody, json!({"owner": {"name": null}})),
        (&everybody, json!({"owner": {}})),
        (&everybody, json!({"list": [null]})),
        (&everybody, json!({"list": ["1"]})),
        // Alternatives: one that nobody listed, one that is read with liberties, one that is not read, none at all.
        (&nobody, json!({"fee": {"kind": "rate", "percent": 1}})),
        (&strict, json!({"fee": {"kind": "stepped", "steps": []}})),
        (&strict, json!({"fee": {"kind": "rate", "percent": 101}})),
        (&everybody, json!({"fee": {"kind": "rate", "percent": "1"}})),
        (&everybody, json!({"fee": {"kind": "rate"}})),
        (&everybody, json!({"fee": {"kind": "rate", "percent": null}})),
        (&everybody, json!({"fee": "free"})),
        // What nobody has been told of.
        (&closed, json!({"colour": "red"})),
        (&closed, json!({"owner": {"name": "a", "age": 7}})),
        (&closed, json!({"open": {"b": 1}})),
        (&closed, json!({"fee": {"kind": "rate", "percent": 1, "amount": "1"}})),
        (&closed, json!({"tagged": {"y": "b"}})),
    ] {
        let mut value = json!({"id": "1"});
        value.as_object_mut().unwrap().extend(member.as_object().unwrap().clone());
        assert_eq!(refused_by(&contract, &value), expected, "{value}");
    }
}

/// What else is missing has nothing to do with a null that may be absent.
#[test]
fn a_null_is_minded_for_its_own_sake() {
    let contract = contract(SPEC);
    let check = contract.validators().check(Direction::Response, "/components/schemas/Account").unwrap();
    let judgement = check.judge(&json!({"kind": null, "owner": {"name": null}}));
    let mut lenient: Vec<_> =
        judgement.violations(Profile::Lenient).map(|one| (&*one.keyword, &*one.instance_path)).collect();
    lenient.sort_unstable();
    assert_eq!(lenient, [("required", ""), ("type", "/owner/name")]);
}

#[test]
fn what_a_schema_forbids_is_not_said_twice() {
    let contract = contract(SPEC);
    let check = contract.validators().check(Direction::Response, "/components/schemas/Account").unwrap();
    let judgement = check.judge(&json!({"id": "1", "closed": {"b": 1}}));
    let keywords: Vec<_> = judgement.violations(Profile::Closed).map(|violation| violation.keyword.as_str()).collect();
    assert_eq!(keywords, ["additionalProperties"]);
}

#[test]
fn a_name_that_may_be_a_number_of_an_account_is_not_told() {
    let contract = contract(SPEC);
    let check = contract.validators().check(Direction::Response, "/components/schemas/Account").unwrap();
    let judgement = check.judge(&json!({"id": "1", "owner": {"name": "a", "DE89370400440532013000": 1}}));
    assert!(!format!("{judgement:?}").contains("8937"), "{judgement:?}");
    assert_eq!(judgement.violations(Profile::Closed).next().unwrap().instance_path, "/owner");
}

/// A child of a base with a discriminator is one where the base is asked for.
#[test]
fn a_tag_names_the_schema_whose_members_are_declared() {
    let contract = contract(
        "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n    Account:\n      type: object\n      \
         discriminator: {propertyName: kind}\n      properties: {kind: {type: string}}\n    Loan:\n      allOf:\n        - $ref: \
         '#/components/schemas/Account'\n        - {type: object, properties: {rate: {type: number}}}\n",
    );
    assert!(refused_by(&contract, &json!({"kind": "Loan", "rate": 1})).is_empty());
    assert_eq!(refused_by(&contract, &json!({"kind": "Loan", "rates": 1})), ["closed"]);
    assert_eq!(refused_by(&contract, &json!({"kind": "Account", "rate": 1})), ["closed"]);
}

#[test]
fn the_verdicts_of_all_profiles_say_who_refuses() {
    let contract = contract(SPEC);
    let lines = [
        json!({"kind": "response", "op": "x", "status": 200, "value": {"id": "1"}}),
        json!({"kind": "response", "op": "x", "status": 200, "value": {"id": "1", "kind": "loan", "colour": 1}}),
        json!({"kind": "response", "op": "x", "status": 418, "value": {}}),
    ];
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let verdicts = |profile: &str| {
        let mut out = Vec::new();
        let mut rules = Vec::new();
        let mut report = |finding: obkit_conformance::Finding| rules.push(finding.rule.to_string());
        payload::validate_reporting(&contract, profile.parse().unwrap(), text.as_bytes(), &mut out, &mut report)
            .unwrap();
        let text = String::from_utf8(out).unwrap();
        (text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>(), rules)
    };
    let (all, rules) = verdicts("all");
    assert_eq!(all[0], json!({"line": 1, "valid": true}));
    assert_eq!((&all[1]["valid"], &all[1]["refused_by"]), (&json!(false), &json!(["strict", "closed"])));
    let errors: Vec<_> =
        all[1]["errors"].as_array().unwrap().iter().map(|error| (&error["keyword"], &error["refused_by"])).collect();
    assert_eq!(errors, [(&json!("enum"), &json!(["strict", "closed"])), (&json!("undeclared"), &json!(["closed"]))]);
    assert_eq!(all[2]["refused_by"], json!(["lenient", "strict", "closed"]));
    assert_eq!(rules, ["RT030/enum", "RT033/property", "RT010"]);

    let valid = |profile: &str| verdicts(profile).0.iter().map(|verdict| verdict["valid"] == true).collect::<Vec<_>>();
    assert_eq!(valid("strict"), [true, false, false]);
    assert_eq!(valid("lenient"), [true, true, false]);
    assert_eq!(verdicts("strict").0[1]["errors"].as_array().unwrap().len(), 1);
    assert_eq!(verdicts("closed").0[1]["errors"].as_array().unwrap().len(), 2);
    let mut plain = Vec::new();
    payload::validate(&contract, text.as_bytes(), &mut plain).unwrap();
    assert_eq!(plain.len(), verdicts("strict").0.iter().map(|verdict| verdict.to_string().len() + 1).sum::<usize>());
    assert!(!String::from_utf8(plain).unwrap().contains("refused_by"), "one profile needs not to be named");
    assert!("loose".parse::<Profiles>().is_err());
}

/// Over every mutant of every answer of a provider: strict is what validation says, each profile refuses what the one before it refuses, and
/// what a tolerant reader takes the generated client reads.
#[test]
fn what_the_lenient_profile_takes_the_generated_client_reads() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let providers = Providers::load(&root).unwrap();
    let (mut taken, mut refused) = (0, 0);
    for row in providers.select(&["fena".to_owned(), "wych".to_owned()]).unwrap() {
        let spec = Spec::read(providers.document(row).unwrap()).unwrap();
        let contract = Contract::new(row.name.as_str(), spec);
        let client = client(&row.name, "http://127.0.0.1:9").unwrap();
        for operation in contract.spec().operations() {
            for response in &operation.responses {
                let content = response.content.iter().find(|content| content.is_json());
                let Some(schema) = content.and_then(|content| content.schema.as_deref()) else { continue };
                let check = contract.validators().check(Direction::Response, schema).unwrap();
                let made = Generator::new(&contract, Direction::Response, schema).unwrap().mutants(1).unwrap();
                let part = Part::Response(concrete_status(operation, response.status));
                for mutant in made.mutants {
                    let judgement = check.judge(&mutant.value);
                    let strict: Vec<_> = judgement.violations(Profile::Strict).cloned().collect();
                    assert_eq!(strict, check.violations(&mutant.value));
                    assert!(!strict.is_empty());
                    if judgement.refused_by().contains(&Profile::Lenient) {
                        refused += 1;
                        continue;
                    }
                    taken += 1;
                    let read = client.round_trip(&operation.id, part, &mutant.value.to_string()).unwrap();
                    assert!(read.is_ok(), "{} {}: {read:?}: {judgement:#?}", operation.id, mutant.keyword);
                }
            }
        }
    }
    assert!(taken > 100 && refused > 100, "{taken} taken, {refused} refused");
}
