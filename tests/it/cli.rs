//! Stories of the command line in `tests/cmd`, none of which needs root or a kernel.
//!
//! `TRYCMD=overwrite cargo test cli` writes the expected output anew.

/// Prints the command that rewrites the stories, if the test fails.
struct Hint;

impl Drop for Hint {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("to rewrite the snapshots: TRYCMD=overwrite cargo test --test it cli");
        }
    }
}

#[test]
fn the_stories_are_true() {
    let _hint = Hint;
    trycmd::TestCases::new()
        .env("NO_COLOR", "1")
        .env("LC_ALL", "C")
        .case("tests/cmd/*.trycmd")
        .case("tests/cmd/*.toml");
}
