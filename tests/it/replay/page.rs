//! `replay --format html`.

use std::path::Path;

use rauditctl::report::html::{HASHES, SCRIPT, STYLE};
use scraper::Html;

use super::over_time::{at, exec, identity};
use super::{Folder, log};
use crate::html::{all, assert_links_resolve, assert_loads_nothing, one, parsed, text, within};
use crate::snapshots::assert_recorded;

/// Returns the page of a log in audit.log. It is well-formed and loads nothing.
fn page(folder: &Folder, more: &[&str]) -> String {
    let all = [&["audit.log", "--format", "html"], more].concat();
    let (exit, out, err) = folder.run(&all);
    assert_eq!(exit, Some(0), "{err}");
    let html = parsed(&out);
    assert_links_resolve(&html);
    assert_loads_nothing(&html);
    out
}

fn html(folder: &Folder, more: &[&str]) -> Html {
    parsed(&page(folder, more))
}

fn with_rules(folder: &Folder) -> Html {
    html(folder, &["--rules", "a.rules"])
}

fn texts(html: &Html, selector: &str) -> Vec<String> {
    all(html, selector).into_iter().map(text).collect()
}

/// Returns a page with ten rows, a day, and a clock that was reset.
pub(crate) fn page_of_a_day() -> String {
    let event = |number: u32| {
        let name = format!("\"/usr/bin/program-with-a-long-name-{}\"", number % 10);
        let event = super::call(1, 59, "\"exec\"", &name);
        let event = event.replace("\"/usr/bin/x\"", &name);
        let second = 3_600 * u64::from(number / 12) + 120 * u64::from(number % 7);
        at(&[second], &event.repeat(1 + number as usize % 3))
    };
    let reset = exec().replace("1764230400.001", "7.001");
    let folder = Folder::new(&((0..288).map(event).collect::<String>() + &reset));
    page(&folder, &["--rules", "a.rules", "--by", "exe"])
}

/// The whole page, apart from the style and the script.
#[test]
fn page_of_a_small_log() {
    let log = at(&[0, 60, 61], &exec()) + &at(&[65], &identity()) + &log();
    let folder = Folder::new(&log);
    let page = page(&folder, &["--rules", "a.rules"]);
    let page = page.replace(STYLE, "STYLE").replace(SCRIPT, "SCRIPT");
    let page = page.replace(HASHES[0], "HASH").replace(HASHES[1], "HASH");
    let page = page.replace(env!("CARGO_PKG_VERSION"), "VERSION");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/replay/page.html");
    assert_recorded(&page, &file);
}

#[test]
fn table_agrees_with_the_json() {
    let folder = Folder::new(&log());
    for by in ["rule", "exe", "user", "path", "key", "syscall", "node"] {
        let report = folder.json_with(&["audit.log", "--by", by]);
        let rows = report["rows"].as_array().expect("rows");
        let html = html(&folder, &["--rules", "a.rules", "--by", by]);
        let shown = all(&html, "#rows tbody tr");
        assert_eq!(shown.len(), rows.len(), "{by}");
        for (shown, row) in shown.into_iter().zip(rows) {
            let cells: Vec<String> = within(shown, "th, td").into_iter().map(text).collect();
            let share = row["share"].as_f64().expect("a share") * 100.0;
            assert_eq!(cells[2], format!("{share:.0}%"));
            assert_eq!(cells[3], row["events"].to_string());
            if let Some(value) = row["value"].as_str() {
                assert_eq!(cells[0], value);
            }
            for exe in row["exe"].as_array().expect("programs").iter().filter(|_| by != "exe") {
                assert!(cells[4].contains(exe["value"].as_str().expect("a path")), "{cells:?}");
            }
        }
    }
}

#[test]
fn rows_have_the_lines_of_their_rules() {
    let folder = Folder::new(&log());
    let html = with_rules(&folder);
    let lines = texts(&html, "#rows .line");
    assert_eq!(
        lines,
        ["-a always,exit -F arch=b64 -S execve -k exec", "-w /etc/shadow -p wa -k identity",]
    );
    assert_eq!(text(one(&html, "#unused p")), "2 of 4 rules made no event.");
    let unused = texts(&html, "#unused li");
    assert_eq!(unused[0], "a.rules:3-a always,exit -F arch=b64 -S chmod -F uid=0 -k perm_mod");
    let notes = texts(&html, "#rows p");
    assert!(
        notes.iter().any(|note| note.starts_with("Key old (1 event) is in no rule")),
        "{notes:?}"
    );
}

/// Two rules may have made the events: both are there with the reason.
#[test]
fn names_all_rules_that_may_have_made_an_event() {
    let folder = Folder::new(&super::call(1, 90, "\"k\"", "\"/x\""));
    let all = "-a always,exit -F arch=b64 -S chmod";
    folder.write("a.rules", format!("{all} -F gid=0 -k k\n{all} -k k\n").as_bytes());
    let head = text(one(&with_rules(&folder), "#rows tbody th"));
    assert!(head.contains("a.rules:1 or a.rules:2 k (the log does not hold groups)"), "{head}");
    assert!(head.contains(&format!("a.rules:1 {all} -F gid=0 -k k")), "{head}");
    assert!(head.contains(&format!("a.rules:2 {all} -k k")), "{head}");
}

/// The picture, its legend and its table have the same parts: each column of the picture is a row of the table.
#[test]
fn chart_and_table_agree() {
    let folder = Folder::new(&(at(&[0, 2, 2], &exec()) + &at(&[2], &identity())));
    let html = with_rules(&folder);
    let size = |events: usize, event: &str| match events * event.len() {
        bytes @ 0..1_000 => format!("{bytes} B"),
        bytes => format!("{:.1} kB", bytes as f64 / 1_000.0),
    };
    let legend = texts(&html, ".legend li");
    assert_eq!(
        legend,
        [
            format!("a.rules:2 exec {} in total", size(3, &exec())),
            format!("a.rules:1 identity {} in total", size(1, &identity())),
        ]
    );
    assert_eq!(
        texts(&html, "#volume thead th"),
        ["From (UTC)", "a.rules:2 exec", "a.rules:1 identity", "all"]
    );
    let rows: Vec<Vec<String>> = all(&html, "#volume tbody tr")
        .into_iter()
        .map(|row| within(row, "th, td").into_iter().map(text).collect())
        .collect();
    let both = 2 * exec().len() + identity().len();
    assert_eq!(
        rows,
        [
            [
                "2025-11-27 08:00:00".to_owned(),
                size(1, &exec()),
                "0 B".to_owned(),
                size(1, &exec())
            ],
            [
                "2025-11-27 08:00:02".to_owned(),
                size(2, &exec()),
                size(1, &identity()),
                format!("{:.1} kB", both as f64 / 1_000.0),
            ],
        ]
    );
    // The heights have the proportions of the bytes, and the parts are on each other.
    let number =
        |rect: scraper::ElementRef<'_>, name| -> f64 { rect.attr(name).unwrap().parse().unwrap() };
    let columns = all(&html, ".chart g");
    assert_eq!(columns.len(), 2);
    let height = |column: usize, class: &str| number(within(columns[column], class)[0], "height");
    let whole = number(within(columns[0], ".hit")[0], "height");
    assert!((height(0, ".s1") / whole - exec().len() as f64 / both as f64).abs() < 0.001);
    assert!((height(1, ".s1") + height(1, ".s2") - whole).abs() < 0.2);
    let top = number(within(columns[1], ".s1")[0], "y");
    let [y, tall] = ["y", "height"].map(|name| number(within(columns[1], ".s2")[0], name));
    assert!((y + tall - top).abs() < 0.2);
    let picture = one(&html, "svg.chart");
    assert_eq!(picture.attr("role"), Some("img"));
    let description = text(one(&html, "#chart-desc"));
    assert!(description.contains("from 2025-11-27 08:00:02 on"), "{description}");
}

/// Nine rows of ten are shown as eight and the others.
#[test]
fn a_chart_has_eight_rows_and_the_others() {
    let keys =
        |key: u32| super::call(key, 59, &format!("\"k{key}\""), "\"/x\"").repeat(20 - key as usize);
    let folder = Folder::new(&(1..=10).map(keys).collect::<String>());
    let html = html(&folder, &[]);
    let legend = texts(&html, ".legend li");
    assert_eq!(legend.len(), 9);
    assert!(legend[0].starts_with("key k1 "), "{legend:?}");
    let others = keys(9).len() + keys(10).len();
    assert_eq!(legend[8], format!("others {:.1} kB in total", others as f64 / 1_000.0));
    assert_eq!(all(&html, "#rows th .key").len(), 8);
    assert_eq!(text(one(&html, "#rows-head")), "By key");
}

#[test]
fn other_rules_are_over_time() {
    let folder = Folder::new(&(at(&[0, 2], &exec()) + &at(&[2], &identity())));
    folder.write("new.rules", b"-w /etc/shadow -p wa -k identity\n");
    let html = html(&folder, &["--rules", "a.rules", "--against", "new.rules"]);
    let parts = texts(&html, "#volume thead th");
    assert_eq!(parts, ["From (UTC)", "kept", "dropped", "all"]);
    assert_eq!(text(one(&html, "#against-head")), "With new.rules");
    let rows = texts(&html, "#against tbody tr");
    assert!(rows[0].starts_with("kept") && rows[1].starts_with("dropped"), "{rows:?}");
    assert!(
        rows[2].contains("a.rules:2 exec") && rows[2].contains("for example audit("),
        "{rows:?}"
    );
    // The table by rule is there, too, without the colors of a chart that it does not belong to.
    assert_eq!(all(&html, "#rows tbody tr").len(), 2);
    assert!(all(&html, "#rows .key").is_empty());
}

#[test]
fn limits_are_on_the_page() {
    let folder = Folder::new(&at(&[0, 86_400], &exec()));
    folder.write("budget.toml", b"[budget]\ntotal = \"1 MB/day\"\nkey.exec = \"5 B/day\"\n");
    folder.write("auditd.conf", b"max_log_file = 8\nnum_logs = 5\nmax_log_file_action = rotate\n");
    let options = ["--budget", "budget.toml", "--auditd-conf", "auditd.conf"];
    let all = [&["audit.log", "--rules", "a.rules", "--format", "html"], &options[..]].concat();
    let (exit, out, err) = folder.run(&all);
    assert_eq!(exit, Some(1), "{err}");
    let html = parsed(&out);
    assert_links_resolve(&html);
    let verdicts = texts(&html, "#limits tbody td:last-child");
    assert_eq!(verdicts, ["holds", "over"]);
    assert!(text(one(&html, "#limits p")).starts_with("auditd keeps 5 x 8 MiB: "));
}

#[test]
fn what_is_no_page_is_refused() {
    let folder = Folder::new(&exec());
    for option in ["--follow", "--suggest"] {
        let (exit, out, err) =
            folder.run(&["audit.log", "--rules", "a.rules", "--format", "html", option]);
        assert_eq!((exit, out.as_str()), (Some(2), ""));
        assert!(err.contains(&format!("{option} is for text and JSON")), "{err}");
    }
}

/// Values that would end the style, begin a script, or turn text around.
#[test]
fn values_of_a_log_are_text() {
    let hostile =
        "</style><script>alert(1)</script><!--\"'&\u{1b}[31m\u{7}\n\u{202e}gnp\u{200b}]]>";
    let digits: String = hostile.bytes().map(|byte| format!("{byte:02X}")).collect();
    let event = exec().replace("exe=\"/usr/bin/x\"", &format!("exe={digits}"));
    let event = event.replace("name=\"/bin/x\"", &format!("name={digits}"));
    let event = event.replace("key=\"exec\"", &format!("key={digits}"));
    let event = event.replace("auid=1000", "auid=<b>1</b>");
    let named: String = event.lines().map(|line| format!("node=<i>n</i> {line}\n")).collect();
    let folder = Folder::new(&(named + &at(&[5], &exec())));
    for by in ["rule", "exe", "user", "path", "key", "node"] {
        let page = page(&folder, &["--rules", "a.rules", "--by", by]);
        let html = parsed(&page);
        assert!(all(&html, "b, i, img").is_empty());
        let is_safe = |c: char| !c.is_control() || c == '\n';
        let shown = page.replace(STYLE, "").replace(SCRIPT, "");
        assert!(shown.chars().all(is_safe), "{by}");
        assert!(!shown.contains(['\u{202e}', '\u{200b}']), "{by}");
    }
    let html = html(&folder, &["--rules", "a.rules", "--by", "exe"]);
    let expected =
        "</style><script>alert(1)</script><!--\"'&\\u{1b}[31m\\u{7}\\n\\u{202e}gnp\\u{200b}]]>";
    let rows = texts(&html, "#rows tbody th");
    assert!(rows.iter().any(|row| row == expected), "{rows:?}");
    let legend = texts(&html, ".legend li");
    assert!(legend.iter().any(|one| one.starts_with(expected)), "{legend:?}");
    // Names of files too.
    let folder = Folder::new("");
    folder.write("<b>\"'&.log", exec().as_bytes());
    let (_, out, _) = folder.run(&["<b>\"'&.log", "--format", "html"]);
    let html = parsed(&out);
    assert_eq!(text(one(&html, "h1")), "What fills <b>\"'&.log");
    assert_eq!(text(one(&html, "head title")), "What fills <b>\"'&.log");
}

/// Clocks of 1970 and of the year 2500: the chart keeps its seconds, and a note has the rest.
#[test]
fn wrong_clocks_are_noted() {
    let stamp = |seconds: &str| exec().replace("1764230400.001", &format!("{seconds}.001"));
    let folder =
        Folder::new(&(at(&[0, 1, 2], &exec()) + &stamp("7") + &stamp("99999999999999999")));
    let html = with_rules(&folder);
    assert_eq!(all(&html, ".chart g").len(), 3);
    let notes = texts(&html, "#volume .alert");
    assert_eq!(notes.len(), 2);
    assert!(notes[0].contains("from 1970-01-01 00:00:07 to 1970-01-01 00:00:08 UTC"), "{notes:?}");
    assert!(notes[1].contains("from after the year 9999"), "{notes:?}");
}

/// A log of many hostile values makes no large page.
#[test]
fn limits_the_size_of_the_page() {
    let event = |number: u32| {
        let name = format!("/srv/{number}/{}", "x".repeat(900));
        super::call(number, 59, "\"exec\"", &format!("\"{name}\"")).replace("/usr/bin/x", &name)
    };
    let folder = Folder::new(&(0..700).map(event).collect::<String>());
    let page = page(&folder, &["--rules", "a.rules", "--by", "path"]);
    assert!(page.len() < 1_500_000, "{} bytes", page.len());
    let html = parsed(&page);
    assert_eq!(all(&html, "#rows tbody tr").len(), 500);
    assert_eq!(all(&html, "#rows details:not([open]) tbody tr").len(), 460);
    assert!(texts(&html, "#rows .more").iter().any(|more| more.starts_with("+200 more")));
}
