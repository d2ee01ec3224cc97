//! The life of a program and the guards of each step.

use serde_json::{Value, json};

use crate::support::{Answer, Person, TestApp};

/// The names of the guards that a refusal lists.
fn guards(answer: &Answer) -> Vec<String> {
    let errors = answer.json["errors"].as_array().cloned().unwrap_or_default();
    errors.iter().map(|e| e["code"].as_str().unwrap_or("").to_owned()).collect()
}

async fn entered(by: &Person, body: Value) -> String {
    by.post("/programs", body).await.expect(201).id()
}

async fn moved(by: &Person, id: &str, to: &str) -> Answer {
    by.post(&format!("/programs/{id}/transitions"), json!({ "to": to, "reason": "as agreed" })).await
}

async fn changed(by: &Person, id: &str, patch: Value) -> Answer {
    let etag = by.get(&format!("/programs/{id}")).await.expect(200).header("etag").to_owned();
    by.patch(&format!("/programs/{id}"), &etag, patch).await
}

/// A program in Kenya and Rwanda that runs.
async fn running(app: &TestApp, by: &Person, kenya: &Person) -> String {
    let body = json!({
        "title": { "en": "CSIRT set-up" },
        "actual_start": "2026-10-01",
        "countries": [{ "country": "KE" }, { "country": "RW" }],
    });
    let id = entered(by, body).await;
    kenya.post(&format!("/programs/{id}/countries/KE/acknowledgements"), json!({})).await.expect(201);
    moved(by, &id, "implementation").await.expect(200);
    app.parts.sessions.forget();
    id
}

on_both_databases! {
    async fn a_program_starts_when_its_start_a_coordinator_and_a_country_are_known(app: TestApp) {
        let coordinator = app.coordinator().await;
        let kenya = app.focal_point_of("KE").await;
        let body = json!({ "title": { "en": "CSIRT" }, "countries": [{ "country": "KE" }] });
        let id = entered(&coordinator, body).await;

        let refused = moved(&coordinator, &id, "implementation").await.expect(409);
        assert_eq!(refused.code(), "guard_failed");
        assert_eq!(guards(&refused), ["actual_start_known", "country_acknowledged"]);

        // A year is not a day.
        changed(&coordinator, &id, json!({ "actual_start": "2026" })).await.expect(200);
        let refused = moved(&coordinator, &id, "implementation").await.expect(409);
        assert_eq!(guards(&refused), ["actual_start_known", "country_acknowledged"]);
        changed(&coordinator, &id, json!({ "actual_start": "2026-11-02" })).await.expect(200);
        assert_eq!(guards(&moved(&coordinator, &id, "implementation").await.expect(409)), ["country_acknowledged"]);

        let seen = kenya.post(&format!("/programs/{id}/countries/KE/acknowledgements"), json!({})).await.expect(201);
        assert_eq!(seen.json["countries"][0]["acknowledged_at"], "2026-11-22T08:00:00Z");
        let done = moved(&coordinator, &id, "implementation").await.expect(200);
        assert_eq!(done.json["status"], "implementation");
        assert_eq!(done.json["allowed_transitions"], json!(["finalisation", "cancelled", "suspended"]));
    }

    async fn a_program_without_a_coordinator_in_force_does_not_start(app: TestApp) {
        let admin = app.administrator().await;
        let kenya = app.focal_point_of("KE").await;
        let body =
            json!({ "title": { "en": "CSIRT" }, "actual_start": "2026-11-01", "countries": [{ "country": "KE" }] });
        let id = entered(&admin, body).await;
        kenya.post(&format!("/programs/{id}/countries/KE/acknowledgements"), json!({})).await.expect(201);

        assert_eq!(guards(&moved(&admin, &id, "implementation").await.expect(409)), ["coordinator_present"]);
    }

    async fn only_the_countrys_own_focal_point_acknowledges_and_once(app: TestApp) {
        let coordinator = app.coordinator().await;
        let (kenya, ghana) = (app.focal_point_of("KE").await, app.focal_point_of("GH").await);
        let body = json!({ "title": { "en": "CSIRT" }, "countries": [{ "country": "KE" }, { "country": "RW" }] });
        let id = entered(&coordinator, body).await;
        let path = |iso2: &str| format!("/programs/{id}/countries/{iso2}/acknowledgements");

        ghana.post(&path("KE"), json!({})).await.expect(404);
        kenya.post(&path("RW"), json!({})).await.expect(403);
        kenya.post(&path("GH"), json!({})).await.expect(404);
        coordinator.post(&path("KE"), json!({})).await.expect(403);
        let before = coordinator.get(&format!("/programs/{id}")).await;
        assert_eq!(before.json["countries"][0]["acknowledged_at"], Value::Null);

        kenya.post(&path("KE"), json!({})).await.expect(201);
        assert_eq!(kenya.post(&path("KE"), json!({})).await.expect(409).code(), "already_exists");
        let after = coordinator.get(&format!("/programs/{id}")).await;
        assert_ne!(before.header("etag"), after.header("etag"));
    }

    async fn closing_takes_a_report_and_a_second_person(app: TestApp) {
        let (coordinator, admin) = (app.coordinator().await, app.administrator().await);
        let kenya = app.focal_point_of("KE").await;
        let id = running(&app, &coordinator, &kenya).await;
        moved(&coordinator, &id, "finalisation").await.expect(200);

        let refused = moved(&coordinator, &id, "closed").await.expect(409);
        assert_eq!(guards(&refused), ["final_report_present", "second_person"]);
        assert_eq!(guards(&moved(&admin, &id, "closed").await.expect(409)), ["final_report_present"]);
        changed(&coordinator, &id, json!({ "final_report": "https://example.org/final.pdf" })).await.expect(200);
        assert_eq!(guards(&moved(&coordinator, &id, "closed").await.expect(409)), ["second_person"]);

        let closed = moved(&admin, &id, "closed").await.expect(200);
        assert_eq!(closed.json["status"], "closed");
        assert_eq!(closed.json["allowed_transitions"], json!([]));
        moved(&admin, &id, "implementation").await.expect(409);
    }

    async fn a_suspended_program_returns_to_implementation_and_a_cancelled_one_stays(app: TestApp) {
        let coordinator = app.coordinator().await;
        let kenya = app.focal_point_of("KE").await;
        let id = running(&app, &coordinator, &kenya).await;
        let path = format!("/programs/{id}/transitions");

        let unsaid = coordinator.post(&path, json!({ "to": "suspended" })).await.expect(422);
        assert_eq!(unsaid.json["errors"][0]["pointer"], "/reason");
        moved(&coordinator, &id, "suspended").await.expect(200);
        let wrong = moved(&coordinator, &id, "closed").await.expect(409);
        assert!(wrong.text.contains("implementation"), "{}", wrong.text);
        moved(&coordinator, &id, "implementation").await.expect(200);
        moved(&coordinator, &id, "cancelled").await.expect(200);
        moved(&coordinator, &id, "implementation").await.expect(409);

        // A program that was suspended before it ever started starts only by the same guards.
        let other = entered(&coordinator, json!({ "title": { "en": "Second" } })).await;
        moved(&coordinator, &other, "suspended").await.expect(200);
        assert_eq!(moved(&coordinator, &other, "implementation").await.expect(409).code(), "guard_failed");
    }

    async fn moving_a_program_is_not_for_its_countries_and_strangers_do_not_see_it(app: TestApp) {
        let coordinator = app.coordinator().await;
        let (kenya, ghana) = (app.focal_point_of("KE").await, app.focal_point_of("GH").await);
        let body = json!({ "title": { "en": "CSIRT" }, "countries": [{ "country": "KE" }] });
        let id = entered(&coordinator, body).await;

        moved(&kenya, &id, "cancelled").await.expect(403);
        moved(&ghana, &id, "cancelled").await.expect(404);
        assert_eq!(kenya.get(&format!("/programs/{id}")).await.expect(200).json["allowed_transitions"], json!([]));
        assert_eq!(coordinator.get(&format!("/programs/{id}")).await.json["status"], "pipeline");
    }

    async fn what_happens_to_a_program_is_told_once(app: TestApp) {
        let coordinator = app.coordinator().await;
        let kenya = app.focal_point_of("KE").await;
        let id = running(&app, &coordinator, &kenya).await;
        moved(&coordinator, &id, "closed").await.expect(409);

        let told = events(&app).await;

        assert_eq!(told, ["program.acknowledged", "program.status_changed"]);
    }
}

async fn events(app: &TestApp) -> Vec<String> {
    use cybercap::platform::schema::domain_events;
    use diesel::prelude::*;
    let read = app.parts.db.read(|tx| {
        let kinds = domain_events::table
            .select(domain_events::kind)
            .filter(domain_events::kind.like("program.%"))
            .order(domain_events::id);
        Ok(kinds.load::<String>(tx.conn())?)
    });
    read.await.expect("the events")
}
