//! Conditions on directories and programs. The paths of an event lead to those that hold; the others need no test.

use foldhash::HashMap;

use super::answers::{Answer, Answers, ConditionId};
use super::files;
use super::filters::Filter;
use super::place;
use super::scene::Scene;
use super::truth::Truth;
use crate::catalog::{Operator, field};
use crate::rule::{Field, Op};

/// The conditions of rules that judge a call as a whole, by the path that they name.
///
/// Only events of machines whose files are not known are looked up: a path is then one file and no link.
#[derive(Default)]
pub(super) struct PathConditions {
    by_directory: HashMap<Vec<u8>, Vec<ConditionId>>,
    by_program: HashMap<Vec<u8>, Vec<(ConditionId, Answer)>>,
    /// The answers for an event in no directory and with no program that a rule names.
    elsewhere: Vec<Answer>,
}

impl PathConditions {
    /// Returns the conditions of these rules, of which there are `count`.
    pub(super) fn new<'f>(rules: impl Iterator<Item = &'f Filter>, count: usize) -> Self {
        let elsewhere = vec![Answer::Open; count];
        let mut paths = PathConditions { elsewhere, ..PathConditions::default() };
        // Whether the program is the one of `exe` can depend on what happened to `path`.
        for filter in rules.filter(|filter| !filter.has_path_and_exe) {
            for (field, id) in filter.rule.fields.iter().zip(&filter.conditions) {
                paths.add(filter, field, *id);
            }
        }
        paths
    }

    fn add(&mut self, filter: &Filter, field: &Field, id: ConditionId) {
        let Field::Text { op, text, .. } = field else { return };
        match (field.number(), *op) {
            (field::DIR, Op::EQUAL) => {
                let Some(tree) = &filter.tree else { return };
                let of_directory = self.by_directory.entry(tree.path().to_vec()).or_default();
                if !of_directory.contains(&id) {
                    of_directory.push(id);
                    self.set_elsewhere(id, Answer::No);
                }
            }
            (field::EXE, Op::EQUAL) => self.add_program(text, id, Answer::Yes, Answer::No),
            (field::EXE, Op::Known(Operator::NotEqual)) => {
                self.add_program(text, id, Answer::No, Answer::Yes);
            }
            _ => {}
        }
    }

    fn add_program(&mut self, path: &[u8], id: ConditionId, answer: Answer, otherwise: Answer) {
        let of_program = self.by_program.entry(files::clean(path).into_owned()).or_default();
        if !of_program.contains(&(id, answer)) {
            of_program.push((id, answer));
            self.set_elsewhere(id, otherwise);
        }
    }

    fn set_elsewhere(&mut self, id: ConditionId, answer: Answer) {
        if let Some(known) = self.elsewhere.get_mut(id as usize) {
            *known = answer;
        }
    }

    /// Returns what the paths of an event answer. Nothing if some path is not known.
    pub(super) fn answers(&self, scene: &Scene<'_>) -> Answers {
        self.known_answers(scene)
            .unwrap_or_else(|| Answers::new(&vec![Answer::Open; self.elsewhere.len()]))
    }

    fn known_answers(&self, scene: &Scene<'_>) -> Option<Answers> {
        if !scene.files.is_empty() {
            return None;
        }
        let program = place::watched(scene.event.task.exe.as_deref()?, scene.files)?;
        let answers = Answers::new(&self.elsewhere);
        for (id, answer) in self.by_program.get(&*program).into_iter().flatten() {
            answers.set(*id, *answer);
        }
        for name in scene.names.as_ref()? {
            let path = name.place.path.as_deref()?;
            match name.place.exists {
                Truth::True => {}
                Truth::False => continue,
                Truth::Unknown(_) => return None,
            }
            for directory in std::iter::successors(Some(path), |path| files::parent(path)) {
                for id in self.by_directory.get(directory).into_iter().flatten() {
                    answers.set(*id, Answer::Yes);
                }
            }
        }
        // The kernel may drop the rules of a directory that goes.
        for name in scene.names.iter().flatten().filter(|name| name.is_removed()) {
            let path = name.place.path.as_deref().unwrap_or_default();
            for id in self.by_directory.get(path).into_iter().flatten() {
                answers.set(*id, Answer::Open);
            }
        }
        Some(answers)
    }
}
