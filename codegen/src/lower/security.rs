//! Security schemes become constructors of the runtime's credentials; the headers they use are not
//! parameters.

use serde_json::Value;

use super::schema::Types;
use crate::load::escape_token;
use crate::model::Scheme;
use crate::note;
use crate::spec::{Operation, Spec};

/// The schemes that the operations ask for, each once.
pub(crate) fn schemes(spec: &Spec, types: &mut Types<'_>) -> Vec<Scheme> {
    let mut schemes = Vec::new();
    for requirement in spec.operations().iter().flat_map(|op| &op.security) {
        let mut headers = Vec::new();
        for name in requirement {
            let found = match definition(spec, name) {
                Some(Definition::Basic) => Scheme::Basic,
                Some(Definition::Bearer) => Scheme::Bearer,
                Some(Definition::Header(header)) => {
                    headers.push(header);
                    continue;
                }
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
        if !headers.is_empty() && !schemes.contains(&Scheme::Headers(headers.clone())) {
            schemes.push(Scheme::Headers(headers));
        }
    }
    schemes
}

enum Definition {
    Basic,
    Bearer,
    Header(String),
    Other,
}

/// Where the definition of a scheme stands.
pub(crate) fn pointer(scheme: &str) -> String {
    format!("/components/securitySchemes/{}", escape_token(scheme))
}

fn definition(spec: &Spec, name: &str) -> Option<Definition> {
    let scheme = spec.document().at(&pointer(name))?;
    let text = |key: &str| scheme.get(key).and_then(Value::as_str).unwrap_or_default();
    Some(match (text("type"), text("scheme").to_ascii_lowercase().as_str(), text("in")) {
        ("http", "basic", _) => Definition::Basic,
        ("http", "bearer", _) | ("oauth2" | "openIdConnect", _, _) => Definition::Bearer,
        ("apiKey", _, "header") if is_header_name(text("name")) => Definition::Header(text("name").to_owned()),
        _ => Definition::Other,
    })
}

/// Whether a header carries a credential of the operation.
pub(crate) fn is_credential(spec: &Spec, operation: &Operation, header: &str) -> bool {
    operation.security.iter().flatten().any(
        |name| matches!(definition(spec, name), Some(Definition::Header(name)) if name.eq_ignore_ascii_case(header)),
    )
}

/// Whether a text can be the name of a header (RFC 9110, section 5.1).
pub(crate) fn is_header_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}
