//! People and their roles: who invites whom, who sees whom, and who must stay.

use cybercap::kernel::access::Role;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::doors::{PASSWORD, grant};

fn contributor(email: &str, country: &str) -> Value {
    json!({ "email": email, "name": "An official", "language": "fr", "timezone": "Africa/Dakar",
            "roles": [{ "role": "contributor", "country": country }] })
}

on_both_databases! {
    async fn an_official_is_invited_accepts_and_comes_in(app: TestApp) {
        let kenya = app.focal_point_of("KE").await;
        let invited = kenya.post("/users", contributor("odhiambo@example.org", "KE")).await.expect(201);
        assert_eq!(invited.json["status"], "invited");
        assert_eq!(invited.json["roles"], json!([{ "role": "contributor", "country": "KE", "program_id": null }]));
        let old = app.link("user.invited").await;
        kenya.post(&format!("/users/{}/invitations", invited.id()), json!({})).await.expect(202);
        let said = |token: &str| json!({ "token": token, "password": PASSWORD, "name": "Odhiambo" });
        app.anyone().post("/auth/invitations/accept", said(&old)).await.expect(404);
        app.log_in("odhiambo").await.expect(401);

        let token = app.link("user.invited").await;
        let (anyone, said) = (app.anyone(), said(&token));
        let tries = join_all((0..4).map(|_| anyone.post("/auth/invitations/accept", said.clone()))).await;
        assert_eq!(tries.iter().filter(|answer| answer.status == 200).count(), 1);
        app.at("2026-11-22T08:00:10Z");
        let me = app.logged_in("odhiambo").await.get("/me").await.expect(200);
        assert_eq!(me.json["name"], "Odhiambo");
        assert_eq!(me.json["language"], "fr");
        assert_eq!(me.id(), invited.id());

        kenya.post("/users", contributor("late@example.org", "KE")).await.expect(201);
        let late = app.link("user.invited").await;
        app.at("2026-11-25T08:00:11Z");
        let said = json!({ "token": late, "password": PASSWORD });
        app.anyone().post("/auth/invitations/accept", said).await.expect(404);
    }

    async fn nobody_prolongs_their_own_account(app: TestApp) {
        let kenya = app.focal_point_of("KE").await;
        let own = format!("/users/{}", kenya.id);
        let etag = kenya.get(&own).await.expect(200).header("etag").to_owned();
        let longer = json!({ "expires_on": "2030-01-01" });
        kenya.patch(&own, &etag, longer.clone()).await.expect(403);
        kenya.post(&format!("{own}/transitions"), json!({ "to": "deactivated", "reason": "x" })).await.expect(403);
        let admin = app.administrator().await;
        assert_eq!(admin.get(&own).await.expect(200).json["expires_on"], Value::Null);
        admin.patch(&own, &etag, longer).await.expect(200);
    }

    async fn nobody_gives_more_than_is_theirs(app: TestApp) {
        let kenya = app.focal_point_of("KE").await;
        let foreign = kenya.post("/users", contributor("a@example.org", "SN")).await.expect(422);
        assert_eq!(foreign.json["errors"][0]["pointer"], "/roles/0/country");
        for role in ["administrator", "auditor", "coordinator"] {
            let draft = json!({ "email": "a@example.org", "roles": [{ "role": role }] });
            kenya.post("/users", draft).await.expect(403);
        }
        let draft = json!({ "email": "a@example.org", "roles": [{ "role": "focal_point", "country": "KE" }] });
        kenya.post("/users", draft).await.expect(403);
        kenya.post("/users", json!({ "email": "a@example.org" })).await.expect(422);
        app.with_role("observer", Role::Observer, Some("KE"), None).await
            .post("/users", contributor("a@example.org", "KE")).await.expect(403);
        assert!(app.events("user.invited").await.is_empty());

        let founder = app.coordinator().await;
        let program = founder.post("/programs", json!({ "title": { "en": "Theirs" } })).await.expect(201).id();
        let other = founder.post("/programs", json!({ "title": { "en": "Another" } })).await.expect(201).id();
        let coordinator = app.with_role("lead", Role::Coordinator, None, Some(&program)).await;
        let trainer = |of: &str| json!({ "email": "t@example.org", "roles": [{ "role": "trainer", "program_id": of }] });
        coordinator.post("/users", trainer(&other)).await.expect(422);
        let absent = coordinator.post("/users", trainer("01936f1e-7b7a-7c3d-9c55-0a6b8c1d2e40")).await.expect(422);
        assert_eq!(absent.json["errors"][0]["pointer"], "/roles/0/program_id");
        let invited = coordinator.post("/users", trainer(&program)).await.expect(201);
        coordinator.get(&format!("/users/{}", invited.id())).await.expect(200);
        kenya.get(&format!("/users/{}", invited.id())).await.expect(404);

        let admin = app.administrator().await;
        let shapes = json!({ "email": "b@example.org", "roles": [
            { "role": "focal_point" }, { "role": "administrator", "country": "KE" }, { "role": "trainer" },
        ] });
        let refused = admin.post("/users", shapes).await.expect(422);
        assert_eq!(refused.json["errors"].as_array().expect("errors").len(), 3);
    }

    async fn inviting_tells_nothing_about_addresses_elsewhere(app: TestApp) {
        let kenya = app.focal_point_of("KE").await;
        let senegal = app.member("diop", &[grant(Role::Contributor, Some("SN"))]).await;
        let count = async |email: &str| {
            let before = app.parts.db.statements();
            let answer = kenya.post("/users", contributor(email, "KE")).await.expect(201);
            (answer, app.parts.db.statements() - before)
        };
        count("warm@example.org").await;
        let (new, new_cost) = count("new@example.org").await;
        let (known, known_cost) = count("diop@example.org").await;
        assert_eq!(new_cost, known_cost);
        assert_ne!(known.id(), senegal.to_string());
        let fields = |json: &Value| json.as_object().expect("a record").keys().cloned().collect::<Vec<_>>();
        assert_eq!(fields(&new.json), fields(&known.json));
        assert_eq!(known.json["status"], "invited");
        kenya.get(&format!("/users/{senegal}")).await.expect(404);
        kenya.get(&format!("/users/{}", known.id())).await.expect(200);
        kenya.post("/users", contributor("diop@example.org", "KE")).await.expect(409);
        kenya.post("/users", contributor("new@example.org", "KE")).await.expect(409);

        let diop = app.logged_in("diop").await;
        assert_eq!(diop.get("/me").await.json["roles"].as_array().expect("roles").len(), 1);
        let token = app.link("user.invited").await;
        let wrong = json!({ "token": token, "password": "nine quiet boats at noon" });
        app.anyone().post("/auth/invitations/accept", wrong).await.expect(401);
        app.at("2026-11-22T08:00:10Z");
        let right = json!({ "token": token, "password": PASSWORD });
        let accepted = app.anyone().post("/auth/invitations/accept", right).await.expect(200);
        assert_eq!(accepted.id(), senegal.to_string());
        assert_eq!(diop.get("/me").await.json["roles"].as_array().expect("roles").len(), 2);
        kenya.get(&format!("/users/{senegal}")).await.expect(200);
    }

    async fn a_list_shows_whom_a_get_shows(app: TestApp) {
        let (kenya, senegal) = (app.focal_point_of("KE").await, app.focal_point_of("SN").await);
        let admin = app.administrator().await;
        app.member("both", &[grant(Role::Contributor, Some("KE")), grant(Role::Observer, Some("SN"))]).await;
        let names = |answer: &crate::support::Answer| {
            let items = answer.json["items"].as_array().expect("items").iter();
            items.map(|user| user["name"].as_str().expect("a name").to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names(&kenya.get("/users").await.expect(200)), ["focal.ke", "both"]);
        let hidden = kenya.get("/users?country=SN").await.expect(200);
        assert_eq!(names(&hidden), Vec::<String>::new());
        assert_eq!(names(&kenya.get("/users?role=observer").await), Vec::<String>::new());
        assert_eq!(names(&kenya.get("/users?role=contributor").await), ["both"]);
        let both = kenya.get("/users?email=both@example.org").await.expect(200);
        assert_eq!(both.json["items"][0]["roles"].as_array().expect("roles").len(), 1, "only Kenya's");
        assert_eq!(names(&admin.get("/users?count=exact&limit=2").await.expect(200)).len(), 2);
        let page = admin.get("/users?count=exact&limit=2").await.json;
        assert_eq!(page["total"], 4);
        let rest = admin.get(&format!("/users?count=exact&limit=2&cursor={}", page["next"].as_str().expect("more"))).await;
        assert_eq!(names(&rest.expect(200)).len(), 2);
        kenya.get(&format!("/users/{}", senegal.id)).await.expect(404);
        app.with_role("observer", Role::Observer, Some("KE"), None).await.get("/users").await.expect(403);
        kenya.get("/users?status=nonsense").await.expect(422);
    }

    async fn roles_count_at_once_and_end_at_once(app: TestApp) {
        let admin = app.administrator().await;
        let awa = app.person("awa", cybercap::kernel::lang::Lang::En, "UTC", &[]).await;
        awa.get("/users").await.expect(403);
        let path = format!("/users/{}/grants", awa.id);
        let draft = json!({ "role": "focal_point", "country": "KE" });
        let given = admin.post(&path, draft.clone()).await.expect(201);
        admin.post(&path, draft).await.expect(409);
        awa.get("/users").await.expect(200);
        assert_eq!(awa.post(&format!("/users/{}/grants", awa.id), json!({ "role": "observer", "country": "KE" })).await.status, 403);

        let one = format!("{path}/{}", given.id());
        let etag = admin.get(&one).await.expect(200).header("etag").to_owned();
        let only = admin.delete(&one, &etag).await.expect(409);
        assert_eq!(only.code(), "guard_failed", "the last focal point of Kenya stays");
        app.member("successor", &[grant(Role::FocalPoint, Some("KE"))]).await;
        admin.send(awc::http::Method::DELETE, &one, &[], vec![]).await.expect(428);
        admin.delete(&one, &etag).await.expect(204);
        awa.get("/users").await.expect(403);
        admin.delete(&one, &etag).await.expect(404);
        assert_eq!(app.events("role.granted").await.len(), 1);
        assert_eq!(app.events("role.revoked").await.len(), 1);

        let until = json!({ "role": "observer", "country": "KE", "valid_to": "2026-11-22T09:00:00Z" });
        admin.post(&path, until).await.expect(201);
        assert_eq!(awa.get("/me").await.json["roles"].as_array().expect("roles").len(), 1);
    }

    async fn a_third_administrator_takes_two(app: TestApp) {
        let (ada, eve) = (app.administrator().await, app.with_role("eve", Role::Administrator, None, None).await);
        let id = app.member("awa", &[]).await;
        let path = format!("/users/{id}/grants");
        let draft = json!({ "role": "administrator" });
        let waits = ada.post(&path, draft.clone()).await.expect(202);
        assert_eq!(waits.json["status"], "waits_for_second_administrator");
        ada.post(&path, draft.clone()).await.expect(202);
        let awa = app.logged_in("awa").await;
        awa.get("/users").await.expect(403);
        eve.post(&path, draft).await.expect(201);
        awa.get("/users").await.expect(200);
        let invite = json!({ "email": "x@example.org", "roles": [{ "role": "administrator" }] });
        assert_eq!(ada.post("/users", invite).await.expect(409).code(), "guard_failed");
    }

    async fn of_twenty_who_remove_each_other_one_administrator_stays(app: TestApp) {
        let mut admins = Vec::new();
        for n in 0..20 {
            admins.push(app.with_role(&format!("admin{n}"), Role::Administrator, None, None).await);
        }
        let ids: Vec<String> = admins.iter().map(|admin| admin.id.to_string()).collect();
        let mut tries = Vec::new();
        for (n, admin) in admins.iter().enumerate() {
            let victim = ids[(n + 1) % ids.len()].clone();
            tries.push(async move {
                let path = format!("/users/{victim}/transitions");
                admin.post(&path, json!({ "to": "deactivated" })).await.status
            });
        }
        let statuses = join_all(tries).await;
        let mut left = 0;
        for admin in &admins {
            left += i32::from(admin.get("/me").await.status == 200);
        }
        assert!(left >= 1, "{statuses:?}");
        let done = statuses.iter().filter(|status| **status == 200).count();
        assert_eq!(20 - done as i32, left, "{statuses:?}");

        let last: Vec<&crate::support::Person> = {
            let mut kept = Vec::new();
            for admin in &admins {
                if admin.get("/me").await.status == 200 {
                    kept.push(admin);
                }
            }
            kept
        };
        for victim in &last[1..] {
            last[0].post(&format!("/users/{}/transitions", victim.id), json!({ "to": "deactivated" })).await.expect(200);
        }
        let me = last[0];
        let own = me.get(&format!("/users/{}/grants", me.id)).await.expect(200).json["items"][0]["id"].clone();
        let path = format!("/users/{}/grants/{}", me.id, own.as_str().expect("an id"));
        assert_eq!(me.delete(&path, "\"1-en\"").await.expect(409).code(), "guard_failed");
    }

    async fn no_role_is_given_over_what_does_not_exist(app: TestApp) {
        let admin = app.administrator().await;
        let awa = app.with_role("awa", Role::Observer, Some("KE"), None).await;
        let nothing = "01936f1e-7b7a-7c3d-9c55-0a6b8c1d2e3f";
        let gone = admin.post("/programs", json!({ "title": { "en": "CSIRT" } })).await.expect(201);
        admin.delete(&format!("/programs/{}", gone.id()), gone.header("etag")).await.expect(204);
        for (role, pointer) in [
            (json!({ "role": "observer", "country": "QQ" }), "country"),
            (json!({ "role": "trainer", "program_id": nothing }), "program_id"),
            (json!({ "role": "trainer", "program_id": gone.id() }), "program_id"),
        ] {
            let given = admin.post(&format!("/users/{}/grants", awa.id), role.clone()).await.expect(422).json;
            assert_eq!(given["errors"][0]["pointer"], format!("/{pointer}"));
            let invited = admin.post("/users", json!({ "email": "x@example.org", "roles": [role] })).await.expect(422).json;
            assert_eq!(invited["errors"][0]["pointer"], format!("/roles/0/{pointer}"));
        }
        assert_eq!(app.events("role.granted").await.len(), 0);
    }

    async fn a_person_who_is_deactivated_is_out_at_once(app: TestApp) {
        let admin = app.administrator().await;
        let id = app.member("awa", &[grant(Role::Observer, Some("KE"))]).await;
        let pair = app.log_in("awa").await.expect(200).json;
        let awa = app.bearing(&pair["access_token"]);
        awa.get("/countries").await.expect(200);
        let path = format!("/users/{id}");
        let shown = admin.get(&path).await.expect(200);
        assert_eq!(shown.json["allowed_transitions"], json!(["deactivated"]));
        admin.post(&format!("{path}/transitions"), json!({ "to": "deactivated" })).await.expect(200);
        awa.get("/countries").await.expect(401);
        app.anyone().post("/auth/refresh", json!({ "refresh_token": pair["refresh_token"] })).await.expect(401);
        admin.post(&format!("{path}/transitions"), json!({ "to": "deactivated" })).await.expect(409);
        admin.post(&format!("{path}/transitions"), json!({ "to": "active" })).await.expect(200);
        awa.get("/countries").await.expect(401);
        app.logged_in("awa").await;

        let etag = admin.get(&path).await.header("etag").to_owned();
        let patch = json!({ "name": "Awa Diop", "expires_on": "2026-11-22" });
        admin.patch(&path, &etag, patch.clone()).await.expect(200);
        admin.patch(&path, &etag, patch).await.expect(412);
        app.log_in("awa").await.expect(200);
        app.at("2026-11-23T00:00:01Z");
        app.log_in("awa").await.expect(401);
    }

    async fn a_person_keeps_their_own_name_and_language(app: TestApp) {
        let kenya = app.focal_point_of("KE").await;
        let me = kenya.patch("/me", "\"1-en\"", json!({ "name": "Njeri", "language": "fr" })).await.expect(200);
        assert_eq!((me.json["name"].as_str(), me.json["language"].as_str()), (Some("Njeri"), Some("fr")));
        kenya.patch("/me", "\"1-en\"", json!({ "name": "Late" })).await.expect(412);
        let refused = kenya.patch("/me", "\"2-fr\"", json!({ "email": "x@example.org", "status": "active" })).await;
        assert_eq!(refused.expect(422).json["errors"].as_array().expect("errors").len(), 2);
    }
}
