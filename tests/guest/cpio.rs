//! Archives in cpio's "newc" format, which the kernel accepts as initramfs.
//!
//! An entry is a header of the magic `070701` and thirteen numbers of eight hexadecimal digits, then the
//! name with a NUL, then the data, each filled up to a multiple of four bytes.

use std::collections::{BTreeMap, BTreeSet};

const MAGIC: &str = "070701";
const HEADER: usize = MAGIC.len() + NUMBERS * 8;
const LAST: &str = "TRAILER!!!";

/// The numbers of a header, and the places of those that are not 0 here.
const NUMBERS: usize = 13;
const INODE: usize = 0;
const MODE: usize = 1;
const LINKS: usize = 4;
const SIZE: usize = 6;
const NAME_SIZE: usize = 11;

const DIRECTORY: u32 = 0o040_000;
const REGULAR: u32 = 0o100_000;
const LINK: u32 = 0o120_000;

/// An archive that is being written.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    bytes: Vec<u8>,
    directories: BTreeSet<String>,
    entries: u32,
}

impl Writer {
    /// A directory, and those above it: the kernel makes none by itself.
    pub(crate) fn directory(&mut self, path: &str, mode: u32) {
        let path = path.trim_matches('/');
        if !path.is_empty() && self.directories.insert(path.to_owned()) {
            self.parents(path);
            self.entry(path, DIRECTORY | mode, &[]);
        }
    }

    /// A file with its content.
    pub(crate) fn file(&mut self, path: &str, mode: u32, content: &[u8]) {
        let path = path.trim_start_matches('/');
        self.parents(path);
        self.entry(path, REGULAR | mode, content);
    }

    /// A symbolic link.
    pub(crate) fn link(&mut self, path: &str, to: &str) {
        let path = path.trim_start_matches('/');
        self.parents(path);
        self.entry(path, LINK | 0o777, to.as_bytes());
    }

    /// The whole archive. More archives may follow it.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.entry(LAST, 0, &[]);
        self.bytes
    }

    fn parents(&mut self, path: &str) {
        if let Some((parent, _)) = path.rsplit_once('/') {
            self.directory(parent, 0o755);
        }
    }

    fn entry(&mut self, name: &str, mode: u32, data: &[u8]) {
        self.entries += 1;
        let mut numbers = [0; NUMBERS];
        numbers[INODE] = self.entries;
        numbers[MODE] = mode;
        numbers[LINKS] = 1;
        numbers[SIZE] = u32::try_from(data.len()).expect("a file below 4 GiB");
        numbers[NAME_SIZE] = u32::try_from(name.len() + 1).expect("a short name");
        self.bytes.extend_from_slice(MAGIC.as_bytes());
        for number in numbers {
            self.bytes.extend_from_slice(format!("{number:08x}").as_bytes());
        }
        self.bytes.extend_from_slice(name.as_bytes());
        self.bytes.push(0);
        self.fill();
        self.bytes.extend_from_slice(data);
        self.fill();
    }

    fn fill(&mut self) {
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
    }
}

/// The regular files of an archive, or `None` if it is not whole.
pub(crate) fn read(mut archive: &[u8]) -> Option<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    loop {
        let header = std::str::from_utf8(archive.get(..HEADER)?).ok()?;
        let number = |index: usize| {
            let start = MAGIC.len() + index * 8;
            u32::from_str_radix(header.get(start..start + 8)?, 16).ok()
        };
        let (mode, size) = (number(MODE)?, number(SIZE)? as usize);
        let name_size = number(NAME_SIZE)? as usize;
        let data = (HEADER + name_size).next_multiple_of(4);
        let name = std::str::from_utf8(archive.get(HEADER..HEADER + name_size - 1)?).ok()?;
        if name == LAST {
            return Some(files);
        }
        if mode & 0o170_000 == REGULAR {
            let name = name.trim_start_matches("./").to_owned();
            files.insert(name, archive.get(data..data + size)?.to_vec());
        }
        archive = archive.get((data + size).next_multiple_of(4)..)?;
    }
}

#[test]
fn what_is_written_is_read() {
    let mut archive = Writer::default();
    archive.file("/a/b/odd", 0o644, b"12345");
    archive.file("/a/b/empty", 0o600, b"");
    archive.directory("/a/b/c", 0o755);
    archive.link("/a/link", "b/odd");
    let files = read(&archive.finish()).unwrap();
    assert_eq!(files.len(), 2);
    assert_eq!(files["a/b/odd"], b"12345");
    assert_eq!(files["a/b/empty"], b"");
}
