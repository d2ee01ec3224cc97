//! Imports of many people: seats stay right, and how far one is can be asked while it runs.

use awc::http::Method;
use cybercap::kernel::access::Role;
use futures_util::future::{Either, select};
use serde_json::json;

use crate::registrations::{at, open_session};
use crate::support::TestApp;
use crate::training::program;

/// A file with this many people of Senegal.
fn people(count: usize) -> Vec<u8> {
    let mut text = "country,person.name,person.email\n".to_owned();
    for n in 0..count {
        text += &format!("SN,Person {n},person{n}@ministry.example\n");
    }
    text.into_bytes()
}

const CSV: &[(&str, &str)] = &[("content-type", "text/csv")];

on_both_databases! {
    async fn seats_are_counted_through_a_whole_file_and_a_refused_one_takes_none(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["KE", "SN"]).await;
        let invited = json!({ "capacity": 30, "countries": [{ "country": "KE" }, { "country": "SN", "quota": 20 }] });
        let session = open_session(&coordinator, &program, invited).await;
        let route = format!("{}/registrations/import", at(&session));
        let before = app.fingerprint();
        let mut spoilt = people(25);
        spoilt.extend_from_slice(b"GH,Kofi,kofi@gh.example\n");

        let refused = coordinator.send(Method::POST, &route, CSV, spoilt.clone()).await.expect(200).json;
        assert_eq!((&refused["created"], &refused["invalid"], &refused["skipped"]), (&json!(0), &json!(1), &json!(25)));
        let rehearsed = coordinator.send(Method::POST, &format!("{route}?dry_run=true"), CSV, people(25)).await.expect(200).json;
        assert_eq!(rehearsed["created"], 25);
        assert_eq!(app.fingerprint(), before);
        let partly = coordinator.send(Method::POST, &format!("{route}?atomic=false"), CSV, spoilt).await.expect(200).json;
        assert_eq!((&partly["created"], &partly["invalid"]), (&json!(25), &json!(1)));
        let count = async |query: &str| {
            let path = format!("{}/registrations?count=exact&{query}", at(&session));
            coordinator.get(&path).await.expect(200).json["total"].as_i64()
        };
        assert_eq!((count("status=confirmed").await, count("status=waitlisted").await), (Some(20), Some(5)));
        let again = coordinator.send(Method::POST, &format!("{route}?atomic=false"), CSV, people(26)).await.expect(200).json;
        assert_eq!((&again["created"], &again["rows"][0]["errors"][0]["code"]), (&json!(1), &json!("already_exists")));
        let kenya = json!([{ "country": "KE", "person": { "name": "Kamau", "email": "kamau@ict.example" } },
                           { "country": "KE", "person": { "name": "Twice", "email": "kamau@ict.example" } }]);
        let twice = coordinator.post(&format!("{route}?atomic=false"), kenya).await.expect(200).json;
        assert_eq!((&twice["created"], &twice["rows"][1]["errors"][0]["code"]), (&json!(1), &json!("already_exists")));
        assert_eq!((count("status=confirmed").await, count("status=waitlisted").await), (Some(21), Some(6)));
        let told = app.events("registration.moved").await;
        assert_eq!(told.len(), 27, "each who came in is told of once, nobody who did not");
        let auditor = app.with_role("auditor", Role::Auditor, None, None).await;
        let noted = auditor.get("/audit-events?action=registration.entered&count=exact").await.expect(200).json;
        assert_eq!(noted["total"], 27);
    }

    async fn how_far_an_import_is_can_be_asked_while_it_runs(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["SN"]).await;
        let session = open_session(&coordinator, &program, json!({})).await;
        let other = app.administrator().await;
        let route = format!("{}/registrations/import", at(&session));
        assert_eq!(coordinator.get("/me/imports").await.expect(200).json["items"], json!([]));

        let mut import = std::pin::pin!(coordinator.send(Method::POST, &route, CSV, people(1_500)));
        let (mut seen, mut strange) = (Vec::new(), 0);
        let answer = loop {
            let asked = std::pin::pin!(async { (coordinator.get("/me/imports").await, other.get("/me/imports").await) });
            match select(import.as_mut(), asked).await {
                Either::Left((answer, _)) => break answer,
                Either::Right(((own, others), _)) => {
                    seen.extend(own.expect(200).json["items"].as_array().cloned().unwrap_or_default());
                    strange += others.expect(200).json["items"].as_array().map_or(0, Vec::len);
                }
            }
        };

        assert_eq!(answer.expect(200).json["created"], 1_500);
        let done: Vec<u64> = seen.iter().filter_map(|import| import["done"].as_u64()).collect();
        assert!(done.iter().any(|done| (1..1_500).contains(done)), "seen on the way: {done:?}");
        assert!(done.is_sorted(), "{done:?}");
        assert_eq!((&seen[0]["what"], &seen[0]["rows"], &seen[0]["dry_run"]), (&json!("registrations"), &json!(1_500), &json!(false)));
        assert_eq!(strange, 0, "it is one's own");
        assert_eq!(coordinator.get("/me/imports").await.expect(200).json["items"], json!([]), "what has ended is in its answer");
    }
}
