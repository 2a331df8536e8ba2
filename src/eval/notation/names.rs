//! The names of a call: as lists of the short notation, and as tables.

use super::Problem;
use super::value::Value;
use crate::catalog;
use crate::eval::{Attribute, Device, Event, Name, NameInode, Nametype};

/// The attributes of a name.
pub(super) const NAME_ATTRIBUTES: [&str; 10] =
    ["path", "inode", "dev", "rdev", "mode", "ouid", "ogid", "obj", "fstype", "nametype"];

/// Returns whether an attribute is one of a name.
pub(super) const fn is_of_name(attribute: Attribute) -> bool {
    use Attribute::{Dev, Fstype, Inode, Mode, Nametype, Obj, Ogid, Ouid, Path, Rdev};
    matches!(attribute, Path | Inode | Dev | Rdev | Mode | Ouid | Ogid | Obj | Fstype | Nametype)
}

/// Sets one attribute of all names. In the short notation, `?` is unknown.
pub(super) fn set_list(
    event: &mut Event,
    attribute: &str,
    elements: &[Vec<u8>],
) -> Result<(), Problem> {
    let names = event.names.get_or_insert_default();
    if names.is_empty() {
        names.resize(elements.len(), Name::default());
    }
    if names.len() != elements.len() {
        return Err(Problem::new(format!(
            "{attribute}: {} values for {} names",
            elements.len(),
            names.len()
        ))
        .with_help("write one value for each name, `?` for an unknown one"));
    }
    let Some(attribute) = Attribute::from_name(attribute) else { return Ok(()) };
    for (name, element) in names.iter_mut().zip(elements) {
        match element.as_slice() {
            b"?" => {}
            b"none" if attribute == Attribute::Inode => set_name(name, attribute, &Value::Null)?,
            _ => set_name(name, attribute, &Value::text(element.as_slice()))?,
        }
    }
    Ok(())
}

/// Returns the name of a table.
pub(super) fn of_table(value: &Value<'_>) -> Result<Name, Problem> {
    let mut name = Name::default();
    for (attribute, value) in value.rows("names")? {
        set_name(&mut name, attribute_of_name(attribute)?, value)?;
    }
    Ok(name)
}

/// Returns the attribute of a name that is called so.
pub(in crate::eval) fn attribute_of_name(called: &str) -> Result<Attribute, Problem> {
    Attribute::from_name(called).filter(|known| is_of_name(*known)).ok_or_else(|| {
        Problem::new(format!("a name has no attribute `{called}`")).for_field(
            called,
            is_of_name,
            &NAME_ATTRIBUTES,
        )
    })
}

/// Sets one attribute of a name.
pub(in crate::eval) fn set_name(
    name: &mut Name,
    attribute: Attribute,
    value: &Value<'_>,
) -> Result<(), Problem> {
    let key = attribute.name();
    match (attribute, value) {
        (Attribute::Inode, Value::Null) => name.inode = NameInode::None,
        (_, Value::Null) => {}
        (Attribute::Path, _) => name.path = Some(value.bytes(key)?),
        (Attribute::Inode, _) => name.inode = NameInode::Number(value.argument(key)?),
        (Attribute::Dev, _) => name.dev = Some(device(key, value)?),
        (Attribute::Rdev, _) => name.rdev = Some(device(key, value)?),
        (Attribute::Mode, _) => name.mode = Some(mode(value)?),
        (Attribute::Ouid, _) => name.ouid = Some(value.number(key)?),
        (Attribute::Ogid, _) => name.ogid = Some(value.number(key)?),
        (Attribute::Obj, _) => name.obj = Some(value.bytes(key)?),
        (Attribute::Fstype, _) => {
            let known = value.name().and_then(catalog::fstype_number);
            name.fstype = Some(known.map_or_else(|| value.number(key), Ok)?);
        }
        _ => name.nametype = Some(nametype(value)?),
    }
    Ok(())
}

/// Returns a device: `[8, 1]` or `8:1`.
pub(super) fn device(attribute: &str, value: &Value<'_>) -> Result<Device, Problem> {
    let wrong = || {
        Problem::new(format!("{attribute}: `{}` is not a device", value.shown()))
            .with_help("write its major and its minor number: `8:1`, or `[8, 1]` in a table")
    };
    match value {
        Value::List(numbers) => match numbers.as_slice() {
            [major, minor] => {
                Ok(Device { major: major.number(attribute)?, minor: minor.number(attribute)? })
            }
            _ => Err(wrong()),
        },
        Value::Text(text) => {
            let mut parts = text.split(|byte| *byte == b':');
            match (parts.next(), parts.next(), parts.next()) {
                (Some(major), Some(minor), None) => Ok(Device {
                    major: Value::text(major).number(attribute)?,
                    minor: Value::text(minor).number(attribute)?,
                }),
                _ => Err(wrong()),
            }
        }
        _ => Err(wrong()),
    }
}

/// Returns a mode. A text is octal, as stat prints it.
pub(super) fn mode(value: &Value<'_>) -> Result<u32, Problem> {
    let octal = value.name().and_then(|text| {
        let text = std::str::from_utf8(text).ok()?;
        let digits = text.strip_prefix("0o").unwrap_or(text);
        // A sign is no digit.
        let is_signed = digits.starts_with('+');
        u32::from_str_radix(digits, 8).ok().filter(|_| !is_signed)
    });
    match value {
        Value::Text(_) => octal.ok_or_else(|| {
            Problem::new(format!("mode: `{}` is not octal", value.shown()))
                .with_help("write the type and the permissions, such as `100644`")
        }),
        _ => value.number("mode"),
    }
}

fn nametype(value: &Value<'_>) -> Result<Nametype, Problem> {
    let name = value.name().unwrap_or_default();
    let known =
        Nametype::ALL.into_iter().find(|kind| kind.name().as_bytes().eq_ignore_ascii_case(name));
    known.ok_or_else(|| {
        Problem::new(format!("nametype: a name is not `{}`", value.shown()))
            .with_help("write NORMAL, PARENT, CREATE, DELETE or UNKNOWN")
            .suggesting(catalog::nearest(name, Nametype::ALL.iter().map(|kind| kind.name())))
    })
}
