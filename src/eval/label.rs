//! Security labels, as SELinux and AppArmor compare them.

use super::attribute::Attribute;
use super::field::as_asked;
use super::truth::Truth;
use crate::catalog::{Operator, field};
use crate::rule::Op;

/// A part of a label that a rule can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    User,
    Role,
    Type,
    LowLevel,
    HighLevel,
}

impl Part {
    /// Returns the part that a `subj_*` field names.
    pub(super) const fn of_subject(number: u32) -> Self {
        match number {
            field::SUBJ_USER => Part::User,
            field::SUBJ_ROLE => Part::Role,
            field::SUBJ_TYPE => Part::Type,
            field::SUBJ_SEN => Part::LowLevel,
            _ => Part::HighLevel,
        }
    }

    /// Returns the part that an `obj_*` field names.
    pub(super) const fn of_object(number: u32) -> Self {
        match number {
            field::OBJ_USER => Part::User,
            field::OBJ_ROLE => Part::Role,
            field::OBJ_TYPE => Part::Type,
            field::OBJ_LEV_LOW => Part::LowLevel,
            _ => Part::HighLevel,
        }
    }
}

/// Returns whether a part of a label compares like this.
///
/// A label of SELinux is `user:role:type`, or `user:role:type:low-high`. Levels are ordered by the loaded policy, so
/// an order is known only for equal levels. Any other label is of AppArmor, which compares only whole labels, as
/// `subj_role` (`aa_audit_rule_match`, security/apparmor/audit.c).
pub(super) fn compares(
    label: Option<&[u8]>,
    attribute: Attribute,
    part: Part,
    op: Op,
    wanted: &[u8],
) -> Truth {
    let Some(label) = label else { return Truth::unknown(attribute) };
    let mut parts = label.splitn(4, |byte| *byte == b':');
    let (user, role, kind, range) = (parts.next(), parts.next(), parts.next(), parts.next());
    let named = match (part, role.and(kind)) {
        (Part::Role, None) => Some(profile(label)),
        (_, None) => None,
        (Part::User, _) => user,
        (Part::Role, _) => role,
        (Part::Type, _) => kind,
        (Part::LowLevel, _) => range.map(|range| level(range, Part::LowLevel)),
        (Part::HighLevel, _) => range.map(|range| level(range, Part::HighLevel)),
    };
    let Some(named) = named else { return Truth::False };
    match op {
        Op::Known(Operator::Equal | Operator::NotEqual) => as_asked((named == wanted).into(), op),
        Op::Known(Operator::LessEqual | Operator::GreaterEqual) if named == wanted => Truth::True,
        Op::Known(Operator::Less | Operator::Greater) if named == wanted => Truth::False,
        _ => Truth::unknown(attribute),
    }
}

/// Returns whether a label has the form of AppArmor's.
pub(super) fn is_of_apparmor(label: &[u8]) -> bool {
    label.splitn(3, |byte| *byte == b':').count() < 3
}

/// Returns the name of AppArmor's profile, without its mode.
fn profile(label: &[u8]) -> &[u8] {
    let name = label.strip_suffix(b")").and_then(|label| {
        let start = memchr::memmem::rfind(label, b" (")?;
        label.get(..start)
    });
    name.unwrap_or(label)
}

/// Returns one end of a range of levels. Levels have no `-`.
fn level(range: &[u8], part: Part) -> &[u8] {
    let mut levels = range.splitn(2, |byte| *byte == b'-');
    let low = levels.next().unwrap_or_default();
    match part {
        Part::HighLevel => levels.next().unwrap_or(low),
        _ => low,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(label: &[u8], part: Part, wanted: &[u8]) -> Truth {
        compares(Some(label), Attribute::Subj, part, Op::EQUAL, wanted)
    }

    #[test]
    fn parts_of_selinux_labels() {
        let label = b"staff_u:staff_r:staff_t:s0-s15:c0.c1023";
        assert_eq!(holds(label, Part::User, b"staff_u"), Truth::True);
        assert_eq!(holds(label, Part::Type, b"staff_t"), Truth::True);
        assert_eq!(holds(label, Part::LowLevel, b"s0"), Truth::True);
        assert_eq!(holds(label, Part::HighLevel, b"s15:c0.c1023"), Truth::True);
        assert_eq!(holds(b"u:r:t", Part::HighLevel, b"s0"), Truth::False);
    }

    #[test]
    fn apparmor_has_roles_only() {
        assert_eq!(holds(b"unconfined", Part::Role, b"unconfined"), Truth::True);
        assert_eq!(holds(b"/usr/bin/man (enforce)", Part::Role, b"/usr/bin/man"), Truth::True);
        assert_eq!(holds(b"unconfined", Part::Type, b"unconfined"), Truth::False);
    }

    #[test]
    fn levels_are_ordered_by_the_policy() {
        let less = Op::Known(Operator::Less);
        let is_less =
            |wanted| compares(Some(b"u:r:t:s1"), Attribute::Subj, Part::LowLevel, less, wanted);
        assert_eq!(is_less(b"s1"), Truth::False);
        assert_eq!(is_less(b"s2"), Truth::unknown(Attribute::Subj));
    }
}
