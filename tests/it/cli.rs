//! Runs the commands in `tests/cmd`, and compares their output. None of them needs root or a kernel.
//!
//! `TRYCMD=overwrite cargo test --test it cli` rewrites the expected output.

/// Prints the command that rewrites the files, if the test fails.
struct Hint;

impl Drop for Hint {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("to rewrite the snapshots: TRYCMD=overwrite cargo test --test it cli");
        }
    }
}

#[test]
fn prints_the_expected_output() {
    let _hint = Hint;
    trycmd::TestCases::new()
        .env("NO_COLOR", "1")
        .env("LC_ALL", "C")
        .case("tests/cmd/*.trycmd")
        .case("tests/cmd/*.toml");
}
