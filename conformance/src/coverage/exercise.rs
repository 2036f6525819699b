//! What travels is followed along its schema.

use std::collections::{BTreeMap, BTreeSet};

use obkit_codegen::spec::{Content, Operation, StatusKey};
use serde_json::Value;

use super::bits::Bits;
use super::map::{Map, Site, bodies, schemas};
use super::marks::{Marks, Part};
use super::partial::{self, Partial};
use super::{
    Coverage, MediaTypeCoverage, Missing, OperationCoverage, ParameterCoverage, ResponseCoverage, SchemaCoverage,
};
use crate::contract::Contract;
use crate::generate::{GenerateError, Named};
use crate::graph::{self, Applied, Instance, Node, Visitor};
use crate::schema::Direction;
use crate::typed_client::Arguments;

const DIRECTIONS: [Direction; 2] = [Direction::Request, Direction::Response];

/// Marks what of a document is exercised.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exercise<'m> {
    pub(super) contract: &'m Contract,
    pub(super) marks: &'m Marks,
}

impl<'m> Exercise<'m> {
    /// An operation was called.
    pub(crate) fn call(&self, operation: &Operation) {
        self.mark(operation, Part::Call);
    }

    /// A parameter of an operation travelled, by its place in the operation; of a text that stands for no value, none is told.
    pub(crate) fn parameter(&self, operation: &Operation, index: usize, value: Option<&Value>) {
        self.mark(operation, Part::Parameter(index));
        let schema = operation.parameters.get(index).and_then(|parameter| parameter.schema.as_deref());
        if let Some((schema, value)) = schema.zip(value) {
            self.value(Direction::Request, schema, value);
        }
    }

    /// A request body of a documented media type travelled. Of one that is no value, or that is followed along its schema elsewhere, none is told.
    pub(crate) fn request_body(&self, operation: &Operation, content: &Content, value: Option<&Value>) {
        self.mark(operation, Part::RequestBody(content));
        self.content(Direction::Request, content, value);
    }

    /// A documented response of an operation travelled.
    pub(crate) fn response(&self, operation: &Operation, status: StatusKey) {
        self.call(operation);
        self.mark(operation, Part::Response(status));
    }

    /// A body of it travelled, of a documented media type; its value is told as that of a request is.
    pub(crate) fn response_body(
        &self,
        operation: &Operation,
        status: StatusKey,
        content: &Content,
        value: Option<&Value>,
    ) {
        self.mark(operation, Part::ResponseBody(status, content));
        self.content(Direction::Response, content, value);
    }

    /// A request of an operation travelled, with a body of a documented media type.
    pub(crate) fn request(&self, operation: &Operation, sent: &Arguments, content: Option<&Content>) {
        self.call(operation);
        for (index, parameter) in operation.parameters.iter().enumerate() {
            if let Some(value) = sent.parameter(parameter.location.as_str(), &parameter.name) {
                self.parameter(operation, index, Some(value));
            }
        }
        if let (Some(content), Some(body)) = (content, &sent.body) {
            self.request_body(operation, content, Some(body));
        }
    }

    /// A body of an operation travelled: of its request, or of a response with its status. It is followed along its schema elsewhere.
    pub(crate) fn body(&self, operation: &Operation, status: Option<StatusKey>, content: &Content) {
        self.call(operation);
        match status {
            None => self.request_body(operation, content, None),
            Some(status) => {
                self.response(operation, status);
                self.response_body(operation, status, content, None);
            }
        }
    }

    fn content(&self, direction: Direction, content: &Content, value: Option<&Value>) {
        if let (Some(schema), Some(value)) = (&content.schema, value) {
            self.value(direction, schema, value);
        }
    }

    fn mark(&self, operation: &Operation, part: Part<'_>) {
        self.marks.set(self.contract, operation, part);
    }

    /// A value of the schema at a pointer travelled.
    pub(crate) fn value(&self, direction: Direction, schema: &str, value: &Value) {
        let validators = self.contract.validators();
        let mut met = self.met(direction);
        let graph = validators.graph(direction, [schema]);
        if let Some(schema) = graph.find(schema) {
            graph::follow(&graph, validators, direction, schema, value, &mut met);
        }
    }

    /// Who marks what is met of a value, for whoever follows it along its schemas anyway.
    pub(crate) fn met(&self, direction: Direction) -> Met<'m> {
        Met { map: self.contract.map(direction), marks: self.marks.sites(direction) }
    }

    /// A property or a listed value travelled.
    pub(crate) fn named(&self, direction: Direction, named: &Named) {
        let map = self.contract.map(direction);
        let site = match &named.listed {
            None => map.at(&named.schema_pointer).and_then(|sites| sites.own),
            Some(text) => {
                let owner = named.schema_pointer.strip_suffix("/enum").unwrap_or(&named.schema_pointer);
                map.at(owner).and_then(|sites| sites.texts.get(text).copied())
            }
        };
        if let Some(site) = site {
            self.marks.sites(direction).set(site);
        }
    }

    /// A part of payloads was left out, because nothing fits it.
    pub(crate) fn omitted(&self, error: &GenerateError) {
        self.marks.note(partial::omitted(self.contract, error));
    }

    /// A body could not be read into a type, because the client has none for it.
    pub(crate) fn untyped(&self, operation: &str, pointer: &str) {
        self.marks.note(partial::untyped(self.contract, operation, pointer));
    }

    /// What was marked of operations and of the schemas that they lead to, as if the document had no others; a format that nobody knows counts
    /// wherever it stands, unless that is in another operation.
    pub(crate) fn coverage(&self, operations: &[&Operation]) -> Coverage {
        let reached = self.reached(|direction| schemas(operations.iter().copied(), direction));
        self.told(operations.iter().copied(), reached, partial::of(self.contract, operations))
    }

    /// The same of all operations, where nothing but bodies is known, of webhooks, too: parameters are left out, with the schemas that are theirs
    /// alone.
    pub(crate) fn coverage_of_bodies(&self) -> Coverage {
        let spec = self.contract.spec();
        let reached = self.reached(|direction| bodies(spec.all(), direction));
        let partial = partial::of(self.contract, &spec.all().collect::<Vec<_>>());
        let mut coverage = self.told(spec.operations(), reached, partial);
        coverage.tree.iter_mut().for_each(|operation| operation.parameters.clear());
        coverage.counted()
    }

    /// What was marked in a share of a run, for it to be put together with the others: of its operations, and of all schemas.
    pub(crate) fn share<'o>(&self, operations: impl IntoIterator<Item = &'o Operation>) -> Coverage {
        let schemas = DIRECTIONS.into_iter().flat_map(|direction| self.schemas(direction, |_| true)).collect();
        let all: Vec<_> = self.contract.spec().all().collect();
        self.told(operations, schemas, partial::of(self.contract, &all))
    }

    /// What was marked of all that some schemas lead to.
    fn reached<'s>(&self, schemas: impl Fn(Direction) -> Vec<&'s str>) -> Vec<SchemaCoverage> {
        let of = |direction| {
            let map = Map::new(self.contract, direction, &schemas(direction));
            let reached = map.pointers();
            self.schemas(direction, |site| reached.contains(site.pointer.as_str()))
        };
        DIRECTIONS.into_iter().flat_map(of).collect()
    }

    fn told<'o>(
        &self,
        operations: impl IntoIterator<Item = &'o Operation>,
        schemas: Vec<SchemaCoverage>,
        partial: BTreeSet<Partial>,
    ) -> Coverage {
        let coverage = Coverage {
            tree: operations.into_iter().map(|operation| self.operation(operation)).collect(),
            schemas,
            partial: partial.into_iter().chain(self.marks.partial()).collect(),
            ..Coverage::default()
        };
        coverage.counted()
    }

    fn operation(&self, operation: &Operation) -> OperationCoverage {
        let is_marked = |part| self.marks.is_set(self.contract, operation, part);
        let media_type = |content: &Content, part| MediaTypeCoverage {
            media_type: content.media_type.clone(),
            given: is_marked(part),
        };
        let request = operation.request.iter().flat_map(|request| &request.content);
        let is_argument = |parameter| self.contract.security().is_argument(parameter);
        let parameters = operation.parameters.iter().enumerate().filter(|(_, parameter)| is_argument(parameter));
        OperationCoverage {
            path: operation.path.clone(),
            method: operation.method.clone(),
            operation: operation.id.clone(),
            called: is_marked(Part::Call),
            parameters: parameters
                .map(|(index, parameter)| ParameterCoverage {
                    name: parameter.name.clone(),
                    location: parameter.location.as_str().to_owned(),
                    sent: is_marked(Part::Parameter(index)),
                })
                .collect(),
            request: request.map(|content| media_type(content, Part::RequestBody(content))).collect(),
            responses: (operation.responses.iter())
                .map(|response| ResponseCoverage {
                    status: response.status.to_string(),
                    given: is_marked(Part::Response(response.status)),
                    media_types: (response.content.iter())
                        .map(|content| media_type(content, Part::ResponseBody(response.status, content)))
                        .collect(),
                })
                .collect(),
        }
    }

    fn schemas(&self, direction: Direction, counts: impl Fn(&Site) -> bool) -> Vec<SchemaCoverage> {
        let map = self.contract.map(direction);
        let document = self.contract.document();
        let mut schemas: BTreeMap<usize, SchemaCoverage> = BTreeMap::new();
        for (number, site) in map.sites.iter().enumerate().filter(|(_, site)| counts(site)) {
            let schema = schemas.entry(site.root).or_insert_with(|| SchemaCoverage {
                direction,
                schema: document.origin(&map.roots[site.root]).pointer,
                totals: BTreeMap::new(),
                missing: Vec::new(),
            });
            schema.totals.entry(site.dimension).or_default().of += 1;
            if !self.marks.sites(direction).is_set(number) {
                let origin = document.origin(&site.pointer);
                schema.missing.push(Missing {
                    dimension: site.dimension,
                    name: site.name.clone(),
                    pointer: origin.pointer,
                    file: origin.file.display().to_string(),
                    line: origin.position.map(|position| position.line),
                });
            }
        }
        schemas.into_values().collect()
    }
}

/// Marks what a value is, and what is in it.
pub(crate) struct Met<'m> {
    map: &'m Map,
    marks: &'m Bits,
}

impl<'g> Visitor<'g> for Met<'_> {
    fn value(&mut self, applied: &Applied<'g>, value: &Value, _: &Instance<'_>) {
        // Of alternatives, those count that the value is.
        self.schemas(&applied.branches);
        for sites in applied.schemas.iter().filter_map(|schema| self.map.of(schema.id)) {
            let site = match value {
                Value::String(text) => sites.texts.get(text),
                value => sites.values.iter().find(|(listed, _)| listed == value).map(|(_, site)| site),
            };
            site.into_iter().for_each(|site| self.marks.set(*site));
        }
    }

    fn member(&mut self, _: &Applied<'g>, schemas: &[&'g Node], _: &str, _: &Instance<'_>) {
        self.schemas(schemas);
    }
}

impl Met<'_> {
    fn schemas(&self, schemas: &[&Node]) {
        let sites = schemas.iter().filter_map(|schema| self.map.of(schema.id)?.own);
        sites.for_each(|site| self.marks.set(site));
    }
}
