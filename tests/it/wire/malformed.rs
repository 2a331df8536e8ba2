//! Malformed rules and replies give a typed error.

use rauditctl::rule::{Field, FilterList, Op};
use rauditctl::wire::{FIXED_LEN, FeatureSet, RuleError, Status, TooShort, decode};

use super::{EQUAL, fields, mask, ops, text, values, word};

/// Returns a rule with a number of fields, the lengths of its texts, and a text.
fn rule(count: u32, ids: &[u32], lengths: &[u32], buflen: u32, strings: &str) -> Vec<u8> {
    let head = [word("flags", 4), word("action", 2), word("field_count", count), mask(&[59])];
    let columns = [fields(ids), values(lengths), ops(&[EQUAL; 64])];
    [head.concat(), columns.concat(), word("buflen", buflen), text(strings)].concat()
}

#[test]
fn rejects_truncated_rules() {
    let whole = rule(1, &[112], &[4], 4, "/bin");
    assert_eq!(FIXED_LEN, 1040);
    assert_eq!(whole.len(), 1044);
    assert!(decode(&whole).is_ok());
    let cut = |len: usize| decode(&whole[..len]).expect_err("a cut rule");
    assert_eq!(cut(0), RuleError::Truncated { expected: 1040, found: 0 });
    assert_eq!(cut(1039), RuleError::Truncated { expected: 1040, found: 1039 });
    assert_eq!(cut(1040), RuleError::Truncated { expected: 1044, found: 1040 });
    assert_eq!(cut(1043), RuleError::Truncated { expected: 1044, found: 1043 });
    assert_eq!(cut(1043).to_string(), "a rule of 1044 bytes is cut off after 1043");
}

#[test]
fn rejects_strings_longer_than_the_message() {
    let error = decode(&rule(1, &[112], &[4], u32::MAX, "/bin"));
    let expected = 1040 + u32::MAX as usize;
    assert_eq!(error, Err(RuleError::Truncated { expected, found: 1044 }));
}

#[test]
fn rejects_more_than_64_fields() {
    assert_eq!(decode(&rule(65, &[], &[], 0, "")), Err(RuleError::TooManyFields(65)));
    assert_eq!(decode(&rule(u32::MAX, &[], &[], 0, "")), Err(RuleError::TooManyFields(u32::MAX)));
    assert_eq!(decode(&rule(64, &[], &[], 0, "")).map(|rule| rule.fields.len()), Ok(64));
}

#[test]
fn rejects_text_beyond_the_strings() {
    let beyond = |ids: &[u32], lengths: &[u32]| decode(&rule(2, ids, lengths, 4, "/bin"));
    assert_eq!(beyond(&[112, 210], &[4, 1]), Err(RuleError::TextBeyondEnd(210)));
    assert_eq!(beyond(&[112, 210], &[5, 0]), Err(RuleError::TextBeyondEnd(112)));
    assert_eq!(beyond(&[0, 105], &[9, u32::MAX]), Err(RuleError::TextBeyondEnd(105)));
    // Only strings have lengths.
    assert!(beyond(&[0, 105], &[u32::MAX, 4]).is_ok());
}

/// A number without a name is no error: the kernel may be newer.
#[test]
fn keeps_unknown_numbers() {
    let mut bytes = rule(1, &[115], &[7], 3, "new");
    bytes[..4].copy_from_slice(&9u32.to_ne_bytes());
    let rule = decode(&bytes).expect("a rule");
    assert_eq!(rule.list, FilterList::Raw(9));
    assert!(matches!(rule.fields[..], [Field::Number { op: Op::EQUAL, value: 7, .. }]));
    assert_eq!(&*rule.unclaimed, b"new");
}

#[test]
fn rejects_short_answers() {
    assert_eq!(Status::decode(&[0; 31]), Err(TooShort { expected: 32, found: 31 }));
    assert_eq!(FeatureSet::decode(&[0; 15]), Err(TooShort { expected: 16, found: 15 }));
}
