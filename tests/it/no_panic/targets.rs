//! Each parser of bytes from outside has a target in `fuzz/`.

use std::fs;
use std::path::Path;

/// The public functions that parse, and the target that runs each.
const PARSERS: [(&str, &str); 22] = [
    ("analysis::cost::Calibration::from_json", "settings"),
    ("analysis::workload::Workload::parse", "settings"),
    ("cases::cases_in_comments", "cases"),
    ("cases::read_cases", "cases"),
    ("cases::requirements", "cases"),
    ("eval::Reader::read", "event_text"),
    ("eval::Reader::read_files", "files_json"),
    ("eval::Reader::read_json", "event_json"),
    ("format::format", "format"),
    ("lint::config::Config::parse", "settings"),
    ("lint::fix::fix_all", "lint"),
    ("listing::read", "listing"),
    ("report::optimize::Origins::above", "cases"),
    ("report::optimize::ReadHead::of", "cases"),
    ("ruleset::RuleSet::new", "rules_text"),
    ("syntax::lines", "rules_text"),
    ("syntax::parse_line", "rules_text"),
    ("syntax::words", "rules_text"),
    ("wire::FeatureSet::decode", "kernel_reply"),
    ("wire::Frame::deserialize", "kernel_reply"),
    ("wire::Status::decode", "kernel_reply"),
    ("wire::decode", "kernel_reply"),
];

/// Functions that take bytes and may fail, and parse nothing.
const OTHERS: [&str; 5] = [
    // They send bytes, or a key.
    "apply::Session::delete_all",
    "apply::delete_all",
    "kernel::AuditSocket::send",
    "kernel::Channel::send",
    // The readers above call it with what they have parsed.
    "eval::Reader::set",
];

/// Modules that look names up.
const LOOKUPS: [&str; 2] = ["catalog::", "host::"];

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Returns the public functions that take bytes or text and may fail, as `module::Type::function`.
fn fallible_readers(api: &str) -> Vec<String> {
    let reader = |line: &str| {
        let (path, rest) = line.strip_prefix("pub fn rauditctl::")?.split_once('(')?;
        let (parameters, result) = rest.rsplit_once(") -> ")?;
        let takes = ["&[u8]", "&str", "source::Source"];
        let is_reader = takes.iter().any(|kind| parameters.contains(kind))
            && result.split('<').next()?.ends_with("Result")
            && !LOOKUPS.iter().any(|module| path.starts_with(module));
        is_reader.then(|| without_generics(path))
    };
    let mut readers: Vec<String> = api.lines().filter_map(reader).collect();
    readers.dedup();
    readers
}

/// Returns a path without angle brackets and their content.
fn without_generics(path: &str) -> String {
    let mut depth = 0;
    let outside = path.chars().filter(|char| {
        depth += i32::from(*char == '<');
        let is_outside = depth == 0;
        depth -= i32::from(*char == '>');
        is_outside
    });
    outside.collect()
}

/// Returns the text of a target, with the module that it runs.
fn target(name: &str) -> String {
    let text = read(&format!("fuzz/fuzz_targets/{name}.rs"));
    let module = text.lines().find_map(|line| line.strip_prefix("#[path = \"../../"));
    let module = module.and_then(|path| path.strip_suffix("\"]")).map(read);
    text + &module.unwrap_or_default()
}

#[test]
fn each_parser_is_in_the_list() {
    for reader in fallible_readers(&read("tests/it/public_api.txt")) {
        let is_listed = PARSERS.iter().any(|(parser, _)| *parser == reader)
            || OTHERS.contains(&reader.as_str());
        assert!(is_listed, "{reader} takes bytes and may fail: add it to PARSERS with a target");
    }
}

#[test]
fn each_parser_has_a_target_that_runs_it() {
    let (manifest, readme) = (read("fuzz/Cargo.toml"), read("fuzz/README.md"));
    for (parser, name) in PARSERS {
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name} is not built");
        assert!(readme.contains(&format!("cargo fuzz run -s none {name} ")), "{name}: README");
        let function = parser.rsplit("::").next().expect("a function");
        let is_run = target(name).contains(&format!("{function}("));
        assert!(is_run, "the target {name} does not call {parser}");
    }
}

#[test]
fn finds_readers_in_the_api() {
    let api = "pub fn rauditctl::a::B<'c>::read(self, &[u8]) -> core::result::Result<C, D>\n\
               pub fn rauditctl::a::name(&str) -> core::option::Option<E>\n\
               pub fn rauditctl::host::Host::file(&str) -> core::result::Result<F, G>\n";
    assert_eq!(fallible_readers(api), ["a::B::read"]);
}
