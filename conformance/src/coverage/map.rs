//! What there is to exercise of the schemas of a document.

use std::collections::HashMap;

use obkit_codegen::load::escape_token;
use obkit_codegen::spec::Operation;
use obkit_codegen::{Document, Spec, Version};
use serde_json::{Map as Members, Value};

use super::Dimension;
use crate::schema::Direction;
use crate::{pointer, readonly};

/// A thing to be exercised, by its number.
pub(super) type SiteId = usize;

/// A schema, by its number.
pub(super) type NodeId = usize;

/// A property, a listed value or an alternative.
#[derive(Debug)]
pub(super) struct Site {
    pub(super) dimension: Dimension,
    pub(super) name: String,
    pub(super) pointer: String,
    /// The schema that it belongs to: a component, or one that stands in an operation.
    pub(super) root: NodeId,
}

/// A schema, as far as values are followed along it.
#[derive(Debug, Default)]
pub(super) struct Node {
    pub(super) pointer: String,
    /// The outermost schema that it stands in.
    root: NodeId,
    /// Schemas that hold for the same value.
    pub(super) parts: Vec<NodeId>,
    pub(super) properties: HashMap<String, (Option<SiteId>, NodeId)>,
    pub(super) additional: Option<NodeId>,
    pub(super) items: Option<NodeId>,
    pub(super) branches: Vec<(SiteId, NodeId)>,
    /// Texts of an `enum`.
    pub(super) texts: HashMap<String, SiteId>,
    /// Its other values.
    pub(super) values: Vec<(Value, SiteId)>,
}

/// All that there is to exercise in a direction. It is made once, so that following a value makes nothing.
#[derive(Debug, Default)]
pub(crate) struct Map {
    pub(super) nodes: Vec<Node>,
    pub(super) sites: Vec<Site>,
    by_pointer: HashMap<String, NodeId>,
    /// Properties by the place of their schema.
    pub(super) properties: HashMap<String, SiteId>,
}

impl Map {
    /// Follows the schemas of all bodies and parameters that travel in a direction.
    pub(crate) fn new(spec: &Spec, direction: Direction) -> Self {
        let mut map = Self::default();
        let operations = spec.operations().iter().chain(spec.webhooks());
        for schema in operations.flat_map(|operation| schemas(operation, direction)) {
            map.node(schema, None);
        }
        // What is met on the way is added behind.
        let mut next = 0;
        while next < map.nodes.len() {
            map.follow(next, spec.document(), direction);
            next += 1;
        }
        map
    }

    /// The number of the schema at a pointer, if values of it travel.
    pub(super) fn id(&self, pointer: &str) -> Option<NodeId> {
        self.by_pointer.get(pointer::plain(pointer)).copied()
    }

    /// The schema at a pointer, if values of it travel.
    pub(super) fn find(&self, pointer: &str) -> Option<&Node> {
        self.nodes.get(self.id(pointer)?)
    }

    /// The number of the schema at a pointer; one without a parent is a root.
    fn node(&mut self, pointer: &str, root: Option<NodeId>) -> NodeId {
        let pointer = pointer::plain(pointer);
        if let Some(id) = self.by_pointer.get(pointer) {
            return *id;
        }
        let id = self.nodes.len();
        self.by_pointer.insert(pointer.to_owned(), id);
        self.nodes.push(Node { pointer: pointer.to_owned(), root: root.unwrap_or(id), ..Node::default() });
        id
    }

    fn site(&mut self, dimension: Dimension, name: &str, pointer: String, root: NodeId) -> SiteId {
        self.sites.push(Site { dimension, name: name.to_owned(), pointer, root });
        self.sites.len() - 1
    }

    fn follow(&mut self, id: NodeId, document: &Document, direction: Direction) {
        let (at, root) = (self.nodes[id].pointer.clone(), self.nodes[id].root);
        let Some(Value::Object(schema)) = document.at(&at) else { return };
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            let target = self.node(&pointer::of_reference(reference), None);
            self.nodes[id].parts.push(target);
            if document.version() == Version::V3_0 {
                return;
            }
        }
        for index in 0..length(schema, "allOf") {
            let part = self.node(&format!("{at}/allOf/{index}"), Some(root));
            self.nodes[id].parts.push(part);
        }
        for keyword in ["oneOf", "anyOf"] {
            for index in 0..length(schema, keyword) {
                let place = format!("{at}/{keyword}/{index}");
                let branch = self.node(&place, Some(root));
                let named = document.at(&place).and_then(|branch| branch.get("$ref")?.as_str()?.rsplit('/').next());
                let name = named.map_or_else(|| format!("{keyword} {index}"), str::to_owned);
                let site = self.site(Dimension::Branches, &name, place, root);
                self.nodes[id].branches.push((site, branch));
            }
        }
        self.listed(id, schema);
        for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let place = format!("{at}/properties/{}", escape_token(name));
            let below = self.node(&place, Some(root));
            let travels = !readonly::is_foreign(document, direction, property) && *property != Value::Bool(false);
            let site = travels.then(|| self.site(Dimension::Properties, name, place.clone(), root));
            self.properties.extend(site.map(|site| (place, site)));
            self.nodes[id].properties.insert(name.clone(), (site, below));
        }
        if schema.get("items").is_some_and(Value::is_object) {
            self.nodes[id].items = Some(self.node(&format!("{at}/items"), Some(root)));
        }
        if schema.get("additionalProperties").is_some_and(Value::is_object) {
            self.nodes[id].additional = Some(self.node(&format!("{at}/additionalProperties"), Some(root)));
        }
    }

    fn listed(&mut self, id: NodeId, schema: &Members<String, Value>) {
        let (at, root) = (self.nodes[id].pointer.clone(), self.nodes[id].root);
        for (index, value) in schema.get("enum").and_then(Value::as_array).into_iter().flatten().enumerate() {
            let name = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let site = self.site(Dimension::Values, &name, format!("{at}/enum/{index}"), root);
            match value {
                Value::String(text) => drop(self.nodes[id].texts.insert(text.clone(), site)),
                value => self.nodes[id].values.push((value.clone(), site)),
            }
        }
    }
}

fn length(schema: &Members<String, Value>, keyword: &str) -> usize {
    schema.get(keyword).and_then(Value::as_array).map_or(0, Vec::len)
}

/// The schemas of what an operation sends, or is answered.
fn schemas(operation: &Operation, direction: Direction) -> Vec<&str> {
    match direction {
        Direction::Request => {
            let bodies = operation.request.iter().flat_map(|request| &request.content);
            let bodies = bodies.filter(|content| content.is_value()).filter_map(|content| content.schema.as_deref());
            bodies.chain(operation.parameters.iter().filter_map(|parameter| parameter.schema.as_deref())).collect()
        }
        Direction::Response => {
            let bodies = operation.responses.iter().flat_map(|response| &response.content);
            bodies.filter(|content| content.is_value()).filter_map(|content| content.schema.as_deref()).collect()
        }
    }
}
