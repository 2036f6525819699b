//! Security schemes become constructors of the runtime's credentials; what carries a key is not a
//! parameter.

use serde_json::{Map, Value};

use super::schema::Types;
use crate::load::escape_token;
use crate::model::{Key, Scheme};
use crate::note;
use crate::schema::resolved;
use crate::spec::{Location, Operation, Spec};

/// The schemes that the operations ask for, each once; and after them those that nothing asks for, as a document that
/// defines credentials takes some.
pub(crate) fn schemes(spec: &Spec, types: &mut Types<'_>) -> Vec<Scheme> {
    let mut schemes = Vec::new();
    let asked: Vec<&Vec<String>> = spec.operations().iter().flat_map(|op| &op.security).collect();
    let defined = spec.document().at("/components/securitySchemes").and_then(Value::as_object);
    let idle = defined.into_iter().flat_map(Map::keys).filter(|name| !asked.iter().any(|all| all.contains(name)));
    let idle: Vec<Vec<String>> = idle.map(|name| vec![name.clone()]).collect();
    for requirement in asked.into_iter().chain(&idle) {
        let mut keys = Vec::new();
        for name in requirement {
            let found = match definition(spec, name) {
                Some(Definition::Basic) => Scheme::Basic,
                Some(Definition::Bearer) => Scheme::Bearer,
                Some(Definition::Key(key)) => {
                    keys.push(key);
                    continue;
                }
                Some(Definition::Other) if idle.contains(requirement) => continue,
                Some(Definition::Other) => {
                    let message = format!("the transport cannot apply the scheme `{name}`");
                    types.note(note::SECURITY_NOT_APPLIED, &pointer(name), message);
                    continue;
                }
                None => continue,
            };
            if !schemes.contains(&found) {
                schemes.push(found);
            }
        }
        if !keys.is_empty() && !schemes.contains(&Scheme::Keys(keys.clone())) {
            schemes.push(Scheme::Keys(keys));
        }
    }
    schemes
}

enum Definition {
    Basic,
    Bearer,
    Key(Key),
    Other,
}

/// Where the definition of a scheme stands.
pub(crate) fn pointer(scheme: &str) -> String {
    format!("/components/securitySchemes/{}", escape_token(scheme))
}

fn definition(spec: &Spec, name: &str) -> Option<Definition> {
    let (_, scheme) = resolved(spec.document(), &pointer(name))?;
    let text = |key: &str| scheme.get(key).and_then(Value::as_str).unwrap_or_default();
    Some(match (text("type"), text("scheme").to_ascii_lowercase().as_str(), text("in")) {
        ("http", "basic", _) => Definition::Basic,
        ("http", "bearer", _) | ("oauth2" | "openIdConnect", _, _) => Definition::Bearer,
        ("apiKey", _, "header") if is_header_name(text("name")) => key(Location::Header, text("name")),
        ("apiKey", _, "cookie") if is_header_name(text("name")) => key(Location::Cookie, text("name")),
        ("apiKey", _, "query") if !text("name").is_empty() => key(Location::Query, text("name")),
        _ => Definition::Other,
    })
}

fn key(location: Location, name: &str) -> Definition {
    Definition::Key(Key { location, name: name.to_owned() })
}

/// Whether a parameter carries a credential of the operation.
pub(crate) fn is_credential(spec: &Spec, operation: &Operation, location: Location, name: &str) -> bool {
    let is_same = |key: &Key| match location {
        Location::Header => key.name.eq_ignore_ascii_case(name),
        _ => key.name == name,
    };
    let keys = operation.security.iter().flatten().filter_map(|scheme| definition(spec, scheme));
    keys.into_iter().any(|found| matches!(found, Definition::Key(key) if key.location == location && is_same(&key)))
}

/// Whether a text can be the name of a header or a cookie (RFC 9110, section 5.1; RFC 6265, section 4.1.1).
pub(crate) fn is_header_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::{Document, lower};

    #[test]
    fn schemes_that_nothing_asks_for_come_last() {
        let text = "\
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /a:
    get: {operationId: a, security: [{token: []}], responses: {'204': {description: none}}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    token: {type: http, scheme: bearer}
    odd: {type: mutualTLS}
";
        let schemes = |text: &str| {
            let spec = Spec::read(Document::parse("a.yaml", text).unwrap()).unwrap();
            lower::lower(&spec).model.schemes
        };
        let key = Scheme::Keys(vec![Key { location: Location::Header, name: "X-Key".to_owned() }]);
        assert_eq!(schemes(text), [Scheme::Bearer, key.clone()]);
        assert_eq!(schemes(&text.replace(", security: [{token: []}]", "")), [key, Scheme::Bearer]);
        // A scheme may be a reference to another.
        let referred = text.replace("odd: {type: mutualTLS}", "odd: {$ref: '#/components/securitySchemes/token'}");
        assert_eq!(schemes(&referred.replace("[{token: []}]", "[{odd: []}]"))[0], Scheme::Bearer);
    }
}
