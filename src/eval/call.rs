//! The walks for one event, in the kernel's order.

use std::borrow::Cow;

use super::answers::ConditionId;
use super::attribute::{Attribute, Attributes};
use super::distinct::{Distinct, Doubts};
use super::evaluator::Evaluator;
use super::field::{Judged, Moment, Subject};
use super::filters::{ByNumber, Filter, FilterId, Listed, Step};
use super::kept::Moved;
use super::place;
use super::scene::{Scene, SeenName};
use super::truth::Truth;
use super::walk::{Context, State, doubt, walk, walk_again};
use crate::rule::{Action, Field};

/// The judgment of one call.
pub(super) struct Call<'d, 'e> {
    evaluator: &'e Evaluator,
    scene: &'d Scene<'e>,
    doubts: &'d mut Doubts,
}

impl<'d, 'e> Call<'d, 'e> {
    pub(super) fn new(
        evaluator: &'e Evaluator,
        scene: &'d Scene<'e>,
        doubts: &'d mut Doubts,
    ) -> Self {
        Call { evaluator, scene, doubts }
    }

    /// Returns every state in which a syscall can end (`__audit_syscall_exit`).
    pub(super) fn of_syscall(mut self) -> Vec<Context> {
        let mut contexts = self.new_task();
        let without_context = split_off(&mut contexts, |context| context.state == State::Disabled);
        let number = self.scene.call.number;
        if self.scene.call.syscall_name() == Some("io_uring_enter") {
            contexts = self.operations_of_enter(contexts);
        }
        contexts = self.names_removed(contexts, number);
        let exit = self.evaluator.filters.exit_of(self.scene.call.elf);
        contexts = self.list(&contexts, exit, number);
        contexts = self.names(&contexts, number, Moment::Exit);
        contexts.extend(
            without_context
                .into_iter()
                .map(|context| Context { state: State::NoContext, ..context }),
        );
        contexts
    }

    /// Returns every state in which an operation can end in a thread of io_uring (`__audit_uring_exit`).
    pub(super) fn of_operation(mut self, operation: Option<u32>) -> Vec<Context> {
        let number = self.scene.call.number;
        let contexts = self.names_removed(vec![Context::START], number);
        let contexts = self.list(&contexts, &self.evaluator.filters.io_uring, operation);
        self.names(&contexts, number, Moment::Exit)
    }

    /// Returns the states in which a new task can begin its calls (`audit_alloc`).
    pub(super) fn new_task(&mut self) -> Vec<Context> {
        let filters = &self.evaluator.filters;
        if filters.task.is_empty() {
            return vec![Context::START];
        }
        let tasks = self.evaluator.tasks.of_event(self.scene.event);
        let task = tasks.new_task(self.scene.event);
        let steps = filters.of(&filters.task).map(|(id, filter)| (id, filter, ()));
        walk(&[Context::START], steps, self.doubts, |filter, ()| {
            tasks.answer(filter, filter.test(self.scene, Subject::NewTask(&task)))
        })
    }

    /// Walks a filter list. The mask is tested first, and then the fields.
    fn list(
        &mut self,
        contexts: &[Context],
        list: &ByNumber<Step>,
        number: Option<u32>,
    ) -> Vec<Context> {
        let (filters, scene) = (&self.evaluator.filters, self.scene);
        let steps = filters.having(list, number).iter();
        let steps = steps
            .filter(|step| !step.fails(&scene.answers))
            .filter_map(|step| Some((step.id(), filters.get(step.id())?, ())));
        walk(contexts, steps, self.doubts, |filter, ()| {
            masked(filter, number).and(filter.test_whole(scene))
        })
    }

    /// Walks the rules that are kept by inode, for one name after the other. The first match of all ends the walk
    /// (`audit_filter_inodes`).
    fn names(&mut self, contexts: &[Context], number: Option<u32>, moment: Moment) -> Vec<Context> {
        self.names_again(1, contexts, number, moment)
    }

    /// Walks them several times.
    fn names_again(
        &mut self,
        times: usize,
        contexts: &[Context],
        number: Option<u32>,
        moment: Moment,
    ) -> Vec<Context> {
        let filters = &self.evaluator.filters;
        let having = filters.having(&filters.by_inode, number);
        if having.is_empty() {
            return contexts.to_vec();
        }
        let test = |filter: &Filter, name| {
            let subject = Subject::Call { name, moment };
            masked(filter, number).and(filter.test(self.scene, subject))
        };
        let Some(names) = &self.scene.names else {
            let steps = filters.of(having).map(|(id, filter)| (id, filter, Judged::Unknown));
            return walk_again(times, contexts, steps, self.doubts, test);
        };
        let kept = self.scene.kept_for(names, filters);
        if self.scene.is_calm()
            && let Some(kept) = &kept
        {
            let steps = names.iter().zip(kept).flat_map(|(name, ids)| {
                filters.of(ids).map(move |(id, filter)| (id, filter, Judged::Name(name)))
            });
            return walk_again(times, contexts, steps, self.doubts, test);
        }
        // A name that the call makes or removes moves only the rules of its path.
        let together = kept.as_deref().map(|kept| filters.together(kept));
        let having = together.as_deref().unwrap_or(having);
        let mut ends = Distinct::new();
        for order in self.scene.orders(having, filters, moment) {
            let moved = kept.as_ref().and_then(|_| Moved::new(self.scene, filters, &order));
            let of_name =
                |at: usize, name| match (&moved, kept.as_ref().and_then(|kept| kept.get(at))) {
                    (Some(moved), Some(kept)) => moved.of(name, kept),
                    _ => Cow::Borrowed(&*order),
                };
            let steps = names.iter().enumerate();
            let steps = steps.filter(|(_, name)| moment == Moment::Exit || !name.is_made());
            let steps = steps.flat_map(|(at, name)| {
                let ids = of_name(at, name);
                let ids = (0..ids.len()).map_while(move |at| ids.get(at).copied());
                ids.filter_map(move |id| Some((id, filters.get(id)?, Judged::Name(name))))
            });
            ends.extend(walk_again(times, contexts, steps, self.doubts, test));
        }
        let ends = ends.into_list();
        if ends.len() > 1 && self.scene.has_unknown_order(having, filters) {
            doubt(self.doubts, None, Attributes::of(Attribute::Files));
        }
        ends
    }

    /// Walks the rules that are kept by inode while the call removes a watched name (`audit_update_watch`).
    fn names_removed(&mut self, contexts: Vec<Context>, number: Option<u32>) -> Vec<Context> {
        if !self.scene.changes_entries {
            return contexts;
        }
        let success = place::if_succeeded(self.scene.call.outcome.success());
        let removed = self.scene.removed_names().count();
        let is_watched = self
            .scene
            .removed_names()
            .fold(Truth::False, |found, name| found.or(self.is_watched(name)));
        match is_watched.and(success) {
            Truth::False => contexts,
            Truth::True => self.names_again(removed, &contexts, number, Moment::NameRemoved),
            Truth::Unknown(attributes) => {
                let mut ends = Distinct::new();
                ends.extend(self.names(&contexts, number, Moment::NameRemoved));
                ends.extend(contexts.iter().copied());
                let ends = ends.into_list();
                if ends.len() > contexts.len() {
                    doubt(self.doubts, None, attributes);
                }
                ends
            }
        }
    }

    /// Returns whether some rule watches the entry that the call removes.
    fn is_watched(&self, name: &SeenName<'_>) -> Truth {
        let filters = &self.evaluator.filters;
        match name.entry.as_deref() {
            Some(entry) => Truth::from(filters.watches(entry)),
            None if name.place.path.is_some() || filters.by_inode.is_empty() => Truth::False,
            None => Truth::unknown(Attribute::Path),
        }
    }

    /// Returns the states that the operations of one io_uring_enter can leave. Which operations run in the call, and
    /// which in a thread of their own, is a matter of timing.
    fn operations_of_enter(&mut self, contexts: Vec<Context>) -> Vec<Context> {
        let (filters, scene) = (&self.evaluator.filters, self.scene);
        let of_list = filters.io_uring.all().iter().map(|step| step.id());
        let by_inode = filters.having(&filters.by_inode, scene.call.number);
        let ids: Vec<FilterId> = of_list.chain(by_inode.iter().copied()).collect();
        let steps = filters.of(&ids).map(|(id, filter)| (id, filter, ()));
        walk(&contexts, steps, self.doubts, |filter, ()| filter.test_operation(scene))
    }
}

impl Filter {
    /// Returns whether the rule's fields match, in the lists task, exit and io_uring.
    fn test(&self, scene: &Scene<'_>, subject: Subject<'_, '_>) -> Truth {
        let mut result = Truth::True;
        for field in &self.rule.fields {
            result = result.and(self.holds(field, scene, subject));
            if result == Truth::False {
                break;
            }
        }
        result
    }

    /// Returns whether the rule can match an operation that runs in the call of io_uring_enter: such an operation has
    /// the task and the arguments of the call. It can have other users, by `IORING_REGISTER_PERSONALITY`.
    fn test_operation(&self, scene: &Scene<'_>) -> Truth {
        use crate::catalog::field;
        let subject = Subject::Call { name: Judged::None, moment: Moment::Exit };
        let is_of_call = |field: &&Field| {
            use field::{A0, A3, ARCH, AUID, EXE, LOGINUID_SET, PERS, PID, PPID, SESSIONID};
            let number = field.number();
            matches!(
                number,
                PID | PPID | AUID | LOGINUID_SET | SESSIONID | PERS | EXE | ARCH | A0..=A3
            )
        };
        let of_call = self.rule.fields.iter().filter(is_of_call);
        let operation = match self.rule.mask.is_empty() {
            true => Truth::False,
            false => Truth::unknown(Attribute::Op),
        };
        of_call.fold(operation, |so_far, field| so_far.and(self.holds(field, scene, subject)))
    }

    /// Returns whether the fields match of a rule on a list that judges the call as a whole.
    fn test_whole(&self, scene: &Scene<'_>) -> Truth {
        let mut result = Truth::True;
        for (field, id) in self.rule.fields.iter().zip(&self.conditions) {
            result = result.and(self.holds_for_whole(field, *id, scene));
            if result == Truth::False {
                break;
            }
        }
        result
    }

    /// Returns whether a condition of a rule on such a list holds.
    pub(super) fn holds_for_whole(
        &self,
        field: &Field,
        id: ConditionId,
        scene: &Scene<'_>,
    ) -> Truth {
        let subject = Subject::Call { name: Judged::None, moment: Moment::Exit };
        scene.answers.get(id, || self.holds(field, scene, subject))
    }
}

impl Evaluator {
    /// Returns whether the filesystem list drops a name: some `fstype` field of a `never` rule matches.
    pub(super) fn drops(&self, name: &SeenName<'_>, doubts: &mut Doubts) -> Truth {
        let mut dropped = Truth::False;
        for (_, filter) in self.filters.of(&self.filters.filesystem) {
            let drops = drops(filter, name.name.fstype);
            if let Truth::Unknown(attributes) = drops {
                doubt(doubts, Some(filter.serial), attributes);
            }
            dropped = dropped.or(drops);
        }
        dropped
    }
}

/// Returns whether a rule of the filesystem list drops the names of a file system.
pub(super) fn drops(filter: &Filter, fstype: Option<u32>) -> Truth {
    if filter.rule.action != Action::Never {
        return Truth::False;
    }
    filter.rule.fields.iter().fold(Truth::False, |dropped, field| {
        dropped.or(match field {
            Field::Number { op, value, .. } if field.number() == crate::catalog::field::FSTYPE => {
                Truth::of(fstype, Attribute::Fstype, |known| op.compares(known, *value))
            }
            _ => Truth::False,
        })
    })
}

/// Returns whether the mask of a rule has the syscall.
pub(super) fn masked(filter: &Filter, number: Option<u32>) -> Truth {
    match number {
        Some(number) => Truth::from(filter.rule.mask.contains(number)),
        None if filter.rule.mask.is_empty() => Truth::False,
        None => Truth::unknown(Attribute::Syscall),
    }
}

fn split_off(contexts: &mut Vec<Context>, is: impl Fn(&Context) -> bool) -> Vec<Context> {
    if !contexts.iter().any(&is) {
        return Vec::new();
    }
    let (off, kept) = contexts.iter().copied().partition(|context| is(context));
    *contexts = kept;
    off
}
