//! The system's names for numbers in a listing.

use super::accounts;
use crate::report::argument::Names;

/// The names on this machine.
#[derive(Clone, Copy, Debug)]
pub(super) struct SystemNames;

impl Names for SystemNames {
    fn user(&self, number: u32) -> Option<Vec<u8>> {
        accounts::user_name(number)
    }

    fn group(&self, number: u32) -> Option<Vec<u8>> {
        accounts::group_name(number)
    }

    fn protocol(&self, number: u32) -> Option<Vec<u8>> {
        protocol_in(&std::fs::read("/etc/protocols").ok()?, number)
    }
}

/// Returns the name of a protocol, from lines of name, number and aliases (protocols(5)).
///
/// Other name services for protocols are not asked: only this file is common.
fn protocol_in(protocols: &[u8], number: u32) -> Option<Vec<u8>> {
    protocols.split(|byte| *byte == b'\n').find_map(|line| {
        let entry = line.split(|byte| *byte == b'#').next()?;
        let mut words = entry.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        let name = words.next()?;
        let known: u32 = std::str::from_utf8(words.next()?).ok()?.parse().ok()?;
        (known == number).then(|| name.to_vec())
    })
}

#[cfg(test)]
mod tests {
    use super::protocol_in;

    #[test]
    fn finds_protocols_by_number() {
        let protocols = b"# Internet protocols\nip\t0\tIP\t# pseudo\n#x 6\n\n tcp 6 TCP\nudp\n";
        assert_eq!(protocol_in(protocols, 0), Some(b"ip".to_vec()));
        assert_eq!(protocol_in(protocols, 6), Some(b"tcp".to_vec()));
        assert_eq!(protocol_in(protocols, 17), None);
    }
}
