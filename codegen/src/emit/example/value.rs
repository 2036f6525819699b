//! Values for what is required: such as a reader puts their own in the place of.

use crate::model::{Field, Kind, Model, TypeDef, TypeRef, resolve};

/// How deep a value is made of others.
const MAX_DEPTH: usize = 4;

/// Makes values of the types of a model, for a program that uses its crate.
pub(super) struct Values<'m> {
    pub(super) model: &'m Model,
}

impl Values<'_> {
    /// The argument of a setter, which takes whatever its type can be made of.
    pub(super) fn of_setter(&self, ty: &TypeRef, name: &str) -> Option<String> {
        let text = |text: &str| Some(format!("{text:?}"));
        match resolve(&self.model.types, ty) {
            TypeRef::String | TypeRef::Sensitive => text(&sample(name)),
            TypeRef::Formatted(format) => text(formatted(format)),
            TypeRef::Named(named) => match &self.def(named)?.kind {
                Kind::Enum { values, .. } => text(&values.first()?.value),
                Kind::ConstrainedInteger { minimum, maximum, .. } => {
                    Some(1.clamp(*minimum, (*maximum).max(*minimum)).to_string())
                }
                kind @ Kind::ConstrainedString { .. } => text(&constrained(kind, name)?),
                _ => self.of(ty, name, MAX_DEPTH),
            },
            _ => self.of(ty, name, MAX_DEPTH),
        }
    }

    /// A value of just this type.
    fn of(&self, ty: &TypeRef, name: &str, depth: usize) -> Option<String> {
        let depth = depth.checked_sub(1)?;
        let parsed = |text: &str, ty: &str| Some(format!("{text:?}.parse::<{ty}>()?"));
        match resolve(&self.model.types, ty) {
            TypeRef::String => Some(format!("{:?}.to_owned()", sample(name))),
            TypeRef::Sensitive => Some(format!("obkit_runtime::Sensitive::from({:?})", sample(name))),
            TypeRef::Bool => Some("true".to_owned()),
            TypeRef::I32 | TypeRef::I64 | TypeRef::U64 => Some("1".to_owned()),
            TypeRef::Decimal => Some("obkit_runtime::Decimal::from(10)".to_owned()),
            TypeRef::Formatted(format) => parsed(formatted(format), &format!("obkit_runtime::{format}")),
            TypeRef::Array(item) => Some(format!("vec![{}]", self.of(item, name, depth)?)),
            TypeRef::OrNull(value) => Some(format!("Some({})", self.of(value, name, depth)?)),
            TypeRef::Map(_) | TypeRef::Json => None,
            TypeRef::Named(named) => {
                let def = self.def(named)?;
                let path = format!("types::{named}");
                match &def.kind {
                    Kind::Enum { values, .. } => Some(format!("{path}::{}", values.first()?.ident)),
                    Kind::ConstrainedInteger { minimum, maximum, .. } => {
                        Some(format!("{path}::try_from({})?", 1.clamp(*minimum, (*maximum).max(*minimum))))
                    }
                    kind @ Kind::ConstrainedString { .. } => parsed(&constrained(kind, name)?, &path),
                    Kind::Struct { fields, .. } if def.in_requests => {
                        let required = fields.iter().filter(|field| field.required && field.fixed.is_none());
                        let arguments: Option<Vec<String>> =
                            required.map(|field| self.argument(field, depth)).collect();
                        Some(format!("{path}::new({})", arguments?.join(", ")))
                    }
                    _ => None,
                }
            }
        }
    }

    fn argument(&self, field: &Field, depth: usize) -> Option<String> {
        match (field.nullable, &field.ty) {
            (true, _) => Some("None".to_owned()),
            (false, TypeRef::Map(_)) => Some("Default::default()".to_owned()),
            (false, ty) => self.of(ty, &field.ident, depth),
        }
    }

    /// The type of a name; what is deprecated has no values.
    fn def(&self, name: &str) -> Option<&TypeDef> {
        self.model.types.iter().find(|def| def.name == *name && !def.deprecated)
    }
}

/// Text that names what stands in its place.
fn sample(name: &str) -> String {
    format!("the-{}", name.trim_matches('_').replace('_', "-"))
}

fn formatted(format: &str) -> &'static str {
    match format {
        "Date" => "2026-01-31",
        "DateTime" => "2026-01-31T12:00:00Z",
        "Uuid" => "6f2b9a0e-4c1d-4d0e-9a55-3f0c1d2e4b6a",
        _ => "10.00",
    }
}

/// Text that is neither too short nor too long; none where a pattern decides.
fn constrained(kind: &Kind, name: &str) -> Option<String> {
    let Kind::ConstrainedString { min_length, max_length, pattern: None } = kind else { return None };
    let text = sample(name);
    let least = usize::try_from(min_length.unwrap_or(0)).ok().filter(|least| *least <= 64)?;
    let most = max_length.and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
    let padded = format!("{text:x<least$}");
    Some(if padded.chars().count() > most { "x".repeat(least.max(1).min(most)) } else { padded })
}
