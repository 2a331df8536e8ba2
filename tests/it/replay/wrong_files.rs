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

/// Only what looks like rules is taken for rules.
#[test]
fn the_help_fits_what_the_file_is() {
    let folder = Folder::new("");
    let record = "a record is a line such as `type=SYSCALL msg=audit(";
    let rules = "it is a rules file: write --rules before it";
    let utf_16 = "it is text in UTF-16, which `iconv -f UTF-16 -t UTF-8` converts";
    let event = call(1, 59, "\"exec\"", "\"/a\"");
    let wide = |to_bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        "\u{feff}".encode_utf16().chain(event.encode_utf16()).flat_map(to_bytes).collect()
    };
    for (name, content, help) in [
        ("hello.log", &b"hello\n"[..], record),
        ("no-newline.log", b"hello", record),
        ("blank.log", b"\n\n\n", record),
        ("empty.log", b"", record),
        ("program.log", b"\x7fELF\x02\x01\x01\0\0\n\0-w\n", record),
        ("ausearch.json", b"{\n  \"a\": 1\n}\n", record),
        ("list.txt", b"- one\n- two\n", record),
        ("little.log", &wide(u16::to_le_bytes), utf_16),
        ("big.log", &wide(u16::to_be_bytes), utf_16),
        ("10-base", b"# The rules\n\n-D\n-b 8192\n", rules),
        ("watch", b"-w /etc/shadow -p wa -k identity\n", rules),
        ("long", b"--loginuid-immutable\n", rules),
        ("comment.rules", b"# nothing\n", rules),
    ] {
        folder.write(name, content);
        let (exit, out, err) = folder.run(&[name]);
        assert_eq!((exit, out.as_str()), (Some(2), ""), "{name}: {err}");
        assert!(err.contains(help), "{name}: {err}");
        if name != "comment.rules" {
            let (exit, _, err) = folder.run_with_input(content, &["-"]);
            assert!(exit == Some(2) && err.contains(help), "{name}: {err}");
        }
    }
}
