//! What identifies an account.

use obkit_runtime::Sensitive;

use crate::domain::AccountIdentifier;

/// Identifications as identifiers. Yapily lists the code of a bank and an account number apart; together
/// they identify an account.
pub(in super::super) fn identifiers<'a>(
    source: impl Iterator<Item = (&'a str, &'a Sensitive)>,
) -> Vec<AccountIdentifier> {
    let mut identifiers = Vec::new();
    let (mut bank, mut account_number) = (None, None);
    for (scheme, identification) in source {
        let text = identification.clone();
        identifiers.push(match scheme {
            "SORT_CODE" | "BSB" | "ABA" | "ABA_WIRE" | "ABA_ACH" if bank.is_none() => {
                bank = Some((scheme, identification));
                continue;
            }
            "ACCOUNT_NUMBER" if account_number.is_none() => {
                account_number = Some(identification);
                continue;
            }
            "IBAN" => AccountIdentifier::Iban { iban: text },
            "BBAN" => AccountIdentifier::Bban { bban: text, country: None },
            "PAN" => AccountIdentifier::card(text),
            "MASKED_PAN" => AccountIdentifier::MaskedPan { pan: text },
            "BIC" => AccountIdentifier::Bic { bic: text },
            "EMAIL" => AccountIdentifier::Email { email: text },
            "MSISDN" => AccountIdentifier::Telephone { telephone: text },
            _ => AccountIdentifier::other(scheme, identification),
        });
    }
    match (bank, account_number) {
        (Some((scheme, bank)), Some(number)) => identifiers.insert(0, at_bank(scheme, bank.clone(), number.clone())),
        (bank, account_number) => {
            identifiers.extend(bank.map(|(scheme, code)| AccountIdentifier::other(scheme, code)));
            identifiers.extend(account_number.map(|number| AccountIdentifier::other("ACCOUNT_NUMBER", number)));
        }
    }
    identifiers
}

/// An account number at the bank that a code of this scheme names.
fn at_bank(scheme: &str, code: Sensitive, account_number: Sensitive) -> AccountIdentifier {
    match scheme {
        "SORT_CODE" => AccountIdentifier::SortCodeAccountNumber { sort_code: code, account_number },
        "BSB" => AccountIdentifier::BsbAccountNumber { bsb: code, account_number },
        _ => AccountIdentifier::RoutingNumberAccountNumber { routing_number: code, account_number },
    }
}
