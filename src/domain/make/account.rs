//! Accounts, who holds them, and where.

use super::made;
use crate::domain::{
    Account, AccountIdentifier, AccountKind, AccountStatus, AccountUsage, AddressKind, Balance, BalanceType, Coded,
    Consent, ConsentStatus, ContactPoint, CreditDebit, CreditLine, Currency, Identity, Institution, Money,
    PostalAddress, Sensitive, Timestamp, User,
};

made! {
    Institution {
        /// An institution by the provider's id.
        new(id: impl Into<String>) { id: id.into() }
        sets { name: String, logo_url: String, active: bool }
        adds { country to countries: String, feature to features: String }
        bare { source }
    }
    Account {
        /// An account by the provider's id.
        new(id: impl Into<String>) { id: id.into() }
        sets {
            currency: Currency,
            status: Coded<AccountStatus>,
            usage: Coded<AccountUsage>,
            kind: Coded<AccountKind>,
            description: String,
            nickname: Sensitive,
        }
        adds {
            holder to holders: Sensitive,
            identifier to identifiers: AccountIdentifier,
            balance to balances: Balance,
        }
        bare { source }
    }
    Balance {
        /// A balance: which it is, and how much.
        new(kind: impl Into<Coded<BalanceType>>, direction: CreditDebit, amount: Money) {
            kind: Some(kind.into()),
            direction: direction,
            amount: amount,
        }
        sets { account_id: String, at: Timestamp }
        adds { credit_line to credit_lines: CreditLine }
        bare { source }
    }
    CreditLine {
        /// A credit line of which nothing is known.
        new() {}
        sets { kind: String, included: bool, amount: Money }
    }
    Consent {
        /// A consent by the provider's id.
        new(id: impl Into<String>) { id: id.into() }
        sets {
            institution_id: String,
            status: Coded<ConsentStatus>,
            created_at: Timestamp,
            expires_at: Timestamp,
            reconfirm_by: Timestamp,
            transactions_from: Timestamp,
            transactions_to: Timestamp,
            authorisation_url: Sensitive,
            token: Sensitive,
        }
        adds { permission to permissions: String }
        bare { source }
    }
    Identity {
        /// A holder of whom nothing is known.
        new() {}
        sets {
            id: String,
            name: Sensitive,
            given_name: Sensitive,
            family_name: Sensitive,
            gender: Sensitive,
            birth_date: Sensitive,
        }
        adds { address to addresses: PostalAddress, contact_point to contact_points: ContactPoint }
        bare { source }
    }
    PostalAddress {
        /// An address of which nothing is known.
        new() {}
        sets {
            kind: Coded<AddressKind>,
            department: Sensitive,
            sub_department: Sensitive,
            street_name: Sensitive,
            building_number: Sensitive,
            post_code: Sensitive,
            town_name: Sensitive,
            country: Sensitive,
        }
        adds { line to lines: Sensitive, country_sub_division to country_sub_divisions: Sensitive }
    }
    User {
        /// A user by the provider's id.
        new(id: impl Into<String>) { id: id.into() }
        sets { application_user_id: String, reference: String, email: Sensitive, created_at: Timestamp }
        adds { institution to institution_ids: String }
        bare { source }
    }
}
