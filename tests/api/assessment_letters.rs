//! Letters about assessments: who hears of what on which day, and that no letter says more than its label allows.

use cybercap::accounts::NewGrant;
use cybercap::kernel::access::Role;
use cybercap::kernel::lang::Lang;
use serde_json::{Value, json};

use crate::assessments::{draft, name, node, say};
use crate::frameworks::shipped;
use crate::letter_rules::{local, official, program};
use crate::support::app::Client;
use crate::support::mailbox::Received;
use crate::support::{Person, TestApp};

/// What no letter about what is narrower than GREEN may say.
pub const SECRET: [&str; 5] = ["Hushed", "Organizational Context", "GV.OC", "Brittle", "As agreed"];

/// What is said of Kenya in these letters, in order of names.
pub fn lines(letters: &[Received]) -> Vec<String> {
    let ours = letters.iter().filter(|letter| letter.subject.starts_with("Kenya"));
    let mut lines: Vec<_> = ours.map(|l| format!("{}: {}", local(&l.to), l.subject)).collect();
    lines.sort();
    lines
}

/// The same of the letters since the last call, none of which says a word of what is in it.
pub async fn told(app: &TestApp) -> Vec<String> {
    app.tick().await;
    let letters = app.mailbox().take();
    for letter in &letters {
        let all = [
            &letter.subject,
            &letter.text,
            &letter.html,
            letter.calendar.as_ref().unwrap_or(&letter.subject),
        ];
        for secret in SECRET {
            assert!(
                all.iter().all(|part| !part.contains(secret)),
                "{secret} in {} {}",
                letter.subject,
                letter.text
            );
        }
    }
    lines(&letters)
}

/// What is told on each of some days, at an hour at which it is morning or later everywhere here, with the days.
pub async fn days(app: &TestApp, days: &[&str]) -> Vec<String> {
    let mut log = Vec::new();
    for day in days {
        app.at(&format!("{day}T15:00:00Z"));
        log.extend(told(app).await.into_iter().map(|line| format!("{} {line}", &day[5..])));
    }
    log
}

/// Every day of a stretch.
pub fn stretch(from: &str, count: i64) -> Vec<String> {
    let first: cybercap::kernel::time::Timestamp = format!("{from}T00:00:00Z").parse().expect("an instant");
    (0..count).map(|day| first.plus_days(day).to_string()[..10].to_owned()).collect()
}

/// What is told on every day of a stretch.
pub async fn through(app: &TestApp, from: &str, count: i64) -> Vec<String> {
    let all = stretch(from, count);
    days(app, &all.iter().map(String::as_str).collect::<Vec<_>>()).await
}

/// Kenya's assessment, planned by the coordinator of its program, and everyone who has to do with it.
pub struct Cast {
    pub id: String,
    pub csf: Value,
    pub program: String,
    pub coordinator: Person,
    pub kamau: Person,
    pub wanjiru: Person,
    pub linh: Person,
    pub reviewer: Person,
}

pub async fn clerk(app: &TestApp, name: &str, lang: Lang) -> Person {
    let grant = NewGrant { role: Role::Contributor, country: "KE".parse().ok(), program_id: None };
    app.person(name, lang, "Africa/Nairobi", &[grant]).await
}

pub async fn cast(app: &TestApp) -> Cast {
    let (coordinator, program) = program(app, json!({})).await;
    let kamau = official(app, "kamau", "KE", Lang::En, "Africa/Nairobi").await;
    let wanjiru = official(app, "wanjiru", "KE", Lang::Fr, "Africa/Nairobi").await;
    official(app, "kofi", "GH", Lang::En, "Africa/Accra").await;
    app.with_role("observer", Role::Observer, Some("KE"), None).await;
    app.with_role("helper", Role::Coordinator, None, Some(&program)).await;
    app.administrator().await;
    let linh = clerk(app, "linh", Lang::Fr).await;
    let reviewer = official(app, "reviewer", "UG", Lang::En, "Africa/Kampala").await;
    let csf = shipped(&kamau, "nist-csf-2.0").await;
    let mut wanted = draft("KE", &csf);
    wanted["title"] = json!({ "en": "Hushed profile", "fr": "Hushed" });
    (wanted["program_id"], wanted["purpose"]) = (json!(program), json!("facilitated"));
    app.tick().await;
    app.mailbox().take();
    let id = coordinator.post("/assessments", wanted).await.expect(201).id();
    Cast { id, csf, program, coordinator, kamau, wanjiru, linh, reviewer }
}

/// Moves something with words that no letter repeats.
pub async fn step(by: &Client, path: &str, to: &str) {
    let body = json!({ "to": to, "reason": "Brittle, as agreed: As agreed." });
    by.post(&format!("{path}/transitions"), body).await.expect(200);
}

/// A section of it; its path.
async fn section(by: &Client, cast: &Cast, code: &str, who: &Person, due: Option<&str>) -> String {
    let node = node(&cast.kamau, &cast.csf, code).await;
    let body =
        json!({ "node_id": node, "assignee": who.id.to_string(), "due": due, "note": "Brittle words." });
    let route = format!("/assessments/{}/sections", cast.id);
    format!("{route}/{}", by.post(&route, body).await.expect(201).id())
}

on_both_databases! {
    async fn each_step_is_told_to_who_has_a_part_in_it_and_not_a_word_of_what_is_in_it(app: TestApp) {
        let cast = cast(&app).await;
        let path = format!("/assessments/{}", cast.id);
        assert_eq!(told(&app).await, ["kamau: Kenya: an assessment is planned", "wanjiru: Kenya\u{a0}: une évaluation est prévue"]);
        step(&cast.kamau, &path, "in_progress").await;
        assert_eq!(told(&app).await, ["coordinator: Kenya: an assessment has begun", "wanjiru: Kenya\u{a0}: une évaluation a commencé"]);
        let part = section(&cast.kamau, &cast, "GV.OC", &cast.linh, Some("2027-03-01")).await;
        app.tick().await;
        let letters = app.mailbox().take();
        assert_eq!(lines(&letters), ["linh: Kenya\u{a0}: une section d’évaluation vous est confiée"]);
        for words in ["Pays\u{a0}: Kenya", "Objet\u{a0}: section d’une évaluation", "Échéance\u{a0}: lundi 1er\u{a0}mars 2027", "Par\u{a0}: kamau", &part] {
            assert!(letters[0].text.replace('\n', " ").contains(words), "{words} is missing in {}", letters[0].text);
        }
        assert!(letters[0].calendar.as_ref().is_some_and(|file| file.contains("20270301")));
        assert!(SECRET.iter().all(|secret| !letters[0].raw.contains(secret)), "{}", letters[0].raw);
        step(&cast.kamau, &part, "open").await;
        say(&cast.linh, &cast.id, json!([{ "code": "GV.OC-01", "value": 1, "comment": "Brittle." }])).await.expect(200);
        assert_eq!(told(&app).await, [] as [&str; 0]);
        step(&cast.linh, &part, "submitted").await;
        assert_eq!(told(&app).await, ["coordinator: Kenya: a section of an assessment was handed in"]);
        step(&cast.kamau, &part, "changes_requested").await;
        assert_eq!(told(&app).await, ["linh: Kenya\u{a0}: une section d’évaluation a été renvoyée"]);
        step(&cast.kamau, &part, "closed").await;
        name(&cast.kamau, &cast.id, &cast.reviewer, "reviewer").await.expect(200);
        step(&cast.kamau, &path, "in_review").await;
        let handed = ["coordinator: Kenya: an assessment was handed in", "reviewer: Kenya: an assessment was handed in"];
        assert_eq!(told(&app).await, handed);
        step(&cast.reviewer, &path, "in_progress").await;
        assert_eq!(told(&app).await, ["coordinator: Kenya: an assessment was handed back"]);
        step(&cast.kamau, &path, "in_review").await;
        assert_eq!(told(&app).await, handed);
        // Five days after the Sunday is a Friday, ten a Wednesday; what was handed in first is not reminded of.
        assert_eq!(through(&app, "2026-11-23", 8).await, ["11-27 reviewer: Kenya: an assessment still waits for your review"]);
        step(&app.client_of(&cast.reviewer).await, &path, "validated").await;
        assert_eq!(told(&app).await, ["coordinator: Kenya: an assessment was validated"]);
        assert_eq!(through(&app, "2026-12-01", 10).await, [] as [&str; 0], "nobody waits any more");
        assert_eq!(days(&app, &["2028-06-02", "2028-09-29"]).await, [
            "06-02 coordinator: Kenya: an assessment is to be made again in 180 days",
            "06-02 kamau: Kenya: an assessment is to be made again in 180 days",
            "06-02 wanjiru: Kenya\u{a0}: une évaluation est à refaire dans 180\u{a0}jours",
            "09-29 coordinator: Kenya: an assessment is to be made again in 61 days",
            "09-29 kamau: Kenya: an assessment is to be made again in 61 days",
            "09-29 wanjiru: Kenya\u{a0}: une évaluation est à refaire dans 61\u{a0}jours",
        ]);
    }

    async fn a_label_decides_whether_letters_name_it_and_what_is_red_is_for_those_named_on_it(app: TestApp) {
        let kamau = official(&app, "kamau", "KE", Lang::En, "Africa/Nairobi").await;
        official(&app, "wanjiru", "KE", Lang::En, "Africa/Nairobi").await;
        app.with_role("observer", Role::Observer, Some("KE"), None).await;
        let csf = shipped(&kamau, "nist-csf-2.0").await;
        for label in ["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"] {
            let mut wanted = draft("KE", &csf);
            wanted["title"] = json!({ "en": format!("Profile {label}.") });
            (wanted["tlp"], wanted["due"]) = (json!(label), json!("2026-12-01"));
            kamau.post("/assessments", wanted).await.expect(201);
        }
        app.tick().await;
        let named = |letters: &[Received], who: &str| {
            let theirs = letters.iter().filter(|letter| letter.to.starts_with(who));
            let label = |letter: &Received| {
                let found = ["CLEAR.", "GREEN.", "AMBER.", "STRICT.", "RED."].into_iter().find(|word| letter.raw.contains(word));
                found.unwrap_or("-").to_owned()
            };
            let mut found: Vec<String> = theirs.map(label).collect();
            found.sort();
            found
        };
        let letters = app.mailbox().take();
        assert_eq!(named(&letters, "wanjiru"), ["-", "-", "CLEAR.", "GREEN."], "four of five, two of them by name");
        assert_eq!((letters.len(), named(&letters, "observer").len()), (4, 0));
        app.at("2026-12-08T15:00:00Z");
        app.tick().await;
        let letters = app.mailbox().take();
        assert_eq!(named(&letters, "wanjiru"), ["-", "-", "CLEAR.", "GREEN."]);
        // kamau opened all five: one letter for each, whether as author or as focal point.
        assert_eq!(named(&letters, "kamau"), ["-", "-", "-", "CLEAR.", "GREEN."]);
        assert_eq!(letters.len(), 9);
    }

    async fn reminders_come_until_it_is_handed_in_and_follow_a_moved_day(app: TestApp) {
        let cast = cast(&app).await;
        let path = format!("/assessments/{}", cast.id);
        step(&cast.kamau, &path, "in_progress").await;
        let one = section(&cast.kamau, &cast, "GV", &cast.linh, Some("2026-12-03")).await;
        let other = section(&cast.kamau, &cast, "PR", &cast.linh, Some("2026-12-03")).await;
        step(&cast.kamau, &one, "open").await;
        step(&cast.kamau, &other, "open").await;
        told(&app).await;
        let due = "linh: Kenya\u{a0}: une section d’évaluation est à rendre";
        assert_eq!(through(&app, "2026-11-23", 5).await, [format!("11-26 {due} dans 7\u{a0}jours"), format!("11-26 {due} dans 7\u{a0}jours")]);
        let by = app.client_of(&cast.kamau).await;
        let etag = by.get(&one).await.expect(200).header("etag").to_owned();
        by.patch(&one, &etag, json!({ "due": "2026-12-10" })).await.expect(200);
        step(&app.client_of(&cast.linh).await, &other, "submitted").await;
        let log = through(&app, "2026-11-28", 28).await;
        let late = "une section d’évaluation est en retard";
        assert_eq!(log, [
            "11-28 coordinator: Kenya: a section of an assessment was handed in".to_owned(),
            format!("12-03 {due} dans 7\u{a0}jours"), format!("12-09 {due} demain"), format!("12-10 {due} aujourd’hui"),
            format!("12-11 linh: Kenya\u{a0}: {late} depuis hier"), format!("12-14 linh: Kenya\u{a0}: {late} de 4\u{a0}jours"),
            "12-17 kamau: Kenya: a section of an assessment is overdue for 7 days".to_owned(),
            format!("12-17 linh: Kenya\u{a0}: {late} de 7\u{a0}jours"), format!("12-17 wanjiru: Kenya\u{a0}: {late} de 7\u{a0}jours"),
            format!("12-21 linh: Kenya\u{a0}: {late} de 11\u{a0}jours"), format!("12-23 linh: Kenya\u{a0}: {late} de 13\u{a0}jours"),
            "12-24 coordinator: Kenya: a section of an assessment is overdue for 14 days".to_owned(),
        ]);
        let etag = app.client_of(&cast.kamau).await.get(&one).await.expect(200).header("etag").to_owned();
        app.client_of(&cast.kamau).await.delete(&one, &etag).await.expect(204);
        assert_eq!(through(&app, "2026-12-26", 10).await, [] as [&str; 0], "a section that is gone reminds nobody");
    }

    async fn who_lost_sight_gets_nothing_and_the_log_says_why(app: TestApp) {
        let cast = cast(&app).await;
        let path = format!("/assessments/{}", cast.id);
        step(&cast.kamau, &path, "in_progress").await;
        let tran = clerk(&app, "tran", Lang::En).await;
        let mine = section(&cast.kamau, &cast, "GV", &cast.linh, Some("2026-12-03")).await;
        let theirs = section(&cast.kamau, &cast, "PR", &tran, Some("2026-12-03")).await;
        step(&cast.kamau, &mine, "open").await;
        step(&cast.kamau, &theirs, "open").await;
        told(&app).await;
        let admin = app.administrator_again().await;
        let waiting = admin.get("/letters?rule=A3&state=planned").await.expect(200).json;
        let planned = waiting["items"].as_array().expect("items");
        assert!(planned.len() >= 2 && planned.iter().all(|letter| letter["program_id"].is_null()), "{waiting}");
        let log = app.client_of(&cast.coordinator).await.get("/letters").await.expect(200).json;
        let shown = log["items"].as_array().expect("items").iter();
        assert_eq!(shown.filter(|letter| letter["category"] == "assessments").count(), 0, "no log of a program shows them: {log}");
        let mine_id = mine.rsplit('/').next().expect("an id");
        let foreseen = format!("/letters/preview?rule=A3&object_id={mine_id}");
        assert_eq!(admin.get(&foreseen).await.expect(200).json["items"].as_array().map(Vec::len), Some(3), "-7, -1 and the day");
        assert_eq!(cast.coordinator.get(&foreseen).await.expect(200).json["items"], json!([]));

        app.sql("UPDATE role_grants SET revoked_at = granted_at WHERE user_id = $id", &tran.id.0);
        app.at("2026-11-26T15:00:00Z");
        assert_eq!(told(&app).await, ["linh: Kenya\u{a0}: une section d’évaluation est à rendre dans 7\u{a0}jours"]);
        let admin = app.client_of(&admin).await;
        let void = admin.get("/letters?rule=A3&state=cancelled").await.expect(200).json;
        assert_eq!(void["items"].as_array().map(Vec::len), Some(1), "{void}");
        assert_eq!((&void["items"][0]["reason"], &void["items"][0]["recipient"]), (&json!("the recipient no longer sees it"), &json!(tran.id.to_string())));
        // RED is for those named on it: the focal point who is not hears nothing of it any more.
        app.sql("UPDATE holdings SET tlp = 'RED' WHERE id = $id", &cast.id.parse().expect("an id"));
        let log = through(&app, "2026-12-01", 12).await;
        assert!(log.iter().all(|line| line.contains("linh")) && log.len() >= 4, "{log:?}");
        assert_eq!(told(&app).await, [] as [&str; 0], "nothing is sent twice");
    }

    async fn evidence_that_ends_is_told_to_who_offered_it_and_to_the_country(app: TestApp) {
        let cast = cast(&app).await;
        step(&cast.kamau, &format!("/assessments/{}", cast.id), "in_progress").await;
        let part = section(&cast.kamau, &cast, "GV", &cast.linh, None).await;
        step(&cast.kamau, &part, "open").await;
        let law = json!({ "code": "GV.OC-01", "kind": "law", "title": "Brittle act", "dated": "2018-05-16", "valid_until": "2027-03-01" });
        let route = format!("/assessments/{}/evidence", cast.id);
        let kept = cast.linh.post(&route, law.clone()).await.expect(201).id();
        let gone = cast.linh.post(&route, law).await.expect(201);
        cast.linh.delete(&format!("{route}/{}", gone.id()), gone.header("etag")).await.expect(204);
        told(&app).await;
        let ends = |when: &str| format!("Kenya: evidence of an assessment expires {when}");
        let fin = |when: &str| format!("Kenya\u{a0}: une preuve d’évaluation expire {when}");
        let mut wanted = Vec::new();
        for (day, en, fr) in [("12-01", "in 90 days", "dans 90\u{a0}jours"), ("01-29", "in 31 days", "dans 31\u{a0}jours"),
                              ("02-22", "in 7 days", "dans 7\u{a0}jours"), ("03-01", "today", "aujourd’hui")] {
            wanted.extend([format!("{day} kamau: {}", ends(en)), format!("{day} linh: {}", fin(fr)), format!("{day} wanjiru: {}", fin(fr))]);
        }
        let seen = ["2026-12-01", "2027-01-29", "2027-01-30", "2027-02-22", "2027-03-01", "2027-03-10"];
        assert_eq!(days(&app, &seen).await, wanted, "{kept}");
    }

    async fn what_somebody_wants_daily_comes_together_and_says_no_more(app: TestApp) {
        let cast = cast(&app).await;
        step(&cast.kamau, &format!("/assessments/{}", cast.id), "in_progress").await;
        let daily = json!({ "category": "assessments", "frequency": "daily" });
        cast.linh.patch("/me/notification-preferences", "", daily).await.expect(200);
        for code in ["GV", "PR", "DE"] {
            section(&cast.kamau, &cast, code, &cast.linh, None).await;
        }
        assert!(told(&app).await.iter().all(|line| !line.starts_with("linh")));
        app.at("2026-11-23T05:00:00Z");
        app.tick().await;
        let letters = app.mailbox().take();
        let own: Vec<_> = letters.iter().filter(|letter| letter.to.starts_with("linh")).collect();
        let [letter] = own.as_slice() else { panic!("one letter: {own:?}") };
        assert_eq!(letter.subject, "3 points pour vous");
        assert_eq!(letter.text.matches("une section d’évaluation vous est confiée").count(), 3, "{}", letter.text);
        assert!(SECRET.iter().all(|secret| !letter.raw.contains(secret)), "{}", letter.raw);
        let rules = app.client_of(&cast.coordinator).await.get("/notification-rules").await.expect(200).json;
        let codes: Vec<&str> = rules["items"].as_array().expect("items").iter()
            .filter(|rule| rule["category"] == "assessments").map(|rule| rule["code"].as_str().expect("a code")).collect();
        assert_eq!(codes, ["A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "S1", "S2"]);
    }
}
