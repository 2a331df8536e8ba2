//! The path that an event is about.

use std::borrow::Cow;

use crate::catalog::record;
use crate::eval::{Nametype, clean_path};
use crate::ingest::searches::{NAME, NAMETYPE};
use crate::ingest::{Fields, Group, Part, Value, may_be_of_descriptor};
use crate::rule::{Field, Rule, TextId};

/// The paths that a rule tests.
#[derive(Clone, Debug, Default)]
pub(super) struct TestedPaths {
    files: Vec<Box<[u8]>>,
    /// Directories, without a slash at the end.
    trees: Vec<Box<[u8]>>,
}

impl TestedPaths {
    /// Returns the paths that rules test.
    pub(super) fn by<'r>(rules: impl Iterator<Item = &'r Rule>) -> Self {
        let mut tested = TestedPaths::default();
        for field in rules.flat_map(|rule| &rule.fields) {
            match field {
                Field::Text { id: TextId::PATH, text, .. } => {
                    tested.files.push(clean_path(text).into());
                }
                Field::Text { id: TextId::DIR, text, .. } => {
                    let tree = clean_path(text);
                    tested.trees.push(tree.strip_suffix(b"/").unwrap_or(&tree).into());
                }
                _ => {}
            }
        }
        tested
    }

    fn is_empty(&self) -> bool {
        self.files.is_empty() && self.trees.is_empty()
    }

    fn has(&self, path: &[u8]) -> bool {
        let is_below = |tree: &[u8]| {
            path.strip_prefix(tree).is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
        };
        self.files.iter().any(|file| **file == *path)
            || self.trees.iter().any(|tree| is_below(tree))
    }
}

/// Returns the path that an event is about: of the names that are no parent of another, the first that the rule tests, or
/// else the first. For a program that is run, that is the program and not its loader.
pub(super) fn path_of<'g>(group: &'g Group, tested: &TestedPaths) -> Option<Cow<'g, [u8]>> {
    let mut first = None;
    for part in group.parts_of(record::PATH) {
        if is_parent(&part) {
            continue;
        }
        // `(null)`: the call names its file by a descriptor.
        let Some(name) = name_of(&part).and_then(Value::text) else { continue };
        let path = absolute(name, group);
        if tested.is_empty() || tested.has(&path) {
            return Some(path);
        }
        first.get_or_insert(path);
    }
    first
}

fn name_of<'g>(part: &Part<'g>) -> Option<Value<'g>> {
    match part.is_placed() {
        true => NAME.find(part),
        // It is one of the first fields.
        false => Fields::of(part.fields).get(b"name"),
    }
}

fn is_parent(part: &Part<'_>) -> bool {
    NAMETYPE.find(part).is_some_and(|kind| kind.raw() == Nametype::Parent.name().as_bytes())
}

/// Joins a relative name with its directory. The directory of a descriptor is not in the log: such a name stays as it is.
fn absolute<'g>(name: Cow<'g, [u8]>, group: &'g Group) -> Cow<'g, [u8]> {
    if name.starts_with(b"/") || may_be_of_descriptor(group) {
        return name;
    }
    let cwd = group.record(record::CWD).and_then(|fields| Fields::of(fields).get(b"cwd")?.text());
    let Some(cwd) = cwd.filter(|cwd| cwd.starts_with(b"/")) else { return name };
    let mut rest = &*name;
    while let Some(after) = rest.strip_prefix(b"./") {
        rest = after;
    }
    let cwd = cwd.strip_suffix(b"/").unwrap_or(&cwd);
    match rest {
        b"" | b"." if cwd.is_empty() => Cow::Borrowed(b"/"),
        b"" | b"." => Cow::Owned(cwd.to_vec()),
        rest => Cow::Owned([cwd, b"/", rest].concat()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::{Assembly, Record};

    /// Returns the path of a call on x86_64 with these arguments and names, as number, argument 0, directory and records.
    fn path(
        syscall: u32,
        a0: &str,
        names: &[(&str, &str)],
        tested: &TestedPaths,
    ) -> Option<String> {
        let head = |kind: &str| format!("type={kind} msg=audit(1.0:1): ");
        let mut log = vec![
            format!(
                "{}arch=c000003e syscall={syscall} a0={a0} a1=0 a2=ffffff9c a3=0",
                head("SYSCALL")
            ),
            format!("{} cwd=\"/home/ann\"", head("CWD")),
        ];
        log.extend(names.iter().zip(0..).map(|((name, role), item)| {
            format!("{}item={item} name={name} inode=7 nametype={role} cap_fp=0", head("PATH"))
        }));
        let (mut assembly, mut found) = (Assembly::default(), None);
        let mut end = |group: &mut Box<Group>| {
            let path = path_of(group, tested);
            found = path.map(|path| String::from_utf8_lossy(&path).into_owned());
        };
        for line in &log {
            assembly.add(&Record::parse(line.as_bytes()).unwrap(), 0, &mut end);
        }
        assembly.finish(&mut end);
        found
    }

    #[test]
    fn the_first_name_that_is_no_parent() {
        let none = TestedPaths::default();
        let found = |names: &[(&str, &str)]| path(2, "1", names, &none);
        assert_eq!(found(&[]), None);
        assert_eq!(found(&[("(null)", "NORMAL")]), None);
        let names = [("\"/tmp/\"", "PARENT"), ("\"/tmp/a\"", "CREATE")];
        assert_eq!(found(&names).as_deref(), Some("/tmp/a"));
        let names = [("\"/bin/sh\"", "NORMAL"), ("\"/lib64/ld-linux-x86-64.so.2\"", "NORMAL")];
        assert_eq!(found(&names).as_deref(), Some("/bin/sh"));
        // `/tmp/a b`, in digits because of the space.
        assert_eq!(found(&[("2F746D702F612062", "NORMAL")]).as_deref(), Some("/tmp/a b"));
    }

    #[test]
    fn relative_names_begin_in_the_directory_of_the_process() {
        let none = TestedPaths::default();
        let (open, openat) = (2, 257);
        for (syscall, a0, name, expected) in [
            (open, "5581", "notes", "/home/ann/notes"),
            (open, "5581", "./notes", "/home/ann/notes"),
            (open, "5581", ".", "/home/ann"),
            // The way through `..` depends on links.
            (open, "5581", "../x", "/home/ann/../x"),
            (openat, "ffffff9c", "notes", "/home/ann/notes"),
            (openat, "ffffffffffffff9c", "notes", "/home/ann/notes"),
            // Relative to descriptor 5, which can be any directory.
            (openat, "5", "notes", "notes"),
            (openat, "5", "/etc/motd", "/etc/motd"),
        ] {
            let found = path(syscall, a0, &[(&format!("\"{name}\""), "NORMAL")], &none);
            assert_eq!(found.as_deref(), Some(expected), "{name}");
        }
    }

    #[test]
    fn the_name_that_the_rule_tests() {
        let mut rule = Rule::new(crate::rule::FilterList::Exit, crate::rule::Action::Always);
        for (id, text) in [(TextId::PATH, "/etc/shadow"), (TextId::DIR, "/srv/")] {
            let text = text.as_bytes().into();
            rule.fields.push(Field::Text { id, op: crate::rule::Op::EQUAL, text });
        }
        let tested = TestedPaths::by([&rule].into_iter());
        for (new, expected) in [
            ("/etc/shadow", "/etc/shadow"),
            ("/srv/a/b", "/srv/a/b"),
            ("/srv", "/srv"),
            // Neither: the first.
            ("/srvx", "/home/ann/shadow+"),
            ("/etc/shadow-", "/home/ann/shadow+"),
        ] {
            let names = [
                ("\"/home/ann\"", "PARENT"),
                ("\"/etc/\"", "PARENT"),
                ("\"shadow+\"", "DELETE"),
                (&format!("\"{new}\""), "CREATE"),
            ];
            assert_eq!(path(82, "1", &names, &tested).as_deref(), Some(expected), "{new}");
        }
    }
}
