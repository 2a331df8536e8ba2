//! See the library's documentation for how it works, and rauditctl(8) for how it is used.

fn main() -> std::process::ExitCode {
    rauditctl::cli::main()
}
