//! Every word of every provider's lists: each has its meaning, or is known to have none.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "mappings/mod.rs"]
mod all;

use all::{MAPPINGS, examples};
use obkit::domain::{AccountIdentifier, AccountKind, ConsentStatus};
use obkit::provider::{candescent, finqlink, wych};
use serde_json::{Value, json};

/// What an operation's example maps to, after a word was put to a place in it.
fn meaning(provider: &str, operation: &str, place: &str, word: &str, meaning: &str) -> Option<String> {
    let mut example = examples(provider, operation).remove(0);
    *example.pointer_mut(place).unwrap() = json!(word);
    let mapping = MAPPINGS.iter().find(|m| m.provider == provider && m.operation == operation).unwrap();
    let value = (mapping.map)(&example.to_string()).unwrap().unwrap();
    let coded = value.pointer(meaning).unwrap();
    assert_eq!(coded["word"], word, "the word stays beside the meaning");
    coded["code"].as_str().map(str::to_owned)
}

/// Asserts what each word of a list means; `VALUES` grows with the document, and the table has to follow.
fn assert_meanings(values: &[&str], table: &[(&str, Option<&str>)], meaning: impl Fn(&str) -> Option<String>) {
    assert_eq!(values, table.iter().map(|(word, _)| *word).collect::<Vec<_>>(), "the table has every word");
    for (word, expected) in table {
        assert_eq!(meaning(word).as_deref(), *expected, "{word}");
    }
    assert_eq!(meaning("A word of tomorrow"), None);
}

const AWAITING: Option<&str> = Some("AwaitingAuthorisation");
const AUTHORISED: Option<&str> = Some("Authorised");

#[test]
fn every_status_of_a_yapily_consent_has_a_meaning() {
    let table = [
        ("AWAITING_AUTHORIZATION", AWAITING),
        ("AWAITING_FURTHER_AUTHORIZATION", AWAITING),
        ("AWAITING_RE_AUTHORIZATION", AWAITING),
        ("AUTHORIZED", AUTHORISED),
        ("CONSUMED", Some("Consumed")),
        ("REJECTED", Some("Rejected")),
        ("REVOKED", Some("Revoked")),
        ("FAILED", Some("Failed")),
        ("EXPIRED", Some("Expired")),
        ("UNKNOWN", None),
        ("INVALID", Some("Failed")),
        ("AWAITING_DECOUPLED_PRE_AUTHORIZATION", AWAITING),
        ("AWAITING_PRE_AUTHORIZATION", AWAITING),
        ("PRE_AUTHORIZED", AWAITING),
        ("AWAITING_DECOUPLED_AUTHORIZATION", AWAITING),
        ("AWAITING_SCA_METHOD", AWAITING),
        ("AWAITING_SCA_CODE", AWAITING),
    ];
    assert_meanings(obkit_yapily::types::AuthorisationStatus::VALUES, &table, |word| {
        meaning("yapily", "getConsentById", "/data/status", word, "/status")
    });
}

#[test]
fn every_status_of_a_fena_consent_has_a_meaning() {
    let table = [
        ("Authorised", AUTHORISED),
        ("AwaitingAuthorisation", AWAITING),
        ("Rejected", Some("Rejected")),
        ("Revoked", Some("Revoked")),
    ];
    assert_meanings(obkit_fena::types::ConsentStatus::VALUES, &table, |word| {
        meaning("fena", "getAccountAccessConsent", "/Data/Status", word, "/status")
    });
}

#[test]
fn every_status_of_a_finqlink_consent_has_a_meaning() {
    let table = [
        ("created", AWAITING),
        ("started", AWAITING),
        ("requested", AWAITING),
        ("sca_url_retrieved", AWAITING),
        ("awaiting_authz", AWAITING),
        ("authorized", AUTHORISED),
        ("active", AUTHORISED),
        ("expired", Some("Expired")),
        ("revoked", Some("Revoked")),
        ("failed", Some("Failed")),
        ("suspended", Some("Suspended")),
    ];
    assert_meanings(obkit_finqlink::types::ConsentStatus::VALUES, &table, |word| {
        meaning("finqlink", "getConsent", "/status", word, "/status")
    });
}

#[test]
fn the_life_of_a_finqlink_consent_is_one_of_the_domain() {
    let status = |word: &str| finqlink::map::consent_status(&word.into()).code().unwrap();
    let life = ["created", "started", "requested", "sca_url_retrieved", "awaiting_authz", "authorized", "active"];
    for pair in life.windows(2) {
        let (from, to) = (status(pair[0]), status(pair[1]));
        assert!(from == to || from.can_become(to), "{pair:?}");
    }
    for end in ["expired", "revoked", "failed", "suspended"] {
        assert!(status("active").can_become(status(end)) && status(end).is_final(), "{end}");
    }
}

#[test]
fn every_state_of_a_wych_connection_has_a_meaning() {
    let table = [("ACTIVE", AUTHORISED), ("PENDING", AWAITING), ("REJECTED", Some("Rejected"))];
    assert_meanings(obkit_wych::types::ConnectionState::VALUES, &table, |word| {
        meaning("wych", "createConnection", "/state", word, "/status")
    });
    let rejected = wych::map::consent_status(&"REJECTED".into()).code();
    assert!(rejected.is_some_and(ConsentStatus::is_final));
}

#[test]
fn every_kind_of_a_candescent_account_has_a_meaning() {
    use AccountKind::{
        Card, Current, GeneralLedger, Investment, LineOfCredit, Loan, MoneyMarket, Mortgage, Pension, Savings,
        TimeDeposit,
    };
    let table = [
        ("SAVINGS", Some(Savings)),
        ("CHECKING", Some(Current)),
        ("MONEY_MARKET", Some(MoneyMarket)),
        ("BROKERAGE", Some(Investment)),
        ("LINE_OF_CREDIT_LOAN", Some(LineOfCredit)),
        ("TCL_CREDIT_LINE", Some(LineOfCredit)),
        ("UNKNOWN", None),
        ("KEOGH", Some(Pension)),
        ("RETIREMENT_401K", Some(Pension)),
        ("CERT_OF_DEPOSIT", Some(TimeDeposit)),
        ("CSI_CERT_OF_DEPOSIT", Some(TimeDeposit)),
        ("CREDIT_CARD_LOAN", Some(Card)),
        ("INSTALLMENT_LOAN", Some(Loan)),
        ("CONSUMER_LOAN", Some(Loan)),
        ("COMMERCIAL_LOAN", Some(Loan)),
        ("MORTGAGE_LOAN", Some(Mortgage)),
        ("RESIDENTIAL_MORTGAGE_LOAN", Some(Mortgage)),
        ("COMMERCIAL_REFI_LOAN", Some(Loan)),
        ("HOME_EQUITY_LOAN", Some(Loan)),
        ("GENERAL_LEDGER_ACCOUNT", Some(GeneralLedger)),
        ("GENERAL_LEDGER_CODE", Some(GeneralLedger)),
        ("TCL_MASTER", Some(Loan)),
        ("TCL_NOTE", Some(Loan)),
        ("RETIREMENT_IRA", Some(Pension)),
        ("TRUST", None),
        ("USER_DEFINED", None),
    ];
    let words: Vec<_> = table.iter().map(|(word, _)| *word).collect();
    assert_eq!(obkit_candescent::types::DIAccountType::VALUES, words);
    for (word, kind) in table {
        assert_eq!(candescent::map::account_kind(&word.into()).code(), kind, "{word}");
    }
}

#[test]
fn every_subtype_of_a_wych_account_has_a_meaning() {
    let table = [
        ("CHARGECARD", Some("Card")),
        ("CREDITCARD", Some("Card")),
        ("CURRENTACCOUNT", Some("Current")),
        ("EMONEY", Some("EMoney")),
        ("INVESTMENT", Some("Investment")),
        ("LOAN", Some("Loan")),
        ("OTHER", None),
        ("PENSION", Some("Pension")),
        ("MORTGAGE", Some("Mortgage")),
        ("PREPAIDCARD", Some("Card")),
        ("SAVINGS", Some("Savings")),
        ("UNSPECIFIED", None),
    ];
    assert_meanings(obkit_wych::types::AccountSubtype::VALUES, &table, |word| {
        meaning("wych", "getAccounts", "/0/subtype", word, "/0/kind")
    });
}

#[test]
fn every_scheme_of_a_wych_number_has_its_identifier() {
    let of = |scheme: &str, number: &str| {
        let source: Value = json!({"scheme": scheme, "number": number});
        wych::map::identifier(&serde_json::from_value(source).unwrap())
    };
    let bban = |country: &str| AccountIdentifier::Bban { bban: "1".into(), country: Some(country.to_owned()) };
    let other = |name: &str| AccountIdentifier::Other { name: name.to_owned(), identification: "1".into() };
    let bsb = AccountIdentifier::BsbAccountNumber { bsb: "062000".into(), account_number: "12345678".into() };
    let sort_code =
        AccountIdentifier::SortCodeAccountNumber { sort_code: "040004".into(), account_number: "11397104".into() };
    let table = [
        ("SORTCODE", "04000411397104", sort_code),
        ("IBAN", "1", AccountIdentifier::Iban { iban: "1".into() }),
        ("PAN", "1", AccountIdentifier::Pan { pan: "1".into() }),
        ("BIC", "1", AccountIdentifier::Bic { bic: "1".into() }),
        ("BBAN_SE", "1", bban("SE")),
        ("BBAN_DK", "1", bban("DK")),
        ("BBAN_NO", "1", bban("NO")),
        ("BECS", "1", AccountIdentifier::NzBecs { number: "1".into() }),
        ("BSB_NO", "062-000 12345678", bsb),
        ("MASKED", "1", AccountIdentifier::MaskedAccountNumber { account_number: "1".into() }),
        ("UNKNOWN", "1", other("UNKNOWN")),
        ("ABN", "1", AccountIdentifier::Abn { abn: "1".into() }),
        ("EMAIL", "1", AccountIdentifier::Email { email: "1".into() }),
        ("TELEPHONE", "1", AccountIdentifier::Telephone { telephone: "1".into() }),
        ("BPAY", "1", AccountIdentifier::Bpay { biller_code: "1".into() }),
        ("ORG_ID", "1", AccountIdentifier::OrganisationId { identification: "1".into() }),
    ];
    let schemes: Vec<_> = table.iter().map(|(scheme, ..)| *scheme).collect();
    assert_eq!(obkit_wych::types::NumberScheme::VALUES, schemes);
    for (scheme, number, expected) in table {
        assert_eq!(of(scheme, number), expected, "{scheme}");
    }
    assert_eq!(of("TOMORROW", "1"), other("TOMORROW"));
    assert_eq!(of("SORTCODE", "1"), other("SORTCODE"), "what does not fit stays as it is");
    assert_eq!(of("BSB_NO", "1"), other("BSB_NO"));
}

#[test]
fn every_frequency_of_a_yapily_standing_order_has_a_meaning_but_one() {
    let table = [
        ("DAILY", Some("Daily")),
        ("EVERY_WORKING_DAY", Some("EveryWorkingDay")),
        ("CALENDAR_DAY", None),
        ("WEEKLY", Some("Weekly")),
        ("EVERY_TWO_WEEKS", Some("Fortnightly")),
        ("MONTHLY", Some("Monthly")),
        ("EVERY_TWO_MONTHS", Some("EveryTwoMonths")),
        ("QUARTERLY", Some("Quarterly")),
        ("SEMIANNUAL", Some("SemiAnnual")),
        ("ANNUAL", Some("Annual")),
    ];
    assert_meanings(obkit_yapily::types::FrequencyEnumExtended::VALUES, &table, |word| {
        let place = "/data/0/frequency/frequencyType";
        meaning("yapily", "getAccountPeriodicPayments", place, word, "/0/frequency/period")
    });
}

#[test]
fn every_status_of_a_yapily_order_has_a_meaning() {
    let table = [
        ("PENDING", Some("Pending")),
        ("FAILED", Some("Failed")),
        ("DECLINED", Some("Rejected")),
        ("COMPLETED", Some("Completed")),
        ("COMPLETED_SETTLEMENT_IN_PROCESS", Some("Settling")),
        ("EXPIRED", Some("Expired")),
        ("UNKNOWN", None),
        ("ACTIVE", Some("Active")),
        ("INACTIVE", Some("Inactive")),
    ];
    for operation in ["getAccountPeriodicPayments", "getAccountScheduledPayments", "getAccountDirectDebits"] {
        assert_meanings(obkit_yapily::types::PaymentStatus::VALUES, &table, |word| {
            meaning("yapily", operation, "/data/0/statusDetails/status", word, "/0/status")
        });
    }
}

#[test]
fn every_kind_of_a_yapily_address_has_a_meaning() {
    let table = [
        ("BUSINESS", Some("Business")),
        ("CORRESPONDENCE", Some("Correspondence")),
        ("DELIVERY_TO", Some("DeliveryTo")),
        ("MAIL_TO", Some("MailTo")),
        ("PO_BOX", Some("PoBox")),
        ("POSTAL", Some("Postal")),
        ("RESIDENTIAL", Some("Residential")),
        ("STATEMENT", Some("Statement")),
        ("UNKNOWN", None),
    ];
    assert_meanings(obkit_yapily::types::AddressTypeEnum::VALUES, &table, |word| {
        meaning("yapily", "getIdentity", "/data/addresses/0/type", word, "/addresses/0/kind")
    });
    assert_meanings(obkit_yapily::types::AddressTypeEnum::VALUES, &table, |word| {
        meaning("yapily", "getBeneficiaries", "/data/0/payee/address/addressType", word, "/0/address/kind")
    });
}

#[test]
fn every_kind_of_a_wych_payee_has_a_meaning() {
    let table = [
        ("BILLER", Some("Biller")),
        ("DIGITAL_WALLET", Some("DigitalWallet")),
        ("DOMESTIC", Some("Domestic")),
        ("INTERNATIONAL", Some("International")),
    ];
    assert_meanings(obkit_wych::types::PayeeType::VALUES, &table, |word| {
        meaning("wych", "getPayees", "/0/type", word, "/0/kind")
    });
    assert_meanings(obkit_wych::types::PayeeType::VALUES, &table, |word| {
        meaning("wych", "getScheduledPayments", "/0/type", word, "/0/creditor_kind")
    });
}
