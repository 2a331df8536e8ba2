//! Paths in trees: rules for a path after a rule for a tree that contains it.

use foldhash::HashMap;

use super::paths::{RulePath, Use, of_rule, trimmed};
use crate::catalog::field;
use crate::relate::Conditions;
use crate::rule::FilterList;
use crate::ruleset::{CompiledSet, LoadedRule};
use crate::syntax::Directive;

/// Maximum number of directories above a path that are looked up, and of rules for each: limits the time.
const MOST: usize = 64;

/// A rule for a path, and an earlier rule for a tree that contains the path and matches all that the rule matches
/// there.
#[derive(Debug)]
pub(super) struct InTree<'a, 's> {
    /// The rule.
    pub(super) later: LoadedRule<'a, 's>,
    /// Its path.
    pub(super) path: RulePath<'a, 's>,
    /// The earlier rule.
    pub(super) earlier: LoadedRule<'a, 's>,
    /// Its tree.
    pub(super) tree: &'a [u8],
}

/// Returns whether a path is in the tree of a directory, or is that directory.
pub(super) fn is_in_tree(path: &[u8], tree: &[u8]) -> bool {
    match trimmed(tree) {
        b"/" => path.starts_with(b"/"),
        tree => {
            let rest = trimmed(path).strip_prefix(tree);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
        }
    }
}

/// Returns the file or tree that a rule is about.
pub(super) fn path_of<'a, 's>(loaded: &LoadedRule<'a, 's>) -> Option<RulePath<'a, 's>> {
    of_rule(loaded).find(|one| one.is != Use::Program)
}

/// Returns the rules for a path after a rule for its tree, in the kernel's order.
pub(super) fn in_trees<'a, 's>(compiled: &'a CompiledSet<'a, 's>) -> Vec<InTree<'a, 's>> {
    let mut trees: HashMap<&'a [u8], Vec<(LoadedRule<'a, 's>, Conditions<'a>)>> =
        HashMap::default();
    let mut found = Vec::new();
    for later in compiled.in_kernel_order() {
        let Some(path) = path_of(&later) else { continue };
        let conditions = Conditions::without(later.kernel_rule, number_of(&path));
        if later.kernel_rule.list != FilterList::Exit || !conditions.can_match() {
            continue;
        }
        let mut above = above(path.path).filter_map(|tree| Some((tree, trees.get(tree)?)));
        let earlier = above.find_map(|(tree, rules)| {
            let covers = |(rule, wider): &&(LoadedRule<'a, 's>, Conditions<'a>)| {
                rule.kernel_rule.mask.contains_all(&later.kernel_rule.mask)
                    && wider.implied_by(&conditions)
            };
            rules.iter().take(MOST).find(covers).map(|(rule, _)| (tree, *rule))
        });
        match earlier {
            Some((tree, earlier)) => found.push(InTree { later, path, earlier, tree }),
            None if may_be_tree(&path) && !is_usual_link(path.path) => {
                // Most paths are those of one rule, and a vector that grows has room for four.
                let rules =
                    trees.entry(trimmed(path.path)).or_insert_with(|| Vec::with_capacity(1));
                rules.push((later, conditions));
            }
            None => {}
        }
    }
    found
}

fn number_of(path: &RulePath<'_, '_>) -> u32 {
    if path.is == Use::Tree { field::DIR } else { field::PATH }
}

/// Returns the directories above a path, the nearest first.
pub(super) fn above(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = trimmed(path);
    let above = std::iter::from_fn(move || {
        if rest == b"/" {
            return None;
        }
        let slash = rest.iter().rposition(|byte| *byte == b'/')?;
        rest = trimmed(rest.get(..slash.max(1))?);
        Some(rest)
    });
    above.take(MOST)
}

/// Returns whether a path means a tree if another path is below it: `dir=`, and a watch, which auditctl turns into
/// `dir=` for a directory.
fn may_be_tree(path: &RulePath<'_, '_>) -> bool {
    let mut options = path.line.command().options.iter();
    path.is == Use::Tree || options.any(|item| matches!(item.directive, Directive::Watch(_)))
}

/// Returns whether a path is a symbolic link on most machines: then the kernel watches the link, and nothing below it.
pub(super) fn is_usual_link(path: &[u8]) -> bool {
    const LINKS: [&[u8]; 8] =
        [b"/bin", b"/lib", b"/lib32", b"/lib64", b"/libx32", b"/sbin", b"/var/lock", b"/var/run"];
    LINKS.contains(&path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trees_contain_what_is_below_them() {
        assert!(is_in_tree(b"/etc/ssh/x", b"/etc/"));
        assert!(is_in_tree(b"/etc", b"/etc/"));
        assert!(is_in_tree(b"/etc", b"/"));
        assert!(!is_in_tree(b"/etcetera", b"/etc"));
        assert!(!is_in_tree(b"/", b"/etc"));
    }

    #[test]
    fn lists_directories_above_a_path() {
        let above = |path: &'static [u8]| above(path).collect::<Vec<_>>();
        assert_eq!(above(b"/etc//ssh/x/"), [&b"/etc//ssh"[..], b"/etc", b"/"]);
        assert_eq!(above(b"/etc"), [b"/"]);
        assert_eq!(above(b"/"), [b""; 0]);
    }
}
