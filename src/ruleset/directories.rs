//! The directories that rules name.

use std::collections::BTreeSet;

use super::RuleSet;
use crate::compile::trim_slashes;
use crate::syntax::Directive;

impl RuleSet<'_> {
    /// The paths that rules mean as directories: watches that end in a slash, and `dir=`.
    pub(crate) fn directories(&self) -> BTreeSet<Vec<u8>> {
        let options = self.written().flat_map(|(_, _, command)| &command.options);
        options.filter_map(|item| directory(&item.directive)).collect()
    }
}

/// The path that an option means as a directory.
fn directory(directive: &Directive<'_>) -> Option<Vec<u8>> {
    let path = match directive {
        Directive::Watch(path) if path.bytes().ends_with(b"/") => path.clone(),
        Directive::Field(expression) => {
            let comparison = expression.parts().ok()?;
            (comparison.field.bytes() == b"dir").then_some(comparison.value)?
        }
        _ => return None,
    };
    Some(trim_slashes(path.bytes()).to_vec())
}
