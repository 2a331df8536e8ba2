use super::*;

#[track_caller]
fn becomes(before: &str, after: &str) {
    let shown = |line: &[u8]| line.escape_ascii().to_string();
    let formatter = Formatter::new();
    let formatted = formatter.line(before.as_bytes());
    assert_eq!(shown(&formatted), shown(after.as_bytes()), "from {before}");
    assert_eq!(shown(&formatter.line(&formatted)), shown(after.as_bytes()), "second pass");
}

#[track_caller]
fn stays(line: &str) {
    becomes(line, line);
}

#[test]
fn shortens_options_and_names_values() {
    becomes("-b8192", "-b 8192");
    becomes("  -f1  ", "-f 1");
    becomes("-b 8192   -e1", "-b 8192 -e 1");
    becomes("--backlog_wait_time=60000", "--backlog_wait_time 60000");
    becomes("--back 5", "--backlog_wait_time 5");
    becomes("--reset-", "--reset-lost");
    becomes("--loginuid", "--loginuid-immutable");
    becomes("--signal=HUP", "--signal HUP");
    becomes("-D   -k  old", "-D -k old");
    becomes("--help", "-h");
    becomes("-q/mnt,/srv", "-q /mnt,/srv");
    becomes("-r 0 --", "-r 0");
    for line in ["-D", "-c", "-i", "-e 2", "-r 0", "-l", "-l -i", "-s -i", "-t", "-v", "-m hello"] {
        stays(line);
    }
}

#[test]
fn orders_the_parts_of_a_rule() {
    becomes(
        "-a exit,always -k k -S stat -F arch=b64",
        // An arch after syscalls is an error.
        "-a exit,always -k k -S stat -F arch=b64",
    );
    becomes(
        "-k k -a exit,always -S stat",
        // A key before a part that takes a key is an error too.
        "-k k -a exit,always -S stat",
    );
    becomes("-S all -a exit,never", "-a never,exit -S all");
    // After the list, auditctl would warn that `open` has two numbers.
    becomes("-S open -a exit,never", "-S open -a never,exit");
    becomes(
        "-A exit,always -F arch=b64 -Sopen -S stat,59 -k a -F auid>=1000 -S open,3 -k b -C uid!=euid",
        "-A always,exit -F arch=b64 -S open,stat,3,59 -F auid>=1000 -C uid!=euid -F key=a -F key=b",
    );
    becomes(
        "-d exit,always -F auid=0 -F arch=b32 -F uid=0 -S open -k k",
        "-d always,exit -F auid=0 -F arch=b32 -S open -F uid=0 -F key=k",
    );
    becomes(
        "-a always,exit -F path=/etc/passwd -F perm=wa -F arch=b64 -k k",
        "-a always,exit -F path=/etc/passwd -F perm=wa -F arch=b64 -F key=k",
    );
    // The same on these lists, in their only spelling.
    becomes("-a EXCLUDE,always -F msgtype=CWD", "-a always,exclude -F msgtype=CWD");
    becomes("-a task,never -F uid=root", "-a never,task -F uid=root");
    becomes(
        "-a io_uring,always -S openat,close -k r",
        "-a always,io_uring -S close,openat -F key=r",
    );
    becomes("-a Filesystem,never -F fstype=debugfs", "-a never,filesystem -F fstype=debugfs");
}

#[test]
fn keeps_the_order_of_conditions() {
    stays("-a always,exit -S all -F uid=2 -F auid=1 -C gid=egid -F a0=3");
    stays("-a always,exit -F arch=b64 -S open -F exit=-EPERM -F exit=-EACCES");
}

#[test]
fn sorts_syscalls_and_removes_duplicates() {
    becomes("-a exit,always -S open -S 59,3,0x3", "-a always,exit -S open,0x3,3,59");
    becomes("-a always,exit -S stat,open,,stat,10,9", "-a always,exit -S open,stat,9,10");
    becomes("-a always,exit -S STAT,Open", "-a always,exit -S open,stat");
    becomes("-a always,exit -S 59,all -S all", "-a always,exit -S all");
    // aarch64 has no open: without it, the line would no longer be an error there.
    becomes("-a exit,always -F arch=b64 -S open,all", "-a always,exit -F arch=b64 -S all,open");
    // A list of commas has no names, but it is a list.
    becomes("-a exit,always -S , -k k", "-a always,exit -S , -F key=k");
}

#[test]
fn keeps_permissions_before_the_syscalls() {
    // `perm` without an arch uses the arch of the machine, which the first `-S` sets.
    becomes(
        "-a exit,always -F path=/x -F perm=aw -S open -k k",
        "-a always,exit -F path=/x -F perm=wa -S open -F key=k",
    );
    becomes(
        "-a exit,always -S open -F path=/x -F perm=aw -k k",
        "-a always,exit -S open -F path=/x -F perm=wa -F key=k",
    );
}

#[test]
fn sorts_permissions() {
    becomes("-w /etc/passwd -k id -p awxr", "-w /etc/passwd -p rwxa -k id");
    becomes("-w /etc/passwd -p AW", "-w /etc/passwd -p wa");
    becomes("-w /etc/passwd -pww", "-w /etc/passwd -p w");
    becomes("-w /etc/passwd -F key=id -p wa", "-w /etc/passwd -p wa -k id");
    becomes("-w/etc/passwd", "-w /etc/passwd");
    becomes("-W /etc/passwd -k b -k a -p x", "-W /etc/passwd -p x -k b -k a");
    becomes(
        "-a exit,always -F path=/x -F uid=0 -p aw -k k",
        "-a always,exit -F path=/x -F uid=0 -p wa -F key=k",
    );
    becomes("-w /x -k k -F auid=7 -p wa", "-w /x -p wa -F auid=7 -k k");
}

#[test]
fn spells_equal_values_the_same() {
    for unset in ["-1", "4294967295", "0xFFFFFFFF", "unset"] {
        becomes(
            &format!("-a always,exit -S open -F loginuid!={unset} -F sessionid={unset}"),
            "-a always,exit -S open -F auid!=unset -F sessionid=unset",
        );
    }
    // Other numbers are not the unset user.
    stays("-a always,exit -S open -F uid!=-1 -F a0=-1 -F gid=4294967295");
    becomes("-a always,exit -F ARCH=B64 -S open", "-a always,exit -F arch=b64 -S open");
    becomes("-a always,exit -S open -C AUID!=Uid", "-a always,exit -S open -C auid!=uid");
    stays("-a always,exit -F arch=0xc000003e -S open -F a1&=0x40 -F inode=010 -F uid=wheel");
}

#[test]
fn treats_keys_in_capitals_as_conditions() {
    // `KEY=` puts the key at that place, `key=` at the end.
    stays("-a always,exit -S open -F KEY=a -F uid=0");
    stays("-a always,exit -S open -F key!=a -F uid=0");
    becomes("-a always,exit -S open -F key= -k b", "-a always,exit -S open -F key= -F key=b");
    becomes("-w /x -F key= -k b", "-w /x -F key= -k b");
}

#[test]
fn keeps_escapes() {
    becomes(r"-w /srv/a\ b\\c\d   -kk", r"-w /srv/a\ b\\c\d -k k");
    becomes(r"-k\ x -a exit,always", r"-k\ x -a exit,always");
    becomes(r"-w /x -k\ a\ ", r"-w /x -k \ a\ ");
    becomes(r"-w /x -k a\ -p wa", r"-w /x -k a\ -p wa");
    // In the first word, the escape results in two control bytes, which no other word can have.
    stays(r"-w/srv/a\ b -p wa");
    // A backslash at the end is literal; before a space it would escape.
    becomes(r"-a exit,always -S open -F exe=/a\", r"-a always,exit -S open -F exe=/a\");
    becomes(
        r"-a exit,always -S open -k k -F uid=0 -F exe=/a\",
        r"-a always,exit -S open -k k -F uid=0 -F exe=/a\",
    );
    becomes(
        r"-a exit,always -F uid=0 -S open -F exe=/a -k a\",
        r"-a always,exit -S open -F uid=0 -F exe=/a -F key=a\",
    );
    becomes(r"-w /x -p wa  -k a\", r"-w /x -p wa -k a\");
    becomes(r"-w  /x -k k -p w -F exe=/a\", r"-w /x -k k -p w -F exe=/a\");
}

#[test]
fn trims_comments_and_blank_lines() {
    becomes("   #  two  words   ", "#  two  words");
    becomes("    ", "");
    stays("#-a exit,always");
}

#[test]
fn keeps_faulty_and_odd_lines() {
    stays("-a exit,always  -S nosuchcall");
    stays("-a exit,always  -F arch=b64 -S opennat -k k");
    stays("-a exit,always  -S open word");
    stays("  -a always");
    stays("-a exit,always -S open -k\tk");
    stays("-a exit,always -S open -kk\r");
    stays("-a exit,always -S open -kk\0 more");
    stays("\t# comment");
    stays("   #\u{7f}");
    stays(&format!("   -w /x -k k{}", " ".repeat(MAX_LINE)));
    stays(&format!("   #{}", "x".repeat(MAX_LINE)));
    stays("-a exit,always  -S open -F gid=-1");
    stays("-w /a  -w /b");
    stays("-R  other.rules");
    // A setting on the line of a rule.
    stays("-e1  -a exit,always -S open -kk");
    stays("--");
}

#[test]
fn formats_lines_that_only_some_machines_accept() {
    // Only 32-bit machines have this syscall.
    becomes("-a exit,always -S  stime", "-a always,exit -S stime");
    // b32 is an error on ppc64le and others, before and after formatting.
    becomes("-a exit,always -F arch=B32 -S stime,open", "-a always,exit -F arch=b32 -S open,stime");
}

#[test]
fn only_spaces_lines_that_depend_on_order() {
    // `-S` before the list is not checked against it.
    becomes("-S  open -a user,never", "-S open -a never,user");
    // auditctl ignores the words after `-t`, which is an error here.
    stays("-t  -Z   word");
    stays("-t  -k k -S b,a");
    // A deprecated rule is only skipped if its words are in this order.
    becomes("-a  exit,possible   -S open", "-a exit,possible -S open");
}

#[test]
fn rejects_long_results() {
    let path = "x".repeat(250);
    let paths = format!("/{path}").repeat(16);
    let joined = format!("-w{paths}/y");
    becomes(&joined, &joined.replacen("-w", "-w ", 1));
    // The formatted key needs four more bytes than fit.
    let line = format!("-a always,exit -S {}open -kk", "open,".repeat(1223));
    assert!(line.len() <= MAX_LINE && line.len() + 4 > MAX_LINE);
    becomes(&line, "-a always,exit -S open -F key=k");
    let exes = format!(" -F exe=/{}", "x".repeat(4000));
    let users = " -F uid=0".repeat(232);
    let line = format!("-a exit,always -S open{exes}{users} -kk");
    assert!(line.len() < MAX_LINE, "{}", line.len());
    stays(&line);
}

#[test]
fn ends_a_file_with_one_newline() {
    assert_eq!(format(b""), b"");
    assert_eq!(format(b"\n  \n"), b"");
    assert_eq!(format(b"-D"), b"-D\n");
    assert_eq!(format(b"\n\n# a\n\n  \n-b8\n\n\n"), b"\n\n# a\n\n\n-b 8\n");
    assert_eq!(format(b" -D\r\n -D\n"), b" -D\r\n-D\n");
    assert_eq!(format(b"\xff -k\n -D\n"), b"\xff -k\n-D\n");
}

#[test]
fn formats_a_large_file_as_its_lines() {
    let line = |number: usize| match number % 3 {
        0 => format!("  -w /srv/{number} -p aw -k k\n"),
        1 => format!("-w /srv/{number} -p wa -k k\n"),
        _ => "\n".to_owned(),
    };
    let text: String = (0..9000).map(line).collect();
    assert!(text.len() > 100_000);
    let mut formatted: String =
        (0..9000).map(|number| line(number).replace("  -w", "-w").replace("aw", "wa")).collect();
    formatted.pop();
    assert_eq!(format(text.as_bytes()), formatted.as_bytes());
    // A long last line is in one half.
    let long = format!("{}{}", "x".repeat(60_000), "y".repeat(60_000));
    assert_eq!(format(long.as_bytes()), format!("{long}\n").as_bytes());
}

#[test]
fn returns_the_place_of_each_line() {
    let text = b"-b8\n\n -D";
    let lines: Vec<_> = Formatter::new().lines(text).collect();
    let spans: Vec<_> = lines.iter().map(|(span, _)| *span).collect();
    assert_eq!(spans, [Span::new(0, 3), Span::new(4, 4), Span::new(5, 8)]);
    let texts: Vec<&[u8]> = lines.iter().map(|(_, text)| &**text).collect();
    assert_eq!(texts, [&b"-b 8"[..], b"", b"-D"]);
    // A formatted line does not change.
    assert!(matches!(lines[1].1, Cow::Borrowed(_)));
}
