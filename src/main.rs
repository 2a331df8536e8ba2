//! See the library's documentation for how it works, and rauditctl(8) for how it is used.

#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    rauditctl::cli::main()
}
