//! C121 `path-in-earlier-tree`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::scope::Scope;
use crate::lint::trees::{InTree, path_of};
use crate::lint::witness::as_tree;
use crate::rule::Action;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C121",
    name: "path-in-earlier-tree",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("c121_path_in_earlier_tree.md"),
};

fn check(facts: &Facts<'_, '_>, scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    // The kernel watches nothing below a link: see R113.
    let is_link = |one: &&InTree<'_, '_>| {
        let tree = path_of(&one.earlier).filter(|tree| !tree.path.ends_with(b"/"));
        tree.zip(scope.system).is_some_and(|(tree, host)| host.link_target(tree.path).is_some())
    };
    findings.extend(facts.in_trees().iter().filter(|one| !is_link(one)).map(|one| {
        let tree = as_tree(one.earlier.kernel_rule);
        finding(one).witness(facts.example(scope, &[&tree], one.later.kernel_rule))
    }));
}

fn finding(one: &InTree<'_, '_>) -> Finding {
    let tree = String::from_utf8_lossy(one.tree);
    let action = |action, always: &'static str, never: &'static str| match action {
        Action::Never => never,
        _ => always,
    };
    let message = format!(
        "an earlier rule for the tree `{tree}` {} what this rule would {}",
        action(one.earlier.kernel_rule.action, "records", "silences"),
        action(one.later.kernel_rule.action, "record", "silence"),
    );
    Finding::new(&LINT, one.path.place, message)
        .label("in this tree")
        .help("write this rule before the rule for the tree, or delete it")
        .related(one.earlier.line.whole(), "matches first")
}
