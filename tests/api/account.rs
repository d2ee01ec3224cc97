//! One's own account.

use serde_json::json;

use crate::support::TestApp;

on_both_databases! {
    async fn a_person_learns_who_they_are_and_a_stranger_does_not(app: TestApp) {
        let kenya = app.focal_point_of("KE").await;

        let me = kenya.get("/me").await.expect(200);

        assert_eq!(me.json["roles"], json!([{ "role": "focal_point", "country": "KE", "program_id": null }]));
        assert_eq!(me.header("etag"), "\"1-en\"");
        assert_eq!(app.anyone().get("/me").await.expect(401).code(), "unauthenticated");
    }
}
