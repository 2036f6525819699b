//! A request that fails, made as small as it can be while it fails the same way.

use std::iter;

use serde_json::{Value, json};

use super::Probe;
use super::case::{Case, Expects};
use super::draft::{Body, Draft};
use crate::finding::Finding;

impl Probe {
    /// Sends smaller and smaller requests, as long as each still shows the finding and the budget lasts.
    pub(super) async fn shrink(&self, finding: &Finding, case: Case) -> Case {
        let mut smallest = case;
        let mut budget = self.options.shrink_budget;
        'smaller: while let Some(draft) = smallest.draft.clone() {
            for smaller in smaller(&draft) {
                if budget == 0 || self.is_over() {
                    break 'smaller;
                }
                let Some(candidate) = self.alike(&smallest, smaller) else { continue };
                budget -= 1;
                let answer = self.ask(&candidate).await;
                let found = self.judged(&candidate, &answer, None);
                if found.iter().any(|other| other.fingerprint == finding.fingerprint) {
                    smallest = candidate;
                    continue 'smaller;
                }
            }
            break;
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

/// Drafts that are a step smaller, the largest steps first. Each is made when it is asked for: of a large body there are many.
fn smaller(draft: &Draft) -> impl Iterator<Item = Draft> + Send + '_ {
    let body = draft.body.iter().map(|_| draft.with_body(None));
    let parameters = draft.parameters.keys().map(|at| draft.without(*at));
    let members = draft.body.iter().flat_map(|body| match body {
        Body::Value(at, value) => Some(lesser(value).map(|value| draft.with_body(Some(Body::Value(*at, value))))),
        _ => None,
    });
    let values = draft.parameters.iter().flat_map(|(at, value)| lesser(value).map(|value| draft.with(*at, value)));
    body.chain(parameters).chain(members.flatten()).chain(values)
}

/// Values that are a step simpler.
fn lesser(value: &Value) -> Box<dyn Iterator<Item = Value> + Send + '_> {
    match value {
        Value::Object(members) => {
            let none = (members.len() > 2).then(|| json!({}));
            let fewer = members.keys().map(|name| {
                let mut fewer = members.clone();
                fewer.remove(name);
                Value::Object(fewer)
            });
            let simpler = members.iter().flat_map(|(name, member)| {
                lesser(member).map(|simpler| {
                    let mut other = members.clone();
                    other.insert(name.clone(), simpler);
                    Value::Object(other)
                })
            });
            Box::new(none.into_iter().chain(fewer).chain(simpler))
        }
        Value::Array(items) => match items.as_slice() {
            [] => Box::new(iter::empty()),
            [item] => Box::new(lesser(item).map(|simpler| json!([simpler]))),
            [first, ..] => Box::new([json!([]), json!([first])].into_iter()),
        },
        Value::String(text) => {
            let length = text.chars().count();
            let shorter = [0, 1, length / 2].into_iter().filter(move |_| length > 1);
            Box::new(shorter.map(|length| Value::String(text.chars().take(length).collect())))
        }
        Value::Number(number) => {
            let is_simple = number.as_f64().is_none_or(|number| number == 0.0 || number == 1.0);
            Box::new([json!(0), json!(1)].into_iter().filter(move |_| !is_simple))
        }
        Value::Null | Value::Bool(_) => Box::new(iter::empty()),
    }
}
