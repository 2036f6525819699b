//! Names: from the document's words to Rust's, without collisions.

use std::collections::HashSet;

use heck::{ToPascalCase, ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};
use unicode_ident::{is_xid_continue, is_xid_start};
use unicode_normalization::UnicodeNormalization;
use unicode_security::GeneralSecurityProfile;

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
/// client, the traits it is called through, and what the builders, and the bodies of the server for tests, are written in.
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
    "none",
    "operation_info",
    "option",
    "post",
    "pre",
    "request_builder_ext",
    "response_value",
    "result",
    "some",
    "string",
    "vec",
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
        while self.is_taken(&candidate) {
            number += 1;
            candidate = format!("{name}{number}");
        }
        self.taken.extend(forms(&candidate));
        candidate
    }

    /// Whether a name has been given.
    pub(crate) fn is_taken(&self, name: &str) -> bool {
        forms(name).any(|form| self.taken.contains(&form))
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

/// The forms of a type's name that no other type may share: of its rules, names such as `Größe` and `Grösse` are one.
fn forms(name: &str) -> impl Iterator<Item = String> {
    let shouted = (!name.is_ascii()).then(|| name.to_shouty_snake_case());
    [name.to_pascal_case()].into_iter().chain(shouted)
}

/// A type's name: the author's own when it is one already, else in upper camel case.
pub(crate) fn type_name(words: &str) -> String {
    let camel = words.chars().next().is_some_and(|c| c.is_ascii_uppercase())
        && words.chars().all(|c| c.is_ascii_alphanumeric())
        && words.chars().any(|c| c.is_ascii_lowercase());
    let name = if camel { words.to_owned() } else { plain(words).to_upper_camel_case() };
    let name = if starts_type(&name) { name } else { format!("T{name}") };
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
        Some(c) if !is_xid_start(c) => format!("_{name}"),
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
        Some(_) if !starts_type(&name) => format!("N{name}"),
        Some(_) if name == "Self" => "SelfValue".to_owned(),
        Some(_) => name,
    }
}

/// Whether a text has a letter or a digit that a name can be made of.
pub(super) fn has_words(text: &str) -> bool {
    plain(text).chars().any(char::is_alphanumeric)
}

/// Whether a name starts as those of types do.
fn starts_type(name: &str) -> bool {
    name.starts_with(|c: char| is_xid_start(c) && !c.is_lowercase())
}

/// The letters, digits and underscores of a text, of any script, and `-` between. Letters that Rust takes for the same
/// are the same, and those that it warns of, as nobody types them, are none.
pub(super) fn plain(words: &str) -> String {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '_' || is_common(c);
    words.nfkc().filter(|c| *c != '\'').map(|c| if is_letter(c) { c } else { '-' }).collect()
}

/// Whether rustc takes a character of a name for a common one.
fn is_common(c: char) -> bool {
    !c.is_ascii() && is_xid_continue(c) && c.identifier_allowed()
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
    fn names_keep_the_letters_of_any_script() {
        assert_eq!((snake("Größe"), type_name("größe")), ("größe".to_owned(), "Größe".to_owned()));
        assert_eq!((snake("名前"), type_name("口座 番号")), ("名前".to_owned(), "口座番号".to_owned()));
        assert_eq!(
            (snake("номерСчёта"), type_name("номер-счёта")),
            ("номер_счёта".to_owned(), "НомерСчёта".to_owned())
        );
        assert_eq!((variant("à vue"), variant("é")), ("ÀVue".to_owned(), "É".to_owned()));
        assert_eq!(snake("gro\u{308}ße"), "größe", "a letter of two characters is one letter");
        assert_eq!(snake("ＡＢ①"), "ab1", "and so are those of another width");
        assert_eq!(
            (snake("日付2"), type_name("ßen"), snake("🏦")),
            ("日付2".to_owned(), "SSen".to_owned(), "x".to_owned())
        );
        let mut names = Names::default();
        assert_eq!(names.unique(type_name("größe")), "Größe");
        assert_eq!(names.unique(type_name("grösse")), "Grösse2");
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
