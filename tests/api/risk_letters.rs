//! Letters about risks and AI systems: who answers for what, what is above tolerance, due, accepted, and no word of what it is.

use cybercap::kernel::access::Role;
use cybercap::kernel::lang::Lang;
use serde_json::json;

use crate::ai_systems;
use crate::assessment_letters::{clerk, days, told};
use crate::letter_rules::official;
use crate::risks::{rate, register, risk, step};
use crate::support::{Person, TestApp};

struct Cast {
    register: String,
    kamau: Person,
    wanjiru: Person,
    linh: Person,
}

async fn cast(app: &TestApp) -> Cast {
    let kamau = official(app, "kamau", "KE", Lang::En, "Africa/Nairobi").await;
    let wanjiru = official(app, "wanjiru", "KE", Lang::Fr, "Africa/Nairobi").await;
    official(app, "kofi", "GH", Lang::En, "Africa/Accra").await;
    app.with_role("observer", Role::Observer, Some("KE"), None).await;
    app.administrator().await;
    let linh = clerk(app, "linh", Lang::En).await;
    let register = register(&kamau, "KE").await;
    app.tick().await;
    app.mailbox().take();
    Cast { register, kamau, wanjiru, linh }
}

/// A line for a day, told to one person.
fn line(day: &str, who: &str, what: &str) -> String {
    format!("{day} {who}: Kenya{}: {what}", if who == "wanjiru" { "\u{a0}" } else { "" })
}

on_both_databases! {
    async fn a_risk_is_told_to_its_owner_and_above_tolerance_to_the_country_as_well(app: TestApp) {
        let Cast { register, kamau, wanjiru, linh } = cast(&app).await;
        let more = json!({ "title": { "en": "Hushed ransomware" }, "owner": linh.id.to_string(), "next_review_on": "2027-06-15" });
        let made = risk(&kamau, &register, more).await;
        assert_eq!(told(&app).await, ["linh: Kenya: a risk is yours to answer for"]);
        rate(&kamau, &made, "current", 0, json!({ "availability": 1 })).await.expect(200);
        assert_eq!(told(&app).await, [] as [&str; 0], "it is tolerated");
        rate(&kamau, &made, "current", 3, json!({ "availability": 4 })).await.expect(200);
        let above = ["linh: Kenya: a risk is above what is tolerated", "wanjiru: Kenya\u{a0}: un risque dépasse ce qui est toléré"];
        assert_eq!(told(&app).await, above);
        rate(&wanjiru, &made, "current", 2, json!({ "availability": 4 })).await.expect(200);
        rate(&wanjiru, &made, "current", 3, json!({ "availability": 4 })).await.expect(200);
        rate(&wanjiru, &made, "current", 0, json!({ "availability": 0 })).await.expect(200);
        assert_eq!(told(&app).await, [] as [&str; 0], "what is tolerated again before anybody was told is no news");
        let event = json!({ "to": "identified", "trigger": "incident", "reason": "Brittle." });
        rate(&kamau, &made, "current", 0, json!({ "availability": 1 })).await.expect(200);
        step(&kamau, &made, json!({ "to": "analysed" })).await.expect(200);
        step(&kamau, &made, event).await.expect(200);
        assert_eq!(told(&app).await, ["linh: Kenya: something happened to a risk"]);
        let review = "a risk is to be looked at";
        assert_eq!(days(&app, &["2027-05-14", "2027-06-08", "2027-06-15", "2027-06-29"]).await, [
            line("05-14", "linh", &format!("{review} in 32 days")), line("06-08", "linh", &format!("{review} in 7 days")),
            line("06-15", "linh", &format!("{review} today")), line("06-29", "linh", "a risk was to be looked at 14 days ago"),
        ]);
    }

    async fn an_action_reminds_its_owner_and_at_last_the_country_until_it_is_done(app: TestApp) {
        let Cast { register, kamau, linh, .. } = cast(&app).await;
        let made = risk(&kamau, &register, json!({})).await;
        let action = json!({ "title": { "en": "Hushed backups" }, "owner": linh.id.to_string(), "due": "2026-12-10" });
        let first = format!("{made}/actions/{}", kamau.post(&format!("{made}/actions"), action.clone()).await.expect(201).id());
        kamau.post(&format!("{made}/actions"), action).await.expect(201);
        let mine = "linh: Kenya: an action against a risk is yours";
        assert_eq!(told(&app).await, [mine, mine]);
        step(&linh, &first, json!({ "to": "in_progress" })).await.expect(200);
        step(&linh, &first, json!({ "to": "done" })).await.expect(200);
        let due = "an action against a risk is due";
        let late = "an action against a risk is overdue";
        let seen = ["2026-12-03", "2026-12-09", "2026-12-10", "2026-12-11", "2026-12-17", "2026-12-24", "2027-01-05"];
        assert_eq!(days(&app, &seen).await, [
            line("12-03", "linh", &format!("{due} in 7 days")), line("12-09", "linh", &format!("{due} tomorrow")),
            line("12-10", "linh", &format!("{due} today")), line("12-11", "linh", &format!("{late} since yesterday")),
            line("12-17", "linh", &format!("{late} for 7 days")), line("12-24", "kamau", &format!("{late} for 14 days")),
            line("12-24", "wanjiru", "une action contre un risque est en retard de 14\u{a0}jours"),
        ]);
    }

    async fn an_acceptance_waits_for_who_may_decide_runs_out_and_is_told_to_who_bears_it(app: TestApp) {
        let Cast { register, kamau, wanjiru, linh } = cast(&app).await;
        let made = risk(&kamau, &register, json!({ "treatment": "retain", "owner": linh.id.to_string() })).await;
        rate(&kamau, &made, "current", 3, json!({ "economy": 4 })).await.expect(200);
        told(&app).await;
        let route = format!("{made}/acceptances");
        let draft = json!({ "justification": { "en": "Brittle, too dear." }, "expires_on": "2027-03-31" });
        let one = format!("{route}/{}", kamau.post(&route, draft).await.expect(201).id());
        step(&kamau, &one, json!({ "to": "submitted" })).await.expect(200);
        assert_eq!(told(&app).await, ["wanjiru: Kenya\u{a0}: l’acceptation d’un risque vous attend"], "who asks does not decide");
        assert_eq!(days(&app, &["2026-11-24", "2026-11-25"]).await, [line("11-25", "wanjiru", "l’acceptation d’un risque vous attend toujours")]);
        let accepted = json!({ "to": "accepted" });
        app.client_of(&wanjiru).await.post(&format!("{one}/transitions"), accepted).await.expect(200);
        assert_eq!(told(&app).await, ["kamau: Kenya: a risk was accepted", "linh: Kenya: a risk was accepted"]);
        assert_eq!(days(&app, &["2026-11-30", "2026-12-01"]).await, [] as [&str; 0], "it does not wait any more");
        let all = |day: &str, left: i32| [
            line(day, "kamau", &format!("the acceptance of a risk runs out in {left} days")), line(day, "linh", &format!("the acceptance of a risk runs out in {left} days")),
            line(day, "wanjiru", &format!("l’acceptation d’un risque prend fin dans {left}\u{a0}jours")),
        ];
        let wanted = [all("01-29", 61), all("03-01", 30), all("03-24", 7)].concat();
        assert_eq!(days(&app, &["2027-01-29", "2027-03-01", "2027-03-24"]).await, wanted);
        app.at("2027-04-01T15:00:00Z");
        let mut over = told(&app).await;
        over.extend(told(&app).await);
        let out = "the acceptance of a risk ran out";
        assert_eq!(over, [format!("kamau: Kenya: {out}"), format!("linh: Kenya: {out}"), "wanjiru: Kenya\u{a0}: l’acceptation d’un risque a pris fin".to_owned()]);
        assert_eq!(told(&app).await, [] as [&str; 0], "once");
    }

    async fn an_ai_system_is_told_to_its_owner_and_what_is_red_to_nobody_else(app: TestApp) {
        let Cast { register, kamau, linh, .. } = cast(&app).await;
        let mut system = ai_systems::draft("KE");
        system["owner"] = json!(linh.id.to_string());
        let path = format!("/ai-systems/{}", kamau.post("/ai-systems", system).await.expect(201).id());
        app.tick().await;
        let letters = app.mailbox().take();
        assert_eq!(crate::assessment_letters::lines(&letters), ["linh: Kenya: an AI system is yours to answer for"]);
        assert!(letters.iter().all(|letter| !letter.raw.contains("triage") && !letter.raw.contains("Benefit")), "{letters:?}");
        let made = linh.post(&format!("{path}/impact-assessments"), ai_systems::impact()).await.expect(201);
        let steps = format!("{path}/impact-assessments/{}/transitions", made.id());
        kamau.post(&steps, json!({ "to": "reviewed" })).await.expect(200);
        kamau.post(&steps, json!({ "to": "approved", "review_on": "2027-03-01" })).await.expect(200);
        assert_eq!(told(&app).await, [] as [&str; 0]);
        let review = "an AI impact assessment";
        assert_eq!(days(&app, &["2027-02-22", "2027-03-01", "2027-03-15"]).await, [
            line("02-22", "linh", &format!("{review} is to be looked at in 7 days")), line("03-01", "linh", &format!("{review} is to be looked at today")),
            line("03-15", "linh", &format!("{review} was to be looked at 14 days ago")),
        ]);
        let id = register.rsplit('/').next().expect("an id").parse().expect("an id");
        app.sql("UPDATE holdings SET tlp = 'RED' WHERE id = $id", &id);
        let by = app.client_of(&kamau).await;
        let draft = json!({ "title": { "en": "Hushed" }, "category": "cyber", "owner": linh.id.to_string() });
        let made = by.post(&format!("{register}/risks"), draft).await.expect(201);
        let body = json!({ "rating": "current", "likelihood": 4, "impacts": { "economy": 4 } }).to_string().into_bytes();
        let headers = [("content-type", "application/json"), ("if-match", made.header("etag"))];
        by.send(awc::http::Method::PUT, &format!("/risks/{}/ratings", made.id()), &headers, body).await.expect(200);
        assert_eq!(told(&app).await, ["linh: Kenya: a risk is above what is tolerated", "linh: Kenya: a risk is yours to answer for"], "wanjiru is not named on it");
    }
}
