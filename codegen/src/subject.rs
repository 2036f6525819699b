//! What stands at a place, in the words of its author: `` the member `a.b` of the schema `Account` ``.

use crate::load::unescape_token;

/// Names what stands at a pointer of a document.
pub(crate) fn subject(pointer: &str) -> String {
    let tokens: Vec<_> = pointer.split('/').skip(1).map(unescape_token).collect();
    let mut tokens: Vec<&str> = tokens.iter().map(|token| &**token).collect();
    let part = part(&tokens);
    tokens.truncate(tokens.len() - part.as_ref().map_or(0, |(_, length)| *length));
    let part = part.map(|(part, _)| format!("{part} of ")).unwrap_or_default();
    let (whole, rest) = match tokens.as_slice() {
        ["components", "pathItems", name, method, rest @ ..] => {
            (format!("`{}` of the path item `{name}`", method.to_ascii_uppercase()), rest)
        }
        ["components", section, name, rest @ ..] => (format!("the {} `{name}`", component(section)), rest),
        ["paths" | "webhooks", path, method, "requestBody", rest @ ..] => {
            (format!("the request of `{}`", call(method, path)), rest)
        }
        ["paths" | "webhooks", path, method, "responses", status, rest @ ..] => {
            (format!("the response `{status}` of `{}`", call(method, path)), rest)
        }
        ["paths" | "webhooks", path, method, "parameters", _, rest @ ..] => {
            (format!("a parameter of `{}`", call(method, path)), rest)
        }
        ["paths" | "webhooks", path, "parameters", _, rest @ ..] => (format!("a parameter of `{path}`"), rest),
        ["paths" | "webhooks", path, method, rest @ ..] => (format!("`{}`", call(method, path)), rest),
        ["paths" | "webhooks", name, rest @ ..] => (format!("`{name}`"), rest),
        ["info", ..] => ("`info`".to_owned(), &[][..]),
        rest => ("the document".to_owned(), rest),
    };
    let member = member(rest);
    if member.is_empty() { format!("{part}{whole}") } else { format!("{part}the member `{member}` of {whole}") }
}

/// What stands last at a place that is within something with a name, and how many tokens say so.
fn part(tokens: &[&str]) -> Option<(String, usize)> {
    match tokens {
        [.., "properties", _] | ["components", _, _] | ["components", "headers", ..] => None,
        [.., "discriminator", "mapping"] => Some(("the mapping".to_owned(), 2)),
        [.., "flows", flow] => Some((format!("the flow `{flow}`"), 2)),
        [.., "servers", _] => Some(("a server".to_owned(), 2)),
        [.., "tags", _] => Some(("a tag".to_owned(), 2)),
        [.., "variables", name] => Some((format!("the variable `{name}`"), 2)),
        [.., "headers", name] => Some((format!("the header `{name}`"), 2)),
        [.., "headers", name, "schema"] => Some((format!("the header `{name}`"), 3)),
        [.., "content", media_type] => Some((format!("`{media_type}`"), 2)),
        [.., last @ ("discriminator" | "flows" | "contact" | "license" | "externalDocs")] => {
            Some((format!("the `{last}`"), 1))
        }
        _ => None,
    }
}

fn component(section: &str) -> &str {
    match section {
        "schemas" => "schema",
        "requestBodies" => "request body",
        "pathItems" => "path item",
        "securitySchemes" => "security scheme",
        section => section.strip_suffix('s').unwrap_or(section),
    }
}

fn call(method: &str, path: &str) -> String {
    format!("{} {path}", method.to_ascii_uppercase())
}

/// The way through properties and items: `accounts[].id`.
fn member(tokens: &[&str]) -> String {
    let mut member = String::new();
    let mut tokens = tokens.iter();
    while let Some(token) = tokens.next() {
        match *token {
            holder @ ("properties" | "patternProperties" | "$defs" | "definitions") => {
                let Some(name) = tokens.next() else { break };
                if !member.is_empty() {
                    member.push('.');
                }
                // These are no members of a value.
                if matches!(holder, "$defs" | "definitions") {
                    member.push_str(holder);
                    member.push('.');
                }
                member.push_str(name);
            }
            "items" => member.push_str("[]"),
            _ => {}
        }
    }
    member
}

#[cfg(test)]
mod tests {
    use super::subject;

    #[test]
    fn places_are_named_as_their_author_would() {
        for (pointer, name) in [
            ("", "the document"),
            ("/info/title", "`info`"),
            ("/info/license", "the `license` of `info`"),
            ("/servers/0", "a server of the document"),
            ("/components/headers/X", "the header `X`"),
            ("/components/schemas/A/discriminator/mapping", "the mapping of the schema `A`"),
            ("/components/schemas/A/properties/mapping", "the member `mapping` of the schema `A`"),
            ("/components/schemas/A/properties/discriminator", "the member `discriminator` of the schema `A`"),
            ("/paths/~1a/get/responses/200/headers/X", "the header `X` of the response `200` of `GET /a`"),
            ("/components/schemas/A", "the schema `A`"),
            (
                "/components/schemas/A/allOf/1/properties/a~1b/items/properties/items",
                "the member `a/b[].items` of the schema `A`",
            ),
            ("/components/parameters/P/schema", "the parameter `P`"),
            ("/components/requestBodies/B", "the request body `B`"),
            ("/components/headers/X/schema", "the header `X`"),
            ("/components/pathItems/P/delete", "`DELETE` of the path item `P`"),
            ("/components/schemas/A/$defs/B", "the member `$defs.B` of the schema `A`"),
            ("/webhooks/paid/post", "`POST paid`"),
            ("/webhooks/paid/post/requestBody", "the request of `POST paid`"),
            ("/paths/~1a/get/responses/200/headers/X/schema", "the header `X` of the response `200` of `GET /a`"),
            ("/paths/~1a/get", "`GET /a`"),
            ("/paths/~1a/get/parameters/0/schema", "a parameter of `GET /a`"),
            ("/paths/~1a/parameters/0", "a parameter of `/a`"),
            ("/paths/~1a/get/requestBody/content/x/schema/properties/b", "the member `b` of the request of `GET /a`"),
            ("/paths/~1a/get/responses/200/content/x/schema", "the response `200` of `GET /a`"),
        ] {
            assert_eq!(subject(pointer), name, "{pointer}");
        }
    }
}
