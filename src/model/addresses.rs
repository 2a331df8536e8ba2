//! Syscalls that copy the address of a socket from or to a program (`move_addr_to_kernel` and `move_addr_to_user`,
//! net/socket.c, Linux 6.1 to 7.2). `socketcall` and `io_uring_enter` do the work of others. `send` and `recv` are
//! `sendto` and `recvfrom` without an address.

const WITH_ADDRESS: [&str; 15] = [
    "accept",
    "accept4",
    "bind",
    "connect",
    "getpeername",
    "getsockname",
    "io_uring_enter",
    "recvfrom",
    "recvmmsg",
    "recvmmsg_time64",
    "recvmsg",
    "sendmmsg",
    "sendmsg",
    "sendto",
    "socketcall",
];

/// Returns whether the syscall with this name in the kernel may copy an address.
pub(crate) fn may_have_address(syscall: &str) -> bool {
    WITH_ADDRESS.contains(&syscall)
}
