//! The message loop: reads messages and writes the answers.

use std::io::{self, BufRead, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use lsp_server::Message;

use super::transport::{self, Incoming};
use super::workspace::Finished;
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

/// What the loop waits for.
enum Event {
    Incoming(Incoming),
    /// The end of the input.
    End(io::Result<()>),
    Finished(Box<Finished>),
}

/// Serves an editor until the session ends.
///
/// # Errors
///
/// Returns an error if a message cannot be read.
pub fn run(
    surroundings: &dyn Surroundings,
    mut input: impl BufRead + Send + 'static,
    output: &mut dyn Write,
) -> io::Result<End> {
    let (sender, events) = channel();
    let reader = sender.clone();
    // The thread waits for input, and ends with the process.
    thread::spawn(move || {
        loop {
            let event = match transport::read(&mut input) {
                Ok(Some(incoming)) => Event::Incoming(incoming),
                Ok(None) => Event::End(Ok(())),
                Err(error) => Event::End(Err(error)),
            };
            if reader.send(event).is_err() {
                return;
            }
        }
    });
    serve(&mut Server::new(surroundings), &sender, &events, output)
}

fn serve(
    server: &mut Server<'_>,
    sender: &Sender<Event>,
    events: &Receiver<Event>,
    output: &mut dyn Write,
) -> io::Result<End> {
    loop {
        let event = match server.is_outdated() {
            true => events.recv_timeout(PAUSE),
            false => events.recv().map_err(RecvTimeoutError::from),
        };
        let answers = match event {
            Err(RecvTimeoutError::Timeout) => {
                let messages = server.publish();
                start_task(server, sender);
                messages
            }
            Err(RecvTimeoutError::Disconnected) | Ok(Event::End(Ok(()))) => return Ok(End::Sudden),
            Ok(Event::End(Err(error))) => return Err(error),
            Ok(Event::Finished(finished)) => {
                server.finish(*finished);
                Vec::new()
            }
            Ok(Event::Incoming(Incoming::Undecodable(why))) => vec![Server::undecodable(why)],
            Ok(Event::Incoming(Incoming::Message(Message::Notification(exit))))
                if exit.method == "exit" =>
            {
                return Ok(if server.is_shut_down() { End::Orderly } else { End::Sudden });
            }
            Ok(Event::Incoming(Incoming::Message(message))) => server.receive(message),
        };
        if answers.into_iter().try_for_each(|message| write(message, output)).is_err() {
            // The client no longer reads.
            return Ok(End::Sudden);
        }
    }
}

/// Lints a large set beside the loop, so that the server answers meanwhile.
fn start_task(server: &mut Server<'_>, sender: &Sender<Event>) {
    if let Some(task) = server.task() {
        let sender = sender.clone();
        thread::spawn(move || {
            // The loop may have ended.
            let _ = sender.send(Event::Finished(Box::new(task.run())));
        });
    }
}

fn write(message: Message, mut output: &mut dyn Write) -> io::Result<()> {
    message.write(&mut output)
}
