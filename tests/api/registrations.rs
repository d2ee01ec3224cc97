//! Who comes to a session: nominated by countries, decided by the coordinator, with a waiting list that moves by itself.

use awc::http::Method;
use cybercap::kernel::access::Role;
use serde_json::{Value, json};

use crate::support::{Answer, Client, Person, TestApp};
use crate::training::{planned, program, step};

fn person(name: &str) -> Value {
    json!({ "name": name, "email": format!("{}@ministry.example", name.to_lowercase()) })
}

/// A session of two days with registration open.
pub async fn open_session(coordinator: &Person, program: &str, changes: Value) -> Value {
    let mut draft = json!({ "title": "Drill", "mode": "online", "zone": "UTC", "offer_hours": 72,
        "days": [{ "day": "2027-03-02", "starts": "09:00", "ends": "17:00" }] });
    for (name, value) in changes.as_object().into_iter().flatten() {
        draft[name] = value.clone();
    }
    let session = planned(coordinator, program, draft).await;
    step(coordinator, &session, "published").await.expect(200);
    step(coordinator, &session, "registration_open").await.expect(200).json
}

pub fn at(session: &Value) -> String {
    format!("/training-sessions/{}", session["id"].as_str().expect("an id"))
}

pub async fn nominate(by: &Client, session: &Value, country: &str, name: &str, rank: i64) -> Answer {
    let body = json!({ "country": country, "person": person(name), "rank": rank });
    by.post(&format!("{}/nominations", at(session)), body).await
}

pub async fn decide(by: &Client, registration: &Value, to: &str) -> Answer {
    let id = registration["id"].as_str().expect("an id");
    by.post(&format!("/registrations/{id}/transitions"), json!({ "to": to, "reason": "As agreed." })).await
}

/// `name: status` of everyone, as the caller sees them.
async fn standing(by: &Client, session: &Value) -> Vec<String> {
    let list = by.get(&format!("{}/registrations", at(session))).await.expect(200).json;
    let said = |r: &Value| {
        format!("{}: {}", r["person"]["name"].as_str().unwrap_or("?"), r["status"].as_str().unwrap_or("?"))
    };
    list["items"].as_array().expect("items").iter().map(said).collect()
}

on_both_databases! {
    async fn a_country_nominates_its_own_people_and_the_coordinator_decides(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["KE", "SN"]).await;
        let session = open_session(&coordinator, &program, json!({ "capacity": 2 })).await;
        let (senegal, kenya) = (app.focal_point_of("SN").await, app.focal_point_of("KE").await);

        let awa = nominate(&senegal, &session, "SN", "Awa", 1).await.expect(201).json;
        let kamau = nominate(&kenya, &session, "KE", "Kamau", 1).await.expect(201).json;
        let modou = nominate(&senegal, &session, "SN", "Modou", 2).await.expect(201).json;

        assert_eq!((&awa["status"], &awa["rank"], &awa["origin"]), (&json!("pending"), &json!(1), &json!("nominated")));
        assert_eq!(awa["allowed_transitions"], json!(["withdrawn"]), "a country does not decide on its own people");
        assert_eq!(standing(&senegal, &session).await, ["Awa: pending", "Modou: pending"]);
        assert_eq!(standing(&kenya, &session).await, ["Kamau: pending"]);
        senegal.get(&format!("/registrations/{}", kamau["id"].as_str().expect("an id"))).await.expect(404);
        decide(&senegal, &awa, "confirmed").await.expect(403);
        nominate(&senegal, &session, "KE", "Wanjiru", 1).await.expect(422);
        assert_eq!(nominate(&senegal, &session, "SN", "AWA", 3).await.expect(409).code(), "already_exists");
        let ghana = app.focal_point_of("GH").await;
        nominate(&ghana, &session, "GH", "Kofi", 1).await.expect(404);

        assert_eq!(decide(&coordinator, &awa, "confirmed").await.expect(200).json["status"], "confirmed");
        assert_eq!(decide(&coordinator, &kamau, "confirmed").await.expect(200).json["status"], "confirmed");
        let waits = decide(&coordinator, &modou, "confirmed").await.expect(200).json;
        assert_eq!(waits["status"], "waitlisted", "there are two seats");
        assert!(waits["queued_at"].is_string());
        decide(&coordinator, &awa, "waitlisted").await.expect(409);
        step(&coordinator, &session, "registration_closed").await.expect(200);
        nominate(&senegal, &session, "SN", "Fatou", 4).await.expect(409);
    }

    async fn a_seat_that_falls_free_is_offered_to_the_next_until_somebody_takes_it(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["KE", "SN"]).await;
        let invited = json!({ "capacity": 2, "countries": [{ "country": "KE" }, { "country": "SN", "quota": 1, "reserves": 1 }] });
        let session = open_session(&coordinator, &program, invited).await;
        let (senegal, kenya) = (app.focal_point_of("SN").await, app.focal_point_of("KE").await);
        let mut all = Vec::new();
        for (country, name, rank) in [("SN", "Awa", 1), ("KE", "Kamau", 1), ("KE", "Wanjiru", 3), ("KE", "Otieno", 2), ("SN", "Modou", 2), ("SN", "Fatou", 3)] {
            let by = if country == "SN" { &senegal } else { &kenya };
            all.push(nominate(by, &session, country, name, rank).await.expect(201).json);
        }
        for registration in &all[..4] {
            decide(&coordinator, registration, "confirmed").await.expect(200);
        }
        assert_eq!(decide(&coordinator, &all[4], "waitlisted").await.expect(200).json["reserve"], true);
        assert_eq!(decide(&coordinator, &all[5], "waitlisted").await.expect(409).code(), "guard_failed");
        decide(&coordinator, &all[5], "declined").await.expect(200);
        let now = standing(&coordinator, &session).await;
        assert_eq!(now, ["Awa: confirmed", "Kamau: confirmed", "Wanjiru: waitlisted", "Otieno: waitlisted", "Modou: waitlisted", "Fatou: declined"]);

        decide(&kenya, &all[1], "withdrawn").await.expect(200);

        let offered = coordinator.get(&format!("{}/registrations?status=offered", at(&session))).await.expect(200).json;
        assert_eq!(offered["items"][0]["person"]["name"], "Otieno", "rank comes before time");
        assert_eq!(offered["items"][0]["offer_expires_at"], "2026-11-25T08:00:00Z");
        app.at("2026-11-25T07:59:59Z");
        app.tick().await;
        assert_eq!(standing(&app.client_of(&coordinator).await, &session).await[3], "Otieno: offered");
        app.at("2026-11-25T08:00:00Z");
        app.tick().await;
        let coordinator = app.client_of(&coordinator).await;
        assert_eq!(standing(&coordinator, &session).await[2..4], ["Wanjiru: offered", "Otieno: declined"]);
        let taken = decide(&app.client_of(&kenya).await, &all[2], "confirmed").await.expect(200).json;
        assert_eq!((&taken["status"], &taken["offer_expires_at"]), (&json!("confirmed"), &Value::Null));
        decide(&app.client_of(&senegal).await, &all[0], "withdrawn").await.expect(200);
        assert_eq!(standing(&coordinator, &session).await[4], "Modou: offered", "Senegal's seat goes to Senegal's reserve");
        let events = app.events("registration.moved").await;
        assert_eq!(events.iter().filter(|e| e["to"] == "offered").count(), 3);
    }

    async fn of_twenty_who_want_the_last_seat_one_gets_it(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["SN"]).await;
        let session = open_session(&coordinator, &program, json!({ "capacity": 3 })).await;
        let senegal = app.focal_point_of("SN").await;
        let mut waiting = Vec::new();
        for n in 0..22 {
            waiting.push(nominate(&senegal, &session, "SN", &format!("Person{n}"), n + 1).await.expect(201).json);
        }
        for registration in &waiting[..2] {
            decide(&coordinator, registration, "confirmed").await.expect(200);
        }
        let race = waiting[2..].iter().map(|registration| decide(&coordinator, registration, "confirmed"));
        let answers = futures_util::future::join_all(race).await;
        let got: Vec<String> = answers.into_iter().map(|a| a.expect(200).json["status"].as_str().unwrap_or("").to_owned()).collect();
        assert_eq!(got.iter().filter(|status| *status == "confirmed").count(), 1, "{got:?}");
        assert_eq!(got.iter().filter(|status| *status == "waitlisted").count(), 19, "{got:?}");
    }

    async fn one_person_is_one_person_across_sessions_and_two_rows_become_one(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["SN"]).await;
        let (one, two) = (open_session(&coordinator, &program, json!({})).await, open_session(&coordinator, &program, json!({})).await);
        let senegal = app.focal_point_of("SN").await;
        let awa = nominate(&senegal, &one, "SN", "Awa", 1).await.expect(201).json;
        let more = json!({ "country": "SN", "person": { "name": "A. Diop", "email": "AWA@Ministry.example", "sex": "female", "consent_version": "2026-1" } });

        let again = senegal.post(&format!("{}/nominations", at(&two)), more).await.expect(201).json;

        assert_eq!(again["person"]["id"], awa["person"]["id"]);
        let path = format!("/participants/{}", awa["person"]["id"].as_str().expect("an id"));
        let known = senegal.get(&path).await.expect(200).json;
        assert_eq!((&known["name"], &known["sex"], &known["consent_version"]), (&json!("Awa"), &json!("female"), &json!("2026-1")));
        assert!(known["consent_at"].is_string());
        let twin = nominate(&senegal, &one, "SN", "Awa.Diop", 2).await.expect(201).json;
        let merge = format!("/participants/{}/merge", twin["person"]["id"].as_str().expect("an id"));
        senegal.post(&merge, json!({ "into": awa["person"]["id"] })).await.expect(403);
        coordinator.post(&merge, json!({ "into": awa["person"]["id"] })).await.expect(409);
        decide(&senegal, &twin, "withdrawn").await.expect(200);
        coordinator.post(&merge, json!({ "into": awa["person"]["id"] })).await.expect(200);
        let gone = format!("/participants/{}", twin["person"]["id"].as_str().expect("an id"));
        senegal.get(&gone).await.expect(404);
        assert_eq!(standing(&senegal, &one).await, ["Awa: pending"]);
        let auditor = app.with_role("auditor", Role::Auditor, None, None).await;
        let noted = auditor.get("/audit-events?action=participant.merged").await.expect(200).json;
        assert_eq!(noted["items"].as_array().expect("events").len(), 1, "a merge is in the audit chain");
    }

    async fn who_sees_people_is_who_works_with_them(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["KE", "SN"]).await;
        let trainer = app.with_role("trainer", Role::Trainer, None, Some(&program)).await;
        let other = app.with_role("other", Role::Trainer, None, Some(&program)).await;
        let observer = app.with_role("donor", Role::Observer, None, Some(&program)).await;
        let session = open_session(&coordinator, &program, json!({ "trainers": [trainer.id.to_string()] })).await;
        let senegal = app.focal_point_of("SN").await;
        let awa = nominate(&senegal, &session, "SN", "Awa", 1).await.expect(201).json;
        let path = format!("/participants/{}", awa["person"]["id"].as_str().expect("an id"));

        let roster = trainer.get(&format!("{}/registrations", at(&session))).await.expect(200).json;
        assert_eq!((&roster["items"][0]["person"]["name"], &roster["items"][0]["person"]["email"]), (&json!("Awa"), &Value::Null));
        assert_eq!(other.get(&format!("{}/registrations", at(&session))).await.expect(200).json["items"], json!([]));
        observer.get(&format!("{}/registrations", at(&session))).await.expect(404);
        app.administrator().await.get(&path).await.expect(404);
        trainer.get(&path).await.expect(404);
        app.focal_point_of("KE").await.get(&path).await.expect(404);
        assert_eq!(coordinator.get(&path).await.expect(200).json["email"], "awa@ministry.example");
        let elsewhere = app.with_role("elsewhere", Role::Coordinator, None, Some("01936f1e-7b7a-7c3d-9c55-0a6b8c1d2e3f")).await;
        elsewhere.get(&path).await.expect(404);
        assert_eq!(elsewhere.get("/participants").await.expect(200).json["items"], json!([]));
        let fields = senegal.get("/participant-fields").await.expect(200).json;
        assert!(fields["items"].as_array().expect("fields").iter().all(|f| f["purpose"].as_str().is_some_and(|p| p.len() > 10)));
    }

    async fn people_come_in_from_a_file_all_or_none(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["KE", "SN"]).await;
        let session = open_session(&coordinator, &program, json!({ "capacity": 2 })).await;
        let route = format!("{}/registrations/import", at(&session));
        let send = async |query: &str, body: &str| {
            coordinator.send(Method::POST, &format!("{route}{query}"), &[("content-type", "text/csv")], body.as_bytes().to_vec()).await
        };
        let good = "country,person.name,person.email,person.sex\nSN,Awa Diop,awa@ministry.example,female\nKE,Kamau,kamau@ict.example,\nSN,Modou,modou@ministry.example,male\n";

        let wrong = send("?atomic=true", &format!("{good}GH,Kofi,kofi@gh.example,\nSN,,no-address,unknown\n")).await.expect(200).json;
        assert_eq!(wrong["created"], 0);
        assert_eq!(standing(&coordinator, &session).await, Vec::<String>::new());
        let said: Vec<_> = wrong["rows"][4]["errors"].as_array().expect("errors").iter().filter_map(|e| e["pointer"].as_str()).collect();
        assert_eq!(said, ["/person/email", "/person/sex", "/person/name"]);
        assert_eq!(send("", good).await.expect(200).json["created"], 3);
        assert_eq!(standing(&coordinator, &session).await, ["Awa Diop: confirmed", "Kamau: confirmed", "Modou: waitlisted"]);
        let csv = app.focal_point_of("SN").await.get(&format!("{}/registrations.csv", at(&session))).await.expect(200).text;
        assert!(csv.contains("Awa Diop") && !csv.contains("Kamau"), "{csv}");
    }
}
