//! One condition of a rule: field, operator, value.

use std::hash::{Hash, Hasher};

use crate::catalog::{self, Operator, field};

/// A field whose value is a number: every field except the strings, including fields that this
/// build has no name for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NumberId(u32);

/// A field whose value is a string. The kernel stores the string after the fixed part of the rule.
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
    /// Returns the field with this number (`AUDIT_PID` and so on in `linux/audit.h`). An unknown
    /// number is treated as a field with a numeric value, like the kernel's newest fields.
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

    /// Returns the kernel's number.
    pub const fn number(self) -> u32 {
        self.0
    }
}

impl TextId {
    /// `path`, a watched file.
    pub const PATH: Self = TextId(field::PATH);
    /// `dir`, a watched tree.
    pub const DIR: Self = TextId(field::DIR);
    /// `key`, the label that `ausearch -k` searches for.
    pub const KEY: Self = TextId(field::KEY);

    /// Returns the kernel's number.
    pub const fn number(self) -> u32 {
        self.0
    }
}

/// The comparison of a field. The kernel knows eight operators. Other bits are kept, so that
/// everything that a kernel lists can be printed and sent back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// One of the eight operators.
    Known(Operator),
    /// Bits of `fieldflags` that are not an operator.
    Raw(u32),
}

impl Op {
    /// `=`
    pub const EQUAL: Op = Op::Known(Operator::Equal);

    /// Returns the bits in `fieldflags`.
    pub fn bits(self) -> u32 {
        match self {
            Op::Known(operator) => operator.bits(),
            Op::Raw(bits) => bits,
        }
    }

    /// Returns the operator with these bits: the inverse of [`Op::bits`].
    pub fn from_bits(bits: u32) -> Self {
        Operator::from_bits(bits).map_or(Op::Raw(bits), Op::Known)
    }

    /// Returns whether two numbers compare like this, as the kernel does: all numbers are unsigned
    /// (`audit_comparator`, kernel/auditfilter.c).
    ///
    /// ```
    /// use rauditctl::catalog::Operator;
    /// use rauditctl::rule::Op;
    ///
    /// // -13, a result that is an error, is a large number.
    /// assert!(Op::Known(Operator::Greater).compares(-13_i32 as u32, 0));
    /// ```
    pub const fn compares(self, left: u32, right: u32) -> bool {
        let Op::Known(operator) = self else { return false };
        match operator {
            Operator::Equal => left == right,
            Operator::NotEqual => left != right,
            Operator::Less => left < right,
            Operator::LessEqual => left <= right,
            Operator::Greater => left > right,
            Operator::GreaterEqual => left >= right,
            Operator::BitMask => left & right != 0,
            Operator::BitTest => left & right == right,
        }
    }

    /// Returns whether two ids compare like this; `None` if that depends on the number of an account that is unknown here.
    /// Such an account is taken as another one than every number.
    ///
    /// ```
    /// use rauditctl::catalog::{FIRST_MADE_UP_ACCOUNT, Operator};
    /// use rauditctl::rule::Op;
    ///
    /// let (unknown, at_least) = (FIRST_MADE_UP_ACCOUNT + 1, Op::Known(Operator::GreaterEqual));
    /// assert_eq!(at_least.compares_ids(1000, 500), Some(true));
    /// assert_eq!(at_least.compares_ids(unknown, unknown), Some(true));
    /// assert_eq!(at_least.compares_ids(1000, unknown), None);
    /// assert_eq!(Op::EQUAL.compares_ids(1000, unknown), Some(false));
    /// ```
    pub fn compares_ids(self, left: u32, right: u32) -> Option<bool> {
        let is_known = left == right
            || matches!(self, Op::Known(Operator::Equal | Operator::NotEqual))
            || !catalog::may_be_made_up(left) && !catalog::may_be_made_up(right);
        is_known.then(|| self.compares(left, right))
    }

    /// Returns the symbol in a rule; `None` for bits without a symbol.
    pub fn symbol(self) -> Option<&'static str> {
        match self {
            Op::Known(operator) => Some(operator.symbol()),
            Op::Raw(_) => None,
        }
    }
}

/// One condition of a rule. All conditions of a rule must hold for the rule to match. The kernel
/// tests them in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// A field with a numeric value.
    Number {
        /// The field.
        id: NumberId,
        /// The operator.
        op: Op,
        /// The value: uids, masks and negative errnos as the kernel's 32 bits.
        value: u32,
    },
    /// A field with a string value.
    Text {
        /// The field.
        id: TextId,
        /// The operator.
        op: Op,
        /// The value: bytes, not necessarily UTF-8, without NUL.
        text: Box<[u8]>,
    },
}

// Fewer parts than the derived hash has: rules are hashed often.
impl Hash for Field {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (u64::from(self.number()) << 32 | u64::from(self.op().bits())).hash(state);
        match self {
            Field::Number { value, .. } => value.hash(state),
            Field::Text { text, .. } => text.hash(state),
        }
    }
}

impl Field {
    /// Returns the kernel's number of the field.
    pub fn number(&self) -> u32 {
        match self {
            Field::Number { id, .. } => id.0,
            Field::Text { id, .. } => id.0,
        }
    }

    /// Returns the operator.
    pub fn op(&self) -> Op {
        match self {
            Field::Number { op, .. } | Field::Text { op, .. } => *op,
        }
    }

    /// Returns the name that auditctl prints; `None` for a field that this build has no name for.
    pub fn name(&self) -> Option<&'static str> {
        catalog::field_name(self.number())
    }
}
