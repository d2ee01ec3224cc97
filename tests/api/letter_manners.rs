//! How letters leave: not too many at a time, not too fast, counted, and not to addresses that refuse them.

use std::time::Duration;

use cybercap::kernel::lang::Lang;
use futures_util::future::join;
use serde_json::{Value, json};

use crate::letter_rules::{about, official, program};
use crate::support::mailbox::Fault;
use crate::support::{Person, TestApp};

/// People at these addresses, each with a letter that is due: somebody asked for a new password.
pub async fn forgetful(app: &TestApp, addresses: &[String]) -> Vec<Person> {
    let mut people = Vec::new();
    for address in addresses {
        people.push(app.person(address, Lang::En, "UTC", &[]).await);
        let link = app.parts.clock.new_id();
        let body = json!({ "user_id": people[people.len() - 1].id.to_string(), "link_id": link.to_string() });
        crate::letters::forgotten(app, body).await;
    }
    people
}

/// The line of a number in `/metrics`.
async fn number(app: &TestApp, name: &str) -> String {
    let numbers = app.anyone().get("//metrics").await.expect(200).text;
    let line = numbers.lines().find(|line| line.starts_with(name));
    line.map(|line| line[name.len()..].trim().to_owned()).unwrap_or_default()
}

on_both_databases! {
    async fn two_letters_at_a_time_go_to_one_domain_whoever_sends(app: TestApp) {
        let many = (0..8).map(|n| format!("p{n}@slow.example")).chain((0..8).map(|n| format!("q{n}@other.example")));
        forgetful(&app, &many.collect::<Vec<_>>()).await;
        app.mailbox().fault(Fault::Slow(Duration::from_millis(150)));
        let (one, two) = join(app.tick(), app.tick()).await;
        assert_eq!(one.sent + two.sent, 16);
        let most = |domain| app.mailbox().most_at_a_time(domain);
        assert_eq!((most("slow.example"), most("other.example")), (2, 2));
        assert!(most("") > 2, "a slow domain holds up no other: {}", most(""));
        let mut to: Vec<_> = app.mailbox().taken().into_iter().map(|(to, _)| to).collect();
        to.dedup();
        assert_eq!(to.len(), 16, "none twice");
    }

    async fn operators_see_how_letters_stand(app: TestApp) {
        forgetful(&app, &["a@example.org".into(), "b@example.org".into()]).await;
        app.mailbox().fault(Fault::Later);
        app.tick().await;
        assert_eq!(number(&app, "cybercap_letters{state=\"failed\"}").await, "2");
        assert_eq!(number(&app, "cybercap_letters_total{outcome=\"retried\"}").await, "2");
        assert_eq!(number(&app, "cybercap_waiting{queue=\"letters\"}").await, "2");
        app.at("2026-11-22T08:00:30Z");
        assert_eq!(number(&app, "cybercap_letters_oldest_waiting_seconds").await, "30");
        app.mailbox().fault(Fault::None);
        app.at("2026-11-22T08:05:00Z");
        app.tick().await;
        assert_eq!(number(&app, "cybercap_letters{state=\"failed\"}").await, "0");
        assert_eq!(number(&app, "cybercap_letters_total{outcome=\"sent\"}").await, "2");
        assert_eq!(number(&app, "cybercap_letters_oldest_waiting_seconds").await, "0");
        app.mailbox().fault(Fault::Unknown("a@example.org".into()));
        forgetful(&app, &["c@example.org".into()]).await;
        app.mailbox().fault(Fault::Unknown("c@example.org".into()));
        app.tick().await;
        assert_eq!(number(&app, "cybercap_letters{state=\"bounced\"}").await, "1");
        assert_eq!(number(&app, "cybercap_letters_total{outcome=\"bounced\"}").await, "1");
        app.mailbox().fault(Fault::Later);
        forgetful(&app, &["d@example.org".into()]).await;
        for day in 1..8 {
            app.at(&format!("2026-11-2{}T12:00:00Z", 2 + day));
            app.tick().await;
        }
        assert_eq!(number(&app, "cybercap_letters_total{outcome=\"dead\"}").await, "1");
    }

    async fn a_letter_that_its_reader_put_off_is_not_late(app: TestApp) {
        let (coordinator, id) = program(&app, json!({})).await;
        let pause = json!({ "category": "programs", "paused_until": "2026-12-14" });
        coordinator.patch("/me/notification-preferences", "", pause).await.expect(200);
        coordinator.post(&format!("/programs/{id}/transitions"), json!({ "to": "suspended", "reason": "Floods" })).await.expect(200);
        app.tick().await;
        app.at("2026-11-24T08:00:00Z");
        app.tick().await;
        assert_eq!(about(&app, "Suspended"), [] as [&str; 0]);
        assert_eq!(number(&app, "cybercap_letters{state=\"planned\"}").await, "1");
        assert_eq!(number(&app, "cybercap_waiting{queue=\"letters\"}").await, "0");
        assert_eq!(number(&app, "cybercap_letters_oldest_waiting_seconds").await, "0");
    }
}

#[actix_web::test]
async fn no_more_letters_leave_in_a_minute_than_are_set_whoever_sends() {
    for app in TestApp::on_both(|config| config.mail.letters_per_minute = 3).await {
        forgetful(&app, &(0..8).map(|n| format!("p{n}@example.org")).collect::<Vec<_>>()).await;
        for (instant, sent) in [
            ("2026-11-22T08:00:00Z", 3),
            ("2026-11-22T08:00:59Z", 0),
            ("2026-11-22T08:01:00Z", 3),
            ("2026-11-22T08:02:00Z", 2),
        ] {
            app.at(instant);
            let (one, two) = join(app.tick(), app.tick()).await;
            assert_eq!(one.sent + two.sent, sent, "{instant}");
        }
    }
}

/// A program with an official of Kenya, its coordinator and a milestone there.
struct Stage {
    coordinator: Person,
    kamau: Person,
    admin: Person,
    milestone: String,
    day: u32,
}

impl Stage {
    async fn set(app: &TestApp) -> Stage {
        let (coordinator, id) = program(app, json!({})).await;
        let kamau = official(app, "kamau", "KE", Lang::En, "UTC").await;
        let admin = app.administrator().await;
        let draft = json!({ "title": { "en": "Report" }, "due": "2027-10-01", "country": "KE", "acceptance": "coordinator" });
        let made = coordinator.post(&format!("/programs/{id}/milestones"), draft).await.expect(201).id();
        app.tick().await;
        app.mailbox().take();
        Stage { coordinator, kamau, admin, milestone: format!("/milestones/{made}"), day: 1 }
    }

    /// Something to tell Kenya; how many letters came to it.
    async fn tell(&mut self, app: &TestApp) -> usize {
        self.day += 1;
        let by = app.client_of(&self.coordinator).await;
        let moved = json!({ "due": format!("2027-10-{:02}", self.day), "reason": "Floods" });
        by.post(&format!("{}/moves", self.milestone), moved).await.expect(200);
        app.tick().await;
        app.mailbox().taken().iter().filter(|(to, _)| to.starts_with("kamau")).count()
    }

    /// What administrators read about Kenya's address.
    async fn bouncing(&self, app: &TestApp) -> Value {
        let path = format!("/users/{}", self.kamau.id);
        let shown = app.client_of(&self.admin).await.get(&path).await.expect(200).json["bouncing"].clone();
        let listed = app.client_of(&self.admin).await.get("/users?email=kamau@example.org").await.expect(200);
        assert_eq!(listed.json["items"][0]["bouncing"], shown);
        shown
    }
}

on_both_databases! {
    async fn an_address_that_refuses_five_letters_in_two_weeks_gets_none_but_those_on_security(app: TestApp) {
        let mut stage = Stage::set(&app).await;
        app.mailbox().fault(Fault::Full("kamau".into()));
        for _ in 0..4 {
            assert_eq!(stage.tell(&app).await, 0);
        }
        // The fifth comes when the others no longer count.
        app.at("2026-12-07T12:00:00Z");
        stage.tell(&app).await;
        assert_eq!(stage.bouncing(&app).await, Value::Null);
        for day in 8..12 {
            assert_eq!(stage.bouncing(&app).await, Value::Null);
            app.at(&format!("2026-12-{day:02}T12:00:00Z"));
            stage.tell(&app).await;
        }
        let mark = stage.bouncing(&app).await;
        assert_eq!((mark["since"].as_str(), mark["for_good"].as_bool()), (Some("2026-12-11T12:00:00Z"), Some(false)));
        assert!(mark["reason"].as_str().is_some_and(|words| words.contains("mailbox full")), "{mark}");
        let seen = app.client_of(&stage.kamau).await.get(&format!("/users/{}", stage.kamau.id)).await.expect(200);
        assert_eq!(seen.json["bouncing"], Value::Null, "it is the administrators' matter");
        let auditor = app.with_role("auditor", cybercap::kernel::access::Role::Auditor, None, None).await;
        let noted = auditor.get(&format!("/audit-events?object_id={}", stage.kamau.id)).await.expect(200);
        assert!(noted.text.contains("address.bouncing"), "{}", noted.text);

        app.mailbox().fault(Fault::None);
        assert_eq!(stage.tell(&app).await, 0, "no ordinary letter is tried");
        let own = app.client_of(&stage.kamau).await.get("/me/notifications?state=cancelled").await.expect(200);
        assert_eq!(own.json["items"][0]["reason"], "the address refused letters before");
        let grant = json!({ "role": "observer", "country": "SN" });
        app.client_of(&stage.admin).await.post(&format!("/users/{}/grants", stage.kamau.id), grant).await.expect(201);
        app.tick().await;
        assert_eq!(about(&app, "role"), ["kamau: You have a new role"]);
        assert_eq!(stage.bouncing(&app).await, Value::Null, "an address that takes a letter is good again");
        assert_eq!(stage.tell(&app).await, 1);
    }

    async fn an_address_that_does_not_exist_gets_what_its_owner_asks_for_until_it_is_released(app: TestApp) {
        let mut stage = Stage::set(&app).await;
        app.mailbox().fault(Fault::Unknown("kamau".into()));
        stage.tell(&app).await;
        let mark = stage.bouncing(&app).await;
        assert_eq!(mark["for_good"], true);
        app.mailbox().fault(Fault::None);
        let grant = json!({ "role": "observer", "country": "SN" });
        stage.admin.post(&format!("/users/{}/grants", stage.kamau.id), grant).await.expect(201);
        app.tick().await;
        assert_eq!(about(&app, "role"), [] as [&str; 0]);

        let path = format!("/users/{}", stage.kamau.id);
        let release = format!("{path}/address-releases");
        stage.kamau.post(&release, json!({})).await.expect(403);
        let before = stage.admin.get(&path).await.expect(200).header("etag").to_owned();
        let released = stage.admin.post(&release, json!({})).await.expect(200);
        assert_eq!(released.json["bouncing"], Value::Null);
        assert_ne!(stage.admin.get(&path).await.expect(200).header("etag"), before);
        assert_eq!(stage.tell(&app).await, 1);
        stage.admin.post(&release, json!({})).await.expect(200);

        app.mailbox().fault(Fault::Unknown("kamau".into()));
        stage.tell(&app).await;
        assert_eq!(stage.bouncing(&app).await["for_good"], true);
        app.mailbox().fault(Fault::None);
        app.anyone().post("/auth/password/forgot", json!({ "email": stage.kamau.email })).await.expect(202);
        app.tick().await;
        assert_eq!(about(&app, "password").len(), 1, "a link that somebody asked for is tried all the same");
        assert_eq!(stage.bouncing(&app).await, Value::Null);
    }

    async fn another_address_starts_with_a_clean_sheet(app: TestApp) {
        let mut stage = Stage::set(&app).await;
        app.mailbox().fault(Fault::Unknown("kamau".into()));
        stage.tell(&app).await;
        app.mailbox().fault(Fault::None);
        let moved = "UPDATE users SET email = 'wanjiru@example.org', email_folded = 'wanjiru@example.org' WHERE id = $id";
        app.sql(moved, &stage.kamau.id.0);
        stage.day += 1;
        let step = json!({ "due": "2027-10-20", "reason": "Floods" });
        stage.coordinator.post(&format!("{}/moves", stage.milestone), step).await.expect(200);
        app.tick().await;
        assert!(about(&app, "Report").contains(&"wanjiru: New date: Report".to_owned()));
    }

    async fn a_server_that_lets_letters_wait_does_not_make_an_address_bounce_unless_they_die(app: TestApp) {
        let mut stage = Stage::set(&app).await;
        for day in 23..29 {
            app.at(&format!("2026-11-{day}T08:00:00Z"));
            app.mailbox().fault(Fault::Later);
            assert_eq!(stage.tell(&app).await, 0);
            app.mailbox().fault(Fault::None);
            app.at(&format!("2026-11-{day}T08:10:00Z"));
            app.tick().await;
            assert_eq!(app.mailbox().taken().len(), 2, "the coordinator's and Kenya's");
        }
        assert_eq!(stage.bouncing(&app).await, Value::Null);

        app.mailbox().fault(Fault::Later);
        for _ in 0..5 {
            let body = json!({ "user_id": stage.kamau.id.to_string(), "what": "password" });
            crate::letters::secured_by(&app, body).await;
        }
        for hour in 0..80 {
            let start: cybercap::kernel::time::Timestamp = "2026-12-01T08:00:00Z".parse().expect("an instant");
            app.parts.clock.set(start.plus_seconds(hour * 3600));
            app.tick().await;
        }
        app.at("2026-12-05T08:00:00Z");
        assert_eq!(stage.bouncing(&app).await["for_good"], false);
    }
}
