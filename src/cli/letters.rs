//! `mail test`: whether a letter leaves.

use crate::config::Config;
use crate::kernel::{Error, Result};
use crate::platform::clock::Clock;
use crate::platform::mail::{Mailer, Message, Outcome};

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
        Outcome::Retry(words) | Outcome::Channel(words) | Outcome::Uncertain(words) => {
            Err(Error::unavailable(format!("The letter did not leave: {words} {fix}")))
        }
        Outcome::Bounced(_, words) => Err(Error::unavailable(format!("The letter was refused: {words}"))),
    }
}
