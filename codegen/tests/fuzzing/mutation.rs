//! Changes that know the structure of a document.

use obkit_codegen::load::unescape_token;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use super::seeds::{pointers, remove};

/// A document is not mutated beyond this size: a node may be put into itself some times over.
const MAX_NODES: usize = 20_000;

/// One change at one place.
#[derive(Clone, Debug)]
pub(crate) enum Mutation {
    Delete(Index),
    Replace(Index, Value),
    Copy {
        from: Index,
        to: Index,
    },
    Swap(Index, Index),
    /// One more item, or one more member under this key.
    Duplicate(Index, String),
    Rename(Index, String),
    /// The node becomes a reference to another, or to itself.
    Refer {
        from: Index,
        to: Index,
    },
    /// A reference refers to what another one refers to.
    Redirect {
        from: Index,
        to: Index,
    },
    /// An object gets a keyword that means something in OpenAPI.
    Keyword(Index, &'static str, Value),
}

impl Mutation {
    pub(crate) fn strategy() -> impl Strategy<Value = Self> {
        let at = any::<Index>;
        prop_oneof![
            2 => at().prop_map(Self::Delete),
            3 => (at(), odd()).prop_map(|(at, value)| Self::Replace(at, value)),
            2 => (at(), at()).prop_map(|(from, to)| Self::Copy { from, to }),
            1 => (at(), at()).prop_map(|(a, b)| Self::Swap(a, b)),
            1 => (at(), name()).prop_map(|(at, name)| Self::Duplicate(at, name)),
            2 => (at(), name()).prop_map(|(at, name)| Self::Rename(at, name)),
            1 => (at(), at()).prop_map(|(from, to)| Self::Refer { from, to }),
            2 => (at(), at()).prop_map(|(from, to)| Self::Redirect { from, to }),
            5 => (at(), keyword()).prop_map(|(at, (key, value))| Self::Keyword(at, key, value)),
        ]
    }

    pub(crate) fn apply(&self, root: &mut Value) {
        let mut all = pointers(root);
        // Without the frame of the document; when that is broken, nothing else is looked at.
        all.retain(|at| at.matches('/').count() > 1);
        if all.is_empty() || all.len() > MAX_NODES {
            return;
        }
        let place = |index: &Index| index.get(&all).as_str();
        match self {
            Self::Delete(at) => remove(root, place(at)),
            Self::Replace(at, value) => set(root, place(at), value.clone()),
            Self::Copy { from, to } => {
                let value = root.pointer(place(from)).cloned().unwrap_or_default();
                set(root, place(to), value);
            }
            Self::Swap(a, b) => {
                let [a, b] = [place(a), place(b)];
                let [at_a, at_b] = [a, b].map(|at| root.pointer(at).cloned().unwrap_or_default());
                set(root, a, at_b);
                set(root, b, at_a);
            }
            Self::Duplicate(at, name) => duplicate(root, place(at), name),
            Self::Rename(at, name) => rename(root, place(at), name),
            Self::Refer { from, to } => set(root, place(from), json!({ "$ref": format!("#{}", place(to)) })),
            Self::Redirect { from, to } => {
                let references: Vec<&String> = all.iter().filter(|at| at.ends_with("/$ref")).collect();
                if !references.is_empty() {
                    let target = root.pointer(references[to.index(references.len())]).cloned().unwrap_or_default();
                    set(root, references[from.index(references.len())], target);
                }
            }
            Self::Keyword(at, key, value) => {
                let objects: Vec<&String> =
                    all.iter().filter(|at| root.pointer(at).is_some_and(Value::is_object)).collect();
                if !objects.is_empty() {
                    let at: &str = objects[at.index(objects.len())];
                    root.pointer_mut(at).unwrap()[*key] = value.clone();
                }
            }
        }
    }
}

fn set(root: &mut Value, pointer: &str, value: Value) {
    if let Some(node) = root.pointer_mut(pointer) {
        *node = value;
    }
}

fn duplicate(root: &mut Value, pointer: &str, name: &str) {
    let value = root.pointer(pointer).cloned().unwrap_or_default();
    match pointer.rsplit_once('/').and_then(|(parent, _)| root.pointer_mut(parent)) {
        Some(Value::Array(items)) => items.push(value),
        Some(Value::Object(members)) => {
            members.insert(name.to_owned(), value);
        }
        _ => {}
    }
}

fn rename(root: &mut Value, pointer: &str, name: &str) {
    let Some((parent, key)) = pointer.rsplit_once('/') else { return };
    if let Some(Value::Object(members)) = root.pointer_mut(parent)
        && let Some(value) = members.shift_remove(&*unescape_token(key))
    {
        members.insert(name.to_owned(), value);
    }
}

/// Names and texts that are likely to be wrong.
fn name() -> impl Strategy<Value = String> {
    let odd = [
        "",
        " ",
        "a",
        "A",
        "type",
        "self",
        "Self",
        "crate",
        "r#fn",
        "_",
        "__",
        "1",
        "é",
        "名前",
        "a b",
        "a-b",
        "a_b",
        "aB",
        "/",
        "/{a}",
        "/{a}/{a}",
        "{",
        "}",
        "~",
        "~1",
        "$ref",
        "x-sensitive",
        "Option",
        "String",
        "Vec",
        "Result",
        "Error",
        "Client",
        "Value",
        "default",
        "200",
        "2XX",
        "204",
        "599",
        "0",
        "application/json",
        "text/plain",
        "*/*",
        "a/b; c=\"d\"",
        "X-A",
        "Authorization",
        "\0",
        "\n",
        "\u{202e}",
        "*/ }",
        "\"#",
        "#/components/schemas/A",
        "https://a.b/c",
        "body",
        "client",
        "send",
        "match",
        "async",
    ];
    prop_oneof![4 => select(odd.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,12}", 1 => "[a-zA-Z_$ {}/~.-]{0,20}"]
}

/// Values that are likely to be wrong anywhere.
fn odd() -> impl Strategy<Value = Value> {
    let numbers = [
        json!(0),
        json!(-1),
        json!(1),
        json!(1.5),
        json!(-0.0),
        json!(1e300),
        json!(5e-324),
        json!(i64::MIN),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(4_294_967_296_u64),
        json!(0.1),
    ];
    prop_oneof![
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        1 => select(numbers.to_vec()),
        3 => name().prop_map(Value::from),
        1 => Just(json!([])),
        1 => Just(json!({})),
        1 => Just(json!([[], {}, null])),
        1 => (name(), name()).prop_map(|(key, value)| json!({ key: value })),
        1 => proptest::collection::vec(name(), 0..4).prop_map(Value::from),
    ]
}

/// Keywords of OpenAPI with values that are right somewhere.
fn keyword() -> impl Strategy<Value = (&'static str, Value)> {
    let types = ["string", "number", "integer", "boolean", "array", "object", "null", "any"];
    let formats =
        ["date", "date-time", "uuid", "decimal", "int32", "int64", "binary", "byte", "password", "double", "odd"];
    let schema = || {
        prop_oneof![
            Just(json!({})),
            select(types.to_vec()).prop_map(|ty| json!({ "type": ty })),
            Just(json!({ "type": "object", "properties": { "a": { "type": "string" } }, "required": ["a"] })),
            Just(json!({ "type": "array", "items": { "type": "array", "items": {} } })),
            Just(json!({ "type": "string", "enum": ["a", "A", "", null, 1] })),
            Just(json!({ "oneOf": [{ "type": "string" }, { "type": "object", "nullable": true }] })),
        ]
    };
    let keyed = |keys: &[&'static str], value: BoxedStrategy<Value>| (select(keys.to_vec()), value);
    prop_oneof![
        3 => keyed(&["type"], select(types.to_vec()).prop_map(Value::from).boxed()),
        2 => keyed(&["format"], select(formats.to_vec()).prop_map(Value::from).boxed()),
        2 => keyed(&["nullable", "required", "uniqueItems", "exclusiveMinimum", "exclusiveMaximum", "readOnly", "writeOnly",
            "deprecated", "x-sensitive", "explode", "allowReserved", "additionalProperties"], any::<bool>().prop_map(Value::from).boxed()),
        2 => keyed(&["minimum", "maximum", "multipleOf", "minLength", "maxLength", "minItems", "maxItems", "minProperties",
            "maxProperties", "exclusiveMinimum", "default", "example", "enum", "const"], odd().boxed()),
        1 => keyed(&["pattern"], select(vec!["(a", "^[A-Z]{3}$", "\\p{L}", "(?<=a)b", "[", "a{99999}", "(a*)*b", ""]).prop_map(Value::from).boxed()),
        3 => keyed(&["items", "additionalProperties", "not", "schema", "default"], schema().boxed()),
        2 => keyed(&["allOf", "oneOf", "anyOf"], proptest::collection::vec(schema(), 0..3).prop_map(Value::from).boxed()),
        2 => keyed(&["properties", "schemas", "responses", "content", "headers"], (name(), schema()).prop_map(|(key, value)| json!({ key: value })).boxed()),
        1 => keyed(&["discriminator"], name().prop_map(|name| json!({ "propertyName": name, "mapping": { name.clone(): name } })).boxed()),
        1 => keyed(&["operationId", "title", "description", "name", "in", "style", "$ref", "url", "version"], name().prop_map(Value::from).boxed()),
        1 => keyed(&["in"], select(vec!["query", "header", "path", "cookie", "body"]).prop_map(Value::from).boxed()),
        1 => keyed(&["style"], select(vec!["form", "simple", "deepObject", "spaceDelimited", "pipeDelimited"]).prop_map(Value::from).boxed()),
        1 => keyed(&["security"], Just(json!([{ "it": [] }, {}])).boxed()),
        1 => keyed(&["servers"], Just(json!([{ "url": "/{v}", "variables": { "v": { "default": "1" } } }])).boxed()),
        1 => keyed(&["openapi"], select(vec!["3.0.0", "3.1.0", "3.2.0", "2.0"]).prop_map(Value::from).boxed()),
    ]
}
