//! The requests of a phase to an operation.

use std::collections::BTreeSet;

use obkit_codegen::spec::{Location, Operation, Parameter};
use serde_json::Value;

use super::case::{Case, Expects};
use super::credentials::Presents;
use super::draft::{Body, Draft};
use super::options::Phase;
use super::stock::Stocks;
use crate::contract::Contract;
use crate::exchange::Request;
use crate::generate::{Mutant, SplitMix};

/// Methods that are tried where a path does not document them.
const METHODS: [&str; 5] = ["GET", "PUT", "POST", "PATCH", "DELETE"];

/// A media type that no document has.
const FOREIGN: &str = "application/x-obkit-foreign";

/// Makes the requests.
pub(super) struct Plan<'p> {
    pub(super) contract: &'p Contract,
    pub(super) stocks: &'p Stocks,
    pub(super) seed: u64,
    pub(super) fuzz_cases: usize,
    /// Whether there are credentials to be replaced by wrong ones.
    pub(super) has_credentials: bool,
}

impl Plan<'_> {
    /// The requests of a phase to an operation, each once.
    ///
    /// # Errors
    /// No request of the operation can be made; why.
    pub(super) fn cases(&self, phase: Phase, operation: usize) -> Result<Vec<Case>, String> {
        let mut cases = match phase {
            Phase::Examples => self.examples(operation)?,
            Phase::Coverage => self.coverage(operation)?,
            Phase::Fuzz => self.fuzz(operation)?,
            Phase::Stateful => Vec::new(),
        };
        let mut seen = BTreeSet::new();
        cases.retain(|case| {
            let Request { method, path, query, headers, body } = &case.request;
            seen.insert(format!("{method} {path}?{query:?} {headers:?} {:?} {body:?}", case.presents))
        });
        Ok(cases)
    }

    fn operation(&self, operation: usize) -> Result<&Operation, String> {
        self.contract.spec().operations().get(operation).ok_or_else(|| "there is no such operation".to_owned())
    }

    /// What is required, as simple as it can be.
    pub(super) fn base(&self, index: usize) -> Result<Draft, String> {
        let operation = self.operation(index)?;
        let mut draft = Draft { operation: index, parameters: Default::default(), body: None };
        for (at, parameter) in parameters(operation).filter(|(_, parameter)| parameter.required) {
            let value = self.stocks.usual(self.contract, parameter).ok_or_else(|| {
                format!("no value is found for the {} parameter `{}`", parameter.location.as_str(), parameter.name)
            })?;
            draft.parameters.insert(at, value);
        }
        if let Some(request) = operation.request.as_ref().filter(|request| request.required) {
            let preferred = request.preferred().map(|content| &content.pointer);
            let content = request.content.iter().enumerate().find(|(_, content)| Some(&content.pointer) == preferred);
            if let Some((at, content)) = content {
                draft.body = Some(Body::Value(at, self.stocks.usual_body(self.contract, content)?));
            }
        }
        Ok(draft)
    }

    /// Documented examples: each body, with the examples of all parameters and with those of the required ones.
    fn examples(&self, index: usize) -> Result<Vec<Case>, String> {
        let operation = self.operation(index)?;
        let base = self.base(index)?;
        let mut whole = base.clone();
        let shown = parameters(operation).filter_map(|(at, parameter)| Some((at, parameter.example.clone()?)));
        whole.parameters.extend(shown);
        let contents = operation.request.iter().flat_map(|request| request.content.iter().enumerate());
        let bodies: Vec<Body> = contents
            .flat_map(|(at, content)| {
                content.examples.iter().map(move |example| Body::Value(at, example.value.clone()))
            })
            .collect();
        let mut drafts = Vec::new();
        for draft in [&base, &whole] {
            drafts.extend(bodies.iter().map(|body| draft.with_body(Some(body.clone()))));
        }
        if bodies.is_empty() && whole != base {
            drafts.push(whole);
        }
        Ok(drafts.into_iter().filter_map(|draft| Case::valid(self.contract, Phase::Examples, draft)).collect())
    }

    fn coverage(&self, index: usize) -> Result<Vec<Case>, String> {
        let operation = self.operation(index)?;
        let base = self.base(index)?;
        let first = Case::valid(self.contract, Phase::Coverage, base.clone())
            .ok_or("what was made of its schemas is refused by the document")?;
        let mut cases = vec![first.clone()];
        cases.extend(self.right(operation, &base));
        cases.extend(self.wrong(operation, &base));
        cases.extend(self.credentials(operation, &first));
        cases.extend(self.methods(operation, &first));
        Ok(cases)
    }

    /// Every value of every parameter and body, with the rest as simple as it can be; and everything together.
    fn right(&self, operation: &Operation, base: &Draft) -> Vec<Case> {
        let mut drafts = Vec::new();
        let mut whole = base.clone();
        for (at, parameter) in parameters(operation) {
            let usual = self.stocks.usual(self.contract, parameter);
            if let Some(value) = &usual {
                whole.parameters.entry(at).or_insert_with(|| value.clone());
            }
            drafts.extend(usual.map(|value| base.with(at, value)));
            if let Some(schema) = &parameter.schema {
                let slot = self.stocks.of(self.contract, schema);
                drafts.extend(
                    slot.get().into_iter().flat_map(|stock| stock.valid()).map(|value| base.with(at, value.clone())),
                );
            }
        }
        drafts.push(whole.clone());
        if let Some(request) = &operation.request {
            if !request.required {
                drafts.push(base.with_body(None));
            }
            for (at, content) in request.content.iter().enumerate() {
                let usual = self.stocks.usual_body(self.contract, content);
                drafts.extend(usual.map(|value| base.with_body(Some(Body::Value(at, value)))));
                let Some(schema) = &content.schema else { continue };
                let slot = self.stocks.of(self.contract, schema);
                let values: Vec<&Value> = slot.get().into_iter().flat_map(|stock| stock.valid()).collect();
                let body = |value: &&Value| Some(Body::Value(at, (*value).clone()));
                drafts.extend(values.iter().map(|value| base.with_body(body(value))));
                drafts.extend(values.iter().take(2).map(|value| whole.with_body(body(value))));
            }
        }
        drafts.into_iter().filter_map(|draft| Case::valid(self.contract, Phase::Coverage, draft)).collect()
    }

    /// Every keyword broken once.
    fn wrong(&self, operation: &Operation, base: &Draft) -> Vec<Case> {
        let mut cases = Vec::new();
        for (at, parameter) in parameters(operation) {
            cases.extend(self.missing(parameter, at, base));
            cases.extend(self.mutants(Phase::Coverage, parameter, at, base));
        }
        let Some(request) = &operation.request else { return cases };
        let broken = |body: Option<Body>, keyword: &str, pointer: &str| {
            Case::broken(self.contract, Phase::Coverage, base.with_body(body), keyword, pointer, None)
        };
        if request.required {
            cases.extend(broken(None, "required", &request.pointer));
        }
        let foreign = Body::Bytes(FOREIGN.to_owned(), b"obkit".to_vec());
        cases.extend(broken(Some(foreign), "media-type", &format!("{}/content", request.pointer)));
        for (at, content) in request.content.iter().enumerate() {
            if content.is_json() {
                let torn = Body::Bytes(super::draft::concrete(&content.media_type), b"{\"obkit\":".to_vec());
                cases.extend(broken(Some(torn), "json", &content.pointer));
            }
            cases.extend(self.body_mutants(Phase::Coverage, operation, at, base));
        }
        cases
    }

    fn missing(&self, parameter: &Parameter, at: usize, base: &Draft) -> Option<Case> {
        if !parameter.required || parameter.location == Location::Path {
            return None;
        }
        let draft = base.without(at);
        let case = Case::broken(self.contract, Phase::Coverage, draft, "required", &parameter.pointer, None)?;
        let (name, pointer) = (parameter.name.clone(), parameter.pointer.clone());
        Some(match parameter.location {
            Location::Header => case.expecting(Expects::RefusalOfHeader { name, pointer }),
            _ => case,
        })
    }

    fn mutants(&self, phase: Phase, parameter: &Parameter, at: usize, base: &Draft) -> Vec<Case> {
        let Some(schema) = &parameter.schema else { return Vec::new() };
        let slot = self.stocks.of(self.contract, schema);
        let mutants = slot.get().into_iter().flat_map(|stock| &stock.mutants);
        let case = |mutant: &Mutant, value: Value| {
            let (keyword, pointer) = (&mutant.keyword, &mutant.schema_pointer);
            Case::broken(self.contract, phase, base.with(at, value), keyword, pointer, None)
        };
        mutants
            .filter_map(|mutant| {
                case(mutant, mutant.value.clone()).or_else(|| case(mutant, visible(parameter, &mutant.value)?))
            })
            .collect()
    }

    fn body_mutants(&self, phase: Phase, operation: &Operation, at: usize, base: &Draft) -> Vec<Case> {
        let content = operation.request.as_ref().and_then(|request| request.content.get(at));
        let Some(schema) = content.and_then(|content| content.schema.as_ref()) else { return Vec::new() };
        let slot = self.stocks.of(self.contract, schema);
        let mutants = slot.get().into_iter().flat_map(|stock| &stock.mutants);
        mutants
            .filter_map(|mutant| {
                let draft = base.with_body(Some(Body::Value(at, mutant.value.clone())));
                let instance = Some(mutant.instance_pointer.as_str());
                Case::broken(self.contract, phase, draft, &mutant.keyword, &mutant.schema_pointer, instance)
            })
            .collect()
    }

    /// The right request without credentials, and with wrong ones.
    fn credentials(&self, operation: &Operation, first: &Case) -> Vec<Case> {
        if operation.security.is_empty() || operation.security.iter().any(Vec::is_empty) {
            return Vec::new();
        }
        let case = |presents| first.clone().expecting(Expects::RefusalOfCredentials).presenting(presents);
        let wrong = self.has_credentials.then(|| case(Presents::Wrong));
        std::iter::once(case(Presents::Nothing)).chain(wrong).collect()
    }

    /// Methods that the path does not have; asked once for each path.
    fn methods(&self, operation: &Operation, first: &Case) -> Vec<Case> {
        let same: Vec<_> =
            self.contract.spec().operations().iter().filter(|other| other.path == operation.path).collect();
        if same.first().is_none_or(|other| other.id != operation.id) {
            return Vec::new();
        }
        let missing = METHODS.iter().filter(|method| !same.iter().any(|other| other.method == **method));
        missing
            .map(|method| {
                let path = first.request.path.clone();
                let request = Request { method: (*method).to_owned(), path, ..Request::default() };
                Case::plain(Phase::Coverage, first.operation, Expects::RefusalOfMethod, request)
            })
            // What another template documents for this very path is not asked for.
            .filter(|case| crate::exchange::check(self.contract, &case.request).operation.is_none())
            .collect()
    }

    /// Requests by chance.
    fn fuzz(&self, index: usize) -> Result<Vec<Case>, String> {
        let operation = self.operation(index)?;
        let base = self.base(index)?;
        let mut chance = SplitMix(self.seed.wrapping_add(1).wrapping_mul(0x9e37_79b9).wrapping_add(index as u64));
        let broken: Vec<Case> = {
            let own = parameters(operation).flat_map(|(at, parameter)| self.mutants(Phase::Fuzz, parameter, at, &base));
            let contents = operation.request.iter().flat_map(|request| 0..request.content.len());
            own.chain(contents.flat_map(|at| self.body_mutants(Phase::Fuzz, operation, at, &base))).collect()
        };
        let mut cases = Vec::new();
        for round in 0..self.fuzz_cases {
            let mut draft = self.drawn(operation, &base, &mut chance);
            if round % 2 == 0 || broken.is_empty() {
                cases.extend(Case::valid(self.contract, Phase::Fuzz, draft));
                continue;
            }
            // The rest of a broken request is drawn, too.
            let Some(case) = pick(&broken, &mut chance) else { continue };
            let (Some(broken), Expects::Refusal { keyword, pointer, instance, .. }) = (&case.draft, &case.expects)
            else {
                continue;
            };
            for (at, value) in &broken.parameters {
                if base.parameters.get(at) != Some(value) {
                    draft.parameters.insert(*at, value.clone());
                }
            }
            if broken.body != base.body {
                draft.body.clone_from(&broken.body);
            }
            let instance = instance.as_deref();
            cases.extend(Case::broken(self.contract, Phase::Fuzz, draft, keyword, pointer, instance));
        }
        Ok(cases)
    }

    fn drawn(&self, operation: &Operation, base: &Draft, chance: &mut SplitMix) -> Draft {
        let mut draft = base.clone();
        for (at, parameter) in parameters(operation) {
            if !parameter.required && chance.next().is_multiple_of(2) {
                continue;
            }
            let Some(schema) = &parameter.schema else { continue };
            let slot = self.stocks.of(self.contract, schema);
            let value = slot.get().and_then(|stock| pick(&stock.random, chance)).cloned();
            // Ids by chance are those of nothing: a path variable stays what it usually is, most of the time.
            if let Some(value) =
                value.filter(|_| parameter.location != Location::Path || chance.next().is_multiple_of(4))
            {
                draft.parameters.insert(at, value);
            }
        }
        let Some(request) = &operation.request else { return draft };
        if !request.required && chance.next().is_multiple_of(4) {
            return draft;
        }
        let contents: Vec<usize> = (0..request.content.len()).collect();
        let Some(at) = pick(&contents, chance).copied() else { return draft };
        if let Some(schema) = request.content.get(at).and_then(|content| content.schema.as_ref()) {
            let slot = self.stocks.of(self.contract, schema);
            if let Some(value) = slot.get().and_then(|stock| pick(&stock.random, chance)) {
                draft.body = Some(Body::Value(at, value.clone()));
            }
        }
        draft
    }
}

/// A text that breaks a header field's schema, in characters that a header field has.
fn visible(parameter: &Parameter, value: &Value) -> Option<Value> {
    let text = value.as_str().filter(|_| parameter.location == Location::Header)?;
    let plain: String = text.chars().map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '~' }).collect();
    Some(Value::String(plain.trim().to_owned()))
}

/// The parameters that a caller gives, with their index.
pub(super) fn parameters(operation: &Operation) -> impl Iterator<Item = (usize, &Parameter)> {
    operation.parameters.iter().enumerate().filter(|(_, parameter)| parameter.is_argument())
}

fn pick<'v, T>(values: &'v [T], chance: &mut SplitMix) -> Option<&'v T> {
    let count = u32::try_from(values.len()).ok().filter(|count| *count > 0)?;
    values.get((chance.next() % count) as usize)
}
