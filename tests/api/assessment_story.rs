//! The assessment as it is lived: planned by a country, written by three, judged by somebody else, put to use, disclosed for
//! ninety days and taken back; and the same for an AI system. Everything by HTTP.

use cybercap::kernel::access::Role;
use serde_json::{Value, json};

use crate::ai_systems;
use crate::assessments::{begun, name, node, say, step};
use crate::frameworks::{all, shipped};
use crate::milestones::{milestone, program};
use crate::support::{Answer, Person, TestApp};

/// Everyone in the story. The country is Senegal.
struct Cast {
    official: Person,
    colleague: Person,
    contributors: Vec<Person>,
    reviewer: Person,
    coordinator: Person,
    program: String,
}

impl Cast {
    async fn of(app: &TestApp) -> Cast {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["SN", "KE"]).await;
        let mut contributors = Vec::new();
        for name in ["awa", "binta", "cheikh"] {
            contributors.push(app.with_role(name, Role::Contributor, Some("SN"), None).await);
        }
        Cast {
            official: app.focal_point_of("SN").await,
            colleague: app.with_role("colleague", Role::FocalPoint, Some("SN"), None).await,
            contributors,
            reviewer: app.focal_point_of("GH").await,
            coordinator,
            program,
        }
    }

    /// Two persons of the country make it AMBER, so that it may be shared.
    async fn widened(&self, holding: &str) {
        let wider = json!({ "holding_id": holding, "to": "AMBER", "reason": "The program plans from it.", "waive_delay": true });
        let asked = self.official.post("/label-changes", wider).await.expect(201).id();
        let route = format!("/label-changes/{asked}/transitions");
        self.official.post(&route, json!({ "to": "confirmed", "waive_delay": true })).await.expect(403);
        self.colleague.post(&route, json!({ "to": "confirmed", "waive_delay": true })).await.expect(200);
    }

    /// The program gets to see it until a day.
    async fn shared(&self, holding: &str, level: &str, until: &str) -> Answer {
        let grant = json!({ "holding_id": holding, "program_id": self.program, "level": level,
                            "purpose": "To plan the next phase.", "expires_on": until });
        self.official.post("/share-grants", grant).await
    }

    async fn revoked(&self, grant: &str) {
        let over = json!({ "to": "revoked", "reason": "The plan is made." });
        self.official.post(&format!("/share-grants/{grant}/transitions"), over).await.expect(200);
    }

    /// What the country's log says that somebody read, and by which right.
    async fn log_of(&self, reader: &Person) -> Vec<(String, String)> {
        let rows = all(&self.official, &format!("/partners/SN/access-log?reader={}", reader.id)).await;
        let word = |value: &Value| value.as_str().expect("a word").to_owned();
        rows.iter().map(|row| (word(&row["what"]), word(&row["right"]))).collect()
    }
}

/// Three contributors fill in a dimension each; the focal point writes the rest. The evidence for the first aspect.
async fn written(cast: &Cast, framework: &Value, id: &str) -> (Vec<String>, Vec<String>) {
    let path = format!("/frameworks/{}/nodes?assessable=true", framework["id"].as_str().expect("an id"));
    let criteria = all(&cast.official, &path).await;
    let mut sections = Vec::new();
    for (place, who) in cast.contributors.iter().enumerate() {
        let dimension = format!("D{}", place + 1);
        let drafted = json!({ "node_id": node(&cast.official, framework, &dimension).await, "assignee": who.id.to_string(), "due": "2026-12-20" });
        let route = format!("/assessments/{id}/sections");
        let section = cast.official.post(&route, drafted).await.expect(201).id();
        cast.official
            .post(&format!("{route}/{section}/transitions"), json!({ "to": "open" }))
            .await
            .expect(200);
        sections.push(section);
    }
    for (who, dimensions) in [(0, "1"), (1, "2"), (2, "3"), (3, "45")] {
        let writer = cast.contributors.get(who).unwrap_or(&cast.official);
        let own = |row: &&Value| row["code"].as_str().is_some_and(|code| dimensions.contains(&code[1..2]));
        let item = |row: &Value| json!({ "code": row["code"], "value": if row["stage"].as_i64() <= Some(3) { 2 } else { 0 } });
        let items: Vec<Value> = criteria.iter().filter(own).map(item).collect();
        say(writer, id, json!(items)).await.expect(200);
    }
    let mut evidence = Vec::new();
    let first = |row: &&Value| row["code"].as_str().is_some_and(|code| code.starts_with("D1.1.1-2"));
    for row in criteria.iter().filter(first) {
        let law = json!({ "code": row["code"], "kind": "law", "title": "The strategy", "link": "https://sn.example/strategy" });
        let route = format!("/assessments/{id}/evidence");
        evidence.push(cast.contributors[0].post(&route, law).await.expect(201).id());
    }
    (sections, evidence)
}

async fn handed_in(cast: &Cast, id: &str, section: &str, who: &Person) {
    let route = format!("/assessments/{id}/sections/{section}/transitions");
    who.post(&route, json!({ "to": "submitted" })).await.expect(200);
    cast.official.post(&route, json!({ "to": "closed" })).await.expect(200);
}

/// Submitted; the author fails to validate; the reviewer returns one section, and validates in the end.
async fn judged(cast: &Cast, id: &str, (sections, evidence): (Vec<String>, Vec<String>)) {
    for (section, who) in sections.iter().zip(&cast.contributors) {
        handed_in(cast, id, section, who).await;
    }
    name(&cast.official, id, &cast.reviewer, "reviewer").await.expect(200);
    step(&cast.official, id, "in_review").await.expect(200);
    let own = step(&cast.official, id, "validated").await.expect(403);
    assert!(own.text.contains("named as reviewer"), "{}", own.text);
    assert_eq!(step(&cast.contributors[0], id, "validated").await.status, 403, "who wrote does not validate");

    let (second, binta) = (&sections[1], &cast.contributors[1]);
    let route = format!("/assessments/{id}/sections/{second}/transitions");
    let changes = json!({ "to": "changes_requested", "reason": "Say which ministry answered." });
    binta.post(&route, changes.clone()).await.expect(403);
    cast.official.post(&route, changes.clone()).await.expect(409);
    let wordless = cast.reviewer.post(&route, json!({ "to": "changes_requested" })).await.expect(422);
    assert_eq!(wordless.json["errors"][0]["pointer"], "/reason");
    cast.reviewer.post(&route, changes).await.expect(200);
    assert_eq!(
        cast.official.get(&format!("/assessments/{id}")).await.expect(200).json["status"],
        "in_progress"
    );
    let again = json!([{ "code": "D2.1.1-2a", "comment": "The ministry of the digital economy." }]);
    say(binta, id, again).await.expect(200);
    let shut =
        say(&cast.contributors[0], id, json!([{ "code": "D1.1.1-2a", "comment": "Also this." }])).await;
    assert_eq!(shut.status, 409, "only that section was handed back: {}", shut.text);
    handed_in(cast, id, second, binta).await;
    step(&cast.official, id, "in_review").await.expect(200);

    for one in &evidence {
        let accepted = json!({ "to": "accepted" });
        cast.reviewer
            .post(&format!("/assessments/{id}/evidence/{one}/transitions"), accepted)
            .await
            .expect(200);
    }
    step(&cast.reviewer, id, "validated").await.expect(200);
}

/// The first gap becomes a milestone of the program.
async fn put_to_use(cast: &Cast, id: &str) -> String {
    let gaps = cast.official.get(&format!("/assessments/{id}/gaps")).await.expect(200).json;
    let gap =
        gaps["gaps"].as_array().expect("gaps").iter().find(|gap| gap["code"] == "D1.1.1-3a").expect("a gap");
    let proposal =
        json!({ "node_id": gap["node_id"], "title": "Review the strategy", "text": "Within two years." });
    let made =
        cast.official.post(&format!("/assessments/{id}/recommendations"), proposal).await.expect(201).id();
    let route = format!("/recommendations/{made}/transitions");
    cast.official.post(&route, json!({ "to": "accepted" })).await.expect(200);
    let plan = json!({ "title": "The strategy is reviewed", "due": "2027-09-30", "country": "SN" });
    let plan = milestone(&cast.coordinator, &cast.program, plan).await;
    let planned = json!({ "to": "planned", "milestone_id": plan["id"] });
    let planned = cast.official.post(&route, planned).await.expect(200).json;
    assert_eq!((&planned["milestone_id"], &planned["program_id"]), (&plan["id"], &json!(cast.program)));
    made
}

on_both_databases! {
    async fn a_country_assesses_itself_is_judged_uses_and_discloses_it_and_takes_it_back(app: TestApp) {
        let cast = Cast::of(&app).await;
        let cmm = shipped(&cast.official, "cmm-2021").await;
        let id = begun(&cast.official, "SN", &cmm).await;
        let made = written(&cast, &cmm, &id).await;
        judged(&cast, &id, made).await;
        let score = cast.official.get(&format!("/assessments/{id}/score")).await.expect(200).json;
        let aspect = score["nodes"].as_array().expect("nodes").iter().find(|node| node["code"] == "D1.1.1").expect("the aspect");
        assert_eq!(aspect["stage"], 2, "what is proven counts: {aspect}");
        let recommendation = put_to_use(&cast, &id).await;

        let (coordinator, path) = (&cast.coordinator, format!("/assessments/{id}"));
        coordinator.get(&path).await.expect(404);
        coordinator.get(&format!("/recommendations/{recommendation}")).await.expect(404);
        let strict = cast.shared(&id, "summary", "2027-02-20").await.expect(409);
        assert!(strict.text.contains("AMBER+STRICT"), "{}", strict.text);
        cast.widened(&id).await;
        let grant = cast.shared(&id, "summary", "2027-02-20").await.expect(201).id();

        assert_eq!(coordinator.get(&path).await.expect(200).json["disclosed"], "summary");
        let summary = coordinator.get(&format!("{path}/score")).await.expect(200).json;
        assert_eq!(summary["nodes"].as_array().map(Vec::len), Some(5), "the dimensions and nothing below");
        for detail in ["answers", "gaps", "evidence", "people", "score?depth=2", "chart?under=D1"] {
            coordinator.get(&format!("{path}/{detail}")).await.expect(403);
        }
        coordinator.get(&format!("/recommendations/{recommendation}")).await.expect(404);

        cast.revoked(&grant).await;

        for gone in ["", "/score", "/answers", "/chart.svg"] {
            coordinator.get(&format!("{path}{gone}")).await.expect(404);
        }
        assert!(all(coordinator, "/assessments").await.is_empty());
        let read = cast.log_of(coordinator).await;
        assert!(read.contains(&("score".into(), "share_grant".into())), "{read:?}");
        assert!(!read.iter().any(|(what, _)| what == "answers"), "what was refused was not read: {read:?}");
        assert!(all(&cast.official, "/partners/SN/access-log").await.iter().all(|row| row["holding_id"] == id.as_str()));
        coordinator.get("/partners/SN/access-log").await.expect(404);
    }

    async fn an_ai_system_is_assessed_with_four_eyes_disclosed_and_taken_back(app: TestApp) {
        let cast = Cast::of(&app).await;
        let analyst = &cast.contributors[0];
        let mut system = ai_systems::draft("SN");
        (system["owner"], system["program_id"]) = (json!(analyst.id.to_string()), json!(cast.program));
        let made = cast.official.post("/ai-systems", system).await.expect(201);
        assert_eq!(made.json["tlp"], "AMBER+STRICT");
        let (id, path) = (made.id(), format!("/ai-systems/{}", made.id()));
        let impacts = format!("{path}/impact-assessments");
        let impact = analyst.post(&impacts, ai_systems::impact()).await.expect(201).id();
        let route = format!("{impacts}/{impact}/transitions");
        let own = analyst.post(&route, json!({ "to": "reviewed" })).await.expect(403);
        assert!(own.text.contains("You wrote or edited it"), "{}", own.text);
        cast.colleague.post(&route, json!({ "to": "reviewed" })).await.expect(200);
        let approved = cast.official.post(&route, json!({ "to": "approved" })).await.expect(200).json;
        assert_eq!((&approved["status"], &approved["review_on"]), (&json!("approved"), &json!("2027-11-22")));

        let coordinator = &cast.coordinator;
        coordinator.get(&path).await.expect(404);
        cast.widened(&id).await;
        let line = cast.shared(&id, "summary", "2027-02-20").await.expect(201).id();
        let listed = all(coordinator, "/ai-systems").await;
        assert_eq!((listed.len(), &listed[0]["id"], &listed[0]["purpose"]), (1, &json!(id), &Value::Null));
        for detail in [path.as_str(), impacts.as_str()] {
            coordinator.get(detail).await.expect(403);
        }
        cast.revoked(&line).await;
        coordinator.get(&path).await.expect(404);
        assert!(cast.log_of(coordinator).await.is_empty(), "a line holds no content");

        let whole = cast.shared(&id, "detail", "2027-02-20").await.expect(201).id();
        let read = coordinator.get(&format!("{impacts}/{impact}")).await.expect(200).json;
        assert_eq!(read["individuals"]["severity"], "serious");
        cast.revoked(&whole).await;
        coordinator.get(&format!("{impacts}/{impact}")).await.expect(404);
        let read = cast.log_of(coordinator).await;
        assert!(!read.is_empty() && read.iter().all(|(_, right)| right == "share_grant"), "{read:?}");
    }
}
