//! The event of a case. A list of values makes several.

use std::borrow::Cow;

use ::toml::Spanned;
use ::toml::de::{DeString, DeTable, DeValue};

use super::{Read, TomlValue, problem, span};
use crate::eval::{Attribute, Event, Problem, Reader, Value};
use crate::span::Span;

/// The maximum number of rows that the lists of one case make.
const MOST_ROWS: usize = 10_000;

impl Read<'_> {
    /// Returns the events of a case, each with the values that differ. A list makes one event for each element.
    pub(super) fn events(&mut self, value: TomlValue<'_, '_>) -> Vec<(String, Event)> {
        let reader = Reader::new(self.machine);
        match value.get_ref() {
            DeValue::String(text) => {
                let inside = span(value).start + 1;
                match reader.read(text.as_bytes()) {
                    Ok(event) => vec![(String::new(), event)],
                    Err(problem) => {
                        let at = problem.at.start + inside..problem.at.end + inside;
                        self.problems.push(Problem { at, ..problem });
                        Vec::new()
                    }
                }
            }
            DeValue::Table(rows) => self.rows(reader, rows, span(value)),
            _ => {
                self.fail(
                    span(value),
                    "an event is a table or a text",
                    "write { syscall = \"openat\" }",
                );
                Vec::new()
            }
        }
    }

    fn rows(&mut self, reader: Reader, table: &DeTable<'_>, at: Span) -> Vec<(String, Event)> {
        let mut events = vec![(String::new(), Event::default())];
        for (key, value) in table {
            let attribute = key.get_ref().as_ref();
            let elements: Vec<TomlValue<'_, '_>> = match value.get_ref() {
                DeValue::Array(elements) if is_varied(attribute, elements) => {
                    elements.iter().collect()
                }
                _ => vec![value],
            };
            if events.len().saturating_mul(elements.len()) > MOST_ROWS {
                self.fail(
                    span(value),
                    format!("the lists make more than {MOST_ROWS} events"),
                    "write fewer elements",
                );
                return Vec::new();
            }
            let mut next = Vec::new();
            for (row, event) in &events {
                for element in &elements {
                    let mut event = event.clone();
                    match of_toml(element)
                        .and_then(|value| reader.set(&mut event, attribute, &value).map(|()| value))
                    {
                        Ok(value) => {
                            let varied =
                                if elements.len() > 1 { label(row, &value) } else { row.clone() };
                            next.push((varied, event));
                        }
                        Err(problem) => {
                            let is_attribute =
                                Attribute::from_name(attribute).is_some() || attribute == "flags";
                            let at = if is_attribute { element.span() } else { key.span() };
                            self.problems.push(Problem { at, ..problem });
                            return Vec::new();
                        }
                    }
                }
            }
            events = next;
        }
        for (_, event) in &mut events {
            if let Err(problem) = reader.complete(event) {
                self.problems.push(Problem { at: at.start..at.end, ..problem });
                return Vec::new();
            }
        }
        events
    }
}

/// Returns whether a list has one value for each event. Some attributes are lists themselves.
fn is_varied(attribute: &str, elements: &[Spanned<DeValue<'_>>]) -> bool {
    match attribute {
        "groups" | "names" | "files" => false,
        "dev" | "rdev" => {
            !matches!(elements.first().map(Spanned::get_ref), Some(DeValue::Integer(_)))
        }
        _ => true,
    }
}

fn label(row: &str, value: &Value<'_>) -> String {
    let separator = if row.is_empty() { "" } else { ", " };
    format!("{row}{separator}{}", value.shown())
}

fn of_toml<'v>(value: TomlValue<'v, '_>) -> Result<Value<'v>, Problem> {
    Ok(match value.get_ref() {
        DeValue::String(text) => Value::text(text.as_bytes()),
        DeValue::Boolean(value) => Value::Bool(*value),
        DeValue::Integer(integer) => {
            let number = i128::from_str_radix(integer.as_str(), integer.radix());
            Value::Number(number.map_err(|_| problem(span(value), "the number is out of range"))?)
        }
        DeValue::Array(elements) => {
            Value::List(elements.iter().map(of_toml).collect::<Result<_, _>>()?)
        }
        DeValue::Table(rows) => {
            let row = |(key, value): (&'v Spanned<DeString<'_>>, TomlValue<'v, '_>)| {
                Ok((Cow::Borrowed(key.get_ref().as_ref()), of_toml(value)?))
            };
            Value::Table(rows.iter().map(row).collect::<Result<_, _>>()?)
        }
        DeValue::Float(_) | DeValue::Datetime(_) => {
            return Err(problem(span(value), "an attribute has no such value"));
        }
    })
}
