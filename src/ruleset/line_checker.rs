//! Compiles lines in order, and checks each against the lines before it and against the kernel model.
//!
//! The result of [`compile`] depends only on one line. The checker adds whether `-e 2` has locked the rules, whether
//! an `-i` or `-c` forgives errors, and whether a kernel accepts the rule.

use std::cell::RefCell;
use std::rc::Rc;

use foldhash::HashSet;

use crate::catalog::field;
use crate::compile::{End, Options, Program, Step, compile};
use crate::diag::{Diagnostic, KernelFault};
use crate::host::Host;
use crate::model::{KernelModel, Profile, Reason};
use crate::rule::{Field, Mask, Request, Rule};
use crate::span::Span;
use crate::syntax::Command;

/// Compiles the lines of one or more files that are loaded one after the other.
pub struct LineChecker<'h> {
    host: &'h dyn Host,
    /// Only checks rules; contains none.
    kernel: Option<Rc<KernelModel>>,
    /// The masks of all rules. A set has few different masks, and equal ones share their memory.
    masks: Rc<RefCell<HashSet<Mask>>>,
    forgiven: bool,
    locked: bool,
}

/// A compiled line.
#[derive(Clone, Debug)]
pub struct CheckedLine {
    /// The compiled command; its steps include the diagnostics.
    pub program: Program,
    /// Whether errors of this line are skipped, because of an earlier `-i` or `-c`.
    pub forgiven: bool,
    /// The rule that it adds, in the form that the kernel keeps; `None` if it adds none, or if every kernel refuses
    /// it.
    pub kernel_rule: Option<Rule>,
}

/// A message or operation that a command sends to the kernel.
#[derive(Clone, Copy, Debug)]
pub enum Sent<'p> {
    /// This request.
    Request(&'p Request),
    /// The requests that delete all rules, or those with this key.
    DeleteAll(&'p [u8]),
}

impl<'h> LineChecker<'h> {
    /// Creates a checker for the machine of `host` and a kernel of this profile. Without a profile, rules are not
    /// checked against a kernel.
    pub fn new(host: &'h dyn Host, profile: Option<Profile>) -> Self {
        let kernel = profile.map(|profile| Rc::new(KernelModel::new(profile)));
        LineChecker { host, kernel, masks: Rc::default(), forgiven: false, locked: false }
    }

    /// Returns a checker for other lines on the same machine.
    #[must_use]
    pub(crate) fn afresh(&self) -> Self {
        let (kernel, masks) = (self.kernel.clone(), Rc::clone(&self.masks));
        LineChecker { host: self.host, kernel, masks, forgiven: false, locked: false }
    }

    /// Compiles the next line, the one with this number.
    pub fn line(&mut self, command: &Command<'_>, number: usize) -> CheckedLine {
        let options = Options { line: Some(number), ..Options::default() };
        let mut program = compile(command, self.host, options);
        if let End::Rule(Request::Add(rule) | Request::Delete(rule), _) = &mut program.end {
            rule.mask = self.shared(&rule.mask);
        }
        let change = self.locked.then(|| sent(&program).next()).flatten();
        if let Some(span) = change.map(|(_, span)| span) {
            program.steps.push(Diagnostic::new(KernelFault::AfterLock, span).into());
        }
        let kernel_rule = match self.kernel_rule(&program) {
            Some(Ok(rule)) => Some(rule),
            Some(Err(diagnostic)) => {
                program.steps.push(diagnostic.into());
                None
            }
            None => None,
        };
        self.locked |= program.steps.iter().any(locks);
        let line = CheckedLine { program, forgiven: self.forgiven, kernel_rule };
        self.forgiven |= line.forgives();
        line
    }

    /// Returns the mask with the memory of an equal one.
    fn shared(&self, mask: &Mask) -> Mask {
        if mask.is_static() {
            return mask.clone();
        }
        let mut masks = self.masks.borrow_mut();
        if let Some(known) = masks.get(mask) {
            return known.clone();
        }
        masks.insert(mask.clone());
        mask.clone()
    }

    /// Returns the rule that a command adds, in the form that the kernel keeps, or the kernel's refusal: every kernel
    /// refuses some rules that auditctl compiles.
    fn kernel_rule(&self, program: &Program) -> Option<Result<Rule, Diagnostic>> {
        let End::Rule(Request::Add(rule), begun) = &program.end else { return None };
        Some(self.kernel.as_ref()?.kernel_rule(rule).map_err(|refusal| {
            let field = refusal.field.and_then(|index| rule.fields.get(index));
            let spans = &program.field_spans;
            let span = refusal.field.and_then(|index| spans.get(index)).unwrap_or(begun);
            let (reason, remedy) = explained(refusal.reason, field);
            let field = field.and_then(Field::name);
            let fault = KernelFault::WouldBeRefused { reason, field, remedy };
            Diagnostic::new(fault, *span)
        }))
    }
}

impl CheckedLine {
    /// Returns everything that the line sends, in order, each with its place; nothing if it is faulty.
    pub fn sent(&self) -> impl Iterator<Item = (Sent<'_>, Span)> {
        let sound = (!self.program.is_faulty()).then_some(&self.program);
        sound.into_iter().flat_map(sent)
    }

    /// Returns what a refusal of the line does to the load.
    pub fn consequence_of_refusal(&self) -> &'static str {
        match self.forgiven {
            true => "refused, but the load continues",
            false => "`auditctl -R` stops here",
        }
    }

    /// Returns whether errors of later lines are skipped.
    pub fn forgives(&self) -> bool {
        let forgives = |step: &Step| matches!(step, Step::Ignore | Step::Continue);
        self.program.steps.iter().any(forgives)
    }
}

/// Returns why the kernel refuses a rule, and what to write instead of the refused field.
fn explained(reason: Reason, field: Option<&Field>) -> (String, Option<&'static str>) {
    let remedy = match (reason, field) {
        (Reason::InvalidPath, Some(Field::Text { id, text, .. })) => {
            let is_program = id.number() == field::EXE;
            return match text.first() {
                Some(b'/') => (
                    "the path of a file ends with a slash".to_owned(),
                    Some("remove the slash, or use `dir` for a directory and all below it"),
                ),
                _ if is_program => (
                    "the path is not absolute".to_owned(),
                    Some("write the path of the program from the root, as in `exe=/usr/bin/ls`"),
                ),
                _ => (
                    "the path is not absolute".to_owned(),
                    Some("write the path from the root, as in `path=/etc/passwd`"),
                ),
            };
        }
        (Reason::SecondObject, _) => Some(
            "keep one of inode, path and dir in the rule, and write another rule for the other file",
        ),
        (Reason::SecondExe, _) => {
            Some("keep one exe in the rule, and write another rule for the other program")
        }
        (Reason::EmptyText, _) => Some("write a value, or remove the condition"),
        _ => None,
    };
    (reason.to_string(), remedy)
}

/// Returns whether rules and settings are locked after this step.
fn locks(step: &Step) -> bool {
    match step {
        Step::Send(request, _) => {
            matches!(&**request, Request::Control(control) if control.locks())
        }
        _ => false,
    }
}

/// Returns everything that a command sends, in order, each with its place.
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
