//! What a schema says, as far as values are followed along it.

use std::sync::{Arc, OnceLock};

use foldhash::HashMap;
use jsonschema::Validator;
use obkit_codegen::load::escape_token;
use obkit_codegen::{Document, Version};
use serde_json::{Map, Value};

use super::Graph;
use super::discriminator::{self, Discriminator};
use crate::schema::Direction;
use crate::validator::Validators;
use crate::{pointer, readonly, validator};

/// Where a document lists values without closing the list (Zalando RESTful API Guidelines, rule 112).
const EXTENSIBLE: &str = "x-extensible-enum";

/// A schema, by its number in the graph of a direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct NodeId(usize);

impl NodeId {
    pub(super) fn new(index: usize) -> Self {
        Self(index)
    }

    pub(crate) fn index(self) -> usize {
        self.0
    }
}

/// A schema.
#[derive(Debug, Default)]
pub(crate) struct Node {
    pub(crate) id: NodeId,
    /// Where it stands in the source.
    pub(crate) pointer: String,
    /// Whether no other schema holds for a value because it does: so it is with nearly all.
    pub(crate) is_alone: bool,

    // Schemas that hold for the same value.
    pub(crate) references: Vec<NodeId>,
    /// Whether its reference hides what stands beside it, as in OpenAPI 3.0.
    pub(crate) is_hidden: bool,
    pub(crate) all_of: Vec<NodeId>,
    /// `oneOf` and `anyOf`, where they list anything.
    pub(crate) alternatives: Vec<Alternatives>,
    pub(crate) condition: Option<Condition>,
    /// `dependentSchemas`: with the member that brings each in.
    pub(crate) dependent: Vec<(String, NodeId)>,
    pub(crate) discriminator: Option<Discriminator>,

    // Schemas of what is in it.
    pub(crate) properties: HashMap<String, NodeId>,
    /// `patternProperties`.
    pub(crate) patterns: Vec<Pattern>,
    /// `additionalProperties`, where they say anything.
    pub(crate) additional: Option<NodeId>,
    /// `unevaluatedProperties`, where they say anything.
    pub(crate) unevaluated: Option<NodeId>,
    pub(crate) prefix: Vec<NodeId>,
    pub(crate) items: Option<NodeId>,

    // What it says of the value itself.
    pub(crate) required: Vec<String>,
    /// Whether, as a property, it does not belong into this direction.
    pub(crate) is_foreign: bool,
    /// Whether it takes integers, and no other numbers.
    pub(crate) is_integer: bool,
    pub(crate) format: Option<String>,
    /// Texts that it lists although others may be allowed, with the keyword that lists them.
    pub(crate) listed: Vec<(&'static str, Vec<String>)>,

    validator: OnceLock<Option<Arc<Validator>>>,
}

/// Alternatives under one keyword.
#[derive(Debug)]
pub(crate) struct Alternatives {
    pub(crate) keyword: &'static str,
    pub(crate) branches: Vec<NodeId>,
}

/// `if`, with what it decides between.
#[derive(Debug)]
pub(crate) struct Condition {
    pub(crate) test: NodeId,
    pub(crate) then: Option<NodeId>,
    pub(crate) otherwise: Option<NodeId>,
}

/// Schemas of all members whose names match.
#[derive(Debug)]
pub(crate) struct Pattern {
    /// None, where the pattern cannot be read.
    names: Option<Arc<Validator>>,
    pub(crate) schema: NodeId,
}

impl Pattern {
    pub(super) fn matches(&self, name: &Value) -> bool {
        self.names.as_ref().is_some_and(|names| names.is_valid(name))
    }
}

impl Node {
    pub(super) fn placed(self, id: NodeId, pointer: String) -> Self {
        Self { id, pointer, is_alone: self.is_alone(), ..self }
    }

    /// Whether a value is valid by it. What cannot be enforced takes nothing.
    pub(crate) fn fits(&self, validators: &Validators, direction: Direction, value: &Value) -> bool {
        let compiled = self.validator.get_or_init(|| validators.compiled(direction, &self.pointer));
        compiled.as_ref().is_some_and(|validator| validator.is_valid(value))
    }

    fn is_alone(&self) -> bool {
        let Self { references, is_hidden, all_of, alternatives, condition, dependent, discriminator, .. } = self;
        let lists = [references.is_empty(), all_of.is_empty(), alternatives.is_empty(), dependent.is_empty()];
        lists == [true; 4] && !is_hidden && condition.is_none() && discriminator.is_none()
    }

    /// Whether it names members of objects, one by one or by a pattern.
    pub(crate) fn names_members(&self) -> bool {
        !self.properties.is_empty() || !self.patterns.is_empty()
    }
}

/// Reads the schema at a pointer.
pub(super) fn read(graph: &mut Graph, document: &Document, direction: Direction, at: &str) -> Node {
    let Some(value @ Value::Object(schema)) = document.at(at) else { return Node::default() };
    let mut read = Reader { graph, at, schema };
    let references: Vec<_> =
        ["$ref", "$dynamicRef"].iter().filter_map(|keyword| schema.get(*keyword)?.as_str()).collect();
    let is_foreign = readonly::is_foreign(document, direction, value);
    let references = references.into_iter().map(|to| read.graph.id(&pointer::of_reference(to))).collect::<Vec<_>>();
    if !references.is_empty() && document.version() == Version::V3_0 {
        return Node { references, is_hidden: true, is_foreign, ..Node::default() };
    }
    let bound = discriminator::targets(document, &mut read.graph.bases, at, schema);
    Node {
        references,
        all_of: read.list("allOf"),
        alternatives: read.alternatives(),
        condition: read.condition(),
        dependent: read.named("dependentSchemas"),
        discriminator: bound.map(|bound| bound.resolved(read.graph)),
        properties: read.named("properties").into_iter().collect(),
        patterns: read.patterns(),
        additional: read.telling("additionalProperties"),
        unevaluated: read.telling("unevaluatedProperties"),
        prefix: read.list("prefixItems"),
        items: read.below("items"),
        required: texts(schema.get("required")),
        is_foreign,
        is_integer: is_integer(schema),
        format: schema.get("format").and_then(Value::as_str).map(str::to_owned),
        listed: listed(document, schema),
        ..Node::default()
    }
}

/// A schema that is being read.
struct Reader<'r> {
    graph: &'r mut Graph,
    at: &'r str,
    schema: &'r Map<String, Value>,
}

impl Reader<'_> {
    /// The schema under a keyword.
    fn below(&mut self, keyword: &str) -> Option<NodeId> {
        self.schema.get(keyword)?;
        Some(self.graph.id(&format!("{}/{keyword}", self.at)))
    }

    /// The same, where it says anything.
    fn telling(&mut self, keyword: &str) -> Option<NodeId> {
        self.schema.get(keyword)?.as_object().filter(|said| !said.is_empty())?;
        self.below(keyword)
    }

    /// The schemas in a list.
    fn list(&mut self, keyword: &str) -> Vec<NodeId> {
        let length = self.schema.get(keyword).and_then(Value::as_array).map_or(0, Vec::len);
        (0..length).map(|index| self.graph.id(&format!("{}/{keyword}/{index}", self.at))).collect()
    }

    /// The schemas that have names.
    fn named(&mut self, keyword: &str) -> Vec<(String, NodeId)> {
        let named = self.schema.get(keyword).and_then(Value::as_object).into_iter().flatten();
        named
            .map(|(name, _)| (name.clone(), self.graph.id(&format!("{}/{keyword}/{}", self.at, escape_token(name)))))
            .collect()
    }

    fn alternatives(&mut self) -> Vec<Alternatives> {
        let lists = ["oneOf", "anyOf"].map(|keyword| Alternatives { keyword, branches: self.list(keyword) });
        lists.into_iter().filter(|list| !list.branches.is_empty()).collect()
    }

    fn condition(&mut self) -> Option<Condition> {
        let test = self.below("if")?;
        Some(Condition { test, then: self.below("then"), otherwise: self.below("else") })
    }

    fn patterns(&mut self) -> Vec<Pattern> {
        let compiled = |(pattern, schema): (String, _)| Pattern { names: validator::of_pattern(&pattern), schema };
        self.named("patternProperties").into_iter().map(compiled).collect()
    }
}

fn texts(listed: Option<&Value>) -> Vec<String> {
    listed.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn is_integer(schema: &Map<String, Value>) -> bool {
    match schema.get("type") {
        Some(Value::Array(kinds)) => {
            kinds.iter().any(|kind| kind == "integer") && !kinds.iter().any(|kind| kind == "number")
        }
        kind => kind == Some(&"integer".into()),
    }
}

/// The texts that a schema lists although others may be allowed: in a list that is open by name, or in alternatives of which another takes any text.
fn listed(document: &Document, schema: &Map<String, Value>) -> Vec<(&'static str, Vec<String>)> {
    let of_branch = |branch| texts(pointer::resolved(document, branch).and_then(|branch| branch.get("enum")));
    let of = |keyword| match schema.get(keyword) {
        open if keyword == EXTENSIBLE => texts(open),
        branches => branches.and_then(Value::as_array).into_iter().flatten().flat_map(of_branch).collect(),
    };
    let listed = [EXTENSIBLE, "anyOf", "oneOf"].map(|keyword| (keyword, of(keyword)));
    listed.into_iter().filter(|(_, texts)| !texts.is_empty()).collect()
}
