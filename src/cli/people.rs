//! `user invite`, `user reset` and `keys`: what an operator does when nobody can log in to do it.

use std::io::IsTerminal;

use clap::Subcommand;
use serde_json::json;

use crate::accounts::{LinkKind, NewGrant, keys, link_url, seeds};
use crate::app;
use crate::config::Config;
use crate::kernel::access::{Role, System};
use crate::kernel::id::Iso2;
use crate::kernel::lang::Lang;
use crate::kernel::parse::FromText;
use crate::kernel::text::{Email, Name};
use crate::kernel::time::Zone;
use crate::kernel::{Error, Result};
use crate::platform::clock::Clock;
use crate::platform::db::{self, Tx};

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Invites a person and prints the link; it works once, for 72 hours.
    Invite {
        /// Address.
        #[arg(long)]
        email: String,
        /// Name as the person writes it.
        #[arg(long)]
        name: String,
        /// Role, for example administrator or focal_point.
        #[arg(long)]
        role: String,
        /// Country of the role, ISO 3166-1 alpha-2.
        #[arg(long)]
        country: Option<String>,
        /// Language of letters.
        #[arg(long, default_value = "en")]
        language: String,
        /// Zone in which the person's days begin.
        #[arg(long, default_value = "UTC")]
        timezone: String,
    },
    /// Prints a link for a new password; it works once, for 30 minutes.
    Reset {
        /// Address of the account.
        email: String,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum KeysCommand {
    /// Lets the next key sign access tokens; the one before verifies until its last token has ended.
    Rotate,
    /// Ends every token that a key signed.
    Revoke {
        /// The key's id, `kid` in /.well-known/jwks.json.
        kid: String,
    },
}

/// `user invite` and `user reset`.
///
/// # Errors
/// When an argument is not valid, or the address is taken or unknown.
pub(super) fn user(config: &Config, command: UserCommand) -> Result<()> {
    match command {
        UserCommand::Reset { email } => {
            let email: Email = word("--email", &email)?;
            let link = write(config, |tx| seeds::reset_link(tx, &System("command line"), &email))?;
            let link = link.ok_or_else(|| Error::unavailable("No active account has this address."))?;
            say("reset", &link_url(&config.master()?, &base_url(config), LinkKind::Reset, link));
        }
        UserCommand::Invite { email, name, role, country, language, timezone } => {
            let country = country.map(|iso2| word::<Iso2>("--country", &iso2)).transpose()?;
            let role: Role = word("--role", &role)?;
            let person = seeds::Person {
                email: word::<Email>("--email", &email)?,
                name: word::<Name>("--name", &name)?,
                language: word::<Lang>("--language", &language)?,
                timezone: word::<Zone>("--timezone", &timezone)?,
                password_hash: None,
                grants: vec![NewGrant { role, country, program_id: None }],
            };
            let (_, link) = write(config, |tx| seeds::invite(tx, &System("command line"), &person))?;
            say("invitation", &link_url(&config.master()?, &base_url(config), LinkKind::Invitation, link));
        }
    }
    Ok(())
}

/// `keys rotate` and `keys revoke`; running servers take the change over within seconds.
///
/// # Errors
/// When there is no such key, or the next one was published less than a day ago.
pub(super) fn signing_keys(config: &Config, command: &KeysCommand) -> Result<()> {
    let (master, by) = (config.master()?, System("command line"));
    let ring = write(config, |tx| match command {
        KeysCommand::Rotate => keys::rotate(tx, &by, &master),
        KeysCommand::Revoke { kid } => keys::revoke(tx, &by, &master, kid),
    })?;
    let mut others: Vec<&String> = ring.all.keys().collect();
    others.sort();
    println!("{}", json!({ "active": ring.active.as_ref().map(|key| &key.kid), "verify": others }));
    Ok(())
}

/// Where links of letters lead when no server told its address.
pub(super) fn base_url(config: &Config) -> String {
    match config.server.base_url.as_str() {
        "" => format!("http://{}", config.server.listen),
        url => url.trim_end_matches('/').to_owned(),
    }
}

/// One JSON line for a script, the plain thing for a person.
pub(super) fn say(key: &str, value: &str) {
    if std::io::stdout().is_terminal() {
        println!("{value}");
    } else {
        println!("{}", json!({ key: value }));
    }
}

/// Runs a change on the database of a configuration, which is migrated first.
///
/// # Errors
/// When it can't be reached or refuses.
pub(super) fn write<T>(config: &Config, f: impl FnOnce(&mut Tx) -> Result<T>) -> Result<T> {
    app::make_data_dir(config)?;
    let clock = Clock::machine();
    app::prepare(&config.database_url(), &clock)?;
    db::write_directly(&config.database_url(), &clock, f)
}

/// An argument of the command line.
///
/// # Errors
/// In words what would be right.
pub(super) fn word<T: FromText>(flag: &str, text: &str) -> Result<T> {
    T::from_text(text).map_err(|e| Error::unavailable(format!("{flag} `{text}` is not valid. {}", e.detail)))
}
