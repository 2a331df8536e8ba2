//! Prints requests with the details that a listing omits.

use rauditctl::rule::{Field, Request, Rule};

/// The maximum number of bytes shown of a text.
const TEXT_MAX: usize = 40;

/// Returns a request in one line.
pub(crate) fn show(request: &Request) -> String {
    match request {
        Request::Add(rule) => format!("add {}", show_rule(rule)),
        Request::Delete(rule) => format!("delete {}", show_rule(rule)),
        Request::Control(control) => format!("{control:?}"),
    }
}

/// Returns a rule in one line.
pub(crate) fn show_rule(rule: &Rule) -> String {
    let Rule { list, placement, action, mask, fields, .. } = rule;
    let fields: String = fields.iter().map(show_field).collect();
    format!("{list:?} {placement:?} {action:?} {mask:?}{fields}")
}

fn show_field(field: &Field) -> String {
    let (number, op) = (field.number(), field.op());
    match field {
        Field::Number { value, .. } => format!(", {number} {op:?} {value:#x}"),
        Field::Text { text, .. } => {
            let shown = text.get(..TEXT_MAX).unwrap_or(text).escape_ascii();
            format!(", {number} {op:?} \"{shown}\" ({} bytes)", text.len())
        }
    }
}
