//! TOML.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::node::{Entry, Node, Place, Table, Value};

/// Reads a document, or says where it is no TOML. What the parser has to say is left out: it may quote the line.
pub(super) fn parse(text: &str) -> Result<Table, Place> {
    let document = DeTable::parse(text);
    let document = document.map_err(|error| place(text, error.span().map_or(0, |span| span.start)))?;
    Ok(table(text, document.into_inner()))
}

fn table(text: &str, source: DeTable<'_>) -> Table {
    let entry = |(key, value): (Spanned<_>, _)| Entry {
        place: place(text, key.span().start),
        key: std::borrow::Cow::into_owned(key.into_inner()),
        node: node(text, value),
    };
    let mut entries: Vec<_> = source.into_iter().map(entry).collect();
    entries.sort_by_key(|entry| match entry.place {
        Place::Line { line, column } => (line, column),
        _ => (0, 0),
    });
    Table(entries)
}

fn node(text: &str, source: Spanned<DeValue<'_>>) -> Node {
    let place = place(text, source.span().start);
    let value = match source.into_inner() {
        DeValue::String(string) => Value::Text(string.into_owned().into()),
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).map_or(Value::Other, Value::Integer)
        }
        DeValue::Table(inner) => Value::Table(table(text, inner)),
        DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) | DeValue::Array(_) => Value::Other,
    };
    Node { value, place }
}

/// The line and the column of a byte, both from 1; a column is a character.
fn place(text: &str, byte: usize) -> Place {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    Place::Line { line, column: before[start..].chars().count() + 1 }
}
