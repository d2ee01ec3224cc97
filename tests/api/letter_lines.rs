//! The line to the mail server: protected as it is set, or nothing is said on it.

use cybercap::config::Config;
use cybercap::platform::smtp::Protection;

use crate::letter_manners::forgetful;
use crate::support::TestApp;
use crate::support::line::{AUTHORITY, Guard};

fn set(config: &mut Config, security: Protection, host: &str, authority: &str) {
    config.mail.smtp.security = security;
    config.mail.smtp.host = host.into();
    config.mail.smtp.ca_file = authority.into();
}

/// The letter waits and no attempt is counted: nobody but the server is to blame.
async fn waits(app: &TestApp) {
    forgetful(app, &["awa@example.org".into()]).await;
    let report = app.tick().await;
    assert_eq!((report.sent, report.bounced, report.dead), (0, 0, 0), "{report:?}");
    assert!(report.channel_faults >= 1, "{report:?}");
    let admin = app.administrator().await;
    let log = admin.get("/letters?rule=U3").await.expect(200);
    let letter = &log.json["items"][0];
    assert_eq!(
        (letter["state"].as_str(), letter["attempts"].as_i64()),
        (Some("failed"), Some(0)),
        "{letter}"
    );
    assert_eq!(app.mailbox().taken(), []);
    let heard = app.mailbox().heard();
    let told = heard.iter().filter(|line| ["MAIL", "RCPT", "AUTH"].iter().any(|word| line.contains(word)));
    assert_eq!(told.count(), 0, "{heard:?}");
}

/// Goes out once the server can be trusted, and every word of it under TLS.
async fn goes_sealed(app: &TestApp) {
    app.at("2026-11-22T08:20:00Z");
    assert_eq!(app.tick().await.sent, 1);
    let heard = app.mailbox().heard();
    let mail: Vec<_> = heard.iter().filter(|line| line.contains("MAIL") || line.contains("RCPT")).collect();
    assert!(mail.len() == 2 && mail.iter().all(|line| line.starts_with("sealed ")), "{heard:?}");
}

#[actix_web::test]
async fn nothing_is_said_to_a_server_that_does_not_offer_starttls() {
    for app in TestApp::on_both(|config| set(config, Protection::Starttls, "localhost", AUTHORITY)).await {
        waits(&app).await;
        app.mailbox().guard(Guard::Starttls);
        goes_sealed(&app).await;
    }
}

#[actix_web::test]
async fn nothing_is_said_under_starttls_to_a_server_that_nobody_vouches_for() {
    for app in TestApp::on_both(|config| set(config, Protection::Starttls, "localhost", "")).await {
        app.mailbox().guard(Guard::Starttls);
        waits(&app).await;
    }
}

#[actix_web::test]
async fn nothing_is_said_to_a_server_whose_certificate_names_another_host() {
    for app in TestApp::on_both(|config| set(config, Protection::Starttls, "127.0.0.1", AUTHORITY)).await {
        app.mailbox().guard(Guard::Starttls);
        waits(&app).await;
    }
}

#[actix_web::test]
async fn nothing_is_said_to_a_server_that_speaks_in_the_clear_where_tls_is_set() {
    for app in TestApp::on_both(|config| set(config, Protection::Tls, "localhost", AUTHORITY)).await {
        waits(&app).await;
        app.mailbox().guard(Guard::Tls);
        goes_sealed(&app).await;
    }
}

#[actix_web::test]
async fn nothing_is_said_under_tls_to_a_server_that_nobody_vouches_for() {
    for app in TestApp::on_both(|config| set(config, Protection::Tls, "localhost", "")).await {
        app.mailbox().guard(Guard::Tls);
        waits(&app).await;
    }
}
