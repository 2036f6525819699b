//! The gate must be able to fail: every schema compiles, and every body schema rejects something.

use std::borrow::Cow;
use std::collections::HashSet;

use obkit_codegen::load::{escape_token, unescape_token};
use obkit_codegen::spec::{Content, Operation};
use serde_json::{Value, json};

use super::{Observer, Progress, ProviderReport, Stage, Work};
use crate::checks;
use crate::contract::Contract;
use crate::finding::Finding;
use crate::sample;
use crate::schema::Direction;
use crate::shard::Shard;
use crate::validator::CompiledSchema;

/// How many places of a value are changed before its schema counts as toothless.
const MAX_PLACES: usize = 500;

pub(super) fn run(work: &Work<'_>, report: &mut ProviderReport, progress: &mut Observer<'_>) {
    let contract = work.contract;
    if work.holds(Shard::DOCUMENT) {
        compile(contract, report);
    }
    // Operations share schemas: the first of them answers for each.
    let mut seen = HashSet::new();
    let (mut done, of) = (0, work.operations.len());
    for operation in contract.spec().operations() {
        let held = work.holds(&operation.id);
        if held {
            let (provider, stage) = (contract.provider(), Stage::Schemas);
            progress(Progress { provider, stage, operation: Some(&operation.id), done, of });
            done += 1;
        }
        for (direction, content) in bodies(operation) {
            if let Some(schema) = &content.schema
                && seen.insert((direction, schema))
                && held
            {
                teeth(contract, operation, direction, content, schema, report);
            }
        }
    }
}

fn compile(contract: &Contract, report: &mut ProviderReport) {
    for pointer in contract.validators().schemas() {
        let sides = [Direction::Request, Direction::Response];
        if let Some(error) = sides.iter().find_map(|side| contract.validators().check(*side, pointer).err()) {
            report.report(Finding::new(checks::GI001, error.to_string()).at(contract.document(), pointer));
        }
    }
}

fn bodies(operation: &Operation) -> impl Iterator<Item = (Direction, &Content)> {
    let request =
        operation.request.iter().flat_map(|request| &request.content).map(|content| (Direction::Request, content));
    let responses =
        operation.responses.iter().flat_map(|response| &response.content).map(|content| (Direction::Response, content));
    request.chain(responses).filter(|(_, content)| content.is_value())
}

fn teeth(
    contract: &Contract,
    operation: &Operation,
    direction: Direction,
    content: &Content,
    schema: &str,
    report: &mut ProviderReport,
) {
    let Ok(check) = contract.validators().check(direction, schema) else { return };
    if contract.validators().is_free_form(direction, schema) {
        report.free_form_schemas += 1;
        return;
    }
    let example = content.examples.iter().map(|example| &example.value).find(|value| check.is_valid(value));
    let base = example.cloned().unwrap_or_else(|| sample::value(contract.document(), schema, direction));
    if !rejects_a_mutant(&check, &base) {
        let finding = Finding::new(checks::GI002, "no mutant of a valid value is rejected: the schema cannot fail");
        report.report(finding.operation(&operation.id).media_type(&content.media_type).at(contract.document(), schema));
    }
}

/// Whether a value of another type, without a property, or with a property of another type is
/// rejected. The mutants are made in place, one after the other, and undone.
fn rejects_a_mutant(check: &CompiledSchema<'_>, base: &Value) -> bool {
    let mut places = Vec::new();
    collect(base, &mut String::new(), &mut places);
    let mut value = base.clone();
    places.iter().any(|place| rejects_at(check, &mut value, place))
}

fn rejects_at(check: &CompiledSchema<'_>, value: &mut Value, place: &str) -> bool {
    let Some(slot) = value.pointer(place) else { return false };
    for mut other in others(slot) {
        swap(value, place, &mut other);
        let rejected = !check.is_valid(value);
        swap(value, place, &mut other);
        if rejected {
            return true;
        }
    }
    without(value, place).is_some_and(|smaller| !check.is_valid(&smaller))
}

fn swap(value: &mut Value, place: &str, other: &mut Value) {
    if let Some(slot) = value.pointer_mut(place) {
        std::mem::swap(slot, other);
    }
}

/// The value without the property at a place; none when no property stands there.
fn without(value: &Value, place: &str) -> Option<Value> {
    let (parent, name) = place.rsplit_once('/')?;
    let mut smaller = value.clone();
    smaller.pointer_mut(parent)?.as_object_mut()?.remove(&*unescape_token(name))?;
    Some(smaller)
}

/// One value of every type but that of the given one.
fn others(value: &Value) -> Vec<Value> {
    let all = [json!(null), json!(true), json!(-0.5), json!("\u{fffd}"), json!([[]]), json!({"\u{fffd}": []})];
    all.into_iter().filter(|other| std::mem::discriminant(other) != std::mem::discriminant(value)).collect()
}

/// The pointers of a value, its own first. One element stands for all of an array.
fn collect(value: &Value, pointer: &mut String, places: &mut Vec<String>) {
    if places.len() == MAX_PLACES {
        return;
    }
    places.push(pointer.clone());
    let members: Box<dyn Iterator<Item = (Cow<'_, str>, &Value)>> = match value {
        Value::Object(members) => Box::new(members.iter().map(|(name, member)| (escape_token(name), member))),
        Value::Array(items) => Box::new(items.first().map(|item| ("0".into(), item)).into_iter()),
        _ => return,
    };
    for (token, member) in members {
        let length = pointer.len();
        pointer.push('/');
        pointer.push_str(&token);
        collect(member, pointer, places);
        pointer.truncate(length);
    }
}
