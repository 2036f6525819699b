//! The same API without `async`, for programs that have no use for it.
//!
//! A [`Connection`] has an own runtime on the thread that calls. It hands out each capability as
//! [`Blocking`], with the methods of the capability's trait; a stream becomes an iterator, [`Items`].
//!
//! ```no_run
//! use obkit::domain::{ConsentReference, TransactionQuery};
//! use obkit::provider::yapily;
//!
//! # fn example(consent: ConsentReference) -> Result<(), Box<dyn std::error::Error>> {
//! let provider = obkit::blocking::connect(&yapily::Config::new("application-key", "application-secret").into())?;
//! for account in provider.accounts()?.accounts(&consent)? {
//!     for transaction in provider.transactions()?.all_transactions(&consent, &account.id, TransactionQuery::default()) {
//!         println!("{}", transaction?.amount);
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! What has no method here can be waited for: [`Connection::wait`] takes any call, and [`Connection::items`] any stream.
//!
//! Within an async runtime, a call that blocks would hold up everything else. There, and on threads that
//! such a runtime lends (`spawn_blocking`), every call is [`Error::WithinRuntime`]. A thread of the program's own is
//! none of it.

use std::fmt;
use std::pin::pin;

use futures_util::{FutureExt as _, Stream, StreamExt as _};

use crate::error::Error;
use crate::provider::Provider;
use crate::{Config, ConnectError};

mod runtime;

use runtime::Runtime;

/// Connects to the provider of a configuration. Nothing is sent before the first call.
///
/// # Errors
/// The credentials cannot be used, TLS cannot be set up, or the system has no resources for a runtime.
pub fn connect(config: &Config) -> Result<Connection, ConnectError> {
    let provider = crate::connect(config)?;
    Connection::new(provider).map_err(ConnectError::Runtime)
}

/// A connection to a provider. It may be shared between threads, of which each waits for its own calls.
pub struct Connection {
    provider: Box<dyn Provider>,
    runtime: Runtime,
}

impl Connection {
    /// A connection through any provider, such as one for another user.
    ///
    /// # Errors
    /// The system has no resources for a runtime.
    pub fn new(provider: Box<dyn Provider>) -> std::io::Result<Self> {
        Ok(Self { provider, runtime: Runtime::new()? })
    }

    /// The provider, for calls to [`wait`](Self::wait) for.
    #[must_use]
    pub fn provider(&self) -> &dyn Provider {
        &*self.provider
    }

    /// Waits for a call, or for several that are made as one; for those of a generated client, too.
    ///
    /// ```no_run
    /// # fn example(connection: obkit::blocking::Connection, consent: obkit::domain::ConsentReference) -> Result<(), obkit::Error> {
    /// use obkit::provider::{Polling, until_final};
    ///
    /// let payments = connection.provider().payments()?;
    /// let payment = connection.wait(until_final(&Polling::default(), || payments.payment(&consent, "payment-id")))?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of the call, or it was made within an async runtime.
    pub fn wait<T, E>(&self, call: impl Future<Output = Result<T, E>>) -> Result<T, Error>
    where
        Error: From<E>,
    {
        Ok(self.runtime.wait(call)??)
    }

    /// The items of a stream, such as those of a [`StatementFile`](crate::domain::StatementFile).
    pub fn items<S: Stream + Unpin>(&self, stream: S) -> Items<'_, S> {
        Items { runtime: &self.runtime, stream }
    }

    /// One capability.
    pub(crate) fn of<'p, C: ?Sized>(&'p self, capability: &'p C) -> Blocking<'p, C> {
        Blocking { capability, runtime: &self.runtime }
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.provider.fmt(f)
    }
}

/// A capability whose methods wait for their answer. They are those of the trait `C`.
pub struct Blocking<'p, C: ?Sized> {
    pub(crate) capability: &'p C,
    runtime: &'p Runtime,
}

impl<'p, C: ?Sized> Blocking<'p, C> {
    pub(crate) fn wait<T>(&self, call: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        self.runtime.wait(call)?
    }

    pub(crate) fn items<S: Stream + Unpin>(&self, stream: S) -> Items<'p, S> {
        Items { runtime: self.runtime, stream }
    }
}

impl<C: ?Sized> fmt::Debug for Blocking<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Blocking")
    }
}

/// The items of a stream, each waited for when its turn has come.
///
/// As with the stream, an error need not be the end: the items of [`Pages`](crate::provider::Pages) go on after it.
#[must_use]
pub struct Items<'p, S> {
    runtime: &'p Runtime,
    stream: S,
}

impl<S> Items<'_, S> {
    /// The stream.
    pub fn stream(&self) -> &S {
        &self.stream
    }
}

impl<T, S: Stream<Item = Result<T, Error>> + Unpin> Iterator for Items<'_, S> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        // What has been read already needs no runtime, and that is most items of a page.
        let is_ready = self.stream.size_hint().0 > 0;
        if let Some(item) = is_ready.then(|| pin!(self.stream.next()).now_or_never()).flatten() {
            return item;
        }
        self.runtime.wait(self.stream.next()).unwrap_or_else(|error| Some(Err(error)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        // An error may come in between.
        (self.stream.size_hint().0, None)
    }
}

impl<S> fmt::Debug for Items<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Items")
    }
}

/// Writes the methods of a capability's trait for [`Blocking`]: those of a call, and those of a stream.
macro_rules! methods {
    (
        $capability:ident
        $(
            $(#[$doc:meta])*
            fn $method:ident<$life:lifetime>(&$own:lifetime self $(, $argument:ident: $type:ty)* $(,)?)
                -> $answer:ident<$its:lifetime, $item:ty> $(;)? $($body:block)?
        )*
    ) => {
        impl<'p> $crate::blocking::Blocking<'p, dyn $capability + 'p> {
            $(
                $crate::blocking::method! {
                    $answer $item,
                    $(#[$doc])*
                    fn $method<$life>($($argument: $type),*)
                }
            )*
        }
    };
}

/// Writes one method.
macro_rules! method {
    (Reply $item:ty, $(#[$doc:meta])* fn $method:ident<$life:lifetime>($($argument:ident: $type:ty),*)) => {
        $(#[$doc])*
        ///
        /// # Errors
        /// Those of the call, or it was made within an async runtime.
        pub fn $method<$life>(&self $(, $argument: $type)*) -> Result<$item, $crate::Error>
        where
            'p: $life,
        {
            self.wait(self.capability.$method($($argument),*))
        }
    };
    (Pages $item:ty, $(#[$doc:meta])* fn $method:ident<$life:lifetime>($($argument:ident: $type:ty),*)) => {
        $(#[$doc])*
        pub fn $method<$life>(
            &self $(, $argument: $type)*
        ) -> $crate::blocking::Items<$life, $crate::provider::Pages<$life, $item>>
        where
            'p: $life,
        {
            self.items(self.capability.$method($($argument),*))
        }
    };
}

pub(crate) use {method, methods};
