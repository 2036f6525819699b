//! A server for the tests of programs that use a generated client (feature `mock`).
//!
//! A generated crate with its feature `mock` has a `mock::MockServer`, which is made of what stands here: it listens on a
//! free port of the loopback interface, answers every operation of the document, and keeps what it was asked.
//!
//! * An operation answers what its [`Stub`] says: one answer after the other, the last one again and again. Without a stub, it
//!   answers the first success that the document has an example of; without one, `501` and a text that names the operation.
//! * Bodies have the types that the document gives to the status ([`Documents`]), and anything else can be said by
//!   [`Stub::answers_bytes`].
//! * What a provider does on a bad day can be had on demand: [`Stub::hangs_up`], [`Stub::breaking_off`], a status so many
//!   [`times`](Stub::times), and an answer that waits for the test ([`Gate`]). Nothing sleeps.
//! * Every request is kept ([`Received`]), and [`Server::verify`] compares their numbers with [`Stub::expect`].

mod answer;
mod documents;
mod gate;
mod received;
mod respond;
mod route;
mod script;
mod server;
mod stub;
mod verify;

pub use documents::{Content, Documents, DocumentsDefault, DocumentsRange, Empty, Exemplified, Json, Raw};
pub use gate::Gate;
pub use received::Received;
pub use route::{Example, Route};
pub use server::Server;
pub use stub::Stub;
pub use verify::Unmet;
