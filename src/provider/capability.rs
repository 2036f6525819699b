//! What a provider may offer beside accounts, balances and transactions: one trait per file.

mod bulk_payments;
mod direct_debits;
mod identities;
mod mandates;
mod payees;
mod payment_links;
mod payments;
mod refresh_jobs;
mod scheduled_payments;
mod standing_orders;
mod statements;
mod users;
mod webhooks;

pub use bulk_payments::BulkPayments;
pub use direct_debits::DirectDebits;
pub use identities::Identities;
pub use mandates::Mandates;
pub use payees::Payees;
pub use payment_links::PaymentLinks;
pub use payments::Payments;
pub use refresh_jobs::RefreshJobs;
pub use scheduled_payments::ScheduledPayments;
pub use standing_orders::StandingOrders;
pub use statements::Statements;
pub use users::Users;
pub use webhooks::Webhooks;
