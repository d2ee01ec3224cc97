//! AI systems of a country: entered, classed, assessed with four eyes, and disclosed only as the country decides.

use awc::http::Method;
use cybercap::accounts::NewGrant;
use cybercap::kernel::access::Role;
use cybercap::kernel::lang::Lang;
use serde_json::{Value, json};

use crate::frameworks::{all, shipped};
use crate::support::{Person, TestApp};

/// An AI system, to be entered.
pub fn draft(country: &str) -> Value {
    json!({
        "country": country, "name": { "en": "Benefit triage", "fr": "Tri des prestations" },
        "purpose": { "en": "Sorts requests for benefits by urgency." }, "roles": ["deployer"], "provider": "A vendor",
        "sector": "social_protection", "lifecycle": "operate_and_monitor", "data_kinds": ["personal", "sensitive"],
        "autonomy": "human_in_the_loop", "affected_groups": ["beneficiaries", "children"],
        "affected": { "en": "Who waits longer without need." }
    })
}

/// An impact assessment that says what must be said.
pub fn impact() -> Value {
    let effect =
        |severity: &str| json!({ "severity": severity, "harms": { "en": "Some wait without need." } });
    json!({ "title": { "en": "First look" }, "individuals": effect("serious"), "groups": effect("limited"), "society": effect("negligible"),
            "mitigations": { "en": "A person reads each refusal." } })
}

/// An official of a country, named for a part on a holding by a label of their own.
pub async fn official(app: &TestApp, role: Role, country: &str) -> Person {
    app.with_role(&app.unique("official"), role, Some(country), None).await
}

async fn node(by: &Person, framework: &str, code: &str) -> Value {
    let framework = shipped(by, framework).await;
    let route = format!("/frameworks/{}/nodes?code={code}", framework["id"].as_str().expect("an id"));
    by.get(&route).await.expect(200).json["items"][0].clone()
}

on_both_databases! {
    async fn a_focal_point_enters_a_system_with_its_class_and_its_country_alone_sees_it(app: TestApp) {
        let official = app.focal_point_of("SN").await;
        let high = node(&official, "eu-ai-act-2024", "high").await;
        let mut system = draft("SN");
        system["class_id"] = high["id"].clone();

        let made = official.post("/ai-systems", system).await.expect(201);

        let (id, record) = (made.id(), &made.json);
        assert_eq!(made.header("location"), format!("/api/v1/ai-systems/{id}"));
        assert_eq!((&record["tlp"], &record["risk_class"]["code"]), (&json!("AMBER+STRICT"), &json!("high")));
        assert_eq!(record["risk_class"]["framework"], "urn:cybercap:framework:eu-ai-act-2024");
        assert_eq!(record["permissions"], json!(["ai_systems.view", "ai_systems.edit", "ai_systems.transition"]));
        let listed = official.get("/ai-systems?sector=social_protection&lifecycle=operate_and_monitor").await.expect(200).json;
        assert_eq!(listed["items"][0]["id"], json!(id));
        assert_eq!(listed["items"][0]["purpose"], Value::Null, "a line says what it is, not what is in it");
        let by_class = format!("/ai-systems?class={}&count=exact", high["id"].as_str().expect("an id"));
        assert_eq!(official.get(&by_class).await.expect(200).json["total"], 1);
        let path = format!("/ai-systems/{id}");
        for stranger in [app.focal_point_of("KE").await, app.administrator().await, app.coordinator().await] {
            stranger.get(&path).await.expect(404);
            assert_eq!(stranger.get("/ai-systems").await.expect(200).json["items"], json!([]));
        }
        let colleague = self::official(&app, Role::Contributor, "SN").await;
        colleague.get(&path).await.expect(404);
    }

    async fn what_is_wrong_with_a_system_is_said_all_at_once(app: TestApp) {
        let official = app.focal_point_of("SN").await;
        let foreigner = app.focal_point_of("KE").await;
        let outcome = node(&official, "nist-csf-2.0", "GV.OC-01").await;
        let before = app.fingerprint();

        let mut system = draft("KE");
        system["organization_id"] = json!(crate::oracle::NOTHING);
        system["program_id"] = json!(crate::oracle::NOTHING);
        let refused = official.post("/ai-systems", system).await.expect(422);
        let at: Vec<&str> = refused.json["errors"].as_array().expect("errors").iter().filter_map(|e| e["pointer"].as_str()).collect();
        assert_eq!(at, ["/program_id", "/country", "/organization_id"]);
        let mut system = draft("SN");
        system["class_id"] = outcome["id"].clone();
        system["owner"] = json!(foreigner.id.to_string());
        let refused = official.post("/ai-systems", system).await.expect(422);
        let codes: Vec<&str> = refused.json["errors"].as_array().expect("errors").iter().filter_map(|e| e["code"].as_str()).collect();
        assert_eq!(codes, ["not_a_class", "not_in_office"]);
        let mut system = draft("SN");
        system["autonomy"] = json!("magic");
        assert!(official.post("/ai-systems", system).await.expect(422).text.contains("human_in_the_loop"));
        assert_eq!(app.fingerprint(), before);
    }

    async fn who_answers_for_a_system_sees_it_and_writes_in_it_until_somebody_else_does(app: TestApp) {
        let official = app.focal_point_of("SN").await;
        let analyst = self::official(&app, Role::Contributor, "SN").await;
        let mut system = draft("SN");
        system["owner"] = json!(analyst.id.to_string());
        let path = format!("/ai-systems/{}", official.post("/ai-systems", system).await.expect(201).id());

        let seen = analyst.get(&path).await.expect(200);
        assert_eq!(seen.json["owner"]["id"], json!(analyst.id.to_string()));
        let changed = analyst.patch(&path, seen.header("etag"), json!({ "lifecycle": "retired", "name": { "en": "Old triage" } })).await.expect(200);
        assert_eq!((&changed.json["lifecycle"], &changed.json["version"]), (&json!("retired"), &json!(2)));
        analyst.patch(&path, seen.header("etag"), json!({ "sector": "health" })).await.expect(412);
        assert_eq!(analyst.delete(&path, changed.header("etag")).await.expect(403).code(), "not_permitted");
        official.patch(&path, changed.header("etag"), json!({ "owner": null })).await.expect(200);
        analyst.get(&path).await.expect(404);
        let tag = official.get(&path).await.expect(200).header("etag").to_owned();
        official.delete(&path, &tag).await.expect(204);
        official.get(&path).await.expect(404);
    }

    async fn an_impact_assessment_needs_three_views_and_four_eyes(app: TestApp) {
        let official = app.focal_point_of("SN").await;
        let analyst = self::official(&app, Role::Contributor, "SN").await;
        let mut system = draft("SN");
        system["owner"] = json!(analyst.id.to_string());
        let path = format!("/ai-systems/{}", official.post("/ai-systems", system).await.expect(201).id());
        let outcome = node(&official, "nist-ai-rmf-1.0", "MAP%201.1").await;

        let route = format!("{path}/impact-assessments");
        let mut first = json!({ "title": { "en": "First look" }, "outcomes": [outcome["id"]] });
        let opened = analyst.post(&route, first.clone()).await.expect(201);
        let at = format!("{route}/{}", opened.id());
        assert_eq!(opened.json["outcomes"][0]["code"], outcome["code"]);
        assert_eq!(opened.json["allowed_transitions"], json!([]), "not by who wrote it");
        let steps = format!("{at}/transitions");
        let own = analyst.post(&steps, json!({ "to": "reviewed" })).await.expect(403);
        assert!(own.text.contains("You wrote or edited it"), "{}", own.text);
        let bare = official.post(&steps, json!({ "to": "reviewed" })).await.expect(409);
        assert!(bare.text.contains("42001 6.1.4"), "{}", bare.text);
        first = impact();
        let changed = analyst.patch(&at, opened.header("etag"), first).await.expect(200);
        assert_eq!(changed.json["individuals"]["severity"], "serious");
        let reviewed = official.post(&steps, json!({ "to": "reviewed" })).await.expect(200);
        assert_eq!(reviewed.json["reviewed_by"]["id"], json!(official.id.to_string()));
        assert_eq!(analyst.patch(&at, reviewed.header("etag"), impact()).await.expect(409).code(), "conflict");
        assert_eq!(analyst.post(&steps, json!({ "to": "approved" })).await.expect(403).code(), "not_permitted");
        let late = official.post(&steps, json!({ "to": "approved", "review_on": "2029-01-01" })).await.expect(422);
        assert_eq!(late.json["errors"][0]["pointer"], "/review_on");
        let approved = official.post(&steps, json!({ "to": "approved" })).await.expect(200);
        assert_eq!((&approved.json["review_on"], &approved.json["status"]), (&json!("2027-11-22"), &json!("approved")));
        let writers = approved.json["writers"].as_array().expect("writers");
        assert_eq!(writers.len(), 1, "{writers:?}");
        assert_eq!(official.post(&steps, json!({ "to": "draft" })).await.expect(409).code(), "conflict");
        let listed = analyst.get(&format!("{route}?status=approved,draft&count=exact")).await.expect(200).json;
        assert_eq!(listed["total"], 1);
    }

    async fn who_once_edited_an_assessment_never_approves_it(app: TestApp) {
        let first = app.focal_point_of("SN").await;
        let second = self::official(&app, Role::FocalPoint, "SN").await;
        let path = format!("/ai-systems/{}", first.post("/ai-systems", draft("SN")).await.expect(201).id());
        let route = format!("{path}/impact-assessments");
        let opened = first.post(&route, impact()).await.expect(201);
        let at = format!("{route}/{}", opened.id());

        second.patch(&at, opened.header("etag"), json!({ "conclusion": { "en": "Go on." } })).await.expect(200);

        for author in [&first, &second] {
            author.post(&format!("{at}/transitions"), json!({ "to": "reviewed" })).await.expect(403);
        }
        let third = self::official(&app, Role::FocalPoint, "SN").await;
        third.post(&format!("{at}/transitions"), json!({ "to": "reviewed" })).await.expect(200);
        third.post(&format!("{at}/transitions"), json!({ "to": "draft" })).await.expect(409);
        third.post(&format!("{at}/transitions"), json!({ "to": "draft", "reason": "Too short." })).await.expect(200);
    }

    async fn an_approved_assessment_is_due_when_its_day_comes(app: TestApp) {
        let official = app.focal_point_of("SN").await;
        let second = self::official(&app, Role::FocalPoint, "SN").await;
        let path = format!("/ai-systems/{}", official.post("/ai-systems", draft("SN")).await.expect(201).id());
        let route = format!("{path}/impact-assessments");
        let at = format!("{route}/{}", official.post(&route, impact()).await.expect(201).id());
        for step in [json!({ "to": "reviewed" }), json!({ "to": "approved", "review_on": "2027-02-01" })] {
            second.post(&format!("{at}/transitions"), step).await.expect(200);
        }

        app.at("2027-01-31T08:00:00Z");
        app.tick().await;
        let official = app.client_of(&official).await;
        assert_eq!(official.get(&at).await.expect(200).json["status"], "approved");
        app.at("2027-02-01T08:00:00Z");
        app.tick().await;
        app.tick().await;
        let official = app.client_of(&second).await;
        let due = official.get(&at).await.expect(200).json;
        assert_eq!((&due["status"], &due["allowed_transitions"]), (&json!("due_for_review"), &json!(["draft"])));
        official.post(&format!("{at}/transitions"), json!({ "to": "draft" })).await.expect(200);
    }

    async fn a_shared_summary_shows_the_line_and_not_the_content_and_each_reading_is_told(app: TestApp) {
        let admin = app.administrator().await;
        let program = admin.post("/programs", json!({ "title": { "en": "AI for all" }, "countries": [{ "country": "SN" }] })).await.expect(201).id();
        let grant = NewGrant { role: Role::Coordinator, country: None, program_id: Some(program.parse().expect("an id")) };
        let coordinator = app.person("coordinator.sn", Lang::En, "UTC", &[grant]).await;
        let official = app.focal_point_of("SN").await;
        let mut system = draft("SN");
        system["program_id"] = json!(program);
        let id = official.post("/ai-systems", system).await.expect(201).id();
        let path = format!("/ai-systems/{id}");
        coordinator.get(&path).await.expect(404);

        let strict = official.get(&path).await.expect(200).header("etag").to_owned();
        let wider = json!({ "holding_id": id, "to": "AMBER", "reason": "To plan the program.", "waive_delay": true });
        let change = official.post("/label-changes", wider).await.expect(201).id();
        let second = self::official(&app, Role::FocalPoint, "SN").await;
        second.post(&format!("/label-changes/{change}/transitions"), json!({ "to": "confirmed", "waive_delay": true })).await.expect(200);
        let known = [("if-none-match", strict.as_str())];
        let now = official.send(Method::GET, &path, &known, Vec::new()).await.expect(200);
        assert_ne!(now.header("etag"), strict, "its label is shown, and moved without its version");
        official.send(Method::GET, &path, &[("if-none-match", now.header("etag"))], Vec::new()).await.expect(304);
        official.patch(&path, &strict, json!({ "provider": "Another vendor" })).await.expect(200);
        let share = json!({ "holding_id": id, "program_id": program, "level": "summary", "purpose": "Plan training", "expires_on": "2027-01-31" });
        let share = official.post("/share-grants", share).await.expect(201);
        let listed = coordinator.get("/ai-systems").await.expect(200).json;
        assert_eq!((&listed["items"][0]["id"], &listed["items"][0]["tlp"]), (&json!(id), &json!("AMBER")));
        assert!(coordinator.get(&path).await.expect(403).text.contains("summary"));
        coordinator.get(&format!("{path}/impact-assessments")).await.expect(403);
        let revoked = json!({ "to": "revoked", "reason": "Planned." });
        official.post(&format!("/share-grants/{}/transitions", share.id()), revoked).await.expect(200);
        coordinator.get(&path).await.expect(404);
        second.get(&path).await.expect(200);
        let log = all(&official, "/partners/SN/access-log").await;
        let rows: Vec<(&Value, &Value)> = log.iter().map(|row| (&row["reader"]["id"], &row["what"])).collect();
        assert!(rows.contains(&(&json!(second.id.to_string()), &json!("ai_system"))), "{rows:?}");
        assert!(!rows.iter().any(|(reader, _)| **reader == json!(coordinator.id.to_string())), "{rows:?}");
    }

    async fn a_class_that_is_used_stays_with_its_framework(app: TestApp) {
        let coordinator = app.coordinator().await;
        let official = app.focal_point_of("SN").await;
        let mut taxonomy = crate::libraries::framework("classes");
        for field in ["method", "scale"] {
            taxonomy.as_object_mut().expect("an object").remove(field);
        }
        for place in 0..2 {
            taxonomy["nodes"][0]["nodes"][place].as_object_mut().expect("a node").remove("weight");
            taxonomy["nodes"][0]["nodes"][place]["assessable"] = json!(false);
        }
        let framework = crate::libraries::brought(&coordinator, &taxonomy).await;
        let nodes = all(&coordinator, &format!("/frameworks/{framework}/nodes")).await;
        let mut system = draft("SN");
        system["class_id"] = nodes[1]["id"].clone();
        official.post("/ai-systems", system).await.expect(201);

        let tag = coordinator.get(&format!("/frameworks/{framework}")).await.expect(200).header("etag").to_owned();
        let refused = coordinator.delete(&format!("/frameworks/{framework}"), &tag).await.expect(409);
        assert!(refused.text.contains("in use"), "{}", refused.text);
    }

    async fn a_page_of_systems_costs_the_same_however_many_there_are(app: TestApp) {
        let official = app.focal_point_of("SN").await;
        for _ in 0..12 {
            official.post("/ai-systems", draft("SN")).await.expect(201);
        }
        let cost = async |limit: usize| {
            let before = app.parts.db.statements();
            let page = official.get(&format!("/ai-systems?limit={limit}")).await.expect(200).json;
            assert_eq!(page["items"].as_array().map(Vec::len), Some(limit));
            app.parts.db.statements() - before
        };
        cost(1).await;
        assert_eq!(cost(1).await, cost(12).await);
    }
}
