//! The rules of the catalogue: who gets which letter on which local day, and who gets none.

use cybercap::accounts::NewGrant;
use cybercap::kernel::access::Role;
use cybercap::kernel::lang::Lang;
use serde_json::{Value, json};

use crate::partners::partner;
use crate::support::{Person, TestApp};

/// The letters taken since the last call whose subject holds this, as `recipient: subject`.
pub fn about(app: &TestApp, what: &str) -> Vec<String> {
    let taken = app.mailbox().taken();
    taken
        .into_iter()
        .filter(|(_, s)| s.contains(what))
        .map(|(to, s)| format!("{}: {s}", local(&to)))
        .collect()
}

pub fn local(address: &str) -> &str {
    address.split('@').next().unwrap_or(address)
}

pub async fn official(app: &TestApp, name: &str, country: &str, lang: Lang, zone: &str) -> Person {
    let grant = NewGrant { role: Role::FocalPoint, country: country.parse().ok(), program_id: None };
    app.person(name, lang, zone, &[grant]).await
}

/// A program in Kenya and Senegal, entered by a coordinator in São Paulo.
pub async fn program(app: &TestApp, dates: Value) -> (Person, String) {
    let may_create = NewGrant { role: Role::Coordinator, country: None, program_id: None };
    let coordinator = app.person("coordinator", Lang::En, "America/Sao_Paulo", &[may_create]).await;
    let mut body = json!({
        "title": { "en": "CSIRT set-up", "fr": "Création d’un CSIRT" },
        "countries": [{ "country": "KE" }, { "country": "SN" }],
    });
    for (name, date) in dates.as_object().into_iter().flatten() {
        body[name] = date.clone();
    }
    let id = coordinator.post("/programs", body).await.expect(201).id();
    app.parts.sessions.forget();
    (coordinator, id)
}

on_both_databases! {
    async fn a_change_of_status_is_told_to_those_of_the_program_and_to_nobody_else(app: TestApp) {
        let (coordinator, id) = program(&app, json!({})).await;
        official(&app, "awa", "SN", Lang::Fr, "Africa/Dakar").await;
        official(&app, "kamau", "KE", Lang::En, "Africa/Nairobi").await;
        official(&app, "kofi", "GH", Lang::En, "Africa/Accra").await;
        app.with_role("donor", Role::Observer, None, Some(&id)).await;
        app.with_role("other", Role::Coordinator, None, Some("01936f1e-7b7a-7c3d-9c55-0a6b8c1d2e3f")).await;
        let suspended = json!({ "to": "suspended", "reason": "Elections" });
        coordinator.post(&format!("/programs/{id}/transitions"), suspended).await.expect(200);

        app.tick().await;

        let letters = app.mailbox().take();
        let mut told: Vec<_> = letters.iter().filter(|l| l.subject.contains("CSIRT"))
            .map(|l| format!("{}: {}", local(&l.to), l.subject)).collect();
        told.sort();
        assert_eq!(told, [
            "awa: Suspendu\u{a0}: Création d’un CSIRT",
            "coordinator: Suspended: CSIRT set-up",
            "donor: Suspended: CSIRT set-up",
            "kamau: Suspended: CSIRT set-up",
        ]);
        let one = letters.iter().find(|l| l.to.starts_with("kamau")).expect("Kenya's letter");
        assert!(one.text.contains("Reason: Elections"), "{}", one.text);
        assert!(one.calendar.is_none(), "a letter without a date has no calendar");
        assert!(one.text.contains(&format!("/api/v1/programs/{id}")), "{}", one.text);
        assert_eq!(one.header("list-unsubscribe-post").as_deref(), Some("List-Unsubscribe=One-Click"));
        assert_eq!(one.header("to").as_deref(), Some("kamau <kamau@example.org>"), "one letter a person");
        app.tick().await;
        assert_eq!(app.mailbox().taken(), []);
    }

    async fn a_start_that_nears_is_told_each_on_their_morning_until_it_is_acknowledged(app: TestApp) {
        let (coordinator, id) = program(&app, json!({ "planned_start": "2027-01-15" })).await;
        official(&app, "awa", "SN", Lang::Fr, "Africa/Dakar").await;
        let kamau = official(&app, "kamau", "KE", Lang::En, "Africa/Nairobi").await;
        kamau.post(&format!("/programs/{id}/countries/KE/acknowledgements"), json!({})).await.expect(201);
        app.tick().await;
        app.mailbox().take();
        app.at("2026-12-16T07:59:00Z");
        app.tick().await;
        assert_eq!(about(&app, "CSIRT"), [] as [&str; 0], "not before anybody's morning");
        app.at("2026-12-16T08:00:00Z");
        app.tick().await;
        assert_eq!(about(&app, "CSIRT"), ["awa: Commence dans 30\u{a0}jours, pas encore pris en compte\u{a0}: Création d’un CSIRT"]);
        app.at("2026-12-16T11:00:00Z");
        app.tick().await;
        assert_eq!(about(&app, "CSIRT"), ["coordinator: Starts in 30 days, not acknowledged: CSIRT set-up"]);
        app.at("2027-01-06T09:00:00Z");
        app.tick().await;
        let client = app.client_of(&coordinator).await;
        let etag = client.get(&format!("/programs/{id}")).await.expect(200).header("etag").to_owned();
        client.patch(&format!("/programs/{id}"), &etag, json!({ "planned_start": "2027-03-15" })).await.expect(200);
        app.at("2027-01-08T12:00:00Z");
        app.tick().await;
        app.at("2027-01-15T12:00:00Z");
        app.tick().await;
        let late = about(&app, "CSIRT");
        assert_eq!(late.len(), 0, "the old date's letters never come: {late:?}");
        app.at("2027-03-08T11:30:00Z");
        app.tick().await;
        assert_eq!(about(&app, "7").len(), 2, "the new date's letters do");
    }

    async fn an_end_that_nears_and_one_that_is_missing(app: TestApp) {
        let (_, id) = program(&app, json!({ "actual_start": "2026-10-01", "planned_end": "2027-03-31" })).await;
        let kamau = official(&app, "kamau", "KE", Lang::En, "Africa/Nairobi").await;
        kamau.post(&format!("/programs/{id}/countries/KE/acknowledgements"), json!({})).await.expect(201);
        let admin = app.administrator().await;
        admin.post(&format!("/programs/{id}/transitions"), json!({ "to": "implementation" })).await.expect(200);
        app.tick().await;
        app.mailbox().take();
        let mut told = Vec::new();
        for day in 0..150 {
            let noon: cybercap::kernel::time::Timestamp = "2026-12-20T12:00:00Z".parse().expect("an instant");
            app.parts.clock.set(noon.plus_days(day));
            app.tick().await;
            let date = noon.plus_days(day).to_string()[..10].to_owned();
            told.extend(about(&app, "CSIRT").into_iter().map(|line| format!("{date} {line}")));
        }
        assert_eq!(told, [
            "2026-12-31 coordinator: Ends in 90 days: CSIRT set-up",
            "2026-12-31 kamau: Ends in 90 days: CSIRT set-up",
            "2027-03-01 coordinator: Ends in 30 days: CSIRT set-up",
            "2027-03-01 kamau: Ends in 30 days: CSIRT set-up",
            "2027-03-24 coordinator: Ends in 7 days: CSIRT set-up",
            "2027-03-24 kamau: Ends in 7 days: CSIRT set-up",
            "2027-04-01 coordinator: Has it ended? CSIRT set-up",
            "2027-04-07 coordinator: Has it ended? CSIRT set-up",
            "2027-04-14 coordinator: Has it ended? CSIRT set-up",
        ]);
    }

    async fn a_focal_point_is_asked_to_confirm_and_administrators_hear_of_silence(app: TestApp) {
        let admin = app.administrator().await;
        partner(&admin, "SN").await;
        let grant = NewGrant { role: Role::Contributor, country: "SN".parse().ok(), program_id: None };
        let awa = app.person("awa", Lang::Fr, "Africa/Dakar", &[grant]).await;
        let path = "/partners/SN/focal-points";
        let id = admin.post(path, json!({ "user_id": awa.id.to_string() })).await.expect(201).id();
        admin.post(&format!("{path}/{id}/transitions"), json!({ "to": "active" })).await.expect(200);
        app.tick().await;
        app.mailbox().take();
        for (instant, expected) in [
            ("2027-05-20T12:00:00Z", vec![]),
            ("2027-05-21T08:00:00Z", vec!["awa: Confirmez que vous êtes le point focal\u{a0}: Sénégal"]),
            ("2027-05-22T12:00:00Z", vec![]),
            ("2027-06-04T12:00:00Z", vec!["admin: Not confirmed: focal point of Senegal", "awa: Point focal non confirmé\u{a0}: Sénégal"]),
        ] {
            app.at(instant);
            app.tick().await;
            let told: Vec<String> = about(&app, "").into_iter().filter(|l| l.contains("focal")).collect();
            assert_eq!(told, expected, "{instant}");
        }
    }

    async fn people_choose_how_often_and_may_stop_with_one_click(app: TestApp) {
        let (coordinator, id) = program(&app, json!({})).await;
        let kamau = official(&app, "kamau", "KE", Lang::En, "Africa/Nairobi").await;
        let path = "/me/notification-preferences";
        let refused = kamau.patch(path, "", json!({ "category": "security", "frequency": "off" })).await;
        assert_eq!(refused.expect(422).json["errors"][0]["code"], "mandatory");
        let daily = kamau.patch(path, "", json!({ "category": "programs", "frequency": "daily" })).await.expect(200);
        assert!(daily.json["items"].as_array().expect("items").iter().any(|p| p["category"] == "programs" && p["frequency"] == "daily"));
        for (to, reason) in [("suspended", "Floods"), ("cancelled", "No money")] {
            let step = json!({ "to": to, "reason": reason });
            let moved = coordinator.post(&format!("/programs/{id}/transitions"), step).await;
            if moved.status != 200 {
                break;
            }
        }
        app.tick().await;
        assert!(!app.mailbox().taken().iter().any(|(to, _)| to.starts_with("kamau")), "not before the morning");
        app.at("2026-11-23T05:00:00Z");
        app.tick().await;
        let letters = app.mailbox().take();
        let own: Vec<_> = letters.iter().filter(|l| l.to.starts_with("kamau")).collect();
        assert_eq!(own.len(), 1, "one letter in the morning");

        let link = own[0].header("list-unsubscribe").expect("a way out");
        let link = link.trim_matches(['<', '>']).replace(&app.url, "/");
        let page = app.anyone().get(&link).await.expect(200);
        assert!(page.text.contains("<form") && page.header("content-type").starts_with("text/html"));
        let still = app.client_of(&kamau).await.get(path).await.expect(200);
        assert!(still.text.contains("daily"), "reading the page does nothing");
        app.anyone().post(&link, json!({})).await.expect(200);
        let stopped = app.client_of(&kamau).await.get(path).await.expect(200);
        assert!(stopped.text.contains("\"off\""), "{}", stopped.text);
        app.anyone().get("//unsubscribe?token=AAAA").await.expect(404);
    }

    async fn rules_are_set_for_the_house_and_for_a_program(app: TestApp) {
        let (coordinator, id) = program(&app, json!({ "planned_start": "2027-01-15" })).await;
        official(&app, "awa", "SN", Lang::Fr, "Africa/Dakar").await;
        let admin = app.administrator().await;
        let path = format!("/programs/{id}/notification-rules");
        let rules = coordinator.get(&path).await.expect(200);
        assert_eq!(rules.json["items"].as_array().map(Vec::len), Some(50));
        let etag = rules.header("etag").to_owned();
        let early = json!({ "code": "P3", "ladders": [{ "to": "coordinators", "offsets": [-45] }] });
        coordinator.patch(&path, &etag, early.clone()).await.expect(200);
        coordinator.patch(&path, &etag, early).await.expect(412);
        coordinator.patch("/notification-rules", "\"1\"", json!({ "code": "P3", "enabled": false })).await.expect(403);
        let house = admin.get("/notification-rules").await.expect(200);
        let refused = admin.patch("/notification-rules", house.header("etag"), json!({ "code": "U4", "enabled": false })).await;
        assert_eq!(refused.expect(422).json["errors"][0]["code"], "mandatory");

        let seen = coordinator.get(&format!("/letters/preview?rule=P3&object_id={id}")).await.expect(200);
        let first = &seen.json["items"][0];
        assert_eq!((first["offset_days"].as_i64(), first["audience"].as_str()), (Some(-45), Some("coordinators")));
        assert_eq!(first["planned_for"], "2026-12-01T11:00:00Z");
        app.at("2026-12-01T11:00:00Z");
        app.tick().await;
        assert_eq!(about(&app, "CSIRT"), ["coordinator: Starts in 45 days, not acknowledged: CSIRT set-up"]);
    }

    async fn the_delivery_log_shows_each_their_own_and_sends_again(app: TestApp) {
        let (coordinator, id) = program(&app, json!({})).await;
        let kamau = official(&app, "kamau", "KE", Lang::En, "UTC").await;
        let admin = app.administrator().await;
        app.tick().await;
        app.mailbox().fault(crate::support::mailbox::Fault::Unknown("kamau".into()));
        let step = json!({ "to": "suspended", "reason": "Floods" });
        coordinator.post(&format!("/programs/{id}/transitions"), step).await.expect(200);
        app.tick().await;
        app.mailbox().fault(crate::support::mailbox::Fault::None);
        app.mailbox().take();

        let bounced = coordinator.get("/letters?state=bounced").await.expect(200);
        assert_eq!(bounced.json["items"].as_array().map(Vec::len), Some(1));
        let letter = bounced.json["items"][0]["id"].as_str().expect("an id").to_owned();
        assert_eq!(app.with_role("other", Role::Coordinator, None, Some(&app.parts.clock.new_id().to_string())).await.get("/letters?state=bounced").await.expect(200).json["items"], json!([]));
        kamau.get("/letters").await.expect(403);
        assert_eq!(kamau.get("/me/notifications?state=bounced").await.expect(200).json["items"].as_array().map(Vec::len), Some(1));
        app.at("2026-11-22T09:00:00Z");
        app.tick().await;
        assert_eq!(about(&app, "reached nobody"), ["admin: Some letters reached nobody"]);
        let path = format!("/letters/{letter}/resend");
        app.client_of(&coordinator).await.post(&path, json!({})).await.expect(202);
        app.client_of(&admin).await.post(&path, json!({})).await.expect(409);
        app.tick().await;
        assert_eq!(about(&app, "Suspended"), ["kamau: Suspended: CSIRT set-up"]);
    }
}

/// What the milestone's letters of a stretch of noons say, by UTC date.
pub async fn noons(app: &TestApp, from: &str, days: i64) -> Vec<String> {
    let first: cybercap::kernel::time::Timestamp = format!("{from}T15:00:00Z").parse().expect("an instant");
    let mut told = Vec::new();
    for day in 0..days {
        let at = first.plus_days(day);
        app.parts.clock.set(at);
        app.tick().await;
        let date = at.to_string()[..10].to_owned();
        told.extend(about(app, "Report").into_iter().map(|line| format!("{date} {line}")));
    }
    told
}

on_both_databases! {
    async fn a_milestone_is_assigned_reminded_moved_submitted_and_accepted(app: TestApp) {
        let (coordinator, id) = program(&app, json!({})).await;
        let awa = official(&app, "awa", "SN", Lang::Fr, "Africa/Dakar").await;
        let owner = app.person("linh", Lang::En, "Asia/Ho_Chi_Minh", &[NewGrant {
            role: Role::Contributor, country: "SN".parse().ok(), program_id: None,
        }]).await;
        let draft = json!({
            "title": { "en": "Report", "fr": "Report FR" }, "due": "2026-12-18", "owner": owner.id.to_string(),
            "country": "SN", "acceptance": "country",
        });
        let path = format!("/programs/{id}/milestones");
        let made = coordinator.post(&path, draft).await.expect(201);
        let milestone = format!("/milestones/{}", made.id());
        app.tick().await;
        assert_eq!(about(&app, "Report"), ["linh: Yours now: Report"]);

        assert_eq!(noons(&app, "2026-11-23", 20).await, [
            "2026-12-11 coordinator: Due in 7 days: Report",
            "2026-12-11 linh: Due in 7 days: Report",
        ]);
        let by = app.client_of(&coordinator).await;
        let move_on = json!({ "due": "2026-12-23", "reason": "Elections" });
        by.post(&format!("{milestone}/moves"), move_on).await.expect(200);
        app.tick().await;
        assert_eq!(about(&app, "Report"), ["awa: Nouvelle date\u{a0}: Report FR", "coordinator: New date: Report"]);
        assert_eq!(noons(&app, "2026-12-13", 14).await, [
            "2026-12-16 coordinator: Due in 7 days: Report",
            "2026-12-16 linh: Due in 7 days: Report",
            "2026-12-22 linh: Due tomorrow: Report",
            "2026-12-23 linh: Due today: Report",
            "2026-12-24 linh: Overdue since yesterday: Report",
        ]);
        let hand_in = json!({ "to": "submitted", "reason": "Here it is" });
        let linh = app.client_of(&owner).await;
        let begun = json!({ "to": "in_progress" });
        drop(linh.post(&format!("{milestone}/transitions"), begun).await);
        linh.post(&format!("{milestone}/transitions"), hand_in).await.expect(200);
        app.tick().await;
        assert_eq!(about(&app, "Report"), [
            "awa: Attend votre acceptation\u{a0}: Report FR",
            "coordinator: Submitted: Report",
            "linh: Submitted: Report",
        ]);
        assert_eq!(noons(&app, "2026-12-27", 10).await, ["2027-01-04 awa: Attend toujours d’être accepté\u{a0}: Report FR"]);
        let accepted = app.client_of(&awa).await.post(&format!("{milestone}/transitions"), json!({ "to": "accepted" })).await;
        accepted.expect(200);
        app.tick().await;
        assert_eq!(about(&app, "Report"), ["coordinator: Accepted: Report", "linh: Accepted: Report"]);
        assert_eq!(noons(&app, "2027-01-08", 30).await, [] as [&str; 0], "what is accepted is quiet");
    }

    async fn what_is_overdue_climbs_from_the_owner_to_the_administrators(app: TestApp) {
        let (coordinator, id) = program(&app, json!({})).await;
        let admin = app.administrator().await;
        let owner = app.person("owner", Lang::En, "Pacific/Apia", &[NewGrant {
            role: Role::Contributor, country: "KE".parse().ok(), program_id: None,
        }]).await;
        let draft = json!({ "title": { "en": "Report" }, "due": "2026-12-01", "owner": owner.id.to_string(), "acceptance": "coordinator" });
        coordinator.post(&format!("/programs/{id}/milestones"), draft).await.expect(201);
        app.tick().await;
        app.mailbox().take();
        let told = noons(&app, "2026-11-23", 32).await;
        let of = |who: &str| told.iter().filter(|line| line.contains(who)).map(|l| l[..10].to_owned()).collect::<Vec<_>>();
        assert_eq!(of("coordinator: Overdue"), ["2026-12-08"], "{told:?}");
        assert_eq!(of("admin:"), ["2026-12-22"]);
        // +1 then every third day of Apia, which is a day ahead of these noons; a weekend moves a letter to Monday.
        let expected = ["2026-12-02", "2026-12-07", "2026-12-08", "2026-12-11", "2026-12-14", "2026-12-17", "2026-12-21", "2026-12-23"];
        assert_eq!(of("owner: Overdue"), expected, "{told:?}");
        drop(admin);
    }
}
