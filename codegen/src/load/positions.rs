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

/// Where the members of one object start, as far as they were noted when a key was repeated.
#[derive(Debug, Default)]
pub(super) struct Firsts {
    starts: HashMap<String, Position>,
    /// The first node that has not been looked at.
    next: usize,
}

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

    /// Where the first member of an object with a key starts.
    pub(super) fn first(&self, firsts: &mut Firsts, object: Node, key: &str) -> Option<Position> {
        for at in firsts.next.max(object.0 + 1)..self.nodes.len() {
            if self.nodes[at].parent.is_some_and(|parent| parent.0 == object.0) {
                firsts.starts.entry(self.token(at).to_owned()).or_insert(self.nodes[at].position);
            }
        }
        firsts.next = self.nodes.len();
        firsts.starts.get(&*escape_token(key)).copied()
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
