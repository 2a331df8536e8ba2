//! The files of a machine, as a list of tables.

use super::Problem;
use super::names::{device, mode};
use super::value::Value;
use crate::catalog;
use crate::eval::{File, Files, Inode, InodeId};

/// The attributes of a file, each with the short name that recordings use.
const ATTRIBUTES: [(&str, &str); 10] = [
    ("path", "p"),
    ("exists", "x"),
    ("inode", "ino"),
    ("dev", "dev"),
    ("rdev", "rdev"),
    ("mode", "mode"),
    ("ouid", "uid"),
    ("ogid", "gid"),
    ("link", "ln"),
    ("changes", "changes"),
];
/// Attributes that are of no use here: the number of links, and the real path.
const IGNORED: [&str; 2] = ["nl", "rp"];

/// Returns the files of a list.
pub(super) fn of_list(value: &Value<'_>) -> Result<Files, Problem> {
    let mut files = Files::default();
    for row in value.elements() {
        let (path, file) = file(row)?;
        files.insert(path, file);
    }
    Ok(files)
}

fn file(value: &Value<'_>) -> Result<(Vec<u8>, File), Problem> {
    let (mut path, mut exists) = (None, true);
    let (mut number, mut dev) = (None, None);
    let mut inode = Inode::default();
    let mut changes = Some(0);
    for (attribute, value) in value.rows("files")? {
        match full_name(attribute)? {
            "path" => path = Some(value.bytes("path")?),
            "exists" => exists = value.truth("exists")?,
            "changes" if *value == Value::Null => changes = None,
            "changes" => changes = Some(value.number("changes")?),
            _ if *value == Value::Null => {}
            "inode" => number = Some(value.argument("inode")?),
            "dev" => dev = Some(device("dev", value)?),
            "rdev" => inode.rdev = Some(device("rdev", value)?),
            "mode" => inode.mode = Some(mode(value)?),
            "ouid" => inode.uid = Some(value.number("ouid")?),
            "ogid" => inode.gid = Some(value.number("ogid")?),
            "link" => inode.link = Some(value.bytes("link")?),
            _ => {}
        }
    }
    inode.id = number.zip(dev).map(|(number, dev)| InodeId { dev, number });
    let path = path.ok_or_else(|| Problem::new("a file has no `path`"))?;
    if !path.starts_with(b"/") {
        return Err(Problem::new(format!(
            "`{}` is not an absolute path",
            String::from_utf8_lossy(&path)
        )));
    }
    Ok((path, File { inode: exists.then_some(inode), changes }))
}

fn full_name(attribute: &str) -> Result<&'static str, Problem> {
    if let Some(ignored) = IGNORED.into_iter().find(|ignored| *ignored == attribute) {
        return Ok(ignored);
    }
    let known = ATTRIBUTES.iter().find(|(full, short)| [*full, *short].contains(&attribute));
    known.map(|(full, _)| *full).ok_or_else(|| {
        Problem::new(format!("a file has no attribute `{attribute}`")).suggesting(catalog::nearest(
            attribute.as_bytes(),
            ATTRIBUTES.iter().map(|(full, _)| *full),
        ))
    })
}
