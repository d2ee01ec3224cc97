//! Ways in for tests: people with passwords, logins, links from events.

use cybercap::accounts::{NewGrant, seeds};
use cybercap::kernel::access::{Role, System};
use cybercap::kernel::id::UserId;
use cybercap::kernel::lang::Lang;
use cybercap::platform::keys::link_token;
use cybercap::platform::schema::domain_events;
use diesel::prelude::*;
use serde_json::{Value, json};

use super::app::{Answer, Client, TestApp};

/// A password that is good enough.
pub const PASSWORD: &str = "seven lamps under the river";

/// A grant.
pub fn grant(role: Role, country: Option<&str>) -> NewGrant {
    NewGrant { role, country: country.map(|iso2| iso2.parse().expect("a country")), program_id: None }
}

impl TestApp {
    /// A person who can log in with [`PASSWORD`] at `<local>@example.org`.
    pub async fn member(&self, local: &str, grants: &[NewGrant]) -> UserId {
        let hash = self.parts.passwords.hash(PASSWORD.into()).await.expect("a hash");
        let person = seeds::Person {
            email: format!("{local}@example.org").parse().expect("an address"),
            name: local.parse().expect("a name"),
            language: Lang::En,
            timezone: "UTC".parse().expect("a zone"),
            password_hash: Some(hash),
            grants: grants.to_vec(),
        };
        let settled = self.parts.db.write(move |tx| seeds::settle(tx, &System("test"), &person));
        settled.await.expect("the person settles")
    }

    /// A login of `<local>@example.org`.
    pub async fn log_in(&self, local: &str) -> Answer {
        let body = json!({ "email": format!("{local}@example.org"), "password": PASSWORD });
        self.anyone().post("/auth/login", body).await
    }

    /// Someone with a bearer token.
    pub fn bearing(&self, token: &Value) -> Client {
        Client { url: self.url.clone(), token: Some(token.as_str().expect("a token").to_owned()) }
    }

    /// Someone who just logged in.
    pub async fn logged_in(&self, local: &str) -> Client {
        let pair = self.log_in(local).await.expect(200);
        self.bearing(&pair.json["access_token"])
    }

    /// Bodies of the events of a kind, oldest first.
    pub async fn events(&self, kind: &'static str) -> Vec<Value> {
        let read = self.parts.db.read(move |tx| {
            let query = domain_events::table.select(domain_events::body).order(domain_events::id);
            Ok(query.filter(domain_events::kind.eq(kind)).load::<String>(tx.conn())?)
        });
        let bodies = read.await.expect("events");
        bodies.iter().map(|body| serde_json::from_str(body).expect("JSON")).collect()
    }

    /// The secret of the link in the newest event of a kind.
    pub async fn link(&self, kind: &'static str) -> String {
        let events = self.events(kind).await;
        let id = events.last().expect("an event")["link_id"].as_str().expect("a link").to_owned();
        link_token(&self.parts.master, id.parse().expect("an id"))
    }
}
