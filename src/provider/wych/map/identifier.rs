//! Numbers under their schemes.

use obkit_wych::types as wych;

use crate::domain::AccountIdentifier;

/// A number and its scheme as an identifier.
#[must_use]
pub fn identifier(source: &wych::AccountNumber) -> AccountIdentifier {
    use wych::NumberScheme as Scheme;
    let number = source.number.clone();
    let bban = |country: &str| AccountIdentifier::Bban { bban: number.clone(), country: Some(country.to_owned()) };
    let other = || AccountIdentifier::other(source.scheme.as_str(), &number);
    match &source.scheme {
        Scheme::Sortcode => AccountIdentifier::sort_code_account_number(number.expose()).unwrap_or_else(other),
        Scheme::Iban => AccountIdentifier::Iban { iban: number },
        Scheme::Pan => AccountIdentifier::card(number),
        Scheme::Bic => AccountIdentifier::Bic { bic: number },
        Scheme::BbanSe => bban("SE"),
        Scheme::BbanDk => bban("DK"),
        Scheme::BbanNo => bban("NO"),
        Scheme::Becs => AccountIdentifier::NzBecs { number },
        Scheme::BsbNo => AccountIdentifier::bsb_account_number(number.expose()).unwrap_or_else(other),
        Scheme::Masked => AccountIdentifier::MaskedAccountNumber { account_number: number },
        Scheme::Abn => AccountIdentifier::Abn { abn: number },
        Scheme::Email => AccountIdentifier::Email { email: number },
        Scheme::Telephone => AccountIdentifier::Telephone { telephone: number },
        Scheme::Bpay => AccountIdentifier::Bpay { biller_code: number },
        Scheme::OrgId => AccountIdentifier::OrganisationId { identification: number },
        // `UNKNOWN`, and what nobody listed.
        _ => other(),
    }
}
