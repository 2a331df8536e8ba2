//! The tests that share a boot. The tests of failures are not here: each of them ends its machine.

use crate::group::Group;
use crate::{boot, listings, loads, model, refusals, smoke};

/// Jobs on a kernel whose audit system has not been switched on. Those that switch it on come last.
pub(crate) static PLAIN: Group = Group::new(&[
    ("refusals::nothing_is_half_loaded", refusals::half_loaded),
    ("refusals::others_than_root_are_told", refusals::others_than_root),
    ("refusals::roots_of_namespaces_are_told", refusals::roots_of_namespaces),
    ("model::the_model_answers_as_the_kernel", model::sequences),
    ("listings::random_rules_are_listed_alike", listings::random),
    ("listings::files_are_listed_alike", listings::files),
    ("loads::fixtures_load", loads::fixtures),
    // It locks the rules.
    ("boot::debian_boots_with_ours", boot::both),
]);

/// Jobs whose tasks are audited.
pub(crate) static AUDITED: Group = Group::new(&[
    ("smoke::a_job_comes_back", smoke::everything),
    ("loads::debian_rules_load_alike", loads::debian),
    // It locks the rules.
    ("refusals::locked_rules_stay", refusals::locked),
]);
