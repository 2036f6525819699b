//! Header fields, in the forms that recordings write them in.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Header fields: an object of names and values, or a list whose items are a name and a value each, or objects with a `name` and a `value`.
/// A value of an object may be a list, where a name stands more than once. Numbers and truth values are what they are as text.
#[derive(Debug, Default)]
pub(super) struct Fields<'f>(Vec<Field<'f>>);

/// A name and a value.
type Field<'f> = (Cow<'f, str>, Cow<'f, str>);

impl Fields<'_> {
    pub(super) fn owned(self) -> Vec<(String, String)> {
        self.0.into_iter().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
    }
}

impl<'de: 'f, 'f> Deserialize<'de> for Fields<'f> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FieldsVisitor)
    }
}

struct FieldsVisitor;

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = Fields<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or a list of header fields")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Fields<'de>, A::Error> {
        let mut fields = Vec::new();
        while let Some(Scalar(name)) = members.next_key()? {
            let values: Values<'_> = members.next_value()?;
            fields.extend(values.all().into_iter().map(|Scalar(value)| (name.clone(), value)));
        }
        Ok(Fields(fields))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Fields<'de>, A::Error> {
        let mut fields = Vec::new();
        while let Some(Item(field)) = items.next_element()? {
            fields.push(field);
        }
        Ok(Fields(fields))
    }
}

/// One of a list.
struct Item<'f>(Field<'f>);

impl<'de: 'f, 'f> Deserialize<'de> for Item<'f> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ItemVisitor).map(Self)
    }
}

struct ItemVisitor;

impl<'de> Visitor<'de> for ItemVisitor {
    type Value = Field<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name and a value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Field<'de>, A::Error> {
        let lacks = |length| de::Error::invalid_length(length, &self);
        let Scalar(name) = items.next_element()?.ok_or_else(|| lacks(0))?;
        let Scalar(value) = items.next_element()?.ok_or_else(|| lacks(1))?;
        match items.next_element::<IgnoredAny>()? {
            None => Ok((name, value)),
            Some(_) => Err(lacks(3)),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Field<'de>, A::Error> {
        let (mut name, mut value) = (None, None);
        while let Some(Scalar(key)) = members.next_key()? {
            let (member, key) = match key.as_ref() {
                "name" => (&mut name, "name"),
                "value" => (&mut value, "value"),
                _ => {
                    members.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            if member.replace(members.next_value::<Scalar<'_>>()?.0).is_some() {
                return Err(de::Error::duplicate_field(key));
            }
        }
        let name = name.ok_or_else(|| de::Error::missing_field("name"))?;
        Ok((name, value.ok_or_else(|| de::Error::missing_field("value"))?))
    }
}

/// One value, or several of one name.
#[derive(Deserialize)]
#[serde(untagged, expecting = "another type, expected a string, or a list of strings")]
enum Values<'f> {
    #[serde(borrow)]
    One(Scalar<'f>),
    #[serde(borrow)]
    Several(Vec<Scalar<'f>>),
}

impl<'f> Values<'f> {
    fn all(self) -> Vec<Scalar<'f>> {
        match self {
            Self::One(value) => vec![value],
            Self::Several(values) => values,
        }
    }
}

/// Text, or what stands for one text only: a fraction does not.
struct Scalar<'f>(Cow<'f, str>);

impl<'de: 'f, 'f> Deserialize<'de> for Scalar<'f> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Scalar<'de>, E> {
        Ok(Scalar(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Scalar<'de>, E> {
        Ok(Scalar(Cow::Owned(text.to_owned())))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Scalar<'de>, E> {
        Ok(Scalar(Cow::Borrowed(if value { "true" } else { "false" })))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Scalar<'de>, E> {
        Ok(Scalar(Cow::Owned(value.to_string())))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Scalar<'de>, E> {
        Ok(Scalar(Cow::Owned(value.to_string())))
    }
}
