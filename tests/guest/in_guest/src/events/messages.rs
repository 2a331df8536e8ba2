//! Messages of programs under rule sets, and which of them the kernel records.
//!
//! For each task there is a process with two threads, and both send a message of each type under each set. The first
//! set has no rules: its records describe the messages. The output:
//!
//! ```text
//! sender TASK PID TID TID GID      a process and its threads
//! set NUMBER                       a rule set is loaded
//! message TASK THREAD TYPE         a thread sent a message; the thread is 0 or 1
//! record TEXT                      the kernel recorded it
//! ```

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{Read, Write as _};
use std::path::Path;

use netlink_sys::constants::NETLINK_AUDIT;
use netlink_sys::{Socket, SocketAddr};
use nix::libc;
use nix::unistd::{ForkResult, Pid, getgid, gettid, pipe};
use rauditctl::catalog::field;
use rauditctl::kernel::Netlink;
use rauditctl::rule::{Control, Rule};

use super::records::{Record, Records};
use super::tasks::{TASKS, Task, exit, new_process};
use super::{BACKLOG, add, control, replace, unload};

/// The types: `AUDIT_USER`, and some of both ranges of messages of programs with the ends of these ranges.
const TYPES: [u16; 16] = [
    1005, 1100, 1101, 1105, 1106, 1107, 1112, 1115, 1123, 1130, 1199, 2100, 2111, 2300, 2500, 2999,
];
/// `SECBIT_NO_SETUID_FIXUP`: a process keeps its capabilities when its users change.
const KEEP_CAPABILITIES: libc::c_ulong = 4;
/// `NLM_F_REQUEST` and `NLM_F_ACK`.
const FLAGS: u16 = 5;

/// Sends the messages under every rule set of a file, which is like that of `events`.
pub(crate) fn run(kernel: &mut Netlink, sets: &Path, out: &Path) -> Result<(), String> {
    let sets = fs::read_to_string(sets).map_err(|error| error.to_string())?;
    let senders: Vec<Sender> = TASKS.iter().map(Sender::start).collect();
    control(kernel, Control::Enabled(1))?;
    control(kernel, Control::BacklogLimit(BACKLOG))?;
    let mut records = Records::open();
    let mut log: String = senders.iter().map(Sender::describe).collect();
    for (number, set) in sets.split_terminator("set\n").skip(1).enumerate() {
        add(kernel, set, |rule| name_process(rule, &senders))?;
        let sent = send_all(&senders);
        // Such a rule can drop the record at which the reader stops.
        unload(kernel)?;
        let found = records.until_now(kernel)?;
        writeln!(log, "set {number}").expect("memory");
        for message in sent {
            message.write(&found, &mut log);
        }
    }
    fs::write(out, log).map_err(|error| error.to_string())
}

/// A message that a thread sent.
struct Message {
    task: &'static str,
    thread: usize,
    kind: u16,
    number: u32,
}

impl Message {
    fn write(&self, found: &[Record], log: &mut String) {
        let Message { task, thread, kind, number } = self;
        writeln!(log, "message {task} {thread} {kind}").expect("memory");
        let end = format!("msg='{}'", text(*number));
        let mut records = found.iter().filter(|record| record.text.ends_with(&end));
        if let Some(record) = records.next() {
            assert_eq!(record.kind, *kind, "{}", record.text);
            writeln!(log, "record {}", record.text).expect("memory");
        }
        assert!(records.next().is_none(), "two records of one message");
    }
}

fn send_all(senders: &[Sender]) -> Vec<Message> {
    let mut sent = Vec::new();
    for kind in TYPES {
        for sender in senders {
            for (thread, channel) in sender.threads.iter().enumerate() {
                let number = sent.len() as u32;
                channel.send(kind, number);
                sent.push(Message { task: sender.task.name, thread, kind, number });
            }
        }
    }
    sent
}

fn text(number: u32) -> String {
    format!("message-{number}")
}

/// Puts the number of a process or thread in place of its place among them.
fn name_process(rule: &mut Rule, senders: &[Sender]) {
    let numbers: Vec<i32> = senders
        .iter()
        .flat_map(|sender| sender.threads.iter().map(|channel| channel.thread))
        .collect();
    let number = |at: u32| numbers.get(at as usize).map(|number| number.cast_unsigned());
    replace(rule, field::PID, number);
}

/// A process that sends messages. It is not audited itself.
struct Sender {
    task: &'static Task,
    process: Pid,
    group: u32,
    /// The first one is the main thread, which has the number of the process.
    threads: [Channel; 2],
}

/// The way to a thread.
struct Channel {
    thread: i32,
    orders: File,
    answers: File,
}

/// The ends of the way that the thread has.
struct Ends {
    orders: File,
    answers: File,
}

impl Sender {
    fn start(task: &'static Task) -> Self {
        let [first, second] = [(); 2].map(|()| {
            let (orders, to_thread) = pipe().expect("a pipe");
            let (answers, from_thread) = pipe().expect("a pipe");
            let ends = Ends { orders: orders.into(), answers: from_thread.into() };
            (ends, File::from(to_thread), File::from(answers))
        });
        match new_process() {
            ForkResult::Parent { child } => {
                let mut group = 0;
                let threads = [first, second].map(|(_, orders, answers)| {
                    let [thread, of_group] = [(); 2].map(|()| read_number(&answers));
                    group = of_group.cast_unsigned();
                    Channel { thread, orders, answers }
                });
                Sender { task, process: child, group, threads }
            }
            ForkResult::Child => {
                let [first, second] = [first, second].map(|(ends, ..)| ends);
                keep_capabilities();
                task.become_it();
                std::thread::spawn(|| second.work());
                first.work();
                exit()
            }
        }
    }

    fn describe(&self) -> String {
        let Sender { task, process, group, threads: [first, second] } = self;
        format!("sender {} {process} {} {} {group}\n", task.name, first.thread, second.thread)
    }
}

impl Channel {
    fn send(&self, kind: u16, number: u32) {
        let order = [&kind.to_ne_bytes()[..], &number.to_ne_bytes()].concat();
        (&self.orders).write_all(&order).expect("the thread reads");
        assert_eq!(read_number(&self.answers), 0, "the kernel refuses a message of type {kind}");
    }
}

impl Ends {
    /// Sends the messages of the orders.
    fn work(mut self) {
        let socket = Socket::new(NETLINK_AUDIT).expect("a socket");
        for number in [gettid().as_raw(), getgid().as_raw().cast_signed()] {
            self.answers.write_all(&number.to_ne_bytes()).expect("the number is read");
        }
        let (mut kind, mut number) = ([0; 2], [0; 4]);
        while self.orders.read_exact(&mut kind).is_ok() {
            self.orders.read_exact(&mut number).expect("the whole order");
            let message = message(u16::from_ne_bytes(kind), &text(u32::from_ne_bytes(number)));
            socket.send_to(&message, &SocketAddr::new(0, 0), 0).expect("the kernel takes it");
            let (answer, _) = socket.recv_from_full().expect("an answer");
            // The errno is the first word after the header.
            self.answers.write_all(&answer[16..20]).expect("the answer is read");
        }
    }
}

/// Returns a netlink message with a text.
fn message(kind: u16, text: &str) -> Vec<u8> {
    let length = 16 + text.len() as u32 + 1;
    let mut message = length.to_ne_bytes().to_vec();
    message.extend([kind.to_ne_bytes(), FLAGS.to_ne_bytes()].concat());
    message.extend([0; 8]);
    message.extend(text.as_bytes());
    message.push(0);
    message
}

fn read_number(mut from: &File) -> i32 {
    let mut number = [0; 4];
    from.read_exact(&mut number).expect("a number");
    i32::from_ne_bytes(number)
}

/// Lets the process keep the capability to send messages when it becomes another user.
fn keep_capabilities() {
    // SAFETY: the call takes numbers only.
    #[allow(unsafe_code, reason = "nix has no name for this call")]
    let done = unsafe { libc::prctl(libc::PR_SET_SECUREBITS, KEEP_CAPABILITIES) };
    assert_eq!(done, 0, "the capabilities are kept");
}
