//! Postal addresses.

use schemars::JsonSchema;
use serde::Serialize;

use super::code::codes;
use super::{Coded, Sensitive};

/// Where a person or an organisation is (ISO 20022 `PostalAddress24`). Everything but its kind is personal data.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct PostalAddress {
    /// What it is used for.
    pub kind: Option<Coded<AddressKind>>,
    /// The address as it is written, or what of it has no member of its own.
    #[schemars(with = "Vec<String>")]
    pub lines: Vec<Sensitive>,
    /// The department.
    #[schemars(with = "Option<String>")]
    pub department: Option<Sensitive>,
    /// A part of the department.
    #[schemars(with = "Option<String>")]
    pub sub_department: Option<Sensitive>,
    /// The street.
    #[schemars(with = "Option<String>")]
    pub street_name: Option<Sensitive>,
    /// The number of the building.
    #[schemars(with = "Option<String>")]
    pub building_number: Option<Sensitive>,
    /// The postal code.
    #[schemars(with = "Option<String>")]
    pub post_code: Option<Sensitive>,
    /// The town.
    #[schemars(with = "Option<String>")]
    pub town_name: Option<Sensitive>,
    /// Counties or regions, the smallest first as the provider has them.
    #[schemars(with = "Vec<String>")]
    pub country_sub_divisions: Vec<Sensitive>,
    /// The country, usually as an ISO 3166-1 alpha-2 code.
    #[schemars(with = "Option<String>")]
    pub country: Option<Sensitive>,
}

codes! {
    /// What an address is used for (ISO 20022 `AddressType2Code`).
    pub enum AddressKind {
        /// Business.
        Business = "BIZZ",
        /// Letters; ISO 20022 has no code for it.
        Correspondence,
        /// Deliveries.
        DeliveryTo = "DLVY",
        /// Mail, where it differs from the address.
        MailTo = "MLTO",
        /// A post office box.
        PoBox = "PBOX",
        /// Post in general.
        Postal = "ADDR",
        /// Home.
        Residential = "HOME",
        /// Statements; ISO 20022 has no code for it.
        Statement,
    }
}
