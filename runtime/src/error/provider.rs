//! What a provider's error body says, by the names that such bodies conventionally use.

use serde_json::Value;

use crate::call::presentable_id;
use crate::decode_json;

/// Code, message and id of an error body of any shape.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Details {
    pub(super) code: Option<String>,
    pub(super) message: Option<String>,
    pub(super) request_id: Option<String>,
}

/// JSON pointers, the most telling first. The first of a group that leads to a text or a number counts.
///
/// OAuth 2 (RFC 6749) has `error` and `error_description`; problem details (RFC 9457) `title`, `detail` and `status`;
/// Open Banking UK `Code` and `Message`; the Berlin Group `tppMessages`.
const CODE: &[&str] = &[
    "/error/code",
    "/code",
    "/error",
    "/error_id",
    "/errorCode",
    "/error_code",
    "/errors/0/code",
    "/Errors/0/ErrorCode",
    "/Code",
    "/tppMessages/0/code",
    "/error/status",
    "/status",
];

const MESSAGE: &[&str] = &[
    "/error/message",
    "/message",
    "/error_description",
    "/detail",
    "/errorMessage",
    "/errors/0/message",
    "/Errors/0/Message",
    "/Message",
    "/tppMessages/0/text",
    "/title",
];

const REQUEST_ID: &[&str] = &["/error/tracingId", "/tracingId", "/meta/tracingId", "/requestId", "/request_id"];

impl Details {
    /// What the body says, if it is JSON.
    pub(super) fn of(body: &[u8]) -> Self {
        let Ok(body) = decode_json::<Value>(body) else {
            return Self::default();
        };
        Self {
            code: first(&body, CODE, 256),
            message: first(&body, MESSAGE, 4096),
            request_id: first(&body, REQUEST_ID, 128).and_then(|id| presentable_id(&id)),
        }
    }
}

fn first(body: &Value, pointers: &[&str], longest: usize) -> Option<String> {
    pointers.iter().find_map(|pointer| {
        let text = match body.pointer(pointer)? {
            Value::String(text) if !text.is_empty() => text.chars().take(longest).collect(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        Some(text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn details(json: &str) -> (Option<String>, Option<String>, Option<String>) {
        let Details { code, message, request_id } = Details::of(json.as_bytes());
        (code, message, request_id)
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn finds_the_members_of_each_convention() {
        for (json, code, message) in [
            (r#"{"error":{"code":404,"message":"m"}}"#, "404", "m"),
            (r#"{"error":"invalid_grant","error_description":"m"}"#, "invalid_grant", "m"),
            (r#"{"code":"c","message":"m"}"#, "c", "m"),
            (r#"{"error_id":"e","message":"m"}"#, "e", "m"),
            (r#"{"type":"about:blank","title":"t","detail":"m","status":403}"#, "403", "m"),
            (r#"{"Code":"c","Message":"m"}"#, "c", "m"),
            (r#"{"tppMessages":[{"code":"c","text":"m"}]}"#, "c", "m"),
        ] {
            assert_eq!(details(json), (some(code), some(message), None), "{json}");
        }
    }

    #[test]
    fn finds_the_tracing_id() {
        assert_eq!(details(r#"{"error":{"tracingId":"abc"}}"#).2, some("abc"));
        assert_eq!(details(r#"{"tracingId":"two words"}"#).2, None);
    }

    #[test]
    fn other_bodies_say_nothing() {
        for body in ["", "<html>", "[]", "null", r#"{"error":null}"#, r#"{"code":""}"#, r#"{"code":{}}"#] {
            assert_eq!(details(body), (None, None, None), "{body}");
        }
    }

    #[test]
    fn long_texts_are_cut() {
        let json = format!(r#"{{"code":"{}"}}"#, "é".repeat(1000));
        assert_eq!(details(&json).0.map(|code| code.chars().count()), Some(256));
    }
}
