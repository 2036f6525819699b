//! Responses: any number of success and error bodies become one type each, told apart by status;
//! `default` means "every other status"; binary bodies stay bytes.

use super::names::type_name;
use super::schema::Types;
use super::usage::Usage;
use crate::model::{Kind, ResponseBody, Success, SuccessBody, TypeDef, TypeRef, Variant};
use crate::note;
use crate::schema::without_words;
use crate::spec::{Content, Operation, Response, StatusKey};

pub(crate) struct Answers {
    pub(crate) accept: Option<String>,
    pub(crate) success: Success,
    pub(crate) error: Option<TypeRef>,
    pub(crate) bodies: Vec<(StatusKey, Option<TypeRef>)>,
}

/// What one response carries.
#[derive(Clone, PartialEq)]
enum Carried {
    Json(TypeRef),
    Raw(String),
    Nothing,
}

pub(crate) fn lower(op: &Operation, types: &mut Types<'_>) -> Answers {
    let mut carried: Vec<(StatusKey, Carried)> = Vec::new();
    for response in &op.responses {
        let hint = format!("{}{}", type_name(&op.id), if response.status.is_success() { "Response" } else { "Error" });
        carried.push((response.status, carry(op, response, &hint, types)));
        if response.status == StatusKey::Default {
            let message = format!("`default` of `{}` answers every status that has no response", op.signature());
            types.note(note::DEFAULT_RESPONSE, &response.pointer, message);
        }
    }
    let (mut successes, mut errors): (Vec<_>, Vec<_>) =
        carried.iter().cloned().partition(|(status, _)| status.is_success());
    if successes.is_empty() {
        // Only `default` is documented: then it is what a success looks like, too.
        successes.extend(errors.iter().filter(|(status, _)| *status == StatusKey::Default).cloned());
    }
    errors.retain(|(status, _)| !matches!(status, StatusKey::Code(100..=199) | StatusKey::Range(1)));
    let success = success(op, successes, types);
    let error = error(op, &errors, types);
    let bodies = carried
        .into_iter()
        .map(|(status, carried)| match carried {
            Carried::Json(ty) => (status, Some(ty)),
            Carried::Raw(_) | Carried::Nothing => (status, None),
        })
        .collect();
    Answers { accept: accepted(op), success, error, bodies }
}

/// What is asked for where it is another JSON than `application/json`: the media types of the successes that are decoded.
fn accepted(op: &Operation) -> Option<String> {
    let mut media_types: Vec<String> = Vec::new();
    for response in op.responses.iter().filter(|response| response.status.is_success()) {
        let json = response.json().map(|content| match content.is_range() {
            true => "application/json".to_owned(),
            false => without_charset(&content.media_type),
        });
        media_types.extend(json.filter(|json| can_be_asked_for(json) && !media_types.contains(json)));
    }
    let accepted = media_types.join(", ");
    (!accepted.is_empty() && accepted != "application/json").then_some(accepted)
}

/// JSON has no `charset` (RFC 8259, section 11), which documents name all the same.
fn without_charset(media_type: &str) -> String {
    let parts = media_type.split(';').map(str::trim);
    let kept: Vec<&str> = parts.filter(|part| !part.to_ascii_lowercase().starts_with("charset=")).collect();
    kept.join(";")
}

fn can_be_asked_for(media_type: &str) -> bool {
    media_type.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ')
}

fn carry(op: &Operation, response: &Response, hint: &str, types: &mut Types<'_>) -> Carried {
    let Some(first) = response.content.first() else { return Carried::Nothing };
    let Some(json) = response.json() else {
        let what = if response.status.is_success() { "a stream of bytes" } else { "left as bytes in the error" };
        let (rule, why) = if first.structured {
            (note::STRUCTURED_RAW_BODY, ", although its schema has a structure")
        } else {
            (note::BINARY_BODY, "")
        };
        types.note(rule, &first.pointer, format!("a body of `{}` is {what}{why}", first.media_type));
        if response.status.is_success() && response.content.len() > 1 {
            media_type_notes(first, &response.content, types);
        }
        return Carried::Raw(first.media_type.clone());
    };
    media_type_notes(json, &response.content, types);
    let others = described_otherwise(json, &response.content, types);
    let others: Vec<&Content> = others.into_iter().filter(|other| other.structured).collect();
    if !others.is_empty()
        && !response.status.is_success()
        && let Some(either) = either(response, json, &others, hint, types)
    {
        return Carried::Json(either);
    }
    for other in others {
        let (other, at, operation) = (&other.media_type, &other.pointer, op.signature());
        let message = format!("`{operation}` reads `{}` only, and the schema of `{other}` is another", json.media_type);
        types.note(note::MEDIA_TYPE_UNREACHABLE, at, message);
    }
    Carried::Json(content_type(json, hint, Usage::RESPONSE, types))
}

/// One type for an error that is one JSON or another, such as `application/problem+json`: what a server sends when it refuses
/// something is hardly ever what it was asked for.
fn either(
    response: &Response,
    json: &Content,
    others: &[&Content],
    hint: &str,
    types: &mut Types<'_>,
) -> Option<TypeRef> {
    if !others.iter().all(|other| other.is_json()) {
        return None;
    }
    let mut variants: Vec<Variant> = Vec::new();
    for content in std::iter::once(&json).chain(others) {
        let ty = content_type(content, hint, Usage::RESPONSE, types);
        let TypeRef::Named(ident) = &ty else { return None };
        if !matches!(types.kind(&ty), Some(Kind::Struct { .. })) {
            return None;
        }
        if !variants.iter().any(|known| known.ty == ty) {
            variants.push(Variant { ident: ident.clone(), tags: Vec::new(), boxed: false, ty });
        }
    }
    let message = format!("{} media types of JSON, told apart by what each can hold", variants.len());
    types.note(note::UNTAGGED_UNION, &format!("{}/content", response.pointer), message);
    let unknown = if variants.iter().any(|known| known.ident == "Unknown") { "Unlisted" } else { "Unknown" };
    let name = types.unique_name(&format!("{hint}Body"));
    types.add(TypeDef {
        name: name.clone(),
        pointer: format!("{}/content", response.pointer),
        doc: "The documented bodies of an error, one for each media type.".to_owned(),
        kind: Kind::Union { variants, tag: None, catch_all: unknown.to_owned() },
        in_requests: false,
        deprecated: false,
    });
    Some(TypeRef::Named(name))
}

/// The type of a JSON body.
pub(crate) fn content_type(content: &Content, hint: &str, usage: Usage, types: &mut Types<'_>) -> TypeRef {
    let Some(schema) = &content.schema else {
        types.note(note::UNTYPED_SCHEMA, &content.pointer, "the body has no schema: it is any JSON".to_owned());
        return TypeRef::Json;
    };
    let used = types.use_of(schema, hint, usage);
    if used.nullable {
        types.note(note::NULLABLE_BODY, schema, "the body may be null, which its type is not".to_owned());
    }
    match types.resolve(&used.ty) {
        // As a whole body, such a text is rare enough to have no decoder of its own.
        TypeRef::Formatted(_) if usage.response => TypeRef::String,
        _ => used.ty,
    }
}

/// The bodies that are not the same value as the chosen one, in another form.
pub(super) fn described_otherwise<'c>(chosen: &Content, all: &'c [Content], types: &Types<'_>) -> Vec<&'c Content> {
    let value = |content: &Content| content.schema.as_deref().and_then(|at| types.document.at(at)).map(without_words);
    let Some(chosen) = value(chosen) else { return Vec::new() };
    all.iter().filter(|content| value(content).is_some_and(|other| other != chosen)).collect()
}

/// Notes what the choice of one media type leaves out.
pub(crate) fn media_type_notes(chosen: &Content, all: &[Content], types: &mut Types<'_>) {
    if chosen.is_json() && chosen.is_range() {
        let message = format!("what has a structure is JSON where `{}` is allowed", chosen.media_type);
        types.note(note::MEDIA_TYPE_RANGE, &chosen.pointer, message);
    }
    if chosen.is_json() && chosen.media_type.contains(';') {
        let message = format!("`{}` is read as JSON", chosen.media_type);
        types.note(note::MEDIA_TYPE_PARAMETERS, &chosen.pointer, message);
    }
    if all.len() > 1 && chosen.is_json() {
        let message = format!("of {} media types, the client speaks `{}`", all.len(), chosen.media_type);
        types.note(note::JSON_PREFERRED, &chosen.pointer, message);
    } else if all.len() > 1 {
        let message = format!("`{}` is one of {} media types; the others have no type", chosen.media_type, all.len());
        types.note(note::SEVERAL_MEDIA_TYPES, &chosen.pointer, message);
    }
}

fn success(op: &Operation, successes: Vec<(StatusKey, Carried)>, types: &mut Types<'_>) -> Success {
    let statuses = successes.iter().map(|(status, _)| *status).collect();
    let body = match distinct(&successes).as_slice() {
        [] | [Carried::Nothing] => SuccessBody::Empty,
        [Carried::Json(ty)] => SuccessBody::Json(ty.clone()),
        [Carried::Raw(media_type)]
        | [Carried::Raw(media_type), Carried::Nothing]
        | [Carried::Nothing, Carried::Raw(media_type)] => SuccessBody::Raw(media_type.clone()),
        several if several.iter().any(|c| matches!(c, Carried::Raw(_))) => {
            if several.iter().any(|c| matches!(c, Carried::Json(_))) {
                let message = format!("`{}` answers JSON or other bodies; all are streams of bytes", op.signature());
                types.note(note::MIXED_SUCCESS_BODIES, &op.pointer, message);
            }
            SuccessBody::Raw("*/*".to_owned())
        }
        several => {
            let message = format!("`{}` has {} success bodies", op.signature(), several.len());
            types.note(note::SEVERAL_SUCCESS_BODIES, &op.pointer, message);
            SuccessBody::Json(union(op, "Response", &successes, types))
        }
    };
    Success { statuses, body }
}

fn error(op: &Operation, errors: &[(StatusKey, Carried)], types: &mut Types<'_>) -> Option<TypeRef> {
    let typed: Vec<_> = errors.iter().filter(|(_, c)| matches!(c, Carried::Json(_))).cloned().collect();
    match distinct(&typed).as_slice() {
        [] => None,
        [Carried::Json(ty)] if types.kind(ty).is_some() => Some(ty.clone()),
        [_] => Some(TypeRef::Json),
        several => {
            let message = format!("`{}` has {} error bodies", op.signature(), several.len());
            types.note(note::SEVERAL_ERROR_BODIES, &op.pointer, message);
            Some(union(op, "Error", &typed, types))
        }
    }
}

fn distinct(carried: &[(StatusKey, Carried)]) -> Vec<Carried> {
    let mut distinct: Vec<Carried> = Vec::new();
    for (_, carried) in carried {
        if !distinct.contains(carried) {
            distinct.push(carried.clone());
        }
    }
    distinct
}

/// One enum over several bodies, with a variant per body.
fn union(op: &Operation, suffix: &str, carried: &[(StatusKey, Carried)], types: &mut Types<'_>) -> TypeRef {
    let mut bodies: Vec<ResponseBody> = Vec::new();
    for (status, carried) in carried {
        let ty = match carried {
            Carried::Json(ty) => Some(ty.clone()),
            Carried::Raw(_) | Carried::Nothing => None,
        };
        match bodies.iter_mut().find(|body| body.ty == ty) {
            Some(body) => body.statuses.push(*status),
            None => {
                let ident = match status {
                    StatusKey::Code(code) => format!("Status{code}"),
                    StatusKey::Range(range) => format!("Status{range}xx"),
                    StatusKey::Default => "Default".to_owned(),
                };
                bodies.push(ResponseBody { ident, statuses: vec![*status], ty });
            }
        }
    }
    let name = types.unique_name(&format!("{}{suffix}", type_name(&op.id)));
    types.add(TypeDef {
        name: name.clone(),
        pointer: format!("{}/responses", op.pointer),
        doc: format!("The documented bodies of `{}`, told apart by status.", op.signature()),
        kind: Kind::Responses(bodies),
        in_requests: false,
        deprecated: false,
    });
    TypeRef::Named(name)
}
