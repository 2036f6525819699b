//! Words about values.

/// Keywords that say something about a value without narrowing it.
const ANNOTATIONS: &[&str] = &[
    "$comment",
    "$defs",
    "default",
    "deprecated",
    "description",
    "example",
    "examples",
    "externalDocs",
    "nullable",
    "readOnly",
    "title",
    "writeOnly",
    "xml",
];

/// Whether a keyword of a schema only adds words.
pub(crate) fn is_annotation_keyword(keyword: &str) -> bool {
    ANNOTATIONS.contains(&keyword) || keyword.starts_with("x-")
}
