//! Rule fields.
//!
//! Generated from `grammar/vocab/fields.tsv` by `cargo xtask vocab`; edit the source instead.

use crate::catalog::KnownList::*;
use crate::catalog::{FieldKind, FieldRow, OperatorSet};
use crate::catalog::kernel_version::KernelVersion;

/// The data of the fields, sorted by number.
pub(crate) static ROWS: &[FieldRow] = &[
    FieldRow {
        number: 0,
        name: "pid",
        kind: FieldKind::Number,
        lists: &[Exit, Task, User, Exclude, Filesystem, IoUring],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::Order,
        basic_exclude: true,
        since: None,
    },
    FieldRow {
        number: 1,
        name: "uid",
        kind: FieldKind::User,
        lists: &[Exit, Task, User, Exclude, Filesystem, IoUring],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::Order,
        basic_exclude: true,
        since: None,
    },
    FieldRow {
        number: 2,
        name: "euid",
        kind: FieldKind::User,
        lists: &[Exit, Task, User, Exclude, Filesystem, IoUring],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::Order,
        basic_exclude: false,
        since: None,
    },
    FieldRow {
        number: 3,
        name: "suid",
        kind: FieldKind::User,
        lists: &[Exit, Task, User, Exclude, Filesystem, IoUring],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::Order,
        basic_exclude: false,
        since: None,
    },
    FieldRow {
        number: 4,
        name: "fsuid",
        kind: FieldKind::User,
        lists: &[Exit, Task, User, Exclude, Filesystem, IoUring],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::Order,
        basic_exclude: false,
        since: None,
    },
    FieldRow {
        number: 5,
        name: "gid",
        kind: FieldKind::Group,
        lists: &[Exit, Task, User, Exclude, Filesystem, IoUring],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::Order,
        basic_exclude: true,
        since: None,
    },
    FieldRow {
        number: 6,
        name: "egid",
        kind: FieldKind::Group,
        lists: &[Exit, Task, User, Exclude, Filesystem, IoUring],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::Order,
        basic_exclude: false,
        since: None,
    },
    FieldRow {
        number: 7,
        name: "sgid",
        kind: FieldKind::Group,
        lists: &[Exit, Task, User, Exclude, Filesystem, IoUring],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::Order,
        basic_exclude: false,
        since: None,
    },
    FieldRow {
        number: 8,
        name: "fsgid",
        kind: FieldKind::Group,
        lists: &[Exit, Task, User, Exclude, Filesystem, IoUring],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::Order,
        basic_exclude: false,
        since: None,
    },
    FieldRow {
        number: 9,
        name: "auid",
        kind: FieldKind::User,
        lists: &[Exit, Task, User, Exclude, Filesystem, IoUring],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::Order,
        basic_exclude: true,
        since: None,
    },
    FieldRow {
        number: 10,
        name: "pers",
        kind: FieldKind::Number,
        lists: &[Exit, Task, User, Exclude, Filesystem, IoUring],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::All,
        basic_exclude: false,
        since: None,
    },
    FieldRow {
        number: 11,
        name: "arch",
        kind: FieldKind::Arch,
        lists: &[Exit, Task, User, Exclude, Filesystem, IoUring],
        operators: OperatorSet::Equality,
        kernel_operators: OperatorSet::Equality,
        basic_exclude: false,
        since: None,
    },
    FieldRow {
        number: 12,
        name: "msgtype",
        kind: FieldKind::MessageType,
        lists: &[User, Exclude],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::Order,
        basic_exclude: true,
        since: None,
    },
    FieldRow {
        number: 13,
        name: "subj_user",
        kind: FieldKind::Text,
        lists: &[Exit, Task, User, Exclude, Filesystem, IoUring],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::Equality,
        basic_exclude: true,
        since: None,
    },
    FieldRow {
        number: 14,
        name: "subj_role",
        kind: FieldKind::Text,
        lists: &[Exit, Task, User, Exclude, Filesystem, IoUring],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::Equality,
        basic_exclude: true,
        since: None,
    },
    FieldRow {
        number: 15,
        name: "subj_type",
        kind: FieldKind::Text,
        lists: &[Exit, Task, User, Exclude, Filesystem, IoUring],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::Equality,
        basic_exclude: true,
        since: None,
    },
    FieldRow {
        number: 16,
        name: "subj_sen",
        kind: FieldKind::Text,
        lists: &[Exit, Task, User, Exclude, Filesystem, IoUring],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::Order,
        basic_exclude: true,
        since: None,
    },
    FieldRow {
        number: 17,
        name: "subj_clr",
        kind: FieldKind::Text,
        lists: &[Exit, Task, User, Exclude, Filesystem, IoUring],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::Order,
        basic_exclude: true,
        since: None,
    },
    FieldRow {
        number: 18,
        name: "ppid",
        kind: FieldKind::Number,
        lists: &[Exit],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::Order,
        basic_exclude: false,
        since: None,
    },
    FieldRow {
        number: 19,
        name: "obj_user",
        kind: FieldKind::Text,
        lists: &[Exit],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::Equality,
        basic_exclude: false,
        since: None,
    },
    FieldRow {
        number: 20,
        name: "obj_role",
        kind: FieldKind::Text,
        lists: &[Exit],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::Equality,
        basic_exclude: false,
        since: None,
    },
    FieldRow {
        number: 21,
        name: "obj_type",
        kind: FieldKind::Text,
        lists: &[Exit],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::Equality,
        basic_exclude: false,
        since: None,
    },
    FieldRow {
        number: 22,
        name: "obj_lev_low",
        kind: FieldKind::Text,
        lists: &[Exit],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::Order,
        basic_exclude: false,
        since: None,
    },
    FieldRow {
        number: 23,
        name: "obj_lev_high",
        kind: FieldKind::Text,
        lists: &[Exit],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::Order,
        basic_exclude: false,
        since: None,
    },
    FieldRow {
        number: 24,
        name: "loginuid_set",
        kind: FieldKind::Number,
        lists: &[],
        operators: OperatorSet::None,
        kernel_operators: OperatorSet::Equality,
        basic_exclude: false,
        since: Some(KernelVersion::new(3, 10)),
    },
    FieldRow {
        number: 25,
        name: "sessionid",
        kind: FieldKind::SessionId,
        lists: &[Exit, User, Exclude],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::Order,
        basic_exclude: false,
        since: Some(KernelVersion::new(4, 10)),
    },
    FieldRow {
        number: 26,
        name: "fstype",
        kind: FieldKind::FsType,
        lists: &[Filesystem],
        operators: OperatorSet::Equality,
        kernel_operators: OperatorSet::Equality,
        basic_exclude: false,
        since: Some(KernelVersion::new(4, 16)),
    },
    FieldRow {
        number: 100,
        name: "devmajor",
        kind: FieldKind::Number,
        lists: &[Exit],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::Order,
        basic_exclude: false,
        since: None,
    },
    FieldRow {
        number: 101,
        name: "devminor",
        kind: FieldKind::Number,
        lists: &[Exit],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::All,
        basic_exclude: false,
        since: None,
    },
    FieldRow {
        number: 102,
        name: "inode",
        kind: FieldKind::Inode,
        lists: &[Exit],
        operators: OperatorSet::Equality,
        kernel_operators: OperatorSet::Order,
        basic_exclude: false,
        since: None,
    },
    FieldRow {
        number: 103,
        name: "exit",
        kind: FieldKind::Errno,
        lists: &[Exit],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::Order,
        basic_exclude: false,
        since: None,
    },
    FieldRow {
        number: 104,
        name: "success",
        kind: FieldKind::Success,
        lists: &[Exit],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::Order,
        basic_exclude: false,
        since: None,
    },
    FieldRow {
        number: 105,
        name: "path",
        kind: FieldKind::Path,
        lists: &[Exit],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::Equality,
        basic_exclude: false,
        since: None,
    },
    FieldRow {
        number: 106,
        name: "perm",
        kind: FieldKind::Perm,
        lists: &[Exit, Exclude],
        operators: OperatorSet::Equal,
        kernel_operators: OperatorSet::Equality,
        basic_exclude: false,
        since: None,
    },
    FieldRow {
        number: 107,
        name: "dir",
        kind: FieldKind::Path,
        lists: &[Exit],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::Equality,
        basic_exclude: false,
        since: None,
    },
    FieldRow {
        number: 108,
        name: "filetype",
        kind: FieldKind::FileType,
        lists: &[Exit],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::Equality,
        basic_exclude: false,
        since: None,
    },
    FieldRow {
        number: 109,
        name: "obj_uid",
        kind: FieldKind::User,
        lists: &[Exit, Task, User, Exclude, Filesystem, IoUring],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::Order,
        basic_exclude: false,
        since: Some(KernelVersion::new(3, 3)),
    },
    FieldRow {
        number: 110,
        name: "obj_gid",
        kind: FieldKind::Group,
        lists: &[Exit, Task, User, Exclude, Filesystem, IoUring],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::Order,
        basic_exclude: false,
        since: Some(KernelVersion::new(3, 3)),
    },
    FieldRow {
        number: 111,
        name: "field_compare",
        kind: FieldKind::Compare,
        lists: &[Exit, Task, User, Exclude, Filesystem, IoUring],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::Equality,
        basic_exclude: false,
        since: Some(KernelVersion::new(3, 3)),
    },
    FieldRow {
        number: 112,
        name: "exe",
        kind: FieldKind::Path,
        lists: &[Exit, Task, User, Exclude, Filesystem, IoUring],
        operators: OperatorSet::Equality,
        kernel_operators: OperatorSet::Equality,
        basic_exclude: true,
        since: Some(KernelVersion::new(4, 3)),
    },
    FieldRow {
        number: 113,
        name: "saddr_fam",
        kind: FieldKind::Family,
        lists: &[Exit, Task, User, Exclude, Filesystem, IoUring],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::Order,
        basic_exclude: false,
        since: Some(KernelVersion::new(5, 3)),
    },
    FieldRow {
        number: 200,
        name: "a0",
        kind: FieldKind::Argument,
        lists: &[Exit, Task, User, Exclude, Filesystem, IoUring],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::All,
        basic_exclude: false,
        since: None,
    },
    FieldRow {
        number: 201,
        name: "a1",
        kind: FieldKind::Argument,
        lists: &[Exit, Task, User, Exclude, Filesystem, IoUring],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::All,
        basic_exclude: false,
        since: None,
    },
    FieldRow {
        number: 202,
        name: "a2",
        kind: FieldKind::Argument,
        lists: &[Exit, Task, User, Exclude, Filesystem, IoUring],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::All,
        basic_exclude: false,
        since: None,
    },
    FieldRow {
        number: 203,
        name: "a3",
        kind: FieldKind::Argument,
        lists: &[Exit, Task, User, Exclude, Filesystem, IoUring],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::All,
        basic_exclude: false,
        since: None,
    },
    FieldRow {
        number: 210,
        name: "key",
        kind: FieldKind::Key,
        lists: &[Exit, Task, User, Exclude, Filesystem, IoUring],
        operators: OperatorSet::All,
        kernel_operators: OperatorSet::Equality,
        basic_exclude: false,
        since: None,
    },
];

/// Numbers by name, sorted by name.
pub(crate) static BY_NAME: &[(&str, u32)] = &[
    ("a0", 200),
    ("a1", 201),
    ("a2", 202),
    ("a3", 203),
    ("arch", 11),
    ("auid", 9),
    ("devmajor", 100),
    ("devminor", 101),
    ("dir", 107),
    ("egid", 6),
    ("euid", 2),
    ("exe", 112),
    ("exit", 103),
    ("field_compare", 111),
    ("filetype", 108),
    ("fsgid", 8),
    ("fstype", 26),
    ("fsuid", 4),
    ("gid", 5),
    ("inode", 102),
    ("key", 210),
    ("loginuid", 9),
    ("msgtype", 12),
    ("obj_gid", 110),
    ("obj_lev_high", 23),
    ("obj_lev_low", 22),
    ("obj_role", 20),
    ("obj_type", 21),
    ("obj_uid", 109),
    ("obj_user", 19),
    ("path", 105),
    ("perm", 106),
    ("pers", 10),
    ("pid", 0),
    ("ppid", 18),
    ("saddr_fam", 113),
    ("sessionid", 25),
    ("sgid", 7),
    ("subj_clr", 17),
    ("subj_role", 14),
    ("subj_sen", 16),
    ("subj_type", 15),
    ("subj_user", 13),
    ("success", 104),
    ("suid", 3),
    ("uid", 1),
];

/// Names by number, sorted by number.
pub(crate) static BY_NUMBER: &[(u32, &str)] = &[
    (0, "pid"),
    (1, "uid"),
    (2, "euid"),
    (3, "suid"),
    (4, "fsuid"),
    (5, "gid"),
    (6, "egid"),
    (7, "sgid"),
    (8, "fsgid"),
    (9, "auid"),
    (10, "pers"),
    (11, "arch"),
    (12, "msgtype"),
    (13, "subj_user"),
    (14, "subj_role"),
    (15, "subj_type"),
    (16, "subj_sen"),
    (17, "subj_clr"),
    (18, "ppid"),
    (19, "obj_user"),
    (20, "obj_role"),
    (21, "obj_type"),
    (22, "obj_lev_low"),
    (23, "obj_lev_high"),
    (25, "sessionid"),
    (26, "fstype"),
    (100, "devmajor"),
    (101, "devminor"),
    (102, "inode"),
    (103, "exit"),
    (104, "success"),
    (105, "path"),
    (106, "perm"),
    (107, "dir"),
    (108, "filetype"),
    (109, "obj_uid"),
    (110, "obj_gid"),
    (111, "field_compare"),
    (112, "exe"),
    (113, "saddr_fam"),
    (200, "a0"),
    (201, "a1"),
    (202, "a2"),
    (203, "a3"),
    (210, "key"),
];

/// The numbers of the fields, by name.
pub(crate) mod numbers {
    /// Field `pid`.
    pub const PID: u32 = 0;
    /// Field `uid`.
    pub const UID: u32 = 1;
    /// Field `euid`.
    pub const EUID: u32 = 2;
    /// Field `suid`.
    pub const SUID: u32 = 3;
    /// Field `fsuid`.
    pub const FSUID: u32 = 4;
    /// Field `gid`; with = and != the kernel also looks at the supplementary groups.
    pub const GID: u32 = 5;
    /// Field `egid`; with = and != the kernel also looks at the supplementary groups.
    pub const EGID: u32 = 6;
    /// Field `sgid`.
    pub const SGID: u32 = 7;
    /// Field `fsgid`.
    pub const FSGID: u32 = 8;
    /// Field `auid`; the login uid; 4294967295 is "unset".
    pub const AUID: u32 = 9;
    /// Field `pers`; personality(2).
    pub const PERS: u32 = 10;
    /// Field `arch`; ELF machine and flags, see arches.tsv; must come before -S.
    pub const ARCH: u32 = 11;
    /// Field `msgtype`; see msgtypes.tsv.
    pub const MSGTYPE: u32 = 12;
    /// Field `subj_user`.
    pub const SUBJ_USER: u32 = 13;
    /// Field `subj_role`.
    pub const SUBJ_ROLE: u32 = 14;
    /// Field `subj_type`.
    pub const SUBJ_TYPE: u32 = 15;
    /// Field `subj_sen`.
    pub const SUBJ_SEN: u32 = 16;
    /// Field `subj_clr`.
    pub const SUBJ_CLR: u32 = 17;
    /// Field `ppid`.
    pub const PPID: u32 = 18;
    /// Field `obj_user`.
    pub const OBJ_USER: u32 = 19;
    /// Field `obj_role`.
    pub const OBJ_ROLE: u32 = 20;
    /// Field `obj_type`.
    pub const OBJ_TYPE: u32 = 21;
    /// Field `obj_lev_low`.
    pub const OBJ_LEV_LOW: u32 = 22;
    /// Field `obj_lev_high`.
    pub const OBJ_LEV_HIGH: u32 = 23;
    /// Field `loginuid_set`; kernel only: auid=4294967295 is stored so and listed as auid again; auditctl has no name for it.
    pub const LOGINUID_SET: u32 = 24;
    /// Field `sessionid`; 4294967295 is "unset".
    pub const SESSIONID: u32 = 25;
    /// Field `fstype`; see fstypes.tsv.
    pub const FSTYPE: u32 = 26;
    /// Field `devmajor`.
    pub const DEVMAJOR: u32 = 100;
    /// Field `devminor`.
    pub const DEVMINOR: u32 = 101;
    /// Field `inode`; at most one of inode, path and dir in a rule.
    pub const INODE: u32 = 102;
    /// Field `exit`; see errnos.tsv.
    pub const EXIT: u32 = 103;
    /// Field `success`.
    pub const SUCCESS: u32 = 104;
    /// Field `path`; AUDIT_WATCH; at most one of inode, path and dir in a rule.
    pub const PATH: u32 = 105;
    /// Field `perm`; see perms.tsv.
    pub const PERM: u32 = 106;
    /// Field `dir`; at most one of inode, path and dir in a rule.
    pub const DIR: u32 = 107;
    /// Field `filetype`; see filetypes.tsv.
    pub const FILETYPE: u32 = 108;
    /// Field `obj_uid`.
    pub const OBJ_UID: u32 = 109;
    /// Field `obj_gid`.
    pub const OBJ_GID: u32 = 110;
    /// Field `field_compare`; what -C makes; -F takes the bare number, see compare.tsv.
    pub const FIELD_COMPARE: u32 = 111;
    /// Field `exe`; at most one in a rule.
    pub const EXE: u32 = 112;
    /// Field `saddr_fam`; see families.tsv.
    pub const SADDR_FAM: u32 = 113;
    /// Field `a0`; first argument of the syscall.
    pub const A0: u32 = 200;
    /// Field `a1`.
    pub const A1: u32 = 201;
    /// Field `a2`.
    pub const A2: u32 = 202;
    /// Field `a3`.
    pub const A3: u32 = 203;
    /// Field `key`; at most 256 bytes; auditctl joins several keys by the byte 0x01.
    pub const KEY: u32 = 210;
}
