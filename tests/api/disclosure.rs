//! What a country owns is the country's to disclose: labels, names, grants, and who read it.

use cybercap::accounts::NewGrant;
use cybercap::kernel::access::Role;
use cybercap::kernel::lang::Lang;
use serde_json::{Value, json};

use crate::assessments::{begun, draft, name, say, step};
use crate::frameworks::{all, shipped};
use crate::support::{Person, TestApp};

/// An assessment of Kenya with one answer, in a program with Rwanda, and everyone who may come near it.
struct Stage {
    id: String,
    official: Person,
    colleague: Person,
    coordinator: Person,
    program: String,
}

async fn stage(app: &TestApp) -> Stage {
    let admin = app.administrator_again().await;
    let countries = json!([{ "country": "KE", "share": 50 }, { "country": "RW", "share": 50 }]);
    let program = admin
        .post("/programs", json!({ "title": { "en": "CSIRT" }, "countries": countries }))
        .await
        .expect(201)
        .id();
    let official = app.focal_point_of("KE").await;
    let csf = shipped(&official, "nist-csf-2.0").await;
    let mut wanted = draft("KE", &csf);
    wanted["program_id"] = json!(program);
    let id = official.post("/assessments", wanted).await.expect(201).id();
    step(&official, &id, "in_progress").await.expect(200);
    say(&official, &id, json!([{ "code": "GV.OC-01", "value": 1, "comment": "The weakness." }]))
        .await
        .expect(200);
    Stage {
        id,
        colleague: app.with_role("colleague", Role::FocalPoint, Some("KE"), None).await,
        coordinator: app.with_role("lead", Role::Coordinator, None, Some(&program)).await,
        official,
        program,
    }
}

async fn label(by: &Person, id: &str, to: &str, waive: bool) -> crate::support::app::Answer {
    let change =
        json!({ "holding_id": id, "to": to, "reason": "The program needs it.", "waive_delay": waive });
    by.post("/label-changes", change).await
}

fn share(id: &str, to: &Value, level: &str) -> Value {
    let mut share = json!({ "holding_id": id, "level": level, "purpose": "To plan the next phase.", "expires_on": "2027-06-30" });
    share.as_object_mut().expect("an object").extend(to.as_object().expect("an object").clone());
    share
}

/// How deep somebody sees an assessment: detail, summary or nothing; the list must say the same as the address.
async fn depth(by: &Person, id: &str) -> char {
    let shown = by.get(&format!("/assessments/{id}")).await;
    let listed = all(by, "/assessments").await;
    let row = listed.iter().find(|row| row["id"] == id);
    assert_eq!(shown.status == 200, row.is_some(), "list and address differ: {}", shown.text);
    let people = by.get(&format!("/assessments/{id}/people")).await.status;
    match (shown.status, people) {
        (200, 200) => {
            assert_eq!(
                (&shown.json["disclosed"], &row.expect("a row")["disclosed"]),
                (&json!("detail"), &json!("detail"))
            );
            'd'
        }
        (200, 403) => {
            assert_eq!(
                (&shown.json["disclosed"], &row.expect("a row")["disclosed"]),
                (&json!("summary"), &json!("summary"))
            );
            's'
        }
        (404, 404) => '-',
        other => panic!("{other:?}: {}", shown.text),
    }
}

on_both_databases! {
    async fn who_sees_how_much_under_each_label_is_the_same_in_lists_and_by_address(app: TestApp) {
        let Stage { id, official, colleague, coordinator, program } = stage(&app).await;
        let grants = |role, country: Option<&str>, program: Option<&str>| NewGrant {
            role,
            country: country.map(|iso2| iso2.parse().expect("a country")),
            program_id: program.map(|id| id.parse().expect("a program")),
        };
        let helper = app.with_role("helper", Role::Coordinator, None, Some(&program)).await;
        let reviewer = app.focal_point_of("UG").await;
        let observer = app.with_role("observer", Role::Observer, Some("KE"), None).await;
        let clerk = app.with_role("clerk", Role::Contributor, Some("KE"), None).await;
        let idle = app.with_role("idle", Role::Contributor, Some("KE"), None).await;
        let neighbor = app.focal_point_of("RW").await;
        let donor = app.with_role("donor", Role::Observer, None, Some(&program)).await;
        let guest = app.person("guest", Lang::En, "UTC", &[grants(Role::Observer, Some("SN"), None)]).await;
        let briefed = app.focal_point_of("SN").await;
        let stranger = app.focal_point_of("ML").await;
        let (admin, auditor) = (app.administrator().await, app.with_role("auditor", Role::Auditor, None, None).await);
        name(&official, &id, &helper, "facilitator").await.expect(200);
        name(&official, &id, &reviewer, "reviewer").await.expect(200);
        let csf = shipped(&official, "nist-csf-2.0").await;
        let section = json!({ "node_id": crate::assessments::node(&official, &csf, "PR").await, "assignee": clerk.id.to_string() });
        official.post(&format!("/assessments/{id}/sections"), section).await.expect(201);
        let holding: uuid::Uuid = id.parse().expect("an id");
        app.sql("UPDATE holdings SET tlp = 'AMBER' WHERE id = $id", &holding);
        for (who, level) in [(&guest, "summary"), (&briefed, "detail")] {
            let to = json!({ "user_id": who.id.to_string() });
            official.post("/share-grants", share(&id, &to, level)).await.expect(201);
        }
        let cast = [
            ("focal point, author", &official), ("focal point", &colleague), ("facilitator", &helper), ("coordinator", &coordinator),
            ("reviewer", &reviewer), ("observer", &observer), ("contributor with a section", &clerk), ("contributor", &idle),
            ("partner in the program", &neighbor), ("donor in the program", &donor), ("summary shared", &guest), ("detail shared", &briefed),
            ("stranger", &stranger), ("administrator", &admin), ("auditor", &auditor),
        ];
        let mut table = Vec::new();
        for (who, person) in cast {
            let mut cells = [String::new(), String::new()];
            for (place, published) in ["published = (1 = 0)", "published = (1 = 1)"].into_iter().enumerate() {
                for tlp in ["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"] {
                    app.sql(&format!("UPDATE holdings SET tlp = '{tlp}', {published} WHERE id = $id"), &holding);
                    cells[place].push(depth(person, &id).await);
                }
            }
            table.push(format!("{who}: {} {}", cells[0], cells[1]));
        }
        // Labels from CLEAR to RED, first while it is not published, then published.
        assert_eq!(table, [
            "focal point, author: ddddd ddddd", "focal point: dddd- dddd-", "facilitator: ddddd ddddd", "coordinator: ----- dd---",
            "reviewer: ddddd ddddd", "observer: ddd-- ddd--", "contributor with a section: sssss ddsss", "contributor: ----- dd---",
            "partner in the program: ----- dd---", "donor in the program: ----- dd---", "summary shared: sss-- dss--", "detail shared: ddd-- ddd--",
            "stranger: ----- d----", "administrator: ----- d----", "auditor: ----- d----",
        ]);
    }

    async fn the_country_lowers_a_label_with_two_persons_and_a_day_and_raises_it_at_once(app: TestApp) {
        let Stage { id, official, colleague, coordinator, .. } = stage(&app).await;
        let to = json!({ "user_id": coordinator.id.to_string() });
        let strict = official.post("/share-grants", share(&id, &to, "summary")).await.expect(409);
        assert!(strict.text.contains("AMBER+STRICT"), "{}", strict.text);
        assert_eq!(label(&coordinator, &id, "AMBER", false).await.status, 403, "no focal point of anything");
        let asked = label(&official, &id, "AMBER", false).await.expect(201);
        assert_eq!(asked.json["status"], "asked");
        assert_eq!(label(&official, &id, "GREEN", false).await.status, 409, "one question at a time");
        let route = format!("/label-changes/{}/transitions", asked.id());
        let own = official.post(&route, json!({ "to": "confirmed" })).await.expect(403);
        assert!(own.text.contains("Another focal point"), "{}", own.text);
        let early = colleague.post(&route, json!({ "to": "confirmed", "waive_delay": true })).await.expect(409);
        assert!(early.text.contains("2026-11-23T"), "{}", early.text);
        assert_eq!(official.get(&format!("/assessments/{id}")).await.expect(200).json["tlp"], "AMBER+STRICT");
        app.at("2026-11-24T12:00:00Z");
        let stale = app.client_of(&colleague).await;
        let fresh = stale.post(&route, json!({ "to": "confirmed" })).await.expect(200);
        assert_eq!(fresh.json["status"], "confirmed");
        let official_now = app.client_of(&official).await;
        assert_eq!(official_now.get(&format!("/assessments/{id}")).await.expect(200).json["tlp"], "AMBER");
        let raised = json!({ "holding_id": id, "to": "RED", "reason": "An incident." });
        let raised = official_now.post("/label-changes", raised).await.expect(201);
        assert_eq!(raised.json["status"], "done");
        assert_eq!(stale.get(&format!("/assessments/{id}")).await.status, 404, "RED is for those named on it");
        assert_eq!(official_now.get(&format!("/assessments/{id}")).await.expect(200).json["tlp"], "RED");
    }

    async fn a_grant_opens_until_it_is_revoked_or_ends_and_every_reading_stands_in_the_countrys_log(app: TestApp) {
        let Stage { id, official, coordinator, program, .. } = stage(&app).await;
        app.sql("UPDATE holdings SET tlp = 'AMBER' WHERE id = $id", &id.parse().expect("an id"));
        let to = json!({ "program_id": program });
        let answers = format!("/assessments/{id}/answers");
        assert_eq!(coordinator.get(&answers).await.status, 404);
        let summary = official.post("/share-grants", share(&id, &to, "summary")).await.expect(201);
        assert_eq!(summary.json["status"], "granted");
        let more = coordinator.get(&answers).await.expect(403);
        assert!(more.text.contains("share-grants"), "{}", more.text);
        let asked = coordinator.post("/share-grants", share(&id, &json!({ "user_id": coordinator.id.to_string() }), "detail")).await.expect(201);
        assert_eq!(asked.json["status"], "proposed");
        assert_eq!(coordinator.get(&answers).await.status, 403, "a question opens nothing");
        let route = format!("/share-grants/{}/transitions", asked.id());
        assert_eq!(coordinator.post(&route, json!({ "to": "granted" })).await.status, 403);
        official.post(&route, json!({ "to": "granted" })).await.expect(200);
        let read = coordinator.get(&answers).await.expect(200).json;
        assert_eq!(read["items"][0]["comment"], "The weakness.");

        let log = all(&official, "/partners/KE/access-log").await;
        let told: Vec<(&Value, &Value, &Value, &Value)> =
            log.iter().map(|row| (&row["reader"]["name"], &row["right"], &row["what"], &row["tlp"])).collect();
        assert_eq!(told, [(&json!("lead"), &json!("share_grant"), &json!("answers"), &json!("AMBER"))]);
        assert_eq!(log[0]["holding_id"], json!(id));
        assert_eq!(coordinator.get("/partners/KE/access-log").await.status, 404, "the log is the country's own");
        assert_eq!(app.administrator().await.get("/partners/KE/access-log").await.status, 404);

        assert_eq!(official.post(&route, json!({ "to": "revoked" })).await.expect(422).json["errors"][0]["pointer"], "/reason");
        official.post(&route, json!({ "to": "revoked", "reason": "The phase is over." })).await.expect(200);
        assert_eq!(coordinator.get(&answers).await.status, 403, "the summary is still shared with the team");
        app.at("2027-07-01T00:00:01Z");
        let later = app.client_of(&coordinator).await;
        assert_eq!(later.get(&format!("/assessments/{id}")).await.status, 404, "the last day has passed");
        let ended = later.get(&format!("/share-grants?holding={id}")).await.expect(200).json;
        let statuses: Vec<&Value> = ended["items"].as_array().expect("items").iter().map(|row| &row["status"]).collect();
        assert_eq!(statuses, [&json!("expired"), &json!("revoked")]);
    }

    async fn what_is_wrong_with_a_disclosure_is_said_and_foreign_records_are_as_absent_ones(app: TestApp) {
        let Stage { id, official, .. } = stage(&app).await;
        let stranger = app.focal_point_of("ML").await;
        app.sql("UPDATE holdings SET tlp = 'AMBER' WHERE id = $id", &id.parse().expect("an id"));
        let to = json!({ "user_id": stranger.id.to_string() });
        let hidden = stranger.post("/share-grants", share(&id, &to, "detail")).await.expect(422);
        let absent = stranger.post("/share-grants", share("01936f1e-0000-7000-8000-000000000000", &to, "detail")).await.expect(422);
        assert_eq!(hidden.json["errors"], absent.json["errors"]);
        let neither = official.post("/share-grants", share(&id, &json!({}), "detail")).await.expect(422);
        assert_eq!(neither.json["errors"][0]["pointer"], "/user_id");
        let mut late = share(&id, &to, "detail");
        late["expires_on"] = json!("2030-01-01");
        assert_eq!(official.post("/share-grants", late).await.expect(422).json["errors"][0]["pointer"], "/expires_on");
        let admin = app.administrator().await;
        let admin_to = json!({ "user_id": admin.id.to_string() });
        let never = official.post("/share-grants", share(&id, &admin_to, "detail")).await.expect(422);
        assert!(never.text.contains("administrators read no content"), "{}", never.text);
        let same = label(&official, &id, "AMBER", false).await.expect(409);
        assert!(same.text.contains("already"), "{}", same.text);
        let csf = shipped(&official, "nist-csf-2.0").await;
        let other = begun(&official, "KE", &csf).await;
        assert_ne!(other, id);
    }
}
