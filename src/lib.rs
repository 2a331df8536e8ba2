//! A compiler for Linux audit rules, compatible with auditctl.
//!
//! ```text
//! text ──syntax──▶ AST ──compile──▶ Rule ──wire──▶ audit_rule_data ──kernel──▶ NETLINK_AUDIT
//! (argv, files)    spans,           typed,         bytes, exact              socket or in-process model
//!                  nothing          legal, no text,
//!                  resolved         no bytes
//!                                     │
//!                                     ├── listing    the rules of a kernel from a saved listing
//!                                     ├── format     rewrites a line into one form that sends the same bytes
//!                                     ├── model      what a kernel does with rules: accept, order, count, arm
//!                                     ├── eval       what the filters decide about an event, and why
//!                                     ├── ruleset    files compiled line by line, with the place of every rule
//!                                     ├── analysis   questions about a rule list: arming, walk, cost
//!                                     ├── relate     relations between rules: conditions, implication
//!                                     ├── plan       loaded x wanted -> the fewest requests, without a gap
//!                                     ├── apply      plans and rule sets into a kernel: all or nothing
//!                                     ├── rewrite    rules into other rules, with proof
//!                                     ├── ingest     the lines of audit.log -> events
//!                                     ├── replay     which rule made which events of a log
//!                                     ├── cases      events with what the rules should do, run against them
//!                                     └── lint       findings with codes, places and fixes
//!                                            report  (text, JSON, SARIF, HTML, listing)  ◀── cli
//!                                            lsp     (editors)                           ◀──┘
//! ```
//!
//! Each representation has its type: the [syntax tree](syntax::Command) holds the text as written, with the place of
//! every byte; the [`Rule`](rule::Rule) holds its meaning; the [bytes](wire::encode) are sent to the kernel. Each
//! stage knows only the stages before it; a test enforces that.
//!
//! Beside this path: [`catalog`] has names and numbers, generated from the vocabulary in `grammar/vocab`;
//! [`diag`] has every fault, and [`host`] is the machine that the compiler asks for facts. [`errno`], [`source`] and
//! [`span`] are small types that many stages use.
//!
//! # Features
//!
//! All are on by default. Without them (`default-features = false`) the library is the core: everything
//! from text to bytes, the model, the analysis, and loading into a kernel in memory.
//!
//! | feature | adds | implies |
//! |---|---|---|
//! | `relate` | `relate` and `rewrite`: relations between rules, and rules in another form | |
//! | `lint` | `lint`: findings with fixes | `relate` |
//! | `netlink` | `kernel::Netlink`: the running kernel, and reading its status | |
//! | `serde` | serialization of status, features and calibrations | |
//! | `cli` | the program | `lint`, `netlink`, `serde` |
//! | `lsp` | the language server; with `cli`, its command | `lint`, `serde` |
//! | `mimalloc` | a fast allocator for the program; it needs a C compiler | |
//!
//! # Examples
//!
//! A rule, from text to bytes:
//!
//! ```
//! use rauditctl::{catalog::Arch, compile, host::FixedHost, rule::Request, syntax, wire};
//!
//! let words = syntax::words(b"-a always,exit -F arch=b32 -S unlink -k gone", 0);
//! let command = syntax::parse_words(words);
//! let host = FixedHost::new(Arch::X86_64);
//! let program = compile::compile(&command, &host, compile::Options::default());
//! let compile::End::Rule(Request::Add(rule), _) = program.end else { panic!("no rule") };
//!
//! // 1040 bytes and the key.
//! assert_eq!(wire::encode(&rule).len(), 1044);
//! ```
//!
//! What the rules of a file arm:
//!
//! ```
//! use rauditctl::analysis::{Analysis, Origin, Questions, loads};
//! use rauditctl::ruleset::{CheckedSet, Input, RuleSet};
//! use rauditctl::{catalog::Arch, host::FixedHost, model::Profile, source::Source};
//!
//! let source = Source::new("a.rules", b"-a always,exit -F arch=b32 -S unlink\n".to_vec());
//! let set = RuleSet::new([Input { source: &source, directory: None }]);
//! let checked = CheckedSet::new(&set, &FixedHost::new(Arch::X86_64));
//! let loads = loads(&checked.lines, |_, place| Origin {
//!     file: "a.rules".into(),
//!     line: source.location(place.span.start).line,
//! });
//! let analysis = Analysis::new(Profile::newest(Arch::X86_64), &loads, Questions::default());
//!
//! // The mask does not look at the arch: number 10 is unlink on i386 and mprotect on x86_64.
//! let [armed] = analysis.arming.bitmap.syscalls.as_slice() else { panic!("one number") };
//! assert_eq!((armed.nr, armed.name, armed.compat_name), (10, Some("mprotect"), Some("unlink")));
//! ```
//!
//! A file loaded into a kernel in memory:
//!
//! ```
//! use rauditctl::apply::{self, Client, Event, Outcome, Session, Unanswered};
//! use rauditctl::kernel::{AuditKernel, InProcess};
//! use rauditctl::ruleset::{CheckedSet, Input, RuleSet};
//! use rauditctl::{catalog::Arch, compile::Step, host::FixedHost, model::Profile, source::Source};
//!
//! struct Quiet;
//!
//! impl Client for Quiet {
//!     fn answer(&mut self, _: &Step, _: &mut Session<'_>) -> Result<(), Unanswered> {
//!         Ok(())
//!     }
//!
//!     fn event(&mut self, _: Event) {}
//! }
//!
//! let source = Source::new("a.rules", b"-w /etc/shadow -p wa -k accounts\n".to_vec());
//! let set = RuleSet::new([Input { source: &source, directory: None }]);
//! let checked = CheckedSet::new(&set, &FixedHost::new(Arch::X86_64));
//! let mut kernel = InProcess::new(Profile::newest(Arch::X86_64));
//!
//! let loaded = apply::load(&mut kernel, &checked, &mut Quiet);
//! assert_eq!(loaded, Outcome::Loaded { rules: 1 });
//! assert!(kernel.rules()?[0].is_watch());
//! # Ok::<(), rauditctl::kernel::KernelError>(())
//! ```
//!
//! `examples/` in the repository has the same three as programs: `compile_rule`, `what_is_armed` and
//! `load_in_memory`. They run without features: `cargo run --no-default-features --example compile_rule`.
//!
//! # Further reading
//!
//! In the repository: `docs/how-arming-works.md` (what a mask arms), `docs/terms.md` (the terms),
//! `docs/lints.md` (the lints) and `COMPAT.md` (differences from auditctl).

pub mod analysis;
pub mod apply;
pub mod catalog;
pub mod compile;
pub mod diag;
pub mod errno;
pub mod eval;
pub mod format;
pub mod host;
pub mod kernel;
#[cfg(feature = "lint")]
pub mod lint;
pub mod listing;
pub mod model;
pub mod plan;
#[cfg(feature = "relate")]
#[cfg_attr(not(feature = "lint"), allow(dead_code, unused_imports, reason = "used by lints"))]
pub mod relate;
#[cfg(feature = "relate")]
#[cfg_attr(not(feature = "lint"), allow(dead_code, unused_imports, reason = "used by lints"))]
pub mod rewrite;
pub mod rule;
pub mod ruleset;
pub mod source;
pub mod span;
pub mod syntax;
pub mod wire;

// The program. These modules are not part of the API, and can change in any release.
#[cfg(any(feature = "cli", feature = "lsp"))]
#[doc(hidden)]
pub mod cases;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod ingest;
#[cfg(feature = "lsp")]
#[doc(hidden)]
pub mod lsp;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod replay;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod report;
