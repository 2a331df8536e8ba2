//! Users and groups by name.
//!
//! A dynamic build asks the system's name service, as auditctl does. In a static build that
//! crashes for unknown names where a service of nsswitch.conf has to be loaded, so there
//! /etc/passwd and /etc/group are read instead.

pub(super) use lookup::{group, user};

#[cfg(not(target_feature = "crt-static"))]
mod lookup {
    use nix::unistd::{Group, User};

    /// The number of a user.
    pub(in crate::cli) fn user(name: &[u8]) -> Option<u32> {
        let name = std::str::from_utf8(name).ok()?;
        Some(User::from_name(name).ok()??.uid.as_raw())
    }

    /// The number of a group.
    pub(in crate::cli) fn group(name: &[u8]) -> Option<u32> {
        let name = std::str::from_utf8(name).ok()?;
        Some(Group::from_name(name).ok()??.gid.as_raw())
    }
}

#[cfg(target_feature = "crt-static")]
mod lookup {
    /// The number of a user.
    pub(in crate::cli) fn user(name: &[u8]) -> Option<u32> {
        super::number_in(&std::fs::read("/etc/passwd").ok()?, name)
    }

    /// The number of a group.
    pub(in crate::cli) fn group(name: &[u8]) -> Option<u32> {
        super::number_in(&std::fs::read("/etc/group").ok()?, name)
    }
}

/// The third of the fields, separated by colons, in the line that `name` begins.
#[cfg(any(test, target_feature = "crt-static"))]
fn number_in(accounts: &[u8], name: &[u8]) -> Option<u32> {
    accounts.split(|byte| *byte == b'\n').find_map(|line| {
        let mut fields = line.split(|byte| *byte == b':');
        let found = fields.next() == Some(name) && !name.is_empty();
        let number = fields.nth(1)?;
        if found { std::str::from_utf8(number).ok()?.parse().ok() } else { None }
    })
}

#[cfg(test)]
mod tests {
    use super::number_in;

    #[test]
    fn accounts_are_found_by_name() {
        let passwd = b"root:x:0:0:root:/root:/bin/sh\n\nbad\nalice:x:1000:1000::/home/alice:\n";
        assert_eq!(number_in(passwd, b"alice"), Some(1000));
        assert_eq!(number_in(passwd, b"ali"), None);
        assert_eq!(number_in(passwd, b""), None);
    }
}
