//! The conditions of a rule, as the lists task, exit and io_uring test them (`audit_filter_rules`, kernel/auditsc.c).

use super::attribute::Attribute;
use super::event::{Address, IDS, Ids, Kind, Outcome, Task, UNSET};
use super::filters::Filter;
use super::label::{self, Part};
use super::place::{self, Place, if_succeeded};
use super::scene::{S_IFMT, Scene, SeenName, low_half};
use super::truth::Truth;
use crate::catalog::{self, Operator, field};
use crate::rule::{Field, Op};

/// The numbers for success and failure (`AUDITSC_SUCCESS`, `AUDITSC_FAILURE`).
const SUCCESS: u32 = 1;
const FAILURE: u32 = 2;
/// The inode number that stands for none (`AUDIT_INO_UNSET`), as it is compared.
const NO_INODE: u32 = u32::MAX;

/// The moment at which a list is walked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// When a watched name loses its file, within the call: it has no result yet.
    NameRemoved,
    /// When the call is over.
    Exit,
}

/// What a rule is tested against.
#[derive(Clone, Copy)]
pub(super) enum Subject<'s, 'e> {
    /// A task that is being made. It has made no call yet.
    NewTask(&'s Task),
    /// A call.
    Call {
        /// The name that is judged.
        name: Judged<'s, 'e>,
        /// When.
        moment: Moment,
    },
}

/// The name that a rule is tested against.
#[derive(Clone, Copy)]
pub(super) enum Judged<'s, 'e> {
    /// A filter list judges the call as a whole.
    None,
    /// The rules that are kept by inode judge one name after the other.
    Name(&'s SeenName<'e>),
    /// One of the names, which are unknown.
    Unknown,
}

/// Returns whether an answer fits the operator of a field that has only `=` and `!=`.
pub(super) fn as_asked(answer: Truth, op: Op) -> Truth {
    if op == Op::Known(Operator::NotEqual) { answer.negated() } else { answer }
}

impl Filter {
    /// Returns whether a condition of the rule holds.
    pub(super) fn holds(
        &self,
        field: &Field,
        scene: &Scene<'_>,
        subject: Subject<'_, '_>,
    ) -> Truth {
        let test = Test { filter: self, scene, subject };
        match field {
            Field::Number { op, value, .. } => test.number(field.number(), *op, *value),
            Field::Text { op, text, .. } => test.text(field.number(), *op, text),
        }
    }
}

struct Test<'t, 'e> {
    filter: &'t Filter,
    scene: &'t Scene<'e>,
    subject: Subject<'t, 'e>,
}

impl<'t, 'e> Test<'t, 'e> {
    fn task(&self) -> &'t Task {
        match self.subject {
            Subject::NewTask(task) => task,
            Subject::Call { .. } => &self.scene.event.task,
        }
    }

    fn number(&self, number: u32, op: Op, value: u32) -> Truth {
        let task = self.task();
        let with = |known: Option<u32>, attribute| {
            Truth::of(known, attribute, |known| op.compares(known, value))
        };
        match number {
            // The new task has no number yet.
            field::PID => match self.subject {
                Subject::NewTask(_) => with(task.pid.or(task.ppid), Attribute::Ppid),
                Subject::Call { .. } => with(task.pid, Attribute::Pid),
            },
            field::UID..=field::FSGID => id(task, number, op, value),
            field::AUID => Truth::of_ids(task.auid, value, Attribute::Auid, op),
            field::LOGINUID_SET => {
                with(task.auid.map(|auid| u32::from(auid != UNSET)), Attribute::Auid)
            }
            field::SESSIONID => with(task.sessionid, Attribute::SessionId),
            field::PERS => with(task.pers, Attribute::Pers),
            field::PERM | field::FILETYPE => as_asked(self.of_call(number, value), op),
            field::FIELD_COMPARE => self.comparison(op, value),
            _ => match self.subject {
                Subject::NewTask(_) => Truth::False,
                Subject::Call { name, moment } => self.call_number(number, op, value, name, moment),
            },
        }
    }

    /// Returns whether the access or the type of file is that of the call. A task without a call has neither.
    fn of_call(&self, number: u32, value: u32) -> Truth {
        match self.subject {
            Subject::NewTask(_) => Truth::False,
            Subject::Call { .. } if number == field::PERM => self.access(value),
            Subject::Call { .. } => self.any_name(|name| {
                let is = |mode| Truth::from(mode & S_IFMT == value);
                let mode = name.number(Attribute::Mode, name.name.mode, |file| file.mode, is);
                name.place.exists.and(mode)
            }),
        }
    }

    fn call_number(
        &self,
        number: u32,
        op: Op,
        value: u32,
        name: Judged<'t, 'e>,
        moment: Moment,
    ) -> Truth {
        let call = &self.scene.call;
        let with = |known: Option<u32>, attribute| {
            Truth::of(known, attribute, |known| op.compares(known, value))
        };
        match number {
            field::PPID => with(self.task().ppid, Attribute::Ppid),
            field::ARCH => with(call.elf, Attribute::Arch),
            field::A0 => with(call.args[0], Attribute::A0),
            field::A1 => with(call.args[1], Attribute::A1),
            field::A2 => with(call.args[2], Attribute::A2),
            field::A3 => with(call.args[3], Attribute::A3),
            field::EXIT | field::SUCCESS if moment == Moment::NameRemoved => Truth::False,
            field::EXIT => match call.outcome {
                Outcome::Never => Truth::False,
                Outcome::Returned { value, .. } => {
                    with(value.map(|value| low_half(value.cast_unsigned())), Attribute::Exit)
                }
            },
            field::SUCCESS => self.success(op, value),
            field::SADDR_FAM => match call.address {
                Address::None => Truth::False,
                Address::Unknown => Truth::unknown(Attribute::SaddrFam),
                Address::Family(family) => op.compares(family, value).into(),
            },
            _ => self.of_names(name, |name| file_number(name, number, op, value)),
        }
    }

    fn success(&self, op: Op, value: u32) -> Truth {
        let asked = if value == 0 { FAILURE } else { SUCCESS };
        if self.scene.call.outcome == Outcome::Never {
            return Truth::False;
        }
        Truth::of(self.scene.call.outcome.success(), Attribute::Success, |success| {
            op.compares(if success { SUCCESS } else { FAILURE }, asked)
        })
    }

    fn access(&self, bits: u32) -> Truth {
        let call = &self.scene.call;
        // A thread of io_uring makes no syscalls: the kernel looks up number 0, which no class has on any arch.
        if matches!(self.scene.event.kind, Kind::IoUring(_)) {
            return Truth::False;
        }
        let Some(number) = call.number else { return Truth::unknown(Attribute::Syscall) };
        let Some(table) = self.scene.access else { return Truth::unknown(Attribute::Arch) };
        let Some(access) = table.get(number) else { return Truth::False };
        let flags = self.scene.open_flags();
        let unknown = match access {
            crate::model::Access::SocketCall => Attribute::A0,
            _ => Attribute::OpenFlags,
        };
        Truth::of(access.matches(bits, flags, call.args[0]), unknown, |matches| matches)
    }

    /// Returns whether the judged name is like this, or any name if none is judged.
    fn of_names(&self, name: Judged<'t, 'e>, is: impl Fn(&SeenName<'e>) -> Truth) -> Truth {
        match name {
            Judged::None => self.any_name(is),
            Judged::Name(name) => is(name),
            Judged::Unknown => Truth::unknown(Attribute::Names),
        }
    }

    /// Returns whether any name is like this, of those that are collected at this moment. An entry that the
    /// call makes is collected after the removed entry.
    fn any_name(&self, is: impl Fn(&SeenName<'e>) -> Truth) -> Truth {
        let Some(names) = &self.scene.names else { return Truth::unknown(Attribute::Names) };
        let is_early = matches!(self.subject, Subject::Call { moment: Moment::NameRemoved, .. });
        let collected = names.iter().filter(|name| !is_early || !name.is_made());
        collected.fold(Truth::False, |found, name| found.or(is(name)))
    }

    /// Returns whether two ids compare like this (`audit_field_compare`).
    fn comparison(&self, op: Op, pair: u32) -> Truth {
        let Some((left, right)) = comparison(pair) else { return Truth::False };
        let task = self.task();
        let value = |number| match number {
            field::AUID => task.auid,
            _ => task.ids.get(number),
        };
        let attribute = |number| Ids::attribute(number).unwrap_or(Attribute::Auid);
        let Some(own) = value(left) else { return Truth::unknown(attribute(left)) };
        let compare = |other| op.compares(own, other);
        let compare_owner = |other| Truth::from(compare(other));
        let of_name = |name: &SeenName<'e>| match right {
            field::OBJ_UID => {
                name.number(Attribute::Ouid, name.name.ouid, |file| file.uid, compare_owner)
            }
            _ => name.number(Attribute::Ogid, name.name.ogid, |file| file.gid, compare_owner),
        };
        match right {
            field::OBJ_UID | field::OBJ_GID => match self.subject {
                // The judged name is one of them.
                Subject::Call { .. } => self.any_name(of_name),
                Subject::NewTask(_) => Truth::False,
            },
            _ => Truth::of(value(right), attribute(right), compare),
        }
    }

    fn text(&self, number: u32, op: Op, text: &[u8]) -> Truth {
        match (number, self.subject) {
            (field::KEY, _) => Truth::True,
            (field::SUBJ_USER..=field::SUBJ_CLR, _) => {
                let part = Part::of_subject(number);
                label::compares(self.task().subj.as_deref(), Attribute::Subj, part, op, text)
            }
            // The kernel compares the program of the current task only.
            (field::EXE, Subject::NewTask(_)) => as_asked(Truth::False, op),
            (field::EXE, Subject::Call { .. }) => as_asked(self.runs(text), op),
            (_, Subject::NewTask(_)) => Truth::False,
            (field::PATH, Subject::Call { name, moment }) => match name {
                Judged::None => Truth::False,
                Judged::Name(name) => self.is_watched(text, name, moment),
                Judged::Unknown => Truth::unknown(Attribute::Names),
            },
            (field::DIR, Subject::Call { .. }) => {
                self.filter.tree.as_ref().map_or(Truth::False, |tree| {
                    let contains =
                        |name: &SeenName<'e>| tree.contains(&name.place, self.scene.files);
                    let inside = self
                        .scene
                        .in_trees
                        .iter()
                        .fold(self.any_name(contains), |found, name| found.or(contains(name)));
                    inside.and(self.scene.perhaps_loses(tree).negated())
                })
            }
            (field::OBJ_USER..=field::OBJ_LEV_HIGH, Subject::Call { name, .. }) => {
                let part = Part::of_object(number);
                self.of_names(name, |name| {
                    label::compares(name.name.obj.as_deref(), Attribute::Obj, part, op, text)
                })
            }
            _ => Truth::False,
        }
    }

    /// Returns whether the task runs the program at `path` (`audit_exe_compare`).
    fn runs(&self, path: &[u8]) -> Truth {
        let runs = place::runs(self.task().exe.as_deref(), path, self.scene.files);
        self.scene.exe_is_lost(self.filter, self.subject).negated().and(runs)
    }

    /// Returns whether a name leads to the file that is watched at `path`, as it is at this moment
    /// (`audit_watch_compare`, `audit_update_watch`).
    fn is_watched(&self, path: &[u8], name: &SeenName<'e>, moment: Moment) -> Truth {
        if self.scene.files.is_empty() && name.is_other_end(path) {
            return Truth::False;
        }
        let path = place::watched(path, self.scene.files);
        let file = path.as_deref().and_then(|path| self.scene.watched_file(path));
        let before = Place::of_file(path.clone(), file);
        if moment == Moment::NameRemoved || !self.scene.changes_entries {
            return before.is(&name.place);
        }
        let after = self.watched_after(path.as_deref(), before.clone());
        match if_succeeded(self.scene.call.outcome.success()) {
            Truth::False => before.is(&name.place),
            Truth::True => after.is(&name.place),
            Truth::Unknown(attributes) => {
                let (before, after) = (before.is(&name.place), after.is(&name.place));
                if before == after { before } else { Truth::Unknown(attributes) }
            }
        }
    }

    /// Returns the file that is watched after the call: names at this path come and go, and the last one counts.
    fn watched_after<'p>(&'p self, path: Option<&[u8]>, before: Place<'p>) -> Place<'p> {
        let names = self.scene.all_names();
        let last = path.and_then(|path| self.scene.changed().last_at(names, path));
        match last {
            None => before,
            Some(name) if name.is_removed() => Place::nowhere(before.path),
            Some(name) => name.place.borrowed(),
        }
    }
}

/// Returns whether an id of the task compares like this. Only `=` and `!=` of gid and egid include the supplementary
/// groups (`audit_filter_rules`).
fn id(task: &Task, number: u32, op: Op, value: u32) -> Truth {
    let attribute = Ids::attribute(number).unwrap_or(IDS[0]);
    let own = Truth::of_ids(task.ids.get(number), value, attribute, op);
    let in_groups =
        || Truth::of(task.groups.as_ref(), Attribute::Groups, |groups| groups.contains(&value));
    match (number, op) {
        (field::GID | field::EGID, Op::EQUAL) => own.or(in_groups()),
        (field::GID | field::EGID, Op::Known(Operator::NotEqual)) => own.and(in_groups().negated()),
        _ => own,
    }
}

/// Returns whether a number of the file compares like this; a field that no list knows is false.
fn file_number(name: &SeenName<'_>, number: u32, op: Op, value: u32) -> Truth {
    let holds = |known| op.compares(known, value);
    let owner = |attribute| move |id| Truth::of_ids(Some(id), value, attribute, op);
    let given = name.name;
    match number {
        field::OBJ_UID => {
            name.number(Attribute::Ouid, given.ouid, |file| file.uid, owner(Attribute::Ouid))
        }
        field::OBJ_GID => {
            name.number(Attribute::Ogid, given.ogid, |file| file.gid, owner(Attribute::Ogid))
        }
        field::DEVMAJOR => name.of_devices(|dev| holds(dev.major)),
        field::DEVMINOR => name.of_devices(|dev| holds(dev.minor)),
        field::INODE => match name.place.exists {
            Truth::False => holds(NO_INODE).into(),
            Truth::True => {
                Truth::of(name.place.number, Attribute::Inode, |number| holds(low_half(number)))
            }
            Truth::Unknown(attributes) => Truth::Unknown(attributes),
        },
        _ => Truth::False,
    }
}

/// Returns the numbers of the two fields of a comparison, the one of the task first.
fn comparison(pair: u32) -> Option<(u32, u32)> {
    let (task, other) = catalog::compare_pair(pair)?;
    let number = |name: &str| catalog::field_number(name.as_bytes());
    Some((number(task)?, number(other)?))
}
