//! Making a failing document small: nodes are taken out as long as it fails alike.

use std::time::{Duration, Instant};

use obkit_codegen::Document;
use serde_json::Value;

use super::seeds::{pointers, remove};

/// How long one document may be made smaller.
const LIMIT: Duration = Duration::from_secs(15);

/// The smallest text that was found to fail in the same way.
pub(crate) fn shrink(text: &str, fails: impl Fn(&str) -> bool) -> String {
    let Ok(document) = Document::parse("shrunk", text) else { return text.to_owned() };
    let mut root = document.root().clone();
    let print = |root: &Value| serde_json::to_string_pretty(root).unwrap();
    if !fails(&print(&root)) {
        return text.to_owned();
    }
    let start = Instant::now();
    while let Some(smaller) = smaller(&root, |root| start.elapsed() < LIMIT && fails(&print(root))) {
        root = smaller;
    }
    print(&root)
}

/// The document without as many of its nodes as can be missed, the large ones first.
fn smaller(root: &Value, fails: impl Fn(&Value) -> bool) -> Option<Value> {
    let mut best = root.clone();
    let mut found = false;
    // The outer first. When an item goes, the pointers behind it mean others, which is no matter.
    for pointer in pointers(root).iter().filter(|pointer| !pointer.is_empty()) {
        let mut candidate = best.clone();
        if candidate.pointer(pointer).is_none() {
            continue;
        }
        remove(&mut candidate, pointer);
        if fails(&candidate) {
            (best, found) = (candidate, true);
        }
    }
    found.then_some(best)
}
