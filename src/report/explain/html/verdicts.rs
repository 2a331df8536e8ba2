//! The head of the page: what a stock kernel and one with the bitmap arm.

use super::facts::Facts;
use crate::analysis::{Analysis, Arming};
use crate::report::explain::sentences::count;
use crate::report::explain::sentences::gate::failure_text;
use crate::report::explain::sentences::in_short::in_short;
use crate::report::explain::sentences::reason::{bitmap_reason, stock_summary};
use crate::report::html::{Markup, write_navigation};

/// The sections that the navigation links to.
const PARTS: &[(&str, &str)] = &[
    ("#advice", "Advice"),
    ("#cost", "Cost"),
    ("#map", "Map"),
    ("#syscalls", "Syscalls"),
    ("#rules", "Rules"),
    ("#notes", "Notes"),
];

/// Writes the head.
pub(super) fn write(out: &mut Markup, facts: &Facts<'_>) {
    let arming = facts.arming;
    out.raw("<a class=\"skip\" href=\"#advice\">Skip to the advice</a>\n<header>\n");
    let is_shown =
        |(anchor, _): &&(&str, &str)| *anchor != "#cost" || facts.analysis.cost.is_some();
    write_navigation(out, PARTS.iter().filter(is_shown).copied());
    out.raw("<h1>What <code>").text(facts.files()).raw("</code> arms</h1>\n<p class=\"short\">");
    out.text(in_short(facts.analysis)).raw("</p>\n");
    write_search(out);
    if let Some((origin, 0)) = &arming.enabled {
        out.raw("<p class=\"alert\">");
        facts.write_origin(out, origin, None);
        out.raw(" turns auditing off (<code>-e 0</code>): nothing is armed until it is turned on ");
        out.raw("again. This page describes that time.</p>\n");
    }
    out.raw("<div class=\"verdicts\">\n");
    write_stock(out, arming);
    write_bitmap(out, arming);
    out.raw("</div>\n");
    write_failures(out, facts.analysis);
    write_numbers(out, facts.analysis);
    out.raw("</header>\n");
}

/// Writes the search, which needs the script.
fn write_search(out: &mut Markup) {
    out.raw("<p class=\"scripted\" hidden><label for=\"filter\">Find</label> ");
    out.raw("<input type=\"search\" id=\"filter\" placeholder=\"a syscall, number, path, key or file:line\" ");
    out.raw("autocomplete=\"off\" spellcheck=\"false\"> ");
    out.raw("<span id=\"found\" role=\"status\"></span></p>\n");
}

fn write_stock(out: &mut Markup, arming: &Arming) {
    let of = arming.nr_syscalls;
    out.raw("<section class=\"verdict\" aria-labelledby=\"stock\">\n");
    out.raw("<h2 id=\"stock\">A stock kernel <strong>");
    let armed = if arming.stock.armed {
        out.raw("arms every syscall");
        of
    } else {
        out.raw("arms nothing");
        0
    };
    out.raw("</strong></h2>\n");
    write_bar(out, armed as usize, of);
    out.raw("<p>").text(sentence(&stock_summary(arming))).raw("</p>\n</section>\n");
}

fn write_bitmap(out: &mut Markup, arming: &Arming) {
    let (armed, of) = (arming.bitmap.armed_count, arming.nr_syscalls);
    out.raw("<section class=\"verdict\" aria-labelledby=\"bitmap\">\n");
    out.raw("<h2 id=\"bitmap\">With the bitmap patch it <strong>");
    match armed {
        0 => out.raw("arms nothing"),
        all if all == of as usize => out.raw("arms all ").text(all),
        some => out.raw("arms ").text(some).raw(" of ").text(of),
    };
    out.raw("</strong></h2>\n");
    write_bar(out, armed, of);
    out.raw("<p>").text(sentence(&bitmap_reason(arming))).raw("</p>\n</section>\n");
}

/// Writes the armed share as a bar. The heading has it in words.
fn write_bar(out: &mut Markup, armed: usize, of: u32) {
    out.raw(
        "<svg class=\"share\" aria-hidden=\"true\" preserveAspectRatio=\"none\" viewBox=\"0 0 ",
    );
    out.text(of.max(1)).raw(" 1\"><rect width=\"").text(armed).raw("\" height=\"1\"/></svg>\n");
}

/// Returns the reason as a sentence. The name of a file at its beginning keeps its case.
fn sentence(reason: &str) -> String {
    let begins = ["all ", "no ", "the "].iter().any(|word| reason.starts_with(word));
    match reason.split_at_checked(1) {
        Some((first, rest)) if begins => format!("{}{rest}.", first.to_uppercase()),
        _ => format!("{reason}."),
    }
}

fn write_failures(out: &mut Markup, analysis: &Analysis) {
    let Analysis { arming, gates, failures, .. } = analysis;
    if gates.is_empty() {
        return;
    }
    let total = gates.len();
    out.raw("<section class=\"gates\" aria-labelledby=\"gates\">\n<h2 id=\"gates\">");
    if failures.is_empty() {
        out.raw("Limits: all ").text(total).raw(" met</h2>\n</section>\n");
        return;
    }
    out.raw("Limits: ").text(failures.len()).raw(" of ").text(total).raw(" not met</h2>\n<ul>\n");
    for failure in failures {
        out.raw("<li>").text(failure_text(arming, failure)).raw("</li>\n");
    }
    out.raw("</ul>\n</section>\n");
}

/// Writes the numbers that the verdicts follow from.
fn write_numbers(out: &mut Markup, analysis: &Analysis) {
    let (arming, walks) = (&analysis.arming, analysis.walks());
    let counters = &arming.counters;
    out.raw("<dl class=\"numbers\">\n<div><dt>Kernel</dt><dd>").raw(arming.arch.common_name());
    if let Some(version) = analysis.version {
        out.raw(", Linux ").text(version);
    }
    out.raw(", ").text(arming.nr_syscalls).raw(" syscalls</dd></div>\n");
    out.raw("<div><dt>Rules</dt><dd>").text(arming.rules_held).raw(" loaded, ");
    out.text(counters.n_rules()).raw(" counted (<code>audit_n_rules</code>), ");
    out.text(counters.n_syscall_rules());
    out.raw(" on the exit list (<code>audit_n_syscall_rules</code>)</dd></div>\n");
    out.raw("<div><dt>Walk</dt><dd>").text(count(walks.list_len, "rule"));
    out.raw(" tested at the end of an armed syscall; ").text(count(walks.hashed, "rule"));
    out.raw(" kept by inode, tested for the files that it names</dd></div>\n");
    if let Some(walk) = walks.longest().filter(|walk| walk.hits > 0) {
        out.raw("<div><dt>Longest</dt><dd><a href=\"#c").text(walk.nr).raw("\">");
        match walk.name {
            Some(name) => out.text(name),
            None => out.raw("number ").text(walk.nr),
        };
        out.raw("</a> of ").raw(walk.arch.common_name()).raw(": ");
        out.text(count(walk.worst, "rule")).raw(" tested, ").text(count(walk.fields, "field"));
        out.raw(" compared at worst</dd></div>\n");
    }
    out.raw("</dl>\n");
}
