//! Compares the offsets and numbers of this project with netlink-packet-audit and netlink-packet-core.

use netlink_packet_audit::constants;
use netlink_packet_audit::rules::RuleBuffer;
use netlink_packet_core::{NLM_F_ACK, NLM_F_REQUEST, NetlinkBuffer};
use rauditctl::rule::{Action, Field, FieldId, FilterList, Mask, Op, Placement, Rule};
use rauditctl::wire::{FIXED_LEN, Frame, MessageType, decode, encode};

use super::words_of;

/// Returns a rule that fills every word of the fixed part with a different value.
fn full_rule() -> Rule {
    let mut rule = Rule::new(FilterList::Exit, Action::Raw(77));
    rule.placement = Placement::Prepend;
    rule.mask = Mask::from_words(std::array::from_fn(|index| mask_word(index as u32)));
    rule.fields.extend((0..64).map(|index| {
        let FieldId::Number(id) = FieldId::of(field_word(index)) else { panic!("a text") };
        Field::Number { id, op: Op::Raw(flags_word(index)), value: value_word(index) }
    }));
    rule.unclaimed = (*b"rest").into();
    rule
}

fn mask_word(index: u32) -> u32 {
    1000 + index
}

fn field_word(index: u32) -> u32 {
    2000 + index
}

fn value_word(index: u32) -> u32 {
    3000 + index
}

fn flags_word(index: u32) -> u32 {
    4000 + index
}

#[test]
fn rule_offsets_agree_with_netlink_packet_audit() {
    let bytes = encode(&full_rule());
    let theirs = RuleBuffer::new(&bytes[..]);
    assert_eq!(theirs.flags(), 0x14);
    assert_eq!(theirs.action(), 77);
    assert_eq!(theirs.field_count(), 64);
    assert_eq!(theirs.syscalls(), words_of((0..64).map(mask_word)));
    assert_eq!(theirs.fields(), words_of((0..64).map(field_word)));
    assert_eq!(theirs.values(), words_of((0..64).map(value_word)));
    assert_eq!(theirs.field_flags(), words_of((0..64).map(flags_word)));
    assert_eq!(theirs.buflen(), 4);
    assert_eq!(theirs.buf(), b"rest");
    assert!(RuleBuffer::new_checked(&bytes[..FIXED_LEN - 1]).is_err());
}

#[test]
fn decodes_what_netlink_packet_audit_writes() {
    let mut bytes = [0; FIXED_LEN + 4];
    let mut theirs = RuleBuffer::new(&mut bytes[..]);
    theirs.set_flags(0x14);
    theirs.set_action(77);
    theirs.set_field_count(64);
    theirs.syscalls_mut().copy_from_slice(&words_of((0..64).map(mask_word)));
    for (position, index) in (0..64).enumerate() {
        theirs.set_field(position, field_word(index));
        theirs.set_value(position, value_word(index));
        theirs.set_field_flags(position, flags_word(index));
    }
    theirs.set_buflen(4);
    theirs.buf_mut().copy_from_slice(b"rest");
    assert_eq!(decode(&bytes), Ok(full_rule()));
}

#[test]
fn message_types_agree_with_netlink_packet_audit() {
    for (ours, theirs) in [
        (MessageType::GET, constants::AUDIT_GET),
        (MessageType::SET, constants::AUDIT_SET),
        (MessageType::USER, constants::AUDIT_USER),
        (MessageType::ADD_RULE, constants::AUDIT_ADD_RULE),
        (MessageType::DEL_RULE, constants::AUDIT_DEL_RULE),
        (MessageType::LIST_RULES, constants::AUDIT_LIST_RULES),
        (MessageType::TRIM, constants::AUDIT_TRIM),
        (MessageType::MAKE_EQUIV, constants::AUDIT_MAKE_EQUIV),
        (MessageType::SET_FEATURE, constants::AUDIT_SET_FEATURE),
        (MessageType::GET_FEATURE, constants::AUDIT_GET_FEATURE),
    ] {
        assert_eq!(ours.0, theirs, "{:?}", ours.name());
    }
}

#[test]
fn message_header_agrees_with_netlink_packet_core() {
    let frame = Frame { kind: MessageType(1005), payload: b"hello".to_vec() };
    let mut bytes = b"before".to_vec();
    assert_eq!(frame.append_message(7, &mut bytes), 24);
    assert_eq!(bytes.len(), 6 + 24);
    let theirs = NetlinkBuffer::new_checked(&bytes[6..]).expect("a whole message");
    assert_eq!(theirs.length(), 21);
    assert_eq!(theirs.message_type(), 1005);
    assert_eq!(theirs.flags(), NLM_F_REQUEST | NLM_F_ACK);
    assert_eq!(theirs.sequence_number(), 7);
    assert_eq!(theirs.port_number(), 0);
    assert_eq!(theirs.payload(), b"hello");
    assert_eq!(&bytes[6 + 21..], [0; 3]);
}
