//! The users of an application.

use crate::domain::{User, UserRequest};
use crate::provider::Reply;

capability! {
    /// Keeps the users of your application at the provider. What a provider lacks of it is
    /// [`Unsupported`](crate::Unsupported).
    pub trait Users: Send + Sync {
        /// All users.
        fn users<'a>(&'a self) -> Reply<'a, Vec<User>>;

        /// One user, by the provider's id.
        fn user<'a>(&'a self, id: &'a str) -> Reply<'a, User>;

        /// The user that a request describes, who is created if there is none.
        ///
        /// A provider without one call for it is asked twice. Two callers at once can then create two users.
        fn find_or_create<'a>(&'a self, request: &'a UserRequest) -> Reply<'a, User>;

        /// Removes a user, and with them their consents.
        fn delete<'a>(&'a self, id: &'a str) -> Reply<'a, ()>;
    }
}
