//! The events of a small universe: what the kernel's filters can see of them, by what the rules ask for.

use rauditctl::catalog::{Arch, field};
use rauditctl::eval::{Device, Event, Kind, Name, NameInode, Nametype, Outcome, Syscall};

use super::universe::{Case, FILE_SYSTEMS, OPERATIONS, RECORDS, Random, Subject};

/// The names that a call collects, as kernels from 6.1 to 7.2 collect them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    None,
    One,
    /// One file that is opened or made.
    Opened,
    /// One entry that is made.
    Made,
    /// One file that is removed.
    Removed,
    /// One file that is moved to the name of another.
    Moved,
    /// One file that gets another name.
    Linked,
    Several,
}

/// The calls: the masks of the rules have only their numbers.
const CALLS: [(Arch, u32, Names); 22] = [
    (Arch::X86_64, 90, Names::One),     // chmod
    (Arch::X86_64, 257, Names::Opened), // openat
    (Arch::X86_64, 87, Names::Removed), // unlink
    (Arch::X86_64, 82, Names::Moved),   // rename
    (Arch::X86_64, 39, Names::None),    // getpid
    (Arch::X86_64, 59, Names::Several), // execve
    (Arch::X86_64, 15, Names::None),    // rt_sigreturn
    (Arch::X86_64, 10, Names::None),    // mprotect
    (Arch::X86_64, 86, Names::Linked),  // link
    (Arch::X86_64, 0, Names::None),     // read
    (Arch::X86_64, 231, Names::None),   // exit_group
    (Arch::I386, 15, Names::One),       // chmod
    (Arch::I386, 10, Names::Removed),   // unlink
    (Arch::I386, 90, Names::None),      // mmap
    (Arch::I386, 257, Names::Several),  // remap_file_pages, of which nothing is known
    (Arch::I386, 87, Names::Several),   // swapon
    (Arch::I386, 39, Names::Made),      // mkdir
    (Arch::I386, 59, Names::Several),   // oldolduname, of which nothing is known
    (Arch::I386, 82, Names::None),      // select
    (Arch::I386, 86, Names::None),      // uselib, which newer kernels lack
    (Arch::I386, 0, Names::None),       // restart_syscall
    (Arch::I386, 231, Names::One),      // fgetxattr
];

/// The calls for rules that ask for the flags with which files are opened.
const CALLS_OF_OPENING: [(Arch, u32, Names); 8] = [
    (Arch::X86_64, 2, Names::Opened),   // open
    (Arch::X86_64, 257, Names::Opened), // openat
    (Arch::X86_64, 5, Names::None),     // fstat
    (Arch::X86_64, 90, Names::One),     // chmod
    (Arch::I386, 2, Names::None),       // fork
    (Arch::I386, 257, Names::Several),  // remap_file_pages, of which nothing is known
    (Arch::I386, 5, Names::Opened),     // open
    (Arch::I386, 90, Names::None),      // mmap
];

/// What a call returns.
#[derive(Clone, Copy)]
enum Returns {
    /// An `int`.
    Int,
    Word,
    /// It cannot fail.
    NoError,
}

impl Returns {
    fn of(arch: Arch, number: u32) -> Self {
        match (arch, number) {
            // rt_sigreturn, remap_file_pages, oldolduname
            (Arch::X86_64, 15) | (Arch::I386, 257 | 59) => Returns::Word,
            // getpid
            (Arch::X86_64, 39) => Returns::NoError,
            _ => Returns::Int,
        }
    }
}

const FILES: [&str; 6] = ["/a/p", "/b", "/a/q", "/c", "/a/d/r", "/a"];

/// Choices that describe an event: one after the other, or at random.
pub(crate) struct Choices {
    made: Vec<(usize, usize)>,
    at: usize,
    random: Option<Random>,
}

impl Choices {
    /// Calls `judge` with the events of a case: all if they are few, and else some of them, with random ones.
    pub(crate) fn each_event(case: &Case, few: usize, judge: &mut dyn FnMut(&Event)) {
        let mut choices = Choices { made: Vec::new(), at: 0, random: None };
        for _ in 0..few {
            if let Some(event) = case.event(&mut choices) {
                judge(&event);
            }
            if !choices.advance() {
                return;
            }
        }
        let mut choices =
            Choices { made: Vec::new(), at: 0, random: Some(Random::new(few as u64)) };
        for _ in 0..few {
            if let Some(event) = case.event(&mut choices) {
                judge(&event);
            }
        }
    }

    fn below(&mut self, count: usize) -> usize {
        if let Some(random) = &mut self.random {
            return random.below(count);
        }
        if self.at == self.made.len() {
            self.made.push((0, count));
        }
        self.at += 1;
        self.made[self.at - 1].0
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    /// Returns the first of some values unless a rule asks for them.
    fn asked<T: Copy>(&mut self, is_asked: bool, all: &[T]) -> T {
        if is_asked { self.of(all) } else { all[0] }
    }

    /// Moves to the next choices; returns whether there are any.
    fn advance(&mut self) -> bool {
        self.at = 0;
        while let Some((made, count)) = self.made.pop() {
            if made + 1 < count {
                self.made.push((made + 1, count));
                return true;
            }
        }
        false
    }
}

impl Case {
    /// Calls `judge` with events of the case.
    pub(super) fn each_event(&self, judge: &mut dyn FnMut(&Event)) {
        Choices::each_event(self, 10 * super::EVENTS, judge);
    }

    /// Returns whether only calls are judged: no rule is on the lists task, exclude, user and filesystem.
    pub(super) fn has_calls_only(&self) -> bool {
        !self.has(Subject::Lists)
    }

    /// Returns the event that some choices describe; `None` if there is none.
    fn event(&self, choices: &mut Choices) -> Option<Event> {
        let mut event = Event::default();
        let has_lists = self.has(Subject::Lists);
        let kind = choices.asked(has_lists, &[0, 1, 2]);
        event.kind = match kind {
            1 => Kind::Record(Some(choices.of(&RECORDS))),
            2 => Kind::User(Some(1100)),
            // Rules that are kept by inode match operations of io_uring too.
            _ if choices.below(4) == 0 => Kind::IoUring(Some(choices.of(&OPERATIONS))),
            _ => Kind::Syscall,
        };
        self.task(&mut event, choices);
        match event.kind {
            Kind::Syscall => self.call(event, choices),
            Kind::IoUring(_) => {
                self.result(&mut event, choices, Returns::Word);
                let names = several(choices);
                Some(self.with_names(event, names, choices))
            }
            _ => Some(event),
        }
    }

    fn task(&self, event: &mut Event, choices: &mut Choices) {
        let has_lists = self.has(Subject::Lists);
        let asks_auid = self.has(Subject::Auid) || has_lists;
        let asks_uid = [Subject::Uid, Subject::Same, Subject::Lists, Subject::Operations]
            .into_iter()
            .any(|subject| self.has(subject));
        let asks_groups = self.has(Subject::Groups);
        event.task.auid = Some(choices.asked(asks_auid, &[1000, 0, 500, u32::MAX]));
        event.task.ids.set(field::UID, choices.asked(asks_uid, &[1000, 0]));
        event.task.ids.set(field::EUID, choices.asked(self.has(Subject::Same), &[1000, 0]));
        event.task.ids.set(field::GID, choices.asked(asks_groups, &[1000, 0, 7]));
        let groups: &[u32] = choices.asked(asks_groups, &[&[], &[0], &[7], &[0, 7]]);
        event.task.groups = Some(groups.to_vec());
        let exe: &str = choices.asked(self.has(Subject::Exe), &["/z", "/bin/x", "/bin/y"]);
        event.task.exe = Some(exe.as_bytes().to_vec());
        if has_lists {
            event.at_entry.auid = Some(choices.of(&[1000, 0]));
            event.at_entry.ids.set(field::UID, choices.of(&[1000, 0]));
        }
    }

    fn result(&self, event: &mut Event, choices: &mut Choices, returns: Returns) {
        // The low half of the last is that of an error. A call that removes a file does so only if it succeeds.
        let results: &[i64] = match (returns, self.has(Subject::Exit)) {
            (Returns::NoError, _) => &[0],
            (Returns::Word, true) => &[0, -13, -1, 0xffff_fff3],
            (_, true) => &[0, -13, -1],
            (_, false) => &[0, -13],
        };
        event.call.outcome = Outcome::Returned { value: Some(choices.of(results)), success: None };
    }

    fn call(&self, mut event: Event, choices: &mut Choices) -> Option<Event> {
        let calls: &[_] = if self.is_of_opening() { &CALLS_OF_OPENING } else { &CALLS };
        let (arch, number, names) = choices.of(calls);
        event.call.arch = Some(arch);
        event.call.syscall = Some(Syscall::Number(number));
        self.result(&mut event, choices, Returns::of(arch, number));
        let asks_argument = self.has(Subject::Argument);
        event.call.args[1] = Some(choices.asked(asks_argument, &[0, 1, 2, 3, 4, 5, 6, 7]));
        if self.is_of_opening() {
            event.call.args[2] = Some(choices.of(&[0, 1, 2, 4, 5, 6]));
        }
        let flags = match (arch, number) {
            (Arch::X86_64, 257) if self.is_of_opening() => event.call.args[2],
            (Arch::X86_64, 2) | (Arch::I386, 5) => event.call.args[1],
            (Arch::X86_64, 257) => Some(choices.of(&[0, 1, 2])),
            _ => Some(0),
        };
        event.call.open_flags = flags.and_then(|flags| u32::try_from(flags).ok());
        let succeeds = event.call.outcome.success() == Some(true);
        let names = match names {
            Names::None => Vec::new(),
            Names::One => vec![(choices.of(&FILES), None)],
            Names::Opened if choices.below(2) == 0 => vec![(choices.of(&FILES), None)],
            Names::Opened => made(choices, succeeds),
            // An entry that is not made has no file.
            Names::Made => {
                let mut names = made(choices, succeeds);
                names.truncate(if succeeds { 2 } else { 1 });
                names
            }
            Names::Removed => {
                // A watched path can be a directory.
                let file =
                    choices.of(&["/a/p", "/b", "/a/q", "/c", "/a/d/r", "/a", "/a/p/f", "/b/f"]);
                vec![(parent(file), Some(Nametype::Parent)), (file, Some(Nametype::Delete))]
            }
            Names::Moved => moved(choices, succeeds)?,
            Names::Linked => {
                let (from, to) = (choices.of(&FILES), choices.of(&FILES));
                let mut names = vec![(from, None), (parent(to), Some(Nametype::Parent))];
                if choices.below(2) == 0 {
                    names.swap(0, 1);
                }
                if succeeds {
                    names.push((to, Some(Nametype::Create)));
                }
                (from != to).then_some(names)?
            }
            Names::Several => several(choices),
        };
        Some(self.with_names(event, names, choices))
    }

    /// Gives every file an owner and a type, and one file the inode that rules ask for.
    fn with_names(
        &self,
        mut event: Event,
        names: Vec<(&'static str, Option<Nametype>)>,
        choices: &mut Choices,
    ) -> Event {
        let asks_owner = self.has(Subject::Owner) || self.has(Subject::Same);
        let has_inodes = self.has(Subject::Inode);
        let holder = match has_inodes {
            true => choices.below(names.len() + 1),
            false => names.len(),
        };
        let holding = names.get(holder).map(|(path, _)| *path);
        let mut all: Vec<Name> = Vec::new();
        for (path, nametype) in names {
            let known = all.iter().find(|name| name.path.as_deref() == Some(path.as_bytes()));
            let mut name = known.cloned().unwrap_or_else(|| {
                let mut name = Name { path: Some(path.as_bytes().to_vec()), ..Name::default() };
                if asks_owner {
                    name.ouid = Some(choices.of(&[0, 1000]));
                }
                if self.has(Subject::Filetype) {
                    let mode = choices.of(&[0o100_644, 0o040_755, 0o010_600]);
                    name.mode = Some(of_type(&event, nametype, mode));
                }
                if has_inodes {
                    let own = path.bytes().map(u64::from).sum();
                    let number = if holding == Some(path) { 7 } else { own };
                    name.inode = NameInode::Number(number);
                    name.dev = Some(Device { major: 8, minor: 1 });
                }
                if self.has(Subject::Lists) {
                    name.fstype = Some(choices.of(&FILE_SYSTEMS));
                }
                name
            });
            name.nametype = nametype;
            all.push(name);
        }
        event.names = Some(all);
        event
    }
}

/// Returns the mode that the file of a name can have: the directory in which an entry changes is one, unlink removes
/// none, execve runs regular files, mkdir makes directories, and open regular files.
fn of_type(event: &Event, nametype: Option<Nametype>, mode: u32) -> u32 {
    let directory = 0o040_755;
    let succeeds = event.call.outcome.success() == Some(true);
    let call = (event.call.arch, event.call.syscall.clone());
    let is = |arch, number| call == (Some(arch), Some(Syscall::Number(number)));
    let is_directory = mode == directory;
    match nametype {
        Some(Nametype::Parent) => directory,
        _ if !succeeds => mode,
        Some(Nametype::Create) if is(Arch::I386, 39) => directory,
        Some(Nametype::Create)
            if is(Arch::X86_64, 257) || is(Arch::X86_64, 2) || is(Arch::I386, 5) =>
        {
            0o100_644
        }
        Some(Nametype::Delete) if is(Arch::X86_64, 87) || is(Arch::I386, 10) => {
            if is_directory {
                0o100_644
            } else {
                mode
            }
        }
        None | Some(Nametype::Create) if is(Arch::X86_64, 86) && is_directory => 0o100_644,
        None if is(Arch::X86_64, 59) => 0o100_644,
        _ => mode,
    }
}

type Named = (&'static str, Option<Nametype>);

fn made(choices: &mut Choices, succeeds: bool) -> Vec<Named> {
    let file = choices.of(&FILES);
    let nametype = succeeds.then_some(Nametype::Create);
    vec![(parent(file), Some(Nametype::Parent)), (file, nametype)]
}

fn moved(choices: &mut Choices, succeeds: bool) -> Option<Vec<Named>> {
    let (from, to) = (choices.of(&FILES), choices.of(&FILES));
    let mut names =
        vec![(parent(to), Some(Nametype::Parent)), (parent(from), Some(Nametype::Parent))];
    if choices.below(2) == 0 {
        names.swap(0, 1);
    }
    if succeeds {
        names.push((from, Some(Nametype::Delete)));
        if choices.below(2) == 0 {
            names.push((to, Some(Nametype::Delete)));
        }
        names.push((to, Some(Nametype::Create)));
    }
    let is_above = |one: &str, other: &str| other.starts_with(&format!("{one}/"));
    let is_nested = succeeds && (is_above(from, to) || is_above(to, from));
    (from != to && !is_nested).then_some(names)
}

fn several(choices: &mut Choices) -> Vec<Named> {
    let mut names: Vec<Named> = Vec::new();
    for _ in 0..choices.below(4) {
        let file = choices.of(&FILES);
        if !names.iter().any(|(known, _)| *known == file) {
            names.push((file, None));
        }
    }
    names
}

fn parent(path: &'static str) -> &'static str {
    match path.rfind('/') {
        Some(0) | None => "/",
        Some(at) => &path[..at],
    }
}
