//! Numbers: exact decimals, and integers whose bounds are checked before they are sent.

use serde_json::Value;

use super::schema::{Shape, Types};
use super::usage::Usage;
use crate::model::{Kind, TypeRef};
use crate::note;
use crate::schema::{greatest, least, text};

impl Types<'_> {
    pub(super) fn number(&mut self, pointer: &str, schema: &Value, usage: Usage) -> Shape {
        self.note(note::EXACT_NUMBER, pointer, "the number is an exact decimal".to_owned());
        self.constraints(
            pointer,
            schema,
            usage,
            &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
        );
        Shape::Plain(TypeRef::Decimal)
    }

    pub(super) fn integer(&mut self, pointer: &str, schema: &Value, usage: Usage) -> Shape {
        self.constraints(pointer, schema, usage, &["multipleOf"]);
        if !usage.is_strict() {
            self.constraints(pointer, schema, usage, &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]);
            return Shape::Plain(TypeRef::I64);
        }
        let (repr, ty, low, high) = match text(schema, "format") {
            Some("int32") => ("i32", TypeRef::I32, i64::from(i32::MIN), i64::from(i32::MAX)),
            _ => ("i64", TypeRef::I64, i64::MIN, i64::MAX),
        };
        match (least(schema), greatest(schema)) {
            (None, None) => Shape::Plain(ty),
            (minimum, maximum) => Shape::Named(Kind::ConstrainedInteger {
                repr,
                minimum: minimum.unwrap_or(low).max(low),
                maximum: maximum.unwrap_or(high).min(high),
            }),
        }
    }
}
