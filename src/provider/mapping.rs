//! What every mapping needs: reading a field, or saying which one cannot be read.

use std::any::Any;

use obkit_runtime as runtime;
use rust_decimal::Decimal;

use crate::domain::{Currency, DateOrTime, Money, Source, Timestamp, timestamp};
use crate::error::{Error, MapError};

pub(crate) mod open_banking;

/// Maps an answer. An error hands it back: what was done can be found by the id that stands in it.
pub(crate) fn mapped<T: Any + Send + Sync, D>(
    answer: runtime::ResponseValue<T>,
    map: impl FnOnce(&T) -> Result<D, MapError>,
) -> Result<D, Error> {
    let answer = answer.into_inner();
    map(&answer).map_err(|error| Error::Map(MapError { answer: Source::of(answer), ..error }))
}

/// Reads fields of one provider's values.
#[derive(Clone, Copy)]
pub(crate) struct Mapper {
    pub(crate) provider: &'static str,
}

impl Mapper {
    pub(crate) fn error(self, field: &str, reason: &'static str) -> MapError {
        MapError::new(self.provider, field, reason)
    }

    pub(crate) fn required<T>(self, field: &str, value: Option<T>) -> Result<T, MapError> {
        value.ok_or_else(|| self.error(field, "is missing"))
    }

    pub(crate) fn time(self, field: &str, text: Option<&runtime::DateTime>) -> Result<Option<Timestamp>, MapError> {
        text.map(|text| timestamp(text).ok_or_else(|| self.error(field, "is not a date and time with an offset")))
            .transpose()
    }

    /// Reads a day, or a point in time. An offset is not needed: what has none is a day.
    pub(crate) fn date_or_time(
        self,
        field: &str,
        text: Option<impl AsRef<str>>,
    ) -> Result<Option<DateOrTime>, MapError> {
        let read = |text: &str| DateOrTime::read(text).ok_or_else(|| self.error(field, "is neither a date nor a time"));
        text.map(|text| read(text.as_ref())).transpose()
    }

    pub(crate) fn currency(self, field: &str, code: &str) -> Result<Currency, MapError> {
        code.parse().map_err(|_| self.error(field, "is not an ISO 4217 currency code"))
    }

    pub(crate) fn number(self, field: &str, number: &runtime::Decimal) -> Result<Decimal, MapError> {
        number.to_decimal().ok_or_else(|| self.error(field, "has more digits than an amount can have"))
    }

    pub(crate) fn decimal_text(self, field: &str, text: &runtime::DecimalText) -> Result<Decimal, MapError> {
        text.value().map_err(|_| self.error(field, "is not a decimal number"))
    }

    /// An amount beside an indicator: its sign is the indicator's, so it is not negative itself.
    pub(crate) fn unsigned(self, field: &str, amount: Decimal, currency: Currency) -> Result<Money, MapError> {
        if amount.is_sign_negative() && !amount.is_zero() {
            return Err(self.error(field, "is negative, although an indicator says its direction"));
        }
        Ok(Money::new(amount, currency))
    }
}

/// A call that is not made, because of what was asked for.
pub(crate) fn invalid_request(message: &'static str) -> Error {
    runtime::Error::<()>::invalid_request(message).into()
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
