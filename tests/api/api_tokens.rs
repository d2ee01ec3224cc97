//! Tokens of machine clients: a part of their owner's rights, and never more.

use cybercap::kernel::access::Role;
use serde_json::json;

use crate::support::TestApp;
use crate::support::doors::{PASSWORD, grant};

on_both_databases! {
    async fn a_machine_client_uses_a_part_of_its_owners_rights(app: TestApp) {
        app.member("awa", &[grant(Role::FocalPoint, Some("KE")), grant(Role::FocalPoint, Some("SN"))]).await;
        app.member("ke", &[grant(Role::Contributor, Some("KE"))]).await;
        app.member("sn", &[grant(Role::Contributor, Some("SN"))]).await;
        let awa = app.logged_in("awa").await;
        let draft = json!({ "name": "sync", "permissions": ["users.view", "reference.view"], "countries": ["KE"] });
        let made = awa.post("/me/tokens", draft).await.expect(201);
        assert_eq!(made.json["expires_at"], "2027-02-20T08:00:00Z", "90 days");
        let token = made.json["token"].clone();
        assert!(token.as_str().expect("a token").starts_with("cap_"));
        let listed = awa.get("/me/tokens").await.expect(200);
        assert!(!listed.text.contains(token.as_str().expect("a token")), "shown once");

        let robot = app.bearing(&token);
        robot.get("/countries").await.expect(200);
        let seen = robot.get("/users").await.expect(200);
        let names: Vec<&str> = seen.json["items"].as_array().expect("items").iter()
            .map(|user| user["name"].as_str().expect("a name")).collect();
        assert_eq!(names, ["awa", "ke"], "Kenya's and its owner");
        for (method, path) in [
            ("GET", "/me"), ("GET", "/programs"), ("GET", "/me/sessions"), ("GET", "/me/tokens"),
            ("POST", "/me/tokens"), ("POST", "/users"), ("POST", "/auth/logout"), ("POST", "/auth/step-up"),
            ("DELETE", "/me/sessions"), ("POST", "/me/second-factor"),
        ] {
            let method = method.parse().expect("a method");
            let answer = robot.send(method, path, &[("content-type", "application/json")], b"{}".to_vec()).await;
            assert_eq!(answer.status, 403, "{path}: {}", answer.text);
        }

        let path = format!("/me/tokens/{}", made.id());
        awa.delete(&path, "").await.expect(204);
        awa.delete(&path, "").await.expect(404);
        robot.get("/countries").await.expect(401);
    }

    async fn a_token_dies_with_its_time_its_owner_and_their_rights(app: TestApp) {
        let admin = app.administrator().await;
        let id = app.member("awa", &[grant(Role::Contributor, Some("KE"))]).await;
        let awa = app.logged_in("awa").await;
        let draft = |days: i64| json!({ "name": "a", "permissions": ["programs.view"], "expires_in_days": days });
        for days in [0, 366] {
            awa.post("/me/tokens", draft(days)).await.expect(422);
        }
        for permissions in [json!([]), json!(["users.grant"]), json!(["me.security"]), json!(["everything"])] {
            let draft = json!({ "name": "a", "permissions": permissions });
            awa.post("/me/tokens", draft).await.expect(422);
        }
        let short = app.bearing(&awa.post("/me/tokens", draft(1)).await.expect(201).json["token"]);
        let long = app.bearing(&awa.post("/me/tokens", draft(365)).await.expect(201).json["token"]);
        short.get("/programs").await.expect(200);
        app.at("2026-11-23T08:00:00Z");
        short.get("/programs").await.expect(401);
        long.get("/programs").await.expect(200);
        let admin = app.parts.db.write({
            let (id, issuer) = (admin.id, app.url.clone());
            move |tx| cybercap::accounts::seeds::open_session(tx, id, &issuer)
        }).await.expect("a session");
        let admin = app.bearing(&json!(app.parts.tokens.sign(&admin).expect("a token")));

        let grants = admin.get(&format!("/users/{id}/grants")).await.expect(200);
        let path = format!("/users/{id}/grants/{}", grants.json["items"][0]["id"].as_str().expect("an id"));
        admin.delete(&path, "\"1-en\"").await.expect(204);
        long.get("/programs").await.expect(403);
        admin.post(&format!("/users/{id}/transitions"), json!({ "to": "deactivated" })).await.expect(200);
        long.get("/programs").await.expect(401);
    }

    async fn a_changed_token_is_no_token(app: TestApp) {
        app.member("awa", &[grant(Role::Observer, Some("KE"))]).await;
        let body = json!({ "email": "awa@example.org", "password": PASSWORD });
        let pair = app.anyone().post("/auth/login", body).await.expect(200).json;
        let awa = app.bearing(&pair["access_token"]);
        let draft = json!({ "name": "a", "permissions": ["programs.view"] });
        let made = awa.post("/me/tokens", draft).await.expect(201).json["token"].clone();
        let good = made.as_str().expect("a token").to_owned();
        app.bearing(&made).get("/programs").await.expect(200);
        for place in [4, 20, 40, 60, good.len() - 1] {
            let mut bytes = good.clone().into_bytes();
            bytes[place] = if bytes[place] == b'a' { b'b' } else { b'a' };
            let changed = String::from_utf8(bytes).expect("text");
            app.bearing(&json!(changed)).get("/programs").await.expect(401);
        }
        app.bearing(&json!("cap_")).get("/programs").await.expect(401);
    }
}
