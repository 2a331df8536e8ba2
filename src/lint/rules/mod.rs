//! The lints, one for each file. `LINT` defines the lint; the page is the Markdown file of the same name.

use super::definition::Lint;

mod c101_syscall_without_arch;
mod c102_counterpart_missing;
mod c103_duplicate_rule;
mod c104_shadowed_rule;
mod c105_contradiction;
mod c106_skipped_rule;
mod c107_delete_all_after_rules;
mod c108_backlog_not_set;
mod c109_setting_repeated;
mod c110_task_list_rule;
mod c111_newer_syscall_missing;
mod c112_uring_counterpart_missing;
mod c113_eperm_without_eacces;
mod c114_key_missing;
mod c115_syscall_newer_than_kernel;
mod c116_exclude_drops_events;
mod c117_action_without_effect;
mod c118_field_not_tested;
mod c119_condition_missing;
mod c120_never_too_late;
mod c121_path_in_earlier_tree;
mod c122_no_file_named;
mod c123_access_never_matches;
mod c124_argument_mistaken;
mod c125_sign_of_exit;
mod c126_auid_may_be_unset;
mod c127_panic_when_full;
mod c128_switched_off;
mod c129_other_machine;
mod c130_multiplexer_missing;
mod c131_result_unknown;
mod c132_replaced_file;
mod c133_misread_value;
mod c134_no_address;
mod c140_quoted_value;
mod e073_newer_than_kernel;
mod e074_newer_than_auditctl;
mod e075_deleted_rule_missing;
mod p101_watch_arms_everything;
mod p102_perm_without_arch;
mod p103_no_syscalls;
mod p104_all_syscalls;
mod p105_mergeable_rules;
mod p106_hot_syscall;
mod p107_field_order;
mod p108_long_walk;
mod p109_bitmap_switched_off;
mod r101_no_final_newline;
mod r102_carriage_return;
mod r103_tab;
mod r104_byte_order_mark;
mod r105_long_line;
mod r106_odd_watch_path;
mod r107_trailing_slash;
mod r108_account_by_name;
mod r109_path_missing;
mod r110_short_lived_path;
mod r111_stops_at_first_error;
mod r112_failure_mode_not_set;
mod r113_symbolic_link;
mod r114_path_of_directory;
mod r115_nul_byte;
mod s101_old_style_watch;
mod s102_mixed_key_forms;
mod s103_comment_lost_in_merge;
mod s190_unused_suppression;

/// Every lint that is not an error of the compiler, by code.
pub(super) static LINTS: &[&Lint] = &[
    &c101_syscall_without_arch::LINT,
    &c102_counterpart_missing::LINT,
    &c103_duplicate_rule::LINT,
    &c104_shadowed_rule::LINT,
    &c105_contradiction::LINT,
    &c106_skipped_rule::LINT,
    &c107_delete_all_after_rules::LINT,
    &c108_backlog_not_set::LINT,
    &c109_setting_repeated::LINT,
    &c110_task_list_rule::LINT,
    &c111_newer_syscall_missing::LINT,
    &c112_uring_counterpart_missing::LINT,
    &c113_eperm_without_eacces::LINT,
    &c114_key_missing::LINT,
    &c115_syscall_newer_than_kernel::LINT,
    &c116_exclude_drops_events::LINT,
    &c117_action_without_effect::LINT,
    &c118_field_not_tested::LINT,
    &c119_condition_missing::LINT,
    &c120_never_too_late::LINT,
    &c121_path_in_earlier_tree::LINT,
    &c122_no_file_named::LINT,
    &c123_access_never_matches::LINT,
    &c124_argument_mistaken::LINT,
    &c125_sign_of_exit::LINT,
    &c126_auid_may_be_unset::LINT,
    &c127_panic_when_full::LINT,
    &c128_switched_off::LINT,
    &c129_other_machine::LINT,
    &c130_multiplexer_missing::LINT,
    &c131_result_unknown::LINT,
    &c132_replaced_file::LINT,
    &c133_misread_value::LINT,
    &c134_no_address::LINT,
    &c140_quoted_value::LINT,
    &e073_newer_than_kernel::LINT,
    &e074_newer_than_auditctl::LINT,
    &e075_deleted_rule_missing::LINT,
    &p101_watch_arms_everything::LINT,
    &p102_perm_without_arch::LINT,
    &p103_no_syscalls::LINT,
    &p104_all_syscalls::LINT,
    &p105_mergeable_rules::LINT,
    &p106_hot_syscall::LINT,
    &p107_field_order::LINT,
    &p108_long_walk::LINT,
    &p109_bitmap_switched_off::LINT,
    &r101_no_final_newline::LINT,
    &r102_carriage_return::LINT,
    &r103_tab::LINT,
    &r104_byte_order_mark::LINT,
    &r105_long_line::LINT,
    &r106_odd_watch_path::LINT,
    &r107_trailing_slash::LINT,
    &r108_account_by_name::LINT,
    &r109_path_missing::LINT,
    &r110_short_lived_path::LINT,
    &r111_stops_at_first_error::LINT,
    &r112_failure_mode_not_set::LINT,
    &r113_symbolic_link::LINT,
    &r114_path_of_directory::LINT,
    &r115_nul_byte::LINT,
    &s101_old_style_watch::LINT,
    &s102_mixed_key_forms::LINT,
    &s103_comment_lost_in_merge::LINT,
    &s190_unused_suppression::LINT,
];

pub(super) use s190_unused_suppression::LINT as UNUSED_SUPPRESSION;
