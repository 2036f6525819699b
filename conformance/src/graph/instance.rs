//! Where a value stands in the whole.
//!
//! Nearly every value is as it should be, and nobody asks where it stands. So a pointer is put together when something is said, and not
//! before.

use obkit_codegen::load::escape_token;

/// A value, by the way to it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Instance<'i> {
    above: Option<&'i Instance<'i>>,
    step: Step<'i>,
}

#[derive(Clone, Copy, Debug)]
enum Step<'s> {
    None,
    Name(&'s str),
    Index(usize),
}

impl<'i> Instance<'i> {
    /// The whole value.
    pub(crate) const WHOLE: Self = Self { above: None, step: Step::None };

    /// A member of it.
    pub(crate) fn member(&'i self, name: &'i str) -> Self {
        Self { above: Some(self), step: Step::Name(name) }
    }

    /// An item of it.
    pub(crate) fn item(&'i self, index: usize) -> Self {
        Self { above: Some(self), step: Step::Index(index) }
    }

    /// What it is in.
    pub(crate) fn above(&self) -> &'i Self {
        self.above.unwrap_or(&Self::WHOLE)
    }

    /// Its JSON pointer.
    pub(crate) fn pointer(&self) -> String {
        let above = self.above.map(Self::pointer).unwrap_or_default();
        match self.step {
            Step::None => above,
            Step::Name(name) => format!("{above}/{}", escape_token(name)),
            Step::Index(index) => format!("{above}/{index}"),
        }
    }
}
