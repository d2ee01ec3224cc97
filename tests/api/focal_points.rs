//! Mandates of national focal points.

use cybercap::accounts::NewGrant;
use cybercap::kernel::access::Role;
use cybercap::kernel::lang::Lang;
use serde_json::json;

use crate::partners::partner;
use crate::support::{Person, TestApp};

/// Nominates and appoints; gives the path of the mandate.
async fn appointed(admin: &Person, iso2: &str, person: &Person) -> String {
    let path = format!("/partners/{iso2}/focal-points");
    let draft = json!({ "user_id": person.id.to_string() });
    let path = format!("{path}/{}", admin.post(&path, draft).await.expect(201).id());
    admin.post(&format!("{path}/transitions"), json!({ "to": "active" })).await.expect(200);
    path
}

on_both_databases! {
    async fn a_mandate_is_nominated_appointed_and_brings_the_role(app: TestApp) {
        let admin = app.administrator().await;
        partner(&admin, "KE").await;
        let kenya = app.focal_point_of("KE").await;
        let official = app.with_role("official", Role::Contributor, Some("KE"), None).await;
        let draft = json!({
            "user_id": official.id.to_string(), "themes": ["B", "ai_security"], "valid_from": "2026-12-01",
            "valid_to": "2028-11-30", "letter_url": "https://example.org/designation.pdf",
        });

        let nominated = kenya.post("/partners/KE/focal-points", draft.clone()).await.expect(201);
        let path = format!("/partners/KE/focal-points/{}", nominated.id());
        assert_eq!(nominated.json["status"], "nominated");
        assert_eq!(nominated.json["themes"], json!(["B", "ai_security"]));
        assert_eq!(nominated.json["allowed_transitions"], json!([]));
        assert_eq!(kenya.post("/partners/KE/focal-points", draft).await.expect(409).code(), "already_exists");
        kenya.post(&format!("{path}/transitions"), json!({ "to": "active" })).await.expect(403);
        assert_eq!(official.get("/me").await.expect(200).json["roles"].as_array().map(Vec::len), Some(1));

        let active = admin.post(&format!("{path}/transitions"), json!({ "to": "active" })).await.expect(200);

        assert_eq!(active.json["status"], "active");
        assert_eq!(active.json["last_confirmed_at"], "2026-11-22T08:00:00Z");
        assert_eq!(active.json["confirm_by"], "2027-05-21T08:00:00Z");
        let roles = official.get("/me").await.expect(200).json["roles"].clone();
        assert!(roles.as_array().expect("roles").iter().any(|r| r["role"] == "focal_point" && r["country"] == "KE"));
        assert_eq!(admin.post(&format!("{path}/transitions"), json!({ "to": "active" })).await.expect(409).code(), "conflict");
    }

    async fn a_countrys_last_focal_point_stays(app: TestApp) {
        let admin = app.administrator().await;
        partner(&admin, "KE").await;
        let first = app.with_role("first", Role::Contributor, Some("KE"), None).await;
        let second = app.with_role("second", Role::Contributor, Some("KE"), None).await;
        let a = appointed(&admin, "KE", &first).await;
        let end = json!({ "to": "ended", "reason": "Moved to another ministry." });

        let last = admin.post(&format!("{a}/transitions"), end.clone()).await.expect(409);
        assert_eq!(last.code(), "guard_failed");
        assert_eq!(admin.get(&a).await.expect(200).json["status"], "active");

        let b = appointed(&admin, "KE", &second).await;
        let silent = admin.post(&format!("{a}/transitions"), json!({ "to": "ended" })).await.expect(422);
        assert_eq!(silent.json["errors"][0]["pointer"], "/reason");
        let ended = admin.post(&format!("{a}/transitions"), end.clone()).await.expect(200);
        assert_eq!((&ended.json["status"], &ended.json["ended_reason"]), (&json!("ended"), &json!("Moved to another ministry.")));
        let roles = first.get("/me").await.expect(200).json["roles"].clone();
        assert_eq!(roles, json!([{ "role": "contributor", "country": "KE", "program_id": null }]));
        admin.post(&format!("{b}/transitions"), end.clone()).await.expect(409);
        admin.post(&format!("{a}/transitions"), end).await.expect(409);
    }

    async fn the_role_ends_with_the_last_day_of_the_mandate(app: TestApp) {
        let admin = app.administrator().await;
        partner(&admin, "KE").await;
        let awa = app.with_role("awa", Role::Contributor, Some("KE"), None).await;
        let path = appointed(&admin, "KE", &awa).await;
        let etag = admin.get(&path).await.expect(200).header("etag").to_owned();
        admin.patch(&path, &etag, json!({ "valid_to": "2026-12-31" })).await.expect(200);
        let roles = |me: &serde_json::Value| me["roles"].as_array().expect("roles").len();
        app.at("2026-12-31T23:59:59Z");
        assert_eq!(roles(&app.client_of(&awa).await.get("/me").await.expect(200).json), 2);
        app.at("2027-01-01T00:00:00Z");
        let (awa_now, admin_now) = (app.client_of(&awa).await, app.client_of(&admin).await);
        assert_eq!(roles(&awa_now.get("/me").await.expect(200).json), 1, "the role is over");
        let over = admin_now.get(&path).await.expect(200).json;
        assert_eq!((&over["status"], &over["ended_at"]), (&json!("ended"), &json!("2027-01-01T00:00:00Z")));
        for (status, count) in [("active", 0), ("ended", 1)] {
            let found = admin_now.get(&format!("/partners/KE/focal-points?status={status}")).await.expect(200);
            assert_eq!(found.json["items"].as_array().map(Vec::len), Some(count), "{status}");
        }
        let step = json!({ "to": "active" });
        assert_eq!(admin_now.post("/partners/KE/transitions", step.clone()).await.expect(409).code(), "guard_failed");

        // The same person may be nominated anew.
        let again = admin_now.post("/partners/KE/focal-points", json!({ "user_id": awa.id.to_string() })).await.expect(201);
        admin_now.post(&format!("/partners/KE/focal-points/{}/transitions", again.id()), step).await.expect(200);
        app.parts.sessions.forget();
        assert_eq!(roles(&awa_now.get("/me").await.expect(200).json), 2);
    }

    async fn a_mandate_ends_with_its_role_and_both_are_told(app: TestApp) {
        let admin = app.administrator().await;
        partner(&admin, "KE").await;
        let awa = app.with_role("awa", Role::Contributor, Some("KE"), None).await;
        let kofi = app.with_role("kofi", Role::Contributor, Some("KE"), None).await;
        let (a, b) = (appointed(&admin, "KE", &awa).await, appointed(&admin, "KE", &kofi).await);
        assert_eq!(app.events("role.granted").await.len(), 2, "as when accounts give a role");
        let grants = admin.get(&format!("/users/{}/grants", awa.id)).await.expect(200).json;
        let held = grants["items"].as_array().expect("grants").iter().find(|g| g["role"] == "focal_point").expect("the role");
        let grant = format!("/users/{}/grants/{}", awa.id, held["id"].as_str().expect("an id"));
        admin.delete(&grant, "\"1-en\"").await.expect(204);
        let ended = admin.get(&a).await.expect(200).json;
        assert_eq!((&ended["status"], &ended["ended_reason"]), (&json!("ended"), &json!("The role was taken away.")));
        assert_eq!(app.events("role.revoked").await.len(), 1);
        assert_eq!(app.events("focal_point.ended").await[0]["user_id"], awa.id.to_string());
        assert_eq!(admin.get(&b).await.expect(200).json["status"], "active", "the other one stays");
        let end = json!({ "to": "ended", "reason": "Moved." });
        admin.post(&format!("{b}/transitions"), end.clone()).await.expect(409);
        let c = appointed(&admin, "KE", &awa).await;
        admin.post(&format!("{b}/transitions"), end).await.expect(200);
        let revoked = app.events("role.revoked").await;
        assert_eq!((revoked.len(), &revoked[1]["user_id"]), (2, &json!(kofi.id.to_string())));
        assert_eq!(admin.get(&c).await.expect(200).json["status"], "active");
    }

    async fn of_twenty_focal_points_who_go_at_once_one_stays(app: TestApp) {
        let admin = app.administrator().await;
        partner(&admin, "KE").await;
        let (mut mandates, mut grants) = (Vec::new(), Vec::new());
        for n in 0..20 {
            let person = app.with_role(&format!("p{n}"), Role::Contributor, Some("KE"), None).await;
            mandates.push(appointed(&admin, "KE", &person).await);
            let held = admin.get(&format!("/users/{}/grants", person.id)).await.expect(200).json;
            let role = held["items"].as_array().expect("grants").iter().find(|g| g["role"] == "focal_point").cloned();
            grants.push(format!("/users/{}/grants/{}", person.id, role.expect("the role")["id"].as_str().expect("an id")));
        }
        // Half go by a step of their mandate, half by their role; each way counts the other's.
        let ways = (0..20).map(|n| {
            let (admin, mandate, grant) = (&admin, &mandates[n], &grants[n]);
            async move {
                match n % 2 {
                    0 => admin.post(&format!("{mandate}/transitions"), json!({ "to": "ended", "reason": "All go." })).await.status,
                    _ => admin.delete(grant, "\"1-en\"").await.status,
                }
            }
        });
        let statuses = futures_util::future::join_all(ways).await;
        let done = statuses.iter().filter(|status| matches!(status, 200 | 204)).count();
        let left = admin.get("/partners/KE/focal-points?status=active").await.expect(200).json;
        let left = left["items"].as_array().expect("mandates").len();
        assert!(left >= 1 && done + left == 20, "{left} left: {statuses:?}");
        assert!(statuses.iter().all(|status| matches!(status, 200 | 204 | 409 | 503)), "{statuses:?}");
    }

    async fn a_mandate_is_confirmed_every_180_days_by_the_person_or_an_administrator(app: TestApp) {
        let admin = app.administrator().await;
        partner(&admin, "KE").await;
        let one = app.with_role("one", Role::Contributor, Some("KE"), None).await;
        let a = appointed(&admin, "KE", &one).await;

        app.at("2027-05-21T07:59:59Z");
        let admin = app.with_role("admin2", Role::Administrator, None, None).await;
        assert_eq!(admin.get(&a).await.expect(200).json["status"], "active");
        app.at("2027-05-21T08:00:00Z");
        let stale = admin.get(&a).await.expect(200);
        assert_eq!(stale.json["status"], "unconfirmed");
        let list = admin.get("/partners/KE/focal-points?status=unconfirmed").await.expect(200);
        assert_eq!(list.json["items"].as_array().map(Vec::len), Some(1));
        let colleague = app.with_role("colleague", Role::FocalPoint, Some("KE"), None).await;
        let other = colleague.post(&format!("{a}/confirmations"), json!({})).await.expect(409);
        assert_eq!(other.code(), "guard_failed");
        assert_eq!(admin.get(&a).await.expect(200).json["status"], "unconfirmed");

        let confirmed = admin.post(&format!("{a}/confirmations"), json!({})).await.expect(200);

        assert_eq!(confirmed.json["status"], "active");
        assert_eq!(confirmed.json["confirm_by"], "2027-11-17T08:00:00Z");
        let nobody = admin.get("/partners/KE/focal-points?status=unconfirmed").await.expect(200);
        assert_eq!(nobody.json["items"], json!([]));
    }

    async fn the_focal_point_confirms_their_own_mandate(app: TestApp) {
        let admin = app.administrator().await;
        partner(&admin, "SN").await;
        let senegal = app.focal_point_of("SN").await;
        let path = appointed(&admin, "SN", &senegal).await;
        assert_eq!(senegal.get(&path).await.expect(200).json["permissions"], json!(["focal_points.nominate", "focal_points.confirm"]));

        app.at("2026-11-22T08:03:00Z");
        let confirmed = senegal.post(&format!("{path}/confirmations"), json!({})).await.expect(200);

        assert_eq!(confirmed.json["last_confirmed_at"], "2026-11-22T08:03:00Z");
    }

    async fn a_country_neither_sees_nor_nominates_the_people_of_another(app: TestApp) {
        let admin = app.administrator().await;
        partner(&admin, "KE").await;
        partner(&admin, "GH").await;
        let kenya = app.focal_point_of("KE").await;
        let ghana = app.focal_point_of("GH").await;
        let path = appointed(&admin, "GH", &ghana).await;

        kenya.get("/partners/GH/focal-points").await.expect(404);
        kenya.get(&path).await.expect(404);
        kenya.get(&path.replace("/GH/", "/KE/")).await.expect(404);
        kenya.post(&format!("{path}/confirmations"), json!({})).await.expect(404);
        let foreign = kenya.post("/partners/KE/focal-points", json!({ "user_id": ghana.id.to_string() })).await.expect(422);
        let absent = kenya.post("/partners/KE/focal-points", json!({ "user_id": "01936f1e-7b7a-7c3d-9c55-0a6b8c1d2e3f" })).await.expect(422);
        assert_eq!(foreign.json["errors"], absent.json["errors"]);
        let observer = app.with_role("observer", Role::Observer, Some("GH"), None).await;
        observer.get("/partners/GH/focal-points").await.expect(404);
        assert_eq!(kenya.get("/partners/KE/focal-points").await.expect(200).json["items"], json!([]));
    }

    async fn the_terms_of_a_mandate_are_changed_in_order(app: TestApp) {
        let admin = app.administrator().await;
        partner(&admin, "KE").await;
        let both = [Role::FocalPoint, Role::Contributor].map(|role| NewGrant {
            role, country: Some("KE".parse().expect("a country")), program_id: None,
        });
        let kenya = app.person("wanjiru", Lang::En, "Africa/Nairobi", &both).await;
        let path = appointed(&admin, "KE", &kenya).await;
        let csirt = json!({ "names": "KE-CIRT", "kind": "csirt", "type_code": "10", "country": "KE" });
        let csirt = admin.post("/organizations", csirt).await.expect(201).id();
        let etag = kenya.get(&path).await.expect(200).header("etag").to_owned();

        let early = kenya.patch(&path, &etag, json!({ "valid_to": "2020-01-01" })).await.expect(422);
        assert_eq!(early.json["errors"][0]["pointer"], "/valid_to");
        let unknown = json!({ "organization_id": "01936f1e-7b7a-7c3d-9c55-0a6b8c1d2e3f" });
        assert_eq!(kenya.patch(&path, &etag, unknown).await.expect(422).json["errors"][0]["pointer"], "/organization_id");
        let changed = kenya.patch(&path, &etag, json!({ "organization_id": csirt, "themes": ["C"], "valid_to": "2029-01-01" })).await.expect(200);
        assert_eq!((&changed.json["organization_id"], &changed.json["themes"]), (&json!(csirt), &json!(["C"])));
    }
}
