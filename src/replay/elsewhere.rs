//! Names that no rule is about.

use foldhash::HashSet;
use memchr::{memchr, memrchr};

use crate::eval::clean_path;
use crate::ingest::word_of;
use crate::rule::{Field, Rule, TextId};

/// The files and directories that rules name.
#[derive(Clone, Debug, Default)]
pub(super) struct Named {
    paths: HashSet<Box<[u8]>>,
    /// The names in them.
    parts: HashSet<Box<[u8]>>,
    /// The directories above them.
    above: HashSet<Box<[u8]>>,
    /// The directories below the root that they are in.
    tops: HashSet<Box<[u8]>>,
    /// The hashes of their beginnings, as bits: most other directories have none of these.
    hashes: u64,
    /// Whether a rule names the root, which is above everything.
    has_root: bool,
}

impl Named {
    /// Adds the paths of a rule.
    pub(super) fn add(&mut self, rule: &Rule) {
        for field in &rule.fields {
            let Field::Text { id: TextId::PATH | TextId::DIR, text, .. } = field else { continue };
            let path = clean_path(text);
            let path = path.strip_suffix(b"/").unwrap_or(&path);
            self.has_root |= path.is_empty();
            self.paths.insert(path.into());
            self.parts.extend(path.split(|byte| *byte == b'/').map(Into::into));
            self.above.extend(directories(path).map(Into::into));
            self.tops.insert(top(path).into());
            self.hashes |= hash(top(path));
        }
    }

    /// Returns whether a name in a record is a path that is neither one of these, nor below or above one. Such names all
    /// mean the same to the rules. A path that is not plain, as `/a/../b` or in digits, can be any.
    pub(super) fn is_elsewhere(&self, name: &[u8]) -> bool {
        let [b'"', path @ .., b'"'] = name else { return false };
        let path = path.strip_suffix(b"/").unwrap_or(path);
        is_plain(path) && (!self.may_be_near(path) || self.is_far(path))
    }

    /// Returns whether a name in a record is relative, and no part of it is in one of these paths. Such names all mean the
    /// same to the rules, whichever directory they begin in.
    pub(super) fn is_apart(&self, name: &[u8]) -> bool {
        let [b'"', path @ .., b'"'] = name else { return false };
        let mut parts = path.split(|byte| *byte == b'/');
        parts.all(|part| !matches!(part, b"" | b"." | b"..") && !self.parts.contains(part))
    }

    /// Returns `false` if certainly no rule names this path, one below it or one above it. The root is above each.
    fn may_be_near(&self, path: &[u8]) -> bool {
        let top = top(path);
        path.is_empty() || self.has_root || self.hashes & hash(top) != 0 && self.tops.contains(top)
    }

    fn is_far(&self, path: &[u8]) -> bool {
        !self.paths.contains(path)
            && !self.above.contains(path)
            && !directories(path).any(|directory| self.paths.contains(directory))
    }
}

/// Returns the directories above a path, the nearest first, without slashes at their ends. The root is the empty one.
fn directories(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::successors(parent(path), |path| parent(path))
}

fn parent(path: &[u8]) -> Option<&[u8]> {
    path.get(..memrchr(b'/', path)?)
}

/// Returns the directory below the root that a path is in, or the path if it is there.
fn top(path: &[u8]) -> &[u8] {
    let end = path.get(1..).and_then(|rest| memchr(b'/', rest));
    end.and_then(|end| path.get(..=end)).unwrap_or(path)
}

/// Returns whether a path is absolute, and each of its parts a name.
fn is_plain(path: &[u8]) -> bool {
    let Some((b'/', rest)) = path.split_first() else { return false };
    let may_be_other = path.windows(2).any(|pair| matches!(pair, b"//" | b"/."));
    let mut parts = rest.split(|byte| *byte == b'/');
    !rest.is_empty()
        && !path.ends_with(b"/")
        && (!may_be_other || parts.all(|part| !matches!(part, b"" | b"." | b"..")))
}

/// Returns one bit for the beginning of a directory.
fn hash(directory: &[u8]) -> u64 {
    let first = directory.get(..8).unwrap_or(directory);
    // The highest bits of a product depend on all bits (Knuth, multiplicative hashing).
    1 << (word_of(first).unwrap_or_default().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::{Action, FilterList, Op};

    #[test]
    fn relative_names_that_no_rule_is_about() {
        let mut rule = Rule::new(FilterList::Exit, Action::Always);
        let text = Box::from(*b"/etc/app/conf");
        rule.fields.push(Field::Text { id: TextId::PATH, op: Op::EQUAL, text });
        let mut named = Named::default();
        named.add(&rule);
        for (name, is_apart) in [
            ("x", true),
            ("x/y", true),
            ("confx", true),
            ("conf", false),
            ("app", false),
            ("x/etc", false),
            ("x/../y", false),
            ("./x", false),
            ("x/", false),
            ("/x", false),
            ("", false),
        ] {
            assert_eq!(named.is_apart(format!("\"{name}\"").as_bytes()), is_apart, "{name}");
        }
        assert!(!named.is_apart(b"78") && !named.is_apart(b"(null)"));
    }

    #[test]
    fn names_that_no_rule_is_about() {
        let mut rule = Rule::new(FilterList::Exit, Action::Always);
        // The kernel finds the file of a rule, however its path is written.
        for (id, text) in [(TextId::PATH, "/etc//./shadow"), (TextId::DIR, "/srv/x/../data/")] {
            let text = text.as_bytes().into();
            rule.fields.push(Field::Text { id, op: Op::EQUAL, text });
        }
        let mut named = Named::default();
        named.add(&rule);
        for name in
            ["/etc/passwd", "/etc/shadow-", "/srv/datax/a", "/srv/dat", "/tmp/", "/srv/other/x"]
        {
            assert!(named.is_elsewhere(format!("\"{name}\"").as_bytes()), "{name}");
        }
        for name in [
            "/etc/shadow",
            "/etc/shadow/",
            "/etc/shadow/x",
            "/etc",
            "/etc/",
            "/",
            "/srv/data",
            "/srv/data/a/b",
            "/srv",
            "/tmp/../etc/shadow",
            "/tmp//x",
            "/tmp/./x",
            "shadow",
            "",
        ] {
            assert!(!named.is_elsewhere(format!("\"{name}\"").as_bytes()), "{name}");
        }
        assert!(!named.is_elsewhere(b"2F746D70"), "digits");
        assert!(!named.is_elsewhere(b"(null)"));
    }
}
