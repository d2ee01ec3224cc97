//! Who was there: noted by the trainer, merged from lists made offline, and who has completed the session by it.

use awc::http::Method;
use cybercap::kernel::access::Role;
use serde_json::{Value, json};

use crate::registrations::{at, decide, nominate, open_session};
use crate::support::{Answer, Client, Person, TestApp};
use crate::training::program;

/// A running session of two days of 480 and 240 minutes with Awa of Senegal and Kamau of Kenya in it.
pub struct Room {
    pub program: String,
    pub session: Value,
    pub awa: Value,
    pub kamau: Value,
}

pub async fn room(app: &TestApp, coordinator: &Person, trainer: Option<&Person>) -> Room {
    let program = program(coordinator, &["KE", "SN"]).await;
    let mut draft = json!({ "days": [{ "day": "2026-11-23", "starts": "09:00", "ends": "17:00" },
                                     { "day": "2026-11-24", "starts": "09:00", "ends": "13:00" }] });
    if let Some(trainer) = trainer {
        let member = json!({ "user_id": trainer.id.to_string(), "role": "trainer" });
        coordinator.post(&format!("/programs/{program}/members"), member).await.expect(201);
        draft["trainers"] = json!([trainer.id.to_string()]);
    }
    let session = open_session(coordinator, &program, draft).await;
    let mut people = Vec::new();
    for (country, name) in [("SN", "Awa"), ("KE", "Kamau")] {
        let official = app.focal_point_of(country).await;
        let nominee = nominate(&official, &session, country, name, 1).await.expect(201).json;
        people.push(decide(coordinator, &nominee, "confirmed").await.expect(200).json);
    }
    let kamau = people.pop().expect("Kamau");
    Room { program, session, awa: people.pop().expect("Awa"), kamau }
}

pub async fn runs(app: &TestApp, coordinator: &Person, room: &Room, instant: &str) -> Client {
    app.at(instant);
    let coordinator = app.client_of(coordinator).await;
    for to in ["registration_closed", "running"] {
        coordinator
            .post(&format!("{}/transitions", at(&room.session)), json!({ "to": to }))
            .await
            .expect(200);
    }
    coordinator
}

pub async fn note(by: &Client, room: &Room, whom: &Value, entry: Value) -> Answer {
    let mut body = json!({ "registration_id": whom["id"] });
    for (name, value) in entry.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    by.post(&format!("{}/attendance", at(&room.session)), body).await
}

on_both_databases! {
    async fn a_trainer_notes_who_was_there_and_the_share_completes_the_session(app: TestApp) {
        let coordinator = app.coordinator().await;
        let teacher = app.with_role("trainer", Role::Observer, Some("KE"), None).await;
        let room = room(&app, &coordinator, Some(&teacher)).await;
        let early = note(&app.client_of(&teacher).await, &room, &room.awa, json!({ "day": "2026-11-23", "status": "present" })).await;
        early.expect(409);
        runs(&app, &coordinator, &room, "2026-11-23T10:00:00Z").await;
        let trainer = app.client_of(&teacher).await;

        let entry = note(&trainer, &room, &room.awa, json!({ "day": "2026-11-23", "status": "present" })).await.expect(201).json;
        assert_eq!((&entry["minutes"], &entry["person"]["name"]), (&json!(480), &json!("Awa")));
        let ahead = note(&trainer, &room, &room.awa, json!({ "day": "2026-11-24", "status": "present" })).await.expect(422);
        assert_eq!(ahead.json["errors"][0]["code"], "in_the_future");
        app.at("2026-11-24T10:00:00Z");
        let trainer = app.client_of(&teacher).await;
        note(&trainer, &room, &room.awa, json!({ "day": "2026-11-24", "status": "partial", "minutes": 96 })).await.expect(201);
        note(&trainer, &room, &room.kamau, json!({ "day": "2026-11-23", "status": "partial", "minutes": 335 })).await.expect(201);
        note(&trainer, &room, &room.kamau, json!({ "day": "2026-11-24", "status": "present" })).await.expect(201);

        let results = trainer.get(&format!("{}/results", at(&room.session))).await.expect(200).json;
        let told: Vec<_> = results["items"].as_array().expect("items").iter()
            .map(|r| (r["person"]["name"].as_str().unwrap_or(""), r["minutes"].as_i64(), r["share"].as_f64(), r["completed"].as_bool()))
            .collect();
        assert_eq!(told, [("Awa", Some(576), Some(80.0), Some(true)), ("Kamau", Some(575), Some(79.86), Some(false))]);
        let awa = trainer.get(&format!("{}/registrations?status=attended", at(&room.session))).await.expect(200).json;
        assert_eq!(awa["items"].as_array().expect("items").len(), 2, "who was there has attended");
    }

    async fn a_second_row_of_a_person_who_was_noted_absent_and_withdrew_is_merged(app: TestApp) {
        let coordinator = app.coordinator().await;
        let room = room(&app, &coordinator, None).await;
        let colleague = app.with_role("colleague", Role::FocalPoint, Some("SN"), None).await;
        let twin = nominate(&colleague, &room.session, "SN", "Twin", 2).await.expect(201).json;
        decide(&coordinator, &twin, "confirmed").await.expect(200);
        let coordinator = runs(&app, &coordinator, &room, "2026-11-23T10:00:00Z").await;
        note(&coordinator, &room, &twin, json!({ "day": "2026-11-23", "status": "absent" })).await.expect(201);
        decide(&coordinator, &twin, "withdrawn").await.expect(200);

        let route = format!("/participants/{}/merge", twin["person"]["id"].as_str().expect("an id"));
        coordinator.post(&route, json!({ "into": room.awa["person"]["id"] })).await.expect(200);

        let list = coordinator.get(&format!("{}/registrations?country=SN", at(&room.session))).await.expect(200).json;
        assert_eq!(list["items"].as_array().expect("items").len(), 1);
        assert_eq!(coordinator.get(&format!("{}/attendance", at(&room.session))).await.expect(200).json["items"], json!([]));
    }

    async fn everything_wrong_with_an_entry_is_said_at_once(app: TestApp) {
        let coordinator = app.coordinator().await;
        let room = room(&app, &coordinator, None).await;
        let elsewhere = open_session(&coordinator, &room.program, json!({})).await;
        let stranger = nominate(&app.client_of(&coordinator).await, &elsewhere, "SN", "Nobody", 1).await;
        stranger.expect(403);
        let coordinator = runs(&app, &coordinator, &room, "2026-11-24T10:00:00Z").await;
        let before = app.fingerprint();
        let bad = json!({ "registration_id": room.program, "day": "2026-11-25", "status": "present", "minutes": 5 });

        let refused = coordinator.post(&format!("{}/attendance", at(&room.session)), bad).await.expect(422);

        let codes: Vec<_> = refused.json["errors"].as_array().expect("errors").iter().filter_map(|e| e["code"].as_str()).collect();
        assert_eq!(codes, ["unknown_registration", "not_in_session", "unexpected"]);
        let long = note(&coordinator, &room, &room.awa, json!({ "day": "2026-11-24", "status": "partial", "minutes": 241 })).await;
        assert_eq!(long.expect(422).json["errors"][0]["detail"], "That day has 240 minutes; these are 241.");
        note(&coordinator, &room, &room.awa, json!({ "day": "2026-11-24", "status": "partial" })).await.expect(422);
        assert_eq!(app.fingerprint(), before);
        let kenya = app.client_of(&app.with_role("ke", Role::FocalPoint, Some("KE"), None).await).await;
        note(&kenya, &room, &room.kamau, json!({ "day": "2026-11-24", "status": "present" })).await.expect(403);
        assert_eq!(kenya.get(&format!("{}/attendance", at(&room.session))).await.expect(200).json["items"], json!([]));
    }

    async fn a_list_made_offline_is_merged_twice_and_counts_once(app: TestApp) {
        let coordinator = app.coordinator().await;
        let room = room(&app, &coordinator, None).await;
        let coordinator = runs(&app, &coordinator, &room, "2026-11-24T18:00:00Z").await;
        let id = |registration: &Value| registration["id"].as_str().expect("an id").to_owned();
        let csv = format!(
            "registration_id,day,status,minutes,client_id,noted_at\n{awa},2026-11-23,present,,t1-1,2026-11-23T16:00:00Z\n{kamau},2026-11-23,partial,200,t1-2,2026-11-23T16:00:00Z\n",
            awa = id(&room.awa), kamau = id(&room.kamau),
        );
        let send = async |query: &str, body: &str| {
            let route = format!("{}/attendance/import{query}", at(&room.session));
            coordinator.send(Method::POST, &route, &[("content-type", "text/csv")], body.as_bytes().to_vec()).await
        };

        assert_eq!(send("", &csv).await.expect(200).json["created"], 2);
        send("", &csv).await.expect(200);

        let list = coordinator.get(&format!("{}/attendance?count=exact", at(&room.session))).await.expect(200).json;
        assert_eq!(list["total"], 2);
        let older = json!({ "day": "2026-11-23", "status": "absent", "noted_at": "2026-11-23T09:30:00Z" });
        let kept = note(&coordinator, &room, &room.awa, older).await.expect(200).json;
        assert_eq!(kept["status"], "present", "what was noted later counts, whichever came in first");
        let newer = json!({ "day": "2026-11-23", "status": "partial", "minutes": 60, "noted_at": "2026-11-23T17:00:00Z" });
        let mended = note(&coordinator, &room, &room.awa, newer).await.expect(200).json;
        assert_eq!((&mended["minutes"], &mended["version"]), (&json!(60), &json!(2)));
        let other = json!({ "day": "2026-11-24", "status": "present", "client_id": "t1-2" });
        assert_eq!(note(&coordinator, &room, &room.awa, other).await.expect(422).json["errors"][0]["code"], "taken");
        let half = send("?atomic=true", &csv.replace("t1-1", "t2-1").replace("2026-11-23,partial", "2026-12-01,partial")).await.expect(200).json;
        assert_eq!((&half["created"], &half["rows"][1]["errors"][0]["pointer"]), (&json!(0), &json!("/day")));
    }
}
