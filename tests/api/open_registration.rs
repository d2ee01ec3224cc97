//! Open registration by a link: who gets in, what is told to whom, and which doors stay shut.

use awc::http::Method;
use cybercap::kernel::access::Role;
use cybercap::kernel::id::RegistrationLinkId;
use cybercap::platform::keys;
use serde_json::{Value, json};

use crate::registrations::{at, decide, nominate, open_session};
use crate::support::{Answer, Client, TestApp};
use crate::training::{program, step};

const CONSENT: &str = "2026-1";

/// Makes a link; its token and its record.
async fn link(by: &Client, session: &Value, draft: Value) -> (String, Value) {
    let made = by.post(&format!("{}/registration-links", at(session)), draft).await.expect(201).json;
    let (_, token) = made["url"].as_str().expect("an address").split_once("/register#").expect("a token");
    (token.to_owned(), made)
}

fn form(token: &str, country: &str, name: &str) -> Value {
    let address = format!("{}@ministry.example", name.to_lowercase());
    json!({ "token": token, "country": country, "person": { "name": name, "email": address }, "consent_version": CONSENT })
}

async fn register(app: &TestApp, form: Value) -> Answer {
    app.anyone().post("/registrations/open", form).await
}

async fn look(app: &TestApp, token: &str) -> Answer {
    app.anyone().post("/registrations/open/show", json!({ "token": token })).await
}

/// Everything that the caller hears, but for the request's own id.
fn heard(answer: &Answer) -> String {
    let mut json = answer.json.clone();
    json.as_object_mut().expect("an object").remove("request_id");
    format!("{} {json}", answer.status)
}

on_both_databases! {
    async fn whoever_has_the_link_asks_for_a_place_and_the_coordinator_decides(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["KE", "SN"]).await;
        let session = open_session(&coordinator, &program, json!({})).await;
        let (token, made) = link(&coordinator, &session, json!({ "label": "Web site" })).await;
        assert!(made["url"].as_str().is_some_and(|url| url.starts_with(&app.url)));

        let seen = look(&app, &token).await.expect(200).json;
        assert_eq!((&seen["title"], &seen["open"], &seen["consent"]["version"]), (&json!("Drill"), &json!(true), &json!(CONSENT)));
        assert_eq!(seen["countries"], json!([{ "iso2": "KE", "name": "Kenya" }, { "iso2": "SN", "name": "Senegal" }]));
        let headers = [("content-type", "application/json"), ("accept-language", "ar")];
        let arabic = app.anyone().send(Method::POST, "/registrations/open/show", &headers, json!({ "token": token }).to_string().into_bytes()).await;
        assert_eq!(arabic.expect(200).json["countries"][0]["name"], "كينيا");
        assert!(seen["fields"].as_array().is_some_and(|fields| fields.iter().all(|f| f["purpose"].as_str().is_some_and(|p| p.len() > 10))));
        let mut awa = form(&token, "SN", "Awa");
        awa["person"]["sex"] = json!("female");
        awa["person"]["language"] = json!("fr");
        register(&app, awa).await.expect(202);

        let list = coordinator.get(&format!("{}/registrations?origin=open", at(&session))).await.expect(200).json;
        assert_eq!((&list["items"][0]["person"]["name"], &list["items"][0]["status"]), (&json!("Awa"), &json!("pending")));
        let person = format!("/participants/{}", list["items"][0]["person"]["id"].as_str().expect("an id"));
        let kept = coordinator.get(&person).await.expect(200).json;
        assert_eq!((&kept["consent_version"], &kept["consent_at"]), (&json!(CONSENT), &json!("2026-11-22T08:00:00Z")));
        decide(&coordinator, &list["items"][0], "confirmed").await.expect(200);
        let told = app.events("registration.moved").await;
        assert_eq!(told.iter().map(|e| e["to"].as_str().unwrap_or("")).collect::<Vec<_>>(), ["pending", "confirmed"]);
        let auditor = app.with_role("auditor", Role::Auditor, None, None).await;
        for (action, via) in [("registration_link.made", "session "), ("registration.asked", "registration link "), ("participant.entered", "registration link ")] {
            let noted = auditor.get(&format!("/audit-events?action={action}")).await.expect(200).json;
            assert!(noted["items"][0]["via"].as_str().is_some_and(|said| said.starts_with(via)), "{action}: {noted}");
        }
    }

    async fn the_answer_is_the_same_for_who_was_known_or_registered_before(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["SN"]).await;
        let (one, two) = (open_session(&coordinator, &program, json!({})).await, open_session(&coordinator, &program, json!({})).await);
        let senegal = app.focal_point_of("SN").await;
        let awa = nominate(&senegal, &one, "SN", "Awa", 1).await.expect(201).json;
        let modou = nominate(&senegal, &two, "SN", "Modou", 1).await.expect(201).json;
        let (token, _) = link(&coordinator, &one, json!({})).await;

        let fresh = heard(&register(&app, form(&token, "SN", "Fatou")).await);
        let mut forged = form(&token, "SN", "AWA");
        forged["person"]["organization"] = json!("Somebody else's words");
        forged["person"]["sex"] = json!("other");
        assert_eq!(heard(&register(&app, forged).await), fresh, "registered already");
        assert_eq!(heard(&register(&app, form(&token, "SN", "Modou")).await), fresh, "known from another session");
        assert_eq!(heard(&register(&app, form(&token, "SN", "Fatou")).await), fresh, "sent twice");
        assert!(fresh.starts_with("202"));

        let list = coordinator.get(&format!("{}/registrations", at(&one))).await.expect(200).json;
        let said: Vec<_> = list["items"].as_array().expect("items").iter().map(|r| (r["person"]["name"].as_str(), r["origin"].as_str(), r["version"].as_i64())).collect();
        assert_eq!(said, [(Some("Awa"), Some("nominated"), Some(1)), (Some("Fatou"), Some("open"), Some(1)), (Some("Modou"), Some("open"), Some(1))]);
        let kept = senegal.get(&format!("/participants/{}", awa["person"]["id"].as_str().expect("an id"))).await.expect(200).json;
        assert_eq!((&kept["name"], &kept["organization"], &kept["sex"]), (&json!("Awa"), &Value::Null, &Value::Null), "a stranger changes nobody");
        assert_eq!(kept["consent_version"], CONSENT);
        assert_eq!(list["items"][2]["person"]["id"], modou["person"]["id"]);
        decide(&senegal, &awa, "withdrawn").await.expect(200);
        assert_eq!(heard(&register(&app, form(&token, "SN", "Awa")).await), fresh);
        let again = coordinator.get(&format!("/registrations/{}", awa["id"].as_str().expect("an id"))).await.expect(200).json;
        assert_eq!((&again["status"], &again["origin"]), (&json!("pending"), &json!("open")), "who withdrew may ask again");
    }

    async fn a_shut_door_stays_shut(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["KE", "SN"]).await;
        let session = open_session(&coordinator, &program, json!({ "zone": "Pacific/Apia" })).await;
        let (all, _) = link(&coordinator, &session, json!({})).await;
        let (kenya, made) = link(&coordinator, &session, json!({ "country": "KE", "expires_on": "2026-11-23" })).await;
        let route = format!("{}/registration-links", at(&session));
        let before = app.fingerprint();
        let wrong = coordinator.post(&route, json!({ "country": "GH", "expires_on": "2026-11-20" })).await.expect(422).json;
        let places: Vec<_> = wrong["errors"].as_array().expect("errors").iter().filter_map(|e| e["pointer"].as_str()).collect();
        assert_eq!(places, ["/country", "/expires_on"]);

        let foreign = register(&app, form(&all, "GH", "Kofi")).await.expect(422).json;
        assert_eq!((&foreign["errors"][0]["pointer"], &foreign["errors"][0]["code"]), (&json!("/country"), &json!("not_invited")));
        register(&app, form(&kenya, "SN", "Awa")).await.expect(422);
        let mut old = form(&all, "SN", "Awa");
        old["consent_version"] = json!("2020-1");
        assert_eq!(register(&app, old).await.expect(422).json["errors"][0]["pointer"], "/consent_version");
        let mut silent = form(&all, "SN", "Awa");
        silent.as_object_mut().expect("a form").remove("consent_version");
        assert_eq!(register(&app, silent).await.expect(422).json["errors"][0]["pointer"], "/consent_version");
        let mut long = form(&all, "SN", "Awa");
        long["person"]["name"] = json!("x".repeat(201));
        assert_eq!(register(&app, long.clone()).await.expect(422).json["errors"][0]["pointer"], "/person/name");
        long["person"]["name"] = json!("x".repeat(1 << 20));
        register(&app, long).await.expect(413);
        let forged = format!("{}A{}", &all[..10], &all[11..]);
        let absent = keys::registration_link_token(&app.parts.master, RegistrationLinkId(uuid::Uuid::from_u128(7)));
        let pass = keys::pass_token(&app.parts.master, cybercap::kernel::id::RegistrationId(uuid::Uuid::from_u128(7)));
        let nothing = heard(&look(&app, &absent).await.expect(404));
        for token in [forged.as_str(), pass.as_str(), made["id"].as_str().expect("an id")] {
            assert_eq!(heard(&look(&app, token).await), nothing);
            assert_eq!(heard(&register(&app, form(token, "SN", "Awa")).await), nothing);
        }
        assert_eq!(app.fingerprint(), before, "knocking leaves no trace");
        // The 24th has begun in Apia; in UTC it is the 23rd.
        app.at("2026-11-23T11:00:00Z");
        assert_eq!(heard(&look(&app, &kenya).await), nothing, "its last day is over where the session is");
        let coordinator = app.client_of(&coordinator).await;
        let path = format!("/registration-links/{}", made["id"].as_str().expect("an id"));
        coordinator.send(Method::DELETE, &path, &[], Vec::new()).await.expect(428);
        coordinator.delete(&path, "\"9-en\"").await.expect(412);
        coordinator.delete(&path, coordinator.get(&path).await.expect(200).header("etag")).await.expect(204);
        coordinator.get(&path).await.expect(404);
        let left = coordinator.get(&route).await.expect(200).json;
        assert_eq!(left["items"].as_array().expect("links").len(), 1, "revoked ones are gone");
    }

    async fn a_revoked_link_and_a_closed_registration_take_nobody(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["SN"]).await;
        let session = open_session(&coordinator, &program, json!({})).await;
        let (token, _) = link(&coordinator, &session, json!({})).await;
        let (revoked, made) = link(&coordinator, &session, json!({})).await;
        register(&app, form(&revoked, "SN", "Awa")).await.expect(202);
        let path = format!("/registration-links/{}", made["id"].as_str().expect("an id"));
        coordinator.delete(&path, coordinator.get(&path).await.expect(200).header("etag")).await.expect(204);

        look(&app, &revoked).await.expect(404);
        register(&app, form(&revoked, "SN", "Modou")).await.expect(404);
        step(&coordinator, &session, "registration_closed").await.expect(200);
        assert_eq!(look(&app, &token).await.expect(200).json["open"], false);
        register(&app, form(&token, "SN", "Modou")).await.expect(409);
        let list = coordinator.get(&format!("{}/registrations", at(&session))).await.expect(200).json;
        assert_eq!(list["items"].as_array().expect("items").len(), 1, "who came before stays");
        let senegal = app.focal_point_of("SN").await;
        senegal.get(&format!("{}/registration-links", at(&session))).await.expect(403);
        app.focal_point_of("GH").await.get(&format!("{}/registration-links", at(&session))).await.expect(404);
    }

    async fn a_crowd_from_one_address_waits_and_the_page_is_text(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["SN"]).await;
        let session = open_session(&coordinator, &program, json!({ "title": "<script>alert(1)</script>" })).await;
        let (token, _) = link(&coordinator, &session, json!({})).await;
        let mut sly = form(&token, "SN", "Awa");
        sly["person"]["name"] = json!("<img src=x onerror=alert(1)> =1+1");
        register(&app, sly).await.expect(202);
        let csv = coordinator.get(&format!("{}/registrations.csv", at(&session))).await.expect(200).text;
        assert!(csv.contains("<img"), "{csv}");
        for n in 1..60 {
            register(&app, form(&token, "SN", &format!("Person{n}"))).await.expect(202);
        }
        assert_eq!(register(&app, form(&token, "SN", "Late")).await.expect(429).header("retry-after"), "600");
        for lang in ["en", "fr", "es", "ar", "ru", "zh", "pt"] {
            let page = app.anyone().send(Method::GET, "//register", &[("accept-language", lang)], Vec::new()).await.expect(200);
            assert!(page.text.contains(&format!("lang=\"{lang}\"")) && !page.text.contains("<script>"));
            assert!(page.header("content-security-policy").contains("script-src 'self'"));
        }
        let script = app.anyone().send(Method::GET, "//links/register.js", &[], Vec::new()).await.expect(200).text;
        let pass = app.anyone().send(Method::GET, "//links/pass.js", &[], Vec::new()).await.expect(200).text;
        for way in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("] {
            assert!(!script.contains(way) && !pass.contains(way), "{way} would read markup");
        }
    }
}
