//! Optimized rules load with Debian's own auditctl, without a warning.

use crate::harness::{Guest, rules_files};
use crate::job::Job;
use crate::products::{Source, product};
use crate::shared::outcomes;

const SCRIPT: &str = "
make_paths
for file in /job/rules/*; do
    auditctl -D >/dev/null
    record ${file##*/} auditctl -R $file
    auditctl -l | grep -c '^-' >/out/${file##*/}.count
done
";

/// Returns the optimized rules of each file, by its name, and a file with the paths that they name.
fn products(guest: &Guest) -> Vec<(String, String)> {
    let fixtures = rules_files(&xtask::root().join("fixtures/rules"));
    let files = guest.debian_rules().into_iter().chain(fixtures);
    let optimized = files.map(|(name, text)| {
        let source = Source::of(&text, guest.kernel.profile(), guest.kernel.version);
        assert!(source.text().lines().count() >= source.optimized(&[]).rules.len(), "{name}");
        (name, product(&source.optimized(&[])))
    });
    optimized.filter(|(_, text)| !text.is_empty()).collect()
}

pub(crate) fn load(guest: &Guest) -> Job {
    Job::new(SCRIPT).rules(&products(guest))
}

#[test]
fn optimized_rules_load_with_auditctl() {
    for (guest, outcome) in outcomes("optimized::optimized_rules_load_with_auditctl") {
        let products = products(guest);
        assert!(products.len() > 10, "{}", products.len());
        for (name, text) in products {
            let step = outcome.step(&name);
            assert_eq!(step.status, 0, "{name}: {}{}\n{text}", step.out, step.err);
            assert!(!step.err.contains("WARNING"), "{name}: {}", step.err);
            let count = String::from_utf8_lossy(&outcome.files[&format!("{name}.count")]);
            assert_eq!(count.trim(), text.lines().count().to_string(), "{name}:\n{text}");
        }
    }
}
