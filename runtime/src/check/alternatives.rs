//! Which of the alternatives of a union a value is, so that the rules of no other are checked.

use serde_json::Value;

use super::Rules;
use crate::integer::is_whole;
use crate::one_of::Tag;

/// What holds of a value that is one of several: the rules of the one that it is.
#[derive(Debug)]
pub struct Alternatives {
    /// The member whose value says which one that is. Without one, or where it is absent, what a value is made of does.
    pub tag: Option<&'static str>,
    /// What each of them looks like.
    pub of: &'static [Shape],
}

/// What an alternative looks like, and what holds of it.
#[derive(Debug)]
pub struct Shape {
    /// The values of the tag that stand for it; without a tag, the values that it may have. When there are none, any.
    pub values: &'static [Tag<'static>],
    /// The types of JSON that it may have. When there are none, any.
    pub types: &'static [JsonType],
    /// The members that it must have.
    pub required: &'static [&'static str],
    /// The members that it knows.
    pub members: &'static [&'static str],
    /// What holds of it.
    pub rules: &'static Rules,
}

/// A type of JSON, in the words of JSON Schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum JsonType {
    String,
    Integer,
    Number,
    Boolean,
    Array,
    Object,
}

impl JsonType {
    fn is_of(self, value: &Value) -> bool {
        match self {
            Self::String => value.is_string(),
            Self::Integer => value.as_number().is_some_and(is_whole),
            Self::Number => value.is_number(),
            Self::Boolean => value.is_boolean(),
            Self::Array => value.is_array(),
            Self::Object => value.is_object(),
        }
    }
}

impl Shape {
    /// One that tells nothing, and of which nothing holds.
    pub const ANY: Self = Self { values: &[], types: &[], required: &[], members: &[], rules: &Rules::NONE };

    /// Whether a value may be this, by its type and its members.
    fn fits(&self, value: &Value) -> bool {
        let is_typed = self.types.is_empty() || self.types.iter().any(|ty| ty.is_of(value));
        is_typed && self.required.iter().all(|name| value.get(name).is_some())
    }

    /// How many members of a value it knows.
    fn known(&self, value: &Value) -> usize {
        self.members.iter().filter(|name| value.get(name).is_some()).count()
    }
}

impl Alternatives {
    /// The rules of the alternatives that a value may be, of which one has to hold; none when nobody says what it is.
    pub(super) fn of(&self, value: &Value) -> Vec<&'static Rules> {
        let tag = self.tag.and_then(|tag| value.get(tag));
        let tag = tag.and_then(Tag::of);
        let named: Vec<_> = self.of.iter().filter(|shape| tag.is_some_and(|tag| shape.values.contains(&tag))).collect();
        if !named.is_empty() {
            return named.into_iter().map(|shape| shape.rules).collect();
        }
        // Of an object, the values are those of the tag, and nobody listed this one.
        let may_be = |shape: &&Shape| {
            shape.values.is_empty()
                || match self.tag {
                    Some(_) => tag.is_none(),
                    None => Tag::of(value).is_some_and(|value| shape.values.contains(&value)),
                }
        };
        let fitting: Vec<_> = self.of.iter().filter(may_be).filter(|shape| shape.fits(value)).collect();
        let most = fitting.iter().map(|shape| shape.known(value)).max().unwrap_or_default();
        fitting.into_iter().filter(|shape| shape.known(value) == most).map(|shape| shape.rules).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;
    use crate::check;

    static SHORT: Rules = Rules { max_length: Some(3), ..Rules::NONE };
    static SMALL: Rules = Rules { maximum: Some(("9", false)), ..Rules::NONE };
    static CARD: Rules = Rules { members: &[("number", &SHORT)], ..Rules::NONE };
    static TRANSFER: Rules = Rules { members: &[("iban", &SHORT)], ..Rules::NONE };

    static TAGGED: Rules = Rules {
        alternatives: Some(&Alternatives {
            tag: Some("kind"),
            of: &[
                Shape { values: &[Tag::Text("card"), Tag::Integer(1)], rules: &CARD, ..Shape::ANY },
                Shape { values: &[Tag::Bool(true)], rules: &TRANSFER, ..Shape::ANY },
                Shape { values: &[Tag::Text("cash")], ..Shape::ANY },
                Shape { required: &["cheque"], rules: &Rules { min_properties: Some(3), ..Rules::NONE }, ..Shape::ANY },
            ],
        }),
        ..Rules::NONE
    };
    static UNTAGGED: Rules = Rules {
        alternatives: Some(&Alternatives {
            tag: None,
            of: &[
                Shape { types: &[JsonType::Object], members: &["number"], rules: &CARD, ..Shape::ANY },
                Shape { types: &[JsonType::Object], members: &["iban"], rules: &TRANSFER, ..Shape::ANY },
                Shape { types: &[JsonType::Object], required: &["cash"], members: &["cash"], ..Shape::ANY },
                Shape { types: &[JsonType::Integer], rules: &SMALL, ..Shape::ANY },
                Shape { types: &[JsonType::String], values: &[Tag::Text("unlimited")], ..Shape::ANY },
                Shape { types: &[JsonType::String], rules: &SHORT, ..Shape::ANY },
            ],
        }),
        ..Rules::NONE
    };

    fn broken(value: Value, rules: &'static Rules) -> Option<String> {
        check("body", &value, rules).err().map(|error| error.to_string())
    }

    #[test]
    fn the_tag_chooses_the_rules() {
        let number = Some("body.number: longer than 3 characters".to_owned());
        for (value, expected) in [
            (json!({ "kind": "card", "number": "1234" }), number.clone()),
            (json!({ "kind": 1, "number": "1234" }), number.clone()),
            (json!({ "kind": 1.0, "number": "1234" }), number),
            (json!({ "kind": "card", "number": "123", "iban": "1234" }), None),
            (json!({ "kind": true, "iban": "1234" }), Some("body.iban: longer than 3 characters".to_owned())),
            (json!({ "kind": "cash", "iban": "1234", "number": "1234" }), None),
            (json!({ "kind": "later", "iban": "1234", "number": "1234" }), None),
            (json!({ "kind": "later", "cheque": 1 }), Some("body: fewer than 3 members".to_owned())),
        ] {
            assert_eq!(broken(value.clone(), &TAGGED), expected, "{value}");
        }
    }

    #[test]
    fn without_a_tag_the_value_does() {
        for (value, expected) in [
            (json!({ "number": "1234" }), Some("body.number: longer than 3 characters")),
            (json!({ "iban": "1234" }), Some("body.iban: longer than 3 characters")),
            (json!({ "iban": "1234", "cash": 1, "more": {} }), None),
            (json!("unlimited"), None),
            (json!("four"), Some("body: longer than 3 characters")),
            (json!(10), Some("body: not within the bound 9")),
            (json!(10.5), None),
            (json!([1]), None),
            (json!(null), None),
        ] {
            assert_eq!(broken(value.clone(), &UNTAGGED).as_deref(), expected, "{value}");
        }
    }
}
