//! Problem details, whose members mean the same in every document (RFC 9457).

use serde_json::Value;

use super::fields::{Fault, is_uri_reference};

/// The media type of problem details as JSON.
pub(crate) const MEDIA_TYPE: &str = "application/problem+json";

/// What is wrong with problem details that came with this status.
pub(super) fn faults(status: u16, body: &Value) -> Vec<Fault> {
    let Value::Object(members) = body else { return vec![("object", "problem details are no object".to_owned())] };
    let mut faults = Vec::new();
    match members.get("status") {
        None => {}
        Some(Value::Number(told)) if told.as_u64() == Some(u64::from(status)) => {}
        Some(Value::Number(told)) => {
            faults.push(("status", format!("problem details say {told}, and the status is {status}")));
        }
        Some(_) => faults.push(("status", "`status` of problem details is no number".to_owned())),
    }
    for name in ["type", "title", "detail", "instance"] {
        let is_reference = matches!(name, "type" | "instance");
        match members.get(name) {
            None => {}
            // A reference may be empty: it is the document itself.
            Some(Value::String(text)) if !is_reference || text.is_empty() || is_uri_reference(text) => {}
            Some(Value::String(_)) => faults.push((name, format!("`{name}` of problem details is no URI reference"))),
            Some(_) => faults.push((name, format!("`{name}` of problem details is no text"))),
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parts(body: &Value) -> Vec<&'static str> {
        faults(404, body).into_iter().map(|(part, _)| part).collect()
    }

    #[test]
    fn problems_say_what_they_should_or_nothing() {
        assert_eq!(parts(&json!({})), [] as [&str; 0]);
        let whole =
            json!({"type": "/problems/gone", "title": "Gone", "status": 404, "detail": "", "instance": "", "more": 1});
        assert_eq!(parts(&whole), [] as [&str; 0]);
    }

    #[test]
    fn members_of_other_types_and_another_status_are_wrong() {
        assert_eq!(parts(&json!([])), ["object"]);
        assert_eq!(parts(&json!({"status": 400})), ["status"]);
        assert_eq!(parts(&json!({"status": "404"})), ["status"]);
        assert_eq!(parts(&json!({"type": "not found"})), ["type"]);
        assert_eq!(
            parts(&json!({"type": null, "title": 1, "detail": {}, "instance": 2})),
            ["type", "title", "detail", "instance"]
        );
    }
}
