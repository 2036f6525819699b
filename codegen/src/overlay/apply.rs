//! Applying an overlay: the content changes, and what is left keeps its place in the source.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use super::{Action, Change, Overlay, Version};
use crate::load::{LoadError, MAX_DEPTH, Position, Positions, Source, escape_token, is_container};

impl Overlay {
    /// Makes the changes to what an author wrote, one action after the other.
    ///
    /// What an overlay changes keeps the place it has in the document, and what it adds has the place
    /// of what it is added to, so that messages go on to name lines of the document.
    ///
    /// An action whose target matches nothing or cannot be changed so is an error, which names the overlay and the
    /// line of the action.
    pub(crate) fn apply(&self, source: &mut Source) -> Result<(), LoadError> {
        for action in &self.actions {
            let targets = self.targets(action, &source.root, &source.file.display().to_string())?;
            match &action.change {
                Change::Update(update) => self.update(action, &mut source.root, &targets, update)?,
                Change::Remove => {
                    let mut rest = Rest { gone: &targets, old: &source.marks.positions, kept: HashMap::new() };
                    source.root = rest.of(std::mem::take(&mut source.root), &mut String::new(), &mut String::new());
                    source.marks.positions = rest.kept.into();
                }
            }
        }
        if deeper(&source.root, MAX_DEPTH) {
            let message = format!("leaves a document that is nested deeper than {MAX_DEPTH} levels");
            return Err(self.error("/actions", message, "flatten the updates"));
        }
        Ok(())
    }

    /// The pointers of all places that a target matches.
    fn targets(&self, action: &Action, root: &Value, document: &str) -> Result<BTreeSet<String>, LoadError> {
        let found = action.path.query_located(root);
        let targets: BTreeSet<String> = found.locations().map(|place| place.to_json_pointer()).collect();
        let pointer = format!("{}/target", action.pointer);
        if targets.is_empty() {
            let message = format!("the target `{}` matches nothing in {document}", action.target);
            let remedy = "correct the target, or remove the action if the document needs it no longer";
            return Err(self.error(&pointer, message, remedy));
        }
        if matches!(action.change, Change::Remove) && targets.contains("") {
            let message = format!("the target `{}` removes the whole document", action.target);
            return Err(self.error(&pointer, message, "name the part that is to go"));
        }
        Ok(targets)
    }

    /// Merges into every target that is an object, adds to every one that is a list, and replaces what is neither.
    fn update(
        &self,
        action: &Action,
        root: &mut Value,
        targets: &BTreeSet<String>,
        update: &Value,
    ) -> Result<(), LoadError> {
        for target in targets {
            let newer = self.version == Version::V1_1;
            match (root.pointer_mut(target), update) {
                (Some(Value::Array(items)), Value::Array(more)) if newer => items.extend(more.iter().cloned()),
                (Some(Value::Array(items)), _) => items.push(update.clone()),
                (Some(object @ Value::Object(_)), Value::Object(_)) => merge(object, update),
                // A target within another one, which has been replaced meanwhile.
                (None, _) => {}
                (Some(value), _) if newer && !is_container(value) && !is_container(update) => update.clone_into(value),
                (Some(other), _) => {
                    let (message, remedy) = if other.is_object() {
                        ("is an object, and the update is not", "write the update as an object, which is merged")
                    } else {
                        ("is neither an object nor a list", "name what holds it, and update its member")
                    };
                    let message = format!("the target `{}` at `{target}` {message}", action.target);
                    return Err(self.error(&format!("{}/target", action.pointer), message, remedy));
                }
            }
        }
        Ok(())
    }
}

/// Objects are merged member by member, lists are joined, and anything else is replaced.
fn merge(target: &mut Value, update: &Value) {
    match (target, update) {
        (Value::Object(members), Value::Object(updates)) => {
            for (key, update) in updates {
                match members.get_mut(key) {
                    Some(member) => merge(member, update),
                    None => {
                        members.insert(key.clone(), update.clone());
                    }
                }
            }
        }
        (Value::Array(items), Value::Array(more)) => items.extend(more.iter().cloned()),
        (target, update) => update.clone_into(target),
    }
}

/// What is left when some places are gone. Items of lists move up, and their positions with them.
struct Rest<'a> {
    gone: &'a BTreeSet<String>,
    old: &'a Positions,
    kept: HashMap<String, Position>,
}

impl Rest<'_> {
    /// The rest of a value that was at one pointer and will be at another.
    fn of(&mut self, value: Value, was: &mut String, will_be: &mut String) -> Value {
        if let Some(position) = self.old.get(was.as_str()) {
            self.kept.insert(will_be.clone(), position);
        }
        match value {
            Value::Object(members) => {
                let rest = members.into_iter().filter_map(|(key, member)| {
                    let token = escape_token(&key);
                    self.member(member, (was, &token), (will_be, &token)).map(|member| (key, member))
                });
                Value::Object(rest.collect())
            }
            Value::Array(items) => {
                let mut rest = Vec::with_capacity(items.len());
                for (index, item) in items.into_iter().enumerate() {
                    let next = rest.len().to_string();
                    rest.extend(self.member(item, (was, &index.to_string()), (will_be, &next)));
                }
                Value::Array(rest)
            }
            scalar => scalar,
        }
    }

    /// The rest of a member or an item, unless it is gone itself.
    fn member(&mut self, value: Value, was: (&mut String, &str), will_be: (&mut String, &str)) -> Option<Value> {
        let (was, token) = was;
        let (will_be, next) = will_be;
        let lengths = (was.len(), will_be.len());
        was.push('/');
        was.push_str(token);
        will_be.push('/');
        will_be.push_str(next);
        let rest = (!self.gone.contains(was.as_str())).then(|| self.of(value, was, will_be));
        was.truncate(lengths.0);
        will_be.truncate(lengths.1);
        rest
    }
}

/// Whether a value is nested deeper than so many levels.
fn deeper(value: &Value, levels: usize) -> bool {
    let Some(left) = levels.checked_sub(1) else { return is_container(value) };
    match value {
        Value::Object(members) => members.values().any(|member| deeper(member, left)),
        Value::Array(items) => items.iter().any(|item| deeper(item, left)),
        _ => false,
    }
}
