//! The messages of the base protocol: a header with the length, then JSON.

use std::io::{self, BufRead, Read};

use lsp_server::Message;

/// Maximum length of a message, in bytes.
const MOST_BYTES: u64 = 1 << 26;
/// Maximum length of a line of a header, in bytes.
const MOST_HEADER: u64 = 1 << 13;
/// The field that has the length. Other fields are ignored.
const LENGTH: &[u8] = b"content-length:";

/// A message from the client.
#[derive(Debug)]
pub(super) enum Incoming {
    /// A message that was decoded.
    Message(Message),
    /// Why a message was not decoded. The messages after it can be read.
    Undecodable(String),
}

/// Reads a message. Returns `None` at the end of the input.
///
/// # Errors
///
/// Those of `input`.
pub(super) fn read(input: &mut dyn BufRead) -> io::Result<Option<Incoming>> {
    let Some(length) = header(input)? else { return Ok(None) };
    let mut body = input.take(length);
    if length > MOST_BYTES {
        io::copy(&mut body, &mut io::sink())?;
        return Ok(Some(Incoming::Undecodable(format!("a message has {length} bytes"))));
    }
    let mut text = Vec::new();
    body.read_to_end(&mut text)?;
    if text.len() as u64 != length {
        return Ok(None);
    }
    Ok(Some(match serde_json::from_slice(&text) {
        Ok(message) => Incoming::Message(message),
        Err(error) => Incoming::Undecodable(format!("a message is malformed: {error}")),
    }))
}

/// Reads a header and returns the length in it. Returns `None` at the end of the input.
fn header(input: &mut dyn BufRead) -> io::Result<Option<u64>> {
    let mut length = None;
    loop {
        let mut line = Vec::new();
        if input.take(MOST_HEADER).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        match length {
            Some(length) if line.trim_ascii().is_empty() => return Ok(Some(length)),
            _ => length = length_in(&line).or(length),
        }
    }
}

/// Returns the length in a line. After a header without a length, the line begins with the message.
fn length_in(line: &[u8]) -> Option<u64> {
    let line = line.to_ascii_lowercase();
    let at = line.windows(LENGTH.len()).rposition(|part| part == LENGTH)?;
    let digits = line.get(at + LENGTH.len()..)?.trim_ascii();
    str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the method of each message, or the problem.
    fn messages(mut input: &[u8]) -> Vec<String> {
        let next = || read(&mut input).expect("memory can be read");
        let shown = |incoming| match incoming {
            Incoming::Message(Message::Notification(one)) => one.method,
            Incoming::Message(other) => format!("{other:?}"),
            Incoming::Undecodable(why) => why,
        };
        std::iter::from_fn(next).map(shown).collect()
    }

    fn framed(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    #[test]
    fn reads_on_after_a_message_that_is_no_message() {
        let good = framed(r#"{"jsonrpc":"2.0","method":"a"}"#);
        for bad in ["{", "[]", "\"text\"", r#"{"jsonrpc":"2.0"}"#] {
            let found = messages(format!("{good}{}{good}", framed(bad)).as_bytes());
            assert_eq!((found.len(), &*found[0], &*found[2]), (3, "a", "a"), "{bad}: {found:?}");
            assert!(found[1].starts_with("a message is malformed"), "{found:?}");
        }
        let not_text = [good.as_bytes(), b"Content-Length: 2\r\n\r\n\xff\xff", good.as_bytes()];
        assert_eq!(messages(&not_text.concat()).len(), 3);
    }

    #[test]
    fn finds_the_next_header_after_a_malformed_one() {
        let good = framed(r#"{"jsonrpc":"2.0","method":"a"}"#);
        for bad in ["Content-Length: x\r\n\r\n{}", "\r\n", "X: y\r\n\r\n{}"] {
            assert_eq!(messages(format!("{bad}{good}").as_bytes()), ["a"], "{bad}");
        }
        let other_fields = good.replace("\r\n\r\n", "\r\nContent-Type: x\r\n\r\n");
        assert_eq!(messages(other_fields.as_bytes()), ["a"]);
    }

    #[test]
    fn ends_within_a_message() {
        assert!(messages(b"Content-Length: 99999999999\r\n\r\n{}").len() <= 1);
        assert!(messages(b"Content-Length: 20\r\n\r\n{}").is_empty());
        assert!(messages(b"").is_empty());
    }
}
