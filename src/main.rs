//! The command line: arguments, one call, an exit code.

fn main() -> std::process::ExitCode {
    youcheng::cli::main()
}
