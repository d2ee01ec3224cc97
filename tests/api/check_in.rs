//! People check themselves in by the code of the trainer: on time, late, twice, with a wrong code, and against the list.

use cybercap::kernel::access::Role;
use serde_json::{Value, json};

use crate::passes::{pass_of, show};
use crate::registrations::{at, decide, nominate, open_session};
use crate::support::{Answer, Client, Person, TestApp};
use crate::training::program;

/// A session of Dakar with two people of Senegal in it, 09:00 to 17:00 by the clock of its zone.
async fn room(app: &TestApp, coordinator: &Person, zone: &str) -> (Value, Vec<Value>) {
    let program = program(coordinator, &["SN"]).await;
    let days = json!({ "zone": zone, "days": [{ "day": "2026-11-23", "starts": "09:00", "ends": "17:00" },
                                              { "day": "2026-11-24", "starts": "09:00", "ends": "13:00" }] });
    let session = open_session(coordinator, &program, days).await;
    let senegal = app.focal_point_of("SN").await;
    let mut people = Vec::new();
    for (rank, name) in [(1, "Awa"), (2, "Modou"), (3, "Fatou")] {
        let nominee = nominate(&senegal, &session, "SN", name, rank).await.expect(201).json;
        people.push(decide(coordinator, &nominee, "confirmed").await.expect(200).json);
    }
    (session, people)
}

async fn run(app: &TestApp, coordinator: &Person, session: &Value, instant: &str) -> Client {
    app.at(instant);
    let coordinator = app.client_of(coordinator).await;
    for to in ["registration_closed", "running"] {
        coordinator.post(&format!("{}/transitions", at(session)), json!({ "to": to })).await.expect(200);
    }
    coordinator
}

async fn code(by: &Client, session: &Value) -> String {
    let shown = by.get(&format!("{}/check-in-code", at(session))).await.expect(200).json;
    shown["code"].as_str().expect("a code").to_owned()
}

async fn check_in(app: &TestApp, pass: &str, code: &str) -> Answer {
    app.anyone().post("/passes/check-in", json!({ "token": pass, "code": code })).await
}

/// A code that is not this one.
fn another(code: &str) -> String {
    let n: u32 = code.parse().expect("digits");
    format!("{:06}", (n + 500_001) % 1_000_000)
}

on_both_databases! {
    async fn who_types_the_code_of_now_is_there_from_their_arrival(app: TestApp) {
        let coordinator = app.coordinator().await;
        let (session, people) = room(&app, &coordinator, "Africa/Nairobi").await;
        let passes: Vec<String> = people.iter().map(|person| pass_of(&app, person)).collect();
        assert_eq!(show(&app, &passes[0]).await.expect(200).json["may_check_in"], false);
        check_in(&app, &passes[0], "000000").await.expect(409);
        coordinator.get(&format!("{}/check-in-code", at(&session))).await.expect(409);
        // 09:14 in Nairobi.
        let trainer = run(&app, &coordinator, &session, "2026-11-23T06:14:00Z").await;
        let now = trainer.get(&format!("{}/check-in-code", at(&session))).await.expect(200).json;
        assert_eq!(now["changes_at"], "2026-11-23T06:15:00Z");

        assert_eq!(show(&app, &passes[0]).await.expect(200).json["may_check_in"], true);
        let seen = check_in(&app, &passes[0], now["code"].as_str().expect("a code")).await.expect(200).json;
        assert_eq!((&seen["may_check_in"], &seen["noted_today"], &seen["status"]), (&json!(false), &json!("present"), &json!("attended")));
        check_in(&app, &passes[0], now["code"].as_str().expect("a code")).await.expect(200);
        app.at("2026-11-23T07:15:59Z");
        let trainer = app.client_of(&coordinator).await;
        let last = code(&trainer, &session).await;
        app.at("2026-11-23T07:16:30Z");
        check_in(&app, &passes[1], &last).await.expect(200);
        app.at("2026-11-23T07:17:00Z");
        assert_eq!(check_in(&app, &passes[2], &last).await.expect(422).json["errors"][0]["code"], "wrong_code");

        let trainer = app.client_of(&coordinator).await;
        let list = trainer.get(&format!("{}/attendance", at(&session))).await.expect(200).json;
        let said: Vec<_> = list["items"].as_array().expect("items").iter().map(|entry| {
            (entry["person"]["name"].as_str(), entry["day"].as_str(), entry["status"].as_str(), entry["minutes"].as_i64(), entry["source"].as_str())
        }).collect();
        assert_eq!(said, [
            (Some("Awa"), Some("2026-11-23"), Some("present"), Some(480), Some("code")),
            (Some("Modou"), Some("2026-11-23"), Some("partial"), Some(403), Some("code")),
        ]);
        app.at("2026-11-23T14:00:00Z");
        assert!(check_in(&app, &passes[2], "000000").await.expect(409).text.contains("over"));
    }

    async fn the_day_is_that_of_the_place(app: TestApp) {
        let coordinator = app.coordinator().await;
        let (session, people) = room(&app, &coordinator, "Pacific/Apia").await;
        let pass = pass_of(&app, &people[0]);
        // The 23rd, 09:05 in Apia, is the 22nd in UTC.
        let trainer = run(&app, &coordinator, &session, "2026-11-22T20:05:00Z").await;
        let seen = check_in(&app, &pass, &code(&trainer, &session).await).await.expect(200).json;
        assert_eq!(seen["noted_today"], "present");
        let list = trainer.get(&format!("{}/attendance", at(&session))).await.expect(200).json;
        assert_eq!(list["items"][0]["day"], "2026-11-23");
        app.at("2026-11-24T11:00:00Z");
        assert!(check_in(&app, &pass, "000000").await.expect(409).text.contains("2026-11-25"), "it is the 25th there");
    }

    async fn the_word_of_the_trainer_stands_and_a_later_one_counts(app: TestApp) {
        let coordinator = app.coordinator().await;
        let (session, people) = room(&app, &coordinator, "UTC").await;
        let passes: Vec<String> = people.iter().map(|person| pass_of(&app, person)).collect();
        let trainer = run(&app, &coordinator, &session, "2026-11-23T09:30:00Z").await;
        let note = async |by: &Client, whom: &Value, entry: Value| {
            let mut body = json!({ "registration_id": whom["id"], "day": "2026-11-23" });
            for (name, value) in entry.as_object().into_iter().flatten() {
                body[name] = value.clone();
            }
            by.post(&format!("{}/attendance", at(&session)), body).await
        };
        note(&trainer, &people[0], json!({ "status": "absent" })).await.expect(201);
        note(&trainer, &people[1], json!({ "status": "present" })).await.expect(201);
        let now = code(&trainer, &session).await;

        assert!(check_in(&app, &passes[0], &now).await.expect(409).text.contains("speak to the trainer"));
        assert_eq!(check_in(&app, &passes[1], &now).await.expect(200).json["noted_today"], "present");
        check_in(&app, &passes[2], &now).await.expect(200);
        app.at("2026-11-23T15:00:00Z");
        let trainer = app.client_of(&coordinator).await;
        note(&trainer, &people[2], json!({ "status": "partial", "minutes": 60 })).await.expect(200);
        let list = trainer.get(&format!("{}/attendance", at(&session))).await.expect(200).json;
        let said: Vec<_> = list["items"].as_array().expect("items").iter().map(|e| (e["status"].as_str(), e["minutes"].as_i64(), e["source"].as_str())).collect();
        assert_eq!(said, [(Some("absent"), Some(0), Some("list")), (Some("present"), Some(480), Some("list")), (Some("partial"), Some(60), Some("list"))]);
        assert_eq!(show(&app, &passes[0]).await.expect(200).json["noted_today"], "absent");
    }

    async fn guesses_are_few_and_nobody_without_a_seat_checks_in(app: TestApp) {
        let coordinator = app.coordinator().await;
        let (session, people) = room(&app, &coordinator, "UTC").await;
        let passes: Vec<String> = people.iter().map(|person| pass_of(&app, person)).collect();
        let senegal = app.with_role("official", Role::FocalPoint, Some("SN"), None).await;
        decide(&senegal, &people[2], "withdrawn").await.expect(200);
        let trainer = run(&app, &coordinator, &session, "2026-11-23T09:00:00Z").await;
        let now = code(&trainer, &session).await;
        let before = app.fingerprint();

        assert!(check_in(&app, &passes[2], &now).await.expect(409).text.contains("no seat"));
        for _ in 0..5 {
            check_in(&app, &passes[0], &another(&now)).await.expect(422);
        }
        assert_eq!(check_in(&app, &passes[0], &now).await.expect(429).header("retry-after"), "60");
        assert_eq!(app.fingerprint(), before);
        check_in(&app, &passes[1], &now).await.expect(200);
        app.at("2026-11-23T09:01:01Z");
        check_in(&app, &passes[0], &now).await.expect(200);
        let observer = app.with_role("donor", Role::Observer, Some("SN"), None).await;
        app.client_of(&observer).await.get(&format!("{}/check-in-code", at(&session))).await.expect(403);
        app.client_of(&senegal).await.get(&format!("{}/check-in-code", at(&session))).await.expect(403);
    }

    async fn the_list_goes_out_as_a_file_and_comes_back_without_a_change(app: TestApp) {
        let coordinator = app.coordinator().await;
        let (session, people) = room(&app, &coordinator, "UTC").await;
        let trainer = run(&app, &coordinator, &session, "2026-11-23T10:00:00.123456Z").await;
        check_in(&app, &pass_of(&app, &people[0]), &code(&trainer, &session).await).await.expect(200);
        let route = format!("{}/attendance", at(&session));
        let present = json!({ "registration_id": people[1]["id"], "day": "2026-11-23", "status": "present", "client_id": "t1-1" });
        trainer.post(&route, present).await.expect(201);
        let excused = json!({ "registration_id": people[2]["id"], "day": "2026-11-23", "status": "excused" });
        trainer.post(&route, excused).await.expect(201);

        let csv = trainer.get(&format!("{route}.csv")).await.expect(200);
        assert!(csv.header("content-disposition").contains("attendance-2026-11-23.csv"));
        assert_eq!(csv.text.lines().count(), 4, "{}", csv.text);
        assert!(csv.text.contains("\"Awa\"") && csv.text.contains("\"code\""), "{}", csv.text);
        let few = trainer.get(&format!("{route}.csv?status=excused")).await.expect(200).text;
        assert!(few.contains("Fatou") && !few.contains("Modou"), "{few}");
        let lines = trainer.get(&format!("{route}.ndjson")).await.expect(200).text;
        let book = trainer.bytes(&format!("{route}.xlsx")).await;
        let before = app.fingerprint();
        let files = [("text/csv", csv.text.into_bytes()), ("application/x-ndjson", lines.into_bytes()),
            ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", book)];
        for (kind, bytes) in files {
            let said = trainer.send(awc::http::Method::POST, &format!("{route}/import"), &[("content-type", kind)], bytes).await.expect(200).json;
            assert_eq!((&said["invalid"], said["rows"].as_array().map(Vec::len)), (&json!(0), Some(3)), "{kind}: {said}");
            assert_eq!(app.fingerprint(), before, "{kind} changed something");
        }
        let kenya = app.client_of(&app.with_role("ke", Role::FocalPoint, Some("KE"), None).await).await;
        kenya.get(&format!("{route}.csv")).await.expect(404);
    }
}
