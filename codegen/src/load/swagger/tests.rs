//! Each construct of Swagger 2.0, and what becomes of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::{Value, json};

use crate::load::{Document, Position};
use crate::spec::Spec;

/// A document with these paths and these other members.
fn document(paths: Value, others: Value) -> Document {
    let mut root = json!({ "swagger": "2.0", "info": { "title": "T", "version": "1" }, "paths": paths });
    for (key, member) in others.as_object().unwrap() {
        root[key] = member.clone();
    }
    Document::parse("swagger.json", &serde_json::to_string_pretty(&root).unwrap()).unwrap()
}

/// What becomes of one operation.
fn operation(operation: Value, others: Value) -> Value {
    document(json!({ "/a": { "post": operation } }), others).at("/paths/~1a/post").unwrap().clone()
}

fn schema(schema: Value) -> Value {
    document(json!({}), json!({ "definitions": { "A": schema } })).at("/components/schemas/A").unwrap().clone()
}

#[test]
fn servers_are_made_of_host_base_path_and_schemes() {
    let servers = |others| document(json!({}), others).at("/servers").cloned();
    assert_eq!(
        servers(json!({ "host": "a.example", "basePath": "/v1/", "schemes": ["https", "http"] })),
        Some(json!([{ "url": "https://a.example/v1" }, { "url": "http://a.example/v1" }]))
    );
    assert_eq!(servers(json!({ "host": "a.example" })), Some(json!([{ "url": "https://a.example" }])));
    assert_eq!(servers(json!({ "basePath": "v1" })), Some(json!([{ "url": "/v1" }])));
    assert_eq!(servers(json!({ "basePath": "/" })), Some(json!([{ "url": "/" }])));
    assert_eq!(servers(json!({})), None);
    let all = json!({ "host": "a.example", "schemes": ["https"] });
    assert_eq!(operation(json!({ "schemes": ["https"] }), all.clone()), json!({}));
    assert_eq!(operation(json!({ "schemes": ["wss"] }), all), json!({ "servers": [{ "url": "wss://a.example" }] }));
}

#[test]
fn what_describes_a_value_becomes_a_schema() {
    let parameters = json!([
        { "name": "a", "in": "query", "required": true, "type": "integer", "format": "int32", "maximum": 9, "x-a": 1 },
        { "name": "b", "in": "header", "type": "string", "enum": ["x"], "default": "x", "x-nullable": true },
        { "name": "c", "in": "path", "required": true, "description": "C.", "type": "string", "x-example": "y" },
    ]);
    assert_eq!(
        operation(json!({ "parameters": parameters }), json!({}))["parameters"],
        json!([
            {
                "name": "a", "in": "query", "required": true, "x-a": 1,
                "schema": { "type": "integer", "format": "int32", "maximum": 9 },
            },
            {
                "name": "b", "in": "header",
                "schema": { "type": "string", "enum": ["x"], "default": "x", "nullable": true },
            },
            {
                "name": "c", "in": "path", "required": true, "description": "C.", "example": "y",
                "schema": { "type": "string" },
            },
        ])
    );
}

#[test]
fn a_list_is_written_as_its_collection_format_says() {
    let style = |place: &str, format: Option<&str>| {
        let mut parameter = json!({ "name": "a", "in": place, "type": "array", "items": { "type": "string" } });
        if let Some(format) = format {
            parameter["collectionFormat"] = format.into();
        }
        let converted = operation(json!({ "parameters": [parameter] }), json!({}));
        let parameter = &converted["parameters"][0];
        assert_eq!(parameter["schema"], json!({ "type": "array", "items": { "type": "string" } }));
        (parameter["style"].as_str().map(str::to_owned), parameter["explode"].as_bool())
    };
    let styled = |style: &str, explode| (Some(style.to_owned()), Some(explode));
    assert_eq!(style("query", None), styled("form", false));
    assert_eq!(style("query", Some("csv")), styled("form", false));
    assert_eq!(style("query", Some("multi")), styled("form", true));
    assert_eq!(style("query", Some("ssv")), styled("spaceDelimited", false));
    assert_eq!(style("query", Some("pipes")), styled("pipeDelimited", false));
    assert_eq!(style("query", Some("tsv")), styled("tabDelimited", false));
    assert_eq!(style("path", None), (None, None));
    assert_eq!(style("header", Some("csv")), (None, None));
    assert_eq!(style("path", Some("pipes")), styled("pipeDelimited", false));
    assert_eq!(style("header", Some("ssv")), styled("spaceDelimited", false));
    // What is said of them in 3.0's words would be another word than the author's.
    assert_eq!(style("header", Some("multi")), styled("multi", false));
    assert_eq!(style("query", Some("comma")), styled("comma", false));
}

#[test]
fn a_body_is_of_each_media_type_that_is_consumed() {
    let body = json!({ "name": "it", "in": "body", "required": true, "schema": { "$ref": "#/definitions/A" } });
    let others = json!({ "consumes": ["application/json", "application/xml"], "definitions": { "A": {} } });
    let schema = json!({ "schema": { "$ref": "#/components/schemas/A" } });
    assert_eq!(
        operation(json!({ "parameters": [body] }), others.clone()),
        json!({
            "requestBody": { "required": true, "content": { "application/json": schema, "application/xml": schema } }
        })
    );
    let own = operation(json!({ "consumes": ["text/json"], "parameters": [body] }), others);
    assert_eq!(own["requestBody"]["content"], json!({ "text/json": schema }));
    let none = operation(json!({ "parameters": [body] }), json!({ "definitions": { "A": {} } }));
    assert_eq!(none["requestBody"]["content"], json!({ "application/json": schema }));
}

#[test]
fn the_fields_of_a_form_become_one_schema() {
    let fields = json!([
        { "name": "a", "in": "formData", "required": true, "type": "string", "description": "A." },
        { "name": "b", "in": "formData", "type": "array", "items": { "type": "string" }, "collectionFormat": "csv" },
    ]);
    let form = operation(json!({ "parameters": fields }), json!({}));
    assert_eq!(
        form,
        json!({ "requestBody": { "required": true, "content": { "application/x-www-form-urlencoded": {
            "schema": {
                "type": "object",
                "properties": {
                    "a": { "type": "string", "description": "A." },
                    "b": { "type": "array", "items": { "type": "string" } },
                },
                "required": ["a"],
            },
            "encoding": { "b": { "style": "form", "explode": false } },
        } } } })
    );
    let file = json!([{ "name": "f", "in": "formData", "type": "file" }]);
    let types = ["application/x-www-form-urlencoded", "multipart/form-data"];
    assert_eq!(
        operation(json!({ "consumes": types, "parameters": file }), json!({})),
        json!({ "requestBody": { "required": false, "content": { "multipart/form-data": {
            "schema": { "type": "object", "properties": { "f": { "type": "string", "format": "binary" } } },
        } } } })
    );
}

#[test]
fn bodies_of_components_and_path_items_reach_their_operations() {
    let body = json!({ "name": "it", "in": "body", "schema": { "type": "object" } });
    let field = json!({ "name": "f", "in": "formData", "type": "string" });
    let others =
        json!({ "parameters": { "It": body, "F": field, "Q": { "name": "q", "in": "query", "type": "string" } } });
    let paths = json!({
        "/a": { "post": { "parameters": [{ "$ref": "#/parameters/It" }, { "$ref": "#/parameters/Q" }] } },
        "/b": { "parameters": [{ "$ref": "#/parameters/It" }], "put": {}, "post": { "parameters": [body] } },
        "/c": { "post": { "consumes": ["text/json"], "parameters": [{ "$ref": "#/parameters/It" }] } },
        "/d": { "post": { "parameters": [{ "$ref": "#/parameters/F" }] } },
    });
    let document = document(paths, others);
    let at = |pointer: &str| document.at(pointer).cloned();
    let shared = Some(json!({ "$ref": "#/components/requestBodies/It" }));
    let content = json!({ "schema": { "type": "object" } });
    assert_eq!(at("/components/requestBodies/It"), Some(json!({ "content": { "application/json": content } })));
    assert_eq!(at("/components/parameters/It").or(at("/components/parameters/F")), None);
    assert_eq!(at("/paths/~1a/post/requestBody"), shared);
    assert_eq!(at("/paths/~1a/post/parameters"), Some(json!([{ "$ref": "#/components/parameters/Q" }])));
    assert_eq!(at("/paths/~1b/put/requestBody"), shared);
    assert_eq!(at("/paths/~1b/post/requestBody/content"), Some(json!({ "application/json": content })));
    assert_eq!(at("/paths/~1c/post/requestBody/content"), Some(json!({ "text/json": content })));
    assert_eq!(
        document.origin("/paths/~1c/post/requestBody/content/text~1json/schema/type").pointer,
        "/parameters/It/schema/type"
    );
    assert!(at("/paths/~1d/post/requestBody/content/application~1x-www-form-urlencoded/schema/properties/f").is_some());
    assert!(Spec::read(document).is_ok());
}

#[test]
fn a_response_has_content_headers_and_examples() {
    let response = json!({
        "description": "Fine.",
        "schema": { "$ref": "#/definitions/A" },
        "headers": { "X-A": { "type": "integer", "description": "N." } },
        "examples": { "application/json": { "a": 1 }, "text/plain": "a" },
    });
    let others = json!({ "produces": ["application/json"], "definitions": { "A": {} } });
    let schema = json!({ "$ref": "#/components/schemas/A" });
    assert_eq!(
        operation(json!({ "responses": { "200": response, "204": { "description": "None." } } }), others)["responses"],
        json!({
            "200": {
                "description": "Fine.",
                "headers": { "X-A": { "description": "N.", "schema": { "type": "integer" } } },
                "content": {
                    "application/json": { "schema": schema, "example": { "a": 1 } },
                    "text/plain": { "schema": schema, "example": "a" },
                },
            },
            "204": { "description": "None." },
        })
    );
    let file = operation(json!({ "responses": { "200": { "schema": { "type": "file" } } } }), json!({}));
    let binary = json!({ "schema": { "type": "string", "format": "binary" } });
    assert_eq!(file["responses"]["200"]["content"], json!({ "application/octet-stream": binary }));
}

#[test]
fn a_shared_response_is_of_the_media_types_of_the_operation() {
    let others = json!({
        "produces": ["application/json"],
        "responses": { "R": { "description": "R.", "schema": { "type": "string" } } },
    });
    let responses = json!({ "200": { "$ref": "#/responses/R" } });
    let same = operation(json!({ "responses": responses }), others.clone());
    assert_eq!(same["responses"]["200"], json!({ "$ref": "#/components/responses/R" }));
    let other = operation(json!({ "produces": ["text/json"], "responses": responses }), others);
    assert_eq!(other["responses"]["200"]["content"], json!({ "text/json": { "schema": { "type": "string" } } }));
}

#[test]
fn schemas_lose_what_only_swagger_says() {
    assert_eq!(
        schema(json!({
            "type": "object",
            "discriminator": "kind",
            "properties": {
                "kind": { "type": "string", "x-nullable": true },
                "type": { "type": ["string", "null"] },
                "file": { "type": "file", "format": "whatever" },
            },
            "additionalProperties": { "x-nullable": false, "allOf": [{ "$ref": "#/definitions/A" }] },
            "x-kept": { "x-nullable": true },
        })),
        json!({
            "type": "object",
            "discriminator": { "propertyName": "kind" },
            "properties": {
                "kind": { "type": "string", "nullable": true },
                "type": { "nullable": true, "type": "string" },
                "file": { "type": "string", "format": "binary" },
            },
            "additionalProperties": { "nullable": false, "allOf": [{ "$ref": "#/components/schemas/A" }] },
            "x-kept": { "x-nullable": true },
        })
    );
}

#[test]
fn security_definitions_have_their_new_names() {
    let urls = json!({ "authorizationUrl": "https://a.example", "tokenUrl": "https://t.example" });
    let flow = |flow: &str| {
        let mut scheme = json!({ "type": "oauth2", "flow": flow, "scopes": { "read": "Reads." } });
        for (key, url) in urls.as_object().unwrap() {
            scheme[key] = url.clone();
        }
        scheme
    };
    let schemes = json!({
        "basic": { "type": "basic", "description": "B." },
        "key": { "type": "apiKey", "in": "header", "name": "X" },
        "code": flow("accessCode"),
        "client": flow("application"),
        "implicit": flow("implicit"),
        "bare": { "type": "oauth2", "flow": "password" },
    });
    let document = document(json!({}), json!({ "securityDefinitions": schemes }));
    let at = |name: &str| document.at(&format!("/components/securitySchemes/{name}")).unwrap().clone();
    assert_eq!(at("basic"), json!({ "type": "http", "scheme": "basic", "description": "B." }));
    assert_eq!(at("key"), json!({ "type": "apiKey", "in": "header", "name": "X" }));
    let mut expected = urls.clone();
    expected["scopes"] = json!({ "read": "Reads." });
    assert_eq!(at("code"), json!({ "type": "oauth2", "flows": { "authorizationCode": expected } }));
    assert_eq!(at("client")["flows"]["clientCredentials"], expected);
    assert_eq!(at("implicit")["flows"]["implicit"], expected);
    assert_eq!(at("bare"), json!({ "type": "oauth2", "flows": { "password": { "scopes": {} } } }));
}

#[test]
fn references_into_what_has_moved_follow_it() {
    let paths = json!({
        "/a": { "post": {
            "parameters": [{ "name": "it", "in": "body", "schema": { "type": "object", "properties": { "x": {} } } }],
            "responses": { "200": { "description": "", "schema": { "type": "string" } } },
        } },
    });
    let definitions = json!({
        "A": { "$ref": "#/paths/~1a/post/parameters/0/schema/properties/x" },
        "B": { "$ref": "#/paths/~1a/post/responses/200/schema" },
        "C": { "$ref": "#/definitions/A" },
    });
    let document = document(paths, json!({ "definitions": definitions }));
    let leads = |name: &str| document.at(&format!("/components/schemas/{name}/$ref")).unwrap().clone();
    assert_eq!(leads("A"), "#/paths/~1a/post/requestBody/content/application~1json/schema/properties/x");
    assert_eq!(leads("B"), "#/paths/~1a/post/responses/200/content/application~1json/schema");
    assert_eq!(leads("C"), "#/components/schemas/A");
    assert!(Spec::read(document).is_ok());
}

#[test]
fn positions_are_those_of_the_source() {
    let text = "\
swagger: '2.0'
host: a.example
paths:
  /a:
    post:
      parameters:
        - {name: b, in: body, schema: {type: object}}
        - name: q
          in: query
          type: string
      responses:
        '200':
          description: ''
          schema: {type: string}
definitions:
  D:
    type: string
securityDefinitions:
  O: {type: oauth2, flow: application, tokenUrl: t}
";
    let document = Document::parse("s.yaml", text).unwrap();
    for (pointer, line, column, source) in [
        ("/openapi", 1, 1, "/swagger"),
        ("/servers/0/url", 2, 1, "/host/0/url"),
        ("/paths/~1a/post/parameters/0/name", 8, 11, "/paths/~1a/post/parameters/1/name"),
        ("/paths/~1a/post/parameters/0/schema/type", 10, 11, "/paths/~1a/post/parameters/1/type"),
        ("/paths/~1a/post/requestBody", 7, 11, "/paths/~1a/post/parameters/0"),
        (
            "/paths/~1a/post/requestBody/content/application~1json/schema/type",
            7,
            40,
            "/paths/~1a/post/parameters/0/schema/type",
        ),
        (
            "/paths/~1a/post/responses/200/content/application~1json/schema/type",
            14,
            20,
            "/paths/~1a/post/responses/200/schema/type",
        ),
        ("/components/schemas/D/type", 17, 5, "/definitions/D/type"),
        ("/components/securitySchemes/O/flows/clientCredentials/tokenUrl", 19, 40, "/securityDefinitions/O/tokenUrl"),
    ] {
        let origin = document.origin(pointer);
        assert_eq!(origin.position, Some(Position { line, column }), "{pointer}");
        assert_eq!(origin.pointer, source);
        assert_eq!(origin.file.to_str(), Some("s.yaml"));
    }
}

#[test]
fn what_is_malformed_is_refused_and_not_dropped() {
    for (paths, expected) in [
        (json!({ "/a": { "post": { "parameters": {} } } }), "`parameters` is not a list"),
        (json!({ "/a": { "post": 5 } }), "`post` is not an object"),
        (json!({ "/a": { "post": { "parameters": [5] } } }), "does not say where it travels"),
        (json!({ "/a": { "post": { "responses": [] } } }), "`responses` is not an object"),
        (json!({ "/a": { "post": { "parameters": [{ "$ref": "#/parameters/X" }] } } }), "points at nothing"),
    ] {
        let error = Spec::read(document(paths, json!({}))).unwrap_err();
        assert!(error.message.contains(expected) && error.position.is_some(), "{error}");
    }
}
