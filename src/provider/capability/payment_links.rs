//! The capability to make payment links.

use crate::domain::{Page, PaymentLink, PaymentLinkQuery, PaymentLinkRequest};
use crate::provider::{Pages, Reply};

capability! {
    /// Makes pages on which somebody pays.
    pub trait PaymentLinks: Send + Sync {
        /// Makes a link; the payer goes to its [`url`](PaymentLink::url). The call is made once: no provider knows a
        /// repetition.
        fn create_link<'a>(&'a self, link: &'a PaymentLinkRequest) -> Reply<'a, PaymentLink>;

        /// The state of a link; see [`until_final`](crate::provider::until_final).
        fn link<'a>(&'a self, id: &'a str) -> Reply<'a, PaymentLink>;

        /// One page of the links.
        fn links<'a>(&'a self, query: &'a PaymentLinkQuery) -> Reply<'a, Page<PaymentLink>>;

        /// All links, page by page as they are asked for.
        fn all_links<'a>(&'a self, query: PaymentLinkQuery) -> Pages<'a, PaymentLink> {
            Pages::of(query, move |query| async move { self.links(&query).await }).known_by(|link| Some(link.id.clone()))
        }
    }
}
