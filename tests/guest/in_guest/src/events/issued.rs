//! Calls by number, from a text: `SIDE NUMBER WORD...`. The side is `b64` or `b32`. A word is a number, `path:PATH`,
//! `address:FAMILY`, `unix:PATH`, or `socket:FAMILY`.

use nix::libc;

use super::calls::{B32, B64};
use super::memory::{Low, call_b32, call_b64};
use super::records::Record;

/// The size of an address.
const ADDRESS: usize = 32;
/// `AF_UNIX`, and the first argument of a socket that can be connected.
pub(super) const STREAM: i32 = 1;

/// A call.
#[derive(Default)]
pub(super) struct Issued<'t> {
    side: &'t str,
    number: i64,
    pub(super) words: Vec<&'t str>,
}

impl<'t> Issued<'t> {
    pub(super) fn read(words: &[&'t str]) -> Self {
        let number = words[1].parse().expect("a number");
        Issued { side: words[0], number, words: words[2..].to_vec() }
    }

    /// Returns whether a record is the main one of this call by a process.
    pub(super) fn is_of(&self, record: &Record, pid: i32) -> bool {
        record.is_of(pid, if self.side == "b32" { B32 } else { B64 }, self.number)
    }

    /// Makes the call after `prepare`.
    pub(super) fn make(&self, prepare: impl FnOnce()) {
        let mut low = Low::new();
        let words: Vec<u64> = self.words.iter().map(|word| value(word, &mut low)).collect();
        let word = |at: usize| words.get(at).copied().unwrap_or(0);
        prepare();
        match self.side {
            "b32" => call_b32(self.number, [0, 1, 2, 3].map(word)),
            _ => call_b64(self.number, [0, 1, 2, 3, 4, 5].map(word)),
        }
    }
}

/// Returns the word that the call passes.
fn value(word: &str, low: &mut Low) -> u64 {
    match word.split_once(':') {
        Some(("path", path)) => low.put(&[path.as_bytes(), b"\0"].concat()),
        Some(("address", family)) => low.put(&address(family)),
        Some(("unix", path)) => low.put(&unix_address(path)),
        Some(("socket", family)) => socket(family.parse().expect("a number")),
        _ => word.parse().expect("a number"),
    }
}

/// Returns an address of a family: of a socket that does not exist, or of the machine itself.
fn address(family: &str) -> [u8; ADDRESS] {
    let mut address = [0; ADDRESS];
    let family: u16 = family.parse().expect("a number");
    address[..2].copy_from_slice(&family.to_ne_bytes());
    match i32::from(family) {
        libc::AF_UNIX => address[2..10].copy_from_slice(b"/w/none\0"),
        _ => address[2..8].copy_from_slice(&[0, 9, 127, 0, 0, 1]),
    }
    address
}

/// Returns the address of the socket at a path.
fn unix_address(path: &str) -> [u8; ADDRESS] {
    let mut address = [0; ADDRESS];
    address[..2].copy_from_slice(&(libc::AF_UNIX as u16).to_ne_bytes());
    let path = path.as_bytes();
    address[2..2 + path.len()].copy_from_slice(path);
    address
}

fn socket(family: i32) -> u64 {
    // SAFETY: the call takes numbers only.
    #[allow(unsafe_code, reason = "the library knows some families only")]
    let socket = unsafe { libc::socket(family, STREAM, 0) };
    socket.cast_unsigned().into()
}
