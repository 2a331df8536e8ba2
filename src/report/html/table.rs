//! The table of the armed syscalls: a row each, so that it can be sorted.

use super::facts::{Facts, count};
use super::markup::Markup;
use crate::analysis::ArmedSyscall;

/// Rules that a row names; of the others the count.
const PLACES_SHOWN: usize = 4;

/// Writes the table.
pub(super) fn write(out: &mut Markup, facts: &Facts<'_>) {
    let arming = facts.arming;
    let syscalls = &arming.bitmap.syscalls;
    out.raw("<section id=\"syscalls\" aria-labelledby=\"syscalls-head\">\n");
    out.raw("<h2 id=\"syscalls-head\">Syscalls</h2>\n");
    if syscalls.is_empty() {
        out.raw("<p>No exit rule has a syscall of this kernel in its mask.</p>\n</section>\n");
        return;
    }
    out.raw("<p>How many rules have the number in their mask, and what a call costs at worst: how many ");
    out.raw("rules are tested and fields compared until the walk ends.</p>\n");
    out.raw("<p class=\"scripted\" hidden><label for=\"filter\">Show only</label> ");
    out.raw("<input type=\"search\" id=\"filter\" placeholder=\"a name, number or place\" ");
    out.raw("autocomplete=\"off\" spellcheck=\"false\"> ");
    out.raw("<span id=\"found\" role=\"status\"></span></p>\n");
    out.raw(
        "<div class=\"scroll\" role=\"region\" aria-labelledby=\"syscalls-head\" tabindex=\"0\">",
    );
    out.raw("\n<table class=\"sortable\">\n<caption>").text(count(syscalls.len(), "number"));
    out.raw(" in the masks of exit rules</caption>\n<thead><tr>");
    write_head(out, "nr", "Nr", true);
    write_head(out, "name", arming.arch.common_name(), false);
    if let Some(compat) = arming.arch.compat() {
        write_head(out, "compat", compat.common_name(), false);
    }
    write_head(out, "rules", "Rules", true);
    write_head(out, "tested", "Tested", true);
    write_head(out, "compared", "Compared", true);
    out.raw("<th scope=\"col\">Where</th></tr></thead>\n<tbody>\n");
    for syscall in syscalls {
        write_row(out, facts, syscall);
    }
    out.raw("</tbody>\n</table>\n</div>\n</section>\n");
}

fn write_head(out: &mut Markup, key: &'static str, name: &'static str, is_number: bool) {
    out.raw("<th scope=\"col\" data-sort=\"").raw(key).raw("\"");
    out.raw(if is_number { " class=\"n\">" } else { ">" }).raw(name).raw("</th>");
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
    write_places(out, facts, syscall);
    out.raw("</td></tr>\n");
}

fn write_name(out: &mut Markup, name: Option<&'static str>) {
    match name {
        Some(name) => out.raw("<td><code>").text(name).raw("</code></td>"),
        None => out.raw("<td>\u{2013}</td>"),
    };
}

/// Writes the rules that are about this syscall, then how many others arm it.
fn write_places(out: &mut Markup, facts: &Facts<'_>, syscall: &ArmedSyscall) {
    let (places, total) = facts.special(syscall, PLACES_SHOWN);
    let mut before = None;
    for origin in &places {
        out.raw(if before.is_some() { ", " } else { "" });
        facts.write_place(out, origin, before.replace(origin));
    }
    if total > places.len() {
        out.raw(", +").text(total - places.len()).raw(" more");
    }
    let arms_all = facts.arming.bitmap.arms_all.len();
    if arms_all > 0 {
        out.raw(if total > 0 { ", and " } else { "" }).raw("<a href=\"#advice\">").text(arms_all);
        out.raw(" for everything</a>");
    }
}
