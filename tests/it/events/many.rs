//! Calls with many names. A name that no rule is about changes nothing, however many there are.

use rauditctl::catalog::{Arch, KernelVersion};
use rauditctl::eval::Reader;

use super::known::evaluator;

/// Some files that are known, and others that are not.
const FILES: &str = r#"[
    {"path": "/s", "inode": 1, "dev": [0, 5]},
    {"path": "/s/a", "inode": 10, "dev": [0, 5]},
    {"path": "/s/b", "inode": 11, "dev": [0, 5]},
    {"path": "/s/c", "exists": false}
]"#;

/// Numbers that look random (Numerical Recipes).
struct Numbers(u32);

impl Numbers {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 16) % limit
    }

    fn one_of(&mut self, texts: &[&'static str]) -> &'static str {
        texts[self.below(u32::try_from(texts.len()).unwrap()) as usize]
    }
}

#[test]
fn other_names_change_nothing() {
    let mut numbers = Numbers(7);
    let reader = Reader::new(Arch::X86_64);
    let mut verdicts = std::collections::BTreeSet::new();
    for round in 0..1_000 {
        let rules: Vec<String> = (0..8)
            .map(|key| {
                let action = numbers.one_of(&["always", "always", "never"]);
                let path = numbers.one_of(&["a", "b", "c", "d"]);
                let condition =
                    numbers.one_of(&["uid=0", "uid=1", "exit=0", "perm=wa", "exe=/bin/x"]);
                format!("-a {action},exit -F path=/s/{path} -F {condition} -F key=k{key}")
            })
            .collect();
        let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
        let evaluator = evaluator(KernelVersion::NEWEST, &rules, numbers.one_of(&["[]", FILES]));
        let (mut paths, mut roles, mut inodes) =
            (vec!["/s".to_owned()], vec!["PARENT"], vec!["1".to_owned()]);
        for _ in 0..=numbers.below(5) {
            paths.push(format!("/s/{}", numbers.one_of(&["a", "b", "c", "d", "e"])));
            roles.push(numbers.one_of(&["NORMAL", "DELETE", "CREATE"]));
            inodes.push(numbers.one_of(&["10", "11", "12", "13"]).to_owned());
        }
        let syscall = numbers.one_of(&["rename", "unlink", "open"]);
        let rest = numbers.one_of(&["exit=0", "exit=-13", ""]);
        let uid = numbers.one_of(&["uid=0", "uid=1", ""]);
        let decide = |paths: &[String], roles: &[&str], inodes: &[String]| {
            let devices = vec!["0:5"; paths.len()].join(",");
            let text = format!(
                "syscall={syscall} path={} nametype={} inode={} dev={devices} exe=/bin/x flags=O_RDWR {rest} {uid}",
                paths.join(","),
                roles.join(","),
                inodes.join(",")
            );
            let event =
                reader.read(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"));
            (evaluator.decide(&event), text)
        };
        let (few, _) = decide(&paths, &roles, &inodes);
        for number in 0..20 {
            paths.push(format!("/else/{number}"));
            roles.push("NORMAL");
            inodes.push((100 + number).to_string());
        }
        let (many, text) = decide(&paths, &roles, &inodes);
        assert_eq!(few, many, "{round}: {rules:#?}\n{text}");
        verdicts.insert(format!("{:?}", few.verdict));
    }
    assert_eq!(verdicts.len(), 4, "{verdicts:?}");
}
