//! What a schema says in the words of another version of OpenAPI, or where its own version does not listen.
//!
//! The generated types understand most of it ([`crate::schema`]); validation, and other tools, go by the version.

use std::borrow::Cow;

use serde_json::Value;

use super::Lint;
use super::keywords;
use crate::load::Version;
use crate::load::shape::Kind;
use crate::note::{self, Note};
use crate::schema::{flag, members};
use crate::spec::is_annotation_keyword;
use crate::subject::subject;

/// Keywords of 3.1 that 3.0 does not know, and what is said instead of them. Those that only work beside one of them
/// (`then`, `minContains`) are left out, and so are those that narrow nothing (`examples`, `$defs`).
const NEWER: &[(&str, &str)] = &[
    ("const", "list the one value in `enum`; until then validation does not know of it"),
    ("contains", DECLARE_NEWER),
    ("dependentRequired", DECLARE_NEWER),
    ("dependentSchemas", DECLARE_NEWER),
    ("if", DECLARE_NEWER),
    ("patternProperties", DECLARE_NEWER),
    ("prefixItems", DECLARE_NEWER),
    ("propertyNames", DECLARE_NEWER),
    ("unevaluatedItems", DECLARE_NEWER),
    ("unevaluatedProperties", DECLARE_NEWER),
];

const DECLARE_NEWER: &str = "declare the document as OpenAPI 3.1; until then validation does not know of it";

/// Bounds that are a flag in 3.0, and a number in 3.1.
const EXCLUSIVE: [&str; 2] = ["exclusiveMinimum", "exclusiveMaximum"];

/// Words that change what values there are, or who has them, although the types treat them as mere words.
const MEANT: [&str; 3] = ["nullable", "readOnly", "writeOnly"];

/// Whether a version does not know a keyword.
pub(super) fn is_newer(version: Version, keyword: &str) -> bool {
    version < Version::V3_1 && NEWER.iter().any(|(newer, _)| *newer == keyword)
}

impl Lint<'_> {
    /// Speaks of what stands beside a reference that hides it.
    pub(super) fn beside_reference(&mut self, kind: Kind, pointer: &str, part: &Value) {
        if kind == Kind::Schema && flag(part, "nullable") {
            let message = "`nullable` stands beside a `$ref`, and no `type`".to_owned();
            self.note(note::NULLABLE_WITHOUT_TYPE, pointer, message);
        }
        // What only adds words may stand there: nobody expects it to change a value.
        let is_words = |name: &str| name == "summary" || (is_annotation_keyword(name) && !MEANT.contains(&name));
        let is_telling = |name: &&str| !is_words(name) && *name != "nullable" && part.get(*name).is_some();
        for name in keywords::of(kind).iter().map(|keyword| keyword.name).filter(is_telling) {
            let message = format!("`{name}` of {} is ignored beside its `$ref`", subject(pointer));
            let remedy = match kind {
                Kind::Schema => note::REFERENCE_SIBLINGS.remedy,
                _ => "write it where the reference leads, or all of it here; until then it counts for nothing",
            };
            self.remedied(note::REFERENCE_SIBLINGS, &format!("{pointer}/{name}"), message, remedy);
        }
    }

    /// Speaks of keywords that the document's version does not know, or means differently.
    pub(super) fn dialect(&mut self, pointer: &str, schema: &Value) {
        if self.spec.document().version() < Version::V3_1 {
            self.words_of_3_1(pointer, schema);
            if flag(schema, "nullable") && schema.get("type").is_none() {
                self.note(note::NULLABLE_WITHOUT_TYPE, pointer, "`nullable` stands beside no `type`".to_owned());
            }
        } else {
            self.words_of_3_0(pointer, schema);
        }
        self.null_in_enum(pointer, schema);
    }

    fn words_of_3_1(&mut self, pointer: &str, schema: &Value) {
        const NULL: &str =
            "write `nullable: true` for null, and `oneOf` for several types; it is read as meant, but not by all tools";
        const BOUND: &str =
            "write the number under `minimum` or `maximum`, and `true` here; it is read as meant, but not by all tools";
        let known = NEWER.iter().filter(|(keyword, _)| schema.get(*keyword).is_some());
        let known = known.map(|(keyword, remedy)| (*keyword, format!("`{keyword}`"), *remedy));
        let typed = match schema.get("type") {
            Some(Value::Array(_)) => Some(("type", "a list as the `type`".to_owned(), NULL)),
            Some(Value::String(ty)) if ty == "null" => Some(("type", "`type: null`".to_owned(), NULL)),
            _ => None,
        };
        let bounds = EXCLUSIVE.into_iter().filter(|keyword| schema.get(*keyword).is_some_and(Value::is_number));
        let bounds = bounds.map(|keyword| (keyword, format!("a number as the `{keyword}`"), BOUND));
        for (keyword, what, remedy) in known.chain(typed).chain(bounds) {
            let message =
                format!("{what} of {} is of OpenAPI 3.1, and the document of an older version", subject(pointer));
            self.remedied(note::KEYWORD_OF_OTHER_VERSION, &format!("{pointer}/{keyword}"), message, remedy);
        }
    }

    fn words_of_3_0(&mut self, pointer: &str, schema: &Value) {
        const NULL: &str =
            "add `null` to the `type`, or to the alternatives; it is read as meant, but not by all tools";
        const BOUND: &str = "write the number itself there; it is read as meant, but not by all tools";
        let nullable = flag(schema, "nullable") && !lists_null(schema);
        let nullable = nullable.then(|| ("nullable", "`nullable`".to_owned(), NULL));
        let bounds = EXCLUSIVE.into_iter().filter(|keyword| schema.get(*keyword).is_some_and(Value::is_boolean));
        let bounds = bounds.map(|keyword| (keyword, format!("true or false as the `{keyword}`"), BOUND));
        for (keyword, what, remedy) in nullable.into_iter().chain(bounds) {
            let message = format!("{what} of {} is of OpenAPI 3.0, and means nothing in a later one", subject(pointer));
            self.remedied(note::KEYWORD_OF_OTHER_VERSION, &format!("{pointer}/{keyword}"), message, remedy);
        }
    }

    /// An `enum` forbids what it does not list, null too. Where null is not said as the version says it, that is the fault.
    fn null_in_enum(&mut self, pointer: &str, schema: &Value) {
        let is_allowed = if self.spec.document().version() < Version::V3_1 {
            flag(schema, "nullable") && schema.get("type").is_some()
        } else {
            lists_null(schema)
        };
        let listed = members(schema, "enum");
        if is_allowed && !listed.is_empty() && !listed.contains(&Value::Null) {
            let message =
                format!("null is said to be a value of {}, and its `enum` does not list it", subject(pointer));
            self.note(note::ENUM_WITHOUT_NULL, &format!("{pointer}/enum"), message);
        }
    }

    /// A note whose remedy is one for its place.
    fn remedied(&mut self, rule: &'static note::Rule, pointer: &str, message: String, remedy: &'static str) {
        let note = Note::new(rule, self.spec.document(), pointer, message);
        self.notes.push(Note { remedy: Cow::Borrowed(remedy), ..note });
    }
}

/// Whether the `type` says that null is a value.
fn lists_null(schema: &Value) -> bool {
    members(schema, "type").iter().any(|ty| ty == "null")
}
