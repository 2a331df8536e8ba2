//! Ordinary values for attributes that are unknown.

use super::{Address, Attribute, Device, Evaluator, Event, Name, Outcome};
use crate::catalog;

/// The number of a usual file system (`EXT4_SUPER_MAGIC`, linux/magic.h).
const EXT4: u32 = 0xef53;

/// Fills in attributes that decide and are unknown, with ordinary values.
pub(crate) fn filled(mut event: Event, evaluator: &Evaluator) -> Event {
    // Each round decides at least one more attribute.
    for _ in Attribute::ALL {
        let unknown = evaluator.decide(&event).depends_on();
        let before = event.clone();
        unknown.iter().for_each(|attribute| fill(&mut event, attribute));
        if event == before {
            break;
        }
    }
    event
}

fn fill(event: &mut Event, attribute: Attribute) {
    let task = &mut event.task;
    match attribute {
        Attribute::Names => event.names = Some(vec![elsewhere()]),
        Attribute::OpenFlags => event.call.open_flags = Some(0),
        Attribute::Exit | Attribute::Success => {
            event.call.outcome = Outcome::Returned { value: Some(0), success: None };
        }
        Attribute::Auid => task.auid = Some(1000),
        Attribute::SessionId => task.sessionid = Some(1),
        Attribute::Exe => task.exe = Some(b"/usr/bin/true".to_vec()),
        Attribute::Groups => task.groups = Some(Vec::new()),
        Attribute::Pid => task.pid = Some(100),
        Attribute::Tid => task.tid = Some(100),
        Attribute::Ppid => task.ppid = Some(1),
        Attribute::Pers => task.pers = Some(0),
        Attribute::SaddrFam => event.call.address = Address::None,
        Attribute::A0 | Attribute::A1 | Attribute::A2 | Attribute::A3 => {
            event.call.args.iter_mut().for_each(|arg| *arg = arg.or(Some(0)));
        }
        Attribute::Fstype => {
            for name in event.names.iter_mut().flatten() {
                name.fstype = name.fstype.or(Some(EXT4));
            }
        }
        Attribute::Ouid | Attribute::Ogid | Attribute::Mode | Attribute::Dev | Attribute::Rdev => {
            for name in event.names.iter_mut().flatten() {
                name.ouid = name.ouid.or(Some(0));
                name.ogid = name.ogid.or(Some(0));
                name.mode = name.mode.or(Some(0o100_644));
                name.dev = name.dev.or(Some(Device { major: 8, minor: 1 }));
            }
        }
        _ => {
            if let Some(number) = catalog::field_number(attribute.name().as_bytes()) {
                // Only ids have such a field.
                let _ = task.ids.set(number, 1000);
            }
        }
    }
}

fn elsewhere() -> Name {
    Name { path: Some(b"/elsewhere".to_vec()), ..Name::default() }
}
