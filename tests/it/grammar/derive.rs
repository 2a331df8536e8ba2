//! Makes lines from the grammar, and damages them. Bytes decide all choices, so that a failing line shrinks: if no bytes
//! are left, every choice is the first one.

use super::ebnf::{Grammar, Node};

/// The bytes that decide the choices.
pub(crate) struct Choices<'b>(pub(crate) &'b [u8]);

impl Choices<'_> {
    /// Returns a number below `count`.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        if count <= 256 {
            return usize::from(*first) % count.max(1);
        }
        (usize::from(*first) * 256 + self.below(256)) % count
    }

    /// Returns one of these items.
    pub(crate) fn one<'o, T>(&mut self, options: &'o [T]) -> &'o T {
        &options[self.below(options.len())]
    }
}

/// Bytes with a meaning in the grammar, and a few without.
const PALETTE: &[u8] = b"ax1=!<>&,-#/_ \\\t\r\"'\x07\x04\x01\x7f\xc3\xa9\xff\n";
/// Strings with a meaning in the grammar.
const PIECES: &[&[u8]] = &[
    b"-",
    b"--",
    b" -- ",
    b"-l",
    b" -D",
    b"-k",
    b"--sig",
    b"--signal=",
    b"--re",
    b"--reset_",
    b"--b",
    b"!=",
    b">=",
    b"<=",
    b"&=",
    b"=",
    b",",
    b"key=",
    b" ",
    b"\\ ",
    b"\\\\",
    b"\\",
    b"\x07",
    b"\x04\x07",
    b"#",
    b"\xef\xbb\xbf",
    b" -F auid>=1000",
    b" -Ca0",
    b" -S,",
    b"always,exit",
    b"exit",
];

/// Returns bytes that match `node`, without its exceptions and lookaheads.
pub(crate) fn derive(grammar: &Grammar, node: &Node, choices: &mut Choices<'_>) -> Vec<u8> {
    match node {
        Node::Text(text) => text.clone(),
        Node::Rule(rule) => derive(grammar, grammar.body(*rule), choices),
        Node::Choice(nodes) => {
            let node = choices.one(nodes);
            derive(grammar, node, choices)
        }
        Node::Sequence(nodes) => {
            nodes.iter().flat_map(|node| derive(grammar, node, choices)).collect()
        }
        Node::Optional(node) => match choices.below(2) {
            0 => Vec::new(),
            _ => derive(grammar, node, choices),
        },
        Node::Repeated(node) => {
            let count = choices.below(5);
            (0..count).flat_map(|_| derive(grammar, node, choices)).collect()
        }
        Node::Except(node, _) => derive(grammar, node, choices),
        Node::AnyBut(but) => {
            let fitting: Vec<u8> =
                PALETTE.iter().copied().filter(|byte| !but.contains(byte)).collect();
            vec![*choices.one(&fitting)]
        }
        Node::NotBefore(_) | Node::ReadsAs(_) => Vec::new(),
        Node::Beginning { name, least } => {
            name[..least + choices.below(name.len() - least + 1)].to_vec()
        }
    }
}

/// Writes the words of a command as a line. A line cannot contain newlines and marks, nor a space or a backslash in the
/// first word; such words change.
pub(crate) fn spell(words: &mut [Vec<u8>], choices: &mut Choices<'_>) -> Vec<u8> {
    let mut line = vec![b' '; choices.below(2)];
    for (index, word) in words.iter_mut().enumerate() {
        if index > 0 {
            line.resize(line.len() + 1 + choices.below(2), b' ');
        }
        for byte in word {
            let first = index == 0;
            match *byte {
                b'\n' => *byte = b'n',
                b'\x07' | b'\x04' if !first => *byte = b'm',
                b' ' | b'\\' if first => *byte = b's',
                _ => {}
            }
            match (*byte, choices.below(4)) {
                (b' ', 0) => line.extend(b"\x07x"),
                (b' ', _) => line.extend(b"\\ "),
                (b'\\', 0) => line.extend(b"\x04="),
                (b'\\', _) => line.extend(b"\\\\"),
                (other, _) => line.push(other),
            }
        }
    }
    line.resize(line.len() + choices.below(2), b' ');
    line
}

/// Damages a line in one to three places; `others` are lines to splice in.
pub(crate) fn mutate(line: &[u8], others: &[Vec<u8>], choices: &mut Choices<'_>) -> Vec<u8> {
    let mut line = line.to_vec();
    for _ in 0..=choices.below(3) {
        let at = choices.below(line.len() + 1);
        let end = (at + 1 + choices.below(6)).min(line.len());
        match choices.below(10) {
            0 if at < line.len() => line[at] ^= 1 << choices.below(8),
            1 if at < line.len() => line[at] = *choices.one(PALETTE),
            2 => line.truncate(at),
            3 => {
                line.drain(at..end);
            }
            4 => line.insert(at, *choices.one(PALETTE)),
            5 => insert(&mut line, at, PIECES[choices.below(PIECES.len())]),
            6 => {
                let again = line[at..end].to_vec();
                insert(&mut line, at, &again);
            }
            7 => line = swap_words(&line, choices),
            8 if !others.is_empty() => {
                let other = choices.one(others);
                line.truncate(at);
                line.extend(&other[choices.below(other.len() + 1)..]);
            }
            _ => line = without_word(&line, choices),
        }
    }
    line.retain(|byte| !matches!(byte, b'\n' | 0));
    line
}

fn insert(line: &mut Vec<u8>, at: usize, piece: &[u8]) {
    line.splice(at..at, piece.iter().copied());
}

fn swap_words(line: &[u8], choices: &mut Choices<'_>) -> Vec<u8> {
    let mut words: Vec<&[u8]> = line.split(|byte| *byte == b' ').collect();
    let (one, other) = (choices.below(words.len()), choices.below(words.len()));
    words.swap(one, other);
    words.join(&b' ')
}

fn without_word(line: &[u8], choices: &mut Choices<'_>) -> Vec<u8> {
    let mut words: Vec<&[u8]> = line.split(|byte| *byte == b' ').collect();
    words.remove(choices.below(words.len()));
    words.join(&b' ')
}
