//! Reads the notation of `grammar/rules.ebnf`. Anything unknown is an error.

use std::collections::HashMap;

/// A grammar: rules by number. No rule is recursive.
#[derive(Debug)]
pub(crate) struct Grammar {
    names: Vec<String>,
    bodies: Vec<Node>,
}

/// The right side of a rule.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    Text(Vec<u8>),
    Rule(usize),
    Choice(Vec<Node>),
    Sequence(Vec<Node>),
    Optional(Box<Node>),
    Repeated(Box<Node>),
    /// The left node, unless the right one matches the same bytes.
    Except(Box<Node>, Box<Node>),
    /// One byte, except these.
    AnyBut(Vec<u8>),
    /// Nothing, if this rule does not match here.
    NotBefore(usize),
    /// The sequence up to here is read as these bytes.
    ReadsAs(Vec<u8>),
    /// The first bytes of a name, with the minimum number of bytes.
    Beginning {
        name: Vec<u8>,
        least: usize,
    },
}

impl Grammar {
    /// Reads a grammar whose rules must all be reachable from `roots`.
    pub(crate) fn read(text: &str, roots: &[&str]) -> Result<Grammar, String> {
        let mut reader = Reader { tokens: tokens(text)?, at: 0, names: Vec::new() };
        let mut bodies: HashMap<usize, Node> = HashMap::new();
        while reader.at < reader.tokens.len() {
            let (rule, body) = reader.rule()?;
            if bodies.insert(rule, body).is_some() {
                return Err(format!("{} is defined twice", reader.names[rule]));
            }
        }
        let names = reader.names;
        let body = |rule| bodies.remove(&rule).ok_or(format!("{} is undefined", names[rule]));
        let bodies = (0..names.len()).map(body).collect::<Result<_, _>>()?;
        let grammar = Grammar { names, bodies };
        grammar.check_use(roots)?;
        Ok(grammar)
    }

    /// Returns the rule with this name.
    pub(crate) fn rule(&self, name: &str) -> usize {
        self.names.iter().position(|known| known == name).expect("a rule of the grammar")
    }

    pub(crate) fn body(&self, rule: usize) -> &Node {
        &self.bodies[rule]
    }

    /// Returns every name that may be abbreviated, with the length of its shortest form.
    pub(crate) fn beginnings(&self) -> Vec<(&[u8], usize)> {
        let mut found = Vec::new();
        self.bodies.iter().for_each(|body| {
            body.each(&mut |node| {
                if let Node::Beginning { name, least } = node {
                    found.push((&**name, *least));
                }
            });
        });
        found
    }

    fn check_use(&self, roots: &[&str]) -> Result<(), String> {
        let mut state = vec![State::Unseen; self.bodies.len()];
        for root in roots {
            self.visit(self.rule(root), &mut state)?;
        }
        match state.iter().position(|state| *state == State::Unseen) {
            Some(rule) => Err(format!("{} is never used", self.names[rule])),
            None => Ok(()),
        }
    }

    fn visit(&self, rule: usize, state: &mut [State]) -> Result<(), String> {
        match state[rule] {
            State::Done => return Ok(()),
            State::Open => return Err(format!("{} is defined by itself", self.names[rule])),
            State::Unseen => state[rule] = State::Open,
        }
        let mut used = Vec::new();
        self.bodies[rule].each(&mut |node| match node {
            Node::Rule(rule) | Node::NotBefore(rule) => used.push(*rule),
            _ => {}
        });
        used.into_iter().try_for_each(|rule| self.visit(rule, state))?;
        state[rule] = State::Done;
        Ok(())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Unseen,
    Open,
    Done,
}

impl Node {
    fn each<'n>(&'n self, take: &mut impl FnMut(&'n Node)) {
        take(self);
        match self {
            Node::Choice(nodes) | Node::Sequence(nodes) => {
                nodes.iter().for_each(|node| node.each(take));
            }
            Node::Optional(node) | Node::Repeated(node) => node.each(take),
            Node::Except(node, other) => {
                node.each(take);
                other.each(take);
            }
            _ => {}
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Name(String),
    Text(Vec<u8>),
    Sign(char),
}

/// Returns the tokens of a grammar, each with its line.
fn tokens(text: &str) -> Result<Vec<(Token, usize)>, String> {
    let mut tokens = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let line = text[..text.len() - rest.len()].matches('\n').count() + 1;
        let Some(first) = rest.chars().next() else { return Ok(tokens) };
        if let Some(comment) = rest.strip_prefix("(*") {
            let (_, after) = comment.split_once("*)").ok_or(format!("{line}: open comment"))?;
            rest = after;
        } else if let Some(string) = rest.strip_prefix('"') {
            let (string, after) = string.split_once('"').ok_or(format!("{line}: open string"))?;
            tokens.push((Token::Text(unescape(string, line)?), line));
            rest = after;
        } else if first.is_ascii_lowercase() {
            let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            let len = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
            tokens.push((Token::Name(rest[..len].to_owned()), line));
            rest = &rest[len..];
        } else if "=;,|-()[]{}?".contains(first) {
            tokens.push((Token::Sign(first), line));
            rest = &rest[1..];
        } else {
            return Err(format!("{line}: {first:?} means nothing here"));
        }
    }
}

fn unescape(string: &str, line: usize) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut rest = string.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        match rest.next() {
            Some(b'\\') => bytes.push(b'\\'),
            Some(b'n') => bytes.push(b'\n'),
            Some(b'x') => {
                let digits = [rest.next(), rest.next()].map(|d| char::from(d.unwrap_or(b'?')));
                let [Some(high), Some(low)] = digits.map(|digit| digit.to_digit(16)) else {
                    return Err(format!("{line}: \\x wants two digits"));
                };
                bytes.push((high * 16 + low) as u8);
            }
            _ => return Err(format!("{line}: unknown escape in {string:?}")),
        }
    }
    Ok(bytes)
}

struct Reader {
    tokens: Vec<(Token, usize)>,
    at: usize,
    names: Vec<String>,
}

impl Reader {
    fn rule(&mut self) -> Result<(usize, Node), String> {
        let name = self.name()?;
        self.sign('=')?;
        let body = self.choice()?;
        self.sign(';')?;
        Ok((self.number(name), body))
    }

    fn choice(&mut self) -> Result<Node, String> {
        let mut nodes = vec![self.sequence()?];
        while self.takes('|') {
            nodes.push(self.sequence()?);
        }
        Ok(if nodes.len() == 1 { nodes.remove(0) } else { Node::Choice(nodes) })
    }

    fn sequence(&mut self) -> Result<Node, String> {
        let mut nodes = vec![self.term()?];
        while self.takes(',') {
            nodes.push(self.term()?);
        }
        Ok(if nodes.len() == 1 { nodes.remove(0) } else { Node::Sequence(nodes) })
    }

    fn term(&mut self) -> Result<Node, String> {
        let node = self.primary()?;
        match self.takes('-') {
            true => Ok(Node::Except(Box::new(node), Box::new(self.primary()?))),
            false => Ok(node),
        }
    }

    fn primary(&mut self) -> Result<Node, String> {
        match self.next()? {
            Token::Text(text) => Ok(Node::Text(text)),
            Token::Name(name) => Ok(Node::Rule(self.number(name))),
            Token::Sign('(') => self.closed(')'),
            Token::Sign('[') => Ok(Node::Optional(Box::new(self.closed(']')?))),
            Token::Sign('{') => Ok(Node::Repeated(Box::new(self.closed('}')?))),
            Token::Sign('?') => self.special(),
            Token::Sign(_) => self.fail("something to match"),
        }
    }

    fn closed(&mut self, end: char) -> Result<Node, String> {
        let node = self.choice()?;
        self.sign(end)?;
        Ok(node)
    }

    fn special(&mut self) -> Result<Node, String> {
        let node = match self.next()? {
            Token::Text(name) => {
                self.words(&["or", "its", "beginning", "from"])?;
                let least = self.text()?;
                self.words(&["on"])?;
                match !least.is_empty() && name.starts_with(&least) {
                    true => Node::Beginning { name, least: least.len() },
                    false => return self.fail("a beginning of the name"),
                }
            }
            Token::Name(word) if word == "any" => {
                self.words(&["byte", "but"])?;
                let mut but = self.one_byte()?;
                while self.takes(',') {
                    but.extend(self.one_byte()?);
                }
                Node::AnyBut(but)
            }
            Token::Name(word) if word == "not" => {
                self.words(&["before"])?;
                let name = self.name()?;
                Node::NotBefore(self.number(name))
            }
            Token::Name(word) if word == "reads" => {
                self.words(&["as"])?;
                Node::ReadsAs(self.text()?)
            }
            _ => return self.fail("a known special sequence"),
        };
        self.sign('?')?;
        Ok(node)
    }

    fn words(&mut self, words: &[&str]) -> Result<(), String> {
        words.iter().try_for_each(|word| match self.name()? == *word {
            true => Ok(()),
            false => self.fail(word),
        })
    }

    fn one_byte(&mut self) -> Result<Vec<u8>, String> {
        let text = self.text()?;
        if text.len() == 1 { Ok(text) } else { self.fail("one byte") }
    }

    fn text(&mut self) -> Result<Vec<u8>, String> {
        match self.next()? {
            Token::Text(text) => Ok(text),
            _ => self.fail("a string"),
        }
    }

    fn name(&mut self) -> Result<String, String> {
        match self.next()? {
            Token::Name(name) => Ok(name),
            _ => self.fail("a name"),
        }
    }

    fn sign(&mut self, sign: char) -> Result<(), String> {
        if self.takes(sign) { Ok(()) } else { self.fail(&format!("`{sign}`")) }
    }

    fn takes(&mut self, sign: char) -> bool {
        let found = self.tokens.get(self.at).is_some_and(|(token, _)| *token == Token::Sign(sign));
        self.at += usize::from(found);
        found
    }

    fn next(&mut self) -> Result<Token, String> {
        let token = self.tokens.get(self.at).map(|(token, _)| token.clone());
        self.at += 1;
        token.ok_or("the grammar ends in the middle of a rule".into())
    }

    fn number(&mut self, name: String) -> usize {
        self.names.iter().position(|known| *known == name).unwrap_or_else(|| {
            self.names.push(name);
            self.names.len() - 1
        })
    }

    fn fail<T>(&self, wanted: &str) -> Result<T, String> {
        let near = self.at.saturating_sub(1).min(self.tokens.len() - 1);
        let (token, line) = &self.tokens[near];
        Err(format!("{line}: {wanted} is wanted near {token:?}"))
    }
}

#[test]
fn rejects_malformed_grammar() {
    let error = |text| Grammar::read(text, &["a"]).expect_err("a faulty grammar");
    assert_eq!(error("a = b ;"), "b is undefined");
    assert_eq!(error("a = \"x\" ; b = \"y\" ;"), "b is never used");
    assert_eq!(error("a = \"x\" ; a = \"y\" ;"), "a is defined twice");
    assert_eq!(error("a = \"x\", b ; b = [ a ] ;"), "a is defined by itself");
    assert_eq!(error("a = \"x\""), "1: `;` is wanted near Text([120])");
    assert_eq!(error("\na = \"x\\q\" ;"), "2: unknown escape in \"x\\\\q\"");
    assert_eq!(
        error("a = ? some byte ? ;"),
        "1: a known special sequence is wanted near Name(\"some\")"
    );
    assert_eq!(error("a = * ;"), "1: '*' means nothing here");
}
