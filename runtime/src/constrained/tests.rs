#![allow(clippy::unwrap_used, dead_code, unreachable_pub)]

use serde_json::{from_str, to_string};

use super::{ConstraintError, Violation};
use crate::Param;

crate::constrained_string! {
    /// All constraints.
    struct Reference { min_length: 2, max_length: 4, pattern: r"^\w+$" }
}

crate::constrained_string! {
    /// No constraints.
    struct Anything {}
}

crate::constrained_string! {
    /// One constraint, which is in the way of the regular expressions of Rust: a look-ahead.
    struct LookAhead { pattern: r"^(?!0)\d+$", }
}

crate::constrained_string! {
    /// An escape that Unicode mode refuses.
    struct NeedlessEscape { pattern: r"^\-\_$" }
}

crate::constrained_string! {
    /// A pattern that is none.
    struct Broken { pattern: r"(" }
}

crate::constrained_integer! {
    /// Both bounds.
    struct Limit(i32) { minimum: -1, maximum: 1000 }
}

crate::constrained_integer! {
    /// No bounds but those of its integer.
    struct Offset(u64) {}
}

fn violation<T: std::fmt::Debug>(result: Result<T, ConstraintError>) -> Violation {
    result.unwrap_err().violation().clone()
}

#[test]
fn every_string_constraint_is_checked() {
    let parse = |text: &str| text.parse::<Reference>();
    assert_eq!(parse("ab").unwrap().as_str(), "ab");
    assert_eq!(violation(parse("a")), Violation::MinLength(2));
    assert_eq!(violation(parse("abcde")), Violation::MaxLength(4));
    assert_eq!(violation(parse("a b")), Violation::Pattern(r"^\w+$"));
    assert!(Anything::try_from("").is_ok());
}

#[test]
fn length_counts_scalar_values() {
    crate::constrained_string! { struct Emoji { max_length: 2 } }
    assert!(Emoji::try_from("👍👍").is_ok());
    assert!(Emoji::try_from("👍👍👍").is_err());
}

#[test]
fn patterns_are_those_of_ecma_262() {
    assert!(LookAhead::try_from("10").is_ok());
    assert!(LookAhead::try_from("01").is_err());
    assert!(NeedlessEscape::try_from("-_").is_ok());
    assert_eq!(violation(Broken::try_from("x")), Violation::InvalidPattern("("));
}

#[test]
fn a_constrained_string_is_a_string() {
    let reference: Reference = from_str(r#""abc""#).unwrap();
    assert_eq!(to_string(&reference).unwrap(), r#""abc""#);
    assert_eq!((reference.to_string(), &*reference.to_param(), reference.len()), ("abc".to_owned(), "abc", 3));
    assert_eq!(String::from(reference), "abc");
    let error = from_str::<Reference>(r#""s3cret""#).unwrap_err().to_string();
    assert!(error.contains("Reference: longer than 4 characters") && !error.contains("s3cret"), "{error}");
}

#[test]
fn every_integer_bound_is_checked() {
    assert_eq!(Limit::try_from(-1).unwrap().get(), -1);
    assert_eq!(violation(Limit::try_from(-2)), Violation::Minimum(-1));
    assert_eq!(violation(Limit::try_from(u64::MAX)), Violation::Maximum(1000));
    assert_eq!(violation(Offset::try_from(-1_i64)), Violation::Minimum(0));
    assert_eq!(violation("ten".parse::<Limit>()), Violation::NotAnInteger);
    assert_eq!("10".parse::<Limit>().unwrap().to_param(), "10");
    assert_eq!(from_str::<Limit>("7").unwrap(), Limit::try_from(7_u32).unwrap());
    assert_eq!(to_string(&Limit::try_from(7).unwrap()).unwrap(), "7");
    assert!(from_str::<Limit>("1001").is_err());
}

#[test]
fn a_bare_literal_finds_its_type() {
    // As in the setters of a generated builder.
    fn limit<V: TryInto<Limit>>(value: V) -> Result<Limit, String> {
        value.try_into().map_err(|_| "conversion to `Limit` for limit failed".to_owned())
    }
    assert_eq!(limit(100), limit(100_u64));
    assert_eq!(i32::from(limit(100).unwrap()), 100);
    assert!(limit(0x7fff_ffff).is_err());
}
