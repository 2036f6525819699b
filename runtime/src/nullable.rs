//! A property that can be absent, null, or a value.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An optional property of a nullable type, where leaving it out and sending `null` mean different things.
///
/// A merge patch (RFC 7396) is the usual case: absent keeps the stored value, `null` deletes it. A struct field of this
/// type needs `#[serde(default, skip_serializing_if = "Nullable::is_absent")]`; outside such a field, where nothing can
/// be left out, `Absent` is written as `null`.
///
/// ```
/// use obkit_runtime::Nullable;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize)]
/// struct Patch {
///     #[serde(default, skip_serializing_if = "Nullable::is_absent")]
///     nickname: Nullable<String>,
/// }
///
/// for json in ["{}", r#"{"nickname":null}"#, r#"{"nickname":"Rent"}"#] {
///     let patch: Patch = serde_json::from_str(json)?;
///     assert_eq!(serde_json::to_string(&patch)?, json);
/// }
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Nullable<T> {
    /// The property is left out.
    #[default]
    Absent,
    /// The property is `null`.
    Null,
    /// The property has a value.
    Value(T),
}

impl<T> Nullable<T> {
    /// Whether the property is left out.
    #[must_use]
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Whether the property is there and `null`.
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The value, if there is one.
    #[must_use]
    pub const fn as_option(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// The value, if there is one, by move.
    #[must_use]
    pub fn into_option(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }
}

impl<T> From<T> for Nullable<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

/// `None` becomes `Null`: a caller who wants the property left out says [`Nullable::Absent`].
impl<T> From<Option<T>> for Nullable<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }
}

impl<T: Serialize> Serialize for Nullable<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_option().serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Nullable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Patch {
        #[serde(default, skip_serializing_if = "Nullable::is_absent")]
        name: Nullable<String>,
    }

    #[test]
    fn converts_from_values_and_options() {
        assert_eq!(Nullable::<i32>::from(1), Nullable::Value(1));
        assert_eq!(Nullable::<i32>::from(None), Nullable::Null);
        assert_eq!(Nullable::<i32>::default(), Nullable::Absent);
        assert_eq!(Nullable::<i32>::from(Some(2)).into_option(), Some(2));
        assert_eq!(Nullable::<i32>::Null.as_option(), None);
    }

    proptest! {
        #[test]
        fn the_three_states_survive_a_round_trip(name: Option<Option<String>>) {
            let name = match name {
                None => Nullable::Absent,
                Some(value) => Nullable::from(value),
            };
            let patch = Patch { name };
            let json = serde_json::to_string(&patch).unwrap();
            prop_assert_eq!(json.contains("name"), !patch.name.is_absent());
            prop_assert_eq!(json.contains(":null"), patch.name.is_null());
            prop_assert_eq!(serde_json::from_str::<Patch>(&json).unwrap(), patch);
        }
    }
}
