//! The balances in an account.

use obkit_candescent::types as candescent;
use rust_decimal::Decimal;

use super::MAPPER;
use crate::domain::{AccountKind, Balance, BalanceType, Coded, CreditDebit, CreditLine, Currency, Money, Source};
use crate::error::MapError;

/// The balances of an account: as booked, available, and on the latest statement.
pub(super) fn balances(source: &candescent::Account, kind: Option<AccountKind>) -> Result<Vec<Balance>, MapError> {
    let limit = source.line_of_credit_limit.as_ref().map(|limit| money("lineOfCreditLimit", limit)).transpose()?;
    let line = limit.map(|(amount, currency)| CreditLine {
        kind: Some("lineOfCreditLimit".to_owned()),
        included: None,
        amount: Some(Money::new(amount, currency)),
    });
    let flags = source.status.as_ref();
    let is_set = |flag: fn(&candescent::AccountStatus) -> Option<bool>| flags.and_then(flag) == Some(true);
    let is_debt = is_debt(source.category.as_ref(), kind);
    let booked = Side {
        is_debt,
        is_credit: is_debt && is_set(|flags| flags.credit_balance),
        is_negative: is_set(|flags| flags.negative_balance),
    };
    // The flags tell of the balance as it is now.
    let other = Side { is_credit: false, is_negative: false, ..booked };
    let available = Side { is_debt: false, ..other };
    let members = [
        ("currentBalance", &source.current_balance, BalanceType::InterimBooked, booked),
        ("availableBalance", &source.available_balance, BalanceType::InterimAvailable, available),
        ("lastStatementBalance", &source.last_statement_balance, BalanceType::PreviouslyClosedBooked, other),
    ];
    let present =
        members.into_iter().filter_map(|(member, value, kind, side)| Some((member, value.as_ref()?, kind, side)));
    present
        .map(|(member, value, kind, side)| {
            let (amount, currency) = money(member, value)?;
            let (direction, amount) = side.of(amount, currency);
            let has_line = kind == BalanceType::InterimAvailable;
            Ok(Balance {
                account_id: source.id.clone(),
                kind: Some(Coded::new(Some(kind), member)),
                direction,
                amount,
                at: None,
                credit_lines: line.iter().filter(|_| has_line).cloned().collect(),
                source: Source::of(value.clone()),
            })
        })
        .collect()
}

/// Which side an amount stands on.
///
/// No document says in so many words on which side a loan stands. The one thing that is written of an account with a debt is how
/// much is owed, without a minus and with `negativeBalance` unset, so that a positive balance of one is a debit (ISO 20022
/// `CreditDebitIndicator`: a debit balance is below zero).
#[derive(Clone, Copy)]
struct Side {
    is_debt: bool,
    /// A debt was paid too much: a flag says that its balance is in favour of the customer.
    is_credit: bool,
    is_negative: bool,
}

impl Side {
    /// A minus turns a debt into a credit. A flag agrees with a minus, or stands in its place.
    fn of(self, amount: Decimal, currency: Currency) -> (CreditDebit, Money) {
        let signed = match self {
            Self { is_credit: true, .. } => amount.abs(),
            Self { is_debt: true, .. } => -amount,
            Self { is_negative: true, .. } => -amount.abs(),
            _ => amount,
        };
        Money::from_signed(signed, currency)
    }
}

fn is_debt(category: Option<&candescent::AccountCategory>, kind: Option<AccountKind>) -> bool {
    use candescent::AccountCategory as Category;
    match category {
        Some(Category::Loan | Category::TieredLoan) => true,
        Some(Category::Deposit | Category::Investment) => false,
        // An account of another user may be of any kind.
        _ => matches!(
            kind,
            Some(AccountKind::Loan | AccountKind::Mortgage | AccountKind::LineOfCredit | AccountKind::Card)
        ),
    }
}

fn money(field: &str, source: &candescent::Money) -> Result<(Decimal, Currency), MapError> {
    let (amount_field, currency_field) = (format!("{field}.amount"), format!("{field}.currencyCode"));
    let amount = MAPPER.number(&amount_field, MAPPER.required(&amount_field, source.amount.as_ref())?)?;
    let currency = MAPPER.required(&currency_field, source.currency_code.as_ref())?;
    Ok((amount, MAPPER.currency(&currency_field, currency)?))
}
