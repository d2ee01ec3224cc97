//! Query strings: strangers are named, values are checked, cursors belong to their list.

use super::Visit;
use crate::support::TestApp;

on_both_databases! {
    async fn an_unknown_parameter_is_refused_by_every_route(app: TestApp) {
        let mut visit = Visit::of(&app).await;
        for operation in visit.operations(|operation| operation.method == "GET") {
            let answer = visit.send(&operation, "?no_such_parameter=1", &[], vec![]).await;
            visit.refused(&operation, &answer, 422, &["no_such_parameter"], "unknown parameter");
            for name in operation.query() {
                if !answer.text.contains(&name) {
                    visit.find(&operation, format!("does not name its parameter {name}: {}", answer.text));
                }
            }
        }
        visit.end();
    }

    async fn every_list_checks_its_page(app: TestApp) {
        let mut visit = Visit::of(&app).await;
        for operation in visit.operations(|_| true) {
            if !operation.is_list(&visit.walk) {
                continue;
            }
            for bad in ["0", "-1", "201", "ten", "", "1e2", "99999999999999999999"] {
                let answer = visit.send(&operation, &format!("?limit={bad}"), &[], vec![]).await;
                visit.refused(&operation, &answer, 422, &["limit"], bad);
            }
            for bad in ["x", "AAAA", "%00", "01936f1e-7b7a-7c3d-9c55-0a6b8c1d2e3f"] {
                let answer = visit.send(&operation, &format!("?cursor={bad}"), &[], vec![]).await;
                visit.refused(&operation, &answer, 422, &["cursor"], bad);
            }
            let answer = visit.send(&operation, "?limit=1&limit=2", &[], vec![]).await;
            visit.refused(&operation, &answer, 422, &["limit"], "a parameter twice");
            let answer = visit.send(&operation, "?count=all", &[], vec![]).await;
            visit.refused(&operation, &answer, 422, &["count"], "count=all");
            let answer = visit.send(&operation, "?limit=200&count=exact", &[], vec![]).await;
            if answer.status != 200 || !answer.json["items"].is_array() || !answer.json["total"].is_number() {
                visit.find(&operation, format!("a counted page: {} {}", answer.status, answer.text));
            }
        }
        visit.end();
    }

    async fn a_cursor_belongs_to_its_list_its_filter_and_its_caller(app: TestApp) {
        let mut visit = Visit::of(&app).await;
        let mut tried = 0;
        for operation in visit.operations(|_| true) {
            if !operation.is_list(&visit.walk) {
                continue;
            }
            let first = visit.send(&operation, "?limit=1", &[], vec![]).await;
            let Some(cursor) = first.json["next"].as_str().map(str::to_owned) else { continue };
            tried += 1;
            if !first.header("link").contains("rel=\"next\"") {
                visit.find(&operation, "a next page without Link");
            }
            let second = visit.send(&operation, &format!("?limit=1&cursor={cursor}"), &[], vec![]).await;
            if second.status != 200 || second.json["items"] == first.json["items"] {
                visit.find(&operation, format!("the second page: {} {}", second.status, second.text));
            }
            let mut tampered = cursor.clone();
            tampered.insert(3, 'A');
            let answer = visit.send(&operation, &format!("?cursor={tampered}"), &[], vec![]).await;
            visit.refused(&operation, &answer, 422, &["cursor"], "a cursor that was tampered with");
            for name in operation.query().into_iter().filter(|name| name == "q" || name == "updated_since") {
                let value = if name == "q" { "other" } else { "2020-01-01T00:00:00Z" };
                let query = format!("?cursor={cursor}&{name}={value}");
                let answer = visit.send(&operation, &query, &[], vec![]).await;
                visit.refused(&operation, &answer, 422, &["cursor"], "a cursor of another filter");
            }
            let own = visit.world.insider(&operation).user.clone();
            let path = format!("{}?limit=1&cursor={cursor}", visit.world.home.path(&operation));
            let others: Vec<_> = visit.world.actors.iter().filter(|a| !a.user.is_empty() && a.user != own).collect();
            let mut foreign = Vec::new();
            for other in others {
                foreign.push(other.client.get(&path).await.status);
            }
            if foreign.contains(&200) {
                visit.find(&operation, "takes the cursor of another caller");
            }
        }
        assert!(tried > 0, "no list had two pages");
        visit.end();
    }

    async fn every_parameter_refuses_nonsense_or_finds_nothing(app: TestApp) {
        let mut visit = Visit::of(&app).await;
        for operation in visit.operations(|operation| operation.method == "GET") {
            for name in operation.query() {
                for value in ["%00", "%F0%9F%92%A9", "-1", "'%20OR%201=1--", "%25_%25", "2026-13-45", "a,,b", "%", "%ff"] {
                    let answer = visit.send(&operation, &format!("?{name}={value}"), &[], vec![]).await;
                    let absent = operation.path == "/calendar.ics" || operation.path == "/letters/{id}";
                    let fine = matches!(answer.status, 200 | 304 | 400 | 422) || (absent && answer.status == 404);
                    if !fine {
                        visit.find(&operation, format!("{name}={value}: {} {}", answer.status, answer.text));
                    }
                }
                let long = "x".repeat(4000);
                let answer = visit.send(&operation, &format!("?{name}={long}"), &[], vec![]).await;
                if !matches!(answer.status, 400 | 404 | 414 | 422) {
                    visit.find(&operation, format!("{name} takes 4,000 characters: {}", answer.status));
                }
            }
        }
        visit.end();
    }

    async fn a_format_that_nobody_offers_is_refused(app: TestApp) {
        let mut visit = Visit::of(&app).await;
        for operation in visit.operations(|operation| operation.method == "GET" && !operation.path.contains('.')) {
            let produced = operation.described["responses"]["200"]["content"].as_object().cloned().unwrap_or_default();
            if !produced.keys().any(|kind| kind.starts_with("application/json")) {
                continue;
            }
            let answer = visit.send(&operation, "", &[("accept", "application/vnd.no-such+thing")], vec![]).await;
            visit.refused(&operation, &answer, 406, &[], "an unknown format");
            let answer = visit.send(&operation, "", &[("accept", "text/html, */*;q=0.1")], vec![]).await;
            if answer.status == 406 {
                visit.find(&operation, format!("a browser's Accept: {} {}", answer.status, answer.text));
            }
        }
        visit.end();
    }
}
