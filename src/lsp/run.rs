//! The message loop: reads from standard input and writes to standard output.

use std::io;
use std::time::Duration;

use lsp_server::{Connection, Message};

use super::{Server, Surroundings};

/// The time that the loop waits for further messages before it publishes diagnostics: typing sends several in a row.
const PAUSE: Duration = Duration::from_millis(20);

/// The end of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// By `shutdown` and `exit`, as the protocol requires.
    Orderly,
    /// By `exit` alone, or because the client closed the connection.
    Sudden,
}

/// Serves an editor over standard input and output until the session ends.
///
/// # Errors
///
/// Returns an error if a message cannot be read or written.
pub fn run(surroundings: &dyn Surroundings) -> io::Result<End> {
    let (connection, threads) = Connection::stdio();
    let mut server = Server::new(surroundings);
    let end = serve(&mut server, &connection);
    drop(connection);
    match end {
        Some(end) => threads.join().map(|()| end),
        // The client no longer reads. The reader thread still waits for input, and ends with the process.
        None => Ok(End::Sudden),
    }
}

/// Serves until the end of input or `exit`. Returns `None` if the client no longer reads.
fn serve(server: &mut Server<'_>, connection: &Connection) -> Option<End> {
    let send = |messages: Vec<Message>| {
        messages.into_iter().try_for_each(|message| connection.sender.send(message)).ok()
    };
    loop {
        let message = if server.is_outdated() {
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
