//! What the HTML pages share. A page is one file that loads nothing.
//!
//! | file | what |
//! |---|---|
//! | `mod` | the start and the end of a page |
//! | `markup` | escapes text; nothing else does |
//! | `lines` | rules as in their files |
//! | `page.css`, `page.js` | the style and the script |
//!
//! A page shows all content without the script. Its content security policy allows no loading, and only this style and
//! this script, by their hashes.

mod lines;
mod markup;

pub(super) use lines::{RuleLines, write_cut, write_line};
pub(super) use markup::Markup;

/// The style of a page.
pub const STYLE: &str = include_str!("page.css");
/// The script of a page.
pub const SCRIPT: &str = include_str!("page.js");

/// The SHA-256 of [`STYLE`] and of [`SCRIPT`], for the content security policy.
pub const HASHES: [&str; 2] = [
    "95pnfZhBSIazuhuHht7Q39tOiXleRSwseZbsmvIvrYM=",
    "uyUX7KXhgyOoT+gOo9ugPF/bvaoDJxCjy3eJHujE7l8=",
];

/// Writes everything before the content.
pub(super) fn write_start(out: &mut Markup, title: &str) {
    out.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    write_policy(out);
    out.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.raw("<meta name=\"color-scheme\" content=\"light dark\">\n");
    out.raw("<title>").text(title).raw("</title>\n");
    out.raw("<style>").raw(STYLE).raw("</style>\n</head>\n<body>\n");
}

/// Writes the links to the parts of the page: anchors with names.
pub(super) fn write_navigation(
    out: &mut Markup,
    parts: impl IntoIterator<Item = (&'static str, &'static str)>,
) {
    out.raw("<div class=\"bar\"><nav aria-label=\"Parts of this page\"><ul>\n");
    for (anchor, name) in parts {
        out.raw("<li><a href=\"").raw(anchor).raw("\">").raw(name).raw("</a></li>\n");
    }
    out.raw("</ul></nav><button type=\"button\" id=\"theme\" hidden>Dark</button></div>\n");
}

/// Writes everything after the content.
pub(super) fn write_end(out: &mut Markup) {
    out.raw("<footer><p>Written by rauditctl ").raw(env!("CARGO_PKG_VERSION"));
    out.raw(". This page loads nothing from elsewhere. Its terms are explained in ");
    out.raw("<code>docs/terms.md</code>.</p></footer>\n");
    out.raw("<script>").raw(SCRIPT).raw("</script>\n</body>\n</html>\n");
}

/// Writes the content security policy: no loading, and no style or script but the page's own.
fn write_policy(out: &mut Markup) {
    let [style, script] = HASHES;
    out.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ");
    out.raw("base-uri 'none'; form-action 'none'; style-src 'sha256-").raw(style);
    out.raw("'; script-src 'sha256-").raw(script).raw("'\">\n");
}
