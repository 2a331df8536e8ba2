//! Whether only root can change the file of a program.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crate::cli::report::name_of;
use crate::replay::suggest::Why;

/// The bits of a mode that let a group and all others write.
const OTHERS_WRITE: u32 = 0o022;

/// Returns whether the file was found, and only root can write it and the directories above. The access lists of POSIX
/// show in the bits of the group.
///
/// # Errors
/// What others than root can change.
pub(super) fn is_checked(program: &[u8]) -> Result<bool, Why> {
    let program = Path::new(OsStr::from_bytes(program));
    for path in program.ancestors() {
        let Ok(metadata) = fs::symlink_metadata(path) else { return Ok(false) };
        // The kernel writes names without links: this is not the machine of the log, or not its file any more.
        if metadata.is_symlink() || path == program && !metadata.is_file() {
            return Ok(false);
        }
        if metadata.uid() != 0 || metadata.mode() & OTHERS_WRITE != 0 {
            return Err(Why::Writable(name_of(path).to_string()));
        }
    }
    Ok(true)
}
