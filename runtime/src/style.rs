//! How a value that is more than one text is written into a request.
//!
//! The tables are those of OpenAPI 3.0.4 ("Style Values", "Style Examples"), which are RFC 6570 with delimiters of its
//! own. What they leave undefined is settled here: a member or item that is null is left out, and one that is itself a
//! list or an object is written as its JSON text, except that `deepObject` nests.

mod escape;
mod expand;
mod json;

use std::fmt;

use serde::Serialize;
use serde_json::value::RawValue;

pub(crate) use self::escape::Escape;
pub(crate) use self::json::Value;

/// The `style` of a parameter, with its `explode` and what else decides how it is written.
///
/// ```
/// use obkit_runtime::Style;
///
/// let style = Style::FORM.exploded();
/// assert_ne!(style, Style::FORM);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    pub(crate) shape: Shape,
    pub(crate) explode: bool,
    pub(crate) reserved: bool,
    pub(crate) sensitive: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Simple,
    Label,
    Matrix,
    Form,
    SpaceDelimited,
    PipeDelimited,
    TabDelimited,
    DeepObject,
    Json,
}

impl Style {
    /// `simple`: paths and headers.
    pub const SIMPLE: Self = Self::of(Shape::Simple);
    /// `label`: paths, `.blue`.
    pub const LABEL: Self = Self::of(Shape::Label);
    /// `matrix`: paths, `;color=blue`.
    pub const MATRIX: Self = Self::of(Shape::Matrix);
    /// `form`: queries, cookies and forms.
    pub const FORM: Self = Self::of(Shape::Form);
    /// `spaceDelimited`: lists in queries; with Swagger 2.0 in paths and headers, too, as those that follow.
    pub const SPACE_DELIMITED: Self = Self::of(Shape::SpaceDelimited);
    /// `pipeDelimited`: lists in queries.
    pub const PIPE_DELIMITED: Self = Self::of(Shape::PipeDelimited);
    /// `collectionFormat: tsv` of Swagger 2.0.
    pub const TAB_DELIMITED: Self = Self::of(Shape::TabDelimited);
    /// `deepObject`: objects in queries, `color[R]=100`.
    pub const DEEP_OBJECT: Self = Self::of(Shape::DeepObject);
    /// No style but a media type: the JSON text.
    pub const JSON: Self = Self::of(Shape::Json);

    const fn of(shape: Shape) -> Self {
        Self { shape, explode: false, reserved: false, sensitive: false }
    }

    /// With `explode: true`.
    #[must_use]
    pub const fn exploded(self) -> Self {
        Self { explode: true, ..self }
    }

    /// With `allowReserved: true`: reserved characters stay as they are where a query can hold them.
    #[must_use]
    pub const fn reserved(self) -> Self {
        Self { reserved: true, ..self }
    }

    /// For a value that must stay out of logs: a header made from it is marked.
    #[must_use]
    pub const fn sensitive(self) -> Self {
        Self { sensitive: true, ..self }
    }

    /// The pieces that a value becomes; none when it is null or an empty list.
    pub(crate) fn pieces(self, name: &str, value: &impl Serialize, escape: Escape) -> Result<Vec<String>, StyleError> {
        let json = serde_json::value::to_raw_value(value).map_err(|_| StyleError::NotJson)?;
        self.pieces_of(name, &json, escape)
    }

    /// As [`Style::pieces`], of what is JSON already.
    pub(crate) fn pieces_of(self, name: &str, json: &RawValue, escape: Escape) -> Result<Vec<String>, StyleError> {
        expand::pieces(self, name, json, escape).map_err(|_| StyleError::NotJson)
    }

    /// What stands before the first piece, and between two.
    pub(crate) fn separators(self) -> (&'static str, &'static str) {
        match self.shape {
            Shape::Label => (".", "."),
            Shape::Matrix => (";", ";"),
            Shape::Simple => ("", ","),
            _ => ("", "&"),
        }
    }
}

/// A value cannot be written into a request. Never shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StyleError {
    /// The value has no JSON form, such as a map whose keys are no text.
    NotJson,
    /// A form is made of something else than an object.
    NotAnObject,
    /// The text holds a character that a header cannot carry, such as a line break.
    InvalidHeader,
    /// A parameter of a path is empty: the path would be that of another operation.
    EmptySegment {
        /// The name of the parameter.
        name: String,
    },
    /// A parameter of a path is `.` or `..`: whoever reads the URL would leave the segment out, and the path would be that
    /// of another operation. No way of encoding them prevents it.
    DotSegment {
        /// The name of the parameter.
        name: String,
    },
}

impl fmt::Display for StyleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotJson => "a value cannot be written as text",
            Self::NotAnObject => "a form can only be made of an object",
            Self::InvalidHeader => "a value holds a character that a header cannot carry, such as a line break",
            Self::EmptySegment { name } => return write!(f, "{name}: is empty, and a segment of a path cannot be"),
            Self::DotSegment { name } => {
                return write!(f, "{name}: would be a segment of dots, which a path cannot carry as a value");
            }
        })
    }
}

impl std::error::Error for StyleError {}

#[cfg(test)]
mod tests;
