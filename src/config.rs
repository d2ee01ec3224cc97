//! Settings: `config/default.toml` is complete and compiled in; a file, the environment and flags override it.

use std::path::{Path, PathBuf};

use figment::providers::{Env, Format, Serialized, Toml};
use figment::{Figment, Metadata, Profile, Provider};
use serde::Deserialize;

use crate::kernel::{Error, Result};
use crate::platform::keys::Master;
use crate::platform::password::Cost;

/// Every setting with its default and its comment.
pub const DEFAULTS: &str = include_str!("../config/default.toml");
/// Prefix of environment variables: `CYBERCAP_SERVER__LISTEN`.
const PREFIX: &str = "CYBERCAP_";

/// The settings of one installation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The HTTP side.
    pub server: Server,
    /// Where rows live.
    pub database: Database,
    /// Keys, passwords, sessions.
    pub security: Security,
}

/// The HTTP side.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Address and port; port 0 takes a free one.
    pub listen: String,
    /// The address that people use, without a slash at the end; empty: made from `listen`.
    pub base_url: String,
    /// Threads that serve HTTP; 0 is one a core.
    pub workers: usize,
    /// Hosts that may be asked for besides that of `base_url`.
    pub allowed_hosts: Vec<String>,
}

/// Where rows live.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// Empty: `cybercap.db` in the data folder; or `postgres://...`.
    pub url: String,
    /// Folder of the SQLite file and the key file.
    pub data_dir: PathBuf,
    /// Database threads; 0 is one a core for SQLite, twice that and one for PostgreSQL.
    pub threads: usize,
}

/// Keys, passwords, sessions.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Security {
    /// 64 hexadecimal digits; empty: `master.key` in the data folder, made at the first start.
    pub master_key: secrecy::SecretString,
    /// Cost of a password hash.
    pub argon2: Cost,
    /// Administrators need a second factor before they can do anything else.
    pub administrators_need_second_factor: bool,
}

/// What the command line sets; the strongest source.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// `--listen`.
    pub listen: Option<String>,
    /// `--data-dir`.
    pub data_dir: Option<PathBuf>,
    /// `--database-url`.
    pub database_url: Option<String>,
}

impl Config {
    /// Reads the settings: defaults, then the file, then the environment, then flags.
    ///
    /// # Errors
    /// 503 that names the setting, its source and what would be right; unknown keys are refused.
    pub fn read(file: Option<&Path>, flags: &Flags) -> Result<Config> {
        figment(file, flags)?.extract().map_err(explain)
    }

    /// The database's URL or file.
    pub fn database_url(&self) -> String {
        match self.database.url.as_str() {
            "" => self.database.data_dir.join("cybercap.db").to_string_lossy().into_owned(),
            url => url.to_owned(),
        }
    }

    /// Database threads to start.
    pub fn database_threads(&self) -> usize {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        match (self.database.threads, crate::platform::connection::Flavor::of(&self.database_url())) {
            (0, crate::platform::connection::Flavor::Sqlite) => cores,
            (0, crate::platform::connection::Flavor::Postgres) => 2 * cores + 1,
            (set, _) => set,
        }
    }

    /// The master key, from the setting or from its file, which is made when missing.
    ///
    /// # Errors
    /// When the key or its file can't be used.
    pub fn master(&self) -> Result<Master> {
        use secrecy::ExposeSecret;
        match self.security.master_key.expose_secret() {
            "" => Master::from_file(&self.database.data_dir.join("master.key")),
            hex => Master::from_hex(hex),
        }
    }
}

/// The sources in order of strength.
///
/// # Errors
/// When a secret's file can't be read.
pub fn figment(file: Option<&Path>, flags: &Flags) -> Result<Figment> {
    let mut figment = Figment::from(Toml::string(DEFAULTS));
    if let Some(path) = file {
        if !path.exists() {
            return Err(Error::unavailable(format!(
                "The configuration file {} does not exist.",
                path.display()
            )));
        }
        figment = figment.merge(Toml::file_exact(path));
    }
    figment = figment.merge(
        Env::prefixed(PREFIX)
            .filter(|key| !key.as_str().ends_with("_FILE") && !key.as_str().ends_with("_file"))
            .split("__"),
    );
    for (key, value) in secrets_from_files()? {
        figment = figment.merge(Serialized::default(&key, value));
    }
    for (key, value) in [
        ("server.listen", flags.listen.clone()),
        ("database.data_dir", flags.data_dir.as_ref().map(|dir| dir.to_string_lossy().into_owned())),
        ("database.url", flags.database_url.clone()),
    ] {
        if let Some(value) = value {
            figment = figment.merge(Flag(key, value));
        }
    }
    Ok(figment)
}

/// A setting given as a flag.
struct Flag(&'static str, String);

impl Provider for Flag {
    fn metadata(&self) -> Metadata {
        Metadata::named("command line flag")
    }

    fn data(&self) -> figment::error::Result<figment::value::Map<Profile, figment::value::Dict>> {
        Serialized::default(self.0, &self.1).data()
    }
}

/// `CYBERCAP_SECTION__KEY_FILE=path`: the secret is the file's content.
fn secrets_from_files() -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for (name, path) in std::env::vars() {
        let Some(key) = name.strip_prefix(PREFIX).and_then(|n| n.strip_suffix("_FILE")) else { continue };
        let text = std::fs::read_to_string(&path).map_err(|e| {
            Error::unavailable(format!("{name} names {path}, which can't be read.")).because(e)
        })?;
        found.push((key.to_lowercase().replace("__", "."), text.trim().to_owned()));
    }
    Ok(found)
}

fn explain(error: figment::Error) -> Error {
    let path = error.path.join(".");
    let source = error.metadata.as_ref().map(|m| m.name.to_string()).unwrap_or_default();
    Error::unavailable(format!("Setting `{path}` from {source} is not usable: {}.", error.kind))
}
