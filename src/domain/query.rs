//! Which part of a list to read.

use super::{Cursor, DateOrTime, Timestamp};

/// Which part of a list to read, and in pages of which length. Lists that can be asked for more have a filter `F`.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ListQuery<F = ()> {
    /// What else is asked of the items.
    pub filter: F,
    /// From this moment on.
    pub from: Option<Timestamp>,
    /// Up to this moment.
    pub to: Option<Timestamp>,
    /// At most this many to a page, where the provider has pages.
    pub page_size: Option<u32>,
    /// The page to begin with.
    pub cursor: Option<Cursor>,
}

impl<F> ListQuery<F> {
    /// Whether something of that date is within the window. A day is, when it is a day of the window, in the
    /// window's own offset; so is what has no date yet.
    pub(crate) fn covers(&self, date: Option<DateOrTime>) -> bool {
        match date {
            None => true,
            Some(DateOrTime::Time(time)) => {
                self.from.is_none_or(|from| from <= time) && self.to.is_none_or(|to| time <= to)
            }
            Some(DateOrTime::Date(date)) => {
                self.from.is_none_or(|from| from.date_naive() <= date)
                    && self.to.is_none_or(|to| date <= to.date_naive())
            }
        }
    }

    /// Sets the window.
    #[must_use]
    pub fn between(mut self, from: Option<Timestamp>, to: Option<Timestamp>) -> Self {
        self.from = from;
        self.to = to;
        self
    }

    /// Sets how many to a page.
    #[must_use]
    pub fn page_size(mut self, size: u32) -> Self {
        self.page_size = Some(size);
        self
    }

    /// Sets the page to begin with.
    #[must_use]
    pub fn starting_at(mut self, cursor: Cursor) -> Self {
        self.cursor = Some(cursor);
        self
    }
}
