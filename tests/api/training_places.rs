//! Letters to people without accounts: each step of their place in a session, to them and to their country alone.

use cybercap::kernel::lang::Lang;
use cybercap::platform::keys::pass_token;
use serde_json::{Value, json};

use crate::letter_rules::{local, official, program};
use crate::registrations::{at, decide, open_session};
use crate::support::mailbox::{Fault, Received};
use crate::support::{Client, Person, TestApp};
use crate::training_letters::{file, lines, of, told};

/// Two mornings in Dakar with a way to join online, in French; Kenya and Senegal are invited.
pub fn exercise(changes: Value) -> Value {
    let mut draft = json!({ "title": { "en": "Drill", "fr": "Exercice" }, "mode": "hybrid", "zone": "Africa/Dakar",
        "city": "Dakar", "country": "SN", "link": "https://meet.example/drill", "languages": ["fr", "en"],
        "days": [{ "day": "2027-03-02", "starts": "09:00", "ends": "17:00" },
                 { "day": "2027-03-03", "starts": "09:00", "ends": "12:30" }] });
    for (name, value) in changes.as_object().into_iter().flatten() {
        draft[name] = value.clone();
    }
    draft
}

/// A coordinator, the focal points of Senegal and Kenya, and a session with registration open of which they heard.
pub async fn cast(app: &TestApp, changes: Value) -> (Person, Person, Person, Value) {
    let (coordinator, program) = program(app, json!({})).await;
    let awa = official(app, "awa", "SN", Lang::Fr, "Africa/Dakar").await;
    let kamau = official(app, "kamau", "KE", Lang::En, "Africa/Nairobi").await;
    official(app, "kofi", "GH", Lang::En, "Africa/Accra").await;
    let session = open_session(&coordinator, &program, exercise(changes)).await;
    app.tick().await;
    app.mailbox().take();
    (coordinator, awa, kamau, session)
}

/// A country names a person, who is written to in a language, or in none that is known.
pub async fn named(
    by: &Client,
    session: &Value,
    country: &str,
    name: &str,
    rank: i64,
    language: Option<&str>,
) -> Value {
    let mut person = json!({ "name": name, "email": format!("{}@ministry.example", name.to_lowercase()) });
    if let Some(language) = language {
        person["language"] = language.into();
    }
    let body = json!({ "country": country, "person": person, "rank": rank });
    by.post(&format!("{}/nominations", at(session)), body).await.expect(201).json
}

pub fn to<'a>(letters: &'a [Received], name: &str) -> &'a Received {
    let mut found = letters.iter().filter(|letter| local(&letter.to) == name);
    let letter = found.next().unwrap_or_else(|| panic!("a letter to {name}"));
    assert!(found.next().is_none(), "one letter to {name}");
    letter
}

fn id(record: &Value) -> &str {
    record["id"].as_str().expect("an id")
}

on_both_databases! {
    async fn a_decision_is_told_to_the_country_and_to_the_person_each_in_their_language_and_to_nobody_else(app: TestApp) {
        let (coordinator, awa, kamau, session) = cast(&app, json!({ "capacity": 1 })).await;
        let modou = named(&awa, &session, "SN", "Modou", 1, None).await;
        let fatou = named(&awa, &session, "SN", "Fatou", 2, Some("en")).await;
        let otieno = named(&kamau, &session, "KE", "Otieno", 1, Some("en")).await;
        app.tick().await;
        assert_eq!(told(&app), [] as [&str; 0], "who was named and not decided on hears nothing");
        decide(&coordinator, &modou, "confirmed").await.expect(200);
        decide(&coordinator, &fatou, "confirmed").await.expect(200);
        decide(&coordinator, &otieno, "declined").await.expect(200);
        app.tick().await;
        let letters = app.mailbox().take();
        assert_eq!(lines(&letters), [
            "awa: Candidature acceptée\u{a0}: Exercice",
            "awa: Sur la liste d’attente\u{a0}: Exercice",
            "fatou: You are on the waiting list: Drill",
            "kamau: Not accepted: Drill",
            "modou: Vous avez une place\u{a0}: Exercice",
            "otieno: Not accepted this time: Drill",
        ]);
        let seat = to(&letters, "modou");
        let pass = format!("{}/pass#{}", app.url, pass_token(&app.parts.master, id(&modou).parse().expect("an id")));
        assert!(seat.text.contains(&pass) && seat.html.contains(&pass), "{}", seat.text);
        assert!(seat.text.contains("https://meet.example/drill") && seat.text.contains("Bonjour Modou"), "{}", seat.text);
        assert!(!seat.raw.contains("awa@") && !seat.raw.contains("fatou@"), "nobody else's address");
        assert!(seat.header("list-unsubscribe").is_none(), "one's own place is always told");
        let lines = file(seat);
        assert_eq!((of(&lines, "METHOD")[0], of(&lines, "SEQUENCE")[0]), ("METHOD:REQUEST", "SEQUENCE:1"));
        assert_eq!(of(&lines, "ATTENDEE").len(), 2, "one for each day");
        assert!(of(&lines, "ATTENDEE").iter().all(|line| line.ends_with(":mailto:modou@ministry.example") && line.contains("REQ-PARTICIPANT")));
        assert!(!lines.join("\n").contains("/pass"), "the secret stays out of calendars");
        assert!(to(&letters, "fatou").calendar.is_none() && to(&letters, "otieno").calendar.is_none());
        assert!(!to(&letters, "otieno").text.contains("As agreed."), "the reason is the country's");
        let kenya = to(&letters, "kamau");
        assert!(kenya.text.contains("Person: Otieno") && kenya.text.contains("Reason: As agreed."), "{}", kenya.text);
        app.tick().await;
        assert_eq!(told(&app), [] as [&str; 0], "once");
    }

    async fn a_seat_that_is_offered_is_told_at_once_and_a_day_before_the_offer_runs_out(app: TestApp) {
        let (coordinator, awa, _, session) = cast(&app, json!({ "capacity": 1 })).await;
        let modou = named(&awa, &session, "SN", "Modou", 1, Some("en")).await;
        let fatou = named(&awa, &session, "SN", "Fatou", 2, Some("en")).await;
        let third = named(&awa, &session, "SN", "Sokhna", 3, Some("en")).await;
        for nominee in [&modou, &fatou, &third] {
            decide(&coordinator, nominee, "confirmed").await.expect(200);
        }
        app.tick().await;
        app.mailbox().take();
        decide(&coordinator, &modou, "withdrawn").await.expect(200);
        app.tick().await;
        let letters = app.mailbox().take();
        assert_eq!(lines(&letters), [
            "awa: Inscription retirée\u{a0}: Exercice",
            "awa: Une place est offerte\u{a0}: Exercice",
            "fatou: A seat is free for you: Drill",
            "modou: You are no longer registered: Drill",
        ]);
        let gone = file(to(&letters, "modou"));
        assert_eq!((of(&gone, "METHOD")[0], of(&gone, "SEQUENCE")[0]), ("METHOD:CANCEL", "SEQUENCE:2"));
        assert_eq!((of(&gone, "STATUS")[0], of(&gone, "ATTENDEE").len()), ("STATUS:CANCELLED", 1));
        assert!(to(&letters, "fatou").calendar.is_none(), "an offer is not a seat");
        assert!(to(&letters, "fatou").text.contains("Wednesday, 25\u{a0}November 2026, 08:00 (Africa/Dakar)"), "{}", to(&letters, "fatou").text);
        let mut log = Vec::new();
        for hour in 1..=80 {
            let start: cybercap::kernel::time::Timestamp = "2026-11-22T08:00:00Z".parse().expect("an instant");
            app.parts.clock.set(start.plus_seconds(hour * 3600));
            app.tick().await;
            log.extend(told(&app).into_iter().map(|line| format!("+{hour} {line}")));
        }
        assert_eq!(log, [
            "+48 awa: Une offre expire dans 24\u{a0}heures\u{a0}: Exercice",
            "+48 fatou: Your offer runs out in 24 hours: Drill",
            "+72 awa: Offre non saisie\u{a0}: Exercice",
            "+72 awa: Une place est offerte\u{a0}: Exercice",
            "+72 fatou: Your offer ran out: Drill",
            "+72 sokhna: A seat is free for you: Drill",
        ]);
        let taken = app.client_of(&awa).await;
        decide(&taken, &third, "confirmed").await.expect(200);
        app.tick().await;
        let letters = app.mailbox().take();
        assert_eq!(lines(&letters), ["sokhna: You have a seat: Drill"]);
        app.at("2026-11-27T08:30:00Z");
        app.tick().await;
        assert_eq!(told(&app), [] as [&str; 0], "the offer was taken");
    }

    async fn two_rows_of_one_person_are_written_to_once_at_the_address_that_stays(app: TestApp) {
        let (coordinator, awa, _, session) = cast(&app, json!({})).await;
        let modou = named(&awa, &session, "SN", "Modou", 1, Some("en")).await;
        let twin = named(&awa, &session, "SN", "Modou.Fall", 2, Some("en")).await;
        decide(&coordinator, &twin, "confirmed").await.expect(200);
        decide(&coordinator, &modou, "withdrawn").await.expect(200);
        let path = |record: &Value| format!("/participants/{}", record["person"]["id"].as_str().expect("an id"));
        coordinator.post(&format!("{}/merge", path(&twin)), json!({ "into": modou["person"]["id"] })).await.expect(200);
        app.tick().await;
        let letters = app.mailbox().take();
        let ours: Vec<_> = lines(&letters).into_iter().filter(|line| !line.starts_with("awa")).collect();
        assert_eq!(ours, ["modou: You have a seat: Drill"], "the letter of the other address goes to this one");
        app.at("2027-02-16T12:00:00Z");
        app.tick().await;
        assert_eq!(told(&app), ["modou: In 14 days: Drill"]);
    }

    async fn an_address_that_refuses_is_left_alone_and_not_shown_to_who_reads_the_log(app: TestApp) {
        let (coordinator, awa, _, session) = cast(&app, json!({})).await;
        let modou = named(&awa, &session, "SN", "Modou", 1, Some("en")).await;
        app.mailbox().fault(Fault::Unknown("modou@".into()));
        decide(&coordinator, &modou, "confirmed").await.expect(200);
        app.tick().await;
        app.mailbox().fault(Fault::None);
        assert_eq!(told(&app), ["awa: Candidature acceptée\u{a0}: Exercice"]);
        let log = coordinator.get(&format!("/letters?recipient={}", id(&modou))).await.expect(200);
        let letter = &log.json["items"][0];
        assert_eq!((&letter["state"], &letter["recipient_kind"]), (&json!("bounced"), &json!("registration")), "{}", log.text);
        assert!(!log.text.contains("modou@") && letter["reason"].as_str().is_some_and(|reason| reason.contains("550")), "{}", log.text);
        let admin = app.administrator().await;
        let everything = admin.get("/letters?limit=200").await.expect(200).text;
        assert!(!everything.contains("ministry.example") && !everything.contains("Modou"), "{everything}");
        let kenya = app.client_of(&app.with_role("ke", cybercap::kernel::access::Role::FocalPoint, Some("KE"), None).await).await;
        kenya.get("/letters").await.expect(403);
        app.at("2027-02-16T12:00:00Z");
        app.tick().await;
        assert_eq!(told(&app), [] as [&str; 0], "a reminder is not tried there");
        let again = app.client_of(&coordinator).await;
        again.post(&format!("/letters/{}/resend", letter["id"].as_str().expect("an id")), json!({})).await.expect(202);
        app.tick().await;
        assert_eq!(told(&app), ["modou: You have a seat: Drill"], "sent again by hand the address has another chance");
    }
}
