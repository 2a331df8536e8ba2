//! `--format html`: one page that needs nothing beside itself.
//!
//! | file | what |
//! |---|---|
//! | `mod` | the page as a whole |
//! | `markup` | the only place where text becomes HTML |
//! | `facts` | what several parts ask: which rules are shown, and how long walks are |
//! | `verdicts` | the head: what kernels do, in words |
//! | `advice` | the rules that arm everything, and what to write instead |
//! | `map` | a cell a syscall number |
//! | `ramp` | its colours |
//! | `table` | the armed syscalls |
//! | `rules` | the rules as they were written |
//! | `page.css`, `page.js` | how it looks, and what it does beyond that |
//!
//! All content is there without the script, which sorts, filters and moves between cells. The page says
//! of itself that it may load nothing and run nothing but that script, by its hash.

mod advice;
mod facts;
mod map;
mod markup;
mod ramp;
mod rules;
mod table;
mod verdicts;

use super::explain_notes::notes;
use crate::analysis::{Arming, Failure, Walks, missing};
use crate::catalog::KernelVersion;
use crate::source::Source;
use facts::Facts;
use markup::Markup;

/// What the page looks like.
pub const STYLE: &str = include_str!("page.css");
/// What it does.
pub const SCRIPT: &str = include_str!("page.js");

/// The SHA-256 of [`STYLE`] and of [`SCRIPT`], as the policy of the page names them.
pub const HASHES: [&str; 2] = [
    "rNhtM2DDnMe8x+woOZy0QcLS+aId2wYug26RrOjaZ2M=",
    "xUnEbC329BPrTEt39wzvYhgAKxBQFKnyS9hF7byZBow=",
];

/// What a page is made from.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    arming: &'a Arming,
    walks: &'a Walks,
    version: Option<KernelVersion>,
    sources: &'a [Source],
    failures: Option<(usize, &'a [Failure])>,
}

impl<'a> Page<'a> {
    /// What `arming` found, with the walks there.
    pub fn new(arming: &'a Arming, walks: &'a Walks) -> Self {
        Page { arming, walks, version: None, sources: &[], failures: None }
    }

    /// On a kernel of this version.
    #[must_use]
    pub fn on_kernel(self, version: Option<KernelVersion>) -> Self {
        Page { version, ..self }
    }

    /// With the lines that the rules were written in. Rules of other files are shown as they would be
    /// listed.
    #[must_use]
    pub fn with_sources(self, sources: &'a [Source]) -> Self {
        Page { sources, ..self }
    }

    /// With those of so many gates that do not hold.
    #[must_use]
    pub fn with_failures(self, gates: usize, failures: &'a [Failure]) -> Self {
        Page { failures: Some((gates, failures)), ..self }
    }

    /// The page.
    pub fn to_html(&self) -> String {
        let facts = Facts::of(self.arming, self.walks, self.sources);
        let mut out = Markup::default();
        out.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        write_policy(&mut out);
        out.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        out.raw("<meta name=\"color-scheme\" content=\"light dark\">\n");
        out.raw("<title>What ").text(facts.files()).raw(" arms</title>\n");
        out.raw("<style>").raw(STYLE).raw("</style>\n</head>\n<body>\n");
        verdicts::write(&mut out, self, &facts);
        out.raw("<main>\n");
        advice::write(&mut out, &facts);
        map::write(&mut out, &facts);
        table::write(&mut out, &facts);
        rules::write(&mut out, &facts);
        self.write_notes(&mut out);
        out.raw("</main>\n<footer><p>Made by rauditctl ").raw(env!("CARGO_PKG_VERSION"));
        out.raw(". Nothing on this page is loaded from elsewhere.</p></footer>\n");
        out.raw("<script>").raw(SCRIPT).raw("</script>\n</body>\n</html>\n");
        out.into_string()
    }

    fn write_notes(&self, out: &mut Markup) {
        let notes = notes(self.arming, &missing(self.arming, self.version));
        out.raw("<section id=\"notes\" aria-labelledby=\"notes-head\">\n");
        out.raw("<h2 id=\"notes-head\">Notes</h2>\n");
        if notes.is_empty() {
            out.raw("<p>Nothing here surprises.</p>\n");
        } else {
            out.raw("<ul>\n");
            for note in facts::shown(&notes, facts::MOST_NOTES) {
                out.raw("<li>").text(note).raw("</li>\n");
            }
            facts::write_more(out, notes.len(), facts::MOST_NOTES, "--view notes");
            out.raw("</ul>\n");
        }
        out.raw("</section>\n");
    }
}

/// Nothing may be loaded; of styles and scripts only the page's own are used.
fn write_policy(out: &mut Markup) {
    let [style, script] = HASHES;
    out.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ");
    out.raw("base-uri 'none'; form-action 'none'; style-src 'sha256-").raw(style);
    out.raw("'; script-src 'sha256-").raw(script).raw("'\">\n");
}
