//! Syscalls that copy the address of a socket into the audit context (`audit_sockaddr`, called by
//! `move_addr_to_kernel` and `move_addr_to_user` in net/socket.c, Linux 6.1 to 7.2).

const WITH_ADDRESS: [&str; 17] = [
    "accept",
    "accept4",
    "bind",
    "connect",
    "getpeername",
    "getsockname",
    "io_uring_enter",
    "recv",
    "recvfrom",
    "recvmmsg",
    "recvmmsg_time64",
    "recvmsg",
    "send",
    "sendmmsg",
    "sendmsg",
    "sendto",
    "socketcall",
];

/// Returns whether the syscall with this name in the kernel may copy an address.
pub(crate) fn may_have_address(syscall: &str) -> bool {
    WITH_ADDRESS.contains(&syscall)
}
