//! Where the demo's year is played: the real application in this process, on a clock that is moved.

use std::collections::HashMap;

use actix_web::http::{Method, header};
use actix_web::test::TestRequest;
use serde_json::Value;

use crate::accounts::seeds;
use crate::app::Parts;
use crate::app::inside::Inside;
use crate::kernel::id::UserId;
use crate::kernel::time::{Day, Timestamp, Zone};
use crate::kernel::{Error, Result};
use crate::platform::clock::Clock;
use crate::platform::db::Db;
use crate::platform::migrate::Use;
use crate::routes;

/// Seconds between two steps of a day.
const STEP: i64 = 1;
/// The first step of a day, in seconds after midnight UTC.
const MORNING: i64 = 8 * 3600;

/// Something that someone does on a day.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// Day, relative to today; at most 0.
    pub(super) day: i64,
    /// Key of the person.
    pub(super) who: String,
    /// Method.
    pub(super) method: Method,
    /// Path below `/api/v1`; `{key}` stands for the id of a thing.
    pub(super) path: String,
    /// Body; a text `{key}` stands for the id of a thing, `@-3` for the date three days ago, `@-3T09:00` for a
    /// time on it.
    pub(super) body: Value,
    /// The record's id is remembered under this key.
    pub(super) named: Option<String>,
}

/// The application with its moved clock, and the ids of what was made so far.
pub(super) struct Stage {
    parts: Parts,
    inside: Inside,
    today: Timestamp,
    ids: HashMap<String, String>,
    tokens: HashMap<String, (i64, String)>,
}

impl Stage {
    /// Opens the application on a clock that stands at the day `begins`.
    pub(super) async fn open(parts: &Parts, begins: i64) -> Result<Stage> {
        let now = parts.clock.now();
        let today = Timestamp(now.0 - now.0.rem_euclid(86_400_000_000));
        let clock = Clock::standing_at(today.plus_days(begins));
        let db = Db::start_for(Use::Filling, &parts.config.database_url(), 1, clock.clone())?;
        let parts = Parts { clock, db, ..parts.clone() };
        let inside = Inside::open(&parts).await;
        Ok(Stage { parts, inside, today, ids: HashMap::new(), tokens: HashMap::new() })
    }

    /// The database, on the moved clock.
    pub(super) fn db(&self) -> &Db {
        &self.parts.db
    }

    /// Remembers the id of a thing.
    pub(super) fn remember(&mut self, key: &str, id: String) {
        self.ids.insert(key.to_owned(), id);
    }

    /// Whether the API has such a route.
    pub(super) fn knows(step: &Step) -> bool {
        routes::methods(&format!("/api/v1{}", step.path)).contains(&step.method.as_str())
    }

    /// Does what the step says, at its time, as its person.
    ///
    /// # Errors
    /// When the API refuses.
    pub(super) async fn play(&mut self, step: Step) -> Result<()> {
        self.move_clock(step.day);
        let token = self.token(&step.who).await?;
        let path = self.filled(&step.path)?;
        let body = self.with_ids(step.body)?;
        let etag = match step.method {
            Method::PATCH => self.send(&token, Method::GET, &path, None, &Value::Null).await?.0,
            _ => None,
        };
        let (_, answer) = self.send(&token, step.method, &path, etag, &body).await?;
        if let (Some(key), Some(id)) = (step.named, answer["id"].as_str()) {
            self.remember(&key, id.to_owned());
        }
        Ok(())
    }

    /// The day's morning, or a moment after the last step.
    fn move_clock(&self, day: i64) {
        let morning = self.today.plus_days(day).plus_seconds(MORNING);
        let next = self.parts.clock.now().plus_seconds(STEP);
        self.parts.clock.set(if morning > next { morning } else { next });
    }

    /// A token of the person, with a session of that day.
    async fn token(&mut self, who: &str) -> Result<String> {
        let now = self.parts.clock.now();
        if let Some((until, token)) = self.tokens.get(who)
            && *until > now.seconds()
        {
            return Ok(token.clone());
        }
        let user: UserId = super::content::word(self.id(who)?)?;
        let issuer = self.parts.base_url.clone();
        let claims = self.parts.db.write(move |tx| seeds::open_session(tx, user, &issuer)).await?;
        let token = self.parts.tokens.sign(&claims)?;
        self.tokens.insert(who.to_owned(), (claims.exp, token.clone()));
        Ok(token)
    }

    fn id(&self, key: &str) -> Result<&str> {
        self.ids
            .get(key)
            .map(String::as_str)
            .ok_or_else(|| Error::internal(format!("config/demo: no `{key}` yet")))
    }

    fn filled(&self, path: &str) -> Result<String> {
        let mut filled = path.to_owned();
        while let (Some(from), Some(to)) = (filled.find('{'), filled.find('}')) {
            let id = self.id(&filled[from + 1..to])?.to_owned();
            filled.replace_range(from..=to, &id);
        }
        Ok(filled)
    }

    /// The date of a day relative to today, in UTC, with the time that follows it.
    fn day(&self, relative: &str) -> Result<String> {
        let (days, time) = relative.split_at(relative.find('T').unwrap_or(relative.len()));
        let day = Day(self.today.date_in(Zone::UTC)).plus(super::content::word(days)?);
        Ok(format!("{day}{time}"))
    }

    fn with_ids(&self, value: Value) -> Result<Value> {
        Ok(match value {
            Value::String(text) if text.starts_with('{') => Value::String(self.filled(&text)?),
            Value::String(text) if text.starts_with('@') => Value::String(self.day(&text[1..])?),
            Value::Array(items) => {
                Value::Array(items.into_iter().map(|item| self.with_ids(item)).collect::<Result<_>>()?)
            }
            Value::Object(fields) => {
                let fields = fields.into_iter().map(|(key, value)| Ok((key, self.with_ids(value)?)));
                Value::Object(fields.collect::<Result<_>>()?)
            }
            plain => plain,
        })
    }

    async fn send(
        &self,
        token: &str,
        method: Method,
        path: &str,
        etag: Option<String>,
        body: &Value,
    ) -> Result<(Option<String>, Value)> {
        let mut request = TestRequest::default().method(method.clone()).uri(&format!("/api/v1{path}"));
        if let Some(etag) = etag {
            request = request.insert_header((header::IF_MATCH, etag));
        }
        if method != Method::GET {
            let kind =
                if method == Method::PATCH { "application/merge-patch+json" } else { "application/json" };
            request = request.insert_header((header::CONTENT_TYPE, kind)).set_payload(body.to_string());
        }
        let said = self.inside.ask(token, request).await?;
        let answer = said.body;
        match said.status {
            200..300 => Ok((said.etag, answer)),
            _ => Err(Error::internal(format!("the demo's {method} {path} {body} was refused: {answer}"))),
        }
    }
}
