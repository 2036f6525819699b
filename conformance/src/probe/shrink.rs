//! A request that fails, made as small as it can be while it fails the same way.

use serde_json::{Map, Value, json};

use super::Probe;
use super::case::{Case, Expects};
use super::draft::{Body, Draft};
use crate::finding::Finding;

impl Probe {
    /// Sends smaller and smaller requests, as long as each still shows the finding and the budget lasts.
    pub(super) async fn shrink(&self, finding: &Finding, case: Case) -> Case {
        let mut smallest = case;
        let mut budget = self.options.shrink_budget;
        let mut at = 0;
        while budget > 0 && !self.is_over() {
            let Some(draft) = &smallest.draft else { break };
            let Some(smaller) = smaller(draft).nth(at) else { break };
            at += 1;
            let Some(candidate) = self.alike(&smallest, smaller) else { continue };
            budget -= 1;
            let answer = self.ask(&candidate).await;
            let found = self.judged(&candidate, &answer, None);
            if found.iter().any(|other| other.fingerprint == finding.fingerprint) {
                smallest = candidate;
                at = 0;
            }
        }
        smallest
    }

    /// The case of another draft, if the document says the same of both.
    fn alike(&self, case: &Case, draft: Draft) -> Option<Case> {
        let contract = &self.contract;
        let made = match &case.expects {
            Expects::Acceptance | Expects::Found => Case::valid(contract, case.phase, draft)?,
            Expects::Refusal { keyword, pointer, instance, message } => {
                let instance = instance.as_deref();
                let made = Case::broken(contract, case.phase, draft, keyword, pointer, instance)?;
                let same = matches!(&made.expects, Expects::Refusal { message: other, .. } if other == message);
                same.then_some(made)?
            }
            Expects::RefusalOfHeader { pointer, .. } => {
                Case::broken(contract, case.phase, draft, "required", pointer, None)?
            }
            Expects::RefusalOfCredentials => Case::valid(contract, case.phase, draft)?,
            Expects::RefusalOfMethod | Expects::Gone => return None,
        };
        let before = case.before.clone();
        Some(Case { before, ..made.expecting(case.expects.clone()).presenting(case.presents) })
    }
}

/// Drafts that are a step smaller, the largest steps first.
fn smaller(draft: &Draft) -> impl Iterator<Item = Draft> + '_ {
    let body = draft.body.iter().map(|_| draft.with_body(None));
    let parameters = draft.parameters.keys().map(|at| draft.without(*at));
    let members = match &draft.body {
        Some(Body::Value(at, value)) => {
            lesser(value).into_iter().map(|value| draft.with_body(Some(Body::Value(*at, value)))).collect()
        }
        _ => Vec::new(),
    };
    let values =
        draft.parameters.iter().flat_map(|(at, value)| lesser(value).into_iter().map(|value| draft.with(*at, value)));
    body.chain(parameters).chain(members).chain(values)
}

/// Values that are a step simpler.
fn lesser(value: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    match value {
        Value::Object(members) => {
            let required = Map::new();
            if members.len() > 2 {
                found.push(Value::Object(required));
            }
            for name in members.keys() {
                let mut less = members.clone();
                less.remove(name);
                found.push(Value::Object(less));
            }
            for (name, member) in members {
                found.extend(lesser(member).into_iter().map(|simpler| {
                    let mut other = members.clone();
                    other.insert(name.clone(), simpler);
                    Value::Object(other)
                }));
            }
        }
        Value::Array(items) => {
            if items.len() > 1 {
                found.extend([json!([]), json!([items[0]])]);
            }
            if let [item] = items.as_slice() {
                found.extend(lesser(item).into_iter().map(|simpler| json!([simpler])));
            }
        }
        Value::String(text) if text.chars().count() > 1 => {
            found.push(json!(""));
            found.push(json!(text.chars().take(1).collect::<String>()));
            found.push(json!(text.chars().take(text.chars().count() / 2).collect::<String>()));
        }
        Value::Number(number) if number.as_f64().is_some_and(|number| number != 0.0 && number != 1.0) => {
            found.extend([json!(0), json!(1)]);
        }
        _ => {}
    }
    found
}
