//! Programs: entered, seen, changed.

use serde_json::json;

use crate::support::TestApp;

on_both_databases! {
    async fn a_coordinator_enters_a_program_with_nothing_but_a_title(app: TestApp) {
        let coordinator = app.coordinator().await;

        let made = coordinator.post("/programs", json!({ "title": { "en": "CSIRT for Kenya" } })).await.expect(201);

        assert_eq!(made.json["status"], "pipeline");
        assert_eq!(made.header("location"), format!("/api/v1/programs/{}", made.id()));
        let seen = coordinator.get(&format!("/programs/{}", made.id())).await.expect(200);
        assert_eq!(seen.json, made.json);
        let list = coordinator.get("/programs").await.expect(200);
        assert_eq!(list.json["items"], json!([seen.json]));
    }
}
