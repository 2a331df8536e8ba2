//! The rules files of a change, for messages.

use std::path::PathBuf;

use super::console::{Places, Subject};
use crate::cli::desired::Desired;
use crate::cli::planned::Planned;
use crate::cli::read::name;
use crate::cli::report::{self, Voice};
use crate::diag::{Diagnostic, escaped};
use crate::ruleset::FileSpan;

/// Maximum number of files that the result names.
const MOST_NAMED: usize = 3;

/// Returns the files that were given, for a message that names them. Many of them are counted.
pub(super) fn name_of_all(paths: &[PathBuf]) -> String {
    match paths.len() {
        ..=MOST_NAMED => {
            let names = paths.iter().map(|path| escaped(&name(path)).into_owned());
            names.collect::<Vec<_>>().join(" ")
        }
        more => report::count(more, "file"),
    }
}

/// The rules files of a change.
pub(super) struct Files<'f> {
    pub(super) desired: &'f Desired,
    pub(super) planned: &'f Planned,
}

impl Files<'_> {
    fn place(&self, subject: Subject<'_>) -> Option<FileSpan> {
        let wanted = &self.desired.wanted;
        match subject {
            Subject::Rule(at) => wanted.places.get(self.planned.wanted_of(at)?).copied(),
            Subject::Setting(control) => wanted.besides.place(control),
        }
    }
}

impl Places for Files<'_> {
    fn name(&self, subject: Subject<'_>) -> Option<String> {
        self.place(subject).map(|place| self.desired.name_of(place))
    }

    fn print(
        &self,
        voice: Voice,
        subject: Subject<'_>,
        diagnostic: &dyn Fn(FileSpan) -> Diagnostic,
    ) -> bool {
        let place = self.place(subject);
        // What `optimize` made is not what somebody edits.
        let Some(place) = place.filter(|_| !self.desired.is_product) else { return false };
        self.desired.diagnostic(voice, place, &diagnostic(place));
        true
    }
}
