//! The command line: arguments, one call, an exit code.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
