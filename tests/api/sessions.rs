//! Sessions: carried on, ended, and the tokens that must not open anything.

use aws_lc_rs::{hmac, signature::Ed25519KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use cybercap::accounts::keys;
use cybercap::kernel::access::{Role, System};
use cybercap::platform::schema::refresh_tokens;
use cybercap::platform::token::{Ring, SigningKey};
use diesel::prelude::*;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::doors::{PASSWORD, grant};

async fn refresh(app: &TestApp, token: &Value) -> crate::support::Answer {
    app.anyone().post("/auth/refresh", json!({ "refresh_token": token })).await
}

on_both_databases! {
    async fn a_refresh_token_counts_once_and_its_return_ends_the_session(app: TestApp) {
        app.member("awa", &[]).await;
        let first = app.log_in("awa").await.expect(200).json;
        let second = refresh(&app, &first["refresh_token"]).await.expect(200).json;
        let third = refresh(&app, &second["refresh_token"]).await.expect(200).json;
        app.bearing(&third["access_token"]).get("/me").await.expect(200);

        let stolen = refresh(&app, &first["refresh_token"]).await.expect(401);
        assert_eq!(stolen.code(), "token_reused");
        refresh(&app, &third["refresh_token"]).await.expect(401);
        app.bearing(&third["access_token"]).get("/me").await.expect(401);
        assert_eq!(app.events("user.secured").await.last().expect("a letter")["what"], "sessions");
        refresh(&app, &json!("made up")).await.expect(401);
    }

    async fn a_lost_answer_is_given_again_for_a_minute_while_its_token_lies_unused(app: TestApp) {
        app.member("awa", &[]).await;
        let first = app.log_in("awa").await.expect(200).json;
        let lost = refresh(&app, &first["refresh_token"]).await.expect(200).json;
        app.at("2026-11-22T08:00:59Z");
        let again = refresh(&app, &first["refresh_token"]).await.expect(200).json;
        assert_ne!(lost["refresh_token"], again["refresh_token"]);
        let next = refresh(&app, &again["refresh_token"]).await.expect(200).json;
        assert_eq!(refresh(&app, &lost["refresh_token"]).await.expect(401).code(), "token_reused");
        refresh(&app, &next["refresh_token"]).await.expect(401);

        let first = app.log_in("awa").await.expect(200).json;
        refresh(&app, &first["refresh_token"]).await.expect(200);
        app.at("2026-11-22T08:02:30Z");
        let late = refresh(&app, &first["refresh_token"]).await.expect(401);
        assert_eq!(late.code(), "token_reused", "a minute has passed");
    }

    async fn of_twenty_refreshes_at_once_one_token_remains(app: TestApp) {
        app.member("awa", &[]).await;
        let first = app.log_in("awa").await.expect(200).json;
        let tries = join_all((0..20).map(|_| refresh(&app, &first["refresh_token"]))).await;
        assert!(tries.iter().all(|answer| answer.status == 200), "each of them may have lost the answer");
        let read = app.parts.db.read(|tx| {
            let live = refresh_tokens::table.filter(refresh_tokens::state.eq("live"));
            Ok(live.count().get_result::<i64>(tx.conn())?)
        });
        assert_eq!(read.await.expect("a count"), 1);
    }

    async fn sessions_end_when_idle_and_overall_sooner_for_administrators(app: TestApp) {
        app.member("awa", &[]).await;
        app.member("ada", &[grant(Role::Administrator, None)]).await;
        let (awa, ada) = (app.log_in("awa").await.json, app.log_in("ada").await.json);
        app.at("2026-11-22T08:31:00Z");
        refresh(&app, &ada["refresh_token"]).await.expect(401);
        let mut awa = refresh(&app, &awa["refresh_token"]).await.expect(200).json;
        app.bearing(&awa["access_token"]).get("/me").await.expect(200);
        app.at("2026-11-22T08:41:06Z");
        app.bearing(&awa["access_token"]).get("/me").await.expect(401);
        let start: cybercap::kernel::time::Timestamp = crate::support::app::START.parse().expect("an instant");
        for turn in 1..24 {
            app.parts.clock.set(start.plus_seconds(31 * 60 + turn * 59 * 60));
            awa = refresh(&app, &awa["refresh_token"]).await.expect(200).json;
        }
        app.at("2026-11-23T08:00:01Z");
        refresh(&app, &awa["refresh_token"]).await.expect(401);
    }

    async fn a_person_sees_and_ends_their_sessions(app: TestApp) {
        app.member("awa", &[]).await;
        let (one, two, three) =
            (app.logged_in("awa").await, app.logged_in("awa").await, app.logged_in("awa").await);
        let list = one.get("/me/sessions").await.expect(200).json;
        let items = list["items"].as_array().expect("items");
        assert_eq!(items.iter().filter(|session| session["current"] == true).count(), 1);
        assert_eq!(items.len(), 3);
        let other = items.iter().find(|session| session["current"] == false).expect("another")["id"].clone();
        let path = format!("/me/sessions/{}", other.as_str().expect("an id"));
        one.delete(&path, "").await.expect(204);
        one.delete(&path, "").await.expect(404);
        let left = [two.get("/me").await.status, three.get("/me").await.status];
        assert_eq!(left.iter().filter(|status| **status == 401).count(), 1);
        one.delete("/me/sessions", "").await.expect(204);
        assert_eq!(two.get("/me").await.status, 401);
        assert_eq!(three.get("/me").await.status, 401);

        one.post("/auth/logout", json!({})).await.expect(204);
        one.get("/me").await.expect(401);
    }

    async fn dangerous_things_need_a_fresh_proof(app: TestApp) {
        let id = app.member("awa", &[]).await;
        let first = app.log_in("awa").await.json;
        let awa = app.bearing(&first["access_token"]);
        app.at("2026-11-22T08:06:00Z");
        let draft = json!({ "name": "robot", "permissions": ["me"] });
        for (path, body) in [
            ("/me/email", json!({ "email": "new@example.org" })),
            ("/me/second-factor", json!({})),
            ("/me/tokens", draft.clone()),
        ] {
            assert_eq!(awa.post(path, body).await.expect(401).code(), "step_up_needed", "{path}");
        }
        assert_eq!(awa.delete("/me/sessions", "").await.expect(401).code(), "step_up_needed");
        assert_eq!(awa.delete("/me/second-factor", "").await.expect(401).code(), "step_up_needed");

        awa.post("/auth/step-up", json!({ "password": "wrong" })).await.expect(401);
        app.at("2026-11-22T08:06:05Z");
        let fresh = awa.post("/auth/step-up", json!({ "password": PASSWORD })).await.expect(200).json;
        awa.get("/me").await.expect(401);
        refresh(&app, &first["refresh_token"]).await.expect(401);
        let awa = app.bearing(&fresh["access_token"]);
        awa.post("/me/tokens", draft).await.expect(201);
        assert_eq!(awa.get("/me").await.expect(200).id(), id.to_string());
    }

    async fn keys_are_published_rotated_and_revoked(app: TestApp) {
        app.member("awa", &[]).await;
        let jwks = app.anyone().get("//.well-known/jwks.json").await.expect(200);
        let keys_of = |json: &Value| json["keys"].as_array().expect("keys").clone();
        assert_eq!(keys_of(&jwks.json).len(), 2, "the active and the next one");
        assert!(!jwks.text.contains("\"d\""), "nothing private: {}", jwks.text);
        let old = app.logged_in("awa").await;

        let master = app.parts.master.clone();
        let early = app.parts.db.write(move |tx| keys::rotate(tx, &System("test"), &master).map(drop)).await;
        assert!(early.is_err(), "the next key is not published for a day yet");
        app.at("2026-11-23T09:00:00Z");
        let before = app.log_in("awa").await.expect(200).json;
        let master = app.parts.master.clone();
        app.parts.db.write(move |tx| keys::rotate(tx, &System("test"), &master).map(drop)).await.expect("rotated");
        app.at("2026-11-23T09:00:05Z");
        app.bearing(&before["access_token"]).get("/me").await.expect(200);
        let after = app.log_in("awa").await.expect(200).json;
        let kid = |pair: &Value| {
            let token = pair["access_token"].as_str().expect("a token").to_owned();
            let header = B64.decode(token.split('.').next().expect("a header")).expect("base64");
            serde_json::from_slice::<Value>(&header).expect("JSON")["kid"].as_str().expect("a kid").to_owned()
        };
        assert_ne!(kid(&before), kid(&after));

        let (master, gone) = (app.parts.master.clone(), kid(&after));
        let revoke = app.parts.db.write(move |tx| keys::revoke(tx, &System("test"), &master, &gone).map(drop));
        revoke.await.expect("revoked");
        app.at("2026-11-23T09:00:10Z");
        app.bearing(&after["access_token"]).get("/me").await.expect(401);
        let fresh = refresh(&app, &after["refresh_token"]).await.expect(200).json;
        app.bearing(&fresh["access_token"]).get("/me").await.expect(200);
        old.get("/me").await.expect(401);
    }

    async fn no_token_of_the_zoo_opens_anything(app: TestApp) {
        app.member("awa", &[]).await;
        let good = app.log_in("awa").await.expect(200).json;
        app.bearing(&good["access_token"]).get("/me").await.expect(200);
        let seed = [7_u8; 32];
        let key = SigningKey::from_seed(&seed).expect("a key");
        let kid = key.kid.clone();
        let public = serde_json::to_value(&key.jwk).expect("JSON")["x"].as_str().expect("x").to_owned();
        app.parts.tokens.replace(Ring { all: [(kid.clone(), key.clone())].into(), active: Some(key) });
        let payload = B64.decode(good["access_token"].as_str().expect("a token").split('.').nth(1).expect("claims"));
        let claims: Value = serde_json::from_slice(&payload.expect("base64")).expect("JSON");
        let header = json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": kid });
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).expect("a key");
        let part = |value: &Value| B64.encode(value.to_string());
        let sign = |header: &Value, claims: &Value| {
            let text = format!("{}.{}", part(header), part(claims));
            format!("{text}.{}", B64.encode(pair.sign(text.as_bytes())))
        };
        let with = |base: &Value, field: &str, value: Value| {
            let mut changed = base.clone();
            changed[field] = value;
            changed
        };
        let without = |base: &Value, field: &str| {
            let mut changed = base.clone();
            changed.as_object_mut().expect("an object").remove(field);
            changed
        };
        let whole = sign(&header, &claims);
        app.bearing(&json!(whole)).get("/me").await.expect(200);

        let mut zoo: Vec<(String, String)> = Vec::new();
        for (field, value) in [
            ("alg", json!("none")), ("alg", json!("HS256")), ("alg", json!("ES256")), ("typ", json!("JWT")),
            ("typ", json!("refresh+jwt")), ("typ", json!(null)), ("kid", json!("other")), ("kid", json!("")),
            ("kid", json!("../../etc/passwd")), ("kid", json!(null)),
            ("jku", json!("https://evil.example/jwks.json")), ("x5u", json!("https://evil.example/x")),
            ("jwk", json!({ "kty": "OKP", "crv": "Ed25519", "x": public })), ("crit", json!(["exp"])),
        ] {
            zoo.push((format!("header {field}={value}"), sign(&with(&header, field, value), &claims)));
        }
        let now = claims["iat"].as_i64().expect("a number");
        for (field, value) in [
            ("exp", json!((now + 600).to_string())), ("exp", json!(now - 6)), ("exp", json!(0)),
            ("exp", json!(-1)), ("exp", json!(null)), ("exp", json!(1e40)),
            ("nbf", json!(now + 60)), ("nbf", json!(now.to_string())), ("iat", json!(now + 60)),
            ("iss", json!("https://evil.example")), ("aud", json!("https://evil.example")), ("aud", json!([])),
            ("sub", json!("not an id")), ("sub", json!(null)), ("sid", json!("not an id")),
            ("sid", json!("01936f1e-7b7a-7c3d-9c55-0a6b8c1d2e3f")), ("jti", json!(1)), ("amr", json!("pwd")),
        ] {
            zoo.push((format!("claim {field}={value}"), sign(&header, &with(&claims, field, value))));
        }
        for field in ["exp", "nbf", "iat", "iss", "aud", "sub", "sid", "jti", "auth_time", "amr"] {
            zoo.push((format!("claim {field} missing"), sign(&header, &without(&claims, field))));
        }
        for field in ["alg", "typ", "kid"] {
            zoo.push((format!("header {field} missing"), sign(&without(&header, field), &claims)));
        }
        let unsigned = format!("{}.{}.", part(&with(&header, "alg", json!("none"))), part(&claims));
        let confused = format!("{}.{}", part(&with(&header, "alg", json!("HS256"))), part(&claims));
        let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, public.as_bytes()), confused.as_bytes());
        zoo.push(("alg none, no signature".into(), unsigned));
        zoo.push(("HS256 with the public key".into(), format!("{confused}.{}", B64.encode(mac.as_ref()))));
        zoo.push(("signature cut".into(), whole[..whole.len() - 2].to_owned()));
        zoo.push(("no signature".into(), whole.rsplit_once('.').expect("parts").0.to_owned()));
        zoo.push(("another signer".into(), good["access_token"].as_str().expect("a token").to_owned()));
        zoo.push(("a refresh token".into(), good["refresh_token"].as_str().expect("a token").to_owned()));
        zoo.push(("two dots".into(), "..".into()));
        zoo.push(("garbage".into(), "garbage".into()));
        assert!(zoo.len() >= 40, "{}", zoo.len());
        for (name, token) in zoo {
            let answer = app.bearing(&json!(token)).get("/me").await;
            assert_eq!(answer.status, 401, "{name}: {}", answer.text);
        }
        app.bearing(&json!(whole)).get("/me").await.expect(200);
    }
}
