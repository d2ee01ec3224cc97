//! Versions and keys: nobody overwrites what they did not read, and a retry does nothing twice.

use super::Visit;
use crate::access::World;
use crate::fitting::fit;
use crate::oracle::Named;
use crate::support::TestApp;
use crate::walk::{FILE, Operation};

const JSON: (&str, &str) = ("content-type", "application/json");

/// Whether the document says that the operation needs `If-Match`.
fn needs_version(operation: &Operation) -> bool {
    operation.described["responses"]["428"].is_object()
}

fn takes_key(operation: &Operation) -> bool {
    let parameters = operation.described["parameters"].as_array().cloned().unwrap_or_default();
    parameters.iter().any(|parameter| parameter["name"] == "Idempotency-Key")
}

on_both_databases! {
    async fn a_change_needs_the_version_that_was_read(app: TestApp) {
        let mut visit = Visit::of(&app).await;
        for operation in visit.operations(needs_version) {
            let body = visit.world.home.body(&operation).map(|body| body.to_string().into_bytes()).unwrap_or_default();
            let (query, body) = if operation.takes_file() { (FILE.0, FILE.1.to_vec()) } else { ("", body) };
            let typed: &[(&str, &str)] = if operation.json().is_some() { &[JSON] } else { &[] };
            let answer = visit.send(&operation, query, typed, body.clone()).await;
            visit.refused(&operation, &answer, 428, &[], "no If-Match");
            for stale in ["\"999999-en\"", "\"0\"", "\"x\"", "W/\"1-en\"", "1", ""] {
                let headers = [typed, &[("if-match", stale)]].concat();
                let answer = visit.send(&operation, query, &headers, body.clone()).await;
                visit.refused(&operation, &answer, 412, &[], &format!("If-Match: {stale}"));
            }
        }
        visit.end();
    }

    async fn a_record_that_did_not_change_is_not_sent_again(app: TestApp) {
        let mut visit = Visit::of(&app).await;
        let mut tagged = 0;
        let shown = |operation: &Operation| {
            operation.method == "GET" && operation.described.pointer("/responses/200/content/application~1json").is_some()
        };
        for operation in visit.operations(shown) {
            let first = visit.send(&operation, "", &[], vec![]).await;
            let tag = first.header("etag").to_owned();
            let told = operation.described["responses"]["304"].is_object();
            tagged += usize::from(told);
            // No letter exists in this world; the log keeps letters as they are, without versions. Whether a certificate is
            // valid is asked of the day.
            let unversioned = ["/letters/{id}", "/certificates/{number}"].contains(&operation.path.as_str());
            if told == tag.is_empty() || (operation.path.ends_with('}') && !told && !unversioned) {
                visit.find(&operation, format!("documents an ETag: {told}; answers {tag:?}"));
            }
            if !told {
                continue;
            }
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
        assert!(tagged >= 14, "only {tagged} records are documented with an ETag");
        visit.end();
    }

    async fn a_post_with_a_key_happens_once(app: TestApp) {
        let mut visit = Visit::of(&app).await;
        for (place, operation) in visit.operations(takes_key).into_iter().enumerate() {
            visit.world.furnish(&app, &operation).await;
            let named = if operation.holes() == 0 { Named::None } else { Named::Home };
            let fitted = fit(&app, &visit.world, &operation, visit.world.insider(&operation), named).await;
            let key = format!("walk-{place}");
            let keyed = ("idempotency-key", key.as_str());
            let headers: &[(&str, &str)] = if fitted.body.is_some() { &[JSON, keyed] } else { &[keyed] };
            let bytes = fitted.body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
            let first = visit.send_to(&operation, &fitted.path, headers, bytes.clone()).await;
            if first.status >= 300 {
                visit.find(&operation, format!("was refused: {} {}", first.status, first.text));
                continue;
            }
            let before = app.fingerprint();
            let second = visit.send_to(&operation, &fitted.path, headers, bytes.clone()).await;
            let same = first.status == second.status && first.text == second.text
                && ["location", "etag", "content-type"].iter().all(|name| first.header(name) == second.header(name));
            if !same || second.header("idempotency-replayed") != "true" || !first.header("idempotency-replayed").is_empty() {
                visit.find(&operation, format!("a retry: {} {} then {} {}", first.status, first.text, second.status, second.text));
            }
            let other = [bytes, b" ".to_vec()].concat();
            let third = visit.send_to(&operation, &fitted.path, headers, other).await;
            visit.refused(&operation, &third, 422, &[], "a key with another body");
            if third.code() != "idempotency_key_reused" {
                visit.find(&operation, format!("a key with another body: {}", third.text));
            }
            if before != app.fingerprint() {
                visit.find(&operation, "a retry left a trace");
            }
            if visit.world.is_worn_by(&operation, named, &fitted.path, first.status) {
                visit.world = World::build(&app).await;
            }
        }
        visit.end();
    }

    async fn a_key_that_is_none_is_refused(app: TestApp) {
        let mut visit = Visit::of(&app).await;
        let long = "k".repeat(256);
        for operation in visit.operations(takes_key) {
            let body = visit.world.home.body(&operation).map(|body| body.to_string().into_bytes());
            for bad in ["", "two words", long.as_str()] {
                let headers = [JSON, ("idempotency-key", bad)];
                let answer = visit.send(&operation, "", &headers, body.clone().unwrap_or_default()).await;
                visit.refused(&operation, &answer, 422, &["Idempotency-Key"], "a bad key");
            }
        }
        visit.end();
    }
}
