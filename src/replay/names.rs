//! Names of fields that rules test.

/// Names of fields, with a table that excludes nearly all others at once: records have many fields, and rules test few.
#[derive(Clone, Debug)]
pub(super) struct Names {
    names: Vec<&'static [u8]>,
    /// Whether a name has the form.
    forms: [bool; 256],
}

impl Default for Names {
    fn default() -> Self {
        Names { names: Vec::new(), forms: [false; 256] }
    }
}

impl Names {
    /// Adds names.
    pub(super) fn extend(&mut self, names: &[&'static [u8]]) {
        for name in names.iter().filter(|name| !self.names.contains(name)).collect::<Vec<_>>() {
            self.names.push(name);
            if let Some(form) = self.forms.get_mut(usize::from(form(name))) {
                *form = true;
            }
        }
    }

    /// Returns whether a name is among them.
    pub(super) fn contains(&self, name: &[u8]) -> bool {
        self.forms.get(usize::from(form(name))).is_some_and(|known| *known)
            && self.names.contains(&name)
    }

    pub(super) fn as_slice(&self) -> &[&'static [u8]] {
        &self.names
    }

    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

/// Returns a number of a name, from its length and its ends: few names have the same.
#[expect(clippy::cast_possible_truncation, reason = "the low bits are wanted")]
fn form(name: &[u8]) -> u8 {
    let [first, last] = [name.first(), name.last()].map(|end| end.copied().unwrap_or_default());
    first.wrapping_mul(3) ^ last.wrapping_mul(29) ^ (name.len() as u8).wrapping_mul(67)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_what_was_added_and_nothing_else() {
        let known: [&[u8]; 6] = [b"uid", b"auid", b"a0", b"exe", b"", b"a"];
        let mut names = Names::default();
        assert!(names.is_empty());
        names.extend(&known);
        names.extend(&known);
        assert_eq!(names.as_slice(), known);
        assert!(known.iter().all(|name| names.contains(name)));
        // The last two have the ends and the length of a known name.
        for other in [&b"a1"[..], b"gid", b"auid2", b"uxd", b"axxd"] {
            assert!(!names.contains(other), "{other:?}");
        }
    }
}
