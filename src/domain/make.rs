//! Making domain values: for tests, and for programs that have values of their own.
//!
//! A value is made of what each of its kind has, and the rest is set member by member, so that nobody spells what is
//! absent. None has a [`Source`](super::Source).

mod account;
mod order;
mod payment;
mod transaction;
mod webhook;

/// Declares how values are made: `new` with what each has, then for each other member a method of its name, or, where there
/// can be several, one that adds to them.
macro_rules! made {
    ($(
        $type:ident {
            $(#[$doc:meta])*
            new($($argument:ident: $argument_type:ty),*) { $($given:ident: $value:expr),* $(,)? }
            $(sets { $($set:ident: $set_type:ty),* $(,)? })?
            $(counts { $($count:ident: $count_type:ty),* $(,)? })?
            $(adds { $($add:ident to $list:ident: $add_type:ty),* $(,)? })?
            $(bare { $($bare:ident),* $(,)? })?
        }
    )*) => {$(
        impl $type {
            $(#[$doc])*
            #[must_use]
            #[allow(clippy::new_without_default)]
            pub fn new($($argument: $argument_type),*) -> Self {
                Self {
                    $($given: $value,)*
                    $($($set: None,)*)?
                    $($($count: None,)*)?
                    $($($list: Vec::new(),)*)?
                    $($($bare: Default::default(),)*)?
                }
            }

            $($(
                #[doc = concat!("Sets [`", stringify!($set), "`](#structfield.", stringify!($set), ").")]
                #[must_use]
                pub fn $set(mut self, value: impl Into<$set_type>) -> Self {
                    self.$set = Some(value.into());
                    self
                }
            )*)?

            $($(
                #[doc = concat!("Sets [`", stringify!($count), "`](#structfield.", stringify!($count), ").")]
                #[must_use]
                pub fn $count(mut self, value: $count_type) -> Self {
                    self.$count = Some(value);
                    self
                }
            )*)?

            $($(
                #[doc = concat!("Adds to [`", stringify!($list), "`](#structfield.", stringify!($list), ").")]
                #[must_use]
                pub fn $add(mut self, value: impl Into<$add_type>) -> Self {
                    self.$list.push(value.into());
                    self
                }
            )*)?
        }
    )*};
}

use made;

#[cfg(test)]
mod tests {
    use crate::domain::{AccountKind, CreditDebit, Currency, Money, Party, Transaction, TransactionStatus};

    #[test]
    fn a_transaction_is_made_of_its_amount_and_of_what_is_said() {
        let amount = Money::new(rust_decimal::Decimal::new(1999, 2), Currency::GBP);
        let made = Transaction::debit(amount)
            .id("t")
            .status(TransactionStatus::Booked)
            .creditor(Party::new("Jane"))
            .reference("Bill 88");
        assert_eq!(made.direction, CreditDebit::Debit);
        assert_eq!((made.id.as_deref(), made.reference.as_deref()), (Some("t"), Some("Bill 88")));
        assert_eq!(made.status.as_ref().map(|status| status.word.as_str()), Some("Booked"));
        assert_eq!(made.balance, None);
        let account = crate::domain::Account::new("a").kind(AccountKind::Savings).holder("Jane").holder("John");
        assert_eq!(account.holders.len(), 2);
    }
}
