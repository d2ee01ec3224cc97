//! Methods: what a path does not take is refused with what it takes.

use std::collections::BTreeSet;

use awc::http::Method;

use super::{Visit, unmannered};
use crate::support::TestApp;

/// Pages beside the API, and what they take.
const PAGES: &[(&str, &[&str])] = &[
    ("/", &["GET"]),
    ("/livez", &["GET"]),
    ("/readyz", &["GET"]),
    ("/metrics", &["GET"]),
    ("/version", &["GET"]),
    ("/problems/invalid", &["GET"]),
    ("/docs/", &["GET"]),
    ("/links/invitation", &["GET"]),
    ("/links/link.js", &["GET"]),
    ("/unsubscribe", &["GET", "POST"]),
    ("/.well-known/jwks.json", &["GET"]),
    ("/api/v1/openapi.json", &["GET"]),
];

on_both_databases! {
    async fn other_methods_hear_which_ones_are_taken(app: TestApp) {
        let mut visit = Visit::of(&app).await;
        let all: Vec<(String, String)> =
            visit.walk.operations.iter().map(|o| (o.method.clone(), o.path.clone())).collect();
        for operation in visit.operations(|_| true) {
            let path = visit.world.home.path(&operation);
            // A path with a word of its own is not the path with a hole in its place.
            let here = all.iter().filter(|(_, template)| *template == operation.path);
            let methods: &BTreeSet<String> = &here.map(|(method, _)| method.clone()).collect();
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"] {
                if methods.contains(method) {
                    continue;
                }
                let wanted = Method::from_bytes(method.as_bytes()).expect("a method");
                let answer = app.anyone().send(wanted, &path, &[], vec![]).await;
                visit.asked += 1;
                visit.check(&operation, &answer);
                let allowed: BTreeSet<String> =
                    answer.header("allow").split(',').map(|m| m.trim().to_owned()).filter(|m| m != "HEAD").collect();
                if answer.status != 405 || &allowed != methods {
                    let what = format!("{method}: {} Allow: {} {}", answer.status, answer.header("allow"), answer.text);
                    visit.find(&operation, what);
                }
            }
        }
        visit.end();
    }

    async fn the_words_of_imports_and_previews_are_no_ids(app: TestApp) {
        let admin = app.administrator().await;
        for (path, allow) in [("/programs/import", "POST"), ("/partners/KE/holidays/import", "POST"), ("/letters/preview", "GET, HEAD")] {
            for method in [Method::DELETE, Method::PATCH, Method::PUT, Method::OPTIONS] {
                let answer = admin.send(method.clone(), path, &[], vec![]).await;
                assert_eq!((answer.status, answer.header("allow")), (405, allow), "{method} {path}: {}", answer.text);
            }
        }
        for path in ["/programs/import", "/partners/KE/holidays/import"] {
            let answer = admin.get(path).await;
            assert_eq!((answer.status, answer.header("allow")), (405, "POST"), "GET {path}: {}", answer.text);
        }
    }

    async fn pages_beside_the_api_hear_which_methods_they_take_too(app: TestApp) {
        for (path, takes) in PAGES {
            for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"].into_iter().filter(|m| !takes.contains(m)) {
                let wanted = Method::from_bytes(method.as_bytes()).expect("a method");
                let answer = app.anyone().send(wanted, &format!("/{path}"), &[], vec![]).await;
                let allow: Vec<&str> = answer.header("allow").split(", ").filter(|m| *m != "HEAD").collect();
                assert_eq!((answer.status, allow.as_slice()), (405, *takes), "{method} {path}: {}", answer.text);
                // The pages of the documentation have a policy of their own.
                let mut findings = unmannered(&answer);
                findings.retain(|finding| !(path.starts_with("/docs") && finding.contains("content-security-policy")));
                assert_eq!(findings, Vec::<String>::new(), "{method} {path}");
            }
        }
    }

    async fn a_path_that_is_none_is_not_found_by_anyone(app: TestApp) {
        for path in ["/no-such-thing", "/programs/", "//api/v1", "//api/v2/me", "//api/v1//me", "/me/../me", "/%2e%2e/me"] {
            let answer = app.anyone().get(path).await;
            assert_eq!(answer.status, 404, "{path}: {}", answer.text);
            assert_eq!(unmannered(&answer), Vec::<String>::new(), "{path}");
        }
    }

    async fn a_request_keeps_the_id_its_client_gave_it(app: TestApp) {
        let anyone = app.anyone();
        for id in ["abc-123", "A_b.9", &"x".repeat(64)] {
            let answer = anyone.send(Method::GET, "/me", &[("x-request-id", id)], vec![]).await.expect(401);
            assert_eq!(answer.header("x-request-id"), id);
            assert_eq!(answer.json["request_id"], *id);
        }
        for bad in ["two words", "", "a;b", "<script>", &"x".repeat(65)] {
            let answer = anyone.send(Method::GET, "/me", &[("x-request-id", bad)], vec![]).await.expect(401);
            assert_eq!(answer.header("x-request-id").len(), 36, "{bad}");
        }
    }
}
