//! The people of the story: each is invited by letter, accepts its link, and logs in with a password.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::app::Client;
use crate::support::doors::PASSWORD;

/// The secret of a link: what stands behind `#`.
pub(super) fn secret(text: &str) -> String {
    let (_, behind) = text.split_once('#').expect("a link with a secret");
    behind.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c)).collect()
}

/// Who plays.
pub(super) struct Cast<'a> {
    app: &'a TestApp,
    ids: BTreeMap<String, String>,
}

impl<'a> Cast<'a> {
    /// Nobody yet.
    pub fn new(app: &'a TestApp) -> Cast<'a> {
        Cast { app, ids: BTreeMap::new() }
    }

    /// The id of someone invited.
    pub fn id(&self, name: &str) -> &str {
        &self.ids[name]
    }

    /// Invited by someone, reads the letter, accepts and can log in.
    pub async fn invite(&mut self, by: &str, name: &str, language: &str, zone: &str, role: Value) {
        let draft = json!({
            "email": format!("{name}@example.org"), "name": name, "language": language, "timezone": zone, "roles": [role],
        });
        let invited = self.enters(by).await.post("/users", draft).await.expect(201);
        self.app.tick().await;
        let letters = self.app.mailbox().take();
        let letter =
            letters.iter().find(|l| l.to == format!("{name}@example.org")).expect("an invitation by letter");
        let said = json!({ "token": secret(&letter.text), "password": PASSWORD, "name": name });
        self.app.anyone().post("/auth/invitations/accept", said).await.expect(200);
        self.enters(name).await.get("/me").await.expect(200);
        self.ids.insert(name.to_owned(), invited.id());
    }

    /// Logs in.
    pub async fn enters(&self, name: &str) -> Client {
        self.enters_at(name, &self.app.url).await
    }

    /// Logs in at a server.
    pub async fn enters_at(&self, name: &str, url: &str) -> Client {
        let stranger = Client { url: url.to_owned(), token: None };
        let body = json!({ "email": format!("{name}@example.org"), "password": PASSWORD });
        let pair = stranger.post("/auth/login", body).await.expect(200);
        Client { url: url.to_owned(), token: pair.json["access_token"].as_str().map(str::to_owned) }
    }
}
