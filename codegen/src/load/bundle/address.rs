//! Addresses relative to one another (RFC 3986, section 5.2), as far as the identifiers of schemas need it.

/// An address as it is meant by whoever stands at a base.
pub(super) fn resolve(base: &str, reference: &str) -> String {
    if has_scheme(reference) {
        return reference.to_owned();
    }
    let (scheme, rest) = if has_scheme(base) { split(base, base.find(':').map_or(0, |at| at + 1)) } else { ("", base) };
    let (authority, path) = match rest.strip_prefix("//") {
        Some(named) => split(rest, 2 + named.find('/').unwrap_or(named.len())),
        None => ("", rest),
    };
    if reference.starts_with("//") {
        return format!("{scheme}{reference}");
    }
    let folder = &path[..path.rfind('/').map_or(0, |at| at + 1)];
    let path = if reference.starts_with('/') { reference.to_owned() } else { format!("{folder}{reference}") };
    let slash = if !authority.is_empty() && !path.starts_with('/') { "/" } else { "" };
    format!("{scheme}{authority}{slash}{}", without_dots(&path))
}

fn split(text: &str, at: usize) -> (&str, &str) {
    text.split_at(at)
}

/// Whether an address says how it is reached: `https:`, `urn:`.
pub(super) fn has_scheme(address: &str) -> bool {
    let scheme = address.split_once(':').map_or("", |(scheme, _)| scheme);
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for step in path.split('/') {
        match step {
            "." => {}
            ".." if kept.len() > usize::from(path.starts_with('/')) => drop(kept.pop()),
            ".." => {}
            step => kept.push(step),
        }
    }
    kept.join("/")
}

#[cfg(test)]
mod tests {
    use super::resolve;

    #[test]
    fn addresses_are_meant_from_where_they_stand() {
        let base = "https://a.example/schemas/pet";
        for (base, reference, address) in [
            (base, "owner", "https://a.example/schemas/owner"),
            (base, "/owner", "https://a.example/owner"),
            (base, "../common/owner", "https://a.example/common/owner"),
            (base, "../../../owner", "https://a.example/owner"),
            (base, "./owner", "https://a.example/schemas/owner"),
            (base, "//b.example/owner", "https://b.example/owner"),
            (base, "urn:owner", "urn:owner"),
            ("https://a.example", "owner", "https://a.example/owner"),
            ("", "owner.json", "owner.json"),
            ("schemas/pet.json", "owner.json", "schemas/owner.json"),
            ("/schemas/pet", "owner", "/schemas/owner"),
        ] {
            assert_eq!(resolve(base, reference), address, "{reference} at {base}");
        }
    }
}
