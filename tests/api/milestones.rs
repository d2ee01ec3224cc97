//! Milestones: planned, handed in, accepted by the country, listed across programs.

use cybercap::kernel::access::Role;
use serde_json::{Value, json};

use crate::support::{Person, TestApp};

/// A program of a coordinator in these countries.
pub async fn program(coordinator: &Person, countries: &[&str]) -> String {
    let countries: Vec<Value> = countries.iter().map(|country| json!({ "country": country })).collect();
    let draft =
        json!({ "title": { "en": "CSIRTs together", "fr": "Les CSIRT ensemble" }, "countries": countries });
    coordinator.post("/programs", draft).await.expect(201).id()
}

/// A milestone of a program.
pub async fn milestone(by: &Person, program: &str, draft: Value) -> Value {
    by.post(&format!("/programs/{program}/milestones"), draft).await.expect(201).json
}

pub fn path(milestone: &Value) -> String {
    format!("/milestones/{}", milestone["id"].as_str().expect("an id"))
}

pub fn step(to: &str, reason: Option<&str>) -> Value {
    json!({ "to": to, "reason": reason })
}

fn titles(list: &Value) -> Vec<&str> {
    list["items"].as_array().expect("items").iter().filter_map(|m| m["title"].as_str()).collect()
}

on_both_databases! {
    async fn the_owner_hands_in_and_the_country_hands_back_and_accepts(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["SN", "KE"]).await;
        let senegal = app.focal_point_of("SN").await;
        let kenya = app.focal_point_of("KE").await;
        let owner = app.with_role("owner", Role::Contributor, Some("SN"), None).await;
        let made = milestone(&coordinator, &program, json!({
            "title": "National plan", "due": "2027-03-31", "country": "SN", "owner": owner.id.to_string(),
            "weight": 3,
        })).await;
        let at = format!("{}/transitions", path(&made));
        assert_eq!(made["status"], "planned");
        assert_eq!(made["owner"]["name"], "owner");
        assert_eq!(made["missed"], false);
        assert_eq!(made["allowed_transitions"], json!(["in_progress", "cancelled"]));

        owner.post(&at, step("in_progress", None)).await.expect(200);
        let bare = owner.post(&at, step("submitted", None)).await.expect(409);
        assert_eq!(bare.code(), "guard_failed");
        assert_eq!(bare.json["errors"][0]["pointer"], "/reason");
        let link = json!({ "to": "submitted", "deliverable_url": "https://sn.example/plan.pdf" });
        let submitted = owner.post(&at, link).await.expect(200);
        assert_eq!(submitted.json["allowed_transitions"], json!([]));
        assert_eq!(submitted.json["submitted_by"]["name"], "owner");

        coordinator.post(&at, step("accepted", None)).await.expect(403);
        owner.post(&at, step("accepted", None)).await.expect(403);
        kenya.get(&path(&made)).await.expect(404);
        kenya.post(&at, step("accepted", None)).await.expect(404);
        senegal.post(&at, step("returned", None)).await.expect(409);
        let returned = senegal.post(&at, step("returned", Some("Annex B is missing"))).await.expect(200);
        assert_eq!(returned.json["note"], "Annex B is missing");
        owner.post(&at, step("submitted", None)).await.expect(200);
        let accepted = senegal.post(&at, step("accepted", None)).await.expect(200);
        assert_eq!(accepted.json["accepted_by"]["id"], senegal.id.to_string());
        assert_eq!(accepted.json["allowed_transitions"], json!([]));
        let over = senegal.post(&at, step("returned", Some("late"))).await.expect(409);
        assert_eq!(over.code(), "conflict");
    }

    async fn nobody_accepts_what_they_handed_in_themselves(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["SN"]).await;
        let senegal = app.focal_point_of("SN").await;
        let second = app.with_role("second", Role::Coordinator, None, Some(&program)).await;
        let country = milestone(&coordinator, &program, json!({ "title": "By the country", "due": "2027-01-01" })).await;
        let ours = milestone(&coordinator, &program, json!({
            "title": "By us", "due": "2027-01-01", "acceptance": "coordinator",
        })).await;
        for made in [&country, &ours] {
            let at = format!("{}/transitions", path(made));
            let by = if made == &country { &senegal } else { &coordinator };
            by.post(&at, step("in_progress", None)).await.expect(200);
            by.post(&at, step("submitted", Some("Held on site"))).await.expect(200);
        }
        let refused = senegal.post(&format!("{}/transitions", path(&country)), step("accepted", None)).await.expect(403);
        assert!(refused.json["detail"].as_str().is_some_and(|words| words.contains("You handed it in")));
        coordinator.post(&format!("{}/transitions", path(&ours)), step("accepted", None)).await.expect(403);
        senegal.post(&format!("{}/transitions", path(&ours)), step("accepted", None)).await.expect(403);
        second.post(&format!("{}/transitions", path(&ours)), step("accepted", None)).await.expect(200);
    }

    async fn a_country_sees_its_own_milestones_and_shared_ones_and_nothing_of_another(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["SN", "KE"]).await;
        for (title, country) in [("For all", None), ("For Senegal", Some("SN")), ("For Kenya", Some("KE"))] {
            milestone(&coordinator, &program, json!({ "title": title, "due": "2027-01-01", "country": country })).await;
        }
        let senegal = app.focal_point_of("SN").await;
        let ghana = app.focal_point_of("GH").await;

        let seen = senegal.get(&format!("/programs/{program}/milestones?count=exact")).await.expect(200);
        assert_eq!(titles(&seen.json), ["For all", "For Senegal"]);
        assert_eq!(seen.json["total"], 2);
        assert_eq!(titles(&senegal.get("/milestones").await.expect(200).json), ["For all", "For Senegal"]);
        assert_eq!(titles(&coordinator.get("/milestones").await.expect(200).json).len(), 3);
        ghana.get(&format!("/programs/{program}/milestones")).await.expect(404);
        assert_eq!(ghana.get("/milestones").await.expect(200).json["items"], json!([]));
        let trainer = app.with_role("trainer", Role::Trainer, None, Some(&program)).await;
        trainer.get("/milestones").await.expect(403);
    }

    async fn every_rule_that_is_broken_is_named_at_once(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["SN"]).await;
        let stranger = app.focal_point_of("GH").await;
        let other = milestone(&coordinator, &self::program(&coordinator, &["SN"]).await, json!({ "title": "x", "due": "2027-01-01" })).await;

        let refused = coordinator.post(&format!("/programs/{program}/milestones"), json!({
            "title": "Plan", "due": "2027-03-31", "country": "KE", "owner": stranger.id.to_string(),
            "predecessor": other["id"],
        })).await.expect(422);

        let faults: Vec<_> = refused.json["errors"].as_array().expect("errors").iter()
            .map(|e| (e["pointer"].as_str().unwrap_or(""), e["code"].as_str().unwrap_or(""))).collect();
        assert_eq!(faults, [("/country", "not_in_program"), ("/owner", "not_a_member"), ("/predecessor", "not_in_program")]);
        let weight = coordinator.post(&format!("/programs/{program}/milestones"), json!({ "title": "P", "due": "2027-02-30", "weight": 1001 })).await.expect(422);
        assert_eq!(weight.json["errors"].as_array().map(Vec::len), Some(2));
        assert_eq!(coordinator.get(&format!("/programs/{program}/milestones")).await.json["items"], json!([]));
    }

    async fn a_country_stays_in_the_program_while_its_milestones_are_open(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["SN", "KE"]).await;
        let made = milestone(&coordinator, &program, json!({ "title": "Plan", "due": "2027-01-01", "country": "SN" })).await;
        let at = format!("/programs/{program}");
        let etag = coordinator.get(&at).await.expect(200).header("etag").to_owned();
        let only_kenya = json!({ "countries": [{ "country": "KE" }] });

        let refused = coordinator.patch(&at, &etag, only_kenya.clone()).await.expect(422);
        assert_eq!(refused.json["errors"][0]["code"], "has_open_milestones");
        assert_eq!(refused.json["errors"][0]["pointer"], "/countries");
        coordinator.post(&format!("{}/transitions", path(&made)), step("cancelled", Some("Postponed"))).await.expect(200);
        coordinator.patch(&at, &etag, only_kenya).await.expect(200);
    }

    async fn milestones_do_not_wait_for_each_other_in_a_circle(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &[]).await;
        let first = milestone(&coordinator, &program, json!({ "title": "1", "due": "2027-01-01" })).await;
        let second = milestone(&coordinator, &program, json!({ "title": "2", "due": "2027-02-01", "predecessor": first["id"] })).await;
        let third = milestone(&coordinator, &program, json!({ "title": "3", "due": "2027-03-01", "predecessor": second["id"] })).await;

        for wanted in [&third["id"], &first["id"]] {
            let refused = coordinator.patch(&path(&first), "\"1-en\"", json!({ "predecessor": wanted })).await.expect(422);
            assert_eq!(refused.json["errors"][0]["code"], "cycle");
        }
        coordinator.patch(&path(&third), "\"1-en\"", json!({ "predecessor": null })).await.expect(200);
        coordinator.patch(&path(&first), "\"1-en\"", json!({ "predecessor": third["id"] })).await.expect(200);
    }

    async fn a_planned_milestone_is_deleted_and_leaves_a_tombstone(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &[]).await;
        let first = milestone(&coordinator, &program, json!({ "title": "1", "due": "2027-01-01" })).await;
        let second = milestone(&coordinator, &program, json!({ "title": "2", "due": "2027-02-01", "predecessor": first["id"] })).await;
        coordinator.delete(&path(&first), "\"1-en\"").await.expect(409);
        app.at("2026-11-22T08:05:00Z");
        coordinator.delete(&path(&second), "\"1-en\"").await.expect(204);
        coordinator.get(&path(&second)).await.expect(404);

        let list = coordinator.get("/milestones").await.expect(200);
        assert_eq!(titles(&list.json), ["1"]);
        let changed = coordinator.get("/milestones?updated_since=2026-11-22T08:05:00Z").await.expect(200);
        assert_eq!(changed.json["items"], json!([{ "id": second["id"], "deleted_at": "2026-11-22T08:05:00Z" }]));
        coordinator.post(&format!("{}/transitions", path(&first)), step("in_progress", None)).await.expect(200);
        coordinator.delete(&path(&first), "\"2-en\"").await.expect(409);
    }

    async fn lists_across_programs_find_mine_what_is_overdue_and_the_next_30_days(app: TestApp) {
        let coordinator = app.coordinator().await;
        let mine = app.with_role("mine", Role::Contributor, Some("SN"), None).await;
        for (program_no, country) in [(0, "SN"), (1, "KE")] {
            let program = program(&coordinator, &[country]).await;
            for (title, due) in [("late", "2026-11-01"), ("soon", "2026-12-10"), ("far", "2027-06-01")] {
                let owner = (program_no == 0 && title != "far").then(|| mine.id.to_string());
                milestone(&coordinator, &program, json!({
                    "title": format!("{title} {country}"), "due": due, "country": country, "owner": owner,
                })).await;
            }
        }
        for (query, expected) in [
            ("overdue=true", vec!["late SN", "late KE"]),
            ("overdue=false&country=SN", vec!["soon SN", "far SN"]),
            ("due_within=30", vec!["soon SN", "soon KE"]),
            ("due_before=2026-12-10", vec!["late SN", "late KE"]),
            ("due_after=2027-01-01&sort=-due", vec!["far KE", "far SN"]),
            ("country=KE", vec!["late KE", "soon KE", "far KE"]),
            ("status=submitted", vec![]),
        ] {
            let list = coordinator.get(&format!("/milestones?{query}")).await.expect(200);
            assert_eq!(titles(&list.json), expected, "{query}");
        }
        assert_eq!(titles(&mine.get("/milestones?mine=true").await.expect(200).json), ["late SN", "soon SN"]);
        let owner = format!("/milestones?owner={}&overdue=true", mine.id);
        assert_eq!(titles(&coordinator.get(&owner).await.expect(200).json), ["late SN"]);
        let wrong = coordinator.get("/milestones?overdue=perhaps&due_within=soon&colour=red").await.expect(422);
        assert_eq!(wrong.json["errors"].as_array().map(Vec::len), Some(3));
    }

    async fn a_day_passes_first_where_the_sun_rises_first(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["FJ", "SN", "CK"]).await;
        for country in ["FJ", "SN", "CK"] {
            milestone(&coordinator, &program, json!({ "title": country, "due": "2026-12-01", "country": country })).await;
        }
        for (now, expected) in [
            ("2026-12-01T09:59:00Z", vec![]),
            ("2026-12-01T12:01:00Z", vec!["FJ"]),
            ("2026-12-02T00:01:00Z", vec!["FJ", "SN"]),
            ("2026-12-02T10:01:00Z", vec!["FJ", "SN", "CK"]),
        ] {
            app.at(now);
            let watcher = app.with_role(&now[8..13].to_lowercase(), Role::Administrator, None, None).await;
            let list = watcher.get("/milestones?overdue=true").await.expect(200);
            assert_eq!(titles(&list.json), expected, "{now}");
            let all = watcher.get("/milestones").await.expect(200);
            let missed = all.json["items"].as_array().expect("items").iter().filter(|m| m["missed"] == true);
            assert_eq!(missed.count(), expected.len(), "{now}");
        }
    }

    async fn pages_follow_each_other_without_gap_in_every_order(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &[]).await;
        for month in 1..=7 {
            milestone(&coordinator, &program, json!({ "title": format!("m{month}"), "due": format!("2027-0{}-01", 1 + month / 2) })).await;
        }
        for sort in ["due", "-due", "updated_at", "-updated_at"] {
            let mut seen = Vec::new();
            let mut next = format!("/milestones?limit=2&sort={sort}");
            loop {
                let page = coordinator.get(&next).await.expect(200);
                seen.extend(titles(&page.json).into_iter().map(str::to_owned));
                let Some(cursor) = page.json["next"].as_str() else { break };
                next = format!("/milestones?limit=2&sort={sort}&cursor={cursor}");
            }
            let mut whole = seen.clone();
            whole.sort();
            whole.dedup();
            assert_eq!((seen.len(), whole.len()), (7, 7), "{sort}");
        }
    }

    async fn an_obligation_that_comes_back_is_written_out(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &[]).await;
        let first = milestone(&coordinator, &program, json!({
            "title": { "en": "Quarterly report", "fr": "Rapport trimestriel" }, "due": "2026-12-31",
            "repeat": { "every": "quarter", "count": 4 },
        })).await;
        assert_eq!(first["title"], "Quarterly report (1/4)");

        let series = format!("/milestones?series={}", first["series_id"].as_str().expect("a series"));
        let list = coordinator.get(&series).await.expect(200);
        let due: Vec<_> = list.json["items"].as_array().expect("items").iter().map(|m| m["due"].as_str()).collect();
        assert_eq!(due, [Some("2026-12-31"), Some("2027-03-31"), Some("2027-06-30"), Some("2027-09-30")]);
        let refused = coordinator.post(&format!("/programs/{program}/milestones"), json!({
            "title": "x", "due": "2026-12-31", "repeat": { "every": "month" },
        })).await.expect(422);
        assert_eq!(refused.json["errors"][0]["code"], "count_or_until");
    }

    async fn what_happens_to_a_milestone_is_told_once(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["SN"]).await;
        let owner = app.with_role("owner", Role::Contributor, Some("SN"), None).await;
        let before = events(&app).await.len();
        let draft = json!({ "title": "Plan", "due": "2027-03-31", "owner": owner.id.to_string() });
        let key = [("content-type", "application/json"), ("idempotency-key", "once")];
        let route = format!("/programs/{program}/milestones");
        for _ in 0..2 {
            coordinator.send(awc::http::Method::POST, &route, &key, draft.to_string().into_bytes()).await.expect(201);
        }
        let list = coordinator.get("/milestones").await.expect(200);
        assert_eq!(titles(&list.json), ["Plan"]);
        owner.post(&format!("{}/transitions", path(&list.json["items"][0])), step("in_progress", None)).await.expect(200);

        let told = events(&app).await.split_off(before);
        let kinds: Vec<&str> = told.iter().map(|(kind, _)| kind.as_str()).collect();
        assert_eq!(kinds, ["milestone.assigned", "milestone.status_changed"]);
        assert_eq!(told[0].1["owner_id"], owner.id.to_string());
        assert_eq!(told[1].1["to"], "in_progress");
    }
}

/// The events recorded so far.
pub async fn events(app: &TestApp) -> Vec<(String, Value)> {
    use cybercap::platform::schema::domain_events;
    use diesel::prelude::*;
    let read = app.parts.db.read(|tx| {
        let rows: Vec<(String, String)> = domain_events::table
            .select((domain_events::kind, domain_events::body))
            .order(domain_events::id)
            .load(tx.conn())?;
        Ok(rows)
    });
    let rows = read.await.expect("events");
    rows.into_iter().map(|(kind, body)| (kind, serde_json::from_str(&body).expect("JSON"))).collect()
}
