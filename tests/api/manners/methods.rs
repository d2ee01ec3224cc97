//! Methods: what a path does not take is refused with what it takes.

use std::collections::BTreeSet;

use awc::http::Method;

use super::{Visit, unmannered};
use crate::support::TestApp;

/// Whether a path is one of a template's.
fn stands_at(template: &str, path: &str) -> bool {
    let (template, path): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), path.split('/').collect());
    template.len() == path.len()
        && template.iter().zip(&path).all(|(t, p)| t == p || (t.starts_with('{') && t.ends_with('}')))
}

on_both_databases! {
    async fn other_methods_hear_which_ones_are_taken(app: TestApp) {
        let mut visit = Visit::of(&app).await;
        let all: Vec<(String, String)> =
            visit.walk.operations.iter().map(|o| (o.method.clone(), o.path.clone())).collect();
        for operation in visit.operations(|_| true) {
            let path = visit.world.home.path(&operation);
            let here = all.iter().filter(|(_, template)| stands_at(template, &path));
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
