//! Rules files: read and compiled whole, all faults at once.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use thiserror::Error;

use crate::diag::{Diagnostic, Fault, Level};
use crate::errno::of_error;
use crate::host::Host;
use crate::model::{KernelModel, Profile};
use crate::rule::compile::{End, Program, Settings, Step, compile};
use crate::rule::{Control, Field, LOCKED, Request};
use crate::source::Source;
use crate::span::Span;
use crate::syntax::{Content, lines, parse_line};

/// Why a file cannot be read.
#[derive(Debug, Error)]
pub(super) enum ReadError {
    #[error("cannot read `{path}`: {}", of_error(error))]
    Io { path: String, error: io::Error },
    #[error("`{0}` is not a regular file")]
    NotRegular(String),
    #[error("`{0}` can be written by anyone; rules are not read from such a file")]
    WorldWritable(String),
}

/// A file and what its lines say.
#[derive(Debug)]
pub(super) struct RulesFile {
    pub(super) source: Source,
    pub(super) lines: Vec<RulesLine>,
}

/// A line that says something.
#[derive(Debug)]
pub(super) struct RulesLine {
    pub(super) program: Program,
    /// Faults of this line are passed over, for an `-i` or `-c` stands before it.
    pub(super) forgiven: bool,
}

/// What a command sends to the kernel.
#[derive(Clone, Copy, Debug)]
pub(super) enum Sent<'p> {
    Request(&'p Request),
    /// Whatever it takes to delete all rules, or those with this key.
    DeleteAll(&'p [u8]),
}

/// What may be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    /// Anything: it is only looked at.
    LookOnly,
    /// What auditctl takes rules from: a regular file that others cannot write.
    Load,
}

impl RulesFile {
    /// Reads a file, or standard input for `-`.
    pub(super) fn read(path: &Path, trust: Trust, host: &dyn Host) -> Result<Self, ReadError> {
        let name = path.display().to_string();
        let fail = |error| ReadError::Io { path: name.clone(), error };
        let mut text = Vec::new();
        if path == Path::new("-") {
            io::stdin().read_to_end(&mut text).map_err(fail)?;
            return Ok(Self::compile(Source::new("<stdin>", text), host));
        }
        let mut file = File::open(path).map_err(fail)?;
        let metadata = file.metadata().map_err(fail)?;
        if trust == Trust::Load && !metadata.is_file() {
            return Err(ReadError::NotRegular(name));
        }
        if trust == Trust::Load && metadata.permissions().mode() & 0o002 != 0 {
            return Err(ReadError::WorldWritable(name));
        }
        file.read_to_end(&mut text).map_err(fail)?;
        Ok(Self::compile(Source::new(name, text), host))
    }

    fn compile(source: Source, host: &dyn Host) -> Self {
        let kernel = host.machine().map(|arch| KernelModel::new(Profile::newest(arch)));
        let mut forgiven = false;
        let mut locked = false;
        let mut compiled = Vec::new();
        for line in lines(source.text()) {
            let Content::Command(command) = parse_line(&line) else { continue };
            let settings = Settings { line: Some(line.number), first_fault_only: false };
            let mut program = compile(&command, host, settings);
            let change = sent(&program).next().map(|(_, span)| span);
            if let (true, Some(span)) = (locked, change) {
                program.steps.push(Step::Say(Diagnostic { fault: Fault::AfterLock, span }));
            }
            if let Some(diagnostic) = kernel.as_ref().and_then(|kernel| illegal(&program, kernel)) {
                program.steps.push(Step::Say(diagnostic));
            }
            locked |= program.steps.iter().any(locks);
            let line = RulesLine { forgiven, program };
            forgiven |= line.forgives();
            compiled.push(line);
        }
        RulesFile { source, lines: compiled }
    }

    /// Everything that is said about the file, in order.
    pub(super) fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.lines.iter().flat_map(|line| line.program.diagnostics())
    }

    /// How many faults keep the file from being loaded.
    pub(super) fn fault_count(&self) -> usize {
        let lines = self.lines.iter().filter(|line| !line.forgiven);
        lines
            .flat_map(|line| line.program.diagnostics())
            .filter(|diagnostic| diagnostic.level() == Level::Error)
            .count()
    }

    /// How many lines have faults that are passed over.
    pub(super) fn forgiven_count(&self) -> usize {
        self.lines.iter().filter(|line| line.forgiven && line.program.is_faulty()).count()
    }

    /// The line, as an editor counts, that a place is on.
    pub(super) fn line_of(&self, offset: usize) -> usize {
        self.source.location(offset).line
    }
}

impl RulesLine {
    /// All that the line sends, in order, each with its place; nothing if it is faulty.
    pub(super) fn sent(&self) -> impl Iterator<Item = (Sent<'_>, Span)> {
        let sound = (!self.program.is_faulty()).then_some(&self.program);
        sound.into_iter().flat_map(sent)
    }

    /// Whether faults behind this line are passed over.
    pub(super) fn forgives(&self) -> bool {
        let forgives = |step: &Step| matches!(step, Step::Ignore | Step::Continue);
        self.program.steps.iter().any(forgives)
    }
}

/// Whether rules and settings are locked behind this step.
fn locks(step: &Step) -> bool {
    let lock = Request::Control(Control::Enabled(LOCKED));
    matches!(step, Step::Send(request, _) if **request == lock)
}

/// All that a command sends, in order, each with its place.
fn sent(program: &Program) -> impl Iterator<Item = (Sent<'_>, Span)> {
    let steps = program.steps.iter().filter_map(|step| match step {
        Step::Send(request, span) => Some((Sent::Request(request), *span)),
        Step::DeleteAll { key, span } => Some((Sent::DeleteAll(key), *span)),
        _ => None,
    });
    let end = match &program.end {
        End::Rule(request, span) => Some((Sent::Request(request), *span)),
        _ => None,
    };
    steps.chain(end)
}

/// What every kernel would say against the rule of a command, as far as the model knows: auditctl
/// compiles some rules that no kernel takes.
fn illegal(program: &Program, kernel: &KernelModel) -> Option<Diagnostic> {
    let End::Rule(Request::Add(rule), begun) = &program.end else { return None };
    let refusal = kernel.hold(rule).err()?;
    let field = refusal.field.and_then(|index| rule.fields.get(index)).and_then(Field::name);
    let fault = Fault::WouldBeRefused { reason: refusal.to_string(), field };
    let span = refusal.field.and_then(|index| program.field_spans.get(index)).unwrap_or(begun);
    Some(Diagnostic { fault, span: *span })
}
