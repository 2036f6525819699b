//! No document, in whatever version and in however many files, makes loading panic; and what is
//! refused is refused with its place.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use obkit_codegen::load::{escape_token, unescape_token};
use obkit_codegen::{Document, LoadError, Note, Spec, lint};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

/// A Swagger 2.0 document that has a bit of everything.
fn swagger() -> Value {
    json!({
        "swagger": "2.0",
        "host": "a.example", "basePath": "/v1", "schemes": ["https"],
        "consumes": ["application/json"], "produces": ["application/json"],
        "paths": { "/a/{id}": {
            "parameters": [{ "$ref": "#/parameters/Id" }, { "$ref": "#/parameters/Body" }],
            "get": { "operationId": "read", "produces": ["text/csv"], "responses": { "200": { "$ref": "#/responses/Fine" } } },
            "post": {
                "consumes": ["multipart/form-data"], "schemes": ["http"],
                "parameters": [
                    { "name": "f", "in": "formData", "type": "file", "required": true },
                    { "name": "l", "in": "formData", "type": "array", "items": { "type": "string" }, "collectionFormat": "pipes" },
                    { "name": "q", "in": "query", "type": "array", "items": { "type": "integer" }, "collectionFormat": "multi" },
                ],
                "responses": { "200": {
                    "description": "", "schema": { "$ref": "#/definitions/A" },
                    "headers": { "X": { "type": "string" } }, "examples": { "application/json": {} },
                } },
            },
        } },
        "definitions": { "A": { "discriminator": "k", "properties": { "k": { "type": ["string", "null"] }, "a": { "$ref": "#/paths/~1a~1{id}/post/responses/200/schema" } } } },
        "parameters": {
            "Id": { "name": "id", "in": "path", "required": true, "type": "string" },
            "Body": { "name": "b", "in": "body", "schema": { "$ref": "#/definitions/A" } },
        },
        "responses": { "Fine": { "description": "", "schema": { "type": "file" } } },
        "securityDefinitions": { "O": { "type": "oauth2", "flow": "accessCode" }, "B": { "type": "basic" } },
    })
}

/// Three files that refer to each other.
fn files() -> [Value; 3] {
    let root = json!({
        "openapi": "3.1.0",
        "paths": { "/a": { "$ref": "b.json#/paths/~1a" }, "/c": { "get": {
            "parameters": [{ "$ref": "c.json#/P" }],
            "responses": { "200": { "description": "", "content": { "application/json": { "schema": { "$ref": "c.json" } } } } },
        } } },
        "components": { "schemas": { "A": { "$ref": "c.json#there" }, "B": { "$anchor": "here", "$ref": "https://a.example/x#/B" } } },
        "webhooks": { "hook": { "post": { "operationId": "hook", "requestBody": { "$ref": "c.json#/body" } } } },
    });
    let second = json!({ "paths": { "/a": { "put": {
        "responses": { "200": { "$ref": "c.json#/R" } },
        "callbacks": { "c": { "{$url}": { "post": { "responses": { "204": { "description": "" } } } } } },
    } } } });
    let third = json!({
        "P": { "name": "p", "in": "query", "schema": { "$ref": "#there" } },
        "R": { "description": "", "headers": { "H": { "$ref": "#/H" } } },
        "H": { "schema": { "$ref": "a.json#/components/schemas/B" } },
        "body": { "content": { "application/json": { "schema": { "$ref": "#" } } } },
        "properties": { "a": { "$anchor": "there", "items": { "$ref": "c.json#/properties/a" } } },
        "discriminator": { "propertyName": "a", "mapping": { "x": "c.json", "y": "B" } },
    });
    [root, second, third]
}

/// Which node is changed, how, and with which other node's help.
type Edit = (prop::sample::Index, prop::sample::Index, usize);

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..12_usize), 1..5)
}

fn pointers(value: &Value, at: &str, all: &mut Vec<String>) {
    all.push(at.to_owned());
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(key, member)| pointers(member, &format!("{at}/{}", escape_token(key)), all));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| pointers(item, &format!("{at}/{index}"), all));
        }
        _ => {}
    }
}

fn mutate(root: &mut Value, edits: &[Edit]) {
    for (at, other, choice) in edits {
        let mut all = Vec::new();
        pointers(root, "", &mut all);
        let (at, other) = (&all[at.index(all.len())], &all[other.index(all.len())]);
        let value = match choice {
            0 => Value::Null,
            1 => json!(-1.5e300),
            2 => json!(""),
            3 => json!([]),
            4 => json!({}),
            5 => json!({ "$ref": format!("#{other}") }),
            6 => json!({ "$ref": format!("c.json#{other}") }),
            7 => json!({ "$ref": "http://" }),
            8 => json!("é/{x#%"),
            9 => json!([{ "in": "body" }, { "in": "formData", "name": "é/" }]),
            10 => root.pointer(other).cloned().unwrap_or_default(),
            _ => {
                let Some((parent, key)) = at.rsplit_once('/') else { continue };
                if let Some(Value::Object(members)) = root.pointer_mut(parent) {
                    members.shift_remove(&*unescape_token(key));
                }
                continue;
            }
        };
        if let Some(node) = root.pointer_mut(at) {
            *node = value;
        }
    }
}

/// Every place of a document must be known in its author's terms.
fn check(document: Document) -> Result<(), LoadError> {
    let mut all = Vec::new();
    pointers(document.root(), "", &mut all);
    for pointer in all {
        let origin = document.origin(&pointer);
        assert!(document.files().contains(&origin.file) && origin.position.is_some(), "{pointer}: {origin:?}");
    }
    Spec::read(document).map(drop)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn any_swagger_is_converted_or_refused_with_its_place(edits in edits()) {
        let mut root = swagger();
        mutate(&mut root, &edits);
        prop_assume!(root.to_string().len() < 200_000);
        if let Err(error) = Document::parse("s.json", &root.to_string()).and_then(check) {
            prop_assert!(error.position.is_some(), "{error}");
        }
    }

    #[test]
    fn any_files_are_bundled_or_refused_with_their_place(edits in prop::array::uniform3(edits())) {
        let folder = tempfile::tempdir().unwrap();
        let names = ["a.json", "b.json", "c.json"];
        for ((name, mut root), edits) in names.iter().zip(files()).zip(&edits) {
            mutate(&mut root, edits);
            std::fs::write(folder.path().join(name), root.to_string()).unwrap();
        }
        if let Err(error) = Document::load(folder.path().join("a.json")).and_then(check) {
            prop_assert!(error.position.is_some(), "{error}");
            prop_assert!(names.iter().any(|name| error.file.ends_with(name)));
        }
    }
}

#[test]
fn what_is_mutated_is_fine_before() {
    check(Document::parse("s.json", &swagger().to_string()).unwrap()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for (name, root) in ["a.json", "b.json", "c.json"].iter().zip(files()) {
        std::fs::write(folder.path().join(name), root.to_string()).unwrap();
    }
    let document = Document::load(folder.path().join("a.json")).unwrap();
    assert_eq!(document.files().len(), 3);
    check(document).unwrap();
}

#[test]
fn notes_name_the_file_they_are_about() {
    let folder = tempfile::tempdir().unwrap();
    let root = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /a: {$ref: more.yaml#/a}\n";
    let more = "a:\n  get: {responses: {'200': {description: ''}}}\n";
    std::fs::write(folder.path().join("openapi.yaml"), root).unwrap();
    std::fs::write(folder.path().join("more.yaml"), more).unwrap();
    let spec = Spec::read(Document::load(folder.path().join("openapi.yaml")).unwrap()).unwrap();
    let notes = lint(&spec);
    let note: &Note = notes.iter().find(|note| note.rule == "operation-id-missing").unwrap();
    assert!(note.file.as_ref().unwrap().ends_with("more.yaml"));
    assert_eq!((note.pointer.as_str(), note.line), ("/a/get", 2));
    assert!(serde_json::to_value(note).unwrap()["file"].is_string());
    let alone =
        Spec::read(Document::parse("a.yaml", &root.replace("{$ref: more.yaml#/a}", "{get: {responses: {}}}")).unwrap());
    assert!(serde_json::to_value(&lint(&alone.unwrap())[0]).unwrap().get("file").is_none());
}
