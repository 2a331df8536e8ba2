//! Determines whether two texts have the same effect: compiles both for every machine and compares the programs.
//!
//! The result of compiling depends only on the text and on the host's answers. If neither text asks for the machine,
//! one compilation is valid for all machines.

use std::cell::Cell;

use crate::catalog::Arch;
use crate::catalog::Features;
use crate::compile::{End, Options, Program, Step, compile_once};
use crate::diag::{Code, Diagnostic};
use crate::host::{AnyHost, Host};
use crate::rule::Request;
use crate::span::Span;
use crate::syntax::{Command, Content, Line, parse_line};

/// Every known machine, and one whose syscalls are unknown.
#[derive(Debug)]
pub(super) struct Machines {
    host: AnyHost,
}

/// The effect of a text: one program per machine, or one for all machines.
#[derive(Debug)]
pub(super) struct Meaning {
    programs: Vec<Program>,
}

impl Default for Machines {
    fn default() -> Self {
        Machines { host: AnyHost::new(None) }
    }
}

impl Machines {
    /// Returns the effect of a command.
    pub(super) fn meaning(&self, command: &Command<'_>) -> Meaning {
        let mut programs = Vec::new();
        for machine in Arch::ALL.into_iter().map(Some).chain([None]) {
            let host = Machine { host: &self.host, machine, asked: Cell::new(false) };
            programs.push(compile_once(command, &host, Options::default()));
            if !host.asked.get() {
                break;
            }
        }
        Meaning { programs }
    }

    /// Returns the effect of a line; no effect if it has no command.
    pub(super) fn meaning_of_line(&self, line: &[u8]) -> Meaning {
        let span = Span::new(0, line.len());
        match parse_line(&Line { number: 1, span, bytes: line }) {
            Content::Command(command) => self.meaning(&command),
            Content::Blank | Content::Comment => Meaning { programs: Vec::new() },
        }
    }
}

impl Meaning {
    /// Returns whether there are errors on every machine.
    pub(super) fn is_faulty(&self) -> bool {
        self.programs.iter().all(Program::is_faulty)
    }

    /// Returns the program for the machine with this index.
    fn program(&self, index: usize) -> Option<&Program> {
        match self.programs.as_slice() {
            [only] => Some(only),
            programs => programs.get(index),
        }
    }
}

impl PartialEq for Meaning {
    fn eq(&self, other: &Self) -> bool {
        let count = self.programs.len().max(other.programs.len());
        (0..count).all(|index| match (self.program(index), other.program(index)) {
            (Some(one), Some(other)) => is_same(one, other),
            _ => false,
        })
    }
}

/// Returns whether both have the same steps in the same order, the same end, and the same messages, possibly at other
/// places. If both are faulty, the errors may differ, because one error can hide another.
fn is_same(one: &Program, other: &Program) -> bool {
    let end = match (&one.end, &other.end) {
        (End::Rule(one, _), End::Rule(other, _)) => one == other,
        (one, other) => one == other,
    };
    end && one.begins_rule() == other.begins_rule()
        && effects(one).eq(effects(other))
        && (one.is_faulty() && other.is_faulty() || codes(one) == codes(other))
}

/// A step with an effect, without its place in the text.
#[derive(PartialEq)]
enum Effect<'p> {
    Send(&'p Request),
    DeleteAll(&'p [u8]),
    Other(&'p Step),
}

fn effects(program: &Program) -> impl Iterator<Item = Effect<'_>> {
    program.steps.iter().filter_map(|step| match step {
        Step::Say(_) => None,
        Step::Send(request, _) => Some(Effect::Send(request)),
        Step::DeleteAll { key, .. } => Some(Effect::DeleteAll(key)),
        other => Some(Effect::Other(other)),
    })
}

/// Returns the messages, without duplicates.
fn codes(program: &Program) -> Vec<Code> {
    let mut codes: Vec<Code> = program.diagnostics().map(Diagnostic::code).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// The host of one machine, which remembers whether the machine mattered.
struct Machine<'h> {
    host: &'h AnyHost,
    machine: Option<Arch>,
    asked: Cell<bool>,
}

impl Host for Machine<'_> {
    fn machine(&self) -> Option<Arch> {
        self.asked.set(true);
        self.machine
    }

    fn user(&self, name: &[u8]) -> Option<u32> {
        self.host.user(name)
    }

    fn group(&self, name: &[u8]) -> Option<u32> {
        self.host.group(name)
    }

    fn is_directory(&self, path: &[u8]) -> bool {
        self.host.is_directory(path)
    }

    fn features(&self) -> Features {
        self.host.features()
    }

    fn user_message(&self, text: &[u8]) -> Vec<u8> {
        self.host.user_message(text)
    }
}
