//! Settings: `config/default.toml` is complete and compiled in; a file, the environment and flags override it.

use std::path::{Path, PathBuf};

use figment::providers::{Env, Format, Serialized, Toml};
use figment::{Figment, Metadata, Profile, Provider};
use serde::Deserialize;

use crate::kernel::{Error, Result};
use crate::platform::http::proxies::NamedIn;
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
    /// The audit chain.
    pub audit: Audit,
    /// Letters and the way out.
    pub mail: crate::platform::mail::Settings,
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
    /// Networks of proxies whose word about the client counts: `10.0.0.0/8`, `2001:db8::1`.
    pub trusted_proxies: Vec<String>,
    /// The header in which they name it.
    pub proxies_write: NamedIn,
    /// Swagger UI at `/docs/`.
    pub docs: bool,
    /// Address of a second listener for `/metrics` and the probes; empty: `/metrics` only for this machine.
    pub metrics_listen: String,
    /// Seconds between "not ready" and the end of accepting, after a first SIGTERM.
    pub drain_seconds: u64,
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

/// The audit chain.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Audit {
    /// File to which signed checkpoints are appended, best on another machine's disk; empty: they are in the log alone.
    pub checkpoints: PathBuf,
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
            "" => Master::from_file(&self.key_file()),
            hex => Master::from_hex(hex),
        }
    }

    /// The file of the master key; used when [`has_key_file`](Config::has_key_file).
    pub fn key_file(&self) -> PathBuf {
        self.database.data_dir.join("master.key")
    }

    /// True when the master key is in a file of the data folder, not in the settings.
    pub fn has_key_file(&self) -> bool {
        use secrecy::ExposeSecret;
        self.security.master_key.expose_secret().is_empty()
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
            .filter(|key| !is_secret_file(key.as_str()) && !is_no_setting(key.as_str()))
            .split("__"),
    );
    for given in secrets_from_files()? {
        figment = figment.merge(given);
    }
    for (key, value) in [
        ("server.listen", flags.listen.clone()),
        ("database.data_dir", flags.data_dir.as_ref().map(|dir| dir.to_string_lossy().into_owned())),
        ("database.url", flags.database_url.clone()),
    ] {
        if let Some(value) = value {
            figment = figment.merge(Given { source: "command line flag".into(), key: key.into(), value });
        }
    }
    Ok(figment)
}

/// One setting from a flag or a secret's file.
struct Given {
    source: String,
    key: String,
    value: String,
}

impl Provider for Given {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.source.clone())
    }

    fn data(&self) -> figment::error::Result<figment::value::Map<Profile, figment::value::Dict>> {
        Serialized::default(&self.key, &self.value).data()
    }
}

/// Settings whose value may be a file's content. A path that is itself a setting, `mail.smtp.ca_file`, is none of them.
const SECRETS: &[&str] = &["SECURITY__MASTER_KEY", "DATABASE__URL", "MAIL__SMTP__PASSWORD"];

fn is_secret_file(key: &str) -> bool {
    key.to_ascii_uppercase().strip_suffix("_FILE").is_some_and(|key| SECRETS.contains(&key))
}

/// Variables with our prefix that are no settings: the log filter, and what the test suite reads.
fn is_no_setting(key: &str) -> bool {
    let key = key.to_ascii_uppercase();
    key == "LOG" || key == "SNAPSHOTS" || key.starts_with("TEST_")
}

/// `CYBERCAP_SECTION__KEY_FILE=path`: the secret is the file's content.
fn secrets_from_files() -> Result<Vec<Given>> {
    let mut found = Vec::new();
    for (name, path) in std::env::vars() {
        let given = name.strip_prefix(PREFIX).filter(|key| is_secret_file(key));
        let Some(key) = given.and_then(|key| key.strip_suffix("_FILE")) else { continue };
        let text = std::fs::read_to_string(&path).map_err(|e| {
            Error::unavailable(format!("{name} names {path}, which can't be read.")).because(e)
        })?;
        let key = key.to_lowercase().replace("__", ".");
        found.push(Given { source: format!("file {path} ({name})"), key, value: text.trim().to_owned() });
    }
    Ok(found)
}

/// One setting as `config show` prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// `section.key`.
    pub key: String,
    /// The value as TOML; `(hidden)` for a secret that is set.
    pub value: String,
    /// Where it comes from.
    pub source: String,
}

/// Every setting with its source, secrets hidden.
///
/// # Errors
/// When a source can't be read.
pub fn shown(file: Option<&Path>, flags: &Flags) -> Result<Vec<Shown>> {
    let figment = figment(file, flags)?;
    let values: figment::value::Dict = figment.extract().map_err(explain)?;
    let mut rows = Vec::new();
    flatten("", &values, &mut rows);
    for row in &mut rows {
        row.source = source(&figment, &row.key);
    }
    Ok(rows)
}

fn flatten(prefix: &str, values: &figment::value::Dict, rows: &mut Vec<Shown>) {
    for (name, value) in values {
        let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        match value {
            figment::value::Value::Dict(_, inner) => flatten(&key, inner, rows),
            _ => {
                let value = printed(&key, value);
                rows.push(Shown { key, value, source: String::new() });
            }
        }
    }
}

fn printed(key: &str, value: &figment::value::Value) -> String {
    let text = serde_json::to_string(value).unwrap_or_default();
    let secret = ["key", "password", "secret", "token"].iter().any(|word| key.ends_with(word));
    match (secret && text != "\"\"", key) {
        (true, _) => "(hidden)".into(),
        (false, "database.url") => without_password(&text),
        _ => text,
    }
}

/// `postgres://user:***@host/database`.
pub fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    match rest.rsplit_once('@') {
        Some((user, host)) => {
            let name = user.split_once(':').map_or(user, |(name, _)| name);
            let mask = if user.contains(':') { ":***" } else { "" };
            format!("{scheme}://{name}{mask}@{host}")
        }
        None => url.to_owned(),
    }
}

fn source(figment: &Figment, key: &str) -> String {
    let Some(metadata) = figment.find_metadata(key) else { return "unknown".into() };
    match (&metadata.source, metadata.name.as_ref()) {
        (Some(figment::Source::File(path)), _) => format!("file {}", path.display()),
        (_, "TOML source string") => "default".into(),
        (_, name) if name.contains("environment") => {
            format!("environment {PREFIX}{}", key.to_uppercase().replace('.', "__"))
        }
        (_, name) => name.to_owned(),
    }
}

fn explain(error: figment::Error) -> Error {
    let path = error.path.join(".");
    let source = match error.metadata.as_ref().map(|m| (&m.source, m.name.as_ref())) {
        Some((Some(figment::Source::File(file)), _)) => format!(" from the file {}", file.display()),
        Some((_, name)) if !name.contains("source string") => format!(" from {name}"),
        _ => String::new(),
    };
    let words = match path.as_str() {
        "" => format!("The settings{source} can't be used: {}.", error.kind),
        path => format!("Setting `{path}`{source} can't be used: {}.", error.kind),
    };
    Error::unavailable(format!("{words} `cybercap config show` lists what is set and where."))
}
