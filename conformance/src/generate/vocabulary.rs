//! The words that a document's examples use.

use std::collections::HashMap;

use obkit_codegen::Spec;
use serde_json::Value;

/// How many values are kept for a name.
const MAX_VALUES: usize = 16;

/// The texts of a document's examples, by the names of their properties: what a currency, a scheme or a status looks
/// like where the schema says no more than `string`.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary(HashMap<String, Vec<Value>>);

impl Vocabulary {
    pub(crate) fn new(spec: &Spec) -> Self {
        let mut words = Self::default();
        for operation in spec.operations() {
            let requests = operation.request.iter().flat_map(|request| &request.content);
            let responses = operation.responses.iter().flat_map(|response| &response.content);
            for example in requests.chain(responses).flat_map(|content| &content.examples) {
                words.collect("", &example.value);
            }
        }
        words
    }

    pub(crate) fn of(&self, name: &str) -> Option<&[Value]> {
        self.0.get(name).map(Vec::as_slice)
    }

    fn collect(&mut self, name: &str, value: &Value) {
        match value {
            Value::Object(members) => members.iter().for_each(|(name, member)| self.collect(name, member)),
            Value::Array(items) => items.iter().for_each(|item| self.collect(name, item)),
            Value::String(_) if !name.is_empty() => {
                let known = self.0.entry(name.to_owned()).or_default();
                if known.len() < MAX_VALUES && !known.contains(value) {
                    known.push(value.clone());
                }
            }
            _ => {}
        }
    }
}
