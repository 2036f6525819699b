//! Security definitions: two kinds of them have got other names.

use serde_json::{Map, Value, json};

use super::{Converter, members};
use crate::load::escape_token;

impl<'s> Converter<'s> {
    pub(super) fn security(&mut self, scheme: &'s Value, from: &str, to: &str) -> Value {
        match scheme.get("type").and_then(Value::as_str) {
            Some("basic") => {
                let mut converted = json!({ "type": "http", "scheme": "basic" });
                for (key, member) in members(scheme).filter(|(key, _)| *key != "type") {
                    converted[key] = member.clone();
                }
                converted
            }
            Some("oauth2") => self.oauth2(scheme, from, to),
            _ => scheme.clone(),
        }
    }

    fn oauth2(&mut self, scheme: &'s Value, from: &str, to: &str) -> Value {
        let mut converted = Map::new();
        let mut flow = Map::new();
        for (key, member) in members(scheme).filter(|(key, _)| *key != "flow") {
            let of_the_flow = matches!(key.as_str(), "authorizationUrl" | "tokenUrl" | "scopes");
            let owner = if of_the_flow { &mut flow } else { &mut converted };
            owner.insert(key.clone(), member.clone());
        }
        flow.entry("scopes").or_insert_with(|| json!({}));
        self.came(from, &format!("{to}/flows"));
        let name = match scheme.get("flow").and_then(Value::as_str) {
            None => {
                converted.insert("flows".to_owned(), json!({}));
                return Value::Object(converted);
            }
            Some("application") => "clientCredentials",
            Some("accessCode") => "authorizationCode",
            // One that is none stays none.
            Some(name) => name,
        };
        self.came(from, &format!("{to}/flows/{}", escape_token(name)));
        converted.insert("flows".to_owned(), json!({ name: flow }));
        Value::Object(converted)
    }
}
