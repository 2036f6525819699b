//! Overlays change what they say, where they say it, and fail when they no longer fit.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

use obkit_codegen::{Document, LoadError, Overlay, Providers, Spec, generate_provider, lint};
use serde_json::{Value, json};

const SPEC: &str = "\
openapi: 3.0.3
info: {title: T, version: '1'}
tags: [{name: a}, {name: b}, {name: c}]
paths:
  /a:
    get:
      operationId: readA
      parameters:
        - {name: first, in: query, schema: {type: string}}
        - {name: second, in: query, schema: {type: string}}
        - {name: third, in: query, schema: {type: string, format: odd}}
      responses:
        '200': {description: Ok}
        default: {description: Bad}
";

fn document() -> Document {
    Document::parse("openapi.yaml", SPEC).unwrap()
}

/// An overlay of these actions, each with a reason.
fn overlay(actions: &[Value]) -> Result<Overlay, LoadError> {
    let mut overlay = json!({ "overlay": "1.0.0", "info": { "title": "Test", "version": "1" }, "actions": actions });
    for action in overlay["actions"].as_array_mut().unwrap() {
        action.as_object_mut().unwrap().entry("description").or_insert("It is wrong.".into());
    }
    Overlay::parse("010-test.yaml", &serde_json::to_string_pretty(&overlay).unwrap())
}

fn applied(actions: &[Value]) -> Document {
    Document::parse_with("openapi.yaml", SPEC, &[overlay(actions).unwrap()]).unwrap()
}

fn refused(actions: &[Value]) -> String {
    let error =
        overlay(actions).and_then(|overlay| Document::parse_with("openapi.yaml", SPEC, &[overlay])).unwrap_err();
    assert!(error.position.is_some() && !error.remedy.is_empty(), "{error}");
    error.to_string()
}

const GET: &str = "/paths/~1a/get";

#[test]
fn objects_are_merged_lists_joined_and_the_rest_replaced() {
    let document = applied(&[json!({ "target": "$.paths['/a'].get", "update": {
        "operationId": "readB",
        "summary": "Reads.",
        "responses": { "200": { "headers": {} }, "default": "gone" },
        "parameters": [{ "name": "fourth" }],
    } })]);
    let at = |pointer: &str| document.at(&format!("{GET}{pointer}")).cloned();
    assert_eq!(at("/operationId"), Some("readB".into()));
    assert_eq!(at("/summary"), Some("Reads.".into()));
    assert_eq!(at("/responses/200"), Some(json!({ "description": "Ok", "headers": {} })));
    assert_eq!(at("/responses/default"), Some("gone".into()));
    assert_eq!(at("/parameters/3/name"), Some("fourth".into()));
    assert_eq!(at("/parameters/0/name"), Some("first".into()));
}

#[test]
fn what_a_list_is_updated_with_is_one_more_item() {
    let document = applied(&[json!({ "target": "$.tags", "update": { "name": "d" } })]);
    assert_eq!(document.at("/tags/3"), Some(&json!({ "name": "d" })));
    let document = applied(&[json!({ "target": "$.tags", "update": ["d"] })]);
    assert_eq!(document.at("/tags/3"), Some(&json!(["d"])));
}

#[test]
fn every_match_is_changed_and_actions_see_what_came_before() {
    let document = applied(&[
        json!({ "target": "$.paths.*.get.parameters[?@.in == 'query']", "update": { "x-seen": true } }),
        json!({ "target": "$..parameters[?@['x-seen'] == true].schema", "update": { "maxLength": 9 } }),
    ]);
    let parameters = document.at(&format!("{GET}/parameters")).unwrap().as_array().unwrap();
    assert!(parameters.iter().all(|parameter| parameter["schema"]["maxLength"] == 9), "{parameters:?}");
}

#[test]
fn what_is_removed_is_gone_and_what_moves_up_keeps_its_place() {
    let remove = json!({ "target": "$..parameters[?@.name == 'first' || @.name == 'second']", "remove": true });
    let document = applied(&[remove, json!({ "target": "$.tags[1]", "remove": true })]);
    assert_eq!(document.at(&format!("{GET}/parameters/0/name")), Some(&"third".into()));
    assert_eq!(document.at("/tags"), Some(&json!([{ "name": "a" }, { "name": "c" }])));
    let moved = document.position(&format!("{GET}/parameters/0/schema")).unwrap();
    assert_eq!(moved, super_position("/parameters/2/schema"));
    let note = lint(&Spec::read(document).unwrap()).into_iter().find(|note| note.rule == "format-unknown").unwrap();
    assert_eq!((note.line, note.column), (moved.line, moved.column), "notes name the line of the document");
}

/// Where something of the operation stands before any change.
fn super_position(relative: &str) -> obkit_codegen::Position {
    document().position(&format!("{GET}{relative}")).unwrap()
}

#[test]
fn what_is_added_is_placed_at_what_it_was_added_to() {
    let document = applied(&[json!({ "target": "$.paths['/a'].get", "update": { "x-new": { "a": 1 } } })]);
    assert_eq!(document.position(&format!("{GET}/x-new/a")), Some(super_position("")));
}

#[test]
fn the_hash_is_that_of_the_outcome() {
    let changed = applied(&[json!({ "target": "$.info", "update": { "title": "U" } })]);
    let same = applied(&[json!({ "target": "$.info", "update": { "title": "T" } })]);
    assert_ne!(changed.sha256(), document().sha256());
    assert_eq!(same.sha256(), document().sha256());
}

#[test]
fn what_does_not_fit_the_document_is_refused_with_the_overlays_line() {
    let target = |target: &str| json!({ "target": target, "update": {} });
    let gone = refused(&[target("$.info"), target("$.paths['/gone']")]);
    assert!(
        gone.starts_with("010-test.yaml:14:7: the target `$.paths['/gone']` matches nothing in openapi.yaml\n  help: "),
        "{gone}"
    );
    for (action, about) in [
        (json!({ "target": "$.info", "update": 1 }), "`$.info` at `/info` is an object, and the update is not"),
        (json!({ "target": "$.info.title", "update": {} }), "is neither an object nor a list"),
        (json!({ "target": "$", "remove": true }), "removes the whole document"),
    ] {
        let message = refused(&[action]);
        assert!(message.starts_with("010-test.yaml:") && message.contains(about), "{message}");
    }
}

#[test]
fn what_is_left_must_be_a_document() {
    let message = refused(&[json!({ "target": "$.paths", "remove": true })]);
    assert!(message.starts_with("openapi.yaml:1:1: has no `paths` object"), "{message}");
    let message = refused(&[json!({ "target": "$", "update": { "openapi": "2.9" } })]);
    assert!(message.starts_with("openapi.yaml:1:1: is an OpenAPI 2.9 document"), "{message}");
}

#[test]
fn an_action_has_a_target_a_reason_and_one_change() {
    for (action, about) in [
        (json!(1), "010-test.yaml:8:5: the action is not an object"),
        (json!({ "description": "x", "update": {} }), "has no `target`"),
        (json!({ "target": "$.a", "update": {} }), "has no `description`"),
        (json!({ "target": "$.a", "description": " ", "update": {} }), "`description` is not a text"),
        (json!({ "target": "$.a", "description": "x" }), "changes nothing"),
        (json!({ "target": "$.a", "description": "x", "remove": false }), "changes nothing"),
        (json!({ "target": "$.a", "description": "x", "remove": "yes" }), "`remove` is not a boolean"),
        (json!({ "target": "$.a", "description": "x", "remove": true, "update": {} }), "both updates and removes"),
        (json!({ "target": "$.a", "description": "x", "updat": {} }), "`updat` is no member"),
        (json!({ "target": "a", "description": "x", "update": {} }), "the target `a` is not a JSONPath"),
        (json!({ "target": "$[?(".repeat(8), "description": "x", "update": {} }), "is not a JSONPath"),
        (json!({ "target": "$[?(".repeat(50_000), "description": "x", "update": {} }), "nests brackets"),
    ] {
        let text = json!({ "overlay": "1.0.0", "info": { "title": "T", "version": "1" }, "actions": [action] });
        let error = Overlay::parse("010-test.yaml", &serde_json::to_string_pretty(&text).unwrap()).unwrap_err();
        assert!(error.to_string().contains(about), "{error}");
        assert!(error.position.is_some_and(|position| position.line >= 6) && !error.remedy.is_empty(), "{error}");
    }
}

#[test]
fn the_version_decides_what_an_update_of_a_list_or_of_text_is() {
    let newer = |action: Value| {
        let text = json!({ "overlay": "1.1.0", "info": { "title": "T", "version": "1", "description": "Why." },
                           "actions": [action] });
        let overlay = Overlay::parse("010-test.yaml", &serde_json::to_string_pretty(&text).unwrap())?;
        Document::parse_with("openapi.yaml", SPEC, &[overlay])
    };
    let more = json!({ "target": "$.tags", "description": "More.", "update": ["d", "e"] });
    assert_eq!(applied(std::slice::from_ref(&more)).at("/tags/3"), Some(&json!(["d", "e"])));
    assert_eq!(newer(more).unwrap().at("/tags/4"), Some(&json!("e")));
    let title = json!({ "target": "$.info.title", "description": "A better one.", "update": "U" });
    assert!(refused(std::slice::from_ref(&title)).contains("is neither an object nor a list"));
    assert_eq!(newer(title).unwrap().at("/info/title"), Some(&json!("U")));
    let object = json!({ "target": "$.info.title", "description": "No title.", "update": {} });
    assert!(newer(object).unwrap_err().to_string().contains("is neither an object nor a list"));
    let copy = newer(json!({ "target": "$.info", "description": "Again.", "copy": "$.tags" })).unwrap_err();
    assert!(copy.to_string().contains(": `copy` of Overlay 1.1 is not supported\n  help: write what"), "{copy}");
    assert_eq!(copy.position.map(|at| at.line), Some(12));
}

#[test]
fn what_is_no_overlay_is_refused() {
    let info = "info: {title: T, version: '1'}";
    for (text, about) in [
        (SPEC.to_owned(), "1:1: is not an OpenAPI Overlay document: there is no `overlay`"),
        ("- 1".to_owned(), "1:1: is not an OpenAPI Overlay document: its top level"),
        (
            format!("overlay: 2.0.0\n{info}\nactions: []"),
            "1:1: is an Overlay \"2.0.0\" document; versions 1.0 and 1.1 are supported",
        ),
        (format!("overlay: 1.0\n{info}\nactions: []"), "1:1: is an Overlay 1.0 document; versions 1.0 and 1.1"),
        (format!("overlay: 1.0.0\n{info}\nactions: []"), "3:1: has no actions"),
        (format!("overlay: 1.0.0\n{info}"), "1:1: has no actions"),
        ("overlay: 1.0.0\ninfo: {title: T}".to_owned(), "2:1: `info` has no text `version`"),
        (format!("overlay: 1.0.0\n{info}\naction: []"), "3:1: `action` is no member"),
    ] {
        let error = Overlay::parse("o.yaml", &text).unwrap_err();
        assert!(error.to_string().starts_with(&format!("o.yaml:{about}")), "{error}");
        assert!(!error.remedy.is_empty());
    }
    assert!(Overlay::load("nowhere.yaml").unwrap_err().to_string().contains("cannot be read"));
}

#[test]
fn a_depth_that_nothing_else_could_have_read_is_refused() {
    let mut deep = json!({});
    for _ in 0..80 {
        deep = json!({ "x-a": deep });
    }
    let message = refused(&[
        json!({ "target": "$.info", "update": deep }),
        json!({ "target": format!("$.info{}", "['x-a']".repeat(70)), "update": deep }),
    ]);
    assert!(message.contains("nested deeper than"), "{message}");
}

/// A workspace with one provider and these files beside its document.
fn workspace(overlays: &[(&str, &str)]) -> (tempfile::TempDir, Providers) {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let file = folder.path().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    };
    let row = "name = 'bank'\ntitle = 'Bank'\ncrate = 'bank'\nspec = 'specs/bank/openapi.yaml'\ngenerated = 'g'\n";
    write("specs/providers.toml", &format!("[[provider]]\n{row}auth = 'none'\n"));
    write("specs/bank/openapi.yaml", SPEC);
    overlays.iter().for_each(|(name, text)| write(&format!("specs/bank/overlays/{name}"), text));
    let providers = Providers::load(folder.path()).unwrap();
    (folder, providers)
}

fn rename(to: &str) -> String {
    format!(
        "overlay: 1.0.0\ninfo: {{title: Names, version: '1'}}\nactions:\n  - target: $.paths['/a'].get\n    \
         description: The name is taken.\n    update: {{operationId: {to}}}\n"
    )
}

#[test]
fn overlays_beside_a_providers_document_are_applied_in_the_order_of_their_names() {
    let (first, second) = (rename("renamedFirst"), rename("renamedSecond"));
    let (_folder, providers) =
        workspace(&[("020-b.yaml", &second), ("010-a.yaml", &first), ("README.md", "Why there are overlays.")]);
    let generated = generate_provider(&providers, &providers.all()[0]).unwrap();
    let client = &generated.files[Path::new("src/client.rs")];
    assert!(client.contains("renamed_second") && !client.contains("renamed_first") && !client.contains("read_a"));
}

#[test]
fn an_overlay_that_no_longer_fits_stops_the_provider_and_is_named() {
    let stale = rename("x").replace("/a", "/gone");
    let (folder, providers) = workspace(&[("010-stale.yaml", &stale)]);
    let message = generate_provider(&providers, &providers.all()[0]).unwrap_err().to_string();
    let file = folder.path().join("specs/bank/overlays/010-stale.yaml");
    assert!(
        message.starts_with(&format!("{}:4:5: the target `$.paths['/gone'].get` matches nothing in ", file.display())),
        "{message}"
    );
}
