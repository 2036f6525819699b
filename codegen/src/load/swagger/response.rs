//! Responses: one schema for all media types becomes one for each.

use serde_json::{Map, Value, json};

use super::{Converter, JSON, escape_token, members, schema};

impl<'s> Converter<'s> {
    pub(super) fn response(&mut self, response: &'s Value, from: &str, to: &str, produces: &[String]) -> Value {
        let Value::Object(stated) = response else { return response.clone() };
        if stated.contains_key("$ref") {
            return response.clone();
        }
        let mut converted = Map::new();
        for (key, member) in stated {
            match (key.as_str(), member) {
                ("schema" | "examples", _) => {}
                ("headers", Value::Object(headers)) => {
                    let mut kept = Map::new();
                    for (name, header) in headers {
                        let below = format!("/headers/{}", escape_token(name));
                        let header = self.header(header, &format!("{from}{below}"), &format!("{to}{below}"));
                        kept.insert(name.clone(), header);
                    }
                    converted.insert(key.clone(), Value::Object(kept));
                }
                _ => {
                    converted.insert(key.clone(), member.clone());
                }
            }
        }
        let content = self.content(stated, from, to, produces);
        if !content.is_empty() {
            converted.insert("content".to_owned(), Value::Object(content));
        }
        Value::Object(converted)
    }

    fn content(
        &mut self,
        response: &'s Map<String, Value>,
        from: &str,
        to: &str,
        produces: &[String],
    ) -> Map<String, Value> {
        let schema = response.get("schema");
        let examples = response.get("examples").filter(|examples| examples.is_object());
        let mut media_types = if schema.is_some() { produces.to_vec() } else { Vec::new() };
        for (media_type, _) in examples.into_iter().flat_map(members) {
            if media_type.contains('/') && !media_types.contains(media_type) {
                media_types.push(media_type.clone());
            }
        }
        if media_types.is_empty() && schema.is_some() {
            let file = schema.and_then(|schema| schema.get("type")).is_some_and(|kind| kind == "file");
            media_types.push(if file { "application/octet-stream" } else { JSON }.to_owned());
        }
        let mut content = Map::new();
        for media_type in media_types {
            let at = format!("{to}/content/{}", escape_token(&media_type));
            self.came(from, &at);
            let mut media = json!({});
            if let Some(schema) = schema {
                self.moved(&format!("{from}/schema"), &format!("{at}/schema"));
                media["schema"] = schema::convert(schema);
            }
            if let Some(example) = examples.and_then(|examples| examples.get(&media_type)) {
                self.came(&format!("{from}/examples/{}", escape_token(&media_type)), &format!("{at}/example"));
                media["example"] = example.clone();
            }
            content.insert(media_type, media);
        }
        content
    }
}
