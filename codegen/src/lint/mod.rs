//! Lint: what in a document will not generate, not validate, or not mean what it says.

mod access;
mod closed;
mod dialect;
mod discriminator;
mod form;
mod keywords;
mod meaning;
mod messages;
mod overlap;
mod paths;
mod schema;
mod walk;

use std::collections::{HashMap, HashSet};

use serde_json::Value;

pub(crate) use self::schema::compile;
use crate::load::escape_token;
use crate::load::shape::Kind;
use crate::lower::{has_name, heirs_of_bases, is_absolute, lower, security, servers};
use crate::note::{self, Note, Rule};
use crate::schema::{members, reference, text};
use crate::spec::{Location, Operation, Spec, circles, stated_id};
use crate::subject::subject;
use crate::template;

/// All notes on a document: those of these checks, and those of lowering.
#[must_use]
pub fn lint(spec: &Spec) -> Vec<Note> {
    let mut notes = check(spec);
    notes.extend(lower(spec).notes);
    note::sort(&mut notes);
    notes
}

/// The notes of these checks alone.
pub(crate) fn check(spec: &Spec) -> Vec<Note> {
    let mut lint = Lint { spec, notes: Vec::new(), scopes: Vec::new() };
    lint.operation_ids();
    lint.external_references();
    for operation in spec.operations() {
        lint.path_template(operation);
        lint.path_parameters(operation);
        lint.header_parameters(operation);
        lint.servers(operation);
        lint.security(operation);
        lint.responses(operation);
    }
    lint.repeated_paths();
    lint.ambiguous_paths();
    lint.parts();
    lint.unused_schemas();
    lint.faults();
    lint.notes
}

struct Lint<'s> {
    spec: &'s Spec,
    notes: Vec<Note>,
    /// The scopes that no flow has, each with its scheme, wherever they are asked for.
    scopes: Vec<((String, String), Note)>,
}

impl Lint<'_> {
    fn note(&mut self, rule: &'static Rule, pointer: &str, message: String) {
        self.notes.push(Note::new(rule, self.spec.document(), pointer, message));
    }

    /// What stopped something from being read. Where that is so, nothing else is said of what stands there.
    fn faults(&mut self) {
        let document = self.spec.document();
        let faults: Vec<Note> = self.spec.faults().iter().map(|fault| Note::of_fault(fault, document)).collect();
        let place = |note: &Note| (note.file.clone(), note.pointer.clone());
        let places: HashSet<_> = faults.iter().map(place).collect();
        self.notes.retain(|note| !places.contains(&place(note)));
        self.notes.extend(faults);
    }

    fn operation_ids(&mut self) {
        let spec = self.spec;
        let mut first: HashMap<&str, &Operation> = HashMap::new();
        for operation in spec.operations() {
            let stated = format!("{}/operationId", operation.pointer);
            let Some(id) = spec.document().at(&operation.pointer).and_then(stated_id) else {
                let message = format!("`{}` has no operationId; `{}` is used", operation.signature(), operation.id);
                let at = if spec.document().at(&stated).is_some() { &stated } else { &operation.pointer };
                self.note(note::OPERATION_ID_MISSING, at, message);
                continue;
            };
            let other = *first.entry(id).or_insert(operation);
            if operation.id != id {
                let (a, b) = (other.signature(), operation.signature());
                let message =
                    format!("`{a}` and `{b}` are both called `{id}`; `{}` is used for the latter", operation.id);
                self.note(note::OPERATION_ID_DUPLICATE, &stated, message);
            }
        }
    }

    fn external_references(&mut self) {
        for (pointer, url) in self.spec.document().external() {
            self.note(note::EXTERNAL_REFERENCE, &pointer, format!("`{url}` is not followed"));
        }
    }

    fn path_template(&mut self, operation: &Operation) {
        let path = &operation.path;
        if template::variables(path).is_none() {
            let message = format!("`{path}` is no template of a path");
            self.note(note::PATH_TEMPLATE, &operation.pointer, message);
        } else if let Some(lost) = template::not_kept(path) {
            let message = format!("`{}` is sent without {lost}", operation.signature());
            self.note(note::PATH_NOT_KEPT, &operation.pointer, message);
        }
    }

    fn servers(&mut self, operation: &Operation) {
        let item = operation.pointer.rsplit_once('/').map_or("", |(item, _)| item);
        for owner in [item, &operation.pointer] {
            let pointer = format!("{owner}/servers");
            let listed = servers(self.spec.document().at(&pointer));
            if listed.iter().any(|server| !is_absolute(&server.url)) {
                let message = format!("`{}` is called at the base URL of the client", operation.signature());
                self.note(note::SERVERS_NOT_APPLIED, &pointer, message);
            }
        }
    }

    fn path_parameters(&mut self, operation: &Operation) {
        let Some(variables) = template::variables(&operation.path) else { return };
        let declared = || operation.parameters.iter().filter(|p| p.location == Location::Path);
        // What cannot be read may be what is missing.
        let is_whole = self.has_all_parameters(operation);
        for variable in variables.iter().filter(|_| is_whole) {
            if !declared().any(|p| p.name == *variable) {
                let message = format!("`{}` does not declare `{variable}`", operation.signature());
                self.note(note::PATH_PARAMETER_UNDECLARED, &operation.pointer, message);
            }
        }
        for parameter in declared().filter(|p| !variables.contains(&p.name.as_str())) {
            let message = format!("`{}` has no place for `{}`", operation.path, parameter.name);
            self.note(note::PATH_PARAMETER_UNUSED, &parameter.pointer, message);
        }
        for parameter in declared().filter(|p| !p.required) {
            let message = format!("the path parameter `{}` does not say that it is required", parameter.name);
            self.note(note::PATH_PARAMETER_OPTIONAL, &parameter.pointer, message);
        }
    }

    /// Whether all that is stated as a parameter of an operation is one.
    fn has_all_parameters(&self, operation: &Operation) -> bool {
        let document = self.spec.document();
        let item = operation.pointer.rsplit_once('/').map_or("", |(item, _)| item);
        let owners = [item, &operation.pointer].into_iter().filter_map(|owner| document.at(owner));
        let mut stated = owners.flat_map(|owner| members(owner, "parameters"));
        stated.all(|parameter| {
            let parameter = reference(parameter).map_or(Some(parameter), |target| document.at(&target));
            parameter.is_some_and(|parameter| text(parameter, "name").is_some() && text(parameter, "in").is_some())
        })
    }

    fn header_parameters(&mut self, operation: &Operation) {
        for parameter in operation.parameters.iter().filter(|parameter| !has_name(parameter)) {
            let operation = || format!("`{}`", operation.signature());
            let lost = if parameter.required { operation() } else { "the parameter".to_owned() };
            let message = format!("no header can be called `{}`, so {lost} is left out", parameter.name);
            self.note(note::HEADER_NAME, &parameter.pointer, message);
        }
    }

    fn security(&mut self, operation: &Operation) {
        for scheme in operation.security.iter().flatten() {
            if self.spec.document().at(&security::pointer(scheme)).is_none() {
                let message =
                    format!("`{}` asks for the scheme `{scheme}`, which is not defined", operation.signature());
                self.note(note::SECURITY_UNDEFINED, &format!("{}/security", operation.pointer), message);
            }
        }
    }

    fn responses(&mut self, operation: &Operation) {
        let pointer = format!("{}/responses", operation.pointer);
        if !operation.responses.iter().any(|r| r.status.is_success()) {
            let message = format!("`{}` documents no success", operation.signature());
            self.note(note::RESPONSE_SUCCESS_MISSING, &pointer, message);
        }
        for response in &operation.responses {
            let at = format!("{}/content", response.pointer);
            let is_stated = self.spec.document().at(&at).and_then(Value::as_object).is_some_and(|all| !all.is_empty());
            if is_stated && response.content.is_empty() && !(response.status.has_body() && operation.method != "HEAD") {
                let message = format!("no answer `{}` of `{}` has a body", response.status, operation.signature());
                self.note(note::BODY_NEVER_SENT, &at, message);
            }
        }
        if operation.responses.iter().all(|r| r.status.is_success()) {
            let message = format!("`{}` documents no error", operation.signature());
            self.note(note::RESPONSE_ERROR_MISSING, &pointer, message);
        }
    }

    /// Checks every part of the document, used or not.
    fn parts(&mut self) {
        let document = self.spec.document();
        let mut schemas = Vec::new();
        walk::visit(document, &mut |kind, pointer, value| {
            self.form(kind, pointer, value);
            if walk::is_hidden(document, kind, value) {
                self.beside_reference(kind, pointer, value);
            } else {
                self.part(kind, pointer, value);
            }
            if kind == Kind::Schema {
                schemas.push(pointer.to_owned());
            }
        });
        self.undefined_scopes();
        self.circles(schemas);
    }

    /// What is said of a part by its kind.
    fn part(&mut self, kind: Kind, pointer: &str, value: &Value) {
        match kind {
            Kind::Document => {
                self.servers_of(pointer, value);
                self.scopes(pointer, value);
            }
            Kind::PathItem => {
                self.servers_of(pointer, value);
                self.repeated_parameters(pointer, value);
            }
            Kind::Operation => {
                self.servers_of(pointer, value);
                self.repeated_parameters(pointer, value);
                self.scopes(pointer, value);
                self.body_of_get(pointer, value);
                self.statuses(pointer, value);
            }
            Kind::MediaType | Kind::Parameter | Kind::Header => self.example_and_examples(pointer, value),
            Kind::SecurityScheme => self.flows(pointer, value),
            Kind::Schema => {
                self.schema(pointer, value);
                self.meaning(pointer, value);
                self.discriminator_member(pointer, value);
                self.overlapping_alternatives(pointer, value);
            }
            _ => {}
        }
    }

    /// Schemas that only refer to one another; noted once, at the least of their pointers.
    fn circles(&mut self, schemas: Vec<String>) {
        let document = self.spec.document();
        for circle in circles(schemas, |at| document.at(at)) {
            let message = format!("{} is nothing but a reference that leads back to itself", subject(&circle[0]));
            self.note(note::REFERENCE_CIRCLE, &circle[0], message);
        }
    }

    /// A parameter is told by its name and its place; in one list, the last of two counts.
    fn repeated_parameters(&mut self, pointer: &str, owner: &Value) {
        let mut seen = HashSet::new();
        for (index, stated) in members(owner, "parameters").iter().enumerate() {
            let target = reference(stated).and_then(|target| self.spec.document().at(&target));
            let parameter = target.unwrap_or(stated);
            let (Some(name), Some(place)) = (text(parameter, "name"), text(parameter, "in")) else { continue };
            if !seen.insert((name, place)) {
                let message = format!("{} has the {place} parameter `{name}` twice", subject(pointer));
                self.note(note::PARAMETER_REPEATED, &format!("{pointer}/parameters/{index}"), message);
            }
        }
    }

    fn unused_schemas(&mut self) {
        let spec = self.spec;
        let mut used = HashSet::new();
        references(spec.document().root(), &mut used);
        let heirs = heirs_of_bases(spec.document());
        for name in spec.schemas() {
            let pointer = format!("/components/schemas/{}", escape_token(name));
            if !used.contains(&pointer) && !heirs.contains(&pointer) {
                self.note(note::SCHEMA_UNUSED, &pointer, format!("nothing refers to `{name}`"));
            }
        }
    }
}

fn references(value: &Value, used: &mut HashSet<String>) {
    match value {
        Value::Object(members) => {
            used.extend(reference(value));
            members.values().for_each(|member| references(member, used));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, used)),
        _ => {}
    }
}
