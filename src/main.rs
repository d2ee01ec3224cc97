//! The `cybercap` command.

use std::process::ExitCode;

use clap::Parser;
use cybercap::cli::{self, Cli};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter = tracing_subscriber::EnvFilter::try_from_env("CYBERCAP_LOG")
        .unwrap_or_else(|_| cli.log_level().into());
    tracing_subscriber::fmt().json().with_writer(std::io::stderr).with_env_filter(filter).init();
    match cli::run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let cause = error.cause.map(|cause| format!(" ({cause})")).unwrap_or_default();
            eprintln!("cybercap: {}{cause}", error.detail);
            ExitCode::FAILURE
        }
    }
}
