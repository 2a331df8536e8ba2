//! Stories of the command line in `tests/cmd`, none of which needs root or a kernel.
//!
//! `TRYCMD=overwrite cargo test cli` writes the expected output anew.

#[test]
fn the_stories_are_true() {
    trycmd::TestCases::new()
        .env("NO_COLOR", "1")
        .env("LC_ALL", "C")
        .case("tests/cmd/*.trycmd")
        .case("tests/cmd/*.toml");
}
