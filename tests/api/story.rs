//! The main job told whole: from the installation to the letter that arrives, the chain that is verified, and kill -9.
//!
//! It plays in the spring of 2026, before any real clock, because its last chapter runs the real program by the real clock.

mod cast;

use std::collections::BTreeMap;

use awc::http::Method;
use cybercap::accounts::{self, LinkKind};
use cybercap::kernel::access::System;
use cybercap::kernel::time::Timestamp;
use futures_util::future::{join, join_all};
use serde_json::{Value, json};

use self::cast::{Cast, secret};
use crate::support::TestApp;
use crate::support::doors::PASSWORD;
use crate::support::process::{Served, complained, cybercap};

/// A day of letters: what was taken at which instant, as `date hour person: subject`.
async fn round(app: &TestApp, instant: &str) -> Vec<String> {
    app.at(instant);
    app.tick().await;
    let taken = app.mailbox().taken();
    taken
        .into_iter()
        .map(|(to, subject)| format!("{} {}: {subject}", &instant[5..13], to.split('@').next().unwrap_or("")))
        .collect()
}

/// The letters of some days, looked at in the mornings of Ho Chi Minh City, Nairobi, Paris and, an hour later, Dakar.
async fn days(app: &TestApp, from: &str, count: i64) -> Vec<String> {
    let first: Timestamp = format!("{from}T00:00:00Z").parse().expect("an instant");
    let mut told = Vec::new();
    for day in 0..count {
        let date = first.plus_days(day).to_string()[..10].to_owned();
        for hour in ["01", "05", "07", "08"] {
            told.extend(round(app, &format!("{date}T{hour}:00:00Z")).await);
        }
    }
    told
}

/// Those that speak of this.
fn about<'a>(told: &'a [String], what: &str) -> Vec<&'a str> {
    told.iter().filter(|line| line.contains(what)).map(String::as_str).collect()
}

/// Installation: the printed link makes the first administrator, once.
async fn install(app: &TestApp, cast: &Cast<'_>) {
    app.at("2026-03-02T08:00:00Z");
    let link = app.parts.db.write(|tx| accounts::first_administrator_link(tx, &System("start"))).await;
    let link = link.expect("a link").expect("there is no administrator yet");
    let url = accounts::link_url(&app.parts.master, &app.parts.base_url, LinkKind::First, link);
    let said = json!({
        "token": secret(&url), "email": "amara@example.org", "name": "Amara", "password": PASSWORD,
        "language": "en", "timezone": "Africa/Abidjan",
    });
    app.anyone().post("/auth/invitations/accept", said.clone()).await.expect(200);
    app.anyone().post("/auth/invitations/accept", said).await.expect(404);
    cast.enters("amara").await.get("/users").await.expect(200);
}

/// A program in three countries with six milestones, planned by the invited coordinator.
async fn plan(cast: &Cast<'_>) -> (String, BTreeMap<&'static str, String>) {
    let coordinator = cast.enters("camille").await;
    let program = coordinator
        .post("/programs", json!({
            "title": { "en": "National CSIRTs that last", "fr": "Des CSIRT nationaux durables" },
            "planned_start": "2026-03-16", "planned_end": "2027-03-31", "themes": ["B"],
            "countries": [
                { "country": "KE", "share": "40" }, { "country": "SN", "share": "30" }, { "country": "VN", "share": "30" },
            ],
        }))
        .await
        .expect(201)
        .id();
    let milestones = [
        ("Mandate", "SN", "2026-04-15"),
        ("Assessment", "KE", "2026-04-15"),
        ("Staffing", "VN", "2026-04-20"),
        ("Exercise", "SN", "2026-10-20"),
        ("Tools", "KE", "2026-11-20"),
        ("Handover", "VN", "2027-03-15"),
    ];
    let mut made = BTreeMap::new();
    for (title, country, due) in milestones {
        let french = format!("{title} (fr)");
        let draft = json!({ "title": { "en": title, "fr": french }, "country": country, "due": due });
        let path = format!("/programs/{program}/milestones");
        made.insert(title, coordinator.post(&path, draft).await.expect(201).id());
    }
    (program, made)
}

/// Each country's focal point is nominated and appointed, and its owner answers for a milestone.
async fn appoint(cast: &Cast<'_>, made: &BTreeMap<&'static str, String>) {
    let admin = cast.enters("amara").await;
    for (person, country) in [("awa", "SN"), ("kamau", "KE"), ("linh", "VN")] {
        let path = format!("/partners/{country}/focal-points");
        let mandate = admin.post(&path, json!({ "user_id": cast.id(person) })).await.expect(201).id();
        admin.post(&format!("{path}/{mandate}/transitions"), json!({ "to": "active" })).await.expect(200);
    }
    let coordinator = cast.enters("camille").await;
    for (title, owner) in [("Mandate", "ousmane"), ("Assessment", "wanjiru"), ("Staffing", "minh")] {
        let path = format!("/milestones/{}", made[title]);
        let etag = coordinator.get(&path).await.expect(200).header("etag").to_owned();
        coordinator.patch(&path, &etag, json!({ "owner": cast.id(owner) })).await.expect(200);
    }
}

/// The export is what each may see, and the chain holds outside of the house; a changed byte is found.
async fn export(app: &TestApp, cast: &Cast<'_>) {
    let whole = cast.enters("camille").await.get("/milestones.csv").await.expect(200).text;
    assert_eq!(whole.lines().count(), 7, "{whole}");
    let senegal = cast.enters("awa").await.get("/milestones.csv").await.expect(200).text;
    assert_eq!(senegal.lines().count(), 3, "{senegal}");
    assert!(!senegal.contains("Assessment") && !senegal.contains("Staffing"), "{senegal}");

    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("chain.ndjson");
    let key = program(app, &["audit", "key"]);
    let chain = program(app, &["audit", "export"]);
    std::fs::write(&file, &chain).expect("a file");
    let path = file.to_str().expect("a plain path");
    // Offline: on a folder where there is no database.
    let verify = || {
        cybercap(folder.path()).args(["audit", "verify", path, "--key", key.trim()]).output().expect("runs")
    };
    let sound = verify();
    assert!(sound.status.success(), "{}", complained(&sound));
    assert!(String::from_utf8_lossy(&sound.stdout).contains("The chain is sound."));
    assert!(chain.contains("\"checkpoint\""), "the worker signed the head of the chain");
    let mut changed = chain.into_bytes();
    let place = changed.len() / 2;
    changed[place] ^= 1;
    std::fs::write(&file, &changed).expect("a file");
    assert!(!verify().status.success(), "a changed byte was not found");
}

/// A command on this house's data; its output.
fn program(app: &TestApp, args: &[&str]) -> String {
    let done = on_this_house(app).args(args).output().expect("the program runs");
    assert!(done.status.success(), "{}", complained(&done));
    String::from_utf8(done.stdout).expect("text")
}

fn on_this_house(app: &TestApp) -> std::process::Command {
    let config = &app.parts.config;
    let mut command = cybercap(&config.database.data_dir);
    command
        .arg("--database-url")
        .arg(config.database_url())
        .env("CYBERCAP_SECURITY__ADMINISTRATORS_NEED_SECOND_FACTOR", "false")
        .env("CYBERCAP_MAIL__TRANSPORT", "smtp")
        .env("CYBERCAP_MAIL__SMTP__HOST", "127.0.0.1")
        .env("CYBERCAP_MAIL__SMTP__SECURITY", "none")
        .env("CYBERCAP_MAIL__SMTP__PORT", app.mailbox().port().to_string());
    command
}

/// The real program is killed while four people write; what it acknowledged is there when it starts again, and what it
/// did not answer takes effect once when it is asked again with the same key.
async fn killed(app: &TestApp, cast: &Cast<'_>, program_id: &str) {
    let mut house = Served::spawn(&mut on_this_house(app), &[]);
    let url = house.line("listening").as_str().expect("an address").to_owned();
    let coordinator = cast.enters_at("camille", &url).await;
    let path = format!("/programs/{program_id}/milestones");
    let acknowledged = std::cell::Cell::new(0);
    let writer = async |writer: usize| {
        let mut seen = Vec::new();
        for turn in 0..200 {
            let key = format!("story-{writer}-{turn}");
            let body = json!({
                "title": format!("Killed {writer} {turn}"), "due": "2027-02-01", "country": "SN", "owner": cast.id("ousmane"),
            });
            let answer = coordinator.try_post(&path, &key, &body).await;
            acknowledged.set(acknowledged.get() + usize::from(answer.is_some()));
            let ended = answer.is_none();
            seen.push((key, body, answer));
            if ended {
                break;
            }
        }
        seen
    };
    let mut house = Some(house);
    let killer = async {
        while acknowledged.get() < 12 {
            tokio::task::yield_now().await;
        }
        if let Some(house) = house.take() {
            house.kill();
        }
    };
    let (written, ()) = join(join_all((0..4).map(writer)), killer).await;
    assert!(acknowledged.get() >= 12);
    assert!(
        written.iter().any(|seen| seen.last().is_some_and(|(.., answer)| answer.is_none())),
        "it was killed in the middle"
    );

    let mut house = Served::spawn(&mut on_this_house(app), &[]);
    let url = house.line("listening").as_str().expect("an address").to_owned();
    let coordinator = cast.enters_at("camille", &url).await;
    let mut titles = Vec::new();
    for (key, body, before) in written.into_iter().flatten() {
        let again = coordinator.try_post(&path, &key, &body).await.expect("an answer");
        assert_eq!(again["title"], body["title"]);
        if let Some(before) = before {
            assert_eq!(again["id"], before["id"], "an acknowledged write was lost, or done twice");
        }
        titles.push(body["title"].as_str().expect("a title").to_owned());
    }
    let kept = cast.enters_at("awa", &url).await.list(&format!("{path}?limit=200")).await;
    let mut kept: Vec<_> =
        kept.iter().filter_map(|m| m["title"].as_str()).filter(|t| t.starts_with("Killed")).collect();
    kept.sort_unstable();
    titles.sort_unstable();
    assert_eq!(kept, titles, "each stands once");
    letters_of(app, &titles).await;
    drop(house);
    let verified = program(app, &["audit", "verify"]);
    assert!(verified.contains("The chain is sound."), "{verified}");
}

/// Every letter that was promised arrives: the owner hears once of each milestone.
async fn letters_of(app: &TestApp, titles: &[String]) {
    let mut heard: Vec<(String, String)> = Vec::new();
    // What a killed process had in hand is its own for another minute, and so long its domain is busy.
    let patience = std::time::Instant::now();
    let missing = |heard: &[(String, String)]| {
        titles.iter().filter(|title| !heard.iter().any(|(_, text)| says(text, title))).count()
    };
    while missing(&heard) > 0 {
        assert!(patience.elapsed().as_secs() < 150, "{} letters never came: {heard:?}", missing(&heard));
        tokio::task::yield_now().await;
        heard.extend(
            app.mailbox().take().into_iter().filter(|l| l.to.starts_with("ousmane")).map(|l| (l.id, l.text)),
        );
    }
    for title in titles {
        let mut ids: Vec<_> = heard.iter().filter(|(_, text)| says(text, title)).map(|(id, _)| id).collect();
        ids.dedup();
        assert_eq!(ids.len(), 1, "{title}: a letter came twice under two names");
    }
}

/// Whether a text names this title, and not one that begins alike.
fn says(text: &str, title: &str) -> bool {
    text.match_indices(title)
        .any(|(at, _)| !text[at + title.len()..].starts_with(|c: char| c.is_ascii_digit()))
}

on_both_databases! {
    async fn the_main_job_from_installation_to_kill_9(app: TestApp) {
        let mut cast = Cast::new(&app);
        install(&app, &cast).await;
        cast.invite("amara", "camille", "en", "Europe/Paris", json!({ "role": "coordinator" })).await;
        let admin = cast.enters("amara").await;
        for country in ["KE", "SN", "VN"] {
            admin.post("/partners", json!({ "country": country })).await.expect(201);
        }
        let (program_id, made) = plan(&cast).await;

        app.at("2026-03-03T09:00:00Z");
        for (name, language, zone, country) in [
            ("awa", "fr", "Africa/Dakar", "SN"), ("ousmane", "fr", "Africa/Dakar", "SN"),
            ("kamau", "en", "Africa/Nairobi", "KE"), ("wanjiru", "en", "Africa/Nairobi", "KE"),
            ("linh", "en", "Asia/Ho_Chi_Minh", "VN"), ("minh", "en", "Asia/Ho_Chi_Minh", "VN"),
        ] {
            cast.invite("amara", name, language, zone, json!({ "role": "contributor", "country": country })).await;
        }
        appoint(&cast, &made).await;
        for (focal_point, own) in [("awa", ["Exercise (fr)", "Mandate (fr)"]), ("kamau", ["Assessment", "Tools"])] {
            let seen = cast.enters(focal_point).await.get(&format!("/programs/{program_id}/milestones")).await.expect(200);
            let mut titles: Vec<_> = seen.json["items"].as_array().expect("items").iter().filter_map(|m| m["title"].as_str()).collect();
            titles.sort_unstable();
            assert_eq!(titles, own, "{focal_point} sees their own country and nothing of another's");
        }
        let told = round(&app, "2026-03-03T10:00:00Z").await;
        assert_eq!(about(&told, "ousmane: Il est"), ["03-03T10 ousmane: Il est à vous\u{a0}: Mandate (fr)"], "{told:?}");

        // The clock moves, day by day, to the morning before the first due date.
        let told = days(&app, "2026-03-04", 37).await;
        assert_eq!(about(&told, "ousmane: Éch"), [
            "03-16T08 ousmane: Échéance dans 30\u{a0}jours\u{a0}: Mandate (fr)",
            "04-08T08 ousmane: Échéance dans 7\u{a0}jours\u{a0}: Mandate (fr)",
        ], "{told:?}");
        assert_eq!(about(&told, "wanjiru: Due in 7"), ["04-08T05 wanjiru: Due in 7 days: Assessment"]);

        // A date moves: the letters of the old date never come.
        app.at("2026-04-10T07:30:00Z");
        let staffing = format!("/milestones/{}/moves", made["Staffing"]);
        cast.enters("camille").await.post(&staffing, json!({ "due": "2026-05-11", "reason": "Tet recruitment slipped" })).await.expect(200);
        let mut told = days(&app, "2026-04-10", 4).await;

        // Senegal's owner hands in on time, Kenya's too; Senegal accepts, Kenya hands back.
        app.at("2026-04-14T10:00:00Z");
        for (title, owner) in [("Mandate", "ousmane"), ("Assessment", "wanjiru")] {
            let path = format!("/milestones/{}/transitions", made[title]);
            let owner = cast.enters(owner).await;
            owner.post(&path, json!({ "to": "in_progress" })).await.expect(200);
            if title == "Assessment" {
                owner.post(&path, json!({ "to": "submitted", "reason": "A first draft" })).await.expect(200);
            }
        }
        let waiting = format!("/milestones/{}/transitions", made["Assessment"]);
        let note = json!({ "to": "returned", "reason": "The annex on the power grid is missing" });
        cast.enters("awa").await.post(&waiting, note.clone()).await.expect(404);
        cast.enters("kamau").await.post(&waiting, note).await.expect(200);
        told.extend(round(&app, "2026-04-14T10:01:00Z").await);
        assert_eq!(about(&told, "wanjiru: Returned"), ["04-14T10 wanjiru: Returned: Assessment"], "{told:?}");

        told.extend(days(&app, "2026-04-15", 1).await);
        assert_eq!(about(&told, "ousmane: Échéance aujourd"), ["04-15T08 ousmane: Échéance aujourd’hui\u{a0}: Mandate (fr)"], "on Dakar's day");
        app.at("2026-04-15T23:10:00Z");
        let mandate = format!("/milestones/{}/transitions", made["Mandate"]);
        let handed = json!({ "to": "submitted", "deliverable_url": "https://csirt.example/mandat.pdf" });
        cast.enters("ousmane").await.post(&mandate, handed).await.expect(200);
        cast.enters("kamau").await.post(&mandate, json!({ "to": "accepted" })).await.expect(404);
        cast.enters("awa").await.post(&mandate, json!({ "to": "accepted" })).await.expect(200);
        let accepted = cast.enters("camille").await.get(&format!("/milestones/{}", made["Mandate"])).await.expect(200);
        assert_eq!((&accepted.json["status"], &accepted.json["accepted_by"]["name"]), (&json!("accepted"), &json!("awa")));

        // What was handed back stays with its owner; overdue it climbs.
        told.extend(days(&app, "2026-04-16", 26).await);
        assert_eq!(about(&told, "ousmane: En retard"), [] as [&str; 0], "what is accepted is quiet");
        assert_eq!(about(&told, "wanjiru: Overdue since yesterday"), ["04-16T05 wanjiru: Overdue since yesterday: Assessment"]);
        assert_eq!(about(&told, "camille: Overdue").first(), Some(&"04-22T07 camille: Overdue for 7 days: Assessment"), "{told:?}");
        assert_eq!(about(&told, "amara: Overdue").first(), Some(&"05-06T08 amara: Overdue for 21 days: Assessment"), "{told:?}");
        assert_eq!(about(&told, "minh: Due"), [
            "05-04T01 minh: Due in 7 days: Staffing", "05-08T01 minh: Due in 3 days: Staffing", "05-11T01 minh: Due today: Staffing",
        ], "the new date's letters, the day before being a Sunday, and none of the old one's");

        export(&app, &cast).await;
        killed(&app, &cast, &program_id).await;
    }
}

/// What is asked over a key, when the server may be gone.
impl crate::support::app::Client {
    async fn try_post(&self, path: &str, key: &str, body: &Value) -> Option<Value> {
        let client = awc::Client::builder().timeout(std::time::Duration::from_secs(30)).finish();
        let request = client
            .request(Method::POST, format!("{}/api/v1{path}", self.url))
            .insert_header(("authorization", format!("Bearer {}", self.token.as_deref().unwrap_or(""))))
            .insert_header(("idempotency-key", key));
        let mut response = request.send_json(body).await.ok()?;
        let status = response.status().as_u16();
        let value: Value = response.json().await.ok()?;
        assert_eq!(status, 201, "{value}");
        Some(value)
    }

    async fn list(&self, path: &str) -> Vec<Value> {
        let mut items = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = self.get(&format!("{path}{cursor}")).await.expect(200).json;
            items.extend(page["items"].as_array().expect("items").iter().cloned());
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return items,
            }
        }
    }
}
