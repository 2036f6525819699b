//! progenitor, called on the lowered document.

use std::panic::{AssertUnwindSafe, catch_unwind};

use openapiv3::OpenAPI;
use proc_macro2::TokenStream;
use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle, TypeImpl};
use quote::quote;
use serde_json::{Map, Value};

use crate::lower::document::Replacement;

/// Runs progenitor.
///
/// Everything progenitor is known to refuse has been lowered or found by lint before; what is left
/// is reported with the operation it happens on.
pub(crate) fn generate(document: &Value, replacements: &[Replacement]) -> Result<TokenStream, String> {
    run(document, replacements).map_err(|reason| match culprit(document, replacements) {
        Some(operation) => format!("progenitor cannot generate `{operation}`: {reason}"),
        None => format!("progenitor cannot generate the document: {reason}"),
    })
}

fn run(document: &Value, replacements: &[Replacement]) -> Result<TokenStream, String> {
    let spec: OpenAPI = serde_json::from_value(document.clone()).map_err(|e| e.to_string())?;
    let settings = settings(replacements);
    catch_unwind(AssertUnwindSafe(|| Generator::new(&settings).generate_tokens(&spec)))
        .map_err(|panic| {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("it panicked").to_owned()
        })?
        .map_err(|e| e.to_string())
}

fn settings(replacements: &[Replacement]) -> GenerationSettings {
    use heck::ToPascalCase;
    let mut settings = GenerationSettings::default();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_tag(TagStyle::Merged)
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote!(obkit_runtime::Transport))
        .with_map_type("std::collections::BTreeMap");
    for Replacement { component, path } in replacements {
        let impls = [TypeImpl::Display, TypeImpl::FromStr];
        settings.with_replacement(component.to_pascal_case(), path, impls.into_iter());
    }
    settings
}

/// The first operation that fails when it is the only one.
///
/// It is looked for once all else has failed, by a bug of obkit. If progenitor panics, the panic hook
/// of the program prints a line per attempt; a hook of our own would be one for the whole program.
fn culprit(document: &Value, replacements: &[Replacement]) -> Option<String> {
    let paths = document.get("paths")?.as_object()?;
    for (path, item) in paths {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let mut item = Map::new();
            item.insert(method.clone(), operation.clone());
            let mut paths = Map::new();
            paths.insert(path.clone(), Value::Object(item));
            let mut alone = document.clone();
            alone["paths"] = Value::Object(paths);
            if run(&alone, replacements).is_err() {
                return Some(format!("{} {path}", method.to_ascii_uppercase()));
            }
        }
    }
    None
}
