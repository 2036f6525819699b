//! A small bank to begin with.

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;

use super::InMemory;
use crate::domain::{
    Account, AccountIdentifier, AccountKind, AccountStatus, AccountUsage, Balance, BalanceType, ContactPoint,
    CreditDebit, Currency, DateOrTime, DirectDebit, Frequency, FrequencyCode, Identity, Instalment, Institution,
    Merchant, Money, OrderStatus, Party, Payee, PayeeKind, PostalAddress, ScheduleKind, ScheduledPayment,
    StandingOrder, Statement, Transaction, TransactionStatus, User,
};

/// A page that a reader of PDF opens, and that has nothing on it.
const STATEMENT: &str = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
                         3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

impl InMemory {
    /// A small bank: the institution `sample-bank`; the accounts `current` (with twelve transactions of the last weeks, two of
    /// them pending, a payee, a standing order, a scheduled payment, a direct debit and a statement) and `savings`; their
    /// holder, and a user. All of it is invented.
    #[must_use]
    pub fn sample() -> Self {
        let bank = Self::new();
        let today = bank.now().date_naive();
        bank.with_institution(
            Institution::new("sample-bank").name("Sample Bank").country("GB").active(true).feature("accounts"),
        )
        .with_account(current())
        .with_account(savings())
        .with_transactions("current", transactions(today))
        .with_payees("current", [payee()])
        .with_standing_orders("current", [standing_order(today)])
        .with_scheduled_payments("current", [scheduled_payment(today)])
        .with_direct_debits("current", [direct_debit(today)])
        .with_statement("current", statement(today), "application/pdf", STATEMENT)
        .with_identity(identity())
        .with_user(User::new("user-of-sample").application_user_id("jane").email("jane@example.com"))
    }
}

/// An amount in pence.
fn gbp(pence: i64) -> Money {
    Money::new(Decimal::new(pence, 2), Currency::GBP)
}

fn uk(sort_code: &str, account_number: &str) -> AccountIdentifier {
    AccountIdentifier::SortCodeAccountNumber { sort_code: sort_code.into(), account_number: account_number.into() }
}

fn ago(today: NaiveDate, days: u64) -> DateOrTime {
    today.checked_sub_days(Days::new(days)).unwrap_or(today).into()
}

fn ahead(today: NaiveDate, days: u64) -> DateOrTime {
    today.checked_add_days(Days::new(days)).unwrap_or(today).into()
}

fn current() -> Account {
    Account::new("current")
        .currency(Currency::GBP)
        .status(AccountStatus::Enabled)
        .usage(AccountUsage::Personal)
        .kind(AccountKind::Current)
        .description("Everyday Account")
        .holder("Jane Sample")
        .identifier(uk("200000", "55779911"))
        .identifier(AccountIdentifier::Iban { iban: "GB26MIDL40051512345674".into() })
        .balance(Balance::new(BalanceType::InterimBooked, CreditDebit::Credit, gbp(184_217)))
        .balance(Balance::new(BalanceType::InterimAvailable, CreditDebit::Credit, gbp(232_892)))
}

fn savings() -> Account {
    Account::new("savings")
        .currency(Currency::GBP)
        .status(AccountStatus::Enabled)
        .usage(AccountUsage::Personal)
        .kind(AccountKind::Savings)
        .description("Rainy Day Saver")
        .nickname("holidays")
        .holder("Jane Sample")
        .identifier(uk("200000", "55779912"))
        .balance(Balance::new(BalanceType::InterimBooked, CreditDebit::Credit, gbp(500_000)))
}

/// The newest first.
fn transactions(today: NaiveDate) -> Vec<Transaction> {
    let shop = |name: &str, category: &str, pence| {
        Transaction::debit(gbp(pence)).merchant(Merchant::new(name).category_code(category)).description(name)
    };
    let paid = |to: &str, pence| Transaction::debit(gbp(pence)).creditor(Party::new(to)).description(to);
    let received = |from: &str, pence| Transaction::credit(gbp(pence)).debtor(Party::new(from)).description(from);
    let entries = [
        (0, shop("Corner Coffee", "5814", 3_40)),
        (0, shop("Northern Rail", "4112", 9_85)),
        (1, shop("Greengrocer", "5411", 23_17)),
        (2, paid("John Example", 25_00).reference("Dinner")),
        (4, received("John Example", 12_50).reference("Taxi")),
        (6, shop("Bookshop", "5942", 14_99)),
        (9, paid("City Water", 31_20).reference("WATER 1177")),
        (12, shop("Greengrocer", "5411", 41_02)),
        (15, paid("Landlord Ltd", 85_000).reference("Rent")),
        (16, paid("Jane Sample", 20_000).reference("Savings")),
        (20, shop("Cinema", "7832", 22_00)),
        (25, received("Employer plc", 245_000).reference("SALARY")),
    ];
    let entry = |(number, (days, transaction)): (usize, (u64, Transaction))| {
        let is_pending = number < 2;
        let status = if is_pending { TransactionStatus::Pending } else { TransactionStatus::Booked };
        let transaction = transaction.id(format!("transaction-{number}")).status(status).value_at(ago(today, days));
        // What is pending has no day of booking yet.
        if is_pending { transaction } else { transaction.booked_at(ago(today, days)) }
    };
    entries.into_iter().enumerate().map(entry).collect()
}

fn landlord() -> Party {
    Party::new("Landlord Ltd").identifier(uk("400000", "12345674"))
}

fn payee() -> Payee {
    Payee::new().id("payee-of-sample").kind(PayeeKind::Domestic).trusted(true).reference("Rent").creditor(landlord())
}

fn standing_order(today: NaiveDate) -> StandingOrder {
    StandingOrder::new()
        .id("standing-order-of-sample")
        .status(OrderStatus::Active)
        .frequency(Frequency::new().period(FrequencyCode::Monthly))
        .reference("Rent")
        .creditor(landlord())
        .previous(Instalment::new().date(ago(today, 15)).amount(gbp(85_000)))
        .next(Instalment::new().date(ahead(today, 16)).amount(gbp(85_000)))
}

fn scheduled_payment(today: NaiveDate) -> ScheduledPayment {
    ScheduledPayment::new()
        .id("scheduled-payment-of-sample")
        .status(OrderStatus::Pending)
        .kind(ScheduleKind::Execution)
        .date(ahead(today, 7))
        .amount(gbp(60_00))
        .reference("Birthday")
        .creditor(Party::new("John Example").identifier(uk("300000", "87654321")))
}

fn direct_debit(today: NaiveDate) -> DirectDebit {
    DirectDebit::new()
        .id("direct-debit-of-sample")
        .status(OrderStatus::Active)
        .mandate_id("WATER-1177")
        .reference("WATER 1177")
        .creditor(Party::new("City Water"))
        .previous(Instalment::new().date(ago(today, 9)).amount(gbp(31_20)))
}

fn statement(today: NaiveDate) -> Statement {
    Statement::new("statement-of-sample").from(ago(today, 45)).to(ago(today, 15)).created_at(ago(today, 14))
}

fn identity() -> Identity {
    Identity::new()
        .id("holder-of-sample")
        .name("Jane Sample")
        .given_name("Jane")
        .family_name("Sample")
        .birth_date("1984-02-29")
        .address(PostalAddress::new().building_number("1").street_name("High Street").town_name("Leeds").country("GB"))
        .contact_point(ContactPoint::Email { address: "jane@example.com".into() })
}
