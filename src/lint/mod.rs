//! Findings over rules files: what is wrong, unsafe, slow, dead or not portable, and how to fix it.
//!
//! ```text
//! RuleSet ──compile_for──▶ CompiledSet ──▶ Facts, one per machine ──rules/*──▶ findings
//!                                                                                │
//!                                   Report ◀── suppress ◀── settings ◀── merged over machines
//! ```
//!
//! | file | what |
//! |---|---|
//! | `kernel_range` | a range of kernel versions |
//! | `scope` | the machines, kernels and limits that rules are linted for |
//! | `placed` | the conditions of a rule with their places |
//! | `paths` | the paths in rules |
//! | `reach` | the syscalls for which a rule can match |
//! | `arms_all` | rules that arm every syscall, sorted by the way they are written |
//! | `calls` | the syscalls that rules name |
//! | `trees` | rules for a path after a rule for its tree |
//! | `sharing` | rules that may match together everything that another rule matches |
//! | `shadows` | rules that never take effect, because earlier rules match first |
//! | `witness` | examples for findings: events that a rule matches and an earlier one decides |
//! | `effective` | the settings in effect after a set is loaded |
//! | `recorded` | the syscalls that rules record, by their conditions |
//! | `facts` | a set compiled for one machine, and what several checks need, each computed once |
//! | `page` | the page of a lint, parsed from Markdown |
//! | `definition/` | what a lint is (code, name, severity, check, page), and what it reports |
//! | `rules/` | the lints: one file and one page each |
//! | `errors` | one lint for each error code of the compiler; the pages are in `errors/` |
//! | `registry` | the list of all lints |
//! | `selection` | which lints are on, and their severity |
//! | `settings` | the settings of a lint run: scope and selection |
//! | `suppress` | comments that silence a lint: `# rauditctl: allow(...)` |
//! | `engine` | runs the checks and merges their findings |
//! | `fix` | applies fixes, in rounds |
//! | `config` | `rauditctl.toml` |
//!
//! A file uses only files above it in this table. Nothing here reads a file or prints: texts come in, and a
//! [`Report`] goes out.

mod arms_all;
mod calls;
pub mod config;
mod definition;
mod effective;
mod engine;
mod errors;
mod facts;
pub mod fix;
mod kernel_range;
mod page;
mod paths;
mod placed;
mod reach;
mod recorded;
mod registry;
mod rules;
mod scope;
mod selection;
mod settings;
mod shadows;
mod sharing;
mod suppress;
mod trees;
mod witness;

pub use definition::{Check, Finding, Group, Lint, Related};
pub use engine::{Report, lint};
pub use facts::{Facts, compile_for};
pub use kernel_range::KernelRange;
pub use page::{LintPage, Section};
pub use registry::{find, lints, nearest};
pub use scope::Scope;
pub use selection::{Selection, Selector};
pub use settings::LintSettings;
