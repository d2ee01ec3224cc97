//! The register of organizations.

use cybercap::kernel::access::Role;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp};

fn undp() -> Value {
    json!({
        "names": { "en": "United Nations Development Programme", "fr": "Programme des Nations Unies pour le développement" },
        "acronym": "UNDP", "kind": "implementer", "type_code": "40", "iati_id": "XM-DAC-41114", "website": "https://www.undp.org/",
    })
}

fn count(answer: &Answer) -> usize {
    answer.json["items"].as_array().map_or(0, Vec::len)
}

on_both_databases! {
    async fn an_organization_is_registered_once_and_found_by_any_part_of_its_names(app: TestApp) {
        let admin = app.administrator().await;
        let reader = app.with_role("observer", Role::Observer, Some("KE"), None).await;

        let made = admin.post("/organizations", undp()).await.expect(201);

        assert_eq!(made.json["iati_id"], "XM-DAC-41114");
        assert_eq!(made.json["permissions"], json!(["organizations.edit"]));
        assert_eq!(admin.post("/organizations", undp()).await.expect(409).code(), "already_exists");
        for q in ["DEVELOPPEMENT", "nations%20unies", "undp", "xm-dac", "ment%20pro"] {
            assert_eq!(count(&reader.get(&format!("/organizations?q={q}")).await.expect(200)), 1, "{q}");
        }
        assert_eq!(count(&reader.get("/organizations?q=unesco").await.expect(200)), 0);
        assert_eq!(count(&reader.get("/organizations?kind=donor").await.expect(200)), 0);
        assert_eq!(count(&reader.get("/organizations?type_code=40&iati_id=XM-DAC-41114").await.expect(200)), 1);
        let shown = reader.get(&format!("/organizations/{}", made.id())).await.expect(200);
        assert_eq!(shown.json["permissions"], json!([]));
    }

    async fn only_administrators_and_coordinators_write_the_register(app: TestApp) {
        let admin = app.administrator().await;
        let made = admin.post("/organizations", undp()).await.expect(201);
        let path = format!("/organizations/{}", made.id());
        let official = app.focal_point_of("KE").await;
        let coordinator = app.coordinator().await;

        official.post("/organizations", undp()).await.expect(403);
        official.patch(&path, made.header("etag"), json!({ "acronym": "X" })).await.expect(403);
        official.delete(&path, made.header("etag")).await.expect(403);
        official.patch("/organizations/01936f1e-7b7a-7c3d-9c55-0a6b8c1d2e3f", made.header("etag"), json!({ "acronym": "X" })).await.expect(404);
        let changed = coordinator.patch(&path, made.header("etag"), json!({ "acronym": null, "names": "PNUD" })).await.expect(200);

        assert_eq!(changed.json["acronym"], Value::Null);
        assert_eq!(count(&official.get("/organizations?q=pnud").await.expect(200)), 1);
        assert_eq!(count(&official.get("/organizations?q=programme").await.expect(200)), 0);
        admin.patch(&path, made.header("etag"), json!({ "acronym": "X" })).await.expect(412);
    }

    async fn a_deleted_organization_leaves_a_tombstone_and_frees_its_identifier(app: TestApp) {
        let admin = app.administrator().await;
        let made = admin.post("/organizations", undp()).await.expect(201);
        let path = format!("/organizations/{}", made.id());
        app.at("2026-11-22T08:02:00Z");

        admin.delete(&path, made.header("etag")).await.expect(204);

        admin.get(&path).await.expect(404);
        admin.delete(&path, made.header("etag")).await.expect(404);
        assert_eq!(count(&admin.get("/organizations").await.expect(200)), 0);
        assert_eq!(count(&admin.get("/organizations?q=undp").await.expect(200)), 0);
        let changes = admin.get("/organizations?updated_since=2026-11-22T08:01:00Z").await.expect(200);
        assert_eq!(changes.json["items"], json!([{ "id": made.id(), "deleted_at": "2026-11-22T08:02:00Z" }]));
        admin.post("/organizations", undp()).await.expect(201);
    }

    async fn what_is_wrong_with_an_organization_is_said_at_once(app: TestApp) {
        let admin = app.administrator().await;
        let wrong = json!({ "names": {}, "kind": "club", "type_code": "99", "iati_id": "41114", "country": "Kenya", "website": "ftp://x" });

        let refused = admin.post("/organizations", wrong).await.expect(422);

        let pointers: Vec<&str> = refused.json["errors"].as_array().expect("errors").iter().filter_map(|e| e["pointer"].as_str()).collect();
        for pointer in ["/names", "/kind", "/type_code", "/iati_id", "/country", "/website"] {
            assert!(pointers.contains(&pointer), "{pointer} in {pointers:?}");
        }
        let nowhere = json!({ "names": "X", "kind": "donor", "type_code": "10", "country": "XK" });
        assert_eq!(admin.post("/organizations", nowhere).await.expect(422).json["errors"][0]["pointer"], "/country");
        assert_eq!(count(&admin.get("/organizations").await.expect(200)), 0);
    }

    async fn a_retried_registration_gives_the_first_answer(app: TestApp) {
        let admin = app.administrator().await;
        let headers = [("content-type", "application/json"), ("idempotency-key", "abc-1")];
        let body = undp().to_string().into_bytes();

        let first = admin.send(awc::http::Method::POST, "/organizations", &headers, body.clone()).await.expect(201);
        let again = admin.send(awc::http::Method::POST, "/organizations", &headers, body).await.expect(201);

        assert_eq!(first.text, again.text);
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_eq!(count(&admin.get("/organizations").await.expect(200)), 1);
    }
}
