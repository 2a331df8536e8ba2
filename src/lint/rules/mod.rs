//! The lints, one a file: its head is its page, and its `LINT` is what the registry lists.
//!
//! The examples of a page are rules, and rustdoc takes whatever is indented for Rust: it does not get to see the
//! files, neither for tests nor for documents (docs/lints has the pages).

use super::registry::Lint;

macro_rules! lints {
    ($($module:ident,)*) => {
        $(#[cfg(not(any(doc, doctest)))] mod $module;)*

        /// Every lint that is not one of the compiler's own codes, by code.
        pub(super) static LINTS: &[&Lint] = &[$(#[cfg(not(any(doc, doctest)))] &$module::LINT,)*];
    };
}

lints! {
    c101_syscall_without_arch,
    c102_twin_missing,
    c103_duplicate_rule,
    c104_shadowed_rule,
    c105_contradiction,
    c106_skipped_rule,
    c107_delete_all_behind_rules,
    c108_backlog_not_set,
    c109_setting_repeated,
    c110_task_list_rule,
    c111_newer_syscall_missing,
    c112_uring_twin_missing,
    c113_eperm_without_eacces,
    c114_key_missing,
    c115_syscall_newer_than_kernel,
    e073_newer_than_kernel,
    p101_watch_arms_everything,
    p102_perm_without_arch,
    p103_no_syscalls,
    p104_all_syscalls,
    p105_mergeable_rules,
    p106_hot_syscall,
    p107_field_order,
    p108_long_walk,
    p109_bitmap_switched_off,
    r101_no_final_newline,
    r102_carriage_return,
    r103_tab,
    r104_byte_order_mark,
    r105_long_line,
    r106_odd_watch_path,
    r107_trailing_slash,
    r108_account_by_name,
    r109_path_missing,
    r110_short_lived_path,
    r111_stops_at_first_error,
    r112_failure_mode_not_set,
    s101_old_style_watch,
    s102_mixed_key_forms,
    s103_comment_lost_in_merge,
    s190_unused_suppression,
}

#[cfg(any(doc, doctest))]
pub(super) use super::errors::BAD_SUPPRESSION as UNUSED_SUPPRESSION;
#[cfg(not(any(doc, doctest)))]
pub(super) use s190_unused_suppression::LINT as UNUSED_SUPPRESSION;
