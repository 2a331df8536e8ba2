//! One condition of a rule: field, operator, value.

use crate::catalog::{self, Operator, field};

/// A field whose value is a number: every field but the strings, those included that this build
/// has no name for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NumberId(u32);

/// A field whose value is a string, which the kernel stores after the fixed part of the rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TextId(u32);

/// A field of either kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldId {
    /// Its value is a number.
    Number(NumberId),
    /// Its value is a string.
    Text(TextId),
}

impl FieldId {
    /// The field with this number (`AUDIT_PID` and so on in `linux/audit.h`). An unknown
    /// number is a field with a numeric value, as the kernel's newest fields are.
    ///
    /// ```
    /// use rauditctl::rule::FieldId;
    /// assert!(matches!(FieldId::of(9), FieldId::Number(_)));   // auid
    /// assert!(matches!(FieldId::of(112), FieldId::Text(_)));   // exe
    /// ```
    pub const fn of(number: u32) -> Self {
        match number {
            field::SUBJ_USER..=field::SUBJ_CLR
            | field::OBJ_USER..=field::OBJ_LEV_HIGH
            | field::PATH
            | field::DIR
            | field::EXE
            | field::KEY => FieldId::Text(TextId(number)),
            _ => FieldId::Number(NumberId(number)),
        }
    }
}

impl NumberId {
    /// `arch`, an ELF machine with its word size and byte order.
    pub const ARCH: Self = NumberId(field::ARCH);
    /// `perm`, bits for execute, write, read and attribute change.
    pub const PERM: Self = NumberId(field::PERM);
    /// The comparison of two fields (`-C`).
    pub const FIELD_COMPARE: Self = NumberId(field::FIELD_COMPARE);

    /// The kernel's number.
    pub const fn number(self) -> u32 {
        self.0
    }
}

impl TextId {
    /// `path`, a watched file.
    pub const PATH: Self = TextId(field::PATH);
    /// `dir`, a watched tree.
    pub const DIR: Self = TextId(field::DIR);
    /// `key`, what a person finds the records by.
    pub const KEY: Self = TextId(field::KEY);

    /// The kernel's number.
    pub const fn number(self) -> u32 {
        self.0
    }
}

/// How a field is compared. The kernel knows eight operators; other bits are kept, so
/// that everything a kernel lists can be printed and sent back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// One of the eight.
    Known(Operator),
    /// Bits of `fieldflags` that no operator has.
    Raw(u32),
}

impl Op {
    /// `=`
    pub const EQUAL: Op = Op::Known(Operator::Equal);

    /// The bits in `fieldflags`.
    pub fn bits(self) -> u32 {
        match self {
            Op::Known(operator) => operator.bits(),
            Op::Raw(bits) => bits,
        }
    }

    /// The reverse of [`Op::bits`].
    pub fn from_bits(bits: u32) -> Self {
        Operator::from_bits(bits).map_or(Op::Raw(bits), Op::Known)
    }

    /// As it is written in a rule; `None` for bits without a symbol.
    pub fn symbol(self) -> Option<&'static str> {
        match self {
            Op::Known(operator) => Some(operator.symbol()),
            Op::Raw(_) => None,
        }
    }
}

/// One condition of a rule. All of a rule's fields must hold for it to match, and the kernel tests
/// them in order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// A field with a numeric value.
    Number {
        /// Which field.
        id: NumberId,
        /// How it is compared.
        op: Op,
        /// The value: uids, masks and negative errnos as the kernel's 32 bits.
        value: u32,
    },
    /// A field with a string value.
    Text {
        /// Which field.
        id: TextId,
        /// How it is compared.
        op: Op,
        /// The value: bytes, not necessarily UTF-8, without NUL.
        text: Box<[u8]>,
    },
}

impl Field {
    /// The kernel's number of the field.
    pub fn number(&self) -> u32 {
        match self {
            Field::Number { id, .. } => id.0,
            Field::Text { id, .. } => id.0,
        }
    }

    /// The operator.
    pub fn op(&self) -> Op {
        match self {
            Field::Number { op, .. } | Field::Text { op, .. } => *op,
        }
    }

    /// The name auditctl writes; `None` for a field this build has no name for.
    pub fn name(&self) -> Option<&'static str> {
        catalog::field_name(self.number())
    }
}
