//! A case: a seed and what is done to it.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::mutation::Mutation;
use super::seeds::Seeds;

#[derive(Clone, Debug)]
pub(crate) enum Case {
    /// A part of a document, changed node by node, read as JSON or as YAML.
    Nodes { seed: Index, keep: Vec<Index>, mutations: Vec<Mutation>, yaml: bool },
    /// The text of a document, changed byte by byte, and cut off.
    Bytes { seed: Index, edits: Vec<(Index, u8, bool)>, end: Option<Index> },
    /// Any text.
    Any(String),
}

impl Case {
    pub(crate) fn strategy() -> impl Strategy<Value = Self> {
        let telling = select(b"{}[]:,-'\"#&*|>?!%@\n \t0~<\\a\x00\xff".to_vec());
        let edits = vec((any::<Index>(), telling, any::<bool>()), 0..6);
        let nodes = (any::<Index>(), vec(any::<Index>(), 1..3), vec(Mutation::strategy(), 1..6), any::<bool>());
        prop_oneof![
            12 => nodes.prop_map(|(seed, keep, mutations, yaml)| Self::Nodes { seed, keep, mutations, yaml }),
            2 => (any::<Index>(), edits, any::<Option<Index>>())
                .prop_map(|(seed, edits, end)| Self::Bytes { seed, edits, end }),
            1 => prop_oneof!["\\PC{0,200}", vec(any::<u8>(), 0..200).prop_map(|b| String::from_utf8_lossy(&b).into_owned())]
                .prop_map(Self::Any),
        ]
    }

    /// The document of the case.
    pub(crate) fn text(&self, seeds: &Seeds) -> String {
        match self {
            Self::Nodes { seed, keep, mutations, yaml } => {
                let mut root = seeds.pick(*seed).pruned(keep);
                mutations.iter().for_each(|mutation| mutation.apply(&mut root));
                let json = serde_json::to_string_pretty(&root).unwrap();
                // Pretty JSON is YAML, too; the leading comment makes it be read as that.
                if *yaml { format!("# YAML\n{json}") } else { json }
            }
            Self::Bytes { seed, edits, end } => {
                let mut bytes = seeds.pick(*seed).text.clone().into_bytes();
                for (index, byte, insert) in edits {
                    let at = index.index(bytes.len());
                    if *insert {
                        bytes.insert(at, *byte);
                    } else {
                        bytes[at] = *byte;
                    }
                }
                bytes.truncate(end.map_or(bytes.len(), |end| end.index(bytes.len())));
                String::from_utf8_lossy(&bytes).into_owned()
            }
            Self::Any(text) => text.clone(),
        }
    }
}
