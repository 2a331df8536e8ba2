//! Hover text of a name after `-S`: its number on each machine, or the syscall that replaces it there.

use crate::catalog::{
    Arch, KnownList, kernel_syscall_name, replacement, syscall_number, syscall_since,
    uring_op_number,
};
use crate::lsp::context::Context;

/// The machines that most rules are for.
const COMMON: [Arch; 7] =
    [Arch::X86_64, Arch::I386, Arch::Aarch64, Arch::Arm, Arch::Ppc64le, Arch::S390x, Arch::Riscv64];

/// Returns the hover text of a name in a rule with this context.
pub(super) fn hover(name: &[u8], context: Context) -> Option<String> {
    let text = std::str::from_utf8(name).ok()?;
    if context.list == Some(KnownList::IoUring) {
        let number = uring_op_number(name)?;
        return Some(format!("`{text}`\n\nio_uring operation {number}."));
    }
    if text.eq_ignore_ascii_case("all") {
        return Some("`all`\n\nEvery syscall.".to_owned());
    }
    if let Ok(number) = text.parse() {
        let name = kernel_syscall_name(context.arch, number)?;
        return Some(format!("`{number}`\n\n`{name}` on {}.", context.arch.common_name()));
    }
    let mut arches = COMMON.to_vec();
    if !arches.contains(&context.arch) {
        arches.insert(0, context.arch);
    }
    let is_known = Arch::ALL.iter().any(|arch| syscall_number(*arch, name).is_some());
    is_known.then(|| {
        let rows: String = arches.iter().map(|arch| row(*arch, name)).collect();
        format!("`{text}`\n\n| machine | number | since Linux |\n|---|---|---|\n{rows}")
    })
}

fn row(arch: Arch, name: &[u8]) -> String {
    let machine = arch.common_name();
    match (syscall_number(arch, name), replacement(arch, name)) {
        (Some(number), _) => {
            let since = syscall_since(arch, number).map(|since| since.to_string());
            format!("| {machine} | {number} | {} |\n", since.unwrap_or_default())
        }
        (None, Some(instead)) => format!("| {machine} | none; use `{instead}` | |\n"),
        (None, None) => format!("| {machine} | none | |\n"),
    }
}
