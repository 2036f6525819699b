//! Where a domain object came from.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

/// The provider's typed value behind a domain object.
///
/// It keeps everything the domain has no place for. It takes no part in equality, is not written to
/// JSON, and its `Debug` shows nothing of it.
#[derive(Clone, Default)]
pub struct Source(Option<Arc<dyn Any + Send + Sync>>);

impl Source {
    pub(crate) fn of<T: Any + Send + Sync>(value: T) -> Self {
        Self(Some(Arc::new(value)))
    }

    /// The provider's value, when it is of that type.
    #[must_use]
    pub fn get<T: Any>(&self) -> Option<&T> {
        self.0.as_ref()?.downcast_ref()
    }
}

impl PartialEq for Source {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Source {}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Source(..)" } else { "Source" })
    }
}
