//! Letters: the right ones, to the right people, on their right day, once.

use cybercap::accounts::NewGrant;
use cybercap::kernel::access::Role;
use cybercap::kernel::id::UserId;
use cybercap::kernel::lang::Lang;
use cybercap::platform::outbox::{self, Event};
use serde::Serialize;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::mailbox::Fault;

/// An event as another slice records it.
#[derive(Clone, Serialize)]
#[serde(transparent)]
struct Body(Value);

macro_rules! events {
    ($($name:ident $kind:literal;)*) => { $(
        struct $name(Body);
        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
                self.0.serialize(out)
            }
        }
        impl Event for $name { const KIND: &'static str = $kind; }
    )* };
}

events! {
    Secured "user.secured";
    Granted "role.granted";
    Throttled "user.throttled";
    Forgotten "user.password_forgotten";
    AddressAsked "user.email_change_asked";
}

async fn record<E: Event + Send + 'static>(
    app: &TestApp,
    event: impl Fn(Body) -> E + Send + 'static,
    body: Value,
) {
    let write = app.parts.db.write(move |tx| outbox::enqueue(tx, &event(Body(body.clone()))));
    write.await.expect("the event is recorded");
}

/// Somebody asked for a new password.
pub async fn forgotten(app: &TestApp, body: Value) {
    record(app, Forgotten, body).await;
}

/// Something about an account's safety changed.
pub async fn secured_by(app: &TestApp, body: Value) {
    record(app, Secured, body).await;
}

async fn secured(app: &TestApp, who: UserId, what: &str) {
    record(app, Secured, json!({ "user_id": who.to_string(), "what": what })).await;
}

on_both_databases! {
    async fn a_new_device_is_told_to_its_owner_at_once_and_once(app: TestApp) {
        let kenya = app.focal_point_of("KE").await;
        app.focal_point_of("GH").await;
        secured(&app, kenya.id, "new_device").await;

        let report = app.tick().await;

        assert_eq!((report.planned, report.sent), (1, 1));
        let letters = app.mailbox().take();
        assert_eq!(letters.len(), 1);
        let letter = &letters[0];
        assert_eq!(letter.to, kenya.email);
        assert_eq!(letter.subject, "Login from a new device");
        assert!(letter.text.contains("If it was not you"), "{}", letter.text);
        assert!(letter.text.contains("Sunday, 22\u{a0}November 2026, 08:00 (UTC)"), "{}", letter.text);
        assert!(letter.html.contains("<h1"), "{}", letter.html);
        assert_eq!(letter.header("auto-submitted").as_deref(), Some("auto-generated"));
        assert_eq!(letter.header("list-unsubscribe"), None, "security letters can't be refused");
        assert!(letter.raw.len() < 30_000);
        app.tick().await;
        assert_eq!(app.mailbox().taken(), []);
    }

    async fn a_letter_speaks_the_language_of_its_reader(app: TestApp) {
        let grant = NewGrant { role: Role::FocalPoint, country: "SN".parse().ok(), program_id: None };
        let awa = app.person("awa", Lang::Fr, "Africa/Dakar", &[grant]).await;
        let body = json!({ "user_id": awa.id.to_string(), "role": "focal_point", "country": "SN", "program_id": null, "by": null });
        record(&app, Granted, body).await;

        app.tick().await;

        let letters = app.mailbox().take();
        assert_eq!(letters[0].subject, "Vous avez un nouveau rôle");
        assert!(letters[0].text.starts_with("Bonjour awa,"), "{}", letters[0].text);
        assert!(letters[0].text.contains("Rôle\u{a0}: point focal"), "{}", letters[0].text);
        assert_eq!(letters[0].header("content-language").as_deref(), Some("fr"));
        assert!(letters[0].html.contains("lang=\"fr\""));
    }

    async fn many_failed_logins_are_told_to_the_person_and_to_administrators(app: TestApp) {
        let boss = app.administrator().await;
        let kenya = app.focal_point_of("KE").await;
        record(&app, Throttled, json!({ "user_id": kenya.id.to_string() })).await;

        app.tick().await;

        let mut expected = vec![kenya.email.clone(), boss.email.clone()];
        expected.sort();
        assert_eq!(app.mailbox().taken().into_iter().map(|(to, _)| to).collect::<Vec<_>>(), expected);
    }

    async fn a_change_of_address_is_told_where_it_matters(app: TestApp) {
        let kenya = app.focal_point_of("KE").await;
        let link = app.parts.clock.new_id();
        let asked = json!({ "user_id": kenya.id.to_string(), "link_id": link.to_string(), "new_email": "new@example.net" });
        record(&app, AddressAsked, asked).await;
        app.tick().await;
        let letters = app.mailbox().take();
        assert_eq!(letters.len(), 1);
        assert_eq!(letters[0].to, "new@example.net");
        assert!(letters[0].text.contains("/links/email#"), "{}", letters[0].text);

        let done = json!({ "user_id": kenya.id.to_string(), "what": "email", "old_email": "old@example.net" });
        record(&app, Secured, done).await;
        app.tick().await;
        let to: Vec<String> = app.mailbox().taken().into_iter().map(|(to, _)| to).collect();
        assert_eq!(to, [kenya.email.clone(), "old@example.net".into()]);
    }

    async fn a_newer_link_for_a_password_voids_the_older_letter(app: TestApp) {
        let kenya = app.focal_point_of("KE").await;
        app.mailbox().fault(Fault::Later);
        let forgot = |link: uuid::Uuid| json!({ "user_id": kenya.id.to_string(), "link_id": link.to_string() });
        record(&app, Forgotten, forgot(app.parts.clock.new_id())).await;
        assert_eq!(app.tick().await.retried, 1);
        app.mailbox().fault(Fault::None);
        record(&app, Forgotten, forgot(app.parts.clock.new_id())).await;
        app.at("2026-11-22T10:00:00Z");
        app.tick().await;
        assert_eq!(app.mailbox().taken().len(), 1, "only the newer link is sent");
    }

    async fn a_letter_is_tried_five_times_more_and_then_lies_dead(app: TestApp) {
        let kenya = app.focal_point_of("KE").await;
        app.mailbox().fault(Fault::Later);
        secured(&app, kenya.id, "password").await;
        assert_eq!(app.tick().await.retried, 1);
        assert_eq!(app.tick().await, Default::default(), "not before its time");
        for (instant, dead) in [
            ("2026-11-22T08:02:00Z", false),
            ("2026-11-22T08:30:00Z", false),
            ("2026-11-22T11:00:00Z", false),
            ("2026-11-23T00:00:00Z", false),
            ("2026-11-25T00:00:00Z", true),
        ] {
            app.at(instant);
            let report = app.tick().await;
            assert_eq!((report.retried, report.dead), if dead { (0, 1) } else { (1, 0) }, "{instant}");
        }
        app.mailbox().fault(Fault::None);
        app.at("2026-11-28T00:00:00Z");
        app.tick().await;
        assert_eq!(app.mailbox().taken(), [], "what is dead stays dead until somebody sends it again");
    }

    async fn an_unknown_address_is_not_tried_again(app: TestApp) {
        let kenya = app.focal_point_of("KE").await;
        app.mailbox().fault(Fault::Unknown(kenya.email.clone()));
        secured(&app, kenya.id, "password").await;
        assert_eq!(app.tick().await.bounced, 1);
        app.mailbox().fault(Fault::None);
        secured(&app, kenya.id, "sessions").await;
        let report = app.tick().await;
        assert_eq!((report.sent, report.cancelled), (0, 1), "the address is suppressed");
    }

    async fn a_server_that_refuses_us_costs_no_letter_an_attempt(app: TestApp) {
        let kenya = app.focal_point_of("KE").await;
        app.mailbox().fault(Fault::Closed);
        for what in ["password", "sessions", "new_device"] {
            secured(&app, kenya.id, what).await;
        }
        let report = app.tick().await;
        assert!(report.channel_faults >= 1 && report.bounced == 0 && report.dead == 0, "{report:?}");
        app.mailbox().fault(Fault::None);
        assert_eq!(app.tick().await.sent, 0, "the channel rests");
        app.at("2026-11-22T08:20:00Z");
        assert_eq!(app.tick().await.sent, 3);
    }

    async fn a_letter_whose_fate_is_unknown_goes_once_more_under_the_same_id(app: TestApp) {
        let kenya = app.focal_point_of("KE").await;
        app.mailbox().fault(Fault::CutAfter);
        secured(&app, kenya.id, "password").await;
        assert_eq!(app.tick().await.retried, 1);
        app.mailbox().fault(Fault::None);
        app.at("2026-11-22T08:05:00Z");
        assert_eq!(app.tick().await.sent, 1);
        let letters = app.mailbox().take();
        assert_eq!(letters.len(), 2);
        assert_eq!(letters[0].id, letters[1].id);
        assert_eq!(letters[0].raw, letters[1].raw, "the second is the first again, byte for byte");
    }

    async fn a_slow_server_is_not_asked_twice_while_it_thinks(app: TestApp) {
        let kenya = app.focal_point_of("KE").await;
        app.mailbox().fault(Fault::Slow(std::time::Duration::from_millis(700)));
        secured(&app, kenya.id, "password").await;
        let (one, two) = futures_util::future::join(app.tick(), app.tick()).await;
        assert_eq!(one.sent + two.sent, 1);
        assert_eq!(app.mailbox().taken().len(), 1);
    }

    async fn two_workers_over_a_flaky_server_lose_nothing_and_send_nothing_twice(app: TestApp) {
        let mut people = Vec::new();
        for n in 0..20 {
            people.push(app.with_role(&format!("p{n}"), Role::FocalPoint, Some("KE"), None).await);
        }
        for person in &people {
            for _ in 0..10 {
                secured(&app, person.id, "password").await;
            }
        }
        app.mailbox().fault(Fault::Random);
        let mut clock: cybercap::kernel::time::Timestamp = crate::support::app::START.parse().expect("an instant");
        let (mut sent, mut dead, mut twice_unknown) = (0, 0, 0);
        for _ in 0..200 {
            let (one, two) = futures_util::future::join(app.tick(), app.tick()).await;
            sent += one.sent + two.sent;
            dead += one.dead + two.dead;
            twice_unknown += one.channel_faults + two.channel_faults;
            if sent + dead >= 200 {
                break;
            }
            clock = clock.plus_seconds(3600);
            app.parts.clock.set(clock);
        }
        let letters = app.mailbox().take();
        let mut ids: Vec<&str> = letters.iter().map(|l| l.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(sent + dead, 200, "none is lost");
        assert_eq!((ids.len(), letters.len()), (sent, sent), "none goes twice; {dead} dead, {twice_unknown} faults");
    }
}
