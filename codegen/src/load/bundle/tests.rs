//! Documents of several files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::json;
use tempfile::TempDir;

use crate::load::{Document, LoadError};
use crate::spec::Spec;

/// Writes files into a folder, and loads the first.
fn load(files: &[(&str, &str)]) -> (TempDir, Result<Document, LoadError>) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let file = folder.path().join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    let document = Document::load(folder.path().join(files[0].0));
    (folder, document)
}

fn document(files: &[(&str, &str)]) -> Document {
    let (_, document) = load(files);
    let document = document.unwrap();
    Spec::read(document.clone()).unwrap();
    document
}

fn refused(files: &[(&str, &str)]) -> LoadError {
    let (folder, document) = load(files);
    let error = document.and_then(Spec::read).unwrap_err();
    LoadError { file: error.file.strip_prefix(folder.path()).unwrap_or(&error.file).to_owned(), ..error }
}

/// A root document with one schema, and what is behind it.
fn root(schema: &str) -> String {
    format!("openapi: 3.0.3\npaths: {{}}\ncomponents:\n  schemas:\n    A: {schema}\n")
}

#[test]
fn what_is_referred_to_becomes_a_component_of_its_kind() {
    let root = "\
openapi: 3.0.3
paths:
  /pets:
    get:
      operationId: list
      parameters:
        - $ref: 'shared/parameters.yaml#/limit'
      responses:
        '200': {$ref: ./shared/responses.json#/Pets}
        default: {$ref: shared/error.yaml}
    post:
      requestBody: {$ref: shared/bodies.yaml#/components/requestBodies/Pet}
      responses: {}
";
    let document = document(&[
        ("api/openapi.yaml", root),
        (
            "api/shared/parameters.yaml",
            "limit: {name: limit, in: query, schema: {$ref: '#/types/Limit'}}\ntypes: {Limit: {type: integer}}\n",
        ),
        (
            "api/shared/responses.json",
            r##"{"Pets": {"description": "", "headers": {"X": {"$ref": "headers.yaml#/X"}},
                "content": {"application/json": {"schema": {"$ref": "../../models/pet.yaml"},
                    "examples": {"one": {"$ref": "one.yaml"}}}}}}"##,
        ),
        ("api/shared/headers.yaml", "X: {schema: {type: string}}\n"),
        ("api/shared/one.yaml", "value: {id: 1, $ref: no reference}\n"),
        ("api/shared/error.yaml", "description: bad\n"),
        (
            "api/shared/bodies.yaml",
            "components: {requestBodies: {Pet: {content: {application/json: {schema: {$ref: ../../models/pet.yaml}}}}}}\n",
        ),
        (
            "models/pet.yaml",
            "type: object\nproperties:\n  id: {type: integer}\n  mother: {$ref: pet.yaml}\n  friends: {type: array, items: {$ref: '#'}}\n",
        ),
    ]);
    let at = |pointer: &str| document.at(pointer).cloned().unwrap_or_default();
    let operation = at("/paths/~1pets/get");
    assert_eq!(operation["parameters"], json!([{ "$ref": "#/components/parameters/limit" }]));
    assert_eq!(operation["responses"]["200"], json!({ "$ref": "#/components/responses/Pets" }));
    assert_eq!(operation["responses"]["default"], json!({ "$ref": "#/components/responses/error" }));
    assert_eq!(at("/components/responses/error"), json!({ "description": "bad" }));
    assert_eq!(at("/components/parameters/limit/schema"), json!({ "$ref": "#/components/schemas/Limit" }));
    assert_eq!(at("/components/schemas/Limit"), json!({ "type": "integer" }));
    assert_eq!(at("/components/responses/Pets/headers/X"), json!({ "$ref": "#/components/headers/X" }));
    assert_eq!(at("/paths/~1pets/post/requestBody"), json!({ "$ref": "#/components/requestBodies/Pet" }));
    let pet = json!({ "$ref": "#/components/schemas/pet" });
    assert_eq!(at("/components/requestBodies/Pet/content/application~1json/schema"), pet);
    assert_eq!(at("/components/schemas/pet/properties/mother"), pet);
    assert_eq!(at("/components/schemas/pet/properties/friends/items"), pet);
    assert_eq!(at("/components/examples/one/value"), json!({ "id": 1, "$ref": "no reference" }));
    assert_eq!(document.files().len(), 8);
}

#[test]
fn a_component_that_is_elsewhere_keeps_its_name() {
    let document = document(&[
        (
            "openapi.yaml",
            "openapi: 3.0.3\npaths:\n  /a: {get: {responses: {'200': {description: '', content: {a/b: {schema: {$ref: schemas/pet.yaml}}}}}}}\n\
             components:\n  schemas:\n    Animal: {$ref: schemas/pet.yaml}\n    pet: {type: string}\n    Food: {$ref: food.yaml#/definitions/Food}\n",
        ),
        (
            "schemas/pet.yaml",
            "properties: {eats: {$ref: ../food.yaml#/definitions/Food}, is: {$ref: '../openapi.yaml#/components/schemas/pet'}}\n",
        ),
        ("food.yaml", "definitions:\n  Food: {$ref: 'grain.yaml#/pet'}\n"),
        ("grain.yaml", "pet: {type: integer}\n"),
    ]);
    assert_eq!(
        document.at("/components/schemas"),
        Some(&json!({
            "Animal": { "properties": {
                "eats": { "$ref": "#/components/schemas/Food" },
                "is": { "$ref": "#/components/schemas/pet" },
            } },
            "pet": { "type": "string" },
            "Food": { "type": "integer" },
        }))
    );
    let schema = document.at("/paths/~1a/get/responses/200/content/a~1b/schema");
    assert_eq!(schema, Some(&json!({ "$ref": "#/components/schemas/Animal" })));
}

#[test]
fn names_are_made_fit_and_different() {
    let a = "{properties: {a: {$ref: x.yaml#/A}, b: {$ref: 'my%20types.yaml'}, c: {$ref: 'x.yaml#/list/0'}}}";
    let document = document(&[
        ("openapi.yaml", &root(a)),
        ("x.yaml", "A: {type: string}\nlist: [{type: integer}]\n"),
        ("my types.yaml", "type: boolean\n"),
    ]);
    let schemas = document.at("/components/schemas").unwrap();
    assert_eq!(schemas["A"]["properties"]["a"]["$ref"], "#/components/schemas/A_2");
    assert_eq!(schemas["A_2"], json!({ "type": "string" }));
    assert_eq!(schemas["my_types"], json!({ "type": "boolean" }));
    assert_eq!(schemas["x_0"], json!({ "type": "integer" }));
}

#[test]
fn path_items_and_whole_maps_take_the_place_of_the_reference() {
    let document = document(&[
        (
            "openapi.yaml",
            "openapi: 3.0.3\npaths:\n  $ref: paths/all.yaml\ncomponents:\n  schemas: {$ref: schemas.yaml}\n",
        ),
        ("paths/all.yaml", "/a: {$ref: 'a.yaml#/item', summary: Mine}\n/b: {get: {responses: {}}}\n"),
        (
            "paths/a.yaml",
            "item:\n  summary: Theirs\n  get:\n    responses: {'200': {description: '', content: {a/b: {schema: {$ref: ../schemas.yaml#/Pet}}}}}\n",
        ),
        ("schemas.yaml", "Pet: {type: object, properties: {a: {$ref: '#/Food'}}}\nFood: {type: string}\n"),
    ]);
    let item = document.at("/paths/~1a").unwrap();
    assert_eq!(item["summary"], "Mine");
    assert_eq!(item["get"]["responses"]["200"]["content"]["a/b"]["schema"]["$ref"], "#/components/schemas/Pet");
    assert_eq!(
        document.at("/components/schemas"),
        Some(&json!({
            "Pet": { "type": "object", "properties": { "a": { "$ref": "#/components/schemas/Food" } } },
            "Food": { "type": "string" },
        }))
    );
    for (pointer, file, source, line) in [
        ("/paths/~1a/get/responses", "paths/a.yaml", "/item/get/responses", 4),
        ("/paths/~1a/summary", "paths/all.yaml", "/~1a/summary", 1),
        ("/paths/~1b/get", "paths/all.yaml", "/~1b/get", 2),
        ("/components/schemas/Food/type", "schemas.yaml", "/Food/type", 2),
        ("/openapi", "openapi.yaml", "/openapi", 1),
    ] {
        let origin = document.origin(pointer);
        assert!(origin.file.ends_with(file), "{origin:?}");
        assert_eq!((origin.pointer.as_str(), origin.position.unwrap().line), (source, line), "{pointer}");
    }
}

#[test]
fn the_mapping_of_a_discriminator_follows_its_schemas() {
    let document = document(&[
        ("openapi.yaml", &root("{$ref: 'pets.yaml#/components/schemas/Pet'}")),
        (
            "pets.yaml",
            "components:\n  schemas:\n    Pet:\n      oneOf: [{$ref: '#/components/schemas/Dog'}, {$ref: cat.yaml}]\n\
             \x20     discriminator: {propertyName: kind, mapping: {dog: Dog, cat: cat.yaml, x: Nobody}}\n    Dog: {type: object}\n",
        ),
        ("cat.yaml", "type: object\n"),
    ]);
    let discriminator = document.at("/components/schemas/A/discriminator/mapping").unwrap();
    let expected = json!({ "dog": "#/components/schemas/Dog", "cat": "#/components/schemas/cat", "x": "Nobody" });
    assert_eq!(*discriminator, expected);
}

#[test]
fn the_network_is_not_asked() {
    let url = "https://a.example/types.yaml#/components/schemas/Error";
    let text = format!(
        "openapi: 3.0.3\npaths:\n  /a:\n    get:\n      parameters: [{{$ref: '{url}p'}}]\n      responses: {{'200': {{$ref: '{url}r'}}}}\n  /b: {{$ref: '{url}i'}}\n\
         components:\n  schemas:\n    A: {{$ref: '{url}'}}\n    B: {{properties: {{a: {{$ref: '{url}'}}, b: {{$ref: 'http://a.example/other.json'}}}}}}\n"
    );
    let document = Document::parse("a.yaml", &text).unwrap();
    let schemas = document.at("/components/schemas").unwrap();
    assert_eq!(schemas["A"], json!({ "x-obkit-external": url }));
    assert_eq!(schemas["B"]["properties"]["a"]["$ref"], "#/components/schemas/Error");
    assert_eq!(schemas["Error"], json!({ "x-obkit-external": url }));
    assert_eq!(schemas["other"], json!({ "x-obkit-external": "http://a.example/other.json" }));
    let place = document.position("/components/schemas/Error").unwrap();
    assert_eq!((place.line, place.column), (11, 26));
    let spec = Spec::read(document.clone()).unwrap();
    assert_eq!(document.external().len(), 6);
    assert!(spec.operations()[0].parameters.is_empty());
    assert!(spec.operations()[0].responses[0].content[0].is_json());
}

#[test]
fn swagger_is_bundled_before_it_is_converted() {
    let document = document(&[
        (
            "swagger.yaml",
            "swagger: '2.0'\npaths:\n  /a:\n    post:\n      parameters: [{$ref: 'more.yaml#/body'}]\n      responses: {'200': {$ref: 'more.yaml#/responses/Fine'}}\n",
        ),
        (
            "more.yaml",
            "body: {name: b, in: body, schema: {$ref: '#/A'}}\nA: {type: string, x-nullable: true}\nresponses:\n  Fine:\n    description: ''\n    schema: {$ref: '#/A'}\n",
        ),
    ]);
    assert_eq!(document.at("/components/schemas/A"), Some(&json!({ "type": "string", "nullable": true })));
    let schema = "/components/responses/Fine/content/application~1json/schema";
    assert_eq!(document.at(schema), Some(&json!({ "$ref": "#/components/schemas/A" })));
    let origin = document.origin(schema);
    assert!(origin.file.ends_with("more.yaml"));
    assert_eq!((origin.pointer.as_str(), origin.position.unwrap().line), ("/responses/Fine/schema", 6));
    assert_eq!(document.at("/paths/~1a/post/requestBody"), Some(&json!({ "$ref": "#/components/requestBodies/body" })));
}

#[test]
fn anchors_and_identifiers_lead_to_their_schemas() {
    let text = "\
openapi: 3.1.0
components:
  schemas:
    A: {$ref: '#here', description: Mine.}
    B: {$anchor: here, type: string, example: {$anchor: other}}
    C: {$ref: 'https://a.example/d'}
    F: {items: {$dynamicRef: '#node'}, $dynamicAnchor: node}
    D: {$id: 'https://a.example/d', type: object, properties: {$anchor: {type: string}}}
    E: {$ref: 'more.yaml#there', description: Also mine.}
";
    let document = document(&[("a.yaml", text), ("more.yaml", "x: {$anchor: there, type: integer}\n")]);
    let schemas = document.at("/components/schemas").unwrap();
    assert_eq!(schemas["A"], json!({ "$ref": "#/components/schemas/B", "description": "Mine." }));
    assert_eq!(schemas["C"], json!({ "$ref": "#/components/schemas/D" }));
    assert_eq!(schemas["E"], json!({ "$ref": "#/components/schemas/x", "description": "Also mine." }));
    assert_eq!(schemas["x"]["type"], "integer");
    assert_eq!(schemas["F"]["items"], json!({ "$dynamicRef": "#/components/schemas/F" }));
    let dangling = refused(&[
        ("a.yaml", &text.replace("#here", "#nowhere")),
        ("more.yaml", "x: {$anchor: there, type: integer}\n"),
    ]);
    assert!(dangling.message.contains("`$ref: #nowhere` points at nothing"), "{dangling}");
    let old = refused(&[("a.yaml", &root("{properties: {a: {$ref: '#b'}, b: {$anchor: b}}}"))]);
    assert!(old.message.contains("points at nothing"), "{old}");
}

#[test]
fn references_are_relative_to_the_identifier_around_them() {
    let text = "\
openapi: 3.1.0
components:
  schemas:
    Pet:
      $id: https://a.example/schemas/pet
      properties:
        tag: {$ref: '#/$defs/Tag'}
        near: {$ref: owner}
        root: {$ref: '/schemas/owner'}
        deep: {$ref: 'https://a.example/schemas/owner#/properties/name'}
        named: {$ref: 'owner#here'}
        here: {$ref: '#here'}
        itself: {$ref: '#'}
        plain: {$ref: '#/components/schemas/Owner'}
        gone: {$ref: stranger}
      $defs: {Tag: {$anchor: here, type: string}}
    Owner: {$id: 'https://a.example/schemas/owner', properties: {name: {$anchor: here, type: string}}}
";
    let document = document(&[("a.yaml", text)]);
    let properties = document.at("/components/schemas/Pet/properties").unwrap();
    for (name, target) in [
        ("tag", "#/components/schemas/Pet/$defs/Tag"),
        ("near", "#/components/schemas/Owner"),
        ("root", "#/components/schemas/Owner"),
        ("deep", "#/components/schemas/Owner/properties/name"),
        ("named", "#/components/schemas/Owner/properties/name"),
        ("here", "#/components/schemas/Pet/$defs/Tag"),
        ("itself", "#/components/schemas/Pet"),
        ("plain", "#/components/schemas/Owner"),
        ("gone", "#/components/schemas/stranger"),
    ] {
        assert_eq!(properties[name]["$ref"], target, "{name}");
    }
    let [(pointer, address)] = &document.external()[..] else { panic!("{:?}", document.external()) };
    assert_eq!(pointer, "/components/schemas/stranger");
    assert_eq!(address, "https://a.example/schemas/stranger", "nobody is asked, and lint says so");
}

#[test]
fn what_cannot_be_followed_is_refused_with_its_place() {
    let a = root("{$ref: x.yaml#/X}");
    for (files, file, expected) in [
        (vec![("a.yaml", a.as_str())], "a.yaml", "`$ref: x.yaml#/X` cannot be followed"),
        (vec![("a.yaml", &a), ("x.yaml", "Y: {}\n")], "a.yaml", "points at nothing in"),
        (vec![("a.yaml", &a), ("x.yaml", "X: [\n")], "x.yaml", "is not YAML"),
        (vec![("a.yaml", &a), ("x.yaml/y", "")], "a.yaml", "is not a file"),
        (vec![("a.yaml", &a), ("x.yaml", "openapi: 3.1.0\nX: {}\n")], "a.yaml", "another version"),
        (vec![("a.yaml", &a), ("x.yaml", "X: {$ref: '#/Y'}\nY: {$ref: '#/X'}\n")], "a.yaml", "lead back"),
        (vec![("a.yaml", &a), ("x.yaml", "X: {not: {$ref: '#/Z'}}\n")], "x.yaml", "points at nothing in"),
        (vec![("a.yaml", &root("{$ref: /etc/hostname}"))], "a.yaml", "is an absolute path"),
        (vec![("a.yaml", &root("{$ref: 'file:///etc/hostname'}"))], "a.yaml", "is an absolute path"),
        (vec![("a.yaml", &root("{$ref: 'C:\\x.yaml'}"))], "a.yaml", "is an absolute path"),
        (vec![("a.yaml", &root("{$ref: 'urn:a:b'}"))], "a.yaml", "is an address that no schema"),
        (vec![("a.yaml", &root("{$ref: ''}"))], "a.yaml", "is empty"),
    ] {
        let error = refused(&files);
        assert!(error.message.contains(expected), "{error}");
        assert!(error.file.ends_with(file), "{error}");
        assert!(error.position.is_some(), "{error}");
    }
    let text = Document::parse("a.yaml", &a).and_then(Spec::read).unwrap_err();
    assert!(text.message.contains("leads to another file, and none can be read"), "{text}");
}

#[test]
fn what_is_copied_is_bounded() {
    let circle = refused(&[
        ("a.yaml", "openapi: 3.0.3\npaths:\n  /a: {$ref: 'x.yaml#/a'}\n"),
        ("x.yaml", "a: {get: {callbacks: {c: {e: {$ref: '#/a'}}}, responses: {}}}\n"),
    ]);
    assert!(circle.message.contains("lead back"), "{circle}");
    let mut bomb = "p0: {get: {responses: {}}}\n".to_owned();
    for i in 1..=12 {
        let previous = (0..8).map(|n| format!("e{n}: {{$ref: '#/p{}'}}", i - 1)).collect::<Vec<_>>().join(", ");
        bomb.push_str(&format!("p{i}: {{get: {{responses: {{}}, callbacks: {{c: {{{previous}}}}}}}}}\n"));
    }
    let error = refused(&[("a.yaml", "openapi: 3.0.3\npaths:\n  /a: {$ref: 'x.yaml#/p12'}\n"), ("x.yaml", &bomb)]);
    assert!(error.message.contains("copied too often"), "{error}");
}

#[test]
fn all_that_is_wrong_with_references_is_said_once_and_at_once() {
    let root = "\
openapi: 3.0.3
paths:
  /a:
    get:
      responses:
        '200': {$ref: 'shared.yaml#/gone'}
        '400': {$ref: 'nowhere.yaml'}
        '404': {$ref: 'broken.yaml#/a'}
        '500': {$ref: 'broken.yaml#/b'}
        '503': {$ref: '/etc/passwd'}
  /b: {get: {responses: {'200': {$ref: 'shared.yaml#/found'}}}}
";
    let shared = "found: {description: a, description: b, headers: {A: {$ref: '#/lost'}}}\n";
    let (folder, error) = load(&[("api.yaml", root), ("shared.yaml", shared), ("broken.yaml", "a: [1\n")]);
    assert_eq!(error.unwrap_err().more.len(), 4, "what can be said before the operations are read");
    let document = Document::survey(folder.path().join("api.yaml"), &[]).unwrap();
    let spec = Spec::survey(document);
    let said = spec.faults().iter().map(|fault| {
        let error = &fault.error;
        let file = error.file.file_name().unwrap().to_string_lossy().into_owned();
        let line = error.position.map_or(0, |position| position.line);
        format!("{file}:{line}: {}", error.message.split(&[':', ';'][..]).next().unwrap())
    });
    let said: Vec<String> = said.collect();
    assert_eq!(
        said,
        [
            "api.yaml:6: `$ref",
            "api.yaml:7: `$ref",
            "api.yaml:10: `$ref",
            "broken.yaml:2: is not YAML",
            "shared.yaml:1: the key `description` is repeated in one object",
            "shared.yaml:1: `$ref",
        ]
    );
}
