//! Schemas and values on the way, and where they stand.
//!
//! Nearly every value is as it should be, and nobody asks where it stands. So a pointer is put together when something is said, and not
//! before.

use std::rc::Rc;

use obkit_codegen::Document;
use obkit_codegen::load::escape_token;
use serde_json::Value;

/// A schema that holds for a value.
#[derive(Clone, Debug)]
pub(super) struct Schema<'d> {
    /// The schema itself, in the document.
    pub(super) value: &'d Value,
    place: Rc<Place<'d>>,
}

#[derive(Debug)]
enum Place<'d> {
    At(String),
    Below(Rc<Place<'d>>, &'static str, Step<'d>),
}

/// The rest of the way, below a keyword or a value.
#[derive(Clone, Copy, Debug)]
enum Step<'s> {
    None,
    Name(&'s str),
    Index(usize),
}

impl<'d> Schema<'d> {
    /// The schema at a pointer.
    pub(super) fn at(document: &'d Document, pointer: String) -> Option<Self> {
        Some(Self { value: document.at(&pointer)?, place: Rc::new(Place::At(pointer)) })
    }

    /// What stands under a keyword.
    pub(super) fn get(&self, keyword: &str) -> Option<&'d Value> {
        self.value.get(keyword)
    }

    /// The schema under a keyword.
    pub(super) fn below(&self, keyword: &'static str) -> Option<Self> {
        Some(self.step(keyword, Step::None, self.get(keyword)?))
    }

    /// One of the schemas in a list.
    pub(super) fn item(&self, keyword: &'static str, index: usize) -> Option<Self> {
        Some(self.step(keyword, Step::Index(index), self.get(keyword)?.get(index)?))
    }

    /// All schemas in a list.
    pub(super) fn items(&self, keyword: &'static str) -> impl Iterator<Item = Self> {
        let items = self.get(keyword).and_then(Value::as_array).into_iter().flatten().enumerate();
        items.map(move |(index, value)| self.step(keyword, Step::Index(index), value))
    }

    /// One of the schemas that have names.
    pub(super) fn member(&self, keyword: &'static str, name: &str) -> Option<Self> {
        let (name, value) = self.get(keyword)?.as_object()?.get_key_value(name)?;
        Some(self.step(keyword, Step::Name(name), value))
    }

    /// Whether it is the same schema, and not merely an equal one.
    pub(super) fn is(&self, other: &Self) -> bool {
        std::ptr::eq(self.value, other.value)
    }

    /// Where it stands.
    pub(super) fn pointer(&self) -> String {
        self.place.pointer()
    }

    fn step(&self, keyword: &'static str, step: Step<'d>, value: &'d Value) -> Self {
        Self { value, place: Rc::new(Place::Below(Rc::clone(&self.place), keyword, step)) }
    }
}

impl Place<'_> {
    fn pointer(&self) -> String {
        match self {
            Self::At(pointer) => pointer.clone(),
            Self::Below(above, keyword, step) => format!("{}/{keyword}{}", above.pointer(), step.token()),
        }
    }
}

impl Step<'_> {
    fn token(self) -> String {
        match self {
            Self::None => String::new(),
            Self::Name(name) => format!("/{}", escape_token(name)),
            Self::Index(index) => format!("/{index}"),
        }
    }
}

/// A value, by the way to it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Instance<'i> {
    above: Option<&'i Instance<'i>>,
    step: Step<'i>,
}

impl<'i> Instance<'i> {
    /// The whole value.
    pub(super) const WHOLE: Self = Self { above: None, step: Step::None };

    /// A member of it.
    pub(super) fn member(&'i self, name: &'i str) -> Self {
        Self { above: Some(self), step: Step::Name(name) }
    }

    /// An item of it.
    pub(super) fn item(&'i self, index: usize) -> Self {
        Self { above: Some(self), step: Step::Index(index) }
    }

    /// Its JSON pointer.
    pub(super) fn pointer(&self) -> String {
        let above = self.above.map(Self::pointer).unwrap_or_default();
        above + &self.step.token()
    }
}
