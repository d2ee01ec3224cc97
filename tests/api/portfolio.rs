//! One country on a page, and many together: only what the reader may see, and no figure over fewer than five countries.

use cybercap::kernel::access::Role;
use serde_json::{Value, json};

use crate::assessments::{begun, codes, name, say, step};
use crate::frameworks::{all, shipped};
use crate::support::{Person, TestApp};

/// A validated profile of a country in which every answer is `value`.
async fn validated(app: &TestApp, official: &Person, country: &str, value: i32) -> String {
    let csf = shipped(official, "nist-csf-2.0").await;
    let id = begun(official, country, &csf).await;
    let items: Vec<Value> = codes(official, &csf)
        .await
        .iter()
        .map(|code| json!({ "code": code, "value": value, "target": 4 }))
        .collect();
    say(official, &id, json!(items)).await.expect(200);
    let reviewer = app.with_role(&app.unique("reviewer"), Role::FocalPoint, Some("FR"), None).await;
    name(official, &id, &reviewer, "reviewer").await.expect(200);
    step(official, &id, "in_review").await.expect(200);
    step(&reviewer, &id, "validated").await.expect(200);
    id
}

fn amber(app: &TestApp, id: &str) {
    app.sql("UPDATE holdings SET tlp = 'AMBER' WHERE id = $id", &id.parse().expect("an id"));
}

on_both_databases! {
    async fn a_country_stands_on_one_page_with_what_the_reader_may_see(app: TestApp) {
        let admin = app.administrator().await;
        admin.post("/partners", json!({ "country": "KE" })).await.expect(201);
        let program = json!({ "title": { "en": "CSIRT" }, "countries": [{ "country": "KE" }], "themes": ["A"] });
        let program = admin.post("/programs", program).await.expect(201).id();
        app.sql("UPDATE programs SET status = 'implementation' WHERE id = $id", &program.parse().expect("an id"));
        let official = app.focal_point_of("KE").await;
        let id = validated(&app, &official, "KE", 3).await;

        let own = official.get("/partners/KE/profile").await.expect(200).json;

        assert_eq!((&own["name"], &own["assessments"][0]["assessment_id"]), (&json!("Kenya"), &json!(id)));
        assert_eq!((&own["assessments"][0]["overall"], own["assessments"][0]["nodes"].as_array().map(Vec::len)), (&json!(3.0), Some(6)));
        assert_eq!((&own["assessments"][0]["nodes"][0]["code"], &own["assessments"][0]["nodes"][0]["figure"]), (&json!("GV"), &json!(3.0)));
        assert_eq!(own["programs"][0]["title"], "CSIRT");
        let lead = app.with_role("lead", Role::Coordinator, None, Some(&program)).await;
        let seen = lead.get("/partners/KE/profile").await.expect(200).json;
        assert_eq!((&seen["assessments"], &seen["programs"][0]["title"]), (&json!([]), &json!("CSIRT")));
        assert_eq!(admin.get("/partners/KE/profile").await.expect(200).json["assessments"], json!([]));
        amber(&app, &id);
        let share = json!({ "holding_id": id, "program_id": program, "level": "summary", "purpose": "To plan.", "expires_on": "2027-06-30" });
        official.post("/share-grants", share).await.expect(201);
        assert_eq!(lead.get("/partners/KE/profile").await.expect(200).json["assessments"][0]["overall"], json!(3.0));
        let log = all(&official, "/partners/KE/access-log").await;
        let by_lead: Vec<&Value> = log.iter().filter(|row| row["reader"]["name"] == "lead").collect();
        assert_eq!((by_lead.len(), &by_lead[0]["what"], &by_lead[0]["right"]), (1, &json!("profile"), &json!("share_grant")));
        assert_eq!(app.focal_point_of("ML").await.get("/partners/KE/profile").await.status, 404);
    }

    async fn means_are_over_five_countries_and_what_is_strict_does_not_count(app: TestApp) {
        let reader = app.coordinator().await;
        let mut ids = Vec::new();
        for (place, country) in ["KE", "RW", "SN", "ML", "UG"].into_iter().enumerate() {
            let official = app.focal_point_of(country).await;
            let id = validated(&app, &official, country, place as i32).await;
            if place < 4 {
                amber(&app, &id);
            }
            ids.push(id);
        }
        let csf = shipped(&reader, "nist-csf-2.0").await;
        let few = reader.get("/portfolio").await.expect(200).json;
        assert_eq!((&few["frameworks"][0]["all"], &few["frameworks"][0]["regions"]), (&Value::Null, &json!([])), "{few}");

        amber(&app, &ids[4]);
        let five = reader.get(&format!("/portfolio?framework={}", csf["id"].as_str().expect("an id"))).await.expect(200).json;
        let of = &five["frameworks"][0];
        assert_eq!((&of["all"]["countries"], &of["all"]["overall"]), (&json!(5), &json!(2.0)), "{five}");
        assert_eq!((&of["regions"][0]["region"], &of["regions"][0]["nodes"][5]["mean"]), (&json!("africa"), &json!(2.0)));
        assert!(!five.to_string().contains("KE"), "no country is named: {five}");

        let official = app.focal_point_of("VN").await;
        let asian = validated(&app, &official, "VN", 4).await;
        amber(&app, &asian);
        let six = reader.get("/portfolio").await.expect(200).json;
        let of = &six["frameworks"][0];
        assert_eq!(of["regions"].as_array().map(Vec::len), Some(1), "Asia's one country would follow from Africa's five: {six}");
        assert_eq!((&of["regions"][0]["region"], &of["regions"][0]["countries"]), (&Value::Null, &json!(6)));
        assert_eq!(app.with_role("trainer", Role::Trainer, None, None).await.get("/portfolio").await.status, 403);
    }
}
