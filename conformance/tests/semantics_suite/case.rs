//! The files of `conformance/semantics`, as their README describes them.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};

#[derive(Debug, Deserialize)]
pub struct Topic {
    pub groups: Vec<Group>,
}

#[derive(Debug, Deserialize)]
pub struct Group {
    pub name: String,
    pub openapi: Vec<String>,
    pub schema: Option<Value>,
    pub parameter: Option<Value>,
    pub operation: Option<Value>,
    #[serde(default)]
    pub schemas: Map<String, Value>,
    pub cases: Vec<Case>,
}

#[derive(Debug, Deserialize)]
pub struct Case {
    pub valid: Option<bool>,
    pub as_meant: Option<bool>,
    pub keyword: Option<String>,
    pub because: Option<String>,
    #[serde(default)]
    pub notes: Vec<String>,
    pub direction: Option<String>,
    #[serde(default, deserialize_with = "present")]
    pub value: Option<Value>,
    pub text: Option<String>,
    pub base64: Option<String>,
    pub repeat: Option<(String, usize, String)>,
    pub query: Option<String>,
    pub path: Option<String>,
    pub headers: Option<Vec<(String, String)>>,
    pub content_type: Option<String>,
    pub body: Option<String>,
    pub status: Option<u16>,
    #[serde(default, deserialize_with = "present")]
    pub reads: Option<Value>,
}

/// `null` is a value.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

impl Case {
    /// What travels as the body.
    pub fn bytes(&self) -> Vec<u8> {
        if let Some(text) = self.text.as_ref().or(self.body.as_ref()) {
            return text.clone().into_bytes();
        }
        if let Some(text) = &self.base64 {
            return STANDARD.decode(text).unwrap();
        }
        if let Some((open, count, close)) = &self.repeat {
            return [open.repeat(*count), close.repeat(*count)].concat().into_bytes();
        }
        self.value.as_ref().map(|value| value.to_string().into_bytes()).unwrap_or_default()
    }

    pub fn goes(&self, direction: &str) -> bool {
        self.direction.as_deref().is_none_or(|stated| stated == direction)
    }
}

pub fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/semantics"))
}

/// The files, each with its name.
pub fn files() -> Vec<(String, String)> {
    let mut files: Vec<_> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .filter(|(name, _)| name != "format.schema")
        .collect();
    files.sort();
    files
}

impl Group {
    /// The document that holds the subject of the group.
    pub fn document(&self, version: &str) -> Value {
        let mut schemas = self.schemas.clone();
        let (path, item) = if let Some(parameter) = &self.parameter {
            let name = parameter["name"].as_str().unwrap();
            let path = if parameter["in"] == "path" { format!("/p/{{{name}}}") } else { "/p".to_owned() };
            let responses = json!({"200": {"description": ""}});
            (path, json!({"get": {"operationId": "p", "parameters": [parameter], "responses": responses}}))
        } else if let Some(operation) = &self.operation {
            let mut operation = operation.clone();
            operation["operationId"] = "p".into();
            if operation.get("responses").is_none() {
                operation["responses"] = json!({"200": {"description": ""}});
            }
            ("/p".to_owned(), json!({"post": operation}))
        } else {
            schemas.insert("X".to_owned(), self.schema.clone().unwrap());
            ("/p".to_owned(), json!({"post": bodies(version)}))
        };
        let info = json!({"title": "T", "version": "1"});
        match version {
            "2.0" => json!({"swagger": "2.0", "info": info, "paths": {path: item}, "definitions": schemas}),
            _ => {
                let version = format!("{version}.0");
                json!({"openapi": version, "info": info, "paths": {path: item}, "components": {"schemas": schemas}})
            }
        }
    }
}

/// An operation that takes the schema and gives it.
fn bodies(version: &str) -> Value {
    if version == "2.0" {
        let schema = json!({"$ref": "#/definitions/X"});
        let body = json!({"name": "b", "in": "body", "required": true, "schema": schema});
        let responses = json!({"200": {"description": "", "schema": schema}});
        return json!({"operationId": "p", "consumes": ["application/json"], "produces": ["application/json"], "parameters": [body], "responses": responses});
    }
    let content = json!({"application/json": {"schema": {"$ref": "#/components/schemas/X"}}});
    let body = json!({"required": true, "content": content});
    json!({"operationId": "p", "requestBody": body, "responses": {"200": {"description": "", "content": content}}})
}
