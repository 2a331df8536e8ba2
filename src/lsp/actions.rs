//! Code actions of a finding: its fix, all safe fixes of the file, and a comment that allows the finding.

use std::collections::HashMap;

use gen_lsp_types::{CodeAction, CodeActionKind, CodeActionParams, TextEdit, WorkspaceEdit};

use super::buffer::Buffer;
use super::diagnostics::diagnostic;
use super::workspace::{Extent, FileSet, Linted, Workspace};
use crate::lint::fix::{Allowed, apply};
use crate::lint::{Finding, Group, lint};
use crate::rewrite::Edit;
use crate::ruleset::FileSpan;
use crate::span::Span;
use crate::syntax::LineKind;

/// The kind of the action that applies all safe fixes.
pub(super) const FIX_ALL: &str = "source.fixAll.rauditctl";

/// Iteration limit: stops fixes that undo each other.
const MAX_ROUNDS: usize = 16;

/// Returns the actions for a range of a file.
pub(super) fn actions(workspace: &Workspace<'_>, params: &CodeActionParams) -> Vec<CodeAction> {
    let Some(linted) = workspace.linted(&params.text_document.uri) else { return Vec::new() };
    let Some(file) = linted.set.index_of(&params.text_document.uri) else { return Vec::new() };
    let Some(buffer) = linted.set.files.get(file).map(|file| &file.buffer) else {
        return Vec::new();
    };
    let requested = Requested(params.context.only.as_deref());
    let range = buffer.span(params.range, workspace.options.encoding);
    let is_here = |finding: &&Finding| {
        let span = finding.place.span;
        finding.place.file == file && span.start <= range.end && range.start <= span.end
    };
    let here: Vec<&Finding> = linted.findings.iter().filter(is_here).collect();
    let menu = Menu { workspace, linted: &linted, file };
    let mut actions = Vec::new();
    if requested.has("quickfix") {
        actions.extend(here.iter().filter_map(|finding| menu.fix(finding)));
        actions.extend(here.iter().filter_map(|finding| menu.allow(finding)));
    }
    let has_safe = here.iter().any(|finding| menu.is_safe_here(finding));
    if requested.has(FIX_ALL) && (has_safe || requested.0.is_some()) {
        actions.extend(menu.fix_all());
    }
    actions
}

/// The kinds of action that the client requests; `None` for any.
struct Requested<'r>(Option<&'r [CodeActionKind]>);

impl Requested<'_> {
    /// Returns whether the client requests this kind: `source` includes `source.fixAll`.
    fn has(&self, kind: &str) -> bool {
        let asks = |only: &CodeActionKind| {
            let only = only.to_string();
            let rest = kind.strip_prefix(only.as_str());
            only.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        self.0.is_none_or(|kinds| kinds.iter().any(asks))
    }
}

/// Creates the actions for one file of a linted set.
struct Menu<'m, 'h> {
    workspace: &'m Workspace<'h>,
    linted: &'m Linted,
    file: usize,
}

impl Menu<'_, '_> {
    /// Returns the action that applies the fix of a finding.
    fn fix(&self, finding: &Finding) -> Option<CodeAction> {
        let fix = finding.fix.as_ref()?;
        let safe = fix.change.is_safe();
        let note = if safe { "" } else { " (changes the loaded rules)" };
        let title = format!("{}: {}{note}", finding.lint.code, fix.title);
        let edit = self.edit(&fix.edits)?;
        Some(CodeAction {
            is_preferred: safe.then_some(true),
            ..self.quick_fix(finding, title, edit)
        })
    }

    /// Returns the action that adds a comment which allows a finding for its rule. Returns `None` for an error: a
    /// comment does not make auditctl or the kernel accept the rule.
    fn allow(&self, finding: &Finding) -> Option<CodeAction> {
        if finding.lint.group() == Group::Errors {
            return None;
        }
        let edit = suppression(&self.linted.set, finding)?;
        let title = format!("allow {} for this rule", finding.lint.code);
        Some(self.quick_fix(finding, title, self.edit(&[edit])?))
    }

    fn quick_fix(&self, finding: &Finding, title: String, edit: WorkspaceEdit) -> CodeAction {
        let shown = diagnostic(&self.linted.set, finding, &self.workspace.options);
        CodeAction {
            title,
            kind: Some(CodeActionKind::QuickFix),
            diagnostics: shown.map(|shown| vec![shown]),
            edit: Some(edit),
            ..CodeAction::default()
        }
    }

    /// Returns whether a finding has a safe fix that edits only this file.
    fn is_safe_here(&self, finding: &Finding) -> bool {
        finding.place.file == self.file
            && finding.fix.as_ref().is_some_and(|fix| {
                Allowed::Safe.allows(fix)
                    && fix.edits.iter().all(|edit| edit.place.file == self.file)
            })
    }

    /// Returns the action that applies all safe fixes of this file, including those that become possible after
    /// others.
    fn fix_all(&self) -> Option<CodeAction> {
        if self.linted.extent != Extent::Set {
            return None;
        }
        let settings = self.workspace.settings(&self.linted.set).settings;
        let mut set = self.linted.set.clone();
        let mut findings = self.linted.findings.clone();
        for _ in 0..MAX_ROUNDS {
            findings.retain(|finding| self.is_safe_here(finding));
            let texts: Vec<&[u8]> = set.files.iter().map(|file| file.buffer.text()).collect();
            let fixed = apply(&texts, &findings, Allowed::Safe);
            if fixed.made == 0 {
                break;
            }
            let name = set.files.get(self.file)?.buffer.source().name().to_owned();
            let text = fixed.texts.into_iter().nth(self.file)?;
            set = set.with(self.file, Buffer::new(&name, text));
            findings = lint(&set.rules(), &settings).findings;
        }
        let old = self.linted.set.files.get(self.file)?.buffer.text();
        let edit = difference(self.file, old, set.files.get(self.file)?.buffer.text())?;
        Some(CodeAction {
            title: "apply all safe fixes".to_owned(),
            kind: Some(CodeActionKind::Custom(FIX_ALL.into())),
            edit: Some(self.edit(&[edit])?),
            ..CodeAction::default()
        })
    }

    /// Converts edits for the editor. Returns `None` if a text is not UTF-8, which an editor cannot represent.
    fn edit(&self, edits: &[Edit]) -> Option<WorkspaceEdit> {
        let mut changes: HashMap<_, Vec<TextEdit>> = HashMap::new();
        for edit in edits {
            let file = self.linted.set.files.get(edit.place.file)?;
            std::str::from_utf8(file.buffer.text()).ok()?;
            changes.entry(file.uri.clone()).or_default().push(TextEdit {
                range: file.buffer.range(edit.place.span, self.workspace.options.encoding),
                new_text: String::from_utf8(edit.text.clone()).ok()?,
            });
        }
        Some(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() })
    }
}

/// Returns the edit that adds the code of a finding to the `allow` comment above its rule, or adds such a comment.
fn suppression(set: &FileSet, finding: &Finding) -> Option<Edit> {
    let place = finding.place;
    let rules = set.rules();
    let lines = rules.lines_of(place.file);
    let contains = |span: Span| span.start <= place.span.start && place.span.start <= span.end;
    let index = lines.iter().position(|line| contains(line.span))?;
    let line = lines.get(index).filter(|line| line.is_command())?;
    let code = finding.lint.code;
    let above = lines.get(..index)?.last().filter(|above| above.kind == LineKind::Comment);
    if let Some(above) = above {
        let text = rules.text(place.file, above.span);
        if let Some(close) = end_of_codes(text) {
            let at = above.span.start + close;
            let place = FileSpan { file: place.file, span: Span::new(at, at) };
            return Some(Edit { place, text: format!(", {code}").into_bytes() });
        }
    }
    // auditctl splits a line that is too long. A comment cannot be inserted before the second part.
    let before = Span::new(line.span.start.saturating_sub(1), line.span.start);
    if line.span.start > 0 && rules.text(place.file, before) != b"\n" {
        return None;
    }
    let text = rules.text(place.file, line.span);
    let indent = text.iter().take_while(|byte| **byte == b' ').count();
    let end = if text.ends_with(b"\r") { "\r\n" } else { "\n" };
    let comment = format!("{}# rauditctl: allow({code}){end}", " ".repeat(indent));
    let span = Span::new(line.span.start, line.span.start);
    Some(Edit { place: FileSpan { file: place.file, span }, text: comment.into_bytes() })
}

/// Returns the index at which the codes of a comment `# rauditctl: allow(...)` end.
fn end_of_codes(comment: &[u8]) -> Option<usize> {
    let text = std::str::from_utf8(comment).ok()?;
    let rest = text.trim_start().strip_prefix('#')?.trim_start().strip_prefix("rauditctl:")?;
    let rest = rest.trim_start().strip_prefix("allow")?.trim_start().strip_prefix('(')?;
    Some(text.len() - rest.len() + rest.find(')')?)
}

/// Returns one edit that turns `old` into `new`, without their common prefix and suffix.
fn difference(file: usize, old: &[u8], new: &[u8]) -> Option<Edit> {
    let same = |a: &mut dyn Iterator<Item = (&u8, &u8)>| a.take_while(|(a, b)| a == b).count();
    let mut start = same(&mut old.iter().zip(new));
    // Do not split a character.
    while start > 0 && old.get(start).is_some_and(|byte| byte & 0xc0 == 0x80) {
        start -= 1;
    }
    let (old_rest, new_rest) = (old.get(start..)?, new.get(start..)?);
    let mut suffix = same(&mut old_rest.iter().rev().zip(new_rest.iter().rev()));
    while suffix > 0 && old.get(old.len() - suffix).is_some_and(|byte| byte & 0xc0 == 0x80) {
        suffix -= 1;
    }
    let span = Span::new(start, old.len() - suffix);
    let text = new_rest.get(..new_rest.len() - suffix)?.to_vec();
    (old != new).then_some(Edit { place: FileSpan { file, span }, text })
}
