//! Letters that come again until somebody acts, and letters that wait because their reader wants it so.

use cybercap::accounts::NewGrant;
use cybercap::kernel::access::Role;
use cybercap::kernel::lang::Lang;
use serde_json::{Value, json};

use crate::letter_rules::{about, local, noons, official, program};
use crate::support::doors::PASSWORD;
use crate::support::mailbox::Fault;
use crate::support::{Person, TestApp};

/// A contributor of a country, who may own milestones there.
async fn owner(app: &TestApp, name: &str, country: &str) -> Person {
    let grant = NewGrant { role: Role::Contributor, country: country.parse().ok(), program_id: None };
    app.person(name, Lang::En, "Asia/Ho_Chi_Minh", &[grant]).await
}

/// A milestone of a program; its path.
async fn milestone(by: &Person, program: &str, draft: Value) -> String {
    let mut body = json!({ "due": "2027-11-30", "acceptance": "coordinator" });
    for (name, value) in draft.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    format!(
        "/milestones/{}",
        by.post(&format!("/programs/{program}/milestones"), body).await.expect(201).id()
    )
}

/// The id at the end of a path.
fn id(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// The secret in the link of a letter.
fn token(text: &str) -> String {
    let (_, rest) = text.split_once("/links/invitation#").expect("a link");
    rest.split_whitespace().next().expect("a token").to_owned()
}

/// Moves the clock to each instant and tells what came.
async fn comes(app: &TestApp, what: &str, steps: &[(&str, &[&str])]) {
    for (instant, expected) in steps {
        app.at(instant);
        app.tick().await;
        assert_eq!(about(app, what), *expected, "{instant}");
    }
}

async fn step(app: &TestApp, by: &Person, milestone: &str, to: &str) {
    let body = json!({ "to": to, "reason": "Annex B" });
    app.client_of(by).await.post(&format!("{milestone}/transitions"), body).await.expect(200);
}

on_both_databases! {
    async fn an_invitation_that_is_not_used_is_recalled_twice_by_a_link_that_works(app: TestApp) {
        let kenya = app.focal_point_of("KE").await;
        for name in ["late", "quick"] {
            let draft = json!({ "email": format!("{name}@example.org"), "timezone": "Africa/Nairobi",
                "roles": [{ "role": "contributor", "country": "KE" }] });
            kenya.post("/users", draft).await.expect(201);
        }
        app.tick().await;
        assert_eq!(about(&app, "invite"), ["late: You are invited to cybercap", "quick: You are invited to cybercap"]);
        let open = "Your invitation to cybercap is still open";
        comes(&app, "", &[("2026-11-25T04:59:00Z", &[])]).await;
        app.at("2026-11-25T05:00:00Z");
        app.tick().await;
        let letters = app.mailbox().take();
        let said: Vec<_> = letters.iter().map(|l| format!("{}: {}", local(&l.to), l.subject)).collect();
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(said.iter().all(|line| line.ends_with(open)), "{said:?}");

        let quick = letters.iter().find(|l| l.to.starts_with("quick")).expect("a letter");
        app.at("2026-11-25T15:00:00Z");
        let said = json!({ "token": token(&quick.text), "password": PASSWORD });
        app.anyone().post("/auth/invitations/accept", said).await.expect(200);
        // The seventh day is a Sunday: what comes after a date comes later.
        comes(&app, "", &[
            ("2026-11-29T12:00:00Z", &[]),
            ("2026-11-30T04:59:00Z", &[]),
        ]).await;
        app.at("2026-11-30T05:00:00Z");
        app.tick().await;
        let letters = app.mailbox().take();
        assert_eq!(letters.iter().map(|l| local(&l.to)).collect::<Vec<_>>(), ["late"]);
        app.at("2026-12-02T12:00:00Z");
        let said = json!({ "token": token(&letters[0].text), "password": PASSWORD });
        app.anyone().post("/auth/invitations/accept", said).await.expect(200);
        comes(&app, "", &[("2026-12-04T12:00:00Z", &[]), ("2026-12-20T12:00:00Z", &[])]).await;
    }

    async fn a_recall_that_goes_out_twice_is_the_same_letter_with_the_same_link(app: TestApp) {
        let kenya = app.focal_point_of("KE").await;
        let draft = json!({ "email": "late@example.org", "roles": [{ "role": "contributor", "country": "KE" }] });
        kenya.post("/users", draft).await.expect(201);
        app.tick().await;
        let first = app.mailbox().take().pop().expect("the invitation");
        app.at("2026-11-25T08:00:00Z");
        app.mailbox().fault(Fault::CutAfter);
        app.tick().await;
        app.mailbox().fault(Fault::None);
        app.at("2026-11-25T08:05:00Z");
        app.tick().await;
        let letters = app.mailbox().take();
        assert_eq!(letters.len(), 2);
        assert_eq!(letters[0].raw, letters[1].raw, "byte for byte");
        assert_ne!(token(&letters[0].text), token(&first.text), "the first link has ended");
        let said = json!({ "token": token(&first.text), "password": PASSWORD });
        app.anyone().post("/auth/invitations/accept", said).await.expect(404);
    }

    async fn a_moved_date_reaches_the_program_the_country_and_who_waits_for_it(app: TestApp) {
        let (coordinator, program) = program(&app, json!({})).await;
        official(&app, "awa", "SN", Lang::Fr, "Africa/Dakar").await;
        official(&app, "kamau", "KE", Lang::En, "Africa/Nairobi").await;
        official(&app, "kofi", "GH", Lang::En, "Africa/Accra").await;
        let mut owners = Vec::new();
        for name in ["linh", "tran", "mia"] {
            owners.push(owner(&app, name, "SN").await.id.to_string());
        }
        let report = milestone(&coordinator, &program, json!({ "title": { "en": "Report" }, "country": "SN" })).await;
        let waits = |title: &str, owner: &str, on: &str| json!({ "title": { "en": title }, "owner": owner, "predecessor": on });
        let analysis = milestone(&coordinator, &program, waits("Analysis", &owners[0], id(&report))).await;
        milestone(&coordinator, &program, waits("Print", &owners[1], id(&analysis))).await;
        let dropped = milestone(&coordinator, &program, waits("Film", &owners[2], id(&report))).await;
        milestone(&coordinator, &program, waits("Launch", &coordinator.id.to_string(), id(&report))).await;
        step(&app, &coordinator, &dropped, "cancelled").await;
        app.tick().await;
        app.mailbox().take();

        let moved = json!({ "due": "2027-12-15", "reason": "Elections" });
        coordinator.post(&format!("{report}/moves"), moved).await.expect(200);
        app.tick().await;
        let letters = app.mailbox().take();
        let mut told: Vec<_> = letters.iter().map(|l| format!("{}: {}", local(&l.to), l.subject)).collect();
        told.sort();
        assert_eq!(told, ["awa: Nouvelle date\u{a0}: Report", "coordinator: New date: Report", "linh: New date: Report"]);
        let linh = letters.iter().find(|l| l.to.starts_with("linh")).expect("the letter of who waits");
        for words in ["30\u{a0}November 2027", "15\u{a0}December 2027", "Elections"] {
            assert!(linh.text.contains(words), "{words}: {}", linh.text);
        }
        assert!(linh.calendar.as_ref().is_some_and(|file| file.contains("20271215")), "{:?}", linh.calendar);

        for (due, reason) in [("2027-12-20", "Floods"), ("2027-12-22", "Strike")] {
            let moved = json!({ "due": due, "reason": reason });
            coordinator.post(&format!("{report}/moves"), moved).await.expect(200);
        }
        app.tick().await;
        let letters = app.mailbox().take();
        assert_eq!(letters.len(), 3, "only where it stands now is told");
        assert!(letters.iter().all(|l| l.text.contains("Strike")));
        coordinator.post(&format!("{analysis}/moves"), json!({ "due": "2027-12-30", "reason": "Late" })).await.expect(200);
        app.tick().await;
        let told = app.mailbox().taken();
        assert!(told.iter().any(|(to, _)| to.starts_with("tran")) && !told.iter().any(|(to, _)| to.starts_with("linh")), "{told:?}");
    }

    async fn what_waits_for_acceptance_is_recalled_until_it_is_judged(app: TestApp) {
        let (coordinator, program) = program(&app, json!({})).await;
        let awa = official(&app, "awa", "SN", Lang::En, "Africa/Dakar").await;
        official(&app, "kamau", "KE", Lang::En, "Africa/Nairobi").await;
        let linh = owner(&app, "linh", "SN").await;
        let mut made = Vec::new();
        for title in ["Report one", "Report two"] {
            let draft = json!({ "title": { "en": title }, "country": "SN", "acceptance": "country", "owner": linh.id.to_string() });
            let path = milestone(&coordinator, &program, draft).await;
            step(&app, &linh, &path, "in_progress").await;
            step(&app, &linh, &path, "submitted").await;
            made.push(path);
        }
        app.tick().await;
        let waits = |lines: Vec<String>| lines.into_iter().filter(|l| l.to_lowercase().contains("wait")).collect::<Vec<_>>();
        assert_eq!(waits(about(&app, "Report")), ["awa: Waits for your acceptance: Report one", "awa: Waits for your acceptance: Report two"]);
        // The seventh day after the Sunday of the submission is a Sunday: the letter comes on Monday.
        assert_eq!(noons(&app, "2026-11-23", 9).await, [
            "2026-11-30 awa: Still waits for acceptance: Report one",
            "2026-11-30 awa: Still waits for acceptance: Report two",
        ]);
        step(&app, &awa, &made[0], "accepted").await;
        app.tick().await;
        app.mailbox().take();
        assert_eq!(noons(&app, "2026-12-02", 20).await, [
            "2026-12-07 awa: Still waits for acceptance: Report two",
            "2026-12-14 coordinator: Still waits for acceptance: Report two",
        ]);
        step(&app, &awa, &made[1], "returned").await;
        app.tick().await;
        app.mailbox().take();
        assert_eq!(noons(&app, "2026-12-22", 30).await, [] as [&str; 0], "what was judged is quiet");
        step(&app, &linh, &made[1], "in_progress").await;
        step(&app, &linh, &made[1], "submitted").await;
        app.tick().await;
        assert_eq!(waits(about(&app, "Report")), ["awa: Waits for your acceptance: Report two"], "handed in again, it begins anew");
    }
}

const PREFERENCES: &str = "/me/notification-preferences";

/// Suspends and resumes programs, so that there is something to tell.
async fn suspend(app: &TestApp, coordinator: &Person, program: &str, reason: &str) {
    let body = json!({ "to": "suspended", "reason": reason });
    let by = app.client_of(coordinator).await;
    by.post(&format!("/programs/{program}/transitions"), body).await.expect(200);
}

on_both_databases! {
    async fn a_week_of_one_category_comes_as_one_letter_on_monday(app: TestApp) {
        let (coordinator, first) = program(&app, json!({})).await;
        let kamau = official(&app, "kamau", "KE", Lang::En, "Africa/Nairobi").await;
        kamau.patch(PREFERENCES, "", json!({ "category": "milestones", "frequency": "weekly" })).await.expect(200);
        app.at("2026-11-23T12:00:00Z");
        app.tick().await;
        app.mailbox().take();
        for (instant, title) in [("2026-11-24T09:00:00Z", "Report one"), ("2026-11-26T09:00:00Z", "Report two"), ("2026-11-29T09:00:00Z", "Report three")] {
            app.at(instant);
            let by = app.client_of(&coordinator).await;
            let draft = json!({ "title": { "en": title }, "due": "2027-11-30", "country": "KE", "acceptance": "coordinator" });
            let made = by.post(&format!("/programs/{first}/milestones"), draft).await.expect(201).id();
            by.post(&format!("/milestones/{made}/moves"), json!({ "due": "2027-12-15", "reason": "Floods" })).await.expect(200);
            app.tick().await;
            assert_eq!(about(&app, "Report"), [format!("coordinator: New date: {title}")]);
        }
        suspend(&app, &coordinator, &first, "Elections").await;
        app.tick().await;
        assert!(about(&app, "Suspended").iter().any(|line| line.starts_with("kamau")), "another category comes at once");
        comes(&app, "", &[("2026-11-30T04:59:00Z", &[])]).await;
        app.at("2026-11-30T05:00:00Z");
        app.tick().await;
        let letters = app.mailbox().take();
        assert_eq!(letters.iter().map(|l| format!("{}: {}", local(&l.to), l.subject)).collect::<Vec<_>>(), ["kamau: 3 matters for you"]);
        for title in ["Report one", "Report two", "Report three"] {
            assert_eq!(letters[0].text.matches(&format!("New date: {title}")).count(), 1, "{}", letters[0].text);
        }
        let own = app.client_of(&kamau).await.get("/me/notifications?state=sent").await.expect(200);
        let carried = own.json["items"].as_array().expect("items").iter().filter(|l| l["rule"] == "M4");
        assert_eq!(carried.clone().count(), 3, "each is in the log as sent");
        assert_eq!(carried.filter(|l| l["digest_of"].is_string()).count(), 2);
        comes(&app, "", &[("2026-12-07T05:00:00Z", &[])]).await;
    }

    async fn a_weekly_letter_that_is_void_in_part_still_tells_the_rest(app: TestApp) {
        let (coordinator, program) = program(&app, json!({})).await;
        let linh = owner(&app, "linh", "KE").await;
        linh.patch(PREFERENCES, "", json!({ "category": "milestones", "frequency": "weekly" })).await.expect(200);
        let mut made = Vec::new();
        for title in ["Report one", "Report two", "Report three"] {
            made.push(milestone(&coordinator, &program, json!({ "title": { "en": title }, "owner": linh.id.to_string() })).await);
        }
        app.at("2026-11-23T12:00:00Z");
        app.mailbox().fault(Fault::Later);
        app.tick().await;
        app.mailbox().fault(Fault::None);
        // While the mail server is away, the first of the three finds another owner: the letter that was to carry the rest is void.
        let other = owner(&app, "tran", "KE").await;
        let by = app.client_of(&coordinator).await;
        for path in &made[..2] {
            let etag = by.get(path).await.expect(200).header("etag").to_owned();
            by.patch(path, &etag, json!({ "owner": other.id.to_string() })).await.expect(200);
        }
        app.at("2026-11-30T12:00:00Z");
        app.tick().await;
        app.tick().await;
        let told = about(&app, "");
        assert!(told.contains(&"linh: Yours now: Report three".to_owned()), "{told:?}");
        let own = app.client_of(&linh).await.get("/me/notifications").await.expect(200);
        let mut states: Vec<_> = own.json["items"].as_array().expect("items").iter().map(|l| l["state"].as_str().unwrap_or_default()).collect();
        states.sort_unstable();
        assert_eq!(states, ["cancelled", "cancelled", "sent"], "{}", own.text);
    }

    async fn a_pause_holds_back_all_but_security_and_then_tells_what_still_holds(app: TestApp) {
        let (coordinator, program) = program(&app, json!({})).await;
        let linh = owner(&app, "linh", "KE").await;
        for category in ["mandates", "programs", "milestones", "operations"] {
            let pause = json!({ "category": category, "paused_until": "2026-12-14" });
            linh.patch(PREFERENCES, "", pause).await.expect(200);
        }
        let refused = linh.patch(PREFERENCES, "", json!({ "category": "security", "paused_until": "2026-12-14" })).await;
        assert_eq!(refused.expect(422).json["errors"][0]["code"], "mandatory");
        let mut made = Vec::new();
        for (title, due) in [("Report one", "2026-12-09"), ("Report two", "2026-12-16"), ("Report three", "2026-12-10")] {
            let draft = json!({ "title": { "en": title }, "due": due, "owner": linh.id.to_string(), "acceptance": "country", "country": "KE" });
            made.push(milestone(&coordinator, &program, draft).await);
        }
        app.tick().await;
        assert_eq!(about(&app, "Report"), [] as [&str; 0]);
        let told: Vec<_> = noons(&app, "2026-11-23", 20).await.into_iter().filter(|l| l.contains("linh")).collect();
        assert_eq!(told, [] as [&str; 0]);
        let admin = app.administrator().await;
        let grant = json!({ "role": "observer", "country": "KE" });
        admin.post(&format!("/users/{}/grants", linh.id), grant).await.expect(201);
        app.tick().await;
        assert_eq!(about(&app, ""), ["linh: You have a new role"], "security is not paused");
        step(&app, &linh, &made[2], "in_progress").await;
        step(&app, &linh, &made[2], "submitted").await;
        // 08:00 in Hanoi.
        app.tick().await;
        app.at("2026-12-14T00:59:00Z");
        app.tick().await;
        let told: Vec<_> = about(&app, "").into_iter().filter(|l| l.starts_with("linh")).collect();
        assert_eq!(told, [] as [&str; 0]);
        app.at("2026-12-14T01:00:00Z");
        app.tick().await;
        let told: Vec<_> = about(&app, "Report").into_iter().filter(|l| l.starts_with("linh")).collect();
        // Who was away hears each matter once, as it stands: nothing about days that passed, one letter for a ladder.
        assert_eq!(told, [
            "linh: Due in 2 days: Report two",
            "linh: Overdue for 5 days: Report one",
            "linh: Submitted: Report three",
            "linh: Yours now: Report one",
            "linh: Yours now: Report three",
            "linh: Yours now: Report two",
        ]);
    }

    async fn a_pause_that_is_ended_early_lets_the_letters_go(app: TestApp) {
        let (coordinator, program) = program(&app, json!({})).await;
        let linh = owner(&app, "linh", "KE").await;
        let pause = json!({ "category": "milestones", "paused_until": "2027-03-01" });
        linh.patch(PREFERENCES, "", pause).await.expect(200);
        milestone(&coordinator, &program, json!({ "title": { "en": "Report" }, "owner": linh.id.to_string() })).await;
        app.tick().await;
        assert_eq!(about(&app, "Report"), [] as [&str; 0]);
        linh.patch(PREFERENCES, "", json!({ "category": "programs", "frequency": "daily" })).await.expect(200);
        app.tick().await;
        assert_eq!(about(&app, "Report"), [] as [&str; 0], "another category says nothing of this one");
        let resumed = linh.patch(PREFERENCES, "", json!({ "category": "milestones", "paused_until": null })).await.expect(200);
        assert!(resumed.text.contains("\"paused_until\":null"));
        app.tick().await;
        assert_eq!(about(&app, "Report"), ["linh: Yours now: Report"]);
    }
}

/// A program whose milestones belong to somebody in Cairo.
async fn cairo(app: &TestApp) -> (Person, String, String) {
    let (coordinator, program) = program(app, json!({})).await;
    let grant = NewGrant { role: Role::Contributor, country: "KE".parse().ok(), program_id: None };
    let omar = app.person("omar", Lang::En, "Africa/Cairo", &[grant]).await;
    let draft = |title: &str, due: &str| json!({ "title": { "en": title }, "due": due, "owner": omar.id.to_string() });
    let spring = milestone(&coordinator, &program, draft("Spring", "2027-04-30")).await;
    milestone(&coordinator, &program, draft("Autumn", "2027-10-29")).await;
    (coordinator, program, spring)
}

on_both_databases! {
    async fn a_reader_in_cairo_is_reminded_on_their_morning_before_and_after_the_clocks_change(app: TestApp) {
        let (coordinator, _, spring) = cairo(&app).await;
        app.at("2027-04-28T12:00:00Z");
        app.tick().await;
        app.mailbox().take();
        // On Friday 30 April midnight becomes one o'clock: 08:00 is 06:00 UTC on the day before and 05:00 on the day.
        comes(&app, "Spring", &[
            ("2027-04-29T05:59:00Z", &[]),
            ("2027-04-29T06:00:00Z", &["omar: Due tomorrow: Spring"]),
            ("2027-04-30T04:59:00Z", &[]),
            ("2027-04-30T05:00:00Z", &["omar: Due today: Spring"]),
            ("2027-04-30T06:00:00Z", &[]),
        ]).await;
        step(&app, &coordinator, &spring, "cancelled").await;
        app.at("2027-10-27T12:00:00Z");
        app.tick().await;
        app.mailbox().take();
        // In the night to Friday 29 October the clocks go back.
        comes(&app, "Autumn", &[
            ("2027-10-28T04:59:00Z", &[]),
            ("2027-10-28T05:00:00Z", &["omar: Due tomorrow: Autumn"]),
            ("2027-10-29T05:00:00Z", &[]),
            ("2027-10-29T05:59:00Z", &[]),
            ("2027-10-29T06:00:00Z", &["omar: Due today: Autumn"]),
        ]).await;
    }
}

#[actix_web::test]
async fn a_letter_for_a_midnight_that_does_not_exist_comes_at_the_first_instant_of_its_day() {
    for app in TestApp::on_both(|config| config.mail.morning = 0).await {
        cairo(&app).await;
        app.at("2027-04-28T12:00:00Z");
        app.tick().await;
        app.mailbox().take();
        let steps: &[(&str, &[&str])] = &[
            ("2027-04-28T21:59:00Z", &[]),
            ("2027-04-28T22:00:00Z", &["omar: Due tomorrow: Spring"]),
            ("2027-04-29T21:59:00Z", &[]),
            ("2027-04-29T22:00:00Z", &["omar: Due today: Spring"]),
            ("2027-04-30T12:00:00Z", &[]),
        ];
        comes(&app, "Spring", steps).await;
    }
}
