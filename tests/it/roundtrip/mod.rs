//! Round trips: rules to bytes and back, and rules to text and back.

pub(crate) mod listable;
mod rule_line;
mod saved;
mod unlistable;

use proptest::collection::vec;
use proptest::prelude::*;
use rauditctl::catalog::Arch;
use rauditctl::compile::{End, Options, compile};
use rauditctl::host::FixedHost;
use rauditctl::report::argument::NoNames;
use rauditctl::report::listing::{Listing, Style};
use rauditctl::rule::{
    Action, Field, FieldId, FilterList, KERNEL_MAX_FIELDS, Mask, Op, Placement, Request, Rule,
};
use rauditctl::syntax::{self, Content, Text};
use rauditctl::wire::{FIXED_LEN, decode, encode};

use listable::{Written, written_rule};

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// Any mask: empty, all, a few numbers, a few classes, or random words.
fn any_mask() -> impl Strategy<Value = Mask> {
    prop_oneof![
        Just(Mask::EMPTY),
        Just(Mask::ALL),
        vec(0..Mask::BITS, 1..20).prop_map(mask_of),
        vec(Mask::FIRST_CLASS_BIT..Mask::BITS, 1..4).prop_map(mask_of),
        vec(any::<u32>(), Mask::WORDS).prop_map(|words| {
            Mask::from_words(words.try_into().expect("as many words as a mask has"))
        }),
    ]
}

fn mask_of(numbers: Vec<u32>) -> Mask {
    let mut mask = Mask::EMPTY;
    numbers.into_iter().for_each(|number| assert!(mask.insert(number)));
    mask
}

/// Usually a number of this range, else any number.
fn number(known: std::ops::Range<u32>) -> impl Strategy<Value = u32> {
    prop_oneof![4 => known, 1 => any::<u32>()]
}

/// Any field, known or unknown, with any operator.
fn any_field() -> impl Strategy<Value = Field> {
    let id = prop_oneof![number(0..26), 100..114u32, 200..204u32, Just(210), any::<u32>()];
    let op = prop_oneof![
        (0..16u32).prop_map(|high| Op::from_bits(high << 27)),
        any::<u32>().prop_map(Op::from_bits)
    ];
    (id, op, any::<u32>(), vec(1..=255u8, 0..40)).prop_map(
        |(id, op, value, text)| match FieldId::of(id) {
            FieldId::Number(id) => Field::Number { id, op, value },
            FieldId::Text(id) => Field::Text { id, op, text: text.into() },
        },
    )
}

/// Any rule that a kernel could send, valid or not.
fn any_rule() -> impl Strategy<Value = Rule> {
    let list = number(0..8).prop_map(|number| FilterList::from_number(number & !0x10));
    let placement = prop_oneof![Just(Placement::Append), Just(Placement::Prepend)];
    let action = number(0..3).prop_map(Action::from_number);
    let fields = prop_oneof![vec(any_field(), 0..6), vec(any_field(), 0..=KERNEL_MAX_FIELDS)];
    let unclaimed = prop_oneof![4 => Just(Vec::new()), 1 => vec(any::<u8>(), 0..40)];
    (list, placement, action, any_mask(), fields, unclaimed).prop_map(
        |(list, placement, action, mask, fields, unclaimed)| Rule {
            placement,
            mask,
            fields: fields.into(),
            unclaimed: unclaimed.into(),
            ..Rule::new(list, action)
        },
    )
}

/// The bytes of any rule, in the layout of linux/audit.h, written without the encoder. Words after the last field are
/// zero, as in the output of the kernel and auditctl, because a [`Rule`] does not keep them.
fn any_payload() -> impl Strategy<Value = Vec<u8>> {
    let field = (number(0..211), any::<u32>(), any::<u32>(), vec(1..=255u8, 0..40));
    let head = (any::<u32>(), any::<u32>(), vec(any::<u32>(), Mask::WORDS));
    (head, vec(field, 0..=KERNEL_MAX_FIELDS), vec(any::<u8>(), 0..9)).prop_map(
        |((flags, action, mask), fields, rest)| {
            let mut columns = [[0u32; KERNEL_MAX_FIELDS]; 3];
            let mut texts = Vec::new();
            for (index, (field, value, op, text)) in fields.iter().enumerate() {
                let is_text = matches!(FieldId::of(*field), FieldId::Text(_));
                let value = if is_text { text.len() as u32 } else { *value };
                texts.extend(text.iter().filter(|_| is_text));
                [columns[0][index], columns[1][index], columns[2][index]] = [*field, value, *op];
            }
            texts.extend(rest);
            let head = [flags, action, fields.len() as u32].into_iter().chain(mask);
            let words = head.chain(columns.into_iter().flatten()).chain([texts.len() as u32]);
            words.flat_map(u32::to_ne_bytes).chain(texts).collect()
        },
    )
}

proptest! {
    #![proptest_config(config(1000))]

    #[test]
    fn rules_survive_their_bytes(rule in any_rule()) {
        let bytes = encode(&rule);
        prop_assert_eq!(decode(&bytes), Ok(rule.clone()));
        // Padding after the rule is ignored.
        prop_assert_eq!(decode(&[&*bytes, &[0; 3]].concat()), Ok(rule));
    }

    #[test]
    fn bytes_survive_their_rule(bytes in any_payload()) {
        let rule = decode(&bytes).expect("a valid payload");
        prop_assert_eq!(encode(&rule), bytes);
    }

    #[test]
    fn rejects_truncated_bytes(bytes in any_payload(), part in 0.0..1.0) {
        let len = (bytes.len() as f64 * part) as usize;
        prop_assert!(decode(&bytes[..len]).is_err());
        prop_assert!(bytes.len() >= FIXED_LEN);
    }
}

proptest! {
    #![proptest_config(config(2000))]

    /// A listed rule in a rules file compiles to the same bytes.
    #[test]
    fn listed_rules_can_be_loaded_again(written in written_rule(true)) {
        let line = written.line();
        let text = [&*line, b"\n"].concat();
        let mut lines = syntax::lines(&text);
        let line = lines.next().expect("a line");
        prop_assert!(lines.next().is_none());
        let Content::Command(command) = syntax::parse_line(&line) else { panic!("no command") };
        prop_assert!(command.is_well_formed());
        compiles_to(&command, &written);
    }

    /// The same words on a command line, which can have bytes that no line can.
    #[test]
    fn listed_words_can_be_typed_again(written in written_rule(false)) {
        let words = written.words();
        let words: Vec<Text<'_>> = words.iter().map(|word| Text::plain(word, 0)).collect();
        compiles_to(&syntax::parse_words(words), &written);
    }
}

fn compiles_to(command: &syntax::Command<'_>, written: &Written) {
    let host = FixedHost { directories: written.directories(), ..FixedHost::new(Arch::X86_64) };
    let program = compile(command, &host, Options::default());
    let End::Rule(Request::Add(rule), _) = &program.end else {
        panic!("{:?} for {}", program.steps, listed(&written.rule).escape_ascii());
    };
    assert_eq!(rule, &written.rule, "{}", listed(&written.rule).escape_ascii());
    assert_eq!(encode(rule), encode(&written.rule));
}

/// Returns the listing of a rule on x86_64.
fn listed(rule: &Rule) -> Vec<u8> {
    let machine = Some(Arch::X86_64);
    let style = Style { interpret: false, machine, keep_arch: false, names: &NoNames };
    let mut text = Listing::of(style, [rule]);
    assert_eq!(text.pop(), Some(b'\n'));
    text
}
