//! Whether an identifier can be right: its form, and its check digits where the scheme has them.

use std::fmt;

use super::AccountIdentifier;

/// An identifier cannot be right. It names the scheme's part and never the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidIdentifier {
    /// The part, such as `sort code`.
    pub part: &'static str,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl fmt::Display for InvalidIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {} {}", self.part, self.reason)
    }
}

impl std::error::Error for InvalidIdentifier {}

impl AccountIdentifier {
    /// Whether the identifier can be right: [`check`](Self::check) without the reason.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.check().is_ok()
    }

    /// Checks form and check digits, as far as the scheme has them. Nothing is looked up: a number that
    /// passes may still belong to nobody. Of a masked number, only the form can be judged.
    ///
    /// # Errors
    /// Which part cannot be right, and why.
    pub fn check(&self) -> Result<(), InvalidIdentifier> {
        match self {
            Self::Iban { iban } => check_iban(iban.expose()),
            Self::SortCodeAccountNumber { sort_code, account_number } => {
                let is_six = count(sort_code.expose(), 6..=6);
                require(is_six, "sort code", "does not have six digits")?;
                require(count(account_number.expose(), 8..=8), "account number", "does not have eight digits")
            }
            Self::RoutingNumberAccountNumber { routing_number, account_number } => {
                check_routing_number(routing_number.expose())?;
                let fits = is_alphanumeric(account_number.expose(), 1..=17);
                require(fits, "account number", "does not have 1 to 17 letters and digits")
            }
            Self::BsbAccountNumber { bsb, account_number } => {
                require(count(bsb.expose(), 6..=6), "BSB", "does not have six digits")?;
                require(count(account_number.expose(), 1..=9), "account number", "does not have 1 to 9 digits")
            }
            Self::NzBecs { number } => {
                require(count(number.expose(), 15..=16), "BECS number", "does not have 15 or 16 digits")
            }
            Self::Bban { bban, .. } => {
                require(is_alphanumeric(bban.expose(), 1..=30), "BBAN", "does not have 1 to 30 letters and digits")
            }
            Self::Pan { pan } => check_pan(pan.expose()),
            Self::MaskedPan { pan } => check_masked(pan.expose(), "card number", 19),
            Self::MaskedAccountNumber { account_number } => check_masked(account_number.expose(), "account number", 34),
            Self::Bic { bic } => check_bic(bic.expose()),
            Self::Abn { abn } => check_abn(abn.expose()),
            Self::Bpay { biller_code } => {
                require(count(biller_code.expose(), 3..=10), "biller code", "does not have 3 to 10 digits")
            }
            Self::OrganisationId { identification } | Self::Other { identification, .. } => {
                require(!identification.expose().trim().is_empty(), "identification", "is empty")
            }
            Self::Email { email } => {
                let is_address = email
                    .expose()
                    .split_once('@')
                    .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'));
                require(is_address, "e-mail address", "has no name and host around one @")
            }
            Self::Telephone { telephone } => {
                // ITU-T E.164: at most fifteen digits.
                let number = telephone.expose();
                let is_number = count(number.strip_prefix('+').unwrap_or(number), 3..=15);
                require(is_number, "telephone number", "does not have 3 to 15 digits")
            }
        }
    }
}

type Checked = Result<(), InvalidIdentifier>;
type Lengths = std::ops::RangeInclusive<usize>;

fn require(holds: bool, part: &'static str, reason: &'static str) -> Checked {
    if holds { Ok(()) } else { Err(InvalidIdentifier { part, reason }) }
}

/// A text without the blanks and hyphens that people write between its groups.
fn compact(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, ' ' | '-')).collect()
}

/// The digits of a text that has nothing else but blanks and hyphens.
pub(super) fn digits(text: &str) -> Option<String> {
    Some(compact(text)).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))
}

fn count(text: &str, lengths: Lengths) -> bool {
    digits(text).is_some_and(|digits| lengths.contains(&digits.len()))
}

fn is_alphanumeric(text: &str, lengths: Lengths) -> bool {
    let text = compact(text);
    lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn values(digits: &str) -> impl DoubleEndedIterator<Item = u32> + '_ {
    digits.bytes().map(|b| u32::from(b.wrapping_sub(b'0')))
}

/// ISO 13616: the country, two check digits and the number; with the first four characters at the end and letters
/// read as 10 to 35, it leaves one when divided by 97 (ISO 7064).
fn check_iban(iban: &str) -> Checked {
    let iban: String = iban.chars().filter(|c| *c != ' ').collect();
    let is_formed = (15..=34).contains(&iban.len())
        && iban.bytes().enumerate().all(|(at, b)| match at {
            0 | 1 => b.is_ascii_uppercase(),
            2 | 3 => b.is_ascii_digit(),
            _ => b.is_ascii_digit() || b.is_ascii_uppercase(),
        });
    require(is_formed, "IBAN", "does not have the form of ISO 13616")?;
    let (head, number) = iban.split_at(4);
    let rest = number.bytes().chain(head.bytes()).fold(0u32, |rest, b| match b {
        b'A'..=b'Z' => (rest * 100 + u32::from(b - b'A') + 10) % 97,
        _ => (rest * 10 + u32::from(b.wrapping_sub(b'0'))) % 97,
    });
    require(rest == 1, "IBAN", "has wrong check digits")
}

/// ABA: nine digits whose sum, weighed 3, 7, 1 in turn, ends in zero.
fn check_routing_number(number: &str) -> Checked {
    let is_formed = number.len() == 9 && number.bytes().all(|b| b.is_ascii_digit()) && number != "000000000";
    require(is_formed, "routing number", "does not have nine digits")?;
    let sum: u32 = values(number).zip([3, 7, 1].into_iter().cycle()).map(|(digit, weight)| digit * weight).sum();
    require(sum.is_multiple_of(10), "routing number", "has a wrong check digit")
}

/// ISO/IEC 7812: 8 to 19 digits with the check digit of Luhn.
fn check_pan(pan: &str) -> Checked {
    let pan = digits(pan).filter(|pan| (8..=19).contains(&pan.len())).unwrap_or_default();
    require(!pan.is_empty(), "card number", "does not have 8 to 19 digits")?;
    let doubled = |digit: u32| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let sum: u32 =
        values(&pan).rev().enumerate().map(|(at, digit)| if at % 2 == 1 { doubled(digit) } else { digit }).sum();
    require(sum.is_multiple_of(10), "card number", "has a wrong check digit")
}

/// Digits, and marks for what is hidden; the last two digits at least are shown.
fn check_masked(number: &str, part: &'static str, longest: usize) -> Checked {
    let number = compact(number);
    let is_mark = |c: char| matches!(c, '*' | 'x' | 'X' | '#' | '.' | '•');
    let is_formed = number.chars().count() <= longest
        && number.chars().all(|c| c.is_ascii_digit() || is_mark(c))
        && number.chars().rev().take_while(char::is_ascii_digit).count() >= 2;
    require(is_formed, part, "is not made of digits and marks, or shows too little")
}

/// ISO 9362: institution, country, location and, if not the head office, a branch.
fn check_bic(bic: &str) -> Checked {
    let is_formed = matches!(bic.len(), 8 | 11)
        && bic.bytes().enumerate().all(|(at, b)| match at {
            4 | 5 => b.is_ascii_uppercase(),
            _ => b.is_ascii_digit() || b.is_ascii_uppercase(),
        });
    require(is_formed, "BIC", "does not have the form of ISO 9362")
}

/// Australian Business Register: eleven digits; with one taken from the first, their weighed sum is a multiple of 89.
fn check_abn(abn: &str) -> Checked {
    const WEIGHTS: [u32; 11] = [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19];
    let abn = digits(abn).filter(|abn| abn.len() == 11 && !abn.starts_with('0')).unwrap_or_default();
    require(!abn.is_empty(), "ABN", "does not have eleven digits")?;
    let sum: u32 = values(&abn).zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    require((sum - WEIGHTS[0]).is_multiple_of(89), "ABN", "has wrong check digits")
}

#[cfg(test)]
mod tests;
