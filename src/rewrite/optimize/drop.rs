//! Rules that decide nothing: no call meets their conditions, or an earlier rule matches first.

use foldhash::HashMap;

use super::draft::{Draft, Edit};
use super::worker::may_match_in_worker;
use crate::analysis::Sides;
use crate::model::Home;
use crate::relate::{Conditions, Implications};
use crate::rule::{Field, FilterList, Mask, Rule, TextId};

pub(super) fn edits(draft: &Draft, sides: &Sides) -> Vec<Edit> {
    let mut earlier: Implications<'_, FilterList, (usize, &Mask)> = Implications::new();
    let mut watches = Watches::of(draft);
    let mut edits = Vec::new();
    for (at, rule) in draft.rules().filter(|(at, _)| draft.is_free(*at)) {
        let conditions = Conditions::of(rule);
        let is_for_syscalls = rule.list == FilterList::Exit && !may_match_in_worker(rule);
        if conditions.contradiction().is_some() || is_for_syscalls && sides.matched(rule).is_empty()
        {
            edits.extend(watches.may_lose(rule).then(|| drop(at, Vec::new())));
            continue;
        }
        let covers = |mask: &Mask| !rule.list.has_mask() || mask.contains_all(&rule.mask);
        let shadowing =
            earlier.implied_by(rule.list, &conditions).find(|(_, mask)| covers(mask)).copied();
        match shadowing {
            Some((place, _)) if watches.may_lose_match(rule) => edits.push(drop(at, vec![place])),
            Some(_) => {}
            None => earlier.insert(rule.list, conditions, (at, &rule.mask)),
        }
    }
    edits
}

fn drop(at: usize, witnesses: Vec<usize>) -> Edit {
    Edit { at, into: None, merged: Vec::new(), witnesses }
}

/// The watched paths. When a watched path is removed or moved away, the kernel tests all rules by inode for the call at once,
/// before those of the exit list (`audit_update_watch`), and the first that matches ends these tests. So while there are other
/// rules by inode, what they record depends on all of these that match, and on each watched path.
struct Watches<'d> {
    /// The number of rules by path.
    rules: HashMap<&'d [u8], usize>,
    /// The number of all rules by inode.
    by_inode: usize,
}

impl<'d> Watches<'d> {
    fn of(draft: &'d Draft) -> Self {
        let mut watches = Watches { rules: HashMap::default(), by_inode: 0 };
        for (_, rule) in draft.rules() {
            watches.by_inode += usize::from(Home::of(rule) == Home::InodeHash);
            if let Some(path) = path(rule) {
                *watches.rules.entry(path).or_default() += 1;
            }
        }
        watches
    }

    /// Returns whether a rule that matches calls may be dropped. Then it is not counted any more.
    fn may_lose_match(&mut self, rule: &'d Rule) -> bool {
        let is_alone = self.by_inode == 1 || Home::of(rule) == Home::List;
        is_alone && self.may_lose(rule)
    }

    /// Returns whether a rule that matches no call may be dropped. Then it is not counted any more.
    fn may_lose(&mut self, rule: &'d Rule) -> bool {
        let Some(rules) = path(rule).and_then(|path| self.rules.get_mut(path)) else { return true };
        let is_last = *rules == 1;
        if is_last && self.by_inode > 1 {
            return false;
        }
        *rules -= 1;
        self.by_inode -= 1;
        true
    }
}

fn path(rule: &Rule) -> Option<&[u8]> {
    rule.fields.iter().find_map(|condition| match condition {
        Field::Text { id: TextId::PATH, text, .. } => Some(&**text),
        _ => None,
    })
}
