//! Reading an overlay: the shape of the document, and a reason for every action.

use serde_json::{Map, Value};
use serde_json_path::JsonPath;

use super::{Action, Change, Overlay, Version};
use crate::load::{LoadError, escape_token};

const SHAPE: &str = "write `overlay: 1.0.0`, an `info` with `title` and `version`, and a list of `actions`";
const ACTION: &str = "give the action a `target`, a `description` that says why, and `update` or `remove: true`";

/// The most brackets of a target that may be open at once: its parser calls itself for each.
const MAX_OPEN: usize = 16;

impl Overlay {
    /// The actions of an overlay whose content this is.
    pub(super) fn read(&self, root: &Value) -> Result<(Version, Vec<Action>), LoadError> {
        let Some(root) = root.as_object() else {
            return Err(self.error("", "is not an OpenAPI Overlay document: its top level is not an object", SHAPE));
        };
        let version = match root.get("overlay") {
            Some(Value::String(version)) if version.starts_with("1.0.") => Version::V1_0,
            Some(Value::String(version)) if version.starts_with("1.1.") => Version::V1_1,
            Some(version) => {
                let message = format!("is an Overlay {version} document; versions 1.0 and 1.1 are supported");
                return Err(self.error("/overlay", message, "write it as Overlay \"1.0.0\" or \"1.1.0\", with quotes"));
            }
            None => {
                let message = "is not an OpenAPI Overlay document: there is no `overlay` member at the top level";
                return Err(self.error("", message, SHAPE));
            }
        };
        self.known(root, "", &["overlay", "info", "extends", "actions"], SHAPE)?;
        let info = root.get("info");
        for member in ["title", "version"] {
            if info.and_then(|info| info.get(member)).is_none_or(|value| !value.is_string()) {
                return Err(self.error("/info", format!("`info` has no text `{member}`"), SHAPE));
            }
        }
        let actions = root.get("actions").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        if actions.is_empty() {
            return Err(self.error("/actions", "has no actions", SHAPE));
        }
        let places = actions.iter().enumerate().map(|(index, action)| (format!("/actions/{index}"), action));
        let actions = places.map(|(pointer, action)| self.action(&pointer, action)).collect::<Result<_, _>>()?;
        Ok((version, actions))
    }

    fn action(&self, pointer: &str, action: &Value) -> Result<Action, LoadError> {
        let Some(action) = action.as_object() else {
            return Err(self.error(pointer, "the action is not an object", ACTION));
        };
        if action.contains_key("copy") {
            let remedy = "write what it would copy as an `update`";
            return Err(self.error(&format!("{pointer}/copy"), "`copy` of Overlay 1.1 is not supported", remedy));
        }
        self.known(action, pointer, &["target", "description", "update", "remove"], ACTION)?;
        let target = self.text(action, pointer, "target")?;
        if open_brackets(target) > MAX_OPEN {
            let message = format!("the target nests brackets more than {MAX_OPEN} deep");
            return Err(self.error(&format!("{pointer}/target"), message, "write a simpler target"));
        }
        let path = JsonPath::parse(target).map_err(|error| {
            let message = format!("the target `{target}` is not a JSONPath: {error}");
            self.error(&format!("{pointer}/target"), message, "write it as RFC 9535 says, such as `$.paths['/a'].get`")
        })?;
        self.text(action, pointer, "description")?;
        let change = self.change(action, pointer)?;
        Ok(Action { pointer: pointer.to_owned(), target: target.to_owned(), path, change })
    }

    /// One of `update` and `remove`. The specification lets `remove` win over an `update` beside it;
    /// whoever writes both means only one of them, and nothing is to be lost in silence.
    fn change(&self, action: &Map<String, Value>, pointer: &str) -> Result<Change, LoadError> {
        let remove = match action.get("remove") {
            None => false,
            Some(Value::Bool(remove)) => *remove,
            Some(_) => return Err(self.error(&format!("{pointer}/remove"), "`remove` is not a boolean", ACTION)),
        };
        match (action.get("update"), remove) {
            (Some(update), false) => Ok(Change::Update(update.clone())),
            (None, true) => Ok(Change::Remove),
            (None, false) => Err(self.error(pointer, "the action changes nothing", ACTION)),
            (Some(_), true) => {
                let message = "the action both updates and removes its target";
                Err(self.error(pointer, message, "keep one of the two; `remove` would win"))
            }
        }
    }

    /// A member that has to be a text with something in it.
    fn text<'v>(&self, object: &'v Map<String, Value>, pointer: &str, member: &str) -> Result<&'v str, LoadError> {
        match object.get(member) {
            Some(Value::String(text)) if !text.trim().is_empty() => Ok(text),
            Some(_) => {
                let message = format!("the action's `{member}` is not a text");
                Err(self.error(&format!("{pointer}/{member}"), message, ACTION))
            }
            None => Err(self.error(pointer, format!("the action has no `{member}`"), ACTION)),
        }
    }

    /// What is misspelt would be ignored, so nothing but extensions may stand beside what is known.
    fn known(
        &self,
        object: &Map<String, Value>,
        pointer: &str,
        members: &[&str],
        remedy: &str,
    ) -> Result<(), LoadError> {
        let unknown = object.keys().find(|key| !members.contains(&key.as_str()) && !key.starts_with("x-"));
        unknown.map_or(Ok(()), |key| {
            let message = format!("`{key}` is no member of an overlay");
            Err(self.error(&format!("{pointer}/{}", escape_token(key)), message, remedy))
        })
    }
}

/// How many brackets are open at once, at most; those in quotes count, too, which is no matter.
fn open_brackets(target: &str) -> usize {
    let (mut open, mut most) = (0_usize, 0);
    for byte in target.bytes() {
        match byte {
            b'[' | b'(' => open += 1,
            b']' | b')' => open = open.saturating_sub(1),
            _ => {}
        }
        most = most.max(open);
    }
    most
}
