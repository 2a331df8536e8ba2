//! Message types.
//!
//! Generated from `grammar/vocab/msgtypes.tsv` by `cargo xtask vocab`; edit the source instead.

/// Numbers by name, sorted by name.
pub(crate) static BY_NAME: &[(&str, u32)] = &[
    ("ACCT_LOCK", 1135),
    ("ACCT_UNLOCK", 1136),
    ("ADD_GROUP", 1116),
    ("ADD_USER", 1114),
    ("ANOM_ABEND", 1701),
    ("ANOM_ACCESS_FS", 2111),
    ("ANOM_ADD_ACCT", 2114),
    ("ANOM_AMTU_FAIL", 2107),
    ("ANOM_CREAT", 1703),
    ("ANOM_CRYPTO_FAIL", 2110),
    ("ANOM_DEL_ACCT", 2115),
    ("ANOM_EXEC", 2112),
    ("ANOM_LINK", 1702),
    ("ANOM_LOGIN_ACCT", 2103),
    ("ANOM_LOGIN_FAILURES", 2100),
    ("ANOM_LOGIN_LOCATION", 2104),
    ("ANOM_LOGIN_ROOT", 2119),
    ("ANOM_LOGIN_SERVICE", 2118),
    ("ANOM_LOGIN_SESSIONS", 2102),
    ("ANOM_LOGIN_TIME", 2101),
    ("ANOM_MAX_DAC", 2105),
    ("ANOM_MAX_MAC", 2106),
    ("ANOM_MK_EXEC", 2113),
    ("ANOM_MOD_ACCT", 2116),
    ("ANOM_ORIGIN_FAILURES", 2120),
    ("ANOM_PROMISCUOUS", 1700),
    ("ANOM_RBAC_FAIL", 2108),
    ("ANOM_RBAC_INTEGRITY_FAIL", 2109),
    ("ANOM_ROOT_TRANS", 2117),
    ("ANOM_SESSION", 2121),
    ("AVC", 1400),
    ("AVC_PATH", 1402),
    ("BPF", 1334),
    ("BPRM_FCAPS", 1321),
    ("CAPSET", 1322),
    ("CHGRP_ID", 1119),
    ("CHUSER_ID", 1125),
    ("CONFIG_CHANGE", 1305),
    ("CRED_ACQ", 1103),
    ("CRED_DISP", 1104),
    ("CRED_REFR", 1110),
    ("CRYPTO_FAILURE_USER", 2405),
    ("CRYPTO_IKE_SA", 2408),
    ("CRYPTO_IPSEC_SA", 2409),
    ("CRYPTO_KEY_USER", 2404),
    ("CRYPTO_LOGIN", 2402),
    ("CRYPTO_LOGOUT", 2403),
    ("CRYPTO_PARAM_CHANGE_USER", 2401),
    ("CRYPTO_REPLAY_USER", 2406),
    ("CRYPTO_SESSION", 2407),
    ("CRYPTO_TEST_USER", 2400),
    ("CWD", 1307),
    ("DAC_CHECK", 1118),
    ("DAEMON_ABORT", 1202),
    ("DAEMON_ACCEPT", 1207),
    ("DAEMON_CLOSE", 1208),
    ("DAEMON_CONFIG", 1203),
    ("DAEMON_END", 1201),
    ("DAEMON_ERR", 1209),
    ("DAEMON_RESUME", 1206),
    ("DAEMON_ROTATE", 1205),
    ("DAEMON_START", 1200),
    ("DEL_GROUP", 1117),
    ("DEL_USER", 1115),
    ("DEV_ALLOC", 2307),
    ("DEV_DEALLOC", 2308),
    ("DM_CTRL", 1338),
    ("DM_EVENT", 1339),
    ("EOE", 1320),
    ("EVENT_LISTENER", 1335),
    ("EXECVE", 1309),
    ("FANOTIFY", 1331),
    ("FD_PAIR", 1317),
    ("FEATURE_CHANGE", 1328),
    ("FS_RELABEL", 2309),
    ("GRP_AUTH", 1126),
    ("GRP_CHAUTHTOK", 1133),
    ("GRP_MGMT", 1132),
    ("INTEGRITY_DATA", 1800),
    ("INTEGRITY_EVM_XATTR", 1806),
    ("INTEGRITY_HASH", 1803),
    ("INTEGRITY_METADATA", 1801),
    ("INTEGRITY_PCR", 1804),
    ("INTEGRITY_POLICY_RULE", 1807),
    ("INTEGRITY_RULE", 1805),
    ("INTEGRITY_STATUS", 1802),
    ("IPC", 1303),
    ("IPC_SET_PERM", 1311),
    ("KERNEL", 2000),
    ("KERNEL_OTHER", 1316),
    ("KERN_MODULE", 1330),
    ("LABEL_LEVEL_CHANGE", 2304),
    ("LABEL_OVERRIDE", 2303),
    ("LANDLOCK_ACCESS", 1423),
    ("LANDLOCK_DOMAIN", 1424),
    ("LOGIN", 1006),
    ("MAC_CALIPSO_ADD", 1418),
    ("MAC_CALIPSO_DEL", 1419),
    ("MAC_CHECK", 1134),
    ("MAC_CIPSOV4_ADD", 1407),
    ("MAC_CIPSOV4_DEL", 1408),
    ("MAC_CONFIG_CHANGE", 1405),
    ("MAC_IPSEC_ADDSA", 1411),
    ("MAC_IPSEC_ADDSPD", 1413),
    ("MAC_IPSEC_DELSA", 1412),
    ("MAC_IPSEC_DELSPD", 1414),
    ("MAC_IPSEC_EVENT", 1415),
    ("MAC_MAP_ADD", 1409),
    ("MAC_MAP_DEL", 1410),
    ("MAC_POLICY_LOAD", 1403),
    ("MAC_STATUS", 1404),
    ("MAC_UNLBL_ALLOW", 1406),
    ("MAC_UNLBL_STCADD", 1416),
    ("MAC_UNLBL_STCDEL", 1417),
    ("MMAP", 1323),
    ("MQ_GETSETATTR", 1315),
    ("MQ_NOTIFY", 1314),
    ("MQ_OPEN", 1312),
    ("MQ_SENDRECV", 1313),
    ("NETFILTER_CFG", 1325),
    ("NETFILTER_PKT", 1324),
    ("OBJ_PID", 1318),
    ("OPENAT2", 1337),
    ("PATH", 1302),
    ("PROCTITLE", 1327),
    ("RESP_ACCT_LOCK", 2207),
    ("RESP_ACCT_LOCK_TIMED", 2205),
    ("RESP_ACCT_REMOTE", 2204),
    ("RESP_ACCT_UNLOCK_TIMED", 2206),
    ("RESP_ALERT", 2201),
    ("RESP_ANOMALY", 2200),
    ("RESP_EXEC", 2210),
    ("RESP_HALT", 2212),
    ("RESP_KILL_PROC", 2202),
    ("RESP_ORIGIN_BLOCK", 2213),
    ("RESP_ORIGIN_BLOCK_TIMED", 2214),
    ("RESP_ORIGIN_UNBLOCK_TIMED", 2215),
    ("RESP_SEBOOL", 2209),
    ("RESP_SINGLE", 2211),
    ("RESP_TERM_ACCESS", 2203),
    ("RESP_TERM_LOCK", 2208),
    ("ROLE_ASSIGN", 2301),
    ("ROLE_MODIFY", 2311),
    ("ROLE_REMOVE", 2302),
    ("SECCOMP", 1326),
    ("SELINUX_ERR", 1401),
    ("SERVICE_START", 1130),
    ("SERVICE_STOP", 1131),
    ("SOCKADDR", 1306),
    ("SOCKETCALL", 1304),
    ("SOFTWARE_UPDATE", 1138),
    ("SYSCALL", 1300),
    ("SYSTEM_BOOT", 1127),
    ("SYSTEM_RUNLEVEL", 1129),
    ("SYSTEM_SHUTDOWN", 1128),
    ("TEST", 1120),
    ("TIME_ADJNTPVAL", 1333),
    ("TIME_INJOFFSET", 1332),
    ("TRUSTED_APP", 1121),
    ("TTY", 1319),
    ("URINGOP", 1336),
    ("USER", 1005),
    ("USER_ACCT", 1101),
    ("USER_AUTH", 1100),
    ("USER_AVC", 1107),
    ("USER_CHAUTHTOK", 1108),
    ("USER_CMD", 1123),
    ("USER_DEVICE", 1137),
    ("USER_END", 1106),
    ("USER_ERR", 1109),
    ("USER_LABELED_EXPORT", 2305),
    ("USER_LOGIN", 1112),
    ("USER_LOGOUT", 1113),
    ("USER_MAC_CONFIG_CHANGE", 2312),
    ("USER_MAC_POLICY_LOAD", 2310),
    ("USER_MAC_STATUS", 2313),
    ("USER_MGMT", 1102),
    ("USER_ROLE_CHANGE", 2300),
    ("USER_SELINUX_ERR", 1122),
    ("USER_START", 1105),
    ("USER_TTY", 1124),
    ("USER_UNLABELED_EXPORT", 2306),
    ("USYS_CONFIG", 1111),
    ("VIRT_CONTROL", 2500),
    ("VIRT_CREATE", 2504),
    ("VIRT_DESTROY", 2505),
    ("VIRT_INTEGRITY_CHECK", 2503),
    ("VIRT_MACHINE_ID", 2502),
    ("VIRT_MIGRATE_IN", 2506),
    ("VIRT_MIGRATE_OUT", 2507),
    ("VIRT_RESOURCE", 2501),
];

/// Names by number, sorted by number.
pub(crate) static BY_NUMBER: &[(u32, &str)] = &[
    (1005, "USER"),
    (1006, "LOGIN"),
    (1100, "USER_AUTH"),
    (1101, "USER_ACCT"),
    (1102, "USER_MGMT"),
    (1103, "CRED_ACQ"),
    (1104, "CRED_DISP"),
    (1105, "USER_START"),
    (1106, "USER_END"),
    (1107, "USER_AVC"),
    (1108, "USER_CHAUTHTOK"),
    (1109, "USER_ERR"),
    (1110, "CRED_REFR"),
    (1111, "USYS_CONFIG"),
    (1112, "USER_LOGIN"),
    (1113, "USER_LOGOUT"),
    (1114, "ADD_USER"),
    (1115, "DEL_USER"),
    (1116, "ADD_GROUP"),
    (1117, "DEL_GROUP"),
    (1118, "DAC_CHECK"),
    (1119, "CHGRP_ID"),
    (1120, "TEST"),
    (1121, "TRUSTED_APP"),
    (1122, "USER_SELINUX_ERR"),
    (1123, "USER_CMD"),
    (1124, "USER_TTY"),
    (1125, "CHUSER_ID"),
    (1126, "GRP_AUTH"),
    (1127, "SYSTEM_BOOT"),
    (1128, "SYSTEM_SHUTDOWN"),
    (1129, "SYSTEM_RUNLEVEL"),
    (1130, "SERVICE_START"),
    (1131, "SERVICE_STOP"),
    (1132, "GRP_MGMT"),
    (1133, "GRP_CHAUTHTOK"),
    (1134, "MAC_CHECK"),
    (1135, "ACCT_LOCK"),
    (1136, "ACCT_UNLOCK"),
    (1137, "USER_DEVICE"),
    (1138, "SOFTWARE_UPDATE"),
    (1200, "DAEMON_START"),
    (1201, "DAEMON_END"),
    (1202, "DAEMON_ABORT"),
    (1203, "DAEMON_CONFIG"),
    (1205, "DAEMON_ROTATE"),
    (1206, "DAEMON_RESUME"),
    (1207, "DAEMON_ACCEPT"),
    (1208, "DAEMON_CLOSE"),
    (1209, "DAEMON_ERR"),
    (1300, "SYSCALL"),
    (1302, "PATH"),
    (1303, "IPC"),
    (1304, "SOCKETCALL"),
    (1305, "CONFIG_CHANGE"),
    (1306, "SOCKADDR"),
    (1307, "CWD"),
    (1309, "EXECVE"),
    (1311, "IPC_SET_PERM"),
    (1312, "MQ_OPEN"),
    (1313, "MQ_SENDRECV"),
    (1314, "MQ_NOTIFY"),
    (1315, "MQ_GETSETATTR"),
    (1316, "KERNEL_OTHER"),
    (1317, "FD_PAIR"),
    (1318, "OBJ_PID"),
    (1319, "TTY"),
    (1320, "EOE"),
    (1321, "BPRM_FCAPS"),
    (1322, "CAPSET"),
    (1323, "MMAP"),
    (1324, "NETFILTER_PKT"),
    (1325, "NETFILTER_CFG"),
    (1326, "SECCOMP"),
    (1327, "PROCTITLE"),
    (1328, "FEATURE_CHANGE"),
    (1330, "KERN_MODULE"),
    (1331, "FANOTIFY"),
    (1332, "TIME_INJOFFSET"),
    (1333, "TIME_ADJNTPVAL"),
    (1334, "BPF"),
    (1335, "EVENT_LISTENER"),
    (1336, "URINGOP"),
    (1337, "OPENAT2"),
    (1338, "DM_CTRL"),
    (1339, "DM_EVENT"),
    (1400, "AVC"),
    (1401, "SELINUX_ERR"),
    (1402, "AVC_PATH"),
    (1403, "MAC_POLICY_LOAD"),
    (1404, "MAC_STATUS"),
    (1405, "MAC_CONFIG_CHANGE"),
    (1406, "MAC_UNLBL_ALLOW"),
    (1407, "MAC_CIPSOV4_ADD"),
    (1408, "MAC_CIPSOV4_DEL"),
    (1409, "MAC_MAP_ADD"),
    (1410, "MAC_MAP_DEL"),
    (1411, "MAC_IPSEC_ADDSA"),
    (1412, "MAC_IPSEC_DELSA"),
    (1413, "MAC_IPSEC_ADDSPD"),
    (1414, "MAC_IPSEC_DELSPD"),
    (1415, "MAC_IPSEC_EVENT"),
    (1416, "MAC_UNLBL_STCADD"),
    (1417, "MAC_UNLBL_STCDEL"),
    (1418, "MAC_CALIPSO_ADD"),
    (1419, "MAC_CALIPSO_DEL"),
    (1423, "LANDLOCK_ACCESS"),
    (1424, "LANDLOCK_DOMAIN"),
    (1700, "ANOM_PROMISCUOUS"),
    (1701, "ANOM_ABEND"),
    (1702, "ANOM_LINK"),
    (1703, "ANOM_CREAT"),
    (1800, "INTEGRITY_DATA"),
    (1801, "INTEGRITY_METADATA"),
    (1802, "INTEGRITY_STATUS"),
    (1803, "INTEGRITY_HASH"),
    (1804, "INTEGRITY_PCR"),
    (1805, "INTEGRITY_RULE"),
    (1806, "INTEGRITY_EVM_XATTR"),
    (1807, "INTEGRITY_POLICY_RULE"),
    (2000, "KERNEL"),
    (2100, "ANOM_LOGIN_FAILURES"),
    (2101, "ANOM_LOGIN_TIME"),
    (2102, "ANOM_LOGIN_SESSIONS"),
    (2103, "ANOM_LOGIN_ACCT"),
    (2104, "ANOM_LOGIN_LOCATION"),
    (2105, "ANOM_MAX_DAC"),
    (2106, "ANOM_MAX_MAC"),
    (2107, "ANOM_AMTU_FAIL"),
    (2108, "ANOM_RBAC_FAIL"),
    (2109, "ANOM_RBAC_INTEGRITY_FAIL"),
    (2110, "ANOM_CRYPTO_FAIL"),
    (2111, "ANOM_ACCESS_FS"),
    (2112, "ANOM_EXEC"),
    (2113, "ANOM_MK_EXEC"),
    (2114, "ANOM_ADD_ACCT"),
    (2115, "ANOM_DEL_ACCT"),
    (2116, "ANOM_MOD_ACCT"),
    (2117, "ANOM_ROOT_TRANS"),
    (2118, "ANOM_LOGIN_SERVICE"),
    (2119, "ANOM_LOGIN_ROOT"),
    (2120, "ANOM_ORIGIN_FAILURES"),
    (2121, "ANOM_SESSION"),
    (2200, "RESP_ANOMALY"),
    (2201, "RESP_ALERT"),
    (2202, "RESP_KILL_PROC"),
    (2203, "RESP_TERM_ACCESS"),
    (2204, "RESP_ACCT_REMOTE"),
    (2205, "RESP_ACCT_LOCK_TIMED"),
    (2206, "RESP_ACCT_UNLOCK_TIMED"),
    (2207, "RESP_ACCT_LOCK"),
    (2208, "RESP_TERM_LOCK"),
    (2209, "RESP_SEBOOL"),
    (2210, "RESP_EXEC"),
    (2211, "RESP_SINGLE"),
    (2212, "RESP_HALT"),
    (2213, "RESP_ORIGIN_BLOCK"),
    (2214, "RESP_ORIGIN_BLOCK_TIMED"),
    (2215, "RESP_ORIGIN_UNBLOCK_TIMED"),
    (2300, "USER_ROLE_CHANGE"),
    (2301, "ROLE_ASSIGN"),
    (2302, "ROLE_REMOVE"),
    (2303, "LABEL_OVERRIDE"),
    (2304, "LABEL_LEVEL_CHANGE"),
    (2305, "USER_LABELED_EXPORT"),
    (2306, "USER_UNLABELED_EXPORT"),
    (2307, "DEV_ALLOC"),
    (2308, "DEV_DEALLOC"),
    (2309, "FS_RELABEL"),
    (2310, "USER_MAC_POLICY_LOAD"),
    (2311, "ROLE_MODIFY"),
    (2312, "USER_MAC_CONFIG_CHANGE"),
    (2313, "USER_MAC_STATUS"),
    (2400, "CRYPTO_TEST_USER"),
    (2401, "CRYPTO_PARAM_CHANGE_USER"),
    (2402, "CRYPTO_LOGIN"),
    (2403, "CRYPTO_LOGOUT"),
    (2404, "CRYPTO_KEY_USER"),
    (2405, "CRYPTO_FAILURE_USER"),
    (2406, "CRYPTO_REPLAY_USER"),
    (2407, "CRYPTO_SESSION"),
    (2408, "CRYPTO_IKE_SA"),
    (2409, "CRYPTO_IPSEC_SA"),
    (2500, "VIRT_CONTROL"),
    (2501, "VIRT_RESOURCE"),
    (2502, "VIRT_MACHINE_ID"),
    (2503, "VIRT_INTEGRITY_CHECK"),
    (2504, "VIRT_CREATE"),
    (2505, "VIRT_DESTROY"),
    (2506, "VIRT_MIGRATE_IN"),
    (2507, "VIRT_MIGRATE_OUT"),
];

/// Types that auditctl has no name for, sorted by number.
pub(crate) static OTHERS: &[(u32, &str)] = &[
    (1000, "GET"),
    (1001, "SET"),
    (1002, "LIST"),
    (1003, "ADD"),
    (1004, "DEL"),
    (1007, "WATCH_INS"),
    (1008, "WATCH_REM"),
    (1009, "WATCH_LIST"),
    (1010, "SIGNAL_INFO"),
    (1011, "ADD_RULE"),
    (1012, "DEL_RULE"),
    (1013, "LIST_RULES"),
    (1014, "TRIM"),
    (1015, "MAKE_EQUIV"),
    (1016, "TTY_GET"),
    (1017, "TTY_SET"),
    (1018, "SET_FEATURE"),
    (1019, "GET_FEATURE"),
    (1204, "DAEMON_RECONFIG"),
    (1301, "FS_WATCH"),
    (1308, "FS_INODE"),
    (1329, "REPLACE"),
    (1420, "IPE_ACCESS"),
    (1421, "IPE_CONFIG_CHANGE"),
    (1422, "IPE_POLICY_LOAD"),
    (1425, "MAC_TASK_CONTEXTS"),
    (1426, "MAC_OBJ_CONTEXTS"),
    (1500, "APPARMOR"),
    (1501, "APPARMOR_AUDIT"),
    (1502, "APPARMOR_ALLOWED"),
    (1503, "APPARMOR_DENIED"),
    (1504, "APPARMOR_HINT"),
    (1505, "APPARMOR_STATUS"),
    (1506, "APPARMOR_ERROR"),
    (1507, "APPARMOR_KILL"),
];

/// The numbers of the types, by name.
pub(crate) mod numbers {
    /// `GET`.
    pub const GET: u32 = 1000;
    /// `SET`.
    pub const SET: u32 = 1001;
    /// `LIST`.
    pub const LIST: u32 = 1002;
    /// `ADD`.
    pub const ADD: u32 = 1003;
    /// `DEL`.
    pub const DEL: u32 = 1004;
    /// `USER`.
    pub const USER: u32 = 1005;
    /// `LOGIN`.
    pub const LOGIN: u32 = 1006;
    /// `WATCH_INS`.
    pub const WATCH_INS: u32 = 1007;
    /// `WATCH_REM`.
    pub const WATCH_REM: u32 = 1008;
    /// `WATCH_LIST`.
    pub const WATCH_LIST: u32 = 1009;
    /// `SIGNAL_INFO`.
    pub const SIGNAL_INFO: u32 = 1010;
    /// `ADD_RULE`.
    pub const ADD_RULE: u32 = 1011;
    /// `DEL_RULE`.
    pub const DEL_RULE: u32 = 1012;
    /// `LIST_RULES`.
    pub const LIST_RULES: u32 = 1013;
    /// `TRIM`.
    pub const TRIM: u32 = 1014;
    /// `MAKE_EQUIV`.
    pub const MAKE_EQUIV: u32 = 1015;
    /// `TTY_GET`.
    pub const TTY_GET: u32 = 1016;
    /// `TTY_SET`.
    pub const TTY_SET: u32 = 1017;
    /// `SET_FEATURE`.
    pub const SET_FEATURE: u32 = 1018;
    /// `GET_FEATURE`.
    pub const GET_FEATURE: u32 = 1019;
    /// `USER_AUTH`.
    pub const USER_AUTH: u32 = 1100;
    /// `USER_ACCT`.
    pub const USER_ACCT: u32 = 1101;
    /// `USER_MGMT`.
    pub const USER_MGMT: u32 = 1102;
    /// `CRED_ACQ`.
    pub const CRED_ACQ: u32 = 1103;
    /// `CRED_DISP`.
    pub const CRED_DISP: u32 = 1104;
    /// `USER_START`.
    pub const USER_START: u32 = 1105;
    /// `USER_END`.
    pub const USER_END: u32 = 1106;
    /// `USER_AVC`.
    pub const USER_AVC: u32 = 1107;
    /// `USER_CHAUTHTOK`.
    pub const USER_CHAUTHTOK: u32 = 1108;
    /// `USER_ERR`.
    pub const USER_ERR: u32 = 1109;
    /// `CRED_REFR`.
    pub const CRED_REFR: u32 = 1110;
    /// `USYS_CONFIG`.
    pub const USYS_CONFIG: u32 = 1111;
    /// `USER_LOGIN`.
    pub const USER_LOGIN: u32 = 1112;
    /// `USER_LOGOUT`.
    pub const USER_LOGOUT: u32 = 1113;
    /// `ADD_USER`.
    pub const ADD_USER: u32 = 1114;
    /// `DEL_USER`.
    pub const DEL_USER: u32 = 1115;
    /// `ADD_GROUP`.
    pub const ADD_GROUP: u32 = 1116;
    /// `DEL_GROUP`.
    pub const DEL_GROUP: u32 = 1117;
    /// `DAC_CHECK`.
    pub const DAC_CHECK: u32 = 1118;
    /// `CHGRP_ID`.
    pub const CHGRP_ID: u32 = 1119;
    /// `TEST`.
    pub const TEST: u32 = 1120;
    /// `TRUSTED_APP`.
    pub const TRUSTED_APP: u32 = 1121;
    /// `USER_SELINUX_ERR`.
    pub const USER_SELINUX_ERR: u32 = 1122;
    /// `USER_CMD`.
    pub const USER_CMD: u32 = 1123;
    /// `USER_TTY`.
    pub const USER_TTY: u32 = 1124;
    /// `CHUSER_ID`.
    pub const CHUSER_ID: u32 = 1125;
    /// `GRP_AUTH`.
    pub const GRP_AUTH: u32 = 1126;
    /// `SYSTEM_BOOT`.
    pub const SYSTEM_BOOT: u32 = 1127;
    /// `SYSTEM_SHUTDOWN`.
    pub const SYSTEM_SHUTDOWN: u32 = 1128;
    /// `SYSTEM_RUNLEVEL`.
    pub const SYSTEM_RUNLEVEL: u32 = 1129;
    /// `SERVICE_START`.
    pub const SERVICE_START: u32 = 1130;
    /// `SERVICE_STOP`.
    pub const SERVICE_STOP: u32 = 1131;
    /// `GRP_MGMT`.
    pub const GRP_MGMT: u32 = 1132;
    /// `GRP_CHAUTHTOK`.
    pub const GRP_CHAUTHTOK: u32 = 1133;
    /// `MAC_CHECK`.
    pub const MAC_CHECK: u32 = 1134;
    /// `ACCT_LOCK`.
    pub const ACCT_LOCK: u32 = 1135;
    /// `ACCT_UNLOCK`.
    pub const ACCT_UNLOCK: u32 = 1136;
    /// `USER_DEVICE`.
    pub const USER_DEVICE: u32 = 1137;
    /// `SOFTWARE_UPDATE`.
    pub const SOFTWARE_UPDATE: u32 = 1138;
    /// `DAEMON_START`.
    pub const DAEMON_START: u32 = 1200;
    /// `DAEMON_END`.
    pub const DAEMON_END: u32 = 1201;
    /// `DAEMON_ABORT`.
    pub const DAEMON_ABORT: u32 = 1202;
    /// `DAEMON_CONFIG`.
    pub const DAEMON_CONFIG: u32 = 1203;
    /// `DAEMON_RECONFIG`.
    pub const DAEMON_RECONFIG: u32 = 1204;
    /// `DAEMON_ROTATE`.
    pub const DAEMON_ROTATE: u32 = 1205;
    /// `DAEMON_RESUME`.
    pub const DAEMON_RESUME: u32 = 1206;
    /// `DAEMON_ACCEPT`.
    pub const DAEMON_ACCEPT: u32 = 1207;
    /// `DAEMON_CLOSE`.
    pub const DAEMON_CLOSE: u32 = 1208;
    /// `DAEMON_ERR`.
    pub const DAEMON_ERR: u32 = 1209;
    /// `SYSCALL`.
    pub const SYSCALL: u32 = 1300;
    /// `FS_WATCH`.
    pub const FS_WATCH: u32 = 1301;
    /// `PATH`.
    pub const PATH: u32 = 1302;
    /// `IPC`.
    pub const IPC: u32 = 1303;
    /// `SOCKETCALL`.
    pub const SOCKETCALL: u32 = 1304;
    /// `CONFIG_CHANGE`.
    pub const CONFIG_CHANGE: u32 = 1305;
    /// `SOCKADDR`.
    pub const SOCKADDR: u32 = 1306;
    /// `CWD`.
    pub const CWD: u32 = 1307;
    /// `FS_INODE`.
    pub const FS_INODE: u32 = 1308;
    /// `EXECVE`.
    pub const EXECVE: u32 = 1309;
    /// `IPC_SET_PERM`.
    pub const IPC_SET_PERM: u32 = 1311;
    /// `MQ_OPEN`.
    pub const MQ_OPEN: u32 = 1312;
    /// `MQ_SENDRECV`.
    pub const MQ_SENDRECV: u32 = 1313;
    /// `MQ_NOTIFY`.
    pub const MQ_NOTIFY: u32 = 1314;
    /// `MQ_GETSETATTR`.
    pub const MQ_GETSETATTR: u32 = 1315;
    /// `KERNEL_OTHER`.
    pub const KERNEL_OTHER: u32 = 1316;
    /// `FD_PAIR`.
    pub const FD_PAIR: u32 = 1317;
    /// `OBJ_PID`.
    pub const OBJ_PID: u32 = 1318;
    /// `TTY`.
    pub const TTY: u32 = 1319;
    /// `EOE`.
    pub const EOE: u32 = 1320;
    /// `BPRM_FCAPS`.
    pub const BPRM_FCAPS: u32 = 1321;
    /// `CAPSET`.
    pub const CAPSET: u32 = 1322;
    /// `MMAP`.
    pub const MMAP: u32 = 1323;
    /// `NETFILTER_PKT`.
    pub const NETFILTER_PKT: u32 = 1324;
    /// `NETFILTER_CFG`.
    pub const NETFILTER_CFG: u32 = 1325;
    /// `SECCOMP`.
    pub const SECCOMP: u32 = 1326;
    /// `PROCTITLE`.
    pub const PROCTITLE: u32 = 1327;
    /// `FEATURE_CHANGE`.
    pub const FEATURE_CHANGE: u32 = 1328;
    /// `REPLACE`.
    pub const REPLACE: u32 = 1329;
    /// `KERN_MODULE`.
    pub const KERN_MODULE: u32 = 1330;
    /// `FANOTIFY`.
    pub const FANOTIFY: u32 = 1331;
    /// `TIME_INJOFFSET`.
    pub const TIME_INJOFFSET: u32 = 1332;
    /// `TIME_ADJNTPVAL`.
    pub const TIME_ADJNTPVAL: u32 = 1333;
    /// `BPF`.
    pub const BPF: u32 = 1334;
    /// `EVENT_LISTENER`.
    pub const EVENT_LISTENER: u32 = 1335;
    /// `URINGOP`.
    pub const URINGOP: u32 = 1336;
    /// `OPENAT2`.
    pub const OPENAT2: u32 = 1337;
    /// `DM_CTRL`.
    pub const DM_CTRL: u32 = 1338;
    /// `DM_EVENT`.
    pub const DM_EVENT: u32 = 1339;
    /// `AVC`.
    pub const AVC: u32 = 1400;
    /// `SELINUX_ERR`.
    pub const SELINUX_ERR: u32 = 1401;
    /// `AVC_PATH`.
    pub const AVC_PATH: u32 = 1402;
    /// `MAC_POLICY_LOAD`.
    pub const MAC_POLICY_LOAD: u32 = 1403;
    /// `MAC_STATUS`.
    pub const MAC_STATUS: u32 = 1404;
    /// `MAC_CONFIG_CHANGE`.
    pub const MAC_CONFIG_CHANGE: u32 = 1405;
    /// `MAC_UNLBL_ALLOW`.
    pub const MAC_UNLBL_ALLOW: u32 = 1406;
    /// `MAC_CIPSOV4_ADD`.
    pub const MAC_CIPSOV4_ADD: u32 = 1407;
    /// `MAC_CIPSOV4_DEL`.
    pub const MAC_CIPSOV4_DEL: u32 = 1408;
    /// `MAC_MAP_ADD`.
    pub const MAC_MAP_ADD: u32 = 1409;
    /// `MAC_MAP_DEL`.
    pub const MAC_MAP_DEL: u32 = 1410;
    /// `MAC_IPSEC_ADDSA`.
    pub const MAC_IPSEC_ADDSA: u32 = 1411;
    /// `MAC_IPSEC_DELSA`.
    pub const MAC_IPSEC_DELSA: u32 = 1412;
    /// `MAC_IPSEC_ADDSPD`.
    pub const MAC_IPSEC_ADDSPD: u32 = 1413;
    /// `MAC_IPSEC_DELSPD`.
    pub const MAC_IPSEC_DELSPD: u32 = 1414;
    /// `MAC_IPSEC_EVENT`.
    pub const MAC_IPSEC_EVENT: u32 = 1415;
    /// `MAC_UNLBL_STCADD`.
    pub const MAC_UNLBL_STCADD: u32 = 1416;
    /// `MAC_UNLBL_STCDEL`.
    pub const MAC_UNLBL_STCDEL: u32 = 1417;
    /// `MAC_CALIPSO_ADD`.
    pub const MAC_CALIPSO_ADD: u32 = 1418;
    /// `MAC_CALIPSO_DEL`.
    pub const MAC_CALIPSO_DEL: u32 = 1419;
    /// `IPE_ACCESS`.
    pub const IPE_ACCESS: u32 = 1420;
    /// `IPE_CONFIG_CHANGE`.
    pub const IPE_CONFIG_CHANGE: u32 = 1421;
    /// `IPE_POLICY_LOAD`.
    pub const IPE_POLICY_LOAD: u32 = 1422;
    /// `LANDLOCK_ACCESS`.
    pub const LANDLOCK_ACCESS: u32 = 1423;
    /// `LANDLOCK_DOMAIN`.
    pub const LANDLOCK_DOMAIN: u32 = 1424;
    /// `MAC_TASK_CONTEXTS`.
    pub const MAC_TASK_CONTEXTS: u32 = 1425;
    /// `MAC_OBJ_CONTEXTS`.
    pub const MAC_OBJ_CONTEXTS: u32 = 1426;
    /// `APPARMOR`.
    pub const APPARMOR: u32 = 1500;
    /// `APPARMOR_AUDIT`.
    pub const APPARMOR_AUDIT: u32 = 1501;
    /// `APPARMOR_ALLOWED`.
    pub const APPARMOR_ALLOWED: u32 = 1502;
    /// `APPARMOR_DENIED`.
    pub const APPARMOR_DENIED: u32 = 1503;
    /// `APPARMOR_HINT`.
    pub const APPARMOR_HINT: u32 = 1504;
    /// `APPARMOR_STATUS`.
    pub const APPARMOR_STATUS: u32 = 1505;
    /// `APPARMOR_ERROR`.
    pub const APPARMOR_ERROR: u32 = 1506;
    /// `APPARMOR_KILL`.
    pub const APPARMOR_KILL: u32 = 1507;
    /// `ANOM_PROMISCUOUS`.
    pub const ANOM_PROMISCUOUS: u32 = 1700;
    /// `ANOM_ABEND`.
    pub const ANOM_ABEND: u32 = 1701;
    /// `ANOM_LINK`.
    pub const ANOM_LINK: u32 = 1702;
    /// `ANOM_CREAT`.
    pub const ANOM_CREAT: u32 = 1703;
    /// `INTEGRITY_DATA`.
    pub const INTEGRITY_DATA: u32 = 1800;
    /// `INTEGRITY_METADATA`.
    pub const INTEGRITY_METADATA: u32 = 1801;
    /// `INTEGRITY_STATUS`.
    pub const INTEGRITY_STATUS: u32 = 1802;
    /// `INTEGRITY_HASH`.
    pub const INTEGRITY_HASH: u32 = 1803;
    /// `INTEGRITY_PCR`.
    pub const INTEGRITY_PCR: u32 = 1804;
    /// `INTEGRITY_RULE`.
    pub const INTEGRITY_RULE: u32 = 1805;
    /// `INTEGRITY_EVM_XATTR`.
    pub const INTEGRITY_EVM_XATTR: u32 = 1806;
    /// `INTEGRITY_POLICY_RULE`.
    pub const INTEGRITY_POLICY_RULE: u32 = 1807;
    /// `KERNEL`.
    pub const KERNEL: u32 = 2000;
    /// `ANOM_LOGIN_FAILURES`.
    pub const ANOM_LOGIN_FAILURES: u32 = 2100;
    /// `ANOM_LOGIN_TIME`.
    pub const ANOM_LOGIN_TIME: u32 = 2101;
    /// `ANOM_LOGIN_SESSIONS`.
    pub const ANOM_LOGIN_SESSIONS: u32 = 2102;
    /// `ANOM_LOGIN_ACCT`.
    pub const ANOM_LOGIN_ACCT: u32 = 2103;
    /// `ANOM_LOGIN_LOCATION`.
    pub const ANOM_LOGIN_LOCATION: u32 = 2104;
    /// `ANOM_MAX_DAC`.
    pub const ANOM_MAX_DAC: u32 = 2105;
    /// `ANOM_MAX_MAC`.
    pub const ANOM_MAX_MAC: u32 = 2106;
    /// `ANOM_AMTU_FAIL`.
    pub const ANOM_AMTU_FAIL: u32 = 2107;
    /// `ANOM_RBAC_FAIL`.
    pub const ANOM_RBAC_FAIL: u32 = 2108;
    /// `ANOM_RBAC_INTEGRITY_FAIL`.
    pub const ANOM_RBAC_INTEGRITY_FAIL: u32 = 2109;
    /// `ANOM_CRYPTO_FAIL`.
    pub const ANOM_CRYPTO_FAIL: u32 = 2110;
    /// `ANOM_ACCESS_FS`.
    pub const ANOM_ACCESS_FS: u32 = 2111;
    /// `ANOM_EXEC`.
    pub const ANOM_EXEC: u32 = 2112;
    /// `ANOM_MK_EXEC`.
    pub const ANOM_MK_EXEC: u32 = 2113;
    /// `ANOM_ADD_ACCT`.
    pub const ANOM_ADD_ACCT: u32 = 2114;
    /// `ANOM_DEL_ACCT`.
    pub const ANOM_DEL_ACCT: u32 = 2115;
    /// `ANOM_MOD_ACCT`.
    pub const ANOM_MOD_ACCT: u32 = 2116;
    /// `ANOM_ROOT_TRANS`.
    pub const ANOM_ROOT_TRANS: u32 = 2117;
    /// `ANOM_LOGIN_SERVICE`.
    pub const ANOM_LOGIN_SERVICE: u32 = 2118;
    /// `ANOM_LOGIN_ROOT`.
    pub const ANOM_LOGIN_ROOT: u32 = 2119;
    /// `ANOM_ORIGIN_FAILURES`.
    pub const ANOM_ORIGIN_FAILURES: u32 = 2120;
    /// `ANOM_SESSION`.
    pub const ANOM_SESSION: u32 = 2121;
    /// `RESP_ANOMALY`.
    pub const RESP_ANOMALY: u32 = 2200;
    /// `RESP_ALERT`.
    pub const RESP_ALERT: u32 = 2201;
    /// `RESP_KILL_PROC`.
    pub const RESP_KILL_PROC: u32 = 2202;
    /// `RESP_TERM_ACCESS`.
    pub const RESP_TERM_ACCESS: u32 = 2203;
    /// `RESP_ACCT_REMOTE`.
    pub const RESP_ACCT_REMOTE: u32 = 2204;
    /// `RESP_ACCT_LOCK_TIMED`.
    pub const RESP_ACCT_LOCK_TIMED: u32 = 2205;
    /// `RESP_ACCT_UNLOCK_TIMED`.
    pub const RESP_ACCT_UNLOCK_TIMED: u32 = 2206;
    /// `RESP_ACCT_LOCK`.
    pub const RESP_ACCT_LOCK: u32 = 2207;
    /// `RESP_TERM_LOCK`.
    pub const RESP_TERM_LOCK: u32 = 2208;
    /// `RESP_SEBOOL`.
    pub const RESP_SEBOOL: u32 = 2209;
    /// `RESP_EXEC`.
    pub const RESP_EXEC: u32 = 2210;
    /// `RESP_SINGLE`.
    pub const RESP_SINGLE: u32 = 2211;
    /// `RESP_HALT`.
    pub const RESP_HALT: u32 = 2212;
    /// `RESP_ORIGIN_BLOCK`.
    pub const RESP_ORIGIN_BLOCK: u32 = 2213;
    /// `RESP_ORIGIN_BLOCK_TIMED`.
    pub const RESP_ORIGIN_BLOCK_TIMED: u32 = 2214;
    /// `RESP_ORIGIN_UNBLOCK_TIMED`.
    pub const RESP_ORIGIN_UNBLOCK_TIMED: u32 = 2215;
    /// `USER_ROLE_CHANGE`.
    pub const USER_ROLE_CHANGE: u32 = 2300;
    /// `ROLE_ASSIGN`.
    pub const ROLE_ASSIGN: u32 = 2301;
    /// `ROLE_REMOVE`.
    pub const ROLE_REMOVE: u32 = 2302;
    /// `LABEL_OVERRIDE`.
    pub const LABEL_OVERRIDE: u32 = 2303;
    /// `LABEL_LEVEL_CHANGE`.
    pub const LABEL_LEVEL_CHANGE: u32 = 2304;
    /// `USER_LABELED_EXPORT`.
    pub const USER_LABELED_EXPORT: u32 = 2305;
    /// `USER_UNLABELED_EXPORT`.
    pub const USER_UNLABELED_EXPORT: u32 = 2306;
    /// `DEV_ALLOC`.
    pub const DEV_ALLOC: u32 = 2307;
    /// `DEV_DEALLOC`.
    pub const DEV_DEALLOC: u32 = 2308;
    /// `FS_RELABEL`.
    pub const FS_RELABEL: u32 = 2309;
    /// `USER_MAC_POLICY_LOAD`.
    pub const USER_MAC_POLICY_LOAD: u32 = 2310;
    /// `ROLE_MODIFY`.
    pub const ROLE_MODIFY: u32 = 2311;
    /// `USER_MAC_CONFIG_CHANGE`.
    pub const USER_MAC_CONFIG_CHANGE: u32 = 2312;
    /// `USER_MAC_STATUS`.
    pub const USER_MAC_STATUS: u32 = 2313;
    /// `CRYPTO_TEST_USER`.
    pub const CRYPTO_TEST_USER: u32 = 2400;
    /// `CRYPTO_PARAM_CHANGE_USER`.
    pub const CRYPTO_PARAM_CHANGE_USER: u32 = 2401;
    /// `CRYPTO_LOGIN`.
    pub const CRYPTO_LOGIN: u32 = 2402;
    /// `CRYPTO_LOGOUT`.
    pub const CRYPTO_LOGOUT: u32 = 2403;
    /// `CRYPTO_KEY_USER`.
    pub const CRYPTO_KEY_USER: u32 = 2404;
    /// `CRYPTO_FAILURE_USER`.
    pub const CRYPTO_FAILURE_USER: u32 = 2405;
    /// `CRYPTO_REPLAY_USER`.
    pub const CRYPTO_REPLAY_USER: u32 = 2406;
    /// `CRYPTO_SESSION`.
    pub const CRYPTO_SESSION: u32 = 2407;
    /// `CRYPTO_IKE_SA`.
    pub const CRYPTO_IKE_SA: u32 = 2408;
    /// `CRYPTO_IPSEC_SA`.
    pub const CRYPTO_IPSEC_SA: u32 = 2409;
    /// `VIRT_CONTROL`.
    pub const VIRT_CONTROL: u32 = 2500;
    /// `VIRT_RESOURCE`.
    pub const VIRT_RESOURCE: u32 = 2501;
    /// `VIRT_MACHINE_ID`.
    pub const VIRT_MACHINE_ID: u32 = 2502;
    /// `VIRT_INTEGRITY_CHECK`.
    pub const VIRT_INTEGRITY_CHECK: u32 = 2503;
    /// `VIRT_CREATE`.
    pub const VIRT_CREATE: u32 = 2504;
    /// `VIRT_DESTROY`.
    pub const VIRT_DESTROY: u32 = 2505;
    /// `VIRT_MIGRATE_IN`.
    pub const VIRT_MIGRATE_IN: u32 = 2506;
    /// `VIRT_MIGRATE_OUT`.
    pub const VIRT_MIGRATE_OUT: u32 = 2507;
}
