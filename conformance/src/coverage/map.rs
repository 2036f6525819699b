//! What there is to exercise of the schemas of a document.

use std::collections::{HashSet, VecDeque};

use foldhash::HashMap;
use obkit_codegen::Spec;
use obkit_codegen::spec::{Content, Operation};
use serde_json::Value;

use super::Dimension;
use crate::contract::Contract;
use crate::graph::{Graph, Node, NodeId};
use crate::pointer;
use crate::schema::Direction;

/// A thing to be exercised, by its number.
pub(super) type SiteId = usize;

/// A property, a listed value or an alternative.
#[derive(Debug)]
pub(super) struct Site {
    pub(super) dimension: Dimension,
    pub(super) name: String,
    pub(super) pointer: String,
    /// The number of the schema that it belongs to.
    pub(super) root: usize,
}

/// What there is to exercise of a schema.
#[derive(Debug, Default)]
pub(super) struct Sites {
    /// The schema itself, where it is that of a property, or an alternative.
    pub(super) own: Option<SiteId>,
    /// The texts that it lists.
    pub(super) texts: HashMap<String, SiteId>,
    /// The other values that it lists.
    pub(super) values: Vec<(Value, SiteId)>,
}

/// All that there is to exercise in a direction. It is made once, so that following a value makes nothing.
#[derive(Debug, Default)]
pub(crate) struct Map {
    /// The pointers of the outermost schemas: components, and those that stand in an operation.
    pub(super) roots: Vec<String>,
    pub(super) sites: Vec<Site>,
    /// By the number of the schema in the graph.
    by_schema: Vec<Sites>,
    by_pointer: HashMap<String, NodeId>,
}

impl Map {
    /// Follows the schemas of some pointers, of values that travel in a direction.
    pub(crate) fn new(contract: &Contract, direction: Direction, schemas: &[&str]) -> Self {
        let (spec, validators) = (contract.spec(), contract.validators());
        let graph = validators.graph(direction, schemas.iter().copied());
        let mut map = Self::default();
        let mut reader = Reader { map: &mut map, graph: &graph, spec, seen: HashSet::new(), open: VecDeque::new() };
        for schema in schemas.iter().filter_map(|schema| graph.find(schema)) {
            reader.root(schema);
        }
        reader.read();
        map
    }

    /// Where all that there is to exercise stands.
    pub(super) fn pointers(&self) -> HashSet<&str> {
        self.sites.iter().map(|site| site.pointer.as_str()).collect()
    }

    /// What there is to exercise of a schema, if values of it travel.
    pub(super) fn of(&self, schema: NodeId) -> Option<&Sites> {
        self.by_schema.get(schema.index())
    }

    /// The same of the schema at a pointer.
    pub(super) fn at(&self, pointer: &str) -> Option<&Sites> {
        self.of(*self.by_pointer.get(pointer::plain(pointer))?)
    }
}

/// Reads schemas in the order in which they are met, each once.
struct Reader<'r> {
    map: &'r mut Map,
    graph: &'r Graph,
    spec: &'r Spec,
    seen: HashSet<NodeId>,
    /// Schemas that are still to be read, each with the number of its root.
    open: VecDeque<(&'r Node, usize)>,
}

impl<'r> Reader<'r> {
    fn read(&mut self) {
        while let Some((schema, root)) = self.open.pop_front() {
            self.schema(schema, root);
        }
    }

    /// A schema that is a root, unless it was met before.
    fn root(&mut self, schema: &'r Node) {
        if self.meet(schema, self.map.roots.len()) {
            self.map.roots.push(schema.pointer.clone());
        }
    }

    fn meet(&mut self, schema: &'r Node, root: usize) -> bool {
        let is_new = self.seen.insert(schema.id);
        if is_new {
            self.open.push_back((schema, root));
            self.map.by_pointer.insert(schema.pointer.clone(), schema.id);
        }
        is_new
    }

    fn sites(&mut self, schema: &Node) -> &mut Sites {
        let (index, known) = (schema.id.index(), &mut self.map.by_schema);
        if known.len() <= index {
            known.resize_with(index + 1, Sites::default);
        }
        &mut known[index]
    }

    fn schema(&mut self, schema: &'r Node, root: usize) {
        let graph = self.graph;
        let heirs = schema.discriminator.iter().flat_map(|discriminator| discriminator.targets.values());
        for target in schema.references.iter().chain(heirs) {
            self.root(graph.node(*target));
        }
        for list in &schema.alternatives {
            for (index, branch) in list.branches.iter().enumerate() {
                self.branch(format!("{} {index}", list.keyword), graph.node(*branch), root);
            }
        }
        self.listed(schema, root);
        let mut properties: Vec<_> = schema.properties.iter().collect();
        properties.sort_unstable_by_key(|(name, _)| *name);
        for (name, property) in properties {
            self.property(name, graph.node(*property), root);
        }
        let condition = schema.condition.iter().flat_map(|condition| [condition.then, condition.otherwise]).flatten();
        let dependent = schema.dependent.iter().map(|(_, dependent)| *dependent);
        let patterns = schema.patterns.iter().map(|pattern| pattern.schema);
        let below = [schema.additional, schema.unevaluated, schema.items].into_iter().flatten();
        let further = schema.all_of.iter().chain(&schema.prefix).copied();
        for further in further.chain(condition).chain(dependent).chain(patterns).chain(below) {
            self.meet(graph.node(further), root);
        }
    }

    /// An alternative, by the name of the schema that it is, or by its place.
    fn branch(&mut self, place: String, branch: &'r Node, root: usize) {
        let target = branch.references.first().map(|target| &self.graph.node(*target).pointer);
        let name = target.and_then(|target| target.rsplit('/').next()).map_or(place, str::to_owned);
        let site = self.site(Dimension::Branches, &name, branch.pointer.clone(), root);
        self.sites(branch).own = Some(site);
        self.meet(branch, root);
    }

    fn property(&mut self, name: &str, property: &'r Node, root: usize) {
        let is_allowed = self.spec.document().at(&property.pointer) != Some(&Value::Bool(false));
        if is_allowed && !property.is_foreign {
            let site = self.site(Dimension::Properties, name, property.pointer.clone(), root);
            self.sites(property).own = Some(site);
        }
        self.meet(property, root);
    }

    fn listed(&mut self, schema: &'r Node, root: usize) {
        let listed = self.spec.document().at(&schema.pointer).and_then(|schema| schema.get("enum")?.as_array());
        let Some(values) = listed.filter(|_| !schema.is_hidden) else { return };
        for (index, value) in values.iter().enumerate() {
            let name = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let site = self.site(Dimension::Values, &name, format!("{}/enum/{index}", schema.pointer), root);
            match value {
                Value::String(text) => drop(self.sites(schema).texts.insert(text.clone(), site)),
                value => self.sites(schema).values.push((value.clone(), site)),
            }
        }
    }

    fn site(&mut self, dimension: Dimension, name: &str, pointer: String, root: usize) -> SiteId {
        self.map.sites.push(Site { dimension, name: name.to_owned(), pointer, root });
        self.map.sites.len() - 1
    }
}

/// The schemas of all that travels of operations in a direction: bodies and parameters.
pub(crate) fn schemas<'o>(operations: impl IntoIterator<Item = &'o Operation>, direction: Direction) -> Vec<&'o str> {
    let of = |operation: &'o Operation| {
        let parameters = operation.parameters.iter().filter(move |_| direction == Direction::Request);
        bodies([operation], direction).into_iter().chain(parameters.filter_map(|parameter| parameter.schema.as_deref()))
    };
    operations.into_iter().flat_map(of).collect()
}

/// The schemas of their bodies.
pub(super) fn bodies<'o>(operations: impl IntoIterator<Item = &'o Operation>, direction: Direction) -> Vec<&'o str> {
    let contents = |operation: &'o Operation| -> Vec<&'o Content> {
        match direction {
            Direction::Request => operation.request.iter().flat_map(|request| &request.content).collect(),
            Direction::Response => operation.responses.iter().flat_map(|response| &response.content).collect(),
        }
    };
    let values = operations.into_iter().flat_map(contents).filter(|content| content.is_value());
    values.filter_map(|content| content.schema.as_deref()).collect()
}
