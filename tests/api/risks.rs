//! Risk registers: scenarios rated on a matrix, treated, accepted, watched, and seen by whom the country names.

use awc::http::Method;
use cybercap::kernel::access::Role;
use serde_json::{Value, json};

use crate::ai_systems::official;
use crate::frameworks::{all, shipped};
use crate::libraries;
use crate::support::{Answer, Person, TestApp};

/// The five by five that comes with the service.
pub async fn five_by_five(by: &Person) -> Value {
    let urn = "urn:cybercap:risk-matrix:five-by-five";
    by.get(&format!("/risk-matrices?urn={urn}")).await.expect(200).json["items"][0].clone()
}

/// A register on a matrix, to be opened; what is medium is tolerated.
pub fn register_draft(country: &str, matrix: &str) -> Value {
    json!({ "country": country, "title": { "en": format!("Cyber risks of {country}") }, "matrix_id": matrix, "tolerance": 1,
            "criteria": { "en": "Harm to people counts as much as harm to the state." } })
}

/// A register of a country that is being filled; its path.
pub async fn register(by: &Person, country: &str) -> String {
    let matrix = five_by_five(by).await;
    let draft = register_draft(country, matrix["id"].as_str().expect("an id"));
    let path = format!("/risk-registers/{}", by.post("/risk-registers", draft).await.expect(201).id());
    by.post(&format!("{path}/transitions"), json!({ "to": "in_progress" })).await.expect(200);
    path
}

/// A scenario of a register; its path.
pub async fn risk(by: &Person, register: &str, more: Value) -> String {
    let mut draft = json!({ "title": { "en": "Ransomware at the registry" }, "category": "cyber", "treatment": "modify" });
    for (name, value) in more.as_object().expect("an object") {
        draft[name] = value.clone();
    }
    format!("/risks/{}", by.post(&format!("{register}/risks"), draft).await.expect(201).id())
}

/// Rates a scenario; the whole answer.
pub async fn rate(by: &Person, risk: &str, rating: &str, likelihood: i32, impacts: Value) -> Answer {
    let tag = by.get(risk).await.expect(200).header("etag").to_owned();
    let body = json!({ "rating": rating, "likelihood": likelihood, "impacts": impacts });
    put(by, risk, &tag, body).await
}

async fn put(by: &Person, risk: &str, tag: &str, body: Value) -> Answer {
    let headers = [("content-type", "application/json"), ("if-match", tag)];
    by.send(Method::PUT, &format!("{risk}/ratings"), &headers, body.to_string().into_bytes()).await
}

/// Moves a record; the whole answer.
pub async fn step(by: &Person, path: &str, body: Value) -> Answer {
    by.post(&format!("{path}/transitions"), body).await
}

fn pointers(answer: &Answer) -> Vec<&str> {
    let errors = answer.json["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    errors.iter().filter_map(|error| error["pointer"].as_str()).collect()
}

on_both_databases! {
    async fn a_level_is_the_cell_of_likelihood_and_worst_impact(app: TestApp) {
        let official = app.focal_point_of("SN").await;
        let register = register(&official, "SN").await;
        let risk = risk(&official, &register, json!({})).await;
        assert_eq!(official.get(&risk).await.expect(200).json["within_tolerance"], Value::Null);

        let rated = rate(&official, &risk, "current", 3, json!({ "availability": 4, "people_and_rights": 2 })).await.expect(200).json;

        assert_eq!((&rated["current"]["impact"], &rated["current"]["level"], &rated["current"]["level_code"]), (&json!(4), &json!(3), &json!("CRIT")));
        assert_eq!((&rated["within_tolerance"], &rated["inherent"], &rated["tolerance"]), (&json!(false), &Value::Null, &json!(1)));
        let lower = rate(&official, &risk, "current", 0, json!({ "economy": 0 })).await.expect(200).json;
        assert_eq!((&lower["current"]["level_code"], &lower["within_tolerance"]), (&json!("LOW"), &json!(true)));
        assert_eq!(lower["current"]["impacts"]["availability"], Value::Null, "a rating takes the place of the one before");
    }

    async fn a_rating_off_the_matrix_or_above_the_current_one_is_refused_place_by_place(app: TestApp) {
        let official = app.focal_point_of("SN").await;
        let register = register(&official, "SN").await;
        let risk = risk(&official, &register, json!({})).await;
        let before = app.fingerprint();

        let off = rate(&official, &risk, "current", 5, json!({ "integrity": 7, "economy": 4 })).await.expect(422);
        assert_eq!(pointers(&off), ["/likelihood", "/impacts/integrity"]);
        assert!(off.text.contains("use 0 to 4"), "{}", off.text);
        assert_eq!(pointers(&rate(&official, &risk, "current", 2, json!({})).await.expect(422)), ["/impacts"]);
        assert_eq!(pointers(&rate(&official, &risk, "current", -1, json!({ "economy": 1 })).await.expect(422)), ["/likelihood"]);
        let tag = official.get(&risk).await.expect(200).header("etag").to_owned();
        let stale = json!({ "rating": "current", "likelihood": 2, "impacts": { "economy": 1 } });
        put(&official, &risk, "\"9\"", stale.clone()).await.expect(412);
        put(&official, &risk, &tag, json!({ "rating": "target", "likelihood": 2, "impacts": { "economy": 1 } })).await.expect(422);
        assert_ne!(app.fingerprint(), before, "each reading of the scenario was noted");
        rate(&official, &risk, "current", 1, json!({ "economy": 2 })).await.expect(200);
        let above = rate(&official, &risk, "residual", 4, json!({ "economy": 4 })).await.expect(422);
        assert_eq!(above.json["errors"][0]["code"], "above_current");
        assert!(above.text.contains("does not make a risk worse"), "{}", above.text);
        rate(&official, &risk, "residual", 0, json!({ "economy": 0 })).await.expect(200);
    }

    async fn treatment_is_planned_done_verified_by_another_and_then_the_residual_level_is_reached(app: TestApp) {
        let official = app.focal_point_of("SN").await;
        let second = self::official(&app, Role::FocalPoint, "SN").await;
        let register = register(&official, "SN").await;
        let risk = risk(&official, &register, json!({ "owner": second.id.to_string() })).await;
        assert!(step(&official, &risk, json!({ "to": "analysed" })).await.expect(409).text.contains("Rate it as it is now"));
        rate(&official, &risk, "inherent", 4, json!({ "availability": 4 })).await.expect(200);
        rate(&official, &risk, "current", 3, json!({ "availability": 4 })).await.expect(200);
        rate(&official, &risk, "residual", 1, json!({ "availability": 2 })).await.expect(200);
        for to in ["analysed", "evaluated"] {
            step(&official, &risk, json!({ "to": to })).await.expect(200);
        }
        assert!(step(&official, &risk, json!({ "to": "monitored" })).await.expect(409).text.contains("above the tolerance"));
        assert!(step(&official, &risk, json!({ "to": "treating" })).await.expect(409).text.contains("Plan at least one action"));

        let action = json!({ "title": { "en": "Offline backups" }, "owner": second.id.to_string(), "due": "2027-01-31",
                             "cost": { "amount": "12000.50", "currency": "XOF" }, "effort_days": 12 });
        let planned = official.post(&format!("{risk}/actions"), action).await.expect(201);
        let action = format!("{risk}/actions/{}", planned.id());
        assert_eq!((&planned.json["cost"]["amount"], &planned.json["overdue"]), (&json!("12000.50"), &json!(false)));
        step(&official, &risk, json!({ "to": "treating" })).await.expect(200);
        step(&official, &action, json!({ "to": "in_progress" })).await.expect(200);
        step(&official, &action, json!({ "to": "done" })).await.expect(200);
        let own = step(&official, &action, json!({ "to": "verified" })).await.expect(403);
        assert!(own.text.contains("somebody else sees whether it is"), "{}", own.text);
        assert!(step(&official, &risk, json!({ "to": "monitored", "residual_reached": true })).await.expect(409).text.contains("verified"));
        step(&second, &action, json!({ "to": "verified" })).await.expect(200);
        let asked = step(&official, &risk, json!({ "to": "monitored" })).await.expect(409);
        assert_eq!(pointers(&asked), ["/residual_reached"]);
        let reached = step(&official, &risk, json!({ "to": "monitored", "residual_reached": true })).await.expect(200).json;
        assert_eq!((&reached["current"]["level"], &reached["within_tolerance"]), (&reached["residual"]["level"], &json!(true)));
        assert_eq!(reached["current"]["rated_by"]["id"], json!(official.id.to_string()));

        assert_eq!(pointers(&step(&official, &risk, json!({ "to": "closed" })).await.expect(409)), ["/reason"]);
        step(&official, &risk, json!({ "to": "closed", "reason": "The registry was replaced." })).await.expect(200);
        assert_eq!(official.get(&format!("{register}/heat-map")).await.expect(200).json["scenarios"], 0);
        assert_eq!(pointers(&step(&official, &risk, json!({ "to": "identified", "reason": "Again." })).await.expect(409)), ["/trigger"]);
        let again = json!({ "to": "identified", "trigger": "incident", "reason": "It happened next door." });
        assert_eq!(step(&official, &risk, again).await.expect(200).json["reopened_by"], "incident");
        assert_eq!(official.get(&format!("{register}/heat-map")).await.expect(200).json["scenarios"], 1);
    }

    async fn a_risk_is_borne_only_as_long_as_somebody_else_accepts_it(app: TestApp) {
        let official = app.focal_point_of("SN").await;
        let second = self::official(&app, Role::FocalPoint, "SN").await;
        let register = register(&official, "SN").await;
        let risk = risk(&official, &register, json!({ "treatment": "retain" })).await;
        rate(&official, &risk, "current", 3, json!({ "economy": 4 })).await.expect(200);
        for to in ["analysed", "evaluated"] {
            step(&official, &risk, json!({ "to": to })).await.expect(200);
        }
        let route = format!("{risk}/acceptances");
        let late = json!({ "justification": { "en": "Too dear." }, "expires_on": "2027-11-23" });
        assert!(official.post(&route, late).await.expect(422).text.contains("within 12 months"));
        let own = json!({ "justification": { "en": "Too dear." }, "expires_on": "2027-03-31", "approver": official.id.to_string() });
        assert_eq!(official.post(&route, own).await.expect(422).json["errors"][0]["code"], "is_author");
        assert_eq!(pointers(&official.post(&route, json!({ "justification": { "en": "Too dear." } })).await.expect(422)), ["/expires_on"]);

        let draft = json!({ "justification": { "en": "Too dear." }, "expires_on": "2027-03-31", "approver": second.id.to_string() });
        let drafted = official.post(&route, draft).await.expect(201);
        let acceptance = format!("{route}/{}", drafted.id());
        assert_eq!((&drafted.json["status"], &drafted.json["level"]), (&json!("draft"), &json!(3)));
        step(&official, &acceptance, json!({ "to": "submitted" })).await.expect(200);
        let own = step(&official, &acceptance, json!({ "to": "accepted" })).await.expect(403);
        assert!(own.text.contains("somebody else decides"), "{}", own.text);
        assert_eq!(step(&official, &risk, json!({ "to": "monitored" })).await.expect(409).code(), "guard_failed");
        let accepted = step(&second, &acceptance, json!({ "to": "accepted" })).await.expect(200).json;
        assert_eq!((&accepted["decided_by"]["id"], &accepted["allowed_transitions"]), (&json!(second.id.to_string()), &json!(["revoked"])));
        step(&official, &risk, json!({ "to": "monitored" })).await.expect(200);

        app.at("2027-03-31T23:00:00Z");
        app.tick().await;
        let client = app.client_of(&official).await;
        assert_eq!(client.get(&risk).await.expect(200).json["status"], "monitored", "the last day holds");
        app.at("2027-04-01T00:00:01Z");
        app.tick().await;
        let client = app.client_of(&official).await;
        assert_eq!(client.get(&risk).await.expect(200).json["status"], "evaluated");
        let over = client.get(&acceptance).await.expect(200).json;
        assert_eq!((&over["status"], &over["allowed_transitions"]), (&json!("expired"), &json!([])));
    }

    async fn an_acceptance_taken_back_reopens_unless_another_one_holds(app: TestApp) {
        let official = app.focal_point_of("SN").await;
        let second = self::official(&app, Role::FocalPoint, "SN").await;
        let register = register(&official, "SN").await;
        let risk = risk(&official, &register, json!({ "treatment": "retain" })).await;
        rate(&official, &risk, "current", 3, json!({ "economy": 4 })).await.expect(200);
        let route = format!("{risk}/acceptances");
        let mut both = Vec::new();
        for day in ["2027-03-31", "2027-06-30"] {
            let draft = json!({ "justification": { "en": "Too dear." }, "expires_on": day });
            let one = format!("{route}/{}", official.post(&route, draft).await.expect(201).id());
            step(&official, &one, json!({ "to": "submitted" })).await.expect(200);
            step(&second, &one, json!({ "to": "accepted" })).await.expect(200);
            both.push(one);
        }
        for to in ["analysed", "evaluated", "monitored"] {
            step(&official, &risk, json!({ "to": to })).await.expect(200);
        }
        assert_eq!(pointers(&step(&second, &both[0], json!({ "to": "revoked" })).await.expect(409)), ["/reason"]);
        step(&second, &both[0], json!({ "to": "revoked", "reason": "New facts." })).await.expect(200);
        assert_eq!(official.get(&risk).await.expect(200).json["status"], "monitored");
        step(&second, &both[1], json!({ "to": "revoked", "reason": "New facts." })).await.expect(200);
        assert_eq!(official.get(&risk).await.expect(200).json["status"], "evaluated");
    }

    async fn a_register_is_validated_by_a_reviewer_who_wrote_nothing_and_stands_still_meanwhile(app: TestApp) {
        let official = app.focal_point_of("SN").await;
        let writer = self::official(&app, Role::Contributor, "SN").await;
        let expert = app.with_role("expert", Role::Contributor, Some("GH"), None).await;
        let register = register(&official, "SN").await;
        expert.get(&register).await.expect(404);
        writer.get(&register).await.expect(404);
        let tag = official.get(&register).await.expect(200).header("etag").to_owned();
        let named = json!({ "contributors": [writer.id.to_string()], "reviewers": [expert.id.to_string(), writer.id.to_string()] });
        let named = official.patch(&register, &tag, named).await.expect(200).json;
        assert_eq!(named["reviewers"].as_array().map(Vec::len), Some(2));
        let foreign = json!({ "contributors": [expert.id.to_string()] });
        let tag = official.get(&register).await.expect(200).header("etag").to_owned();
        assert_eq!(pointers(&official.patch(&register, &tag, foreign).await.expect(422)), ["/contributors/0"]);
        assert!(step(&official, &register, json!({ "to": "in_review" })).await.expect(409).text.contains("no scenarios"));
        let risk = risk(&writer, &register, json!({})).await;
        assert_eq!(step(&writer, &register, json!({ "to": "in_review" })).await.expect(403).code(), "not_permitted");

        step(&official, &register, json!({ "to": "in_review" })).await.expect(200);

        let still = json!({ "title": { "en": "Another" } });
        let tag = writer.get(&risk).await.expect(200).header("etag").to_owned();
        assert!(writer.patch(&risk, &tag, still).await.expect(409).text.contains("in review"));
        assert!(rate(&writer, &risk, "current", 1, json!({ "economy": 1 })).await.expect(409).text.contains("in review"));
        let wrote = step(&writer, &register, json!({ "to": "validated" })).await.expect(403);
        assert!(wrote.text.contains("You wrote in this register"), "{}", wrote.text);
        assert_eq!(step(&official, &register, json!({ "to": "validated" })).await.expect(403).code(), "not_permitted");
        assert_eq!(pointers(&step(&expert, &register, json!({ "to": "in_progress" })).await.expect(409)), ["/reason"]);
        step(&expert, &register, json!({ "to": "in_progress", "reason": "Rate the scenario." })).await.expect(200);
        rate(&writer, &risk, "current", 1, json!({ "economy": 1 })).await.expect(200);
        step(&official, &register, json!({ "to": "in_review" })).await.expect(200);
        let validated = step(&expert, &register, json!({ "to": "validated" })).await.expect(200).json;
        assert_eq!(validated["validated_by"]["id"], json!(expert.id.to_string()));
        assert_eq!(step(&official, &register, json!({ "to": "published" })).await.expect(200).json["status"], "published");
        let tag = official.get(&register).await.expect(200).header("etag").to_owned();
        assert_eq!(official.delete(&register, &tag).await.expect(409).code(), "conflict");
    }

    async fn findings_name_what_does_not_fit(app: TestApp) {
        let official = app.focal_point_of("SN").await;
        let second = self::official(&app, Role::FocalPoint, "SN").await;
        let register = register(&official, "SN").await;
        let sound = risk(&official, &register, json!({ "owner": official.id.to_string(), "treatment": "share" })).await;
        rate(&official, &sound, "current", 0, json!({ "economy": 0 })).await.expect(200);
        let route = format!("{register}/findings");
        assert_eq!(official.get(&route).await.expect(200).json["counts"], json!([]));

        let broken = risk(&official, &register, json!({ "owner": second.id.to_string(), "treatment": "retain", "strength": "low", "next_review_on": "2026-11-01" })).await;
        rate(&official, &broken, "inherent", 0, json!({ "economy": 0 })).await.expect(200);
        rate(&official, &broken, "current", 4, json!({ "economy": 4 })).await.expect(200);
        rate(&official, &broken, "residual", 1, json!({ "economy": 1 })).await.expect(200);
        app.sql("UPDATE users SET status = 'deactivated' WHERE id = $id", &second.id.0);
        let found = official.get(&route).await.expect(200).json;
        let codes: Vec<&str> = found["items"].as_array().expect("items").iter().filter_map(|item| item["code"].as_str()).collect();
        assert_eq!(codes, ["current_above_inherent", "residual_lower_without_action", "high_level_low_knowledge",
            "retained_without_acceptance", "owner_left", "review_passed"]);
        assert_eq!((&found["scenarios"], &found["items"][0]["number"]), (&json!(2), &json!(2)));
        official.post(&format!("{broken}/actions"), json!({ "title": { "en": "Insure it" } })).await.expect(201);
        let found = official.get(&route).await.expect(200).json;
        let codes: Vec<&str> = found["items"].as_array().expect("items").iter().filter_map(|item| item["code"].as_str()).collect();
        assert!(codes.contains(&"action_without_owner") && codes.contains(&"action_without_date"), "{codes:?}");
        assert!(!codes.contains(&"residual_lower_without_action"), "{codes:?}");
        assert!(found["items"].as_array().expect("items").iter().any(|item| item["action_id"].is_string()));
    }

    async fn ai_scenarios_are_tagged_and_tied_to_systems_of_the_country(app: TestApp) {
        let official = app.focal_point_of("SN").await;
        let foreign = app.focal_point_of("KE").await;
        let register = register(&official, "SN").await;
        let taxonomy = shipped(&official, "mit-ai-risk-2025").await;
        let nodes = all(&official, &format!("/frameworks/{}/nodes", taxonomy["id"].as_str().expect("an id"))).await;
        let (domain, below, other) = (&nodes[0], &nodes[1], nodes.iter().rfind(|node| node["depth"] == 2).expect("a subdomain"));
        let system = official.post("/ai-systems", crate::ai_systems::draft("SN")).await.expect(201).id();
        let theirs = foreign.post("/ai-systems", crate::ai_systems::draft("KE")).await.expect(201).id();
        let rmf = shipped(&official, "nist-ai-rmf-1.0").await;
        let outcomes = all(&official, &format!("/frameworks/{}/nodes?kind=outcome", rmf["id"].as_str().expect("an id"))).await;
        let tags = json!({ "domain": domain["id"], "subdomain": below["id"], "entity": "ai", "intent": "unintentional",
                           "timing": "post_deployment", "lifecycle": "operate_and_monitor", "affected_groups": ["beneficiaries"] });

        let more = json!({ "category": "ai", "ai_system_id": system, "ai": tags, "outcomes": [outcomes[0]["id"]] });
        let made = risk(&official, &register, more).await;
        let shown = official.get(&made).await.expect(200).json;
        assert_eq!((&shown["ai"]["domain"]["code"], &shown["ai"]["subdomain"]["parent_id"]), (&domain["code"], &domain["id"]));
        assert_eq!((&shown["ai"]["affected_groups"], &shown["outcomes"][0]["code"]), (&json!(["beneficiaries"]), &outcomes[0]["code"]));
        let listed = official.get(&format!("/risks?ai_system={system}&category=ai")).await.expect(200).json;
        assert_eq!(listed["items"].as_array().map(Vec::len), Some(1));
        let draft = |category: &str, ai: Value, system: &str| json!({ "title": { "en": "x" }, "category": category, "ai": ai, "ai_system_id": system });
        let route = format!("{register}/risks");
        let wrong = json!({ "domain": domain["id"], "subdomain": other["id"] });
        let refused = official.post(&route, draft("ai", wrong, &theirs)).await.expect(422);
        assert_eq!(pointers(&refused), ["/ai_system_id", "/ai/subdomain"]);
        let refused = official.post(&route, draft("cyber", tags.clone(), &system)).await.expect(422);
        assert_eq!(pointers(&refused), ["/ai"]);
        let refused = official.post(&route, draft("ai", json!({ "domain": outcomes[0]["id"] }), &system)).await.expect(422);
        assert_eq!(refused.json["errors"][0]["code"], "not_a_tag");
    }

    async fn a_matrix_that_a_register_uses_stays_and_is_not_changed_for_another(app: TestApp) {
        let coordinator = app.coordinator().await;
        let official = app.focal_point_of("SN").await;
        let small = libraries::brought(&coordinator, &libraries::matrix("small")).await;
        let mut draft = register_draft("SN", &small);
        draft["tolerance"] = json!(4);
        assert_eq!(pointers(&official.post("/risk-registers", draft.clone()).await.expect(422)), ["/tolerance"]);
        draft["tolerance"] = json!(0);
        let register = format!("/risk-registers/{}", official.post("/risk-registers", draft).await.expect(201).id());
        let tag = coordinator.get(&format!("/risk-matrices/{small}")).await.expect(200).header("etag").to_owned();
        let refused = coordinator.delete(&format!("/risk-matrices/{small}"), &tag).await.expect(409);
        assert!(refused.text.contains("in use"), "{}", refused.text);

        let risk = risk(&official, &register, json!({})).await;
        assert_eq!(pointers(&rate(&official, &risk, "current", 2, json!({ "economy": 1 })).await.expect(422)), ["/likelihood"]);
        let rated = rate(&official, &risk, "current", 1, json!({ "economy": 1 })).await.expect(200).json;
        assert_eq!((&rated["current"]["level"], &rated["within_tolerance"]), (&json!(1), &json!(false)));
        let five = five_by_five(&official).await;
        let tag = official.get(&register).await.expect(200).header("etag").to_owned();
        let other = json!({ "matrix_id": five["id"] });
        assert!(official.patch(&register, &tag, other).await.expect(409).text.contains("rated by its matrix"));
        official.patch(&register, &tag, json!({ "tolerance_cyber": 1 })).await.expect(200);
        assert_eq!(official.get(&risk).await.expect(200).json["within_tolerance"], true, "tolerance counts at once");
    }

    async fn registers_are_seen_by_their_country_and_by_whom_it_names(app: TestApp) {
        let official = app.focal_point_of("SN").await;
        let owner = self::official(&app, Role::Contributor, "SN").await;
        let register = register(&official, "SN").await;
        let risk = risk(&official, &register, json!({})).await;
        for stranger in [app.focal_point_of("KE").await, app.administrator().await] {
            stranger.get(&register).await.expect(404);
            stranger.get(&risk).await.expect(404);
            assert_eq!(stranger.get("/risks").await.expect(200).json["items"], json!([]));
        }
        owner.get(&risk).await.expect(404);
        let tag = official.get(&risk).await.expect(200).header("etag").to_owned();
        official.patch(&risk, &tag, json!({ "owner": owner.id.to_string() })).await.expect(200);
        assert_eq!(owner.get("/risks?mine=true").await.expect(200).json["items"].as_array().map(Vec::len), Some(1));
        let tag = owner.get(&risk).await.expect(200).header("etag").to_owned();
        owner.patch(&risk, &tag, json!({ "owner": null })).await.expect(200);
        owner.get(&risk).await.expect(404);
        let log = all(&official, "/partners/SN/access-log").await;
        let read = |who: &Person| log.iter().filter(|row| row["reader"]["id"] == json!(who.id.to_string())).count();
        assert!(read(&owner) >= 2 && read(&official) >= 1, "{log:?}");
    }
}
