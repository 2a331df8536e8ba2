//! Fingerprints, which identify a finding from one run to the next.

use hmac_sha256::Hash;

use foldhash::HashMap;

use super::{Findings, relative};
use crate::lint::Finding;
use crate::wire::to_digits;

/// Returns one fingerprint for each finding, in order, as 64 hexadecimal digits.
///
/// A fingerprint is the hash of the code, the file, the words of the line, and the number of earlier findings with the
/// same three. It does not change if the line moves, and no two are equal.
pub(super) fn fingerprints(findings: &Findings<'_>) -> Vec<String> {
    let mut seen: HashMap<[u8; 32], u32> = HashMap::default();
    let fingerprint = |finding| {
        let base = base(findings, finding);
        let before = seen.entry(base).or_default();
        let number = *before;
        *before += 1;
        to_digits(&Hash::hash(&[&base[..], &number.to_be_bytes()].concat()))
    };
    findings.findings.iter().map(fingerprint).collect()
}

/// Hashes the code, the file and the line. NUL separates the parts: no line that is read contains it.
fn base(findings: &Findings<'_>, finding: &Finding) -> [u8; 32] {
    let mut hash = Hash::new();
    hash.update(finding.lint.code);
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
    hash.finalize()
}
