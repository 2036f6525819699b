#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;

/// The reason, or nothing when the identifier can be right.
fn reason(identifier: &AccountIdentifier) -> &'static str {
    identifier.check().map_or_else(|error| error.reason, |()| "")
}

fn iban(text: &str) -> AccountIdentifier {
    AccountIdentifier::Iban { iban: text.into() }
}

fn sort_code(sort_code: &str, account_number: &str) -> AccountIdentifier {
    AccountIdentifier::SortCodeAccountNumber { sort_code: sort_code.into(), account_number: account_number.into() }
}

fn routing(routing_number: &str) -> AccountIdentifier {
    AccountIdentifier::RoutingNumberAccountNumber {
        routing_number: routing_number.into(),
        account_number: "00004821004821".into(),
    }
}

#[test]
fn an_iban_has_a_form_and_check_digits() {
    for right in
        ["GB82WEST12345698765432", "RO49AAAA1B31007593840000", "NO9386011117947", "GB82 WEST 1234 5698 7654 32"]
    {
        assert_eq!(reason(&iban(right)), "", "{right}");
    }
    assert_eq!(reason(&iban("GB28WEST12345698765432")), "has wrong check digits");
    for wrong in ["", "GB82", "gb82west12345698765432", "1282WEST12345698765432", "GB82WEST1234569876543£"] {
        assert_eq!(reason(&iban(wrong)), "does not have the form of ISO 13616", "{wrong}");
    }
}

#[test]
fn a_routing_number_has_a_check_digit() {
    assert!(routing("121042882").is_valid() && routing("021000021").is_valid());
    assert_eq!(reason(&routing("121042883")), "has a wrong check digit");
    for wrong in ["", "12104288", "000000000", "12104288x"] {
        assert_eq!(reason(&routing(wrong)), "does not have nine digits", "{wrong}");
    }
}

#[test]
fn national_numbers_have_their_length() {
    assert!(sort_code("040004", "11397104").is_valid() && sort_code("04-00-04", "11397104").is_valid());
    assert_eq!(sort_code("4004", "11397104").check().unwrap_err().part, "sort code");
    assert_eq!(sort_code("040004", "1397104").check().unwrap_err().part, "account number");
    let becs = |number: &str| AccountIdentifier::NzBecs { number: number.into() };
    assert!(becs("02-0108-0345678-000").is_valid() && becs("12-3140-0171323-50").is_valid());
    assert!(!becs("02-0108-0345678").is_valid());
    let bsb = AccountIdentifier::bsb_account_number("062-000 12345678").unwrap();
    assert!(bsb.is_valid());
    assert_eq!(AccountIdentifier::bsb_account_number("062000"), None);
    assert_eq!(AccountIdentifier::sort_code_account_number("0400041139710"), None);
    assert_eq!(AccountIdentifier::sort_code_account_number("04-00-04 11397104"), Some(sort_code("040004", "11397104")));
}

#[test]
fn cards_and_companies_have_check_digits() {
    let card = |number: &str| AccountIdentifier::card(number.into());
    assert_eq!(reason(&card("4539 1488 0343 6467")), "");
    assert_eq!(reason(&card("4539148803436468")), "has a wrong check digit");
    assert!(matches!(card("4988********7731"), AccountIdentifier::MaskedPan { .. }));
    assert!(card("4988********7731").is_valid() && !card("****************").is_valid());
    let abn = |number: &str| AccountIdentifier::Abn { abn: number.into() };
    assert!(abn("51 824 753 556").is_valid());
    assert_eq!(reason(&abn("51824753557")), "has wrong check digits");
    let bic = |bic: &str| AccountIdentifier::Bic { bic: bic.into() };
    assert!(bic("DEUTDEFF").is_valid() && bic("DEUTDEFF500").is_valid());
    assert!(!bic("DEUTDEF").is_valid() && !bic("DEUT12FF").is_valid());
}

#[test]
fn an_error_never_shows_the_number() {
    let error = iban("GB28WEST12345698765432").check().unwrap_err();
    assert_eq!(error.to_string(), "the IBAN has wrong check digits");
}

proptest! {
    /// One wrong digit is always seen: that is what check digits are for.
    #[test]
    fn one_wrong_digit_is_seen(at in 4usize..22, digit in 0u32..10) {
        let right = "GB82WEST12345698765432";
        let mut wrong: Vec<char> = right.chars().collect();
        prop_assume!(wrong[at].is_ascii_digit() && wrong[at].to_digit(10) != Some(digit));
        wrong[at] = char::from_digit(digit, 10).unwrap();
        prop_assert!(!iban(&wrong.into_iter().collect::<String>()).is_valid());
    }

    #[test]
    fn no_text_makes_a_check_panic(text in "\\PC{0,40}") {
        for make in [iban, routing, |text: &str| sort_code(text, text), |text: &str| AccountIdentifier::card(text.into()),
            |text: &str| AccountIdentifier::Abn { abn: text.into() }, |text: &str| AccountIdentifier::Bic { bic: text.into() },
            |text: &str| AccountIdentifier::MaskedAccountNumber { account_number: text.into() }] {
            let _ = make(&text).check();
        }
        let _ = AccountIdentifier::bsb_account_number(&text);
    }
}
