//! Codes: the meaning of a provider's word, and the word itself.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

/// A meaning that ISO 20022 has a code for.
pub trait Code: Copy + Eq {
    /// The ISO 20022 external code, or `None` where the standard has none for this meaning.
    fn iso(&self) -> Option<&'static str>;
}

/// A provider's word and what it means.
///
/// The code is absent when the word is new or has no counterpart; the word is always what the
/// provider sent. Two values are equal when they mean the same, whichever words they use; without a
/// meaning, when the words are the same.
#[derive(Clone, Serialize, JsonSchema)]
pub struct Coded<T> {
    /// What the word means.
    pub code: Option<T>,
    /// The provider's word, as sent.
    pub word: String,
}

impl<T: Copy> Coded<T> {
    pub(crate) fn new(code: Option<T>, word: impl Into<String>) -> Self {
        Self { code, word: word.into() }
    }

    /// What the word means.
    #[must_use]
    pub fn code(&self) -> Option<T> {
        self.code
    }
}

/// A meaning without a provider's word: the word is the name of the meaning.
impl<T: fmt::Debug> From<T> for Coded<T> {
    fn from(code: T) -> Self {
        let word = format!("{code:?}");
        Self { code: Some(code), word }
    }
}

impl<T: PartialEq> PartialEq for Coded<T> {
    fn eq(&self, other: &Self) -> bool {
        match (&self.code, &other.code) {
            (Some(a), Some(b)) => a == b,
            (None, None) => self.word == other.word,
            _ => false,
        }
    }
}

impl<T: Eq> Eq for Coded<T> {}

impl<T: fmt::Debug> fmt::Debug for Coded<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.code {
            Some(code) => write!(f, "{code:?} ({:?})", self.word),
            None => write!(f, "({:?})", self.word),
        }
    }
}

/// The provider's word.
impl<T> fmt::Display for Coded<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.word)
    }
}

/// Declares an enum of meanings with their ISO 20022 codes.
macro_rules! codes {
    (
        $(#[$attribute:meta])*
        pub enum $name:ident {
            $($(#[$variant_attribute:meta])* $variant:ident $(= $iso:literal)?,)*
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, schemars::JsonSchema)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_attribute])* $variant,)*
        }

        impl $crate::domain::Code for $name {
            fn iso(&self) -> Option<&'static str> {
                match self {
                    $(Self::$variant => codes!(@iso $($iso)?),)*
                }
            }
        }
    };
    (@iso $iso:literal) => { Some($iso) };
    (@iso) => { None };
}

pub(crate) use codes;

#[cfg(test)]
mod tests {
    use super::Coded;

    #[test]
    fn the_same_meaning_is_equal_whatever_the_word() {
        assert_eq!(Coded::new(Some(1), "BOOKED"), Coded::new(Some(1), "Booked"));
        assert_ne!(Coded::new(Some(1), "Booked"), Coded::new(Some(2), "Booked"));
        assert_ne!(Coded::new(None, "a"), Coded::new(Some(1), "a"));
        assert_ne!(Coded::<u8>::new(None, "a"), Coded::new(None, "b"));
    }

    #[test]
    fn a_code_is_shown_to_people_as_the_provider_put_it() {
        assert_eq!(format!("{:<8}|", Coded::new(Some(1), "BOOKED")), "BOOKED  |");
        assert_eq!(Coded::from(crate::domain::ConsentStatus::Authorised).to_string(), "Authorised");
    }
}
