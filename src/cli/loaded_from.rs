//! Reads the file of `-l --source`.

use std::path::Path;

use super::exit::{Exit, Stop};
use super::host::{For, SystemHost};
use super::load::report_faults;
use super::read::{Policy, SizeLimit, name};
use super::report::{Voice, name_of};
use crate::analysis::{Origin, arming, loads};
use crate::diag::escaped;
use crate::report::loaded_from::SourceMap;
use crate::ruleset::{CheckedSet, FileSpan, Input, RuleSet};
use crate::source::Source;

/// Reads a file that `optimize` made, as this kernel holds it. Errors are printed.
pub(super) fn read(path: &Path) -> Result<SourceMap, Stop> {
    let policy = Policy::look_only(SizeLimit::default());
    let source = Source::new(name(path), policy.read_rules(path).map_err(Stop::unanswered)?);
    let host = SystemHost::this_machine(For::ThisKernel);
    let set = RuleSet::new([Input { source: &source, directory: None }]);
    let checked = CheckedSet::new(&set, &host);
    if checked.error_count(0) > 0 && !report_faults(Voice::Stderr, &checked, &name_of(path)) {
        return Err(Stop::after_report(Exit::Unanswered));
    }
    let Some(profile) = checked.profile() else {
        return Err(Stop::unanswered("the syscalls of this machine are unknown"));
    };
    let file = escaped(source.name()).into_owned();
    let origin = |_, place: FileSpan| Origin {
        file: file.as_str().into(),
        line: source.location(place.span.start).line,
    };
    let rules = arming(profile, &loads(&checked.lines, origin));
    Ok(SourceMap::new(file.clone(), &source, &rules))
}
