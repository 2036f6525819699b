//! Where the nodes of a file start in its text.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::origin::nearest;
use super::{Position, escape_token};

/// The position of each node of a file, found by its JSON pointer.
///
/// Every node of every document is noted, and few are ever asked for: noting one takes no more than its token and
/// a few words, and the pointers are put together when the first is asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Positions {
    nodes: Vec<Noted>,
    /// The tokens of all nodes, escaped, in the order of the nodes.
    tokens: String,
    index: OnceLock<HashMap<String, Position>>,
}

/// A node that was noted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node(usize);

#[derive(Clone, Debug)]
struct Noted {
    /// None has the root.
    parent: Option<Node>,
    /// Where its token ends; it begins where that of the node before ends.
    end: usize,
    position: Position,
}

impl Positions {
    /// Notes the root.
    pub(super) fn root(&mut self, position: Position) -> Node {
        self.push(None, position)
    }

    /// Notes a member of an object.
    pub(super) fn member(&mut self, object: Node, key: &str, position: Position) -> Node {
        self.tokens.push_str(&escape_token(key));
        self.push(Some(object), position)
    }

    /// Notes an item of a list.
    pub(super) fn item(&mut self, list: Node, index: usize, position: Position) -> Node {
        self.tokens.push_str(&index.to_string());
        self.push(Some(list), position)
    }

    fn push(&mut self, parent: Option<Node>, position: Position) -> Node {
        self.index.take();
        self.nodes.push(Noted { parent, end: self.tokens.len(), position });
        Node(self.nodes.len() - 1)
    }

    fn token(&self, node: usize) -> &str {
        let end = |node: &Noted| node.end;
        let start = node.checked_sub(1).and_then(|before| self.nodes.get(before)).map_or(0, end);
        self.nodes.get(node).and_then(|noted| self.tokens.get(start..noted.end)).unwrap_or_default()
    }

    /// The pointer of a node.
    pub(super) fn pointer(&self, node: Node) -> String {
        let mut tokens = Vec::new();
        let mut at = node;
        while let Some(parent) = self.nodes.get(at.0).and_then(|noted| noted.parent) {
            tokens.push(self.token(at.0));
            at = parent;
        }
        tokens.iter().rev().fold(String::new(), |pointer, token| pointer + "/" + token)
    }

    /// Where the member of an object that is still being noted starts.
    pub(super) fn of_member(&self, object: Node, key: &str) -> Option<Position> {
        let token = escape_token(key);
        let is_it =
            |at: &usize| self.nodes[*at].parent.is_some_and(|parent| parent.0 == object.0) && self.token(*at) == token;
        (object.0 + 1..self.nodes.len()).find(is_it).map(|at| self.nodes[at].position)
    }

    /// Where a pointer starts, if it was noted.
    pub(crate) fn get(&self, pointer: &str) -> Option<Position> {
        self.index().get(pointer).copied()
    }

    /// Where a pointer starts, or the nearest of what holds it.
    pub(crate) fn nearest(&self, pointer: &str) -> Option<Position> {
        nearest(self.index(), pointer).map(|(position, _)| *position)
    }

    fn index(&self) -> &HashMap<String, Position> {
        self.index.get_or_init(|| {
            let mut pointers: Vec<String> = Vec::with_capacity(self.nodes.len());
            for (at, noted) in self.nodes.iter().enumerate() {
                // A parent was noted before its children.
                pointers.push(match noted.parent.and_then(|parent| pointers.get(parent.0)) {
                    Some(above) => format!("{above}/{}", self.token(at)),
                    None => String::new(),
                });
            }
            pointers.into_iter().zip(&self.nodes).map(|(pointer, noted)| (pointer, noted.position)).collect()
        })
    }
}

impl From<HashMap<String, Position>> for Positions {
    /// Those of pointers that are known as a whole.
    fn from(index: HashMap<String, Position>) -> Self {
        Self { nodes: Vec::new(), tokens: String::new(), index: index.into() }
    }
}
