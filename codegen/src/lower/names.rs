//! Names: from the document's words to Rust's, without collisions.

use std::collections::HashSet;

use heck::{ToPascalCase, ToSnakeCase, ToUpperCamelCase};

/// Words of the language, which no identifier may be.
pub(crate) const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
    "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true",
    "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield", "_",
];

/// Types that generated code refers to by their plain names.
const TAKEN_TYPES: &[&str] = &[
    "Box",
    "Client",
    "DateTime",
    "Date",
    "Decimal",
    "DecimalText",
    "Default",
    "Deserialize",
    "Error",
    "From",
    "Into",
    "Map",
    "None",
    "Nullable",
    "Ok",
    "Err",
    "Option",
    "Result",
    "Self",
    "Sensitive",
    "Serialize",
    "Some",
    "String",
    "Undeclared",
    "Unlisted",
    "Uuid",
    "Value",
    "Vec",
];

/// What the names of the components start with that stand for types of the runtime and the language.
pub(crate) const RUNTIME_PREFIX: &str = "Runtime";

/// Names that an operation's method or builder would take from the code around it: methods of the
/// client, the traits it is called through, and types that the builders use.
const TAKEN_OPERATIONS: &[&str] = &[
    "api_version",
    "baseurl",
    "byte_stream",
    "client",
    "client_hooks",
    "client_info",
    "clone",
    "error",
    "exec",
    "fmt",
    "inner",
    "new",
    "operation_info",
    "option",
    "post",
    "pre",
    "request_builder_ext",
    "response_value",
    "result",
    "string",
];

/// Names that a parameter's setter would take from the other methods of a builder.
const TAKEN_SETTERS: &[&str] = &["clone", "fmt", "new", "send"];

/// Hands out names, each only once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    taken: HashSet<String>,
}

impl Names {
    /// The name itself, or the first of `name2`, `name3`, ... that is free.
    pub(crate) fn unique(&mut self, name: String) -> String {
        let mut candidate = name.clone();
        let mut number = 1;
        // progenitor looks types up by their Pascal-case form, so that form must be unique.
        while !self.taken.insert(candidate.to_pascal_case()) {
            number += 1;
            candidate = format!("{name}{number}");
        }
        candidate
    }

    /// Whether a name has been given.
    pub(crate) fn is_taken(&self, name: &str) -> bool {
        self.taken.contains(&name.to_pascal_case())
    }

    /// As [`Names::unique`], for names that are told apart letter by letter.
    pub(crate) fn unique_exact(&mut self, name: String) -> String {
        let mut candidate = name.clone();
        let mut number = 1;
        while !self.taken.insert(candidate.clone()) {
            number += 1;
            candidate = format!("{name}{number}");
        }
        candidate
    }
}

/// A type's name: the author's own when it is one already, else in upper camel case.
pub(crate) fn type_name(words: &str) -> String {
    let camel = words.chars().next().is_some_and(|c| c.is_ascii_uppercase())
        && words.chars().all(|c| c.is_ascii_alphanumeric())
        && words.chars().any(|c| c.is_ascii_lowercase());
    let name = if camel { words.to_owned() } else { plain(words).to_upper_camel_case() };
    let name = if name.starts_with(|c: char| c.is_ascii_alphabetic()) { name } else { format!("T{name}") };
    let taken = TAKEN_TYPES.contains(&name.as_str()) || name.starts_with(RUNTIME_PREFIX);
    if taken { format!("{}Type", name.replacen(RUNTIME_PREFIX, "RunTime", 1)) } else { name }
}

/// The name of an operation's method. progenitor puts it into snake and Pascal case once more, so
/// it must be a word of the language in neither.
pub(crate) fn method(id: &str) -> String {
    let name = snake(id);
    if TAKEN_OPERATIONS.contains(&name.as_str()) || name.ends_with('_') {
        format!("{}_operation", name.trim_end_matches('_'))
    } else if name.starts_with('_') {
        format!("operation{name}")
    } else {
        name
    }
}

/// The name of a parameter's setter.
pub(crate) fn setter(wire: &str) -> String {
    let name = snake(wire);
    if TAKEN_SETTERS.contains(&name.as_str()) { format!("{name}_parameter") } else { name }
}

/// The name of a field, parameter or method.
pub(crate) fn snake(words: &str) -> String {
    let name = plain(words).to_snake_case();
    match name.chars().next() {
        None => "x".to_owned(),
        Some(c) if c.is_ascii_digit() => format!("_{name}"),
        Some(_) if KEYWORDS.contains(&name.as_str()) => format!("{name}_"),
        Some(_) => name,
    }
}

/// The variant of an enum value.
pub(crate) fn variant(value: &str) -> String {
    match value {
        "" => return "Empty".to_owned(),
        "+" => return "Plus".to_owned(),
        "-" => return "Minus".to_owned(),
        "*" => return "Any".to_owned(),
        _ => {}
    }
    let name = plain(value).to_upper_camel_case();
    match name.chars().next() {
        None => "Symbol".to_owned(),
        Some(c) if c.is_ascii_digit() && value.starts_with('-') => format!("Minus{name}"),
        Some(c) if c.is_ascii_digit() && value.starts_with('+') => format!("Plus{name}"),
        Some(c) if c.is_ascii_digit() => format!("N{name}"),
        Some(_) if name == "Self" => "SelfValue".to_owned(),
        Some(_) => name,
    }
}

fn plain(words: &str) -> String {
    words.replace('\'', "").replace(|c: char| !c.is_ascii_alphanumeric() && c != '_', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_the_authors_words() {
        assert_eq!(type_name("ApiResponseOfVRPConsent"), "ApiResponseOfVRPConsent");
        assert_eq!(type_name("account-type"), "AccountType");
        assert_eq!(type_name("Option"), "OptionType");
        assert_eq!(type_name("3ds"), "T3ds");
        assert_eq!(snake("filter[applicationUserId]"), "filter_application_user_id");
        assert_eq!(snake("type"), "type_");
        assert_eq!(snake("more?"), "more");
        assert_eq!(variant("Pre-Agreed"), "PreAgreed");
        assert_eq!(variant(""), "Empty");
        assert_eq!(variant("2FA"), "N2fa");
        assert_eq!((variant("-1").as_str(), variant("1").as_str()), ("Minus1", "N1"));
    }

    #[test]
    fn names_that_generated_code_needs_are_left_to_it() {
        assert_eq!(type_name("RuntimeDate"), "RunTimeDateType");
        assert_eq!(method("post"), "post_operation");
        assert_eq!(method("self"), "self_operation");
        assert_eq!(method("2fa"), "operation_2fa");
        assert_eq!(setter("send"), "send_parameter");
    }

    #[test]
    fn no_name_is_given_twice() {
        let mut names = Names::default();
        assert_eq!(names.unique("VRPPayment".into()), "VRPPayment");
        assert_eq!(names.unique("VrpPayment".into()), "VrpPayment2");
    }
}
