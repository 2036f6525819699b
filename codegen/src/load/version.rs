//! Which language a document is written in.

use serde_json::Value;

use super::Positions;
use super::error::SyntaxError;

/// The version of OpenAPI whose rules a document's schemas follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// 3.0: a dialect of its own, with `nullable` and boolean bounds; `$ref` hides its siblings.
    /// Swagger 2.0 documents are converted to it.
    V3_0,
    /// 3.1: JSON Schema 2020-12.
    V3_1,
}

/// The language of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Swagger 2.0.
    Swagger,
    /// OpenAPI 3.
    OpenApi(Version),
}

impl Dialect {
    /// What a file says it is; none when it does not say, as a fragment does not.
    pub(super) fn stated(root: &Value) -> Option<Result<Self, String>> {
        let known = |version: &Value, name: &str| {
            let text = version.as_str().map_or_else(|| version.to_string(), str::to_owned);
            let prefix = |prefix: &str| text == prefix || text.starts_with(&format!("{prefix}."));
            match name {
                "Swagger" if text == "2.0" => Ok(Self::Swagger),
                "OpenAPI" if prefix("3.0") => Ok(Self::OpenApi(Version::V3_0)),
                "OpenAPI" if prefix("3.1") => Ok(Self::OpenApi(Version::V3_1)),
                // Whatever stands there, the message stays a line.
                _ => Err(format!("{name} {}", text.chars().take(20).collect::<String>())),
            }
        };
        let swagger = root.get("swagger").map(|version| known(version, "Swagger"));
        swagger.or_else(|| root.get("openapi").map(|version| known(version, "OpenAPI")))
    }

    /// The language of a root document; and what is wrong with its outline, where it can be read all the same.
    pub(super) fn of(root: &Value, positions: &Positions) -> Result<(Self, Option<SyntaxError>), SyntaxError> {
        let error = |pointer: &str, message: String, remedy| SyntaxError {
            position: positions.nearest(pointer),
            message,
            remedy,
        };
        let name_the_root = "name the root file of an OpenAPI 3.0, OpenAPI 3.1 or Swagger 2.0 document";
        let Some(object) = root.as_object() else {
            let message = "is not an OpenAPI document: its top level is not an object".to_owned();
            return Err(error("", message, name_the_root));
        };
        let dialect = match Self::stated(root) {
            None => {
                let message = "is not an OpenAPI document: there is no `openapi` member at the top level";
                return Err(error("", message.to_owned(), name_the_root));
            }
            Some(Err(name)) => {
                let message = format!("is an {name} document, which this version does not read");
                let member = if object.contains_key("swagger") { "/swagger" } else { "/openapi" };
                let message = message.replace("an Swagger", "a Swagger");
                return Err(error(member, message, "convert it to OpenAPI 3.1 first"));
            }
            Some(Ok(dialect)) => dialect,
        };
        let has = |member: &str| object.get(member).is_some_and(Value::is_object);
        let may_lack_paths = dialect == Self::OpenApi(Version::V3_1) && !object.contains_key("paths");
        if has("paths") || (may_lack_paths && (has("webhooks") || has("components"))) {
            return Ok((dialect, None));
        }
        let missing = error("/paths", "has no `paths` object".to_owned(), "add `paths` (it may be empty: `paths: {}`)");
        Ok((dialect, Some(missing)))
    }
}
