//! Numbers: exact decimals, and integers whose bounds are checked before they are sent.

use serde_json::Value;

use super::schema::{Shape, Types};
use super::usage::Usage;
use crate::model::{Kind, TypeRef};
use crate::note;
use crate::schema::{greatest, least, text, values};

const BOUNDS: &[&str] = &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];

/// The signed integers of 64 bits.
const I64: (i128, i128) = (i64::MIN as i128, i64::MAX as i128);

/// The unsigned integers of 64 bits.
const U64: (i128, i128) = (0, u64::MAX as i128);

impl Types<'_> {
    pub(super) fn number(&mut self, pointer: &str, schema: &Value, usage: Usage) -> Shape {
        self.note(note::EXACT_NUMBER, pointer, "the number is an exact decimal".to_owned());
        self.constraints(pointer, schema, usage, BOUNDS);
        self.constraints(pointer, schema, usage, &["multipleOf"]);
        Shape::Plain(TypeRef::Decimal)
    }

    pub(super) fn integer(&mut self, pointer: &str, schema: &Value, usage: Usage) -> Shape {
        self.constraints(pointer, schema, usage, &["multipleOf"]);
        let ty = integer_type(schema);
        if ty == TypeRef::Decimal {
            let message = "no integer of 64 bits holds what the bounds allow: it is an exact decimal".to_owned();
            self.note(note::EXACT_NUMBER, pointer, message);
        }
        if !usage.is_strict() || ty == TypeRef::Decimal {
            self.constraints(pointer, schema, usage, BOUNDS);
            return Shape::Plain(ty);
        }
        let (repr, ty, (low, high)) = match (text(schema, "format"), ty) {
            (Some("int32"), _) => ("i32", TypeRef::I32, (i128::from(i32::MIN), i128::from(i32::MAX))),
            (_, TypeRef::U64) => ("u64", TypeRef::U64, U64),
            (_, ty) => ("i64", ty, I64),
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

    /// The one type of integers that several schemas describe.
    pub(super) fn common_integer(&self, places: &[String]) -> TypeRef {
        let types: Vec<TypeRef> = places
            .iter()
            .map(|at| super::alternatives::target(self.document, at))
            .filter_map(|at| self.document.at(&at).map(integer_type))
            .collect();
        match types.split_first() {
            None => TypeRef::I64,
            Some((first, rest)) if rest.iter().all(|ty| ty == first) => first.clone(),
            Some(_) => TypeRef::Decimal,
        }
    }
}

/// The type that holds all integers of a schema: 64 bits, unless its bounds or values say that it may be more.
pub(super) fn integer_type(schema: &Value) -> TypeRef {
    let format = text(schema, "format");
    if matches!(format, Some("int32" | "int64")) {
        return TypeRef::I64;
    }
    let listed = || values(schema).into_iter().flatten().filter_map(Value::as_number);
    let largest = listed().filter_map(serde_json::Number::as_i128).max();
    let is_huge = listed().any(|number| number.is_f64() && number.as_f64().is_some_and(|float| float.abs() > 1e18));
    let (least, greatest) = (least(schema), greatest(schema).max(largest));
    let within = |(low, high): (i128, i128)| {
        !is_huge && least.is_none_or(|least| least >= low) && greatest.is_none_or(|greatest| greatest <= high)
    };
    if within(I64) && format != Some("uint64") && least.is_none_or(|least| least <= I64.1) {
        TypeRef::I64
    } else if within(U64) {
        TypeRef::U64
    } else {
        TypeRef::Decimal
    }
}
