//! Error numbers of the system, and the C library's texts for them.

use std::fmt;
use std::io;

use crate::catalog::errno_name;

/// An error number of the system.
///
/// ```
/// use rauditctl::errno::Errno;
///
/// let errno = Errno::from_number(17);
/// assert_eq!(errno, Errno::EEXIST);
/// assert_eq!(errno.name(), Some("EEXIST"));
/// assert_eq!(errno.to_string(), "File exists");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Errno(i32);

/// The numbers that this crate handles (`asm-generic/errno.h`).
#[expect(missing_docs, reason = "the names are self-explanatory")]
impl Errno {
    pub const EPERM: Self = Errno(1);
    pub const ENOENT: Self = Errno(2);
    pub const EINTR: Self = Errno(4);
    pub const EIO: Self = Errno(5);
    pub const EBADF: Self = Errno(9);
    pub const EAGAIN: Self = Errno(11);
    pub const ENOMEM: Self = Errno(12);
    pub const EEXIST: Self = Errno(17);
    pub const ENOTDIR: Self = Errno(20);
    pub const EINVAL: Self = Errno(22);
    pub const ENOSPC: Self = Errno(28);
    pub const EBADE: Self = Errno(52);
    pub const EPROTONOSUPPORT: Self = Errno(93);
    pub const EAFNOSUPPORT: Self = Errno(97);
    pub const ENOBUFS: Self = Errno(105);
    pub const ECONNREFUSED: Self = Errno(111);
}

impl Errno {
    /// Creates the error with this positive number.
    pub const fn from_number(number: i32) -> Self {
        Errno(number)
    }

    /// Returns the number of a system error; `EIO` for an error without a number.
    pub fn of(error: &io::Error) -> Self {
        error.raw_os_error().map_or(Errno::EIO, Errno)
    }

    /// Returns the number.
    pub const fn number(self) -> i32 {
        self.0
    }

    /// Returns the name, such as `EEXIST`; `None` for a number without a name.
    pub fn name(self) -> Option<&'static str> {
        errno_name(u32::try_from(self.0).ok()?)
    }
}

/// Writes the C library's text.
impl fmt::Display for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&words(self.0))
    }
}

/// Writes the name, or the number of an error without a name.
impl fmt::Debug for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "Errno({})", self.0),
        }
    }
}

/// Returns the C library's text for an errno: `No such file or directory` for 2.
///
/// ```
/// assert_eq!(rauditctl::errno::words(2), "No such file or directory");
/// ```
pub fn words(errno: i32) -> String {
    of_error(&io::Error::from_raw_os_error(errno))
}

/// Returns the text of an error without the number that the standard library adds to it.
pub(crate) fn of_error(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error ").next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use nix::errno::Errno as System;

    use super::*;

    #[test]
    fn numbers_match_the_system() {
        let known = [
            (Errno::EPERM, System::EPERM),
            (Errno::ENOENT, System::ENOENT),
            (Errno::EINTR, System::EINTR),
            (Errno::EIO, System::EIO),
            (Errno::EBADF, System::EBADF),
            (Errno::EAGAIN, System::EAGAIN),
            (Errno::ENOMEM, System::ENOMEM),
            (Errno::EEXIST, System::EEXIST),
            (Errno::EINVAL, System::EINVAL),
            (Errno::ENOSPC, System::ENOSPC),
            (Errno::EBADE, System::EBADE),
            (Errno::EPROTONOSUPPORT, System::EPROTONOSUPPORT),
            (Errno::EAFNOSUPPORT, System::EAFNOSUPPORT),
            (Errno::ENOBUFS, System::ENOBUFS),
            (Errno::ECONNREFUSED, System::ECONNREFUSED),
        ];
        for (ours, systems) in known {
            assert_eq!(ours.number(), systems as i32, "{systems:?}");
            assert_eq!(format!("{ours:?}"), format!("{systems:?}"));
        }
        assert_eq!(format!("{:?}", Errno::from_number(-3)), "Errno(-3)");
    }
}
