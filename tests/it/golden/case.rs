//! The text format of the cases; `fixtures/golden/README.md` describes it.

use rauditctl::wire::MessageType;

/// Words of a mask or of a row of fields.
const WORDS: usize = 64;
/// Bytes of a rule before its strings.
const FIXED_LEN: usize = (4 + 4 * WORDS) * 4;

/// One case: a command or a file, and what auditctl made of it.
#[derive(Debug, Default)]
pub(super) struct Case {
    pub(super) title: String,
    pub(super) command: Vec<Vec<u8>>,
    pub(super) file: Option<Vec<u8>>,
    pub(super) machine: Option<String>,
    pub(super) features: Option<u32>,
    pub(super) directories: Vec<Vec<u8>>,
    pub(super) exit: u8,
    pub(super) requests: Vec<Sent>,
    pub(super) messages: Vec<Vec<u8>>,
    pub(super) listing: Vec<Vec<u8>>,
}

/// A request, and whether the kernel refused it.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) kind: MessageType,
    pub(super) payload: Vec<u8>,
    pub(super) refused: bool,
}

/// All cases of a file.
pub(super) fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines().map(str::trim_end) {
        let (word, rest) = line.trim_start().split_once(' ').unwrap_or((line.trim_start(), ""));
        let rest = rest.trim_start();
        if word == "==" {
            cases.push(Case { title: rest.to_owned(), ..Case::default() });
        } else if !word.is_empty() && word != "#" {
            let case = cases.last_mut().expect("a title comes first");
            case.line(word, rest);
        }
    }
    cases
}

impl Case {
    fn line(&mut self, word: &str, rest: &str) {
        match word {
            "auditctl" => self.command = rest.split(' ').map(bytes).collect(),
            "file" => self.file = Some(Vec::new()),
            "|" => {
                let file = self.file.as_mut().expect("a file has begun");
                file.extend(bytes(rest));
                file.push(b'\n');
            }
            "machine" => self.machine = Some(rest.to_owned()),
            "features" => self.features = Some(rest.parse().expect("bits as a number")),
            "directory" => self.directories.push(bytes(rest)),
            "exit" => self.exit = rest.parse().expect("an exit status"),
            "say" => self.messages.push(bytes(rest)),
            "list" => self.listing.push(bytes(rest)),
            "send" => {
                let kind = message_type(rest);
                let is_rule = matches!(kind, MessageType::ADD_RULE | MessageType::DEL_RULE);
                let payload = if is_rule { vec![0; FIXED_LEN] } else { Vec::new() };
                self.requests.push(Sent { kind, payload, refused: false });
            }
            member => self.requests.last_mut().expect("a request").member(member, rest),
        }
    }
}

impl Sent {
    fn member(&mut self, name: &str, value: &str) {
        match name {
            "answer" => self.refused = true,
            "flags" => self.put(0, &hex(value)),
            "action" => self.put(1, &hex(value)),
            "count" => self.put(2, &hex(value)),
            "mask" if value == "all" => self.put(3, &[0xff; 4 * WORDS]),
            "mask" => {
                let (index, word) = value.split_once(": ").expect("index: word");
                self.put(3 + index.parse::<usize>().expect("an index"), &hex(word));
            }
            "fields" => self.put(3 + WORDS, &hex(value)),
            "values" => self.put(3 + 2 * WORDS, &hex(value)),
            "ops" => self.put(3 + 3 * WORDS, &hex(value)),
            "buflen" => self.put(3 + 4 * WORDS, &hex(value)),
            "text" => self.payload.extend(bytes(value)),
            "bytes" => self.payload = hex(value),
            other => panic!("no such member: {other}"),
        }
    }

    /// Puts bytes at the place of a word.
    fn put(&mut self, word: usize, bytes: &[u8]) {
        self.payload[4 * word..4 * word + bytes.len()].copy_from_slice(bytes);
    }
}

fn message_type(name: &str) -> MessageType {
    let known = (0..=u16::MAX).map(MessageType).find(|kind| kind.name() == Some(name));
    known.unwrap_or_else(|| panic!("no such message type: {name}"))
}

/// `04000000 02000000` as eight bytes.
fn hex(digits: &str) -> Vec<u8> {
    let digits: String = digits.split(' ').collect();
    (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).expect("hex digits"))
        .collect()
}

/// Takes `\x..` and `\\` out of a text.
fn bytes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((before, escape)) = rest.split_once('\\') {
        bytes.extend(before.as_bytes());
        rest = if let Some(digits) = escape.strip_prefix('x') {
            bytes.extend(hex(&digits[..2]));
            &digits[2..]
        } else {
            bytes.push(b'\\');
            escape.strip_prefix('\\').expect("a backslash is doubled")
        };
    }
    bytes.extend(rest.as_bytes());
    bytes
}
