//! Names for components that their authors did not give one.

/// The name of what a reference leads to: the last part of the pointer, or else the stem of the
/// file. Components allow letters, digits, `.`, `-` and `_`.
pub(super) fn of(path: &str, pointer: &str) -> String {
    let file = path.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = file.split('.').next().unwrap_or_default();
    let token = pointer.rsplit('/').next().unwrap_or_default();
    let token = super::super::unescape_token(token);
    let name = match &*token {
        "" => stem.to_owned(),
        token if token.chars().any(|c| c.is_ascii_alphabetic()) => token.to_owned(),
        token => format!("{stem}_{token}"),
    };
    let allowed = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' };
    let name: String = name.chars().map(allowed).collect();
    if name.is_empty() { "External".to_owned() } else { name }
}

/// The name itself, or with the first number that makes it free.
pub(super) fn unique(name: &str, free: impl Fn(&str) -> bool) -> String {
    if free(name) {
        return name.to_owned();
    }
    let numbered = (2_usize..).map(|number| format!("{name}_{number}"));
    numbered.into_iter().find(|name| free(name)).unwrap_or_default()
}
