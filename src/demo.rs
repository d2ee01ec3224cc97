//! The demo: a believable year of programs, entered through the API itself on a clock that runs through the year.
//!
//! The content is in `config/demo`; a step that the API refuses fails the demo, so the files can't go stale unseen.

mod content;
mod script;
mod stage;
mod training;

use diesel::QueryDsl;
use diesel::RunQueryDsl;
use serde::Serialize;

use crate::accounts::{NewGrant, seeds};
use crate::app::Parts;
use crate::config::Config;
use crate::kernel::access::{Role, System};
use crate::kernel::id::UserId;
use crate::kernel::{Error, Result};
use crate::platform::backup;
use crate::platform::db::Tx;
use crate::platform::keys::{self, Purpose};
use crate::platform::outbox;
use crate::platform::schema::users;
use content::{Content, Person};
use stage::Stage;

/// Keys of the people who get a password, in the order in which they are shown.
const LOGINS: [&str; 4] = ["admin", "coordinator", "fp.KE", "fp.SN"];
/// Days before today on which the demo begins.
const BEGINS: i64 = -365;

/// One way into the demo.
#[derive(Clone, Debug, Serialize)]
pub struct Login {
    /// The person's role.
    pub role: String,
    /// Address.
    pub email: String,
    /// Password; derived from the master key, so that it is the same at every start and stored nowhere.
    pub password: String,
    /// Country of a focal point.
    pub country: Option<String>,
}

/// Settings under which the demo runs: loopback only, no second factor, the cheapest passwords.
///
/// # Errors
/// When the address to listen on can be reached from elsewhere.
pub fn settings(config: &mut Config) -> Result<()> {
    let host = config.server.listen.rsplit_once(':').map_or("", |(host, _)| host);
    let loopback = match host.trim_matches(['[', ']']).parse::<std::net::IpAddr>() {
        Ok(ip) => ip.is_loopback(),
        Err(_) => host == "localhost",
    };
    if !loopback {
        return Err(Error::unavailable(format!(
            "The demo prints its passwords, so it listens on this machine only; {} is not 127.0.0.1 or [::1] (--listen).",
            config.server.listen
        )));
    }
    config.security.administrators_need_second_factor = false;
    config.security.argon2.memory_kib = 19_456;
    config.security.argon2.passes = 2;
    Ok(())
}

/// Whether the database holds the demo.
///
/// # Errors
/// When the database refuses.
pub async fn is_filled(parts: &Parts) -> Result<bool> {
    let first = logins(parts, &Content::read()?).first().map(|login| login.email.clone()).unwrap_or_default();
    parts.db.read(move |tx| seeds::is_settled(tx, &first)).await
}

/// Fills an empty database with the demo, or recognizes one that has it; returns the logins.
///
/// # Errors
/// When the database holds anything else, or a step was refused.
pub async fn fill(parts: &Parts) -> Result<Vec<Login>> {
    let content = Content::read()?;
    let logins = logins(parts, &content);
    if is_filled(parts).await? {
        return Ok(logins);
    }
    let people: i64 = parts.db.read(|tx| Ok(users::table.count().get_result(tx.conn())?)).await?;
    if people > 0 {
        return Err(Error::unavailable(format!(
            "{} holds other people already; the demo needs an empty database (--data-dir).",
            crate::config::without_password(&parts.config.database_url())
        )));
    }
    let mut hashes = Vec::new();
    for login in &logins {
        hashes.push((login.email.clone(), parts.passwords.hash(login.password.clone()).await?));
    }
    let mut stage = Stage::open(parts, BEGINS).await?;
    settle(&mut stage, &content.people, &hashes).await?;
    for step in script::year(&content).into_iter().filter(Stage::knows) {
        stage.play(step).await?;
    }
    drop(stage);
    // Letters come of the last two days only; the rest of the year has been read long ago.
    let lately = parts.clock.now().plus_days(-2);
    parts.db.write(move |tx| outbox::consider_told(tx, lately)).await?;
    // The year was written without waiting for the disk; now it is there.
    backup::fold_log(&parts.config.database_url())?;
    Ok(logins)
}

fn logins(parts: &Parts, content: &Content) -> Vec<Login> {
    let people = LOGINS.iter().filter_map(|key| content.people.iter().find(|person| person.key == *key));
    let login = |person: &Person| {
        let mac = keys::hex(&parts.master.mac(Purpose::Link, format!("demo {}", person.key).as_bytes()));
        Login {
            role: person.role.clone().unwrap_or_default(),
            email: person.email(),
            password: format!("demo-{}-{}-{}", &mac[..5], &mac[5..10], &mac[10..15]),
            country: person.country.clone(),
        }
    };
    people.map(login).collect()
}

/// Settles everybody, with their roles, at the beginning of the year.
async fn settle(stage: &mut Stage, people: &[Person], hashes: &[(String, String)]) -> Result<()> {
    let seeds: Vec<seeds::Person> =
        people.iter().map(|person| seed(person, hashes)).collect::<Result<_>>()?;
    let settle =
        move |tx: &mut Tx| seeds.iter().map(|seed| seeds::settle(tx, &System("demo"), seed)).collect();
    let ids: Vec<UserId> = stage.db().write(settle).await?;
    for (person, id) in people.iter().zip(ids) {
        stage.remember(&person.key, id.to_string());
    }
    Ok(())
}

fn seed(person: &Person, hashes: &[(String, String)]) -> Result<seeds::Person> {
    let role = person.role.as_deref().map(content::word::<Role>).transpose()?;
    let country = person.country.as_deref().map(content::word).transpose()?;
    let hash = hashes.iter().find(|(email, _)| *email == person.email());
    Ok(seeds::Person {
        email: content::word(&person.email())?,
        name: content::word(&person.name)?,
        language: content::word(&person.language)?,
        timezone: content::word(&person.zone)?,
        password_hash: hash.map(|(_, hash)| hash.clone()),
        grants: role.map(|role| NewGrant { role, country, program_id: None }).into_iter().collect(),
    })
}
