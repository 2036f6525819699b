//! Servers: each URL that a template stands for, as far as the document lists them.

use serde_json::Value;

use crate::model::Server;
use crate::schema::members;

/// How many URLs one template may become; of more, the one of the defaults stands for all.
const MOST_URLS: usize = 16;

/// Whether a URL names its host.
pub(crate) fn is_absolute(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

/// The servers of a list. Variables are filled in: by their defaults first, and then by each other value of their `enum`,
/// which the description names.
pub(crate) fn servers(listed: Option<&Value>) -> Vec<Server> {
    listed.and_then(Value::as_array).into_iter().flatten().flat_map(urls).collect()
}

/// How many URLs a template stands for that are left out, as they are too many.
pub(crate) fn left_out(server: &Value) -> Option<usize> {
    Some(count(&variables(server))).filter(|count| *count > MOST_URLS).map(|count| count - 1)
}

fn variables(server: &Value) -> Vec<(&String, Vec<String>)> {
    let variables = server.get("variables").and_then(Value::as_object);
    variables.into_iter().flatten().map(|(name, variable)| (name, choices(variable))).collect()
}

fn count(variables: &[(&String, Vec<String>)]) -> usize {
    variables.iter().map(|(_, choices)| choices.len()).fold(1, usize::saturating_mul)
}

/// The URLs that a server stands for, the one of the defaults first.
pub(crate) fn urls(server: &Value) -> Vec<Server> {
    let stated = |key: &str| server.get(key).map(text).unwrap_or_default();
    let variables = variables(server);
    let has_all = count(&variables) <= MOST_URLS;
    let mut servers = vec![(stated("url"), Vec::new())];
    for (name, choices) in variables {
        let fill = |url: &str, choice: &str| url.replace(&format!("{{{name}}}"), choice);
        let taken = if has_all { choices.as_slice() } else { &choices[..1] };
        let filled = servers.iter().flat_map(|(url, said): &(String, Vec<String>)| {
            taken.iter().enumerate().map(move |(place, choice)| {
                let named = (place > 0).then(|| format!("{name}: {choice}"));
                (fill(url, choice), said.iter().cloned().chain(named).collect())
            })
        });
        servers = filled.collect();
    }
    let description = stated("description");
    let described = servers.into_iter().map(|(url, said)| match (description.is_empty(), said.join(", ")) {
        (_, said) if said.is_empty() => Server { url, description: description.clone() },
        (true, said) => Server { url, description: said },
        (false, said) => Server { url, description: format!("{} ({said})", description.trim_end()) },
    });
    described.collect()
}

/// The values of a variable, its default first.
fn choices(variable: &Value) -> Vec<String> {
    let mut choices = vec![variable.get("default").map(text).unwrap_or_default()];
    for choice in members(variable, "enum").iter().map(text) {
        if !choices.contains(&choice) {
            choices.push(choice);
        }
    }
    choices
}

/// A value as it stands in a URL: authors leave the quotes of a port away.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_template_becomes_every_url_that_it_lists() {
        let of = |server: Value| -> Vec<(String, String)> {
            servers(Some(&json!([server]))).into_iter().map(|server| (server.url, server.description)).collect()
        };
        let pair = |url: &str, description: &str| (url.to_owned(), description.to_owned());
        let region = json!({ "default": "eu", "enum": ["us", "eu"] });
        let template = json!({ "url": "https://{r}.a:{p}", "description": "Live", "variables": { "r": region, "p": { "default": 1 } } });
        assert_eq!(of(template), [pair("https://eu.a:1", "Live"), pair("https://us.a:1", "Live (r: us)")]);
        let two = json!({ "url": "{a}{b}", "variables": { "a": { "default": "1", "enum": ["2"] }, "b": { "default": "x", "enum": ["y"] } } });
        assert_eq!(of(two), [pair("1x", ""), pair("1y", "b: y"), pair("2x", "a: 2"), pair("2y", "a: 2, b: y")]);
        let many: Vec<String> = (0..20).map(|number| number.to_string()).collect();
        let many = json!({ "url": "/{a}", "variables": { "a": { "default": "0", "enum": many } } });
        assert_eq!(of(many), [pair("/0", "")]);
        assert_eq!(of(json!({ "url": "/{a}" })), [pair("/{a}", "")]);
    }
}
