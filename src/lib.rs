//! A compiler for Linux audit rules, compatible with auditctl.
//!
//! ```text
//! text ──syntax──▶ AST ──compile──▶ Rule ──wire──▶ audit_rule_data ──kernel──▶ NETLINK_AUDIT
//! (argv, files)    spans,           typed,         bytes, exact              socket or in-process model
//!                  nothing          legal, no text,
//!                  resolved         no bytes
//!                                     │
//!                                     ├── format     rewrites a line into one form that sends the same bytes
//!                                     ├── model      what a kernel does with rules: accept, order, count, arm
//!                                     ├── ruleset    files compiled line by line, with the place of every rule
//!                                     ├── apply      rule sets into a kernel: all of them, or none
//!                                     ├── analysis   questions about a rule list: arming, walk, cost
//!                                     ├── relate     relations between rules: conditions, implication
//!                                     ├── rewrite    rules into other rules, with proof
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
//! [`diag`] has every fault, and [`host`] is the machine that the compiler asks for facts.
//!
//! A rule, from text to what it arms:
//!
//! ```
//! use rauditctl::{catalog::Arch, host::FixedHost, model, rule::Request, compile, syntax, wire};
//!
//! let words = syntax::words(b"-a always,exit -F arch=b32 -S unlink -k gone", 0);
//! let command = syntax::parse_words(words);
//! let host = FixedHost::new(Arch::X86_64);
//! let program = compile::compile(&command, &host, compile::Options::default());
//! let compile::End::Rule(Request::Add(rule), _) = program.end else { panic!("no rule") };
//!
//! // 1040 bytes and the key.
//! assert_eq!(wire::encode(&rule).len(), 1044);
//!
//! // The mask does not look at the arch: number 10 is unlink on i386 and mprotect on x86_64.
//! let mut kernel = model::KernelModel::new(model::Profile::new(Arch::X86_64, 451));
//! kernel.add(&rule).expect("a legal rule");
//! assert_eq!(kernel.counters().armed().collect::<Vec<_>>(), [(10, 1)]);
//! ```

pub mod analysis;
pub mod apply;
pub mod catalog;
pub mod compile;
pub mod diag;
pub mod errno;
pub mod format;
pub mod host;
pub mod kernel;
#[cfg(feature = "lint")]
pub mod lint;
pub mod model;
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
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
#[cfg(feature = "lsp")]
#[doc(hidden)]
pub mod lsp;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod report;
