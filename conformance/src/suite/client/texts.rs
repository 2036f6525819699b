//! Texts of every kind as arguments, which arrive as they are.

use obkit_codegen::spec::{Operation, Parameter};
use serde_json::Value;

use super::Found;
use super::caller::Caller;
use super::expected::deviations;
use super::requests::can_carry;
use crate::checks;
use crate::finding::Finding;
use crate::pointer;
use crate::schema::Direction;
use crate::suite::calls;

/// Texts of which each is likely to be written wrong by somebody: what separates, what is encoded already, what is
/// left out, letters of every length in UTF-8 and of every general category of Unicode that a text may hold.
const TEXTS: [&str; 40] = [
    "",
    " ",
    "a b",
    " a ",
    "+",
    "a+b",
    "/",
    "a/b",
    "?",
    "a?b=c",
    "#",
    "%",
    "%2F",
    "%252F",
    "%zz",
    "&a=b",
    "=",
    ";",
    ",",
    "a,b",
    ":",
    "@",
    "!$'()*",
    ".",
    "..",
    "../a",
    "a/../b",
    "\"quoted\"",
    "'",
    "<>",
    "\\",
    "[a]|{b}^`",
    "-._~",
    "é ß ž",
    "e\u{301} \u{1f9d1}\u{200d}\u{1f4bb}",
    "汉字 العربية हिन्दी",
    "\u{202e}\u{feff}\u{a0}\u{2028}\u{e000}",
    "²Ⅷ½ ǅ ʰ ‿ « » ∑ € ^",
    "a\tb",
    "a\r\nX-Injected: b\u{0}\u{7f}\u{85}",
];

/// Calls an operation with each of the texts in each parameter that takes any text.
pub(super) async fn run(caller: &Caller<'_>, operation: &Operation, found: &mut Found<'_>) {
    let Some(arguments) = calls::arguments(caller.contract, operation).into_iter().next() else { return };
    for parameter in &operation.parameters {
        let key = (parameter.location.as_str(), parameter.name.clone());
        if !arguments.parameters.contains_key(&key) || !is_text(caller, parameter) {
            continue;
        }
        for text in TEXTS.iter().filter(|text| fits(caller, parameter, text)) {
            let mut arguments = arguments.clone();
            arguments.parameters.insert(key.clone(), (*text).into());
            let called = caller.call(operation, &arguments).await;
            found.tried.texts += 1;
            let mut tell = |message: String| {
                let finding = Finding::new(checks::CL007, message).operation(&operation.id);
                found.findings.push(finding.at(caller.contract.document(), &parameter.pointer));
            };
            let shown = format!("{text:?} in the {} parameter `{}`", parameter.location.as_str(), parameter.name);
            match called.arrived.first() {
                Some(arrived) => {
                    if let Some(deviation) = deviations(caller, operation, &arguments, arrived).first() {
                        tell(format!("{shown}: {}", deviation.message));
                    }
                }
                None if can_carry(parameter.location, text) => {
                    let reason = called.outcome.err().map(|failure| failure.message).unwrap_or_default();
                    tell(format!("{shown} is not sent: {reason}"));
                }
                None => found.tried.refused_texts += 1,
            }
        }
    }
}

/// Whether a parameter is one text, and not one of a list or in a format.
pub(super) fn is_text(caller: &Caller<'_>, parameter: &Parameter) -> bool {
    let document = caller.contract.document();
    let schema = parameter.schema.as_deref().and_then(|schema| document.at(schema));
    let schema = schema.and_then(|schema| pointer::resolved(document, schema));
    schema.is_some_and(|schema| {
        schema.get("type").and_then(Value::as_str) == Some("string")
            && ["format", "enum", "pattern"].iter().all(|keyword| schema.get(keyword).is_none())
    })
}

fn fits(caller: &Caller<'_>, parameter: &Parameter, text: &str) -> bool {
    let schema = parameter.schema.as_deref().unwrap_or_default();
    let check = caller.contract.validators().check(Direction::Request, schema);
    check.is_ok_and(|check| check.is_valid(&text.into()))
}
