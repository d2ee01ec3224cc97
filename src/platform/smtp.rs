//! A dialogue with a mail server, step by step: at which step it broke decides who is to blame.

use std::future::Future;
use std::path::PathBuf;
use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::mail::Outcome;
use crate::kernel::{Error, Result};

/// How the line is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protection {
    /// TLS from the first byte (port 465).
    Tls,
    /// STARTTLS, refused when the server does not offer it (port 587).
    Starttls,
    /// None; only to this very machine.
    None,
}

/// The `[mail.smtp]` section.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Host name; it must match the server's certificate.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Protection of the line.
    pub security: Protection,
    /// PEM file with a certificate authority of one's own; empty: those of the system.
    pub ca_file: PathBuf,
    /// Empty: no login.
    pub user: String,
    /// Password of the login.
    pub password: SecretString,
    /// Seconds to wait for the connection and for each reply.
    pub reply_seconds: u64,
    /// Seconds to wait for the reply to the final dot; a shorter wait manufactures duplicates.
    pub final_seconds: u64,
}

impl Settings {
    /// Refuses settings that would send letters in the clear over a network.
    ///
    /// # Errors
    /// In words which setting is wrong.
    pub fn check(&self) -> Result<()> {
        let here = matches!(self.host.as_str(), "localhost" | "127.0.0.1" | "::1");
        match self.security {
            _ if self.host.is_empty() => Err(Error::unavailable("mail.smtp.host is empty.")),
            Protection::None if !here => Err(Error::unavailable(
                "mail.smtp.security = \"none\" is only for a server on this machine; use tls or starttls.",
            )),
            Protection::None => Ok(()),
            Protection::Tls | Protection::Starttls => self.tls().map(drop),
        }
    }

    fn tls(&self) -> Result<TlsParameters> {
        let mut builder = TlsParameters::builder(self.host.clone());
        if !self.ca_file.as_os_str().is_empty() {
            let unusable =
                || format!("mail.smtp.ca_file {} is not a readable PEM certificate.", self.ca_file.display());
            let pem = std::fs::read(&self.ca_file).map_err(|e| Error::unavailable(unusable()).because(e))?;
            let certificate =
                Certificate::from_pem(&pem).map_err(|e| Error::unavailable(unusable()).because(e))?;
            builder = builder.add_root_certificate(certificate);
        }
        builder.build_rustls().map_err(|e| Error::unavailable("TLS can't be set up for mail.").because(e))
    }
}

/// Why a step broke.
enum Broke {
    /// The server answered 4xx.
    Later(String),
    /// The server answered 5xx.
    Never(String),
    /// Timeout, closed, unreadable.
    Line(String),
    /// TLS refused, or no way to log in.
    Trust(String),
}

impl From<SmtpError> for Broke {
    fn from(error: SmtpError) -> Self {
        let mut words = error.to_string();
        let mut source = std::error::Error::source(&error);
        while let Some(inner) = source {
            words = format!("{words}: {inner}");
            source = inner.source();
        }
        words = words.chars().map(|c| if c.is_control() { ' ' } else { c }).take(400).collect();
        if error.is_transient() {
            Broke::Later(words)
        } else if error.is_permanent() {
            Broke::Never(words)
        } else if error.is_tls() || error.is_client() || is_untrusted(&words) {
            Broke::Trust(words)
        } else {
            Broke::Line(words)
        }
    }
}

/// Whether the line broke over a certificate, or because the server does not speak TLS at all.
fn is_untrusted(words: &str) -> bool {
    words.to_lowercase().contains("certificate") || words.contains("corrupt message")
}

/// Whether a 5xx at RCPT speaks of a full mailbox, of the server's state or of its policy (RFC 3463: 5.2, 5.3, 5.7)
/// rather than of an address that does not exist.
fn may_pass(words: &str) -> bool {
    let mut codes = words.split(|c: char| !c.is_ascii_digit() && c != '.');
    match codes.find(|code| code.starts_with("5.") && code.matches('.').count() == 2) {
        Some(code) => ["5.2.", "5.3.", "5.7."].iter().any(|class| code.starts_with(class)),
        None => words.contains("(552)"),
    }
}

/// One connection at a time, kept between letters.
pub struct Dialogue {
    settings: Settings,
    connection: Option<AsyncSmtpConnection>,
}

impl Dialogue {
    /// Nothing is connected yet.
    pub fn new(settings: Settings) -> Dialogue {
        Dialogue { settings, connection: None }
    }

    /// Hands over one letter.
    pub async fn deliver(&mut self, from: &Address, to: &Address, bytes: &[u8]) -> Outcome {
        let kept = self.connection.is_some();
        match self.open(from).await {
            Ok(()) => {}
            // A kept connection may have been closed by the server meanwhile: that says nothing about this letter.
            Err(Broke::Line(_) | Broke::Later(_)) if kept => {
                self.connection = None;
                if let Err(broke) = self.open(from).await {
                    return self.channel(broke);
                }
            }
            Err(broke) => return self.channel(broke),
        }
        match self.step(|c| Box::pin(c.command(Rcpt::new(to.clone(), vec![])))).await {
            Ok(_) => {}
            Err(Broke::Never(words)) => {
                return self.after_refusal(Outcome::Bounced(!may_pass(&words), words)).await;
            }
            Err(Broke::Later(words)) => return self.after_refusal(Outcome::Later(words)).await,
            Err(Broke::Line(words) | Broke::Trust(words)) => return self.lost(Outcome::Retry(words)),
        }
        match self.step(|c| Box::pin(c.command(Data))).await {
            Ok(_) => {}
            Err(Broke::Never(words)) => return self.after_refusal(Outcome::Bounced(false, words)).await,
            Err(Broke::Later(words)) => return self.after_refusal(Outcome::Later(words)).await,
            Err(Broke::Line(words) | Broke::Trust(words)) => return self.lost(Outcome::Retry(words)),
        }
        let wait = Duration::from_secs(self.settings.final_seconds);
        let whole = bytes.to_vec();
        match self.timed(wait, |c| Box::pin(async move { c.message(&whole).await })).await {
            Ok(_) => Outcome::Sent,
            Err(Broke::Never(words)) => self.after_refusal(Outcome::Bounced(false, words)).await,
            Err(Broke::Later(words)) => self.after_refusal(Outcome::Later(words)).await,
            Err(Broke::Line(words) | Broke::Trust(words)) => self.lost(Outcome::Uncertain(words)),
        }
    }

    /// Connects when needed and says who sends.
    async fn open(&mut self, from: &Address) -> std::result::Result<(), Broke> {
        if self.connection.is_none() {
            let wait = Duration::from_secs(self.settings.reply_seconds);
            let connected = tokio::time::timeout(wait, connect(&self.settings)).await;
            self.connection = Some(connected.unwrap_or_else(|_| Err(silent(wait)))?);
        }
        let from = from.clone();
        self.step(|c| Box::pin(c.command(Mail::new(Some(from), vec![])))).await.map(drop)
    }

    fn channel(&mut self, broke: Broke) -> Outcome {
        self.connection = None;
        match broke {
            Broke::Never(words) | Broke::Trust(words) => Outcome::Channel(words),
            Broke::Later(words) | Broke::Line(words) => Outcome::Retry(words),
        }
    }

    fn lost(&mut self, outcome: Outcome) -> Outcome {
        self.connection = None;
        outcome
    }

    /// The connection is still good for the next letter, unless the server says otherwise.
    async fn after_refusal(&mut self, outcome: Outcome) -> Outcome {
        if self.step(|c| Box::pin(c.command(Rset))).await.is_err() {
            self.connection = None;
        }
        outcome
    }

    async fn step<F>(&mut self, command: F) -> std::result::Result<Response, Broke>
    where
        F: for<'c> FnOnce(&'c mut AsyncSmtpConnection) -> Reply<'c>,
    {
        self.timed(Duration::from_secs(self.settings.reply_seconds), command).await
    }

    async fn timed<F>(&mut self, wait: Duration, command: F) -> std::result::Result<Response, Broke>
    where
        F: for<'c> FnOnce(&'c mut AsyncSmtpConnection) -> Reply<'c>,
    {
        let Some(connection) = &mut self.connection else { return Err(Broke::Line("not connected".into())) };
        match tokio::time::timeout(wait, command(connection)).await {
            Ok(reply) => reply.map_err(Broke::from),
            Err(_) => Err(silent(wait)),
        }
    }

    /// Says goodbye.
    pub async fn quit(&mut self) {
        if let Some(mut connection) = self.connection.take() {
            let goodbye = connection.quit();
            drop(tokio::time::timeout(Duration::from_secs(2), goodbye).await);
        }
    }
}

type Reply<'c> =
    std::pin::Pin<Box<dyn Future<Output = std::result::Result<Response, SmtpError>> + Send + 'c>>;

fn silent(wait: Duration) -> Broke {
    Broke::Line(format!("no answer within {} s", wait.as_secs()))
}

async fn connect(settings: &Settings) -> std::result::Result<AsyncSmtpConnection, Broke> {
    let trust = |error: Error| Broke::Trust(error.to_string());
    let (name, server) = (ClientId::default(), (settings.host.as_str(), settings.port));
    let wait = Some(Duration::from_secs(settings.reply_seconds));
    let implicit = match settings.security {
        Protection::Tls => Some(settings.tls().map_err(trust)?),
        Protection::Starttls | Protection::None => None,
    };
    let mut connection = AsyncSmtpConnection::connect_tokio1(server, wait, &name, implicit, None).await?;
    if settings.security == Protection::Starttls {
        let tls = settings.tls().map_err(trust)?;
        connection.starttls(tls, &name).await.map_err(|e| match Broke::from(e) {
            Broke::Line(words) => Broke::Trust(words),
            other => other,
        })?;
    }
    if !settings.user.is_empty() {
        let credentials =
            Credentials::new(settings.user.clone(), settings.password.expose_secret().to_owned());
        connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await?;
    }
    Ok(connection)
}
