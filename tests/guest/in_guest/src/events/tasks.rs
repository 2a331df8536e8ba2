//! The tasks that make the calls.

use std::fs::File;
use std::io::{Read, Write};

use nix::sys::personality::{self, Persona};
use nix::sys::wait::waitpid;
use nix::unistd::{
    ForkResult, Gid, Pid, Uid, chdir, fork, getpid, pipe, setgroups, setresgid, setresuid,
};

/// The users, groups and login of a task.
pub(crate) struct Task {
    pub(super) name: &'static str,
    login: Option<u32>,
    /// Real, effective and saved.
    users: [u32; 3],
    groups: [u32; 3],
    more_groups: &'static [u32],
    persona: Persona,
}

pub(super) const TASKS: &[Task] = &[
    Task {
        name: "root",
        login: None,
        users: [0; 3],
        groups: [0; 3],
        more_groups: &[],
        persona: Persona::empty(),
    },
    Task {
        name: "alice",
        login: Some(1000),
        users: [1000; 3],
        groups: [1000; 3],
        more_groups: &[27, 1000],
        persona: Persona::empty(),
    },
    Task {
        name: "sudo",
        login: Some(1000),
        users: [1000, 0, 0],
        groups: [1000, 0, 8],
        more_groups: &[27],
        persona: Persona::empty(),
    },
    Task {
        name: "daemon",
        login: None,
        users: [33; 3],
        groups: [33, 33, 8],
        more_groups: &[33],
        persona: Persona::ADDR_NO_RANDOMIZE,
    },
];

/// A process that makes a new process for each call. It is not audited itself.
pub(super) struct Worker {
    pub(super) task: &'static Task,
    pid: Pid,
    orders: File,
    answers: File,
}

impl Worker {
    /// Starts a worker in a directory. Each new process calls `make` with the order.
    pub(super) fn start(task: &'static Task, directory: &str, make: fn(&[u8])) -> Self {
        let (orders, to_worker) = pipe().expect("a pipe");
        let (answers, from_worker) = pipe().expect("a pipe");
        match new_process() {
            ForkResult::Parent { child } => {
                Worker { task, pid: child, orders: to_worker.into(), answers: answers.into() }
            }
            ForkResult::Child => {
                drop((to_worker, answers));
                task.become_it();
                chdir(directory).expect("a directory");
                work(orders.into(), from_worker.into(), make);
                std::process::exit(0)
            }
        }
    }

    /// Lets a new process carry out an order. Returns the numbers of that process and of its parent.
    pub(super) fn run(&self, order: &[u8]) -> (i32, i32) {
        let message = [&[order.len() as u8], order].concat();
        (&self.orders).write_all(&message).expect("the worker reads");
        let mut pid = [0; 4];
        (&self.answers).read_exact(&mut pid).expect("the worker answers");
        (i32::from_ne_bytes(pid), self.pid.as_raw())
    }
}

impl Task {
    /// Describes what records leave out.
    pub(super) fn describe(&self) -> String {
        let groups: Vec<String> = self.more_groups.iter().map(u32::to_string).collect();
        format!("task {} {}\n", self.name, groups.join(","))
    }

    /// Gives the process of the caller this identity.
    pub(super) fn become_it(&self) {
        if let Some(login) = self.login {
            std::fs::write("/proc/self/loginuid", login.to_string()).expect("a login");
        }
        personality::set(self.persona).expect("a personality");
        let more: Vec<Gid> = self.more_groups.iter().map(|id| Gid::from_raw(*id)).collect();
        setgroups(&more).expect("groups");
        let [real, effective, saved] = self.groups.map(Gid::from_raw);
        setresgid(real, effective, saved).expect("groups");
        let [real, effective, saved] = self.users.map(Uid::from_raw);
        setresuid(real, effective, saved).expect("users");
    }
}

/// Carries out the orders, each in a process of its own.
fn work(mut orders: File, mut answers: File, make: fn(&[u8])) {
    let (mut length, mut order) = ([0], Vec::new());
    while orders.read_exact(&mut length).is_ok() {
        order.resize(usize::from(length[0]), 0);
        orders.read_exact(&mut order).expect("the whole order");
        match new_process() {
            ForkResult::Parent { child } => {
                waitpid(child, None).expect("the process ends");
                answers.write_all(&child.as_raw().to_ne_bytes()).expect("the answer is read");
            }
            ForkResult::Child => {
                make(&order);
                exit()
            }
        }
    }
}

/// Ends the process without any other call.
pub(super) fn exit() -> ! {
    // SAFETY: the process has one thread and no state that must be written.
    #[allow(unsafe_code, reason = "nix has no safe name for _exit")]
    unsafe {
        nix::libc::_exit(0)
    }
}

pub(super) fn new_process() -> ForkResult {
    // SAFETY: the program has one thread, so that the new process may do all that this one may.
    #[allow(unsafe_code, reason = "fork has no safe name")]
    unsafe { fork() }.expect("a process")
}

/// Returns the number of the process of the caller. The number is not kept from before.
pub(super) fn own_number() -> Pid {
    getpid()
}
