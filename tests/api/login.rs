//! At the door: who gets in, what the others learn, and who has to wait.

use cybercap::accounts::first_administrator_link;
use cybercap::kernel::access::{Role, System};
use cybercap::platform::keys::link_token;
use futures_util::future::join_all;
use serde_json::json;

use crate::support::TestApp;
use crate::support::app::Answer;
use crate::support::doors::{PASSWORD, grant};

/// Everything of an answer that may not differ.
fn face(answer: &Answer) -> (u16, String, Vec<String>) {
    let id = answer.json["request_id"].as_str().unwrap_or("-").to_owned();
    let mut names: Vec<String> = answer.headers.iter().map(|(name, _)| name.to_string()).collect();
    names.sort();
    (answer.status, answer.text.replace(&id, ""), names)
}

on_both_databases! {
    async fn the_first_administrator_comes_in_by_a_link_that_works_once(app: TestApp) {
        let link = app.parts.db.write(|tx| first_administrator_link(tx, &System("test"))).await;
        let link = link.expect("a link").expect("nobody is there yet");
        let token = link_token(&app.parts.master, link);
        let said = json!({ "token": token, "password": PASSWORD, "name": "Ada", "email": "ada@example.org" });

        let page = app.anyone().get("//links/invitation").await.expect(200).text;
        assert!(page.contains("name=\"email\""), "the printed link went to no address, so the page asks for it");
        let bare = app.anyone().post("/auth/invitations/accept", json!({ "token": token, "password": "short" })).await.expect(422);
        let faults: Vec<_> = bare.json["errors"].as_array().expect("faults").iter().map(|f| f["pointer"].clone()).collect();
        assert_eq!(faults, ["/email", "/name", "/password"]);
        let short = json!({ "token": token, "password": "short", "name": "Ada", "email": "ada@example.org" });
        let refused = app.anyone().post("/auth/invitations/accept", short).await.expect(422);
        assert_eq!(refused.json["errors"][0]["pointer"], "/password");
        let headers = [("authorization", format!("Link {token}"))];
        let headers: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let look = app.anyone().send(awc::http::Method::GET, "/auth/invitations", &headers, vec![]).await;
        assert_eq!(look.expect(200).json["email"], json!(null));

        app.anyone().post("/auth/invitations/accept", said.clone()).await.expect(200);
        app.anyone().post("/auth/invitations/accept", said).await.expect(404);
        let ada = app.logged_in("ada").await;
        assert_eq!(ada.get("/me").await.expect(200).json["roles"][0]["role"], "administrator");
        let again = app.parts.db.write(|tx| first_administrator_link(tx, &System("test"))).await;
        assert!(again.expect("an answer").is_none(), "there is an administrator now");
    }

    async fn every_failed_login_looks_the_same_and_costs_the_same(app: TestApp) {
        let admin = app.administrator().await;
        app.member("open", &[]).await;
        let closed = app.member("closed", &[]).await;
        admin.post(&format!("/users/{closed}/transitions"), json!({ "to": "deactivated" })).await.expect(200);
        let draft = json!({ "email": "invited@example.org", "roles": [] });
        admin.post("/users", draft).await.expect(201);
        let attempt = async |email: &str, password: &str| {
            let (hashes, statements) = (app.parts.passwords.runs(), app.parts.db.statements());
            let body = json!({ "email": email, "password": password });
            let answer = app.anyone().post("/auth/login", body).await;
            assert_eq!(app.parts.passwords.runs() - hashes, 1, "one hash for {email}");
            (face(&answer), app.parts.db.statements() - statements)
        };
        attempt("warm@example.org", "anything at all").await;

        let unknown = attempt("nobody@example.org", PASSWORD).await;
        assert_eq!(unknown.0.0, 401);
        assert_eq!(attempt("open@example.org", "not the password").await, unknown);
        assert_eq!(attempt("closed@example.org", PASSWORD).await, unknown);
        assert_eq!(attempt("invited@example.org", PASSWORD).await, unknown);
        let once_more = attempt("nobody@example.org", PASSWORD).await;
        assert_eq!(attempt("open@example.org", PASSWORD).await, once_more, "held back, known or not");
        app.at("2026-11-22T08:00:02Z");
        app.log_in("open").await.expect(200);
    }

    async fn a_guesser_waits_and_the_owner_gets_in_meanwhile(app: TestApp) {
        app.member("awa", &[]).await;
        let own = app.log_in("awa").await.expect(200);
        assert!(own.header("set-cookie").contains("HttpOnly"), "{}", own.header("set-cookie"));
        let device = own.json["device_token"].clone();
        let guess = json!({ "email": "awa@example.org", "password": "a guess in the dark" });
        let start: cybercap::kernel::time::Timestamp = crate::support::app::START.parse().expect("an instant");
        let mut held_back = 0;
        for n in 0..40 {
            app.parts.clock.set(start.plus_seconds(10 * n));
            let answer = app.anyone().post("/auth/login", guess.clone()).await.expect(401);
            assert_eq!(answer.code(), "login_failed");
            held_back += i32::from(!answer.header("retry-after").is_empty());
        }
        assert!(held_back >= 20, "{held_back} of 40 were held back");

        let stranger = app.log_in("awa").await.expect(401);
        assert!(!stranger.header("retry-after").is_empty(), "a stranger waits even with the password");
        let body = json!({ "email": "awa@example.org", "password": PASSWORD, "device_token": device });
        app.anyone().post("/auth/login", body).await.expect(200);
        assert_eq!(app.events("user.throttled").await.len(), 1);
        app.parts.clock.set(start.plus_days(1));
        let told = app.events("user.secured").await.len();
        app.log_in("awa").await.expect(200);
        assert_eq!(app.events("user.secured").await.len(), told, "the same program from the same network is no news");
        let body = json!({ "email": "awa@example.org", "password": PASSWORD }).to_string().into_bytes();
        let another = [("user-agent", "another program"), ("content-type", "application/json")];
        app.anyone().send(awc::http::Method::POST, "/auth/login", &another, body).await.expect(200);
        assert_eq!(app.events("user.secured").await.len(), told + 1);
        assert_eq!(app.events("user.secured").await.last().expect("a letter")["what"], "new_device");
    }

    async fn a_forgotten_password_is_replaced_by_a_link(app: TestApp) {
        app.member("awa", &[]).await;
        let session = app.logged_in("awa").await;
        let ask = async |email: &str| {
            let before = app.parts.db.statements();
            let answer = app.anyone().post("/auth/password/forgot", json!({ "email": email })).await;
            (face(&answer), app.parts.db.statements() - before)
        };
        let (known, unknown) = (ask("awa@example.org").await, ask("nobody@example.org").await);
        assert_eq!(known.0.0, 202);
        assert_eq!(known, unknown);
        let token = app.link("user.password_forgotten").await;
        let new = "nine quiet boats at noon";

        let easy = json!({ "token": token, "password": "aaaaaaaaaaaaaaaaaa" });
        let refused = app.anyone().post("/auth/password/reset", easy).await.expect(422);
        assert_eq!(refused.json["errors"][0]["code"], "too_easy");
        let said = json!({ "token": token, "password": new });
        app.anyone().post("/auth/password/reset", said.clone()).await.expect(204);
        app.anyone().post("/auth/password/reset", said).await.expect(404);
        session.get("/me").await.expect(401);
        app.log_in("awa").await.expect(401);
        let body = json!({ "email": "awa@example.org", "password": new });
        app.at("2026-11-22T08:00:05Z");
        app.anyone().post("/auth/login", body).await.expect(200);

        ask("awa@example.org").await;
        let late = app.link("user.password_forgotten").await;
        app.at("2026-11-22T08:31:00Z");
        let said = json!({ "token": late, "password": PASSWORD });
        app.anyone().post("/auth/password/reset", said).await.expect(404);
    }

    async fn a_new_address_is_confirmed_once_and_can_be_undone_from_the_old_one(app: TestApp) {
        app.member("awa", &[grant(Role::Coordinator, None)]).await;
        app.member("taken", &[]).await;
        let awa = app.logged_in("awa").await;
        awa.post("/me/email", json!({ "email": "taken@example.org" })).await.expect(202);
        assert!(app.events("user.email_change_asked").await.is_empty(), "nothing is sent to somebody else");
        awa.post("/me/email", json!({ "email": "diop@example.org" })).await.expect(202);
        let token = app.link("user.email_change_asked").await;

        let (anyone, said) = (app.anyone(), json!({ "token": token }));
        let tries = join_all((0..20).map(|_| anyone.post("/auth/email/confirm", said.clone()))).await;
        let won = tries.iter().filter(|answer| answer.status == 204).count();
        assert_eq!(won, 1, "{:?}", tries.iter().map(|a| a.status).collect::<Vec<_>>());
        assert_eq!(awa.get("/me").await.expect(200).json["email"], "diop@example.org");
        let secured = app.events("user.secured").await;
        assert_eq!(secured.last().expect("a letter")["old_email"], "awa@example.org");

        let undo = app.link("user.secured").await;
        app.anyone().post("/auth/email/undo", json!({ "token": undo })).await.expect(204);
        awa.get("/me").await.expect(401);
        app.log_in("awa").await.expect(401);
        let reset = app.link("user.password_forgotten").await;
        let said = json!({ "token": reset, "password": PASSWORD });
        app.anyone().post("/auth/password/reset", said).await.expect(204);
        app.at("2026-11-22T08:01:00Z");
        app.log_in("awa").await.expect(200);
    }

    async fn changing_the_password_needs_the_old_one_and_ends_other_sessions(app: TestApp) {
        app.member("awa", &[]).await;
        let (here, there) = (app.logged_in("awa").await, app.logged_in("awa").await);
        let change = |old: &str, new: &str| json!({ "current_password": old, "new_password": new });
        here.post("/me/password", change("wrong", "nine quiet boats at noon")).await.expect(401);
        app.at("2026-11-22T08:00:10Z");
        let own = here.post("/me/password", change(PASSWORD, "awa example org!")).await.expect(422);
        assert_eq!(own.json["errors"][0]["pointer"], "/new_password");
        here.post("/me/password", change(PASSWORD, "nine quiet boats at noon")).await.expect(204);
        here.get("/me").await.expect(200);
        there.get("/me").await.expect(401);
        app.log_in("awa").await.expect(401);
    }

    async fn a_login_brings_an_old_hash_to_the_cost_of_today(app: TestApp) {
        let dear = cybercap::platform::password::Cost { memory_kib: 19_456, passes: 3, threads: 1 };
        let before = cybercap::platform::password::Passwords::start(dear, app.parts.master.clone()).expect("threads");
        let old = before.hash(PASSWORD.into()).await.expect("a hash");
        let id = app.member("awa", &[]).await;
        app.sql(&format!("UPDATE users SET password_hash = '{old}' WHERE id = $id"), &id.0);
        let runs = app.parts.passwords.runs();
        app.log_in("awa").await.expect(200);
        assert_eq!(app.parts.passwords.runs() - runs, 2, "looked at, and made anew");
        app.log_in("awa").await.expect(200);
        assert_eq!(app.parts.passwords.runs() - runs, 3, "once");
        app.sql(&format!("UPDATE users SET password_hash = '{old}' WHERE id = $id"), &id.0);
        let body = json!({ "email": "awa@example.org", "password": "nine quiet boats at noon" });
        app.anyone().post("/auth/login", body).await.expect(401);
        assert_eq!(app.parts.passwords.runs() - runs, 4, "a wrong password renews nothing");
    }

    async fn who_is_held_back_is_noted(app: TestApp) {
        let auditor = app.with_role("auditor", Role::Auditor, None, None).await;
        app.member("awa", &[]).await;
        for (email, wanted) in [("awa@example.org", 1), ("nobody@example.org", 2)] {
            for _ in 0..2 {
                app.anyone().post("/auth/login", json!({ "email": email, "password": "a guess" })).await.expect(401);
            }
            let noted = auditor.get("/audit-events?action=login.throttled").await.expect(200).json;
            assert_eq!(noted["items"].as_array().map(Vec::len), Some(wanted), "{noted}");
        }
    }

    async fn nobody_says_of_themselves_where_they_come_from(app: TestApp) {
        app.member("awa", &[]).await;
        let body = json!({ "email": "awa@example.org", "password": PASSWORD }).to_string().into_bytes();
        let headers = [("content-type", "application/json"), ("x-forwarded-for", "203.0.113.9"), ("forwarded", "for=203.0.113.9")];
        let pair = app.anyone().send(awc::http::Method::POST, "/auth/login", &headers, body).await.expect(200).json;
        let sessions = app.bearing(&pair["access_token"]).get("/me/sessions").await.expect(200).json;
        assert_eq!(sessions["items"][0]["source"], "127.0.0.0/24");
    }

    async fn a_retried_change_of_password_gets_its_first_answer(app: TestApp) {
        app.member("awa", &[]).await;
        let awa = app.logged_in("awa").await;
        let change = json!({ "current_password": PASSWORD, "new_password": "nine quiet boats at noon" });
        let headers = [("content-type", "application/json"), ("idempotency-key", "once")];
        let send = || awa.send(awc::http::Method::POST, "/me/password", &headers, change.to_string().into_bytes());
        send().await.expect(204);
        let runs = app.parts.passwords.runs();
        assert_eq!(send().await.expect(204).header("idempotency-replayed"), "true");
        assert_eq!(app.parts.passwords.runs(), runs, "nothing is hashed again");
        awa.post("/me/password", change.clone()).await.expect(401);
    }

    async fn the_owner_gets_in_through_a_flood_of_guesses(app: TestApp) {
        app.member("awa", &[]).await;
        let device = app.log_in("awa").await.expect(200).json["device_token"].clone();
        let (anyone, guess) = (app.anyone(), json!({ "email": "awa@example.org", "password": "a guess" }));
        let own = json!({ "email": "awa@example.org", "password": PASSWORD, "device_token": device });
        let flood = join_all((0..60).map(|_| anyone.post("/auth/login", guess.clone())));
        let owner = async {
            let started = std::time::Instant::now();
            (anyone.post("/auth/login", own).await, started.elapsed())
        };
        let (answers, (owner, took)) = futures_util::future::join(flood, owner).await;
        assert!(answers.iter().all(|answer| matches!(answer.status, 401 | 503)));
        owner.expect(200);
        println!("the owner was in after {took:?}");
    }
}
