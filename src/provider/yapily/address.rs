//! Yapily's addresses, of which it has two shapes.

use obkit_yapily::types as yapily;

use crate::domain::{AddressKind, Coded, PostalAddress};

/// The address of a party to a payment.
pub(super) fn of_party(source: &yapily::Address) -> PostalAddress {
    PostalAddress {
        kind: source.address_type.as_ref().map(kind),
        lines: source.address_lines.clone().unwrap_or_default(),
        department: source.department.clone(),
        sub_department: source.sub_department.clone(),
        street_name: source.street_name.clone(),
        building_number: source.building_number.clone(),
        post_code: source.post_code.clone(),
        town_name: source.town_name.clone(),
        country_sub_divisions: source.county.clone().unwrap_or_default(),
        country: source.country.clone(),
    }
}

/// The address of an account holder.
pub(super) fn of_holder(source: &yapily::IdentityAddress) -> PostalAddress {
    PostalAddress {
        kind: source.type_.as_ref().map(kind),
        lines: source.address_lines.clone().unwrap_or_default(),
        department: None,
        sub_department: None,
        street_name: source.street_name.clone(),
        building_number: source.building_number.clone(),
        post_code: source.postal_code.clone(),
        town_name: source.city.clone(),
        country_sub_divisions: source.county.iter().cloned().collect(),
        country: source.country.clone(),
    }
}

fn kind(kind: &yapily::AddressTypeEnum) -> Coded<AddressKind> {
    use yapily::AddressTypeEnum as Kind;
    let code = match kind {
        Kind::Business => Some(AddressKind::Business),
        Kind::Correspondence => Some(AddressKind::Correspondence),
        Kind::DeliveryTo => Some(AddressKind::DeliveryTo),
        Kind::MailTo => Some(AddressKind::MailTo),
        Kind::PoBox => Some(AddressKind::PoBox),
        Kind::Postal => Some(AddressKind::Postal),
        Kind::Residential => Some(AddressKind::Residential),
        Kind::Statement => Some(AddressKind::Statement),
        _ => None,
    };
    Coded::new(code, kind.as_str())
}
