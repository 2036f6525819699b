//! The requests of a phase to an operation.
//!
//! What they are made of is decided at once, and costs little; each is written and judged when it is its turn, which is most of the work. At
//! any time, no more is in memory than the requests of the operations that are being probed.

use std::sync::Arc;

use obkit_codegen::spec::{Location, Operation, Parameter};
use serde_json::Value;

use super::case::{Case, Expects};
use super::credentials::Presents;
use super::draft::{Body, Draft};
use super::options::Phase;
use super::stock::{Stock, Stocks};
use crate::contract::Contract;
use crate::exchange::Request;
use crate::generate::{Mutant, SplitMix};

/// Methods that are tried where a path does not document them.
const METHODS: [&str; 5] = ["GET", "PUT", "POST", "PATCH", "DELETE"];

/// How many mutants are tried for a request by chance that is to be refused: together with the rest of it, some are not.
const PICKS: usize = 4;

/// A media type that no document has.
const FOREIGN: &str = "application/x-obkit-foreign";

/// A request before it is written and judged, which not all of them survive.
pub(super) type Sketch = Box<dyn FnOnce(&Plan<'_>) -> Option<Case> + Send>;

/// Makes the requests.
pub(super) struct Plan<'p> {
    pub(super) contract: &'p Contract,
    pub(super) stocks: &'p Stocks,
    pub(super) seed: u64,
    pub(super) fuzz_cases: usize,
    /// Whether there are credentials to be replaced by wrong ones.
    pub(super) has_credentials: bool,
}

/// What a value is put into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    /// The parameter at an index.
    Parameter(usize),
    /// The body, as the content at an index.
    Body(usize),
}

impl Slot {
    fn put(self, draft: &Draft, value: Value) -> Draft {
        match self {
            Self::Parameter(at) => draft.with(at, value),
            Self::Body(at) => draft.with_body(Some(Body::Value(at, value))),
        }
    }
}

/// A value that breaks what holds in its slot.
#[derive(Clone, Debug)]
struct Breach {
    slot: Slot,
    stock: Arc<Stock>,
    /// Which of the mutants.
    index: usize,
}

impl Breach {
    /// The draft with the value in it, if it is refused for it.
    fn put(&self, plan: &Plan<'_>, phase: Phase, draft: &Draft) -> Option<Case> {
        let mutant = self.stock.mutants(plan.contract).mutant(self.index)?;
        let Mutant { keyword, schema_pointer, instance_pointer, value, .. } = mutant;
        let instance = matches!(self.slot, Slot::Body(_)).then_some(instance_pointer.as_str());
        let broken = |value| {
            let draft = self.slot.put(draft, value);
            Case::broken(plan.contract, phase, draft, &keyword, &schema_pointer, instance)
        };
        let parameter = match self.slot {
            Slot::Parameter(at) => plan.operation(draft.operation).ok()?.parameters.get(at),
            Slot::Body(_) => None,
        };
        let visible = parameter.and_then(|parameter| visible(parameter, &value));
        broken(value).or_else(|| broken(visible?))
    }
}

impl Plan<'_> {
    /// The requests of a phase to an operation, before they are written and judged.
    ///
    /// # Errors
    /// No request of the operation can be made; why.
    pub(super) fn sketches(&self, phase: Phase, operation: usize) -> Result<Vec<Sketch>, String> {
        match phase {
            Phase::Examples => self.examples(operation),
            Phase::Coverage => self.coverage(operation),
            Phase::Fuzz => self.fuzz(operation),
            Phase::Stateful => Ok(Vec::new()),
        }
    }

    /// What the requests of an operation are made of.
    pub(super) fn stocks(&self, operation: usize) -> Vec<Arc<Stock>> {
        let Ok(operation) = self.operation(operation) else { return Vec::new() };
        let own = operation.parameters.iter().filter_map(|parameter| parameter.schema.as_deref());
        let contents = operation.request.iter().flat_map(|request| &request.content);
        let schemas = own.chain(contents.filter_map(|content| content.schema.as_deref()));
        schemas.map(|schema| self.stocks.of(self.contract, schema)).collect()
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
    fn examples(&self, index: usize) -> Result<Vec<Sketch>, String> {
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
        Ok(drafts.into_iter().map(|draft| fitting(Phase::Examples, draft)).collect())
    }

    fn coverage(&self, index: usize) -> Result<Vec<Sketch>, String> {
        let operation = self.operation(index)?;
        let base = self.base(index)?;
        let first = Case::valid(self.contract, Phase::Coverage, base.clone())
            .ok_or("what was made of its schemas is refused by the document")?;
        let base = Arc::new(base);
        let mut sketches = vec![made(first.clone())];
        sketches.extend(self.right(operation, &base));
        sketches.extend(self.wrong(operation, &base));
        sketches.extend(self.credentials(operation, &first).into_iter().map(made));
        sketches.extend(self.methods(operation, &first).into_iter().map(made));
        Ok(sketches)
    }

    /// Every value of every parameter and body, with the rest as simple as it can be; and everything together.
    fn right(&self, operation: &Operation, base: &Arc<Draft>) -> Vec<Sketch> {
        let mut sketches = Vec::new();
        let mut whole = Draft::clone(base);
        for (at, parameter) in parameters(operation) {
            let usual = self.stocks.usual(self.contract, parameter);
            if let Some(value) = &usual {
                whole.parameters.entry(at).or_insert_with(|| value.clone());
            }
            sketches.extend(usual.map(|value| fitting(Phase::Coverage, base.with(at, value))));
            if let Some(schema) = &parameter.schema {
                let stock = self.stocks.of(self.contract, schema);
                sketches.extend(self.values(&stock, Slot::Parameter(at), base));
            }
        }
        sketches.push(fitting(Phase::Coverage, whole.clone()));
        let whole = Arc::new(whole);
        if let Some(request) = &operation.request {
            if !request.required {
                sketches.push(fitting(Phase::Coverage, base.with_body(None)));
            }
            for (at, content) in request.content.iter().enumerate() {
                let usual = self.stocks.usual_body(self.contract, content).ok();
                let usual = usual.map(|value| fitting(Phase::Coverage, Slot::Body(at).put(base, value)));
                sketches.extend(usual);
                let Some(schema) = &content.schema else { continue };
                let stock = self.stocks.of(self.contract, schema);
                sketches.extend(self.values(&stock, Slot::Body(at), base));
                sketches.extend(self.values(&stock, Slot::Body(at), &whole).into_iter().take(2));
            }
        }
        sketches
    }

    /// Each valid value of a schema in its slot.
    fn values(&self, stock: &Arc<Stock>, slot: Slot, base: &Arc<Draft>) -> Vec<Sketch> {
        let sketch = |index| -> Sketch {
            let (stock, base) = (Arc::clone(stock), Arc::clone(base));
            Box::new(move |plan| {
                let value = stock.valid(plan.contract).nth(index)?.clone();
                Case::valid(plan.contract, Phase::Coverage, slot.put(&base, value))
            })
        };
        (0..stock.count(self.contract)).map(sketch).collect()
    }

    /// Every keyword broken once.
    fn wrong(&self, operation: &Operation, base: &Arc<Draft>) -> Vec<Sketch> {
        let mut sketches = Vec::new();
        for (at, parameter) in parameters(operation) {
            sketches.extend(self.missing(parameter, at, base).map(made));
            sketches.extend(self.breaking(self.breaches(Slot::Parameter(at), parameter.schema.as_deref()), base));
        }
        let Some(request) = &operation.request else { return sketches };
        let broken = |body: Option<Body>, keyword: &str, pointer: &str| {
            Case::broken(self.contract, Phase::Coverage, base.with_body(body), keyword, pointer, None).map(made)
        };
        // A right body: that of a server which reads it without a look at its media type.
        let foreign = request.preferred().and_then(|content| {
            let value = self.stocks.usual_body(self.contract, content).ok()?;
            Some(Body::Bytes(FOREIGN.to_owned(), super::draft::written(self.contract, content, &value).1))
        });
        if foreign.is_some() {
            sketches.extend(broken(foreign, "media-type", &format!("{}/content", request.pointer)));
        }
        if request.required {
            sketches.extend(broken(None, "required", &request.pointer));
        }
        for (at, content) in request.content.iter().enumerate() {
            if content.is_json() {
                let torn = Body::Bytes(super::draft::concrete(&content.media_type), b"{\"obkit\":".to_vec());
                sketches.extend(broken(Some(torn), "json", &content.pointer));
            }
            sketches.extend(self.breaking(self.breaches(Slot::Body(at), content.schema.as_deref()), base));
        }
        sketches
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

    /// All that breaks a schema.
    fn breaches(&self, slot: Slot, schema: Option<&str>) -> Vec<Breach> {
        let Some(schema) = schema else { return Vec::new() };
        let stock = self.stocks.of(self.contract, schema);
        let count = stock.mutants(self.contract).len();
        (0..count).map(|index| Breach { slot, stock: Arc::clone(&stock), index }).collect()
    }

    fn breaking(&self, breaches: Vec<Breach>, base: &Arc<Draft>) -> impl Iterator<Item = Sketch> {
        breaches.into_iter().map(|breach| -> Sketch {
            let base = Arc::clone(base);
            Box::new(move |plan| breach.put(plan, Phase::Coverage, &base))
        })
    }

    /// The right request without credentials, and with wrong ones.
    pub(super) fn credentials(&self, operation: &Operation, first: &Case) -> Vec<Case> {
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
    fn fuzz(&self, index: usize) -> Result<Vec<Sketch>, String> {
        let operation = self.operation(index)?;
        let base = Arc::new(self.base(index)?);
        let mut chance = SplitMix(self.seed.wrapping_add(1).wrapping_mul(0x9e37_79b9).wrapping_add(index as u64));
        let own = parameters(operation).map(|(at, parameter)| (Slot::Parameter(at), &parameter.schema));
        let contents = operation.request.iter().flat_map(|request| request.content.iter().enumerate());
        let all = own.chain(contents.map(|(at, content)| (Slot::Body(at), &content.schema)));
        let breaches: Vec<Breach> = all.flat_map(|(slot, schema)| self.breaches(slot, schema.as_deref())).collect();
        let breaches = Arc::new(breaches);
        let sketch = |round: usize| -> Sketch {
            // Each has a chance of its own: whether another one is made makes no difference to it.
            let mut own = SplitMix(u64::from(chance.next()) << 32 | u64::from(chance.next()));
            let (base, breaches) = (Arc::clone(&base), Arc::clone(&breaches));
            Box::new(move |plan| {
                let draft = plan.drawn(plan.operation(index).ok()?, &base, &mut own);
                if round.is_multiple_of(2) || breaches.is_empty() {
                    return Case::valid(plan.contract, Phase::Fuzz, draft);
                }
                // The rest of a broken request is drawn, too.
                (0..PICKS).find_map(|_| pick(&breaches, &mut own)?.put(plan, Phase::Fuzz, &draft))
            })
        };
        Ok((0..self.fuzz_cases).map(sketch).collect())
    }

    fn drawn(&self, operation: &Operation, base: &Draft, chance: &mut SplitMix) -> Draft {
        let mut draft = base.clone();
        for (at, parameter) in parameters(operation) {
            if !parameter.required && chance.next().is_multiple_of(2) {
                continue;
            }
            let Some(schema) = &parameter.schema else { continue };
            let stock = self.stocks.of(self.contract, schema);
            let value = pick(stock.random(self.contract), chance).cloned();
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
            let stock = self.stocks.of(self.contract, schema);
            if let Some(value) = pick(stock.random(self.contract), chance) {
                draft.body = Some(Body::Value(at, value.clone()));
            }
        }
        draft
    }
}

fn made(case: Case) -> Sketch {
    Box::new(move |_| Some(case))
}

fn fitting(phase: Phase, draft: Draft) -> Sketch {
    Box::new(move |plan| Case::valid(plan.contract, phase, draft))
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
