//! The second factor: set up, asked, each code once, replaced by paper, and needed by administrators.

use cybercap::config::Config;
use cybercap::kernel::access::Role;
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

use crate::support::TestApp;
use crate::support::app::{Answer, Client};
use crate::support::doors::{PASSWORD, grant};

/// The code that an app shows now for a seed.
pub fn code(secret: &Value, app: &TestApp) -> String {
    let seed = Secret::try_from_base32(secret.as_str().expect("a seed")).expect("base32");
    let totp = Builder::new().with_secret(seed).build().expect("a generator");
    totp.generate(u64::try_from(app.parts.clock.now().seconds()).expect("a time")).to_string()
}

async fn enrol(app: &TestApp, person: &Client) -> (Value, Vec<String>) {
    let begun = person.post("/me/second-factor", json!({})).await.expect(200).json;
    assert!(begun["otpauth"].as_str().expect("a link").starts_with("otpauth://totp/"), "{begun}");
    person.post("/me/second-factor/confirm", json!({ "code": "000000" })).await.expect(422);
    let said = json!({ "code": code(&begun["secret"], app) });
    let codes = person.post("/me/second-factor/confirm", said).await.expect(200).json;
    let codes = codes["recovery_codes"].as_array().expect("codes").iter();
    (begun["secret"].clone(), codes.map(|code| code.as_str().expect("a code").to_owned()).collect())
}

async fn log_in(app: &TestApp, code: &str) -> Answer {
    let body = json!({ "email": "awa@example.org", "password": PASSWORD, "code": code });
    app.anyone().post("/auth/login", body).await
}

on_both_databases! {
    async fn a_code_is_asked_and_counts_once(app: TestApp) {
        app.member("awa", &[]).await;
        let (awa, other) = (app.logged_in("awa").await, app.logged_in("awa").await);
        let (secret, _) = enrol(&app, &awa).await;
        awa.get("/me").await.expect(200);
        other.get("/me").await.expect(401);
        assert_eq!(app.log_in("awa").await.expect(401).code(), "second_factor_needed");
        assert_eq!(log_in(&app, &code(&secret, &app)).await.expect(401).code(), "login_failed", "used at set-up");
        app.at("2026-11-22T08:00:30Z");
        let now = code(&secret, &app);
        log_in(&app, &now).await.expect(200);
        log_in(&app, &now).await.expect(401);
        app.at("2026-11-22T08:02:00Z");
        let before = code(&secret, &app);
        app.at("2026-11-22T08:02:30Z");
        log_in(&app, &before).await.expect(200);
        let old = code(&secret, &app);
        app.at("2026-11-22T08:03:31Z");
        log_in(&app, &old).await.expect(401);
    }

    async fn codes_can_not_be_guessed(app: TestApp) {
        app.member("awa", &[]).await;
        let awa = app.logged_in("awa").await;
        let (secret, _) = enrol(&app, &awa).await;
        app.at("2026-11-22T08:10:00Z");
        for _ in 0..5 {
            log_in(&app, "123456").await.expect(401);
        }
        let right = log_in(&app, &code(&secret, &app)).await.expect(401);
        assert!(!right.header("retry-after").is_empty(), "held back even with the right code");
        app.at("2026-11-22T08:20:00Z");
        log_in(&app, &code(&secret, &app)).await.expect(200);
    }

    async fn a_recovery_code_replaces_a_lost_phone_once(app: TestApp) {
        app.member("awa", &[]).await;
        let awa = app.logged_in("awa").await;
        let (_, codes) = enrol(&app, &awa).await;
        assert_eq!(codes.len(), 10);
        let pair = log_in(&app, &codes[0].to_uppercase()).await.expect(200).json;
        log_in(&app, &codes[0]).await.expect(401);
        let awa = app.bearing(&pair["access_token"]);
        assert_eq!(awa.get("/me/second-factor").await.expect(200).json["recovery_codes_left"], 9);
        let renewed = awa.post("/me/second-factor/recovery-codes", json!({})).await.expect(200);
        assert_eq!(renewed.json["recovery_codes"].as_array().expect("codes").len(), 10);
        log_in(&app, &codes[1]).await.expect(401);
        awa.delete("/me/second-factor", "").await.expect(204);
        app.log_in("awa").await.expect(200);
        let whats: Vec<Value> = app.events("user.secured").await.iter().map(|e| e["what"].clone()).collect();
        assert!(whats.contains(&json!("second_factor_on")) && whats.contains(&json!("second_factor_off")));
    }
}

fn needed(config: &mut Config) {
    config.security.administrators_need_second_factor = true;
}

on_both_databases! {
    with needed;

    async fn administrators_reach_nothing_before_they_have_one(app: TestApp) {
        app.member("awa", &[grant(Role::Administrator, None)]).await;
        app.member("observer", &[grant(Role::Observer, Some("KE"))]).await;
        let awa = app.logged_in("awa").await;
        let refused = awa.get("/users").await.expect(403);
        assert_eq!(refused.code(), "second_factor_enrolment_needed");
        awa.get("/me").await.expect(200);
        enrol(&app, &awa).await;
        awa.get("/users").await.expect(200);
        app.logged_in("observer").await.get("/countries").await.expect(200);
    }
}
