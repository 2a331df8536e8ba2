//! The table of the armed syscalls, one row each, so that the script can sort it.

use super::facts::Facts;
use crate::analysis::ArmedSyscall;
use crate::report::explain::sentences::count;
use crate::report::html::Markup;

/// The maximum number of rows that are not folded.
const MOST_ROWS: usize = 60;
/// The maximum number of rules named in a row. The others are counted.
const RULES_NAMED: usize = 4;

/// Writes the table.
pub(super) fn write(out: &mut Markup, facts: &Facts<'_>) {
    let arming = facts.arming;
    let syscalls = &arming.bitmap.syscalls;
    out.raw("<section id=\"syscalls\" aria-labelledby=\"syscalls-head\">\n");
    out.raw("<h2 id=\"syscalls-head\">Syscalls</h2>\n");
    if syscalls.is_empty() {
        out.raw("<p>No rule of the exit list has a syscall of this kernel in its mask.</p>\n</section>\n");
        return;
    }
    out.raw("<p>Rules: rules with the number in their mask. Tested and Compared: rules tested and fields ");
    out.raw("compared in the longest walk of an armed call.</p>\n");
    out.raw("<p class=\"narrow\">Scroll the table sideways to see all of its columns.</p>\n");
    let is_folded = syscalls.len() > MOST_ROWS;
    if is_folded {
        out.raw("<details><summary>All ").text(count(syscalls.len(), "number")).raw("</summary>\n");
    }
    out.raw(
        "<div class=\"scroll\" role=\"region\" aria-labelledby=\"syscalls-head\" tabindex=\"0\">",
    );
    out.raw("\n<table class=\"sortable\">\n<caption>").text(count(syscalls.len(), "number"));
    out.raw(" in the masks of the exit list</caption>\n<thead><tr>");
    write_head(out, "nr", "Nr", Column::Number);
    write_head(out, "name", arming.arch.common_name(), Column::Name);
    if let Some(compat) = arming.arch.compat() {
        write_head(out, "compat", compat.common_name(), Column::Name);
    }
    write_head(out, "rules", "Rules", Column::Number);
    write_head(out, "tested", "Tested", Column::Number);
    write_head(out, "compared", "Compared", Column::Number);
    out.raw("<th scope=\"col\">Where</th></tr></thead>\n<tbody>\n");
    for syscall in syscalls {
        write_row(out, facts, syscall);
    }
    out.raw("</tbody>\n</table>\n</div>\n");
    out.raw(if is_folded { "</details>\n</section>\n" } else { "</section>\n" });
}

/// The content of a column.
enum Column {
    Name,
    Number,
}

fn write_head(out: &mut Markup, key: &'static str, name: &'static str, column: Column) {
    out.raw("<th scope=\"col\" data-sort=\"").raw(key).raw("\"");
    let class = match column {
        Column::Name => ">",
        Column::Number => " class=\"n\">",
    };
    out.raw(class).raw(name).raw("</th>");
}

fn write_row(out: &mut Markup, facts: &Facts<'_>, syscall: &ArmedSyscall) {
    let length = facts.length(syscall.nr);
    out.raw("<tr id=\"s").text(syscall.nr).raw("\"><th scope=\"row\" class=\"n\"><a href=\"#c");
    out.text(syscall.nr).raw("\">").text(syscall.nr).raw("</a></th>");
    write_name(out, syscall.name);
    if facts.arming.arch.compat().is_some() {
        write_name(out, syscall.compat_name);
    }
    for number in [syscall.rules.members().len(), length.rules, length.fields] {
        out.raw("<td class=\"n\">").text(number).raw("</td>");
    }
    out.raw("<td>");
    write_origins(out, facts, syscall);
    out.raw("</td></tr>\n");
}

fn write_name(out: &mut Markup, name: Option<&'static str>) {
    match name {
        Some(name) => out.raw("<td><code>").text(name).raw("</code></td>"),
        None => out.raw("<td>\u{2013}</td>"),
    };
}

/// Writes the rules that arm this syscall but not every syscall, then the number of the others.
fn write_origins(out: &mut Markup, facts: &Facts<'_>, syscall: &ArmedSyscall) {
    let (origins, total) = facts.special(syscall, RULES_NAMED);
    let mut before = None;
    for origin in &origins {
        out.raw(if before.is_some() { ", " } else { "" });
        facts.write_origin(out, origin, before.replace(origin));
    }
    if total > origins.len() {
        out.raw(", +").text(total - origins.len()).raw(" more");
    }
    let arms_all = facts.arming.bitmap.arms_all.len();
    if arms_all > 0 {
        out.raw(if total > 0 { ", and " } else { "" }).raw("<a href=\"#advice\">").text(arms_all);
        out.raw(match arms_all {
            1 => " that arms every syscall</a>",
            _ => " that arm every syscall</a>",
        });
    }
}
