//! A training session told whole: from the draft to the certificate that a stranger verifies, and the one that is given up.

use awc::http::Method;
use cybercap::accounts::NewGrant;
use cybercap::kernel::access::Role;
use cybercap::kernel::lang::Lang;
use serde_json::{Value, json};

use crate::registrations::{at, decide};
use crate::support::mailbox::Received;
use crate::support::process::run;
use crate::support::{Client, Person, TestApp};
use crate::training::{planned, program};

/// Who plays: a coordinator, a trainer, and the focal points of three countries and of one that is not invited.
struct Cast {
    coordinator: Person,
    tomoko: Person,
    officials: Vec<(&'static str, Person)>,
    program: String,
}

impl Cast {
    async fn of(app: &TestApp) -> Cast {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["SN", "KE", "VN"]).await;
        let person = |name, lang, zone, grant| async move { app.person(name, lang, zone, &[grant]).await };
        let speaks = |country: &str| NewGrant {
            role: Role::FocalPoint,
            country: Some(country.parse().expect("a country")),
            program_id: None,
        };
        let trains = NewGrant { role: Role::Trainer, country: None, program_id: program.parse().ok() };
        let tomoko = person("tomoko", Lang::En, "Asia/Tokyo", trains).await;
        let mut officials = Vec::new();
        for (country, name, lang, zone) in [
            ("SN", "official-sn", Lang::Fr, "Africa/Dakar"),
            ("KE", "official-ke", Lang::En, "Africa/Nairobi"),
            ("VN", "official-vn", Lang::En, "Asia/Ho_Chi_Minh"),
            ("GH", "official-gh", Lang::En, "Africa/Accra"),
        ] {
            officials.push((country, person(name, lang, zone, speaks(country)).await));
        }
        Cast { coordinator, tomoko, officials, program }
    }

    fn official(&self, country: &str) -> &Person {
        &self.officials.iter().find(|(of, _)| *of == country).expect("an official").1
    }

    /// A session of one day in Dakar with three seats, its registration open.
    async fn opens(&self, app: &TestApp, title: &str) -> Value {
        let draft = json!({
            "title": { "en": title, "fr": format!("{title} (fr)") }, "mode": "in_person", "zone": "Africa/Dakar",
            "venue": "Hôtel Terrou-Bi", "city": "Dakar", "country": "SN", "capacity": 3,
            "trainers": [self.tomoko.id.to_string()],
            "days": [{ "day": "2027-03-02", "starts": "09:00", "ends": "17:00" }],
        });
        let session = planned(&self.coordinator, &self.program, draft).await;
        for to in ["published", "registration_open"] {
            steps(app, self, &session, to).await;
        }
        session
    }
}

async fn steps(app: &TestApp, cast: &Cast, session: &Value, to: &str) {
    let step = json!({ "to": to, "reason": "As decided." });
    let coordinator = app.client_of(&cast.coordinator).await;
    coordinator.post(&format!("{}/transitions", at(session)), step).await.expect(200);
}

async fn nominates(
    app: &TestApp,
    cast: &Cast,
    session: &Value,
    country: &str,
    name: &str,
    rank: i64,
) -> Value {
    let mail = format!("{}@ministry.example", name.to_lowercase());
    let language = if country == "SN" { "fr" } else { "en" };
    let person = json!({ "name": name, "email": mail, "language": language, "sex": "female" });
    let body = json!({ "country": country, "rank": rank, "person": person });
    let official = app.client_of(cast.official(country)).await;
    official.post(&format!("{}/nominations", at(session)), body).await.expect(201).json
}

/// A round of the worker, and the letters that speak of a session.
async fn letters(app: &TestApp, title: &str) -> Vec<Received> {
    app.tick().await;
    app.mailbox().take().into_iter().filter(|letter| letter.subject.contains(title)).collect()
}

/// To whom, in order of names.
fn to(letters: &[Received]) -> Vec<&str> {
    let mut names: Vec<&str> = letters.iter().filter_map(|letter| letter.to.split('@').next()).collect();
    names.sort_unstable();
    names
}

fn letter<'a>(letters: &'a [Received], name: &str) -> &'a Received {
    let to = |letter: &&Received| letter.to.split('@').next() == Some(name);
    letters.iter().find(to).unwrap_or_else(|| panic!("{name} has a letter"))
}

/// A line of the calendar file of a letter.
fn entry(letter: &Received, name: &str) -> String {
    let text = letter.calendar.as_ref().expect("a calendar file").replace("\r\n ", "");
    let line = text.lines().find(|line| line.split([':', ';']).next() == Some(name)).expect("the line");
    line.to_owned()
}

/// How often what a letter's calendar entry says was changed.
fn sequence(letter: &Received) -> i64 {
    entry(letter, "SEQUENCE").trim_start_matches("SEQUENCE:").parse().expect("a number")
}

/// The secret of the pass that a letter leads to.
fn pass(letter: &Received) -> String {
    let (_, behind) = letter.text.split_once("/pass#").expect("a pass");
    behind.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c)).collect()
}

async fn stands(by: &Client, session: &Value) -> Vec<String> {
    let list = by.get(&format!("{}/registrations", at(session))).await.expect(200).json;
    let said = |r: &Value| {
        format!("{} {}", r["person"]["name"].as_str().unwrap_or("?"), r["status"].as_str().unwrap_or("?"))
    };
    list["items"].as_array().expect("items").iter().map(said).collect()
}

/// Three countries nominate, three have seats and one waits; one leaves and the seat is offered, and taken by the pass.
async fn seats(app: &TestApp, cast: &Cast, session: &Value) -> (String, i64) {
    let offered = letters(app, "Drill").await;
    assert_eq!(
        to(&offered),
        ["official-ke", "official-sn", "official-vn"],
        "the trainer plans, Ghana is not invited"
    );
    let mut nominees = Vec::new();
    for (country, name, rank) in [("SN", "Awa", 1), ("KE", "Kamau", 1), ("VN", "Linh", 1), ("SN", "Modou", 2)]
    {
        nominees.push(nominates(app, cast, session, country, name, rank).await);
    }
    letters(app, "Drill").await;
    for nominee in &nominees {
        decide(&app.client_of(&cast.coordinator).await, nominee, "confirmed").await.expect(200);
    }
    let decided = letters(app, "Drill").await;
    for name in ["awa", "kamau", "linh", "modou"] {
        letter(&decided, name);
    }
    assert_eq!(entry(letter(&decided, "awa"), "METHOD"), "METHOD:REQUEST");
    assert!(letter(&decided, "modou").calendar.is_none(), "who waits keeps no day free");
    let seen = stands(&app.client_of(&cast.coordinator).await, session).await;
    assert_eq!(seen, ["Awa confirmed", "Kamau confirmed", "Linh confirmed", "Modou waitlisted"]);

    let leaves =
        json!({ "token": pass(letter(&decided, "kamau")), "to": "withdrawn", "reason": "Elections." });
    app.anyone().post("/passes/answer", leaves).await.expect(200);
    let offer = letters(app, "Drill").await;
    assert_eq!(entry(letter(&offer, "kamau"), "METHOD"), "METHOD:CANCEL");
    let takes = json!({ "token": pass(letter(&offer, "modou")), "to": "confirmed" });
    assert_eq!(app.anyone().post("/passes/answer", takes).await.expect(200).json["status"], "confirmed");
    let settled = letters(app, "Drill").await;
    assert!(!to(&settled).contains(&"kamau") && !to(&settled).contains(&"linh"), "{:?}", to(&settled));
    (pass(letter(&decided, "awa")), sequence(letter(&decided, "awa")))
}

/// Another venue: those who come hear of it, with a higher sequence under the same name; who left and who is not asked do not.
async fn moves(app: &TestApp, cast: &Cast, session: &Value, known: i64) {
    let coordinator = app.client_of(&cast.coordinator).await;
    let etag = coordinator.get(&at(session)).await.expect(200).header("etag").to_owned();
    let venue = json!({ "venue": "CICAD", "city": "Diamniadio" });
    let moved = coordinator.patch(&at(session), &etag, venue).await.expect(200).json;
    let told = letters(app, "Drill").await;
    assert_eq!(to(&told), ["awa", "linh", "modou", "official-ke", "official-sn", "official-vn", "tomoko"]);
    for name in ["awa", "tomoko"] {
        let letter = letter(&told, name);
        assert_eq!(entry(letter, "LOCATION"), "LOCATION:CICAD\\, Diamniadio\\, SN");
        let id = session["id"].as_str().expect("an id");
        assert!(entry(letter, "UID").starts_with(&format!("UID:{id}@")));
    }
    assert!(moved["sequence"].as_i64() > session["sequence"].as_i64());
    assert_eq!(Some(sequence(letter(&told, "tomoko"))), moved["sequence"].as_i64());
    assert!(sequence(letter(&told, "awa")) > known, "her calendar takes the new place for the later word");
}

/// The day: Awa checks herself in, the trainer notes the others; two have completed.
async fn held(app: &TestApp, cast: &Cast, session: &Value, awa: &str) {
    app.at("2027-03-02T08:55:00Z");
    steps(app, cast, session, "registration_closed").await;
    steps(app, cast, session, "running").await;
    app.at("2027-03-02T09:01:00Z");
    let trainer = app.client_of(&cast.tomoko).await;
    let code = trainer.get(&format!("{}/check-in-code", at(session))).await.expect(200).json["code"].clone();
    app.anyone().post("/passes/check-in", json!({ "token": awa, "code": code })).await.expect(200);
    let list = trainer.get(&format!("{}/registrations?status=confirmed", at(session))).await.expect(200).json;
    for r in list["items"].as_array().expect("items") {
        let entry = match r["person"]["name"].as_str() {
            Some("Modou") => json!({ "registration_id": r["id"], "day": "2027-03-02", "status": "present" }),
            Some("Linh") => {
                json!({ "registration_id": r["id"], "day": "2027-03-02", "status": "partial", "minutes": 90 })
            }
            _ => continue,
        };
        trainer.post(&format!("{}/attendance", at(session)), entry).await.expect(201);
    }
    app.at("2027-03-02T17:30:00Z");
    steps(app, cast, session, "completed").await;
    let results = app
        .client_of(&cast.coordinator)
        .await
        .get(&format!("{}/results", at(session)))
        .await
        .expect(200)
        .json;
    let done: Vec<(&str, bool)> = results["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|r| (r["person"]["name"].as_str().unwrap_or("?"), r["completed"] == true))
        .collect();
    assert_eq!(done, [("Awa", true), ("Kamau", false), ("Linh", false), ("Modou", true)]);
}

/// Certificates arrive by letter; a stranger checks one by its number, a machine without us by its signature.
async fn certified(app: &TestApp, cast: &Cast, session: &Value) {
    let coordinator = app.client_of(&cast.coordinator).await;
    let issued = coordinator.post(&format!("{}/certificates", at(session)), json!({})).await.expect(200).json;
    assert_eq!(issued["issued"], 2);
    let number = issued["certificates"][0]["number"].as_str().expect("a number").to_owned();
    let told = letters(app, "Drill").await;
    assert!(
        to(&told).contains(&"awa") && to(&told).contains(&"modou") && !to(&told).contains(&"linh"),
        "{:?}",
        to(&told)
    );
    assert!(letter(&told, "awa").text.contains(&number), "{}", letter(&told, "awa").text);

    let file = app.anyone().get(&format!("/certificates/{number}")).await.expect(200);
    assert_eq!((&file.json["status"], &file.json["certificate"]["name"]), (&json!("issued"), &json!("Awa")));
    let page = app
        .anyone()
        .send(Method::GET, &format!("//certificates/{number}"), &[("accept-language", "fr")], Vec::new())
        .await;
    assert!(page.expect(200).text.contains("Awa"));
    let keys = app.anyone().get("//.well-known/certificate-keys.json").await.expect(200);
    let folder = tempfile::tempdir().expect("a folder");
    let (kept, known) = (folder.path().join("certificate.json"), folder.path().join("keys.json"));
    std::fs::write(&known, &keys.text).expect("the keys");
    let verify = |text: &str| {
        std::fs::write(&kept, text).expect("the certificate");
        let arguments =
            ["certificate", "verify", &kept.display().to_string(), "--keys", &known.display().to_string()];
        run(folder.path(), &arguments).status.success()
    };
    assert!(verify(&file.text), "{}", file.text);
    assert!(!verify(&file.text.replace("Awa", "Ava")), "a changed letter is found");

    let numbers = coordinator.get(&format!("{}/numbers", at(session))).await.expect(200).json;
    let all = &numbers["items"][0];
    let counted = ["nominated", "confirmed", "attended", "completed"].map(|name| all[name].clone());
    assert_eq!(counted, [json!(4), json!(3), json!(3), json!(2)]);
    let senegal = app.client_of(cast.official("SN")).await;
    let own = senegal.get(&format!("{}/numbers", at(session))).await.expect(200).json;
    assert_eq!((&own["items"][0]["nominated"], &own["items"][0]["completed"]), (&json!(2), &json!(2)));
}

/// A second session is given up: who had a seat or was asked hears of it, and nobody else.
async fn given_up(app: &TestApp, cast: &Cast) {
    let session = cast.opens(app, "Seminar").await;
    let awa = nominates(app, cast, &session, "SN", "Awa", 1).await;
    let kamau = nominates(app, cast, &session, "KE", "Kamau", 1).await;
    decide(&app.client_of(&cast.coordinator).await, &awa, "confirmed").await.expect(200);
    decide(&app.client_of(&cast.coordinator).await, &kamau, "declined").await.expect(200);
    letters(app, "Seminar").await;
    steps(app, cast, &session, "cancelled").await;
    let told = letters(app, "Seminar").await;
    assert_eq!(to(&told), ["awa", "official-ke", "official-sn", "official-vn", "tomoko"]);
    assert_eq!(entry(letter(&told, "awa"), "METHOD"), "METHOD:CANCEL");
    assert!(letters(app, "Seminar").await.is_empty());
}

on_both_databases! {
    async fn a_session_goes_from_a_draft_to_certificates_that_a_stranger_verifies(app: TestApp) {
        let cast = Cast::of(&app).await;
        let session = cast.opens(&app, "Drill").await;
        let (awa, known) = seats(&app, &cast, &session).await;
        moves(&app, &cast, &session, known).await;
        given_up(&app, &cast).await;
        held(&app, &cast, &session, &awa).await;
        certified(&app, &cast, &session).await;
    }
}
