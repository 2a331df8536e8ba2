//! Decides from the grammar alone whether bytes match a rule, and how they are read.
//!
//! It follows every possible match, so the grammar may be ambiguous.

use std::collections::HashMap;
use std::rc::Rc;

use super::ebnf::{Grammar, Node};

/// A match: its end, and the bytes that it is read as.
type Reading = (usize, Vec<u8>);

/// Returns whether all of `input` matches the rule.
pub(crate) fn matches(grammar: &Grammar, rule: &str, input: &[u8]) -> bool {
    let mut recognizer = Recognizer::new(grammar, input, false);
    let readings = recognizer.rule(grammar.rule(rule), 0);
    readings.iter().any(|(end, _)| *end == input.len())
}

/// Returns every reading of all of `input` by the rule.
pub(crate) fn readings(grammar: &Grammar, rule: &str, input: &[u8]) -> Vec<Vec<u8>> {
    let mut recognizer = Recognizer::new(grammar, input, true);
    let readings = recognizer.rule(grammar.rule(rule), 0);
    let whole = readings.iter().filter(|(end, _)| *end == input.len());
    whole.map(|(_, reading)| reading.clone()).collect()
}

struct Recognizer<'g> {
    grammar: &'g Grammar,
    input: &'g [u8],
    /// Whether readings matter. If not, every reading is empty, so that there are few.
    keeps: bool,
    known: HashMap<(usize, usize), Rc<Vec<Reading>>>,
}

impl<'g> Recognizer<'g> {
    fn new(grammar: &'g Grammar, input: &'g [u8], keeps: bool) -> Self {
        Recognizer { grammar, input, keeps, known: HashMap::new() }
    }

    fn rule(&mut self, rule: usize, start: usize) -> Rc<Vec<Reading>> {
        if let Some(known) = self.known.get(&(rule, start)) {
            return Rc::clone(known);
        }
        let found = Rc::new(self.node(self.grammar.body(rule), start));
        self.known.insert((rule, start), Rc::clone(&found));
        found
    }

    fn node(&mut self, node: &Node, start: usize) -> Vec<Reading> {
        match node {
            Node::Text(text) => match self.input[start..].starts_with(text) {
                true => vec![self.taken(start, start + text.len())],
                false => Vec::new(),
            },
            Node::AnyBut(but) => match self.input.get(start) {
                Some(byte) if !but.contains(byte) => vec![self.taken(start, start + 1)],
                _ => Vec::new(),
            },
            Node::Beginning { name, least } => {
                let rest = self.input[start..].iter();
                let same = rest.zip(name).take_while(|(byte, wanted)| byte == wanted).count();
                (*least..=same).map(|len| self.taken(start, start + len)).collect()
            }
            Node::Rule(rule) => match self.grammar.body(*rule) {
                // Recomputing these is cheaper than storing them.
                byte @ (Node::Text(_) | Node::AnyBut(_)) => self.node(byte, start),
                _ => self.rule(*rule, start).to_vec(),
            },
            Node::NotBefore(rule) => match self.rule(*rule, start).is_empty() {
                true => vec![(start, Vec::new())],
                false => Vec::new(),
            },
            Node::ReadsAs(_) => vec![(start, Vec::new())],
            Node::Choice(nodes) => {
                tidy(nodes.iter().flat_map(|node| self.node(node, start)).collect())
            }
            Node::Optional(node) => {
                let mut found = self.node(node, start);
                found.push((start, Vec::new()));
                tidy(found)
            }
            Node::Sequence(nodes) => self.sequence(nodes, start),
            Node::Repeated(node) => self.repeated(node, start),
            Node::Except(node, but) => {
                let mut found = self.node(node, start);
                let but = if found.is_empty() { Vec::new() } else { self.node(but, start) };
                found.retain(|(end, _)| !but.iter().any(|(excepted, _)| excepted == end));
                found
            }
        }
    }

    fn taken(&self, start: usize, end: usize) -> Reading {
        (end, if self.keeps { self.input[start..end].to_vec() } else { Vec::new() })
    }

    fn sequence(&mut self, nodes: &[Node], start: usize) -> Vec<Reading> {
        let mut found = vec![(start, Vec::new())];
        for node in nodes {
            found = match node {
                Node::ReadsAs(meaning) if self.keeps => {
                    found.into_iter().map(|(end, _)| (end, meaning.clone())).collect()
                }
                _ => self.followed_by(&found, node),
            };
        }
        found
    }

    fn repeated(&mut self, node: &Node, start: usize) -> Vec<Reading> {
        let mut all = vec![(start, Vec::new())];
        let mut last = all.clone();
        while !last.is_empty() {
            let mut longer = Vec::new();
            for (end, reading) in &last {
                let more = self.node(node, *end).into_iter().filter(|(after, _)| after > end);
                longer.extend(more.map(|(after, more)| (after, [&**reading, &*more].concat())));
            }
            last = tidy(longer);
            all.extend(last.iter().cloned());
        }
        tidy(all)
    }

    fn followed_by(&mut self, found: &[Reading], node: &Node) -> Vec<Reading> {
        let mut longer = Vec::new();
        for (end, reading) in found {
            for (end, more) in self.node(node, *end) {
                longer.push((end, [&**reading, &*more].concat()));
            }
        }
        tidy(longer)
    }
}

fn tidy(mut readings: Vec<Reading>) -> Vec<Reading> {
    if readings.len() > 1 {
        readings.sort_unstable();
        readings.dedup();
    }
    readings
}
