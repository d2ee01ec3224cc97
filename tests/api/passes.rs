//! Passes: what people without accounts see of their registration, what they answer, and who does not get in.

use awc::http::Method;
use cybercap::kernel::id::RegistrationId;
use cybercap::platform::keys;
use serde_json::{Value, json};

use crate::registrations::{at, decide, nominate, open_session};
use crate::support::{Answer, TestApp};
use crate::training::{program, step};

/// The pass of a registration.
pub fn pass_of(app: &TestApp, registration: &Value) -> String {
    let id: RegistrationId = registration["id"].as_str().expect("an id").parse().expect("an id");
    keys::pass_token(&app.parts.master, id)
}

pub async fn show(app: &TestApp, pass: &str) -> Answer {
    app.anyone().post("/passes/show", json!({ "token": pass })).await
}

async fn answer(app: &TestApp, pass: &str, to: &str) -> Answer {
    app.anyone().post("/passes/answer", json!({ "token": pass, "to": to })).await
}

on_both_databases! {
    async fn who_holds_a_pass_sees_their_place_takes_an_offer_and_withdraws(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["SN"]).await;
        let terms = json!({ "capacity": 1, "zone": "Africa/Dakar", "link": "https://meet.example/drill" });
        let session = open_session(&coordinator, &program, terms).await;
        let senegal = app.focal_point_of("SN").await;
        let awa = nominate(&senegal, &session, "SN", "Awa", 1).await.expect(201).json;
        let modou = nominate(&senegal, &session, "SN", "Modou", 2).await.expect(201).json;
        let (hers, his) = (pass_of(&app, &awa), pass_of(&app, &modou));

        let seen = show(&app, &hers).await.expect(200).json;
        assert_eq!((&seen["title"], &seen["name"], &seen["status"]), (&json!("Drill"), &json!("Awa"), &json!("pending")));
        assert_eq!((&seen["zone"], &seen["days"][0]["starts"]), (&json!("Africa/Dakar"), &json!("09:00")));
        assert_eq!((&seen["may_answer"], &seen["link"]), (&json!(["withdrawn"]), &Value::Null));
        answer(&app, &hers, "confirmed").await.expect(409);
        decide(&coordinator, &awa, "confirmed").await.expect(200);
        decide(&coordinator, &modou, "confirmed").await.expect(200);
        assert_eq!(show(&app, &hers).await.expect(200).json["link"], "https://meet.example/drill");
        assert_eq!(show(&app, &his).await.expect(200).json["status"], "waitlisted");

        let reason = json!({ "token": hers, "to": "withdrawn", "reason": "Elections." });
        let gone = app.anyone().post("/passes/answer", reason).await.expect(200).json;
        assert_eq!((&gone["status"], &gone["may_answer"]), (&json!("withdrawn"), &json!([])));
        let offer = show(&app, &his).await.expect(200).json;
        assert_eq!((&offer["status"], &offer["offer_expires_at"], &offer["link"]), (&json!("offered"), &json!("2026-11-25T08:00:00Z"), &Value::Null));
        assert_eq!(offer["may_answer"], json!(["confirmed", "declined", "withdrawn"]));
        assert_eq!(answer(&app, &his, "confirmed").await.expect(200).json["status"], "confirmed");
        let again = answer(&app, &his, "confirmed").await.expect(200).json;
        assert_eq!((&again["status"], &again["link"]), (&json!("confirmed"), &json!("https://meet.example/drill")));
        answer(&app, &hers, "confirmed").await.expect(409);

        let path = format!("/registrations/{}", modou["id"].as_str().expect("an id"));
        assert_eq!(coordinator.get(&path).await.expect(200).json["version"], 4, "an answer given twice is noted once");
        let auditor = app.with_role("auditor", cybercap::kernel::access::Role::Auditor, None, None).await;
        let noted = auditor.get("/audit-events?action=registration.moved").await.expect(200).json;
        let via: Vec<&str> = noted["items"].as_array().expect("events").iter().filter_map(|e| e["via"].as_str()).filter(|via| via.starts_with("pass ")).collect();
        assert_eq!(via.len(), 2, "{noted}");
        let told = app.events("registration.moved").await;
        assert_eq!(told.iter().filter(|e| e["to"] == "confirmed").count(), 2);
    }

    async fn an_offer_that_ran_out_is_not_taken_even_before_the_clock_has_passed_it_on(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["SN"]).await;
        let session = open_session(&coordinator, &program, json!({ "capacity": 1 })).await;
        let senegal = app.focal_point_of("SN").await;
        let awa = nominate(&senegal, &session, "SN", "Awa", 1).await.expect(201).json;
        let modou = nominate(&senegal, &session, "SN", "Modou", 2).await.expect(201).json;
        decide(&coordinator, &awa, "confirmed").await.expect(200);
        decide(&coordinator, &modou, "confirmed").await.expect(200);
        answer(&app, &pass_of(&app, &awa), "withdrawn").await.expect(200);
        let his = pass_of(&app, &modou);
        app.at("2026-11-25T08:00:00Z");

        assert!(answer(&app, &his, "confirmed").await.expect(409).text.contains("ran out"));
        assert_eq!(show(&app, &his).await.expect(200).json["may_answer"], json!([]));
        app.tick().await;
        assert_eq!(show(&app, &his).await.expect(200).json["status"], "declined");
    }

    async fn an_invitation_is_answered_and_the_end_of_a_session_ends_the_answers(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["SN"]).await;
        let session = open_session(&coordinator, &program, json!({})).await;
        let mut asked = Vec::new();
        for name in ["Awa", "Modou", "Fatou"] {
            let person = json!({ "name": name, "email": format!("{name}@ministry.example") });
            let draft = json!({ "country": "SN", "person": person, "status": "invited" });
            asked.push(coordinator.post(&format!("{}/registrations", at(&session)), draft).await.expect(201).json);
        }
        let passes: Vec<String> = asked.iter().map(|registration| pass_of(&app, registration)).collect();

        assert_eq!(answer(&app, &passes[0], "confirmed").await.expect(200).json["status"], "confirmed");
        assert_eq!(answer(&app, &passes[1], "declined").await.expect(200).json["status"], "declined");
        let refused = app.anyone().post("/passes/answer", json!({ "token": passes[2], "to": "attended" })).await;
        assert_eq!(refused.expect(422).json["errors"][0]["pointer"], "/to");
        let cancelled = json!({ "to": "cancelled", "reason": "Elections." });
        coordinator.post(&format!("{}/transitions", at(&session)), cancelled).await.expect(200);
        let seen = show(&app, &passes[0]).await.expect(200).json;
        assert_eq!((&seen["session_status"], &seen["session_reason"], &seen["may_answer"]), (&json!("cancelled"), &json!("Elections."), &json!([])));
        assert!(answer(&app, &passes[0], "withdrawn").await.expect(409).text.contains("cancelled"));
    }

    async fn a_pass_of_a_registration_that_a_merge_took_away_shows_the_one_that_stays(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["SN"]).await;
        let session = open_session(&coordinator, &program, json!({})).await;
        let senegal = app.focal_point_of("SN").await;
        let awa = nominate(&senegal, &session, "SN", "Awa", 1).await.expect(201).json;
        let twin = nominate(&senegal, &session, "SN", "Awa.Diop", 2).await.expect(201).json;
        let third = nominate(&senegal, &session, "SN", "A.Diop", 3).await.expect(201).json;
        let passes: Vec<String> = [&awa, &twin, &third].into_iter().map(|registration| pass_of(&app, registration)).collect();
        answer(&app, &passes[1], "withdrawn").await.expect(200);
        assert_eq!(show(&app, &passes[1]).await.expect(200).json["status"], "withdrawn", "what was withdrawn says so");
        let merge = async |from: &Value, into: &Value| {
            let path = format!("/participants/{}/merge", from["person"]["id"].as_str().expect("an id"));
            coordinator.post(&path, json!({ "into": into["person"]["id"] })).await.expect(200);
        };

        merge(&twin, &awa).await;
        assert_eq!(show(&app, &passes[1]).await.expect(200).json["registration_id"], awa["id"]);
        answer(&app, &passes[1], "withdrawn").await.expect(200);
        merge(&awa, &third).await;

        for pass in &passes {
            let seen = show(&app, pass).await.expect(200).json;
            assert_eq!((&seen["registration_id"], &seen["name"], &seen["status"]), (&third["id"], &json!("A.Diop"), &json!("pending")));
        }
    }

    async fn a_token_that_is_no_pass_opens_nothing_and_its_maker_waits(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["SN"]).await;
        let session = open_session(&coordinator, &program, json!({})).await;
        let senegal = app.focal_point_of("SN").await;
        let awa = nominate(&senegal, &session, "SN", "Awa", 1).await.expect(201).json;
        let pass = pass_of(&app, &awa);
        let absent = keys::pass_token(&app.parts.master, RegistrationId(uuid::Uuid::from_u128(7)));
        let before = app.fingerprint();

        let nothing = show(&app, &absent).await.expect(404);
        assert!(nothing.json["detail"].as_str().is_some_and(|words| words.contains("letter")));
        let id = awa["id"].as_str().expect("an id").to_owned();
        let forged = [id, pass[..63].to_owned(), pass.replacen(&pass[..1], "_", 1), format!("{}A", &pass[..63]), pass.to_lowercase()];
        for token in &forged {
            let refused = show(&app, token).await.expect(404);
            assert_eq!(refused.json["detail"], nothing.json["detail"], "a wrong token hears what an absent registration does");
        }
        let large = format!("{{\"token\":\"{}\"}}", "x".repeat(1 << 20)).into_bytes();
        app.anyone().send(Method::POST, "/passes/show", &[("content-type", "application/json")], large).await.expect(413);
        assert_eq!(show(&app, &"x".repeat(513)).await.expect(422).json["errors"][0]["pointer"], "/token");
        for _ in 0..15 {
            show(&app, "guess").await.expect(404);
        }
        let held = show(&app, "guess").await.expect(429);
        assert_eq!(held.header("retry-after"), "60");
        show(&app, &pass).await.expect(200);
        for _ in 0..58 {
            show(&app, &pass).await.expect(200);
        }
        show(&app, &pass).await.expect(200);
        show(&app, &pass).await.expect(429);
        assert_eq!(app.fingerprint(), before, "knocking leaves no trace");
        app.at("2026-11-22T08:03:00Z");
        show(&app, "guess").await.expect(404);
        show(&app, &pass).await.expect(200);
        step(&coordinator, &session, "registration_closed").await.expect(200);
        assert_eq!(answer(&app, &pass, "withdrawn").await.expect(200).json["status"], "withdrawn");
    }

    async fn the_page_of_a_pass_is_there_in_each_language_and_loads_nothing_from_elsewhere(app: TestApp) {
        for lang in ["en", "fr", "es", "ar", "ru", "zh", "pt"] {
            let page = app.anyone().send(Method::GET, "//pass", &[("accept-language", lang)], Vec::new()).await.expect(200);
            assert!(page.text.contains(&format!("lang=\"{lang}\"")), "{lang}");
            assert_eq!(page.text.contains("dir=\"rtl\""), lang == "ar");
            assert!(page.header("content-security-policy").contains("script-src 'self'"));
            assert!(!page.text.contains("<script>") && !page.text.contains("//cdn"));
        }
        let named = app.anyone().send(Method::GET, "//pass?lang=ar", &[("accept-language", "fr")], Vec::new()).await.expect(200);
        assert!(named.text.contains("lang=\"ar\""), "the language of the letter comes first");
        app.anyone().send(Method::GET, "//links/pass.js", &[], Vec::new()).await.expect(200);
        app.anyone().send(Method::POST, "//pass", &[], Vec::new()).await.expect(405);
    }
}
