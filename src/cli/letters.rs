//! `mail test`: whether a letter leaves; `mail preview`: how the next ones will look.

use std::path::Path;

use super::people::{base_url, word};
use crate::config::Config;
use crate::kernel::lang::Lang;
use crate::kernel::{Error, Result};
use crate::notifications::{Desk, RuleCode};
use crate::platform::clock::Clock;
use crate::platform::db::Db;
use crate::platform::mail::{Mailer, Message, Outcome, Transport};

/// Which letters are previewed.
pub(super) struct Wanted {
    /// Only of this rule.
    pub rule: Option<String>,
    /// In this language.
    pub language: Option<String>,
    /// At most so many.
    pub limit: u32,
}

/// Writes waiting letters into a folder and prints a line for each: file, recipient, subject and day.
///
/// # Errors
/// When an argument is not valid or the database can't be asked.
pub(super) fn preview(config: &Config, folder: &Path, wanted: &Wanted) -> Result<()> {
    let rule: Option<RuleCode> = wanted.rule.as_deref().map(|text| word("--rule", text)).transpose()?;
    let language: Option<Lang> =
        wanted.language.as_deref().map(|text| word("--language", text)).transpose()?;
    let mut settings = config.mail.clone();
    (settings.transport, settings.folder) = (Transport::File, folder.to_owned());
    let mailer = Mailer::open(&settings, &config.database.data_dir)?;
    let db = Db::start(&config.database_url(), 1, Clock::machine())?;
    let desk = Desk::new(db, mailer.clone(), config.master()?, &base_url(config));
    let limit = i64::from(wanted.limit);
    actix_web::rt::System::new().block_on(async {
        let mut sender = mailer.sender();
        for (at, message) in desk.waiting(rule, language, limit).await? {
            sender.send(&message).await?;
            let file = folder.join(format!("{}.eml", message.id));
            println!(
                "{}",
                serde_json::json!({ "file": file, "to": message.address, "subject": message.subject, "planned_for": at })
            );
        }
        sender.close().await;
        Ok(())
    })
}

/// Sends one letter that says that letters arrive, over the configured transport.
///
/// # Errors
/// With the mail server's own words and where to look.
pub(super) fn test(config: &Config, address: &str) -> Result<()> {
    let clock = Clock::machine();
    let mailer = Mailer::open(&config.mail, &config.database.data_dir)?;
    let words = "This letter was sent by `cybercap mail test`. If you can read it, letters arrive.";
    let message = Message {
        id: clock.new_id().to_string(),
        name: address.to_owned(),
        address: address.to_owned(),
        subject: "Letters arrive".to_owned(),
        text: format!("{words}\n"),
        html: format!("<!doctype html><html lang=\"en\"><p>{words}</p></html>"),
        calendar: None,
        language: "en",
        date: clock.now(),
        unsubscribe: None,
        thread: None,
    };
    let mut sender = mailer.sender();
    let outcome = actix_web::rt::System::new().block_on(async {
        let outcome = sender.send(&message).await;
        sender.close().await;
        outcome
    });
    let fix = "Check the settings under [mail] with `cybercap config show`.";
    match outcome? {
        Outcome::Sent => {
            println!("{}", serde_json::json!({ "sent": address, "message_id": message.id }));
            Ok(())
        }
        Outcome::Retry(words)
        | Outcome::Later(words)
        | Outcome::Channel(words)
        | Outcome::Unwritten(words)
        | Outcome::Uncertain(words) => {
            Err(Error::unavailable(format!("The letter did not leave: {words} {fix}")))
        }
        Outcome::Bounced(_, words) => Err(Error::unavailable(format!("The letter was refused: {words}"))),
    }
}
