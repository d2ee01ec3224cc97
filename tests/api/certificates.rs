//! Certificates: issued to those who completed a session, checked by anyone, revoked, expired, and checked without us.

use cybercap::kernel::access::{Role, System};
use cybercap::training::certificates::{keys, verify};
use serde_json::{Value, json};

use crate::scores::{Class, Whom, class};
use crate::support::{Answer, Client, TestApp};

const THREE: &[Whom<'static>] = &[("SN", "Awa Ndiaye"), ("SN", "Modou"), ("KE", "Kamau")];

/// The class with its session completed; who is not named as present was away.
async fn held(app: &TestApp, whom: &[Whom<'_>], changes: Value) -> Class {
    let coordinator = app.coordinator().await;
    let class = class(app, &coordinator, whom, changes).await;
    class.moves("completed").await;
    class
}

async fn away(class: &Class, whom: usize) {
    let entry = json!({ "registration_id": class.people[whom], "day": "2026-11-22", "status": "absent" });
    class.coordinator.post(&class.below("attendance"), entry).await.expect(200);
}

async fn issue(class: &Class, draft: Value) -> Answer {
    class.coordinator.post(&class.below("certificates"), draft).await
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

async fn revoke(by: &Client, id: &Value, etag: &str) -> Answer {
    let path = format!("/training-certificates/{}/transitions", text(id));
    let headers = [("content-type", "application/json"), ("if-match", etag)];
    let body = json!({ "to": "revoked", "reason": "The test was taken by somebody else." });
    by.send(awc::http::Method::POST, &path, &headers, body.to_string().into_bytes()).await
}

/// The page of a certificate, for a reader of a language.
async fn page(app: &TestApp, number: &str, lang: &str) -> Answer {
    let headers = [("accept-language", lang)];
    app.anyone().send(awc::http::Method::GET, &format!("//certificates/{number}"), &headers, Vec::new()).await
}

on_both_databases! {
    async fn who_completed_gets_one_certificate_and_nobody_a_second(app: TestApp) {
        let coordinator = app.coordinator().await;
        let class = class(&app, &coordinator, THREE, json!({ "pass_mark": 50 })).await;
        let early = issue(&class, json!({})).await.expect(409);
        assert!(early.text.contains("once it is completed"));
        class.moves("completed").await;
        class.score(0, "post", json!(15), 20).await.expect(201);
        class.score(1, "post", json!(9), 20).await.expect(201);
        class.score(2, "post", json!(20), 20).await.expect(201);

        let first = issue(&class, json!({})).await.expect(200).json;

        assert_eq!((&first["issued"], &first["more"]), (&json!(2), &json!(false)));
        let awa = &first["certificates"][0];
        assert_eq!((&awa["name"], &awa["country"], &awa["status"]), (&json!("Awa Ndiaye"), &json!("SN"), &json!("issued")));
        assert_eq!((&awa["valid_until"], &awa["allowed_transitions"]), (&Value::Null, &json!(["revoked"])));
        assert_eq!(text(&awa["url"]), format!("{}/certificates/{}", app.url, text(&awa["number"])));
        assert_eq!(issue(&class, json!({})).await.expect(200).json["issued"], 0);
        let named = json!({ "registrations": [class.people[0]] });
        assert_eq!(issue(&class, named).await.expect(200).json["issued"], 0, "she has one");

        let before = app.fingerprint();
        let wrong = json!({ "registrations": [class.people[1], class.program, class.people[1]], "valid_until": "2026-11-21" });
        assert_eq!(issue(&class, wrong.clone()).await.expect(422).json["errors"][0]["pointer"], "/valid_until");
        let mut wrong = wrong;
        wrong["valid_until"] = json!("2026-11-22");
        let refused = issue(&class, wrong).await.expect(422).json;
        let told: Vec<_> = refused["errors"].as_array().expect("errors").iter().map(|e| json!([e["pointer"], e["code"]])).collect();
        assert_eq!(json!(told), json!([["/registrations/0", "not_completed"], ["/registrations/1", "unknown_registration"], ["/registrations/2", "twice"]]));
        assert!(text(&refused["errors"][0]["detail"]).contains("pass_mark"));
        assert_eq!(app.fingerprint(), before);
        class.score(1, "post", json!(10), 20).await.expect(200);
        assert_eq!(issue(&class, json!({})).await.expect(200).json["certificates"][0]["name"], "Modou");
    }

    async fn a_country_sees_the_certificates_of_its_people_and_only_the_coordinator_revokes(app: TestApp) {
        let class = held(&app, THREE, json!({})).await;
        issue(&class, json!({})).await.expect(200);
        let senegal = app.client_of(&app.focal_point_of("SN").await).await;
        let kenya = app.client_of(&app.focal_point_of("KE").await).await;
        let names = async |by: &Client, query: &str| {
            let page = by.get(&format!("/training-certificates?{query}")).await.expect(200).json;
            page["items"].as_array().expect("items").iter().map(|c| c["name"].clone()).collect::<Vec<_>>()
        };
        assert_eq!(names(&senegal, "").await, ["Awa Ndiaye", "Modou"]);
        assert_eq!(names(&kenya, "").await, ["Kamau"]);
        assert_eq!(names(&class.coordinator, &format!("registration={}", class.people[1])).await, ["Modou"]);
        assert_eq!(names(&class.coordinator, "country=KE&status=issued").await, ["Kamau"]);
        let observer = app.client_of(&app.with_role("donor", Role::Observer, None, Some(&class.program)).await).await;
        observer.get("/training-certificates").await.expect(403);
        let list = kenya.get("/training-certificates").await.expect(200).json;
        let kamau = &list["items"][0];
        assert_eq!((&kamau["permissions"], &kamau["allowed_transitions"]), (&json!(["certificates.view"]), &json!([])));
        senegal.get(&format!("/training-certificates/{}", text(&kamau["id"]))).await.expect(404);
        senegal.post(&class.below("certificates"), json!({})).await.expect(403);

        revoke(&kenya, &kamau["id"], "\"1-en\"").await.expect(403);
        revoke(&class.coordinator, &kamau["id"], "\"7-en\"").await.expect(412);
        let back = json!({ "to": "issued", "reason": "No." });
        let path = format!("/training-certificates/{}/transitions", text(&kamau["id"]));
        assert_eq!(class.coordinator.post(&path, back).await.expect(422).json["errors"][0]["pointer"], "/to");
        class.coordinator.post(&path, json!({ "to": "revoked" })).await.expect(422);
        let revoked = revoke(&class.coordinator, &kamau["id"], "\"1-en\"").await.expect(200).json;
        assert_eq!((&revoked["status"], &revoked["version"], &revoked["allowed_transitions"]), (&json!("revoked"), &json!(2), &json!([])));
        revoke(&class.coordinator, &kamau["id"], "\"2-en\"").await.expect(409);
        assert_eq!(names(&kenya, "status=issued").await, Vec::<Value>::new());
        assert_eq!(names(&kenya, "status=revoked").await, ["Kamau"]);
        assert_eq!(issue(&class, json!({})).await.expect(200).json["issued"], 0, "a revocation stands until somebody is named");
        assert_eq!(issue(&class, json!({ "registrations": [class.people[2]] })).await.expect(200).json["issued"], 1);
        let auditor = app.with_role("auditor", Role::Auditor, None, None).await;
        for (action, times) in [("certificate.issued", 4), ("certificate.revoked", 1)] {
            let chain = auditor.get(&format!("/audit-events?action={action}")).await.expect(200).json;
            assert_eq!(chain["items"].as_array().map(Vec::len), Some(times), "{action}");
        }
    }

    async fn anyone_who_knows_the_number_checks_it_and_hears_of_nothing_else(app: TestApp) {
        let class = held(&app, THREE, json!({})).await;
        let issued = issue(&class, json!({ "valid_until": "2027-11-30" })).await.expect(200).json;
        let awa = &issued["certificates"][0];
        let number = text(&awa["number"]);

        let check = app.anyone().get(&format!("/certificates/{number}")).await.expect(200);

        let says = &check.json["certificate"];
        let names: Vec<&String> = says.as_object().expect("an object").keys().collect();
        assert_eq!(names, ["course", "held_from", "held_until", "issued_on", "issuer", "name", "number", "type", "valid_until"]);
        assert_eq!((&says["name"], &says["held_from"], &says["issued_on"]), (&json!("Awa Ndiaye"), &json!("2026-11-22"), &json!("2026-11-22")));
        assert_eq!(says["course"], json!({ "en": "First response", "fr": "Première réponse" }));
        assert_eq!((&check.json["status"], &check.json["revoked_on"]), (&json!("issued"), &Value::Null));
        for hidden in ["ministry.example", "Senegal", &class.people[0]] {
            assert!(!check.text.contains(hidden), "{hidden}");
            assert!(!page(&app, number, "en").await.text.contains(hidden), "{hidden}");
        }
        let typed = number.to_lowercase().replace('-', "");
        assert_eq!(app.anyone().get(&format!("/certificates/{typed}")).await.expect(200).json, check.json);

        let absent = app.anyone().get("/certificates/CC-0000-0000-0000").await.expect(404);
        let malformed = app.anyone().get("/certificates/anything").await.expect(404);
        let masked = |answer: &Answer| { let mut json = answer.json.clone(); json["request_id"] = Value::Null; json };
        assert_eq!(masked(&absent), masked(&malformed));
        assert_eq!(page(&app, "CC-0000-0000-0000", "en").await.expect(404).text, page(&app, "x", "en").await.expect(404).text);

        revoke(&class.coordinator, &awa["id"], "\"1-en\"").await.expect(200);
        let check = app.anyone().get(&format!("/certificates/{number}")).await.expect(200);
        assert_eq!((&check.json["status"], &check.json["revoked_on"]), (&json!("revoked"), &json!("2026-11-22")));
        assert!(!check.text.contains("somebody else"), "the reason is the house's own");
        app.at("2027-12-01T00:00:00Z");
        let modou = text(&issued["certificates"][1]["number"]);
        assert_eq!(app.anyone().get(&format!("/certificates/{modou}")).await.expect(200).json["status"], "expired");
    }

    async fn nobody_finds_a_number_by_trying_and_who_knows_one_is_not_held_back(app: TestApp) {
        let class = held(&app, THREE, json!({})).await;
        let issued = issue(&class, json!({})).await.expect(200).json;
        let known = format!("/certificates/{}", text(&issued["certificates"][0]["number"]));
        let mut answers = Vec::new();
        for guess in 0..25 {
            answers.push(app.anyone().get(&format!("/certificates/CC-0000-0000-{guess:04}")).await.status);
        }
        assert!(answers.starts_with(&[404; 19]) && answers.ends_with(&[429; 4]), "{answers:?}");
        app.anyone().get(&known).await.expect(200);
        page(&app, "CC-0000-0000-0000", "en").await.expect(429);
        app.at("2026-11-22T18:02:00Z");
        app.anyone().get("/certificates/CC-0000-0000-0000").await.expect(404);
    }

    async fn the_page_speaks_the_readers_language_and_says_what_is_revoked_or_expired(app: TestApp) {
        let long = "Ndeye Fatou ".repeat(12) + "<b>Sy</b>";
        let class = held(&app, &[("SN", "Awa"), ("SN", &long)], json!({})).await;
        let issued = issue(&class, json!({ "valid_until": "2026-12-01" })).await.expect(200).json;
        let number = text(&issued["certificates"][0]["number"]);
        for (lang, direction, words) in [
            ("en", "ltr", "for completing the course"), ("fr", "ltr", "pour avoir suivi"), ("es", "ltr", "por haber completado"),
            ("ar", "rtl", "لإتمام الدورة"), ("ru", "ltr", "за успешное завершение"), ("zh", "ltr", "以证明其完成课程"), ("pt", "ltr", "por ter concluído"),
        ] {
            let shown = page(&app, number, lang).await.expect(200);
            assert_eq!(shown.header("content-language"), lang);
            assert!(shown.text.contains(&format!("<html lang=\"{lang}\" dir=\"{direction}\">")) && shown.text.contains(words), "{lang}");
            assert!(shown.text.contains("<p class=\"name \" dir=\"auto\">Awa</p>") && shown.text.contains("<svg viewBox"), "{lang}: {}", shown.text);
            assert!(!shown.text.contains("<script"), "nothing runs on it");
            assert_eq!(page(&app, &format!("{number}?lang={lang}"), "en").await.expect(200).text, shown.text);
            assert!(page(&app, "x", lang).await.text.contains("CC-7KQ2-M8ZD-4WPX"));
        }
        assert!(page(&app, number, "fr").await.text.contains("Première réponse"));
        assert!(page(&app, number, "ru").await.text.contains("First response"), "in English where there is no Russian");
        assert!(page(&app, number, "en").await.text.contains("href=\"/certificates.css\""));
        let style = app.anyone().get("//certificates.css").await.expect(200);
        assert!(style.text.contains("A4 landscape") && style.header("content-type").starts_with("text/css"));
        let policy = page(&app, number, "en").await;
        assert!(policy.header("content-security-policy").contains("default-src 'none'"));
        let other = page(&app, text(&issued["certificates"][1]["number"]), "en").await.text;
        assert!(other.contains("name longest") && other.contains("&#60;b&#62;Sy") && !other.contains("<b>"), "{other}");
        revoke(&class.coordinator, &issued["certificates"][0]["id"], "\"1-en\"").await.expect(200);
        let revoked = page(&app, number, "fr").await.text;
        assert!(revoked.contains("class=\"sheet revoked\"") && revoked.contains("Révoqué le") && revoked.contains("22 novembre 2026"), "{revoked}");
        app.at("2026-12-02T08:00:00Z");
        let expired = page(&app, text(&issued["certificates"][1]["number"]), "en").await.text;
        assert!(expired.contains("class=\"sheet expired\" data-mark=\"Expired\"") && expired.contains("1 December 2026"));
    }

    async fn a_file_and_the_published_keys_are_enough_and_one_changed_byte_is_found(app: TestApp) {
        let coordinator = app.coordinator().await;
        let course = json!({ "title": { "en": "First response", "ar": "الاستجابة الأولى" }, "certificate_months": 24 });
        let course = app.administrator().await.post("/courses", course).await.expect(201).id();
        let class = class(&app, &coordinator, THREE, json!({ "course_id": course })).await;
        class.moves("completed").await;
        let issued = issue(&class, json!({ "registrations": [class.people[0]] })).await.expect(200).json;
        assert_eq!(issued["certificates"][0]["valid_until"], "2028-11-22", "as the course says");
        let number = text(&issued["certificates"][0]["number"]);
        let file = app.anyone().get(&format!("/certificates/{number}")).await.expect(200).text;
        let published = async || app.anyone().get("//.well-known/certificate-keys.json").await.expect(200);
        let old = published().await;
        let day = |text: &str| text.parse().expect("a day");

        let good = verify(file.as_bytes(), old.text.as_bytes(), day("2027-01-01")).expect("it is good");
        assert!(good.over.is_none() && good.says.contains(&("Name", "Awa Ndiaye".into())), "{good:?}");
        assert_eq!(good.ask, format!("{}/certificates/{number}", app.url));
        assert!(verify(file.as_bytes(), old.text.as_bytes(), day("2028-11-23")).expect("read").over.is_some());
        let taken = |bytes: &[u8]| verify(bytes, old.text.as_bytes(), day("2027-01-01")).is_ok_and(|v| v.over.is_none());
        for at in 0..file.len() {
            let mut changed = file.clone().into_bytes();
            changed[at] ^= 1;
            assert!(!taken(&changed), "byte {at}: {}", String::from_utf8_lossy(&changed));
        }
        let pretty = serde_json::to_string_pretty(&serde_json::from_str::<Value>(&file).expect("JSON")).expect("JSON");
        assert!(taken(pretty.as_bytes()), "spaces say nothing");
        assert!(!taken(file.replace("\"status\":\"issued\"", "\"status\":\"revoked\"").as_bytes()));

        let master = app.parts.master.clone();
        app.parts.db.write(move |tx| keys::rotate(tx, &System("a test"), &master)).await.expect("rotated");
        let new = published().await;
        assert_eq!(new.json["keys"].as_array().map(Vec::len), Some(2));
        assert_eq!(new.json["keys"][1], old.json["keys"][0], "what was published stays");
        assert!(verify(file.as_bytes(), new.text.as_bytes(), day("2027-01-01")).is_ok());
        let issued = issue(&class, json!({})).await.expect(200).json;
        let newer = app.anyone().get(&format!("/certificates/{}", text(&issued["certificates"][0]["number"]))).await.expect(200);
        assert_eq!(newer.json["kid"], new.json["keys"][0]["kid"]);
        assert!(verify(newer.text.as_bytes(), new.text.as_bytes(), day("2027-01-01")).is_ok());
        let unknown = verify(newer.text.as_bytes(), old.text.as_bytes(), day("2027-01-01")).expect_err("the old file lacks the key");
        assert!(unknown.detail.contains("newer than the file of keys"), "{}", unknown.detail);
    }

    async fn two_who_ask_at_the_same_moment_issue_one_certificate_each_person(app: TestApp) {
        let class = held(&app, THREE, json!({})).await;
        let (one, other) = futures_util::future::join(issue(&class, json!({})), issue(&class, json!({}))).await;
        let both = one.expect(200).json["issued"].as_i64().unwrap_or(0) + other.expect(200).json["issued"].as_i64().unwrap_or(0);
        assert_eq!(both, 3);
        away(&class, 0).await;
        assert_eq!(class.coordinator.get("/training-certificates?count=exact").await.expect(200).json["total"], 3);
    }
}
