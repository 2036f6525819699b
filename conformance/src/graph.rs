//! The schemas of a document, prepared for those who follow values along them.
//!
//! Validation says whether a value fits. What is to be said of it besides, and what of a document it exercises, is a matter of the schemas that
//! apply to each part of it: by name, by reference, as alternatives that it is. They are read once, so that following a value reads nothing.

mod discriminator;
mod follow;
mod instance;
mod node;

use foldhash::HashMap;
use obkit_codegen::Document;

use self::discriminator::Bases;
pub(crate) use self::follow::{Applied, Visitor, follow};
pub(crate) use self::instance::Instance;
pub(crate) use self::node::{Node, NodeId};
use crate::pointer;
use crate::schema::Direction;

/// The schemas that somebody followed, with all that they lead to.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    nodes: Vec<Node>,
    by_pointer: HashMap<String, NodeId>,
    bases: Bases,
}

impl Graph {
    /// Whether the schema at a pointer is there.
    pub(crate) fn has(&self, pointer: &str) -> bool {
        self.by_pointer.contains_key(pointer::plain(pointer))
    }

    /// The schema at a pointer, if it is there.
    pub(crate) fn find(&self, pointer: &str) -> Option<&Node> {
        self.by_pointer.get(pointer::plain(pointer)).map(|id| self.node(*id))
    }

    /// The schema of a number.
    pub(crate) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }

    /// Takes in the schema at a pointer, and all that it leads to.
    pub(crate) fn add(&mut self, document: &Document, direction: Direction, pointer: &str) {
        let mut next = self.nodes.len();
        self.id(pointer);
        // What is met on the way is added behind.
        while let Some(node) = self.nodes.get(next) {
            let pointer = node.pointer.clone();
            let read = node::read(self, document, direction, &pointer);
            self.nodes[next] = read.placed(NodeId::new(next), pointer);
            next += 1;
        }
    }

    /// The number of the schema at a pointer, which is read later where it is new.
    fn id(&mut self, pointer: &str) -> NodeId {
        let pointer = pointer::plain(pointer);
        if let Some(id) = self.by_pointer.get(pointer) {
            return *id;
        }
        let id = NodeId::new(self.nodes.len());
        self.by_pointer.insert(pointer.to_owned(), id);
        self.nodes.push(Node::default().placed(id, pointer.to_owned()));
        id
    }
}
