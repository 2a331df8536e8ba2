//! Binary search in the generated tables.

/// Returns the number of `name`, in any case, in a table sorted by lower-case names.
pub(super) fn lower<T: Copy>(table: &[(&str, T)], name: &[u8]) -> Option<T> {
    match name.iter().any(u8::is_ascii_uppercase) {
        true => exact(table, &name.to_ascii_lowercase()),
        false => exact(table, name),
    }
}

/// Returns the number of `name`, in any case, in a table sorted by upper-case names.
pub(super) fn upper<T: Copy>(table: &[(&str, T)], name: &[u8]) -> Option<T> {
    match name.iter().any(u8::is_ascii_lowercase) {
        true => exact(table, &name.to_ascii_uppercase()),
        false => exact(table, name),
    }
}

/// Returns the entry for `key` in a table sorted by its keys.
pub(super) fn entry<K: Copy + Ord, T: Copy>(table: &[(K, T)], key: K) -> Option<T> {
    let at = table.binary_search_by_key(&key, |(entry, _)| *entry).ok()?;
    table.get(at).map(|(_, value)| *value)
}

fn exact<T: Copy>(table: &[(&str, T)], name: &[u8]) -> Option<T> {
    let at = table.binary_search_by(|(entry, _)| entry.as_bytes().cmp(name)).ok()?;
    table.get(at).map(|(_, value)| *value)
}

#[cfg(test)]
mod tests {
    use super::super::generated::*;
    use super::super::{Arch, KnownList, Operator};
    use super::*;

    /// Checks that keys are sorted and unique, as binary search requires.
    fn ascending<T: PartialOrd + std::fmt::Debug>(what: &str, keys: impl Iterator<Item = T>) {
        let keys: Vec<T> = keys.collect();
        assert!(!keys.is_empty(), "{what} is empty");
        for pair in keys.windows(2) {
            assert!(pair[0] < pair[1], "{what}: {:?} before {:?}", pair[0], pair[1]);
        }
    }

    #[test]
    fn tables_are_sorted_and_unique() {
        type BothWays<'a> = (&'a str, &'a [(&'a str, u32)], &'a [(u32, &'a str)]);
        let both_ways: [BothWays<'_>; 7] = [
            ("errnos", errnos::BY_NAME, errnos::BY_NUMBER),
            ("families", families::BY_NAME, families::BY_NUMBER),
            ("fields", fields::BY_NAME, fields::BY_NUMBER),
            ("filetypes", filetypes::BY_NAME, filetypes::BY_NUMBER),
            ("fstypes", fstypes::BY_NAME, fstypes::BY_NUMBER),
            ("msgtypes", msgtypes::BY_NAME, msgtypes::BY_NUMBER),
            ("uring_ops", uring_ops::BY_NAME, uring_ops::BY_NUMBER),
        ];
        for (what, by_name, by_number) in both_ways {
            ascending(what, by_name.iter().map(|(name, _)| *name));
            ascending(what, by_number.iter().map(|(number, _)| *number));
            for (number, name) in by_number {
                assert!(
                    by_name.contains(&(*name, *number)),
                    "{what}: {name} is not {number} by name"
                );
            }
            for (name, number) in by_name {
                assert!(
                    by_number.iter().any(|(n, _)| n == number),
                    "{what}: nothing is {number}, {name}"
                );
            }
        }
        ascending("names of syscalls", syscall_names::NAMES.iter());
        ascending("arch names", arches::BY_NAME.iter().map(|(name, _)| *name));
        ascending("arch ids", arches::BY_ELF.iter().map(|(elf, _)| *elf));
        ascending("field rows", fields::ROWS.iter().map(|row| row.number));
        ascending("other msgtypes", msgtypes::OTHERS.iter().map(|(number, _)| *number));
        ascending("comparisons", compare::PAIRS.iter().map(|(number, _, _)| *number));
        ascending("replacements", replacements::REPLACEMENTS.iter().map(|(name, _)| *name));
        ascending("successors", successors::SUCCESSORS.iter().map(|(name, _)| *name));
        ascending("lists", KnownList::ALL.iter().map(|list| list.number()));
    }

    #[test]
    fn syscall_tables_are_sorted_and_unique() {
        for arch in Arch::ALL {
            let table = arch.table();
            let name = arch.common_name();
            ascending(name, table.by_number.iter().map(|row| row.number));
        }
    }

    #[test]
    fn finds_names_that_sort_between_the_cases() {
        // `_` sorts between upper and lower case, so each table must be searched in its own case.
        assert_eq!(upper(msgtypes::BY_NAME, b"user_login"), Some(1112));
        assert_eq!(lower(fields::BY_NAME, b"OBJ_LEV_LOW"), Some(22));
        assert_eq!(lower(fields::BY_NAME, b"obj_lev_low\0"), None);
        assert_eq!(lower(fields::BY_NAME, b""), None);
    }

    #[test]
    fn finds_operators_by_symbol_and_bits() {
        for operator in Operator::ALL {
            assert_eq!(Operator::from_bits(operator.bits()), Some(operator));
            assert_eq!(Operator::from_symbol(operator.symbol().as_bytes()), Some(operator));
            assert_eq!(operator.bits() & !Operator::MASK, 0);
        }
    }
}
