//! Converts between paths and the `file:` URIs that editors use.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use gen_lsp_types::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};

/// The bytes of a path that a URI must encode.
const PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Returns the path of a local file, or `None` for a text that is not a local file, such as `untitled:1`.
pub(super) fn path_of(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.0.strip_prefix("file://")?;
    let rest = rest.strip_prefix("localhost").unwrap_or(rest);
    let bytes: Vec<u8> = percent_decode_str(rest).collect();
    bytes.starts_with(b"/").then(|| PathBuf::from(OsStr::from_bytes(&bytes)))
}

/// Returns the URI of an absolute path.
pub(super) fn uri_of(path: &Path) -> Uri {
    Uri(format!("file://{}", percent_encode(path.as_os_str().as_bytes(), PATH)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn converts_between_paths_and_uris() {
        let uri = Uri("file:///etc/audit%20x/%C3%A9.rules".to_owned());
        let path = path_of(&uri).expect("a path");
        assert_eq!(path, Path::new("/etc/audit x/é.rules"));
        assert_eq!(uri_of(&path), uri);
        assert_eq!(path_of(&Uri("untitled:Untitled-1".to_owned())), None);
        assert_eq!(path_of(&Uri("file://elsewhere/x".to_owned())), None);
    }

    #[test]
    fn converts_paths_that_are_not_utf_8() {
        let path = Path::new(OsStr::from_bytes(b"/a\xff.rules"));
        assert_eq!(uri_of(path).0, "file:///a%FF.rules");
        assert_eq!(path_of(&uri_of(path)).as_deref(), Some(path));
    }
}
