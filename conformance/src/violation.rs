//! What a payload does against its schema, put into words.
//!
//! No message holds a value of the payload: what banks exchange does not belong into logs. Names
//! of properties and what the schema itself says may be told.

use std::borrow::Cow;

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use obkit_codegen::Document;
use serde::Serializer;
use serde_json::Value;

use crate::format::time;
use crate::schema::Lowered;

/// The keyword of a member that no schema names, which no schema has.
pub(crate) const UNDECLARED: &str = "undeclared";

/// How many names or values of a list are told.
const MAX_LISTED: usize = 8;

/// One disagreement of a value with its schema.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Violation {
    /// The keyword of the schema that is violated.
    pub keyword: String,
    /// Where in the value; a JSON pointer. As JSON, names that may be numbers of accounts are left out of it.
    #[serde(serialize_with = "telling")]
    pub instance_path: String,
    /// The keyword's place in the source document; a JSON pointer.
    pub schema_pointer: String,
    /// What is wrong, without the value.
    pub message: String,
}

impl Violation {
    pub(crate) fn new(source: &Document, lowered: &Lowered, error: &ValidationError<'_>) -> Self {
        let mut schema_pointer = lowered.source_pointer(error.schema_path().as_str());
        let mut keyword = error.kind().keyword().to_owned();
        // Number formats are checked as bounds, which do not stand in the source.
        if let Some((schema, bound)) = schema_pointer.rsplit_once('/') {
            let format = format!("{schema}/format");
            let stated = source.at(&schema_pointer).and_then(Value::as_f64);
            let checked = lowered.at(&schema_pointer).and_then(Value::as_f64);
            if matches!(bound, "minimum" | "maximum") && stated != checked && source.at(&format).is_some() {
                keyword = "format".to_owned();
                schema_pointer = format;
            }
        }
        // What `additionalProperties` or `items` refuses altogether, and what `dependentRequired` asks for, have error
        // kinds that do not name them.
        if matches!(error.kind(), Kind::FalseSchema | Kind::Required { .. })
            && let Some(own @ ("additionalProperties" | "items" | "dependentRequired")) =
                owned(lowered, &schema_pointer)
        {
            own.clone_into(&mut keyword);
        }
        Self {
            keyword,
            instance_path: error.instance_path().to_string(),
            schema_pointer,
            message: message(source, lowered, error),
        }
    }
}

/// The keyword of the nearest schema around a place that leads to the place.
fn owned<'p>(lowered: &Lowered, pointer: &'p str) -> Option<&'p str> {
    let mut ends = pointer.rmatch_indices('/').map(|(at, _)| at);
    let owner = ends.find(|at| lowered.positions.contains(&pointer[..*at]))?;
    pointer[owner + 1..].split('/').next()
}

fn message(source: &Document, lowered: &Lowered, error: &ValidationError<'_>) -> String {
    match error.kind() {
        Kind::Required { property } => format!("the property {property} is required"),
        Kind::AdditionalProperties { unexpected } => {
            format!("{} not allowed here", listed(unexpected.iter().map(|name| shown(name)), "property", "properties"))
        }
        Kind::FalseSchema => match owned(lowered, &lowered.source_pointer(error.schema_path().as_str())) {
            Some("additionalProperties") => "no property is allowed here".to_owned(),
            Some("items") => "no further item is allowed here".to_owned(),
            _ => "no value is allowed here".to_owned(),
        },
        Kind::Enum { options } => {
            let options = options.as_array().map(Vec::as_slice).unwrap_or_default();
            let text = format!("the value is not one of {}", list(options.iter().map(Value::to_string)));
            let known =
                error.instance().as_str().and_then(|said| nearly(said, options.iter().filter_map(Value::as_str)));
            known.map_or(text.clone(), |known| format!("{text}; it differs from {} only by case", Value::from(known)))
        }
        Kind::Format { format } => {
            let fault = error.instance().as_str().filter(|_| format == "date-time").and_then(time::fault);
            let why = fault.map(|fault| format!(": {fault}")).unwrap_or_default();
            format!("the value is not of the format `{format}`{why}")
        }
        Kind::Pattern { pattern } => format!("the value does not match the pattern `{pattern}`"),
        Kind::BacktrackLimitExceeded { .. } => "the pattern takes too long to match".to_owned(),
        Kind::AnyOf { context } => alternatives(source, lowered, error, context, "anyOf"),
        Kind::OneOfNotValid { context } => alternatives(source, lowered, error, context, "oneOf"),
        Kind::OneOfMultipleValid { .. } => "the value fits more than one alternative of `oneOf`".to_owned(),
        Kind::Contains => {
            match error.schema_path().as_str().rsplit_once('/').and_then(|(owner, _)| lowered.at(owner)) {
                Some(Value::Object(schema))
                    if ["minContains", "maxContains"].iter().any(|bound| schema.contains_key(*bound)) =>
                {
                    "too few or too many items fit the schema under `contains`".to_owned()
                }
                _ => "no item fits the schema under `contains`".to_owned(),
            }
        }
        Kind::Not { .. } => "the value fits the schema under `not`".to_owned(),
        _ => error.masked_with("the value").to_string(),
    }
}

/// Names the alternative that comes nearest, and what keeps it from fitting.
fn alternatives(
    source: &Document,
    lowered: &Lowered,
    error: &ValidationError<'_>,
    context: &[Vec<ValidationError<'static>>],
    keyword: &str,
) -> String {
    let nearest = context.iter().enumerate().min_by_key(|(_, errors)| distance(error, errors));
    let text = format!("the value fits none of the {} alternatives of `{keyword}`", context.len());
    let Some((index, [first, rest @ ..])) = nearest.map(|(index, errors)| (index, errors.as_slice())) else {
        return text;
    };
    let pointer = format!("{}/{index}", lowered.source_pointer(error.schema_path().as_str()));
    let name = source
        .at(&pointer)
        .and_then(|branch| branch.get("$ref")?.as_str()?.rsplit('/').next())
        .map_or_else(|| format!("alternative {}", index + 1), |name| format!("`{name}`"));
    let more = if rest.is_empty() { String::new() } else { format!(" (and {} more)", rest.len()) };
    let at = match first.instance_path().as_str() {
        "" => String::new(),
        path => format!("at {} ", told_pointer(path)),
    };
    format!("{text}; nearest is {name}: {at}{}{more}", message(source, lowered, first))
}

/// How far a value is from an alternative: a wrong type at the top or a wrong tag says "something
/// else was meant"; then the number of errors counts.
fn distance(parent: &ValidationError<'_>, errors: &[ValidationError<'static>]) -> (usize, usize) {
    let depth = |error: &ValidationError<'_>| error.instance_path().as_str().matches('/').count();
    let base = depth(parent);
    let foreign = errors.iter().filter(|error| match error.kind() {
        Kind::Type { .. } | Kind::FalseSchema => depth(error) <= base,
        Kind::Enum { .. } | Kind::Constant { .. } => depth(error) <= base + 1,
        _ => false,
    });
    (foreign.count(), errors.len())
}

fn listed(names: impl ExactSizeIterator<Item = String>, one: &str, many: &str) -> String {
    match names.len() {
        1 => format!("the {one} {} is", list(names)),
        _ => format!("the {many} {} are", list(names)),
    }
}

/// The listed text that another one differs from by case and surrounding spaces alone.
pub(crate) fn nearly<'l>(said: &str, mut listed: impl Iterator<Item = &'l str>) -> Option<&'l str> {
    let plain = |text: &str| text.trim().to_lowercase();
    listed.find(|known| *known != said && plain(known) == plain(said))
}

/// Names or values, as many as are told.
pub(crate) fn list(names: impl ExactSizeIterator<Item = String>) -> String {
    let rest = names.len().saturating_sub(MAX_LISTED);
    let told = names.take(MAX_LISTED).collect::<Vec<_>>().join(", ");
    if rest == 0 { told } else { format!("{told} and {rest} more") }
}

/// A property name of the payload; one that may itself be a number of an account is not told.
fn shown(name: &str) -> String {
    if is_telling(name) { Value::from(name).to_string() } else { "\"…\"".to_owned() }
}

/// Whether a property name of a payload may be told: it is a word, and no number of an account.
pub(crate) fn is_telling(name: &str) -> bool {
    name.chars().filter(char::is_ascii_digit).count() <= 5 && name.chars().count() <= 64
}

/// A place in a payload, as it may be told.
pub(crate) fn told_pointer(pointer: &str) -> Cow<'_, str> {
    // The number of an account has more digits than the place in a list.
    let is_index = |token: &str| token.len() <= 6 && token.bytes().all(|byte| byte.is_ascii_digit());
    let is_told = |token: &str| is_telling(token) || is_index(token);
    if pointer.split('/').all(is_told) {
        return pointer.into();
    }
    let told = pointer.split('/').map(|token| if is_told(token) { token } else { "…" });
    told.collect::<Vec<_>>().join("/").into()
}

fn telling<S: Serializer>(pointer: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&told_pointer(pointer))
}
