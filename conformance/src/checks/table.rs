//! The table of the suite's own checks.

use std::borrow::Cow;

use super::{Check, Source};
use crate::coverage::{Dimension, PartialReason};
use crate::finding::Severity;
use crate::format::time::Doubt;
use crate::parameter::Unreadable;
use crate::traffic::Recorded;

/// Keywords that a value breaks, as validators name them.
const KEYWORDS: &[&str] = &[
    "$ref",
    "additionalItems",
    "additionalProperties",
    "anyOf",
    "const",
    "contains",
    "contentEncoding",
    "contentMediaType",
    "dependentRequired",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "falseSchema",
    "format",
    "items",
    "maximum",
    "maxItems",
    "maxLength",
    "maxProperties",
    "minimum",
    "minItems",
    "minLength",
    "minProperties",
    "multipleOf",
    "not",
    "oneOf",
    "pattern",
    "propertyNames",
    "required",
    "type",
    "unevaluatedItems",
    "unevaluatedProperties",
    "uniqueItems",
];

/// The words of an enum, by the function that gives each its own.
macro_rules! words {
    ($all:expr, $word:path) => {
        &{
            let mut words = [""; $all.len()];
            let mut at = 0;
            while at < words.len() {
                words[at] = $word($all[at]);
                at += 1;
            }
            words
        }
    };
}

/// Why a text stands for no value.
const UNREADABLE: &[&str] = words!(Unreadable::ALL, Unreadable::as_str);

/// What is exercised, or is not.
const DIMENSIONS: &[&str] = words!(Dimension::ALL, Dimension::as_part);

/// Why something is judged in part only.
const PARTIAL: &[&str] = words!(PartialReason::ALL, PartialReason::as_str);

/// What is doubtful about a date with a time.
const DOUBTS: &[&str] = words!(Doubt::ALL, Doubt::part);

/// Why a body of an exchange is not known.
const UNKNOWN: &[&str] = words!(Recorded::UNKNOWN, Recorded::as_str);

/// The part of `GI012` for exchanges without an answer.
pub(crate) const UNANSWERED: &str = "answer";

/// Declares the checks and the table of all of them: the id, the severity, the title, the remedy, and the parts where there are some. Each has an
/// article of its own beside this file.
macro_rules! checks {
    ($($id:ident, $severity:ident, $title:literal, $remedy:literal $(, [$($parts:expr),*])?;)*) => {
        $(
            #[doc = concat!($title, ".")]
            pub static $id: &Check = &Check {
                id: Cow::Borrowed(stringify!($id)),
                title: Cow::Borrowed($title),
                severity: Severity::$severity,
                remedy: $remedy,
                parts: &[$($($parts),*)?],
                article: Source::Own(include_str!(concat!(stringify!($id), ".md"))),
            };
        )*
        pub(super) static CHECKS: &[&Check] = &[$($id),*];
    };
}

checks! {
    // RT: what travels, judged against the document.
    RT001, Error, "The path is not documented", "use a documented path, and check the base URL";
    RT002, Error, "The path has no such method", "use a documented method";
    RT003, Warning, "The server is not declared", "use a declared server, or declare this one under `servers`";
    RT010, Error, "The status is not documented", "document the status, or answer a documented one";
    RT020, Error, "The media type is missing or not documented", "send a documented media type";
    RT021, Error, "A body is sent where none is documented", "send no body, or document it";
    RT022, Error, "A body is missing", "send a body";
    RT023, Error, "A body cannot be read", "send a well-formed body";
    RT030, Error, "A body does not fit its schema", "send a body that fits its schema",
        [KEYWORDS, UNREADABLE, &["contentType"]];
    RT031, Warning, "A discriminator names another schema than the value fits", "send the tag of the schema that the value fits",
        [&["discriminator"]];
    RT032, Warning, "A property travels the wrong way", "leave it out: the provider ignores it, or refuses it",
        [&["readOnly", "writeOnly"]];
    RT033, Warning, "Something is sent that is not documented", "leave it out, or document it",
        [&["cookie", "header", "property", "query"]];
    RT034, Warning, "A text is allowed, and not among the listed ones", "send a listed value as it is listed, or list it",
        [&["case", "unlisted"]];
    RT036, Warning, "An integer travels in a form that readers refuse or change",
        "write it with digits alone; beyond 2^53, say so by `format: int64`, or send a text",
        [&["form", "range"]];
    RT037, Warning, "A number has more digits than readers keep", "send fewer digits, or a text of `format: decimal`",
        [&["precision"]];
    RT038, Warning, "A date with a time is doubtful", "write it as `2026-01-31T10:00:00Z`, with its offset from UTC",
        [DOUBTS];
    RT040, Error, "A header field of an answer is missing or does not fit its schema",
        "send the header field as it is documented, or document what is sent",
        [KEYWORDS, UNREADABLE];
    RT041, Warning, "A header field of an answer makes no sense", "write it as HTTP has it, or leave it out",
        [&["allow", "deprecation", "location", "rate-limit", "retry-after", "sunset"]];
    RT050, Error, "A parameter is missing, unreadable or does not fit its schema",
        "send a value that fits its schema, in its documented style",
        [KEYWORDS, UNREADABLE];
    RT060, Error, "Credentials are missing", "send the credentials that the operation asks for";
    RT070, Warning, "Problem details do not say what they should", "give their members the types and the meaning that RFC 9457 has",
        [&["detail", "instance", "object", "status", "title", "type"]];
    RT080, Warning, "The next page of a list cannot be reached", "link to the documented path, with what tells the next page from this one",
        [&["next", "self"]];
    RT090, Warning, "An answer does not belong to its request", "send back the id that came with the request",
        [&["x-fapi-interaction-id"]];
    RT091, Error, "An answer shows a secret of its request", "leave credentials out of what is answered, error messages included";
    // BH: how a server behaves that is probed.
    BH001, Error, "A server error is answered", "handle the input: accept it, or refuse it with a documented error";
    BH002, Error, "A request that breaks the document is accepted",
        "refuse the request, or document what is really accepted",
        [KEYWORDS, &["json", "media-type"]];
    BH003, Warning, "A request that fits the document is refused",
        "accept the request, or document why it is refused";
    BH004, Error, "A request without a required header field is accepted",
        "refuse the request, or document the header field as optional";
    BH005, Error, "A method that is not documented is accepted, or refused without `Allow`",
        "answer 405 with the `Allow` header, or document the method",
        [&["DELETE", "GET", "PATCH", "POST", "PUT", "allow"]];
    BH006, Error, "Missing or wrong credentials are accepted",
        "refuse the request with 401 or 403, or document that no credentials are needed",
        [&["missing", "wrong"]];
    BH007, Error, "What was deleted is still answered", "answer 404 or 410 for what was deleted";
    BH008, Error, "What was created is not found", "answer what was created, from the moment on that its creation was answered";
    BH009, Warning, "An answer takes too long", "answer faster, or allow more time";
    BH010, Error, "No answer comes", "answer every request";
    // EX: examples.
    EX001, Error, "An example violates its schema",
        "correct the example, or the schema when the example shows what is really sent",
        [KEYWORDS];
    // CL: the generated client.
    CL001, Error, "A request arrives otherwise than it was sent",
        "regenerate the client, or report the part of the request it gets wrong";
    CL002, Error, "A generated type loses or changes a value",
        "regenerate the client, or report the construct that the generator gets wrong";
    CL003, Error, "A generated type is narrower than its schema",
        "regenerate the client, or report the construct that the generator gets wrong";
    CL004, Error, "The client takes what its schema refuses",
        "regenerate the client, or report the keyword that the generator leaves out",
        [KEYWORDS, &["null"]];
    CL005, Error, "The client cannot bear what a provider adds",
        "regenerate the client, or report the enum, object or union that is closed";
    CL006, Error, "The client makes something else of an answer",
        "regenerate the client, or report the response it gets wrong";
    CL007, Error, "A text arrives as another one",
        "regenerate the client, or report the place that it encodes wrong";
    CL008, Error, "Credentials travel where they must not",
        "regenerate the client, or report the operation that it authenticates wrong";
    CL009, Error, "What nobody may see is shown",
        "mark it `x-sensitive`, or report where it is shown";
    CL010, Error, "The client does not know a name of its document",
        "regenerate the client, or report the construct that loses the name",
        [&["body", "operation", "parameter", "schema"]];
    // DM: the domain.
    DM001, Error, "An example does not map to the domain", "make the mapping total: every valid payload maps";
    DM002, Error, "A capability does not do what it declares",
        "mend the provider's mapping of it, or no longer declare it";
    // GI: the gate itself.
    GI001, Error, "A schema cannot be enforced", "correct the schema; until then nothing is checked against it";
    GI002, Error, "A schema cannot fail", "say in the schema what the body is, at least its type";
    GI003, Error, "A name in the configuration stands for nothing",
        "correct the name, or take it out",
        [&["check", "provider"]];
    GI004, Error, "A waiver does not hold",
        "complete or renew the waiver where it is still right; else remove it",
        [&["expired", "incomplete", "too-long", "unused"]];
    GI005, Error, "Something was never exercised",
        "exercise it, with an example where nothing else does, or take it out of the document",
        [DIMENSIONS];
    GI006, Error, "Generated code is out of date", "run `obkit generate` and commit the result";
    GI007, Error, "A document is not the one that was taken from its publisher",
        "take back what was edited and correct it by an overlay, or record the SHA-256 of the document that was taken anew";
    GI008, Error, "A file of a document is read by nobody",
        "move it to where it is read (overlays stand in `overlays`, beside the document), refer to it, or remove it";
    GI009, Error, "Something was judged in part only", "say in the document what it is, or waive it with a reason",
        [PARTIAL];
    GI011, Error, "Too little was exercised", "exercise more, with examples where nothing else does, or ask for less",
        [DIMENSIONS];
    GI012, Info, "A part of an exchange was not judged", "record whole bodies and answers, and ask for them without compression",
        [UNKNOWN, &[UNANSWERED, "entry", "line", "rest", "untold"]];
}
