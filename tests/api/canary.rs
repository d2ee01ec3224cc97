//! Secrets planted in the running program, searched for wherever it writes: no log, problem, number, table, backup, export
//! or letter to somebody else holds one in clear.

use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use awc::http::Method;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use cybercap::platform::clock::Clock;
use cybercap::platform::connection::Flavor;
use cybercap::platform::migrate;
use diesel::connection::SimpleConnection;
use mail_parser::MessageParser;
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

use crate::support::app::Client;
use crate::support::process::{cybercap, run};
use crate::support::{Answer, database, machinery};

const MASTER: &str = "c0ffee11c0ffee22c0ffee33c0ffee44c0ffee55c0ffee66c0ffee77c0ffee88";
const DATABASE_PASSWORD: &str = "canary-database-heron-41";
const SMTP_PASSWORD: &str = "canary-smtp-bittern-42";
const FIRST: &str = "canary first kingfisher over Naivasha 43";
const CHANGED: &str = "canary second cormorant below Kisumu 44";
const AWAS: &str = "canary third pelican beside Saint-Louis 45";
const RESET: &str = "canary fourth flamingo around Nakuru 46";

/// The program with its log in a file, killed with the test.
struct Program {
    child: Child,
    url: String,
    invitation: String,
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// What was planted and what came back.
struct Hunt {
    folder: PathBuf,
    database: String,
    secrets: Vec<(&'static str, String)>,
    answers: Vec<String>,
}

impl Hunt {
    fn plant(&mut self, what: &'static str, secret: impl Into<String>) {
        let secret = secret.into();
        assert!(secret.len() >= 6, "{what} is too short to be searched for: {secret}");
        self.secrets.push((what, secret));
    }

    /// Keeps what was said to a request that is refused.
    fn refused(&mut self, answer: Answer) -> Answer {
        assert!(answer.status >= 400, "{} {}", answer.status, answer.text);
        self.answers.push(answer.text.clone());
        answer
    }

    fn start(&self) -> Program {
        let log = std::fs::File::create(self.folder.join("log")).expect("a file");
        let mut command = cybercap(&self.folder);
        command
            .args(["--database-url", &self.database, "serve", "--listen", "127.0.0.1:0"])
            .env("CYBERCAP_LOG", "debug")
            .env("CYBERCAP_SECURITY__MASTER_KEY", MASTER)
            .env("CYBERCAP_MAIL__TRANSPORT", "file")
            .env("CYBERCAP_MAIL__SMTP__USER", "cybercap")
            .env("CYBERCAP_MAIL__SMTP__PASSWORD", SMTP_PASSWORD)
            .env("CYBERCAP_SERVER__DRAIN_SECONDS", "0");
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().expect("the program runs");
        let out = std::io::BufReader::new(child.stdout.take().expect("a pipe"));
        let mut lines = std::io::BufRead::lines(out).map(|line| {
            serde_json::from_str::<Value>(&line.expect("a line")).expect("one JSON object a line")
        });
        let text =
            |value: Option<Value>, key: &str| value.expect("a line")[key].as_str().expect(key).to_owned();
        let invitation = text(lines.next(), "invitation");
        let url = text(lines.next(), "listening");
        Program { child, url, invitation }
    }

    /// The newest letter to an address whose text holds this; the worker writes it in a moment.
    fn letter(&self, to: &str, holding: &str) -> String {
        let asked = Instant::now();
        loop {
            let mut found: Vec<(String, String)> = letters(&self.folder);
            found.retain(|(address, raw)| address == to && raw.contains(holding));
            if let Some((_, raw)) = found.pop() {
                return raw;
            }
            assert!(asked.elapsed() < Duration::from_secs(30), "no letter to {to} with {holding}");
            std::thread::park_timeout(Duration::from_millis(20));
        }
    }

    /// Everything in the database as text.
    fn dump(&self) -> Vec<u8> {
        match Flavor::of(&self.database) {
            Flavor::Sqlite => ["", "-wal"]
                .iter()
                .filter_map(|end| std::fs::read(format!("{}{end}", self.database)).ok())
                .flatten()
                .collect(),
            Flavor::Postgres => machinery::dump(&self.database).into_bytes(),
        }
    }
}

/// Recipient and text of every letter written so far, and its head.
fn letters(folder: &Path) -> Vec<(String, String)> {
    let files = std::fs::read_dir(folder.join("letters")).into_iter().flatten().flatten();
    let raws = files.filter_map(|file| std::fs::read(file.path()).ok());
    let read = |raw: Vec<u8>| {
        let message = MessageParser::default().parse(&raw)?;
        let to = message.to()?.first()?.address()?.to_owned();
        let text = message.body_text(0).unwrap_or_default().into_owned();
        Some((to, format!("{text}\n{}", String::from_utf8_lossy(&raw).replace("\r\n ", ""))))
    };
    raws.filter_map(read).collect()
}

/// What stands behind a mark, up to the first sign that is of no token.
fn behind(text: &str, mark: &str) -> String {
    let rest = text.split_once(mark).unwrap_or_else(|| panic!("no {mark} in {text}")).1;
    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c)).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

fn code(seed: &str) -> String {
    let seed = Secret::try_from_base32(seed).expect("base32");
    let now = u64::try_from(Clock::machine().now().seconds()).expect("a time");
    Builder::new().with_secret(seed).build().expect("a generator").generate(now).to_string()
}

/// Forms in which a secret may lie about.
fn forms(secret: &str) -> Vec<Vec<u8>> {
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    vec![
        secret.into(),
        hex.into_bytes(),
        STANDARD.encode(secret).trim_end_matches('=').into(),
        URL_SAFE_NO_PAD.encode(secret).into(),
        secret.replace(' ', "+").into_bytes(),
        secret.replace(' ', "%20").into_bytes(),
    ]
}

fn holds(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

/// The first administrator comes in, gets a second factor, a token, a feed, and invites Awa.
async fn live(hunt: &mut Hunt, program: &Program) -> (Client, Client) {
    let anyone = Client { url: program.url.clone(), token: None };
    let link = program.invitation.split_once('#').expect("a link").1;
    hunt.plant("first invitation", link);
    let first = json!({ "token": link, "email": "first@example.org", "name": "First", "password": FIRST });
    anyone.post("/auth/invitations/accept", first.clone()).await.expect(200);
    hunt.refused(anyone.post("/auth/invitations/accept", first).await);
    let login = json!({ "email": "first@example.org", "password": FIRST });
    let pair = anyone.post("/auth/login", login).await.expect(200).json;
    let mut admin =
        Client { url: program.url.clone(), token: pair["access_token"].as_str().map(str::to_owned) };
    hunt.plant("access token", text(&pair["access_token"]).rsplit('.').next().expect("a signature"));
    hunt.plant("refresh token", text(&pair["refresh_token"]));
    hunt.plant("device token", text(&pair["device_token"]));
    let refreshed = json!({ "refresh_token": pair["refresh_token"] });
    let next = anyone.post("/auth/refresh", refreshed.clone()).await.expect(200).json;
    hunt.plant("second access token", text(&next["access_token"]).rsplit('.').next().expect("a signature"));
    hunt.plant("second refresh token", text(&next["refresh_token"]));
    admin.token = next["access_token"].as_str().map(str::to_owned);
    let keyed = |key: &'static str| [("content-type", "application/json"), ("idempotency-key", key)];
    let begun = admin
        .send(Method::POST, "/me/second-factor", &keyed("factor"), b"{}".to_vec())
        .await
        .expect(200)
        .json;
    hunt.plant("seed", text(&begun["secret"]));
    let said = json!({ "code": code(&text(&begun["secret"])) }).to_string().into_bytes();
    let codes =
        admin.send(Method::POST, "/me/second-factor/confirm", &keyed("confirm"), said).await.expect(200).json;
    for recovery in codes["recovery_codes"].as_array().expect("codes") {
        hunt.plant("recovery code", text(recovery));
    }
    let token = json!({ "name": "sync", "permissions": ["reference.view"] }).to_string().into_bytes();
    let made = admin.send(Method::POST, "/me/tokens", &keyed("token"), token).await.expect(201).json;
    hunt.plant("API token", text(&made["token"]).rsplit('_').next().expect("its secret"));
    let robot = Client { url: program.url.clone(), token: made["token"].as_str().map(str::to_owned) };
    robot.get("/countries?limit=1").await.expect(200);
    hunt.refused(robot.get("/users").await);
    let feed = admin.post("/me/feeds", json!({})).await.expect(201).json;
    hunt.plant("feed", behind(&text(&feed["url"]), "token="));
    anyone.get(&format!("/calendar.ics?token={}", behind(&text(&feed["url"]), "token="))).await.expect(200);
    let change = json!({ "current_password": FIRST, "new_password": CHANGED }).to_string().into_bytes();
    admin.send(Method::POST, "/me/password", &keyed("password"), change).await.expect(204);
    let lost = anyone.post("/auth/refresh", refreshed).await.expect(200).json;
    hunt.plant("third refresh token", text(&lost["refresh_token"]));
    let awa = awa_comes(hunt, program, &admin).await;
    (admin, awa)
}

/// Awa is invited, accepts, forgets her password and gets a letter about a program.
async fn awa_comes(hunt: &mut Hunt, program: &Program, admin: &Client) -> Client {
    let anyone = Client { url: program.url.clone(), token: None };
    let roles = json!([{ "role": "focal_point", "country": "SN" }, { "role": "auditor" }]);
    admin.post("/users", json!({ "email": "awa@example.org", "roles": roles })).await.expect(201);
    let link = behind(&hunt.letter("awa@example.org", "/links/invitation#"), "/links/invitation#");
    hunt.plant("invitation", link.as_str());
    let shown = format!("Link {link}");
    anyone.send(Method::GET, "/auth/invitations", &[("authorization", &shown)], Vec::new()).await.expect(200);
    anyone.post("/auth/invitations/accept", json!({ "token": link, "password": AWAS })).await.expect(200);
    anyone.post("/auth/password/forgot", json!({ "email": "awa@example.org" })).await.expect(202);
    let link = behind(&hunt.letter("awa@example.org", "/links/password#"), "/links/password#");
    hunt.plant("reset link", link.as_str());
    hunt.refused(anyone.post("/auth/password/reset", json!({ "token": link, "password": "short" })).await);
    anyone.post("/auth/password/reset", json!({ "token": link, "password": RESET })).await.expect(204);
    let pair = anyone
        .post("/auth/login", json!({ "email": "awa@example.org", "password": RESET }))
        .await
        .expect(200)
        .json;
    hunt.plant("Awa's refresh token", text(&pair["refresh_token"]));
    let draft = json!({ "title": { "en": "CSIRT" }, "countries": [{ "country": "SN" }] });
    let id = admin.post("/programs", draft).await.expect(201).id();
    let halted = json!({ "to": "suspended", "reason": "Elections" });
    admin.post(&format!("/programs/{id}/transitions"), halted).await.expect(200);
    let told = hunt.letter("awa@example.org", "List-Unsubscribe:");
    hunt.plant("unsubscribe token", behind(&told, "token="));
    Client { url: program.url.clone(), token: pair["access_token"].as_str().map(str::to_owned) }
}

/// Requests that are refused, each with a secret in it.
async fn fail(hunt: &mut Hunt, program: &Program) {
    let anyone = Client { url: program.url.clone(), token: None };
    let secret = |n: usize| format!("canary-lost-warbler-{n}-in-the-reeds");
    for n in 50..60 {
        hunt.plant("in a request that is refused", secret(n));
    }
    let json = [("content-type", "application/json")];
    let answers = [
        anyone.post("/auth/login", json!({ "email": "first@example.org", "password": secret(50) })).await,
        anyone.post("/auth/login", json!({ "email": "x", "password": secret(51), "pin": secret(51) })).await,
        anyone
            .send(Method::POST, "/auth/login", &json, format!("{{\"password\": {}", secret(52)).into_bytes())
            .await,
        anyone.send(Method::POST, "/auth/login", &json, format!("[\"{}\"]", secret(52)).into_bytes()).await,
        anyone.post("/auth/refresh", json!({ "refresh_token": secret(53) })).await,
        anyone.post("/auth/password/reset", json!({ "token": secret(54), "password": secret(54) })).await,
        anyone.get(&format!("/auth/invitations?token={}", secret(55))).await,
        anyone.get(&format!("/calendar.ics?token={}", secret(56))).await,
        anyone.get(&format!("/programs?token={}", secret(57))).await,
        Client { url: program.url.clone(), token: Some(secret(58)) }.get("/me").await,
        Client { url: program.url.clone(), token: Some(format!("cap_{}", secret(58))) }.get("/me").await,
        anyone.get(&format!("//unsubscribe?token={}", secret(59))).await,
    ];
    for answer in answers {
        hunt.refused(answer);
    }
}

/// Starts that fail say why without saying the secret.
fn start_wrongly(hunt: &mut Hunt) {
    let other = hunt.folder.join("other");
    hunt.plant("wrong master key", "canary-key-that-is-no-key-61");
    hunt.plant("password of a database that is away", "canary-away-avocet-62");
    let words = |output: std::process::Output| {
        assert!(!output.status.success());
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    };
    let key = cybercap(&other)
        .arg("serve")
        .env("CYBERCAP_SECURITY__MASTER_KEY", "canary-key-that-is-no-key-61")
        .output()
        .expect("runs");
    let away = "postgres://somebody:canary-away-avocet-62@127.0.0.1:1/none";
    hunt.answers.push(words(key));
    hunt.answers.push(words(run(&other, &["--database-url", away, "serve", "--listen", "127.0.0.1:0"])));
    hunt.answers.push(words(run(&other, &["--database-url", away, "doctor"])));
    let shown = run(&hunt.folder, &["--database-url", &hunt.database, "config", "show"]);
    hunt.answers.push(String::from_utf8_lossy(&shown.stdout).into_owned());
}

async fn hunted(database: String, folder: tempfile::TempDir) {
    let mut hunt = Hunt { folder: folder.path().into(), database, secrets: Vec::new(), answers: Vec::new() };
    for (what, secret) in [
        ("master key", MASTER),
        ("SMTP password", SMTP_PASSWORD),
        ("first password", FIRST),
        ("changed password", CHANGED),
        ("Awa's password", AWAS),
        ("Awa's next password", RESET),
    ] {
        hunt.plant(what, secret);
    }
    if hunt.database.contains(DATABASE_PASSWORD) {
        hunt.plant("password of the database", DATABASE_PASSWORD);
    }
    let program = hunt.start();
    let (admin, awa) = live(&mut hunt, &program).await;
    fail(&mut hunt, &program).await;
    start_wrongly(&mut hunt);
    let export = awa.get("/audit-chain").await.expect(200).text;
    assert!(export.lines().count() > 20, "{export}");
    let metrics = admin.get("//metrics").await.expect(200).text;
    let copy = hunt.folder.join("copy.db");
    let taken =
        run(&hunt.folder, &["--database-url", &hunt.database, "backup", copy.to_str().expect("a path")]);
    let backup = std::fs::read(&copy).unwrap_or_default();
    assert_eq!(taken.status.success(), Flavor::of(&hunt.database) == Flavor::Sqlite);
    hunt.answers.push(String::from_utf8_lossy(&taken.stderr).into_owned());
    let dump = hunt.dump();
    assert!(holds(&dump, b"awa@example.org"), "the dump is one");
    assert!(backup.is_empty() || holds(&backup, b"awa@example.org"), "the backup is one");
    // A table is gone: what the database says of it goes to the log, and no further.
    let mut conn = migrate::open(&hunt.database).expect("a connection");
    conn.batch_execute("ALTER TABLE sessions RENAME TO sessions_gone").expect("the table is renamed");
    let anyone = Client { url: program.url.clone(), token: None };
    let login = json!({ "email": "awa@example.org", "password": RESET });
    let broken = anyone.post("/auth/login", login).await;
    assert!(broken.status >= 500 && !broken.text.contains("sessions"), "{}", broken.text);
    hunt.refused(broken);
    let log = std::fs::read(hunt.folder.join("log")).expect("the log");
    assert!(holds(&log, b"sessions"), "the log says what broke");
    assert!(holds(&log, b"request_id"), "there is a log");
    drop(program);

    let mut findings = Vec::new();
    let answers = hunt.answers.join("\n");
    let places: [(&str, &[u8]); 6] = [
        ("the log", &log),
        ("the answers", answers.as_bytes()),
        ("the metrics", metrics.as_bytes()),
        ("the audit export", export.as_bytes()),
        ("the database", &dump),
        ("the backup", &backup),
    ];
    for (what, secret) in &hunt.secrets {
        for (place, bytes) in &places {
            if forms(secret).iter().any(|form| holds(bytes, form)) {
                findings.push(format!("{what} stands in {place}"));
            }
        }
        for (to, raw) in letters(&hunt.folder) {
            let own =
                to == "awa@example.org" && ["invitation", "reset link", "unsubscribe token"].contains(what);
            if !own && raw.contains(secret.as_str()) {
                findings.push(format!("{what} stands in a letter to {to}"));
            }
        }
    }
    for (place, bytes) in places.iter().filter(|(place, _)| !["the database", "the backup"].contains(place)) {
        for address in ["first@example.org", "awa@example.org"] {
            if holds(bytes, address.as_bytes()) {
                findings.push(format!("the address {address} stands in {place}"));
            }
        }
    }
    assert!(hunt.secrets.len() >= 30, "{} secrets", hunt.secrets.len());
    assert!(findings.is_empty(), "{} findings:\n{}", findings.len(), findings.join("\n"));
}

#[actix_web::test]
async fn no_secret_stands_anywhere_in_clear_on_sqlite() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("cybercap.db").to_str().expect("a plain path").to_owned();
    hunted(file, folder).await;
}

#[actix_web::test]
async fn no_secret_stands_anywhere_in_clear_on_postgres() {
    let Some(url) = database::postgres() else { return };
    let url = url.replacen("postgres@", &format!("postgres:{DATABASE_PASSWORD}@"), 1);
    hunted(url, tempfile::tempdir().expect("a temporary folder")).await;
}
