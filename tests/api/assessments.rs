//! Assessments: planned, answered in sections, proven, handed in, judged by somebody who wrote nothing, made again.

use awc::http::Method;
use cybercap::kernel::access::Role;
use serde_json::{Value, json};

use crate::frameworks::{all, shipped};
use crate::libraries;
use crate::support::{Person, TestApp};

/// A draft of an assessment of a country over a framework.
pub fn draft(country: &str, framework: &Value) -> Value {
    json!({ "framework_id": framework["id"], "country": country, "title": { "en": format!("Profile of {country}") },
            "period_from": "2026-01-01", "period_to": "2026-12-31" })
}

/// Moves an assessment.
pub async fn step(by: &Person, id: &str, to: &str) -> crate::support::app::Answer {
    by.post(&format!("/assessments/{id}/transitions"), json!({ "to": to, "reason": "As agreed." })).await
}

/// Saves answers.
pub async fn say(by: &Person, id: &str, items: Value) -> crate::support::app::Answer {
    by.post(&format!("/assessments/{id}/answers"), json!({ "items": items })).await
}

/// Names a person on an assessment.
pub async fn name(by: &Person, id: &str, who: &Person, part: &str) -> crate::support::app::Answer {
    by.post(&format!("/assessments/{id}/people"), json!({ "user_id": who.id.to_string(), "part": part }))
        .await
}

/// Codes of the nodes that are answered, in their order.
pub async fn codes(by: &Person, framework: &Value) -> Vec<String> {
    let path = format!("/frameworks/{}/nodes?assessable=true", framework["id"].as_str().expect("an id"));
    let code = |node: &Value| node["code"].as_str().expect("a code").to_owned();
    all(by, &path).await.iter().map(code).collect()
}

/// The id of a node.
pub async fn node(by: &Person, framework: &Value, code: &str) -> String {
    let path = format!("/frameworks/{}/nodes?code={code}", framework["id"].as_str().expect("an id"));
    by.get(&path).await.expect(200).json["items"][0]["id"].as_str().expect("a node").to_owned()
}

/// An assessment of the country that is being answered.
pub async fn begun(by: &Person, country: &str, framework: &Value) -> String {
    let id = by.post("/assessments", draft(country, framework)).await.expect(201).id();
    step(by, &id, "in_progress").await.expect(200);
    id
}

on_both_databases! {
    async fn a_full_profile_goes_from_the_plan_to_the_validated_result_and_is_made_again(app: TestApp) {
        let (official, reviewer) = (app.focal_point_of("KE").await, app.focal_point_of("RW").await);
        let csf = shipped(&official, "nist-csf-2.0").await;
        let plan = official.post("/assessments", draft("KE", &csf)).await.expect(201);
        let id = plan.id();
        assert_eq!((&plan.json["status"], &plan.json["tlp"]), (&json!("planned"), &json!("AMBER+STRICT")));
        assert_eq!((&plan.json["in_scope"], &plan.json["answered"]), (&json!(106), &json!(0)));
        let early = say(&official, &id, json!([{ "code": "GV.OC-01", "value": 2 }])).await.expect(409);
        assert!(early.text.contains("in_progress"), "{}", early.text);
        step(&official, &id, "in_progress").await.expect(200);

        let codes = codes(&official, &csf).await;
        let items: Vec<Value> = codes.iter().enumerate().map(|(place, code)| {
            json!({ "code": code, "value": place % 5, "target": 4, "priority": place % 3 + 1, "confidence": "medium",
                    "comment": format!("Seen at the ministry: {code}."), "client_id": format!("phone-{place}") })
        }).collect();
        let saved = say(&official, &id, json!(items)).await.expect(200).json;
        assert_eq!((&saved["answered"], &saved["in_scope"]), (&json!(106), &json!(106)));
        assert!(saved["items"].as_array().expect("items").iter().all(|item| item["outcome"] == "saved"));
        let again = say(&official, &id, json!(items)).await.expect(200).json;
        assert!(again["items"].as_array().expect("items").iter().all(|item| item["outcome"] == "unchanged"));
        let read = all(&official, &format!("/assessments/{id}/answers")).await;
        assert_eq!(read.iter().map(|row| row["code"].as_str().expect("a code")).collect::<Vec<_>>(), codes);
        assert!(read.iter().all(|row| row["version"] == 1), "a retry writes nothing");

        let lonely = step(&official, &id, "in_review").await.expect(409);
        assert!(lonely.text.contains("reviewer"), "{}", lonely.text);
        name(&official, &id, &reviewer, "reviewer").await.expect(200);
        step(&official, &id, "in_review").await.expect(200);
        let locked = say(&official, &id, json!([{ "code": "GV.OC-01", "value": 3 }])).await.expect(409);
        assert!(locked.text.contains("in review"), "{}", locked.text);
        assert_eq!(step(&official, &id, "validated").await.status, 403, "the country does not judge itself");

        let found = json!({ "items": [{ "code": "GV.OC-02", "validated_value": 0, "review_note": "No text was shown." }] });
        let judged = reviewer.post(&format!("/assessments/{id}/reviews"), found).await.expect(200).json;
        assert_eq!(judged["items"][0]["answer"]["validated_value"], 0);
        let returned = json!({ "to": "in_progress" });
        let mute = reviewer.post(&format!("/assessments/{id}/transitions"), returned).await.expect(422);
        assert_eq!(mute.json["errors"][0]["pointer"], "/reason", "{}", mute.text);
        let done = step(&reviewer, &id, "validated").await.expect(200).json;
        assert_eq!((&done["status"], &done["next_due"]), (&json!("validated"), &json!("2028-11-21")));
        let said = all(&official, &format!("/assessments/{id}/answers")).await;
        assert_eq!((&said[1]["value"], &said[1]["validated_value"]), (&json!(1), &json!(0)));
        assert!(said.iter().enumerate().all(|(place, row)| place == 1 || row["value"] == row["validated_value"]));

        let mut next = draft("KE", &csf);
        next["previous_id"] = json!(id);
        let second = official.post("/assessments", next).await.expect(201);
        assert_eq!(second.json["answered"], 106, "{}", second.text);
        let second = second.id();
        let carried = all(&official, &format!("/assessments/{second}/answers?carried=true")).await;
        assert_eq!((carried.len(), &carried[1]["value"]), (106, &json!(0)), "what was validated is carried");
        step(&official, &second, "in_progress").await.expect(200);
        say(&official, &second, json!([{ "code": "GV.OC-02", "value": 3 }])).await.expect(200);
        assert_eq!(all(&official, &format!("/assessments/{second}/answers?carried=true")).await.len(), 105);
        name(&official, &second, &reviewer, "reviewer").await.expect(200);
        step(&official, &second, "in_review").await.expect(200);
        step(&reviewer, &second, "validated").await.expect(200);
        assert_eq!(official.get(&format!("/assessments/{id}")).await.expect(200).json["status"], "superseded");
    }

    async fn who_is_assigned_a_section_fills_it_in_and_sees_nothing_else(app: TestApp) {
        let official = app.focal_point_of("KE").await;
        let clerk = app.with_role("clerk", Role::Contributor, Some("KE"), None).await;
        let stranger = app.with_role("stranger", Role::Contributor, Some("KE"), None).await;
        let csf = shipped(&official, "nist-csf-2.0").await;
        let id = begun(&official, "KE", &csf).await;
        say(&official, &id, json!([{ "code": "ID.AM-01", "value": 4, "comment": "A weakness." }])).await.expect(200);
        let govern = node(&official, &csf, "GV").await;
        assert_eq!(clerk.get(&format!("/assessments/{id}")).await.status, 404, "nothing is assigned yet");

        let route = format!("/assessments/{id}/sections");
        let assigned = json!({ "node_id": govern, "assignee": clerk.id.to_string(), "due": "2026-12-15" });
        let section = official.post(&route, assigned.clone()).await.expect(201);
        let section_path = format!("{route}/{}", section.id());
        let twice = official.post(&route, json!({ "node_id": node(&official, &csf, "GV.OC").await })).await.expect(422);
        assert!(twice.text.contains("GV"), "{}", twice.text);

        assert_eq!(clerk.get(&format!("/assessments/{id}")).await.expect(200).json["disclosed"], "summary");
        let shut = say(&clerk, &id, json!([{ "code": "GV.OC-01", "value": 2 }])).await.expect(409);
        assert!(shut.text.contains("not open"), "{}", shut.text);
        assert_eq!(clerk.post(&format!("{section_path}/transitions"), json!({ "to": "open" })).await.status, 403);
        official.post(&format!("{section_path}/transitions"), json!({ "to": "open" })).await.expect(200);
        say(&clerk, &id, json!([{ "code": "GV.OC-01", "value": 2 }])).await.expect(200);
        let foreign = say(&clerk, &id, json!([{ "code": "ID.AM-01", "value": 0 }])).await.expect(403);
        assert!(foreign.text.contains("ID.AM-01"), "{}", foreign.text);

        let mine = all(&clerk, &format!("/assessments/{id}/answers")).await;
        assert_eq!(mine.iter().map(|row| &row["code"]).collect::<Vec<_>>(), ["GV.OC-01"]);
        let hidden = node(&official, &csf, "ID.AM-01").await;
        assert_eq!(clerk.get(&format!("/assessments/{id}/answers/{hidden}")).await.status, 404);
        assert_eq!(clerk.get(&format!("/assessments/{id}/people")).await.status, 403);
        assert_eq!(stranger.get(&format!("/assessments/{id}")).await.status, 404);
        assert!(stranger.get("/assessments").await.expect(200).json["items"].as_array().expect("items").is_empty());

        clerk.post(&format!("{section_path}/transitions"), json!({ "to": "submitted" })).await.expect(200);
        assert_eq!(say(&clerk, &id, json!([{ "code": "GV.OC-01", "value": 3 }])).await.status, 409);
        let mute = official.post(&format!("{section_path}/transitions"), json!({ "to": "changes_requested" })).await;
        assert_eq!(mute.status, 422, "{}", mute.text);
        let words = json!({ "to": "changes_requested", "reason": "Name the law." });
        official.post(&format!("{section_path}/transitions"), words).await.expect(200);
        say(&clerk, &id, json!([{ "code": "GV.OC-01", "comment": "Act 5 of 2018." }])).await.expect(200);
        let kept = official.get(&format!("/assessments/{id}/answers")).await.expect(200).json;
        assert_eq!((&kept["items"][0]["value"], &kept["items"][0]["comment"]), (&json!(2), &json!("Act 5 of 2018.")));

        let still = step(&official, &id, "in_review").await.expect(409);
        assert!(still.text.contains("1 section"), "{}", still.text);
        let other = json!({ "assignee": stranger.id.to_string() });
        let version = official.get(&section_path).await.expect(200).header("etag").to_owned();
        official.patch(&section_path, &version, other).await.expect(200);
        assert_eq!(clerk.get(&format!("/assessments/{id}")).await.status, 404, "it is somebody else's now");
        assert_eq!(stranger.get(&section_path).await.expect(200).json["status"], "changes_requested");
    }

    async fn nobody_validates_what_they_wrote_not_even_after_losing_the_role(app: TestApp) {
        let (first, second) = (app.focal_point_of("KE").await, app.with_role("second", Role::FocalPoint, Some("KE"), None).await);
        let admin = app.administrator().await;
        let clerk = app.with_role("clerk", Role::Contributor, Some("KE"), None).await;
        let csf = shipped(&first, "nist-csf-2.0").await;
        let id = begun(&first, "KE", &csf).await;
        name(&first, &id, &second, "reviewer").await.expect(200);
        say(&second, &id, json!([{ "code": "GV.OC-01", "value": 2 }])).await.expect(200);
        let alone = step(&first, &id, "in_review").await.expect(409);
        assert!(alone.text.contains("wrote none"), "{}", alone.text);

        let section = json!({ "node_id": node(&first, &csf, "DE").await, "assignee": clerk.id.to_string() });
        let section = first.post(&format!("/assessments/{id}/sections"), section).await.expect(201).id();
        let route = format!("/assessments/{id}/sections/{section}/transitions");
        first.post(&route, json!({ "to": "open" })).await.expect(200);
        say(&clerk, &id, json!([{ "code": "DE.CM-01", "value": 1 }])).await.expect(200);
        first.post(&route, json!({ "to": "closed" })).await.expect(200);
        app.sql("UPDATE role_grants SET revoked_at = granted_at WHERE user_id = $id", &clerk.id.0);
        let wrote = name(&first, &id, &clerk, "reviewer").await.expect(422);
        assert!(wrote.text.contains("wrote answers"), "{}", wrote.text);
        assert_eq!(name(&first, &id, &admin, "reader").await.status, 422, "administrators read no content");

        let peer = app.focal_point_of("RW").await;
        name(&first, &id, &peer, "reviewer").await.expect(200);
        step(&first, &id, "in_review").await.expect(200);
        let own = step(&second, &id, "validated").await.expect(403);
        assert!(own.text.contains("wrote or changed an answer"), "{}", own.text);
        let judged = second.post(&format!("/assessments/{id}/reviews"), json!({ "items": [{ "code": "DE.CM-01" }] })).await;
        assert_eq!(judged.status, 403, "{}", judged.text);
        assert_eq!(step(&first, &id, "validated").await.status, 403);
        assert_eq!(step(&admin, &id, "validated").await.status, 404);
        assert_eq!(peer.get(&format!("/assessments/{id}")).await.expect(200).json["status"], "in_review");
        step(&peer, &id, "validated").await.expect(200);

        let mut next = draft("KE", &csf);
        next["previous_id"] = json!(id);
        let next = first.post("/assessments", next).await.expect(201).id();
        let theirs = name(&first, &next, &second, "reviewer").await.expect(422);
        assert!(theirs.text.contains("wrote answers"), "carried words keep their writer: {}", theirs.text);
    }

    async fn faults_in_answers_are_told_together_and_a_newer_answer_is_not_overwritten(app: TestApp) {
        let official = app.focal_point_of("KE").await;
        let csf = shipped(&official, "nist-csf-2.0").await;
        let id = begun(&official, "KE", &csf).await;
        let wrong = json!([
            { "code": "GV.OC-01", "value": 7 }, { "code": "NO.SUCH", "value": 1 }, { "code": "GV", "value": 1 },
            { "value": 1 }, { "code": "GV.OC-03", "not_applicable": true }, { "code": "GV.OC-03", "value": 1 },
        ]);
        let told = say(&official, &id, wrong).await.expect(422).json;
        let codes: Vec<&str> = told["errors"].as_array().expect("errors").iter().map(|e| e["code"].as_str().expect("a code")).collect();
        assert_eq!(codes, ["unknown", "not_answered", "one_of_two", "twice"], "{told}");
        let wrong = json!([{ "code": "GV.OC-01", "value": 7, "target": 9, "priority": 2 }, { "code": "GV.OC-03", "not_applicable": true },
                           { "code": "GV.OC-04", "not_applicable": true, "value": 1, "reason": "No ports." }]);
        let told = say(&official, &id, wrong).await.expect(422).json;
        let pointers: Vec<&str> = told["errors"].as_array().expect("errors").iter().map(|e| e["pointer"].as_str().expect("a pointer")).collect();
        assert_eq!(pointers, ["/items/0/value", "/items/0/target", "/items/1/reason", "/items/2/not_applicable"], "{told}");
        assert!(all(&official, &format!("/assessments/{id}/answers")).await.is_empty(), "nothing half done");

        say(&official, &id, json!([{ "code": "GV.OC-01", "value": 1, "base_version": 0 }])).await.expect(200);
        say(&official, &id, json!([{ "code": "GV.OC-01", "value": 2, "base_version": 1 }])).await.expect(200);
        let late = say(&official, &id, json!([{ "code": "GV.OC-01", "value": 0, "base_version": 1 },
                                              { "code": "GV.OC-02", "value": 3, "base_version": 0 }])).await.expect(200).json;
        assert_eq!((&late["items"][0]["outcome"], &late["items"][1]["outcome"]), (&json!("conflict"), &json!("saved")));
        assert_eq!((&late["items"][0]["answer"]["value"], &late["items"][0]["answer"]["version"]), (&json!(2), &json!(2)));
        say(&official, &id, json!([{ "code": "GV.OC-01", "not_applicable": true, "reason": "No such body." }])).await.expect(200);
        let node = node(&official, &csf, "GV.OC-01").await;
        let now = official.get(&format!("/assessments/{id}/answers/{node}")).await.expect(200).json;
        assert_eq!((&now["value"], &now["not_applicable"], &now["reason"]), (&Value::Null, &json!(true), &json!("No such body.")));
        let changes = all(&official, &format!("/assessments/{id}/answers/{node}/changes")).await;
        assert_eq!(changes.iter().map(|change| change["said"]["value"].clone()).collect::<Vec<_>>(), [json!(1), json!(2), Value::Null]);
    }

    async fn evidence_is_a_link_or_a_file_and_is_judged_by_a_reviewer(app: TestApp) {
        let (official, reviewer) = (app.focal_point_of("KE").await, app.focal_point_of("RW").await);
        let csf = shipped(&official, "nist-csf-2.0").await;
        let id = begun(&official, "KE", &csf).await;
        say(&official, &id, json!([{ "code": "GV.OC-01", "value": 3 }])).await.expect(200);
        let route = format!("/assessments/{id}/evidence");
        let wrong = json!({ "code": "GV.OC-01", "kind": "law", "title": "Act 5", "dated": "2026-05-01", "valid_until": "2026-01-01" });
        assert_eq!(official.post(&route, wrong).await.expect(422).json["errors"][0]["pointer"], "/valid_until");
        let law = json!({ "code": "GV.OC-01", "kind": "law", "title": "Act 5 of 2018", "language": "en", "dated": "2018-05-16" });
        let law = official.post(&route, law).await.expect(201);
        let path = format!("{route}/{}", law.id());
        let pdf = b"%PDF-1.7 the act".to_vec();
        let keep = |etag: String, name: &'static str, bytes: Vec<u8>| {
            let file = format!("{path}/file?name={name}");
            let official = &official;
            async move { official.send(Method::PUT, &file, &[("if-match", &etag)], bytes).await }
        };
        assert_eq!(keep(law.header("etag").into(), "act.html", b"<script>".to_vec()).await.status, 415);
        let kept = keep(law.header("etag").into(), "Act%205.pdf", pdf.clone()).await.expect(200);
        assert_eq!(kept.json["file"]["media_type"], "application/pdf", "{}", kept.text);
        assert_eq!(official.bytes(&format!("{path}/file")).await, pdf);
        let got = official.get(&format!("{path}/file")).await.expect(200);
        assert!(got.header("content-disposition").starts_with("attachment; filename=\"TLP-AMBER-STRICT_Act"));
        assert_eq!(got.header("x-content-type-options"), "nosniff");

        name(&official, &id, &reviewer, "reviewer").await.expect(200);
        let accept = json!({ "to": "accepted" });
        let early = reviewer.post(&format!("{path}/transitions"), accept.clone()).await.expect(409);
        assert!(early.text.contains("not handed in"), "{}", early.text);
        step(&official, &id, "in_review").await.expect(200);
        assert_eq!(official.post(&format!("{path}/transitions"), accept.clone()).await.status, 403);
        assert_eq!(reviewer.post(&format!("{path}/transitions"), json!({ "to": "rejected" })).await.status, 422);
        let accepted = reviewer.post(&format!("{path}/transitions"), accept).await.expect(200);
        assert_eq!(accepted.json["status"], "accepted");
        assert_eq!(official.delete(&path, accepted.header("etag")).await.status, 409, "it is locked");
    }

    async fn a_coordinator_plans_one_in_a_program_and_helps_but_the_country_opens_it(app: TestApp) {
        let (admin, official) = (app.administrator().await, app.focal_point_of("KE").await);
        let program = json!({ "title": { "en": "CSIRT" }, "countries": [{ "country": "KE", "share": 50 }, { "country": "RW", "share": 50 }] });
        let program = admin.post("/programs", program).await.expect(201).id();
        let helper = app.with_role("helper", Role::Coordinator, None, Some(&program)).await;
        let csf = shipped(&official, "nist-csf-2.0").await;
        let alone = helper.post("/assessments", draft("KE", &csf)).await.expect(422);
        assert_eq!(alone.json["errors"][0]["pointer"], "/country", "{}", alone.text);
        let mut wrong = draft("SN", &csf);
        wrong["program_id"] = json!(program);
        assert_eq!(helper.post("/assessments", wrong).await.expect(422).json["errors"][0]["pointer"], "/program_id");
        let mut ours = draft("KE", &csf);
        (ours["program_id"], ours["purpose"]) = (json!(program), json!("facilitated"));
        let id = helper.post("/assessments", ours).await.expect(201).id();
        assert_eq!(step(&helper, &id, "in_progress").await.status, 403, "the country opens it");
        step(&official, &id, "in_progress").await.expect(200);
        assert_eq!(say(&helper, &id, json!([{ "code": "GV.OC-01", "value": 1 }])).await.status, 403);
        let section = json!({ "node_id": node(&official, &csf, "RC").await, "assignee": helper.id.to_string() });
        let section = helper.post(&format!("/assessments/{id}/sections"), section).await.expect(201).id();
        helper.post(&format!("/assessments/{id}/sections/{section}/transitions"), json!({ "to": "open" })).await.expect(200);
        say(&helper, &id, json!([{ "code": "RC.RP-01", "value": 1 }])).await.expect(200);
        let tag = official.get(&format!("/assessments/{id}")).await.expect(200).header("etag").to_owned();
        official.delete(&format!("/assessments/{id}/people/{}", helper.id), &tag).await.expect(204);
        app.parts.sessions.forget();
        assert_eq!(helper.get(&format!("/assessments/{id}/people")).await.status, 404, "the country sent the helper away");
    }

    async fn answers_go_over_to_another_framework_by_a_crosswalk_and_only_what_is_the_same_is_taken(app: TestApp) {
        let (admin, official, reviewer) = (app.administrator().await, app.focal_point_of("KE").await, app.focal_point_of("RW").await);
        let scale = json!([{ "value": 0, "code": "no", "name": { "en": "No" } }, { "value": 1, "code": "yes", "name": { "en": "Yes" } }]);
        let framework = |name: &str, nodes: &[&str]| {
            let nodes: Vec<Value> = nodes.iter().map(|code| json!({ "code": code, "kind": "outcome", "text": { "en": format!("Is there {code}?") } })).collect();
            json!({ "urn": format!("urn:test:framework:{name}"), "edition": "1", "name": { "en": name }, "publisher": "P", "license": "CC0",
                    "language": "en", "method": "weighted_mean", "scale": scale, "nodes": nodes })
        };
        let old = libraries::brought(&admin, &framework("old", &["A", "B", "C"])).await;
        let new = libraries::brought(&admin, &framework("new", &["X", "Y", "Z"])).await;
        let mut earlier = draft("KE", &json!({ "id": old }));
        let id = official.post("/assessments", earlier.clone()).await.expect(201).id();
        step(&official, &id, "in_progress").await.expect(200);
        say(&official, &id, json!([{ "code": "A", "value": 1, "comment": "Same." }, { "code": "B", "value": 1, "comment": "Part." },
                                   { "code": "C", "value": 0, "comment": "More." }])).await.expect(200);
        name(&official, &id, &reviewer, "reviewer").await.expect(200);
        step(&official, &id, "in_review").await.expect(200);
        step(&reviewer, &id, "validated").await.expect(200);
        earlier["framework_id"] = json!(new);
        earlier["previous_id"] = json!(id);
        let none = official.post("/assessments", earlier.clone()).await.expect(422);
        assert_eq!((&none.json["errors"][0]["code"], all(&official, "/assessments").await.len()), (&json!("no_crosswalk"), 1), "{}", none.text);
        let nodes = all(&official, &format!("/frameworks/{new}/nodes")).await;
        assert!(nodes[0]["urn"].as_str().is_some_and(|found| found.ends_with(":X")), "{}", nodes[0]["urn"]);
        let of = |rows: &[Value], code: &str| rows.iter().find(|row| row["code"] == code).expect("a node")["urn"].clone();
        let olds = all(&official, &format!("/frameworks/{old}/nodes")).await;
        let crosswalk = json!({ "urn": "urn:test:crosswalk:old-new", "edition": "1", "name": { "en": "Old to new" }, "publisher": "P", "license": "CC0",
            "source": "urn:test:framework:old", "target": "urn:test:framework:new",
            "mappings": [{ "source": of(&olds, "A"), "target": of(&nodes, "X"), "relation": "equal" },
                         { "source": of(&olds, "B"), "target": of(&nodes, "Y"), "relation": "intersects" },
                         { "source": of(&olds, "C"), "target": of(&nodes, "Z"), "relation": "superset" }] });
        libraries::brought(&admin, &crosswalk).await;
        let next = official.post("/assessments", earlier).await.expect(201).id();
        let carried = all(&official, &format!("/assessments/{next}/answers")).await;
        let told: Vec<(&Value, &Value, &Value)> = carried.iter().map(|row| (&row["code"], &row["value"], &row["comment"])).collect();
        assert_eq!(told, [(&json!("X"), &json!(1), &json!("Same.")), (&json!("Y"), &Value::Null, &json!("Part.")), (&json!("Z"), &json!(0), &json!("More."))]);
        assert!(carried.iter().all(|row| row["carried"] == true));
        let used = admin.get(&format!("/frameworks/{old}")).await.expect(200);
        let kept = admin.delete(&format!("/frameworks/{old}"), used.header("etag")).await.expect(409);
        assert!(kept.text.contains("in use"), "{}", kept.text);
    }
}
