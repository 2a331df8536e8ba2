//! Files that are no logs.

use super::{Folder, call};

/// The form of `ausearch` (audit 3.0.9, `output_default` in ausearch-report.c): the records in reverse order, after the time.
/// With `-i`, the time is in the records, and has no form of a log (`output_interpreted`).
#[test]
fn refuses_what_ausearch_prints_for_people() {
    let event = call(1, 59, "\"exec\"", "\"/a\"");
    let records: Vec<&str> = event.lines().rev().collect();
    let records = records.join("\n");
    let plain = format!("----\ntime->Thu Nov 27 08:00:17 2025\n{records}\n");
    let interpreted = format!(
        "----\n{}\n",
        records.replace("(1764230400.001:1):", "(11/27/25 08:00:00.001:1) :")
    );
    for printed in [plain, interpreted] {
        let folder = Folder::new(&printed);
        let refused = |(exit, out, err): (Option<i32>, String, String), name: &str| {
            assert_eq!((exit, out.as_str()), (Some(2), ""), "{name}: {err}");
            let what = "is not a log, but what `ausearch` prints for people; `ausearch --raw`";
            assert!(err.contains(&format!("{name} {what}")), "{err}");
        };
        refused(folder.run(&["audit.log", "--rules", "a.rules"]), "`audit.log`");
        refused(folder.run(&["audit.log", "--follow"]), "`audit.log`");
        for arguments in [&["-"][..], &["-", "--rules", "a.rules"]] {
            refused(folder.run_with_input(printed.as_bytes(), arguments), "standard input");
        }
        let input = folder.run_with_input(printed.as_bytes(), &["/dev/stdin"]);
        refused(input, "`/dev/stdin`");
    }
    // The records themselves come through a pipe.
    let folder = Folder::new("");
    let (exit, out, err) = folder.run_with_input(event.as_bytes(), &["-", "--rules", "a.rules"]);
    assert!(exit == Some(0) && out.contains("a.rules:2"), "{out}{err}");
}
