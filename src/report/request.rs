//! Requests as JSON: decoded, and as bytes.

use std::borrow::Cow;

use serde::Serialize;

use crate::catalog::{self, Arch};
use crate::rule::{Control, Field, FilterList, NumberId, Placement, Request, Rule};
use crate::wire::{Frame, to_digits};

/// One request.
#[derive(Clone, Debug, Serialize)]
pub struct RequestReport<'r> {
    /// `ADD_RULE`, `DEL_RULE`, `SET` and so on, as in linux/audit.h; `DELETE_ALL` for `-D`, which lists the
    /// rules and sends a request for each.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The file that it comes from.
    pub file: &'r str,
    /// The line of that file, counted from 1.
    pub line: usize,
    /// The rule, for a request with one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<RuleReport<'r>>,
    /// The setting or command, for other requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub control: Option<ControlReport<'r>>,
    /// The payload after the netlink header, in hexadecimal digits and in the byte order of this
    /// machine; missing for `DELETE_ALL`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload: Option<String>,
}

/// A decoded rule.
#[derive(Clone, Debug, Serialize)]
pub struct RuleReport<'r> {
    /// The list, by name, or by number if it has no name.
    pub list: Cow<'static, str>,
    /// Whether it is added at the front of its list (`-A`).
    #[serde(skip_serializing_if = "is_false")]
    pub prepend: bool,
    /// The action, by name or number.
    pub action: Cow<'static, str>,
    /// The numbers in its mask; `"all"` for every number.
    pub syscalls: Syscalls,
    /// Its conditions, in the order in which the kernel tests them.
    pub fields: Vec<FieldReport<'r>>,
    /// Its keys.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<Cow<'r, str>>,
}

/// The mask of a rule.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Syscalls {
    /// Every number.
    All(&'static str),
    /// These numbers, with their names on the arch of the rule.
    Some(Vec<NamedNumber>),
}

/// A number of the mask.
#[derive(Clone, Debug, Serialize)]
pub struct NamedNumber {
    /// The number.
    pub nr: u32,
    /// Its name on the arch of the rule, or the name of the operation for an io_uring rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'static str>,
}

/// One condition.
#[derive(Clone, Debug, Serialize)]
pub struct FieldReport<'r> {
    /// The field, by name, or by number if it has no name.
    pub field: Cow<'static, str>,
    /// The operator.
    pub op: Cow<'static, str>,
    /// The value as it is sent.
    pub value: ValueReport<'r>,
    /// The name of the arch, for the field arch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'static str>,
}

/// A value as it is sent.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum ValueReport<'r> {
    /// 32 bits.
    Number(u32),
    /// A string; bytes that are not UTF-8 are replaced.
    Text(Cow<'r, str>),
}

/// A setting or command.
#[derive(Clone, Debug, Serialize)]
pub struct ControlReport<'r> {
    /// The name of the setting or command.
    pub name: &'static str,
    /// Its value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<ValueReport<'r>>,
}

impl<'r> RequestReport<'r> {
    /// Returns the report of a request. `machine` is the arch of rules without one.
    pub fn new(request: &'r Request, machine: Option<Arch>, file: &'r str, line: usize) -> Self {
        let frame = Frame::from(request);
        let (rule, control) = match request {
            Request::Add(rule) | Request::Delete(rule) => {
                (Some(RuleReport::new(rule, machine)), None)
            }
            Request::Control(control) => (None, Some(ControlReport::new(control))),
        };
        RequestReport {
            kind: frame.kind.name().unwrap_or_default(),
            file,
            line,
            rule,
            control,
            payload: Some(to_digits(&frame.payload)),
        }
    }

    /// Returns the report of `-D`.
    pub fn delete_all(key: &'r [u8], file: &'r str, line: usize) -> Self {
        let value = (!key.is_empty()).then(|| ValueReport::Text(String::from_utf8_lossy(key)));
        let control = ControlReport { name: "key", value };
        RequestReport {
            kind: "DELETE_ALL",
            file,
            line,
            rule: None,
            control: control.value.is_some().then_some(control),
            payload: None,
        }
    }
}

impl<'r> RuleReport<'r> {
    /// Returns the report of a rule. `machine` is its arch if it has none.
    pub fn new(rule: &'r Rule, machine: Option<Arch>) -> Self {
        RuleReport {
            list: rule.list.name(),
            prepend: rule.placement == Placement::Prepend,
            action: rule.action.name(),
            syscalls: Syscalls::of(rule, machine),
            fields: rule.fields.iter().map(FieldReport::new).collect(),
            keys: rule.keys().map(String::from_utf8_lossy).collect(),
        }
    }
}

impl Syscalls {
    fn of(rule: &Rule, machine: Option<Arch>) -> Self {
        if rule.mask.is_all() {
            return Syscalls::All("all");
        }
        let arch = rule.fields.iter().find_map(|field| match field {
            Field::Number { id: NumberId::ARCH, value, .. } => Some(Arch::from_elf(*value)),
            _ => None,
        });
        let arch = arch.unwrap_or(machine);
        let name = |number| match rule.list {
            FilterList::IoUring => catalog::uring_op_name(number),
            _ => catalog::kernel_syscall_name(arch?, number),
        };
        let numbers = rule.mask.iter().map(|nr| NamedNumber { nr, name: name(nr) });
        Syscalls::Some(numbers.collect())
    }
}

impl<'r> FieldReport<'r> {
    fn new(field: &'r Field) -> Self {
        FieldReport {
            field: field.name().map_or_else(|| field.number().to_string().into(), Cow::Borrowed),
            op: field
                .op()
                .symbol()
                .map_or_else(|| format!("{:#x}", field.op().bits()).into(), Cow::Borrowed),
            value: match field {
                Field::Number { value, .. } => ValueReport::Number(*value),
                Field::Text { text, .. } => ValueReport::Text(String::from_utf8_lossy(text)),
            },
            name: match field {
                Field::Number { id: NumberId::ARCH, value, .. } => {
                    Arch::from_elf(*value).map(Arch::common_name)
                }
                _ => None,
            },
        }
    }
}

impl<'r> ControlReport<'r> {
    fn new(control: &'r Control) -> Self {
        let number = |value: &u32| Some(ValueReport::Number(*value));
        let (name, value) = match control {
            Control::Enabled(value) => ("enabled", number(value)),
            Control::Failure(value) => ("failure", number(value)),
            Control::RateLimit(value) => ("rate_limit", number(value)),
            Control::BacklogLimit(value) => ("backlog_limit", number(value)),
            Control::BacklogWaitTime(value) => ("backlog_wait_time", number(value)),
            Control::ResetLost => ("reset_lost", None),
            Control::ResetBacklogWaitTimeActual => ("reset_backlog_wait_time_actual", None),
            Control::LoginuidImmutable => ("loginuid_immutable", None),
            Control::Trim => ("trim", None),
            Control::MakeEquivalent { mount, subtree } => {
                let paths = [&**mount, b",", subtree].concat();
                let text = String::from_utf8_lossy(&paths).into_owned();
                ("make_equivalent", Some(ValueReport::Text(text.into())))
            }
            Control::UserMessage(text) => {
                ("user_message", Some(ValueReport::Text(String::from_utf8_lossy(text))))
            }
        };
        ControlReport { name, value }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(value: &bool) -> bool {
    !value
}
