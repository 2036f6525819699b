//! Request bodies: made from the parameter that travels in the body, or from the fields of a form.

use serde_json::{Map, Value, json};

use super::parameter::{split, style};
use super::{Converter, JSON, escape_token, schema};

const MULTIPART: &str = "multipart/form-data";
const URLENCODED: &str = "application/x-www-form-urlencoded";

/// A field of a form, and where it stands.
pub(super) struct Field<'s> {
    pub(super) from: String,
    pub(super) parameter: &'s Map<String, Value>,
}

impl Field<'_> {
    fn is_file(&self) -> bool {
        self.parameter.get("type").is_some_and(|kind| kind == "file")
    }
}

impl<'s> Converter<'s> {
    /// The body that an `in: body` parameter describes.
    pub(super) fn body(&mut self, parameter: &'s Value, from: &str, to: &str, consumes: Option<&[String]>) -> Value {
        self.moved(from, to);
        let stated = consumes.map_or_else(|| self.consumes.clone(), <[String]>::to_vec);
        let media_types = if stated.is_empty() { vec![JSON.to_owned()] } else { stated };
        let mut body = Map::new();
        for (key, member) in super::members(parameter) {
            if matches!(key.as_str(), "description" | "required") || key.starts_with("x-") {
                body.insert(key.clone(), member.clone());
            }
        }
        let schema = parameter.get("schema").map(schema::convert);
        let mut content = Map::new();
        for media_type in media_types {
            let at = format!("{to}/content/{}", escape_token(&media_type));
            self.came(from, &at);
            let mut media = Map::new();
            if let Some(schema) = &schema {
                self.moved(&format!("{from}/schema"), &format!("{at}/schema"));
                media.insert("schema".to_owned(), schema.clone());
            }
            content.insert(media_type, Value::Object(media));
        }
        body.insert("content".to_owned(), Value::Object(content));
        Value::Object(body)
    }

    /// The body that the fields of a form make together.
    pub(super) fn form(&mut self, fields: &[Field<'s>], owner: &str, to: &str, consumes: &[String]) -> Value {
        self.came(owner, to);
        let mut properties = Map::new();
        let mut required = Vec::new();
        let mut encoding = Map::new();
        let files = fields.iter().any(Field::is_file);
        let media_types = form_types(consumes, files);
        for field in fields {
            let Some(name) = field.parameter.get("name").and_then(Value::as_str) else { continue };
            let (kept, mut value) = split(field.parameter);
            if kept.get("required") == Some(&Value::Bool(true)) {
                required.push(Value::from(name));
            }
            value.extend(kept.into_iter().filter(|(key, _)| {
                matches!(key.as_str(), "description" | "deprecated" | "example") || key.starts_with("x-")
            }));
            properties.insert(name.to_owned(), schema::convert(&Value::Object(value)));
            if let Some((style, explode)) = style(field.parameter).filter(|written| *written != ("form", true)) {
                encoding.insert(name.to_owned(), json!({ "style": style, "explode": explode }));
            }
            for media_type in &media_types {
                let at = format!("{to}/content/{}/schema/properties", escape_token(media_type));
                self.came(&field.from, &format!("{at}/{}", escape_token(name)));
            }
        }
        let mut schema = json!({ "type": "object", "properties": properties });
        if !required.is_empty() {
            schema["required"] = required.clone().into();
        }
        let media = |media_type: &String| {
            let mut media = json!({ "schema": schema });
            // Only the fields of this type are written by a style.
            if !encoding.is_empty() && media_type == URLENCODED {
                media["encoding"] = Value::Object(encoding.clone());
            }
            (media_type.clone(), media)
        };
        let content: Map<_, _> = media_types.iter().map(media).collect();
        json!({ "required": !required.is_empty(), "content": content })
    }
}

/// The media types that a form may be sent as. Only one of them carries files.
fn form_types(consumes: &[String], files: bool) -> Vec<String> {
    let is = |media_type: &str, kind: &str| media_type.split(';').next().is_some_and(|t| t.trim() == kind);
    let fits = |t: &&String| is(t, MULTIPART) || (!files && is(t, URLENCODED));
    let stated: Vec<String> = consumes.iter().filter(fits).cloned().collect();
    match (stated.is_empty(), files) {
        (false, _) => stated,
        (true, true) => vec![MULTIPART.to_owned()],
        (true, false) => vec![URLENCODED.to_owned()],
    }
}
