//! What answers say that later requests need.

use obkit_codegen::load::escape_token;
use serde_json::Value;

use super::case::Capture;
use crate::exchange::Response;

/// How deep an id is looked for.
const MAX_DEPTH: usize = 3;

/// What the id of a resource may be called in an answer, the most likely first: as the path variable is, `id`, or after the collection:
/// `paymentId` of `/payments/{id}`.
pub(super) fn names(collection: &str, variable: &str) -> Vec<String> {
    let collection = plain(collection.rsplit('/').next().unwrap_or_default());
    let single = collection.strip_suffix('s').unwrap_or(&collection);
    vec![plain(variable), "id".to_owned(), "uuid".to_owned(), format!("{single}id")]
}

/// The id of a resource in the answer that created it: a member that has one of the names, the nearest to the root; else the last segment of
/// `Location`.
pub(super) fn id(response: &Response, names: &[String]) -> Option<Capture> {
    let value: Option<Value> = serde_json::from_slice(&response.body).ok();
    value.as_ref().and_then(|value| named(value, names, "")).or_else(|| {
        let location = response.header("location")?;
        let path = location.split(['?', '#']).next()?;
        let last = path.trim_end_matches('/').rsplit('/').next().filter(|last| !last.is_empty())?;
        Some(Capture { pointer: None, value: last.to_owned(), parameter: None })
    })
}

/// The id of the first resource in a list: the list nearest to the root whose first item has such a member.
pub(super) fn first_id(response: &Response, names: &[String]) -> Option<Capture> {
    let value: Value = serde_json::from_slice(&response.body).ok()?;
    (0..=MAX_DEPTH).find_map(|depth| listed(&value, names, depth, String::new()))
}

/// The same in a list at a depth.
fn listed(value: &Value, names: &[String], depth: usize, at: String) -> Option<Capture> {
    if depth == 0 {
        return named(value.as_array()?.first()?, names, &format!("{at}/0"));
    }
    value
        .as_object()?
        .iter()
        .find_map(|(name, member)| listed(member, names, depth - 1, format!("{at}/{}", escape_token(name))))
}

/// A member that has one of the names, in a value at a place.
fn named(value: &Value, names: &[String], at: &str) -> Option<Capture> {
    names.iter().find_map(|name| (0..=MAX_DEPTH).find_map(|depth| find(value, name, depth, at.to_owned())))
}

/// A member of a name at a depth.
fn find(value: &Value, name: &str, depth: usize, at: String) -> Option<Capture> {
    let members = value.as_object()?;
    let token = |name: &str| format!("{at}/{}", escape_token(name));
    if depth == 0 {
        return members.iter().find(|(key, _)| plain(key) == name).and_then(|(key, value)| {
            Some(Capture { pointer: Some(token(key)), value: text(value)?, parameter: None })
        });
    }
    members.iter().find_map(|(key, member)| find(member, name, depth - 1, token(key)))
}

/// A scalar as it stands in a path, unencoded.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A name without case and separators: `payment_id` is `paymentId`.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// What a runtime expression of a link stands for (OpenAPI 3.0.3, Link Object); constants stand for themselves.
pub(super) fn evaluate(expression: &Value, response: &Response) -> Option<(Value, Option<Capture>)> {
    let Some(text) = expression.as_str().filter(|text| text.starts_with('$')) else {
        return Some((expression.clone(), None));
    };
    if let Some(pointer) = text.strip_prefix("$response.body#") {
        let body: Value = serde_json::from_slice(&response.body).ok()?;
        let value = body.pointer(pointer)?.clone();
        let pointer = Some(pointer.to_owned());
        let capture = self::text(&value).map(|value| Capture { pointer, value, parameter: None });
        return Some((value, capture));
    }
    let name = text.strip_prefix("$response.header.")?;
    Some((Value::String(response.header(name)?.into_owned()), None))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    fn response(body: &Value, location: Option<&str>) -> Response {
        let headers = location.map(|location| ("location".to_owned(), location.to_owned())).into_iter().collect();
        Response { status: 201, headers, body: body.to_string().into_bytes() }
    }

    #[test]
    fn an_id_is_found_by_the_name_of_the_variable_then_by_id_then_in_location() {
        let found = |body: &Value, location: Option<&str>| {
            id(&response(body, location), &names("/v1/payments", "paymentId"))
                .map(|capture| (capture.pointer.unwrap_or_default(), capture.value))
        };
        let both = json!({"id": "a", "data": {"payment_id": 7}});
        assert_eq!(found(&both, None), Some(("/data/payment_id".to_owned(), "7".to_owned())));
        assert_eq!(found(&json!({"data": {"id": "a"}}), None), Some(("/data/id".to_owned(), "a".to_owned())));
        assert_eq!(found(&json!({}), Some("http://h/payments/9?x")), Some((String::new(), "9".to_owned())));
        assert_eq!(found(&json!({"id": null}), None), None);
        assert_eq!(names("/v1/direct-debits", "id"), ["id", "id", "uuid", "directdebitid"]);
        let listed = |body: &Value| {
            first_id(&response(body, None), &names("/v1/payments", "id"))
                .map(|capture| (capture.pointer.unwrap_or_default(), capture.value))
        };
        let page = json!({"id": "page", "links": ["a"], "data": {"payments": [{"id": "a", "bank": {"id": "b"}}, {"id": "c"}]}});
        assert_eq!(listed(&page), Some(("/data/payments/0/id".to_owned(), "a".to_owned())));
        assert_eq!(listed(&json!([{"paymentId": 7, "id": 8}])), Some(("/0/id".to_owned(), "8".to_owned())));
        assert_eq!(listed(&json!([{"paymentId": 7, "bankId": 8}])), Some(("/0/paymentId".to_owned(), "7".to_owned())));
        assert_eq!(listed(&json!({"id": "a", "data": []})), None);
        let links = response(&both, Some("l"));
        assert_eq!(evaluate(&json!("$response.body#/data/payment_id"), &links).unwrap().0, json!(7));
        assert_eq!(evaluate(&json!("$response.header.Location"), &links).unwrap().0, json!("l"));
        assert_eq!(evaluate(&json!(5), &links).unwrap().0, json!(5));
        assert!(evaluate(&json!("$request.body#/a"), &links).is_none());
    }
}
