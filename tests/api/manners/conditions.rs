//! Versions and keys: nobody overwrites what they did not read, and a retry does nothing twice.

use super::Visit;
use crate::support::TestApp;
use crate::walk::Operation;

const JSON: (&str, &str) = ("content-type", "application/json");

/// Whether the document says that the operation needs `If-Match`.
fn needs_version(operation: &Operation) -> bool {
    operation.described["responses"]["428"].is_object()
}

fn takes_key(operation: &Operation) -> bool {
    let public = operation.path.starts_with("/auth/");
    operation.method == "POST"
        && !public
        && !operation.described["responses"].as_object().is_none_or(|r| r.is_empty())
}

on_both_databases! {
    async fn a_change_needs_the_version_that_was_read(app: TestApp) {
        let mut visit = Visit::of(&app).await;
        for operation in visit.operations(needs_version) {
            let body = visit.world.home.body(&operation).map(|body| body.to_string().into_bytes()).unwrap_or_default();
            let typed: &[(&str, &str)] = if body.is_empty() { &[] } else { &[JSON] };
            let answer = visit.send(&operation, "", typed, body.clone()).await;
            visit.refused(&operation, &answer, 428, &[], "no If-Match");
            for stale in ["\"999999-en\"", "\"0\"", "\"x\"", "W/\"1-en\"", "1", ""] {
                let headers = [typed, &[("if-match", stale)]].concat();
                let answer = visit.send(&operation, "", &headers, body.clone()).await;
                visit.refused(&operation, &answer, 412, &[], &format!("If-Match: {stale}"));
            }
        }
        visit.end();
    }

    async fn a_record_that_did_not_change_is_not_sent_again(app: TestApp) {
        let mut visit = Visit::of(&app).await;
        let single = |operation: &Operation| {
            // No letter exists in this world; see letter_rules.rs.
            operation.method == "GET" && operation.path.ends_with('}') && operation.path != "/letters/{id}"
        };
        for operation in visit.operations(single) {
            let first = visit.send(&operation, "", &[], vec![]).await;
            let tag = first.header("etag").to_owned();
            if first.status != 200 || !tag.starts_with('"') {
                visit.find(&operation, format!("a record without a strong ETag: {} {tag:?}", first.status));
                continue;
            }
            for known in [tag.clone(), format!("\"other\", {tag}"), "*".into()] {
                let again = visit.send(&operation, "", &[("if-none-match", &known)], vec![]).await;
                if again.status != 304 || !again.text.is_empty() || again.header("etag") != tag {
                    visit.find(&operation, format!("If-None-Match {known}: {} {}", again.status, again.text));
                }
            }
            let other = visit.send(&operation, "", &[("if-none-match", "\"999999-en\"")], vec![]).await;
            if other.status != 200 {
                visit.find(&operation, format!("another version: {}", other.status));
            }
            let french = visit.send(&operation, "", &[("accept-language", "fr")], vec![]).await;
            if french.status == 200 && french.text != first.text && french.header("etag") == tag {
                visit.find(&operation, "one ETag for two languages");
            }
        }
        visit.end();
    }

    async fn a_post_with_a_key_happens_once(app: TestApp) {
        let mut visit = Visit::of(&app).await;
        let mut replayed = 0;
        for (place, operation) in visit.operations(takes_key).into_iter().enumerate() {
            let Some(body) = visit.world.home.body(&operation) else { continue };
            let key = format!("walk-{place}");
            let headers = [JSON, ("idempotency-key", key.as_str())];
            let bytes = body.to_string().into_bytes();
            let first = visit.send(&operation, "", &headers, bytes.clone()).await;
            if first.status >= 300 {
                continue;
            }
            replayed += 1;
            let before = app.fingerprint();
            let second = visit.send(&operation, "", &headers, bytes.clone()).await;
            let same = first.status == second.status && first.text == second.text
                && ["location", "etag", "content-type"].iter().all(|name| first.header(name) == second.header(name));
            if !same || second.header("idempotency-replayed") != "true" || !first.header("idempotency-replayed").is_empty() {
                visit.find(&operation, format!("a retry: {} {} then {} {}", first.status, first.text, second.status, second.text));
            }
            let other = [bytes, b" ".to_vec()].concat();
            let third = visit.send(&operation, "", &headers, other).await;
            visit.refused(&operation, &third, 422, &[], "a key with another body");
            if third.code() != "idempotency_key_reused" {
                visit.find(&operation, format!("a key with another body: {}", third.text));
            }
            if before != app.fingerprint() {
                visit.find(&operation, "a retry left a trace");
            }
            visit.world = crate::access::World::build(&app).await;
        }
        assert!(replayed > 0, "no POST succeeded");
        visit.end();
    }

    async fn a_key_that_is_none_is_refused(app: TestApp) {
        let mut visit = Visit::of(&app).await;
        let long = "k".repeat(256);
        for operation in visit.operations(takes_key) {
            let Some(body) = visit.world.home.body(&operation) else { continue };
            for bad in ["", "two words", long.as_str()] {
                let headers = [JSON, ("idempotency-key", bad)];
                let answer = visit.send(&operation, "", &headers, body.to_string().into_bytes()).await;
                visit.refused(&operation, &answer, 422, &["Idempotency-Key"], "a bad key");
            }
        }
        visit.end();
    }
}
