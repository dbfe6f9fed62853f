//! The command line: arguments, one call, an exit code.

/// Articles are many small pieces of text that one thread makes and another lets go; the
/// system's allocator takes a fifth of the time of `ingest`. Oxigraph gives back here what
/// RocksDB has allocated there, so this one must stand in for `malloc` as well, as it does
/// with its feature `override`.
#[cfg(all(feature = "store", target_os = "linux", target_env = "gnu"))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    youcheng::cli::main()
}
