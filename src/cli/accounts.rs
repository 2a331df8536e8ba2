//! Users and groups, by name and by number.
//!
//! A dynamic build asks the system's name service, as auditctl does. In a static build, that
//! crashes for unknown names if a service of nsswitch.conf must be loaded, so a static build reads
//! /etc/passwd and /etc/group instead.

pub(super) use lookup::{group, group_name, user, user_name};

#[cfg(not(target_feature = "crt-static"))]
mod lookup {
    use nix::unistd::{Gid, Group, Uid, User};

    /// Returns the number of a user.
    pub(in crate::cli) fn user(name: &[u8]) -> Option<u32> {
        let name = std::str::from_utf8(name).ok()?;
        Some(User::from_name(name).ok()??.uid.as_raw())
    }

    /// Returns the number of a group.
    pub(in crate::cli) fn group(name: &[u8]) -> Option<u32> {
        let name = std::str::from_utf8(name).ok()?;
        Some(Group::from_name(name).ok()??.gid.as_raw())
    }

    /// Returns the name of a user; invalid UTF-8 is replaced.
    pub(in crate::cli) fn user_name(number: u32) -> Option<Vec<u8>> {
        Some(User::from_uid(Uid::from_raw(number)).ok()??.name.into_bytes())
    }

    /// Returns the name of a group; invalid UTF-8 is replaced.
    pub(in crate::cli) fn group_name(number: u32) -> Option<Vec<u8>> {
        Some(Group::from_gid(Gid::from_raw(number)).ok()??.name.into_bytes())
    }
}

#[cfg(target_feature = "crt-static")]
mod lookup {
    use std::fs::read;

    use super::{name_in, number_in};

    /// Returns the number of a user.
    pub(in crate::cli) fn user(name: &[u8]) -> Option<u32> {
        number_in(&read("/etc/passwd").ok()?, name)
    }

    /// Returns the number of a group.
    pub(in crate::cli) fn group(name: &[u8]) -> Option<u32> {
        number_in(&read("/etc/group").ok()?, name)
    }

    /// Returns the name of a user.
    pub(in crate::cli) fn user_name(number: u32) -> Option<Vec<u8>> {
        name_in(&read("/etc/passwd").ok()?, number)
    }

    /// Returns the name of a group.
    pub(in crate::cli) fn group_name(number: u32) -> Option<Vec<u8>> {
        name_in(&read("/etc/group").ok()?, number)
    }
}

/// Returns the name and the number of each line: its first and third fields, separated by colons.
#[cfg(any(test, target_feature = "crt-static"))]
fn entries(accounts: &[u8]) -> impl Iterator<Item = (&[u8], u32)> {
    accounts.split(|byte| *byte == b'\n').filter_map(|line| {
        let mut fields = line.split(|byte| *byte == b':');
        let name = fields.next().filter(|name| !name.is_empty())?;
        Some((name, std::str::from_utf8(fields.nth(1)?).ok()?.parse().ok()?))
    })
}

#[cfg(any(test, target_feature = "crt-static"))]
fn number_in(accounts: &[u8], name: &[u8]) -> Option<u32> {
    entries(accounts).find(|(known, _)| *known == name).map(|(_, number)| number)
}

#[cfg(any(test, target_feature = "crt-static"))]
fn name_in(accounts: &[u8], number: u32) -> Option<Vec<u8>> {
    entries(accounts).find(|(_, known)| *known == number).map(|(name, _)| name.to_vec())
}

#[cfg(test)]
mod tests {
    use super::{name_in, number_in};

    const PASSWD: &[u8] =
        b"root:x:0:0:root:/root:/bin/sh\n\nbad\nalice:x:1000:1000::/home/alice:\n";

    #[test]
    fn finds_accounts_by_name() {
        assert_eq!(number_in(PASSWD, b"alice"), Some(1000));
        assert_eq!(number_in(PASSWD, b"ali"), None);
        assert_eq!(number_in(PASSWD, b""), None);
    }

    #[test]
    fn finds_accounts_by_number() {
        assert_eq!(name_in(PASSWD, 1000), Some(b"alice".to_vec()));
        assert_eq!(name_in(PASSWD, 1001), None);
    }
}
