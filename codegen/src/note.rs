//! What is said aloud about a document: notes, and the rules they belong to.

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::article::Article;
#[cfg(feature = "generate")]
use crate::load::{Document, Fault, Origin, Position};

/// How much a note or a finding matters, the mildest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// A document does not mean what it seems to say, something is lost, or something is likely to hurt.
    Warning,
    /// A document is not valid, or cannot be generated or validated as it stands; a contract is broken, or a check could
    /// not be made.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// A rule: one construct, one id, one remedy. All rules stand in [`RULES`].
///
/// Ids are stable: reports, baselines and suppressions name rules by them.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The stable id.
    pub id: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// Whether meaning of the document is lost.
    pub lossy: bool,
    /// What can be done.
    pub remedy: &'static str,
    /// What it means, a document that fires it, and one much like it that does not: the text of
    /// `rules/<id>.md`.
    text: &'static str,
}

impl Rule {
    /// What is written about the rule.
    #[must_use]
    pub fn article(&self) -> Article {
        Article::read(self.text)
    }
}

/// Declares the rules and the table of all of them. Each has a file of its own under `rules/`.
macro_rules! rules {
    ($($name:ident = $id:literal, $severity:ident, $lossy:literal, $remedy:literal;)*) => {
        $(pub(crate) const $name: &Rule = &Rule {
            id: $id,
            severity: Severity::$severity,
            lossy: $lossy,
            remedy: $remedy,
            text: include_str!(concat!("rules/", $id, ".md")),
        };)*
        /// Every rule, those of lowering before those of lint.
        ///
        /// The table is what a report needs beside the notes: what a rule's id stands for, and what
        /// can be done about it.
        ///
        /// ```
        /// use obkit_codegen::{Severity, note::RULES};
        ///
        /// let rule = RULES.iter().find(|rule| rule.id == "header-name");
        /// assert!(rule.is_some_and(|rule| rule.severity == Severity::Error));
        /// ```
        pub const RULES: &[&Rule] = &[$($name),*];
    };
}

rules! {
    // Lowering: what is turned into something else on its way to Rust.
    DEFAULT_RESPONSE = "default-response", Info, false,
        "nothing to do: the body is tried for every status that is not a documented success";
    SEVERAL_ERROR_BODIES = "several-error-bodies", Info, false,
        "nothing to do: the bodies become one enum, decoded by status";
    SEVERAL_SUCCESS_BODIES = "several-success-bodies", Info, false,
        "nothing to do: the bodies become one enum, decoded by status";
    MEDIA_TYPE_PARAMETERS = "media-type-parameters", Info, false,
        "nothing to do: parameters such as a charset do not change how JSON is read";
    MEDIA_TYPE_RANGE = "media-type-range", Info, false,
        "nothing to do: JSON is sent and asked for; name `application/json` to say so";
    BINARY_BODY = "binary-body", Info, false,
        "nothing to do: the body is handed out as a stream of bytes";
    MIXED_SUCCESS_BODIES = "mixed-success-bodies", Warning, true,
        "tell the bodies apart by the Content-Type header of the response, and decode JSON by hand";
    NULLABLE_BODY = "nullable-body", Warning, true,
        "answer null inside of an object, or with 204; until then a null is an error whose body can be read";
    SEVERAL_MEDIA_TYPES = "several-media-types", Warning, true,
        "keep one media type per body, or use the raw response for the others";
    MEDIA_TYPE_UNREACHABLE = "media-type-unreachable", Warning, true,
        "give the bodies one schema, or an operation each; until then the other body is neither sent nor asked for";
    JSON_PREFERRED = "json-preferred", Info, false,
        "nothing to do: the client sends JSON and asks for JSON, so the other media types are never used";
    OPEN_ENUM = "open-enum", Info, false,
        "nothing to do: values that are not listed survive in the enum's catch-all";
    EXACT_NUMBER = "exact-number", Info, false,
        "nothing to do: `type: number` becomes an exact decimal";
    LIBERAL_RESPONSE = "liberal-response", Info, false,
        "nothing to do: constraints do not stop an answer from being decoded; validation judges them";
    CHECKED_WHEN_SENT = "checked-when-sent", Info, false,
        "nothing to do: no type holds the constraint, so the call checks it before anything is sent";
    PATTERN_INVALID = "pattern-invalid", Warning, true,
        "write the pattern in ECMA-262; until then no text is checked against it";
    PARAMETER_NAME_REPEATED = "parameter-name-repeated", Info, false,
        "nothing to do: the setter has a name of its own, and the name on the wire is kept";
    RAW_BODY = "raw-body", Info, false,
        "nothing to do: the body is sent as it is given";
    STRUCTURED_RAW_BODY = "structured-raw-body", Warning, true,
        "offer JSON or a form besides; until then the body is written, or read, by the caller";
    MULTIPART_BODY = "multipart-body", Info, true,
        "nothing to do: the parts are put together with `Multipart`, which does not check them";
    MEDIA_TYPE_CHOICE = "media-type-choice", Info, false,
        "nothing to do: without a choice, the first media type is said to be sent";
    STYLE_MISPLACED = "style-misplaced", Warning, true,
        "use a style of the place; until then the default one counts";
    NESTED_PARAMETER = "nested-parameter", Warning, true,
        "send it as `content: {application/json: ...}` or as `style: deepObject`, which say how; until then what is inside \
         is sent as JSON text";
    CREDENTIAL_PARAMETER = "credential-parameter", Info, false,
        "nothing to do: credentials are set once, on the transport";
    IGNORED_HEADER_PARAMETER = "ignored-header-parameter", Info, false,
        "remove the parameter: OpenAPI ignores Accept, Content-Type and Authorization as parameters, and the transport \
         says how long a body is";
    SENSITIVE_TEXT = "sensitive-text", Info, false,
        "nothing to do: `x-sensitive` text is redacted in every Debug";
    INLINE_SCHEMA = "inline-schema", Info, false,
        "give the schema a `title`, or make it a component, to choose the type's name";
    RENAMED = "renamed", Info, false,
        "nothing to do: the wire name is kept by serde";
    UNTYPED_SCHEMA = "untyped-schema", Warning, true,
        "describe the schema with `type`, `properties` or `$ref`; until then it is any JSON";
    UNION_AS_JSON = "union-as-json", Warning, true,
        "give each alternative a type, and the members they share one type; until then it is any JSON";
    TAGGED_UNION = "tagged-union", Info, false,
        "nothing to do: the alternatives are an enum, told apart by a member; values nobody listed survive";
    UNTAGGED_UNION = "untagged-union", Info, false,
        "name the member that tells the alternatives apart under `discriminator`, or list its values in each";
    DISCRIMINATOR_UNSAID = "discriminator-unsaid", Warning, true,
        "list the value of the member in the alternative (`const`, or an `enum` of one), or name it in the `mapping`";
    UNION_MERGED = "union-merged", Info, true,
        "nothing to do, unless values hold a member of one alternative under another with another type; which must hold, validation judges";
    CONSTRAINT_NOT_HELD = "constraint-not-held", Info, true,
        "nothing to do: the type takes all that the schema allows, and more; validation judges the rest";
    TUPLE_AS_LIST = "tuple-as-list", Info, true,
        "nothing to do: the places of a tuple are the items of a list; validation judges their order";
    ENUM_NOT_TEXT = "enum-not-text", Info, true,
        "nothing to do: the values are not checked by the type; validation judges them";
    ALL_OF_CONFLICT = "all-of-conflict", Warning, true,
        "make the members of `allOf` agree on the property; the last one counts";
    RECURSIVE_LIST = "recursive-list", Warning, true,
        "put the list into an object with a name; until then its inner levels are any JSON";
    SECURITY_NOT_APPLIED = "security-not-applied", Warning, true,
        "use HTTP Basic, a bearer token or API keys, or set the credential by a client of your own";
    SERVERS_NOT_APPLIED = "servers-not-applied", Warning, true,
        "make a second client with the other base URL for the operations below it";
    // Reading: what stops generation. All else is read and judged beside it.
    KEY_REPEATED = "key-repeated", Error, false,
        "keep one of the two; readers disagree on which one counts";
    REFERENCE_UNRESOLVED = "reference-unresolved", Error, false,
        "define what it refers to, or correct the reference";
    REFERENCE_CIRCLE = "reference-circle", Error, true,
        "say what the schema is in one of the places; until then it is any JSON";
    PART_UNREADABLE = "part-unreadable", Error, false,
        "write what must stand there";
    // Lint: what stops generation or validation, or does not mean what it says.
    OPERATION_ID_MISSING = "operation-id-missing", Warning, false,
        "add an `operationId`; names made from paths move when paths move";
    OPERATION_ID_DUPLICATE = "operation-id-duplicate", Warning, false,
        "give each operation an `operationId` of its own; a number tells them apart until then";
    PATH_TEMPLATE = "path-template", Error, true,
        "start the path with a slash, and put each variable into one pair of braces within a segment; until then it is \
         left out";
    PATH_PARAMETER_UNDECLARED = "path-parameter-undeclared", Error, true,
        "declare a required `in: path` parameter for each template variable; until then it is text";
    PATH_PARAMETER_UNUSED = "path-parameter-unused", Error, true,
        "name the parameter in the path template, or remove it; until then it is not sent";
    PATH_PARAMETER_OPTIONAL = "path-parameter-optional", Error, true,
        "add `required: true`, as OpenAPI asks for it; until then it is required all the same";
    HEADER_NAME = "header-name", Error, true,
        "use letters, digits and `!#$%&'*+-.^_`|~` for the name of a header (RFC 9110, section 5.1)";
    SERVER_VARIABLE_UNDEFINED = "server-variable-undefined", Error, true,
        "define the variable below `variables` of the server, with a `default`, or write its value; until then its braces \
         stand in the URL, and a client needs a base URL of its own";
    SERVER_CHOICES = "server-choices", Info, false,
        "nothing to do: give the client the URL that is meant as its base URL";
    PATH_NOT_KEPT = "path-not-kept", Warning, true,
        "write the path as it is to be sent; what tells such operations apart belongs into a query or a header";
    SECURITY_UNDEFINED = "security-undefined", Error, true,
        "define the scheme under `components/securitySchemes`; until then it is not applied";
    BODY_NEVER_SENT = "body-never-sent", Warning, true,
        "remove the `content`, or put it below a status that has a body; until then none is read";
    REQUIRED_UNDECLARED = "required-undeclared", Warning, false,
        "declare the property, or take its name out of `required`";
    NULLABLE_WITHOUT_TYPE = "nullable-without-type", Info, false,
        "nothing to do: read as the author meant it; strictly, `nullable` counts only beside `type`";
    ENUM_WITHOUT_NULL = "enum-without-null", Warning, false,
        "list null in the `enum`, or do not allow it; until then the Rust type takes it, and strict validation does not";
    REFERENCE_SIBLINGS = "reference-siblings", Warning, false,
        "put the reference into an `allOf`, and the keyword beside that; until then validation does not know of it";
    KEYWORD_OF_OTHER_VERSION = "keyword-of-other-version", Warning, false,
        "say it in the words of the document's version";
    FORMAT_OF_OTHER_TYPE = "format-of-other-type", Warning, false,
        "correct the `type` or the `format`; until then the format counts for nothing";
    KEYWORD_WITHOUT_EFFECT = "keyword-without-effect", Warning, false,
        "correct the `type`, or remove the keyword; until then it counts for nothing";
    ENUM_REPEATED = "enum-repeated", Warning, false,
        "remove one of the two, or write the value that was meant; until then they count as one";
    READ_AND_WRITE_ONLY = "read-and-write-only", Warning, false,
        "keep one of the two; until then the member may be left out in both directions";
    CLOSED_ALL_OF = "closed-all-of", Warning, false,
        "leave `additionalProperties` open there, or declare all members in one schema; until then the Rust type has the \
         members, and validation refuses them";
    FORMAT_UNKNOWN = "format-unknown", Info, false,
        "use a registered format, or say it in the description; unknown formats are not asserted";
    SCHEMA_UNUSED = "schema-unused", Info, false,
        "refer to the schema from an operation, or remove it";
    RESPONSE_SUCCESS_MISSING = "response-success-missing", Warning, false,
        "document the success status of the operation";
    RESPONSE_ERROR_MISSING = "response-error-missing", Warning, false,
        "document at least one error status, or `default`";
    KEYWORD_MALFORMED = "keyword-malformed", Error, true,
        "write what must stand there; until then it counts as absent";
    KEYWORD_MISSING = "keyword-missing", Error, true,
        "add what is missing; until then it counts as empty";
    KEYWORD_MISSPELT = "keyword-misspelt", Warning, true,
        "correct the word, or begin it with `x-`; until then it is not read";
    BOUNDS_CONTRADICT = "bounds-contradict", Warning, false,
        "swap the bounds, or correct one of them";
    VALUE_NOT_ALLOWED = "value-not-allowed", Warning, false,
        "correct the value, quote it or take its quotes away, or correct the `type`";
    MAPPING_DANGLING = "mapping-dangling", Error, true,
        "name a component, or refer to a schema; until then the value tells no alternative";
    PARAMETER_REPEATED = "parameter-repeated", Error, true,
        "remove one of the two; until then the last one counts";
    PATH_REPEATED = "path-repeated", Warning, false,
        "put the operations of both below one path; of two with the same method, remove or rename one";
    PATH_AMBIGUOUS = "path-ambiguous", Warning, false,
        "give one of the paths a segment that the other cannot have; until then each server decides which of the two answers";
    DISCRIMINATOR_MEMBER = "discriminator-member", Warning, false,
        "declare the member in each alternative, and list it under `required`; until then a value without it is told apart by \
         what it can hold";
    ALTERNATIVES_OVERLAP = "alternatives-overlap", Warning, false,
        "use `anyOf`, remove one of the two, or say in each what the other does not allow; until then validation refuses such \
         values";
    BODY_OF_GET = "body-of-get", Warning, false,
        "say it in the query, or use a method that has a body; until then it is sent, and servers may ignore or refuse it";
    EXAMPLE_AND_EXAMPLES = "example-and-examples", Warning, false,
        "put the `example` among the `examples`; until then other tools show only one of the two";
    SERVER_INSECURE = "server-insecure", Warning, false,
        "use `https://`; until then the client sends no credentials there, unless it is told to send them in the clear";
    SECURITY_FLOW = "security-flow", Warning, false,
        "say which flow there is, with the URLs that it needs; until then the document does not say where tokens come from";
    SECURITY_SCOPE_UNDEFINED = "security-scope-undefined", Warning, false,
        "name the scope below `scopes` of a flow, or correct it where it is asked for";
    RESPONSE_STATUS = "response-status", Info, false,
        "write `2XX`: small letters are read as capitals here, but not by other tools";
    EXTERNAL_REFERENCE = "external-reference", Warning, true,
        "bundle the document: the network is not asked, so what stands there is any JSON";
}

/// One thing said about one place of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// The id of its [`Rule`].
    pub rule: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// The file of the place, where it is not the root document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<PathBuf>,
    /// The JSON pointer of the place, in its file and in the author's terms.
    pub pointer: String,
    /// Its line, counted from one.
    pub line: usize,
    /// Its column, counted from one.
    pub column: usize,
    /// What is so.
    pub message: String,
    /// Whether meaning is lost.
    pub lossy: bool,
    /// What can be done: the remedy of the rule, or one for this place.
    pub remedy: Cow<'static, str>,
}

#[cfg(feature = "generate")]
impl Note {
    pub(crate) fn new(rule: &'static Rule, document: &Document, pointer: &str, message: String) -> Self {
        let Origin { file, pointer, position } = document.origin(pointer);
        let Position { line, column } = position.unwrap_or(Position { line: 1, column: 1 });
        Self {
            rule: rule.id,
            severity: rule.severity,
            file: Some(file).filter(|file| file != document.file()),
            pointer,
            line,
            column,
            message,
            lossy: rule.lossy,
            remedy: Cow::Borrowed(rule.remedy),
        }
    }

    /// What is wrong with a document that could be read on all the same.
    pub(crate) fn of_fault(fault: &Fault, document: &Document) -> Self {
        let Fault { rule, pointer, error } = fault;
        let Position { line, column } = error.position.unwrap_or(Position { line: 1, column: 1 });
        Self {
            rule: rule.id,
            severity: rule.severity,
            file: Some(error.file.clone()).filter(|file| file != document.file()),
            pointer: pointer.clone(),
            line,
            column,
            message: error.message.clone(),
            lossy: rule.lossy,
            remedy: Cow::Owned(error.remedy.clone()),
        }
    }
}

impl Note {
    /// Whether nothing can be generated: an error that only loses what is wrong leaves the rest of the document.
    #[must_use]
    pub fn stops_generation(&self) -> bool {
        self.severity == Severity::Error && !self.lossy
    }

    /// The file of the place, beside the root document's.
    #[must_use]
    pub fn file<'n>(&'n self, root: &'n Path) -> &'n Path {
        self.file.as_deref().unwrap_or(root)
    }
}

/// Sorts notes by their places and takes out what is said twice.
#[cfg(feature = "generate")]
pub(crate) fn sort(notes: &mut Vec<Note>) {
    notes.sort_by(|a, b| {
        let place = |note: &Note| (note.file.clone(), note.line, note.column);
        (place(a), a.rule, &a.message).cmp(&(place(b), b.rule, &b.message))
    });
    notes.dedup();
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lossy = if self.lossy { ", lossy" } else { "" };
        write!(f, "{}:{}: {}[{}{lossy}]: {}", self.line, self.column, self.severity, self.rule, self.message)
    }
}
