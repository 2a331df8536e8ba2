//! Random rules files: valid rules in every spelling, between lines that are not valid.

use proptest::collection::vec;
use proptest::prelude::*;
use rauditctl::syntax::{self, SHORT};

use crate::grammar::derive::{Choices, mutate};
use crate::grammar::made_lines;
use crate::roundtrip::listable::written_rule;

/// Lines with constructs that are difficult for the formatter.
pub(super) const LINES: [&[u8]; 44] = [
    b"-D",
    b"-b8192 -f 1",
    b"-e1",
    b"--back=60000",
    b"--reset_",
    b"-D -k old",
    b"-a exit,always -S open -S close,open -k k",
    b"-a exit,always -F arch=b64 -S open,openat,2,0x2,all -F auid>=1000 -F auid!=-1 -k access",
    b"-a exit,always -F path=/x -F perm=aw -S open -k k",
    b"-a exit,always -F path=/x -p aw -F arch=b32 -S 5 -p r",
    b"-a exit,always -F auid=0 -F arch=b64 -F uid=alice -S all,59",
    b"-a exit,always -S open -F KEY=a -F uid=0 -k b -F key= -k c",
    b"-S open -a user,never",
    b"-S all -a never,exit -k a",
    b"-w /etc/passwd -k id -p awxr -F auid=1000 -k b",
    b"-w /etc -F key= -p w -S open",
    b"-W /etc/ -k a -p aw",
    br"-w /srv/a\ b -k c\\d -p w",
    br"-w /x -k \ a\ ",
    br"-a exit,always -S open -k k -F exe=/a\",
    br"-w/srv/a\ b -p w",
    b"-a exclude,always -F msgtype=1300 -F sessionid=4294967295",
    b"-a Filesystem,never -F fstype=debugfs",
    b"-a io_uring,always -S openat,close,all,5 -k r",
    b"-a task,never -F LOGINUID=-1",
    b"-d exit,always -F arch=AARCH64 -S close",
    b"-a exit,possible -S open",
    b"-A possible,exit -S open",
    b"-F arch=b64 -t",
    b"-t -Z word",
    b"-t -- --signal=",
    b"-t -k k -S b,a",
    b"--",
    b"-e 1 -- ",
    b"-q/mnt,/srv",
    b"-m hello\\ there",
    b"--signal=hup",
    b"-e1 -a exit,always -S open -kk",
    b"-a exit,always -S , -kk",
    b"-a exit,always -S open -C AUID!=uid -F gid=-1",
    b"-a exit,always -S open -C AUID!=uid -F gid=wheel -k a,b=c",
    b"-a exit,always -Fperm=aW -F dir=/etc/ -F arch=b64",
    b"-a exit,always -S 59,3 -S open",
    b"-w /x -a always,always",
];

/// Options that change the meaning of the options next to them.
const OPTIONS: [&[u8]; 32] = [
    b"-S open",
    b"-S all",
    b"-S 59,2,open",
    b"-S ,",
    b"-S OPEN,close",
    b"-k x",
    b"-F key=",
    b"-F key=a=b",
    b"-F KEY=v",
    b"-p aw",
    b"-p XR",
    b"-F perm=wa",
    b"-F auid!=-1",
    b"-F loginuid=4294967295",
    b"-F sessionid=0xffffffff",
    b"-F ARCH=b64",
    b"-F arch=b32",
    b"-F arch=aarch64",
    b"-C auid!=UID",
    b"-F uid=alice",
    b"-F gid=-1",
    b"-F dir=/etc",
    b"-F exe=/a\\",
    b"-e1",
    b"-f 2",
    b"--",
    b"-t",
    b"--back 5",
    b"-i",
    b"-a exit,always",
    b"-w /etc",
    b"word",
];

/// Returns a file of up to a dozen lines.
pub(super) fn file() -> impl Strategy<Value = Vec<u8>> {
    let from_grammar = made_lines();
    let rule = proptest::option::of(written_rule(true).prop_map(|written| written.line()));
    vec((rule, vec(any::<u8>(), 0..100)), 0..12).prop_map(move |parts| {
        let mut file = Vec::new();
        let count = parts.len();
        for (index, (rule, bytes)) in parts.into_iter().enumerate() {
            let choices = &mut Choices(&bytes);
            let line = match (rule, choices.below(4)) {
                (Some(rule), 0..3) => messy(&rule, choices),
                (_, 0) => from_grammar(choices),
                (_, 1 | 2) => messy(LINES[choices.below(LINES.len())], choices),
                _ => noise(choices),
            };
            file.extend(line);
            if index + 1 < count || choices.below(2) == 1 {
                file.push(b'\n');
            }
        }
        file
    })
}

/// Returns a line that is not a command, or a command that is parsed in an odd way.
fn noise(choices: &mut Choices<'_>) -> Vec<u8> {
    let long = |start: &[u8], len: usize| [start, &b"x ".repeat(len / 2)].concat();
    let starts: [&[u8]; 3] = [b"#", b"-w /x -k ", b"-a exit,always -S open -k a -F exe=/"];
    let start = *choices.one(&starts);
    match choices.below(12) {
        0 => b"   ".to_vec(),
        1 => b"  #  two  words \xff  ".to_vec(),
        2 => b"# \ttab  ".to_vec(),
        3 => b"  -D\r".to_vec(),
        4 => b"\t-D".to_vec(),
        5 => b"-a exit,always -S open -kk \0 -S  x".to_vec(),
        6 => b"\xef\xbb\xbf-D".to_vec(),
        7 => b" -w  /srv/\xff\xfe  -p  aw".to_vec(),
        8 => long(start, 6100 + choices.below(100)),
        // The longest line that auditctl reads at once, and a byte more or less.
        9 => [start, &vec![b'y'; 6142 - start.len() + choices.below(3)]].concat(),
        10 => [&vec![b' '; 3000][..], start, b"z", &[b' '; 3000]].concat(),
        _ => Vec::new(),
    }
}

/// Returns the same rule in another spelling, or another rule from its parts.
fn messy(line: &[u8], choices: &mut Choices<'_>) -> Vec<u8> {
    let mut options = options(line);
    for _ in 0..choices.below(5) {
        let (one, other) =
            (choices.below(options.len().max(1)), choices.below(options.len().max(1)));
        match choices.below(6) {
            0 | 1 if !options.is_empty() => options.swap(one, other),
            2 if !options.is_empty() => {
                let again = options[one].clone();
                options.insert(other, again);
            }
            3 => options.insert(one, choices.one(&OPTIONS).to_vec()),
            4 if !options.is_empty() => respell(&mut options[one], choices),
            _ => options.iter_mut().for_each(|option| respell(option, choices)),
        }
    }
    let mut line = vec![b' '; choices.below(2)];
    for option in options {
        line.extend(option);
        line.resize(line.len() + 1 + choices.below(2), b' ');
    }
    if choices.below(3) > 0 && !line.ends_with(b"\\ ") {
        line.pop();
    }
    if choices.below(12) == 11 {
        let others = LINES.map(<[u8]>::to_vec);
        line = mutate(&line, &others, choices);
    }
    line
}

/// Returns the line split before each option, without the blanks between options.
fn options(line: &[u8]) -> Vec<Vec<u8>> {
    let mut options: Vec<Vec<u8>> = Vec::new();
    for word in syntax::words(line, 0) {
        let word = &line[word.span().range()];
        match options.last_mut() {
            Some(option) if !word.starts_with(b"-") => {
                option.push(b' ');
                option.extend(word);
            }
            _ => options.push(word.to_vec()),
        }
    }
    options
}

/// Returns another spelling of an option, which nearly always has the same meaning.
fn respell(option: &mut Vec<u8>, choices: &mut Choices<'_>) {
    let Some(space) = option.iter().position(|byte| *byte == b' ') else { return };
    let (name, value) = (option[..space].to_vec(), option[space + 1..].to_vec());
    let takes_value =
        |(letter, _, takes_value): &(u8, _, bool)| *takes_value && name == [b'-', *letter];
    match choices.below(6) {
        0 if SHORT.iter().any(takes_value) => *option = [name, value].concat(),
        1 if name.starts_with(b"--") => *option = [&name[..], b"=", &value].concat(),
        2 if matches!(&*name, b"-a" | b"-A" | b"-d") => {
            let mut halves: Vec<&[u8]> = value.split(|byte| *byte == b',').collect();
            halves.reverse();
            *option = [&name[..], b" ", &halves.join(&b',')].concat();
        }
        3 if option.starts_with(b"-F key=") => *option = [b"-k ", &option[7..]].concat(),
        3 if name == b"-k" => *option = [b"-F key=", &*value].concat(),
        4 => *option = [&name[..], b"   ", &value].concat(),
        5 if name == b"-F" || name == b"-p" || name == b"-S" => {
            let at = choices.below(value.len().max(1));
            if let Some(byte) = option.get_mut(space + 1 + at) {
                byte.make_ascii_uppercase();
            }
        }
        _ => {}
    }
}
