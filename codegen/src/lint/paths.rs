//! Paths that are the same, and paths that one URL fits both of, though neither is the more concrete one.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use super::Lint;
use crate::load::escape_token;
use crate::note;
use crate::schema::{resolved, types, values};
use crate::spec::{Location, Operation, is_annotation_keyword};
use crate::template;

/// How many segments are looked at in all: as many as in thousands of paths that have little in common. Only documents
/// made to take long have more of them.
const MOST_STEPS: usize = 1 << 20;

impl Lint<'_> {
    /// Paths that differ by nothing but the names of their variables are one.
    pub(super) fn repeated_paths(&mut self) {
        let document = self.spec.document();
        let paths = document.at("/paths").and_then(Value::as_object).into_iter().flat_map(Map::keys);
        let methods = |path: &str| -> Vec<&str> {
            let operations = self.spec.operations().iter().filter(|operation| operation.path == path);
            operations.map(|operation| operation.method.as_str()).collect()
        };
        let mut first: HashMap<String, &str> = HashMap::new();
        for path in paths.filter(|path| path.starts_with('/')) {
            let shape = template::shape(path);
            if let Some(other) = first.get(&shape) {
                let mut message =
                    format!("`{path}` is the same path as `{other}`: only its variables are called otherwise");
                let both: Vec<&str> = methods(path).into_iter().filter(|m| methods(other).contains(m)).collect();
                if !both.is_empty() {
                    message.push_str(&format!("; both have `{}`", both.join("` and `")));
                }
                self.note(note::PATH_REPEATED, &format!("/paths/{}", escape_token(path)), message);
            } else {
                first.insert(shape, path);
            }
        }
    }

    /// A request of which nobody can tell what it asks for: the specification puts concrete paths first, and leaves the
    /// rest to each server.
    pub(super) fn ambiguous_paths(&mut self) {
        let spec = self.spec;
        let mut known: HashMap<&str, Known<'_>> = HashMap::new();
        let mut found: BTreeMap<(usize, &str, String), Vec<&str>> = BTreeMap::new();
        let (mut steps, mut place) = (MOST_STEPS, 0);
        for (index, operation) in spec.operations().iter().enumerate() {
            // The operations of a path stand together, and are said together.
            if spec.operations()[place].path != operation.path {
                place = index;
            }
            let Some(segments) = segments(&operation.path) else { continue };
            let known = known.entry(&operation.method).or_default();
            let fits = |other: &Operation, between: &[Segment<'_>], segments: &[Segment<'_>]| {
                self.can_hold(operation, segments, between) && self.can_hold(other, between, segments)
            };
            if let Some((other, url)) = known.ambiguous(&segments, &mut steps, fits) {
                found.entry((place, &other.path, url)).or_default().push(&operation.method);
            }
            known.add(operation, segments);
        }
        for ((place, other, url), methods) in found {
            let path = &spec.operations()[place].path;
            let methods = methods.join("` and `");
            let message =
                format!("`{url}` fits `{path}` and `{other}`, and neither is more concrete; both have `{methods}`");
            self.note(note::PATH_AMBIGUOUS, &format!("/paths/{}", escape_token(path)), message);
        }
    }

    /// Whether the variables of an operation can have the values that stand in their places in another path.
    fn can_hold(&self, operation: &Operation, own: &[Segment<'_>], other: &[Segment<'_>]) -> bool {
        own.iter().zip(other).all(|pair| match pair {
            (Segment::Variable(name), Segment::Literal(value)) => self.can_be(operation, name, value),
            _ => true,
        })
    }

    fn can_be(&self, operation: &Operation, variable: &str, value: &str) -> bool {
        let parameter = operation.parameters.iter().find(|p| p.location == Location::Path && p.name == variable);
        let schema = parameter.and_then(|parameter| resolved(self.spec.document(), parameter.schema.as_deref()?));
        let Some((_, schema)) = schema else { return true };
        let is_listed = values(schema).is_none_or(|listed| {
            listed.iter().any(|one| one.as_str().map_or_else(|| one.to_string(), str::to_owned) == value)
        });
        let is_of = |ty: &&str| match *ty {
            "integer" => value.parse::<i64>().is_ok(),
            "number" => {
                value.starts_with(|first: char| first.is_ascii_digit() || first == '-') && value.parse::<f64>().is_ok()
            }
            "boolean" => ["true", "false"].contains(&value),
            // Whether what is narrowed further can be this text is not looked into: it counts as what it cannot be.
            _ => {
                values(schema).is_some()
                    || schema.as_object().is_some_and(|members| members.keys().all(|key| is_wide(key)))
            }
        };
        let stated = types(schema);
        is_listed && (stated.is_empty() || stated.iter().any(is_of))
    }
}

/// Whether a keyword leaves a text what it is.
fn is_wide(keyword: &str) -> bool {
    keyword == "type" || is_annotation_keyword(keyword)
}

/// A part of a path between slashes.
#[derive(Clone, Copy)]
enum Segment<'p> {
    Literal(&'p str),
    Variable(&'p str),
}

/// The segments of a path; none where a variable is less than a segment, so that what fits it is hard to say.
fn segments(path: &str) -> Option<Vec<Segment<'_>>> {
    template::variables(path)?;
    let whole = |segment: &str| !segment.contains(['{', '}']);
    let segment = |segment| match str::strip_prefix(segment, '{').and_then(|rest| rest.strip_suffix('}')) {
        Some(variable) => whole(variable).then_some(Segment::Variable(variable)),
        None => whole(segment).then_some(Segment::Literal(segment)),
    };
    path.split('/').skip(1).map(segment).collect()
}

/// The paths of one method as a tree of their segments.
struct Known<'s> {
    nodes: Vec<Node<'s>>,
}

#[derive(Default)]
struct Node<'s> {
    literals: BTreeMap<&'s str, usize>,
    variable: Option<usize>,
    /// What ends here: of paths that are the same, the first.
    end: Option<(&'s Operation, Vec<Segment<'s>>)>,
}

impl Default for Known<'_> {
    fn default() -> Self {
        Self { nodes: vec![Node::default()] }
    }
}

/// A way into the tree that a path fits so far.
#[derive(Clone, Copy)]
struct Way {
    node: usize,
    depth: usize,
    /// Whether the path, and whether what is in the tree, is more concrete somewhere.
    is_more: bool,
    is_less: bool,
}

impl<'s> Known<'s> {
    fn add(&mut self, operation: &'s Operation, segments: Vec<Segment<'s>>) {
        let mut at = 0;
        for segment in &segments {
            let new = self.nodes.len();
            let node = &mut self.nodes[at];
            at = match *segment {
                Segment::Literal(literal) => *node.literals.entry(literal).or_insert(new),
                Segment::Variable(_) => *node.variable.get_or_insert(new),
            };
            if at == new {
                self.nodes.push(Node::default());
            }
        }
        self.nodes[at].end.get_or_insert((operation, segments));
    }

    /// A path of the tree that is ambiguous with these segments, and a URL that fits both.
    fn ambiguous(
        &self,
        segments: &[Segment<'_>],
        steps: &mut usize,
        fits: impl Fn(&Operation, &[Segment<'_>], &[Segment<'_>]) -> bool,
    ) -> Option<(&'s Operation, String)> {
        let mut open = vec![Way { node: 0, depth: 0, is_more: false, is_less: false }];
        while let Some(way) = open.pop() {
            *steps = steps.checked_sub(1)?;
            let node = &self.nodes[way.node];
            let Some(segment) = segments.get(way.depth) else {
                if let Some((other, between)) = &node.end
                    && way.is_more
                    && way.is_less
                    && fits(other, between, segments)
                {
                    return Some((other, url(segments, between)));
                }
                continue;
            };
            let next = |node: usize| Way { node, depth: way.depth + 1, ..way };
            match segment {
                Segment::Literal(literal) => {
                    // Nothing is no value of a variable.
                    let variable = node.variable.filter(|_| !literal.is_empty());
                    open.extend(variable.map(|node| Way { is_more: true, ..next(node) }));
                    open.extend(node.literals.get(literal).map(|node| next(*node)));
                }
                Segment::Variable(_) => {
                    let literals = node.literals.iter().filter(|(literal, _)| !literal.is_empty());
                    open.extend(literals.map(|(_, node)| Way { is_less: true, ..next(*node) }));
                    open.extend(node.variable.map(next));
                }
            }
        }
        None
    }
}

/// A URL that fits two paths.
fn url(one: &[Segment<'_>], other: &[Segment<'_>]) -> String {
    let both = one.iter().zip(other).map(|pair| match pair {
        (Segment::Literal(literal), _) | (_, Segment::Literal(literal)) => format!("/{literal}"),
        (Segment::Variable(variable), _) => format!("/{{{variable}}}"),
    });
    both.collect()
}
