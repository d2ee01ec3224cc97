//! `doctor`: looks at what the service needs, and says how to fix what is wrong.

use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use crate::config::{self, Config};
use crate::kernel::{Error, Result};
use crate::platform::clock::Clock;
use crate::platform::connection::Flavor;
use crate::platform::mail::Transport;
use crate::platform::migrate;

/// Seconds since 1970 before which no copy of this program was made; a clock below them is wrong.
const BUILT_AFTER: i64 = 1_764_000_000;

/// What one look found.
struct Finding {
    what: &'static str,
    state: State,
    words: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Well,
    Remark,
    Broken,
}

impl Finding {
    fn new(what: &'static str, state: State, words: impl Into<String>) -> Finding {
        Finding { what, state, words: words.into() }
    }
}

/// Prints one line for each thing it looked at.
///
/// # Errors
/// When something is broken, after all lines were printed.
pub(super) fn doctor(config: Result<Config>) -> Result<()> {
    let config = match config {
        Ok(config) => config,
        Err(error) => {
            print(&Finding::new("settings", State::Broken, &error.detail));
            return Err(Error::unavailable("The settings can't be read, so nothing else was looked at."));
        }
    };
    let mut findings = vec![Finding::new("settings", State::Well, "All settings are known and readable.")];
    findings.push(clock());
    findings.push(secrets(&config));
    findings.extend(database(&config));
    findings.push(mail(&config));
    findings.push(base_url(&config));
    findings.iter().for_each(print);
    match findings.iter().filter(|finding| finding.state == State::Broken).count() {
        0 => Ok(()),
        n => Err(Error::unavailable(format!("{n} of {} need a fix.", findings.len()))),
    }
}

fn print(finding: &Finding) {
    let mark = match finding.state {
        State::Well => "ok",
        State::Remark => "note",
        State::Broken => "FIX",
    };
    println!("{mark:<5} {:<9} {}", finding.what, finding.words);
}

fn clock() -> Finding {
    let now = Clock::machine().now();
    match now.seconds() > BUILT_AFTER {
        true => Finding::new("clock", State::Well, format!("It is {now}.")),
        false => Finding::new(
            "clock",
            State::Broken,
            format!(
                "It says {now}, which is before this program was made; set it, best by NTP: timedatectl set-ntp true"
            ),
        ),
    }
}

fn secrets(config: &Config) -> Finding {
    let file = config.key_file();
    match (config.has_key_file(), file.exists()) {
        (true, false) => Finding::new(
            "secrets",
            State::Remark,
            format!(
                "{} will be made at the first start; keep a copy apart from the backups.",
                file.display()
            ),
        ),
        _ => match config.master() {
            Ok(_) if config.has_key_file() => Finding::new(
                "secrets",
                State::Well,
                format!("The key is in {}, for its owner only.", file.display()),
            ),
            Ok(_) => Finding::new("secrets", State::Well, "The key comes from security.master_key."),
            Err(error) => Finding::new("secrets", State::Broken, &error.detail),
        },
    }
}

fn database(config: &Config) -> Vec<Finding> {
    let url = config.database_url();
    let shown = config::without_password(&url);
    if Flavor::of(&url) == Flavor::Sqlite && !std::path::Path::new(&url).exists() {
        return vec![Finding::new(
            "database",
            State::Remark,
            format!("{shown} will be made at the first start."),
        )];
    }
    let opened = migrate::connect(&url).and_then(|mut conn| migrate::check_version(&mut conn));
    let version = match opened {
        Ok(version) => version,
        Err(error) => {
            let cause = error.cause.map(|cause| format!(" ({cause})")).unwrap_or_default();
            let words =
                format!("{shown}: {}{cause} Check database.url, and that the server runs.", error.detail);
            return vec![Finding::new("database", State::Broken, words)];
        }
    };
    let reached = Finding::new("database", State::Well, format!("{version} answers at {shown}."));
    let schema = match migrate::pending(&url) {
        Ok(names) if names.is_empty() => Finding::new("schema", State::Well, "It is this version's."),
        Ok(names) => Finding::new(
            "schema",
            State::Remark,
            format!("{} migrations wait; `cybercap migrate` or the next start runs them.", names.len()),
        ),
        Err(error) => Finding::new("schema", State::Broken, &error.detail),
    };
    vec![reached, schema]
}

fn mail(config: &Config) -> Finding {
    let (host, port) = (config.mail.smtp.host.as_str(), config.mail.smtp.port);
    match config.mail.transport {
        Transport::Log => Finding::new(
            "mail",
            State::Remark,
            "mail.transport is \"log\": letters go to the log only; set \"smtp\" and [mail.smtp] for real ones.",
        ),
        Transport::File => {
            Finding::new("mail", State::Remark, "mail.transport is \"file\": letters become files.")
        }
        Transport::Smtp => match reach(host, port) {
            Ok(()) => Finding::new(
                "mail",
                State::Well,
                format!("{host}:{port} answers; `cybercap mail test ADDRESS` sends a letter."),
            ),
            Err(e) => Finding::new(
                "mail",
                State::Broken,
                format!(
                    "{host}:{port} does not answer ({e}); check mail.smtp.host, mail.smtp.port and the firewall."
                ),
            ),
        },
    }
}

fn reach(host: &str, port: u16) -> std::io::Result<()> {
    let addresses = (host, port).to_socket_addrs()?;
    let mut last = std::io::Error::other("the name has no address");
    for address in addresses {
        match TcpStream::connect_timeout(&address, Duration::from_secs(5)) {
            Ok(_) => return Ok(()),
            Err(e) => last = e,
        }
    }
    Err(last)
}

fn base_url(config: &Config) -> Finding {
    let (listen, url) = (&config.server.listen, config.server.base_url.as_str());
    match url {
        "" => Finding::new(
            "base URL",
            State::Remark,
            format!(
                "server.base_url is empty: links in letters will say http://{listen}, which works on this machine only."
            ),
        ),
        url if url.starts_with("https://") => {
            Finding::new("base URL", State::Well, format!("Links say {url}."))
        }
        url if url.starts_with("http://") => Finding::new(
            "base URL",
            State::Remark,
            format!("{url} is not encrypted; put a proxy with TLS before it and say https://."),
        ),
        url => Finding::new(
            "base URL",
            State::Broken,
            format!("server.base_url is `{url}`; write it like https://cybercap.example.org"),
        ),
    }
}
