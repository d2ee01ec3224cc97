//! Budgets and members of programs.

use cybercap::kernel::access::Role;
use serde_json::{Value, json};

use crate::support::TestApp;

fn line() -> Value {
    json!({
        "kind": "original", "status": "indicative", "period_start": "2027-01-01", "period_end": "2027-12-31",
        "value": { "amount": "1200.5", "currency": "KES" }, "value_date": "2026-11-20",
    })
}

on_both_databases! {
    async fn money_is_entered_by_period_and_currency(app: TestApp) {
        let coordinator = app.coordinator().await;
        let body = json!({ "title": { "en": "CSIRT" }, "countries": [{ "country": "KE" }] });
        let program = coordinator.post("/programs", body).await.expect(201).id();
        let path = format!("/programs/{program}/budgets");

        let made = coordinator.post(&path, line()).await.expect(201);
        assert_eq!(made.json["value"], json!({ "amount": "1200.50", "currency": "KES" }));
        let mut second = line();
        second["period_start"] = json!("2026-01-01");
        second["period_end"] = json!("2026-12-31");
        second["value"] = json!({ "amount": "99999999999999", "currency": "XOF" });
        coordinator.post(&path, second).await.expect(201);

        let list = coordinator.get(&format!("{path}?limit=1&count=exact")).await.expect(200);
        assert_eq!(list.json["items"][0]["value"]["amount"], "99999999999999.00");
        assert_eq!(list.json["total"], 2);
        let next = coordinator.get(&format!("{path}?limit=1&count=exact&cursor={}", list.json["next"].as_str().expect("more"))).await;
        assert_eq!(next.expect(200).json["items"][0]["id"], made.json["id"]);
        assert_eq!(coordinator.get(&format!("{path}?currency=KES")).await.json["items"].as_array().map(Vec::len), Some(1));

        let one = format!("{path}/{}", made.id());
        let changed = coordinator.patch(&one, made.header("etag"), json!({ "status": "committed" })).await.expect(200);
        assert_eq!(changed.json["status"], "committed");
        coordinator.patch(&one, made.header("etag"), json!({ "status": "indicative" })).await.expect(412);
        coordinator.delete(&one, changed.header("etag")).await.expect(204);
        coordinator.get(&one).await.expect(404);
    }

    async fn a_wrong_line_is_told_every_fault(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = coordinator.post("/programs", json!({ "title": { "en": "CSIRT" } })).await.expect(201).id();
        let mut wrong = line();
        wrong["period_end"] = json!("2028-02-01");
        wrong["value_date"] = json!("2026-12-01");
        wrong["value"]["currency"] = json!("ZZZ");

        let refused = coordinator.post(&format!("/programs/{program}/budgets"), wrong).await.expect(422);

        let codes: Vec<&str> = refused.json["errors"].as_array().expect("errors").iter().filter_map(|e| e["code"].as_str()).collect();
        assert_eq!(codes, ["longer_than_a_year", "in_the_future", "unknown_value"]);
    }

    async fn budgets_are_for_the_people_of_the_program_and_its_countries(app: TestApp) {
        let coordinator = app.coordinator().await;
        let body = json!({ "title": { "en": "CSIRT" }, "countries": [{ "country": "KE" }] });
        let program = coordinator.post("/programs", body).await.expect(201).id();
        let other = coordinator.post("/programs", json!({ "title": { "en": "Other" } })).await.expect(201).id();
        let path = format!("/programs/{program}/budgets");
        let made = coordinator.post(&path, line()).await.expect(201);
        let kenya = app.focal_point_of("KE").await;

        kenya.get(&path).await.expect(200);
        kenya.post(&path, line()).await.expect(403);
        app.with_role("ob", Role::Observer, None, Some(&program)).await.get(&path).await.expect(403);
        app.focal_point_of("GH").await.get(&path).await.expect(404);
        // A line is reached through its own program only.
        coordinator.get(&format!("/programs/{other}/budgets/{}", made.id())).await.expect(404);
    }

    async fn coordinators_add_trainers_and_administrators_add_coordinators(app: TestApp) {
        let (coordinator, admin) = (app.coordinator().await, app.administrator().await);
        let body = json!({ "title": { "en": "CSIRT" }, "countries": [{ "country": "KE" }] });
        let program = coordinator.post("/programs", body).await.expect(201).id();
        let path = format!("/programs/{program}/members");
        let newcomer = app.with_role("newcomer", Role::Observer, Some("GH"), None).await;
        newcomer.get(&format!("/programs/{program}")).await.expect(404);
        let member = |role: &str| json!({ "user_id": newcomer.id.to_string(), "role": role });

        coordinator.post(&path, member("coordinator")).await.expect(403);
        // To a coordinator, people of other countries do not exist; those of the program's do.
        assert_eq!(coordinator.post(&path, member("trainer")).await.expect(422).json["errors"][0]["code"], "unknown_person");
        let observer = json!({ "role": "observer", "country": "KE" });
        admin.post(&format!("/users/{}/grants", newcomer.id), observer).await.expect(201);
        newcomer.get(&format!("/programs/{program}")).await.expect(200);
        let trainer = coordinator.post(&path, member("trainer")).await.expect(201);
        assert_eq!(trainer.json["name"], "newcomer");
        newcomer.get(&format!("/programs/{program}")).await.expect(200);
        assert_eq!(coordinator.post(&path, member("trainer")).await.expect(409).code(), "already_exists");
        admin.post(&path, member("coordinator")).await.expect(201);
        let listed = newcomer.get(&path).await.expect(200);
        let roles: Vec<&str> = listed.json["items"].as_array().expect("items").iter().filter_map(|m| m["role"].as_str()).collect();
        assert_eq!(roles, ["coordinator", "trainer", "coordinator"]);
        let kenya = app.focal_point_of("KE").await;
        kenya.get(&path).await.expect(200);
        kenya.post(&path, member("observer")).await.expect(403);

        let one = format!("{path}/{}", trainer.id());
        coordinator.send(awc::http::Method::DELETE, &one, &[], Vec::new()).await.expect(428);
        coordinator.delete(&one, trainer.header("etag")).await.expect(204);
        coordinator.get(&one).await.expect(404);
        let unknown = json!({ "user_id": "01936f1e-7b7a-7c3d-9c55-0a6b8c1d2e3f", "role": "observer" });
        assert_eq!(coordinator.post(&path, unknown).await.expect(422).json["errors"][0]["code"], "unknown_person");
    }

    async fn a_removed_member_sees_the_program_no_more(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = coordinator.post("/programs", json!({ "title": { "en": "CSIRT" } })).await.expect(201).id();
        let observer = app.with_role("ob", Role::Observer, None, Some(&program)).await;
        observer.get(&format!("/programs/{program}")).await.expect(200);
        observer.get(&format!("/programs/{program}/members")).await.expect(403);
        let members = coordinator.get(&format!("/programs/{program}/members?role=observer")).await.expect(200);
        let id = members.json["items"][0]["id"].as_str().expect("an id").to_owned();

        coordinator.delete(&format!("/programs/{program}/members/{id}"), "\"1-en\"").await.expect(204);

        observer.get(&format!("/programs/{program}")).await.expect(404);
        assert_eq!(observer.get("/programs").await.status, 403);
    }
}
