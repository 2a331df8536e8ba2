//! The harness itself: a job comes back whole, and a job that fails is reported.

use std::time::Duration;

use crate::harness::{Guest, guest};
use crate::job::Job;
use crate::shared::outcomes;

pub(crate) fn everything(_: &Guest) -> Job {
    Job::audited(
        "uname -r
        record version auditctl -v
        record ours rauditctl -v
        record state auditctl -s
        record account as_user alice 'id -un; id -u'
        mkdir /out/deep
        cat /job/bytes /job/bytes >/out/deep/twice
        exit 7",
    )
    .file("/job/bytes", b"\x00\r\n\xff")
}

#[test]
fn a_job_comes_back() {
    for (_, outcome) in outcomes("smoke::a_job_comes_back") {
        assert_eq!(outcome.status, 7, "{}\n{}", outcome.stdout, outcome.console);
        assert!(outcome.stdout.contains("-cloud-amd64\n"), "{}", outcome.stdout);
        assert!(outcome.step("version").out.starts_with("auditctl version "));
        assert_eq!(outcome.step("ours").status, 0, "{:?}", outcome.step("ours"));
        assert!(outcome.step("state").out.starts_with("enabled 1\n"));
        assert_eq!(outcome.step("account").out, "alice\n1000\n");
        assert_eq!(outcome.files["deep/twice"], b"\x00\r\n\xff\x00\r\n\xff");
    }
}

#[test]
fn a_crash_is_reported() {
    let Some(guest) = guest() else { return };
    let failure = guest.run(&Job::new("echo before\necho c >/proc/sysrq-trigger")).unwrap_err();
    let text = failure.to_string();
    assert!(text.starts_with("the guest's kernel crashed\n"), "{text}");
    assert!(text.contains("before"), "{text}");
}

#[test]
fn time_runs_out() {
    let Some(guest) = guest() else { return };
    let job = Job::new("sleep 1000").timeout(Duration::from_secs(1));
    let failure = guest.run(&job).unwrap_err();
    assert!(failure.to_string().starts_with("the guest was not done after 1s\n"));
}
