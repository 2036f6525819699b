//! What an account is going to pay, and whom.

use super::made;
use crate::domain::{
    Coded, DateOrTime, DirectDebit, Frequency, FrequencyCode, Instalment, Money, OrderStatus, Party, Payee, PayeeKind,
    PostalAddress, ScheduleKind, ScheduledPayment, Sensitive, StandingOrder,
};

made! {
    Payee {
        /// A payee of whom nothing is known.
        new() {}
        sets {
            id: String,
            account_id: String,
            kind: Coded<PayeeKind>,
            trusted: bool,
            nickname: Sensitive,
            reference: String,
            creditor: Party,
            address: PostalAddress,
        }
        bare { source }
    }
    StandingOrder {
        /// A standing order of which nothing is known.
        new() {}
        sets {
            id: String,
            account_id: String,
            status: Coded<OrderStatus>,
            frequency: Frequency,
            reference: String,
            creditor: Party,
            first: Instalment,
            previous: Instalment,
            next: Instalment,
            last: Instalment,
        }
        counts { number_of_payments: u32 }
        bare { source }
    }
    Frequency {
        /// A frequency of which nothing is known.
        new() {}
        sets { period: Coded<FrequencyCode> }
        counts { interval_weeks: u32, interval_months: u32, execution_day: i32 }
    }
    Instalment {
        /// A payment of which nothing is known.
        new() {}
        sets { date: DateOrTime, amount: Money }
    }
    ScheduledPayment {
        /// A scheduled payment of which nothing is known.
        new() {}
        sets {
            id: String,
            account_id: String,
            status: Coded<OrderStatus>,
            kind: Coded<ScheduleKind>,
            date: DateOrTime,
            amount: Money,
            nickname: Sensitive,
            reference: String,
            debtor_reference: String,
            creditor: Party,
            creditor_kind: Coded<PayeeKind>,
        }
        bare { source }
    }
    DirectDebit {
        /// A direct debit of which nothing is known.
        new() {}
        sets {
            id: String,
            account_id: String,
            status: Coded<OrderStatus>,
            mandate_id: Sensitive,
            reference: String,
            creditor: Party,
            previous: Instalment,
        }
        bare { source }
    }
}
