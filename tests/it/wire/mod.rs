//! Encodes and decodes rules and other requests, and compares them with bytes in a readable form.
//!
//! All numbers are from linux/audit.h, linux/elf-em.h, linux/magic.h and the syscall tables, and not from the output of
//! this project.

mod controls;
mod layout;
mod malformed;

use rauditctl::catalog::Arch;
use rauditctl::compile::{End, Options, Program, Step, compile};
use rauditctl::host::FixedHost;
use rauditctl::rule::{Request, Rule};
use rauditctl::syntax::{parse_words, words};
use rauditctl::wire::{Frame, decode, encode};

// Operators, as in `fieldflags`.
const LESS: u32 = 0x1000_0000; // AUDIT_LESS_THAN
const NOT_EQUAL: u32 = 0x3000_0000; // AUDIT_NOT_EQUAL
const EQUAL: u32 = 0x4000_0000; // AUDIT_EQUAL
const AT_LEAST: u32 = 0x6000_0000; // AUDIT_GREATER_THAN_OR_EQUAL
const ANY_BIT: u32 = 0x0800_0000; // AUDIT_BIT_MASK
const ALL_BITS: u32 = 0x4800_0000; // AUDIT_BIT_TEST

/// One 32-bit word; the name is for the reader.
fn word(_name: &str, value: u32) -> Vec<u8> {
    value.to_ne_bytes().to_vec()
}

fn words_of(words: impl IntoIterator<Item = u32>) -> Vec<u8> {
    words.into_iter().flat_map(u32::to_ne_bytes).collect()
}

/// `mask[64]` with the bits of these numbers.
fn mask(numbers: &[usize]) -> Vec<u8> {
    let mut words = [0; 64];
    numbers.iter().for_each(|number| words[number / 32] |= 1 << (number % 32));
    words_of(words)
}

/// `mask[64]` of a rule for all syscalls.
fn whole_mask() -> Vec<u8> {
    words_of([u32::MAX; 64])
}

/// An array of 64, of which the rule uses the first ones.
fn column(values: &[u32]) -> Vec<u8> {
    let mut words = [0; 64];
    words[..values.len()].copy_from_slice(values);
    words_of(words)
}

fn fields(values: &[u32]) -> Vec<u8> {
    column(values)
}

fn values(values: &[u32]) -> Vec<u8> {
    column(values)
}

fn ops(values: &[u32]) -> Vec<u8> {
    column(values)
}

/// The strings, in field order and without NUL.
fn text(text: &str) -> Vec<u8> {
    text.as_bytes().to_vec()
}

fn compiled(line: &str) -> Program {
    let host = FixedHost { directories: vec![b"/etc".to_vec()], ..FixedHost::new(Arch::X86_64) };
    compile(&parse_words(words(line.as_bytes(), 0)), &host, Options::default())
}

/// The line gives these bytes, and these bytes give the line's rule.
#[track_caller]
fn check(line: &str, pieces: &[Vec<u8>]) -> Rule {
    let expected = pieces.concat();
    let End::Rule(Request::Add(rule) | Request::Delete(rule), _) = compiled(line).end else {
        panic!("no rule in {line}");
    };
    assert_eq!(encode(&rule), expected, "{line}");
    assert_eq!(decode(&expected).as_ref(), Ok(&rule), "{line}");
    rule
}

#[test]
fn encodes_exe_and_key() {
    check(
        "-a always,exit -F arch=b64 -S execve -F exe=/usr/bin/curl -F key=net",
        &[
            word("flags", 4),  // AUDIT_FILTER_EXIT
            word("action", 2), // AUDIT_ALWAYS
            word("field_count", 3),
            mask(&[59]),                   // execve
            fields(&[11, 112, 210]),       // AUDIT_ARCH, AUDIT_EXE, AUDIT_FILTERKEY
            values(&[0xc000_003e, 13, 3]), // EM_X86_64, 64 bit, little endian; two lengths
            ops(&[EQUAL; 3]),
            word("buflen", 16),
            text("/usr/bin/curlnet"),
        ],
    );
}

#[test]
fn encodes_a_watch_on_a_file() {
    check(
        "-w /etc/passwd -p wa -k identity",
        &[
            word("flags", 4),
            word("action", 2),
            word("field_count", 3),
            whole_mask(),
            fields(&[105, 106, 210]), // AUDIT_WATCH, AUDIT_PERM, AUDIT_FILTERKEY
            values(&[11, 2 | 8, 8]),  // AUDIT_PERM_WRITE, AUDIT_PERM_ATTR
            ops(&[EQUAL; 3]),
            word("buflen", 19),
            text("/etc/passwdidentity"),
        ],
    );
}

#[test]
fn encodes_a_watch_on_a_directory() {
    check(
        "-w /etc/ -p r",
        &[
            word("flags", 4),
            word("action", 2),
            word("field_count", 2),
            whole_mask(),
            fields(&[107, 106]), // AUDIT_DIR, AUDIT_PERM
            values(&[4, 4]),     // length without the slash at the end; AUDIT_PERM_READ
            ops(&[EQUAL; 2]),
            word("buflen", 4),
            text("/etc"),
        ],
    );
}

#[test]
fn encodes_a_comparison_of_two_fields() {
    check(
        "-a always,exit -F arch=b64 -S setuid -C auid!=obj_uid",
        &[
            word("flags", 4),
            word("action", 2),
            word("field_count", 2),
            mask(&[105]),              // setuid
            fields(&[11, 111]),        // AUDIT_ARCH, AUDIT_FIELD_COMPARE
            values(&[0xc000_003e, 5]), // AUDIT_COMPARE_AUID_TO_OBJ_UID
            ops(&[EQUAL, NOT_EQUAL]),
            word("buflen", 0),
        ],
    );
}

#[test]
fn encodes_an_excluded_message_type() {
    check(
        "-a never,exclude -F msgtype=CWD",
        &[
            word("flags", 5),  // AUDIT_FILTER_EXCLUDE
            word("action", 0), // AUDIT_NEVER
            word("field_count", 1),
            whole_mask(),
            fields(&[12]),   // AUDIT_MSGTYPE
            values(&[1307]), // AUDIT_CWD
            ops(&[EQUAL]),
            word("buflen", 0),
        ],
    );
}

#[test]
fn encodes_an_excluded_file_system() {
    check(
        "-a never,filesystem -F fstype=tracefs",
        &[
            word("flags", 6), // AUDIT_FILTER_FS
            word("action", 0),
            word("field_count", 1),
            whole_mask(),
            fields(&[26]),          // AUDIT_FSTYPE
            values(&[0x7472_6163]), // TRACEFS_MAGIC
            ops(&[EQUAL]),
            word("buflen", 0),
        ],
    );
}

#[test]
fn encodes_an_io_uring_operation() {
    check(
        "-a always,io_uring -S openat -k ring",
        &[
            word("flags", 7), // AUDIT_FILTER_URING_EXIT
            word("action", 2),
            word("field_count", 1),
            mask(&[18]), // IORING_OP_OPENAT
            fields(&[210]),
            values(&[4]),
            ops(&[EQUAL]),
            word("buflen", 4),
            text("ring"),
        ],
    );
}

#[test]
fn encodes_an_exclusion_of_all_tasks() {
    check(
        "-a never,task",
        &[
            word("flags", 1), // AUDIT_FILTER_TASK
            word("action", 0),
            word("field_count", 0),
            mask(&[]),
            fields(&[]),
            values(&[]),
            ops(&[]),
            word("buflen", 0),
        ],
    );
}

#[test]
fn joins_keys_after_all_fields() {
    check(
        "-a always,exit -S all -k one -F pid=7 -F key=two",
        &[
            word("flags", 4),
            word("action", 2),
            word("field_count", 2),
            whole_mask(),
            fields(&[0, 210]), // AUDIT_PID, AUDIT_FILTERKEY
            values(&[7, 7]),
            ops(&[EQUAL; 2]),
            word("buflen", 7),
            text("one\x01two"), // AUDIT_KEY_SEPARATOR
        ],
    );
}

#[test]
fn encodes_a_prepended_rule() {
    check(
        "-A never,exit -F arch=b64 -S read",
        &[
            word("flags", 4 | 0x10), // AUDIT_FILTER_PREPEND
            word("action", 0),
            word("field_count", 1),
            mask(&[0]), // read
            fields(&[11]),
            values(&[0xc000_003e]),
            ops(&[EQUAL]),
            word("buflen", 0),
        ],
    );
}

#[test]
fn uses_the_numbers_of_a_32_bit_arch() {
    check(
        "-a always,exit -F arch=b32 -S unlink",
        &[
            word("flags", 4),
            word("action", 2),
            word("field_count", 1),
            mask(&[10]), // unlink on i386; mprotect on x86_64
            fields(&[11]),
            values(&[0x4000_0003]), // EM_386, little endian
            ops(&[EQUAL]),
            word("buflen", 0),
        ],
    );
}

#[test]
fn adds_the_syscalls_of_permissions() {
    check(
        "-a always,exit -F arch=b64 -F path=/bin/su -F perm=x",
        &[
            word("flags", 4),
            word("action", 2),
            word("field_count", 3),
            mask(&[59, 322]), // execve, execveat
            fields(&[11, 105, 106]),
            values(&[0xc000_003e, 7, 1]), // AUDIT_PERM_EXEC
            ops(&[EQUAL; 3]),
            word("buflen", 7),
            text("/bin/su"),
        ],
    );
}

#[test]
fn encodes_numbers_with_and_without_sign() {
    check(
        "-a always,exit -F arch=b64 -S open -F auid>=1000 -F auid!=unset -F exit=-EACCES -F a1<0x40",
        &[
            word("flags", 4),
            word("action", 2),
            word("field_count", 5),
            mask(&[2]),                    // open
            fields(&[11, 9, 9, 103, 201]), // AUDIT_LOGINUID twice, AUDIT_EXIT, AUDIT_ARG0 + 1
            values(&[0xc000_003e, 1000, u32::MAX, (-13i32).cast_unsigned(), 0x40]),
            ops(&[EQUAL, AT_LEAST, NOT_EQUAL, EQUAL, LESS]),
            word("buflen", 0),
        ],
    );
}

#[test]
fn encodes_bit_operators() {
    check(
        "-a always,exit -F arch=b64 -S open -F a1&=3 -F a2&0100",
        &[
            word("flags", 4),
            word("action", 2),
            word("field_count", 3),
            mask(&[2]),
            fields(&[11, 201, 202]),
            values(&[0xc000_003e, 3, 0o100]),
            ops(&[EQUAL, ALL_BITS, ANY_BIT]),
            word("buflen", 0),
        ],
    );
}

#[test]
fn puts_texts_in_field_order() {
    check(
        "-a always,exit -S all -F subj_user=u -F uid=0 -F obj_type!=tmp_t",
        &[
            word("flags", 4),
            word("action", 2),
            word("field_count", 3),
            whole_mask(),
            fields(&[13, 1, 21]), // AUDIT_SUBJ_USER, AUDIT_UID, AUDIT_OBJ_TYPE
            values(&[1, 0, 5]),
            ops(&[EQUAL, EQUAL, NOT_EQUAL]),
            word("buflen", 6),
            text("utmp_t"),
        ],
    );
}

/// `-d` sends the same bytes as `-a`, with another message type.
#[test]
fn added_and_deleted_rules_have_the_same_bytes() {
    let frame = |line: &str| match compiled(line).end {
        End::Rule(request, _) => Frame::from(&request),
        end => panic!("{line}: {end:?}"),
    };
    let added = frame("-a always,exit -F arch=b64 -S open -k x");
    let deleted = frame("-d always,exit -F arch=b64 -S open -k x");
    assert_eq!(added.kind.0, 1011); // AUDIT_ADD_RULE
    assert_eq!(deleted.kind.0, 1012); // AUDIT_DEL_RULE
    assert_eq!(added.payload, deleted.payload);
}

/// Returns the request of a line without a rule.
#[track_caller]
fn control(line: &str) -> Frame {
    let program = compiled(line);
    let [Step::Send(request, _)] = &program.steps[..] else {
        panic!("{line}: {:?}", program.steps);
    };
    Frame::from(&**request)
}
