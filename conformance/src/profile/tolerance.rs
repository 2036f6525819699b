//! What a tolerant reader makes of a violation.

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use obkit_codegen::load::unescape_token;
use serde_json::Value;

use crate::suite::client::{Liberty, Way};

/// Whether a tolerant reader minds a violation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Tolerance {
    /// It cannot read the value.
    Refused,
    /// It takes the value, if it may as well be without the members at these pointers, which are null.
    IfAbsent(Vec<String>),
    /// It takes the value.
    Taken,
}

impl Tolerance {
    /// What a reader makes of a violation of a value. The keyword is that of the violation as it is told.
    pub(crate) fn of(value: &Value, error: &ValidationError<'_>, keyword: &str) -> Self {
        match error.kind() {
            Kind::AnyOf { context } | Kind::OneOfNotValid { context } => Self::of_union(value, error, context),
            Kind::Type { .. } if error.instance().is_null() => Self::of_null(value, error),
            // A list of values says of what type they are.
            Kind::Enum { options } => {
                let listed = options.as_array().into_iter().flatten();
                Self::when(listed.chain([&Value::Null]).any(|option| is_alike(option, error.instance())))
            }
            Kind::Constant { expected_value } => Self::when(is_alike(expected_value, error.instance())),
            _ => Self::when(Liberty::find(Way::Received, keyword).is_some()),
        }
    }

    fn when(taken: bool) -> Self {
        if taken { Self::Taken } else { Self::Refused }
    }

    /// Null is read as absent where a member has it.
    fn of_null(value: &Value, error: &ValidationError<'_>) -> Self {
        let at = error.instance_path().as_str();
        let parent = at.rsplit_once('/').and_then(|(parent, _)| value.pointer(parent));
        if parent.is_some_and(Value::is_object) { Self::IfAbsent(vec![at.to_owned()]) } else { Self::Refused }
    }

    /// A value that is none of the alternatives is taken if a tolerant reader could read it as one of them, or if its tag is that of none: then
    /// it is an alternative that nobody has listed yet.
    fn of_union(value: &Value, error: &ValidationError<'_>, alternatives: &[Vec<ValidationError<'static>>]) -> Self {
        let base = depth(error);
        let of_alternative = |errors: &Vec<ValidationError<'static>>| {
            errors.iter().map(|error| Self::of(value, error, error.kind().keyword())).fold(Self::Taken, Self::and)
        };
        let of_each: Vec<_> = alternatives.iter().map(of_alternative).collect();
        let has_other_tag = |errors: &Vec<ValidationError<'static>>| {
            let is_tag = |error: &ValidationError<'_>| {
                matches!(error.kind(), Kind::Enum { .. } | Kind::Constant { .. }) && depth(error) == base + 1
            };
            errors.iter().any(is_tag)
        };
        if of_each.contains(&Self::Taken) || alternatives.iter().all(has_other_tag) {
            return Self::Taken;
        }
        of_each.into_iter().find(|one| *one != Self::Refused).unwrap_or(Self::Refused)
    }

    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Refused, _) | (_, Self::Refused) => Self::Refused,
            (Self::Taken, other) => other,
            (one, Self::Taken) => one,
            (Self::IfAbsent(mut one), Self::IfAbsent(other)) => {
                one.extend(other);
                Self::IfAbsent(one)
            }
        }
    }
}

fn depth(error: &ValidationError<'_>) -> usize {
    error.instance_path().as_str().matches('/').count()
}

fn is_alike(one: &Value, other: &Value) -> bool {
    std::mem::discriminant(one) == std::mem::discriminant(other)
}

/// A value without the members at some pointers.
pub(crate) fn without(value: &Value, pointers: &[String]) -> Value {
    let mut value = value.clone();
    for pointer in pointers {
        if let Some((parent, name)) = pointer.rsplit_once('/')
            && let Some(Value::Object(members)) = value.pointer_mut(parent)
        {
            members.remove(&*unescape_token(name));
        }
    }
    value
}
