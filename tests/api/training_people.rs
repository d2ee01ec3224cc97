//! Letters to the many people of a session: reminders, changes, what each of them wants, and what countries hear after it.

use cybercap::accounts::NewGrant;
use cybercap::kernel::access::Role;
use cybercap::kernel::lang::Lang;
use cybercap::kernel::time::Timestamp;
use serde_json::{Value, json};

use crate::letter_rules::program;
use crate::registrations::{at, decide};
use crate::support::TestApp;
use crate::training_letters::{change, file, lines, of, told};
use crate::training_places::{cast, exercise, named, to};

fn instant(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

/// What is told at each hour of a span, with the hour.
async fn hours(app: &TestApp, from: &str, count: i64) -> Vec<String> {
    let mut log = Vec::new();
    for hour in 0..count {
        let now = instant(from).plus_seconds(hour * 3600);
        app.parts.clock.set(now);
        app.tick().await;
        log.extend(told(app).into_iter().map(|line| format!("{} {line}", &now.to_string()[..13])));
    }
    log
}

/// Adds a trainer to a session's program and to the session.
async fn trained(app: &TestApp, by: &crate::support::Person, session: &Value) -> crate::support::Person {
    let program = session["program_id"].as_str().expect("an id");
    let grant = NewGrant { role: Role::Trainer, country: None, program_id: program.parse().ok() };
    let tomoko = app.person("tomoko", Lang::En, "Asia/Tokyo", &[grant]).await;
    change(app, by, session, json!({ "trainers": [tomoko.id.to_string()] })).await;
    tomoko
}

on_both_databases! {
    async fn who_has_a_seat_is_reminded_by_the_clock_of_the_session_and_two_hours_before_it_begins_online(app: TestApp) {
        let (coordinator, awa, kamau, session) = cast(&app, json!({ "capacity": 3 })).await;
        trained(&app, &coordinator, &session).await;
        for (country, name, rank) in [("SN", "Modou", 1), ("SN", "Fatou", 2)] {
            let nominee = named(&awa, &session, country, name, rank, Some("en")).await;
            decide(&coordinator, &nominee, "confirmed").await.expect(200);
        }
        let otieno = named(&kamau, &session, "KE", "Otieno", 1, Some("en")).await;
        named(&kamau, &session, "KE", "Wanjiru", 2, Some("en")).await;
        app.tick().await;
        app.mailbox().take();
        let mut log = hours(&app, "2027-02-15T22:00:00Z", 36).await;
        app.at("2027-02-24T10:00:00Z");
        let later = app.client_of(&coordinator).await;
        decide(&later, &otieno, "confirmed").await.expect(200);
        let list = later.get(&format!("{}/registrations?status=confirmed", at(&session))).await.expect(200).json;
        let fatou = list["items"].as_array().expect("items").iter().find(|r| r["person"]["name"] == "Fatou").expect("Fatou").clone();
        decide(&later, &fatou, "withdrawn").await.expect(200);
        app.tick().await;
        app.mailbox().take();
        log.extend(hours(&app, "2027-02-25T22:00:00Z", 24).await);
        log.extend(hours(&app, "2027-02-28T22:00:00Z", 40).await);
        assert_eq!(log, [
            "2027-02-15T23 tomoko: In 14 days: Drill",
            "2027-02-16T08 fatou: In 14 days: Drill",
            "2027-02-16T08 modou: In 14 days: Drill",
            // Three days before is a Saturday: the letter comes on Friday.
            "2027-02-25T23 tomoko: In 4 days: Drill",
            "2027-02-26T08 modou: In 4 days: Drill",
            "2027-02-26T08 otieno: In 4 days: Drill",
            "2027-02-28T23 tomoko: Tomorrow: Drill",
            "2027-03-01T08 modou: Tomorrow: Drill",
            "2027-03-01T08 otieno: Tomorrow: Drill",
            "2027-03-02T07 modou: In 2 hours: Drill",
            "2027-03-02T07 otieno: In 2 hours: Drill",
            "2027-03-02T07 tomoko: In 2 hours: Drill",
        ]);
    }

    async fn changes_are_told_to_all_who_come_or_may_come_and_only_seats_are_in_calendars(app: TestApp) {
        let (coordinator, awa, _, session) = cast(&app, json!({ "capacity": 2 })).await;
        let mut people = Vec::new();
        for (rank, name) in ["Modou", "Fatou", "Sokhna", "Ibou", "Pending"].into_iter().enumerate() {
            people.push(named(&awa, &session, "SN", name, rank as i64 + 1, Some("en")).await);
        }
        for nominee in &people[..3] {
            decide(&coordinator, nominee, "confirmed").await.expect(200);
        }
        decide(&coordinator, &people[3], "declined").await.expect(200);
        let asked = json!({ "country": "KE", "status": "invited", "person": { "name": "Otieno", "email": "otieno@ministry.example", "language": "en" } });
        coordinator.post(&format!("{}/registrations", at(&session)), asked).await.expect(201);
        app.tick().await;
        assert_eq!(lines(&app.mailbox().take()).into_iter().filter(|l| l.starts_with("otieno")).collect::<Vec<_>>(), ["otieno: You are invited: Drill"]);
        change(&app, &coordinator, &session, json!({ "city": "Thiès" })).await;
        app.tick().await;
        let letters = app.mailbox().take();
        assert_eq!(lines(&letters), [
            "awa: Nouveau lieu\u{a0}: Exercice",
            "fatou: New place: Drill",
            "kamau: New place: Drill",
            "modou: New place: Drill",
            "otieno: New place: Drill",
            "sokhna: New place: Drill",
        ]);
        let modou = file(to(&letters, "modou"));
        assert_eq!((of(&modou, "METHOD")[0], of(&modou, "SEQUENCE")[0]), ("METHOD:REQUEST", "SEQUENCE:2"));
        for waits in ["sokhna", "otieno"] {
            assert!(to(&letters, waits).calendar.is_none(), "{waits} has no seat");
        }
        app.client_of(&coordinator).await.post(&format!("{}/transitions", at(&session)), json!({ "to": "cancelled", "reason": "Elections." })).await.expect(200);
        app.tick().await;
        let letters = app.mailbox().take();
        assert_eq!(lines(&letters).len(), 6, "{:?}", lines(&letters));
        let fatou = file(to(&letters, "fatou"));
        assert_eq!((of(&fatou, "METHOD")[0], of(&fatou, "SEQUENCE")[0]), ("METHOD:CANCEL", "SEQUENCE:3"));
        assert!(to(&letters, "fatou").text.contains("Reason: Elections."));
        app.at("2027-03-01T12:00:00Z");
        app.tick().await;
        assert_eq!(told(&app), [] as [&str; 0], "no reminder of what is not held");
    }

    async fn a_person_stops_puts_off_and_brings_back_reminders_with_one_click_but_not_changes(app: TestApp) {
        let (coordinator, awa, _, session) = cast(&app, json!({})).await;
        for (rank, name) in ["Modou", "Fatou"].into_iter().enumerate() {
            let nominee = named(&awa, &session, "SN", name, rank as i64 + 1, Some("fr")).await;
            decide(&coordinator, &nominee, "confirmed").await.expect(200);
        }
        app.at("2027-02-16T08:00:00Z");
        app.tick().await;
        let letters = app.mailbox().take();
        let reminder = letters.iter().find(|l| l.to.starts_with("modou") && l.subject.contains("14")).expect("a reminder");
        let link = reminder.header("list-unsubscribe").expect("a way out").trim_matches(['<', '>']).to_owned();
        assert!(reminder.text.contains(&link) && reminder.html.contains(&link.replace('&', "&amp;")), "and in the letter itself");
        let link = link.replace(&app.url, "/");
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let click = async |body: &str| app.anyone().send(awc::http::Method::POST, &link, &form, body.as_bytes().to_vec()).await.expect(200).text;
        let page = app.anyone().get(&link).await.expect(200).text;
        assert!(page.contains("lang=\"fr\"") && page.contains("value=\"pause\""), "{page}");
        assert!(click("List-Unsubscribe=One-Click").await.contains("value=\"resume\""));
        app.at("2027-02-26T12:00:00Z");
        app.tick().await;
        assert_eq!(told(&app), ["fatou: Dans 4\u{a0}jours\u{a0}: Exercice"]);
        assert!(click("do=resume").await.contains("arrivent de nouveau"));
        app.at("2027-03-01T12:00:00Z");
        app.tick().await;
        assert_eq!(told(&app), ["fatou: Demain\u{a0}: Exercice", "modou: Demain\u{a0}: Exercice"]);
        assert!(click("do=pause").await.contains("31\u{a0}mars 2027"));
        change(&app, &coordinator, &session, json!({ "city": "Thiès" })).await;
        app.tick().await;
        assert_eq!(lines(&app.mailbox().take()).iter().filter(|l| l.starts_with("modou: Nouveau lieu")).count(), 1);
        app.at("2027-03-02T07:00:00Z");
        app.tick().await;
        assert_eq!(told(&app), ["fatou: Dans 2\u{a0}heures\u{a0}: Exercice"]);
    }

    async fn trainers_and_countries_that_come_and_go_are_told_and_people_keep_a_country_in(app: TestApp) {
        let (coordinator, awa, _, session) = cast(&app, json!({ "countries": [{ "country": "SN" }] })).await;
        let tomoko = trained(&app, &coordinator, &session).await;
        app.tick().await;
        let letters = app.mailbox().take();
        assert_eq!(lines(&letters), ["tomoko: You train in: Drill"]);
        let joined = file(to(&letters, "tomoko"));
        assert_eq!((of(&joined, "METHOD")[0], of(&joined, "SEQUENCE")[0]), ("METHOD:REQUEST", "SEQUENCE:1"));
        change(&app, &coordinator, &session, json!({ "trainers": [], "countries": [{ "country": "SN" }, { "country": "KE" }] })).await;
        app.tick().await;
        let letters = app.mailbox().take();
        assert_eq!(lines(&letters), ["kamau: New training session: Drill", "tomoko: No longer for you: Drill"]);
        let left = file(to(&letters, "tomoko"));
        assert_eq!((of(&left, "METHOD")[0], of(&left, "SEQUENCE")[0], of(&left, "STATUS")[0]), ("METHOD:CANCEL", "SEQUENCE:2", "STATUS:CANCELLED"));
        assert!(to(&letters, "tomoko").text.contains("no longer a trainer"));

        let nominee = named(&awa, &session, "SN", "Modou", 1, Some("en")).await;
        let client = app.client_of(&coordinator).await;
        let etag = client.get(&at(&session)).await.expect(200).header("etag").to_owned();
        let before = app.fingerprint();
        let refused = client.patch(&at(&session), &etag, json!({ "countries": [{ "country": "KE" }] })).await.expect(422).json;
        assert_eq!((&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]), (&json!("/countries"), &json!("people_registered")));
        assert!(refused["errors"][0]["detail"].as_str().is_some_and(|words| words.starts_with("1 of SN are registered")), "{refused}");
        assert_eq!(app.fingerprint(), before);
        decide(&client, &nominee, "withdrawn").await.expect(200);
        app.tick().await;
        app.mailbox().take();
        change(&app, &coordinator, &session, json!({ "countries": [{ "country": "KE" }] })).await;
        app.tick().await;
        let letters = app.mailbox().take();
        assert_eq!(lines(&letters), ["awa: Ne vous concerne plus\u{a0}: Exercice"]);
        let gone = to(&letters, "awa");
        assert_eq!(of(&file(gone), "METHOD"), ["METHOD:CANCEL"]);
        assert!(!gone.text.contains("Dakar") && !gone.text.contains("training-sessions"), "{}", gone.text);
        assert_eq!(tomoko.get("/me/notifications?state=sent").await.expect(200).json["items"].as_array().map(Vec::len), Some(2));
    }

    async fn more_seats_are_offered_to_those_who_wait_in_the_same_step(app: TestApp) {
        let invited = json!([{ "country": "SN", "quota": 1 }, { "country": "KE", "quota": 2 }]);
        let (coordinator, awa, kamau, session) = cast(&app, json!({ "capacity": 2, "countries": invited })).await;
        for (country, by, name, rank) in [("SN", &awa, "Modou", 1), ("SN", &awa, "Fatou", 2), ("KE", &kamau, "Otieno", 1), ("KE", &kamau, "Wanjiru", 2)] {
            let nominee = named(by, &session, country, name, rank, Some("en")).await;
            decide(&coordinator, &nominee, "confirmed").await.expect(200);
        }
        let standing = async || {
            let list = coordinator.get(&format!("{}/registrations", at(&session))).await.expect(200).json;
            let rows = list["items"].as_array().cloned().unwrap_or_default();
            let mut rows: Vec<_> = rows.iter().map(|r| format!("{} {}", r["person"]["name"].as_str().unwrap_or(""), r["status"].as_str().unwrap_or(""))).collect();
            rows.sort();
            rows
        };
        assert_eq!(standing().await, ["Fatou waitlisted", "Modou confirmed", "Otieno confirmed", "Wanjiru waitlisted"]);
        change(&app, &coordinator, &session, json!({ "capacity": 3 })).await;
        assert_eq!(standing().await, ["Fatou waitlisted", "Modou confirmed", "Otieno confirmed", "Wanjiru offered"], "Senegal has had its own");
        let quotas = json!([{ "country": "SN", "quota": 2 }, { "country": "KE", "quota": 2 }]);
        change(&app, &coordinator, &session, json!({ "capacity": 4, "countries": quotas })).await;
        assert_eq!(standing().await, ["Fatou offered", "Modou confirmed", "Otieno confirmed", "Wanjiru offered"]);
        app.tick().await;
        let letters = app.mailbox().take();
        for name in ["fatou", "wanjiru"] {
            assert!(lines(&letters).contains(&format!("{name}: A seat is free for you: Drill")), "{:?}", lines(&letters));
        }
    }

    async fn a_list_that_was_not_kept_is_asked_for_and_few_people_are_told_to_their_country_alone(app: TestApp) {
        let days = json!([{ "day": "2027-03-02", "starts": "09:00", "ends": "17:00" }]);
        let (coordinator, awa, kamau, session) = cast(&app, json!({ "days": days })).await;
        trained(&app, &coordinator, &session).await;
        let mut seats = Vec::new();
        for (country, by, name) in [("SN", &awa, "Modou"), ("SN", &awa, "Fatou"), ("KE", &kamau, "Otieno")] {
            let nominee = named(by, &session, country, name, 1, Some("en")).await;
            seats.push(decide(&coordinator, &nominee, "confirmed").await.expect(200).json);
        }
        app.at("2027-03-02T18:00:00Z");
        let client = app.client_of(&coordinator).await;
        for to in ["registration_closed", "running"] {
            client.post(&format!("{}/transitions", at(&session)), json!({ "to": to })).await.expect(200);
        }
        app.tick().await;
        app.mailbox().take();
        let mut log = hours(&app, "2027-03-02T20:00:00Z", 24).await;
        app.at("2027-03-04T10:00:00Z");
        let client = app.client_of(&coordinator).await;
        for (seat, status) in seats.iter().zip(["present", "absent", "present"]) {
            let entry = json!({ "registration_id": seat["id"], "day": "2027-03-02", "status": status });
            client.post(&format!("{}/attendance", at(&session)), entry).await.expect(201);
        }
        app.tick().await;
        let letters = app.mailbox().take();
        log.extend(lines(&letters));
        log.extend(hours(&app, "2027-03-04T20:00:00Z", 60).await);
        assert_eq!(log, [
            "2027-03-02T23 tomoko: Attendance not recorded: Drill",
            "2027-03-03T11 coordinator: Attendance not recorded: Drill",
            "awa: Peu de présences\u{a0}: Exercice",
        ]);
        let few = to(&letters, "awa");
        for words in ["Personnes avec une place\u{a0}: 2", "Venues\u{a0}: 1", "50\u{a0}%"] {
            assert!(few.text.contains(words), "{words}: {}", few.text);
        }
        assert!(!few.raw.contains("Modou") && !few.raw.contains("Fatou"), "counts, and no names");
    }
}

/// One letter a minute leaves: what is planned can be counted.
fn slowly(config: &mut cybercap::config::Config) {
    config.mail.letters_per_minute = 1;
}

mod crowds {
    use super::*;
    use awc::http::Method;

    on_both_databases! {
        with super::slowly;
        async fn a_session_of_many_is_planned_in_pages_each_letter_once(app: TestApp) {
            const MANY: usize = 1_100;
            let (coordinator, program) = program(&app, json!({})).await;
            let session = crate::registrations::open_session(&coordinator, &program, exercise(json!({}))).await;
            let mut csv = String::from("country,person.name,person.email,person.language\n");
            for n in 0..MANY {
                csv.push_str(&format!("SN,P{n},p{n}@ministry.example,en\n"));
            }
            let route = format!("{}/registrations/import", at(&session));
            let done = coordinator.send(Method::POST, &route, &[("content-type", "text/csv")], csv.into_bytes()).await.expect(200).json;
            assert_eq!(done["created"], MANY);
            let before = app.parts.db.statements();
            let planned = app.tick().await.planned;
            let statements = app.parts.db.statements() - before;
            assert!(planned >= MANY, "{planned}");
            assert!(statements < MANY as u64, "{statements} statements for {MANY} people");
            assert_eq!(app.tick().await.planned, 0);
            // A morning on which three of the four reminders are within sight.
            app.at("2027-02-20T12:00:00Z");
            app.tick().await;
            let ahead = app.tick().await.planned;
            assert_eq!(ahead, 0, "planned once");
            let admin = app.administrator().await;
            let waiting = async |rule: &str| {
                let mut count = 0;
                let mut path = format!("/letters?state=planned&rule={rule}&limit=200");
                loop {
                    let page = admin.get(&path).await.expect(200).json;
                    count += page["items"].as_array().map_or(0, Vec::len);
                    let Some(next) = page["next"].as_str() else { return count };
                    path = format!("/letters?state=planned&rule={rule}&limit=200&cursor={next}");
                }
            };
            let reminders = waiting("T6").await;
            assert!(reminders >= MANY * 3, "{reminders}");
            let before = app.parts.db.statements();
            change(&app, &coordinator, &session, json!({ "city": "Thiès", "days": [{ "day": "2027-03-09" }] })).await;
            assert_eq!(app.tick().await.planned % 5, 0);
            let statements = app.parts.db.statements() - before;
            assert!(statements < MANY as u64, "{statements} statements for {MANY} people");
            assert_eq!(waiting("T7").await, MANY);
        }
    }
}
