//! Payloads, and the Rust types that they are of.

use obkit_codegen::generate::rust_type;
use obkit_codegen::lower::lower;
use obkit_codegen::model::Model;
use obkit_codegen::{Document, Spec};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::Failure;
use crate::corpus::Corpus;
use crate::generation::Case;

/// How many references are followed from one place.
const MAX_REFERENCES: usize = 32;

/// A payload that is valid.
pub(crate) struct Payload {
    /// Which case it belongs to.
    pub(crate) case: usize,
    /// The file it stands in.
    pub(crate) file: String,
    /// The line of the file.
    pub(crate) line: usize,
    /// Where its schema stands in the document.
    pub(crate) schema: String,
    /// The type it is of, or why there is none.
    pub(crate) ty: Result<String, String>,
    /// Its text, just as it stands in the file.
    pub(crate) json: String,
}

/// A line of a file of payloads.
#[derive(Deserialize)]
struct Line<'l> {
    schema_pointer: String,
    #[serde(borrow)]
    value: &'l RawValue,
}

/// All valid payloads of a corpus.
pub(crate) fn all(corpus: &Corpus, cases: &[Case]) -> Result<Vec<Payload>, Failure> {
    let valid = corpus.valid()?;
    let mut payloads = Vec::new();
    for (index, case) in cases.iter().enumerate() {
        let Some((file, text)) = corpus.payloads(&case.file)? else { continue };
        let usable = case.spec.as_ref().filter(|_| case.error.is_none());
        let types = usable.map(|spec| (spec, lower(spec).model));
        for (line, text) in text.lines().enumerate() {
            if !valid.contains(&(file.clone(), line + 1)) {
                continue;
            }
            let read: Line<'_> = serde_json::from_str(text).map_err(|error| format!("{file}:{}: {error}", line + 1))?;
            let ty = match &types {
                Some((spec, model)) => type_of(spec, model, &read.schema_pointer),
                None => Err("the document has no crate".to_owned()),
            };
            let (file, json, schema) = (file.clone(), read.value.get().to_owned(), read.schema_pointer);
            payloads.push(Payload { case: index, file, line: line + 1, schema, ty, json });
        }
    }
    Ok(payloads)
}

/// The type of the schema at a pointer, or of the schema that it refers to.
fn type_of(spec: &Spec, model: &Model, pointer: &str) -> Result<String, String> {
    let mut at = pointer.strip_prefix('#').unwrap_or(pointer).to_owned();
    for _ in 0..MAX_REFERENCES {
        if let Some(ty) = model.type_at.get(&at) {
            return Ok(rust_type(ty));
        }
        let Some(target) = reference(spec.document(), &at) else { break };
        at = target;
    }
    Err("no type is known to be of the schema at this pointer".to_owned())
}

fn reference(document: &Document, pointer: &str) -> Option<String> {
    let target = document.at(pointer)?.get("$ref")?.as_str()?;
    Some(target.strip_prefix('#').unwrap_or(target).to_owned())
}
