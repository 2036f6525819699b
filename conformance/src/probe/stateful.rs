//! Resources: created, read, changed, deleted, and read again.

use std::collections::BTreeMap;

use obkit_codegen::load::unescape_token;
use obkit_codegen::spec::{Location, Operation};
use serde_json::Value;

use super::Probe;
use super::case::{Capture, Case, Earlier, Expects};
use super::draft::Draft;
use super::links;
use super::options::Phase;
use super::plan::parameters;
use super::send::Answer;
use crate::exchange::Response;

/// Where the findings of this phase stand in a run: after those of all others.
const LATE: usize = usize::MAX;

/// A path that ends in a variable, and what is done there.
struct Resource<'o> {
    /// The path before the variable.
    collection: &'o str,
    /// The variable.
    variable: &'o str,
    /// By method, the operation's index.
    here: BTreeMap<&'o str, usize>,
    /// The same of the path before the variable.
    above: BTreeMap<&'o str, usize>,
}

/// What was done so far, and the values of path variables.
#[derive(Default)]
struct Story {
    before: Vec<Earlier>,
    variables: BTreeMap<String, Value>,
}

impl Probe {
    /// Goes through all resources, and all links of the document.
    pub(super) async fn walk(&self) {
        let selected = |operation: &Operation| self.options.operations.takes(operation);
        let resources = resources(self.contract.spec().operations(), selected);
        for (at, resource) in resources.iter().enumerate() {
            if self.stops() {
                return;
            }
            self.live(at, resource).await;
        }
        for (index, operation) in self.contract.spec().operations().iter().enumerate() {
            if selected(operation) && self.has_links(operation) {
                if self.stops() {
                    return;
                }
                self.follow(resources.len() + index, index).await;
            }
        }
    }

    /// Creates a resource where that can be done, reads and changes it, deletes it, and reads it again. What cannot be created is read as it
    /// is listed.
    async fn live(&self, at: usize, resource: &Resource<'_>) {
        let mut story = Story::default();
        let created = match resource.above.get("POST") {
            Some(create) => self.bring(at, *create, resource, links::id, &mut story).await,
            None => false,
        };
        let reads = resource.here.get("GET").copied();
        if !created {
            self.listed(at, resource, reads).await;
        }
        if let Some(read) = reads.filter(|_| created) {
            self.refuse(at, read, &story).await;
            self.step(at, read, Expects::Found, &mut story).await;
        }
        for method in ["PUT", "PATCH"] {
            if let Some(change) = resource.here.get(method).filter(|_| created) {
                self.refuse(at, *change, &story).await;
                self.step(at, *change, Expects::Acceptance, &mut story).await;
            }
        }
        if let Some(list) = resource.above.get("GET").filter(|_| created) {
            self.step(at, *list, Expects::Acceptance, &mut story).await;
        }
        let Some(delete) = resource.here.get("DELETE").copied() else { return };
        if created && self.refuse(at, delete, &story).await {
            return;
        }
        let Some(read) = reads else { return };
        let deleted = self.step(at, delete, Expects::Acceptance, &mut story).await;
        // What is accepted (202) may be done later.
        if deleted.is_some_and(|response| response.is_success() && response.status != 202) {
            self.step(at, read, Expects::Gone, &mut story).await;
        }
    }

    /// Reads the first resource that a list names.
    async fn listed(&self, at: usize, resource: &Resource<'_>, read: Option<usize>) {
        let (Some(list), Some(read)) = (resource.above.get("GET"), read) else { return };
        let mut story = Story::default();
        if self.bring(at, *list, resource, links::first_id, &mut story).await {
            self.refuse(at, read, &story).await;
            self.step(at, read, Expects::Acceptance, &mut story).await;
        }
    }

    /// Asks for a resource that is there without credentials, and with wrong ones: of one that is not, "not found" is all that a server need
    /// say. Whether one of the requests was accepted.
    async fn refuse(&self, at: usize, operation: usize, story: &Story) -> bool {
        let right = || {
            let mut case = Case::valid(&self.contract, Phase::Stateful, self.within(operation, &story.variables)?)?;
            case.before.clone_from(&story.before);
            Some(case)
        };
        let Some((case, one)) = right().zip(self.contract.spec().operations().get(operation)) else { return false };
        let mut accepted = false;
        for case in self.plan().credentials(one, &case) {
            let answer = self.probe((LATE, at), case).await;
            accepted |= answer.is_ok_and(|answer| answer.response.is_success());
        }
        accepted
    }

    /// Sends the usual request of an operation whose answer names a resource, and keeps its id.
    async fn bring(
        &self,
        at: usize,
        operation: usize,
        resource: &Resource<'_>,
        id: fn(&Response, &[String]) -> Option<Capture>,
        story: &mut Story,
    ) -> bool {
        let Some(response) = self.step(at, operation, Expects::Acceptance, story).await else { return false };
        let names = links::names(resource.collection, resource.variable);
        let Some(capture) = id(&response, &names).filter(|_| response.is_success()) else { return false };
        story.variables.insert(resource.variable.to_owned(), Value::String(capture.value.clone()));
        if let Some(earlier) = story.before.last_mut() {
            earlier.captures = vec![capture];
        }
        true
    }

    /// Sends the usual request of an operation within a story.
    async fn step(&self, at: usize, operation: usize, expects: Expects, story: &mut Story) -> Option<Response> {
        let draft = self.within(operation, &story.variables)?;
        let case = Case::valid(&self.contract, Phase::Stateful, draft)?.expecting(expects);
        self.tell(at, case, story).await
    }

    async fn tell(&self, at: usize, mut case: Case, story: &mut Story) -> Option<Response> {
        case.before.clone_from(&story.before);
        let (operation, request) = (case.operation, case.request.clone());
        let Answer { response, .. } = self.probe((LATE, at), case).await.ok()?;
        story.before.push(Earlier { operation, request, status: response.status, captures: Vec::new() });
        Some(response)
    }

    /// The usual request of an operation with these path variables.
    fn within(&self, operation: usize, variables: &BTreeMap<String, Value>) -> Option<Draft> {
        let mut draft = self.plan().base(operation).ok()?;
        let one = self.contract.spec().operations().get(operation)?;
        for (index, parameter) in parameters(one).filter(|(_, parameter)| parameter.location == Location::Path) {
            if let Some(value) = variables.get(&parameter.name) {
                draft.parameters.insert(index, value.clone());
            }
        }
        Some(draft)
    }

    fn has_links(&self, operation: &Operation) -> bool {
        let links = |pointer: &str| self.contract.document().at(&format!("{pointer}/links"));
        operation.responses.iter().any(|response| links(&response.pointer).is_some())
    }

    /// Sends the request of an operation, and what the links of its answer lead to.
    async fn follow(&self, at: usize, operation: usize) {
        let Some(one) = self.contract.spec().operations().get(operation) else { return };
        let mut story = Story::default();
        let Some(response) = self.step(at, operation, Expects::Acceptance, &mut story).await else { return };
        let Some(documented) = one.response(response.status).filter(|_| response.is_success()) else { return };
        let links = self.contract.document().at(&format!("{}/links", documented.pointer)).and_then(Value::as_object);
        for link in links.into_iter().flatten().map(|(_, link)| link) {
            let link = crate::pointer::resolved(self.contract.document(), link).unwrap_or(link);
            let Some((draft, captures)) = self.led(link, &response) else { continue };
            let mut story = Story { before: story.before.clone(), variables: BTreeMap::new() };
            if let Some(earlier) = story.before.last_mut() {
                earlier.captures = captures;
            }
            let expects = if one.method == "POST" { Expects::Found } else { Expects::Acceptance };
            if let Some(case) = Case::valid(&self.contract, Phase::Stateful, draft) {
                self.tell(at, case.expecting(expects), &mut story).await;
            }
        }
    }

    /// The request that a link leads to.
    fn led(&self, link: &Value, response: &Response) -> Option<(Draft, Vec<Capture>)> {
        let operations = self.contract.spec().operations();
        let id = link.get("operationId").and_then(Value::as_str);
        let pointer = link.get("operationRef").and_then(Value::as_str).and_then(|at| at.strip_prefix('#'));
        let target =
            operations.iter().position(|one| Some(one.id.as_str()) == id || Some(one.pointer.as_str()) == pointer)?;
        if !self.options.operations.takes(&operations[target]) {
            return None;
        }
        let mut draft = self.plan().base(target).ok()?;
        let mut captures = Vec::new();
        for (name, expression) in link.get("parameters").and_then(Value::as_object).into_iter().flatten() {
            let (value, capture) = links::evaluate(expression, response)?;
            let name = unescape_token(name);
            let is_named = |parameter: &obkit_codegen::spec::Parameter| {
                let (place, plain) = name.split_once('.').unwrap_or(("", &name));
                parameter.name == name || (parameter.name == plain && parameter.location.as_str() == place)
            };
            let (index, parameter) = parameters(&operations[target]).find(|(_, parameter)| is_named(parameter))?;
            draft.parameters.insert(index, value);
            let name = Some(&parameter.name).filter(|_| parameter.location != Location::Path).cloned();
            captures.extend(capture.map(|capture| Capture { parameter: name, ..capture }));
        }
        Some((draft, captures))
    }
}

/// The paths that end in a variable, with what of the selected operations is done there and above.
fn resources(operations: &[Operation], selected: impl Fn(&Operation) -> bool) -> Vec<Resource<'_>> {
    let mut found: BTreeMap<&str, Resource<'_>> = BTreeMap::new();
    for operation in operations.iter().filter(|operation| selected(operation)) {
        let Some((above, last)) = operation.path.rsplit_once('/') else { continue };
        let Some(variable) = last.strip_prefix('{').and_then(|last| last.strip_suffix('}')) else { continue };
        if variable.contains('{') {
            continue;
        }
        let by_method = |path: &str| {
            let same = operations.iter().enumerate().filter(|(_, other)| other.path == path && selected(other));
            same.map(|(index, other)| (other.method.as_str(), index)).collect()
        };
        found.entry(&operation.path).or_insert_with(|| Resource {
            collection: above,
            variable,
            here: by_method(&operation.path),
            above: by_method(above),
        });
    }
    found.into_values().collect()
}
