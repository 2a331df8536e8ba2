//! Requests without a rule, the answers to questions, and the header of every message.

use rauditctl::wire::{FeatureSet, Status};

use super::{control, text, word, words_of};

/// Checks the message that a line sends.
#[track_caller]
fn check(line: &str, kind: u16, pieces: &[Vec<u8>]) {
    let frame = control(line);
    assert_eq!(frame.kind.0, kind, "{line}");
    assert_eq!(frame.payload, pieces.concat(), "{line}");
}

/// Returns an `audit_status` of 44 bytes with one valid member.
fn status(mask: u32, member: usize, value: u32) -> [Vec<u8>; 1] {
    let mut words = [0; 11];
    words[0] = mask;
    words[member] = value;
    [words_of(words)]
}

#[test]
fn encodes_settings() {
    const SET: u16 = 1001; // AUDIT_SET
    check("-e 2", SET, &status(0x01, 1, 2)); // AUDIT_STATUS_ENABLED
    check("-f 1", SET, &status(0x02, 2, 1)); // AUDIT_STATUS_FAILURE
    check("-r 0x64", SET, &status(0x08, 4, 100)); // AUDIT_STATUS_RATE_LIMIT
    check("-b 8192", SET, &status(0x10, 5, 8192)); // AUDIT_STATUS_BACKLOG_LIMIT
    check("--backlog_wait_time 60000", SET, &status(0x20, 9, 60000)); // AUDIT_STATUS_BACKLOG_WAIT_TIME
    check("--reset-lost", SET, &status(0x40, 6, 0)); // AUDIT_STATUS_LOST
    // AUDIT_STATUS_BACKLOG_WAIT_TIME_ACTUAL
    check("--reset_backlog_wait_time_actual", SET, &status(0x80, 10, 0));
}

#[test]
fn encodes_loginuid_immutable() {
    let bit = 1 << 1; // AUDIT_FEATURE_LOGINUID_IMMUTABLE
    check(
        "--loginuid-immutable",
        1018, // AUDIT_SET_FEATURE
        &[word("vers", 0), word("mask", bit), word("features", bit), word("lock", bit)],
    );
}

#[test]
fn encodes_trees() {
    check("-t", 1014, &[]); // AUDIT_TRIM
    check(
        "-q /mnt,/srv/data",
        1015, // AUDIT_MAKE_EQUIV
        &[word("length of the first", 4), word("of the second", 9), text("/mnt/srv/data")],
    );
}

#[test]
fn encodes_a_user_message() {
    check(
        "-m hello",
        1005, // AUDIT_USER
        &[text("text=hello exe=\"rauditctl\" hostname=? addr=? terminal=? res=success\0")],
    );
}

#[test]
fn a_message_has_a_header_and_is_padded() {
    let expected = [
        word("nlmsg_len, header and payload", 16 + 8 + 13),
        [1015u16, 0x01 | 0x04].into_iter().flat_map(u16::to_ne_bytes).collect(), // NLM_F_REQUEST, NLM_F_ACK
        word("nlmsg_seq", 7),
        word("nlmsg_pid", 0),
        word("length of the first", 4),
        word("of the second", 9),
        text("/mnt/srv/data"),
        vec![0; 3],
    ];
    assert_eq!(control("-q /mnt,/srv/data").message(7), expected.concat());
}

/// Linux 6.1 answers with all eleven words.
#[test]
fn decodes_the_status_of_a_new_kernel() {
    let words = [0, 1, 2, 4711, 5, 8192, 7, 8, 0x7f, 15000, 11];
    let status = Status::decode(&words_of(words)).expect("a status");
    let expected = Status {
        enabled: 1,
        failure: 2,
        pid: 4711,
        rate_limit: 5,
        backlog_limit: 8192,
        lost: 7,
        backlog: 8,
        feature_bitmap: 0x7f,
        backlog_wait_time: 15000,
        backlog_wait_time_actual: Some(11),
    };
    assert_eq!(status, expected);
    assert_eq!(status.encode(), words_of(words));
}

/// Older kernels have fewer members and answer with fewer bytes; padding is ignored.
#[test]
fn decodes_the_status_of_old_kernels() {
    let status = |words: &[u32]| Status::decode(&words_of(words.iter().copied()));
    let oldest = status(&[0, 1, 1, 0, 0, 64, 0, 0]).expect("32 bytes are enough");
    assert_eq!((oldest.backlog_limit, oldest.feature_bitmap), (64, 0));
    assert_eq!(oldest.backlog_wait_time_actual, None);
    let older = [0, 1, 1, 0, 0, 64, 0, 0, 0x3f, 60000];
    let before_5_9 = status(&older).expect("40 bytes are enough");
    assert_eq!((before_5_9.feature_bitmap, before_5_9.backlog_wait_time), (0x3f, 60000));
    assert_eq!(before_5_9.encode(), words_of(older));
    let mut newer = [0; 14];
    newer[10] = 3;
    assert_eq!(status(&newer).expect("a status").backlog_wait_time_actual, Some(3));
}

#[test]
fn decodes_features() {
    let words = [1, 3, 2, 2]; // version, mask, features, lock
    let features = FeatureSet::decode(&words_of(words)).expect("16 bytes");
    assert_eq!(features, FeatureSet { mask: 3, features: 2, lock: 2 });
}
