//! Request bodies: JSON and forms have types, parts are put together, and all else is bytes.

use serde_json::Value;

use super::names::type_name;
use super::parameters::Setters;
use super::responses::{content_type, described_otherwise, media_type_notes};
use super::schema::Types;
use super::usage::Usage;
use crate::model::{BodyKind, RequestBody, Style};
use crate::note;
use crate::schema::{resolved, text};
use crate::spec::{Content, Operation, is_json};

pub(super) fn lower(op: &Operation, types: &mut Types<'_>, setters: &mut Setters) -> Option<RequestBody> {
    let body = op.request.as_ref()?;
    let content = body.preferred()?;
    let stated = types.document.at(&body.pointer).and_then(|body| text(body, "description"));
    let mut doc = stated.unwrap_or_default().trim().to_owned();
    let hint = format!("{}Request", type_name(&op.id));
    unreachable_notes(op, content, &body.content, types);
    let kind = if content.is_form() && !is_object(types, content) {
        // Names and values are made from the members of an object.
        media_type_notes(content, &body.content, types);
        raw(op, std::slice::from_ref(content), types, setters, &mut doc)
    } else if content.is_value() {
        media_type_notes(content, &body.content, types);
        let ty = content_type(content, &hint, Usage::REQUEST, types);
        if content.is_form() {
            BodyKind::Form { ty, styles: form_styles(types, content) }
        } else {
            BodyKind::Json { ty, media_type: sent_as(content) }
        }
    } else if content.is_multipart() {
        media_type_notes(content, &body.content, types);
        let message = format!("the parts of `{}` have no type; the builder lists them", op.signature());
        types.note(note::MULTIPART_BODY, &content.pointer, message);
        doc = format!("{doc}\n\n{}", parts(types, content)).trim().to_owned();
        BodyKind::Multipart
    } else {
        raw(op, &body.content, types, setters, &mut doc)
    };
    Some(RequestBody { kind, required: body.required, rules: None, doc })
}

/// What JSON is sent as: of a range, `application/json`.
fn sent_as(content: &Content) -> String {
    if content.is_range() { "application/json".to_owned() } else { content.media_type.clone() }
}

/// Bytes, whose media type can be chosen if there are several or a range of them.
fn raw(
    op: &Operation,
    contents: &[Content],
    types: &mut Types<'_>,
    setters: &mut Setters,
    doc: &mut String,
) -> BodyKind {
    for content in contents {
        let (rule, why) = if content.structured {
            (note::STRUCTURED_RAW_BODY, ", although its schema has a structure")
        } else {
            (note::RAW_BODY, "")
        };
        let message = format!("the `{}` of `{}` is sent as bytes{why}", content.media_type, op.signature());
        types.note(rule, &content.pointer, message);
    }
    let listed: Vec<&str> = contents.iter().map(|content| content.media_type.as_str()).collect();
    let has_choice = listed.len() > 1 || listed.iter().any(|media_type| media_type.contains('*'));
    let choice = has_choice.then(|| setters.unique("content_type", "of_body"));
    let list = listed.iter().map(|media_type| format!("`{media_type}`")).collect::<Vec<_>>().join(", ");
    if let (Some(choice), Some(first)) = (&choice, contents.first()) {
        let message = format!("`{choice}` of the builder chooses among {list}");
        types.note(note::MEDIA_TYPE_CHOICE, &first.pointer, message);
    }
    *doc = format!("{doc}\n\nBytes of {list}.").trim().to_owned();
    BodyKind::Raw { media_types: listed.into_iter().map(str::to_owned).collect(), choice }
}

/// Notes the bodies that cannot be sent as one media type is chosen, and that are not the same value in another form.
fn unreachable_notes(op: &Operation, chosen: &Content, all: &[Content], types: &mut Types<'_>) {
    let others =
        if chosen.is_value() || chosen.is_multipart() { described_otherwise(chosen, all, types) } else { vec![] };
    for content in others {
        let (other, operation) = (&content.media_type, op.signature());
        let message =
            format!("`{operation}` sends `{}` only, and the schema of `{other}` is another", chosen.media_type);
        types.note(note::MEDIA_TYPE_UNREACHABLE, &content.pointer, message);
    }
}

/// Whether a schema may be that of an object, as far as its `type` says.
fn is_object(types: &Types<'_>, content: &Content) -> bool {
    let schema = content.schema.as_deref().and_then(|at| resolved(types.document, at));
    let stated = schema.map(|(_, schema)| crate::schema::types(schema)).unwrap_or_default();
    stated.is_empty() || stated.contains(&"object")
}

/// The `encoding` of a form's members: their style, or the JSON that their media type asks for.
fn form_styles(types: &Types<'_>, content: &Content) -> Vec<(String, Style)> {
    let encoding = types.document.at(&format!("{}/encoding", content.pointer)).and_then(Value::as_object);
    let styles = encoding.into_iter().flatten().filter_map(|(name, encoding)| {
        let style = text(encoding, "style");
        let explode = encoding.get("explode").and_then(Value::as_bool);
        let shape = match (style, text(encoding, "contentType")) {
            (Some("deepObject"), _) => "DEEP_OBJECT",
            (Some("spaceDelimited"), _) if explode != Some(true) => "SPACE_DELIMITED",
            (Some("pipeDelimited"), _) if explode != Some(true) => "PIPE_DELIMITED",
            (Some("tabDelimited"), _) if explode != Some(true) => "TAB_DELIMITED",
            (None, Some(media_type)) if explode.is_none() && is_json(media_type) => "JSON",
            (None, Some(_)) if explode.is_none() => return None,
            (None, None) if explode.is_none() => return None,
            _ => "FORM",
        };
        Some((name.clone(), Style { explode: shape == "FORM" && explode != Some(false), ..Style::of(shape) }))
    });
    styles.collect()
}

/// The parts that the schema names, as a list of the documentation.
fn parts(types: &Types<'_>, content: &Content) -> String {
    let Some((at, schema)) = content.schema.as_deref().and_then(|at| resolved(types.document, at)) else {
        return String::new();
    };
    let required: Vec<&str> = crate::schema::required(schema).collect();
    let encoding = types.document.at(&format!("{}/encoding", content.pointer));
    let properties = schema.get("properties").and_then(Value::as_object);
    let lines = properties.into_iter().flatten().map(|(name, _)| {
        let at = format!("{at}/properties/{}", crate::load::escape_token(name));
        let property = resolved(types.document, &at).map(|(_, property)| property);
        let word = |key: &str| property.and_then(|property| text(property, key));
        let stated = encoding.and_then(|e| e.get(name)).and_then(|e| text(e, "contentType"));
        let what = match (word("type"), word("format"), stated) {
            (_, _, Some(media_type)) => format!("`{media_type}`"),
            (_, Some("binary"), _) => "a file".to_owned(),
            (Some("object"), ..) => "JSON".to_owned(),
            (Some("array"), ..) => "a part for each item".to_owned(),
            _ => "text".to_owned(),
        };
        let must = if required.contains(&name.as_str()) { ", required" } else { "" };
        let words =
            word("description").map(|words| format!(": {}", words.split_whitespace().collect::<Vec<_>>().join(" ")));
        format!("- `{name}` ({what}{must}){}", words.unwrap_or_default())
    });
    let lines: Vec<_> = lines.collect();
    if lines.is_empty() { String::new() } else { format!("Its parts:\n\n{}", lines.join("\n")) }
}
