//! Input that took minutes, or gigabytes. Twice the input may take little more than twice the memory, and a bounded
//! output.

use super::{linted, peak};

/// Makes hostile input of a size.
type Shape = fn(usize) -> String;

const SHAPES: &[(&str, Shape)] = &[
    ("errors on one line", |n| format!("-a always,exit{}\n", " -F x".repeat(n))),
    ("one word", |n| format!("-w /{}\n", "x".repeat(n * 10))),
    ("one list of unknown syscalls", |n| {
        let names: Vec<String> = (0..n).map(|number| format!("nosuch{number}")).collect();
        format!("-a always,exit -F arch=b64 -S {}\n", names.join(","))
    }),
    ("equal rules", |n| "-w /etc/passwd -p wa -k k\n".repeat(n)),
    ("rules that merge", |n| {
        let rule = |number: usize| format!("-a always,exit -F arch=b64 -S {} -k k\n", number % 300);
        (0..n).map(rule).collect()
    }),
    ("comments", |n| "# rauditctl: allow(P101)\n".repeat(n) + "-w /etc/passwd -p wa -k k\n"),
    ("comments for the file", |n| {
        "# rauditctl: allow-file(C103)\n".repeat(n) + &"-w /etc/passwd -p wa -k k\n".repeat(n)
    }),
    ("lines of one letter", |n| "x\n".repeat(n)),
    ("empty lines", |n| "\n".repeat(n)),
    ("bytes that are not text", |n| "\u{80}\u{9b}\n".repeat(n)),
    ("settings", |n| "-b 8192\n".repeat(n)),
    ("deletions", |n| "-w /etc/passwd -p wa\n-D\n".repeat(n)),
];

const SIZE: usize = 2000;

/// Checks every shape.
pub(super) fn all() {
    for (name, shape) in SHAPES {
        let run = |size| {
            let text = shape(size);
            let length = text.len();
            let ((_, printed), peak) = peak(|| linted(&text));
            (peak, printed.len(), length)
        };
        let (small, _, _) = run(SIZE);
        let (large, printed, length) = run(2 * SIZE);
        println!("{name}: {small} and {large} bytes, {} a byte", large / length);
        assert!(large < small * 5 / 2 + 100_000, "{name}: {small}, then {large}");
        assert!(printed < 60_000, "{name}: prints {printed} bytes");
    }
}
