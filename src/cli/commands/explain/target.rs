//! The kernel that the rules are explained for.

use nix::sys::utsname::uname;

use super::sources::Source;
use crate::catalog::{Arch, KernelVersion};
use crate::cli::args::Explain;
use crate::cli::exit::Stop;
use crate::cli::host::this_machine;
use crate::cli::report;
use crate::model::Profile;

/// A kernel.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target {
    pub(super) profile: Profile,
    /// Its version; `None` for the newest known version, or if only the size of the syscall table is known.
    pub(super) version: Option<KernelVersion>,
}

impl Target {
    /// Returns the kernel of the options; without them the running kernel for its own rules, and the newest known
    /// version for others.
    pub(super) fn of(arguments: &Explain, sources: &[Source]) -> Result<Self, Stop> {
        let Some(arch) = arguments.target.arch.or_else(this_machine) else {
            return Err(Stop::unanswered(
                "the syscalls of this machine are unknown; set an arch with --arch",
            ));
        };
        let runs_here = sources.contains(&Source::Kernel) && arguments.target.arch.is_none();
        let running = || running_version().filter(|_| runs_here && arguments.nr_syscalls.is_none());
        let version = arguments.kernel.or_else(running);
        report::note_newer_kernel(version);
        let profile = match (arguments.nr_syscalls, version) {
            (Some(number), _) => Profile::new(arch, number),
            (None, None) => Profile::newest(arch),
            (None, Some(version)) => match arch.nr_syscalls_at(version) {
                Some(number) => Profile::new(arch, number),
                None if arguments.kernel.is_none() => return Ok(Self::unknown_table(arch)),
                None => {
                    return Err(Stop::unanswered(format_args!(
                        "the syscalls of Linux {version} are unknown: the oldest known is 5.13; \
                         set their number with --nr-syscalls"
                    )));
                }
            },
        };
        Ok(Target { profile, version })
    }

    fn unknown_table(arch: Arch) -> Self {
        Target { profile: Profile::newest(arch), version: None }
    }
}

fn running_version() -> Option<KernelVersion> {
    KernelVersion::of_release(uname().ok()?.release().as_encoded_bytes())
}
