//! Letters about training sessions: who is told what on which local day and in which language, and who is not.

use cybercap::accounts::NewGrant;
use cybercap::kernel::access::Role;
use cybercap::kernel::lang::Lang;
use serde_json::{Value, json};

use crate::letter_rules::{local, official, program};
use crate::support::mailbox::Received;
use crate::support::{Person, TestApp};
use crate::training::{planned, step};

/// Two mornings in Dakar, in March; Senegal is invited and Kenya is not.
fn drill() -> Value {
    json!({ "title": { "en": "Drill", "fr": "Exercice" }, "mode": "in_person", "zone": "Africa/Dakar",
            "venue": "Hôtel Terrou-Bi, salle « Gorée » ; étage 2", "city": "Dakar", "country": "SN",
            "countries": [{ "country": "SN" }],
            "days": [{ "day": "2027-03-02", "starts": "09:00", "ends": "17:00" },
                     { "day": "2027-03-03", "starts": "09:00", "ends": "12:30" }] })
}

async fn trainer(app: &TestApp, program: &str) -> Person {
    let grant = NewGrant { role: Role::Trainer, country: None, program_id: program.parse().ok() };
    app.person("tomoko", Lang::En, "Asia/Tokyo", &[grant]).await
}

/// A coordinator with a program of Kenya and Senegal, its people, those of others, and a draft with a trainer.
async fn cast(app: &TestApp) -> (Person, Value) {
    let (coordinator, program) = program(app, json!({})).await;
    official(app, "awa", "SN", Lang::Fr, "Africa/Dakar").await;
    official(app, "kamau", "KE", Lang::En, "Africa/Nairobi").await;
    official(app, "kofi", "GH", Lang::En, "Africa/Accra").await;
    app.with_role("donor", Role::Observer, None, Some(&program)).await;
    app.with_role("other", Role::Coordinator, None, Some("01936f1e-7b7a-7c3d-9c55-0a6b8c1d2e3f")).await;
    let mut draft = drill();
    draft["trainers"] = json!([trainer(app, &program).await.id.to_string()]);
    let session = planned(&coordinator, &program, draft).await;
    app.tick().await;
    assert_eq!(told(app), [] as [&str; 0], "nobody hears of a draft");
    (coordinator, session)
}

/// What is said of the session in these letters, in order of names.
pub fn lines(letters: &[Received]) -> Vec<String> {
    let wanted = letters.iter().filter(|l| l.subject.contains("Drill") || l.subject.contains("Exercice"));
    let mut lines: Vec<_> = wanted.map(|l| format!("{}: {}", local(&l.to), l.subject)).collect();
    lines.sort();
    lines
}

/// The same of the letters taken since the last call.
pub fn told(app: &TestApp) -> Vec<String> {
    lines(&app.mailbox().take())
}

fn path(session: &Value) -> String {
    format!("/training-sessions/{}", session["id"].as_str().expect("an id"))
}

pub async fn change(app: &TestApp, by: &Person, session: &Value, patch: Value) {
    let client = app.client_of(by).await;
    let etag = client.get(&path(session)).await.expect(200).header("etag").to_owned();
    client.patch(&path(session), &etag, patch).await.expect(200);
}

/// The calendar file of a letter, its lines unfolded.
pub fn file(letter: &Received) -> Vec<String> {
    let text = letter.calendar.as_ref().expect("a calendar file");
    assert!(text.ends_with("END:VCALENDAR\r\n"), "{text}");
    assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')), "{text}");
    text.replace("\r\n ", "").lines().map(str::to_owned).collect()
}

pub fn of<'a>(lines: &'a [String], name: &str) -> Vec<&'a str> {
    lines.iter().filter(|line| line.split([':', ';']).next() == Some(name)).map(String::as_str).collect()
}

on_both_databases! {
    async fn a_session_is_offered_to_the_countries_invited_each_in_its_language(app: TestApp) {
        let (coordinator, session) = cast(&app).await;
        step(&coordinator, &session, "published").await.expect(200);
        app.tick().await;
        let letters = app.mailbox().take();
        assert_eq!(lines(&letters), ["awa: Nouvelle session de formation\u{a0}: Exercice"]);
        let awa = letters.iter().find(|letter| letter.subject.contains("Exercice")).expect("Senegal's letter");
        for part in ["mardi 2\u{a0}mars 2027, 09:00–17:00 (Africa/Dakar)", "12:30", "Création d’un CSIRT", &path(&session)] {
            assert!(awa.text.replace('\n', " ").contains(part), "{part} is missing in {}", awa.text);
        }
        let file = file(awa);
        assert_eq!(of(&file, "METHOD"), ["METHOD:REQUEST"]);
        assert_eq!(of(&file, "DTSTART"), ["DTSTART:19700101T000000", "DTSTART;TZID=Africa/Dakar:20270302T090000", "DTSTART;TZID=Africa/Dakar:20270303T090000"]);
        assert_eq!(of(&file, "DTEND"), ["DTEND;TZID=Africa/Dakar:20270302T170000", "DTEND;TZID=Africa/Dakar:20270303T123000"]);
        assert_eq!(of(&file, "RRULE"), ["RRULE:FREQ=DAILY;COUNT=2"]);
        assert_eq!(of(&file, "RECURRENCE-ID"), ["RECURRENCE-ID;TZID=Africa/Dakar:20270303T090000"]);
        assert_eq!(of(&file, "SUMMARY")[0], "SUMMARY:Exercice");
        assert_eq!(of(&file, "LOCATION")[0], "LOCATION:Hôtel Terrou-Bi\\, salle « Gorée » \\; étage 2\\, Dakar\\, SN");
        assert!(of(&file, "ATTENDEE")[0].contains("ROLE=NON-PARTICIPANT"), "{file:?}");
        assert!(of(&file, "ATTENDEE")[0].ends_with(":mailto:awa@example.org"));
        let from = awa.header("from").expect("a sender");
        let organizer = of(&file, "ORGANIZER")[0].rsplit("mailto:").next().expect("an address").to_owned();
        assert!(from.contains(&organizer), "{organizer} is not {from}");
        assert_eq!(of(&file, "UID")[0].split('@').next(), Some(format!("UID:{}", session["id"].as_str().expect("an id")).as_str()));
        assert!(awa.raw.contains("text/calendar; charset=utf-8; method=REQUEST"), "{}", awa.raw);
        assert!(!awa.raw.contains("multipart/mixed"), "an invitation is a form of the letter, not a file beside it");

        step(&coordinator, &session, "registration_open").await.expect(200);
        app.tick().await;
        assert_eq!(told(&app), ["awa: Les inscriptions sont ouvertes\u{a0}: Exercice"]);
        app.tick().await;
        assert_eq!(told(&app), [] as [&str; 0]);
    }

    async fn trainers_are_reminded_on_their_mornings_and_a_new_day_or_the_end_of_it_is_told_once(app: TestApp) {
        let (coordinator, session) = cast(&app).await;
        step(&coordinator, &session, "published").await.expect(200);
        let mut log = Vec::new();
        for day in 0..130 {
            let noon: cybercap::kernel::time::Timestamp = "2026-11-22T12:00:00Z".parse().expect("an instant");
            app.parts.clock.set(noon.plus_days(day));
            let date = noon.plus_days(day).to_string()[..10].to_owned();
            match date.as_str() {
                "2027-02-20" => {
                    let days = json!([{ "day": "2027-03-16", "starts": "09:00", "ends": "17:00" }]);
                    change(&app, &coordinator, &session, json!({ "days": days })).await;
                }
                "2027-03-08" => change(&app, &coordinator, &session, json!({ "venue": "Radisson" })).await,
                "2027-03-14" => {
                    let client = app.client_of(&coordinator).await;
                    let given_up = json!({ "to": "cancelled", "reason": "Elections." });
                    client.post(&format!("{}/transitions", path(&session)), given_up).await.expect(200);
                }
                _ => {}
            }
            app.tick().await;
            log.extend(told(&app).into_iter().map(|line| format!("{date} {line}")));
        }
        assert_eq!(log, [
            "2026-11-22 awa: Nouvelle session de formation\u{a0}: Exercice",
            "2027-02-16 tomoko: In 14 days: Drill",
            "2027-02-20 awa: Nouvel horaire\u{a0}: Exercice",
            "2027-02-20 tomoko: New time: Drill",
            "2027-03-02 tomoko: In 14 days: Drill",
            "2027-03-08 awa: Nouveau lieu\u{a0}: Exercice",
            "2027-03-08 tomoko: New place: Drill",
            "2027-03-12 tomoko: In 4 days: Drill",
            "2027-03-14 awa: Annulée\u{a0}: Exercice",
            "2027-03-14 tomoko: Cancelled: Drill",
        ]);
    }

    async fn the_invitation_of_a_trainer_follows_the_session_and_ends_with_it(app: TestApp) {
        let (coordinator, session) = cast(&app).await;
        step(&coordinator, &session, "published").await.expect(200);
        app.tick().await;
        app.mailbox().take();
        let mut files = Vec::new();
        for (number, to) in ["", "postponed", "published", "cancelled"].into_iter().enumerate() {
            match number {
                0 => {
                    let days = json!([{ "day": "2027-04-06" }, { "day": "2027-04-08" }]);
                    change(&app, &coordinator, &session, json!({ "days": days })).await;
                }
                _ => { step(&coordinator, &session, to).await.expect(200); }
            }
            app.tick().await;
            let letters = app.mailbox().take();
            let ours: Vec<_> = letters.iter().filter(|letter| letter.subject.contains("Drill")).collect();
            let [letter] = ours.as_slice() else { panic!("one letter to the trainer: {ours:?}") };
            assert!(letter.to.starts_with("tomoko") && letter.header("list-unsubscribe").is_none());
            let lines = file(letter);
            let method = of(&lines, "METHOD")[0].to_owned();
            assert!(letter.raw.contains(&format!("method={}", &method[7..])), "{}", letter.raw);
            assert!(of(&lines, "ATTENDEE")[0].contains("ROLE=REQ-PARTICIPANT"), "{lines:?}");
            files.push((letter.subject.clone(), method, lines));
        }
        let seen: Vec<_> = files.iter().map(|(subject, method, lines)| {
            [subject, method, of(lines, "SEQUENCE")[0], of(lines, "STATUS")[0]].join(" ")
        }).collect();
        assert_eq!(seen, [
            "New time: Drill METHOD:REQUEST SEQUENCE:1 STATUS:CONFIRMED",
            "Postponed: Drill METHOD:CANCEL SEQUENCE:2 STATUS:CANCELLED",
            "Takes place again: Drill METHOD:REQUEST SEQUENCE:3 STATUS:CONFIRMED",
            "Cancelled: Drill METHOD:CANCEL SEQUENCE:4 STATUS:CANCELLED",
        ]);
        assert_eq!(of(&files[0].2, "DTSTART"), ["DTSTART;VALUE=DATE:20270406", "DTSTART;VALUE=DATE:20270408"]);
        assert_eq!(of(&files[0].2, "DTEND"), ["DTEND;VALUE=DATE:20270407", "DTEND;VALUE=DATE:20270409"]);
        assert_eq!(of(&files[0].2, "RDATE"), ["RDATE;VALUE=DATE:20270408"]);
        assert_eq!(of(&files[0].2, "RECURRENCE-ID"), ["RECURRENCE-ID;VALUE=DATE:20270408"]);
        assert_eq!(of(&files[3].2, "UID").len(), 1, "a cancellation takes the whole series away");
        let uids: std::collections::BTreeSet<_> = files.iter().flat_map(|(_, _, lines)| of(lines, "UID")).collect();
        assert_eq!(uids.len(), 1, "one name for ever");
    }

    async fn a_draft_that_is_given_up_tells_nobody_and_a_trainer_who_left_is_not_reminded(app: TestApp) {
        let (coordinator, session) = cast(&app).await;
        step(&coordinator, &session, "cancelled").await.expect(200);
        app.tick().await;
        assert_eq!(told(&app), [] as [&str; 0]);

        let mut draft = drill();
        draft["trainers"] = session["trainers"].as_array().expect("trainers").iter().map(|t| t["id"].clone()).collect();
        let second = planned(&coordinator, session["program_id"].as_str().expect("an id"), draft).await;
        step(&coordinator, &second, "published").await.expect(200);
        app.at("2027-02-10T12:00:00Z");
        app.tick().await;
        app.mailbox().take();
        change(&app, &coordinator, &second, json!({ "trainers": [] })).await;
        app.tick().await;
        assert_eq!(told(&app), ["tomoko: No longer for you: Drill"]);
        app.at("2027-02-16T12:00:00Z");
        app.tick().await;
        assert_eq!(told(&app), [] as [&str; 0], "it was planned for her and no longer concerns her");
        let admin = app.administrator().await;
        let client = app.client_of(&admin).await;
        let log = client.get("/letters?rule=T6&state=cancelled").await.expect(200).json;
        assert_eq!(log["items"][0]["reason"], "the recipient no longer has the role", "{log}");
    }

    async fn countries_hear_when_registration_closes_soon_until_it_is_closed(app: TestApp) {
        let (coordinator, session) = cast(&app).await;
        let window = json!({ "registration_closes": "2027-02-23T18:00" });
        change(&app, &coordinator, &session, window).await;
        step(&coordinator, &session, "published").await.expect(200);
        let mut log = Vec::new();
        for day in 0..100 {
            let noon: cybercap::kernel::time::Timestamp = "2026-11-23T12:00:00Z".parse().expect("an instant");
            app.parts.clock.set(noon.plus_days(day));
            app.tick().await;
            let date = noon.plus_days(day).to_string()[..10].to_owned();
            log.extend(told(&app).into_iter().map(|line| format!("{date} {line}")));
        }
        assert_eq!(log, [
            "2026-11-23 awa: Nouvelle session de formation\u{a0}: Exercice",
            "2027-02-02 awa: Les inscriptions se terminent dans 21\u{a0}jours\u{a0}: Exercice",
            "2027-02-16 awa: Les inscriptions se terminent dans 7\u{a0}jours\u{a0}: Exercice",
            "2027-02-16 tomoko: In 14 days: Drill",
            "2027-02-19 awa: Les inscriptions se terminent dans 4\u{a0}jours\u{a0}: Exercice",
            "2027-02-26 tomoko: In 4 days: Drill",
            "2027-03-01 tomoko: Tomorrow: Drill",
        ]);
    }
}
