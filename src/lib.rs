//! A compiler for Linux audit rules, compatible with auditctl.
//!
//! ```text
//! text ──syntax──▶ AST ──rule──▶ Rule ──wire──▶ audit_rule_data ──kernel──▶ NETLINK_AUDIT
//! (argv, files)    spans,        typed,         bytes, exact            socket or in-process model
//!                  nothing       legal, no text,
//!                  resolved      no bytes
//!                                  │
//!                                  ├── format     text to text: one form for every line, held to the rule it makes
//!                                  ├── model      what a kernel does with rules: accept, order, count, arm
//!                                  ├── analysis   pure questions over rules: what they arm
//!                                  └── lint       findings with codes, places and fixes
//!                                         report   (text, JSON, listing)  ◀── cli
//!                                         lsp      (what an editor asks)          ◀──┘
//! ```
//!
//! Three representations, three types: the [syntax tree](syntax::Command) says what was written, with the
//! place of every byte; the [`Rule`](rule::Rule) says what it means; the [bytes](wire::encode) say what is
//! sent. Each stage knows only those before it; a test holds them to that.
//!
//! Beside the way: [`catalog`] has names and numbers, made from the vocabulary in `grammar/vocab`;
//! [`diag`] has everything that can be wrong, [`host`] is what compiling asks of the machine, and
//! [`checked`] compiles lines that follow each other.
//!
//! A rule, from text to what it arms:
//!
//! ```
//! use rauditctl::{catalog::Arch, host::FixedHost, model, rule::Request, rule::compile, syntax, wire};
//!
//! let words = syntax::words(b"-a always,exit -F arch=b32 -S unlink -k gone", 0);
//! let command = syntax::parse_words(words);
//! let host = FixedHost::new(Arch::X86_64);
//! let program = compile::compile(&command, &host, compile::Settings::default());
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
pub mod catalog;
pub mod checked;
pub mod cli;
pub mod diag;
pub mod errno;
pub mod format;
pub mod host;
pub mod kernel;
pub mod lint;
pub mod lsp;
pub mod model;
pub mod report;
pub mod rule;
pub mod source;
pub mod span;
pub mod syntax;
pub mod wire;
