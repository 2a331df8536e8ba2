//! The SHA-256 digest of a text.

use std::fmt;

use hmac_sha256::Hash;

/// The mark before the digits.
const MARK: &str = "sha256:";

/// A digest, written as `sha256:` and 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Returns the digest of texts, one after the other.
    pub fn of<'t>(texts: impl IntoIterator<Item = &'t [u8]>) -> Self {
        let mut digest = Hash::new();
        texts.into_iter().for_each(|text| digest.update(text));
        Digest(digest.finalize())
    }

    /// Reads a digest as it is written.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(MARK)?.as_bytes();
        let (pairs, []) = digits.as_chunks() else { return None };
        let byte = |[high, low]: &[u8; 2]| Some(digit(*high)? << 4 | digit(*low)?);
        let bytes: Vec<u8> = pairs.iter().map(byte).collect::<Option<_>>()?;
        bytes.try_into().ok().map(Digest)
    }
}

/// Returns the value of a hexadecimal digit as [`Digest`] writes it.
fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MARK)?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
