//! Tests the netlink client with answers in any order, refusals, and forged messages.
//!
//! No socket is opened: a [`Scripted`] channel returns the datagrams of a test. A client numbers its messages from 1,
//! so that a test knows the numbers.

mod flood;
pub(crate) mod scripted;

use rauditctl::diag::{Fault, KernelFault, RefusedRequest};
use rauditctl::errno::Errno;
use rauditctl::kernel::{Answer, AuditKernel, KernelError, Netlink};
use rauditctl::rule::{Action, Control, Field, FilterList, Op, Request, Rule, TextId};
use rauditctl::wire::{self, Frame, MessageType, Status};

use flood::Flood;
use scripted::{Incoming, Scripted, ack, data, done, together};

const REFUSALS: [Errno; 8] = [
    Errno::EEXIST,
    Errno::ENOENT,
    Errno::EPERM,
    Errno::EINVAL,
    Errno::ENOMEM,
    Errno::ECONNREFUSED,
    // A missing answer has the same errno, but this is an answer.
    Errno::EAGAIN,
    Errno::ENOSPC,
];

fn rule(syscall: u32) -> Rule {
    let mut rule = Rule::new(FilterList::Exit, Action::Always);
    assert!(rule.mask.insert(syscall));
    rule
}

fn add(syscall: u32) -> Request {
    Request::Add(rule(syscall))
}

/// Adds rules for these syscalls; returns the answers.
fn add_all(
    kernel: &mut Netlink<Scripted>,
    syscalls: impl IntoIterator<Item = u32>,
) -> Result<Vec<Answer>, KernelError> {
    let requests: Vec<Request> = syscalls.into_iter().map(add).collect();
    kernel.send(&requests.iter().collect::<Vec<_>>())
}

fn client(script: impl IntoIterator<Item = Incoming>) -> Netlink<Scripted> {
    Netlink::over(Scripted::new(script))
}

fn status(enabled: u32) -> Vec<u8> {
    [0, enabled, 1, 0, 0, 64, 0, 0, 0x7f, 0, 0].into_iter().flat_map(u32::to_ne_bytes).collect()
}

#[test]
fn asks_with_the_messages_of_the_kernel() {
    let mut kernel = client([]);
    assert!(kernel.status().is_err());
    assert!(kernel.rules().is_err());
    assert!(kernel.features().is_err());
    let message = |kind: u16, sequence, payload: &[u8]| {
        Frame { kind: MessageType(kind), payload: payload.to_vec() }.message(sequence)
    };
    let expected = [
        message(1000, 1, &[]),      // AUDIT_GET
        message(1013, 2, &[]),      // AUDIT_LIST_RULES
        message(1019, 3, &[0; 16]), // AUDIT_GET_FEATURE
    ];
    assert_eq!(kernel.channel().sent(), expected);
}

#[test]
fn returns_a_refusal_as_an_answer() {
    for errno in REFUSALS {
        let answers = add_all(&mut client([ack(1, errno.number())]), [2]).expect("an answer came");
        assert_eq!(answers, [Err(errno)]);
    }
}

#[test]
fn matches_answers_to_requests() {
    let kernels = [
        vec![ack(2, 17), ack(3, 0)],
        vec![together([ack(2, 17), ack(3, 0)])],
        // A kernel that answers requests that do not ask for it.
        vec![ack(1, 0), ack(2, 17), ack(3, 0)],
        vec![ack(2, 17), ack(1, 0), ack(3, 0)],
    ];
    for kernel in kernels {
        let answers = add_all(&mut client(kernel), [1, 2, 3]).expect("all answers came");
        assert_eq!(answers, [Ok(0), Err(Errno::EEXIST), Ok(0)]);
    }
    let refused = add_all(&mut client([ack(1, 1), ack(3, 2)]), [1, 2, 3]).expect("all came");
    assert_eq!(refused, [Err(Errno::EPERM), Ok(0), Err(Errno::ENOENT)]);
}

/// The kernel answers a request that it carries out only if the request asks for that.
#[test]
fn only_the_last_request_of_a_datagram_asks_for_an_answer() {
    let mut kernel = client([ack(3, 0), ack(4, 0)]);
    add_all(&mut kernel, [1, 2, 3]).expect("all answers came");
    add_all(&mut kernel, [4]).expect("an answer came");
    let asks: Vec<Vec<bool>> = kernel.channel().sent().iter().map(|sent| asking(sent)).collect();
    assert_eq!(asks, [vec![false, false, true], vec![true]]);
}

/// A rule that is too long is not sent. The request before it is the last then.
#[test]
fn a_request_that_is_not_sent_needs_no_answer() {
    let mut long = rule(2);
    let text = vec![b'x'; 9_000].into();
    long.fields.push(Field::Text { id: TextId::KEY, op: Op::EQUAL, text });
    let requests = [add(1), Request::Add(long)];
    let mut kernel = client([ack(1, 0)]);
    let answers = kernel.send(&requests.iter().collect::<Vec<_>>()).expect("all answers came");
    assert_eq!(answers, [Ok(0), Err(Errno::EINVAL)]);
    let asks: Vec<Vec<bool>> = kernel.channel().sent().iter().map(|sent| asking(sent)).collect();
    assert_eq!(asks, [[true]]);
}

/// Returns whether each message of a datagram has `NLM_F_ACK`.
fn asking(mut datagram: &[u8]) -> Vec<bool> {
    let mut asks = Vec::new();
    while let Some(header) = datagram.first_chunk::<8>() {
        asks.push(u16::from_ne_bytes([header[6], header[7]]) & 4 != 0);
        let len = u32::from_ne_bytes([header[0], header[1], header[2], header[3]]) as usize;
        datagram = &datagram[len.next_multiple_of(4).min(datagram.len())..];
    }
    asks
}

#[test]
fn ignores_a_second_answer_to_a_request() {
    let kernel = [ack(1, 0), ack(1, 1), ack(2, 0)];
    assert_eq!(add_all(&mut client(kernel), [1, 2]).expect("both came"), [Ok(0), Ok(0)]);
}

#[test]
fn returns_the_old_count_of_a_reset() {
    let reset = Request::Control(Control::ResetLost);
    assert_eq!(client([ack(1, -12)]).send_one(&reset), Ok(12));
}

#[test]
fn accepts_an_acknowledgment_before_or_after_the_data() {
    let answer = || data(1, MessageType::GET, status(2));
    for kernel in [[ack(1, 0), answer()], [answer(), ack(1, 0)]] {
        assert_eq!(client(kernel).status().expect("it came").enabled, 2);
    }
}

#[test]
fn ignores_an_old_acknowledgment() {
    let answer = data(1, MessageType::GET, status(1));
    let mut kernel = client([answer, ack(1, 0), ack(2, 17)]);
    kernel.status().expect("it came");
    assert_eq!(add_all(&mut kernel, [1]).expect("it came"), [Err(Errno::EEXIST)]);
}

#[test]
fn reads_rules_from_any_number_of_datagrams() {
    let listed = |syscall| data(1, MessageType::LIST_RULES, wire::encode(&rule(syscall)));
    let kernel = [ack(1, 0), together([listed(1), listed(2)]), listed(3), done(1)];
    assert_eq!(client(kernel).rules().expect("all came"), [rule(1), rule(2), rule(3)]);
    assert_eq!(client([ack(1, 0), done(1)]).rules().expect("none came"), []);
}

#[test]
fn returns_the_refusal_of_a_question() {
    let refused = client([ack(1, 1)]).rules().expect_err("it is refused");
    assert!(matches!(refused, KernelError::Refused(Errno::EPERM)), "{refused:?}");
}

#[test]
fn ignores_messages_with_another_number() {
    let others = [ack(0, 1), ack(7, 1), data(9, MessageType::GET, status(0))];
    let kernel = others.into_iter().chain([ack(1, 0)]);
    assert_eq!(add_all(&mut client(kernel), [1]).expect("it came"), [Ok(0)]);
    // An event that the kernel sends without a request has no number.
    let event = data(0, MessageType(1300), b"audit(1:2): arch=c000003e".to_vec());
    let kernel = [event, data(1, MessageType::GET, status(1))];
    assert_eq!(client(kernel).status().expect("it came").enabled, 1);
}

#[test]
fn ignores_messages_of_other_programs() {
    let forged = [ack(1, 0).from(4711), data(1, MessageType::GET, status(2)).from(1)];
    let kernel = forged.into_iter().chain([data(1, MessageType::GET, status(0))]);
    assert_eq!(client(kernel).status().expect("it came").enabled, 0);
    // A malformed message of another program is ignored too.
    let kernel = [Incoming::bytes(vec![0xff; 7]).from(4711), ack(1, 0)];
    assert_eq!(add_all(&mut client(kernel), [1]).expect("it came"), [Ok(0)]);
}

#[test]
fn messages_of_other_programs_do_not_extend_the_deadline() {
    let mut kernel = client([ack(1, 0).from(9), ack(1, 0).from(9)]);
    assert!(matches!(add_all(&mut kernel, [1]), Err(KernelError::NoAnswer)));
    let deadlines = kernel.channel().deadlines();
    assert_eq!(deadlines.len(), 3);
    assert!(deadlines.iter().all(|deadline| *deadline == deadlines[0]));
}

/// Foreign messages that arrive one a second without end: those of a program, and those of the kernel that answer
/// nothing.
#[test]
fn a_flood_of_foreign_messages_does_not_extend_the_deadline() {
    for foreign in [ack(1, 0).from(9), ack(7, 0), data(0, MessageType(1300), Vec::new())] {
        let shown = format!("{foreign:?}");
        let mut kernel = Netlink::over(Flood::of(foreign.clone()));
        let unanswered = kernel.send(&[&add(1)]);
        assert!(matches!(unanswered, Err(KernelError::NoAnswer)), "{shown}: {unanswered:?}");
        assert_eq!(kernel.channel().seconds(), 40, "{shown}");

        let mut kernel = Netlink::over(Flood::of(foreign));
        assert!(matches!(kernel.rules(), Err(KernelError::NoAnswer)), "{shown}");
        assert_eq!(kernel.channel().seconds(), 40, "{shown}");
    }
}

/// Three answers, each 30 seconds after the one before, come in time.
#[test]
fn an_answer_extends_the_deadline_of_the_next() {
    let flood = || Flood::of(ack(9, 0).from(9));
    let mut kernel = Netlink::over(flood().every(30, [ack(1, 0), ack(2, 17), ack(3, 0)]));
    let answers = kernel.send(&[&add(1), &add(2), &add(3)]).expect("all came");
    assert_eq!(answers, [Ok(0), Err(Errno::EEXIST), Ok(0)]);

    let listed = |syscall| data(1, MessageType::LIST_RULES, wire::encode(&rule(syscall)));
    let mut kernel = Netlink::over(flood().every(30, [listed(1), listed(2), done(1)]));
    assert_eq!(kernel.rules().expect("all came"), [rule(1), rule(2)]);
}

#[test]
fn rejects_malformed_messages() {
    let whole = ack(1, 0).into_bytes();
    let length = |length: u32| [&length.to_ne_bytes(), &whole[4..]].concat();
    let unreadable = [
        Incoming::bytes(whole[..whole.len() - 4].to_vec()),
        Incoming::bytes(whole[..10].to_vec()),
        Incoming::bytes(length(0)),
        Incoming::bytes(length(15)),
        Incoming::bytes(length(u32::MAX)),
    ];
    for datagram in unreadable {
        let shown = format!("{datagram:?}");
        let garbled = add_all(&mut client([datagram]), [1]);
        assert!(matches!(garbled, Err(KernelError::Garbled)), "{shown} is {garbled:?}");
    }
}

#[test]
fn reports_a_missing_answer() {
    assert!(matches!(client([]).status(), Err(KernelError::NoAnswer)));
    // Half of the answers are not enough, and an acknowledgment does not answer a question.
    assert!(matches!(add_all(&mut client([ack(1, 0)]), [1, 2]), Err(KernelError::NoAnswer)));
    assert!(matches!(client([ack(1, 0)]).status(), Err(KernelError::NoAnswer)));
    assert!(matches!(client([ack(1, 0)]).rules(), Err(KernelError::NoAnswer)));
}

#[test]
fn reports_lost_answers() {
    for loss in [Incoming::error(Errno::ENOBUFS), ack(2, 0).truncated()] {
        let lost = add_all(&mut client([ack(1, 0), loss]), [1, 2]);
        assert!(matches!(lost, Err(KernelError::AnswersLost)), "{lost:?}");
    }
    let broken = add_all(&mut client([Incoming::error(Errno::EBADF)]), [1]);
    assert!(matches!(broken, Err(KernelError::Socket(Errno::EBADF))), "{broken:?}");
}

#[test]
fn asks_again_if_a_part_of_the_answer_was_lost() {
    let lost = || Incoming::error(Errno::ENOBUFS);
    let listed =
        |sequence, number| data(sequence, MessageType::LIST_RULES, wire::encode(&rule(number)));
    // The rest of a lost answer may still arrive; it has the old number.
    let mut kernel =
        client([listed(1, 1), lost(), listed(1, 3), listed(2, 1), listed(2, 2), done(2)]);
    assert_eq!(kernel.rules().expect("the second answer is whole"), [rule(1), rule(2)]);
    // A channel has a longer buffer after a datagram that did not fit.
    let mut kernel = client([listed(1, 1).truncated(), listed(2, 1), done(2)]);
    assert_eq!(kernel.rules().expect("the second answer is whole"), [rule(1)]);
    let mut kernel = client([lost(), lost(), lost(), lost()]);
    assert!(matches!(kernel.rules(), Err(KernelError::AnswersLost)));
}

#[test]
fn returns_the_errno_of_a_kernel_without_audit() {
    let mut kernel = Netlink::over(Scripted::unconnected(Errno::ECONNREFUSED));
    assert_eq!(kernel.status().expect_err("it is refused").errno(), Errno::ECONNREFUSED);
    assert_eq!(kernel.send_one(&add(1)), Err(Errno::ECONNREFUSED));
}

#[test]
fn reads_the_status_of_every_kernel_version() {
    // 32 bytes before 3.14, 40 before 5.9, and more in future versions.
    for (len, wait_time, actual) in
        [(32, 0, None), (40, 7, None), (44, 7, Some(9)), (48, 7, Some(9))]
    {
        let mut bytes: Vec<u8> = [0, 1, 1, 0, 0, 64, 0, 0, 0x7f, 7, 9, 5]
            .into_iter()
            .flat_map(u32::to_ne_bytes)
            .collect();
        bytes.truncate(len);
        let Status { backlog_wait_time, backlog_wait_time_actual, .. } =
            client([data(1, MessageType::GET, bytes)]).status().expect("it is long enough");
        assert_eq!((backlog_wait_time, backlog_wait_time_actual), (wait_time, actual), "{len}");
    }
    let short = client([data(1, MessageType::GET, vec![0; 12])]).status();
    assert!(matches!(short, Err(KernelError::TooShort(_))), "{short:?}");
}

#[test]
fn rejects_a_listed_rule_with_too_many_fields() {
    let mut bytes = wire::encode(&rule(1));
    bytes[8] = 65; // The number of its fields; there is room for 64.
    let listed = [data(1, MessageType::LIST_RULES, bytes), done(1)];
    assert!(matches!(client(listed).rules(), Err(KernelError::Rule(_))));
}

#[test]
fn sends_many_requests_in_few_datagrams() {
    let mut kernel = client((1..=250).map(|number| ack(number, 0)));
    assert!(add_all(&mut kernel, 0..250).expect("all came").iter().all(Result::is_ok));
    let sent = kernel.channel().sent();
    assert_eq!(sent.iter().map(|datagram| datagram.len() / (16 + 1040)).max(), Some(100));
    assert_eq!(sent.len(), 3);
}

#[test]
fn explains_refusals() {
    let explained = |errno: Errno, request, path: Option<&str>| {
        let path = path.map(|path| path.as_bytes().into());
        let explanation = Fault::from(KernelFault::Refused { errno, request, path }).explain();
        format!("{}; {}", explanation.title, explanation.help)
    };
    assert_eq!(
        explained(Errno::ENOENT, RefusedRequest::Add, Some("/srv/missing/file")),
        "the path of the rule cannot be watched (No such file or directory); create \
         `/srv/missing/file` and its directory, or remove the rule"
    );
    assert_eq!(
        explained(Errno::ENOTDIR, RefusedRequest::Add, Some("/etc/passwd/x")),
        "the path of the rule cannot be watched (Not a directory); correct the path `/etc/passwd/x`, which leads \
         through a file, or remove the rule"
    );
    assert_eq!(
        explained(Errno::ENOENT, RefusedRequest::Delete, None),
        "the kernel has no such rule (No such file or directory); write the rule as `-l` lists it"
    );
    assert_eq!(
        explained(Errno::EEXIST, RefusedRequest::Add, None),
        "the kernel already has this rule (File exists); remove the rule, or begin the file with `-D` to \
         delete the old rules first"
    );
    assert_eq!(
        explained(Errno::EPERM, RefusedRequest::Add, None),
        "the kernel refused the request: Operation not permitted; run as root; rules locked with \
         `-e 2` cannot change until the next boot"
    );
}
