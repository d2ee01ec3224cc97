//! How letters leave: not too many at a time, not too fast, counted, and not to addresses that refuse them.

use std::time::Duration;

use futures_util::future::join;
use serde_json::json;

use crate::letter_rules::{about, program};
use crate::support::mailbox::Fault;
use crate::support::{Person, TestApp};

/// People at these addresses, each with a letter that is due: somebody asked for a new password.
async fn forgetful(app: &TestApp, addresses: &[String]) -> Vec<Person> {
    let mut people = Vec::new();
    for address in addresses {
        people.push(app.person(address, cybercap::kernel::lang::Lang::En, "UTC", &[]).await);
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
