//! `optimize --workload`: the figures of counted calls.

use std::fs;

use serde_json::{Value, json};

use super::command::{run, stderr, stdout};
use crate::covers::formats::validated;

const OPTIONS: [&str; 9] =
    ["optimize", "--arch", "x86_64", "--kernel", "6.1", "-o", "made.rules", "--workload", "counts"];

/// A watch for `x`, which only execve and execveat can match: the numbers 59 and 322 on x86_64, 11 and 358 on i386.
const SOURCE: &str = "-w /etc/ssh/ -p x -k ssh\n";

fn report(counts: &str, format: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.rules"), SOURCE).expect("a file");
    fs::write(folder.path().join("counts"), counts).expect("a file");
    let made = run(folder.path(), &[&OPTIONS[..], &["--format", format, "a.rules"]].concat());
    assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
    stdout(&made)
}

#[test]
fn figures_are_those_of_the_calls() {
    let counts = "read,1000\nexecve,2\nno_such_call,7\ni386:read,1\n";
    let report: Value = serde_json::from_str(&report(counts, "json")).expect("JSON");
    validated("docs/schema/optimize.schema.json", &report);
    let costs = report["costs"].as_array().expect("rows");
    let rows: Vec<(&str, u64)> = costs
        .iter()
        .map(|row| {
            (row["syscall"].as_str().expect("a name"), row["calls"].as_u64().expect("calls"))
        })
        .collect();
    assert_eq!(rows, [("read", 1000), ("execve", 2), ("i386:read", 1)]);
    // The total is the sum of the rows, which are rounded.
    let sum = |member: &str| -> f64 {
        let of = |row: &Value| {
            row["calls"].as_f64().expect("calls") * row[member].as_f64().expect("a cost")
        };
        costs.iter().map(of).sum()
    };
    let workload = &report["workload"];
    for member in ["before", "after"] {
        let total = workload["stock"][member].as_f64().expect("a total");
        assert!((total - sum(member)).abs() <= 1003.0, "{member}: {total}");
    }
    assert_eq!(workload["calls"], 1003);
    assert_eq!(workload["unknown"], json!([{"name": "no_such_call", "calls": 7}]));
    // A kernel with the bitmap does not look at rules when read ends, once its number is in no mask.
    let bitmap = workload["bitmap"]["after"].as_f64().expect("a total");
    let execve = costs[1]["after"].as_f64().expect("a cost");
    assert!((bitmap - 2.0 * execve).abs() <= 1.0, "{bitmap} {execve}");
    // Linux 6.1 has 451 numbers.
    let armed =
        json!({"stock": {"before": 451, "after": 451}, "bitmap": {"before": 451, "after": 4}});
    assert_eq!(report["armed"], armed);
    assert_eq!(report["longest_walk"], json!({"before": 1, "after": 1}));
}

#[test]
fn the_most_expensive_syscalls_are_shown() {
    let names =
        "read write open close stat fstat lstat poll lseek mmap mprotect munmap brk ioctl pread64";
    let counts: String =
        (100..).zip(names.split(' ')).map(|(count, name)| format!("{name},{count}\n")).collect();
    let text = report(&counts, "text");
    let table: Vec<&str> = text
        .lines()
        .skip_while(|line| !line.contains("before"))
        .skip(1)
        .take_while(|line| !line.is_empty())
        .collect();
    assert_eq!(table.len(), 13, "{text}");
    assert_eq!(table[12], "and 3 more, which cost less; --format json has all");
    let total = text.lines().find(|line| line.starts_with("All ")).expect("a total");
    // 15 times 100, and the numbers from 0 to 14.
    assert!(total.starts_with("All 1605 calls of the workload: "), "{total}");
}
