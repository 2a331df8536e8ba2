//! The notation: what is printed is read back, and mistakes are named.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use rauditctl::catalog::{self, Arch, field};
use rauditctl::eval::{
    Address, Attribute, Attributes, Call, Device, Event, Ids, Kind, Name, NameInode, Nametype,
    Notation, Outcome, Reader, Syscall, Task,
};

const MACHINE: Arch = Arch::X86_64;

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        "/[a-z]{1,6}(/[a-z ,\"=\\\\]{1,4}){0,2}".prop_map(String::into_bytes),
        vec(1_u8.., 1..8),
    ]
    .prop_filter("`?` and `none` have a meaning", |text| text != b"?" && text != b"none")
}

fn device() -> impl Strategy<Value = Device> {
    (any::<u32>(), any::<u32>()).prop_map(|(major, minor)| Device { major, minor })
}

fn name() -> impl Strategy<Value = Name> {
    let inode = prop_oneof![
        Just(NameInode::OfPath),
        Just(NameInode::None),
        any::<u64>().prop_map(NameInode::Number),
    ];
    let devices = (option::of(device()), option::of(device()));
    let owner = (option::of(any::<u32>()), option::of(any::<u32>()));
    let kind = option::of(prop::sample::select(Nametype::ALL.to_vec()));
    let rest = (option::of(0..0o200_000_u32), option::of(any::<u32>()), option::of(bytes()), kind);
    (bytes(), inode, devices, owner, rest).prop_map(
        |(path, inode, (dev, rdev), (ouid, ogid), (mode, fstype, obj, nametype))| Name {
            path: Some(path),
            inode,
            dev,
            rdev,
            mode,
            ouid,
            ogid,
            obj,
            fstype,
            nametype,
        },
    )
}

fn task() -> impl Strategy<Value = Task> {
    let id = || option::of(any::<u32>());
    let ids = vec(id(), 8).prop_map(|values| {
        let mut ids = Ids::default();
        for (number, value) in (field::UID..=field::FSGID).zip(values) {
            if let Some(value) = value {
                assert!(ids.set(number, value));
            }
        }
        ids
    });
    let groups = option::of(vec(any::<u32>(), 0..4));
    let texts = (option::of(bytes()), option::of(bytes()));
    ((id(), id(), id(), id(), id(), id()), ids, groups, texts).prop_map(
        |((pid, tid, ppid, auid, sessionid, pers), ids, groups, (exe, subj))| Task {
            pid,
            tid,
            ppid,
            ids,
            groups,
            auid,
            sessionid,
            pers,
            exe,
            subj,
        },
    )
}

fn call() -> impl Strategy<Value = Call> {
    let syscall = prop_oneof![
        (2000_u32..3000).prop_map(Syscall::Number),
        prop::sample::select(vec!["openat", "rename", "connect"])
            .prop_map(|name| Syscall::Name(name.into())),
    ];
    let outcome = prop_oneof![
        Just(Outcome::default()),
        any::<i64>().prop_map(|value| Outcome::Returned { value: Some(value), success: None }),
        any::<bool>().prop_map(|success| Outcome::Returned { value: None, success: Some(success) }),
    ];
    let address = prop_oneof![
        Just(Address::Unknown),
        Just(Address::None),
        (0..50_u32).prop_map(Address::Family),
    ];
    let arch = prop::sample::select(vec![Arch::X86_64, Arch::I386]);
    let args = prop::array::uniform4(option::of(any::<u64>()));
    (arch, option::of(syscall), args, option::of(any::<u32>()), outcome, address).prop_map(
        |(arch, syscall, args, open_flags, outcome, address)| Call {
            arch: Some(arch),
            syscall,
            args,
            open_flags,
            outcome,
            address,
        },
    )
}

fn event() -> impl Strategy<Value = Event> {
    let at_entry = prop_oneof![Just(Task::default()), task()];
    (call(), (task(), at_entry), option::of(vec(name(), 0..4)), option::of(bytes())).prop_map(
        |(call, (task, at_entry), names, cwd)| Event {
            call,
            task,
            at_entry,
            names,
            cwd,
            ..Event::default()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn reads_back_what_it_prints(event in event()) {
        let text = Notation::new(&event, MACHINE).to_string();
        let read = Reader::new(MACHINE).read(text.as_bytes());
        prop_assert_eq!(read, Ok(event), "{}", text);
    }

    #[test]
    fn never_panics(text in vec(any::<u8>(), 0..60)) {
        let _ = Reader::new(MACHINE).read(&text);
    }

    #[test]
    fn never_panics_on_words(text in "((arch|syscall|path|inode|dev|mode|flags|exit|names|groups|at_entry.groups|op|type|list)=[0-9a-z:,\"\\\\?-]{0,6} ?){0,5}") {
        let _ = Reader::new(MACHINE).read(text.as_bytes());
    }
}

/// Returns the place, the message and the help of the mistake in `text`.
#[track_caller]
fn mistake(text: &str) -> (&str, String, String) {
    let problem = Reader::new(MACHINE).read(text.as_bytes()).expect_err(text);
    (&text[problem.at.clone()], problem.message, problem.help.unwrap_or_default())
}

#[test]
fn mistakes_name_their_place_and_a_remedy() {
    for (text, place, message, help) in [
        (
            "sycall=openat",
            "sycall",
            "an event has no attribute `sycall`",
            "did you mean `syscall`?",
        ),
        (
            "uid=0 syscall=opennat",
            "opennat",
            "no syscall is called `opennat`",
            "did you mean `openat`?",
        ),
        ("syscall", "syscall", "`syscall` has no value", "write `syscall=VALUE`"),
        ("uid=1 uid=2", "uid", "`uid` is given twice", ""),
        ("uid=root", "root", "uid: `root` is not a number", "write a number"),
        ("auid=4294967296", "4294967296", "auid: 4294967296 is out of range", ""),
        (
            "exit=EACCES",
            "EACCES",
            "exit: `EACCES` is not a result of a call",
            "a call that fails returns a negative number: write `-EACCES`",
        ),
        (
            "exit=-EACESS",
            "-EACESS",
            "exit: `-EACESS` is not a result of a call",
            "did you mean `EACCES`?",
        ),
        (
            "flags=O_WRONY",
            "O_WRONY",
            "flags: open has no flag `O_WRONY`",
            "did you mean `O_WRONLY`?",
        ),
        (
            "path=/a,/b inode=1",
            "1",
            "inode: 1 values for 2 names",
            "write one value for each name, `?` for an unknown one",
        ),
        (
            "path=/a nametype=NEW",
            "NEW",
            "nametype: a name is not `NEW`",
            "write NORMAL, PARENT, CREATE, DELETE or UNKNOWN",
        ),
        ("arch=b46", "b46", "arch: `b46` is not an arch of this machine", "did you mean `b64`?"),
        (
            "exit=0 success=no",
            "exit=0 success=no",
            "a call that returns 0 succeeds",
            "leave out `exit` or `success`",
        ),
        (
            "syscall=getpid path=/a",
            "syscall=getpid path=/a",
            "getpid collects no names of files",
            "leave out `path`, or name another syscall",
        ),
        (
            "arch=b32 syscall=arch_prctl_x",
            "arch_prctl_x",
            "no syscall is called `arch_prctl_x`",
            "did you mean `arch_prctl`?",
        ),
        (
            "syscall=exit_group exit=0",
            "syscall=exit_group exit=0",
            "exit_group never returns",
            "leave out `exit` and `success`",
        ),
        (
            "type=USER_LOGN",
            "USER_LOGN",
            "type: no record type is called `USER_LOGN`",
            "did you mean `USER_LOGIN`?",
        ),
        ("files=x", "x", "`files` is a table", "write it in JSON or TOML"),
        (
            "at_entry=1",
            "1",
            "`at_entry` is a table",
            "write its attributes one by one, such as `at_entry.uid=33`",
        ),
        (
            "at_entry.eudi=1",
            "at_entry.eudi",
            "a task has no attribute `eudi`",
            "did you mean `euid`?",
        ),
        ("at_entry.path=/a", "/a", "a task has no attribute `path`", ""),
        ("at_entry.uid=x", "x", "uid: `x` is not a number", "write a number"),
        ("path=\"/a", "\"/a", "the quote does not end", "end it with `\"`"),
    ] {
        assert_eq!(mistake(text), (place, message.to_owned(), help.to_owned()), "{text}");
    }
}

#[test]
fn prints_what_a_person_writes() {
    for text in [
        "syscall=openat path=/etc/shadow flags=O_WRONLY auid=1000",
        "syscall=setuid uid=33 at_entry.uid=0 at_entry.groups= at_entry.auid=unset",
        "arch=b32 syscall=open path=\"/a b\" flags=O_RDWR|O_CREAT|O_TRUNC exit=-ENOENT uid=0 groups=4,27 auid=unset",
        "syscall=connect names=none saddr_fam=inet success=true",
        "list=user type=USER_LOGIN uid=0",
        "list=io_uring op=openat path=/x",
        "list=task uid=1000",
    ] {
        let event = Reader::new(MACHINE).read(text.as_bytes()).unwrap();
        assert_eq!(Notation::new(&event, MACHINE).to_string(), text);
    }
    assert_eq!(Reader::new(MACHINE).read(b"list=task").unwrap().kind, Kind::Task,);
}

/// The name of every field is an attribute, or leads to the attribute that it compares.
#[test]
fn names_of_fields_lead_to_attributes() {
    let reader = Reader::new(MACHINE);
    let help = |text: &str| reader.read(text.as_bytes()).unwrap_err().help.unwrap_or_default();
    for (field, attribute) in [
        ("obj_uid", "ouid"),
        ("obj_gid", "ogid"),
        ("obj_type", "obj"),
        ("obj_lev_low", "obj"),
        ("subj_user", "subj"),
        ("subj_clr", "subj"),
        ("filetype", "mode"),
        ("devmajor", "dev"),
        ("devminor", "dev"),
        ("dir", "path"),
        ("loginuid", "auid"),
        ("msgtype", "type"),
        ("perm", "flags"),
    ] {
        let expected = format!("write `{attribute}`, which the field compares");
        assert_eq!(help(&format!("{field}=1")), expected, "{field}");
    }
    assert_eq!(help("at_entry.loginuid=1"), "write `auid`, which the field compares");
    assert_eq!(help("oiud=1"), "did you mean `ouid`?");
    for name in (0..=field::KEY).filter_map(catalog::field_name) {
        let is_known = Attribute::from_name(name).is_some()
            || Attribute::of_field(name).is_some()
            || matches!(name, "key" | "field_compare");
        assert!(is_known, "{name}");
    }
}

/// Texts have the names that an event in the short notation has.
#[test]
fn short_names_can_be_written() {
    for attribute in Attribute::ALL.iter().copied() {
        let name = attribute.short_name();
        let problem = Reader::new(MACHINE).read(format!("{name}=?,").as_bytes()).err();
        let unknown = problem.is_some_and(|problem| problem.message.contains("has no attribute"));
        assert!(!unknown, "{name}");
    }
    let open = Attributes::of(Attribute::OpenFlags).with(Attributes::of(Attribute::Names));
    assert_eq!(open.short_names(), ["flags", "path"]);
    let path = Attributes::of(Attribute::Names).with(Attributes::of(Attribute::Path));
    assert_eq!(path.short_names(), ["path"]);
}

#[test]
fn arches_that_the_machine_does_not_run_are_errors() {
    let read = |machine, text: &str| Reader::new(machine).read(text.as_bytes());
    for (machine, arch, why) in [
        (Arch::X86_64, "aarch64", "x86_64 does not run aarch64 programs"),
        (Arch::I386, "x86_64", "i386 does not run x86_64 programs"),
    ] {
        let problem = read(machine, &format!("arch={arch} syscall=openat")).unwrap_err();
        assert_eq!((problem.message.as_str(), problem.at), (why, 5..5 + arch.len()));
    }
    for (machine, arch) in [
        (Arch::X86_64, "x86_64"),
        (Arch::X86_64, "i386"),
        (Arch::X86_64, "b32"),
        (Arch::Aarch64, "arm"),
    ] {
        assert!(read(machine, &format!("arch={arch} syscall=openat")).is_ok(), "{arch}");
    }
}

/// An error has its name. The result of a call that succeeds keeps its number, even if its low half is an error.
#[test]
fn results_have_the_names_of_errors() {
    let reader = Reader::new(MACHINE);
    for (text, expected) in [
        ("exit=-13", "exit=-EACCES"),
        ("exit=-11", "exit=-EAGAIN"),
        ("exit=-4000", "exit=-4000"),
        ("exit=0", "exit=0"),
        ("exit=4294967283", "exit=4294967283"),
        ("exit=-4294967309", "exit=-4294967309"),
    ] {
        let event = reader.read(text.as_bytes()).unwrap();
        let printed = Notation::new(&event, MACHINE).to_string();
        assert_eq!(printed, expected);
        assert_eq!(reader.read(printed.as_bytes()).unwrap(), event, "{printed}");
    }
}
