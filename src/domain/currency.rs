//! Currencies of ISO 4217.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A currency by its ISO 4217 alphabetic code, such as `GBP`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String", extend("pattern" = "^[A-Z]{3}$"))]
pub struct Currency([u8; 3]);

/// A text is not an ISO 4217 alphabetic code: three upper-case letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidCurrency;

impl fmt::Display for InvalidCurrency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an ISO 4217 currency code (three upper-case letters)")
    }
}

impl std::error::Error for InvalidCurrency {}

impl Currency {
    /// The euro.
    pub const EUR: Self = Self(*b"EUR");
    /// The pound sterling.
    pub const GBP: Self = Self(*b"GBP");
    /// The US dollar.
    pub const USD: Self = Self(*b"USD");

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // The bytes are ASCII letters by construction.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// How many decimal places its minor unit has: 2 for `GBP`, 0 for `JPY`. None for what has no minor unit, such as
    /// gold (`XAU`), and for codes that list one of ISO 4217 does not have.
    #[must_use]
    pub fn minor_units(&self) -> Option<u8> {
        let has = |codes: &str| codes.split_ascii_whitespace().any(|code| code == self.as_str());
        MINOR_UNITS.iter().find(|(_, codes)| has(codes)).map(|(places, _)| *places)
    }
}

impl FromStr for Currency {
    type Err = InvalidCurrency;

    fn from_str(text: &str) -> Result<Self, InvalidCurrency> {
        match <[u8; 3]>::try_from(text.as_bytes()) {
            Ok(code) if code.iter().all(u8::is_ascii_uppercase) => Ok(Self(code)),
            _ => Err(InvalidCurrency),
        }
    }
}

impl TryFrom<String> for Currency {
    type Error = InvalidCurrency;

    fn try_from(text: String) -> Result<Self, InvalidCurrency> {
        text.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.as_str().to_owned()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The decimal places of each currency with a minor unit: ISO 4217, list one, as of 2025.
const MINOR_UNITS: [(u8, &str); 4] = [
    (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
    (
        2,
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF \
         CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG \
         HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR \
         MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD \
         SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD \
         XCG YER ZAR ZMW ZWG",
    ),
    (3, "BHD IQD JOD KWD LYD OMR TND"),
    (4, "CLF UYW"),
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_currency_is_three_upper_case_letters() {
        assert_eq!("GBP".parse::<Currency>().unwrap().as_str(), "GBP");
        for text in ["gbp", "GB", "GBPX", "", "£££", "G8P"] {
            assert_eq!(text.parse::<Currency>(), Err(InvalidCurrency), "{text}");
        }
    }

    #[test]
    fn a_currency_knows_its_minor_units() {
        let units = |code: &str| code.parse::<Currency>().unwrap().minor_units();
        assert_eq!([units("GBP"), units("RON"), units("NZD"), units("USD")], [Some(2); 4]);
        assert_eq!([units("JPY"), units("BHD"), units("CLF")], [Some(0), Some(3), Some(4)]);
        assert_eq!([units("XAU"), units("XXX"), units("ZZZ")], [None; 3]);
        let all = |codes: &str| codes.split(' ').map(units).collect::<std::collections::HashSet<_>>();
        let whole = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
        assert_eq!(all(whole), [Some(0)].into());
        assert_eq!(all("BHD IQD JOD KWD LYD OMR TND"), [Some(3)].into());
        assert_eq!(all("CLF UYW"), [Some(4)].into());
        // A fifth of an ariary or an ouguiya is counted as two places; so are codes of funds, and those of new currencies.
        assert_eq!(all("MGA MRU CHE CHW COU MXV USN BOV UYU XCG ZWG SLE VES VED STN"), [Some(2)].into());
        // Withdrawn, units of account, metals, and what is for tests.
        assert_eq!(all("HRK SLL ZWL XAG XBA XDR XPT XSU XTS XUA"), [None].into());
    }

    #[test]
    fn the_table_has_each_code_once() {
        let codes: Vec<&str> = MINOR_UNITS.iter().flat_map(|(_, codes)| codes.split_ascii_whitespace()).collect();
        assert!(codes.iter().all(|code| code.parse::<Currency>().is_ok()));
        assert_eq!(codes.iter().collect::<std::collections::HashSet<_>>().len(), codes.len());
    }
}
