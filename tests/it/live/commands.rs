//! Commands made of parts that were recorded one by one, with other values and in other combinations.

use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

/// Words of a command line.
type Words = Vec<String>;

/// Returns `count` commands, the same at every run.
pub(super) fn made_up(count: usize) -> Vec<Words> {
    let mut runner = TestRunner::deterministic();
    let strategy = command();
    let mut next = || strategy.new_tree(&mut runner).expect("a command").current();
    (0..count).map(|_| next()).collect()
}

fn command() -> impl Strategy<Value = Words> {
    prop_oneof![6 => rule(), 2 => watch(), 1 => setting(), 1 => path_rule()]
}

/// A rule with an arch, syscalls, conditions and a key, each of which may be missing or wrong.
fn rule() -> impl Strategy<Value = Words> {
    let parts = (
        select(&["-a", "-a", "-a", "-A", "-d"]),
        list_and_action(),
        weighted(0.6, arch()),
        weighted(0.6, syscalls()),
        vec(condition(), 0..3),
        weighted(0.2, comparison()),
        weighted(0.5, key()),
    );
    parts.prop_map(|(verb, list, arch, syscalls, conditions, comparison, key)| {
        let mut words = vec![verb.to_owned(), list];
        words.extend(arch.into_iter().flat_map(|arch| option("-F", arch)));
        words.extend(syscalls.into_iter().flat_map(|list| option("-S", list)));
        words.extend(conditions.into_iter().flat_map(|condition| option("-F", condition)));
        words.extend(comparison.into_iter().flat_map(|fields| option("-C", fields)));
        words.extend(key.into_iter().flatten());
        words
    })
}

/// A rule for a path. With an arch or syscalls beside it `perm` means more to 4.2.2.
fn path_rule() -> impl Strategy<Value = Words> {
    let path = (select(&["path", "dir"]), operator(), path())
        .prop_map(|(field, operator, path)| format!("{field}{operator}{path}"));
    let parts = (path, weighted(0.6, letters()), weighted(0.5, key()));
    parts.prop_map(|(path, letters, key)| {
        let mut words = ["-a", "always,exit", "-F"].map(str::to_owned).to_vec();
        words.push(path);
        words.extend(letters.into_iter().flat_map(|text| option("-F", format!("perm={text}"))));
        words.extend(key.into_iter().flatten());
        words
    })
}

fn watch() -> impl Strategy<Value = Words> {
    let parts = (select(&["-w", "-w", "-W"]), path(), weighted(0.7, letters()), vec(key(), 0..3));
    parts.prop_map(|(verb, path, letters, keys)| {
        let mut words = option(verb, path).to_vec();
        words.extend(letters.into_iter().flat_map(|letters| option("-p", letters)));
        words.extend(keys.into_iter().flatten());
        words
    })
}

fn setting() -> impl Strategy<Value = Words> {
    let options = &["-e", "-f", "-b", "-r", "--backlog_wait_time"];
    (select(options), number()).prop_map(|(name, value)| option(name, value).to_vec())
}

fn option(name: &str, value: String) -> [String; 2] {
    [name.to_owned(), value]
}

fn list_and_action() -> impl Strategy<Value = String> {
    let list = prop_oneof![
        12 => Just("exit"),
        3 => select(&["task", "user", "filesystem"]),
        1 => Just("exits"),
    ];
    let action = prop_oneof![12 => select(&["always", "never"]), 1 => Just("allways")];
    (list, action, any::<bool>()).prop_map(|(list, action, list_first)| match list_first {
        true => format!("{list},{action}"),
        false => format!("{action},{list}"),
    })
}

fn arch() -> impl Strategy<Value = String> {
    let names = &["b64", "b32", "x86_64", "i386", "aarch64", "s390x", "ppc64"];
    let name = words(names, &["x68_64", ""]);
    (prop_oneof![12 => select(&["=", "!="]), 1 => Just(">")], name)
        .prop_map(|(operator, name)| format!("arch{operator}{name}"))
}

fn syscalls() -> impl Strategy<Value = String> {
    let good = &[
        "openat", "execve", "unlinkat", "mount", "ptrace", "setuid", "0", "59", "0x1f", "010",
        "2047", "12abc", "all", "",
    ];
    let bad = &["nosuch", "2048", "-1", "any"];
    (subsequence(good, 1..4), weighted(0.08, select(bad)))
        .prop_map(|(good, bad)| good.into_iter().chain(bad).collect::<Vec<_>>().join(","))
}

fn condition() -> impl Strategy<Value = String> {
    let users = &["uid", "euid", "auid", "obj_uid", "loginuid", "FSUID"];
    let groups = &["gid", "egid", "sgid", "obj_gid"];
    let numbers = &["pid", "ppid", "a0", "a3", "inode", "devmajor", "success", "pers", "saddr_fam"];
    let texts = &["subj_user", "obj_type", "subj_sen"];
    let pair = prop_oneof![
        4 => (select(users), prop_oneof![number(), account()]),
        2 => (select(groups), prop_oneof![number(), account()]),
        4 => (select(numbers), number()),
        2 => (select(texts), words(&["system_u", "a b", "s0:c1"], &[""])),
        2 => (Just("exit"), prop_oneof![number(), errno()]),
        1 => (Just("filetype"), words(&["file", "dir", "fifo"], &["regular"])),
        1 => (Just("fstype"), words(&["debugfs", "tracefs"], &["ext4"])),
        1 => (Just("exe"), path()),
        1 => (Just("sessionid"), number()),
        1 => (Just("nosuch"), number()),
    ];
    (pair, operator()).prop_map(|((field, value), operator)| format!("{field}{operator}{value}"))
}

fn comparison() -> impl Strategy<Value = String> {
    let users = || select(&["uid", "euid", "auid", "obj_uid"]);
    let groups = || select(&["gid", "fsgid", "obj_gid"]);
    let all = || prop_oneof![users(), groups(), Just("pid")];
    let fields =
        prop_oneof![4 => (users(), users()), 3 => (groups(), groups()), 1 => (all(), all())];
    (fields, prop_oneof![8 => select(&["=", "!="]), 1 => Just(">=")])
        .prop_map(|((left, right), operator)| format!("{left}{operator}{right}"))
}

fn operator() -> impl Strategy<Value = &'static str> {
    let orders = select(&["!=", "<", "<=", ">", ">=", "&", "&="]);
    prop_oneof![12 => Just("="), 8 => orders, 1 => Just("")]
}

fn key() -> impl Strategy<Value = Words> {
    let text = prop_oneof![
        8 => "[a-z]{1,8}([ _=-][a-z]{1,4})?",
        1 => Just("x".repeat(256)),
        1 => Just("x".repeat(257)),
    ];
    (any::<bool>(), text).prop_map(|(short, text)| match short {
        true => option("-k", text).to_vec(),
        false => option("-F", format!("key={text}")).to_vec(),
    })
}

fn letters() -> impl Strategy<Value = String> {
    words(&["r", "w", "x", "a", "wa", "rwxa", "WA", "rr"], &["rwxaa", "q", ""])
}

fn path() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "/nonexistent(/[a-z.]{1,6}){0,3}/{0,2}",
        2 => words(&["/", "//", "/usr", "/usr/", "/usr//", "/a*", "/a b", "/é"], &["usr", ""]),
        1 => "/n{254,256}",
    ]
}

fn account() -> impl Strategy<Value = String> {
    words(&["root", "unset"], &["no-such-account", "-root", "Root"])
}

fn errno() -> impl Strategy<Value = String> {
    words(&["EACCES", "-EPERM", "-eperm", "-0x0d"], &["ENOSUCH", "-"])
}

/// Numbers as C reads them, and what is none.
fn number() -> impl Strategy<Value = String> {
    let odd = &[
        "0",
        "1",
        "2",
        "-1",
        "0x1f",
        "010",
        "5x",
        "4294967295",
        "4294967296",
        "18446744073709551615",
        "18446744073709551616",
    ];
    let wrong = &["-2147483649", "abc", "1.5", " 7", "+7", "--1", ""];
    prop_oneof![
        2 => any::<u16>().prop_map(|number| number.to_string()),
        1 => any::<i64>().prop_map(|number| number.to_string()),
        4 => words(odd, wrong),
    ]
}

/// Mostly one of `good`, sometimes one of `bad`.
fn words(
    good: &'static [&'static str],
    bad: &'static [&'static str],
) -> impl Strategy<Value = String> {
    prop_oneof![8 => select(good), 1 => select(bad)].prop_map(str::to_owned)
}
