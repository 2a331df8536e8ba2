//! What a finding is known by from one run to the next.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::{Findings, relative};
use crate::lint::Finding;

/// One for each finding, in their order, as 64 hexadecimal digits.
///
/// It is made of the code, the file, the text of the line with its blanks evened out, and of how many
/// with all of these came before: it stays the same when the line moves, and no two are equal.
pub(super) fn fingerprints(findings: &Findings<'_>) -> Vec<String> {
    let mut seen: HashMap<[u8; 32], u32> = HashMap::new();
    let fingerprint = |finding| {
        let base = base(findings, finding);
        let before = seen.entry(base).or_default();
        let number = *before;
        *before += 1;
        hexadecimal(&Sha256::new_with_prefix(base).chain_update(number.to_be_bytes()).finalize())
    };
    findings.findings.iter().map(fingerprint).collect()
}

/// NUL, which no line holds behind a rule that is read, keeps the parts apart.
fn base(findings: &Findings<'_>, finding: &Finding) -> [u8; 32] {
    let mut hash = Sha256::new_with_prefix(finding.lint.code);
    if let Some(source) = findings.source(finding.place.file) {
        hash.update([0]);
        hash.update(relative(source.name()));
        hash.update([0]);
        let line = source.line(source.location(finding.place.span.start).line);
        let text = source.text().get(line.range()).unwrap_or_default();
        for word in text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()) {
            hash.update(word);
            hash.update(b" ");
        }
    }
    hash.finalize().into()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
