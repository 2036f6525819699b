//! Names of packages: which of them a generated crate can have.

use crate::generate::GenerateError;
use crate::lower::names::KEYWORDS;

/// What to do about a name that cannot be.
pub(crate) const REMEDY: &str = "use letters, digits, `-` and `_`, beginning with a letter, such as `my-bank`";

/// The crates that generated code names, and those that every crate has. A crate called like one of them would hide it.
const USED: &[&str] =
    &["alloc", "core", "obkit_runtime", "proc_macro", "reqwest", "serde", "serde_json", "std", "tokio"];

/// Whether a generated crate can have a name.
pub(crate) fn check(name: &str) -> Result<(), GenerateError> {
    let krate = name.replace('-', "_");
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let reason = if !krate.starts_with(|c: char| c.is_ascii_alphabetic()) || !krate.chars().all(is_name) {
        "is not the name of a package"
    } else if KEYWORDS.contains(&krate.as_str()) || krate == "Self" {
        "is a word of Rust, and no crate can be called so"
    } else if USED.contains(&krate.as_str()) {
        "is the name of a crate that generated code uses"
    } else {
        return Ok(());
    };
    Err(GenerateError::Name { name: name.to_owned(), reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_cargo_or_rustc_would_stumble_over_are_refused_with_the_reason() {
        for (name, about) in [
            ("", "is not the name"),
            ("2fa", "is not the name"),
            ("_", "is not the name"),
            ("__", "is not the name"),
            ("../bank", "is not the name"),
            ("bänk", "is not the name"),
            ("fn", "a word of Rust"),
            ("Self", "a word of Rust"),
            ("serde", "generated code uses"),
            ("obkit-runtime", "generated code uses"),
            ("obkit_runtime", "generated code uses"),
        ] {
            let said = check(name).map_err(|error| error.to_string());
            let said = said.err().unwrap_or_default();
            assert!(said.starts_with(&format!("`{name}` ")) && said.contains(about), "{name}: {said}");
            assert!(said.contains("\n  help: ") && said.lines().count() == 2, "{said}");
        }
        for name in ["bank", "my-bank", "Bank_2", "openapi", "fn-bank", "obkit-fena"] {
            assert!(check(name).is_ok(), "{name}");
        }
    }
}
