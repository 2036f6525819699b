//! Parameters: headers that are not parameters are left out, each of the others gets a setter of its
//! own name and a way to be written.

use std::collections::HashSet;

use heck::ToSnakeCase;

use super::member::documentation;
use super::names::setter;
use super::parameter_names::ParameterNames;
use super::schema::Types;
use super::security::{is_credential, is_header_name};
use super::style;
use super::usage::Usage;
use crate::model::{Kind, Parameter, TypeRef};
use crate::note;
use crate::schema::{flag, is_sensitive, text};
use crate::spec::{self, Location, Operation, Spec};
use crate::template;

/// The names of an operation's setters, each only once.
pub(super) struct Setters {
    // progenitor takes names into snake case, so in that form they must differ.
    taken: HashSet<String>,
}

impl Setters {
    /// Names that progenitor has variables of and does not give up for a parameter's are taken.
    fn of(op: &Operation) -> Self {
        let taken = ["header_map", "response", "body"].into_iter().take(if op.request.is_some() { 3 } else { 2 });
        Self { taken: taken.map(str::to_owned).collect() }
    }

    /// The name itself, else with where its value travels, else with a number.
    pub(super) fn unique(&mut self, name: &str, place: &str) -> String {
        // What keeps a word apart from a keyword is not needed before another word.
        let stem = name.trim_end_matches('_');
        let numbered = (2..).map(|number| format!("{stem}_{number}"));
        let candidates = [name.to_owned(), format!("{stem}_{place}")].into_iter().chain(numbered);
        let mut free = candidates.filter(|candidate| self.taken.insert(candidate.to_snake_case()));
        free.next().unwrap_or_default()
    }
}

/// The parameters of an operation, and the names they have taken.
pub(super) fn lower(
    spec: &Spec,
    op: &Operation,
    types: &mut Types<'_>,
    hints: &ParameterNames,
) -> (Vec<Parameter>, Setters) {
    let mut parameters: Vec<Parameter> = Vec::new();
    let mut setters = Setters::of(op);
    let mut add = |mut lowered: Parameter, pointer: &str, types: &mut Types<'_>| {
        let (name, location) = (lowered.ident, lowered.location.as_str());
        let elsewhere = !parameters.iter().any(|p| p.location == lowered.location && p.ident == name);
        lowered.ident = setters.unique(&name, if elsewhere { location } else { "2" });
        if lowered.ident != name {
            let (ident, wire) = (&lowered.ident, &lowered.wire);
            let message = format!("the {location} parameter `{wire}` is set by `{ident}`: `{name}` is taken");
            types.note(note::PARAMETER_NAME_REPEATED, pointer, message);
        }
        parameters.push(lowered);
    };
    // Lint names those that have no place, and those that nothing declares.
    let variables = template::variables(&op.path).unwrap_or_default();
    let has_place = |p: &spec::Parameter| has_name(p) && (p.location != Location::Path || is_one_of(&variables, p));
    for parameter in op.parameters.iter().filter(|p| has_place(p)) {
        if !is_left_out(spec, op, parameter, types) {
            let lowered = one(spec, op, parameter, types, hints);
            add(lowered, &parameter.pointer, types);
        }
    }
    for (index, variable) in variables.iter().enumerate() {
        let is_declared = op.parameters.iter().any(|p| p.location == Location::Path && p.name == *variable);
        if !is_declared && !variables[..index].contains(variable) {
            add(undeclared(variable), &op.pointer, types);
        }
    }
    (parameters, setters)
}

fn is_one_of(variables: &[&str], parameter: &spec::Parameter) -> bool {
    variables.contains(&parameter.name.as_str())
}

/// Whether the name of a parameter can travel where the parameter does.
pub(crate) fn has_name(parameter: &spec::Parameter) -> bool {
    parameter.location != Location::Header || is_header_name(&parameter.name)
}

/// Whether a parameter is none for the builder, and why.
fn is_left_out(spec: &Spec, op: &Operation, parameter: &spec::Parameter, types: &mut Types<'_>) -> bool {
    let (name, location) = (&parameter.name, parameter.location);
    let (rule, message) = match location {
        _ if !parameter.is_argument() => {
            (note::IGNORED_HEADER_PARAMETER, format!("the header `{name}` is not a parameter"))
        }
        Location::Header | Location::Query | Location::Cookie if is_credential(spec, op, location, name) => {
            let what = if location == Location::Query { "query parameter" } else { location.as_str() };
            (note::CREDENTIAL_PARAMETER, format!("the {what} `{name}` is a credential of the security scheme"))
        }
        _ => return false,
    };
    types.note(rule, &parameter.pointer, message);
    true
}

/// What stands for a variable of the path that the document does not declare: text, as every variable is.
fn undeclared(variable: &str) -> Parameter {
    Parameter {
        wire: variable.to_owned(),
        ident: setter(variable),
        location: Location::Path,
        required: true,
        ty: TypeRef::String,
        style: None,
        rules: None,
        doc: String::new(),
        deprecated: false,
    }
}

fn one(
    spec: &Spec,
    op: &Operation,
    parameter: &spec::Parameter,
    types: &mut Types<'_>,
    hints: &ParameterNames,
) -> Parameter {
    let document = spec.document();
    let stated = document.at(&parameter.pointer);
    let schema = parameter.schema.as_deref().and_then(|at| document.at(at));
    let mut ty = match &parameter.schema {
        Some(at) => types.use_of(at, &hints.hint(parameter), Usage::REQUEST).ty,
        None => {
            let (location, name) = (parameter.location.as_str(), &parameter.name);
            let message = format!("nothing says what the {location} parameter `{name}` is: it is any JSON");
            types.note(note::UNTYPED_SCHEMA, &parameter.pointer, message);
            TypeRef::Json
        }
    };
    let hidden = |at: &str| schema.is_some_and(|schema| is_sensitive(document, at, schema));
    let is_secret = stated.is_some_and(|p| flag(p, "x-sensitive")) || parameter.schema.as_deref().is_some_and(hidden);
    if is_secret {
        ty = without_sight(types, ty);
    }
    let style = style::of(types, op, parameter, &ty, stated.is_some_and(|p| flag(p, "allowReserved")), is_secret);
    let words = stated.and_then(|p| text(p, "description")).map(str::trim);
    let doc = match parameter.schema.as_deref().zip(schema) {
        Some((at, schema)) => documentation(document, at, schema, words.or(Some(""))),
        None => words.unwrap_or_default().to_owned(),
    };
    Parameter {
        wire: parameter.name.clone(),
        ident: setter(&parameter.name),
        location: parameter.location,
        required: parameter.required || parameter.location == Location::Path,
        ty,
        style,
        rules: None,
        doc,
        deprecated: stated.is_some_and(|p| flag(p, "deprecated")) || schema.is_some_and(|s| flag(s, "deprecated")),
    }
}

/// A parameter is text in the end, so text that must not be shown can stand for most of them.
fn without_sight(types: &Types<'_>, ty: TypeRef) -> TypeRef {
    let is_text = |ty: &TypeRef| match types.kind(ty) {
        Some(kind) => matches!(kind, Kind::Enum { .. } | Kind::ConstrainedString { .. }),
        None => matches!(types.resolve(ty), TypeRef::String | TypeRef::Formatted(_)),
    };
    match types.resolve(&ty) {
        TypeRef::Array(item) if is_text(item) => TypeRef::Array(Box::new(TypeRef::Sensitive)),
        _ if is_text(&ty) => TypeRef::Sensitive,
        _ => ty,
    }
}
