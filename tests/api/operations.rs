//! What operators ask a running server, and what only they may.

use crate::support::TestApp;

on_both_databases! {
    async fn a_probe_learns_that_the_server_is_alive_and_ready_and_when_it_stops(app: TestApp) {
        let anyone = app.anyone();
        assert_eq!(anyone.get("//livez").await.expect(200).text, "alive\n");
        assert_eq!(anyone.get("//readyz").await.expect(200).text, "ready\n");
        app.parts.health.stop();
        let stopping = anyone.get("//readyz").await.expect(503);
        assert_eq!(stopping.code(), "unavailable");
        assert!(!stopping.header("retry-after").is_empty());
        anyone.get("//livez").await.expect(200);
    }

    async fn numbers_name_routes_by_template_and_never_by_id(app: TestApp) {
        let someone = app.administrator().await;
        someone.get("/me").await.expect(200);
        let absent = "018f0000-0000-7000-8000-00000000dead";
        app.anyone().get(&format!("//problems/{absent}")).await.expect(404);
        let numbers = app.anyone().get("//metrics").await.expect(200).text;
        let counted = r#"cybercap_http_requests_total{method="GET",route="/api/v1/me",status="200"} 1"#;
        assert!(numbers.contains(counted), "{numbers}");
        assert!(numbers.contains(r#"cybercap_waiting{queue="events"}"#));
        assert!(!numbers.contains(absent), "an id became a label");
        assert!(!numbers.contains(&someone.email));
    }

    async fn numbers_are_not_for_those_who_come_through_a_proxy(app: TestApp) {
        let proxied = [("x-forwarded-for", "203.0.113.9")];
        let answer = app.anyone().send(awc::http::Method::GET, "//metrics", &proxied, Vec::new()).await;
        assert_eq!(answer.status, 404);
    }

    async fn the_api_pages_load_nothing_from_elsewhere(app: TestApp) {
        let page = app.anyone().get("//docs/").await.expect(200);
        let policy = page.header("content-security-policy").to_owned();
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
        for text in [&page.text, &app.anyone().get("//docs/swagger-initializer.js").await.expect(200).text] {
            assert!(!text.contains("http://") && !text.contains("https://"), "{text}");
        }
        let document = app.anyone().get("/openapi.json").await.expect(200);
        assert_eq!(document.json["info"]["title"], "cybercap");
        let elsewhere = document.header("content-security-policy").to_owned();
        assert_eq!(elsewhere, "default-src 'none'; frame-ancestors 'none'");
    }

    async fn only_bodies_worth_it_are_compressed(app: TestApp) {
        let gzip = [("accept-encoding", "gzip")];
        let small = app.anyone().send(awc::http::Method::GET, "//version", &gzip, Vec::new()).await;
        assert_eq!(small.header("content-encoding"), "");
        assert_eq!(small.json["name"], "cybercap");
        let plain = app.anyone().get("/openapi.json").await.expect(200);
        assert_eq!(plain.header("content-encoding"), "");
    }
}
