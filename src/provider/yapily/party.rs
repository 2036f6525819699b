//! Amounts, payers and payees of payments, to Yapily and back.

use obkit_runtime::{Decimal, Sensitive};
use obkit_yapily::types as yapily;

use super::map::{MAPPER, identifiers};
use crate::domain::{AccountIdentifier, CreditDebit, Creditor, Debtor, Money, Party};
use crate::error::{Error, MapError};
use crate::provider::request::Writer;

pub(super) const WRITER: Writer = Writer { provider: "yapily" };

/// An amount, to the last digit.
pub(super) fn amount(money: &Money) -> yapily::Amount {
    yapily::Amount::new(Decimal::from(money.amount), money.currency.as_str())
}

pub(super) fn payee(source: &Creditor) -> Result<yapily::Payee, Error> {
    let bank = source.bank.as_deref().map(|bic| (yapily::AccountIdentificationType::Bic, Sensitive::from(bic)));
    let mut payee = yapily::Payee::new(source.name.clone(), identifications(&source.account, bank)?);
    payee.address = source.country.as_deref().map(|country| yapily::Address::new().with_country(country));
    Ok(payee)
}

pub(super) fn payer(source: &Debtor) -> Result<yapily::Payer, Error> {
    let mut payer = yapily::Payer::new(identifications(&source.account, None)?);
    payer.name = source.name.clone();
    Ok(payer)
}

pub(super) fn hosted_payee(source: &Creditor) -> Result<yapily::PayeeDetailsResponse, Error> {
    let payee = payee(source)?;
    let mut hosted = yapily::PayeeDetailsResponse::new().with_name(payee.name);
    hosted.account_identifications = Some(hosted_identifications(payee.account_identifications));
    hosted.address = source.country.as_deref().map(|country| yapily::AddressResponse::new().with_country(country));
    Ok(hosted)
}

pub(super) fn hosted_payer(source: &Debtor) -> Result<yapily::PayerDetailsResponse, Error> {
    let payer = payer(source)?;
    let mut hosted = yapily::PayerDetailsResponse::new();
    hosted.name = payer.name;
    hosted.account_identifications = Some(hosted_identifications(payer.account_identifications));
    Ok(hosted)
}

/// The same in the types that hosted pages have.
fn hosted_identifications(source: Vec<yapily::AccountIdentification>) -> Vec<yapily::AccountIdentificationResponse> {
    let hosted = |account: yapily::AccountIdentification| {
        yapily::AccountIdentificationResponse::new()
            .with_type(account.type_.as_str())
            .with_identification(account.identification)
    };
    source.into_iter().map(hosted).collect()
}

/// An account, one entry for each scheme: Yapily has a sort code and an account number apart.
fn identifications(
    account: &AccountIdentifier,
    bank: Option<(yapily::AccountIdentificationType, Sensitive)>,
) -> Result<Vec<yapily::AccountIdentification>, Error> {
    use yapily::AccountIdentificationType as Scheme;
    let parts = match account {
        AccountIdentifier::Iban { iban, .. } => vec![(Scheme::Iban, iban.clone())],
        AccountIdentifier::SortCodeAccountNumber { sort_code, account_number, .. } => {
            vec![(Scheme::SortCode, sort_code.clone()), (Scheme::AccountNumber, account_number.clone())]
        }
        AccountIdentifier::Bban { bban, .. } => vec![(Scheme::Bban, bban.clone())],
        AccountIdentifier::Other { name, identification } => {
            let scheme = Scheme::from(name.as_str());
            if !scheme.is_known() {
                return Err(WRITER.unsupported("payments to accounts of this scheme"));
            }
            vec![(scheme, identification.clone())]
        }
        _ => return Err(WRITER.unsupported("payments to accounts of this scheme")),
    };
    let entry = |(scheme, identification)| yapily::AccountIdentification::new(scheme, identification);
    Ok(parts.into_iter().chain(bank).map(entry).collect())
}

pub(super) fn of_payee(source: &yapily::Payee) -> Party {
    of(Some(&source.name), &source.account_identifications)
}

pub(super) fn of_payer(source: &yapily::Payer) -> Party {
    of(source.name.as_ref(), &source.account_identifications)
}

pub(super) fn of_refund_account(source: &yapily::RefundAccount) -> Party {
    of(source.name.as_ref(), source.account_identifications.as_deref().unwrap_or_default())
}

fn of(name: Option<&Sensitive>, accounts: &[yapily::AccountIdentification]) -> Party {
    let accounts = accounts.iter().map(|account| (account.type_.as_str(), &account.identification));
    Party { name: name.cloned(), identifiers: identifiers(accounts) }
}

/// The amount of a payment, which has no direction: a minus would be a mistake.
pub(super) fn money(field: &str, source: &yapily::Amount) -> Result<Money, MapError> {
    unsigned("amount", &source.amount, "currency", &source.currency).map_err(|error| error.within(field))
}

pub(super) fn unsigned(
    number_field: &str,
    number: &Decimal,
    currency_field: &str,
    currency: &str,
) -> Result<Money, MapError> {
    let value = MAPPER.number(number_field, number)?;
    match Money::from_signed(value, MAPPER.currency(currency_field, currency)?) {
        (CreditDebit::Credit, money) => Ok(money),
        (CreditDebit::Debit, _) => Err(MAPPER.error(number_field, "is negative")),
    }
}
