//! One letter to one address: its MIME form, and the three ways out (`smtp`, `file`, `log`).

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use lettre::Address;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use serde::Deserialize;

use super::smtp::{self, Dialogue};
use crate::kernel::time::Timestamp;
use crate::kernel::{Error, Result};

/// Seconds for which nothing is sent after the first fault of the channel; doubled with each, up to [`LONGEST_REST`].
const REST: i64 = 30;
/// Longest rest of the channel, in seconds.
const LONGEST_REST: i64 = 900;

/// How letters leave the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Transport {
    /// Only a line in the log: nobody gets anything.
    Log,
    /// A file `<letter-id>.eml` in a folder.
    File,
    /// A mail server.
    Smtp,
}

/// The `[mail]` section.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The way out.
    pub transport: Transport,
    /// Folder of the `file` transport; empty: `letters` in the data folder.
    pub folder: PathBuf,
    /// Sender, `Name <address>`; its domain names our Message-IDs.
    pub from: String,
    /// Where the links of letters lead; empty: the base URL and `/api/v1`.
    pub links: String,
    /// Letters sent at a time.
    pub senders: usize,
    /// Letters handed over in a minute, by all processes together; 0: as many as the server takes.
    pub letters_per_minute: u32,
    /// Local hour at which dated letters arrive, 0 to 23.
    pub morning: u32,
    /// Whether this process plans and sends by itself.
    pub worker: bool,
    /// The mail server.
    pub smtp: smtp::Settings,
}

/// What became of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server took it.
    Sent,
    /// Not now: a timeout, no connection, a busy server.
    Retry(String),
    /// 4xx for this recipient or message.
    Later(String),
    /// 5xx: there is no such recipient (`true`), or this message is refused (`false`).
    Bounced(bool, String),
    /// No letter could be made of it, so that nobody was asked.
    Unwritten(String),
    /// 5xx at greeting, AUTH or MAIL FROM, or TLS that can't be trusted: no recipient is to blame.
    Channel(String),
    /// The line went dead after the text was sent: it may have arrived.
    Uncertain(String),
}

/// iCalendar text within a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarFile {
    /// `PUBLISH`, `REQUEST` or `CANCEL`, as in the text.
    pub method: &'static str,
    /// The text.
    pub text: String,
}

/// A letter ready to go.
#[derive(Clone, Debug)]
pub struct Message {
    /// Left of the `@` in Message-ID; the same at every attempt.
    pub id: String,
    /// Name of the recipient.
    pub name: String,
    /// Address of the recipient.
    pub address: String,
    /// One line.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
    /// What a calendar program does with it, when the letter is about a day.
    pub calendar: Option<CalendarFile>,
    /// BCP 47 tag.
    pub language: &'static str,
    /// `Date`; the same at every attempt.
    pub date: Timestamp,
    /// Address for one-click unsubscription (RFC 8058); none for letters that can't be refused.
    pub unsubscribe: Option<String>,
    /// Letters about one matter share this, so that mail programs show them together.
    pub thread: Option<String>,
}

/// The way out, shared by all senders; cheap to clone.
#[derive(Clone)]
pub struct Mailer(Arc<Inner>);

struct Inner {
    settings: Settings,
    from: Mailbox,
    folder: PathBuf,
    breaker: Mutex<Breaker>,
}

/// After a fault of the channel nothing is sent for a while, so that no letter uses up its attempts.
struct Breaker {
    faults: u32,
    until: Timestamp,
}

impl Mailer {
    /// Checks the settings and makes the folder of the `file` transport.
    ///
    /// # Errors
    /// In words which setting is wrong.
    pub fn open(settings: &Settings, data_dir: &Path) -> Result<Mailer> {
        let from = settings.from.parse::<Mailbox>().map_err(|e| {
            Error::unavailable("mail.from must be like: Name <address@example.org>.").because(e)
        })?;
        if settings.morning > 23 || settings.senders == 0 || settings.senders > 64 {
            return Err(Error::unavailable(
                "mail.morning is an hour from 0 to 23, mail.senders a number from 1 to 64.",
            ));
        }
        let folder = match settings.folder.as_os_str().is_empty() {
            true => data_dir.join("letters"),
            false => settings.folder.clone(),
        };
        match settings.transport {
            Transport::Smtp => settings.smtp.check()?,
            Transport::File => std::fs::create_dir_all(&folder).map_err(|e| {
                Error::unavailable(format!("The folder {} can't be made.", folder.display())).because(e)
            })?,
            Transport::Log => {}
        }
        let breaker = Mutex::new(Breaker { faults: 0, until: Timestamp(0) });
        Ok(Mailer(Arc::new(Inner { settings: settings.clone(), from, folder, breaker })))
    }

    /// The settings it was opened with.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Address of the sender.
    pub fn address(&self) -> String {
        self.0.from.email.to_string()
    }

    /// Domain of the sender.
    pub fn domain(&self) -> &str {
        self.0.from.email.domain()
    }

    /// True while the channel rests after a fault.
    pub fn rests(&self, now: Timestamp) -> bool {
        self.0.breaker.lock().is_ok_and(|breaker| breaker.until > now)
    }

    /// Notes a fault of the channel: nothing is sent for a while.
    pub fn rest(&self, now: Timestamp) {
        if let Ok(mut breaker) = self.0.breaker.lock() {
            let seconds = (REST << breaker.faults.min(5)).min(LONGEST_REST);
            breaker.faults += 1;
            breaker.until = now.plus_seconds(seconds);
        }
    }

    fn mend(&self) {
        if let Ok(mut breaker) = self.0.breaker.lock() {
            *breaker = Breaker { faults: 0, until: Timestamp(0) };
        }
    }

    /// A sender of its own connection; letters go out one after the other.
    pub fn sender(&self) -> Sender {
        Sender { mailer: self.clone(), dialogue: Dialogue::new(self.0.settings.smtp.clone()) }
    }
}

/// Sends letters one after the other.
pub struct Sender {
    mailer: Mailer,
    dialogue: Dialogue,
}

impl Sender {
    /// Hands a letter over and tells what became of it.
    ///
    /// # Errors
    /// When the letter can't be put into MIME at all; then no attempt was made.
    pub async fn send(&mut self, message: &Message) -> Result<Outcome> {
        let inner = &self.mailer.0;
        let to = message.address.parse::<Address>().map_err(Error::internal)?;
        let bytes = mime(&inner.from, message)?;
        let outcome = match inner.settings.transport {
            Transport::Log => {
                tracing::info!(to = %message.address, subject = %message.subject, id = %message.id, "letter");
                Outcome::Sent
            }
            Transport::File => file(&inner.folder, &message.id, &bytes),
            Transport::Smtp => self.dialogue.deliver(&inner.from.email, &to, &bytes).await,
        };
        if outcome == Outcome::Sent {
            self.mailer.mend();
        }
        Ok(outcome)
    }

    /// Says goodbye to the server.
    pub async fn close(&mut self) {
        self.dialogue.quit().await;
    }
}

/// Written beside and renamed, so that a reader never sees half a letter; the same letter again replaces itself.
fn file(folder: &Path, id: &str, bytes: &[u8]) -> Outcome {
    let (part, whole) = (folder.join(format!("{id}.part")), folder.join(format!("{id}.eml")));
    match std::fs::write(&part, bytes).and_then(|()| std::fs::rename(&part, &whole)) {
        Ok(()) => Outcome::Sent,
        Err(error) => Outcome::Retry(format!("{}: {error}", whole.display())),
    }
}

fn one_line(what: &str, text: &str) -> Result<()> {
    match text.chars().any(char::is_control) {
        true => Err(Error::internal(format!("the {what} of a letter holds a control character"))),
        false => Ok(()),
    }
}

/// The MIME form; the same bytes for the same letter.
///
/// # Errors
/// When a header would hold a line break.
pub fn mime(from: &Mailbox, message: &Message) -> Result<Vec<u8>> {
    one_line("subject", &message.subject)?;
    one_line("name", &message.name)?;
    let to = Mailbox::new(
        Some(message.name.clone()).filter(|name| !name.is_empty()),
        message.address.parse().map_err(Error::internal)?,
    );
    let domain = from.email.domain();
    let mut builder = lettre::Message::builder()
        .from(from.clone())
        .to(to)
        .subject(&message.subject)
        .date(std::time::SystemTime::from(message.date.utc()))
        .message_id(Some(format!("<{}@{domain}>", message.id)));
    for (name, value) in headers(message, domain) {
        one_line(name, &value)?;
        let name = HeaderName::new_from_ascii(name.to_owned()).map_err(Error::internal)?;
        builder = builder.raw_header(HeaderValue::new(name, value));
    }
    let boundary = |part: &str| format!("{part}-{}", message.id);
    let both = MultiPart::builder()
        .kind(lettre::message::MultiPartKind::Alternative)
        .boundary(boundary("alternative"))
        .singlepart(SinglePart::plain(message.text.clone()))
        .singlepart(SinglePart::html(message.html.clone()));
    let whole = match &message.calendar {
        None => both,
        // An invitation is one of the forms of the letter (RFC 6047): only then do mail programs act on it.
        Some(file) if file.method != "PUBLISH" => {
            both.singlepart(SinglePart::builder().header(calendar_type(file)?).body(file.text.clone()))
        }
        Some(file) => {
            let ics = Attachment::new("date.ics".into()).body(file.text.clone(), calendar_type(file)?);
            MultiPart::builder()
                .kind(lettre::message::MultiPartKind::Mixed)
                .boundary(boundary("mixed"))
                .multipart(both)
                .singlepart(ics)
        }
    };
    Ok(builder.multipart(whole).map_err(Error::internal)?.formatted())
}

fn calendar_type(file: &CalendarFile) -> Result<ContentType> {
    let kind = format!("text/calendar; charset=utf-8; method={}", file.method);
    ContentType::parse(&kind).map_err(Error::internal)
}

fn headers(message: &Message, domain: &str) -> Vec<(&'static str, String)> {
    let mut headers = vec![
        ("Auto-Submitted", "auto-generated".to_owned()),
        ("Content-Language", message.language.to_owned()),
    ];
    if let Some(link) = &message.unsubscribe {
        headers.push(("List-Unsubscribe", format!("<{link}>")));
        headers.push(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
    }
    if let Some(thread) = &message.thread {
        headers.push(("References", format!("<{thread}@{domain}>")));
    }
    headers
}
