//! Random rule sets for fixes: lines of every shape that people write, some nearly equal, with settings, comments and
//! lines that are not rules.

use rauditctl::source::Source;

use crate::grammar::derive::Choices;
use crate::no_panic::some_line;

/// Files as input of the linter, each with the number of its directory, if it has one.
pub(super) type Files = Vec<(Source, Option<usize>)>;

/// Returns up to three files.
pub(super) fn files(choices: &mut Choices<'_>) -> Files {
    let directory = (choices.below(2) == 1).then_some(0);
    let mut drafts = Vec::new();
    let texts: Vec<Vec<u8>> = (0..=choices.below(3)).map(|_| text(&mut drafts, choices)).collect();
    let texts = texts.into_iter().enumerate();
    texts.map(|(at, text)| (Source::new(format!("{at}.rules"), text), directory)).collect()
}

fn text(drafts: &mut Vec<Draft>, choices: &mut Choices<'_>) -> Vec<u8> {
    let mut text = if choices.below(24) == 23 { b"\xef\xbb\xbf".to_vec() } else { Vec::new() };
    let end: &[u8] = if choices.below(16) == 15 { b"\r\n" } else { b"\n" };
    if choices.below(3) == 2 {
        text.extend([b"-D", end, b"-c", end].concat());
    }
    let count = choices.below(9);
    for _ in 0..count {
        text.extend(line(drafts, choices));
        text.extend(end);
    }
    if choices.below(8) == 7 {
        text.truncate(text.len().saturating_sub(end.len()));
    }
    text
}

fn line(drafts: &mut Vec<Draft>, choices: &mut Choices<'_>) -> Vec<u8> {
    let mut line = match choices.below(16) {
        0..12 => {
            let draft = match drafts.len() {
                known if known > 0 && choices.below(2) == 1 => {
                    let mut draft = drafts[choices.below(known)].clone();
                    match choices.below(4) {
                        0 => draft.syscalls = vec![*choices.one(&SYSCALLS)],
                        1 => draft.style = style(choices),
                        _ => draft.vary(choices),
                    }
                    draft
                }
                _ => Draft::new(choices),
            };
            drafts.push(draft.clone());
            draft.written()
        }
        12 => choices.one(&SETTINGS).to_vec(),
        13 => choices.one(&COMMENTS).to_vec(),
        14 => choices.one(&ODD).to_vec(),
        _ => some_line(choices),
    };
    line.retain(|byte| *byte != b'\n');
    match choices.below(48) {
        47 => line.push(b'\r'),
        46 => line.insert(0, b' '),
        45 => line.push(b' '),
        44 => {
            let spaces: Vec<usize> =
                line.iter().enumerate().filter(|(_, b)| **b == b' ').map(|(at, _)| at).collect();
            if !spaces.is_empty() {
                line[*choices.one(&spaces)] = b'\t';
            }
        }
        _ => {}
    }
    line
}

const SETTINGS: [&[u8]; 18] = [
    b"-D",
    b"-b 8192",
    b"-f 1",
    b"-e 1",
    b"-c",
    b"-i",
    b"-e 2",
    b"-f 2",
    b"-b 64",
    b"-r 100",
    b"-D -k key",
    b"-D -k ke",
    b"--backlog_wait_time 60000",
    b"--loginuid-immutable",
    b"-t",
    b"-e1 -f1",
    b"-W /etc/passwd -p wa -k key",
    b"-c -b 1",
];

const COMMENTS: [&[u8]; 9] = [
    b"# a comment",
    b"",
    b"  ",
    b"#",
    b"# rauditctl: allow(C103, P) so",
    b"# rauditctl: allow-file(S102)",
    b"# rauditctl: allow(",
    b"  # \xff\t",
    b"# rauditctl: allow(ALL)",
];

/// Rules with another option on the same line, or in forms that are difficult for a fix.
const ODD: [&[u8]; 22] = [
    b"-a always,exit -S nosuch -k key",
    b"-a always,exit -F arch=b64 -S unlink -F auid>=x",
    b"-w relative -p wa",
    b"-Z",
    b"-e 1 -a always,exit -F arch=b64 -S open -k key",
    b"-a always,exit -F arch=b64 -S open -k key -e 1",
    b"-c -a always,exit -F arch=b64 -S open -k key",
    b"-a always,exit -F arch=b64 -S open -k key word",
    b"-w /etc/passwd -p wa -k key -D",
    b"-w /etc/passwd -k key -F auid>=1000",
    b"-w /etc/passwd -F arch=b64 -k key",
    b"-w /etc/passwd -S open -p wa -k key",
    b"-S open -a always,exit -F arch=b64 -k key",
    b"-F arch=b64 -S open -a always,exit -k key",
    b"-a always,exit -F path=/etc/passwd -p wa -p r -k key",
    b"-a always,exit -F path=/etc/passwd -p wa -F perm=r -k key",
    b"-a always,exit -F path=/etc/passwd -p wa -F arch=b32 -k key",
    b"-a always,exit -F arch=b64 -F arch=b32 -S open",
    b"-a always,exit -F arch!=b64 -S open -k key",
    b"-a always,exit -F arch=x86_64 -S 59 -k key",
    b"-a always,exit -F arch=aarch64 -S openat -k key",
    b"-a always,exit -S all -F arch=b64 -F path=/etc/passwd -F perm=wa",
];

/// A rule before it is written.
#[derive(Clone)]
struct Draft {
    /// A watch of this path; else a rule.
    watch: Option<&'static [u8]>,
    prepends: bool,
    deletes: bool,
    action: &'static str,
    list: &'static str,
    arch: &'static str,
    syscalls: Vec<&'static str>,
    conditions: Vec<&'static [u8]>,
    perm: &'static str,
    keys: Vec<&'static [u8]>,
    /// The seed of its spelling.
    style: Vec<u8>,
}

const WATCHED: [&[u8]; 12] = [
    b"/etc/passwd",
    b"/etc/passwd",
    b"/etc/passwd/",
    b"/etc/",
    b"/etc",
    b"/srv/a\\ b",
    b"/srv/\xff",
    b"/",
    b"/var/log/",
    b"/x..y",
    b"/srv/*",
    b"/srv/a\\\\b",
];
const ACTIONS: [&str; 6] = ["always", "always", "always", "always", "never", "possible"];
const LISTS: [&str; 16] = [
    "exit",
    "exit",
    "exit",
    "exit",
    "exit",
    "exit",
    "exit",
    "exit",
    "exit",
    "exit",
    "exit",
    "task",
    "user",
    "exclude",
    "filesystem",
    "io_uring",
];
const ARCHES: [&str; 9] = ["b64", "b64", "b64", "b32", "b32", "", "", "x86_64", "aarch64"];
const SYSCALLS: [&str; 22] = [
    "open",
    "openat",
    "openat",
    "unlink",
    "unlink",
    "chmod",
    "fchmod",
    "execve",
    "execve",
    "mount",
    "close",
    "all",
    "59",
    "chown32",
    "chown",
    "fchmodat",
    "renameat",
    "socketcall",
    "stime",
    "openat2",
    "0x3b",
    "ftruncate",
];
const CONDITIONS: [&[u8]; 34] = [
    b"auid>=1000",
    b"auid>=1000",
    b"auid!=unset",
    b"auid!=-1",
    b"auid!=4294967295",
    b"uid=0",
    b"uid!=0",
    b"euid=0",
    b"gid=5",
    b"success=1",
    b"success=0",
    b"exit=-EACCES",
    b"exit=-EPERM",
    b"exit=-13",
    b"exit>=0",
    b"a0=2",
    b"a1&=0x40",
    b"exe=/usr/bin/x",
    b"path=/etc/passwd",
    b"path=/etc/passwd",
    b"path=/srv/a\\ b",
    b"dir=/etc",
    b"dir=/etc/",
    b"dir=/home",
    b"subj_type=foo_t",
    b"obj_type=bar_t",
    b"obj_lev_low=s0",
    b"auid=0",
    b"pid=1",
    b"ppid=1",
    b"inode=5",
    b"pers=8",
    b"filetype=file",
    b"sessionid!=-1",
];
const EXCLUDED: [&[u8]; 5] =
    [b"msgtype=CWD", b"msgtype=1300", b"msgtype>=1400", b"auid=0", b"msgtype=EOE"];
const PERMS: [&str; 10] = ["", "", "", "", "wa", "aw", "r", "x", "rwxa", "w"];
const KEYS: [&[u8]; 6] = [b"key", b"key", b"other", b"k\xfe", b"a\\ b", b"keys"];

fn style(choices: &mut Choices<'_>) -> Vec<u8> {
    (0..16).map(|_| choices.below(256) as u8).collect()
}

impl Draft {
    fn new(choices: &mut Choices<'_>) -> Self {
        let list = *choices.one(&LISTS);
        let mut draft = Draft {
            watch: (choices.below(4) == 3).then(|| *choices.one(&WATCHED)),
            prepends: choices.below(16) == 15,
            deletes: choices.below(24) == 23,
            action: choices.one::<&str>(&ACTIONS),
            list,
            arch: choices.one::<&str>(&ARCHES),
            syscalls: (0..choices.below(4)).map(|_| *choices.one(&SYSCALLS)).collect(),
            conditions: Vec::new(),
            perm: choices.one::<&str>(&PERMS),
            keys: (0..[1, 1, 1, 0, 2][choices.below(5)]).map(|_| *choices.one(&KEYS)).collect(),
            style: style(choices),
        };
        if draft.watch.is_some() {
            return draft;
        }
        for _ in 0..choices.below(4) {
            draft.conditions.push(draft.condition(choices));
        }
        match list {
            "task" | "user" | "exclude" => {
                (draft.syscalls, draft.perm, draft.arch) = (vec![], "", "")
            }
            "filesystem" => {
                draft.conditions.truncate(1);
                draft.conditions.push(b"fstype=debugfs");
                (draft.syscalls, draft.perm, draft.arch) = (vec![], "", "");
            }
            "io_uring" => (draft.syscalls, draft.arch) = (vec!["openat"], ""),
            _ => {}
        }
        draft
    }

    fn condition(&self, choices: &mut Choices<'_>) -> &'static [u8] {
        let conditions: &[&[u8]] = if self.list == "exclude" { &EXCLUDED } else { &CONDITIONS };
        choices.one::<&[u8]>(conditions)
    }

    /// Turns it into another rule, or keeps it.
    fn vary(&mut self, choices: &mut Choices<'_>) {
        match choices.below(12) {
            0 | 1 => self.arch = if self.arch == "b64" { "b32" } else { "b64" },
            2 => self.syscalls = vec![*choices.one(&SYSCALLS)],
            3 => self.syscalls.push(*choices.one(&SYSCALLS)),
            4 => self.conditions.push(self.condition(choices)),
            5 => drop(self.conditions.pop()),
            6 => self.conditions.reverse(),
            7 => self.keys = vec![*choices.one(&KEYS)],
            8 => self.perm = *choices.one::<&str>(&PERMS),
            9 => match self.watch {
                Some(path) => {
                    let condition: &[u8] =
                        if path == b"/etc/" { b"dir=/etc" } else { b"path=/etc/passwd" };
                    (self.watch, self.conditions) = (None, vec![condition]);
                    (self.action, self.list, self.arch, self.syscalls) =
                        ("always", "exit", "b64", vec![]);
                }
                None => self.deletes = true,
            },
            10 => self.arch = "",
            _ => self.style = style(choices),
        }
    }

    fn written(&self) -> Vec<u8> {
        let choices = &mut Choices(&self.style);
        let mut options: Vec<(&[u8], Vec<u8>)> = Vec::new();
        let pair = |left: &str, right: &str| format!("{left},{right}").into_bytes();
        match self.watch {
            Some(path) if self.deletes => options.push((b"-W", path.to_vec())),
            Some(path) => options.push((b"-w", path.to_vec())),
            None => {
                let head: &[u8] = match (self.deletes, self.prepends) {
                    (true, _) => b"-d",
                    (_, true) => b"-A",
                    _ => b"-a",
                };
                let words = match choices.below(4) {
                    3 => pair(self.list, self.action),
                    _ => pair(self.action, self.list),
                };
                options.push((head, words));
                self.body(&mut options, choices);
            }
        }
        if self.watch.is_some() && !self.perm.is_empty() {
            options.push((b"-p", self.perm.into()));
        }
        // Any order is possible; usually the syscalls come first.
        if choices.below(4) == 3 {
            for _ in 0..3 {
                let (one, other) = (choices.below(options.len()), choices.below(options.len()));
                options.swap(one, other);
            }
        }
        for key in &self.keys {
            match choices.below(4) {
                0 if self.watch.is_none() => options.push((b"-F", [b"key=", *key].concat())),
                _ => options.push((b"-k", key.to_vec())),
            }
        }
        if choices.below(24) == 23 {
            options.rotate_right(1);
        }
        let is_glued = choices.below(16) == 15;
        let glue: &[u8] = if is_glued {
            b""
        } else if choices.below(16) == 15 {
            b"  "
        } else {
            b" "
        };
        let options: Vec<Vec<u8>> =
            options.into_iter().map(|(name, value)| [name, glue, &value].concat()).collect();
        options.join(&b' ')
    }

    fn body(&self, options: &mut Vec<(&'static [u8], Vec<u8>)>, choices: &mut Choices<'_>) {
        if !self.arch.is_empty() {
            options.push((b"-F", format!("arch={}", self.arch).into_bytes()));
        }
        match choices.below(3) {
            0 => options
                .extend(self.syscalls.iter().map(|name| (&b"-S"[..], name.as_bytes().to_vec()))),
            _ if self.syscalls.is_empty() => {}
            _ => options.push((b"-S", self.syscalls.join(",").into_bytes())),
        }
        options.extend(self.conditions.iter().map(|text| (&b"-F"[..], text.to_vec())));
        if !self.perm.is_empty() {
            let at = options.len() - choices.below(options.len());
            match choices.below(5) {
                4 => options.insert(at, (b"-p", self.perm.into())),
                _ => options.insert(at, (b"-F", format!("perm={}", self.perm).into_bytes())),
            }
        }
    }
}
