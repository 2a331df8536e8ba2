//! Reads saved listings. `fuzz/` runs the same code.

use rauditctl::catalog::Arch;
use rauditctl::host::AnyHost;
use rauditctl::listing::{Doubt, read};
use rauditctl::report::argument::NoNames;
use rauditctl::report::listing::{Listing, Style};
use rauditctl::rule::{Field, NumberId};

/// Reads a listing. What is printed for a rule reads as this rule. The first byte selects the machine.
pub(super) fn listing(input: &[u8]) {
    let (machine, text) = input.split_first().unwrap_or((&0, &[]));
    let machine = Arch::ALL.get(usize::from(*machine)).copied().unwrap_or(Arch::X86_64);
    let host = AnyHost::new(Some(machine));
    let listed = match read(text, machine, &host) {
        Ok(listed) => listed,
        Err(problems) => {
            assert!(!problems.is_empty());
            for problem in problems {
                assert!(text.get(problem.span.range()).is_some(), "{problem:?}");
                assert!(!problem.to_string().is_empty());
            }
            return;
        }
    };
    for listed in &listed.rules {
        assert!(text.get(listed.span.range()).is_some(), "{listed:?}");
        assert!(listed.may_be(&listed.rule) && listed.others.iter().all(|one| listed.may_be(one)));
    }
    let first: Vec<_> = listed.rules.iter().map(|listed| listed.rule.clone()).collect();
    assert_eq!(listed.expecting(&first), first);
    // The bytes in JSON can be those of rules that no listing shows.
    if text.trim_ascii_start().starts_with(b"{") {
        return;
    }
    for one in listed.rules {
        if one.rule.fields.iter().any(|field| is_foreign(field, machine)) {
            continue;
        }
        let style =
            Style { interpret: false, machine: Some(machine), keep_arch: false, names: &NoNames };
        let printed = Listing::of(style, [&one.rule]);
        let again = read(&printed, machine, &host);
        let again = again.unwrap_or_else(|problems| panic!("{one:?}: {problems:?}"));
        let is_open = one.is_ambiguous() && one.doubts != [Doubt::Action, Doubt::Directory];
        assert!(is_open || again.rules[0].rule == one.rule, "{one:?} {again:?}");
    }
}

/// Returns whether a field is the arch of another machine, which is printed as `b64` or `b32` too.
fn is_foreign(field: &Field, machine: Arch) -> bool {
    let own = [machine.b64(), machine.b32()].map(|arch| arch.map(Arch::elf));
    match field {
        Field::Number { id: NumberId::ARCH, value, .. } => {
            let arch = Arch::from_elf(*value).filter(|arch| arch.known_to_auditctl());
            arch.is_some() && !own.contains(&Some(*value))
        }
        _ => false,
    }
}
