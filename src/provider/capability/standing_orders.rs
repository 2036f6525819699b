//! Orders to pay again and again.

use crate::domain::{ConsentReference, StandingOrder};
use crate::provider::Reply;

capability! {
    /// Reads standing orders.
    pub trait StandingOrders: Send + Sync {
        /// The standing orders of an account.
        fn standing_orders<'a>(
            &'a self,
            consent: &'a ConsentReference,
            account_id: &'a str,
        ) -> Reply<'a, Vec<StandingOrder>>;
    }
}
