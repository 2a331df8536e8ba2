//! Rules and file names with markup in them.

use hmac_sha256::Hash;
use rauditctl::report::html::{HASHES, SCRIPT, STYLE};

use super::{all, assert_loads_nothing, one, page_of_file, parsed, text};

const RULES: &[&str] = &[
    "-a always,exit -F arch=b64 -S read -k <script>alert(1)</script>",
    "-a always,exit -F arch=b64 -S read -k </script></style></code></table>",
    "-w /tmp/\"><img/src=x/onerror=alert(1)> -p wa -k '\"><b>",
    "-w /tmp/--><!--&lt;&amp; -p wa -k ]]>",
    "-w /tmp/`${alert}`{{x}} -p wa -k javascript:alert(1)",
];

#[test]
fn escapes_rules_and_file_names() {
    let name = "<script>x<b>\"'&.rules";
    let page = page_of_file(name, RULES.join("\n").as_bytes());
    let html = parsed(&page);
    assert_loads_nothing(&html);
    assert!(all(&html, "img, b, [onerror]").is_empty());
    assert_eq!(text(one(&html, "title")), format!("What {name} arms"));
    assert_eq!(text(one(&html, "h1")), format!("What {name} arms"));
    let lines: Vec<String> = all(&html, ".rules .line").into_iter().map(text).collect();
    assert_eq!(lines, RULES);
    let label = one(&html, "#c0").attr("aria-label").unwrap();
    assert!(label.contains(&format!("{name}:1")), "{label}");
}

#[test]
fn shows_bytes_that_are_not_text() {
    let rules = b"-w /tmp/a\xff\xfeb -p wa -k key\x1b[31m\xe2\x80\xaegnp\n";
    let html = parsed(&page_of_file("a.rules", rules));
    let line = text(one(&html, ".rules .line"));
    assert_eq!(line, "-w /tmp/a\u{fffd}\u{fffd}b -p wa -k key\\u{1b}[31m\\u{202e}gnp");
}

#[test]
fn cuts_long_lines() {
    let rules = format!("-w /{} -p wa\n", "<a>/".repeat(500));
    let html = parsed(&page_of_file("a.rules", rules.as_bytes()));
    let line = text(one(&html, ".rules .line"));
    assert!(line.ends_with("\u{2026} (+1410 characters)"), "{line}");
}

#[test]
fn policy_has_the_hashes_of_style_and_script() {
    for (text, hash) in [STYLE, SCRIPT].into_iter().zip(HASHES) {
        let digest = base64(&Hash::hash(text.as_bytes()));
        assert_eq!(digest, hash, "put the new hash into HASHES of src/report/html/mod.rs");
    }
    // An end tag would end them early.
    assert!(!STYLE.contains("</style"));
    assert!(!SCRIPT.contains("</script"));
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let number =
            (0..3).fold(0, |sum, at| sum << 8 | chunk.get(at).map_or(0, |b| usize::from(*b)));
        for digit in 0..=chunk.len() {
            text.push(char::from(DIGITS[number >> (18 - 6 * digit) & 63]));
        }
        text.push_str(&"=".repeat(3 - chunk.len()));
    }
    text
}
