//! From a gap to the milestone or the training that sees to it, and back.

use cybercap::kernel::access::Role;
use serde_json::{Value, json};

use crate::assessed::{example, opened, staged};
use crate::libraries::brought;
use crate::milestones::{milestone, program};
use crate::support::{Answer, Person, TestApp};

async fn node(by: &Person, framework: &str, code: &str) -> String {
    let found = by.get(&format!("/frameworks/{framework}/nodes?code={code}")).await.expect(200).json;
    found["items"][0]["id"].as_str().expect("a node").to_owned()
}

async fn moved(by: &Person, id: &str, step: Value) -> Answer {
    by.post(&format!("/recommendations/{id}/transitions"), step).await
}

fn ids(list: &Value) -> Vec<&str> {
    list["items"].as_array().expect("items").iter().filter_map(|row| row["id"].as_str()).collect()
}

on_both_databases! {
    async fn a_gap_becomes_a_milestone_and_is_traced_both_ways(app: TestApp) {
        let official = app.focal_point_of("KE").await;
        let framework = brought(&app.administrator().await, &staged("stages")).await;
        let made = example(&app, (&official, "KE"), &framework, &["A3d"], json!({})).await;
        let gap = node(&official, &framework, "A3d").await;
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["KE", "SN"]).await;
        let see_to_it = milestone(&coordinator, &program, json!({ "title": "Put it in place", "due": "2027-06-30", "country": "KE" })).await;

        let proposed = official.post(&format!("/assessments/{made}/recommendations"), json!({ "node_id": gap, "priority": 3 })).await.expect(201);

        let id = proposed.id();
        assert_eq!((&proposed.json["title"], &proposed.json["text"]), (&json!("A3d"), &json!("Put A3d in place.")));
        assert_eq!((&proposed.json["code"], &proposed.json["priority"]), (&json!("A3d"), &json!(3)));
        assert_eq!(proposed.json["allowed_transitions"], json!(["accepted", "rejected"]));
        let early = moved(&official, &id, json!({ "to": "planned", "milestone_id": see_to_it["id"] })).await.expect(409);
        assert!(early.json["detail"].as_str().is_some_and(|words| words.contains("goes to: accepted, rejected")));
        moved(&official, &id, json!({ "to": "accepted" })).await.expect(200);
        let bare = moved(&official, &id, json!({ "to": "planned" })).await.expect(422);
        assert_eq!(bare.json["errors"][0]["pointer"], "/milestone_id");
        let planned = moved(&official, &id, json!({ "to": "planned", "milestone_id": see_to_it["id"] })).await.expect(200).json;
        assert_eq!((&planned["milestone_id"], &planned["program_id"]), (&see_to_it["id"], &json!(program)));

        let milestone_id = see_to_it["id"].as_str().expect("an id");
        for by in [format!("milestone={milestone_id}"), format!("program={program}"), format!("assessment={made}"), "country=KE&status=planned".into()] {
            let listed = official.get(&format!("/recommendations?{by}&count=exact")).await.expect(200).json;
            assert_eq!(ids(&listed), [id.as_str()], "{by}");
        }
        assert!(ids(&official.get("/recommendations?status=done,rejected").await.expect(200).json).is_empty());
        assert!(ids(&coordinator.get(&format!("/recommendations?milestone={milestone_id}")).await.expect(200).json).is_empty(), "it tells of a gap");
        coordinator.get(&format!("/recommendations/{id}")).await.expect(404);
        moved(&official, &id, json!({ "to": "done" })).await.expect(200);
        moved(&official, &id, json!({ "to": "rejected", "reason": "Late" })).await.expect(409);
        let log = official.get("/partners/KE/access-log?limit=1").await.expect(200).json;
        assert_eq!((&log["items"][0]["what"], &log["items"][0]["right"]), (&json!("recommendations"), &json!("focal_point")));
    }

    async fn only_what_is_missing_is_recommended_and_only_by_who_works_on_it(app: TestApp) {
        let official = app.focal_point_of("KE").await;
        let framework = brought(&app.administrator().await, &staged("stages")).await;
        let made = example(&app, (&official, "KE"), &framework, &["A3d"], json!({ "tlp": "AMBER" })).await;
        let route = format!("/assessments/{made}/recommendations");
        let (met, gap, above) = (node(&official, &framework, "A2a").await, node(&official, &framework, "A3d").await, node(&official, &framework, "A").await);

        let refused = official.post(&route, json!({ "node_id": met })).await.expect(422).json;

        assert_eq!(refused["errors"][0]["code"], "no_gap");
        official.post(&route, json!({ "node_id": "01936f1e-7b7a-7c3d-9c55-0a6b8c1d2e3f" })).await.expect(422);
        let whole = official.post(&route, json!({ "node_id": above, "title": "A plan for the aspect", "text": "In two years" })).await.expect(201).json;
        assert_eq!((&whole["title"], &whole["text"], &whole["priority"]), (&json!("A plan for the aspect"), &json!("In two years"), &json!(1)));
        let open = opened(&official, &framework, "KE", json!({})).await;
        let early = official.post(&format!("/assessments/{open}/recommendations"), json!({ "node_id": gap })).await.expect(409).json;
        assert!(early["detail"].as_str().is_some_and(|words| words.contains("in_progress")), "{early}");

        let reader = app.with_role("reader", Role::Observer, Some("SN"), None).await;
        reader.post(&route, json!({ "node_id": gap })).await.expect(404);
        let named = json!({ "user_id": reader.id.to_string(), "part": "reader" });
        official.post(&format!("/assessments/{made}/people"), named).await.expect(200);
        reader.post(&route, json!({ "node_id": gap })).await.expect(403);
        let id = whole["id"].as_str().expect("an id");
        assert_eq!(reader.get(&format!("/recommendations/{id}")).await.expect(200).json["allowed_transitions"], json!([]));
        moved(&reader, id, json!({ "to": "accepted" })).await.expect(403);
        let wordless = moved(&official, id, json!({ "to": "rejected" })).await.expect(422).json;
        assert_eq!(wordless["errors"][0]["pointer"], "/reason");
        let early = moved(&official, id, json!({ "to": "accepted", "course_id": made })).await.expect(422).json;
        assert_eq!(early["errors"][0]["code"], "not_here");
    }

    async fn what_sees_to_it_is_of_a_program_of_the_country_and_ones_own_to_see(app: TestApp) {
        let official = app.focal_point_of("KE").await;
        let framework = brought(&app.administrator().await, &staged("stages")).await;
        let made = example(&app, (&official, "KE"), &framework, &["A3d"], json!({})).await;
        let gap = node(&official, &framework, "A3d").await;
        let coordinator = app.coordinator().await;
        let elsewhere = program(&coordinator, &["SN"]).await;
        let foreign = milestone(&coordinator, &elsewhere, json!({ "title": "Theirs", "due": "2027-06-30" })).await;
        let here = program(&coordinator, &["KE"]).await;
        let session = crate::training::planned(&coordinator, &here, json!({
            "title": "Drill", "kind": "cyber drill", "mode": "in_person", "city": "Nairobi", "country": "KE", "zone": "Africa/Nairobi",
            "venue": "KICC", "days": [{ "day": "2027-03-02", "starts": "09:00", "ends": "17:00" }],
        })).await;
        crate::training::step(&coordinator, &session, "published").await.expect(200);
        let id = official.post(&format!("/assessments/{made}/recommendations"), json!({ "node_id": gap })).await.expect(201).id();
        moved(&official, &id, json!({ "to": "accepted" })).await.expect(200);

        let unknown = json!({ "to": "planned", "milestone_id": foreign["id"], "training_session_id": foreign["id"], "course_id": foreign["id"] });
        let refused = moved(&official, &id, unknown).await.expect(422).json;

        let pointers: Vec<_> = refused["errors"].as_array().expect("errors").iter().map(|e| e["pointer"].as_str().unwrap_or("")).collect();
        assert_eq!(pointers, ["/milestone_id", "/training_session_id", "/course_id"]);
        let planned = moved(&official, &id, json!({ "to": "planned", "training_session_id": session["id"] })).await.expect(200).json;
        assert_eq!((&planned["training_session_id"], &planned["program_id"]), (&session["id"], &json!(here)));
        assert_eq!(planned["allowed_transitions"], json!(["planned", "done", "rejected"]));
    }
}
