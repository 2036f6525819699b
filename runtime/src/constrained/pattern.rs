//! `pattern`: a regular expression of ECMA-262, which is only built where a document has one.

/// A regular expression of ECMA-262, unanchored. It is compiled on first use and kept.
///
/// Making one needs the feature `patterns`, so that a client without patterns does not build an engine for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pattern(&'static str);

impl Pattern {
    /// A pattern, which is not looked at before its first use.
    #[cfg(feature = "patterns")]
    #[must_use]
    pub const fn new(text: &'static str) -> Self {
        Self(text)
    }

    /// The pattern as the document has it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// Whether it is found in a text; none when it is no regular expression.
    pub(crate) fn matches(self, text: &str) -> Option<bool> {
        engine::matches(self.0, text)
    }
}

#[cfg(feature = "patterns")]
mod engine {
    use std::collections::HashMap;
    use std::sync::{LazyLock, PoisonError, RwLock};

    use regress::Regex;

    /// The patterns of a program are few and stay, as their texts do.
    static COMPILED: LazyLock<RwLock<HashMap<&'static str, Option<&'static Regex>>>> = LazyLock::new(RwLock::default);

    pub(super) fn matches(pattern: &'static str, text: &str) -> Option<bool> {
        let known = COMPILED.read().unwrap_or_else(PoisonError::into_inner).get(pattern).copied();
        let regex = known.unwrap_or_else(|| compiled(pattern))?;
        Some(regex.find(text).is_some())
    }

    fn compiled(pattern: &'static str) -> Option<&'static Regex> {
        let mut compiled = COMPILED.write().unwrap_or_else(PoisonError::into_inner);
        *compiled.entry(pattern).or_insert_with(|| compile(pattern).map(|regex| &*Box::leak(Box::new(regex))))
    }

    /// JSON Schema asks for Unicode mode, which many documents' needless escapes (`\-`) do not survive.
    fn compile(pattern: &str) -> Option<Regex> {
        Regex::with_flags(pattern, "u").or_else(|_| Regex::new(pattern)).ok()
    }
}

/// Without the feature there is no pattern to match.
#[cfg(not(feature = "patterns"))]
mod engine {
    pub(super) const fn matches(_: &'static str, _: &str) -> Option<bool> {
        None
    }
}
