//! The command line of trustpath: `trustpath fit MODEL DATA` and its sisters.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
