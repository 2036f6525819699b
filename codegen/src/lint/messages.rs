//! What is sent and answered, in words that do not mean what they seem to: bodies, examples and statuses.

use serde_json::Value;

use super::Lint;
use crate::load::escape_token;
use crate::note;
use crate::subject::subject;

impl Lint<'_> {
    /// HTTP gives no meaning to a body of these methods.
    pub(super) fn body_of_get(&mut self, pointer: &str, operation: &Value) {
        let method = pointer.rsplit('/').next().unwrap_or_default();
        if ["get", "head", "delete", "trace"].contains(&method) && operation.get("requestBody").is_some() {
            let message = format!("{} has a body, which HTTP gives no meaning to", subject(pointer));
            self.note(note::BODY_OF_GET, &format!("{pointer}/requestBody"), message);
        }
    }

    /// One of the two keywords must stand alone.
    pub(super) fn example_and_examples(&mut self, pointer: &str, owner: &Value) {
        if owner.get("example").is_some() && owner.get("examples").is_some() {
            let message = format!("{} has both `example` and `examples`", subject(pointer));
            self.note(note::EXAMPLE_AND_EXAMPLES, &format!("{pointer}/example"), message);
        }
    }

    /// Ranges of statuses are written in capitals.
    pub(super) fn statuses(&mut self, pointer: &str, operation: &Value) {
        let statuses = operation.get("responses").and_then(Value::as_object).into_iter().flatten();
        for (status, _) in statuses.filter(|(status, _)| status.ends_with("xx") && status.len() == 3) {
            let message = format!("the status `{status}` of {} is a range in small letters", subject(pointer));
            let at = format!("{pointer}/responses/{}", escape_token(status));
            self.note(note::RESPONSE_STATUS, &at, message);
        }
    }
}
