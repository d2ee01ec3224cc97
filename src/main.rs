//! The `cybercap` command.

use std::process::ExitCode;

use clap::Parser;
use cybercap::cli::{self, Cli};

fn main() -> ExitCode {
    let filter =
        tracing_subscriber::EnvFilter::try_from_env("CYBERCAP_LOG").unwrap_or_else(|_| "info".into());
    tracing_subscriber::fmt().json().with_writer(std::io::stderr).with_env_filter(filter).init();
    match cli::run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cybercap: {error}");
            ExitCode::FAILURE
        }
    }
}
