//! What every mapping needs: reading a field, or saying which one cannot be read.

use obkit_runtime as runtime;
use rust_decimal::Decimal;

use crate::domain::{Currency, Timestamp, timestamp};
use crate::error::MapError;

/// Reads fields of one provider's values.
#[derive(Clone, Copy)]
pub(crate) struct Mapper {
    pub(crate) provider: &'static str,
}

impl Mapper {
    pub(crate) fn error(self, field: &str, reason: &'static str) -> MapError {
        MapError { provider: self.provider, field: field.to_owned(), reason }
    }

    pub(crate) fn required<T>(self, field: &str, value: Option<T>) -> Result<T, MapError> {
        value.ok_or_else(|| self.error(field, "is missing"))
    }

    pub(crate) fn time(self, field: &str, text: Option<&runtime::DateTime>) -> Result<Option<Timestamp>, MapError> {
        text.map(|text| timestamp(text).ok_or_else(|| self.error(field, "is not a date and time with an offset")))
            .transpose()
    }

    pub(crate) fn currency(self, field: &str, code: &str) -> Result<Currency, MapError> {
        code.parse().map_err(|_| self.error(field, "is not an ISO 4217 currency code"))
    }

    pub(crate) fn number(self, field: &str, number: &runtime::Decimal) -> Result<Decimal, MapError> {
        number.to_decimal().ok_or_else(|| self.error(field, "has more digits than an amount can have"))
    }
}

/// Maps a list; an error names the index.
pub(crate) fn each<S, T>(
    field: &str,
    items: &[S],
    map: impl Fn(&S) -> Result<T, MapError>,
) -> Result<Vec<T>, MapError> {
    items
        .iter()
        .enumerate()
        .map(|(index, item)| map(item).map_err(|error| error.within(&format!("{field}[{index}]"))))
        .collect()
}

/// Decodes a documented answer and shows its domain values as JSON, for the conformance suite.
#[cfg(feature = "typed-client")]
pub(crate) fn to_json<S, T>(
    json: &str,
    map: impl FnOnce(&S) -> Result<T, MapError>,
) -> Result<serde_json::Value, String>
where
    S: serde::de::DeserializeOwned,
    T: serde::Serialize,
{
    let source: S = runtime::decode_json(json.as_bytes()).map_err(|error| error.to_string())?;
    let value = map(&source).map_err(|error| error.to_string())?;
    serde_json::to_value(value).map_err(|error| error.to_string())
}
