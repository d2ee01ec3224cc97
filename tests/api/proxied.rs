//! Behind proxies that we trust: guesses are counted, and logins noted, by the client's address and not by the proxy's.

use std::collections::BTreeSet;

use awc::http::Method;
use cybercap::config::Config;
use cybercap::platform::http::proxies::NamedIn;
use serde_json::json;

use crate::support::TestApp;
use crate::support::app::Answer;
use crate::support::doors::PASSWORD;

/// The test's own connections come from one proxy, behind others.
fn behind(config: &mut Config) {
    config.server.trusted_proxies = vec!["127.0.0.1".into(), "10.0.0.0/8".into()];
}

fn behind_forwarded(config: &mut Config) {
    behind(config);
    config.server.proxies_write = NamedIn::Forwarded;
}

/// A login that comes through the proxy with these headers.
async fn knock(app: &TestApp, headers: &[(&str, &str)], email: &str, password: &str) -> Answer {
    let headers = [headers, &[("content-type", "application/json")]].concat();
    let body = json!({ "email": email, "password": password }).to_string().into_bytes();
    app.anyone().send(Method::POST, "/auth/login", &headers, body).await
}

/// Logs Awa in through the proxy with these headers; the network that her list of sessions and the audit chain name.
async fn network(app: &TestApp, headers: &[(&str, &str)]) -> String {
    let opened = knock(app, headers, "awa@example.org", PASSWORD).await.expect(200);
    let awa = app.bearing(&opened.json["access_token"]);
    let sessions = awa.get("/me/sessions").await.expect(200);
    let own = sessions.json["items"].as_array().expect("sessions").iter().find(|s| s["current"] == true);
    let source = own.expect("this one")["source"].as_str().expect("a network").to_owned();
    let auditor =
        app.with_role(&app.unique("auditor"), cybercap::kernel::access::Role::Auditor, None, None).await;
    let noted = auditor.get("/audit-events?action=login.succeeded&limit=1").await.expect(200);
    assert_eq!(noted.json["items"][0]["via"], format!("login {source}"));
    source
}

on_both_databases! {
    with behind;

    async fn a_login_is_noted_with_the_clients_network(app: TestApp) {
        app.member("awa", &[]).await;
        for (told, wanted) in [
            ("198.51.100.7", "198.51.100.0/24"),
            ("203.0.113.9, 10.1.1.1", "203.0.113.0/24"),
            ("8.8.8.8, 203.0.113.9, 10.1.1.1, 10.2.2.2", "203.0.113.0/24"),
            ("8.8.8.8, 2001:db8:7:8::1, 10.1.1.1", "2001:db8:7::/48"),
            ("10.1.1.1", "10.1.1.0/24"),
        ] {
            assert_eq!(network(&app, &[("x-forwarded-for", told)]).await, wanted, "{told}");
        }
        let both = [("forwarded", "for=9.9.9.9"), ("x-forwarded-for", "203.0.113.9")];
        assert_eq!(network(&app, &both).await, "203.0.113.0/24", "the proxy passes `Forwarded` on as the client wrote it");
        assert_eq!(network(&app, &[]).await, "127.0.0.0/24", "nobody but the proxy itself");
    }

    async fn a_guesser_behind_the_proxy_is_held_back_alone_whatever_else_they_write(app: TestApp) {
        app.member("awa", &[]).await;
        let mut waits = BTreeSet::new();
        for n in 0..25 {
            let told = format!("8.8.{n}.8, 203.0.113.9, 10.1.1.{n}");
            let mine = format!("for=8.8.{n}.8");
            let headers = [("x-forwarded-for", told.as_str()), ("forwarded", mine.as_str())];
            let answer = knock(&app, &headers, &format!("account{n}@example.org"), "a guess in the dark").await.expect(401);
            if !answer.header("retry-after").is_empty() {
                waits.insert(n);
            }
        }
        assert_eq!(waits, (20..25).collect(), "twenty tries a minute for one network over all accounts");

        let spoofed = [("x-forwarded-for", "198.51.100.7, 203.0.113.9")];
        assert!(!knock(&app, &spoofed, "awa@example.org", PASSWORD).await.expect(401).header("retry-after").is_empty());
        knock(&app, &[("x-forwarded-for", "198.51.100.7")], "awa@example.org", PASSWORD).await.expect(200);
        knock(&app, &[], "awa@example.org", PASSWORD).await.expect(200);
    }
}

on_both_databases! {
    with behind_forwarded;

    async fn a_proxy_that_writes_forwarded_is_read_by_that_alone(app: TestApp) {
        app.member("awa", &[]).await;
        for (told, wanted) in [
            ("for=198.51.100.7;proto=https", "198.51.100.0/24"),
            ("for=8.8.8.8, For=\"203.0.113.9:4711\";proto=https, for=10.1.1.1", "203.0.113.0/24"),
            ("for=8.8.8.8, for=\"[2001:db8:7:8::1]:80\", for=10.1.1.1", "2001:db8:7::/48"),
            ("for=8.8.8.8, for=_hidden, for=10.1.1.1", "10.1.1.0/24"),
        ] {
            let headers = [("forwarded", told), ("x-forwarded-for", "9.9.9.9")];
            assert_eq!(network(&app, &headers).await, wanted, "{told}");
        }
        assert_eq!(network(&app, &[("x-forwarded-for", "9.9.9.9")]).await, "127.0.0.0/24");
    }
}
