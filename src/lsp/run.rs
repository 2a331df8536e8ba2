//! The loop: messages from standard input, answers to standard output.

use std::io;
use std::time::Duration;

use lsp_server::{Connection, Message};

use super::{Server, Surroundings};

/// How long more messages are waited for before diagnostics are made: somebody who types sends several.
const PAUSE: Duration = Duration::from_millis(20);

/// How the conversation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// By `shutdown` and `exit`, as it should.
    Orderly,
    /// By `exit` alone, or because the other side has gone.
    Sudden,
}

/// Talks with an editor over standard input and output until it ends.
///
/// # Errors
///
/// When a message cannot be read or written.
pub fn run(surroundings: &dyn Surroundings) -> io::Result<End> {
    let (connection, threads) = Connection::stdio();
    let mut server = Server::new(surroundings);
    let end = converse(&mut server, &connection);
    drop(connection);
    match end {
        Some(end) => threads.join().map(|()| end),
        // Nobody reads any more: the thread that waits for what he writes ends with the process.
        None => Ok(End::Sudden),
    }
}

/// Until the end of input or `exit`; `None` where nobody reads what is written.
fn converse(server: &mut Server<'_>, connection: &Connection) -> Option<End> {
    let send = |messages: Vec<Message>| {
        messages.into_iter().try_for_each(|message| connection.sender.send(message)).ok()
    };
    loop {
        let message = if server.is_behind() {
            match connection.receiver.recv_timeout(PAUSE) {
                Ok(message) => Some(message),
                Err(error) if error.is_timeout() => {
                    send(server.publish())?;
                    continue;
                }
                Err(_) => None,
            }
        } else {
            connection.receiver.recv().ok()
        };
        match message {
            Some(Message::Notification(exit)) if exit.method == "exit" => {
                return Some(if server.is_shut_down() { End::Orderly } else { End::Sudden });
            }
            Some(message) => send(server.receive(message))?,
            None => return Some(End::Sudden),
        }
    }
}
