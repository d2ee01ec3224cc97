//! The command line: `serve`, and what an operator needs around it.

mod audit;
mod certificates;
mod checks;
mod database;
mod import;
mod letters;
mod people;
mod serve;
mod settings;

use std::path::PathBuf;

use clap::{CommandFactory, Parser, Subcommand};

use crate::config::{Config, Flags};
use crate::kernel::Result;
use crate::routes;

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
    /// Serves the API. On an empty database it prints a link for the first administrator.
    Serve {
        /// Address and port; port 0 takes a free one.
        #[arg(long, value_name = "ADDRESS:PORT")]
        listen: Option<String>,
        /// Fills an empty database with a believable year and prints logins; on this machine only.
        #[arg(long)]
        demo: bool,
    },
    /// Brings the database to this version's schema.
    Migrate {
        /// Only names what would run.
        #[arg(long)]
        dry_run: bool,
    },
    /// Fills an empty database with a believable year, and prints logins.
    Demo,
    /// Invites people and helps those who can't log in.
    #[command(subcommand)]
    User(people::UserCommand),
    /// Keys that sign access tokens.
    #[command(subcommand)]
    Keys(people::KeysCommand),
    /// Letters.
    #[command(subcommand)]
    Mail(MailCommand),
    /// Enters a file of programs or milestones in the name of a person.
    Import(import::Import),
    /// Shows settings.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Looks at clock, secrets, database, mail and base URL, and says how to fix what is wrong.
    Doctor,
    /// Copies the SQLite database into a file while it is in use, and checks the copy.
    Backup {
        /// File to write; it must not exist.
        file: PathBuf,
    },
    /// Puts a backup in the place of the SQLite database; the server must be stopped. People log in anew, and letters that
    /// may have been sent since the backup are held.
    Restore {
        /// File made by `backup`. Left out for PostgreSQL, after its own tools put a backup back.
        file: Option<PathBuf>,
        /// Only checks the file.
        #[arg(long, requires = "file")]
        verify: bool,
    },
    /// Checks or exports the audit chain.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Checks a certificate, and keeps the keys that sign them.
    #[command(subcommand)]
    Certificate(certificates::CertificateCommand),
    /// Prints the OpenAPI document.
    Openapi,
    /// Prints completions for a shell.
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
    /// Prints the version.
    Version,
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Prints every setting with its value and its source; secrets are hidden.
    Show,
}

#[derive(Debug, Subcommand)]
enum MailCommand {
    /// Writes letters that wait for their day into a folder as .eml files, as they would go out now; none is sent.
    Preview {
        /// Folder to write to.
        folder: PathBuf,
        /// Only letters of this rule, for example M2.
        #[arg(long)]
        rule: Option<String>,
        /// In this language instead of each recipient's own.
        #[arg(long)]
        language: Option<String>,
        /// At most so many, the next ones first.
        #[arg(long, default_value_t = 20)]
        limit: u32,
    },
    /// Sends one letter over the configured transport.
    Test {
        /// Where to.
        address: String,
    },
}

impl Cli {
    /// The least serious log lines that this command writes to standard error, unless `CYBERCAP_LOG` says otherwise.
    pub fn log_level(&self) -> &'static str {
        match self.command {
            Command::Serve { .. } => "info",
            _ => "warn",
        }
    }

    fn flags(&self) -> Flags {
        let listen = match &self.command {
            Command::Serve { listen, .. } => listen.clone(),
            _ => None,
        };
        Flags { listen, data_dir: self.data_dir.clone(), database_url: self.database_url.clone() }
    }
}

/// Runs the command line.
///
/// # Errors
/// In one sentence what went wrong and how to fix it.
pub fn run(cli: Cli) -> Result<()> {
    let flags = cli.flags();
    let file = cli.config.as_deref();
    let config = || Config::read(file, &flags);
    match cli.command {
        Command::Serve { demo, .. } => {
            let config = config()?;
            actix_web::rt::System::new().block_on(serve::serve(config, demo))
        }
        Command::Migrate { dry_run } => database::migrate(&config()?, dry_run),
        Command::Demo => {
            let config = config()?;
            actix_web::rt::System::new().block_on(serve::fill(config))
        }
        Command::User(command) => people::user(&config()?, command),
        Command::Keys(command) => people::signing_keys(&config()?, &command),
        Command::Import(wanted) => {
            let config = config()?;
            actix_web::rt::System::new().block_on(import::import(config, wanted))
        }
        Command::Mail(MailCommand::Preview { folder, rule, language, limit }) => {
            let wanted = letters::Wanted { rule, language, limit };
            letters::preview(&config()?, &folder, &wanted)
        }
        Command::Mail(MailCommand::Test { address }) => letters::test(&config()?, &address),
        Command::Config(ConfigCommand::Show) => settings::show(file, &flags),
        Command::Doctor => checks::doctor(config()),
        Command::Backup { file } => database::backup(&config()?, &file),
        Command::Restore { file: Some(file), verify: true } => database::verify(&file),
        Command::Restore { file: Some(file), verify: false } => database::restore(&config()?, &file),
        Command::Restore { file: None, .. } => database::restored(&config()?),
        Command::Audit(command) => audit::run(command, config),
        Command::Certificate(command) => certificates::run(command, config),
        Command::Openapi => {
            println!("{:#}", routes::document_json());
            Ok(())
        }
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "cybercap", &mut std::io::stdout());
            Ok(())
        }
        Command::Version => {
            println!("cybercap {}", env!("CARGO_PKG_VERSION"));
            Ok(())
        }
    }
}
