//! Attributes of a call.

use super::Problem;
use super::read::Reader;
use super::value::Value;
use crate::catalog::argument::argument_kind;
use crate::catalog::{self, Arch};
use crate::eval::{Address, Attribute, Event, Outcome, Syscall};

impl Reader {
    /// Sets an attribute of the call of an event.
    pub(super) fn set_call(
        self,
        event: &mut Event,
        attribute: Attribute,
        value: &Value<'_>,
    ) -> Result<(), Problem> {
        let (name, call) = (attribute.name(), &mut event.call);
        match attribute {
            Attribute::Arch => call.arch = Some(self.arch(value)?),
            Attribute::Syscall => call.syscall = Some(self.syscall(value)?),
            Attribute::A0 => call.args[0] = Some(value.argument(name)?),
            Attribute::A1 => call.args[1] = Some(value.argument(name)?),
            Attribute::A2 => call.args[2] = Some(value.argument(name)?),
            Attribute::A3 => call.args[3] = Some(value.argument(name)?),
            Attribute::OpenFlags => call.open_flags = Some(open_flags(value)?),
            Attribute::SaddrFam => {
                call.address = match value {
                    Value::Null => Address::None,
                    _ => Address::Family(family(value)?),
                }
            }
            Attribute::Exit => {
                let success = call.outcome.success();
                call.outcome = match value {
                    Value::Null => Outcome::Never,
                    _ => Outcome::Returned { value: Some(exit(value)?), success },
                };
            }
            Attribute::Success => {
                let success = value.truth(name)?;
                match call.outcome {
                    Outcome::Returned { value, .. } => {
                        call.outcome = Outcome::Returned { value, success: Some(success) };
                    }
                    Outcome::Never => {
                        return Err(Problem::new("a call that never returns has no `success`"));
                    }
                }
            }
            _ => return Err(Problem::new(format!("`{name}` is not an attribute of a call"))),
        }
        Ok(())
    }

    fn arch(self, value: &Value<'_>) -> Result<Arch, Problem> {
        let name = value.name().unwrap_or_default();
        let arch = match name {
            b"b64" => self.machine.b64(),
            b"b32" => self.machine.b32(),
            _ => Arch::from_any_name(name),
        };
        let arch = arch.ok_or_else(|| {
            Problem::new(format!("arch: `{}` is not an arch of this machine", value.shown()))
                .suggesting(
                    catalog::nearest_arch(name).filter(|nearest| nearest.as_bytes() != name),
                )
        })?;
        if arch != self.machine && Some(arch) != self.machine.compat() {
            let machine = self.machine.common_name();
            let own = "leave out `arch`, or set the machine with `--arch`";
            return Err(Problem::new(format!(
                "{machine} does not run {} programs",
                arch.common_name()
            ))
            .with_help(own));
        }
        Ok(arch)
    }

    fn syscall(self, value: &Value<'_>) -> Result<Syscall, Problem> {
        if value.as_number().is_some() {
            return value.number("syscall").map(Syscall::Number);
        }
        let name = value.text_of("syscall")?;
        let arches = [Some(self.machine), self.machine.compat()];
        let mut arches = arches.into_iter().flatten().chain(Arch::ALL);
        if arches.any(|arch| catalog::kernel_syscall_number(arch, name).is_some()) {
            return Ok(Syscall::Name(String::from_utf8_lossy(name).into_owned()));
        }
        Err(Problem::new(format!("no syscall is called `{}`", value.shown()))
            .suggesting(catalog::nearest_syscall(self.machine, name)))
    }
}

/// Returns a result: a number, or an error with a minus, as `-EACCES`.
fn exit(value: &Value<'_>) -> Result<i64, Problem> {
    if let Some(number) = value.as_number() {
        return i64::try_from(number)
            .map_err(|_| Problem::new(format!("exit: {number} is out of range")));
    }
    let name = value.name().unwrap_or_default();
    let problem = || Problem::new(format!("exit: `{}` is not a result of a call", value.shown()));
    match name.strip_prefix(b"-") {
        Some(error) => match catalog::errno_number(error) {
            Some(number) => Ok(-i64::from(number)),
            None => Err(problem().suggesting(catalog::nearest_errno(name))),
        },
        None if catalog::errno_number(name).is_some() => Err(problem().with_help(format!(
            "a call that fails returns a negative number: write `-{}`",
            value.shown()
        ))),
        None => Err(problem().with_help("write a number, or an error such as `-EACCES`")),
    }
}

fn family(value: &Value<'_>) -> Result<u32, Problem> {
    match value.name().and_then(catalog::family_number) {
        Some(family) => Ok(family),
        None => value.number("saddr_fam").map_err(|problem| {
            problem.with_help("write a family such as `inet`, a number, or `none`")
        }),
    }
}

/// Returns the flags of open: a number, or names with `|` between them.
fn open_flags(value: &Value<'_>) -> Result<u32, Problem> {
    let Some(text) = value.name().filter(|_| value.as_number().is_none()) else {
        return value.number("flags");
    };
    let kind = argument_kind("open", 1, |_| 0);
    let number = |name: &[u8]| match name {
        b"O_RDONLY" => Some(0),
        // These names stand for two bits.
        b"O_SYNC" => Some(0o4_010_000),
        b"O_TMPFILE" => Some(0o20_200_000),
        _ => kind?.number(name),
    };
    let mut flags = 0;
    for name in text.split(|byte| matches!(byte, b'|' | b',')) {
        flags |= number(name).ok_or_else(|| {
            let shown = String::from_utf8_lossy(name).into_owned();
            let known = kind.into_iter().flat_map(|kind| kind.flags(u32::MAX)).chain(["O_RDONLY"]);
            Problem::new(format!("flags: open has no flag `{shown}`"))
                .suggesting(catalog::nearest(name, known))
        })?;
    }
    Ok(flags)
}
