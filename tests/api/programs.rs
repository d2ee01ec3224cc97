//! Programs: entered, seen, changed, deleted.

use cybercap::kernel::access::Role;
use serde_json::{Value, json};

use crate::support::TestApp;

/// A program with everything that a client can say of it.
fn complete() -> Value {
    json!({
        "title": { "en": "CSIRT for East Africa", "fr": "CSIRT pour l’Afrique de l’Est" },
        "iati_identifier": "XM-DAC-0001-EA1",
        "description": { "en": "Sets up national teams." },
        "objectives": { "en": "Two teams in service." },
        "target_groups": { "en": "Ministries of ICT." },
        "themes": ["B", "ai_security"],
        "planned_start": "2027-01", "planned_end": "2028",
        "countries": [{ "country": "KE", "share": 60 }, { "country": "rw", "share": 40 }],
        "scope_note": "With observers from Uganda.",
        "organizations": [
            { "role": "funding", "name": "European Union" },
            { "role": "implementing", "name": "Ministry of ICT" },
        ],
        "tags": [{ "vocabulary": "sdg_goal", "code": "16" }, { "vocabulary": "sdg_target", "code": "16.6" }],
        "budget_note": "About EUR 2 million.",
        "notes": "The ministry asked for a later start.",
        "collaboration_type": "1", "flow_type": "10", "aid_type": "D02",
    })
}

/// Pointers and codes of a refusal.
fn faults(problem: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    let errors = problem["errors"].as_array().cloned().unwrap_or_default();
    errors.iter().map(|e| (text(&e["pointer"]), text(&e["code"]))).collect()
}

on_both_databases! {
    async fn a_coordinator_enters_a_program_with_nothing_but_a_title(app: TestApp) {
        let coordinator = app.coordinator().await;

        let made = coordinator.post("/programs", json!({ "title": { "en": "CSIRT for Kenya" } })).await.expect(201);

        assert_eq!(made.json["status"], "pipeline");
        assert_eq!(made.header("location"), format!("/api/v1/programs/{}", made.id()));
        let seen = coordinator.get(&format!("/programs/{}", made.id())).await.expect(200);
        assert_eq!(seen.json, made.json);
        let list = coordinator.get("/programs").await.expect(200);
        assert_eq!(list.json["items"], json!([seen.json]));
    }

    async fn everything_that_was_said_of_a_program_is_kept(app: TestApp) {
        let coordinator = app.coordinator().await;

        let id = coordinator.post("/programs", complete()).await.expect(201).id();

        let seen = coordinator.get(&format!("/programs/{id}?lang=all")).await.expect(200).json;
        for (name, value) in complete().as_object().expect("an object") {
            if name != "countries" && name != "organizations" {
                assert_eq!(&seen[name], value, "{name}");
            }
        }
        assert_eq!(seen["countries"][1], json!({ "country": "RW", "share": 40, "acknowledged_at": null }));
        assert_eq!(seen["organizations"][0]["name"], "European Union");
        let french = coordinator.get(&format!("/programs/{id}")).await.json["title"].clone();
        assert_eq!(french, "CSIRT for East Africa");
    }

    async fn every_fault_of_a_program_is_told_at_once(app: TestApp) {
        let coordinator = app.coordinator().await;

        let wrong = json!({
            "title": { "en": "Wrong" },
            "iati_identifier": "a b",
            "themes": ["A", "A"],
            "planned_start": "2027", "planned_end": "2026",
            "actual_start": "2026-11-23",
            "countries": [{ "country": "KE", "share": 60 }, { "country": "XK", "share": 30 }, { "country": "KE", "share": 5.5 }],
            "organizations": [
                { "role": "funding" },
                { "role": "funding", "organization_id": "01936f1e-7b7a-7c3d-9c55-0a6b8c1d2e3f" },
            ],
            "tags": [{ "vocabulary": "sdg_goal", "code": "18" }],
        });
        let refused = coordinator.post("/programs", wrong).await.expect(422);

        let expected = [
            ("/planned_end", "end_before_start"),
            ("/actual_start", "in_the_future"),
            ("/iati_identifier", "not_an_iati_identifier"),
            ("/themes/1", "twice"),
            ("/tags/0/code", "unknown_value"),
            ("/countries/2", "twice"),
            ("/countries", "shares_not_100"),
            ("/countries/1/country", "unknown_country"),
            ("/organizations/0", "id_or_name"),
            ("/organizations/1/organization_id", "unknown_organization"),
        ];
        assert_eq!(faults(&refused.json), expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
        assert!(refused.text.contains("these sum to 95.50"), "{}", refused.text);
        assert_eq!(coordinator.get("/programs").await.json["items"], json!([]));
    }

    async fn shares_sum_to_100_or_are_not_said(app: TestApp) {
        let coordinator = app.coordinator().await;
        let with = |countries: Value| json!({ "title": { "en": "Shares" }, "countries": countries });
        let accepted = [
            json!([]),
            json!([{ "country": "KE" }, { "country": "RW" }]),
            json!([{ "country": "KE", "share": 100 }]),
            json!([{ "country": "KE", "share": 33.33 }, { "country": "RW", "share": 33.33 }, { "country": "UG", "share": 33.34 }]),
        ];
        let refused = [
            json!([{ "country": "KE", "share": 50 }]),
            json!([{ "country": "KE", "share": 100 }, { "country": "RW" }]),
            json!([{ "country": "KE", "share": 50.01 }, { "country": "RW", "share": 50 }]),
        ];
        for countries in accepted {
            coordinator.post("/programs", with(countries)).await.expect(201);
        }
        for countries in refused {
            coordinator.post("/programs", with(countries)).await.expect(422);
        }
    }

    async fn an_iati_identifier_is_unique_until_its_program_is_deleted(app: TestApp) {
        let coordinator = app.coordinator().await;
        let body = json!({ "title": { "en": "One" }, "iati_identifier": "XM-1-A" });
        let first = coordinator.post("/programs", body.clone()).await.expect(201);

        let second = coordinator.post("/programs", body.clone()).await.expect(409);
        assert_eq!(second.code(), "already_exists");
        assert_eq!(second.json["errors"][0]["pointer"], "/iati_identifier");

        coordinator.delete(&format!("/programs/{}", first.id()), first.header("etag")).await.expect(204);
        coordinator.post("/programs", body).await.expect(201);
    }

    async fn a_change_names_the_version_it_was_made_from(app: TestApp) {
        let coordinator = app.coordinator().await;
        let made = coordinator.post("/programs", complete()).await.expect(201);
        let path = format!("/programs/{}", made.id());

        let blind = coordinator
            .send(
                awc::http::Method::PATCH, &path,
                &[("content-type", "application/merge-patch+json")], b"{\"notes\":null}".to_vec(),
            )
            .await;
        assert_eq!(blind.expect(428).code(), "precondition_needed");
        let patch = json!({ "notes": null, "countries": [{ "country": "UG" }], "planned_end": "2029-06-30" });
        let changed = coordinator.patch(&path, made.header("etag"), patch).await.expect(200);
        assert_eq!(changed.json["notes"], Value::Null);
        assert_eq!(changed.json["countries"], json!([{ "country": "UG", "share": null, "acknowledged_at": null }]));
        assert_eq!(changed.json["title"], "CSIRT for East Africa");
        let late = coordinator.patch(&path, made.header("etag"), json!({ "notes": "late" })).await;
        assert_eq!(late.expect(412).code(), "stale_version");
        let unknown = coordinator.patch(&path, changed.header("etag"), json!({ "status": "closed" })).await;
        assert_eq!(unknown.expect(422).json["errors"][0]["code"], "unknown_field");
        let order = coordinator.patch(&path, changed.header("etag"), json!({ "planned_end": "2020" })).await;
        assert_eq!(order.expect(422).json["errors"][0]["pointer"], "/planned_end");
        let known = [("if-none-match", changed.header("etag"))];
        coordinator.send(awc::http::Method::GET, &path, &known, Vec::new()).await.expect(304);
    }

    async fn a_retried_creation_makes_one_program(app: TestApp) {
        let coordinator = app.coordinator().await;
        let body = json!({ "title": { "en": "Once" } }).to_string().into_bytes();
        let headers = [("content-type", "application/json"), ("idempotency-key", "k1")];

        let first = coordinator.send(awc::http::Method::POST, "/programs", &headers, body.clone()).await.expect(201);
        let again = coordinator.send(awc::http::Method::POST, "/programs", &headers, body).await.expect(201);

        assert_eq!(first.json, again.json);
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_eq!(coordinator.get("/programs").await.json["items"].as_array().map(Vec::len), Some(1));
    }

    async fn only_a_program_in_the_pipeline_is_deleted_and_leaves_a_tombstone(app: TestApp) {
        let coordinator = app.coordinator().await;
        let kenya = app.focal_point_of("KE").await;
        let body = json!({ "title": { "en": "Mistake" }, "countries": [{ "country": "KE" }] });
        let made = coordinator.post("/programs", body).await.expect(201);
        let path = format!("/programs/{}", made.id());
        kenya.delete(&path, made.header("etag")).await.expect(403);
        app.at("2026-11-22T08:05:00Z");

        coordinator.delete(&path, made.header("etag")).await.expect(204);

        coordinator.get(&path).await.expect(404);
        assert_eq!(kenya.get("/programs").await.json["items"], json!([]));
        assert_eq!(kenya.get("/programs?status=pipeline").await.json["items"], json!([]));
        let since = kenya.get("/programs?updated_since=2026-11-22T08:04:00Z").await.expect(200);
        assert_eq!(since.json["items"], json!([{ "id": made.id(), "deleted_at": "2026-11-22T08:05:00Z" }]));

        let other = coordinator.post("/programs", json!({ "title": { "en": "Ran" } })).await.expect(201);
        let cancelled = json!({ "to": "cancelled", "reason": "no funds" });
        let moved = coordinator.post(&format!("/programs/{}/transitions", other.id()), cancelled).await.expect(200);
        let refused = coordinator.delete(&format!("/programs/{}", other.id()), moved.header("etag")).await;
        assert_eq!(refused.expect(409).code(), "conflict");
    }

    async fn a_hidden_program_looks_like_an_absent_one(app: TestApp) {
        let coordinator = app.coordinator().await;
        let ghana = app.focal_point_of("GH").await;
        let body = json!({ "title": { "en": "Kenya only" }, "countries": [{ "country": "KE" }] });
        let id = coordinator.post("/programs", body).await.expect(201).id();
        let absent = "01936f1e-7b7a-7c3d-9c55-0a6b8c1d2e3f";
        let other = app.with_role("second.coordinator", Role::Coordinator, None, None).await;

        for person in [&ghana, &other] {
            let hidden = person.get(&format!("/programs/{id}")).await.expect(404);
            let mut nothing = person.get(&format!("/programs/{absent}")).await.expect(404).json;
            nothing["request_id"] = hidden.json["request_id"].clone();
            assert_eq!(hidden.json, nothing);
            person.patch(&format!("/programs/{id}"), "\"1-en\"", json!({ "notes": "x" })).await.expect(404);
            person.delete(&format!("/programs/{id}"), "\"1-en\"").await.expect(404);
            assert_eq!(person.get("/programs").await.json["items"], json!([]));
        }
        assert_eq!(coordinator.get(&format!("/programs/{id}")).await.json["version"], 1);
    }

    async fn each_reader_sees_what_the_matrix_grants(app: TestApp) {
        let coordinator = app.coordinator().await;
        let id = coordinator.post("/programs", complete()).await.expect(201).id();
        let path = format!("/programs/{id}");
        let readers = [
            (app.with_role("au", Role::Auditor, None, None).await, false, false),
            (app.with_role("tr", Role::Trainer, None, Some(&id)).await, false, false),
            (app.with_role("ob", Role::Observer, None, Some(&id)).await, true, false),
            (app.with_role("fp", Role::FocalPoint, Some("KE"), None).await, true, true),
            (app.with_role("ct", Role::Contributor, Some("RW"), None).await, true, true),
            (app.administrator().await, true, true),
        ];
        for (reader, summary, inside) in readers {
            let one = reader.get(&path).await.expect(200).json;
            let listed = reader.get("/programs").await.expect(200).json["items"][0].clone();
            assert_eq!(one, listed);
            assert_eq!(one["title"], "CSIRT for East Africa");
            assert!(one.get("countries").is_some() && one.get("status").is_some());
            assert_eq!(one.get("description").is_some(), summary, "{}", reader.email);
            assert_eq!(one.get("organizations").is_some(), summary, "{}", reader.email);
            assert_eq!(one.get("notes").is_some(), inside, "{}", reader.email);
            assert_eq!(one.get("budget_note").is_some(), inside, "{}", reader.email);
        }
    }

    async fn only_coordinators_and_administrators_enter_programs(app: TestApp) {
        let body = json!({ "title": { "en": "Not mine" } });
        let people = [
            app.focal_point_of("KE").await,
            app.with_role("au", Role::Auditor, None, None).await,
            app.with_role("ct", Role::Contributor, Some("KE"), None).await,
        ];
        for person in people {
            person.post("/programs", body.clone()).await.expect(403);
        }
        app.anyone().post("/programs", body.clone()).await.expect(401);
        let admin = app.administrator().await;
        assert_eq!(admin.get("/programs").await.json["items"], json!([]));
        admin.post("/programs", body).await.expect(201);
    }
}
