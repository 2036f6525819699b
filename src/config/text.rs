//! Texts, which are given inline, by a variable or by a file.

use std::borrow::Cow;
use std::fmt;

use obkit_runtime::Sensitive;
use obkit_runtime::secrecy::SecretString;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};

/// A text that may be shown.
pub(crate) struct Text(pub(crate) String);

/// A text that may not.
pub(crate) struct Secret(Sensitive);

impl Secret {
    pub(crate) fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl From<Secret> for SecretString {
    fn from(secret: Secret) -> Self {
        secret.0.into()
    }
}

impl From<Secret> for Sensitive {
    fn from(secret: Secret) -> Self {
        secret.0
    }
}

struct TextVisitor;

impl Visitor<'_> for TextVisitor {
    type Value = Sensitive;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Sensitive, E> {
        if text.trim().is_empty() {
            return Err(E::invalid_value(Unexpected::Other("nothing"), &"a text with something in it"));
        }
        Ok(text.into())
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor).map(|text| Self(text.expose().to_owned()))
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor).map(Self)
    }
}

/// The forms of a text.
fn forms(description: &str) -> Schema {
    let reference = |key: &str, what: &str| {
        json_schema!({
            "type": "object",
            "properties": {key: {"description": what, "type": "string", "minLength": 1}},
            "required": [key],
            "additionalProperties": false,
        })
    };
    json_schema!({
        "description": description,
        "anyOf": [
            {"type": "string", "minLength": 1},
            reference("env", "The variable of the environment that holds it."),
            reference("file", "The file that holds it, relative to the folder of this file."),
        ],
    })
}

impl JsonSchema for Text {
    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        forms("A text: inline, in a variable of the environment, or in a file.")
    }
}

impl JsonSchema for Secret {
    fn schema_name() -> Cow<'static, str> {
        "Secret".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let mut schema = forms("A text that nothing shows: in a variable of the environment, in a file, or inline.");
        schema.insert("writeOnly".to_owned(), true.into());
        schema
    }
}
