//! The real app on a free port of this machine, and a client that speaks HTTP to it.

use actix_web::dev::ServerHandle;
use awc::http::Method;
use awc::http::header::{HeaderMap, HeaderName, HeaderValue};
use cybercap::app::{self, Parts};
use cybercap::config::{Config, Flags};
use cybercap::kernel::time::Timestamp;
use cybercap::notifications::Report;
use cybercap::platform::clock::Clock;
use cybercap::platform::mail::Transport;
use cybercap::platform::migrate;
use cybercap::platform::smtp::Protection;
use serde_json::Value;

use super::database;
use super::mailbox::Mailbox;

/// Where every test's clock stands at its start: a Sunday morning in UTC.
pub const START: &str = "2026-11-22T08:00:00Z";

/// A running house on a database of its own.
pub struct TestApp {
    /// Its parts, for what HTTP can't reach.
    pub parts: Parts,
    /// `http://127.0.0.1:PORT`.
    pub url: String,
    mailbox: Mailbox,
    handle: ServerHandle,
    _dir: tempfile::TempDir,
}

impl Drop for TestApp {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}

impl TestApp {
    /// On PostgreSQL, where it is installed.
    pub async fn on_postgres() -> Option<TestApp> {
        let url = database::postgres()?;
        Some(TestApp::start(url, tempfile::tempdir().expect("a temporary folder")))
    }

    /// On SQLite, with other settings.
    pub async fn on_sqlite_with(set: impl FnOnce(&mut Config)) -> TestApp {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let url = database::sqlite(dir.path());
        TestApp::start_with(url, dir, set)
    }

    /// On PostgreSQL, with other settings.
    pub async fn on_postgres_with(set: impl FnOnce(&mut Config)) -> Option<TestApp> {
        let url = database::postgres()?;
        Some(TestApp::start_with(url, tempfile::tempdir().expect("a temporary folder"), set))
    }

    fn start(database_url: String, dir: tempfile::TempDir) -> TestApp {
        TestApp::start_with(database_url, dir, |_| {})
    }

    /// On SQLite and, where it is installed, on PostgreSQL, with settings of the test's own.
    pub async fn on_both(set: fn(&mut Config)) -> Vec<TestApp> {
        let dir = || tempfile::tempdir().expect("a temporary folder");
        let first = dir();
        let url = database::sqlite(first.path());
        let mut both = vec![TestApp::start_with(url, first, set)];
        both.extend(database::postgres().map(|url| TestApp::start_with(url, dir(), set)));
        both
    }

    fn start_with(database_url: String, dir: tempfile::TempDir, set: impl FnOnce(&mut Config)) -> TestApp {
        database::announce();
        let flags = Flags {
            listen: Some("127.0.0.1:0".into()),
            data_dir: Some(dir.path().to_owned()),
            database_url: Some(database_url),
        };
        let mut config = Config::read(None, &flags).expect("the defaults are valid");
        config.server.workers = 1;
        config.database.threads = 2;
        config.security.administrators_need_second_factor = false;
        config.security.argon2.memory_kib = 19_456;
        config.security.argon2.passes = 2;
        config.security.argon2.threads = 1;
        let mailbox = Mailbox::open();
        config.audit.checkpoints = dir.path().join("checkpoints.ndjson");
        config.mail.transport = Transport::Smtp;
        config.mail.smtp.host = "127.0.0.1".into();
        config.mail.smtp.port = mailbox.port();
        config.mail.smtp.security = Protection::None;
        config.mail.smtp.reply_seconds = 2;
        config.mail.smtp.final_seconds = 2;
        set(&mut config);
        let now: Timestamp = START.parse().expect("an instant");
        let (listener, address) = app::bind(&config.server.listen).expect("a free port");
        let url = format!("http://{address}");
        let parts = Parts::open(config, Clock::standing_at(now), url.clone()).expect("the house opens");
        let (sender, receiver) = std::sync::mpsc::channel();
        let served = parts.clone();
        std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let server = app::serve(served, listener).expect("the server starts");
                sender.send(server.handle()).expect("the test waits");
                server.await.expect("the server ends well");
            });
        });
        let handle = receiver.recv().expect("the server started");
        TestApp { parts, url, mailbox, handle, _dir: dir }
    }

    /// Ends every connection to the database from its side, as a restart of PostgreSQL does.
    pub fn cut_database_connections(&self) {
        use diesel::connection::SimpleConnection;
        let mut conn = migrate::open(&self.parts.config.database_url()).expect("a connection");
        conn.batch_execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .expect("connections end");
    }

    /// One round of the worker: plans and sends what is due by this test's clock.
    pub async fn tick(&self) -> Report {
        app::round(&self.parts).await.expect("the round succeeds")
    }

    /// The mail server of this test, with the letters it took.
    pub fn mailbox(&self) -> &Mailbox {
        &self.mailbox
    }

    /// Moves the clock to an instant, `2026-12-01T08:00:00Z`.
    pub fn at(&self, instant: &str) {
        self.parts.clock.set(instant.parse().expect("an instant"));
        self.parts.sessions.forget();
    }

    /// Someone without credentials.
    pub fn anyone(&self) -> Client {
        Client { url: self.url.clone(), token: None }
    }
}

/// Speaks HTTP for one caller.
#[derive(Clone)]
pub struct Client {
    /// `http://127.0.0.1:PORT`.
    pub url: String,
    /// Access token, if any.
    pub token: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Body as text.
    pub text: String,
    /// Body as JSON; null when it is none.
    pub json: Value,
}

impl Answer {
    /// A header as text; empty when absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
    }

    /// Fails the test unless the status is this; returns the answer for chaining.
    #[track_caller]
    pub fn expect(self, status: u16) -> Answer {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// The record's id.
    #[track_caller]
    pub fn id(&self) -> String {
        self.json["id"].as_str().unwrap_or_else(|| panic!("no id in {}", self.text)).to_owned()
    }

    /// The problem's code.
    pub fn code(&self) -> &str {
        self.json["code"].as_str().unwrap_or("")
    }
}

impl Client {
    /// Sends a request below `/api/v1` (or anywhere, when the path starts with `//`).
    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
        let path = match path.strip_prefix("//") {
            Some(rest) => format!("/{rest}"),
            None => format!("/api/v1{path}"),
        };
        let client = awc::Client::builder().timeout(std::time::Duration::from_secs(60)).finish();
        let mut request = client.request(method, format!("{}{path}", self.url));
        if let Some(token) = &self.token {
            request = request.insert_header(("authorization", format!("Bearer {token}")));
        }
        for (name, value) in headers {
            let name = HeaderName::from_bytes(name.as_bytes()).expect("a header name");
            request = request.insert_header((name, HeaderValue::from_str(value).expect("a header value")));
        }
        let mut response = request.send_body(body).await.expect("the server answers");
        let bytes = response.body().limit(64 << 20).await.expect("the body arrives");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer { status: response.status().as_u16(), headers: response.headers().clone(), text, json }
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], Vec::new()).await
    }

    /// GET of a file, as bytes.
    pub async fn bytes(&self, path: &str) -> Vec<u8> {
        let client = awc::Client::builder().timeout(std::time::Duration::from_secs(60)).finish();
        let mut request = client.get(format!("{}/api/v1{path}", self.url));
        if let Some(token) = &self.token {
            request = request.insert_header(("authorization", format!("Bearer {token}")));
        }
        let mut response = request.send().await.expect("the server answers");
        assert_eq!(response.status().as_u16(), 200);
        response.body().limit(64 << 20).await.expect("the body arrives").to_vec()
    }

    /// POST with a JSON body.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, &[("content-type", "application/json")], body.to_string().into_bytes())
            .await
    }

    /// PATCH of the version last read.
    pub async fn patch(&self, path: &str, etag: &str, body: Value) -> Answer {
        let headers = [("content-type", "application/merge-patch+json"), ("if-match", etag)];
        self.send(Method::PATCH, path, &headers, body.to_string().into_bytes()).await
    }

    /// DELETE of the version last read.
    pub async fn delete(&self, path: &str, etag: &str) -> Answer {
        self.send(Method::DELETE, path, &[("if-match", etag)], Vec::new()).await
    }
}
