//! Attributes that contradict each other.

use super::Problem;
use crate::catalog;
use crate::eval::{Event, Kind, Outcome, Syscall};
use crate::model::{names_no_file, never_returns};

/// Checks an event.
pub(super) fn check(event: &Event) -> Result<(), Problem> {
    let syscall = event.call.syscall_name();
    if let Outcome::Returned { value: Some(value), success: Some(success) } = event.call.outcome
        && event.call.outcome.success() != Some(success)
    {
        let state = if success { "fails" } else { "succeeds" };
        return Err(Problem::new(format!("a call that returns {value} {state}"))
            .with_help("leave out `exit` or `success`"));
    }
    if let Some(name) = syscall.filter(|name| never_returns(name))
        && matches!(event.call.outcome, Outcome::Returned { value, success } if value.is_some() || success.is_some())
    {
        return Err(Problem::new(format!("{name} never returns"))
            .with_help("leave out `exit` and `success`"));
    }
    if let (Some(name), Some([_, ..])) = (syscall, event.names.as_deref())
        && names_no_file(name)
    {
        return Err(Problem::new(format!("{name} collects no names of files"))
            .with_help("leave out `path`, or name another syscall"));
    }
    if let (Some(arch), Some(Syscall::Name(name))) = (event.call.arch, &event.call.syscall)
        && catalog::kernel_syscall_number(arch, name.as_bytes()).is_none()
    {
        let nearest = catalog::nearest_syscall(arch, name.as_bytes());
        return Err(Problem::new(format!("{} has no syscall `{name}`", arch.common_name()))
            .suggesting(nearest.filter(|nearest| nearest != name)));
    }
    if event.kind != Kind::Syscall && event.call.syscall.is_some() {
        return Err(Problem::new("`syscall` is an attribute of the list exit only")
            .with_help("leave out `syscall`, or `list`, `type` and `op`"));
    }
    Ok(())
}
