//! Comparison operators.

use super::OperatorSet;
use super::generated::operators;

/// The operator between a field and its value.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Hash, Debug)]
pub enum Operator {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `&`: some bit of the value is set.
    BitMask,
    /// `&=`: every bit of the value is set.
    BitTest,
}

/// The characters of symbols, as a table: nearly every byte of a rules file is looked up.
#[expect(clippy::indexing_slicing, reason = "built by the compiler")]
static CHARACTERS: [bool; 256] = {
    let (mut characters, symbols) = ([false; 256], b"=!<>&");
    let mut index = 0;
    while index < symbols.len() {
        characters[symbols[index] as usize] = true;
        index += 1;
    }
    characters
};

impl Operator {
    /// Returns whether the character is part of a symbol.
    #[inline]
    pub(crate) fn has_character(character: u8) -> bool {
        CHARACTERS.get(usize::from(character)).copied().unwrap_or_default()
    }

    /// Every operator.
    pub const ALL: [Self; 8] = [
        Self::Equal,
        Self::NotEqual,
        Self::Greater,
        Self::GreaterEqual,
        Self::Less,
        Self::LessEqual,
        Self::BitMask,
        Self::BitTest,
    ];

    /// The bits of `fieldflags` that hold an operator, `AUDIT_OPERATORS`; the kernel refuses others.
    pub const MASK: u32 = 0x7800_0000;

    /// Returns the symbol in a rule.
    pub const fn symbol(self) -> &'static str {
        operators::symbol(self)
    }

    /// Returns the bits in `fieldflags`.
    pub const fn bits(self) -> u32 {
        operators::bits(self)
    }

    /// Returns the operator of `bits`; `None` if other bits are set.
    pub fn from_bits(bits: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|operator| operator.bits() == bits)
    }

    /// Returns the operator written as `symbol`.
    #[inline]
    pub fn from_symbol(symbol: &[u8]) -> Option<Self> {
        match symbol {
            b"=" => Some(Self::Equal),
            b"!=" => Some(Self::NotEqual),
            b">" => Some(Self::Greater),
            b">=" => Some(Self::GreaterEqual),
            b"<" => Some(Self::Less),
            b"<=" => Some(Self::LessEqual),
            b"&" => Some(Self::BitMask),
            b"&=" => Some(Self::BitTest),
            _ => None,
        }
    }
}

impl OperatorSet {
    /// Returns whether `operator` is in the set.
    pub const fn contains(self, operator: Operator) -> bool {
        match self {
            Self::All => true,
            Self::Order => !matches!(operator, Operator::BitMask | Operator::BitTest),
            Self::Equality => matches!(operator, Operator::Equal | Operator::NotEqual),
            Self::Equal => matches!(operator, Operator::Equal),
            Self::None => false,
        }
    }
}
