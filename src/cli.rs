//! The command line: `serve`, `migrate`, and what an operator needs.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::app::{self, Parts};
use crate::config::{Config, Flags};
use crate::kernel::{Error, Result};
use crate::platform::clock::Clock;
use crate::platform::migrate;

/// Runs cyber and AI capacity-building programs with partner countries.
#[derive(Debug, Parser)]
#[command(name = "cybercap", version)]
pub struct Cli {
    /// File with settings that differ from the defaults.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Folder of the SQLite file and the key file.
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// `postgres://user:password@host/database` instead of the SQLite file.
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves the API.
    Serve {
        /// Address and port; port 0 takes a free one.
        #[arg(long, value_name = "ADDRESS:PORT")]
        listen: Option<String>,
    },
    /// Brings the database to this version's schema.
    Migrate {
        /// Only names what would run.
        #[arg(long)]
        dry_run: bool,
    },
}

/// Runs the command line.
///
/// # Errors
/// In one sentence what went wrong and how to fix it.
pub fn run(cli: Cli) -> Result<()> {
    let listen = match &cli.command {
        Command::Serve { listen } => listen.clone(),
        Command::Migrate { .. } => None,
    };
    let flags = Flags { listen, data_dir: cli.data_dir, database_url: cli.database_url };
    let config = Config::read(cli.config.as_deref(), &flags)?;
    match cli.command {
        Command::Serve { .. } => actix_web::rt::System::new().block_on(serve(config)),
        Command::Migrate { dry_run } => migrate_command(&config, dry_run),
    }
}

async fn serve(config: Config) -> Result<()> {
    app::make_data_dir(&config)?;
    let (listener, address) = app::bind(&config.server.listen)?;
    let base_url = match config.server.base_url.as_str() {
        "" => format!("http://{address}"),
        url => url.trim_end_matches('/').to_owned(),
    };
    let parts = Parts::open(config, Clock::machine(), base_url)?;
    let server = app::serve(parts, listener).map_err(Error::internal)?;
    println!("{}", serde_json::json!({ "listening": format!("http://{address}") }));
    server.await.map_err(Error::internal)
}

fn migrate_command(config: &Config, dry_run: bool) -> Result<()> {
    app::make_data_dir(config)?;
    let names = if dry_run {
        migrate::pending(&config.database_url())?
    } else {
        migrate::migrate(&config.database_url())?
    };
    for name in &names {
        println!("{name}");
    }
    Ok(())
}
